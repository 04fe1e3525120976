"""Batch actions, bounds of conditions and of the exchanges' own pace, and queries of orders."""

from datetime import datetime
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes, states
from tests.sim.test_sequences import LISTED
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Event, Push, Reply
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions


def errors(events: list[Event]) -> list[tuple[str, int | None]]:
    """The callbacks that tell an error, with their codes, in order."""
    return [(e.callback, e.error) for e in events if isinstance(e, Reply | Push) and e.error]


class Batches(SynchronousTestCase):
    """ReqBatchOrderAction."""

    def setUp(self) -> None:
        self.bench = Bench(SimOptions(seed=7, balance=1e10))
        self.session = self.bench.login()

    def rest(self, name: str, session: int | None = None) -> str:
        """An order that rests; gives its OrderSysID."""
        low = self.bench.market(name).day.lower / 1e4
        events = self.bench.order(session or self.session, name, LimitPrice=low)
        return str(pushes(events, "OnRtnOrder")[-1]["OrderSysID"])

    def batch(self, **values: Any) -> list[Event]:
        values = {"UserID": "1001", "ExchangeID": "DCE", **values}
        return self.bench.ask(self.session, "ReqBatchOrderAction", **values)

    @holds("REQBATCHORDERACTION-1")
    def test_each_order_is_told_as_if_cancelled_alone(self) -> None:
        numbers = [self.rest("m2705"), self.rest("c2705"), self.rest("m2705")]
        kept = self.rest("cu2701")
        self.rest("m2705", self.bench.login("1002"))
        events = self.batch()
        self.assertEqual(states(events), ["33", "35"] * 3)
        rows = pushes(events, "OnRtnOrder")[1::2]
        self.assertEqual([row["OrderSysID"] for row in rows], numbers)
        self.assertEqual({row["ActiveUserID"] for row in rows}, {"1001"})
        self.assertEqual(errors(events), [])
        alive = [o.sys_id for o in self.bench.exchange.engine.orders if o.alive]
        self.assertEqual((kept in alive, len(alive)), (True, 2))
        audit(self.bench.exchange)

    @holds("REQBATCHORDERACTION-1", "V6.7.8-1")
    def test_refusals_come_on_both_callbacks(self) -> None:
        for values, code in (
            ({}, 25),
            ({"InvestorID": ""}, 146),
            ({"InvestorID": "1002"}, 9),
            ({"BrokerID": "1"}, 12),
            ({"ExchangeID": "LME"}, 148),
        ):
            told = [("OnRspBatchOrderAction", code), ("OnErrRtnBatchOrderAction", code)]
            self.assertEqual(errors(self.batch(**values)), told, values)
        self.assertEqual(errors(self.batch(UserID="")), [("OnRspBatchOrderAction", 25)])

    def test_103_by_exchange(self) -> None:
        for exchange, name in LISTED.items():
            self.rest(name)
            events = self.batch(ExchangeID=exchange)
            if exchange in ("DCE", "GFEX"):
                self.assertEqual(states(events), ["33", "35"], exchange)
            else:
                self.assertEqual([code for _, code in errors(events)], [103, 103], exchange)

    def test_without_an_exchange_all_that_take_one(self) -> None:
        for name in LISTED.values():
            self.rest(name)
        events = self.batch(ExchangeID="")
        told = {row["ExchangeID"] for row in pushes(events, "OnRtnOrder")}
        self.assertEqual(told, {"DCE", "GFEX"})

    def test_one_sessions_orders(self) -> None:
        other = self.bench.login()
        self.rest("m2705")
        number = self.rest("m2705", other)
        events = self.batch(FrontID=1, SessionID=other)
        self.assertEqual({row["OrderSysID"] for row in pushes(events, "OnRtnOrder")}, {number})

    def test_the_exchanges_refusal_is_told_once(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        self.bench = Bench(SimOptions(seed=7), hours, datetime(2026, 11, 24, 10, 10))
        self.session = self.bench.login()
        self.rest("m2705")
        self.rest("m2705")
        self.bench.run(600)
        self.assertEqual(errors(self.batch()), [("OnErrRtnBatchOrderAction", 91)])

    def test_what_has_traded_on_the_way_is_no_error(self) -> None:
        self.bench = Bench(SimOptions(seed=7, latency=100.0))
        self.session = self.bench.login()
        self.bench.order(self.session, "m2705")
        self.batch()
        events = self.bench.run(1)
        self.assertEqual((states(events)[-1], errors(events)), ("T", []))


class Bounds(SynchronousTestCase):
    """How many conditions an investor may have, how many messages an exchange takes."""

    @holds("ERRORS-6")
    def test_53_too_many_conditions(self) -> None:
        bench = Bench(SimOptions(seed=7, condition_limit=1))
        session = bench.login()
        condition: dict[str, Any] = {"ContingentCondition": "5", "StopPrice": 1e6}
        self.assertEqual(states(bench.order(session, OrderRef="1", **condition)), ["3b"])
        events = bench.order(session, **condition)
        told = [("OnRspOrderInsert", 53), ("OnErrRtnOrderInsert", 53)]
        self.assertEqual(errors(events), told)
        self.assertEqual(states(bench.order(session))[0], "0a")
        self.assertEqual(states(bench.order(bench.login("1002"), **condition)), ["3b"])
        bench.action(session, OrderRef="1")
        self.assertEqual(states(bench.order(session, **condition)), ["3b"])

    @holds("LK-8")
    def test_41_more_than_an_exchange_takes_in_a_second(self) -> None:
        bench = Bench(SimOptions(seed=7, exchange_rate=2))
        session, other = bench.login(), bench.login("1002")
        low = bench.market("cu2701").day.lower / 1e4
        bench.order(session, OrderRef="1", LimitPrice=low)
        bench.order(other)
        # All users count together, and each exchange apart.
        rows = pushes(bench.order(session), "OnRtnOrder")
        self.assertEqual(
            [(row["OrderStatus"], row["OrderSysID"]) for row in rows], [("a", ""), ("5", "")]
        )
        self.assertEqual(
            rows[-1]["StatusMsg"], "已撤单报单被拒绝CTP:交易所每秒发送请求数超过许可数"
        )
        self.assertEqual(errors(bench.action(session, OrderRef="1")), [("OnErrRtnOrderAction", 41)])
        self.assertEqual(states(bench.order(session, "m2705"))[-1], "T")
        bench.run(1)
        self.assertEqual(states(bench.action(session, OrderRef="1")), ["33", "35"])
        audit(bench.exchange)


class Queries(SynchronousTestCase):
    """ReqQryOrder and ReqQryTrade: what is a filter, and what is none."""

    @holds("REQQRYORDER-1")
    def test_filters(self) -> None:
        bench = Bench(SimOptions(seed=7, balance=1e10))
        session = bench.login()
        for name in ("cu2701", "m2705", "cu2702"):
            bench.order(session, name)
            bench.run(60)
        rows = bench.rows(session, "ReqQryOrder")
        times = [str(row["InsertTime"]) for row in rows]
        everything = ["cu2701", "m2705", "cu2702"]
        for query, number, clock in (
            ("ReqQryOrder", "OrderSysID", "Insert"),
            ("ReqQryTrade", "TradeID", "Trade"),
        ):
            second = str(bench.rows(session, query)[1][number])
            for filters, names in (
                ({}, everything),
                ({"InvestorID": "1001"}, everything),
                ({"InstrumentID": "cu2701"}, everything[:1]),
                ({"InstrumentID": "cu27"}, []),
                ({"ExchangeID": "SHFE"}, ["cu2701", "cu2702"]),
                ({number: second}, ["m2705"]),
                ({number: second.strip()}, ["m2705"]),
                ({f"{clock}TimeStart": times[1]}, everything[1:]),
                ({f"{clock}TimeEnd": times[1]}, everything[:2]),
                ({f"{clock}TimeStart": times[1], f"{clock}TimeEnd": times[1]}, ["m2705"]),
                ({"InvestUnitID": "1"}, everything),
            ):
                found = [row["InstrumentID"] for row in bench.rows(session, query, **filters)]
                self.assertEqual(found, names, (query, filters))
            self.assertEqual(bench.refused(session, query, InvestorID="1002"), 13)

    @holds("REQQRYINVESTUNIT-1")
    def test_there_are_no_investment_units(self) -> None:
        bench = Bench()
        self.assertEqual(bench.rows(bench.login(), "ReqQryInvestUnit"), [])

    @holds("V6.5.1-4")
    def test_classes_of_instruments(self) -> None:
        bench = Bench(SimOptions(seed=7, not_trading=frozenset({"cu"})))
        session = bench.login()

        def ids(**values: str) -> set[str]:
            rows = bench.rows(session, "ReqQryClassifiedInstrument", **values)
            return {str(row["InstrumentID"]) for row in rows}

        futures = ids(TradingType="0", ClassType="1")
        options = ids(TradingType="0", ClassType="2")
        everything = ids(TradingType="0", ClassType="0")
        self.assertTrue(futures and options and not futures & options)
        self.assertTrue(futures | options <= everything)
        barred = {name for name in futures if name.startswith("cu")}
        self.assertEqual(ids(TradingType="2", ClassType="1"), barred)
        self.assertEqual(ids(TradingType="1", ClassType="1"), futures - barred)
        # Nothing else narrows the answer.
        for filters in ({"ExchangeID": "DCE"}, {"ProductID": "cu"}, {"InstrumentID": "cu2701"}):
            self.assertEqual(ids(TradingType="0", ClassType="1", **filters), futures, filters)

    @holds("V6.5.1-5", "REQQUERYMAXORDERVOLUME-1")
    def test_the_most_lots_of_an_order_are_bounded(self) -> None:
        bench = Bench(SimOptions(seed=7, balance=1e10))
        session = bench.login()
        for name, most in (("cu2701", 500), ("IF2612", 20)):

            def asked(offset: str, direction: str, of: str = name) -> object:
                values = {"Direction": direction, "OffsetFlag": offset, "HedgeFlag": "1"}
                (row,) = bench.rows(session, "ReqQryMaxOrderVolume", InstrumentID=of, **values)
                return row["MaxVolume"]

            # Opened, and what is held and not frozen closed; neither beyond a limit order's most.
            self.assertEqual((asked("0", "0"), asked("3", "1")), (most, 0))
            for _ in range(3):
                bench.order(session, name, VolumeTotalOriginal=most)
            self.assertEqual(asked("3", "1"), most)
            sell = {"Direction": "1", "CombOffsetFlag": "3"}
            high = bench.market(name).day.upper / 1e4
            for _ in range(2):
                bench.order(session, name, LimitPrice=high, VolumeTotalOriginal=most, **sell)
            bench.order(session, name, LimitPrice=high, VolumeTotalOriginal=5, **sell)
            held = bench.rows(session, "ReqQryInvestorPosition", InstrumentID=name)[0]
            free = int(str(held["Position"])) - int(str(held["ShortFrozen"]))
            self.assertEqual((free, asked("3", "1")), (most - 5, most - 5))
