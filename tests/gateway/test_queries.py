"""Queries of clients that know nothing of CTP's pace."""

from tests.gateway.test_seat import DeskTest, answer, of_type

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
        names = [name for name, method in self.desk.schema.methods.items() if method.is_query]
        for name in names:
            refused = peer.ask({"MsgType": name, "RequestID": 4, "ClientOrderID": "x"})
            self.assertEqual(refused["RspInfo"]["ErrorID"], -400, refused)
            self.assertIn("ClientOrderID", refused["Detail"])
        self.assertGreater(len(names), 50)
