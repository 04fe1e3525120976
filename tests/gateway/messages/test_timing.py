"""``Timing``: when requests came, went and were answered."""

import json
from itertools import count
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.support import GatewayCase, Message, code
from webctp.gateway.messages.timing import MOST, Times
from webctp.testing import WebSocketPeer


class Stamping(SynchronousTestCase):
    """The moments of requests, by a clock that counts."""

    def setUp(self) -> None:
        self.times = Times(count(1000).__next__)

    def stamped(self, request_id: int, *, last: bool = True) -> dict[str, int]:
        """The moments in an answer."""
        answer = {"MsgType": "RspX", "RspInfo": None, "IsLast": last, "RequestID": request_id}
        message = json.dumps(answer, separators=(",", ":")).encode()
        told: dict[str, int] = json.loads(self.times.stamp(message))["Timing"]
        return told

    def test_a_push_is_left_as_it_is(self) -> None:
        push = b'{"MsgType":"RtnOrder","RspInfo":null,"Order":{"RequestID":7}}'
        self.assertEqual(self.times.stamp(push), push)

    def test_what_a_text_says_is_no_answer(self) -> None:
        words = '"IsLast":true,"RequestID":7'
        push = json.dumps({"MsgType": "RtnX", "Text": words}, separators=(",", ":")).encode()
        self.assertEqual(self.times.stamp(push), push)

    def test_rows_keep_the_moments_until_the_last(self) -> None:
        self.times.taken(7, 900)
        self.assertEqual(self.stamped(7, last=False), {"In": 900, "Out": 1000})
        self.assertEqual(self.stamped(7), {"In": 900, "Out": 1001})
        self.assertEqual(self.stamped(7), {"Out": 1002}, "it was answered")

    def test_negative_numbers_are_numbers(self) -> None:
        self.times.taken(-7, 900)
        self.assertEqual(self.stamped(-7), {"In": 900, "Out": 1000})

    def test_of_too_many_the_oldest_is_forgotten(self) -> None:
        for number in range(MOST + 1):
            self.times.taken(number, number)
        self.assertNotIn("In", self.stamped(0))
        self.assertEqual(self.stamped(1)["In"], 1)

    def test_after_its_answer_a_request_is_not_called(self) -> None:
        self.times.taken(7, 900)
        self.stamped(7)
        self.times.called(7)
        self.assertNotIn("Called", self.stamped(7))


class Answers(GatewayCase):
    """Whole gateways: who asks is told, and nobody else."""

    def timed(self, path: str = "/td/", **words: Any) -> WebSocketPeer:
        """A client that has asked for moments."""
        peer = self.connect(path)
        body = {"UserID": "user", "Password": "first"} if path == "/td/" else {}
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": body, "RequestID": 1, "Timing": True}
        self.in_order(self.ask(peer, {**login, **words}), "In", "Out")
        return peer

    def in_order(self, answer: Message, *names: str) -> None:
        """Hold that an answer has these moments, none before the other."""
        self.assertEqual(tuple(answer["Timing"]), names, answer)
        moments = list(answer["Timing"].values())
        self.assertEqual(moments, sorted(moments))
        self.assertGreater(moments[0], 1_500_000_000_000_000, "microseconds since 1970")

    def test_who_does_not_ask_is_told_nothing(self) -> None:
        peer = self.trader()
        answer = self.ask(peer, {"MsgType": "ReqQryInvestor", "RequestID": 2})
        self.assertNotIn("Timing", answer)
        self.assertNotIn("received", vars(self.client()), "its methods are what they were")

    def client(self) -> Any:
        """The one client of /td/."""
        (socket,) = self.factories["td"].open
        return socket.client

    def test_a_query_says_when_it_went_and_was_answered(self) -> None:
        peer = self.timed()
        answer = self.ask(peer, {"MsgType": "ReqQryInvestor", "RequestID": 2})
        self.in_order(answer, "In", "Called", "Answered", "Out")

    def test_one_that_waits_went_later(self) -> None:
        peer = self.timed()
        self.ask(peer, {"MsgType": "ReqQryInvestor", "RequestID": 2})
        peer.send({"MsgType": "ReqQryTradingAccount", "RequestID": 3})
        self.reactor.advance(1)
        (answer,) = self.answers(peer)
        self.assertEqual(code(answer), 0)
        self.in_order(answer, "In", "Called", "Answered", "Out")

    def test_a_refused_order_says_when_ctp_was_called(self) -> None:
        peer = self.timed()
        self.front.on("ReqOrderInsert", error=22)
        answer = self.ask(peer, {"MsgType": "ReqOrderInsert", "RequestID": 4})
        self.assertEqual(code(answer), 22)
        self.in_order(answer, "In", "Called", "Answered", "Out")

    def test_a_refusal_of_the_gateway_called_nobody(self) -> None:
        peer = self.timed()
        for message in ({"MsgType": "ReqNothing", "RequestID": 5}, {"MsgType": "", "RequestID": 6}):
            self.in_order(self.ask(peer, message), "In", "Out")

    def test_a_request_of_our_own_too(self) -> None:
        peer = self.timed("/md/")
        asked = {"MsgType": "QryInstruments", "QryInstruments": {"Text": "x"}, "RequestID": 8}
        self.in_order(self.ask(peer, asked), "In", "Out")

    def test_subscriptions_and_pushes(self) -> None:
        peer = self.timed("/md/")
        asked = {"MsgType": "SubscribeMarketData", "InstrumentID": "cu2401", "RequestID": 2}
        answer = self.ask(peer, asked)
        self.assertIn("In", answer["Timing"])
        self.front.push("OnRtnDepthMarketData", {"InstrumentID": "cu2401"})
        (push,) = self.pushes(peer)
        self.assertNotIn("Timing", push)

    def test_the_next_login_may_want_none(self) -> None:
        peer = self.timed("/md/")
        answer = self.ask(peer, {"MsgType": "ReqUserLogin", "ReqUserLogin": {}, "RequestID": 9})
        self.assertNotIn("Timing", answer)

    def test_what_is_no_truth_value_is_refused(self) -> None:
        peer = self.connect("/md/")
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": {}, "Timing": "yes"}
        answer = self.ask(peer, login)
        self.assertEqual(code(answer), -400)
        self.assertIn("Timing", answer["Detail"])
