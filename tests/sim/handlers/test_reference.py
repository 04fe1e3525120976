"""What queries of reference data, rates and accounts tell, page by page of CTP's document."""

from datetime import datetime
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import Bench, pushes
from tests.sim.test_day import bench_at, until
from webctp.sim.events import Rows

HELD = ("cu2701", "m2705", "IO2612-C-4750")


class QueryCase(SynchronousTestCase):
    """A user who holds two futures and an option."""

    def setUp(self) -> None:
        self.bench = Bench()
        self.session = self.bench.login()
        for name in HELD:
            self.bench.order(self.session, name)

    def rows(self, query: str, **values: Any) -> list[Any]:
        return list(self.bench.rows(self.session, query, **values))

    def names(self, query: str, **values: Any) -> set[Any]:
        """The instruments that a query is answered with."""
        return {row["InstrumentID"] for row in self.rows(query, **values)}


class Rates(QueryCase):
    """Margins and commissions."""

    @holds("REQQRYINSTRUMENTMARGINRATE-1")
    def test_margin_rates_without_a_name_are_those_of_what_is_held(self) -> None:
        self.assertEqual(self.names("ReqQryInstrumentMarginRate"), set(HELD))
        for hedge in "13":
            [row] = self.rows("ReqQryInstrumentMarginRate", InstrumentID="rb2705", HedgeFlag=hedge)
            self.assertEqual((row["InstrumentID"], row["HedgeFlag"]), ("rb2705", hedge))

    @holds("REQQRYINSTRUMENTMARGINRATE-2", "REQQRYEXCHANGEMARGINRATE-1")
    def test_the_exchange_is_no_filter_of_rates(self) -> None:
        for query in (
            "ReqQryInstrumentMarginRate",
            "ReqQryInstrumentCommissionRate",
            "ReqQryExchangeMarginRate",
        ):
            self.assertEqual(self.names(query, ExchangeID="CZCE"), set(HELD), query)
        self.assertEqual(self.names("ReqQryOptionInstrCommRate", ExchangeID="CZCE"), {HELD[2]})
        [row] = self.rows("ReqQryExchangeMarginRate", InstrumentID="cu2701", HedgeFlag="3")
        self.assertEqual((row["InstrumentID"], row["HedgeFlag"]), ("cu2701", "3"))

    @holds("REQQRYINSTRUMENTCOMMISSIONRATE-1")
    def test_commission_rates_are_what_the_investor_pays(self) -> None:
        self.assertEqual(self.names("ReqQryInstrumentCommissionRate"), set(HELD))
        [row] = self.rows("ReqQryInstrumentCommissionRate", InstrumentID="cu2701")
        before = self.bench.funds(self.session)["Commission"]
        [trade] = pushes(self.bench.order(self.session), "OnRtnTrade")
        paid = float(str(self.bench.funds(self.session)["Commission"])) - float(str(before))
        turnover = trade["Price"] * trade["Volume"] * 5
        right = turnover * row["OpenRatioByMoney"] + trade["Volume"] * row["OpenRatioByVolume"]
        self.assertAlmostEqual(paid, right, 2)
        # Every instrument has rates of its own here, so none is answered by its product.
        self.assertEqual(row["InvestorID"], "1001")

    @holds("REQQRYOPTIONINSTRCOMMRATE-1")
    def test_an_options_rates_are_asked_one_by_one(self) -> None:
        self.assertEqual(self.names("ReqQryOptionInstrCommRate"), {HELD[2]})
        self.assertEqual(
            self.names("ReqQryOptionInstrCommRate", InstrumentID="m2705-C-3000"), {"m2705-C-3000"}
        )
        self.assertEqual(self.rows("ReqQryOptionInstrCommRate", InstrumentID="cu2701"), [])

    @holds("REQQRYINSTRUMENTORDERCOMMRATE-1")
    def test_fees_of_orders_and_cancellations(self) -> None:
        [row] = self.rows("ReqQryInstrumentOrderCommRate", InstrumentID="cu2701")
        self.assertEqual((row["OrderCommByVolume"], row["OrderActionCommByVolume"]), (0.0, 0.0))
        before = self.bench.funds(self.session)["Commission"]
        low = self.bench.market("cu2701").day.lower / 10_000
        self.bench.order(self.session, LimitPrice=low)
        [order] = [r for r in self.rows("ReqQryOrder") if r["OrderStatus"] == "3"]
        self.bench.action(self.session, **{k: order[k] for k in ("InstrumentID", "OrderRef")})
        self.assertEqual(self.bench.funds(self.session)["Commission"], before)

    @holds("REQQRYOPTIONINSTRTRADECOST-2")
    def test_an_options_margin_is_of_its_parts(self) -> None:
        """Margin is the larger of Royalty and FixedMargin together, and MiniMargin."""
        [cost] = self.rows("ReqQryOptionInstrTradeCost", InstrumentID="m2705-P-3000")
        tick = self.rows("ReqQryDepthMarketData", InstrumentID="m2705-P-3000")[0]
        self.bench.order(
            self.session, "m2705-P-3000", Direction="1", LimitPrice=tick["LowerLimitPrice"]
        )
        [held] = self.rows("ReqQryInvestorPosition", InstrumentID="m2705-P-3000")
        [tick] = self.rows("ReqQryDepthMarketData", InstrumentID="m2705-P-3000")
        royalty = max(tick["PreSettlementPrice"], tick["LastPrice"]) * 10
        right = max(royalty + cost["FixedMargin"], cost["MiniMargin"])
        self.assertAlmostEqual(held["UseMargin"], right, 4)
        near, far = (
            self.rows(
                "ReqQryOptionInstrTradeCost", InstrumentID="m2705-P-3000", UnderlyingPrice=price
            )[0]["FixedMargin"]
            for price in (0.0, 3600.0)
        )
        self.assertEqual(near, cost["FixedMargin"])
        self.assertLess(far, near)

    @holds("REQQRYMMINSTRUMENTCOMMISSIONRATE-1")
    def test_nobody_is_a_market_maker(self) -> None:
        for query in ("ReqQryMMInstrumentCommissionRate", "ReqQryMMOptionInstrCommRate"):
            self.assertEqual(self.rows(query, InstrumentID="cu2701"), [], query)


class Account(QueryCase):
    """The account, and how the broker reckons."""

    @holds("REQQRYTRADINGACCOUNT-1")
    def test_filters_of_the_account(self) -> None:
        for values, found in (
            ({}, 1),
            ({"InvestorID": "1001", "CurrencyID": "CNY"}, 1),
            ({"CurrencyID": "USD"}, 0),
        ):
            self.assertEqual(len(self.rows("ReqQryTradingAccount", **values)), found, values)
        for name in ("1002", "nobody"):
            refused = self.bench.refused(self.session, "ReqQryTradingAccount", InvestorID=name)
            self.assertEqual(refused, 13, name)

    @holds("ONRSPQRYBROKERTRADINGPARAMS-1", "REQQRYBROKERTRADINGPARAMS-1")
    def test_how_the_broker_reckons(self) -> None:
        [row] = self.rows("ReqQryBrokerTradingParams", InvestorID="1001", CurrencyID="CNY")
        # Margins at pre-settlement prices, all profit counts, options sold at the larger of
        # pre-settlement and last price.
        kinds = ("MarginPriceType", "Algorithm", "OptionRoyaltyPriceType")
        self.assertEqual([row[kind] for kind in kinds], ["1", "1", "5"])
        self.assertEqual(self.rows("ReqQryBrokerTradingParams", CurrencyID="USD"), [])

    @holds("REQQRYSECAGENT-1", "REQQRYEWARRANTOFFSET-1", "REQQRYINVESTUNIT-1")
    def test_what_the_account_has_not_is_answered_empty(self) -> None:
        for query in (
            "ReqQrySecAgentACIDMap",
            "ReqQrySecAgentCheckMode",
            "ReqQrySecAgentTradeInfo",
            "ReqQrySecAgentTradingAccount",
            "ReqQryEWarrantOffset",
            "ReqQryInvestUnit",
        ):
            self.assertEqual(self.rows(query), [], query)
            self.assertEqual(self.bench.refused(self.session, query), None, query)

    @holds("REQQRYINVESTOR-1")
    def test_the_investor(self) -> None:
        [row] = self.rows("ReqQryInvestor", InvestorID="1001")
        self.assertEqual((row["InvestorID"], row["IsActive"]), ("1001", 1))
        self.assertEqual(self.bench.refused(self.session, "ReqQryInvestor", InvestorID="1002"), 13)

    @holds("REQQRYTRADINGCODE-1")
    def test_trading_codes(self) -> None:
        every = self.rows("ReqQryTradingCode")
        exchanges = ["CFFEX", "CZCE", "DCE", "GFEX", "INE", "SHFE"]
        self.assertEqual(sorted(row["ExchangeID"] for row in every), exchanges)
        code = every[0]["ClientID"]
        for values, found in (
            ({"ExchangeID": "DCE"}, 1),
            ({"ClientID": code}, 6),
            ({"ClientID": "other"}, 0),
            ({"ClientIDType": every[0]["ClientIDType"]}, 6),
            ({"ClientIDType": "9"}, 0),
        ):
            self.assertEqual(len(self.rows("ReqQryTradingCode", **values)), found, values)


class Instruments(QueryCase):
    """Instruments and exchanges."""

    def instrument(self, name: str) -> Any:
        [row] = self.rows("ReqQryInstrument", InstrumentID=name)
        return row

    @holds("ONRSPQRYINSTRUMENT-1")
    def test_a_long_answer_is_made_as_it_is_read(self) -> None:
        combinations = self.bench.exchange.markets.combinations
        for name in ("ReqQryInstrument", "ReqQryCombLeg"):
            answers = [
                event for event in self.bench.ask(self.session, name) if isinstance(event, Rows)
            ]
            self.assertNotIn("listed", vars(combinations), name)
            told = {
                row["CombInstrumentID" if "Leg" in name else "InstrumentID"]
                for row in answers[0].rows
            }
            self.assertLessEqual({made.instrument_id for made in combinations.listed}, told)
            del combinations.listed

    def test_the_exchange_refuses_volumes_and_ctp_does_not(self) -> None:
        most = self.instrument("rb2705")["MaxLimitOrderVolume"]
        tick = self.rows("ReqQryDepthMarketData", InstrumentID="rb2705")[0]
        events = self.bench.order(
            self.bench.login("1007"),
            "rb2705",
            LimitPrice=tick["LowerLimitPrice"],
            VolumeTotalOriginal=most + 1,
        )
        told = [row["OrderStatus"] for row in pushes(events, "OnRtnOrder")]
        self.assertEqual((told[0], told[-1]), ("a", "5"))
        self.assertEqual(pushes(events, "OnErrRtnOrderInsert"), [])

    @holds("ONRSPQRYINSTRUMENT-2")
    def test_shfe_and_ine_keep_days_apart(self) -> None:
        for name, kind in (("cu2701", "1"), ("sc2703", "1"), ("m2705", "2"), ("IF2612", "2")):
            self.assertEqual(self.instrument(name)["PositionDateType"], kind, name)
        for name, dates in (("cu2701", ["1"]), ("m2705", ["1"])):
            rows = self.rows("ReqQryInvestorPosition", InstrumentID=name)
            self.assertEqual([row["PositionDate"] for row in rows], dates, name)

    @holds("ONRSPQRYINSTRUMENT-3")
    def test_ratios_are_those_that_are_charged(self) -> None:
        terms = self.instrument("cu2701")
        [rates] = self.rows("ReqQryInstrumentMarginRate", InstrumentID="cu2701")
        self.assertEqual(terms["LongMarginRatio"], rates["LongMarginRatioByMoney"])
        self.assertEqual(terms["ShortMarginRatio"], rates["ShortMarginRatioByMoney"])
        [held] = self.rows("ReqQryInvestorPosition", InstrumentID="cu2701")
        each = held["PreSettlementPrice"] * terms["VolumeMultiple"] * terms["LongMarginRatio"]
        self.assertAlmostEqual(held["UseMargin"], each, 2)

    @holds("ONRSPQRYINSTRUMENT-4")
    def test_trading_ends_with_the_last_day(self) -> None:
        bench = bench_at(datetime(2026, 12, 15, 14, 0))
        session = bench.login()
        [row] = bench.rows(session, "ReqQryInstrument", InstrumentID="cu2612")
        self.assertEqual((row["ExpireDate"], row["IsTrading"]), ("20261215", 1))
        until(bench, datetime(2026, 12, 15, 15, 20))
        [row] = bench.rows(session, "ReqQryInstrument", InstrumentID="cu2612")
        self.assertEqual((row["ExpireDate"], row["IsTrading"]), ("20261215", 0))

    @holds("REQQRYEXCHANGE-1")
    def test_one_exchange_or_all(self) -> None:
        self.assertEqual(len(self.rows("ReqQryExchange")), 6)
        [row] = self.rows("ReqQryExchange", ExchangeID="INE")
        self.assertEqual(row["ExchangeID"], "INE")
        self.assertEqual(self.rows("ReqQryExchange", ExchangeID="NYSE"), [])

    @holds("V6.5.1-5")
    def test_the_largest_order_goes_by_its_newer_name(self) -> None:
        asked = {"InstrumentID": "cu2701", "Direction": "0", "OffsetFlag": "0", "HedgeFlag": "1"}
        [row] = self.rows("ReqQryMaxOrderVolume", ExchangeID="SHFE", **asked)
        self.assertGreater(row["MaxVolume"], 0)
        self.assertEqual(self.bench.refused(self.session, "ReqQueryMaxOrderVolume"), 27)


class Returns(QueryCase):
    """Orders and trades."""

    @holds("REQQRYORDER-1")
    def test_filters_of_orders_and_trades(self) -> None:
        self.bench.run(60)
        self.bench.order(self.session)
        orders, trades = self.rows("ReqQryOrder"), self.rows("ReqQryTrade")
        self.assertEqual((len(orders), len(trades)), (4, 4))
        for query, number, at, row in (
            ("ReqQryOrder", "OrderSysID", "InsertTime", orders[-1]),
            ("ReqQryTrade", "TradeID", "TradeTime", trades[-1]),
        ):
            for values, found in (
                ({"InstrumentID": "cu2701"}, 2),
                ({"ExchangeID": "DCE"}, 1),
                ({"ExchangeID": "SHFE", number: row[number]}, 1),
                ({f"{at}Start": row[at]}, 1),
                ({f"{at}End": orders[0]["InsertTime"]}, 3),
                ({"InstrumentID": "rb2705"}, 0),
            ):
                self.assertEqual(len(self.rows(query, **values)), found, (query, values))
            self.assertEqual(self.bench.refused(self.session, query, InvestorID="1002"), 13)
