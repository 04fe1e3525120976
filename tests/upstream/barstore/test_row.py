"""webctp.upstream.barstore.row: longer bars are made of minutes as live ones are of ticks."""

from datetime import datetime, timedelta

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.barstore.row import BarRow, longer, moment_of, seconds_of


def minute(time: str, price: float, volume: int, *, high: float = 0, low: float = 0) -> BarRow:
    """A minute of rb2701 or another on the 23rd of November 2026, its turnover ten a lot."""
    begin = datetime.fromisoformat(f"2026-11-23T{time}")
    return BarRow(
        seconds_of(begin),
        seconds_of(begin + timedelta(minutes=1)),
        "20261123",
        "SHFE",
        price,
        high or price,
        low or price,
        price,
        volume,
        volume * 10.0,
        100.0 + volume,
    )


def begins(rows: list[BarRow]) -> list[str]:
    """When bars begin."""
    return [f"{moment_of(row.begin):%H:%M}" for row in rows]


class Longer(SynchronousTestCase):
    """Bars of minutes put together."""

    def test_the_figures(self) -> None:
        rows = [
            minute("09:00", 10.0, 2, high=12.0),
            minute("09:01", 9.0, 3, low=8.0),
            minute("09:04", 11.0, 1),
            minute("09:05", 5.0, 1),
        ]
        first, second = longer("rb2701", rows, "5m")
        self.assertEqual(begins([first, second]), ["09:00", "09:05"])
        self.assertEqual((first.open, first.high, first.low, first.close), (10.0, 12.0, 8.0, 11.0))
        self.assertEqual((first.volume, first.turnover, first.open_interest), (6, 60.0, 101.0))
        self.assertEqual(moment_of(first.end), datetime(2026, 11, 23, 9, 5))

    def test_a_minute_without_a_trade_opens_nothing(self) -> None:
        (bar,) = longer("rb2701", [minute("09:00", 20.0, 0), minute("09:01", 10.0, 1)], "5m")
        self.assertEqual((bar.open, bar.high, bar.low, bar.close), (10.0, 10.0, 10.0, 10.0))
        (bar,) = longer("rb2701", [minute("09:00", 20.0, 0), minute("09:01", 10.0, 0)], "5m")
        self.assertEqual((bar.open, bar.high, bar.low, bar.close), (20.0, 20.0, 10.0, 10.0))

    def test_an_hour_runs_over_the_break_and_not_over_noon(self) -> None:
        rows = [minute(one, 1.0, 1) for one in ("10:00", "10:14", "10:30", "10:45", "13:30")]
        # 09:00 to 10:00, 10:00 to 11:15, 11:15 to 13:45 (half an hour of it at noon's other side).
        self.assertEqual(begins(longer("rb2701", rows, "1h")), ["10:00", "11:15"])

    def test_it_goes_on_from_bars_that_are_made(self) -> None:
        rows = [minute(f"09:{one:02}", float(one + 1), 1) for one in range(12)]
        whole = longer("rb2701", rows, "5m")
        for cut in range(len(rows)):
            with self.subTest(cut=cut):
                before = longer("rb2701", rows[:cut], "5m")
                self.assertEqual(longer("rb2701", rows[cut:], "5m", before), whole)

    def test_an_unknown_product_goes_by_natural_time(self) -> None:
        rows = [minute("03:07", 1.0, 1), minute("03:14", 1.0, 1), minute("03:15", 1.0, 1)]
        self.assertEqual(begins(longer("zz9999", rows, "15m")), ["03:00", "03:15"])
