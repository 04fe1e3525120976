"""Orders in combinations: callbacks, legs, refusals, money, meeting other orders."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import Witness, agree, audit
from tests.sim.helpers import Bench, pushes
from tests.sim.statementreader import reader_of
from tests.sim.test_sequences import letters
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Event, Push, Reply
from webctp.sim.host.state import StateFile
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

RICH: Final = 50_000_000.0
MEAL: Final = "SP m2701&m2705"
PAIR: Final = "SPC y2705&p2705"
SILICON: Final = "SP si2702&si2703"
SUGAR: Final = "SPD SR701&SR705"
ALLOYS: Final = "IPS SF701&SM701"
STRADDLE: Final = "STD SR705C5300&SR705P5300"
SPREADS: Final = (MEAL, PAIR, SILICON, SUGAR, ALLOYS)


class Pit:
    """Users 1001 and 1002 who trade combinations."""

    def __init__(self, bench: Bench | None = None, **options: Any) -> None:
        self.bench = bench or Bench(SimOptions(seed=7, **{"balance": RICH, **options}))
        self.mine, self.other = self.bench.login(), self.bench.login("1002")
        self.events: list[Event] = []

    def account(self, name: str = "1001") -> Any:
        return self.bench.exchange.accounts["9999", name]

    def values(self, name: str, **changes: Any) -> dict[str, Any]:
        """An order of one lot to open, bought at the upper limit, sold at the lower one."""
        sells = changes.get("Direction") == "1"
        values = self.bench.input("m2701", InstrumentID=name)
        spread = self.bench.exchange.markets.spreads.get(name)
        if spread is not None:
            day = self.bench.market(name).day
            values["ExchangeID"] = spread.contract.exchange
            values["LimitPrice"] = (day.lower if sells else day.upper) / 10_000
        return {**values, **changes}

    def order(self, name: str = MEAL, *, by: int | None = None, **changes: Any) -> list[Event]:
        values = self.values(name, **changes)
        events = self.bench.ask(by or self.mine, "ReqOrderInsert", **values)
        self.events += events
        return events

    def cancel(self, name: str, ref: str) -> list[Event]:
        spread = self.bench.exchange.markets.spreads.must(name)
        events = self.bench.action(
            self.mine, ExchangeID=spread.contract.exchange, InstrumentID=name, OrderRef=ref
        )
        self.events += events
        return events

    def told(self, account: str = "1001") -> str:
        own = [
            event
            for event in self.events
            if not isinstance(event, Push) or event.account == ("9999", account)
        ]
        return " ".join(letters(own))

    def rows(self, query: str, *, by: int | None = None, **values: object) -> list[Any]:
        return self.bench.rows(by or self.mine, query, **values)

    @property
    def money(self) -> Mapping[str, Any]:
        return self.bench.funds(self.mine)


def fills_at_once(pit: Pit, name: str) -> None:
    pit.order(name, VolumeTotalOriginal=2)


def rests_and_fills(pit: Pit, name: str) -> None:
    price = pit.bench.best(name, "0")
    pit.order(name, LimitPrice=price + tick(pit, name), VolumeTotalOriginal=2, OrderRef="7")
    pit.order(name, by=pit.other, Direction="1", VolumeTotalOriginal=2)


def rests_and_is_cancelled(pit: Pit, name: str) -> None:
    pit.order(name, LimitPrice=pit.bench.market(name).day.lower / 10_000, OrderRef="7")
    pit.cancel(name, "7")


def rests_and_fills_in_two(pit: Pit, name: str) -> None:
    price = pit.bench.best(name, "0")
    pit.order(name, LimitPrice=price + tick(pit, name), VolumeTotalOriginal=3)
    for lots in (1, 2):
        pit.order(name, by=pit.other, Direction="1", VolumeTotalOriginal=lots)


def fak_in_vain(pit: Pit, name: str) -> None:
    pit.order(name, LimitPrice=pit.bench.market(name).day.lower / 10_000, TimeCondition="1")


def fok_too_large(pit: Pit, name: str) -> None:
    price = pit.bench.best(name, "1")
    most = pit.bench.exchange.markets.spreads.must(name).contract.limit_volumes[1]
    pit.order(
        name,
        LimitPrice=price,
        VolumeTotalOriginal=most,
        TimeCondition="1",
        VolumeCondition="3" if name not in (SUGAR, ALLOYS) else "2",
        MinVolume=most,
    )


def beyond_the_limit(pit: Pit, name: str) -> None:
    upper = pit.bench.market(name).day.upper / 10_000
    pit.order(name, LimitPrice=upper + tick(pit, name))


def opens_and_closes(pit: Pit, name: str) -> None:
    pit.order(name, VolumeTotalOriginal=2)
    pit.order(name, Direction="1", CombOffsetFlag="1", VolumeTotalOriginal=2)


def tick(pit: Pit, name: str) -> float:
    return pit.bench.exchange.markets.spreads.must(name).contract.tick / 10_000


def quiet(pit: Pit) -> tuple[str, str]:
    """A spread whose second leg has some ticks between its best prices, and that leg."""
    exchange = pit.bench.exchange
    for made in exchange.markets.combinations.listed:
        leg = made.legs[1].instrument_id
        if made.exchange_id == "DCE" and exchange.markets.must(leg).spread > 2:
            return made.instrument_id, leg
    raise AssertionError("every leg is busy")


Story = Callable[[Pit, str], None]
CALLBACKS: Final[tuple[tuple[Story, str, str], ...]] = (
    # What happens; on DCE and GFEX; on CZCE.
    (fills_at_once, "a 3 0 T T", "a 3 3 0 T T"),
    (rests_and_fills, "a 3 0 T T", "a 3 3 0 T T"),
    (rests_and_is_cancelled, "a 3 3 5", "a 3 3 5"),
    (rests_and_fills_in_two, "a 3 1 T T 0 T T", "a 3 3 1 T T 1 0 T T"),
    (fak_in_vain, "a 5", "a 5"),
    (fok_too_large, "a 5", "a 5"),
    (beyond_the_limit, "a 5", "a 5"),
    (opens_and_closes, "a 3 0 T T a 3 0 T T", "a 3 3 0 T T a 3 3 0 T T"),
)


class Sequences(SynchronousTestCase):
    """CTP's order of callbacks, as for other orders, with a trade for each leg."""

    @holds("GJYSTSZL-8")
    def test_every_exchange_and_kind(self) -> None:
        for story, dalian, zhengzhou in CALLBACKS:
            for name in SPREADS:
                pit = Pit()
                story(pit, name)
                wanted = zhengzhou if name in (SUGAR, ALLOYS) else dalian
                self.assertEqual(pit.told(), wanted, (story.__name__, name))
                audit(pit.bench.exchange)

    def test_volume_conditions_of_day_orders(self) -> None:
        for condition in "12":
            pit = Pit()
            pit.order(VolumeCondition=condition, MinVolume=1)
            self.assertEqual(pit.told(), "a 3 0 T T")
        pit = Pit()
        (refused,) = pushes(pit.order(VolumeCondition="3"), "OnRtnOrder")[1:]
        self.assertIn("不被支持的报单类型", refused["StatusMsg"])

    def test_what_an_order_and_its_trades_say(self) -> None:
        pit = Pit()
        events = pit.order(VolumeTotalOriginal=2, OrderMemo="mine")
        order = pushes(events, "OnRtnOrder")[-1]
        self.assertEqual((order["InstrumentID"], order["OrderType"]), (MEAL, "3"))
        self.assertEqual((order["VolumeTraded"], order["OrderMemo"]), (2, "mine"))
        near, far = pushes(events, "OnRtnTrade")
        names = ("InstrumentID", "ExchangeInstID", "Direction", "Volume", "TradeType", "OffsetFlag")
        self.assertEqual([near[name] for name in names], ["m2701", "m2701", "0", 2, "4", "0"])
        self.assertEqual([far[name] for name in names], ["m2705", "m2705", "1", 2, "4", "0"])
        for name in ("OrderSysID", "OrderLocalID", "OrderRef"):
            self.assertEqual({near[name], far[name]}, {order[name]}, name)
        self.assertNotEqual(near["TradeID"], far["TradeID"])
        self.assertEqual(pit.rows("ReqQryTrade"), [near, far])
        self.assertEqual(pit.rows("ReqQryOrder", InstrumentID=MEAL), [order])
        self.assertEqual(pit.rows("ReqQryTrade", InstrumentID=MEAL), [])

    @holds("REQORDERINSERT-18")
    def test_straddles_of_czce_trade_at_once_or_not_at_all(self) -> None:
        for condition in "13":
            pit = Pit()
            changes: dict[str, Any] = {"TimeCondition": "1", "VolumeCondition": condition}
            pit.order(STRADDLE, Direction="1", **changes)
            self.assertEqual(pit.told(), "a 3 3 0 T T")
            directions = {row["Direction"] for row in pit.rows("ReqQryTrade")}
            self.assertEqual(directions, {"1"})
            (held,) = pit.account().combined.values()
            self.assertEqual((held.key, held.volume()), ((STRADDLE, "1", "1"), 1))
            pit.order(STRADDLE, CombOffsetFlag="1", **changes)
            self.assertEqual(held.volume(), 0)
            audit(pit.bench.exchange)
        pit = Pit()
        (refused,) = pushes(pit.order(STRADDLE, Direction="1"), "OnRtnOrder")[1:]
        self.assertEqual(refused["OrderStatus"], "5")
        self.assertIn("CZCE:出错:不支持无限制期权组合订单", refused["StatusMsg"])

    def test_one_that_is_bought_has_a_premium_and_no_combination(self) -> None:
        pit = Pit()
        pit.order(STRADDLE, TimeCondition="1")
        self.assertEqual(pit.account().combined, {})
        premium = sum(row["Price"] * row["Volume"] * 10 for row in pit.rows("ReqQryTrade"))
        self.assertAlmostEqual(pit.money["CashIn"], -premium, 4)
        self.assertEqual(pit.money["CurrMargin"], 0)
        self.assertEqual(pit.money["FrozenCash"], 0)
        audit(pit.bench.exchange)


class Refusals(SynchronousTestCase):
    """By CTP with a code, and by exchanges with a text."""

    def refused(self, pit: Pit, code: int, name: str = MEAL, **changes: Any) -> None:
        before = repr(pit.account())
        events = pit.order(name, **changes)
        told = [(e.callback, e.error) for e in events if isinstance(e, Push | Reply)]
        wanted = [("OnRspOrderInsert", code), ("OnErrRtnOrderInsert", code)]
        self.assertEqual(told, wanted, (name, changes))
        self.assertEqual(repr(pit.account()), before)
        audit(pit.bench.exchange)

    @holds("DCEZB-3")
    def test_fields(self) -> None:
        pit = Pit()
        for code, changes in (
            (15, {"CombOffsetFlag": "01"}),
            (15, {"ContingentCondition": "5", "StopPrice": 1.0}),
            (15, {"ContingentCondition": "2", "StopPrice": 1.0}),
            (15, {"LimitPrice": float("nan")}),
            (15, {"VolumeTotalOriginal": 0}),
            (61, {"CombHedgeFlag": "13"}),
            (61, {"CombHedgeFlag": "2"}),
            (80, {"OrderPriceType": "1"}),
            (80, {"OrderPriceType": "4"}),
            (16, {"ExchangeID": "CZCE"}),
            (147, {"ExchangeID": ""}),
        ):
            self.refused(pit, code, **changes)
        self.refused(pit, 61, SUGAR, CombHedgeFlag="33")
        self.refused(pit, 80, SUGAR, TimeCondition="1", VolumeCondition="3")

    def test_what_can_only_be_combined_takes_no_orders(self) -> None:
        pit = Pit()
        for name in ("SP m2701&m2701", "SPC y2701&p2705", "STD m2705-C-3000&m2705-P-3000"):
            self.refused(pit, 16, name)
        self.refused(pit, 16, "SP m2705&m2701", ExchangeID="DCE")

    def test_17_a_barred_leg(self) -> None:
        for barred in ("m2705", "m"):
            pit = Pit(not_trading=frozenset({barred}))
            self.refused(pit, 17)
            (row,) = pit.rows("ReqQryInstrument", InstrumentID=MEAL)
            self.assertEqual(row["IsTrading"], 0)

    def test_22_30_31_106(self) -> None:
        pit = Pit(position_limit=5)
        pit.order(OrderRef="9")
        self.refused(pit, 22, OrderRef="9")
        self.refused(pit, 106, VolumeTotalOriginal=5)
        self.refused(pit, 30, Direction="1", CombOffsetFlag="1", VolumeTotalOriginal=2)
        self.refused(pit, 30, CombOffsetFlag="1")
        self.refused(Pit(balance=2000.0), 31)

    def test_texts_of_the_exchange(self) -> None:
        for changes, text in (
            ({"LimitPrice": -100_000.0}, "价格跌破跌停板"),
            ({"LimitPrice": 100_000.0}, "价格涨破涨停板"),
            ({"LimitPrice": 10.5}, "价格非最小单位倍数"),
            ({"VolumeTotalOriginal": 1001}, "报单数量不在允许的范围内"),
        ):
            pit = Pit()
            row = pushes(pit.order(**changes), "OnRtnOrder")[-1]
            self.assertEqual((row["OrderStatus"], pit.told()), ("5", "a 5"))
            self.assertIn(text, row["StatusMsg"])
            audit(pit.bench.exchange)

    def test_no_orders_in_auctions_and_breaks(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        for moment in (datetime(2026, 11, 24, 20, 56), datetime(2026, 11, 24, 11, 45)):
            pit = Pit(Bench(SimOptions(seed=7, balance=RICH), hours, moment))
            row = pushes(pit.order(), "OnRtnOrder")[-1]
            self.assertIn("当前状态禁止此项操作", row["StatusMsg"], moment)

    def test_no_cancellation_in_a_break(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        pit = Pit(Bench(SimOptions(seed=7, balance=RICH), hours, datetime(2026, 11, 24, 11, 29)))
        rests_and_is_cancelled(pit, MEAL)
        pit.order(LimitPrice=pit.bench.market(MEAL).day.lower / 10_000, OrderRef="8")
        pit.bench.run(60)
        events = pit.cancel(MEAL, "8")
        [row] = pushes(events, "OnErrRtnOrderAction")
        self.assertEqual(row["OrderRef"], "8")

    def test_what_rests_in_the_night_waits_for_the_day(self) -> None:
        """It takes part in no auction, and is cancelled before it only as others are."""
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        night = datetime(2026, 11, 23, 22, 50)
        for name in (MEAL, SUGAR):
            pit = Pit(Bench(SimOptions(seed=7, balance=RICH), hours, night))
            low = pit.bench.market(name).day.lower / 10_000
            for _ in range(2):
                self.assertEqual(
                    pushes(pit.order(name, LimitPrice=low), "OnRtnOrder")[-1]["OrderStatus"], "3"
                )
            pit.bench.run(4 * 3600)
            self.assertNotIn("5", pit.told())
            refused = pushes(pit.cancel(name, "1"), "OnErrRtnOrderAction")
            self.assertEqual(len(refused), 1, name)
            pit.events += pit.bench.run(7 * 3600)
            session = pit.bench.login()
            rows = pit.rows("ReqQryOrder", by=session)
            self.assertEqual([row["OrderStatus"] for row in rows], ["3", "3"], name)
            audit(pit.bench.exchange)

    @holds("REQPARKEDORDERINSERT-1")
    def test_none_is_parked(self) -> None:
        pit = Pit()
        events = pit.bench.ask(pit.mine, "ReqParkedOrderInsert", **pit.values(MEAL))
        self.assertEqual([e.error for e in events if isinstance(e, Reply)], [16])


class Prices(SynchronousTestCase):
    """Prices are differences: they may be zero or below."""

    def test_zero_and_below(self) -> None:
        pit = Pit()
        for price in (0.0, -20.0):
            (row,) = pushes(pit.order(LimitPrice=price), "OnRtnOrder")[1:]
            self.assertEqual((row["OrderStatus"], row["LimitPrice"]), ("3", price))
        listed = pit.bench.exchange.markets.combinations.listed
        names = [made.instrument_id for made in listed if made.product_id == "SP m&m"]
        below = next(name for name in names if pit.bench.best(name, "1") < 0)
        price = pit.bench.best(below, "1")
        events = pit.order(below, LimitPrice=price)
        near, far = (row["Price"] for row in pushes(events, "OnRtnTrade"))
        self.assertEqual(near - far, price)
        audit(pit.bench.exchange)

    def test_czce_cuts_towards_zero(self) -> None:
        pit = Pit()
        for price, cut in ((-10.9, -10.0), (-10.0, -10.0), (10.9, 10.0)):
            row = pushes(pit.order(SUGAR, LimitPrice=price), "OnRtnOrder")[1]
            self.assertEqual(row["LimitPrice"], cut)

    def test_each_lot_trades_at_the_limit_or_better(self) -> None:
        for name in SPREADS:
            pit = Pit()
            ask = pit.bench.best(name, "1")
            depth = pit.bench.market(name).depth("1", 1)[0][1]
            events = pit.order(name, LimitPrice=ask, VolumeTotalOriginal=depth)
            self.assertEqual(pushes(events, "OnRtnOrder")[-1]["OrderStatus"], "0", name)
            sums = dict.fromkeys(name.partition(" ")[2].split("&"), 0.0)
            for row in pushes(events, "OnRtnTrade"):
                sums[row["InstrumentID"]] += row["Price"] * row["Volume"]
            near, far = sums.values()
            self.assertAlmostEqual((near - far) / depth, ask, 6, name)


class Meeting(SynchronousTestCase):
    """Other orders in the combination, and in its legs."""

    def test_two_orders_meet_between_the_quotes(self) -> None:
        for name in (SILICON, PAIR, quiet(Pit())[0]):
            pit = Pit()
            bid, ask = pit.bench.best(name, "0"), pit.bench.best(name, "1")
            price = bid + tick(pit, name)
            self.assertLess(price, ask, "no room between the quotes")
            pit.order(name, LimitPrice=price, VolumeTotalOriginal=3)
            pit.order(name, by=pit.other, Direction="1", LimitPrice=price, VolumeTotalOriginal=2)
            mine, theirs = pit.rows("ReqQryTrade"), pit.rows("ReqQryTrade", by=pit.other)
            self.assertEqual([r["TradeID"] for r in mine], [r["TradeID"] for r in theirs])
            self.assertEqual([r["Price"] for r in mine], [r["Price"] for r in theirs])
            self.assertAlmostEqual(mine[0]["Price"] - mine[1]["Price"], price, 6)
            for row in mine:
                day = pit.bench.market(str(row["InstrumentID"])).day
                self.assertTrue(day.lower <= row["Price"] * 10_000 <= day.upper, row)
            self.assertEqual(self.volume(pit, name), [2, 2])
            audit(pit.bench.exchange)

    def volume(self, pit: Pit, name: str) -> list[int]:
        """The lots of user 1001 by leg."""
        legs = name.partition(" ")[2].split("&")
        return [
            sum(row["Volume"] for row in pit.rows("ReqQryTrade", InstrumentID=leg)) for leg in legs
        ]

    def test_the_better_price_goes_first_then_users_before_legs(self) -> None:
        pit = Pit()
        ask = pit.bench.best(MEAL, "1")
        pit.order(Direction="1", LimitPrice=ask, VolumeTotalOriginal=1, OrderRef="1")
        pit.order(Direction="1", LimitPrice=ask + 1, VolumeTotalOriginal=1, OrderRef="2")
        before = len(pit.rows("ReqQryTrade"))
        pit.order(by=pit.other, LimitPrice=ask, VolumeTotalOriginal=1)
        rows = {row["OrderRef"]: row for row in pit.rows("ReqQryOrder")}
        self.assertEqual((rows["1"]["OrderStatus"], rows["2"]["OrderStatus"]), ("0", "3"))
        self.assertEqual(len(pit.rows("ReqQryTrade")), before + 2)
        audit(pit.bench.exchange)

    def test_an_order_in_a_leg_is_met_and_shares_its_TradeID(self) -> None:
        pit = Pit()
        name, leg = quiet(pit)
        price = pit.bench.best(leg, "0") + tick(pit, name)
        self.assertLess(price, pit.bench.best(leg, "1"), "no room between the quotes")
        # The other user is alone at a better price in the leg that is sold.
        pit.bench.order(pit.other, leg, LimitPrice=price, VolumeTotalOriginal=2)
        pit.order(name)
        mine = pit.rows("ReqQryTrade", InstrumentID=leg)
        theirs = pit.rows("ReqQryTrade", by=pit.other)
        self.assertEqual([row["TradeID"] for row in mine], [row["TradeID"] for row in theirs])
        told = [(row["Price"], row["Volume"], row["TradeType"]) for row in mine + theirs]
        self.assertEqual(told, [(price, 1, "4"), (price, 1, "0")])
        audit(pit.bench.exchange)

    def test_a_resting_order_fills_as_the_legs_reach_it(self) -> None:
        pit = Pit()
        price = pit.bench.best(PAIR, "0") - tick(pit, PAIR)
        pit.order(PAIR, LimitPrice=price, VolumeTotalOriginal=2)
        self.assertEqual(pit.told(), "a 3")
        for _ in range(2000):
            pit.events += pit.bench.run(0.5)
            if pit.told().endswith("T"):
                break
        self.assertTrue(pit.told().startswith("a 3 "), pit.told())
        self.assertEqual(pit.rows("ReqQryOrder")[0]["OrderStatus"], "0")
        audit(pit.bench.exchange)

    def test_under_way_it_is_told_as_it_arrives(self) -> None:
        pit = Pit(latency=80.0)
        pit.order(VolumeTotalOriginal=2)
        self.assertEqual(pit.told(), "a")
        self.assertEqual(pit.account().combined[MEAL, "0", "1"].opening, 2)
        pit.events += pit.bench.run(0.5)
        self.assertEqual(pit.told(), "a 3 0 T T")
        audit(pit.bench.exchange)
        pit.events.clear()
        pit.order(LimitPrice=pit.bench.market(MEAL).day.lower / 10_000, OrderRef="7")
        pit.events += pit.bench.run(0.5)
        pit.cancel(MEAL, "7")
        self.assertEqual(pit.told(), "a 3")
        pit.events += pit.bench.run(0.5)
        self.assertEqual(pit.told(), "a 3 3 5")
        self.assertEqual(pit.account().combined[MEAL, "0", "1"].opening, 0)
        audit(pit.bench.exchange)

    def test_at_the_end_of_the_day_what_rests_is_cancelled(self) -> None:
        pit = Pit()
        pit.order(LimitPrice=pit.bench.market(MEAL).day.lower / 10_000)
        self.assertGreater(pit.money["FrozenMargin"], 0)
        pit.events += pit.bench.run(8 * 3600)
        self.assertEqual(pit.told(), "a 3 5")
        self.assertEqual((pit.money["FrozenMargin"], pit.money["FrozenCommission"]), (0, 0))
        audit(pit.bench.exchange)


class Money(SynchronousTestCase):
    """What orders freeze, what positions cost, what is combined."""

    def test_an_opening_order_freezes_the_larger_leg(self) -> None:
        for name in SPREADS:
            pit = Pit()
            before = pit.money
            lower = pit.bench.market(name).day.lower / 10_000
            pit.order(name, LimitPrice=lower, VolumeTotalOriginal=2, OrderRef="7")
            frozen = pit.money["FrozenMargin"]
            rates = []
            for leg in name.partition(" ")[2].split("&"):
                (rate,) = pit.rows("ReqQryInstrumentMarginRate", InstrumentID=leg)
                (depth,) = pit.rows("ReqQryDepthMarketData", InstrumentID=leg)
                (terms,) = pit.rows("ReqQryInstrument", InstrumentID=leg)
                size = depth["PreSettlementPrice"] * terms["VolumeMultiple"]
                rates.append(round(size * rate["LongMarginRatioByMoney"] + 1e-9, 2))
            self.assertAlmostEqual(frozen, 2 * max(rates), 2, name)
            shown = [
                row["FrozenMargin"]
                for row in pit.rows("ReqQryInvestorPosition")
                if "&" not in row["InstrumentID"]
            ]
            self.assertAlmostEqual(sum(shown), frozen, 2, name)
            self.assertGreater(pit.money["FrozenCommission"], 0)
            pit.cancel(name, "7")
            self.assertEqual(pit.money, before, name)
            audit(pit.bench.exchange)

    def test_what_it_opens_is_combined_under_one_number(self) -> None:
        pit = Pit()
        price = pit.bench.best(SILICON, "0") + tick(pit, SILICON)
        pit.order(SILICON, LimitPrice=price, VolumeTotalOriginal=3)
        for lots in (1, 2):
            pit.order(SILICON, by=pit.other, Direction="1", VolumeTotalOriginal=lots)
        rows = pit.rows("ReqQryInvestorPositionCombineDetail")
        self.assertEqual(len({row["ComTradeID"] for row in rows}), 1)
        volumes = [sum(r["TotalAmt"] for r in rows if r["LegID"] == leg) for leg in (1, 2)]
        self.assertEqual(volumes, [3, 3])
        pit.order(SILICON)
        rows = pit.rows("ReqQryInvestorPositionCombineDetail")
        self.assertEqual(len({row["ComTradeID"] for row in rows}), 2)
        audit(pit.bench.exchange)

    def test_closing_goes_off_its_own_combination(self) -> None:
        pit = Pit()
        pit.order(MEAL, VolumeTotalOriginal=2)
        pit.order("SP m2701&m2703", VolumeTotalOriginal=2)
        pit.order(MEAL, Direction="1", CombOffsetFlag="1", VolumeTotalOriginal=1)
        volumes = {key[0]: held.volume() for key, held in pit.account().combined.items()}
        self.assertEqual(volumes, {MEAL: 1, "SP m2701&m2703": 2})
        audit(pit.bench.exchange)

    def test_single_lots_can_be_closed_by_a_spread_and_combined_ones_by_legs(self) -> None:
        pit = Pit()
        bench = pit.bench
        bench.order(pit.mine, "m2701", VolumeTotalOriginal=2)
        lower = bench.market("m2705").day.lower / 10_000
        bench.order(pit.mine, "m2705", Direction="1", LimitPrice=lower, VolumeTotalOriginal=2)
        pit.order(MEAL, Direction="1", CombOffsetFlag="1", VolumeTotalOriginal=2)
        self.assertEqual(pit.told(), "a 3 0 T T")
        self.assertEqual(pit.money["CurrMargin"], 0)
        pit.order(MEAL, VolumeTotalOriginal=1)
        low = bench.market("m2701").day.lower / 10_000
        events = bench.order(pit.mine, "m2701", Direction="1", CombOffsetFlag="1", LimitPrice=low)
        self.assertEqual(len(pushes(events, "OnRtnTrade")), 1)
        self.assertEqual(pit.account().combined[MEAL, "0", "1"].volume(), 0)
        audit(bench.exchange)

    def test_the_most_lots(self) -> None:
        pit = Pit(balance=100_000.0)
        asked: dict[str, Any] = {
            "InstrumentID": MEAL,
            "Direction": "0",
            "OffsetFlag": "0",
            "HedgeFlag": "1",
        }
        (row,) = pit.rows("ReqQryMaxOrderVolume", **asked)
        most = row["MaxVolume"]
        self.assertEqual(pushes(pit.order(VolumeTotalOriginal=most + 1), "OnRtnOrder"), [])
        pit.order(VolumeTotalOriginal=most)
        self.assertEqual(pushes(pit.events, "OnRtnOrder")[-1]["OrderStatus"], "0")
        closing = {**asked, "Direction": "1", "OffsetFlag": "1"}
        (row,) = pit.rows("ReqQryMaxOrderVolume", **closing)
        self.assertEqual(row["MaxVolume"], most)

    def test_the_statement_has_the_legs(self) -> None:
        pit = Pit()
        pit.order()
        pit.bench.run(8 * 3600)
        statement = reader_of(pit.rows("ReqQrySettlementInfo"))
        trades = statement.tables["成交记录"]
        self.assertEqual([row["合约"] for row in trades], ["m2701", "m2705"])
        self.assertEqual([row["买/卖"] for row in trades], ["买", "卖"])


class Kept(SynchronousTestCase):
    """The state file keeps resting orders and their trades."""

    def test_a_resting_order_goes_on(self) -> None:
        pit = Pit()
        file = StateFile(self.mktemp(), 7)
        self.addCleanup(file.close)
        price = pit.bench.best(SILICON, "0") + tick(pit, SILICON)
        pit.order(SILICON, LimitPrice=price, VolumeTotalOriginal=3, OrderRef="7")
        pit.order(SILICON, by=pit.other, Direction="1")
        self.assertEqual(pit.told(), "a 3 1 T T")
        file.save(pit.bench.exchange, pit.events, {})
        again = Bench(SimOptions(seed=7, balance=RICH), now=pit.bench.now)
        file.load(again.exchange)
        audit(again.exchange)
        other = Pit(again)
        self.assertEqual(repr(other.account().combined), repr(pit.account().combined))
        self.assertEqual(other.rows("ReqQryTrade"), pit.rows("ReqQryTrade"))
        self.assertEqual(other.rows("ReqQryOrder"), pit.rows("ReqQryOrder"))
        for name in ("CurrMargin", "FrozenMargin", "FrozenCommission", "Commission"):
            self.assertEqual(other.money[name], pit.money[name], name)
        other.order(SILICON, by=other.other, Direction="1", VolumeTotalOriginal=2)
        self.assertEqual(other.rows("ReqQryOrder")[0]["OrderStatus"], "0")
        self.assertEqual(other.account().combined[SILICON, "0", "1"].volume(), 3)
        audit(again.exchange)


PLAYED: Final = (MEAL, "SP m2703&m2705", SUGAR, SILICON, STRADDLE)
LEGS: Final = ("m2701", "m2703", "m2705", "SR701", "SR705", "si2702", "si2703", "SR705C5300")


class AnyOrders(SynchronousTestCase):
    """Random orders in combinations and legs, actions and cancellations: the books agree."""

    @settings(max_examples=4, deadline=None)
    @given(st.integers(0, 1_000_000))
    def test_books_balance(self, seed: int) -> None:
        random = Random(seed)
        pit = Pit(Bench(SimOptions(seed=seed % 97, balance=RICH)))
        witness = Witness()
        for _ in range(40):
            pit.events.clear()
            self.act(pit, random)
            pit.events += pit.bench.run(random.choice((0, 0.5, 0.5, 2)))
            witness.see(self.own(pit.events))
            audit(pit.bench.exchange)
        agree(lambda query: pit.rows(query), witness)

    def own(self, events: Iterable[Event]) -> list[Event]:
        return [e for e in events if isinstance(e, Push) and e.account == ("9999", "1001")]

    def act(self, pit: Pit, random: Any) -> None:
        by, direction = random.choice((pit.mine, pit.other)), random.choice("01")
        lots, offset = random.randint(1, 5), random.choice("001")
        changes: dict[str, Any] = {
            "Direction": direction,
            "VolumeTotalOriginal": lots,
            "CombOffsetFlag": offset,
        }
        kind = random.random()
        if kind < 0.5:
            name = random.choice(PLAYED)
            changes["TimeCondition"] = "1" if name == STRADDLE else random.choice("13")
            if random.random() < 0.6:
                best = pit.bench.best(name, random.choice("01"))
                changes["LimitPrice"] = best + random.randint(-2, 2) * tick(pit, name)
            pit.order(name, by=by, **changes)
        elif kind < 0.75:
            name = random.choice(LEGS)
            changes["LimitPrice"] = pit.bench.best(name, random.choice("01"))
            pit.events += pit.bench.order(by, name, **changes)
        elif kind < 0.9:
            made = random.choice((MEAL, "SP m2703&m2705", "SP m2705&m2705", SUGAR))
            exchange = "CZCE" if made == SUGAR else "DCE"
            pit.events += pit.bench.ask(
                by,
                "ReqCombActionInsert",
                InstrumentID=made,
                ExchangeID=exchange,
                Direction=direction,
                CombDirection=random.choice("01"),
                HedgeFlag="1",
                Volume=lots,
            )
        else:
            alive = [o for o in pit.bench.exchange.engine.orders if o.alive]
            if alive:
                order = random.choice(alive)
                pit.events += pit.bench.action(
                    by,
                    ExchangeID=order.contract.exchange,
                    InstrumentID=order.contract.instrument,
                    FrontID=0,
                    SessionID=0,
                    OrderSysID=order.sys_id,
                )
