"""The settlement of options: exercise, assignment, self-closes, expiry, cash.

Rules as the exchanges publish them, and page QTYWGZ/QHQQDHQ-ZDCGZ of CTP's document 6.7.8.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.broker.test_combactions import Desk
from tests.sim.broker.test_exercise import NEAR, SEED, Holder
from tests.sim.helpers import Bench, pushes
from tests.sim.statementreader import reader_of
from webctp.exchanges.instruments import Instrument
from webctp.sim.options import SimOptions

PHYSICAL: Final = ("SHFE", "INE", "DCE", "CZCE", "GFEX")
DCE_CALL: Final = "m2701-C-3000"
DCE_PUT: Final = "m2701-P-3100"


def strikes(exchange: str) -> dict[str, str]:
    """Options of the nearest series, calls and puts, some steps in and out of the money.

    By the settlement price of the last day; a week before it is not far from that.
    """
    near, last = NEAR[exchange]
    markets = Bench(SimOptions(seed=SEED), now=last).exchange.markets
    series = markets.instruments[near].series
    option = markets.must(near).option
    assert option is not None
    settlement = markets.settlement_price(markets.must(option.underlying)) / 10_000
    chain = sorted(
        (
            one
            for one in markets.instruments.values()
            if one.options_type
            and one.series.underlying_id == series.underlying_id
            and one.series.expire_date == series.expire_date
        ),
        key=lambda one: one.strike_price,
    )
    below = [one for one in chain if one.strike_price < settlement]
    above = [one for one in chain if one.strike_price > settlement]
    calls, puts = "1", "2"

    def pick(options: list[Instrument], kind: str, place: int) -> str:
        return [one.instrument_id for one in options if one.options_type == kind][place]

    return {
        "call in": pick(below, calls, -3),
        "call out": pick(above, calls, 1),
        "put in": pick(above, puts, 2),
        "put out": pick(below, puts, -2),
    }


class Pair:
    """1001 holds options that 1002 has sold; both on a day of the exchange's nearest options."""

    def __init__(self, exchange: str, name: str, lots: int = 4, *, early: bool = False) -> None:
        self.exchange, self.name = exchange, name
        self.holder = Holder(exchange, timedelta(days=-7) if early else timedelta(), 0, name)
        self.bench = self.holder.bench
        self.buyer, self.seller = self.holder.session, self.bench.login("1002")
        self.markets = self.bench.exchange.markets
        if lots:
            # Nobody bids for what is far out of the money: the seller waits in the queue, and a
            # third user buys what stands before.
            low = self.bench.market(name).day.lower / 10_000
            sold = {"Direction": "1", "LimitPrice": low, "VolumeTotalOriginal": lots}
            self.bench.order(self.seller, name, **sold)
            third = self.bench.login("1009")
            while self.held(self.seller) != {(name, "3"): lots}:
                self.buy(name, 1, third)
            self.buy(name, lots, self.buyer)
            assert self.held(self.seller) == {(name, "3"): lots}
        contract = self.markets.must(name)
        assert contract.option is not None
        self.option = contract.option
        self.future = self.markets.must(self.option.underlying)
        self.settlement = self.markets.settlement_price(self.future)
        self.size = contract.multiplier

    def buy(self, name: str, lots: int, session: int) -> None:
        self._trade(session, name, lots)

    def sell(self, name: str, lots: int, session: int, **changes: Any) -> None:
        low = self.bench.market(name).day.lower / 10_000
        self._trade(session, name, lots, Direction="1", LimitPrice=low, **changes)

    def _trade(self, session: int, name: str, lots: int, **changes: Any) -> None:
        """Trade at once, lot by lot where one price has not enough."""
        done = 0
        for _ in range(50):
            events = self.bench.order(
                session, name, VolumeTotalOriginal=lots - done, TimeCondition="1", **changes
            )
            mine = self.bench.exchange.sessions[session].account
            done += sum(
                row["Volume"]
                for row in pushes(events, "OnRtnTrade")
                if (row["BrokerID"], row["InvestorID"]) == mine
            )
            if done == lots:
                return
            self.bench.run(1)
        raise AssertionError(f"{name}: only {done} of {lots} lots traded")

    def settle(self) -> list[Any]:
        """Go on to the next trading day; gives what was pushed until then."""
        audit(self.bench.exchange)
        day = self.markets.day.name
        events = []
        while self.markets.day.name == day:
            events += self.bench.run(3600)
        audit(self.bench.exchange)
        return events

    def held(self, session: int) -> dict[tuple[Any, Any], Any]:
        """Lots by (InstrumentID, PosiDirection)."""
        rows = self.bench.rows(session, "ReqQryInvestorPosition")
        return {
            (row["InstrumentID"], row["PosiDirection"]): row["Position"]
            for row in rows
            if row["Position"]
        }

    def details(self, session: int) -> list[Any]:
        rows = self.bench.rows(session, "ReqQryInvestorPositionDetail")
        return [row for row in rows if row["Volume"]]


def pre_balance(pair: Pair, session: int) -> Any:
    """Yesterday's equity."""
    return pair.bench.funds(session)["PreBalance"]


class LastDay(SynchronousTestCase):
    """What the exchanges do by themselves after the last close."""

    def test_lots_have_trade_ids_that_no_trade_has(self) -> None:
        name = strikes("SHFE")["call in"]
        pair = Pair("SHFE", name)
        for _ in range(3):  # more orders than trades
            low = pair.bench.market(name).day.lower / 10_000
            pair.bench.order(pair.buyer, name, LimitPrice=low, TimeCondition="1")
        trades: list[Any] = pair.bench.rows(pair.buyer, "ReqQryTrade")
        last = max(int(row["TradeID"]) for row in trades)
        pair.settle()
        told = [int(pair.details(one)[0]["TradeID"]) for one in (pair.buyer, pair.seller)]
        self.assertEqual(sorted(told), [last + 1, last + 2])

    @holds("QHQQDHQ-ZDCGZ-5")
    def test_what_is_in_the_money_becomes_the_future_at_the_strike_price(self) -> None:
        for exchange in PHYSICAL:
            names = strikes(exchange)
            for kind, sides in (("call in", "23"), ("put in", "32")):
                pair = Pair(exchange, names[kind])
                future = pair.future.instrument
                before = [self.equity(pair, session) for session in (pair.buyer, pair.seller)]
                pair.settle()
                for place, session in enumerate((pair.buyer, pair.seller)):
                    held = pair.held(session)
                    self.assertEqual(held, {(future, sides[place]): 4}, (exchange, kind))
                    (lot,) = pair.details(session)
                    self.assertEqual(lot["OpenPrice"], pair.option.strike / 10_000)
                    self.assertEqual(lot["TradeType"], "1")
                    sign = 1 if sides[place] == "2" else -1
                    gained = sign * (pair.settlement - pair.option.strike) * 4 * pair.size
                    self.assertAlmostEqual(
                        pre_balance(pair, session), before[place] + gained / 10_000, 2
                    )

    @staticmethod
    def equity(pair: Pair, session: int) -> Any:
        return pair.bench.funds(session)["Balance"]

    @holds("QHQQDHQ-ZDCGZ-5")
    def test_what_is_out_of_the_money_lapses(self) -> None:
        for exchange in (*PHYSICAL, "CFFEX"):
            names = strikes(exchange)
            for kind in ("call out", "put out"):
                pair = Pair(exchange, names[kind])
                before = [self.equity(pair, session) for session in (pair.buyer, pair.seller)]
                pair.settle()
                for place, session in enumerate((pair.buyer, pair.seller)):
                    self.assertEqual(pair.held(session), {}, (exchange, kind))
                    self.assertAlmostEqual(pre_balance(pair, session), before[place], 2)

    def test_cffex_pays_in_cash_and_takes_a_fee_of_both_sides(self) -> None:
        for kind in ("call in", "put in"):
            pair = Pair("CFFEX", strikes("CFFEX")[kind])
            before = [self.equity(pair, session) for session in (pair.buyer, pair.seller)]
            pair.settle()
            worth = abs(pair.settlement - pair.option.strike) * 4 * pair.size / 10_000
            for place, (session, sign) in enumerate(((pair.buyer, 1), (pair.seller, -1))):
                self.assertEqual(pair.held(session), {})
                # StrikeRatioByVolume is 2 yuan a lot.
                wanted = before[place] + sign * worth - 8
                self.assertAlmostEqual(pre_balance(pair, session), wanted, 2)
                found = reader_of(pair.bench.rows(session, "ReqQrySettlementInfo"))
                (row,) = found.rows("行权明细")
                self.assertEqual((row["合约"], row["行权数量"]), (pair.name, "4"))
                self.assertEqual(found.summary["Exercise P/L"], round(Decimal(sign * worth), 2))
                self.assertEqual(found.summary["Exercise Fee"], 8)

    @holds("QHQQDHQ-ZDCGZ-5")
    def test_what_has_been_abandoned_lapses(self) -> None:
        for exchange in ("SHFE", "INE", "CZCE"):
            pair = Pair(exchange, strikes(exchange)["call in"])
            pair.holder.exercise(ActionType="2", Volume=3)
            events = pair.settle()
            self.assertEqual(pair.held(pair.buyer), {(pair.future.instrument, "2"): 1}, exchange)
            (told,) = pushes(events, "OnRtnExecOrder")
            self.assertEqual(told["ExecResult"], "0")

    @holds("QHQQDHQ-ZDCGZ-6")
    def test_dce_exercises_only_what_was_asked_where_the_automatic_one_is_taken_back(
        self,
    ) -> None:
        for exchange in ("DCE", "GFEX"):
            pair = Pair(exchange, strikes(exchange)["call in"])
            pair.holder.exercise(Volume=0)
            pair.holder.exercise(Volume=3)
            pair.settle()
            self.assertEqual(pair.held(pair.buyer), {(pair.future.instrument, "2"): 3}, exchange)

    def test_an_exercise_out_of_the_money_is_carried_out_if_it_was_asked_for(self) -> None:
        pair = Pair("DCE", strikes("DCE")["call out"])
        pair.holder.exercise(Volume=1)
        pair.settle()
        self.assertEqual(pair.held(pair.buyer), {(pair.future.instrument, "2"): 1})
        self.assertEqual(pair.held(pair.seller), {(pair.future.instrument, "3"): 1})

    def test_a_withdrawn_exercise_is_none(self) -> None:
        pair = Pair("DCE", strikes("DCE")["call out"])
        pair.holder.exercise(Volume=1, ExecOrderRef="3")
        pair.holder.withdraw(ExecOrderRef="3")
        self.assertEqual(pushes(pair.settle(), "OnRtnExecOrder"), [])
        self.assertEqual(pair.held(pair.buyer), {})

    def test_an_instrument_ends(self) -> None:
        pair = Pair("DCE", strikes("DCE")["call in"])
        (row,) = pair.bench.rows(pair.buyer, "ReqQryInstrument", InstrumentID=pair.name)
        self.assertEqual(row["ExpireDate"], "20261216")
        self.assertEqual((row["InstLifePhase"], row["IsTrading"]), ("1", 1))
        pair.settle()
        self.assertEqual(
            pair.bench.rows(pair.buyer, "ReqQryInstrument", InstrumentID=pair.name), []
        )
        values = pair.holder.bench.input("m2705", InstrumentID=pair.name, ExchangeID="DCE")
        self.assertEqual(pair.bench.refused(pair.buyer, "ReqOrderInsert", **values), 16)


class AnyDay(SynchronousTestCase):
    """American options, exercised before their last day."""

    def test_an_exercise_takes_lots_and_the_rest_stays(self) -> None:
        for exchange in PHYSICAL:
            pair = Pair(exchange, strikes(exchange)["call in"], early=True)
            pair.holder.exercise(Volume=3)
            events = pair.settle()
            (told,) = pushes(events, "OnRtnExecOrder")
            self.assertEqual((told["OrderSubmitStatus"], told["ExecResult"]), ("3", "0"))
            future = pair.future.instrument
            self.assertEqual(pair.held(pair.buyer), {(pair.name, "2"): 1, (future, "2"): 3})
            # 1002 is the only user who has sold: users are drawn before the background.
            self.assertEqual(pair.held(pair.seller), {(pair.name, "3"): 1, (future, "3"): 3})
            (funds,) = pair.bench.rows(pair.buyer, "ReqQryTradingAccount")
            self.assertEqual((funds["FrozenMargin"], funds["FrozenCommission"]), (0, 0))
            self.assertEqual(pair.bench.rows(pair.buyer, "ReqQryExecOrder"), [])

    def test_nothing_is_exercised_or_assigned_by_itself(self) -> None:
        pair = Pair("DCE", strikes("DCE")["call in"], early=True)
        pair.settle()
        self.assertEqual(pair.held(pair.buyer), {(pair.name, "2"): 4})
        self.assertEqual(pair.held(pair.seller), {(pair.name, "3"): 4})

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 4), st.integers(0, 6), st.integers(0, 6))
    def test_what_is_exercised_is_assigned_as_far_as_users_have_sold(
        self, exercised: int, second: int, third: int
    ) -> None:
        pair = Pair("DCE", DCE_PUT, 0, early=True)
        other = pair.bench.login("1003")
        pair.buy(pair.name, 4, pair.buyer)
        for session, lots in ((pair.seller, second), (other, third)):
            if lots:
                pair.sell(pair.name, lots, session)
        if exercised:
            pair.holder.exercise(Volume=exercised)
        pair.settle()
        key = pair.future.instrument, "2"
        assigned = [pair.held(session).get(key, 0) for session in (pair.seller, other)]
        self.assertEqual(sum(assigned), min(exercised, second + third))
        left = [pair.held(session).get((pair.name, "3"), 0) for session in (pair.seller, other)]
        self.assertEqual([left[0] + assigned[0], left[1] + assigned[1]], [second, third])

    def test_the_same_seed_draws_the_same_sellers(self) -> None:
        def drawn() -> list[dict[tuple[Any, Any], Any]]:
            pair = Pair("DCE", DCE_CALL, early=True)
            others = [pair.bench.login(name) for name in ("1003", "1004")]
            for session in others:
                pair.sell(pair.name, 9, session)
            pair.holder.exercise(Volume=4)
            pair.settle()
            return [pair.held(session) for session in (pair.seller, *others)]

        self.assertEqual(drawn(), drawn())


class SelfCloses(SynchronousTestCase):
    """Long and short of one user netted: options, and the futures that arise."""

    def both(self, exchange: str, long: int, short: int) -> Pair:
        """1001 holds both sides of an option far from its end."""
        pair = Pair(exchange, strikes(exchange)["call out"], 0, early=True)
        pair.buy(pair.name, long, pair.buyer)
        pair.sell(pair.name, short, pair.buyer)
        return pair

    @holds("QHQQDHQ-ZDCGZ-9")
    def test_options_are_netted_up_to_what_was_asked(self) -> None:
        for exchange, asked, left in (
            ("SHFE", 2, (3, 1)),
            ("INE", 9, (2, 0)),
            # DCE names no volume.
            ("DCE", 1, (2, 0)),
            ("GFEX", 0, (2, 0)),
        ):
            pair = self.both(exchange, 5, 3)
            before = LastDay.equity(pair, pair.buyer)
            pair.holder.self_close(Volume=asked)
            events = pair.settle()
            (told,) = pushes(events, "OnRtnOptionSelfClose")
            self.assertEqual(told["ExecResult"], "0", exchange)
            held = pair.held(pair.buyer)
            found = held.get((pair.name, "2"), 0), held.get((pair.name, "3"), 0)
            self.assertEqual(found, left, exchange)
            self.assertAlmostEqual(pre_balance(pair, pair.buyer), before, 2)

    def test_one_without_positions_comes_to_nothing(self) -> None:
        pair = self.both("SHFE", 2, 1)
        pair.sell(pair.name, 2, pair.buyer, CombOffsetFlag="3")
        pair.holder.self_close(Volume=2)
        (told,) = pushes(pair.settle(), "OnRtnOptionSelfClose")
        self.assertEqual(told["ExecResult"], "1")
        self.assertEqual(pair.held(pair.buyer), {(pair.name, "3"): 1})

    def test_one_that_was_withdrawn_changes_nothing(self) -> None:
        pair = self.both("SHFE", 2, 2)
        pair.holder.self_close(Volume=2, OptionSelfCloseRef="3")
        pair.holder.cancel_self_close(OptionSelfCloseRef="3")
        self.assertEqual(pushes(pair.settle(), "OnRtnOptionSelfClose"), [])
        self.assertEqual(len(pair.held(pair.buyer)), 2)

    def test_lots_under_exercise_are_not_netted(self) -> None:
        pair = self.both("DCE", 3, 3)
        pair.holder.exercise(Volume=2)
        pair.holder.self_close()
        pair.settle()
        held = pair.held(pair.buyer)
        # One of each was netted; of the two exercised both came back to the only user who sold.
        self.assertEqual(held, {(pair.future.instrument, "2"): 2, (pair.future.instrument, "3"): 2})

    def test_a_buyers_futures_are_netted_by_close_flag(self) -> None:
        for exchange in ("SHFE", "INE", "DCE", "GFEX"):
            for flag, left in (("0", {"3": 2}), ("1", {"2": 3, "3": 5})):
                pair = Pair(exchange, strikes(exchange)["call in"], early=True)
                future = pair.future.instrument
                pair.sell(future, 5, pair.buyer)
                before = LastDay.equity(pair, pair.buyer)
                last = pair.markets.last(future)
                pair.holder.exercise(Volume=3, CloseFlag=flag)
                pair.settle()
                held = pair.held(pair.buyer)
                self.assertEqual(
                    {side: lots for (name, side), lots in held.items() if name == future}, left
                )
                # Netted or not, the money is that of both sides marked at the settlement price.
                made = 3 * (pair.settlement - pair.option.strike) - 5 * (pair.settlement - last)
                wanted = before + made * pair.size / 10_000
                self.assertAlmostEqual(pre_balance(pair, pair.buyer), wanted, 2, (exchange, flag))

    def test_a_sellers_futures_are_netted_by_self_close(self) -> None:
        for exchange, left in (("SHFE", 3), ("DCE", 1)):
            pair = Pair(exchange, strikes(exchange)["call in"], early=True)
            future = pair.future.instrument
            pair.buy(future, 5, pair.seller)
            pair.holder.exercise(Volume=4)
            pair.holder.session = pair.seller
            pair.holder.self_close(InvestorID="1002", UserID="1002", OptSelfCloseFlag="3", Volume=2)
            events = pair.settle()
            (told,) = pushes(events, "OnRtnOptionSelfClose")
            self.assertEqual(told["ExecResult"], "0")
            self.assertEqual(pair.held(pair.seller).get((future, "2")), left, exchange)


class WhatIsCombined(SynchronousTestCase):
    """Lots of combinations are broken up where an exercise needs them."""

    def test_a_covered_option_is_exercised_and_netted_with_its_future(self) -> None:
        name = "BFO m2705-C-3000&m2705"
        for flag, left in (("0", {}), ("1", {("m2705", "2"): 3, ("m2705", "3"): 3})):
            desk = Desk()
            desk.hold(name)
            desk.act(name, 2)
            self.assertEqual(len(desk.account.combined), 1)
            values = {
                "UserID": "1001",
                "InstrumentID": "m2705-C-3000",
                "OffsetFlag": "1",
                "HedgeFlag": "1",
                "ActionType": "1",
                "ReservePositionFlag": "0",
                "CloseFlag": flag,
                "Volume": 3,
            }
            events = desk.bench.ask(desk.session, "ReqExecOrderInsert", **values)
            self.assertEqual(len(pushes(events, "OnRtnExecOrder")), 2)
            audit(desk.bench.exchange)
            desk.bench.run(24 * 3600)
            audit(desk.bench.exchange)
            self.assertEqual(desk.account.combined, {})
            rows = desk.bench.rows(desk.session, "ReqQryInvestorPosition")
            held = {(row["InstrumentID"], row["PosiDirection"]): row["Position"] for row in rows}
            self.assertEqual(held, left, flag)

    def test_lots_under_exercise_are_not_combined(self) -> None:
        name = "BFO m2705-C-3000&m2705"
        desk = Desk()
        desk.hold(name)
        desk.bench.ask(
            desk.session,
            "ReqExecOrderInsert",
            InstrumentID="m2705-C-3000",
            OffsetFlag="1",
            HedgeFlag="1",
            ActionType="1",
            ReservePositionFlag="0",
            CloseFlag="1",
            Volume=2,
        )
        desk.act(name, 2)
        self.assertEqual(desk.account.combined, {})
        desk.act(name, 1)
        self.assertEqual(len(desk.account.combined), 1)
        audit(desk.bench.exchange)
