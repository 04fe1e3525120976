"""The API surface driven for real: the binding's structs and directors, the simulator's threads."""

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.builds import with_method
from tests.conformance import holds
from webctp.ctp import catalog, runtime
from webctp.ctp.catalog import Shape
from webctp.ctp.codec import Layout, codec_for
from webctp.sim import OptionError, SimOptions, SimulatedFront
from webctp.sim.events import Push
from webctp.sim.host.faults import REASONS
from webctp.sim.market.ticks import FIELDS
from webctp.sim.options import FaultOptions

PATIENCE = 120.0
"""Seconds after which a callback that has not come is taken for lost; no test waits them."""


class Call:
    """A callback as it came: its name, its structs unpacked, its other arguments, its thread."""

    def __init__(self, name: str, arguments: tuple[Any, ...]) -> None:
        self.name = name
        self.thread = threading.current_thread().name
        self.pointers = arguments
        self.values = [_unpacked(argument) for argument in arguments]


def _unpacked(argument: Any) -> Any:
    if not hasattr(argument, "this"):
        return argument
    return _layout(argument).unpack(_layout(argument).read(argument))


def _layout(live: Any) -> Layout:
    module = runtime.load().md if "thostmd" in type(live).__module__ else runtime.load().td
    return codec_for(module).layout(type(live).__name__)


class Recorder:
    """The calls that an SPI got; waits for one of a kind."""

    def __init__(self, catalogue: catalog.Catalogue) -> None:
        self.calls: list[Call] = []
        self._news = threading.Condition()
        self.on_call: Callable[[Call], None] = lambda call: None
        methods = {name: self._method(name) for name in catalogue.callbacks}
        self.spi = type("Recorder", (catalogue.spi_class,), methods)()

    def _method(self, name: str) -> Callable[..., None]:
        def record(spi: Any, *arguments: Any) -> None:
            call = Call(name, arguments)
            with self._news:
                self.calls.append(call)
                self._news.notify_all()
            self.on_call(call)

        return record

    def wait(self, name: str, count: int = 1) -> list[Call]:
        """The calls of that name, once there are ``count``."""
        with self._news:
            if not self._news.wait_for(lambda: len(self.named(name)) >= count, PATIENCE):
                raise AssertionError(f"{name} did not come: {[c.name for c in self.calls]}")
            return self.named(name)

    def named(self, name: str) -> list[Call]:
        return [call for call in self.calls if call.name == name]


class WithFront(SynchronousTestCase):
    """A front of its own, APIs that are released."""

    def setUp(self) -> None:
        self.front = SimulatedFront(SimOptions(seed=3))
        self.flow = tempfile.mkdtemp(dir=self.mktemp_directory()) + "/"
        self._released: list[Any] = []

    def mktemp_directory(self) -> str:
        path = Path(self.mktemp())
        path.mkdir(parents=True)
        return str(path)

    def trader(self, topic: int = 2) -> tuple[Any, Recorder]:
        api = self.front.create_trader(self.flow, False)
        recorder = Recorder(catalog.trading())
        api.RegisterSpi(recorder.spi)
        api.SubscribePrivateTopic(topic)
        api.SubscribePublicTopic(topic)
        api.RegisterFront("sim://")
        self.addCleanup(self.release, api)
        api.Init()
        recorder.wait("OnFrontConnected")
        return api, recorder

    def market(self) -> tuple[Any, Recorder]:
        api = self.front.create_market(self.flow, False)
        recorder = Recorder(catalog.market_data())
        api.RegisterSpi(recorder.spi)
        self.addCleanup(self.release, api)
        api.Init()
        recorder.wait("OnFrontConnected")
        return api, recorder

    def release(self, api: Any) -> None:
        if api not in self._released:
            self._released.append(api)
            api.Release()

    def login(self, api: Any, recorder: Recorder, user: str = "1001") -> dict[str, Any]:
        values = {"BrokerID": "9999", "UserID": user, "Password": "p"}
        api.ReqUserLogin(body("ReqUserLogin", **values), 1)
        answer = recorder.wait("OnRspUserLogin")[-1]
        api.ReqSettlementInfoConfirm(body("SettlementInfoConfirm"), 2)
        recorder.wait("OnRspSettlementInfoConfirm")
        welcome: dict[str, Any] = answer.values[0]
        return welcome


def body(key: str, **values: object) -> Any:
    return codec_for(runtime.load().td).layout(f"CThostFtdc{key}Field").new(values)


def buy(**changes: object) -> Any:
    values: dict[str, object] = {
        "InvestorID": "1001",
        "UserID": "1001",
        "InstrumentID": "rb2705",
        "ExchangeID": "SHFE",
        "OrderPriceType": "4",
        "Direction": "0",
        "CombOffsetFlag": "0",
        "CombHedgeFlag": "1",
        "VolumeTotalOriginal": 1,
        "TimeCondition": "3",
        "VolumeCondition": "1",
        "ContingentCondition": "1",
        "ForceCloseReason": "0",
    }
    return body("InputOrder", **{**values, **changes})


def waiting() -> Any:
    """A condition that waits for a price that never comes: one RtnOrder, and no more."""
    return buy(ContingentCondition="5", StopPrice=1e6)


class Trading(WithFront):
    """Trading sessions as a client of the native library sees them."""

    @holds("ONRSPUSERLOGIN-1")
    def test_login_order_query(self) -> None:
        api, recorder = self.trader()
        welcome = self.login(api, recorder)
        self.assertEqual(welcome["TradingDay"], api.GetTradingDay())
        self.assertEqual(api.ReqOrderInsert(buy(OrderRef="1", OrderPriceType="A"), 3), 0)
        recorder.wait("OnRtnTrade")
        orders = recorder.named("OnRtnOrder")
        self.assertEqual([call.values[0]["OrderStatus"] for call in orders], ["a", "a", "0"])
        self.assertEqual(orders[-1].values[0]["StatusMsg"], "全部成交报单已提交")
        self.assertEqual(orders[-1].values[0]["SessionID"], welcome["SessionID"])
        api.ReqQryTrade(body("QryTrade"), 9)
        trade, info, request_id, last = recorder.wait("OnRspQryTrade")[0].values
        self.assertEqual((trade["Volume"], info, request_id, last), (1, None, 9, True))

    def test_empty_answer_is_one_null(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        api.ReqQryOrder(body("QryOrder"), 7)
        self.assertEqual(recorder.wait("OnRspQryOrder")[0].values, [None, None, 7, True])

    @holds("WIRE-2")
    def test_every_request_is_answered(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        asked = 0
        for method in catalog.trading().methods.values():
            # A second login is not answered at all, and a logout ends the session.
            if method.shape is not Shape.REQUEST or method.name in (
                "ReqUserLogout",
                "ReqUserLogin",
            ):
                continue
            asked += 1
            struct = codec_for(runtime.load().td).layout(method.request_struct).new()
            self.assertEqual(getattr(api, method.name)(struct, 1000 + asked), 0)
            with recorder._news:
                wanted = 1000 + asked
                self.assertTrue(
                    recorder._news.wait_for(lambda: wanted in self._ended(recorder), PATIENCE),  # noqa: B023
                    method.name,
                )
        self.assertGreater(asked, 70)

    @staticmethod
    def _ended(recorder: Recorder) -> set[int]:
        return {
            call.values[-2]
            for call in recorder.calls
            if call.name.startswith("OnRsp") and call.values[-1] is True
        }

    @holds("WIRE-2")
    def test_unsimulated_is_27(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        api.ReqQryExchangeRate(body("QryExchangeRate"), 5)
        _, info, request_id, last = recorder.wait("OnRspQryExchangeRate")[0].values
        self.assertEqual((info["ErrorID"], request_id, last), (27, 5, True))
        self.assertEqual(info["ErrorMsg"], "CTP:不支持的功能")

    @holds("REQORDERINSERT-1", "ONRSPORDERINSERT-1", "REQORDERACTION-1")
    def test_refusal_comes_twice_and_echoes(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        api.ReqOrderInsert(buy(InstrumentID="nothing", BusinessUnit="张三"), 4)
        order, info, request_id, _ = recorder.wait("OnRspOrderInsert")[0].values
        self.assertEqual((order["BusinessUnit"], info["ErrorID"], request_id), ("张三", 16, 4))
        order, info = recorder.wait("OnErrRtnOrderInsert")[0].values
        self.assertEqual((order["InstrumentID"], info["ErrorID"]), ("nothing", 16))

    def test_text_without_gbk_form_is_no_trouble(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        order = buy(InstrumentID="x")
        raw = bytearray(_layout(order).read(order))
        field = _layout(order).by_name["BusinessUnit"]
        raw[field.offset : field.offset + 2] = b"\xff\xfe"
        _layout(order).write(order, bytes(raw))
        api.ReqOrderInsert(order, 4)
        answer = recorder.wait("OnRspOrderInsert")[0].values[0]
        self.assertEqual(answer["BusinessUnit"], "??")

    @holds("SJLSM-4")
    def test_every_session_of_the_account_is_told(self) -> None:
        first, one = self.trader()
        second, two = self.trader()
        third, stranger = self.trader()
        ids = {self.login(first, one)["SessionID"], self.login(second, two)["SessionID"]}
        self.assertEqual(len(ids), 2)
        self.login(third, stranger, "1002")
        first.ReqOrderInsert(buy(), 3)
        one.wait("OnRtnOrder", 2)
        two.wait("OnRtnOrder", 2)
        third.ReqQryOrder(body("QryOrder"), 1)
        stranger.wait("OnRspQryOrder")
        self.assertEqual(stranger.named("OnRtnOrder"), [])

    @holds("SUBSCRIBEPUBLICTOPIC-1", "SUBSCRIBEPRIVATETOPIC-3")
    def test_topics(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        api.ReqOrderInsert(waiting(), 3)
        recorder.wait("OnRtnOrder")
        for topic, expected in ((0, True), (1, False), (2, False)):
            # RESUME finds in the flow file that all has been received.
            again, seen = self.trader(topic)
            self.login(again, seen)
            again.ReqQryOrder(body("QryOrder"), 1)
            seen.wait("OnRspQryOrder")
            self.assertEqual(bool(seen.named("OnRtnOrder")), expected, f"topic {topic}")
            self.release(again)

    @holds("SUBSCRIBEPRIVATETOPIC-1")
    def test_resume_brings_what_was_missed(self) -> None:
        api, recorder = self.trader(1)
        self.login(api, recorder)
        api.ReqOrderInsert(waiting(), 3)
        recorder.wait("OnRtnOrder")
        self.release(api)
        elsewhere = self.flow
        self.flow = tempfile.mkdtemp(dir=self.mktemp_directory()) + "/"
        other, seen = self.trader()
        self.login(other, seen)
        other.ReqOrderInsert(buy(InstrumentID="zz", OrderRef="9"), 3)
        seen.wait("OnErrRtnOrderInsert")
        self.flow = elsewhere
        back, missed = self.trader(1)
        self.login(back, missed)
        missed.wait("OnErrRtnOrderInsert")
        self.assertEqual(missed.named("OnRtnOrder"), [])


class Manners(WithFront):
    """Threads, lifetimes, wrong calls."""

    @holds("JYJK-1")
    def test_callbacks_come_on_their_own_thread_and_are_wiped(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        threads = {call.thread for call in recorder.calls}
        self.assertEqual(threads, {"sim-trader"})
        api.ReqQryOrder(body("QryOrder"), 1)
        recorder.wait("OnRspQryOrder")
        kept = recorder.named("OnRspUserLogin")[0].pointers[0]
        self.assertEqual(set(_layout(kept).read(kept)), {0xDD})

    def test_exception_in_a_callback_is_contained(self) -> None:
        api, recorder = self.trader()

        def fail(call: Call) -> None:
            raise ZeroDivisionError(call.name)

        recorder.on_call = fail
        self.login(api, recorder)
        api.ReqQryOrder(body("QryOrder"), 1)
        recorder.wait("OnRspQryOrder")
        self.release(api)
        self.assertGreaterEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 2)

    @holds("JYJK-2")
    def test_wrong_calls_raise(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        self.assertRaises(TypeError, api.ReqQryOrder, None, 1)
        self.assertRaises(TypeError, api.ReqQryOrder, body("QryTrade"), 1)
        self.assertRaises(RuntimeError, api.Init)
        self.assertRaises(ValueError, api.RegisterSpi, None)
        self.release(api)
        self.assertRaises(RuntimeError, api.Release)
        self.assertRaises(RuntimeError, api.ReqQryOrder, body("QryOrder"), 1)
        self.assertEqual(api.Join(), 0)

    @with_method("GetFrontInfo")
    def test_a_front_tells_its_address(self) -> None:
        api, _ = self.trader()
        info = body("FrontInfo")
        api.GetFrontInfo(info)
        self.assertEqual(info.FrontAddr, "sim://")

    @holds("GETAPIVERSION-1")
    def test_what_a_front_tells_of_itself(self) -> None:
        api, _ = self.trader()
        self.assertTrue(api.GetApiVersion().endswith(" sim"))
        api.RegisterNameServer("tcp://127.0.0.1:1")
        self.assertEqual(api.RegisterUserSystemInfo(body("UserSystemInfo")), 0)

    def test_wrong_topic(self) -> None:
        api = self.front.create_trader(self.flow, False)
        self.addCleanup(self.release, api)
        self.assertRaises(ValueError, api.SubscribePrivateTopic, 9)

    @holds("LK-2", "LK-3", "LK-5")
    def test_query_pacing(self) -> None:
        self.front = SimulatedFront(SimOptions(seed=3, query_interval=3600))
        api, recorder = self.trader()
        self.login(api, recorder)
        self.assertEqual(api.ReqQryOrder(body("QryOrder"), 5), 0)
        self.assertIn(api.ReqQryOrder(body("QryOrder"), 6), (-2, -3))
        recorder.wait("OnRspQryOrder")
        # What is no query is never held back, nor are those of the core.
        self.assertEqual(api.ReqOrderInsert(buy(), 7), 0)
        money = body("ReqQueryAccount", BrokerID="9999", UserID="1001")
        self.assertEqual(api.ReqQueryBankAccountMoneyByFuture(money, 8), 0)
        recorder.wait("OnRspQueryBankAccountMoneyByFuture")

    @holds("REQUSERLOGIN-12")
    def test_request_before_the_connection(self) -> None:
        api = self.front.create_trader(self.flow, False)
        self.addCleanup(self.release, api)
        self.assertEqual(api.ReqUserLogin(body("ReqUserLogin"), 1), -1)

    def test_threads_end_and_the_exchange_lives_on(self) -> None:
        before = set(threading.enumerate())
        for _ in range(3):
            api, recorder = self.trader()
            self.login(api, recorder)
            api.ReqOrderInsert(buy(OrderPriceType="A"), 1)
            recorder.wait("OnRtnTrade")
            self.release(api)
            self.assertEqual(set(threading.enumerate()) - before, set())
        api, recorder = self.trader()
        self.login(api, recorder)
        api.ReqQryTrade(body("QryTrade"), 1)
        self.assertEqual(len(recorder.wait("OnRspQryTrade", 3)), 3)

    def test_release_inside_a_callback(self) -> None:
        api, recorder = self.trader()
        done = threading.Event()

        def release(call: Call) -> None:
            self.release(api)
            done.set()

        recorder.on_call = release
        api.ReqUserLogin(body("ReqUserLogin", UserID="1", Password="p"), 1)
        self.assertTrue(done.wait(PATIENCE))


class WithFaults(WithFront):
    """Faults and control requests as a client of the API meets them."""

    def session(self, **faults: float) -> tuple[Any, Recorder]:
        """A session of a front whose faults begin after the login."""
        api, recorder = self.trader(1)
        self.login(api, recorder)
        self.front.control("faults", **{name: str(value) for name, value in faults.items()})
        # Control requests are carried out in their turn: before this query.
        self.addCleanup(self.front.control, "faults")
        return api, recorder

    def settled(self, api: Any, recorder: Recorder) -> None:
        """Wait until the control request has been carried out."""
        api.ReqQryInvestor(body("QryInvestor"), 99)
        recorder.wait("OnRspQryInvestor")

    @holds("REQUSERLOGIN-12")
    def test_return_values(self) -> None:
        api, recorder = self.session(ReturnError=1)
        while not (returned := api.ReqQryOrder(body("QryOrder"), 1)):
            recorder.wait("OnRspQryOrder")
        self.assertIn(returned, (-1, -2, -3))

    def test_duplicates(self) -> None:
        api, recorder = self.session(Duplicate=1)
        self.settled(api, recorder)
        api.ReqOrderInsert(waiting(), 3)
        orders = recorder.wait("OnRtnOrder", 2)
        self.assertEqual(orders[0].values, orders[1].values)

    @holds("LK-4", "ONRSPERROR-1")
    def test_not_ready(self) -> None:
        api, recorder = self.session(NotReady=1)
        api.ReqQryOrder(body("QryOrder"), 5)
        info, request_id, last = recorder.wait("OnRspError")[0].values
        self.assertEqual((info["ErrorID"], request_id, last), (90, 5, True))
        self.assertEqual(recorder.named("OnRspQryOrder"), [])

    def test_slow_answer(self) -> None:
        api, recorder = self.session(SlowAnswer=1, SlowSeconds=0.05)
        api.ReqQryOrder(body("QryOrder"), 5)
        recorder.wait("OnRspQryOrder")

    @holds("SJLSM-1")
    def test_a_slow_request_is_lost_with_its_connection(self) -> None:
        api, recorder = self.session(SlowAnswer=1, SlowSeconds=0.2)
        self.settled(api, recorder)
        api.ReqOrderInsert(waiting(), 3)
        self.front.control("disconnect")
        recorder.wait("OnFrontConnected", 2)
        self.front.control("faults")
        self.login(api, recorder)
        # This one waits as long, and began later.
        self.front.control("faults", SlowAnswer="1", SlowSeconds="0.2")
        api.ReqQryOrder(body("QryOrder"), 5)
        self.assertIsNone(recorder.wait("OnRspQryOrder")[0].values[0])

    def test_what_was_sent_on_a_line_is_not_taken_on_the_next(self) -> None:
        api, recorder = self.session()
        connection, host = api._connection, self.front._host
        self.front.control("disconnect")
        recorder.wait("OnFrontConnected", 2)
        raw = codec_for(runtime.load().td).layout("CThostFtdcQryOrderField").pack({})
        host.request(connection, "ReqQryOrder", raw, 7, line=connection.line - 1)
        host.request(connection, "ReqQryOrder", raw, 8, line=connection.line)
        # The second alone is answered: nobody is logged in on the new line.
        self.assertEqual([call.values[2] for call in recorder.wait("OnRspQryOrder")], [8])

    def test_garbage(self) -> None:
        api, recorder = self.session(Garbage=1)
        api.ReqQryInvestor(body("QryInvestor"), 5)
        values = recorder.wait("OnRspQryInvestor")[0].values[0]
        self.assertTrue(any("\ufffd" in str(value) for value in values.values()))

    @holds("REQORDERINSERT-20")
    def test_lost_acknowledgement(self) -> None:
        api, recorder = self.session(LostAck=1)
        self.settled(api, recorder)
        api.ReqOrderInsert(buy(OrderPriceType="A"), 3)
        recorder.wait("OnFrontDisconnected")
        recorder.wait("OnFrontConnected", 2)
        self.assertEqual(recorder.named("OnRtnOrder"), [])
        self.front.control("faults")
        self.login(api, recorder)
        # The order had been taken: the resumed flow tells it.
        recorder.wait("OnRtnTrade")

    @holds("ONFRONTDISCONNECTED-2")
    def test_disconnection_by_control_for_each_reason(self) -> None:
        api, recorder = self.session()
        for place, reason in enumerate(REASONS, 1):
            self.front.control("disconnect", reason=hex(reason))
            lost = recorder.wait("OnFrontDisconnected", place)[-1]
            self.assertEqual(lost.values, [reason])
            recorder.wait("OnFrontConnected", place + 1)
        api.ReqQryOrder(body("QryOrder"), 5)
        self.assertEqual(recorder.wait("OnRspQryOrder")[0].values[1]["ErrorID"], 6)

    def test_random_disconnections(self) -> None:
        self.front = SimulatedFront(SimOptions(seed=3, faults=FaultOptions(disconnect=0.05)))
        _, recorder = self.trader()
        self.assertIn(recorder.wait("OnFrontDisconnected", 2)[0].values[0], REASONS)

    def test_disconnections_begin_and_end_by_control(self) -> None:
        api, recorder = self.session(Disconnect=0.02)
        recorder.wait("OnFrontDisconnected", 2)
        self.front.control("faults")
        # Once the control request has been carried out nothing that was planned happens.
        recorder.wait("OnFrontConnected", len(recorder.named("OnFrontDisconnected")) + 1)
        self.settled(api, recorder)
        before = len(recorder.named("OnFrontDisconnected"))
        for turn in range(20):
            self.front.control("silence", seconds="0")
            api.ReqQryInvestor(body("QryInvestor"), turn)
            recorder.wait("OnRspQryInvestor", turn + 2)
        self.assertEqual(len(recorder.named("OnFrontDisconnected")), before)

    def test_burst(self) -> None:
        api, recorder = self.market()
        api.SubscribeMarketData([b"rb2705", b"cu2701"], 2)
        recorder.wait("OnRtnDepthMarketData", 2)
        self.front.control("burst")
        ticks = recorder.wait("OnRtnDepthMarketData", 20_002)
        names = {call.values[0]["InstrumentID"] for call in ticks}
        self.assertEqual(names, {"rb2705", "cu2701"})

    def test_bursts_by_themselves(self) -> None:
        faults = FaultOptions(burst=0.05, burst_ticks=500)
        self.front = SimulatedFront(SimOptions(seed=3, faults=faults))
        api, recorder = self.market()
        api.SubscribeMarketData([b"rb2705"], 1)
        recorder.wait("OnRtnDepthMarketData", 1000)

    def test_silence(self) -> None:
        api, recorder = self.session()
        market, ticks = self.market()
        market.SubscribeMarketData([b"rb2705"], 1)
        ticks.wait("OnRtnDepthMarketData", 2)
        api.ReqOrderInsert(waiting(), 3)
        recorder.wait("OnRtnOrder")
        self.front.control("silence", seconds="3600")
        api.ReqQryOrder(body("QryOrder"), 5)
        self.front.control("burst", count="500")
        self.front.control("silence", seconds="0")
        api.ReqQryOrder(body("QryOrder"), 6)
        self.assertEqual(recorder.wait("OnRspQryOrder")[0].values[-2], 6)
        # The burst fell into the silence; the market goes on after it.
        self.assertLess(len(ticks.named("OnRtnDepthMarketData")), 500)
        ticks.wait("OnRtnDepthMarketData", len(ticks.named("OnRtnDepthMarketData")) + 1)

    def test_pushes_come_after_a_silence(self) -> None:
        # Two hours in a second: what rests at the best price soon fills.
        self.front = SimulatedFront(SimOptions(seed=3, speed=7200))
        api, recorder = self.session()
        api.ReqOrderInsert(buy(OrderPriceType="C"), 3)
        self.front.control("silence", seconds="1")
        recorder.wait("OnRtnTrade")

    def test_what_a_silence_held_back_is_lost_with_the_connection(self) -> None:
        api, recorder = self.session()
        self.front.control("silence", seconds="3600")
        # An order of another session of the account, told in the silence: by the core itself.
        self.front._host._commands.put(None, lambda now: self._push())
        self.front.control("disconnect")
        recorder.wait("OnFrontDisconnected")
        self.assertEqual(recorder.named("OnRtnTrade"), [])
        self.front.control("silence", seconds="0")
        self.login(api, recorder)
        # The private flow goes on where it was.
        recorder.wait("OnRtnTrade")

    def _push(self) -> None:
        self.front._host._core.tell(Push(("9999", "1001"), "OnRtnTrade", {"TradeID": "1"}))

    def test_silences_by_themselves(self) -> None:
        api, recorder = self.session(Silence=0.02, SilenceSeconds=0.02)
        for turn in range(1000):
            api.ReqQryInvestor(body("QryInvestor"), turn)
        self.front.control("faults")
        self.front.control("silence", seconds="0")
        api.ReqQryInvestor(body("QryInvestor"), 1000)
        recorder.wait("OnRspQryInvestor")

    def test_wrong_control_requests(self) -> None:
        for command, arguments in (
            ("explode", {}),
            ("disconnect", {"reason": "7"}),
            ("silence", {"hours": "1"}),
            ("burst", {"count": "-1"}),
            ("faults", {"Duplicates": "1"}),
        ):
            self.assertRaises(OptionError, self.front.control, command, **arguments)


class MarketData(WithFront):
    """Subscriptions and ticks."""

    def test_ticks_after_subscribing_and_none_after_unsubscribing(self) -> None:
        api, recorder = self.market()
        self.assertEqual(api.SubscribeMarketData([b"rb2705", b"nothing"], 2), 0)
        answers = recorder.wait("OnRspSubMarketData", 2)
        self.assertEqual(
            [(c.values[0]["InstrumentID"], c.values[1]["ErrorID"], c.values[-1]) for c in answers],
            [("rb2705", 0, False), ("nothing", 16, True)],
        )
        first, second = recorder.wait("OnRtnDepthMarketData", 2)[:2]
        tick = first.values[0]
        self.assertEqual(tick["InstrumentID"], "rb2705")
        self.assertLess(tick["BidPrice1"], tick["AskPrice1"])
        self.assertGreaterEqual(second.values[0]["Volume"], tick["Volume"])
        api.UnSubscribeMarketData([b"rb2705"], 1)
        recorder.wait("OnRspUnSubMarketData")

    def test_names_that_are_none_are_answered(self) -> None:
        api, recorder = self.market()
        names = ["铜".encode("gbk"), b"\xff\xb0", b"x" * 300, b""]
        api.SubscribeMarketData(names, len(names))
        answers = recorder.wait("OnRspSubMarketData", len(names))
        self.assertEqual([call.values[1]["ErrorID"] for call in answers], [16] * len(names))
        told = [call.values[0]["InstrumentID"] for call in answers]
        self.assertEqual((told[0], told[2]), ("铜", "x" * 80))

    def test_fields_of_a_tick_are_all_there(self) -> None:
        names = {
            field.name
            for field in catalog.market_data().struct("CThostFtdcDepthMarketDataField").fields
        }
        self.assertEqual(names - set(FIELDS), {"reserve1", "reserve2"})

    @holds("BJHXJ-4", "BJHXJ-1")
    def test_requests_for_quotes(self) -> None:
        api, ticks = self.market()
        api.SubscribeForQuoteRsp([b"m2707-C-2550"], 1)
        ticks.wait("OnRspSubForQuoteRsp")
        trader, recorder = self.trader()
        self.login(trader, recorder)
        trader.ReqForQuoteInsert(body("InputForQuote", InstrumentID="m2707-C-2550"), 3)
        quote = ticks.wait("OnRtnForQuoteRsp")[0].values[0]
        self.assertEqual((quote["InstrumentID"], quote["ExchangeID"]), ("m2707-C-2550", "DCE"))

    def test_count_above_the_list_raises(self) -> None:
        api, _ = self.market()
        self.assertRaises(ValueError, api.SubscribeMarketData, [b"rb2705"], 2)

    @holds("MD-REQUSERLOGIN-1")
    def test_login_needs_no_credentials(self) -> None:
        api, recorder = self.market()
        layout = codec_for(runtime.load().md).layout("CThostFtdcReqUserLoginField")
        api.ReqUserLogin(layout.new(), 3)
        self.assertEqual(recorder.wait("OnRspUserLogin")[0].values[1]["ErrorID"], 0)

    @holds("REQQRYDEPTHMARKETDATA-1")
    def test_depth_by_query_is_the_same_tick(self) -> None:
        api, recorder = self.trader()
        self.login(api, recorder)
        api.ReqQryDepthMarketData(body("QryDepthMarketData", InstrumentID="IF2612"), 5)
        rows = recorder.wait("OnRspQryDepthMarketData")
        self.assertEqual(rows[0].values[0]["ExchangeID"], "CFFEX")
