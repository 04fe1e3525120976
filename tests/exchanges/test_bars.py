"""webctp.exchanges.bars: where bars begin and end."""

from datetime import date, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.exchanges.bars import bar_of, bars_of, period_minutes
from webctp.exchanges.calendar import default as calendar
from webctp.exchanges.productfile import default
from webctp.exchanges.products import Product
from webctp.exchanges.sessions import is_open, segments

PRODUCTS = st.sampled_from(list(default().values()))
DAYS = st.sampled_from(calendar().trading_days(2026) + calendar().trading_days(2027)[:-1])
PERIODS = st.sampled_from(["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "1d"])
MOMENTS = st.datetimes(datetime(2026, 1, 5), datetime(2027, 12, 29))


class PeriodTests(SynchronousTestCase):
    """The spelling of periods."""

    def test_periods(self) -> None:
        found = [period_minutes(period) for period in ("1m", "15m", "2h", "1d")]
        self.assertEqual(found, [1, 15, 120, 0])

    def test_what_is_none(self) -> None:
        for period in ("", "m", "0m", "1", "1s", "2d", "-1m", "1.5h", "1M", "9999m", "１m"):
            with self.subTest(period=period):
                error = self.assertRaises(ValueError, period_minutes, period)
                self.assertIn("is no period; write minutes", str(error))


class BarTests(SynchronousTestCase):
    """Bars of ticks."""

    def bar(self, moment: str, period: str, product_id: str = "au") -> str:
        """Return the bar of a tick as text."""
        found = bar_of(default()[product_id], datetime.fromisoformat(moment), period)
        return f"{found[0]:%d %H:%M} {found[1]:%d %H:%M}" if found else "none"

    def test_minutes(self) -> None:
        for moment, wanted in {
            "2026-11-27T20:59:00": "27 21:00 27 21:01",  # the auction's trades
            "2026-11-27T21:00:59.5": "27 21:00 27 21:01",
            "2026-11-27T21:01:00": "27 21:01 27 21:02",
            "2026-11-28T02:29:59.5": "28 02:29 28 02:30",
            "2026-11-28T02:30:00.5": "28 02:29 28 02:30",  # told just after the end
            "2026-11-28T02:31:00": "none",
            "2026-11-30T10:15:00": "30 10:14 30 10:15",
            "2026-11-30T10:20:00": "none",
            "2026-11-30T15:00:00.5": "30 14:59 30 15:00",
            "2026-11-30T15:15:00": "none",
            "2026-11-29T12:00:00": "none",
        }.items():
            with self.subTest(moment=moment):
                self.assertEqual(self.bar(moment, "1m"), wanted)

    def test_longer_bars_run_over_breaks_but_not_from_night_to_day(self) -> None:
        for moment, period, wanted in [
            ("2026-11-30T10:05:00", "1h", "30 10:00 30 11:15"),
            ("2026-11-30T10:40:00", "1h", "30 10:00 30 11:15"),
            ("2026-11-30T13:30:00", "1h", "30 11:15 30 14:15"),
            ("2026-11-30T14:59:00", "1h", "30 14:15 30 15:00"),
            ("2026-11-28T02:10:00", "1h", "28 02:00 28 02:30"),
            ("2026-11-30T10:15:00.5", "15m", "30 10:00 30 10:15"),
            ("2026-11-30T10:30:00", "15m", "30 10:30 30 10:45"),
            ("2026-11-30T14:00:00", "1d", "27 21:00 30 15:00"),
            ("2026-11-27T23:00:00", "1d", "27 21:00 30 15:00"),
        ]:
            with self.subTest(moment=moment, period=period):
                self.assertEqual(self.bar(moment, period), wanted)

    def test_hours_of_a_day(self) -> None:
        found = bars_of(default()["IF"], date(2026, 11, 30), "1h")
        self.assertEqual(
            [f"{start:%H:%M}-{end:%H:%M}" for start, end in found],
            ["09:30-10:30", "10:30-11:30", "13:00-14:00", "14:00-15:00"],
        )

    @settings(deadline=None)
    @given(PRODUCTS, MOMENTS, PERIODS)
    def test_every_traded_moment_has_its_bar(
        self, product: Product, moment: datetime, period: str
    ) -> None:
        found = bar_of(product, moment, period)
        if is_open(product, moment):
            assert found is not None
            self.assertTrue(found[0] <= moment < found[1])
        if found is not None:
            trading_day = calendar().trading_day_of(moment)
            self.assertIn(found, bars_of(product, trading_day, period))

    @settings(deadline=None)
    @given(PRODUCTS, DAYS, PERIODS)
    def test_bars_cover_the_day_without_overlap(
        self, product: Product, day: date, period: str
    ) -> None:
        bars = bars_of(product, day, period)
        parts = segments(product, day)
        self.assertEqual((bars[0][0], bars[-1][1]), (parts[0].start, parts[-1].end))
        for start, end in bars:
            self.assertEqual(bar_of(product, start, period), (start, end))
        for before, after in pairwise(bars):
            self.assertLessEqual(before[1], after[0])
            # Between two bars nothing is traded.
            self.assertFalse(
                any(s.start < after[0] and before[1] < s.end for s in parts)
                and before[1] != after[0]
            )
