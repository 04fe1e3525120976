"""A client's rate of messages, and what becomes of those beyond it."""

import json

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.support import GatewayCase, code
from tests.gateway.websocket.test_protocol import PING, PONG, TEXT, close_code
from webctp.config.serving import WebSocketOptions
from webctp.gateway.access.rate import MessageRate
from webctp.testing import client_frame


def take(rate: MessageRate) -> bool:
    """Send a message; gives whether it is taken."""
    rate.left -= 1
    return rate.left >= 0 or rate.admit()


class Rate(SynchronousTestCase):
    """The bucket."""

    def test_a_second_fills_it(self) -> None:
        clock = Clock()
        rate = MessageRate(clock, 10)
        self.assertEqual([take(rate) for _ in range(11)], [True] * 10 + [False])
        clock.advance(0.5)
        self.assertEqual([take(rate) for _ in range(6)], [True] * 5 + [False])
        clock.advance(60)
        self.assertEqual([take(rate) for _ in range(11)], [True] * 10 + [False])

    def test_another_limit_holds_at_once(self) -> None:
        clock = Clock()
        rate = MessageRate(clock, 0)
        self.assertTrue(all(take(rate) for _ in range(100)))
        rate.change(3)
        self.assertEqual([take(rate) for _ in range(4)], [True, True, True, False])
        rate.change(0)
        self.assertTrue(all(take(rate) for _ in range(100)))

    def test_none_sets_no_bound(self) -> None:
        rate = MessageRate(Clock(), 0)
        self.assertTrue(all(take(rate) for _ in range(100_000)))

    def test_long_work_counts_for_the_messages_in_its_stead(self) -> None:
        clock = Clock()
        rate = MessageRate(clock, 10)
        rate.charge(0.1)  # half a second's share
        self.assertEqual([take(rate) for _ in range(6)], [True] * 5 + [False])
        self.assertIn("what takes long counts as messages", rate.beyond())
        rate.charge(1_000)
        clock.advance(1.1)  # what is owed is bounded by a second
        self.assertTrue(take(rate))
        clock.advance(60)
        self.assertEqual([take(rate) for _ in range(11)], [True] * 10 + [False])
        self.assertEqual(rate.beyond(), "more than 10 messages a second (MessageRate)")

    def test_who_goes_on_is_told_from_who_stops(self) -> None:
        clock = Clock()
        rate = MessageRate(clock, 10)
        self.assertFalse(any(rate.persists() for _ in range(10)))
        self.assertTrue(rate.persists())
        clock.advance(2)
        self.assertFalse(rate.persists())

    @given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 20))
    def test_in_no_span_are_more_taken_than_it_holds_and_earns(
        self, waits: list[float], limit: int
    ) -> None:
        clock = Clock()
        rate = MessageRate(clock, limit)
        taken = 0
        for wait in waits:
            clock.advance(wait)
            taken += take(rate)
        self.assertLessEqual(taken, limit * (1 + clock.seconds()) + 1)


class Beyond(GatewayCase):
    """What a client is told that sends too much."""

    options = WebSocketOptions(0, 0, 2 * 1024 * 1024, message_rate=20, login_deadline=0)

    def flood(self, count: int, message: bytes = b'{"MsgType":"X","RequestID":%d}') -> bytes:
        return b"".join(client_frame(message % number) for number in range(count))

    def test_more_than_the_rate_is_refused_in_order(self) -> None:
        peer = self.connect()
        peer.feed(self.flood(30))
        answers = self.answers(peer)
        self.assertEqual([answer["RequestID"] for answer in answers], list(range(30)))
        self.assertEqual([code(answer) for answer in answers], [-404] * 20 + [-429] * 10)
        self.assertIn("MessageRate", answers[-1]["Detail"])
        self.assertEqual(answers[-1]["MsgType"], "X")
        self.assertEqual((answers[-1]["Limit"], answers[-1]["RetryAfter"]), (20, 0.05))

    def test_who_comes_back_when_told_is_served(self) -> None:
        peer = self.connect()
        peer.feed(self.flood(30))
        seconds = self.answers(peer)[-1]["RetryAfter"]
        self.reactor.advance(seconds)
        self.assertEqual(code(self.ask(peer, {"MsgType": "X"})), -404)

    def test_who_waits_is_served_again(self) -> None:
        peer = self.connect()
        peer.feed(self.flood(30))
        self.answers(peer)
        self.reactor.advance(1)
        self.assertEqual(code(self.ask(peer, {"MsgType": "X"})), -404)

    def test_who_does_not_stop_is_closed(self) -> None:
        peer = self.connect()
        peer.feed(self.flood(60))
        self.settle()
        frames = peer.frames()
        self.assertEqual(close_code(frames), 1008)
        self.assertIn(b"MessageRate", frames[-1].payload)
        self.assertEqual(len([one for one in frames if one.opcode == TEXT]), 40)

    def test_what_is_no_message_is_refused_too(self) -> None:
        peer = self.connect()
        peer.feed(self.flood(20) + client_frame(b"{") + client_frame(b"x", 2))
        self.assertEqual([code(one) for one in self.answers(peer)][-2:], [-429, -429])

    def test_pings_count(self) -> None:
        peer = self.connect()
        peer.feed(client_frame(b"", PING) * 50)
        self.settle()
        frames = peer.frames()
        self.assertEqual(close_code(frames), 1008)
        self.assertEqual(len([one for one in frames if one.opcode == PONG]), 20)

    def test_messages_in_pieces_count(self) -> None:
        peer = self.connect()
        peer.feed((client_frame(b"{", TEXT, fin=False) + client_frame(b"}", 0)) * 21)
        self.assertEqual([code(one) for one in self.answers(peer)], [-400] * 20 + [-429])

    def test_a_cancellation_passes(self) -> None:
        peer = self.trader()
        peer.feed(self.flood(25))
        cancel = {"MsgType": "ReqOrderAction", "RequestID": 9, "InputOrderAction": {}}
        peer.feed(client_frame(json.dumps(cancel).encode()))
        self.settle()
        self.assertEqual(self.front.names[-1], "ReqOrderAction")

    def test_another_clients_are_not_counted(self) -> None:
        self.connect().feed(self.flood(30))
        self.settle()
        self.assertEqual(code(self.ask(self.connect(), {"MsgType": "X"})), -404)
