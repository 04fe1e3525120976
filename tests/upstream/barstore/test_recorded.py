"""webctp.upstream.barstore.recorded: bars of recordings equal the live ones."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import binding
from webctp.recording.rows import TICK, Tick
from webctp.upstream.barstore.recorded import RecordedBars, previous_day
from webctp.upstream.barstore.row import BarRow, SeriesKey, moment_of

LAYOUT = binding.load().market_codec.layout(TICK)


class Said(NamedTuple):
    """One tick of a made-up day, and when it came."""

    received: datetime
    stamp: datetime
    trading_day: str
    price: float
    volume: int
    high: float
    low: float
    open: float
    settlement: float = 0.0

    def fields(self, instrument: str = "rb2701") -> dict[str, object]:
        """What the tick says."""
        return {
            "InstrumentID": instrument,
            "ExchangeID": "SHFE",
            "TradingDay": self.trading_day,
            "ActionDay": f"{self.stamp:%Y%m%d}",
            "UpdateTime": f"{self.stamp:%H:%M:%S}",
            "UpdateMillisec": self.stamp.microsecond // 1000,
            "LastPrice": self.price,
            "OpenPrice": self.open,
            "HighestPrice": self.high,
            "LowestPrice": self.low,
            "Volume": self.volume,
            "Turnover": self.volume * 10.0,
            "OpenInterest": 1000.0 + self.volume % 7,
            "PreSettlementPrice": 3000.0,
            "SettlementPrice": self.settlement,
        }


def a_day(seed: int) -> list[Said]:
    """Ticks of a night and a day of rb2701, some late, with the settlement price at the end."""
    chance = Random(seed)
    price = opened = high = low = 3100.0
    volume, told = 0, list[Said]()
    sessions = (
        ("2026-11-20T20:59:00", "2026-11-20T23:00:00"),
        ("2026-11-23T09:00:00", "2026-11-23T10:15:00"),
        ("2026-11-23T10:30:00", "2026-11-23T11:30:00"),
        ("2026-11-23T13:30:00", "2026-11-23T15:00:00"),
    )
    for begins, ends in sessions:
        at, end = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
        while at < end:
            volume += chance.choice((0, 0, 1, 2, 5))
            price += chance.choice((-1.0, 0.0, 0.0, 1.0))
            if not told and not volume:
                volume = 1
            high, low = max(high, price), min(low, price)
            late = timedelta(seconds=chance.choice((0.02, 0.02, 0.02, 3.0)))
            told.append(Said(at + late, at, "20261123", price, volume, high, low, opened))
            at += timedelta(milliseconds=500 * chance.randrange(1, 60))
        told.append(Said(end, end, "20261123", price, volume, high, low, opened))
    close = datetime(2026, 11, 23, 15, 0, 1)
    last = told[-1]._replace(received=close + timedelta(minutes=20), settlement=3099.0)
    told.sort(key=lambda one: one.received)
    return [*told, last._replace(stamp=close)]


def as_tick(said: Said, instrument: str = "rb2701") -> Tick:
    """A tick as a recording has it."""
    received = (said.received - datetime(1970, 1, 1, 8)) // timedelta(microseconds=1) * 1000
    return Tick(received, LAYOUT.pack(said.fields(instrument)))


def bars_of(ticks: Sequence[Tick]) -> Iterator[tuple[SeriesKey, BarRow]]:
    """The bars of a recording."""
    recorded = RecordedBars(LAYOUT)
    for tick in ticks:
        yield from recorded.tick(tick)
    yield from recorded.end()


class Days(SynchronousTestCase):
    """A day with its night."""

    def setUp(self) -> None:
        self.told = a_day(7)
        self.bars = list(bars_of([as_tick(one) for one in self.told]))
        self.minutes = [row for key, row in self.bars if key.period == "1m"]
        self.day = [row for key, row in self.bars if key.period == "1d"][-1]

    def test_minutes_hold_what_the_day_holds(self) -> None:
        last = self.told[-1]
        self.assertEqual(sum(row.volume for row in self.minutes), last.volume)
        self.assertEqual(max(row.high for row in self.minutes), last.high)
        self.assertEqual(min(row.low for row in self.minutes), last.low)
        self.assertEqual({row.trading_day for row in self.minutes}, {"20261123"})

    def test_the_ends_of_sessions(self) -> None:
        ends = {f"{moment_of(row.end):%d %H:%M}" for row in self.minutes}
        self.assertLessEqual({"20 23:00", "23 10:15", "23 11:30", "23 15:00"}, ends)
        begins = [f"{moment_of(row.begin):%d %H:%M}" for row in self.minutes]
        self.assertEqual(begins[0], "20 21:00")  # the auction's tick belongs to the first minute
        for none in ("20 23:00", "23 10:15", "23 11:30", "23 15:00"):
            self.assertNotIn(none, begins)

    def test_the_day_reaches_from_the_night_to_the_close(self) -> None:
        last = self.told[-1]
        self.assertEqual(f"{moment_of(self.day.begin)}", "2026-11-20 21:00:00")
        self.assertEqual(f"{moment_of(self.day.end)}", "2026-11-23 15:00:00")
        self.assertEqual(
            (self.day.open, self.day.high, self.day.low, self.day.close, self.day.volume),
            (last.open, last.high, last.low, last.price, last.volume),
        )

    def test_settlement_prices(self) -> None:
        recorded = RecordedBars(LAYOUT)
        for one in self.told:
            list(recorded.tick(as_tick(one)))
        self.assertEqual(
            sorted(recorded.settlements()),
            [("rb2701", "20261120", 3000.0), ("rb2701", "20261123", 3099.0)],
        )
        self.assertEqual(previous_day("20261123"), "20261120")


class Cut(SynchronousTestCase):
    """Recordings that begin or end in the middle of a minute."""

    def test_only_whole_minutes(self) -> None:
        told = [one for one in a_day(3) if one.stamp.day == 23]
        whole = {
            row.begin: row
            for key, row in bars_of([as_tick(one) for one in a_day(3)])
            if key.period == "1m"
        }
        for first, last in ((5, 60), (17, 90), (40, 200)):
            found = [
                row
                for key, row in bars_of([as_tick(one) for one in told[first:last]])
                if key.period == "1m"
            ]
            self.assertGreater(len(found), 3)
            self.assertEqual(found, [whole[row.begin] for row in found])

    def test_instruments_are_apart(self) -> None:
        ticks = [as_tick(one, name) for one in a_day(5) for name in ("rb2701", "rb2705")]
        found = list(bars_of(ticks))
        apart = [
            [row for key, row in found if key.instrument_id == one] for one in ("rb2701", "rb2705")
        ]
        self.assertEqual(apart[0], apart[1])
        self.assertGreater(len(apart[0]), 300)
