"""A trading day by the calendar: sessions, auction, close, settlement, the day after."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes, states
from tests.sim.statementreader import reader_of
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Broadcast, Event, Hangup, Reply, TickEvent
from webctp.sim.market.market import Market
from webctp.sim.market.ticks import FIELDS
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

EVENING = datetime(2026, 11, 23, 20, 40)


def bench_at(now: datetime, balance: float = 10_000_000) -> Bench:
    hours = ExchangeHours(calendar.default(), productfile.default().values())
    return Bench(SimOptions(seed=7, balance=balance), hours, now)


def until(bench: Bench, moment: datetime) -> list[Event]:
    return bench.run((moment - bench.now).total_seconds())


class TradingDay(SynchronousTestCase):
    """From an evening to the next one."""

    def test_evening_belongs_to_the_next_day(self) -> None:
        bench = bench_at(EVENING)
        self.assertEqual(bench.exchange.markets.day.name, "20261124")

    def test_order_before_the_session_is_refused(self) -> None:
        bench = bench_at(EVENING)
        session = bench.login()
        events = bench.order(session)
        self.assertEqual(states(events), ["0a", "45"])
        self.assertIn("当前状态禁止此项操作", pushes(events, "OnRtnOrder")[-1]["StatusMsg"])

    def test_auction_gathers_and_the_opening_matches(self) -> None:
        bench = bench_at(EVENING)
        session = bench.login()
        until(bench, datetime(2026, 11, 23, 20, 56))
        self.assertEqual(states(bench.order(session)), ["0a", "33"])
        self.assertEqual(states(bench.order(session, TimeCondition="1")), ["0a", "45"])
        opening = bench.run(300)
        self.assertEqual(states(opening), ["33", "30", "T"])
        audit(bench.exchange)

    def test_order_in_the_auction_can_be_cancelled(self) -> None:
        bench = bench_at(datetime(2026, 11, 23, 20, 56))
        session = bench.login()
        bench.order(session, OrderRef="1")
        events = bench.action(session, OrderRef="1")
        # The auction takes cancellations, too.
        self.assertEqual(states(events), ["33", "35"])
        self.assertEqual(states(bench.run(300)), [])

    @holds("HYZTBHSM2-2")
    def test_statuses_are_told(self) -> None:
        bench = bench_at(EVENING)
        told = [e for e in bench.run(24 * 3600 - 40 * 60) if isinstance(e, Broadcast)]
        copper = [e.values for e in told if e.values["InstrumentID"] == "cu"]
        self.assertEqual(
            [row["InstrumentStatus"] for row in copper],
            ["3", "5", "2", "1", "3", "5", "2", "1", "2", "1", "2", "6", "1"],
        )
        self.assertEqual(copper[2]["EnterTime"], "21:00:00")

    @holds("HYZTBHSM2-2")
    def test_a_public_flow_begins_with_the_status_of_each_product(self) -> None:
        bench = bench_at(datetime(2026, 11, 24, 11, 0))
        bench.exchange.tell_all_statuses()
        told = [e for e in bench.exchange.drain() if isinstance(e, Broadcast)]
        rows = [event.values for event in told]
        self.assertEqual(
            {row["InstrumentID"] for row in rows}, set(bench.exchange.markets.products)
        )
        found = {row["InstrumentID"]: (row["InstrumentStatus"], row["EnterTime"]) for row in rows}
        self.assertEqual((found["cu"], found["IF"]), (("2", "10:30:00"), ("2", "09:30:00")))
        until(bench, datetime(2026, 11, 24, 15, 5))
        rows = list(bench.exchange.phases.rows())
        found = {row["InstrumentID"]: (row["InstrumentStatus"], row["EnterTime"]) for row in rows}
        self.assertEqual((found["cu"], found["T"]), (("6", "15:00:00"), ("2", "13:00:00")))

    def test_a_market_without_end_has_been_open_since_the_day_began(self) -> None:
        bench = Bench()
        rows = list(bench.exchange.phases.rows())
        self.assertEqual(
            {(r["InstrumentStatus"], r["EnterTime"]) for r in rows}, {("2", "17:00:00")}
        )

    def test_front_closes_after_the_sessions(self) -> None:
        bench = bench_at(EVENING)
        bench.login()
        moments = []
        for hours in range(24):
            moments += [hours for e in bench.run(3600) if isinstance(e, Hangup)]
        self.assertEqual(moments, [6, 18])
        self.assertEqual(bench.exchange.now, datetime(2026, 11, 24, 20, 40))

    def first_tick(self, now: datetime, instrument: str) -> tuple[object, ...]:
        """The dates and the time of the tick that answers a subscription."""
        bench = bench_at(now)
        session = bench.connect(trading=False)
        bench.exchange.market_data.watch(bench.exchange.sessions[session], instrument)
        [event] = [event for event in bench.exchange.drain() if isinstance(event, TickEvent)]
        tick = dict(zip(FIELDS, event.values, strict=True))
        told = (tick[name] for name in ("TradingDay", "ActionDay", "UpdateTime", "UpdateMillisec"))
        return tuple(one.decode() if isinstance(one, bytes) else one for one in told)

    @holds("MD-SUBSCRIBEMARKETDATA-4", "HQSM-2")
    def test_a_subscription_brings_the_last_tick_with_its_own_time(self) -> None:
        monday, tuesday = "20261123", "20261124"
        for now, name, told in (
            (datetime(2026, 11, 24, 12, 10), "cu2701", (tuesday, tuesday, "11:30:00", 0)),
            (datetime(2026, 11, 24, 10, 20), "cu2701", (tuesday, tuesday, "10:15:00", 0)),
            (datetime(2026, 11, 24, 15, 20), "cu2701", (tuesday, tuesday, "15:00:00", 0)),
            (datetime(2026, 11, 24, 15, 20), "SR701", (tuesday, tuesday, "15:00:00", 0)),
            (datetime(2026, 11, 23, 20, 40), "cu2701", (tuesday, monday, "15:00:00", 0)),
            (datetime(2026, 11, 23, 21, 30), "SR701", (monday, monday, "21:30:00", 0)),
            (datetime(2026, 11, 23, 23, 30), "rb2701", (tuesday, monday, "23:00:00", 0)),
            (datetime(2026, 11, 24, 8, 40), "cu2701", (tuesday, tuesday, "01:00:00", 0)),
            (datetime(2026, 11, 24, 8, 40), "m2701", (tuesday, tuesday, "23:00:00", 0)),
            # CZCE dates by the clock whatever it sends.
            (datetime(2026, 11, 24, 8, 40), "SR701", (tuesday, tuesday, "23:00:00", 0)),
            # In the session it is the last half second's, not the subscription's.
            (
                datetime(2026, 11, 24, 9, 30, 0, 700_000),
                "cu2701",
                (tuesday, tuesday, "09:30:00", 500),
            ),
        ):
            self.assertEqual(self.first_tick(now, name), told, (now, name))

    @holds("MD-HQJK-1")
    def test_czce_sends_the_nights_closing_tick_again_in_the_morning(self) -> None:
        bench = bench_at(datetime(2026, 11, 23, 22, 59))
        session = bench.connect(trading=False)
        for name in ("SR701", "AP701", "rb2701"):
            bench.exchange.market_data.watch(bench.exchange.sessions[session], name)
        events = until(bench, datetime(2026, 11, 23, 23, 5))
        ticks = [dict(zip(FIELDS, e.values, strict=True)) for e in events if type(e) is TickEvent]
        volume = [tick["Volume"] for tick in ticks if tick["InstrumentID"] == b"SR701"][-1]
        events = until(bench, datetime(2026, 11, 24, 8, 59, 30))
        stale = [
            tick
            for event in events
            if isinstance(event, TickEvent)
            and (tick := dict(zip(FIELDS, event.values, strict=True)))["UpdateTime"] == b"23:00:00"
        ]
        self.assertEqual(
            [
                (tick["InstrumentID"], tick["TradingDay"], tick["ActionDay"], tick["Volume"])
                for tick in stale
            ],
            [(b"SR701", b"20261124", b"20261124", volume)],
        )

    def test_ticks_stop_at_breaks_and_end_with_settlement(self) -> None:
        bench = bench_at(datetime(2026, 11, 24, 14, 59))
        session = bench.connect(trading=False)
        bench.exchange.market_data.watch(bench.exchange.sessions[session], "cu2701")
        ticks: list[dict[str, Any]] = [
            dict(zip(FIELDS, e.values, strict=True))
            for _ in range(130)
            for e in bench.run(0.5)
            if isinstance(e, TickEvent)
        ]
        self.assertGreater(len(ticks), 100)
        last = ticks[-1]
        self.assertEqual(last["ClosePrice"], last["LastPrice"])
        contract = bench.exchange.markets.must("cu2701")
        settlement = bench.exchange.markets.settlement_price(contract)
        self.assertEqual(last["SettlementPrice"], settlement / 10_000)
        times = [tick["UpdateTime"] for tick in ticks[:-1]]
        self.assertLessEqual(max(times), b"15:00:00")
        for one, other in pairwise(ticks):
            self.assertLessEqual(one["Volume"], other["Volume"])

    def test_day_orders_end_at_the_close(self) -> None:
        bench = bench_at(datetime(2026, 11, 24, 14, 59))
        session = bench.login()
        low = bench.market("cu2701").day.lower / 10_000
        bench.order(session, LimitPrice=low)
        self.assertEqual(states(until(bench, datetime(2026, 11, 24, 15, 1))), ["35"])
        audit(bench.exchange)


class Averages(SynchronousTestCase):
    """A settlement price is the average of the day's trade, on CFFEX of its last hour."""

    def prices(self, bench: Bench, name: str, end: datetime) -> list[int]:
        """The last prices of a market, every twenty seconds."""
        found = []
        while bench.now < end:
            bench.run(20)
            found.append(bench.market(name).tape.last)
        return found

    def near(self, bench: Bench, name: str, average: float) -> None:
        """Within a quarter of what a price moves in a day."""
        contract = bench.exchange.markets.must(name)
        settlement = bench.exchange.markets.settlement_price(contract)
        self.assertLess(abs(average / settlement - 1), contract.sigma / 4, name)

    def test_of_the_day(self) -> None:
        for name in ("rb2705", "m2705", "SR705"):
            bench = bench_at(EVENING)
            self.prices(bench, name, datetime(2026, 11, 24, 15, 1))
            tape = bench.market(name).tape
            multiplier = bench.exchange.markets.must(name).multiplier
            self.near(bench, name, tape.turnover / tape.volume / multiplier)

    def test_of_the_last_hour(self) -> None:
        bench = bench_at(datetime(2026, 11, 24, 9, 0))
        until(bench, datetime(2026, 11, 24, 14, 0))
        bench.market("IF2612")
        prices = self.prices(bench, "IF2612", datetime(2026, 11, 24, 15, 0))
        self.near(bench, "IF2612", sum(prices) / len(prices))

    def test_yesterdays_close_is_its_last_price(self) -> None:
        bench = bench_at(datetime(2026, 11, 24, 14, 0))
        session = bench.exchange.sessions[bench.connect(trading=False)]
        bench.exchange.market_data.watch(session, "cu2701")
        bench.market("m2705-C-2800")
        until(bench, datetime(2026, 11, 24, 15, 1))
        closed = {n: bench.market(n).tape.last for n in ("cu2701", "m2705-C-2800")}
        until(bench, datetime(2026, 11, 24, 20, 50))
        for name, last in closed.items():
            tick = dict(zip(FIELDS, bench.exchange.market_data.tick(name), strict=True))
            self.assertEqual(tick["PreClosePrice"], last / 10_000)


class ParkedOrders(SynchronousTestCase):
    """Orders that wait at CTP for the session."""

    def setUp(self) -> None:
        self.bench = bench_at(EVENING)
        self.session = self.bench.login()

    def park(self) -> str:
        row = self.bench.ask(self.session, "ReqParkedOrderInsert", **self.bench.input())[0]
        assert isinstance(row, Reply) and row.values is not None
        return str(row.values["ParkedOrderID"])

    @holds("HYZTBHSM2-1")
    def test_sent_when_the_product_takes_orders(self) -> None:
        self.park()
        self.assertEqual(states(self.bench.run(14 * 60)), [])
        # With the auction at 20:55; in the auction at 20:59 it trades.
        self.assertEqual(states(self.bench.run(61)), ["0a", "33"])
        self.assertEqual(states(self.bench.run(6 * 60)), ["33", "30", "T"])
        row = self.bench.rows(self.session, "ReqQryParkedOrder")[0]
        self.assertEqual(row["Status"], "2")
        audit(self.bench.exchange)

    @holds("REQPARKEDORDERINSERT-2")
    def test_a_condition_cannot_be_parked(self) -> None:
        for condition in ("5", "2", "4", ""):
            parked = self.bench.input(ContingentCondition=condition, StopPrice=1.0)
            refused = self.bench.refused(self.session, "ReqParkedOrderInsert", **parked)
            self.assertEqual(refused, 161, condition)
        self.assertEqual(self.bench.rows(self.session, "ReqQryParkedOrder"), [])

    @holds("REQREMOVEPARKEDORDER-1")
    def test_removed_ones_are_not_sent(self) -> None:
        number = self.park()
        self.bench.ask(self.session, "ReqRemoveParkedOrder", ParkedOrderID=number)
        again = self.bench.refused(self.session, "ReqRemoveParkedOrder", ParkedOrderID=number)
        self.assertEqual(again, 47)
        self.assertEqual(states(self.bench.run(1800)), [])

    @holds("REQPARKEDORDERACTION-1")
    def test_parked_cancellation(self) -> None:
        until(self.bench, datetime(2026, 11, 23, 20, 56))
        self.bench.order(self.session, OrderRef="4")
        low = self.bench.market("cu2701").day.lower / 10_000
        self.bench.order(self.session, OrderRef="5", LimitPrice=low)
        action = {"FrontID": 1, "SessionID": self.session, "OrderRef": "5", "ActionFlag": "0"}
        self.bench.ask(self.session, "ReqParkedOrderAction", InstrumentID="cu2701", **action)
        self.assertEqual(states(self.bench.run(300)), ["33", "30", "T", "33", "35"])

    def test_sent_although_its_session_has_gone(self) -> None:
        self.park()
        self.bench.exchange.disconnect(self.session)
        self.assertEqual(states(self.bench.run(1800)), ["0a", "33", "33", "30", "T"])


class Settlement(SynchronousTestCase):
    """What a settlement makes of accounts."""

    def setUp(self) -> None:
        self.bench = bench_at(datetime(2026, 11, 24, 13, 40))
        self.session = self.bench.login()
        self.bench.order(self.session, VolumeTotalOriginal=3)
        low = self.market("m2705").day.lower / 10_000
        self.bench.order(self.session, "m2705", Direction="1", LimitPrice=low)
        self.bench.order(
            self.session,
            Direction="1",
            CombOffsetFlag="3",
            LimitPrice=self.market("cu2701").day.lower / 10_000,
        )

    def market(self, name: str) -> Market:
        return self.bench.market(name)

    def settle(self) -> int:
        """Go through the night to the next morning and log in again."""
        until(self.bench, datetime(2026, 11, 25, 9, 1))
        return self.bench.login(confirm=False)

    @holds("ONRSPQRYINVESTORPOSITION-2")
    def test_balance_is_carried_and_positions_are_yesterdays(self) -> None:
        markets = self.bench.exchange.markets
        account = self.bench.exchange.accounts["9999", "1001"]
        settled = account.funds(lambda name: markets.settlement_price(markets.must(name))).balance
        session = self.settle()
        self.assertEqual(account.pre_balance, settled)
        audit(self.bench.exchange)
        rows = self.bench.rows(session, "ReqQryInvestorPosition", InstrumentID="cu2701")
        self.assertEqual([(r["PositionDate"], r["Position"]) for r in rows], [("2", 2)])
        self.assertEqual(rows[0]["YdPosition"], 2)
        self.assertEqual(rows[0]["TodayPosition"], 0)
        self.assertEqual(self.bench.rows(session, "ReqQryTrade"), [])

    @holds("REQSETTLEMENTINFOCONFIRM-1")
    def test_new_day_must_be_confirmed_and_closes_yesterdays(self) -> None:
        session = self.settle()
        sell: dict[str, Any] = {
            "Direction": "1",
            "LimitPrice": self.market("cu2701").day.lower / 10_000,
            "VolumeTotalOriginal": 2,
        }
        self.assertEqual(
            self.bench.refused(
                session, "ReqOrderInsert", **self.bench.input(CombOffsetFlag="1", **sell)
            ),
            42,
        )
        self.bench.ask(session, "ReqSettlementInfoConfirm")
        self.assertEqual(
            self.bench.refused(
                session, "ReqOrderInsert", **self.bench.input(CombOffsetFlag="3", **sell)
            ),
            50,
        )
        events = self.bench.order(session, CombOffsetFlag="4", **sell)
        self.assertEqual(states(events), ["0a", "0a", "00", "T"])
        audit(self.bench.exchange)

    def test_statement_adds_up(self) -> None:
        session = self.settle()
        rows = self.bench.rows(session, "ReqQrySettlementInfo")
        contents = [piece for row in rows if isinstance(piece := row["Content"], bytes)]
        self.assertGreater(len(contents), 1)
        self.assertEqual({len(piece) for piece in contents[:-1]}, {500})
        self.assertEqual([row["SequenceNo"] for row in rows], list(range(1, len(rows) + 1)))
        statement = reader_of(rows)
        self.assertEqual(
            statement.summary["Balance c/f"] * 10_000,
            self.bench.exchange.accounts["9999", "1001"].pre_balance,
        )
        held = [row["合约"] for row in statement.rows("持仓汇总")]
        self.assertEqual(held, ["cu2701", "m2705"])

    def test_no_statement_for_a_new_account(self) -> None:
        session = self.bench.login("1005")
        self.assertEqual(self.bench.rows(session, "ReqQrySettlementInfo"), [])

    def test_expired_contract_leaves_the_account(self) -> None:
        bench = bench_at(datetime(2026, 12, 15, 14, 0))
        session = bench.login()
        self.assertTrue(bench.known("cu2612"))
        bench.order(session, "cu2612")
        account = bench.exchange.accounts["9999", "1001"]
        self.assertEqual(len(account.positions), 1)
        until(bench, datetime(2026, 12, 16, 9, 30))
        self.assertEqual(account.positions, {})
        self.assertFalse(bench.known("cu2612"))
        audit(bench.exchange)


class MarketWithoutEnd(SynchronousTestCase):
    """Clock: always. Days follow one another, and nobody is thrown out."""

    def test_a_session_trades_on_in_the_next_day(self) -> None:
        bench = Bench(now=datetime(2026, 11, 24, 16, 59, 50))
        session = bench.login()
        bench.order(session, VolumeTotalOriginal=2)
        low = bench.market("cu2701").day.lower / 10_000
        bench.order(session, LimitPrice=low)
        events = bench.run(20)
        self.assertEqual(states(events), ["35"])
        self.assertEqual([e for e in events if isinstance(e, Hangup)], [])
        self.assertEqual(bench.exchange.markets.day.name, "20261125")
        sell = {"Direction": "1", "CombOffsetFlag": "4", "LimitPrice": 0.0}
        sell["LimitPrice"] = bench.market("cu2701").day.lower / 10_000
        events = bench.ask(session, "ReqOrderInsert", **bench.input() | sell)
        self.assertEqual(states(events), ["0a", "0a", "00", "T"])
        audit(bench.exchange)

    def test_ticks_go_on(self) -> None:
        bench = Bench(now=datetime(2026, 11, 24, 16, 59, 50))
        session = bench.connect(trading=False)
        bench.exchange.market_data.watch(bench.exchange.sessions[session], "rb2705")
        bench.run(0)
        days = {
            dict(zip(FIELDS, event.values, strict=True))["TradingDay"]
            for _ in range(40)
            for event in bench.run(0.5)
            if isinstance(event, TickEvent)
        }
        self.assertEqual(days, {b"20261124", b"20261125"})

    def test_an_expired_instrument_ticks_no_more(self) -> None:
        bench = Bench(now=datetime(2026, 12, 15, 16, 59, 50))
        session = bench.connect(trading=False)
        self.assertTrue(bench.known("cu2612"))
        bench.exchange.market_data.watch(bench.exchange.sessions[session], "cu2612")
        bench.run(20)
        self.assertFalse(bench.known("cu2612"))
        self.assertEqual(bench.exchange.market_data.present(bench.exchange.sessions[session]), [])
        self.assertEqual(bench.run(5), [])


class Weeks(SynchronousTestCase):
    """Many days one after another."""

    def test_three_weeks_with_open_positions(self) -> None:
        bench = bench_at(datetime(2026, 11, 24, 9, 30), balance=50_000_000)
        session = bench.login()
        for name in ("cu2701", "IF2612", "m2705", "SR705"):
            bench.order(session, name, VolumeTotalOriginal=2)
        account = bench.exchange.accounts["9999", "1001"]
        for _ in range(15):
            bench.run(24 * 3600)
            audit(bench.exchange)
            statements = bench.exchange.users["9999", "1001"].statements
        self.assertEqual(len(statements), 11)
        self.assertGreater(account.pre_margin, 0)
