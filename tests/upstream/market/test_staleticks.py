"""webctp.upstream.market.staleticks: what a front tells again is no news."""

from datetime import datetime, timedelta
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import catalog
from webctp.ctp.codec import codec_for
from webctp.exchanges import calendar
from webctp.upstream.market.staleticks import StaleTicks, Unpublished
from webctp.upstream.market.subscriptions import Subscription
from webctp.upstream.market.ticks import Moments

LAYOUT = codec_for(catalog.market_data().module).layout("CThostFtdcDepthMarketDataField")


class FrontTime:
    """A front's time that a test sets, in China."""

    speed = 1.0
    now = datetime(2026, 11, 23, 10)

    def clock(self) -> int:
        """Of ``FrontTime``."""
        return (self.now - datetime(1970, 1, 1, 8)) // timedelta(microseconds=1) * 1000


class StaleCase(SynchronousTestCase):
    """One instrument at a front. 2026-11-23 is a Monday; its night session was Friday's."""

    name = "rb2701"

    def setUp(self) -> None:
        self.front = FrontTime()
        self.judge = StaleTicks(LAYOUT, self.front, Moments(calendar.default()))
        self.subscription = Subscription[str](b"cu2401")

    def connected(self) -> None:
        """The instrument is asked for anew."""
        self.subscription.stamp, self.subscription.awaited = None, True
        self.subscription.rerun, self.subscription.followed = None, False

    def tick(self, received: str, time: str, volume: int, **values: Any) -> bool:
        """Take a tick; gives whether it was news.

        :param received: day and time at the front, ``23 10:00:00``; of that day the tick is, too,
            unless ``values`` say otherwise.
        """
        self.front.now = datetime.strptime(f"202611{received}", "%Y%m%d %H:%M:%S")
        body = {
            "InstrumentID": self.name,
            "TradingDay": f"{self.front.now:%Y%m%d}",
            "ActionDay": f"{self.front.now:%Y%m%d}",
            "UpdateTime": time,
            "Volume": volume,
            "LastPrice": 3000.0,
            **values,
        }
        return not self.judge.is_stale(self.subscription, LAYOUT.pack(body))

    def newest(self) -> str:
        """The time of the newest tick."""
        assert self.subscription.last is not None
        return LAYOUT.text(self.subscription.last, "UpdateTime")


class Live(StaleCase):
    """Whatever goes on is news."""

    def test_one_after_the_other(self) -> None:
        for volume, (time, millisec) in enumerate(
            [("09:00:00", 0), ("09:00:00", 500), ("09:00:01", 0), ("09:10:00", 0), ("10:15:00", 0)]
        ):
            self.assertTrue(
                self.tick(f"23 {time}", time, volume, UpdateMillisec=millisec), (time, millisec)
            )

    def test_a_quote_that_changes_within_a_second_without_milliseconds(self) -> None:
        for price in (10.0, 11.0, 10.0):
            self.assertTrue(self.tick("23 09:00:00", "09:00:00", 5, BidPrice1=price), price)

    def test_over_midnight(self) -> None:
        night = {"TradingDay": "20261123"}
        self.assertTrue(self.tick("20 23:59:59", "23:59:59", 5, **night))
        self.assertTrue(self.tick("21 00:00:00", "00:00:00", 6, **night))
        self.assertTrue(self.tick("21 00:00:01", "00:00:01", 6, **night))

    def test_an_exchange_that_repeats_the_trading_day_as_its_date(self) -> None:
        night = {"TradingDay": "20261123", "ActionDay": "20261123"}
        self.assertTrue(self.tick("20 21:00:00", "21:00:00", 5, **night))
        self.assertTrue(self.tick("20 22:59:59", "22:59:59", 6, **night))
        self.assertTrue(self.tick("23 09:00:00", "09:00:00", 7, **night))

    def test_the_settlement_price_after_the_close(self) -> None:
        self.assertTrue(self.tick("23 15:00:00", "15:00:00", 9))
        self.assertTrue(self.tick("23 16:10:00", "15:00:00", 9, SettlementPrice=3001.0))
        self.assertFalse(self.tick("23 16:10:01", "15:00:00", 9, SettlementPrice=3001.0))

    def test_more_volume_whatever_the_time_says(self) -> None:
        self.assertTrue(self.tick("23 10:00:02", "10:00:02", 9))
        self.assertTrue(self.tick("23 10:00:02", "10:00:01", 10))

    def test_the_first_tick_of_a_day_bears_the_old_time(self) -> None:
        """Its limit prices are new."""
        self.assertTrue(self.tick("23 15:00:00", "15:00:00", 9))
        tuesday = {"TradingDay": "20261124"}
        self.assertTrue(self.tick("23 20:30:00", "15:00:00", 0, **tuesday))
        self.assertFalse(self.tick("23 20:30:00", "15:00:00", 0, **tuesday))
        self.assertTrue(self.tick("23 20:59:00", "20:59:00", 2, **tuesday))

    def test_what_tells_no_moment_cannot_be_judged(self) -> None:
        for _ in range(2):
            self.assertTrue(self.tick("23 10:00:00", "", 0))

    def test_a_front_whose_time_begins_anew(self) -> None:
        self.assertTrue(self.tick("24 14:00:00", "14:00:00", 9))
        self.assertTrue(self.tick("23 09:00:00", "09:00:00", 1))
        self.assertTrue(self.tick("23 09:00:01", "09:00:01", 2))


class ToldAgain(StaleCase):
    """A front that repeats itself."""

    def night(self) -> None:
        """The connection has lasted since the night session."""
        for time, volume in (("21:00:00", 5), ("21:00:01", 6), ("22:59:59", 9)):
            self.assertTrue(self.tick(f"20 {time}", time, volume, TradingDay="20261123"))

    @holds("MD-HQJK-1")
    def test_the_night_in_the_morning(self) -> None:
        self.night()
        for reconnected in (False, True):
            if reconnected:
                self.connected()
            for time, volume in (("21:00:00", 5), ("21:00:01", 6), ("22:59:59", 9)):
                told = {"TradingDay": "20261123", "ActionDay": "20261120"}
                self.assertFalse(self.tick("23 08:31:00", time, volume, **told), time)
        self.assertEqual(self.newest(), "22:59:59")
        self.assertTrue(self.tick("23 08:59:00", "08:59:00", 10))

    @holds("MD-HQJK-1")
    def test_the_night_that_nobody_saw(self) -> None:
        """The first answers the subscription; what follows is told late."""
        told = {"TradingDay": "20261123", "ActionDay": "20261120"}
        self.assertTrue(self.tick("23 08:31:00", "21:00:00", 5, **told))
        for time, volume in (("21:00:00", 5), ("21:00:01", 6), ("22:59:59", 9)):
            self.assertFalse(self.tick("23 08:31:01", time, volume, **told), time)
        self.assertEqual(self.newest(), "22:59:59")
        self.assertIsInstance(self.subscription.last, Unpublished)
        self.assertTrue(self.tick("23 08:59:00", "08:59:00", 10))
        self.assertNotIsInstance(self.subscription.last, Unpublished)

    def test_the_snapshot_of_a_connection(self) -> None:
        """What was traded while the connection was broken is news, what was known is not."""
        self.assertTrue(self.tick("23 10:00:00", "10:00:00", 5))
        self.connected()
        self.assertFalse(self.tick("23 10:05:00", "10:00:00", 5))
        self.assertFalse(self.tick("23 10:05:00", "09:59:59", 4))
        self.assertTrue(self.tick("23 10:05:01", "10:05:01", 6))
        self.connected()
        self.assertTrue(self.tick("23 10:20:00", "10:14:59", 8))

    def test_the_nights_close_after_a_break_that_spans_it(self) -> None:
        self.assertTrue(self.tick("20 22:00:00", "22:00:00", 5, TradingDay="20261123"))
        self.connected()
        told = {"TradingDay": "20261123", "ActionDay": "20261120"}
        self.assertTrue(self.tick("23 08:40:00", "22:59:59", 9, **told))
        for time in ("22:30:00", "22:59:59"):
            self.assertFalse(self.tick("23 08:40:00", time, 9, **told))

    def test_a_day_told_again_from_its_beginning(self) -> None:
        for time, volume in (("09:00:00", 1), ("09:00:01", 2), ("10:00:00", 3)):
            self.assertTrue(self.tick(f"23 {time}", time, volume))
        self.connected()
        for time, volume in (("10:00:00", 3), ("09:00:00", 1), ("09:00:01", 2), ("10:00:00", 3)):
            self.assertFalse(self.tick("23 10:00:30", time, volume), time)
        self.assertTrue(self.tick("23 10:00:31", "10:00:31", 3))


class PlayedAgain(StaleCase):
    """Test fronts that play a day again, and again."""

    def day(self) -> None:
        """A morning, told as it was."""
        for time, volume in (("09:00:00", 1), ("10:00:00", 5), ("11:29:59", 9)):
            self.assertTrue(self.tick(f"23 {time}", time, volume))

    def test_one_that_goes_on_at_the_pace_of_the_market_is_followed(self) -> None:
        self.day()
        told = []
        for second in range(0, 20 * 60, 30):
            minute, left = divmod(second, 60)
            time = f"{minute:02}:{left:02}"
            told.append(self.tick(f"23 14:{time}", f"09:{time}", 2 + second % 7))
        self.assertEqual(told, [False] * 20 + [True] * 20)

    def test_a_night_by_day_too(self) -> None:
        night = {"TradingDay": "20261123", "ActionDay": "20261120"}
        self.assertTrue(self.tick("20 22:00:00", "22:00:00", 9, **night))
        told = []
        for minute in range(30):
            time = f"{minute:02}:00"
            told.append(self.tick(f"23 13:{time}", f"21:{time}", minute % 7, **night))
        self.assertEqual(told, [False] * 10 + [True] * 20)

    def test_a_flood_is_not(self) -> None:
        """The night in the morning comes as fast as it can."""
        self.day()
        for number in range(3_000):
            minute, second = divmod(number, 60)
            time = f"09:{minute:02}:{second:02}"
            self.assertFalse(self.tick(f"23 14:00:{second // 10:02}", time, 2), time)

    def test_nor_one_tick_told_again_for_hours(self) -> None:
        self.day()
        for minute in range(0, 60, 5):
            self.assertFalse(self.tick(f"23 14:{minute:02}:00", "10:00:00", 5), minute)

    def test_until_the_connection_breaks(self) -> None:
        self.test_one_that_goes_on_at_the_pace_of_the_market_is_followed()
        self.connected()
        self.assertFalse(self.tick("23 14:20:00", "09:19:30", 2))
        self.assertFalse(self.tick("23 14:20:00", "09:00:00", 1))


class StaleAtCzce(StaleCase):
    """CZCE dates what it tells again with the day of telling."""

    name = "SR701"

    def night(self) -> None:
        """Until Friday's close."""
        for time, volume in (("21:00:00", 5), ("22:59:59", 110)):
            self.assertTrue(self.tick(f"20 {time}", time, volume))

    @holds("MD-HQJK-1")
    def test_the_closing_tick_each_morning(self) -> None:
        self.night()
        for _ in range(3):
            self.assertFalse(self.tick("23 08:59:50", "22:59:59", 110))
        self.assertEqual(
            self.subscription.last and LAYOUT.text(self.subscription.last, "ActionDay"), "20261120"
        )
        self.assertTrue(self.tick("23 09:00:00", "09:00:00", 111))

    def test_with_the_settlement_price_that_it_has_meanwhile(self) -> None:
        self.night()
        self.assertFalse(self.tick("23 08:59:50", "22:59:59", 110, SettlementPrice=5500.0))

    @holds("MD-HQJK-1")
    def test_after_a_connection_was_made_once_or_twice(self) -> None:
        self.night()
        for _ in range(2):
            self.connected()
            self.assertFalse(self.tick("23 08:59:50", "22:59:59", 110))
            self.assertFalse(self.tick("23 08:59:51", "22:59:59", 110))
        self.assertTrue(self.tick("23 09:00:00", "09:00:00", 111))

    def test_on_monday_evening_and_at_night(self) -> None:
        """Friday's closing tick, dated Monday, looks like one of tonight."""
        self.night()
        self.assertTrue(self.tick("23 15:00:00", "15:00:00", 150))
        for _ in range(2):
            self.connected()
            self.assertFalse(self.tick("23 20:30:00", "22:59:59", 110))
        self.assertTrue(self.tick("23 21:00:01", "21:00:01", 3))
        for _ in range(2):
            self.connected()
            self.assertFalse(self.tick("23 21:30:00", "22:59:59", 110))
            self.assertFalse(self.tick("23 21:30:00", "22:59:59", 110))
        self.assertTrue(self.tick("23 22:59:59", "22:59:59", 120))

    def test_the_whole_night_dated_today(self) -> None:
        self.night()
        self.connected()
        for time, volume in (("21:00:00", 5), ("22:00:00", 50), ("22:59:59", 110)):
            self.assertFalse(self.tick("23 08:31:00", time, volume), time)

    def test_a_newcomer_in_the_morning_gets_it_all_the_same(self) -> None:
        self.assertTrue(self.tick("23 08:59:50", "22:59:59", 110))
        self.assertTrue(self.tick("23 09:00:00", "09:00:00", 111))

    def test_the_first_tick_of_a_day_counts_from_nothing(self) -> None:
        self.assertTrue(self.tick("23 15:00:00", "15:00:00", 150))
        self.assertTrue(self.tick("24 08:30:00", "15:00:00", 0))
