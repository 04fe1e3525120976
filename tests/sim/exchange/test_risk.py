"""Risk control: who is called for margin, and what the broker closes."""

from datetime import datetime, timedelta
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.accounts.test_banks import TO_FUTURES, carry_out
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes
from tests.sim.statementreader import reader_of
from tests.sim.test_day import bench_at, until
from webctp.sim.accounts.account import Account
from webctp.sim.events import Event
from webctp.sim.money import units
from webctp.sim.options import SimOptions

NOTICE = "OnRtnTradingNotice"


class Poor:
    """An investor who holds more than the money left allows; ``wanting`` yuan below 0."""

    def __init__(self, after: float = 0.0, wanting: float = 30_000.0) -> None:
        self.bench = Bench(SimOptions(seed=7, force_close_after=after))
        self.session = self.bench.login()
        for name, volume in (("cu2701", 2), ("m2705", 5), ("IF2701", 1)):
            self.bench.order(self.session, name, VolumeTotalOriginal=volume)
        self.lose(wanting)

    @property
    def account(self) -> Account:
        return self.bench.exchange.accounts["9999", "1001"]

    @property
    def available(self) -> float:
        return float(str(self.bench.funds(self.session)["Available"]))

    def lose(self, wanting: float) -> None:
        """Take money away, as a bad trade of before would have."""
        available = self.account.funds(self.bench.exchange.markets.last).available
        self.account.pre_balance -= available + units(wanting)

    def close(self, instrument: str = "", most: int = 0, reason: str = "1") -> list[Event]:
        self.bench.exchange.risk.close(self.account, instrument, most, reason)
        return self.bench.exchange.drain()

    def held(self) -> dict[str, int]:
        return {
            position.contract.instrument: position.volume()
            for position in self.account.positions.values()
            if position.volume()
        }

    def notices(self) -> list[Any]:
        return list(self.bench.rows(self.session, "ReqQryTradingNotice"))


class Calls(SynchronousTestCase):
    """Notices of a want of money."""

    @holds("ONRTNTRADINGNOTICE-1")
    def test_an_account_below_nothing_is_told_once(self) -> None:
        poor = Poor()
        [row] = pushes(poor.bench.run(31), NOTICE)
        self.assertEqual((row["BrokerID"], row["InvestorID"]), ("9999", "1001"))
        self.assertIn("风险通知", row["FieldContent"])
        self.assertEqual(poor.notices(), [row])
        self.assertEqual(row["SendTime"], f"{poor.bench.now:%H:%M:%S}")
        for _ in range(5):
            self.assertEqual(pushes(poor.bench.run(31), NOTICE), [])

    def test_who_recovers_and_falls_again_is_told_again(self) -> None:
        poor = Poor()
        poor.bench.run(31)
        carry_out(poor.bench, poor.session, TO_FUTURES, TradeAmount=500_000.0)
        self.assertEqual(pushes(poor.bench.run(31), NOTICE), [])
        poor.lose(30_000.0)
        self.assertEqual(len(pushes(poor.bench.run(31), NOTICE)), 1)
        numbers = [row["SequenceNo"] for row in poor.notices()]
        self.assertEqual(numbers, [1, 2])

    def test_nobody_else_is_told(self) -> None:
        poor = Poor()
        other = poor.bench.login("1002")
        poor.bench.order(other, "cu2701")
        poor.bench.run(31)
        self.assertEqual(poor.bench.rows(other, "ReqQryTradingNotice"), [])
        self.assertEqual(
            poor.bench.rows(poor.session, "ReqQryTradingNotice", InvestorID="1001")[0][
                "InvestorID"
            ],
            "1001",
        )

    def test_the_desk_asks_to_be_woken_only_while_somebody_holds_something(self) -> None:
        bench = Bench()
        session = bench.login()
        idle = bench.exchange.next_due()
        self.assertGreater(idle, bench.now + timedelta(minutes=1))
        bench.order(session)
        self.assertLessEqual(bench.exchange.next_due(), bench.now + timedelta(seconds=30))
        bench.run(31)
        self.assertLessEqual(bench.exchange.next_due(), bench.now + timedelta(seconds=30))

    def test_a_settlement_that_leaves_too_little_calls_for_margin(self) -> None:
        poor = Poor()
        ends = poor.bench.exchange.markets.day.ends
        until(poor.bench, ends - timedelta(seconds=1))
        poor.bench.exchange.drain()
        rows = pushes(until(poor.bench, ends + timedelta(seconds=1)), NOTICE)
        [row] = rows
        found = reader_of(poor.bench.rows(poor.session, "ReqQrySettlementInfo"))
        wanting = found.summary["Margin Call"]
        self.assertGreater(wanting, 0)
        self.assertIn(f"追加保证金{wanting:.2f}元", row["FieldContent"])
        # Those of the day before are gone.
        self.assertEqual(poor.notices(), [row])

    def test_nobody_looks_while_the_market_is_closed(self) -> None:
        bench = bench_at(datetime(2026, 11, 24, 14, 50))
        session = bench.login()
        bench.order(session, VolumeTotalOriginal=3)
        until(bench, datetime(2026, 11, 24, 15, 20))
        account = bench.exchange.accounts["9999", "1001"]
        account.pre_balance = 0
        self.assertEqual(pushes(until(bench, datetime(2026, 11, 24, 16, 50)), NOTICE), [])


class ForcedClosing(SynchronousTestCase):
    """Positions that the broker closes."""

    def test_orders_read_as_the_brokers(self) -> None:
        poor = Poor()
        before = poor.held()
        events = poor.close("m2705", 2)
        orders, [trade] = pushes(events, "OnRtnOrder"), pushes(events, "OnRtnTrade")
        for row in orders:
            self.assertEqual((row["ForceCloseReason"], row["CombOffsetFlag"]), ("1", "2"))
            self.assertEqual((row["UserID"], row["OrderSource"]), ("risk", "0"))
            self.assertNotEqual(row["SessionID"], poor.session)
        self.assertEqual((trade["OffsetFlag"], trade["UserID"]), ("2", "risk"))
        self.assertEqual((trade["Volume"], trade["Direction"]), (2, "1"))
        self.assertEqual(poor.held(), {**before, "m2705": before["m2705"] - 2})
        audit(poor.bench.exchange)

    def test_the_investors_own_orders_give_way(self) -> None:
        poor = Poor()
        account = poor.account
        account.pre_balance += units(10_000_000)
        high = poor.bench.market("m2705").day.upper / 10_000
        poor.bench.order(
            poor.session,
            "m2705",
            Direction="1",
            CombOffsetFlag="1",
            LimitPrice=high,
            VolumeTotalOriginal=5,
            OrderRef="77",
        )
        events = poor.close("m2705")
        ended = [r for r in pushes(events, "OnRtnOrder") if r["OrderStatus"] == "5"]
        self.assertEqual(
            [(r["OrderRef"].strip(), r["ActiveUserID"]) for r in ended], [("77", "risk")]
        )
        self.assertNotIn("m2705", poor.held())
        audit(poor.bench.exchange)

    def test_all_goes_where_nothing_is_named(self) -> None:
        poor = Poor()
        events = poor.close(reason="5")
        self.assertEqual(poor.held(), {})
        reasons = {row["ForceCloseReason"] for row in pushes(events, "OnRtnOrder")}
        self.assertEqual(reasons, {"5"})
        # Copper of today is closed as SHFE wants it.
        flags = {r["InstrumentID"]: r["CombOffsetFlag"] for r in pushes(events, "OnRtnOrder")}
        self.assertEqual(flags, {"cu2701": "3", "m2705": "2", "IF2701": "2"})
        audit(poor.bench.exchange)

    def test_by_itself_the_broker_closes_what_is_needed_and_no_more(self) -> None:
        poor = Poor(after=60, wanting=30_000.0)
        told = poor.bench.run(31)
        self.assertEqual(len(pushes(told, NOTICE)), 1)
        before = poor.held()
        self.assertEqual(pushes(poor.bench.run(31), "OnRtnTrade"), [])
        events = poor.bench.run(31)
        self.assertGreater(len(pushes(events, "OnRtnTrade")), 0)
        self.assertGreaterEqual(poor.available, 0)
        left = poor.held()
        self.assertTrue(left, "not everything was needed")
        self.assertLess(sum(left.values()), sum(before.values()))
        # The largest margin first.
        self.assertNotIn("IF2701", left)
        self.assertEqual(left["m2705"], 5)
        self.assertEqual(pushes(poor.bench.run(30), "OnRtnTrade"), [])
        audit(poor.bench.exchange)

    def test_without_the_option_nothing_is_closed(self) -> None:
        poor = Poor()
        events = [event for _ in range(20) for event in poor.bench.run(600)]
        self.assertEqual(pushes(events, "OnRtnTrade"), [])

    def test_nothing_is_closed_twice(self) -> None:
        poor = Poor(after=20, wanting=1_000_000.0)
        for _ in range(12):
            poor.bench.run(31)
        orders = poor.bench.rows(poor.session, "ReqQryOrder")
        forced = [row for row in orders if row["UserID"] == "risk"]
        closed: dict[object, int] = {}
        for row in forced:
            closed[row["InstrumentID"]] = closed.get(row["InstrumentID"], 0) + int(
                str(row["VolumeTotalOriginal"])
            )
        self.assertEqual(closed, {"cu2701": 2, "m2705": 5, "IF2701": 1})
        audit(poor.bench.exchange)

    def test_a_client_may_not_enter_such_an_order(self) -> None:
        bench = Bench()
        session = bench.login()
        bench.order(session, "m2705")
        order = bench.input("m2705", Direction="1", CombOffsetFlag="2", ForceCloseReason="1")
        self.assertEqual(bench.refused(session, "ReqOrderInsert", **order), 15)

    def test_the_statement_says_forced(self) -> None:
        poor = Poor()
        poor.close("m2705", 2)
        until(poor.bench, poor.bench.exchange.markets.day.ends + timedelta(seconds=1))
        found = reader_of(poor.bench.rows(poor.session, "ReqQrySettlementInfo"))
        offsets = [row["开平"] for row in found.rows("成交记录") if row["合约"] == "m2705"]
        self.assertEqual(offsets, ["开", "强平"])
