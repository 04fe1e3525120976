"""Queries of clients that know nothing of CTP's pace."""

from typing import Any

from tests.builds import with_method
from tests.conformance import holds
from tests.gateway.trading.test_shared import DeskTest, answer, of_type
from webctp.testing import WebSocketPeer

STARTUP = (
    "ReqQryInvestor",
    "ReqQryTradingAccount",
    "ReqQryInvestorPosition",
    "ReqQryOrder",
    "ReqQryTrade",
    "ReqQryInstrument",
)


class PaceTests(DeskTest):
    """Six queries at once, waiting for no answer."""

    @holds("LK-2")
    def test_all_are_answered_one_a_second(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        for number, name in enumerate(STARTUP):
            peer.send({"MsgType": name, "RequestID": number})
        answers: list[int] = []
        for second in range(len(STARTUP)):
            self.settle()
            sent = [name for name in self.front.names if name.startswith("ReqQry")]
            self.assertEqual(sent, list(STARTUP[: second + 1]))
            answers += [message["RequestID"] for message in peer.received()]
            self.reactor.advance(1)
        self.assertEqual(answers, list(range(len(STARTUP))))

    def test_a_refusal_for_now_is_cured(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqQryInvestor", returns=-3, times=2)
        peer.send({"MsgType": "ReqQryInvestor", "RequestID": 8})
        for _ in range(3):
            self.settle()
            self.reactor.advance(1)
        self.settle()
        self.assertEqual(answer(peer.received())["RspInfo"]["ErrorID"], 0)

    @holds("REQORDERINSERT-20")
    def test_an_order_is_never_queued_or_repeated(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqOrderInsert", returns=-3)
        refused = peer.ask({"MsgType": "ReqOrderInsert", "RequestID": 9})
        self.assertEqual(refused["MsgType"], "RspOrderInsert")
        self.assertEqual(refused["RspInfo"]["ErrorID"], -3)
        self.reactor.advance(60)
        self.assertEqual(self.front.names.count("ReqOrderInsert"), 1)

    def test_a_broken_connection_ends_what_waits(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqQryInvestor", silent=True)
        for number, name in enumerate(STARTUP):
            peer.send({"MsgType": name, "RequestID": number})
        self.front.disconnect()
        self.settle()
        ended = [message for message in peer.received() if "RequestID" in message]
        self.assertEqual([message["RequestID"] for message in ended], list(range(len(STARTUP))))
        self.assertEqual({message["RspInfo"]["ErrorID"] for message in ended}, {-503})

    def test_a_logout_ends_what_waits(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqQryInvestor", silent=True)
        for number, name in enumerate(STARTUP):
            peer.send({"MsgType": name, "RequestID": number})
        peer.send({"MsgType": "ReqUserLogout", "RequestID": 99})
        self.settle()
        ended = [message for message in peer.received() if "RequestID" in message]
        self.assertEqual(ended[0]["MsgType"], "RspUserLogout")
        self.assertEqual([m["RequestID"] for m in ended[1:]], list(range(len(STARTUP))))
        self.assertEqual({m["RspInfo"]["ErrorID"] for m in ended[1:]}, {-401})

    def test_a_full_queue_says_how_full(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.on("ReqQryOrder", silent=True)
        for number in range(201):
            body = {"InstrumentID": f"rb{number:04}"}
            peer.send({"MsgType": "ReqQryOrder", "RequestID": number, "QryOrder": body})
        self.assertEqual(peer.received(), [])
        refused = peer.ask({"MsgType": "ReqQryTrade", "RequestID": 999})
        self.assertEqual(refused["RspInfo"]["ErrorID"], -429)
        self.assertIn("200", refused["Detail"])
        self.assertEqual((refused["Limit"], refused["RetryAfter"]), (200, 1.0))

    def test_who_asks_is_told_where_a_query_waits(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        for number, name in enumerate(STARTUP[:4]):
            peer.send({"MsgType": name, "RequestID": number, "Queued": True})
        told = of_type(peer.received(), "RtnQueued")
        self.assertEqual(
            told,
            [
                {
                    "MsgType": "RtnQueued",
                    "RequestID": number,
                    "Queued": {"Request": name, "Place": number, "Seconds": float(number)},
                }
                for number, name in enumerate(STARTUP[1:4], 1)
            ],
        )

    def test_the_place_comes_before_the_answer_and_is_that_of_a_query_that_is_shared(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        for number, name in enumerate((*STARTUP[:3], STARTUP[2])):
            peer.send({"MsgType": name, "RequestID": number, "Queued": number == 3})
        (told,) = of_type(peer.received(), "RtnQueued")
        self.assertEqual((told["RequestID"], told["Queued"]["Place"]), (3, 2))
        self.reactor.advance(1)
        self.settle()
        peer.send({"MsgType": STARTUP[2], "RequestID": 4, "Queued": True})
        (told,) = of_type(peer.received(), "RtnQueued")
        self.assertEqual((told["RequestID"], told["Queued"]["Place"]), (4, 1))

    def test_asked_for_with_the_login_it_holds_for_every_query(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer, Queued=True)
        for number, name in enumerate(STARTUP[:3]):
            body = {"MsgType": name, "RequestID": number}
            peer.send({**body, "Queued": False} if number == 1 else body)
        told = of_type(peer.received(), "RtnQueued")
        self.assertEqual([one["RequestID"] for one in told], [2])

    def test_who_does_not_ask_is_sent_nothing_new(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        for number, name in enumerate(STARTUP[:3]):
            peer.send({"MsgType": name, "RequestID": number})
        self.assertEqual(of_type(peer.received(), "RtnQueued"), [])

    def test_what_was_asked_twice_is_sent_once(self) -> None:
        self.start(sharing=True)
        one, two = self.client(), self.client()
        self.login(one)
        self.login(two)
        one.send({"MsgType": "ReqQryOrder", "RequestID": 1})
        for peer in (one, two):
            peer.send({"MsgType": "ReqQryTrade", "RequestID": 2})
        for _ in range(3):
            self.settle()
            self.reactor.advance(1)
        self.assertEqual(self.front.names.count("ReqQryTrade"), 1)
        for peer in (one, two):
            self.assertEqual(len(of_type(peer.received(), "RspQryTrade")), 1)

    def test_a_query_of_actions_is_paced_and_answered_like_any_other(self) -> None:
        """ReqQryParkedOrderAction and ReqQryCombAction are no actions."""
        for name in ("ReqQryParkedOrderAction", "ReqQryCombAction"):
            with self.subTest(name):
                self.start()
                peer = self.client()
                self.login(peer)
                for number in range(4):
                    body = {name.removeprefix("Req"): {"InstrumentID": f"rb270{number}"}}
                    peer.send({"MsgType": name, "RequestID": number, **body})
                answers: list[tuple[int, int]] = []
                for second in range(4):
                    self.settle()
                    self.assertEqual(self.front.names.count(name), second + 1)
                    received = peer.received()
                    answers += [(one["RequestID"], one["RspInfo"]["ErrorID"]) for one in received]
                    self.reactor.advance(1)
                self.assertEqual(answers, [(number, 0) for number in range(4)])

    def test_no_query_takes_a_client_order_id(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        names = [
            name for name, method in self.desk.commons.schema.methods.items() if method.is_query
        ]
        for name in names:
            refused = peer.ask({"MsgType": name, "RequestID": 4, "ClientOrderID": "x"})
            self.assertEqual(refused["RspInfo"]["ErrorID"], -400, refused)
            self.assertIn("ClientOrderID", refused["Detail"])
        self.assertGreater(len(names), 50)


class LostAnswerTests(DeskTest):
    """A query whose answer is lost holds up the library until the connection is made anew."""

    def states(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        told = of_type(messages, "RtnSessionState")
        return [message["SessionState"] for message in told]

    def begin(self) -> WebSocketPeer:
        self.start()
        peer = self.client()
        self.login(peer)
        peer.received()
        self.front.on("ReqQryInvestor", lost=True, times=1)
        peer.send({"MsgType": "ReqQryInvestor", "RequestID": 1})
        self.reactor.pump([1] * 31)
        self.assertEqual(answer(peer.received())["RspInfo"]["ErrorID"], -408)
        return peer

    def test_the_session_connects_anew_and_says_why(self) -> None:
        peer = self.begin()
        for number in (2, 3):
            peer.send({"MsgType": "ReqQryTradingAccount", "RequestID": number})
        self.front.connects = False
        self.reactor.pump([1] * 4)
        self.settle()
        told = peer.received()
        (lost,) = self.states(told)
        self.assertEqual(lost["State"], "lost")
        self.assertIn("never answered", lost["Reason"])
        (held_up,) = self.desk.readiness()["not_ready"]
        self.assertIn("never answered", held_up["Reason"])
        codes = [(one["RequestID"], one["RspInfo"]["ErrorID"]) for one in told if "IsLast" in one]
        self.assertEqual(codes, [(2, -503), (3, -503)])
        self.assertEqual((len(self.front.apis), self.front.apis[0].released), (2, True))
        refused = peer.ask({"MsgType": "ReqOrderInsert", "RequestID": 4})
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.front.connect()
        self.settle()
        self.assertEqual(self.states(peer.received())[-1]["State"], "ready")
        peer.send({"MsgType": "ReqQryTradingAccount", "RequestID": 5})
        self.reactor.pump([1] * 2)
        self.settle()
        self.assertEqual(answer(peer.received())["RspInfo"]["ErrorID"], 0)
        self.reactor.pump([1] * 60)
        self.assertEqual(len(self.front.apis), 2)

    def test_a_client_that_leaves_amid_it_leaves_nothing(self) -> None:
        peer = self.begin()
        peer.send({"MsgType": "ReqQryTradingAccount", "RequestID": 2})
        self.front.connects = False
        self.reactor.pump([1] * 4)
        self.settle()
        peer.send({"MsgType": "ReqUserLogout", "RequestID": 3})
        self.reactor.pump([1] * 20)
        self.settle()
        self.assertEqual([api.released for api in self.front.apis], [True, True])

    def test_orders_go_on_as_long_as_nobody_asks(self) -> None:
        peer = self.begin()
        self.reactor.pump([1] * 60)
        peer.send({"MsgType": "ReqOrderInsert", "RequestID": 2})
        self.settle()
        self.assertEqual((len(self.front.apis), self.front.names.count("ReqOrderInsert")), (1, 1))

    @with_method("GetFrontInfo")
    @holds("LK-3")
    def test_the_fronts_own_limit_is_kept_to(self) -> None:
        """GetFrontInfo tells it: once in two seconds would be 0, so a front says 1 at least."""
        self.start(query_interval=0.2)
        self.front.on("GetFrontInfo", answer={"QryFreq": 2})
        peer = self.client()
        self.login(peer)
        for name in STARTUP[:3]:
            peer.send({"MsgType": name, "RequestID": 1})
        for seconds, sent in ((0.25, 1), (0.25, 2), (0.25, 2), (0.25, 3)):
            self.settle()
            self.reactor.advance(seconds)
            names = [name for name in self.front.names if name.startswith("ReqQry")]
            self.assertEqual(len(names), sent)
