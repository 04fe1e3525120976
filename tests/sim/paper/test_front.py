"""Accounts on paper as a front: its address, its thread, and what outlives the process."""

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.sim.host.test_api import Recorder, body
from tests.sim.paper.support import BUY, paper_tick
from tests.sim.recordings import MORNING, tick
from webctp.ctp import catalog
from webctp.recording.rows import Tick
from webctp.sim import SimOptions, SimulatedFront, StateError
from webctp.sim.options import OptionError
from webctp.sim.paper import front as paper
from webctp.sim.paper.front import PaperFront, options_of

DAY = date(2026, 11, 24)


class AddressTests(SynchronousTestCase):
    """What an address may say."""

    def test_options_of_the_broker_are_taken_over_the_configurations(self) -> None:
        found = options_of("paper://?balance=250000&clock=calendar", {"Balance": "1", "AppID": "a"})
        self.assertEqual((found.balance, found.clock, found.app_id), (250_000.0, "calendar", "a"))

    def test_time_and_market_are_the_feeds(self) -> None:
        for name in ("speed", "Start", "seed"):
            mistake = self.assertRaises(OptionError, options_of, f"paper://?{name}=1")
            self.assertIn(f"option {name}: found in an address of paper://", str(mistake))
        found = options_of("paper://", {"Speed": "60", "Start": "2026-11-24 09:00"})
        self.assertEqual((found.speed, found.start), (1.0, None))

    def test_hours_are_kept_where_nobody_says_otherwise_if_the_market_is_real(self) -> None:
        for address, base, clock in (
            ("paper://", {}, "calendar"),
            ("paper://?clock=always", {}, "always"),
            ("paper://", {"Clock": "always"}, "always"),
        ):
            self.assertEqual(options_of(address, base, keeps_hours=True).clock, clock, address)
        self.assertEqual(options_of("paper://").clock, "always")

    def test_the_configurations_state_is_not_its_own(self) -> None:
        self.assertEqual(options_of("paper://", {"StatePath": "/x"}).state_path, "")
        self.assertEqual(options_of("paper://?statepath=/y").state_path, "/y")

    def test_mistakes_name_what_is_wrong(self) -> None:
        for address, said in (
            ("paper://?balance=much", "option Balance: found 'much', wanted"),
            ("paper://?balnce=1", "option balnce: found an unknown key, wanted option Balance"),
            ("paper://account", "names no account on paper; write paper://?balance=1000000"),
        ):
            mistake = self.assertRaises(OptionError, options_of, address)
            self.assertIn(said, str(mistake))


class FakeFeed:
    """A feed that a test drives: its time, what is watched, the ticks it hands in."""

    speed = 1.0

    def __init__(self, front: PaperFront) -> None:
        self.front = front
        self.now = MORNING
        self.watched: list[str] = []
        self.on_watch: Callable[[str], None] = lambda name: None
        front.venue.join(self, self)

    def clock(self) -> int:
        return self.now

    def watch(self, instruments: Sequence[str]) -> None:
        self.watched += instruments
        for name in instruments:
            self.on_watch(name)

    def serve(self, day: date | None = DAY, listed: Sequence[str] = ()) -> None:
        self.front.venue.opened(day, listed)

    def tell(self, *ticks: Tick) -> None:
        for one in ticks:
            self.now = max(self.now, one.received)
            self.front.venue.take(paper_tick(one))


class FrontCase(SynchronousTestCase):
    """A front on paper, a feed for it, and traders."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()

    def start(self, **options: Any) -> FakeFeed:
        self.front = PaperFront(SimOptions(**{"balance": 1_000_000.0, **options}))
        return FakeFeed(self.front)

    def trader(self) -> tuple[Any, Recorder]:
        """A trading API that has begun to connect."""
        flow = tempfile.mkdtemp(dir=self.folder) + "/"
        api = self.front.create_trader(flow, False)
        recorder = Recorder(catalog.trading())
        api.RegisterSpi(recorder.spi)
        api.SubscribePrivateTopic(0)
        self.addCleanup(self.release, api)
        self._standing = [*getattr(self, "_standing", []), api]
        api.Init()
        return api, recorder

    def logged_in(self) -> tuple[Any, Recorder]:
        api, recorder = self.trader()
        recorder.wait("OnFrontConnected")
        login = {"BrokerID": "9999", "UserID": "1001", "Password": "p"}
        api.ReqUserLogin(body("ReqUserLogin", **login), 1)
        recorder.wait("OnRspUserLogin")
        api.ReqSettlementInfoConfirm(body("SettlementInfoConfirm"), 2)
        recorder.wait("OnRspSettlementInfoConfirm")
        return api, recorder

    def release(self, api: Any) -> None:
        if api in self._standing:
            self._standing.remove(api)
            api.Release()

    def order(self, api: Any, price: float, volume: int = 1) -> None:
        values = {**BUY, "LimitPrice": price, "VolumeTotalOriginal": volume}
        api.ReqOrderInsert(body("InputOrder", **values), 3)

    def account(self, api: Any, recorder: Recorder) -> Any:
        before = len(recorder.named("OnRspQryTradingAccount"))
        api.ReqQryTradingAccount(body("QryTradingAccount"), 4)
        return recorder.wait("OnRspQryTradingAccount", before + 1)[-1].values[0]


class ThreadTests(FrontCase):
    """The exchange's thread and its feed."""

    def test_an_order_is_filled_at_the_feeds_price(self) -> None:
        feed = self.start()
        feed.on_watch = lambda name: feed.tell(tick(0))
        feed.serve()
        api, recorder = self.logged_in()
        self.order(api, 71230.0, 2)
        trade = recorder.wait("OnRtnTrade")[0].values[0]
        self.assertEqual((trade["Price"], trade["Volume"]), (71230.0, 2))
        self.assertEqual(feed.watched, ["cu2701"])

    def test_the_front_connects_once_the_feed_serves_on_its_trading_day(self) -> None:
        feed = self.start()
        api, recorder = self.trader()
        self.assertEqual(recorder.named("OnFrontConnected"), [])
        feed.serve(date(2024, 3, 5))
        recorder.wait("OnFrontConnected")
        self.assertEqual(api.GetTradingDay(), "20240305")

    def test_a_feed_that_tells_no_day_has_the_calendars(self) -> None:
        feed = self.start()
        feed.serve(None)
        api, _ = self.logged_in()
        self.assertEqual(api.GetTradingDay(), "20261124")

    def test_without_a_feed_it_connects_all_the_same(self) -> None:
        self.patch(paper, "_PATIENCE", 0.01)
        self.start()
        api, _ = self.logged_in()
        self.assertEqual(api.GetTradingDay(), "20261124")

    def test_who_closes_waits_for_no_feed(self) -> None:
        self.patch(paper, "_PATIENCE", 3600.0)
        self.start()
        api, _ = self.trader()
        self.front.venue.close()
        self.release(api)  # joins the thread

    def test_what_the_feed_lists_is_listed(self) -> None:
        feed = self.start()
        feed.serve(listed=["cu2701C123000", "no such thing"])
        self.logged_in()
        self.assertIn("cu2701C123000", self.front.instruments())
        self.assertNotIn("no such thing", self.front.instruments())

    def test_too_many_waiting_ticks_are_conflated(self) -> None:
        self.patch(paper, "MOST_TICKS", 4)
        feed = self.start()
        feed.tell(*(tick(n, LastPrice=71000.0 + n) for n in range(50)))
        feed.on_watch = lambda name: None
        feed.serve()
        api, recorder = self.logged_in()
        api.ReqQryDepthMarketData(body("QryDepthMarketData", InstrumentID="cu2701"), 5)
        row = recorder.wait("OnRspQryDepthMarketData")[0].values[0]
        self.assertEqual(row["LastPrice"], 71049.0)

    def test_it_has_no_market_data_of_its_own(self) -> None:
        self.start()
        self.assertRaises(TypeError, self.front.create_market, "", False)


class StateTests(FrontCase):
    """What outlives the process in a state file."""

    def setUp(self) -> None:
        super().setUp()
        self.path = str(self.folder / "paper.db")

    def test_positions_orders_and_money_go_on(self) -> None:
        feed = self.start(state_path=self.path)
        feed.on_watch = lambda name: feed.tell(tick(0))
        feed.serve()
        api, recorder = self.logged_in()
        self.order(api, 71230.0, 2)
        self.order(api, 71220.0, 1)
        recorder.wait("OnRtnTrade")
        before = self.account(api, recorder)
        self.release(api)
        feed = self.start(state_path=self.path)
        feed.on_watch = lambda name: feed.tell(tick(1))
        feed.serve()
        api, recorder = self.logged_in()
        self.assertEqual(feed.watched, ["cu2701"])
        after = self.account(api, recorder)
        self.assertEqual(
            (after["Balance"], after["Available"]), (before["Balance"], before["Available"])
        )
        feed.tell(tick(2, AskPrice1=71220.0))
        self.assertEqual(recorder.wait("OnRtnTrade", 2)[1].values[0]["Price"], 71220.0)

    def test_a_day_that_ended_meanwhile_is_settled_at_the_exchanges_price(self) -> None:
        feed = self.start(state_path=self.path)
        feed.on_watch = lambda name: feed.tell(tick(0))
        feed.serve()
        api, recorder = self.logged_in()
        self.order(api, 71230.0, 2)
        recorder.wait("OnRtnTrade")
        paid = self.account(api, recorder)["Commission"]
        self.release(api)
        feed = self.start(state_path=self.path)
        new = {"TradingDay": "20261126", "PreSettlementPrice": 71330.0, "LastPrice": 71340.0}
        feed.on_watch = lambda name: feed.tell(tick(2 * 86_400, **new))
        feed.serve(date(2026, 11, 26))
        api, recorder = self.logged_in()
        self.assertEqual(api.GetTradingDay(), "20261126")
        account = self.account(api, recorder)
        self.assertAlmostEqual(account["PreBalance"], 1_000_000.0 - paid + 1000.0, 4)
        self.assertAlmostEqual(account["PositionProfit"], 100.0, 4)

    def test_the_state_of_a_simulated_front_is_none_of_its_own(self) -> None:
        self.front: Any = SimulatedFront(SimOptions(state_path=self.path))
        self.logged_in()
        self.release(self._standing[0])
        mistake = self.assertRaises(StateError, self.start, state_path=self.path)
        self.assertIn("is the state of a simulated front; name another file", str(mistake))
