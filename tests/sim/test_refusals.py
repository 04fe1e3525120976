"""Every refusal by CTP: its code, on both callbacks, and nothing else comes of the request."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes, states
from webctp.exchanges import calendar, productfile
from webctp.sim.accounts.accountfile import Opening
from webctp.sim.events import Event, Push, Reply
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

Asking = Callable[[], list[Event]]


class Case(SynchronousTestCase):
    """A bench, and what is said of a refusal."""

    def bench(self, rights: int = 0, **options: Any) -> Bench:
        bench = Bench(SimOptions(seed=7, **options))
        bench.exchange.openings = {"1001": Opening("", "", None, rights)}
        return bench

    def refused(self, bench: Bench, code: int, ask: Asking, *callbacks: str) -> None:
        """Fail unless a request is answered by ``code`` on both callbacks and changes nothing."""
        before = {key: repr(account) for key, account in bench.exchange.accounts.items()}
        events = ask()
        replies = [(e.callback, e.error) for e in events if isinstance(e, Reply)]
        told = [(e.callback, e.error) for e in events if isinstance(e, Push)]
        self.assertEqual((replies, told), ([(callbacks[0], code)], [(callbacks[1], code)]))
        for key, account in before.items():
            self.assertEqual(repr(bench.exchange.accounts[key]), account)
        audit(bench.exchange)


class Orders(Case):
    """OnRspOrderInsert and OnErrRtnOrderInsert."""

    def order(self, bench: Bench, session: int, code: int, **changes: Any) -> None:
        self.refused(
            bench,
            code,
            lambda: bench.order(session, **changes),
            "OnRspOrderInsert",
            "OnErrRtnOrderInsert",
        )

    def plain(self, code: int, **changes: Any) -> None:
        """An order of a user who has sent none before."""
        bench = self.bench()
        self.order(bench, bench.login(), code, **changes)

    def test_12_another_broker(self) -> None:
        self.plain(12, BrokerID="1")

    @holds("REQORDERINSERT-19")
    def test_9_another_investor(self) -> None:
        self.plain(9, InvestorID="1002")

    @holds("ERRORS-6")
    def test_146_to_148_what_may_not_be_left_out(self) -> None:
        self.plain(146, InvestorID="")
        self.plain(147, ExchangeID="")
        self.plain(148, ExchangeID="LME")

    @holds("REQORDERINSERT-5")
    def test_15_fields_that_make_no_order(self) -> None:
        self.plain(15, Direction="2")

    def test_15_after_the_last_reference(self) -> None:
        bench = self.bench()
        session = bench.login()
        bench.order(session, OrderRef="9" * 12)
        self.order(bench, session, 15)

    def test_16_no_such_instrument(self) -> None:
        self.plain(16, instrument="cu9999")

    def test_17_an_instrument_or_a_product_that_is_barred(self) -> None:
        bench = self.bench(not_trading=frozenset({"cu2701", "rb", "m_o"}))
        session = bench.login()
        for name in ("cu2701", "rb2705", "m2705-C-2800"):
            self.order(bench, session, 17, instrument=name)
        self.assertEqual(states(bench.order(session, "cu2702"))[:2], ["0a", "0a"])
        rows = bench.rows(session, "ReqQryInstrument", ProductID="cu")
        tradable = {row["InstrumentID"]: row["IsTrading"] for row in rows}
        self.assertEqual((tradable["cu2701"], tradable["cu2702"]), (0, 1))

    def test_17_after_the_last_close_of_a_contract(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(SimOptions(seed=7), hours, datetime(2026, 12, 15, 14, 59))
        session = bench.login()
        self.assertEqual(states(bench.order(session, "cu2612"))[:2], ["0a", "0a"])
        bench.run(120)
        self.order(bench, session, 17, instrument="cu2612")
        # Others have only closed for the day, which is the exchange's to say.
        self.assertEqual(states(bench.order(session, "cu2702")), ["0a", "45"])

    @holds("REQORDERINSERT-4")
    def test_22_a_reference_that_does_not_grow(self) -> None:
        bench = self.bench()
        session = bench.login()
        bench.order(session, OrderRef="5")
        self.order(bench, session, 22, OrderRef="5")

    def test_28_no_right_to_trade(self) -> None:
        bench = self.bench(rights=28)
        self.order(bench, bench.login(), 28)

    def test_29_the_right_to_close_only(self) -> None:
        bench = self.bench(rights=29)
        self.order(bench, bench.login(), 29)

    def test_30_more_than_is_held(self) -> None:
        self.plain(30, Direction="1", CombOffsetFlag="1")

    def test_31_more_than_the_money_allows(self) -> None:
        self.plain(31, VolumeTotalOriginal=499)

    @holds("REQSETTLEMENTINFOCONFIRM-1")
    def test_42_settlement_not_confirmed(self) -> None:
        bench = self.bench()
        self.order(bench, bench.login(confirm=False), 42)

    @holds("REQORDERINSERT-7")
    def test_50_and_51_days_kept_apart(self) -> None:
        bench = self.bench()
        session = bench.login()
        bench.order(session, VolumeTotalOriginal=2)
        low = bench.market("cu2701").day.lower / 10_000
        bench.order(session, Direction="1", CombOffsetFlag="3", VolumeTotalOriginal=2)
        sell: dict[str, Any] = {"Direction": "1", "LimitPrice": low}
        self.order(bench, session, 51, CombOffsetFlag="4", **sell)
        self.order(bench, session, 50, CombOffsetFlag="3", **sell)

    @holds("GJYSTSZL-2")
    def test_80_a_price_type_that_the_exchange_has_not(self) -> None:
        self.plain(80, OrderPriceType="3")

    @holds("GJYSTSZL-7")
    def test_65_an_order_to_swap(self) -> None:
        for name in ("cu2701", "sc2702", "IF2612", "SR705", "m2705", "si2702"):
            for changes in ({}, {"CombOffsetFlag": "1", "VolumeCondition": "2", "MinVolume": 1}):
                self.plain(65, instrument=name, IsSwapOrder=1, **changes)

    def test_106_more_than_a_position_may_have(self) -> None:
        bench = self.bench(position_limit=5)
        session = bench.login()
        bench.order(session, VolumeTotalOriginal=3)
        low = bench.market("cu2701").day.lower / 10_000
        bench.order(session, VolumeTotalOriginal=1, LimitPrice=low)
        self.order(bench, session, 106, VolumeTotalOriginal=2)
        # The last lot, the other side and other instruments are free.
        for changes in ({}, {"Direction": "1", "LimitPrice": low}, {"instrument": "cu2702"}):
            self.assertEqual(states(bench.order(session, **changes)), ["0a", "0a", "00", "T"])

    def test_106_by_the_account_file(self) -> None:
        bench = self.bench(position_limit=5)
        bench.exchange.openings = {
            "1001": Opening("", "", None, 0, 2),
            "1002": Opening("", "", None, 0, 0),
        }
        self.order(bench, bench.login(), 106, VolumeTotalOriginal=3)
        events = bench.order(bench.login("1002"), VolumeTotalOriginal=6)
        self.assertEqual(states(events)[:2], ["0a", "0a"])

    def test_116_too_many_in_a_second(self) -> None:
        bench = self.bench(order_rate=2)
        session = bench.login()
        bench.order(session)
        # All sessions of a user count together.
        bench.order(bench.login())
        self.order(bench, session, 116)
        bench.run(1)
        self.assertEqual(states(bench.order(session))[:2], ["0a", "0a"])


class Actions(Case):
    """OnRspOrderAction and OnErrRtnOrderAction."""

    def action(self, bench: Bench, session: int, code: int, **values: Any) -> None:
        self.refused(
            bench,
            code,
            lambda: bench.action(session, **values),
            "OnRspOrderAction",
            "OnErrRtnOrderAction",
        )

    def test_12_and_9_anothers(self) -> None:
        bench = self.bench()
        session = bench.login()
        self.action(bench, session, 12, BrokerID="1")
        self.action(bench, session, 9, InvestorID="1002")

    @holds("REQORDERACTION-3")
    def test_what_may_not_be_left_out(self) -> None:
        bench = self.bench()
        session = bench.login()
        low = bench.market("cu2701").day.lower / 10_000
        sys_id = pushes(bench.order(session, OrderRef="1", LimitPrice=low), "OnRtnOrder")[-1][
            "OrderSysID"
        ]
        for way in ({"OrderRef": "1"}, {"OrderSysID": sys_id}):
            self.action(bench, session, 146, **way, InvestorID="")
            self.action(bench, session, 147, **way, ExchangeID="")
            self.action(bench, session, 23, **way, InstrumentID="")
            # Another's instrument or exchange: not that order.
            self.action(bench, session, 25, **way, InstrumentID="cu2702")
            self.action(bench, session, 25, **way, ExchangeID="INE")
            # UserID decides who hears of a refusal.
            events = bench.action(session, **way, UserID="", ActionFlag="3")
            self.assertEqual(
                [(e.callback, e.error) for e in events if isinstance(e, Reply | Push)],
                [("OnRspOrderAction", 23)],
            )

    @holds("REQORDERACTION-5", "ONRSPORDERACTION-1")
    def test_23_no_deletion(self) -> None:
        bench = self.bench()
        session = bench.login()
        bench.order(session, OrderRef="1")
        self.action(bench, session, 23, OrderRef="1", ActionFlag="3")

    @holds("DBHB-1")
    def test_25_no_such_order(self) -> None:
        bench = self.bench()
        session = bench.login()
        self.action(bench, session, 25, OrderRef="9")
        self.action(bench, session, 25, ExchangeID="SHFE", OrderSysID="9")

    def test_25_anothers_order(self) -> None:
        bench = self.bench()
        bench.order(bench.login("1002"), OrderRef="1")
        session = bench.login()
        self.action(bench, session, 25, SessionID=session - 1, OrderRef="1")

    @holds("DBHB-1")
    def test_26_an_order_that_has_ended(self) -> None:
        bench = self.bench()
        session = bench.login()
        bench.order(session, OrderRef="1")
        self.action(bench, session, 26, OrderRef="1")

    def test_91_outside_the_sessions(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(SimOptions(seed=7), hours, datetime(2026, 11, 24, 10, 10))
        session = bench.login()
        low = bench.market("cu2701").day.lower / 10_000
        bench.order(session, OrderRef="1", LimitPrice=low)
        bench.run(600)
        # The exchange's own refusal is told to those who have given a UserID, and by no answer.
        events = bench.action(session, OrderRef="1")
        self.assertEqual(
            [(e.callback, e.error) for e in events if isinstance(e, Reply | Push)],
            [("OnErrRtnOrderAction", 91)],
        )
        row = pushes(events, "OnErrRtnOrderAction")[0]
        self.assertEqual(row["StatusMsg"], "SHFE:当前状态禁止此项操作")
        self.assertEqual(bench.action(session, OrderRef="1", UserID=""), [])

    def test_116_too_many_in_a_second(self) -> None:
        bench = self.bench(order_rate=1)
        session = bench.login()
        low = bench.market("cu2701").day.lower / 10_000
        row = pushes(bench.order(session, OrderRef="1", LimitPrice=low), "OnRtnOrder")[-1]
        self.assertEqual(row["OrderStatus"], "3")
        self.action(bench, session, 116, OrderRef="1")
