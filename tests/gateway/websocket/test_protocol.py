"""WebSocket connections: limits, broken text, pings, closing."""

import struct
from typing import Any

from twisted.logger import LogLevel, globalLogPublisher

from tests.gateway.support import GatewayCase, code
from webctp.config.serving import Limits, WebSocketOptions
from webctp.gateway.websocket.fanout import MEBIBYTE
from webctp.gateway.websocket.memory import STRANGER_BYTES
from webctp.testing import Frame, WebSocketPeer, client_frame

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def close_code(frames: list[Frame]) -> int:
    """The code of the close frame, which must come last."""
    closing = [frame for frame in frames if frame.opcode == CLOSE]
    if len(closing) != 1 or frames[-1] is not closing[0]:
        raise AssertionError(f"no close frame at the end of {frames}")
    return int(struct.unpack("!H", closing[0].payload[:2])[0])


class Messages(GatewayCase):
    """What arrives in which frames."""

    def test_a_message_in_pieces(self) -> None:
        peer = self.connect()
        payload = '{"MsgType":"ReqNichts","RequestID":7,"说明":"张三"}'.encode()
        pieces = [payload[at : at + 5] for at in range(0, len(payload), 5)]
        for number, piece in enumerate(pieces):
            peer.feed(client_frame(piece, 0 if number else TEXT, fin=number == len(pieces) - 1))
        (answer,) = peer.received()
        self.assertEqual((code(answer), answer["RequestID"]), (-404, 7))

    def test_a_byte_at_a_time(self) -> None:
        peer = self.connect()
        for byte in client_frame(b'{"MsgType":"ReqNichts","RequestID":7}'):
            peer.feed(bytes((byte,)))
        (answer,) = peer.received()
        self.assertEqual(answer["RequestID"], 7)

    def test_many_in_one_piece(self) -> None:
        peer = self.connect()
        peer.feed(b"".join(client_frame(b'{"MsgType":"X","RequestID":%d}' % n) for n in range(9)))
        self.assertEqual([answer["RequestID"] for answer in peer.received()], list(range(9)))

    def test_a_binary_frame_is_answered(self) -> None:
        peer = self.connect()
        peer.feed(client_frame(b'{"MsgType":"ReqUserLogin"}', BINARY))
        (answer,) = peer.received()
        self.assertEqual(code(answer), -400)
        self.assertIn("binary", answer["Detail"])

    def test_a_ping_is_answered_with_its_own_words(self) -> None:
        peer = self.connect()
        peer.feed(client_frame(b"are you there", PING))
        self.assertEqual(peer.frames(), [Frame(PONG, b"are you there")])


class Failures(GatewayCase):
    """What ends a connection, and what the client is told."""

    options = WebSocketOptions(
        ping_interval=0, ping_timeout=0, max_message_bytes=MEBIBYTE, login_deadline=0
    )

    def assertClosed(self, peer: WebSocketPeer, expected: int) -> None:
        self.assertEqual(close_code(peer.frames()), expected)
        self.reactor.advance(2)
        self.assertTrue(peer.transport.disconnecting)

    def long(self, size: int) -> bytes:
        """A message that is answered with -404."""
        head = b'{"MsgType":"'
        return head + b"x" * (size - len(head) - 2) + b'"}'

    def test_the_longest_message_is_taken(self) -> None:
        for peer in (self.trader(), self.watcher()):
            peer.received()
            peer.send(self.long(MEBIBYTE))
            self.assertEqual(code(peer.received()[0]), -404)

    def test_one_byte_more_is_too_much(self) -> None:
        peer = self.trader()
        peer.send(b" " * (MEBIBYTE + 1))
        self.assertClosed(peer, 1009)

    def test_a_stranger_may_send_less(self) -> None:
        peer = self.connect()
        peer.send(self.long(STRANGER_BYTES))
        self.assertEqual(code(peer.received()[0]), -404)
        peer.send(b" " * (STRANGER_BYTES + 1))
        self.assertClosed(peer, 1009)

    def test_a_stranger_may_send_less_in_pieces(self) -> None:
        peer = self.connect()
        for _ in range(16):
            peer.feed(client_frame(b" " * 4096, 0 if _ else TEXT, fin=False))
        peer.feed(client_frame(b" ", 0))
        self.assertClosed(peer, 1009)

    def test_pieces_of_a_long_message_are_taken_from_who_has_logged_in(self) -> None:
        peer = self.trader()
        peer.received()
        message = self.long(3 * STRANGER_BYTES)
        third = len(message) // 3
        peer.feed(client_frame(message[:third], TEXT, fin=False))
        peer.feed(client_frame(message[third : 2 * third], 0, fin=False))
        peer.feed(client_frame(message[2 * third :], 0))
        self.assertEqual(code(peer.received()[0]), -404)

    def test_too_much_in_pieces(self) -> None:
        peer = self.trader()
        peer.feed(client_frame(b" " * MEBIBYTE, TEXT, fin=False))
        peer.feed(client_frame(b" ", 0))
        self.assertClosed(peer, 1009)

    def test_bad_text(self) -> None:
        for bad in (b'{"MsgType": "\xff"}', b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"):
            with self.subTest(bad=bad):
                peer = self.connect()
                peer.send(bad)
                self.assertClosed(peer, 1007)

    def test_broken_frames(self) -> None:
        broken = {
            "unmasked": b"\x81\x02{}",
            "reserved bit": b"\xc1\x80\0\0\0\0",
            "unknown opcode": client_frame(b"", 3),
            "long ping": client_frame(b"x" * 126, PING),
            "ping in pieces": client_frame(b"x", PING, fin=False),
            "continuation of nothing": client_frame(b"x", 0),
        }
        for name, data in broken.items():
            with self.subTest(name=name):
                peer = self.connect()
                peer.feed(data)
                self.assertClosed(peer, 1002)

    def test_nothing_is_taken_after_a_failure(self) -> None:
        peer = self.connect()
        peer.send(b"\xff")
        peer.frames()
        peer.send({"MsgType": "X"})
        self.assertEqual(peer.frames(), [])


class Closing(GatewayCase):
    """The end of a connection, from either side."""

    def test_a_clients_close_is_answered_and_the_connection_dropped(self) -> None:
        peer = self.connect()
        peer.feed(client_frame(struct.pack("!H", 1000), CLOSE))
        self.assertEqual(close_code(peer.frames()), 1000)
        self.assertTrue(peer.transport.disconnecting)

    def test_the_session_ends_with_the_client(self) -> None:
        peer = self.trader()
        peer.drop()
        self.settle()
        self.assertTrue(self.front.api.released)

    def test_the_daemon_closes_with_1001(self) -> None:
        peers = [self.connect(), self.connect()]
        closed = self.factories["td"].close_all()
        for peer in peers:
            self.assertEqual(close_code(peer.frames()), 1001)
        self.assertNoResult(closed)
        for peer in peers:
            peer.feed(client_frame(struct.pack("!H", 1001), CLOSE))
        self.successResultOf(closed)

    def test_a_client_that_does_not_answer_is_dropped(self) -> None:
        peer = self.connect()
        closed = self.factories["td"].close_all()
        self.reactor.advance(2)
        self.successResultOf(closed)
        self.assertTrue(peer.transport.disconnecting)

    def test_no_message_follows_a_close_frame(self) -> None:
        peer = self.watcher()
        self.ask_for_ticks(peer)
        self.factories["md"].close_all()
        self.front.push("OnRtnDepthMarketData", {"InstrumentID": "cu2401"})
        self.settle()
        self.assertEqual(close_code(peer.frames()), 1001)

    def test_what_was_said_before_goes_out_before(self) -> None:
        peer = self.connect()
        peer.feed(client_frame(b'{"MsgType":"X"}') + client_frame(struct.pack("!H", 1000), CLOSE))
        frames = peer.frames()
        self.assertEqual([frame.opcode for frame in frames], [TEXT, CLOSE])

    def ask_for_ticks(self, peer: WebSocketPeer) -> None:
        peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": ["cu2401"]})
        self.settle()
        peer.received()


class TooSlow(GatewayCase):
    """A client that does not read is told why it is closed, and then dropped."""

    limits = Limits(slow_client_bytes=1000, slow_client_seconds=30)

    def behind(self) -> WebSocketPeer:
        peer = self.trader()
        peer.frames()
        producer = peer.transport.producer
        assert producer is not None
        producer.pauseProducing()
        return peer

    def assertGivenUp(self, peer: WebSocketPeer) -> None:
        self.assertEqual(close_code(peer.frames()), 1013)
        self.reactor.advance(10)
        self.assertTrue(peer.transport.disconnecting)
        self.settle()
        self.assertTrue(self.front.api.released)

    def test_too_much_waits_for_it(self) -> None:
        peer = self.behind()
        for number in range(9):
            self.front.push("OnRtnTrade", {"TradeID": str(number)})
        self.settle()
        self.assertGivenUp(peer)

    def test_it_takes_nothing_for_too_long(self) -> None:
        self.options = WebSocketOptions(0, 0, MEBIBYTE, login_deadline=0)
        peer = self.behind()
        for _ in range(30):
            self.reactor.advance(1)
            if peer.transport.writes[-1][:1] == b"\x89":
                peer.feed(client_frame(peer.transport.writes[-1][2:], PONG))
        self.assertEqual(close_code([f for f in peer.frames() if f.opcode != PING]), 1013)


class Incomplete(GatewayCase):
    """Messages that never come to their end."""

    limits = Limits(client_memory=3 * MEBIBYTE)

    def begin(self, peer: WebSocketPeer, size: int) -> None:
        peer.feed(client_frame(b" " * (size // 2), TEXT, fin=False))
        peer.feed(client_frame(b" " * (size // 2), 0, fin=False))

    def test_what_all_hold_is_counted_and_the_greediest_goes(self) -> None:
        modest, greedy, last = self.watcher(), self.watcher(), self.watcher()
        for peer in (modest, greedy, last):
            peer.frames()
        self.begin(modest, MEBIBYTE // 2)
        self.begin(greedy, 2 * MEBIBYTE)
        self.assertGreater(self.fanout.memory.held, 2 * MEBIBYTE)
        self.begin(last, MEBIBYTE)
        self.assertEqual(close_code(greedy.frames()), 1013)
        self.assertEqual((modest.frames(), last.frames()), ([], []))
        self.assertLess(self.fanout.memory.held, 2 * MEBIBYTE)

    def test_what_has_come_whole_is_not_counted(self) -> None:
        peer = self.watcher()
        self.begin(peer, MEBIBYTE)
        peer.feed(client_frame(b"{}", 0))
        self.assertEqual(self.fanout.memory.held, 0)

    def test_who_goes_holds_nothing(self) -> None:
        peer = self.watcher()
        self.begin(peer, MEBIBYTE)
        peer.drop()
        self.assertEqual(self.fanout.memory.held, 0)


class Pings(GatewayCase):
    """A peer that is gone without a word is found out."""

    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.reactor.advance(1)

    def test_a_dead_peer_is_dropped(self) -> None:
        peer = self.trader()
        peer.frames()
        self.wait(20)
        self.assertEqual([frame.opcode for frame in peer.frames()], [PING])
        self.assertFalse(peer.transport.disconnecting)
        self.wait(10)
        self.assertTrue(peer.transport.disconnecting)
        self.settle()
        self.assertTrue(self.front.api.released)

    def test_one_that_is_slow_to_read_may_answer_late(self) -> None:
        peer = self.trader()
        producer = peer.transport.producer
        assert producer is not None
        producer.pauseProducing()
        self.wait(25)
        producer.resumeProducing()
        producer.pauseProducing()
        self.wait(20)
        self.assertFalse(peer.transport.disconnecting)

    def test_one_that_answers_stays(self) -> None:
        peer = self.connect()
        for _ in range(5):
            self.wait(20)
            (ping,) = peer.frames()
            peer.feed(client_frame(ping.payload, PONG))
        self.assertFalse(peer.transport.disconnecting)

    def test_one_that_speaks_instead_stays(self) -> None:
        peer = self.connect()
        for _ in range(30):
            self.wait(5)
            peer.send({"MsgType": "X"})
        self.assertFalse(peer.transport.disconnecting)

    def test_none_are_sent_when_switched_off(self) -> None:
        self.options = WebSocketOptions(0, 0, MEBIBYTE, login_deadline=0)
        factory = self.factory(self.td.client)
        peer = WebSocketPeer(factory)
        self.wait(120)
        self.assertEqual(peer.frames(), [])


class Log(GatewayCase):
    """What the log is told of clients that are closed."""

    options = WebSocketOptions(
        ping_interval=0, ping_timeout=0, max_message_bytes=1024, login_deadline=0
    )

    def setUp(self) -> None:
        super().setUp()
        self.lines: list[str] = []
        observer: Any = self._line
        globalLogPublisher.addObserver(observer)
        self.addCleanup(globalLogPublisher.removeObserver, observer)

    def _line(self, event: dict[str, Any]) -> None:
        ours = event["log_namespace"].startswith("webctp.")
        if ours and event["log_level"] >= LogLevel.info and "closing" in event["log_format"]:
            self.lines.append(event["log_format"].format(**event))

    def breach(self, peer: WebSocketPeer) -> None:
        """Let a client send what it may not."""
        peer.send(b" " * 2000)
        self.assertEqual(close_code(peer.frames()), 1009)

    def test_a_strangers_faults_fill_no_disk(self) -> None:
        for _ in range(10):
            for path in ("/td/", "/md/"):
                self.breach(self.connect(path))
            self.settle()
        self.assertEqual(self.lines, [])

    def test_of_a_client_that_is_known_there_is_one_line(self) -> None:
        for peer in (self.trader(), self.watcher()):
            self.breach(peer)
            (line,) = self.lines
            self.assertRegex(
                line, r"\Aclosing tcp4:192\.168\.1\.1:54321: .*2000.*1024.* \(1009\)\Z"
            )
            self.lines.clear()
