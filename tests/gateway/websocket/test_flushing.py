"""The turn flushes: what is written in one call of the reactor leaves in one write."""

import json

from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.market.test_service import MarketCase
from webctp.gateway.websocket.flushing import FlushingReactor
from webctp.testing import ThreadlessReactor
from webctp.testing.websocket import client_frame


class Calls(SynchronousTestCase):
    """When the reactor flushes."""

    def setUp(self) -> None:
        self.plain = ThreadlessReactor()
        self.done: list[str] = []
        self.reactor = FlushingReactor(self.plain, lambda: self.done.append("flush"))

    def test_after_a_timed_call(self) -> None:
        self.reactor.callLater(2, self.done.append, "call")
        self.plain.advance(1)
        self.assertEqual(self.done, [])
        self.plain.advance(1)
        self.assertEqual(self.done, ["call", "flush"])

    def test_after_a_call_from_another_thread(self) -> None:
        self.reactor.callFromThread(self.done.append, "call")
        self.plain.turn()
        self.assertEqual(self.done, ["call", "flush"])

    def test_also_when_the_call_fails(self) -> None:
        def fails() -> None:
            raise ZeroDivisionError

        self.reactor.callLater(0, fails)
        self.assertRaises(ZeroDivisionError, self.plain.turn)
        self.assertEqual(self.done, ["flush"])

    def test_a_call_can_be_cancelled_and_is_among_those_to_come(self) -> None:
        call = self.reactor.callLater(1, self.done.append, "call")
        self.assertEqual(self.reactor.getDelayedCalls(), [call])
        call.cancel()
        self.plain.advance(1)
        self.assertEqual((self.done, self.reactor.getDelayedCalls()), ([], []))


class Writes(MarketCase):
    """How many writes a client gets."""

    def test_answers_refusals_and_ticks_of_a_turn_leave_in_one(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401", "au2406")
        before = len(peer.transport.writes)
        for _ in range(3):  # as after a subscription: the answers come between ticks
            self.tick("cu2401")
            refused = {"InstrumentID": "au2406"}
            self.front.push("OnRspSubMarketData", refused, error=16)
            self.tick("au2406")
        self.reactor.turn()
        self.assertEqual(len(peer.transport.writes) - before, 1)
        self.assertEqual(len(peer.received()), 9)

    def test_answers_to_messages_that_come_together_leave_in_one(self) -> None:
        peer = self.watcher()
        before = len(peer.transport.writes)
        asked = (
            json.dumps({"MsgType": "GetTradingDay", "RequestID": number}).encode()
            for number in range(4)
        )
        peer.feed(b"".join(map(client_frame, asked)))
        self.assertEqual(len(peer.transport.writes) - before, 1)
        self.assertEqual([answer["RequestID"] for answer in peer.received()], [0, 1, 2, 3])
