"""The private and the public flow: how they go on, over reconnects, restarts and a lost flow."""

import tempfile
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.host.test_api import Recorder, WithFront, body, buy
from webctp.ctp import catalog
from webctp.sim.front import SimulatedFront
from webctp.sim.host.flows import NONE, PUBLIC, QUICK, RESTART, RESUME, FlowPlace, Flows
from webctp.sim.host.packing import Delivery
from webctp.sim.money import yuan
from webctp.sim.options import SimOptions

ACCOUNT = ("9999", "1001")
TODAY = "20261124"


class NumberTests(SynchronousTestCase):
    """Numbers alone."""

    def setUp(self) -> None:
        self.flows = Flows()
        for name in ("OnRtnOrder", "OnRtnTrade", "OnRtnFromBankToFutureByFuture"):
            self.flows.add(ACCOUNT, Delivery(name))
        self.flows.add(PUBLIC, Delivery("OnRtnInstrumentStatus"))

    def numbers(self, mode: int, day: str = TODAY, number: int = 0) -> tuple[list[int], int]:
        due = self.flows.due(ACCOUNT, FlowPlace(mode, day, number), TODAY)
        return [message.flow for message in due.messages], min(due.above, 9)

    @holds("SUBSCRIBEPRIVATETOPIC-1", "SUBSCRIBEPUBLICTOPIC-1", "SJLSM-2")
    def test_how_a_flow_goes_on(self) -> None:
        self.assertEqual(self.numbers(RESTART, number=2), ([1, 2, 3], 0))
        self.assertEqual(self.numbers(RESUME, number=2), ([3], 2))
        self.assertEqual(self.numbers(RESUME, "20261123", 2), ([1, 2, 3], 0))
        self.assertEqual(self.numbers(QUICK, number=2), ([], 0))
        self.assertEqual(self.numbers(NONE), ([], 9))

    def test_each_flow_has_its_own_numbers(self) -> None:
        (status,) = self.flows.by_account[PUBLIC]
        self.assertEqual((status.flow, status.public), (1, True))
        self.assertFalse(self.flows.by_account[ACCOUNT][0].public)

    @holds("SUBSCRIBEPRIVATETOPIC-2")
    def test_one_that_begins_anew_has_less_than_was_received(self) -> None:
        self.flows.begin_anew()
        (kept,) = self.flows.by_account[ACCOUNT]
        self.assertEqual((kept.callback, kept.flow), ("OnRtnFromBankToFutureByFuture", 1))
        self.assertEqual(self.numbers(RESUME, number=3), ([], 3))


class FlowCase(WithFront):
    """APIs whose SPIs write down what they get."""

    def resting(self, ref: int) -> Any:
        """An order that rests, at the lowest price."""
        lowest = self.front._host._core.markets.market("rb2705").day.lower
        return buy(OrderRef=str(ref), OrderPriceType="2", LimitPrice=yuan(lowest))

    def take_orders(self, api: Any, recorder: Any, *refs: int) -> None:
        """Enter orders that rest, and one that is filled at once."""
        for ref in refs:
            api.ReqOrderInsert(self.resting(ref), ref)
        api.ReqOrderInsert(buy(OrderRef="99", OrderPriceType="A"), 99)
        recorder.wait("OnRtnTrade")

    def told(self, recorder: Any, api: Any, name: str = "OnRtnOrder") -> list[Any]:
        """What has come of a callback once a query's answer is there."""
        before = len(recorder.named("OnRspQryInvestor"))
        api.ReqQryInvestor(body("QryInvestor"), 77)
        recorder.wait("OnRspQryInvestor", before + 1)
        return [call.values[0] for call in recorder.named(name)]


class FlowTests(FlowCase):
    """How the flows go on."""

    @holds("SJLSM-2", "SJLSM-3")
    def test_a_reconnect_goes_on_as_the_topic_says(self) -> None:
        sessions = {}
        for mode in (RESTART, RESUME, QUICK):
            self.flow = tempfile.mkdtemp(dir=self.mktemp_directory()) + "/"
            sessions[mode] = self.trader(mode)
            self.login(*sessions[mode])
        api, recorder = sessions[QUICK]
        self.take_orders(api, recorder, 1)
        before = {mode: len(self.told(one[1], one[0])) for mode, one in sessions.items()}
        self.assertEqual(len(set(before.values())), 1)
        self.front.control("disconnect")
        for _, recorder in sessions.values():
            recorder.wait("OnFrontConnected", 2)
        after = {}
        for mode, (api, recorder) in sessions.items():
            self.login(api, recorder)
            after[mode] = len(self.told(recorder, api)) - before[mode]
        self.assertEqual(after, {RESTART: before[RESTART], RESUME: 0, QUICK: 0})

    @holds("SUBSCRIBEPUBLICTOPIC-1", "HYZTBHSM2-2")
    def test_the_public_flow_too(self) -> None:
        counts = []
        for mode in (RESTART, RESUME, QUICK, NONE):
            api = self.front.create_trader(self.flow, False)
            recorder = Recorder(catalog.trading())
            api.RegisterSpi(recorder.spi)
            api.SubscribePublicTopic(mode)
            self.addCleanup(self.release, api)
            api.Init()
            recorder.wait("OnFrontConnected")
            self.login(api, recorder)
            counts.append(len(self.told(recorder, api, "OnRtnInstrumentStatus")))
            self.release(api)
        products = counts[0]
        self.assertGreater(products, 50)
        self.assertEqual(counts, [products, 0, 0, 0])

    def test_a_restart_of_the_exchange_keeps_the_numbers(self) -> None:
        state = str(Path(self.mktemp_directory()) / "state")
        self.front = SimulatedFront(SimOptions(seed=3, state_path=state))
        api, recorder = self.trader(RESUME)
        self.login(api, recorder)
        self.take_orders(api, recorder, 1)
        orders = len(self.told(recorder, api))
        self.release(api)
        self.front = SimulatedFront(SimOptions(seed=3, state_path=state))
        for mode, wanted in ((RESUME, 0), (RESTART, orders)):
            again, seen = self.trader(mode)
            self.login(again, seen)
            self.assertEqual(len(self.told(seen, again)), wanted, f"mode {mode}")
            self.release(again)


class NewFlowTests(FlowCase):
    """清流重启: CTP begins its flows anew."""

    def begin_anew(self, *recorders: Any, **arguments: str) -> None:
        """Let the flows begin anew, and wait until everybody is connected again."""
        before = [len(one.named("OnFrontConnected")) for one in recorders]
        self.front.control("newflow", **arguments)
        for one, count in zip(recorders, before, strict=True):
            one.wait("OnFrontConnected", count + 1)

    @holds("SUBSCRIBEPRIVATETOPIC-2")
    def test_with_restart_all_comes_with_resume_nothing(self) -> None:
        resume, heard = self.trader(RESUME)
        self.login(resume, heard)
        self.flow = tempfile.mkdtemp(dir=self.mktemp_directory()) + "/"
        restart, all_heard = self.trader(RESTART)
        self.login(restart, all_heard)
        self.take_orders(restart, all_heard, 1, 2)
        self.told(heard, resume)
        self.begin_anew(heard, all_heard)
        heard.calls.clear()
        all_heard.calls.clear()
        self.login(resume, heard)
        self.login(restart, all_heard)
        restart.ReqOrderInsert(self.resting(50), 50)
        all_heard.wait("OnRtnOrder", 4)
        # Three orders, each once; then the new one's first words.
        self.assertEqual(len(self.told(all_heard, restart, "OnRtnTrade")), 1)
        self.assertEqual(self.told(heard, resume), [], "the trap of RESUME")
        self.assertEqual(self.told(heard, resume, "OnRtnTrade"), [])

    @holds("JKZYXZYXHSM-2", "JKZYXZYXHSM-3", "JKZYXZYXHSM-6")
    def test_what_stays_of_an_order_and_what_does_not(self) -> None:
        api, recorder = self.trader(RESTART)
        self.login(api, recorder)
        self.take_orders(api, recorder, 7)
        last = {row["BrokerOrderSeq"]: row for row in self.told(recorder, api)}
        trades = self.told(recorder, api, "OnRtnTrade")
        self.begin_anew(recorder)
        recorder.calls.clear()
        self.login(api, recorder)
        anew = self.told(recorder, api)
        self.assertEqual(len(anew), len(last))
        for row in anew:
            before = last[row["BrokerOrderSeq"]]
            for name in ("ExchangeID", "TraderID", "OrderLocalID", "OrderSysID", "OrderStatus"):
                self.assertEqual(row[name], before[name], name)
            self.assertNotEqual(row["SessionID"], before["SessionID"])
            self.assertEqual(row["RequestID"], 0)
        (told,) = self.told(recorder, api, "OnRtnTrade")
        self.assertEqual(told["TradeID"], trades[0]["TradeID"])

    @holds("JKZYXZYXHSM-3")
    def test_an_order_that_rests_is_cancelled_by_its_number(self) -> None:
        api, recorder = self.trader(RESTART)
        self.login(api, recorder)
        api.ReqOrderInsert(self.resting(7), 7)
        resting = recorder.wait("OnRtnOrder", 2)[-1].values[0]
        self.begin_anew(recorder)
        recorder.calls.clear()
        self.login(api, recorder)
        recorder.wait("OnRtnOrder")
        cancel = {
            "BrokerID": "9999",
            "InvestorID": "1001",
            "UserID": "1001",
            "ActionFlag": "0",
            "OrderActionRef": 1,
            "InstrumentID": resting["InstrumentID"],
            "ExchangeID": resting["ExchangeID"],
        }
        api.ReqOrderAction(body("InputOrderAction", OrderSysID=resting["OrderSysID"], **cancel), 8)
        recorder.wait("OnRtnOrder", 3)
        self.assertEqual(self.told(recorder, api)[-1]["OrderStatus"], "5")

    def test_trade_ids_begin_anew_where_that_is_asked_for(self) -> None:
        api, recorder = self.trader(RESTART)
        self.login(api, recorder)
        self.take_orders(api, recorder)
        first = self.told(recorder, api, "OnRtnTrade")[0]["TradeID"]
        for arguments, same in (({}, False), ({"trades": "1"}, True)):
            self.begin_anew(recorder, **arguments)
            recorder.calls.clear()
            self.login(api, recorder)
            before = len(self.told(recorder, api, "OnRtnTrade"))
            api.ReqOrderInsert(buy(OrderRef="100", OrderPriceType="A"), 99)
            latest = recorder.wait("OnRtnTrade", before + 1)[-1].values[0]
            self.assertEqual(latest["TradeID"] == first, same)

    def test_it_survives_a_restart_of_the_exchange(self) -> None:
        state = str(Path(self.mktemp_directory()) / "state")
        self.front = SimulatedFront(SimOptions(seed=3, state_path=state))
        api, recorder = self.trader(RESTART)
        self.login(api, recorder)
        self.take_orders(api, recorder, 1)
        self.begin_anew(recorder)
        recorder.calls.clear()
        self.login(api, recorder)
        orders, trades = self.told(recorder, api), self.told(recorder, api, "OnRtnTrade")
        self.release(api)
        self.front = SimulatedFront(SimOptions(seed=3, state_path=state))
        again, seen = self.trader(RESTART)
        self.login(again, seen)
        self.assertEqual(self.told(seen, again), orders)
        self.assertEqual(self.told(seen, again, "OnRtnTrade"), trades)

    def test_by_itself(self) -> None:
        self.front = SimulatedFront(SimOptions(seed=3))
        api, recorder = self.trader(RESTART)
        self.login(api, recorder)
        self.front.control("faults", NewFlow="0.05")
        recorder.wait("OnFrontConnected", 3)
        self.front.control("faults")
