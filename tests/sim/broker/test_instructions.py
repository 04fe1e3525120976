"""Exercises, self-closes and quotes through the binding's own structs and directors."""

from datetime import datetime
from typing import Any

from tests.conformance import holds
from tests.sim.host.test_api import WithFront, body, buy
from webctp.sim import SimOptions, SimulatedFront

OPTION = "m2701-C-2550"
USER = {"BrokerID": "9999", "InvestorID": "1001", "UserID": "1001"}


class Instructions(WithFront):
    """A front on the last day of an option."""

    def setUp(self) -> None:
        super().setUp()
        self.front = SimulatedFront(SimOptions(seed=2, start=datetime(2026, 12, 16, 9, 30)))
        self.api, self.recorder = self.trader()
        self.login(self.api, self.recorder)

    def told(self, callback: str, count: int) -> list[dict[str, Any]]:
        return [call.values[0] for call in self.recorder.wait(callback, count)]

    @holds("QHQQDHQ-ZDCGZ-1")
    def test_an_exercise_is_entered_withdrawn_and_queried(self) -> None:
        self.api.ReqQryDepthMarketData(body("QryDepthMarketData", InstrumentID=OPTION), 2)
        (market,) = self.told("OnRspQryDepthMarketData", 1)
        price = {"OrderPriceType": "2", "LimitPrice": market["UpperLimitPrice"]}
        order = {**price, "VolumeTotalOriginal": 2}
        self.api.ReqOrderInsert(buy(InstrumentID=OPTION, ExchangeID="DCE", **order), 3)
        self.recorder.wait("OnRtnTrade")
        fields = {
            "InstrumentID": OPTION,
            "ExchangeID": "DCE",
            "Volume": 1,
            "OffsetFlag": "1",
            "HedgeFlag": "1",
            "ActionType": "1",
            "PosiDirection": "2",
            "ReservePositionFlag": "0",
            "CloseFlag": "1",
        }
        self.api.ReqExecOrderInsert(body("InputExecOrder", **USER, **fields), 4)
        first, second = self.told("OnRtnExecOrder", 2)
        self.assertEqual((first["ExecResult"], second["ExecResult"]), ("a", "n"))
        self.assertEqual({name: second[name] for name in fields}, fields)
        named = {"ExchangeID": "DCE", "ExecOrderSysID": second["ExecOrderSysID"]}
        self.api.ReqExecOrderAction(
            body("InputExecOrderAction", **USER, **named, ActionFlag="0"), 5
        )
        self.assertEqual(self.told("OnRtnExecOrder", 3)[2]["ExecResult"], "c")
        self.api.ReqQryExecOrder(body("QryExecOrder"), 6)
        (row,) = self.told("OnRspQryExecOrder", 1)
        self.assertEqual(row, self.told("OnRtnExecOrder", 3)[2])
        self.api.ReqExecOrderInsert(body("InputExecOrder", **USER, **{**fields, "Volume": 99}), 7)
        for callback in ("OnRspExecOrderInsert", "OnErrRtnExecOrderInsert"):
            call = self.recorder.wait(callback)[0]
            self.assertEqual(call.values[0]["Volume"], 99)
            self.assertEqual(call.values[1]["ErrorID"], 74)

    def test_a_self_close(self) -> None:
        fields = {"InstrumentID": OPTION, "ExchangeID": "DCE", "HedgeFlag": "1"}
        fields["OptSelfCloseFlag"] = "1"
        self.api.ReqOptionSelfCloseInsert(body("InputOptionSelfClose", **USER, **fields), 4)
        _, second = self.told("OnRtnOptionSelfClose", 2)
        self.assertEqual({name: second[name] for name in fields}, fields)
        self.api.ReqOptionSelfCloseAction(
            body("InputOptionSelfCloseAction", **USER, ExchangeID="DCE", ActionFlag="0"), 5
        )
        call = self.recorder.wait("OnErrRtnOptionSelfCloseAction")[0]
        self.assertEqual(call.values[1]["ErrorID"], 3044)

    def test_a_quote(self) -> None:
        self.api.ReqQryDepthMarketData(body("QryDepthMarketData", InstrumentID="SR705C5400"), 3)
        (tick,) = self.told("OnRspQryDepthMarketData", 1)
        fields = {
            "InstrumentID": "SR705C5400",
            "ExchangeID": "CZCE",
            "AskPrice": tick["UpperLimitPrice"],
            "BidPrice": tick["LowerLimitPrice"],
        }
        flags = {"AskOffsetFlag": "0", "BidOffsetFlag": "0"}
        flags |= {"AskHedgeFlag": "1", "BidHedgeFlag": "1"}
        both = {"AskVolume": 1, "BidVolume": 1}
        self.api.ReqQuoteInsert(body("InputQuote", **USER, **fields, **flags, **both), 4)
        quote = self.told("OnRtnQuote", 2)[1]
        self.assertEqual(quote["QuoteStatus"], "3", quote["StatusMsg"])
        self.assertEqual({name: quote[name] for name in fields}, fields)
        orders = self.told("OnRtnOrder", 4)
        self.assertEqual([row["Direction"] for row in orders], ["1", "0", "0", "1"])
        self.assertEqual({row["OrderSysID"][:1] for row in orders[2:]}, {"a", "b"})
        named = {"QuoteSysID": quote["QuoteSysID"], "ExchangeID": "CZCE", "ActionFlag": "0"}
        self.api.ReqQuoteAction(body("InputQuoteAction", **USER, **named), 5)
        self.assertEqual(self.told("OnRtnQuote", 3)[2]["QuoteStatus"], "5")
        self.api.ReqQryQuote(body("QryQuote"), 6)
        (row,) = self.told("OnRspQryQuote", 1)
        self.assertEqual(row, self.told("OnRtnQuote", 3)[2])
