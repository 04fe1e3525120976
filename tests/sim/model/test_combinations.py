"""Combinations in the simulated exchange: reference queries, depth, ticks."""

from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import Bench
from webctp.ctp.codec import DBL_MAX
from webctp.exchanges import calendar, productfile
from webctp.sim.events import Event, Reply, TickEvent
from webctp.sim.handlers.market import row, subscribe
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

SPREAD: Final = "SP m2701&m2705"
SUGAR: Final = "SPD SR701&SR705"
SILICON: Final = "SP si2701&si2702"


class Reference(SynchronousTestCase):
    """Instruments, products, legs, shares."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.session = self.bench.login()

    def rows(self, name: str, **values: object) -> list[Any]:
        return self.bench.rows(self.session, name, **values)

    def ids(self, name: str, **values: object) -> list[str]:
        return [row["InstrumentID"] for row in self.rows(name, **values)]

    def test_a_spread_is_an_instrument_of_class_combination(self) -> None:
        (found,) = self.rows("ReqQryInstrument", InstrumentID=SPREAD)
        told = {name: found[name] for name in ("ExchangeID", "ProductID", "ProductClass")}
        self.assertEqual(told, {"ExchangeID": "DCE", "ProductID": "SP m&m", "ProductClass": "3"})
        self.assertEqual((found["PriceTick"], found["VolumeMultiple"]), (1.0, 10))
        self.assertEqual((found["CombinationType"], found["IsTrading"]), ("0", 1))
        self.assertEqual(self.ids("ReqQryInstrument", ProductID="IPS SF&SM")[0][:4], "IPS ")

    @holds("V6.5.1-6")
    def test_what_can_only_be_combined_is_no_answer_to_ReqQryInstrument(self) -> None:
        for name in ("SP m2701&m2701", "SPC y2701&p2705", "STD m2705-C-3000&m2705-P-3000"):
            self.assertEqual(self.ids("ReqQryInstrument", InstrumentID=name), [], name)

    @holds("REQQRYINSTRUMENT-2")
    def test_straddles_of_czce_are_not_listed(self) -> None:
        name = "STD SR705C5300&SR705P5300"
        self.assertEqual(self.ids("ReqQryInstrument", InstrumentID=name), [])
        self.assertEqual(self.ids("ReqQryInstrument", ProductID="STD SRC&SRP"), [])

    @holds("V6.5.1-4")
    def test_classified_gives_spreads_and_products_of_the_combinable(self) -> None:
        everything = self.ids("ReqQryClassifiedInstrument", TradingType="0", ClassType="0")
        for name in ("m2701", SPREAD, "SP m2701&m2701", "SPC y2701&p2705"):
            self.assertIn(name, everything)
        self.assertFalse([name for name in everything if name.startswith(("STD", "OPL"))])
        spreads = self.ids("ReqQryClassifiedInstrument", TradingType="1", ClassType="3")
        self.assertIn(SUGAR, spreads)
        self.assertNotIn("SP m2701&m2701", spreads)
        combinable = self.rows(
            "ReqQryClassifiedInstrument", ExchangeID="DCE", TradingType="2", ClassType="3"
        )
        names = {row["InstrumentID"]: row["CombinationType"] for row in combinable}
        self.assertEqual((names["STD m_o&m_o"], names["BES m_o&m_o"]), ("3", "a"))
        self.assertEqual({row["IsTrading"] for row in combinable}, {0})
        self.assertEqual(self.ids("ReqQryClassifiedInstrument", TradingType="2", ClassType="3"), [])

    def test_products_of_spreads(self) -> None:
        found = {row["ProductID"]: row["ProductClass"] for row in self.rows("ReqQryProduct")}
        self.assertEqual((found["SP m&m"], found["SPC y&p"], found["m"]), ("3", "3", "1"))

    def test_legs(self) -> None:
        found = self.rows("ReqQryCombLeg", LegInstrumentID="m2705")
        legs = [
            (row["LegID"], row["LegInstrumentID"], row["Direction"], row["LegMultiple"])
            for row in found
            if row["CombInstrumentID"] == SPREAD
        ]
        self.assertEqual(legs, [(1, "m2701", "0", 1), (2, "m2705", "1", 1)])
        by_name: dict[str, list[str]] = {}
        for one in found:
            by_name.setdefault(one["CombInstrumentID"], []).append(one["LegInstrumentID"])
        self.assertTrue(all("m2705" in legs for legs in by_name.values()))

    @holds("V6.5.1-3")
    def test_shares_are_of_products(self) -> None:
        (one,) = self.rows("ReqQryCombPromotionParam", InstrumentID="BLS m_o&m_o")
        self.assertEqual((one["CombHedgeFlag"], one["ExchangeID"]), ("1", "DCE"))
        self.assertGreater(one["Xparameter"], 0)
        name = "BLS m2705-C-3000&m2705-C-3050"
        self.assertEqual(self.rows("ReqQryCombPromotionParam", InstrumentID=name), [])
        kinds = {row["InstrumentID"][:3] for row in self.rows("ReqQryCombPromotionParam")}
        self.assertEqual(kinds, {"OPL", "BLS", "CAS", "BFO"})

    @holds("REQQRYCOMBINSTRUMENTGUARD-1")
    def test_guards_there_are_none(self) -> None:
        self.assertEqual(self.rows("ReqQryCombInstrumentGuard", ExchangeID="DCE"), [])


class Depth(SynchronousTestCase):
    """Ticks: bids, asks and limits; nothing else has a value (QTYWGZ/HQSM 3)."""

    def follow(self, bench: Bench, turns: int = 120) -> list[Any]:
        return [tick for _ in range(turns) for tick in self.ticks(bench.run(0.5))]

    def watch(self, bench: Bench, name: str) -> list[Event]:
        session = bench.connect(trading=False)
        bench.ask(session, "ReqUserLogin")
        list(subscribe(bench.exchange, session, "SubscribeMarketData", [name], "OnRsp"))
        return bench.exchange.drain()

    def ticks(self, events: list[Event]) -> list[Any]:
        return [row(event.values) for event in events if isinstance(event, TickEvent)]

    @holds("HQSM-6", "MD-ONRTNDEPTHMARKETDATA-6")
    def test_a_tick_has_bid_ask_and_limits(self) -> None:
        bench = Bench()
        (tick,) = self.ticks(self.watch(bench, SPREAD))
        bid, ask = (bench.best(leg, side) for leg, side in (("m2701", "0"), ("m2705", "1")))
        self.assertEqual(tick["BidPrice1"], bid - ask)
        bid, ask = (bench.best(leg, side) for leg, side in (("m2705", "0"), ("m2701", "1")))
        self.assertEqual(tick["AskPrice1"], ask - bid)
        self.assertGreater(min(tick["BidVolume1"], tick["AskVolume1"]), 0)
        near, far = bench.market("m2701").day, bench.market("m2705").day
        self.assertEqual(tick["UpperLimitPrice"], (near.upper - far.lower) / 10_000)
        self.assertEqual(tick["LowerLimitPrice"], (near.lower - far.upper) / 10_000)
        for name in ("LastPrice", "OpenPrice", "SettlementPrice", "PreSettlementPrice"):
            self.assertEqual(tick[name], DBL_MAX, name)
        self.assertEqual((tick["Volume"], tick["Turnover"]), (0, 0))

    def test_ticks_follow_the_legs_though_nobody_watches_them(self) -> None:
        bench = Bench()
        self.watch(bench, SPREAD)
        found = self.follow(bench)
        self.assertEqual({tick["InstrumentID"] for tick in found}, {SPREAD})
        self.assertGreater(len(found), 5)
        names = ("BidPrice1", "AskPrice1", "BidVolume1", "AskVolume1")
        quotes = [[tick[name] for name in names] for tick in found]
        self.assertNotIn(True, [one == other for one, other in pairwise(quotes)])

    @holds("HQSM-6")
    def test_gfex_tells_no_market_of_combinations(self) -> None:
        bench = Bench()
        events = self.watch(bench, SILICON)
        self.assertEqual([e.error for e in events if isinstance(e, Reply)], [0])
        self.assertEqual(self.ticks(events) + self.follow(bench), [])
        session = bench.login()
        self.assertEqual(bench.rows(session, "ReqQryDepthMarketData", InstrumentID=SILICON), [])

    @holds("MD-ONRTNDEPTHMARKETDATA-4")
    def test_limits_of_czce_and_a_price_below_zero(self) -> None:
        bench = Bench()
        (tick,) = self.ticks(self.watch(bench, SUGAR))
        self.assertLess(tick["LowerLimitPrice"], 0)
        self.assertLess(tick["LowerLimitPrice"], tick["UpperLimitPrice"])
        (other,) = self.ticks(self.watch(bench, "SPD SR705&SR707"))
        self.assertEqual(other["TradingDay"], "20261124")

    def test_the_quick_way_to_quotes_is_the_whole_way(self) -> None:
        bench = Bench()
        names = [SPREAD, SUGAR, SILICON, "SPC y2705&p2705", "STD SR705C5300&SR705P5300"]
        names += ["STG SR705C5400&SR705P5200", "IPS SF705&SM705"]
        for _ in range(20):
            bench.run(0.5)
            for name in names:
                market = bench.exchange.markets.spread_market(name)
                whole = [next(iter(market.depth(side, 1)), None) for side in "01"]
                self.assertEqual(list(market.quotes()), whole, name)
                self.assertNotIn(None, whole)

    def test_patterns_find_those_that_have_a_market(self) -> None:
        names = Bench().exchange.markets.names()
        self.assertIn(SPREAD, names)
        self.assertIn(SUGAR, names)
        self.assertNotIn(SILICON, names)

    def test_what_is_not_listed_cannot_be_watched(self) -> None:
        bench = Bench()
        events = self.watch(bench, "SP m2701&m2701")
        self.assertEqual([e.error for e in events if isinstance(e, Reply)], [16])
        self.assertEqual(self.ticks(events), [])

    def test_unsubscribed_and_disconnected_it_comes_no_more(self) -> None:
        bench = Bench()
        self.watch(bench, SPREAD)
        session = max(bench.exchange.sessions)
        exchange = bench.exchange
        list(subscribe(exchange, session, "UnSubscribeMarketData", [SPREAD], "OnRsp"))
        self.assertEqual(self.follow(bench), [])
        list(subscribe(exchange, session, "SubscribeMarketData", [SPREAD], "OnRsp"))
        exchange.disconnect(session)
        bench.exchange.drain()
        self.assertEqual(self.follow(bench), [])

    def test_the_query_gives_it_by_name_and_by_class(self) -> None:
        bench = Bench()
        session = bench.login()
        (one,) = bench.rows(session, "ReqQryDepthMarketData", InstrumentID=SUGAR)
        self.assertEqual(one["InstrumentID"], SUGAR)
        rows = bench.rows(session, "ReqQryDepthMarketData", ProductClass="3", InstrumentID=SPREAD)
        self.assertEqual([row["InstrumentID"] for row in rows], [SPREAD])
        rows = bench.rows(session, "ReqQryDepthMarketData", ProductClass="1", InstrumentID=SPREAD)
        self.assertEqual(rows, [])

    def test_a_leg_that_ends_takes_the_spread_with_it(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(SimOptions(seed=7), hours, datetime(2026, 12, 14, 14, 59))
        name = "SP m2612&m2701"
        self.assertEqual(len(self.ticks(self.watch(bench, name))), 1)
        session = max(bench.exchange.sessions)
        self.assertIn(name, {t["InstrumentID"] for t in self.ticks(bench.run(3 * 3600))})
        self.assertNotIn(name, bench.exchange.sessions[session].subscribed)
        self.assertFalse(bench.exchange.market_data.spreads)
