"""A user's strategy through a whole trading day, and a night seen through the API."""

from datetime import datetime
from functools import partial

from twisted.trial.unittest import SynchronousTestCase

from tests.sim.audit import Witness, agree, audit
from tests.sim.helpers import Bench
from tests.sim.host.test_api import WithFront, body, buy
from webctp.exchanges import calendar, productfile
from webctp.sim import SimOptions, SimulatedFront
from webctp.sim.accounts.orders import OPEN_STATES
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.money import units
from webctp.sim.settlement.statement import decode

_NAMES = ("ExchangeID", "OrderSysID", "InstrumentID")
"""What names an order in an action."""
TURN = 10
"""Market seconds from one look of the strategy to the next."""


class Strategy:
    """Opens a lot, closes it the same day, keeps an order resting and moves it, asks questions."""

    def __init__(self, bench: Bench, name: str) -> None:
        self.bench = bench
        self.name = name
        self.session = bench.login()
        self.witness = Witness()
        self.turns = 0

    def turn(self) -> None:
        """One look at the market."""
        self.turns += 1
        self.witness.see(self.bench.run(TURN))
        if self.turns % 30 == 0:
            self.trade()
            audit(self.bench.exchange)
        if self.turns % 300 == 0:
            agree(partial(self.bench.rows, self.session), self.witness)

    def trade(self) -> None:
        """Cancel what rests, then close what is held, or open."""
        bench, name = self.bench, self.name
        for row in bench.rows(self.session, "ReqQryOrder"):
            if row["OrderStatus"] in OPEN_STATES:
                action = {key: row[key] for key in _NAMES}
                self.see("ReqOrderAction", ActionFlag="0", **action)
        held = [
            row
            for row in bench.rows(self.session, "ReqQryInvestorPosition", InstrumentID=name)
            if row["Position"]
        ]
        low, high = bench.market(name).day.lower / 10_000, bench.market(name).day.upper / 10_000
        if held:
            sell = {"Direction": "1", "CombOffsetFlag": "3", "LimitPrice": low}
            self.see("ReqOrderInsert", **bench.input(name, VolumeTotalOriginal=1) | sell)
        else:
            self.see("ReqOrderInsert", **bench.input(name, VolumeTotalOriginal=1, LimitPrice=high))
        self.see("ReqOrderInsert", **bench.input(name, LimitPrice=low))

    def see(self, request: str, **values: object) -> None:
        self.witness.see(self.bench.ask(self.session, request, **values))


class WholeDay(SynchronousTestCase):
    """From the evening's auction to the settlement."""

    def test_books_balance_and_the_statement_adds_up(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(SimOptions(seed=21), hours, datetime(2026, 11, 23, 20, 50))
        strategy = Strategy(bench, "rb2705")
        end = datetime(2026, 11, 24, 16, 59)
        while bench.now < end:
            strategy.turn()
        trades = list(bench.exchange.engine.trades)
        orders = list(bench.exchange.engine.orders)
        self.assertGreater(len(trades), 20)
        self.assertTrue(all(not order.alive for order in orders))
        paid = sum(trade.commission for trade in trades)
        profit = sum(trade.profit for trade in trades)
        bench.run(120)
        account = bench.exchange.accounts["9999", "1001"]
        found = decode(bench.exchange.users["9999", "1001"].statements["20261124"]).summary
        self.assertEqual((found.commission, found.closed), (paid, profit))
        self.assertEqual(found.after, account.pre_balance)
        change = found.closed + found.marked - found.commission
        self.assertEqual(found.after - units(10_000_000), change)


class Night(WithFront):
    """The front closes, settles and comes back; two hours of the market pass in a second."""

    def setUp(self) -> None:
        super().setUp()
        start = datetime(2026, 11, 24, 14, 50)
        options = SimOptions(seed=3, clock="calendar", speed=7200, start=start)
        self.front = SimulatedFront(options)

    def test_disconnected_for_the_night(self) -> None:
        api, recorder = self.trader()
        day = self.login(api, recorder)["TradingDay"]
        self.assertEqual(day, "20261124")
        api.ReqOrderInsert(buy(), 3)
        recorder.wait("OnRtnOrder", 2)
        recorder.wait("OnFrontDisconnected")
        self.assertEqual(api.ReqQryOrder(body("QryOrder"), 1), -1)
        recorder.wait("OnFrontConnected", 2)
        api.ReqUserLogin(body("ReqUserLogin", BrokerID="9999", UserID="1001", Password="p"), 5)
        welcome = recorder.wait("OnRspUserLogin", 2)[-1].values[0]
        self.assertEqual(welcome["TradingDay"], "20261125")
        api.ReqQrySettlementInfo(body("QrySettlementInfo"), 6)
        # The next answer tells that this one has ended.
        api.ReqQrySettlementInfoConfirm(body("QrySettlementInfoConfirm"), 7)
        recorder.wait("OnRspQrySettlementInfoConfirm")
        rows = [call.values[0] for call in recorder.named("OnRspQrySettlementInfo")]
        whole = b"".join(row["Content"].rstrip(b"\0") for row in rows)
        self.assertIn("期末结存", whole.decode("gbk"))
        self.assertIn("20261124", whole.decode("gbk"))
