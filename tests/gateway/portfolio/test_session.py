"""Portfolios through the gateway: with the simulated exchange on sockets, and a fake front."""

from typing import Any, Final

from twisted.logger import capturedLogs

from tests.daemons import PATIENCE
from tests.gateway.trading.test_orders import OrderTest
from tests.gateway.trading.test_shared import answer, of_type
from tests.test_end_to_end import EndToEnd
from webctp.testing import Gateway, GatewayClient, WebSocketPeer, rows
from webctp.testing.front import TRADING_DAY

_MONEY: Final = (
    *("PreBalance", "Commission", "CloseProfit", "CashIn", "CurrMargin", "FrozenMargin"),
    *("FrozenCommission", "FrozenCash", "PositionProfit", "Balance", "Available"),
)


class OnSockets(EndToEnd):
    """A client whose portfolio is what the exchange's queries say."""

    async def order(self, client: GatewayClient, name: str, exchange: str, **fields: Any) -> None:
        """Enter an order at the limit, which trades at once."""
        (tick,) = await self.query(client, "DepthMarketData", InstrumentID=name)
        buys = fields.get("Direction", "0") == "0"
        body = {
            "InstrumentID": name,
            "ExchangeID": exchange,
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "OrderPriceType": "2",
            "LimitPrice": tick["UpperLimitPrice" if buys else "LowerLimitPrice"],
            "VolumeTotalOriginal": 2,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
            **fields,
        }
        client.say({"MsgType": "ReqOrderInsert", "RequestID": 3, "InputOrder": body})

    async def test_the_portfolio_follows_the_exchange(self) -> None:
        for app_type in ("both", "td"):
            keys: dict[str, Any] = {"PortfolioInterval": "0.05", "AppType": app_type}
            gateway = await Gateway("sim://?seed=7", **keys).start()
            client = await gateway.trader()
            listed = await self.query(client, "Instrument", ProductID="cu")
            name = listed[0]["InstrumentID"]
            first = await client.ask({"MsgType": "SubscribePortfolio", "RequestID": 9}, PATIENCE)
            self.assertEqual(first["Portfolio"]["Positions"], [])
            await self.order(client, name, "SHFE")
            told = await client.until(
                lambda one: (
                    one["MsgType"] == "RtnPortfolio"
                    and not one["Portfolio"]["Caveats"]
                    and [row["Position"] for row in one["Portfolio"]["Positions"]] == [2]
                )
            )
            (row,) = told["Portfolio"]["Positions"]
            self.assertEqual((row["PosiDirection"], row["TodayPosition"]), ("2", 2))
            await self.order(client, name, "SHFE", Direction="1", CombOffsetFlag="3")
            told = await client.until(
                lambda one: (
                    one["MsgType"] == "RtnPortfolio"
                    and [row["Position"] for row in one["Portfolio"]["Positions"]] == [0]
                )
            )
            (asked,) = await self.query(client, "TradingAccount")
            kept = told["Portfolio"]["Account"]
            self.assertEqual(
                {field: kept[field] for field in _MONEY}, {field: asked[field] for field in _MONEY}
            )
            self.assertNotEqual(kept["Commission"], 0.0)
            await gateway.stop()


class FakeTest(OrderTest):
    """A logged-in client before a front that holds two lots."""

    def hold(self, **settings: Any) -> None:
        """Begin with a position, at a front that answers what a portfolio asks."""
        self.begin(query_interval=0.0, **settings)
        front = self.front
        front.on(
            "ReqQryInstrument",
            answer={
                "InstrumentID": "rb2701",
                "ExchangeID": "SHFE",
                "ProductID": "rb",
                "ProductClass": "1",
                "VolumeMultiple": 10,
                "PositionDateType": "1",
                "MaxMarginSideAlgorithm": "1",
            },
        )
        front.on("ReqQryBrokerTradingParams", answer={"MarginPriceType": "1", "Algorithm": "1"})
        self.details(2)
        front.on(
            "ReqQryTradingAccount",
            answer={"PreBalance": 1e5, "Balance": 1e5, "CurrMargin": 7e3, "Available": 93e3},
        )
        front.on(
            "ReqQryInstrumentCommissionRate",
            answer={"InstrumentID": "rb", "OpenRatioByVolume": 5.0},
        )
        front.on(
            "ReqQryInstrumentMarginRate",
            answer={"InstrumentID": "rb2701", "LongMarginRatioByMoney": 0.1},
        )
        front.on(
            "ReqQryDepthMarketData",
            answer={"InstrumentID": "rb2701", "PreSettlementPrice": 3500.0, "LastPrice": 3500.0},
        )

    def details(self, lots: int) -> None:
        """Let the front hold so many lots of before."""
        row = {
            "InstrumentID": "rb2701",
            "Direction": "0",
            "HedgeFlag": "1",
            "OpenDate": "20261120",
            "TradeID": "7",
            "OpenPrice": 3400.0,
            "LastSettlementPrice": 3500.0,
            "Volume": lots,
            "TimeFirstVolume": lots,
        }
        self.front.on("ReqQryInvestorPositionDetail", answer=row if lots else None)
        held = {
            "InstrumentID": "rb2701",
            "PosiDirection": "2",
            "HedgeFlag": "1",
            "PositionDate": "2",
            "Position": lots,
            "YdPosition": lots,
            "PositionCost": lots * 35_000.0,
            "OpenCost": lots * 34_000.0,
        }
        self.front.on("ReqQryInvestorPosition", answer=held if lots else None)

    def wait(self, seconds: float = 2.0) -> None:
        """Let time go by in steps."""
        for _ in range(round(seconds / 0.25)):
            self.reactor.advance(0.25)
            self.settle()

    def subscribe(self, peer: WebSocketPeer) -> dict[str, Any]:
        peer.send({"MsgType": "SubscribePortfolio", "RequestID": 5})
        self.wait()
        return answer([one for one in peer.received() if "RequestID" in one])

    def asked(self) -> int:
        """How many requests the front has got."""
        return sum(name.startswith("Req") for name in self.front.names)

    def trade_of(self, number: str, **fields: Any) -> None:
        row = rows.trade(
            "rb2701",
            TradeID=number,
            Price=3500.0,
            **{"InvestorID": "u1", "TradingDay": TRADING_DAY, **fields},
        )
        self.front.push("OnRtnTrade", row)
        self.settle()


class Subscriptions(FakeTest):
    """Who is told what, and what it costs nobody."""

    def test_the_answer_is_the_whole_portfolio(self) -> None:
        self.hold()
        told = self.subscribe(self.peer)
        self.assertEqual(told["RspInfo"]["ErrorID"], 0)
        state = told["Portfolio"]
        self.assertTrue(state["IsSnapshot"])
        self.assertEqual(state["Caveats"], [])
        (row,) = state["Positions"]
        self.assertEqual((row["Position"], row["YdPosition"], row["Available"]), (2, 2, 2))
        self.assertEqual((row["OpenPrice"], row["PositionPrice"]), (3400.0, 3500.0))
        self.assertEqual(row["PositionProfitByTrade"], 2000.0)
        self.assertEqual(state["Account"]["CurrMargin"], 7000.0)
        self.assertEqual(state["Account"]["RiskDegree"], 0.07)

    def test_nothing_is_asked_for_whom_nobody_subscribed(self) -> None:
        self.hold()
        before = self.asked()
        self.wait(60)
        self.trade_of("1")
        self.assertEqual(self.asked(), before)

    def test_a_trade_is_told_to_subscribers_alone(self) -> None:
        self.hold(sharing=True)
        other = self.client()
        self.login(other)
        self.subscribe(self.peer)
        other.received()
        self.trade_of("1")
        self.wait()
        (told,) = of_type(self.peer.received(), "RtnPortfolio")
        (row,) = told["Portfolio"]["Positions"]
        self.assertFalse(told["Portfolio"]["IsSnapshot"])
        self.assertEqual((row["Position"], row["TodayPosition"]), (3, 1))
        self.assertEqual(told["Portfolio"]["Account"]["Commission"], 5.0)
        self.assertEqual(of_type(other.received(), "RtnPortfolio"), [])

    def test_changes_are_told_once_an_interval_and_numbered(self) -> None:
        self.hold(portfolio_interval=1.0, portfolio_reconcile=0.0)
        first = self.subscribe(self.peer)
        for number in range(5):
            self.trade_of(str(number))
        self.wait(3)
        received = self.peer.received()
        (told,) = of_type(received, "RtnPortfolio")
        self.assertEqual(told["Portfolio"]["Positions"][0]["Position"], 7)
        last = [one["Seq"] for one in received if "Seq" in one and one is not told]
        self.assertEqual(told["Seq"], max(last) + 1)
        self.assertEqual(first["Seq"] + 6, told["Seq"])

    def test_a_second_subscriber_takes_nothing_from_the_first(self) -> None:
        self.hold(sharing=True, portfolio_interval=5.0)
        other = self.client()
        self.login(other)
        self.subscribe(self.peer)
        self.trade_of("1")
        other.send({"MsgType": "SubscribePortfolio", "RequestID": 5})
        self.settle()
        (row,) = answer(other.received())["Portfolio"]["Positions"]
        self.assertEqual(row["Position"], 3)
        (told,) = of_type(self.peer.received(), "RtnPortfolio")
        self.assertEqual(told["Portfolio"]["Positions"], [row])

    def test_it_ends_with_the_last_subscriber(self) -> None:
        self.hold()
        self.subscribe(self.peer)
        counts = self.desk.commons.portfolios.context.counts
        self.assertEqual(counts.kept, 1)
        self.peer.send({"MsgType": "UnSubscribePortfolio", "RequestID": 6})
        self.assertEqual(answer(self.peer.received())["RspInfo"]["ErrorID"], 0)
        self.assertEqual(counts.kept, 0)
        self.trade_of("1")
        before = self.asked()
        self.wait(600)
        self.assertEqual(of_type(self.peer.received(), "RtnPortfolio"), [])
        self.assertEqual(self.asked(), before)

    def test_wrong_requests_are_answered(self) -> None:
        self.start()
        peer = self.client()
        peer.send({"MsgType": "SubscribePortfolio", "RequestID": 4})
        self.assertEqual(answer(peer.received())["RspInfo"]["ErrorID"], -401)
        self.login(peer)
        peer.send({"MsgType": "SubscribePortfolio", "RequestID": 4, "SubscribePortfolio": {"a": 1}})
        refused = answer(peer.received())
        self.assertEqual(refused["RspInfo"]["ErrorID"], -400)
        self.assertIn("unknown field 'a' in SubscribePortfolio", refused["Detail"])

    def test_a_front_that_refuses_positions_is_said_so(self) -> None:
        self.hold()
        self.front.on("ReqQryInvestorPosition", error=9)
        refused = self.subscribe(self.peer)
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.assertIn("ReqQryInvestorPosition (9)", refused["Detail"])
        self.details(2)
        self.assertEqual(self.subscribe(self.peer)["RspInfo"]["ErrorID"], 0)


class Endurance(FakeTest):
    """Outages, resumption, differences, another day."""

    def test_a_client_that_resumes_is_told_what_it_missed(self) -> None:
        self.hold()
        first = self.subscribe(self.peer)
        self.peer.drop()
        self.trade_of("1")
        self.wait()
        again = self.client()
        received = self.login(again, Resume={"Seq": first["Seq"]})
        *missed, told = of_type(received, "RtnPortfolio")
        self.assertEqual([one["Portfolio"] for one in missed], [None])
        self.assertTrue(told["Portfolio"]["IsSnapshot"])
        with self.subTest("no number is missing"):
            seqs = [one["Seq"] for one in received if "Seq" in one]
            self.assertEqual(seqs, list(range(first["Seq"] + 1, seqs[-1] + 1)))
            self.assertEqual(answer(received)["Resume"]["Replayed"], 2)
        self.assertGreater(received.index(told), received.index(answer(received)))
        self.assertEqual(told["Portfolio"]["Positions"][0]["Position"], 3)
        self.trade_of("2")
        self.wait()
        (told,) = of_type(again.received(), "RtnPortfolio")
        self.assertEqual(told["Portfolio"]["Positions"][0]["Position"], 4)

    def test_an_outage_loses_nothing(self) -> None:
        self.hold()
        self.subscribe(self.peer)
        self.front.disconnect()
        self.wait()
        self.assertEqual(of_type(self.peer.received(), "RtnPortfolio"), [])
        self.front.connect()
        self.settle()
        self.trade_of("1")
        self.wait(4)
        told = of_type(self.peer.received(), "RtnPortfolio")
        self.assertEqual(told[0]["Portfolio"]["Positions"][0]["Position"], 3)

    def test_what_differs_is_told_and_ctps_word_taken(self) -> None:
        self.hold(portfolio_reconcile=30.0)
        self.subscribe(self.peer)
        self.wait(10)
        self.assertEqual(of_type(self.peer.received(), "RtnPortfolioDrift"), [])
        self.details(5)
        with capturedLogs() as logged:
            self.wait(60)
        (line,) = [one for one in logged if "differs from CTP" in one["log_format"]]
        self.assertEqual(line["account"].user_id, "u1")
        received = self.peer.received()
        (drift,) = of_type(received, "RtnPortfolioDrift")
        found = {one["Field"]: (one["Kept"], one["Told"]) for one in drift["Differences"]}
        self.assertEqual(found["Position"], (2.0, 5.0))
        told = of_type(received, "RtnPortfolio")[-1]
        self.assertEqual(told["Portfolio"]["Positions"][0]["Position"], 5)
        counts = self.desk.commons.portfolios.context.counts
        self.assertEqual(counts.drifts, len(drift["Differences"]))
        self.assertGreaterEqual(counts.reconciled, 2)

    def test_another_day_is_told_whole(self) -> None:
        self.hold(portfolio_reconcile=0.0)
        self.subscribe(self.peer)
        self.trade_of("1")
        self.wait()
        self.peer.received()
        self.front.disconnect()
        login = {"TradingDay": "20240103", "FrontID": 1, "SessionID": 2, "MaxOrderRef": "1"}
        self.front.on("ReqUserLogin", answer=login)
        self.details(3)
        self.front.connect()
        self.wait()
        (told,) = of_type(self.peer.received(), "RtnPortfolio")
        state = told["Portfolio"]
        self.assertEqual((state["TradingDay"], state["IsSnapshot"]), ("20240103", True))
        (row,) = state["Positions"]
        self.assertEqual((row["Position"], row["TodayPosition"], row["OpenVolume"]), (3, 0, 0))

    def test_another_day_whose_positions_are_refused_is_tried_again(self) -> None:
        self.hold(portfolio_reconcile=0.0)
        self.subscribe(self.peer)
        self.front.disconnect()
        login = {"TradingDay": "20240103", "FrontID": 1, "SessionID": 2, "MaxOrderRef": "1"}
        self.front.on("ReqUserLogin", answer=login)
        self.front.on("ReqQryInvestorPosition", error=9)
        self.front.connect()
        self.wait()
        self.assertEqual(of_type(self.peer.received(), "RtnPortfolio"), [])
        self.details(2)
        self.wait(12)
        (told,) = of_type(self.peer.received(), "RtnPortfolio")
        self.assertEqual(told["Portfolio"]["TradingDay"], "20240103")

    def test_who_does_not_come_back_costs_nothing_for_ever(self) -> None:
        self.hold(sharing=True, linger=30.0)
        other = self.client()
        self.login(other)
        self.subscribe(self.peer)
        self.peer.drop()
        counts = self.desk.commons.portfolios.context.counts
        for number, kept in (("1", 1), ("2", 0)):
            self.wait(20)
            self.trade_of(number)
            self.wait(1)
            self.assertEqual(counts.kept, kept, number)

    def test_the_account_in_yuan_counts(self) -> None:
        self.hold()
        dollars = {"PreBalance": 9.0, "Balance": 9.0, "Available": 9.0, "CurrencyID": "USD"}
        yuan = {"PreBalance": 1e5, "Balance": 1e5, "Available": 93e3, "CurrencyID": "CNY"}
        self.front.on("ReqQryTradingAccount", answer=[dollars, {**yuan, "CurrMargin": 7e3}])
        told = self.subscribe(self.peer)
        self.assertEqual(told["Portfolio"]["Account"]["Available"], 93e3)

    def test_transfers_move_the_account(self) -> None:
        self.hold(portfolio_reconcile=0.0)
        self.subscribe(self.peer)
        for name, amount, more in (
            ("OnRtnFromBankToFutureByFuture", 500.0, {}),
            ("OnRtnFromFutureToBankByFuture", 200.0, {}),
            ("OnRtnFromBankToFutureByBank", 40.0, {"CurrencyID": "USD"}),
            ("OnRtnFromBankToFutureByFuture", 7.0, {"ErrorID": 31}),
        ):
            row = {"AccountID": "u1", "TradeAmount": amount, "TransferStatus": "0", **more}
            self.front.push(name, row)
        self.wait()
        money = of_type(self.peer.received(), "RtnPortfolio")[-1]["Portfolio"]["Account"]
        self.assertEqual((money["Deposit"], money["Withdraw"]), (500.0, 200.0))
        self.assertEqual(money["Balance"], 100_300.0)

    def test_prices_are_asked_for_where_there_is_no_market_data(self) -> None:
        self.hold()
        self.subscribe(self.peer)
        self.front.on(
            "ReqQryDepthMarketData",
            answer={"InstrumentID": "rb2701", "PreSettlementPrice": 3500.0, "LastPrice": 3510.0},
        )
        self.wait(6)
        told = of_type(self.peer.received(), "RtnPortfolio")[-1]["Portfolio"]
        self.assertEqual(told["Positions"][0]["LastPrice"], 3510.0)
        self.assertEqual(told["Account"]["PositionProfit"], 200.0)
        self.assertEqual(told["Account"]["Balance"], 100_200.0)


class Curves(FakeTest):
    """The account's money over the day."""

    def curve(self, peer: WebSocketPeer) -> list[Any]:
        """Ask for the curve; return its points."""
        peer.received()
        peer.send({"MsgType": "QryAccountCurve", "RequestID": 6})
        self.settle()
        told = [one for one in peer.received() if one.get("RequestID") == 6]
        self.assertEqual([one["IsLast"] for one in told], [*[False] * (len(told) - 1), True])
        return [one["CurvePoint"] for one in told]

    def test_it_has_a_point_a_minute_of_what_was_reckoned(self) -> None:
        self.hold(portfolio_reconcile=0.0)
        self.assertEqual(self.curve(self.peer), [None])
        told = self.subscribe(self.peer)["Portfolio"]["Account"]
        (first,) = self.curve(self.peer)
        for name in ("Balance", "Available", "CurrMargin"):
            self.assertEqual(first[name], told[name])
        self.assertEqual((first["TradingDay"], first["Time"][:4]), (TRADING_DAY, "2027"))
        self.wait(120)
        self.assertEqual(len(self.curve(self.peer)), 1)  # nothing has changed
        for number in ("1", "2"):
            self.trade_of(number)
            self.wait(60)
        found = self.curve(self.peer)
        self.assertEqual(len(found), 3)
        self.assertEqual([one["Balance"] for one in found], [1e5, 1e5 - 5, 1e5 - 10])

    def test_who_comes_later_is_told_of_before(self) -> None:
        self.hold(sharing=True)
        self.subscribe(self.peer)
        before = self.curve(self.peer)
        self.peer.send({"MsgType": "UnSubscribePortfolio", "RequestID": 7})
        self.wait()
        other = self.client()
        self.login(other)
        self.assertEqual(self.curve(other), before)

    def test_without_a_login_there_is_none(self) -> None:
        self.start()
        peer = self.client()
        peer.send({"MsgType": "QryAccountCurve", "RequestID": 6})
        (refused,) = peer.received()
        self.assertIn("send ReqUserLogin first", refused["Detail"])
