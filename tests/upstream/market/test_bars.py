"""webctp.upstream.market.bars: bars from ticks, each closed once."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from twisted.internet.task import Clock
from twisted.logger import ILogObserver, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import catalog
from webctp.ctp.codec import DBL_MAX, codec_for
from webctp.exchanges import calendar
from webctp.gateway.websocket.flushing import FlushingReactor
from webctp.upstream.market.bars import Bar, BarMaker, BarMakers
from webctp.upstream.market.subscriptions import Subscription
from webctp.upstream.market.ticks import Moments, product_of

LAYOUT = codec_for(catalog.market_data().module).layout("CThostFtdcDepthMarketDataField")


class FrontClock:
    """A front's time, set by each tick and running on with the reactor's clock."""

    def __init__(self, clock: Clock, speed: float = 1.0) -> None:
        self._clock = clock
        self.speed = speed
        self.set(datetime(2026, 11, 23, 8))

    def set(self, moment: datetime) -> None:
        """Let it be ``moment``, in China."""
        self._moment, self._at = moment, self._clock.seconds()

    def clock(self) -> int:
        """Of ``FrontTime``."""
        gone = timedelta(seconds=(self._clock.seconds() - self._at) * (self.speed or 1.0))
        since = self._moment + gone - datetime(1970, 1, 1, 8)
        return since // timedelta(microseconds=1) * 1000


class Listener:
    """Writes down what one instrument's bars do."""

    def __init__(self, case: "BarCase") -> None:
        self._case = case

    def grown(self, bar: Bar) -> None:
        """Of ``BarListener``."""
        self._case.grown.append((bar.instrument_id, bar.close, bar.volume))

    def closed(self, bar: Bar) -> None:
        """Of ``BarListener``."""
        self._case.closed.append(bar)


class BarCase(SynchronousTestCase):
    """A maker, and what it told."""

    period = "1m"
    day = "20261123"
    speed = 1.0

    def setUp(self) -> None:
        self.clock = Clock()
        self.grown: list[tuple[str, float, int]] = []
        self.closed: list[Bar] = []
        self.flushed: list[int] = []
        """How many bars were closed at each flush."""
        self.front = FrontClock(self.clock, self.speed)
        moments = Moments(calendar.default())
        clock = FlushingReactor(self.clock, self.flush)
        self.maker = BarMaker(clock, LAYOUT, self.period, self.front, moments)

    def tearDown(self) -> None:
        self.maker.close()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def flush(self) -> None:
        self.flushed.append(len(self.closed))

    def tick(
        self,
        time: str,
        price: float,
        volume: int,
        name: str = "rb2701",
        received: str = "",
        **values: Any,
    ) -> None:
        """Take a tick; ``received`` is the day and time at the front, where its own is not."""
        body = {
            "InstrumentID": name,
            "TradingDay": self.day,
            "ActionDay": self.day,
            "UpdateTime": time,
            "LastPrice": price,
            "Volume": volume,
            "Turnover": volume * 10.0,
            "OpenInterest": 100.0,
            **values,
        }
        if time:
            told = received or f"{body['ActionDay'] or body['TradingDay']} {time}"
            if told.startswith("2"):
                self.front.set(datetime.strptime(told, "%Y%m%d %H:%M:%S"))
        self.maker.watch(name.encode(), Listener(self))
        self.maker.tick(name.encode(), LAYOUT.pack(body))

    def told(self) -> list[tuple[str, float, float, float, float, int]]:
        """The closed bars."""
        return [
            (f"{bar.span.start:%H:%M}", bar.open, bar.high, bar.low, bar.close, bar.volume)
            for bar in self.closed
        ]

    def current(self, name: str = "rb2701") -> Bar:
        bar = self.maker.current(name.encode())
        assert bar is not None
        return bar


class Minutes(BarCase):
    """Bars of a minute, of a product that is known."""

    def test_a_bar_holds_its_ticks(self) -> None:
        self.tick("10:00:59", 9.0, 100)
        for second, price, volume in (
            (0, 10.0, 103),
            (1, 12.0, 104),
            (2, 8.0, 110),
            (3, 11.0, 110),
        ):
            self.tick(f"10:01:{second:02}", price, volume)
        bar = self.current()
        self.assertEqual(
            (bar.open, bar.high, bar.low, bar.close, bar.volume, bar.turnover, bar.open_interest),
            (10.0, 12.0, 8.0, 11.0, 10, 100.0, 100.0),
        )
        self.assertEqual((bar.instrument_id, bar.exchange_id), ("rb2701", "SHFE"))
        self.assertEqual(bar.span.end - bar.span.start, timedelta(minutes=1))
        self.assertEqual(self.grown[-1], ("rb2701", 11.0, 10))

    def test_the_first_tick_of_the_next_closes_it(self) -> None:
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.assertEqual(self.closed, [])
        self.tick("10:02:00", 11.0, 105)
        self.assertEqual(self.told(), [("10:01", 10.0, 10.0, 10.0, 10.0, 3)])
        self.assertTrue(self.closed[0].closed)
        self.assertEqual(self.current().volume, 2)

    def test_or_the_clock_does_once(self) -> None:
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:30", 10.0, 103)
        self.clock.advance(31)
        self.assertEqual(self.closed, [])
        self.clock.advance(1.5)
        self.assertEqual(len(self.closed), 1)
        self.assertEqual(self.flushed, [1])
        self.tick("10:02:40", 11.0, 105)
        self.tick("10:03:00", 11.0, 105)
        self.assertEqual([bar.volume for bar in self.closed], [3, 2])

    def test_or_the_ticks_of_another_instrument(self) -> None:
        for name in ("rb2701", "rb2705"):
            self.tick("10:00:59", 9.0, 100, name)
            self.tick("10:01:30", 10.0, 103, name)
        self.tick("10:02:01", 10.0, 103, "rb2705")
        self.clock.advance(0)
        self.assertEqual([bar.instrument_id for bar in self.closed], ["rb2705"])
        self.tick("10:02:05", 10.0, 103, "rb2705")
        self.clock.advance(0)
        self.assertEqual([bar.instrument_id for bar in self.closed], ["rb2705", "rb2701"])

    def test_many_that_are_over_at_once_are_closed_a_few_at_a_time(self) -> None:
        names = [f"rb{number:04}" for number in range(1000)]
        for time, volume in (("10:00:59", 100), ("10:01:30", 103)):
            for name in names:
                self.tick(time, 9.0, volume, name)
        self.clock.advance(62)
        self.assertCountEqual([bar.instrument_id for bar in self.closed], names)
        turns = [now - before for before, now in pairwise([0, *self.flushed])]
        self.assertEqual(sum(turns), 1000)
        self.assertLessEqual(max(turns), 250)

    def test_a_late_tick_changes_no_closed_bar(self) -> None:
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:30", 10.0, 103)
        self.tick("10:02:00", 11.0, 105)
        self.tick("10:01:59", 99.0, 106)
        self.tick("10:02:01", 11.0, 107)
        self.assertEqual(self.current().high, 11.0)
        self.assertEqual(len(self.closed), 1)
        # What it told of the volume is not lost.
        self.assertEqual(self.current().volume, 4)

    def test_until_somebody_trades_the_old_price_stands(self) -> None:
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 9.0, 100)
        self.assertEqual((self.current().open, self.current().volume), (9.0, 0))
        self.tick("10:01:30", 10.0, 101)
        self.tick("10:01:31", 10.5, 102)
        bar = self.current()
        self.assertEqual((bar.open, bar.high, bar.low), (10.0, 10.5, 10.0))

    def test_the_days_first_bar_is_told_by_the_tick(self) -> None:
        self.day = "20261124"
        night: dict[str, Any] = {
            "ActionDay": "20261123",
            "OpenPrice": 7.0,
            "HighestPrice": 8.0,
            "LowestPrice": 6.0,
        }
        self.tick("20:59:00", 7.0, 5, **night)
        self.tick("21:00:01", 7.5, 9, **night)
        bar = self.current()
        self.assertEqual((bar.open, bar.high, bar.low, bar.close), (7.0, 8.0, 6.0, 7.5))
        self.assertEqual((bar.volume, bar.turnover), (9, 90.0))
        self.assertEqual(bar.span.start, datetime(2026, 11, 23, 21, 0))

    def test_the_days_first_trades_are_told_by_the_tick_whenever_they_come(self) -> None:
        self.tick("15:00:00", 9.0, 900, TradingDay="20261120", ActionDay="20261120")
        early: dict[str, Any] = {"OpenPrice": 10.0, "HighestPrice": 12.0, "LowestPrice": 9.0}
        self.tick("09:07:10", 11.0, 6, **early)
        self.tick("09:07:20", 11.0, 7, **(early | {"HighestPrice": 13.0}))
        bar = self.current()
        self.assertEqual((bar.open, bar.high, bar.low, bar.volume), (10.0, 13.0, 9.0, 7))
        self.tick("09:08:00", 11.0, 8, **(early | {"HighestPrice": 13.0}))
        bar = self.current()
        self.assertEqual((bar.open, bar.high, bar.low, bar.volume), (11.0, 11.0, 11.0, 1))

    def test_the_last_ticks_of_a_session_belong_to_its_last_bar(self) -> None:
        self.tick("14:59:58", 9.0, 100)
        self.tick("14:59:59", 9.5, 101)
        self.tick("15:00:01", 10.0, 105)
        self.assertEqual((self.current().close, self.current().volume), (10.0, 5))
        self.clock.advance(60)
        self.assertEqual(self.closed, [])
        self.clock.advance(10)
        self.assertEqual([bar.volume for bar in self.closed], [5])

    def test_outside_the_sessions_there_are_none(self) -> None:
        self.tick("12:00:00", 9.0, 100)
        self.tick("12:00:01", 9.5, 100)
        self.assertIsNone(self.maker.current(b"rb2701"))

    def test_but_where_somebody_trades_all_the_same(self) -> None:
        self.day = "20261124"
        night = {"ActionDay": "20261124"}  # a market that never closes
        self.tick("03:00:58", 9.0, 100, **night)
        self.tick("03:00:59", 9.5, 101, **night)
        self.tick("03:01:00", 9.5, 101, **night)
        self.tick("03:01:30", 9.0, 104, **night)
        self.assertEqual(self.told(), [("03:00", 9.5, 9.5, 9.5, 9.5, 1)])
        self.assertEqual((self.current().close, self.current().volume), (9.0, 3))
        self.clock.advance(32)
        self.assertEqual(len(self.closed), 2)

    def test_an_old_tick_told_on_subscribing_makes_none(self) -> None:
        self.tick("15:00:00", 9.0, 0)
        self.assertEqual((self.grown, self.closed), ([], []))
        # Between settlement and opening fronts tell the old time with the new day.
        self.day = "20261124"
        self.maker.pause()
        self.tick("15:00:00", 9.0, 0)
        self.tick("21:00:00", 9.0, 1, ActionDay="20261123", OpenPrice=9.0)
        self.assertEqual(self.current().span.start, datetime(2026, 11, 23, 21, 0))

    def test_an_old_tick_with_the_new_day_makes_none(self) -> None:
        self.tick("14:59:59", 9.0, 100)
        self.day = "20261124"
        for _ in range(2):
            self.tick("15:00:00", 9.0, 0)
        self.assertEqual(self.closed, [])
        self.clock.advance(100)
        self.tick("21:00:00", 9.0, 1, ActionDay="20261123", OpenPrice=9.0)
        self.assertEqual(self.current().span.start, datetime(2026, 11, 23, 21, 0))

    def test_an_outage_within_a_bar(self) -> None:
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.maker.pause()
        self.tick("10:01:00", 10.0, 103)
        self.tick("10:01:20", 10.0, 109)
        self.assertEqual(self.current().volume, 9)

    def test_the_same_tick_twice(self) -> None:
        body = LAYOUT.pack(
            {"InstrumentID": "rb2701", "TradingDay": self.day, "UpdateTime": "10:00:00"}
        )
        self.tick("10:00:59", 9.0, 100)
        self.maker.tick(b"rb2701", body)
        grown = len(self.grown)
        self.maker.tick(b"rb2701", body)
        self.assertEqual(len(self.grown), grown)

    def test_nothing_to_go_by(self) -> None:
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", DBL_MAX, 100)
        self.tick("", 9.0, 100)
        self.tick("10:01:00", 9.0, 100, TradingDay="none")
        self.assertIsNone(self.maker.current(b"rb2701"))

    def test_what_nobody_wants_is_forgotten(self) -> None:
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 9.0, 101)
        self.maker.forget(b"rb2701")
        self.maker.forget(b"rb2701")
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.clock.advance(100)
        self.assertEqual(self.closed, [])

    def test_a_night_by_whichever_date_it_is_told(self) -> None:
        """DCE repeats the trading day; CZCE may give the day by the clock twice."""
        self.day = "20261123"  # a Monday: its night is Friday's
        for name, days in (
            ("rb2701", ("20261123", "20261120")),
            ("m2701", ("20261123", "20261123")),
            ("SR701", ("20261120", "20261120")),
            ("au2702", ("20261123", "")),
        ):
            for time, volume in (("21:05:00", 1), ("21:05:01", 2)):
                self.tick(time, 9.0, volume, name, TradingDay=days[0], ActionDay=days[1])
            self.assertEqual(self.current(name).span.start, datetime(2026, 11, 20, 21, 5), name)
        for time, volume in (("01:05:00", 3), ("01:05:01", 4)):
            self.tick(time, 9.0, volume, "au2702", ActionDay="")
        self.assertEqual(self.current("au2702").span.start, datetime(2026, 11, 21, 1, 5))


class Hours(BarCase):
    """Longer bars run over breaks."""

    period = "1h"

    def test_over_the_break(self) -> None:
        self.tick("10:00:01", 9.0, 100)
        self.tick("10:14:59", 9.0, 101)
        self.tick("10:30:00", 9.5, 102)
        self.assertEqual(self.closed, [])
        self.tick("11:15:00", 9.5, 104)
        self.assertEqual(
            [(bar.volume, f"{bar.span.end:%H:%M}") for bar in self.closed], [(2, "11:15")]
        )


class Days(BarCase):
    """The bar of a day is what the tick tells of the day."""

    period = "1d"

    def test_a_day_seen_from_the_middle(self) -> None:
        day: dict[str, Any] = {"OpenPrice": 7.0, "HighestPrice": 12.0, "LowestPrice": 6.0}
        self.tick("10:00:00", 9.0, 100, **day)
        self.tick("10:00:01", 9.5, 101, **day)
        bar = self.current()
        self.assertEqual(
            (bar.open, bar.high, bar.low, bar.close, bar.volume), (7.0, 12.0, 6.0, 9.5, 101)
        )
        self.assertEqual(bar.span.start, datetime(2026, 11, 20, 21, 0))


class Unknown(BarCase):
    """Instruments of no product that is known: natural minutes."""

    period = "7m"

    def test_counted_from_midnight(self) -> None:
        for name in ("SP c2701&c2705", "XYZ", "zzz2701"):
            self.tick("12:00:00", 9.0, 100, name)
            self.tick("12:00:01", 9.0, 101, name)
            span = self.current(name).span
            self.assertEqual((f"{span.start:%H:%M}", f"{span.end:%H:%M}"), ("11:54", "12:01"))
            self.assertEqual(self.current(name).exchange_id, "")

    def test_the_last_ends_at_midnight(self) -> None:
        self.tick("23:59:58", 9.0, 100, "XYZ")
        self.tick("23:59:59", 9.0, 101, "XYZ")
        self.assertEqual(f"{self.current('XYZ').span.end:%H:%M}", "00:00")


class UnknownDays(BarCase):
    """The days of such instruments."""

    period = "1d"

    def test_a_day(self) -> None:
        self.tick("12:00:00", 9.0, 100, "XYZ")
        self.tick("12:00:01", 9.0, 101, "XYZ")
        span = self.current("XYZ").span
        self.assertEqual(f"{span.start:%d %H:%M} {span.end:%d %H:%M}", "20 17:00 23 17:00")
        self.assertEqual(self.current("XYZ").volume, 101)


class StaleCase(BarCase):
    """Old ticks told again, which CZCE dates today: the time of reception settles it."""

    day = "20261123"  # a Monday; its night session was Friday's

    def night(self) -> None:
        """Both instruments trade in Friday's night session, to its close."""
        for time, volume in (("22:58:59", 100), ("22:59:59", 110)):
            self.tick(time, 9.0, volume, "SR701", TradingDay="20261120", ActionDay="20261120")
            self.tick(time, 9.0, volume, ActionDay="20261120")
        self.clock.advance(65)

    def stale(self) -> None:
        self.tick("22:59:59", 9.0, 110, "SR701", received="20261123 08:59:50")

    def minute(self, minute: int, volume: int) -> None:
        """Both instruments trade twice in a minute after nine."""
        for second in (0, 1):
            for name in ("SR701", "rb2701"):
                self.tick(f"09:{minute:02}:{second:02}", 9.0, volume + second, name)

    def bars(self, name: str) -> list[tuple[str, str, int]]:
        """What was told of the closed bars of an instrument."""
        return [
            (bar.trading_day, f"{bar.span.start:%d %H:%M}", bar.volume)
            for bar in self.closed
            if bar.instrument_id == name
        ]

    def setUp(self) -> None:
        super().setUp()
        self.logged: list[dict[str, Any]] = []
        observer = cast(ILogObserver, self.logged.append)
        globalLogPublisher.addObserver(observer)
        self.addCleanup(globalLogPublisher.removeObserver, observer)


class StaleTicks(StaleCase):
    """Minutes that survive a stale tick."""

    def test_the_morning_goes_on_after_it(self) -> None:
        self.night()
        self.stale()
        self.minute(0, 120)
        self.minute(1, 130)
        self.minute(2, 140)
        for name in ("SR701", "rb2701"):
            self.assertEqual(
                self.bars(name),
                [
                    ("20261123", "20 22:59", 10),
                    ("20261123", "23 09:00", 11),
                    ("20261123", "23 09:01", 10),
                ],
                name,
            )
            self.assertEqual(self.current(name).volume, 10)

    def test_after_a_connection_was_made_once_or_twice(self) -> None:
        for times in (1, 2, 3):
            self.closed.clear()
            self.maker.pause()
            for _ in range(times):
                self.stale()
            self.clock.advance(0)
            self.assertIsNone(self.maker.current(b"SR701"), times)
            self.assertEqual(self.closed, [], times)
        self.minute(0, 120)
        self.minute(1, 130)
        self.assertEqual(self.bars("SR701"), [("20261123", "23 09:00", 11)])
        self.assertEqual(self.bars("rb2701"), [("20261123", "23 09:00", 1)])

    def test_before_the_night_session(self) -> None:
        """A connection made on Monday evening brings Friday's closing tick, dated Monday."""
        for _ in range(2):
            self.tick("22:59:59", 9.0, 110, "SR701", received="20261123 20:30:00")
        self.assertEqual((self.maker.current(b"SR701"), self.closed), (None, []))
        for time, volume in (("21:00:00", 5), ("21:00:01", 6), ("21:01:00", 9)):
            self.tick(time, 9.0, volume, "SR701")
        self.assertEqual(self.bars("SR701"), [("20261124", "23 21:00", 6)])

    def test_at_noon(self) -> None:
        self.tick("11:29:59", 9.0, 110, received="20261123 12:10:00")
        self.tick("11:29:59", 9.0, 110, received="20261123 12:10:00")
        self.assertEqual((self.maker.current(b"rb2701"), self.closed), (None, []))

    def test_a_tick_ahead_of_all_clocks_moves_nobody(self) -> None:
        self.minute(0, 120)
        now = "20261123 09:00:02"
        self.tick("09:09:00", 9.0, 131, "SR701", received=now)
        self.tick("09:30:00", 9.0, 132, "SR701", received=now)
        self.clock.advance(0)
        self.assertEqual(self.bars("rb2701"), [])
        self.assertEqual(self.current("rb2701").span.start, datetime(2026, 11, 23, 9, 0))
        self.tick("09:00:30", 9.0, 125, "rb2701")
        self.assertEqual(self.current("rb2701").volume, 5)

    def test_a_clock_that_is_wrong_is_told_once(self) -> None:
        for second in range(3):
            self.tick(f"10:00:0{second}", 9.0, 100 + second, received="20261101 10:00:00")
        self.assertIsNone(self.maker.current(b"rb2701"))
        told = [event for event in self.logged if event["log_level"].name == "warn"]
        self.assertEqual(len(told), 1)


class StaleTicksAndDays(StaleCase):
    """Days that do."""

    period = "1d"

    def test_the_morning_goes_on_after_it(self) -> None:
        self.night()
        self.stale()
        self.clock.advance(0)
        self.minute(0, 120)
        for name in ("SR701", "rb2701"):
            self.assertEqual(self.bars(name), [])
            bar = self.current(name)
            self.assertEqual((bar.trading_day, bar.volume), ("20261123", 121))
            self.assertEqual(bar.span.start, datetime(2026, 11, 20, 21))

    def test_after_a_connection_was_made_once_or_twice(self) -> None:
        self.night()
        for _ in range(2):
            self.maker.pause()
            self.stale()
            self.stale()
        self.minute(0, 120)
        self.assertEqual((self.closed, self.current("SR701").volume), ([], 121))

    def test_before_the_night_session(self) -> None:
        self.minute(0, 120)
        self.tick("15:00:00", 9.0, 150, "SR701")
        self.clock.advance(70)
        self.tick("22:59:59", 9.0, 150, "SR701", received="20261123 20:30:00")
        self.tick("21:00:00", 9.0, 5, "SR701")
        self.tick("21:00:01", 9.0, 6, "SR701")
        self.assertEqual(self.bars("SR701"), [("20261123", "20 21:00", 150)])
        bar = self.current("SR701")
        self.assertEqual((bar.trading_day, bar.volume), ("20261124", 6))

    def test_a_tick_ahead_of_all_clocks_moves_nobody(self) -> None:
        self.minute(0, 120)
        self.tick("21:00:30", 9.0, 131, "SR701", received="20261123 09:00:02")
        self.clock.advance(0)
        self.assertEqual((self.bars("rb2701"), self.bars("SR701")), ([], []))


class OverNight(BarCase):
    """A connection that lasts from the night session to the day session."""

    def test_czce_counts_on_in_the_morning(self) -> None:
        """Its TradingDay changes with the clock, its volume counts on: the bar is the minute's."""
        for time, volume in (("22:59:58", 297_780), ("22:59:59", 297_788)):
            self.tick(time, 9.0, volume, "SR701", TradingDay="20261120", ActionDay="20261120")
        self.tick("09:00:30", 9.0, 297_800, "SR701")
        self.tick("09:00:59", 9.0, 297_824, "SR701")
        bar = self.current("SR701")
        self.assertEqual((bar.volume, bar.turnover), (36, 360.0))

    @holds("HQSM-2")
    def test_a_bar_bears_the_trading_day(self) -> None:
        for name, days in (
            ("SR701", ("20261120", "20261120")),
            ("rb2701", ("20261123", "20261120")),
            ("m2701", ("20261123", "20261123")),
            ("zz9999", ("20261123", "20261120")),
        ):
            for time, volume in (("21:05:00", 1), ("21:05:01", 2)):
                received = f"20261120 {time}"
                self.tick(time, 9.0, volume, name, received, TradingDay=days[0], ActionDay=days[1])
            self.assertEqual(self.current(name).trading_day, "20261123", name)

    def test_what_comes_together_is_read_by_each_exchanges_rule(self) -> None:
        """CZCE's 21:05 of the day by the clock is not SHFE's, whose TradingDay says the same."""
        for time, volume in (("21:05:00", 1), ("21:05:01", 2)):
            for name in ("rb2701", "SR701"):
                days = {"TradingDay": "20261123", "ActionDay": "20261123"}
                self.tick(time, 9.0, volume, name, f"20261123 {time}", **days)
        found = [self.current(name).trading_day for name in ("rb2701", "SR701")]
        self.assertEqual(found, ["20261123", "20261124"])

    def test_ticks_without_a_day(self) -> None:
        for second, days in enumerate((("", "20261123"), ("", "20261123"), ("", ""), ("", ""))):
            time = f"21:05:0{second}"
            self.tick(
                time,
                9.0,
                1 + second,
                received=f"20261123 {time}",
                TradingDay=days[0],
                ActionDay=days[1],
            )
        bar = self.current()
        self.assertEqual((bar.trading_day, bar.volume), ("20261124", 3))
        self.assertEqual(bar.span.start, datetime(2026, 11, 23, 21, 5))


class BetweenTicks(BarCase):
    """What was traded between two ticks shows in the day's extremes."""

    def extremes(self, time: str, price: float, volume: int, low: float, high: float) -> None:
        self.tick(time, price, volume, LowestPrice=low, HighestPrice=high)

    def prices(self) -> tuple[float, float]:
        bar = self.current()
        return bar.low, bar.high

    def test_they_belong_to_the_bar_of_the_later_tick(self) -> None:
        self.extremes("10:00:59", 9.0, 100, 8.0, 10.0)
        self.extremes("10:01:00", 9.0, 101, 8.0, 10.0)
        self.assertEqual(self.prices(), (9.0, 9.0))
        self.extremes("10:01:30", 9.5, 105, 7.0, 11.0)
        self.assertEqual(self.prices(), (7.0, 11.0))
        self.extremes("10:02:00", 9.5, 106, 7.0, 11.0)
        self.assertEqual(self.prices(), (9.5, 9.5))
        self.extremes("10:03:00", 9.5, 107, 7.0, 12.0)
        self.assertEqual(self.prices(), (9.5, 12.0))

    def test_after_an_outage_nobody_knows_when(self) -> None:
        self.extremes("10:00:59", 9.0, 100, 8.0, 10.0)
        self.extremes("10:01:00", 9.0, 101, 8.0, 10.0)
        self.maker.pause()
        self.extremes("10:05:00", 9.0, 201, 7.0, 11.0)
        self.extremes("10:05:01", 9.0, 202, 7.0, 11.0)
        self.assertEqual(self.prices(), (9.0, 9.0))

    def test_but_within_one_bar_it_is_that_one(self) -> None:
        self.extremes("10:00:59", 9.0, 100, 8.0, 10.0)
        self.extremes("10:01:00", 9.0, 101, 8.0, 10.0)
        self.maker.pause()
        self.extremes("10:01:30", 9.0, 201, 7.0, 11.0)
        self.extremes("10:01:31", 9.0, 202, 7.0, 11.0)
        self.assertEqual(self.prices(), (7.0, 11.0))

    def test_unset_extremes_say_nothing(self) -> None:
        self.extremes("10:00:59", 9.0, 100, DBL_MAX, DBL_MAX)
        self.extremes("10:01:00", 9.0, 101, 8.0, 10.0)
        self.extremes("10:01:01", 9.5, 102, DBL_MAX, DBL_MAX)
        self.extremes("10:01:02", 9.5, 103, 8.0, 10.0)
        self.assertEqual(self.prices(), (9.0, 9.5))


class FastFront(BarCase):
    """At a front whose time runs 300 times as fast, bars are closed by its time."""

    speed = 300.0

    def test_the_last_bar(self) -> None:
        self.tick("14:59:58", 9.0, 100)
        self.tick("14:59:59", 9.5, 101)
        self.clock.advance(0.2)
        self.assertEqual(self.closed, [])
        self.clock.advance(0.6)
        self.assertEqual([bar.volume for bar in self.closed], [1])


class HurriedFront(BarCase):
    """Where ticks come as fast as they are taken, only they tell the time."""

    speed = 0.0

    def test_what_waits_on_its_way_is_not_old(self) -> None:
        for time, volume in (("10:00:59", 100), ("10:01:00", 100), ("10:01:01", 101)):
            self.tick(time, 9.0, volume, received="20261123 11:00:00")
        self.assertEqual(self.current().volume, 1)
        self.tick("10:02:00", 9.0, 105, received="20261123 11:00:00")
        self.assertEqual([bar.volume for bar in self.closed], [1])

    def test_at_its_end_the_last_bars_are_closed(self) -> None:
        self.tick("14:59:58", 9.0, 100)
        self.tick("14:59:59", 9.5, 101)
        self.clock.advance(4.9)
        self.assertEqual(self.closed, [])
        for _ in range(3):
            self.clock.advance(5)
        self.assertEqual([bar.volume for bar in self.closed], [1])


class Series(SynchronousTestCase):
    """Options of short series trade when their product does."""

    def test_their_product(self) -> None:
        for name, product in (
            ("m2701-MS-C-3000", "m"),
            ("SR701MSC6000", "SR"),
            ("rb2701C3000", "rb"),
            ("m2701-C-3000", "m"),
            ("l2701F", "l"),
        ):
            found = product_of(name)
            assert found is not None, name
            self.assertEqual(found.product_id, product, name)
        for name in ("m2701-MX-C-3000", "MS2701", "SR701MS"):
            self.assertIsNone(product_of(name), name)


class Periods(SynchronousTestCase):
    """What is no period."""

    def test_it_is_refused(self) -> None:
        moments = Moments(calendar.default())
        for period in ("", "1s", "0m", "2d"):
            with self.assertRaises(ValueError):
                BarMaker(Clock(), LAYOUT, period, FrontClock(Clock()), moments)


class Makers(BarCase):
    """A maker for each period that is watched."""

    def setUp(self) -> None:
        super().setUp()
        moments = Moments(calendar.default())
        self.makers = BarMakers(self.clock, LAYOUT, self.front, moments)

    def test_one_for_each_period(self) -> None:
        listener, rb2701 = Listener(self), Subscription[str](b"rb2701")
        first = self.makers.watch(rb2701, "1m", listener)
        self.assertIs(self.makers.watch(Subscription(b"rb2705"), "1m", listener), first)
        self.assertIsNot(self.makers.watch(rb2701, "5m", listener), first)

    def test_what_nobody_wants_goes_away_with_its_clock(self) -> None:
        subscription = Subscription[str](b"rb2701")
        maker = self.makers.watch(subscription, "1m", Listener(self))
        self.assertEqual(subscription.bar_makers, (maker,))
        for time, volume in (("10:00:59", 100), ("10:01:00", 101)):
            maker.tick(
                b"rb2701",
                LAYOUT.pack(
                    {
                        "InstrumentID": "rb2701",
                        "TradingDay": self.day,
                        "UpdateTime": time,
                        "Volume": volume,
                    }
                ),
            )
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.makers.unwatch(subscription, "1m")
        self.assertEqual(subscription.bar_makers, ())
        self.assertEqual((len(self.makers), self.clock.getDelayedCalls()), (0, []))

    def test_what_is_no_period(self) -> None:
        rb2701 = Subscription[str](b"rb2701")
        self.assertRaises(ValueError, self.makers.watch, rb2701, "1s", Listener(self))
        self.assertEqual(len(self.makers), 0)
