"""Orders through the exchange core: their sequences, every refusal, the queries beside them."""

from datetime import datetime
from functools import partial
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import Bench, pushes, states
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Push, Reply
from webctp.sim.handlers import HANDLERS
from webctp.sim.handlers.nothing import NOTHING
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions


class OrderSequences(SynchronousTestCase):
    """RtnOrder and RtnTrade in CTP's order."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.session = self.bench.login()

    def test_marketable_order_fills_at_once(self) -> None:
        events = self.bench.order(self.session)
        self.assertEqual(states(events), ["0a", "0a", "00", "T"])
        first, second, _ = pushes(events, "OnRtnOrder")
        self.assertEqual(first["OrderSysID"], "")
        self.assertEqual(second["OrderSysID"].strip(), "1")
        trade = pushes(events, "OnRtnTrade")[0]
        self.assertEqual(trade["OrderSysID"], second["OrderSysID"])
        self.assertLess(trade["Price"], first["LimitPrice"])

    @holds("REQORDERACTION-2")
    def test_resting_order_is_cancelled_by_reference(self) -> None:
        low = self.bench.market("cu2701").day.lower / 1e4
        events = self.bench.order(self.session, LimitPrice=low, OrderRef="8")
        self.assertEqual(states(events), ["0a", "33"])
        events = self.bench.action(self.session, OrderRef="8", InstrumentID="cu2701")
        self.assertEqual(states(events), ["33", "35"])
        self.assertEqual(pushes(events, "OnRtnOrder")[1]["StatusMsg"], "已撤单")

    @holds("REQORDERACTION-2", "JKZYXZYXHSM-5")
    def test_resting_order_is_cancelled_by_sys_id_from_another_session(self) -> None:
        low = self.bench.market("cu2701").day.lower / 1e4
        order = pushes(self.bench.order(self.session, LimitPrice=low), "OnRtnOrder")[-1]
        other = self.bench.login()
        events = self.bench.action(other, OrderSysID=order["OrderSysID"])
        self.assertEqual(states(events), ["33", "35"])

    def test_resting_order_fills_when_the_market_comes(self) -> None:
        price = self.bench.best("cu2701", "0")
        self.bench.order(self.session, LimitPrice=price, VolumeTotalOriginal=2)
        seen: list[str] = []
        for _ in range(600):
            seen += states(self.bench.run(1))
            if "30" in seen:
                break
        self.assertEqual(seen[-2:], ["30", "T"])

    def test_large_order_moves_the_market(self) -> None:
        before = self.bench.best("cu2701", "1")
        events = self.bench.order(self.session, VolumeTotalOriginal=60)
        trades = pushes(events, "OnRtnTrade")
        self.assertGreater(len(trades), 1)
        self.assertEqual(sum(trade["Volume"] for trade in trades), 60)
        self.assertGreater(trades[-1]["Price"], before)
        self.bench.run(0.5)
        self.assertGreaterEqual(self.bench.best("cu2701", "1"), before)

    def test_users_meet_each_other(self) -> None:
        other = self.bench.login("1002")
        tick = 10.0
        market = self.bench.market("cu2712" if self.bench.known("cu2712") else "cu2711")
        name = market.contract.instrument
        bid, ask = self.bench.best(name, "0"), self.bench.best(name, "1")
        self.assertGreater(ask - bid, tick)
        self.bench.order(self.session, name, LimitPrice=bid + tick, VolumeTotalOriginal=5)
        events = self.bench.order(
            other, name, Direction="1", LimitPrice=bid + tick, VolumeTotalOriginal=3
        )
        mine = [e for e in events if isinstance(e, Push) and e.account == ("9999", "1001")]
        self.assertEqual(states(mine), ["33", "31", "T"])
        theirs = [e for e in events if isinstance(e, Push) and e.account == ("9999", "1002")]
        self.assertEqual(states(theirs), ["0a", "0a", "00", "T"])
        self.assertEqual(pushes(mine, "OnRtnTrade")[0]["Price"], bid + tick)

    def test_fill_and_kill_cancels_the_rest(self) -> None:
        ask = self.bench.best("cu2701", "1")
        events = self.bench.order(
            self.session, LimitPrice=ask, VolumeTotalOriginal=200, TimeCondition="1"
        )
        self.assertEqual(states(events)[:4], ["0a", "05", "05", "T"])
        told = pushes(events, "OnRtnOrder")
        traded = sum(trade["Volume"] for trade in pushes(events, "OnRtnTrade"))
        self.assertEqual(told[1]["VolumeTraded"], traded)
        self.assertEqual(told[1]["VolumeTotal"], 200 - traded)
        self.assertEqual(told[1]["StatusMsg"], "已撤单报单已提交")
        self.assertEqual(told[1]["OrderStatus"], told[-1]["OrderStatus"])

    @holds("GJYSTSZL-1")
    def test_fill_or_kill_trades_all_or_nothing(self) -> None:
        ask = self.bench.best("cu2701", "1")
        too_much = self.bench.order(
            self.session,
            LimitPrice=ask,
            VolumeTotalOriginal=200,
            TimeCondition="1",
            VolumeCondition="3",
        )
        self.assertEqual(states(too_much), ["0a", "05"])
        enough = self.bench.order(self.session, TimeCondition="1", VolumeCondition="3")
        self.assertEqual(states(enough), ["0a", "0a", "00", "T"])

    @holds("GJYSTSZL-1")
    def test_minimum_volume(self) -> None:
        ask = self.bench.best("cu2701", "1")
        events = self.bench.order(
            self.session,
            LimitPrice=ask,
            VolumeTotalOriginal=200,
            TimeCondition="1",
            VolumeCondition="2",
            MinVolume=150,
        )
        self.assertEqual(states(events), ["0a", "05"])

    @holds("GJYSTSZL-3")
    def test_market_order_where_the_exchange_has_them(self) -> None:
        events = self.bench.order(
            self.session, "m2701", OrderPriceType="1", LimitPrice=0.0, TimeCondition="1"
        )
        self.assertEqual(states(events), ["0a", "33", "30", "T"])

    @holds("GJYSTSZL-5")
    def test_five_level_order_stops_at_five_levels(self) -> None:
        name = "IF2612"
        events = self.bench.order(
            self.bench.login("rich"),
            name,
            OrderPriceType="G",
            LimitPrice=0.0,
            VolumeTotalOriginal=10,
            TimeCondition="1",
        )
        prices = {trade["Price"] for trade in pushes(events, "OnRtnTrade")}
        self.assertTrue(0 < len(prices) <= 5, prices)

    def test_stop_order_waits_then_trades(self) -> None:
        bench = self.bench
        last = bench.market("cu2701").tape.last / 1e4
        events = bench.order(self.session, ContingentCondition="5", StopPrice=last + 10.0)
        self.assertEqual(states(events), ["3b"])
        seen: list[str] = []
        for _ in range(2000):
            seen += states(bench.run(1))
            if seen:
                break
        self.assertEqual(seen, ["3c", "0a", "0a", "00", "T"])

    def test_waiting_stop_order_is_cancelled(self) -> None:
        self.bench.order(
            self.session, OrderRef="3", ContingentCondition="5", StopPrice=10_000_000.0
        )
        events = self.bench.action(self.session, OrderRef="3")
        self.assertEqual(states(events), ["35"])
        self.assertEqual(self.bench.exchange.engine.live(), set())


class Fields(SynchronousTestCase):
    """What RtnOrder and RtnTrade say, exchange by exchange."""

    @holds("REQORDERINSERT-8")
    def test_offsets_become_close_where_days_are_not_kept_apart(self) -> None:
        bench = Bench(SimOptions(seed=7, balance=1e9))
        session = bench.login()
        for name, told in (("cu2701", "3"), ("sc2702", "3"), ("m2705", "1"), ("SR705", "1")):
            low = bench.market(name).day.lower / 1e4
            bench.order(session, name, VolumeTotalOriginal=2)
            events = bench.order(session, name, Direction="1", CombOffsetFlag="3", LimitPrice=low)
            flags = {row["CombOffsetFlag"] for row in pushes(events, "OnRtnOrder")}
            offsets = {row["OffsetFlag"] for row in pushes(events, "OnRtnTrade")}
            self.assertEqual((flags, offsets), ({told}, {told}), name)
        events = bench.order(
            session, "m2705", Direction="1", CombOffsetFlag="4", LimitPrice=low / 100
        )
        self.assertEqual({r["CombOffsetFlag"] for r in pushes(events, "OnRtnOrder")}, {"1"})

    @holds("ONRTNORDER-3", "ONRTNTRADE-1")
    def test_dates_at_night(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(SimOptions(seed=7, balance=1e9), hours, datetime(2026, 11, 23, 21, 30))
        session = bench.login()
        natural, trading = "20261123", "20261124"
        for name, inserted, traded in (
            ("cu2701", [natural] * 3, natural),
            ("sc2702", [natural] * 3, natural),
            ("SR705", [natural] * 4, trading),
            ("m2705", [natural, trading, trading], trading),
        ):
            events = bench.order(session, name)
            rows, trades = pushes(events, "OnRtnOrder"), pushes(events, "OnRtnTrade")
            self.assertEqual([row["InsertDate"] for row in rows], inserted, name)
            self.assertEqual({trade["TradeDate"] for trade in trades}, {traded}, name)
            self.assertEqual({row["TradingDay"] for row in rows}, {trading}, name)

    @holds("REQORDERINSERT-12")
    def test_czce_cuts_a_price_to_its_tick(self) -> None:
        bench = Bench(SimOptions(seed=7, balance=1e9))
        session = bench.login()
        low = bench.market("SR705").day.lower / 1e4
        events = bench.order(session, "SR705", LimitPrice=low + 1.9)
        self.assertEqual(states(events), ["0a", "33"])
        sent, taken = pushes(events, "OnRtnOrder")
        self.assertAlmostEqual(sent["LimitPrice"], low + 1.9)
        self.assertEqual(taken["LimitPrice"], low + 1)
        self.assertEqual(bench.market("SR705").book.best("0"), round((low + 1) * 1e4))
        others = bench.order(
            session, "m2705", LimitPrice=bench.market("m2705").day.lower / 1e4 + 0.5
        )
        self.assertEqual(states(others), ["0a", "45"])


class Refusals(SynchronousTestCase):
    """What CTP refuses, with its code, and what the exchange does."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.session = self.bench.login()

    def refusal(self, **changes: Any) -> int | None:
        events = self.bench.order(changes.pop("session", self.session), **changes)
        replies = [event for event in events if isinstance(event, Reply)]
        errors = [e for e in events if isinstance(e, Push) and e.callback == "OnErrRtnOrderInsert"]
        self.assertEqual([reply.error for reply in replies], [push.error for push in errors])
        self.assertEqual(states(events) == [], bool(replies))
        return replies[0].error if replies else None

    def test_wrong_fields(self) -> None:
        wrong: tuple[dict[str, Any], ...] = (
            {"Direction": "x"},
            {"CombOffsetFlag": "9"},
            {"CombHedgeFlag": ""},
            {"VolumeTotalOriginal": 0},
            {"VolumeTotalOriginal": -3},
            {"TimeCondition": "5"},
            {"VolumeCondition": ""},
            {"ContingentCondition": "Z"},
            {"OrderPriceType": ""},
            {"LimitPrice": 1.7976931348623157e308},
            {"OrderRef": "first"},
            {"MinVolume": -1},
            {"ContingentCondition": "5", "StopPrice": 1.7976931348623157e308},
            {"ContingentCondition": "2", "StopPrice": float("nan")},
        )
        for changes in wrong:
            with self.subTest(**changes):
                self.assertEqual(self.refusal(**changes), 15)

    def test_unknown_instrument_and_wrong_exchange(self) -> None:
        self.assertEqual(self.refusal(instrument="zz9999"), 16)
        self.assertEqual(self.refusal(ExchangeID="DCE"), 16)

    def test_reference_must_grow(self) -> None:
        self.assertIsNone(self.refusal(OrderRef="5"))
        self.assertEqual(self.refusal(OrderRef="5"), 22)
        self.assertEqual(self.refusal(OrderRef="4"), 22)
        self.assertIsNone(self.refusal(OrderRef=" 6"))

    @holds("REQORDERINSERT-4")
    def test_reference_left_out_is_given(self) -> None:
        self.bench.order(self.session, OrderRef="41")
        order = pushes(self.bench.order(self.session), "OnRtnOrder")[0]
        self.assertEqual(order["OrderRef"], "42")

    def test_market_price_where_the_exchange_has_none(self) -> None:
        self.assertEqual(self.refusal(OrderPriceType="3"), 80)

    def test_closing_more_than_is_held(self) -> None:
        self.assertEqual(self.refusal(Direction="1", CombOffsetFlag="3"), 30)
        self.bench.order(self.session, VolumeTotalOriginal=2)
        low = self.bench.market("cu2701").day.lower / 1e4
        sell: dict[str, Any] = {"Direction": "1", "LimitPrice": low}
        self.assertEqual(self.refusal(CombOffsetFlag="1", **sell), 51)
        self.assertEqual(self.refusal(CombOffsetFlag="3", VolumeTotalOriginal=3, **sell), 30)
        resting: dict[str, Any] = {
            "Direction": "1",
            "VolumeTotalOriginal": 2,
            "CombOffsetFlag": "3",
        }
        self.assertIsNone(self.refusal(**resting))
        self.assertEqual(self.refusal(CombOffsetFlag="3", **sell), 50)

    def test_more_than_the_money_allows(self) -> None:
        self.assertEqual(self.refusal(VolumeTotalOriginal=500), 31)

    def test_a_price_below_zero_lends_no_money(self) -> None:
        funds = self.bench.funds(self.session)
        before = float(str(funds["Available"]))
        option = next(n for n in self.bench.exchange.markets.instruments if n.startswith("cu2701C"))
        self.bench.order(
            self.session,
            option,
            LimitPrice=-1000.0,
            ContingentCondition="5",
            StopPrice=1e6,
            VolumeTotalOriginal=9,
        )
        after = float(str(self.bench.funds(self.session)["Available"]))
        self.assertLessEqual(after, before)

    def test_settlement_not_confirmed(self) -> None:
        session = self.bench.login("1009", confirm=False)
        self.assertEqual(self.refusal(session=session), 42)

    def test_foreign_investor_and_broker(self) -> None:
        self.assertEqual(self.bench.refused(self.session, "ReqOrderInsert", InvestorID="2"), 9)
        self.assertEqual(self.bench.refused(self.session, "ReqOrderInsert", BrokerID="2"), 12)

    def test_exchange_refuses_in_the_order_itself(self) -> None:
        market = self.bench.market("cu2701")
        upper, lower = market.day.upper / 1e4, market.day.lower / 1e4
        for price, message in (
            (upper + 10, "价格涨破涨停板"),
            (lower - 10, "价格跌破跌停板"),
            (lower + 1, "价格非最小单位倍数"),
        ):
            events = self.bench.order(self.session, LimitPrice=price)
            self.assertEqual(states(events), ["0a", "45"])
            self.assertIn(message, pushes(events, "OnRtnOrder")[-1]["StatusMsg"])
        self.assertEqual(self.bench.funds(self.session)["FrozenMargin"], 0.0)

    @holds("REQORDERINSERT-2")
    def test_the_exchange_must_be_named(self) -> None:
        self.assertEqual(self.refusal(ExchangeID=""), 147)
        self.assertEqual(self.refusal(ExchangeID="XXXX"), 148)
        self.bench.order(self.session, OrderRef="70", ContingentCondition="5", StopPrice=1e6)
        action = partial(self.bench.refused, self.session, "ReqOrderAction", ActionFlag="0")
        named = {"FrontID": 1, "SessionID": self.session, "OrderRef": "70"}
        named["InstrumentID"] = "cu2701"
        self.assertEqual(action(**named), 147)
        self.assertEqual(action(ExchangeID="XXXX", **named), 148)
        self.assertIsNone(action(ExchangeID="SHFE", **named))

    @holds("REQORDERINSERT-6")
    def test_an_investor_forces_nothing_and_suspends_nothing(self) -> None:
        for reason in ("", "1", "9"):
            self.assertEqual(self.refusal(ForceCloseReason=reason), 15, reason)
        self.assertEqual(self.refusal(IsAutoSuspend=1), 15)

    @holds("REQORDERINSERT-9", "REQORDERINSERT-10")
    def test_hedge_flags_that_an_exchange_has_not(self) -> None:
        taken = {"cu2701": "13", "sc2702": "13", "IF2612": "123", "SR705": "1", "m2705": "13"}
        rich = self.bench = Bench(SimOptions(seed=7, balance=1e9))
        self.session = rich.login()
        for name, flags in taken.items():
            for flag in "1235":
                wanted = None if flag in flags else 61
                self.assertEqual(self.refusal(instrument=name, CombHedgeFlag=flag), wanted, name)
        for flag in "67":
            self.assertEqual(self.refusal(CombHedgeFlag=flag), 15)

    @holds("REQORDERINSERT-11", "REQORDERINSERT-17")
    def test_kinds_that_ctp_does_not_take(self) -> None:
        for changes in ({"TimeCondition": time} for time in "2456"):
            self.assertEqual(self.refusal(**changes), 15, changes)
        self.assertEqual(self.refusal(ContingentCondition="4"), 15)
        self.assertEqual(self.refusal(ContingentCondition="G"), 15)

    def test_without_a_user_no_error_is_pushed(self) -> None:
        events = self.bench.order(self.session, UserID="", Direction="x")
        self.assertEqual([e.error for e in events if isinstance(e, Reply)], [15])
        self.assertEqual(pushes(events, "OnErrRtnOrderInsert"), [])
        events = self.bench.action(self.session, UserID="", OrderRef="99")
        self.assertEqual([e.error for e in events if isinstance(e, Reply)], [25])
        self.assertEqual(pushes(events, "OnErrRtnOrderAction"), [])

    def test_actions(self) -> None:
        ask = self.bench.refused
        self.bench.order(self.session, OrderRef="1")
        named = {"FrontID": 1, "SessionID": self.session, "OrderRef": "1", "ExchangeID": "SHFE"}
        named["InstrumentID"] = "cu2701"
        self.assertEqual(ask(self.session, "ReqOrderAction", ActionFlag="3", **named), 23)
        self.assertEqual(ask(self.session, "ReqOrderAction", ActionFlag="0", **named), 26)
        named["OrderRef"] = "77"
        self.assertEqual(ask(self.session, "ReqOrderAction", ActionFlag="0", **named), 25)
        other = self.bench.login("1002")
        named["OrderRef"] = "1"
        self.assertEqual(ask(other, "ReqOrderAction", ActionFlag="0", **named), 25)


class Access(SynchronousTestCase):
    """Logins, passwords, authentication."""

    def login(self, bench: Bench, **values: object) -> int | None:
        values = {"BrokerID": "9999", "UserID": "1", "Password": "p", **values}
        return bench.refused(bench.connect(), "ReqUserLogin", **values)

    def test_password_is_the_first_one_given(self) -> None:
        bench = Bench()
        self.assertEqual(self.login(bench), 0)
        self.assertEqual(self.login(bench, Password="q"), 3)
        self.assertEqual(self.login(bench), 0)
        self.assertEqual(self.login(bench, UserID=""), 3)

    @holds("REQUSERLOGIN-5")
    def test_too_many_wrong_passwords_lock(self) -> None:
        bench = Bench(SimOptions(lock_after=2))
        self.login(bench)
        answers = [self.login(bench, Password="q") for _ in range(3)]
        self.assertEqual(answers, [3, 3, 75])
        self.assertEqual(self.login(bench), 75)

    @holds("REQUSERLOGIN-11")
    def test_sessions_are_counted(self) -> None:
        bench = Bench(SimOptions(max_sessions=2))
        self.assertEqual([self.login(bench) for _ in range(3)], [0, 0, 60])

    @holds("REQAUTHENTICATE-1", "REQAUTHENTICATE-2")
    def test_authentication_when_asked_for(self) -> None:
        bench = Bench(SimOptions(auth_code="0000", app_id="client"))
        self.assertEqual(self.login(bench), 64)
        session = bench.connect()
        who = {"BrokerID": "9999", "UserID": "1"}
        ask = bench.refused
        self.assertEqual(ask(session, "ReqAuthenticate", AuthCode="1", AppID="client", **who), 63)
        self.assertEqual(ask(session, "ReqAuthenticate", AuthCode="0000", AppID="x", **who), 63)
        good = {"AuthCode": "0000", "AppID": "client", **who}
        self.assertEqual(ask(session, "ReqAuthenticate", **good), 0)
        self.assertEqual(ask(session, "ReqUserLogin", Password="p", **who), 0)

    @holds("REQUSERPASSWORDUPDATE-1")
    def test_password_change(self) -> None:
        bench = Bench()
        session = bench.login("1", "old")
        ask = bench.refused
        change = "ReqUserPasswordUpdate"
        self.assertEqual(ask(session, change, OldPassword="x", NewPassword="new"), 14)
        self.assertEqual(ask(session, change, OldPassword="old", NewPassword="old"), 142)
        self.assertEqual(ask(session, change, OldPassword="old", NewPassword="new"), 0)
        self.assertEqual(self.login(bench, Password="old"), 3)
        self.assertEqual(self.login(bench, Password="new"), 0)

    @holds("REQUSERLOGIN-8")
    def test_first_login_must_change_the_password(self) -> None:
        bench = Bench(SimOptions(first_login=True, weak_password=6))
        session = bench.connect()
        who = {"BrokerID": "9999", "UserID": "1"}
        ask = bench.refused
        self.assertEqual(ask(session, "ReqUserLogin", Password="simple", **who), 140)
        self.assertEqual(ask(session, "ReqQryOrder"), 6)
        change = "ReqUserPasswordUpdate"
        old = {"OldPassword": "simple", **who}
        self.assertEqual(ask(session, change, NewPassword="weak", **old), 131)
        self.assertEqual(ask(session, change, NewPassword="stronger", **old), 0)
        self.assertEqual(ask(session, "ReqUserLogin", Password="stronger", **who), 0)

    @holds("REQUSERLOGIN-8")
    def test_weak_password(self) -> None:
        bench = Bench(SimOptions(weak_password=6))
        self.assertEqual(self.login(bench, Password="12345"), 131)
        self.assertEqual(self.login(bench, UserID="2", Password="123456"), 0)

    @holds("LK-1")
    def test_order_rate(self) -> None:
        bench = Bench(SimOptions(order_rate=2))
        session = bench.login()
        answers = [bench.refused(session, "ReqOrderInsert", **bench.input()) for _ in range(3)]
        self.assertEqual(answers, [None, None, 116])
        bench.run(1)
        self.assertIsNone(bench.refused(session, "ReqOrderInsert", **bench.input()))

    def test_before_and_after_the_login(self) -> None:
        bench = Bench()
        session = bench.connect()
        self.assertEqual(bench.refused(session, "ReqQryOrder"), 6)
        session = bench.login()
        who = {"BrokerID": "9999", "UserID": "1001"}
        self.assertEqual(bench.refused(session, "ReqUserLogout", **who), 0)
        self.assertEqual(bench.refused(session, "ReqQryOrder"), 6)

    def test_what_is_not_simulated_says_so(self) -> None:
        bench = Bench()
        self.assertEqual(bench.refused(bench.login(), "ReqOffsetSetting"), 27)


class Queries(SynchronousTestCase):
    """Queries of reference data, and of what there is none of."""

    @holds("REQQRYINSTRUMENT-1")
    def test_classes_of_instruments(self) -> None:
        bench = Bench(SimOptions(not_trading=frozenset({"cu2701"})))
        session = bench.login()

        def found(**values: object) -> list[object]:
            rows = bench.rows(session, "ReqQryClassifiedInstrument", **values)
            return [row["InstrumentID"] for row in rows if row["ExchangeID"] == "SHFE"]

        futures, options = found(ClassType="1"), found(ClassType="2")
        self.assertIn("cu2701", futures)
        self.assertEqual(len(found()), len(futures) + len(options))
        self.assertEqual(found(ClassType="3"), [])
        self.assertEqual(found(TradingType="2"), ["cu2701"])
        self.assertNotIn("cu2701", found(TradingType="1", ClassType="1"))
        # Nothing else is a filter.
        self.assertEqual(len(found(InstrumentID="cu2702", ProductID="cu")), len(found()))

    @holds(
        "REQQRYINVESTORPOSITION-1",
        "REQQRYINVESTORPOSITIONDETAIL-1",
        "REQQRYPRODUCT-1",
        "REQQRYDEPTHMARKETDATA-1",
    )
    def test_the_exchange_is_no_filter_where_ctp_has_none(self) -> None:
        bench = Bench()
        session = bench.login()
        bench.order(session)
        for name in (
            "ReqQryInvestorPosition",
            "ReqQryInvestorPositionDetail",
            "ReqQryDepthMarketData",
            "ReqQryInstrumentMarginRate",
            "ReqQryInstrumentCommissionRate",
            "ReqQryExchangeMarginRate",
        ):
            rows = bench.rows(session, name, InstrumentID="cu2701", ExchangeID="DCE")
            self.assertEqual(len(rows), 1, name)
        products = bench.rows(session, "ReqQryProduct", ProductID="cu", ExchangeID="DCE")
        self.assertEqual(len(products), 1)
        for name in ("ReqQryOrder", "ReqQryTrade", "ReqQryInstrument"):
            rows = bench.rows(session, name, InstrumentID="cu2701", ExchangeID="DCE")
            self.assertEqual(rows, [], name)

    @holds("REQQUERYMAXORDERVOLUME-1")
    def test_the_most_lots_of_a_closing_are_those_of_one_order(self) -> None:
        bench = Bench(SimOptions(seed=7, balance=1e10))
        session = bench.login()
        for _ in range(2):
            bench.order(session, VolumeTotalOriginal=400)
        asked = {"InstrumentID": "cu2701", "Direction": "1", "OffsetFlag": "3", "HedgeFlag": "1"}
        held = bench.exchange.accounts["9999", "1001"].positions["cu2701", "0", "1"].volume()
        most = bench.market("cu2701").contract.limit_volumes[1]
        self.assertGreater(held, most)
        row = bench.rows(session, "ReqQryMaxOrderVolume", **asked)[0]
        self.assertEqual(row["MaxVolume"], most)

    @holds("REQFORQUOTEINSERT-1", "REQQRYFORQUOTE-1")
    def test_requests_for_quotes(self) -> None:
        bench = Bench()
        session = bench.login()
        ask = partial(bench.refused, session, "ReqForQuoteInsert")
        self.assertEqual(ask(InstrumentID="cu2701"), 83)
        # One that is taken is not answered.
        self.assertIsNone(ask(InstrumentID="m2707-C-2550"))
        (row,) = bench.rows(session, "ReqQryForQuote", ExchangeID="DCE")
        self.assertEqual(row["InstrumentID"], "m2707-C-2550")
        self.assertEqual(bench.rows(session, "ReqQryForQuote", ExchangeID="SHFE"), [])
        self.assertEqual(bench.rows(bench.login("1002"), "ReqQryForQuote"), [])

    def test_what_there_is_none_of(self) -> None:
        bench = Bench()
        session = bench.login()
        for name in NOTHING:
            self.assertEqual(bench.rows(session, name), [], name)
            self.assertEqual(bench.refused(session, name, BrokerID="another"), 12, name)
            self.assertIn(name, HANDLERS.by_name)


class Determinism(SynchronousTestCase):
    """The same seed and the same requests give the same events."""

    def story(self, seed: int) -> list[str]:
        bench = Bench(SimOptions(seed=seed))
        session = bench.login()
        bench.exchange.market_data.watch(bench.exchange.sessions[session], "rb2701")
        told = []
        for turn in range(40):
            told += bench.order(session, "rb2701", VolumeTotalOriginal=1 + turn % 3)
            price = bench.best("rb2701", "0")
            told += bench.order(session, "rb2701", LimitPrice=price)
            told += bench.run(1.3)
        return [repr(event) for event in told]

    def day(self, seed: int) -> list[str]:
        """Auctions, sessions and a settlement, with a trader and a watcher."""
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(SimOptions(seed=seed), hours, datetime(2026, 11, 23, 20, 56))
        session = bench.login()
        watcher = bench.exchange.sessions[bench.connect(trading=False)]
        bench.exchange.market_data.watch(watcher, "m2705")
        told = []
        for turn in range(60):
            low = bench.market("cu2701").day.lower / 10_000
            told += bench.order(session, VolumeTotalOriginal=1 + turn % 3)
            told += bench.order(session, "m2705-C-2800", LimitPrice=low)
            told += bench.run(7 if turn % 5 else 1800)
        return [repr(event) for event in told]

    def test_the_same_day(self) -> None:
        self.assertEqual(self.day(5), self.day(5))
        self.assertNotEqual(self.day(5), self.day(6))

    def test_same_seed_and_orders_same_events(self) -> None:
        self.assertEqual(self.story(5), self.story(5))
        self.assertNotEqual(self.story(5), self.story(6))
