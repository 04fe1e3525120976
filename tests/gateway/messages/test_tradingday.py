"""The word that another trading day has begun."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.market.test_service import LOGIN, MarketCase
from tests.gateway.trading.test_shared import DeskTest, of_type
from webctp.gateway.messages.tradingday import ASK_SECONDS, TradingDayWatch


class WatchTests(SynchronousTestCase):
    """:class:`TradingDayWatch` on a clock."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.day: str | None = "20261126"
        self.told: list[tuple[str, str]] = []
        self.watch = TradingDayWatch(
            self.clock, lambda: self.day, lambda *days: self.told.append(days)
        )

    def test_the_first_day_is_no_change(self) -> None:
        self.watch.logged_in("20261126")
        self.clock.advance(10 * ASK_SECONDS)
        self.assertEqual(self.told, [])

    def test_a_day_that_begins_without_a_login_is_told_once(self) -> None:
        self.watch.logged_in("20261126")
        self.day = "20261127"
        self.clock.pump([ASK_SECONDS] * 5)
        self.assertEqual(self.told, [("20261127", "20261126")])

    def test_a_login_on_another_day_tells_it_at_once(self) -> None:
        self.watch.logged_in("20261126")
        self.watch.stop()
        self.watch.logged_in("20261127")
        self.assertEqual(self.told, [("20261127", "20261126")])

    def test_an_api_without_a_day_says_nothing(self) -> None:
        self.watch.logged_in("20261126")
        for self.day in (None, ""):
            self.clock.advance(ASK_SECONDS)
        self.day = "20261126"
        self.clock.advance(ASK_SECONDS)
        self.assertEqual(self.told, [])

    def test_nothing_is_asked_while_the_front_is_away(self) -> None:
        self.watch.logged_in("20261126")
        self.watch.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])


class TradingTests(DeskTest):
    """RtnTradingDay at /td/."""

    def test_a_recovery_on_another_day(self) -> None:
        self.start()
        peer = self.client()
        self.assertEqual(of_type(self.login(peer), "RtnTradingDay"), [])
        self.front.on("ReqUserLogin", answer={"TradingDay": "20240103", "MaxOrderRef": "1"})
        self.front.disconnect()
        self.settle()
        self.front.connect()
        self.settle()
        (told,) = of_type(peer.received(), "RtnTradingDay")
        seq = told.pop("Seq")
        self.assertGreater(seq, 0)
        self.assertEqual(
            told, {"MsgType": "RtnTradingDay", "TradingDay": "20240103", "Before": "20240102"}
        )

    def test_a_day_that_begins_while_connected(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.apis[-1].trading_day = "20240103"
        self.reactor.advance(ASK_SECONDS)
        self.settle()
        self.assertEqual(len(of_type(peer.received(), "RtnTradingDay")), 1)


class MarketTests(MarketCase):
    """RtnTradingDay at /md/."""

    def test_who_has_logged_in_is_told(self) -> None:
        peer, stranger = self.connect("/md/"), self.connect("/md/")
        self.ask(peer, LOGIN)
        self.front.apis[-1].trading_day = "20240103"
        self.reactor.advance(ASK_SECONDS)
        self.settle()
        told = {"MsgType": "RtnTradingDay", "TradingDay": "20240103", "Before": "20240102"}
        self.assertEqual(of_type(peer.received(), "RtnTradingDay"), [told])
        self.assertEqual(of_type(stranger.received(), "RtnTradingDay"), [])
