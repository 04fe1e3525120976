"""PreviewOrder through the gateway: what an order would come to, and every reason to refuse it."""

from typing import Any

from tests.gateway.portfolio.test_session import FakeTest
from tests.gateway.trading.test_risk import ADMIN, BUY, RiskTest
from tests.gateway.trading.test_shared import answer, of_type
from webctp.config.risk import RiskConfig
from webctp.gateway.access.principal import Principal, Scope
from webctp.gateway.portfolio.asked import MOST_WAITING
from webctp.testing import WebSocketPeer

ORDER = {**BUY, "CombHedgeFlag": "1"}


class Previews(FakeTest, RiskTest):
    """A client whose portfolio is kept, with limits."""

    def begin(self, **settings: Any) -> None:
        """Begin with a kill switch, as all tests of risk do."""
        RiskTest.begin(self, **settings)

    def preview(self, peer: WebSocketPeer | None = None, **fields: Any) -> dict[str, Any]:
        peer = peer or self.peer
        body = {**ORDER, **fields}
        peer.send({"MsgType": "PreviewOrder", "RequestID": 8, "InputOrder": body})
        self.wait(1)
        return answer([one for one in peer.received() if one.get("RequestID") == 8])

    def test_nothing_is_sent_and_nothing_counts(self) -> None:
        self.hold(risk=RiskConfig(max_orders_per_day=1, duplicate_seconds=60.0), order_rate=1)
        self.subscribe(self.peer)
        for _ in range(3):
            told = self.preview()["OrderPreview"]
            self.assertEqual(told["Objections"], [])
            self.assertEqual(told["Margin"], 3500.0)
            self.assertEqual((told["Commission"], told["AvailableAfter"]), (5.0, 89_495.0))
            self.assertEqual((told["PositionAfter"], told["CloseableYd"]), (3, 2))
        self.assertEqual(self.sent, 0)
        self.assertIsNone(self.insert(CombHedgeFlag="1"))

    def test_every_reason_is_listed(self) -> None:
        limits = RiskConfig(max_order_volume=10, max_order_value=1000, offsets=("Close",))
        self.hold(risk=limits)
        self.subscribe(self.peer)
        told = self.preview(VolumeTotalOriginal=40)["OrderPreview"]["Objections"]
        self.assertEqual([one["ErrorID"] for one in told], [-403, -403, -403, 31])
        said = " ".join(one["Detail"] for one in told)
        for words in ("Risk.Offsets", "Risk.MaxOrderVolume", "Risk.MaxOrderValue", "are lacking"):
            self.assertIn(words, said)

    def test_the_kill_switch_is_a_reason(self) -> None:
        self.hold()
        self.subscribe(self.peer)
        boss = self.as_principal(ADMIN)
        self.ask(boss, "Kill", Level="stop")
        self.wait(1)
        (told,) = self.preview()["OrderPreview"]["Objections"]
        self.assertIn("kill switch is at stop", told["Detail"])

    def test_who_may_only_look_is_told_so(self) -> None:
        self.hold(sharing=True)
        self.subscribe(self.peer)
        looker = Principal("page", frozenset({Scope.READ}), instruments=("cu*",))
        peer = self.as_principal(looker)
        self.login(peer)
        told = self.preview(peer)["OrderPreview"]["Objections"]
        self.assertEqual([one["ErrorID"] for one in told], [-403, -403])
        self.assertIn("page lacks the scope td-trade", told[0]["Detail"])
        self.assertIn("none of the instruments of page", told[1]["Detail"])

    def test_what_is_not_known_is_asked_for_first(self) -> None:
        self.hold()
        self.subscribe(self.peer)
        rates = "ReqQryInstrumentMarginRate"
        before = self.front.names.count(rates)
        told = self.preview(CombHedgeFlag="3")["OrderPreview"]
        self.assertEqual(self.front.names.count(rates), before + 1)
        self.assertEqual((told["HedgeFlag"], told["Margin"]), ("3", 3500.0))

    def test_wrong_requests_are_answered(self) -> None:
        self.hold()
        refused = self.preview()
        self.assertEqual(refused["RspInfo"]["ErrorID"], -400)
        self.assertIn("SubscribePortfolio first", refused["Detail"])
        self.subscribe(self.peer)
        self.assertIn("unknown field 'Volum'", self.preview(Volum=1)["Detail"])
        self.assertIn("InvestorID u1", self.preview(InvestorID="other")["Detail"])
        self.assertIn("each leg", self.preview(InstrumentID="SP rb2701&rb2705")["Detail"])
        self.assertIn("'z' is none", self.preview(CombHedgeFlag="z")["Detail"])
        before = self.front.names.count("ReqQryInstrument")
        refused = self.preview(InstrumentID="zz2701")
        self.assertEqual(refused["RspInfo"]["ErrorID"], -400)
        self.assertIn("InstrumentID 'zz2701'", refused["Detail"])
        self.assertEqual(self.front.names.count("ReqQryInstrument"), before)

    def test_those_that_wait_are_bounded(self) -> None:
        self.hold()
        self.subscribe(self.peer)
        self.front.on("ReqQryInstrumentMarginRate", silent=True)
        body = {**ORDER, "CombHedgeFlag": "3"}
        for number in range(MOST_WAITING + 1):
            self.peer.send({"MsgType": "PreviewOrder", "RequestID": number, "InputOrder": body})
        self.settle()
        (refused,) = of_type(self.peer.received(), "PreviewOrder")
        self.assertEqual(
            (refused["RequestID"], refused["RspInfo"]["ErrorID"]), (MOST_WAITING, -429)
        )
        self.assertEqual(refused["Limit"], MOST_WAITING)

    def test_subscriptions_that_wait_are_bounded(self) -> None:
        self.hold()
        self.front.on("ReqQryInvestorPosition", silent=True)
        for number in range(MOST_WAITING + 1):
            self.peer.send({"MsgType": "SubscribePortfolio", "RequestID": number})
        self.settle()
        (refused,) = of_type(self.peer.received(), "SubscribePortfolio")
        self.assertEqual(
            (refused["RequestID"], refused["RspInfo"]["ErrorID"]), (MOST_WAITING, -429)
        )

    def test_those_that_wait_are_answered_when_their_client_logs_out(self) -> None:
        self.hold(sharing=True)
        self.front.on("ReqQryInvestorPosition", silent=True)
        other = self.peer
        peer = self.client()
        self.login(peer)
        peer.send({"MsgType": "SubscribePortfolio", "RequestID": 7})
        other.send({"MsgType": "SubscribePortfolio", "RequestID": 8})
        self.settle()
        peer.received()
        peer.send({"MsgType": "ReqUserLogout", "RequestID": 9})
        self.settle()
        (refused,) = of_type(peer.received(), "SubscribePortfolio")
        self.assertEqual((refused["RequestID"], refused["RspInfo"]["ErrorID"]), (7, -401))
        self.assertEqual(of_type(other.received(), "SubscribePortfolio"), [])

    def test_one_that_waits_is_answered_when_it_is_taken_back(self) -> None:
        self.hold()
        self.front.on("ReqQryInvestorPosition", silent=True)
        self.peer.send({"MsgType": "SubscribePortfolio", "RequestID": 7})
        self.settle()
        self.peer.send({"MsgType": "UnSubscribePortfolio", "RequestID": 8})
        self.settle()
        told = self.peer.received()
        (refused,) = of_type(told, "SubscribePortfolio")
        self.assertEqual((refused["RequestID"], refused["RspInfo"]["ErrorID"]), (7, -409))

    def test_one_that_waits_is_answered_when_the_front_is_lost(self) -> None:
        self.hold()
        self.subscribe(self.peer)
        self.front.on("ReqQryInstrumentMarginRate", silent=True)
        body = {**ORDER, "CombHedgeFlag": "3"}
        self.peer.send({"MsgType": "PreviewOrder", "RequestID": 8, "InputOrder": body})
        self.settle()
        self.front.disconnect()
        self.settle()
        refused = answer([one for one in self.peer.received() if one.get("RequestID") == 8])
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
