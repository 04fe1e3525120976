"""Queries in flight, and how long and how nested messages may be: by client and by token."""

import json

from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.access.test_grants import GrantCase
from tests.gateway.access.test_scopes import error_of
from tests.gateway.support import Message
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.bounds import MessageBounds
from webctp.gateway.access.principal import ANYBODY, Principal, PrincipalLimits, Scope
from webctp.testing import WebSocketPeer

QUERY = "ReqQryTradingAccount"
DEEP = {"MsgType": QUERY, "QryTradingAccount": {"BrokerID": {"a": [["]}"]]}}, "RequestID": 7}
"""Five levels; the brackets of its text are none."""


class QueriesInFlight(GrantCase):
    """The same query again and again, which the front has not answered."""

    def setUp(self) -> None:
        super().setUp()
        self.front.on(QUERY, silent=True)

    def queries(self, peer: WebSocketPeer, count: int) -> list[Message]:
        """Send queries; give the answers that come at once."""
        self.answers(peer)
        for number in range(count):
            peer.send({"MsgType": QUERY, "RequestID": 100 + number})
        return self.answers(peer)

    def test_beyond_the_limit_of_the_token_they_are_refused(self) -> None:
        self.limit(in_flight=3)
        one, two = self.trader(), self.trader()
        self.assertEqual(self.queries(one, 2), [])
        (refused,) = self.queries(two, 2)
        self.assertEqual(refused["RequestID"], 101)
        self.refused(refused, errors.TOO_MANY, "3 queries of bot wait", "the limit in_flight")
        self.assertEqual((refused["Limit"], refused["RetryAfter"]), (3, 1.0))

    def test_who_is_gone_waits_no_longer(self) -> None:
        self.limit(in_flight=3)
        one = self.trader()
        self.assertEqual(self.queries(one, 3), [])
        self.assertEqual(self.usage.in_flight, 3)
        one.drop()
        self.settle()
        self.assertEqual(self.usage.in_flight, 0)
        self.assertEqual(self.queries(self.trader(), 3), [])

    def test_a_query_that_does_not_fit_is_not_counted(self) -> None:
        self.limit(in_flight=1)
        peer = self.trader()
        body = {"BrokerID": "x" * 100}
        for _ in range(3):
            answer = self.ask(peer, {"MsgType": QUERY, "QryTradingAccount": body})
            self.refused(answer, errors.BAD_REQUEST, "BrokerID")
        self.assertEqual(self.usage.in_flight, 0)
        self.assertEqual(self.queries(peer, 1), [])

    def test_an_answer_makes_room(self) -> None:
        self.limit(in_flight=1)
        peer = self.trader()
        for _ in range(3):
            answer = self.ask(peer, {"MsgType": "ReqQryInvestor", "RequestID": 5})
            self.assertEqual(error_of(answer), 0, answer)
            self.reactor.advance(1)

    def test_orders_and_cancellations_pass(self) -> None:
        self.limit(in_flight=1)
        peer = self.trader()
        self.assertEqual(len(self.queries(peer, 2)), 1)
        self.assertEqual(self.order(peer), [])
        peer.send({"MsgType": "ReqOrderAction", "InputOrderAction": {"InstrumentID": "rb2701"}})
        self.settle()
        self.assertEqual((self.calls("ReqOrderInsert"), self.calls("ReqOrderAction")), (1, 1))

    def test_every_client_has_a_limit(self) -> None:
        peer = self.trader()
        answers = self.queries(peer, 1002)
        self.assertEqual([one["RequestID"] for one in answers], [1100, 1101])
        self.refused(answers[0], errors.TOO_MANY, "1000 queries", "MaxQueriesPerClient")
        self.assertEqual((answers[0]["Limit"], answers[0]["RetryAfter"]), (1000, 1.0))


class Messages(GrantCase):
    """Messages that are too long or too nested for their token."""

    def test_a_long_one_is_refused_and_the_connection_stays(self) -> None:
        self.limit(message_bytes=4096)
        peer = self.trader()
        text = {"MsgType": QUERY, "QryTradingAccount": {"BrokerID": "x" * 5000}, "RequestID": 7}
        answer = self.ask(peer, text)
        self.refused(answer, errors.BAD_REQUEST, "bytes; 4096 is the limit message_bytes", "bot")
        self.assertEqual(answer["RequestID"], 7)
        self.assertEqual(self.order(peer), [])

    def test_a_nested_one_is_refused_and_the_connection_stays(self) -> None:
        self.limit(nesting=4)
        peer = self.trader()
        self.refused(self.ask(peer, DEEP), errors.BAD_REQUEST, "deeper than 4, the limit nesting")
        self.assertEqual(self.order(peer, InstrumentID='rb{{{{[[[["'), [])

    def test_at_its_limit_it_is_judged_by_what_it_says(self) -> None:
        self.limit(nesting=5, message_bytes=4096)
        peer = self.trader()
        self.refused(self.ask(peer, DEEP), errors.BAD_REQUEST, "BrokerID")

    def test_of_a_bound_for_all_and_the_token_s_the_stricter_holds(self) -> None:
        for own, most, said in (
            (0, 4, "deeper than 4 (MaxNesting)"),
            (9, 4, "deeper than 4 (MaxNesting)"),
            (4, 9, "deeper than 4, the limit nesting"),
        ):
            limits = PrincipalLimits(nesting=own)
            bounds = MessageBounds.of(Principal("bot", frozenset(Scope), limits=limits), most)
            assert bounds is not None
            with self.assertRaises(Refusal) as caught:
                bounds.check(json.dumps(DEEP).encode())
            self.assertIn(said, caught.exception.detail)
        self.assertIsNone(MessageBounds.of(ANYBODY))

    def test_watchers_are_bound_as_well(self) -> None:
        self.limit(message_bytes=4096)
        names = [f"rb{number}" for number in range(1000)]
        answer = self.ask(self.watcher(), {"MsgType": "SubscribeMarketData", "InstrumentID": names})
        self.refused(answer, errors.BAD_REQUEST, "message_bytes")


class Limits(SynchronousTestCase):
    """What may be set."""

    def test_a_cancellation_always_fits(self) -> None:
        for name, value in (("message_bytes", 4095), ("nesting", 3), ("held_bytes", 65_535)):
            with self.assertRaisesRegex(ValueError, f"the limit {name} is {value}; it is"):
                PrincipalLimits(**{name: value})
        longest = {
            "MsgType": "ReqOrderAction",
            "InputOrderAction": {f"Field{number:010}": "x" * 80 for number in range(25)},
            "RequestID": 2**31 - 1,
        }
        self.assertLess(len(json.dumps(longest)), 4096)
