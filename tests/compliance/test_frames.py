"""RFC 6455 on the gateway's own factory and options, with a dispatcher that echoes.

Every case is fed whole, and again byte by byte where it is short: what a server makes of frames
may not depend on how the network cuts them. The numbers are those of the Autobahn test suite.
"""

import struct
from collections.abc import Sequence

from twisted.trial.unittest import SynchronousTestCase

from tests.compliance.echo import echo_factory
from webctp.gateway.websocket.fanout import MEBIBYTE
from webctp.testing import Frame, ThreadlessReactor, WebSocketPeer, client_frame

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NORMAL, PROTOCOL_ERROR, BAD_TEXT = 1000, 1002, 1007
SHORT = 300


def text(payload: str | bytes, *, fin: bool = True) -> bytes:
    """A text frame of the client's."""
    raw = payload.encode() if isinstance(payload, str) else payload
    return client_frame(raw, TEXT, fin=fin)


def more(payload: bytes, *, fin: bool = True) -> bytes:
    """A continuation frame."""
    return client_frame(payload, CONTINUATION, fin=fin)


def closing(code: int | None = NORMAL, reason: bytes = b"") -> bytes:
    """A close frame."""
    return client_frame(b"" if code is None else struct.pack("!H", code) + reason, CLOSE)


class FrameCase(SynchronousTestCase):
    """An echo server for each attempt."""

    def setUp(self) -> None:
        self.reactor = ThreadlessReactor()
        self.factory = echo_factory(self.reactor)

    def exchange(self, pieces: Sequence[bytes]) -> tuple[WebSocketPeer, list[Frame]]:
        """Feed pieces; gives what came back."""
        peer = WebSocketPeer(self.factory)
        for piece in pieces:
            if not peer.transport.disconnecting:
                peer.feed(piece)
                self.reactor.turn()  # one client's messages may take several
        return peer, peer.frames()

    def cuts(self, data: bytes) -> list[list[bytes]]:
        """The ways in which data is fed."""
        ways = [[data]]
        if len(data) <= SHORT:
            ways.append([data[at : at + 1] for at in range(len(data))])
        return ways

    def assertAnswered(
        self,
        data: bytes,
        expected: Sequence[tuple[int, bytes]],
        ways: Sequence[Sequence[bytes]] | None = None,
    ) -> None:
        """Everything is answered however it is cut, and the connection stays up."""
        for pieces in ways or self.cuts(data):
            peer, frames = self.exchange(pieces)
            self.assertEqual([(one.opcode, one.payload) for one in frames], list(expected))
            self.assertTrue(all(one.fin for one in frames))
            self.assertFalse(peer.transport.disconnecting)

    def assertClosed(
        self, data: bytes, code: int | None, before: Sequence[tuple[int, bytes]] = ()
    ) -> None:
        """The server answers ``before``, closes with ``code``, and ends the connection."""
        for pieces in self.cuts(data):
            peer, frames = self.exchange(pieces)
            self.assertEqual([(one.opcode, one.payload) for one in frames[:-1]], list(before))
            last = frames[-1]
            self.assertEqual(last.opcode, CLOSE)
            found = struct.unpack("!H", last.payload[:2])[0] if last.payload else None
            self.assertEqual(found, code)
            self.reactor.advance(2)
            self.assertTrue(peer.transport.disconnecting)


class Lengths(FrameCase):
    """1: every way to write a length, in text and binary frames."""

    LENGTHS = (0, 1, 125, 126, 127, 128, 65_535, 65_536, 1_000_000)

    def test_text(self) -> None:
        for length in self.LENGTHS:
            self.assertAnswered(text(b"*" * length), [(TEXT, b"*" * length)])

    def test_binary(self) -> None:
        for length in self.LENGTHS:
            payload = b"\xfe" * length
            self.assertAnswered(client_frame(payload, BINARY), [(BINARY, payload)])

    def test_cut_as_networks_do(self) -> None:
        data = text(b"*" * 65_536)
        ways = [
            [data[at : at + size] for at in range(0, len(data), size)]
            for size in (997, 1_300, 4_096, 65_535)
        ]
        self.assertAnswered(data, [(TEXT, b"*" * 65_536)], ways)

    def test_a_length_beyond_63_bits(self) -> None:
        self.assertClosed(b"\x81\xff" + b"\xff" * 8 + b"\0" * 4, PROTOCOL_ERROR)


class PingsAndPongs(FrameCase):
    """2: answered with their own payload; unasked pongs are passed over."""

    def test_pings(self) -> None:
        for payload in (b"", b"hello", bytes(range(125)), b"\0\xff\xfe"):
            self.assertAnswered(client_frame(payload, PING), [(PONG, payload)])

    def test_ten_in_a_row(self) -> None:
        payloads = [b"%d" % number for number in range(10)]
        data = b"".join(client_frame(payload, PING) for payload in payloads)
        self.assertAnswered(data, [(PONG, payload) for payload in payloads])

    def test_a_long_ping(self) -> None:
        self.assertClosed(client_frame(b"x" * 126, PING), PROTOCOL_ERROR)

    def test_unasked_pongs(self) -> None:
        data = client_frame(b"", PONG) + client_frame(b"hello", PONG) + client_frame(b"", PING)
        self.assertAnswered(data, [(PONG, b"")])


class Reserved(FrameCase):
    """3, 4: reserved bits and opcodes end the connection."""

    def test_reserved_bits(self) -> None:
        for bits in range(1, 8):
            for opcode in (TEXT, BINARY, PING, CLOSE):
                good = client_frame(b"", opcode)
                bad = bytes((good[0] | bits << 4,)) + good[1:]
                self.assertClosed(text("a") + bad, PROTOCOL_ERROR, [(TEXT, b"a")])

    def test_reserved_opcodes(self) -> None:
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
            bad = client_frame(b"", opcode)
            self.assertClosed(text("a") + bad, PROTOCOL_ERROR, [(TEXT, b"a")])

    def test_frames_without_a_mask(self) -> None:
        for bad in (b"\x81\x01a", b"\x82\x01a", b"\x89\x00", b"\x88\x00"):
            self.assertClosed(bad, PROTOCOL_ERROR)


class Pieces(FrameCase):
    """5: messages in pieces, control frames between them."""

    def test_two_pieces(self) -> None:
        self.assertAnswered(text("ab", fin=False) + more(b"cd"), [(TEXT, b"abcd")])

    def test_a_ping_between(self) -> None:
        data = text("ab", fin=False) + client_frame(b"p", PING) + more(b"cd")
        self.assertAnswered(data, [(PONG, b"p"), (TEXT, b"abcd")])

    def test_pings_between_many(self) -> None:
        data = text("0", fin=False)
        for number in range(1, 5):
            data += client_frame(b"%d" % number, PING) + more(b"%d" % number, fin=False)
        pongs = [(PONG, b"%d" % number) for number in range(1, 5)]
        self.assertAnswered(data + more(b""), [*pongs, (TEXT, b"01234")])

    def test_empty_pieces(self) -> None:
        data = text("", fin=False) + more(b"", fin=False) + more(b"")
        self.assertAnswered(data, [(TEXT, b"")])

    def test_control_frames_in_pieces(self) -> None:
        for opcode in (PING, PONG, CLOSE):
            data = client_frame(b"", opcode, fin=False) + more(b"")
            self.assertClosed(data, PROTOCOL_ERROR)

    def test_a_continuation_of_nothing(self) -> None:
        for fin in (True, False):
            self.assertClosed(more(b"x", fin=fin), PROTOCOL_ERROR)
            data = text("ab", fin=False) + more(b"cd") + more(b"x", fin=fin)
            self.assertClosed(data, PROTOCOL_ERROR, [(TEXT, b"abcd")])

    def test_a_message_within_a_message(self) -> None:
        self.assertClosed(text("ab", fin=False) + text("cd"), PROTOCOL_ERROR)


class Utf8(FrameCase):
    """6: text is UTF-8, whole or in pieces."""

    VALID = (
        "",
        "Hello-µ@ßöäüàá-UTF-8!!",
        "κόσμε",
        "中文，期货",
        "\0",
        "\x7f\x80\u07ff\u0800\ud7ff\ue000\ufffd\uffff",
        "\U00010000\U0010ffff",
    )
    INVALID = (
        b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited",
        b"\x80",
        b"\xbf\x80",
        b"\xc0\x80",
        b"\xc1\xbf",
        b"\xc2",
        b"\xe0\x80\x80",
        b"\xe4\xb8",
        b"\xed\xa0\x80\xed\xb0\x80",
        b"\xf0\x80\x80\x80",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xfe",
        b"\xff",
    )

    def test_valid(self) -> None:
        for valid in self.VALID:
            self.assertAnswered(text(valid), [(TEXT, valid.encode())])

    def test_valid_in_pieces_that_split_characters(self) -> None:
        for valid in self.VALID:
            raw = valid.encode()
            data = text(b"", fin=False)
            data += b"".join(more(raw[at : at + 1], fin=False) for at in range(len(raw)))
            self.assertAnswered(data + more(b""), [(TEXT, raw)])

    def test_invalid(self) -> None:
        for invalid in self.INVALID:
            self.assertClosed(text(invalid), BAD_TEXT)

    def test_invalid_in_pieces(self) -> None:
        for invalid in self.INVALID:
            data = text(invalid[:1], fin=False) + more(invalid[1:])
            self.assertClosed(data, BAD_TEXT)

    def test_binary_frames_may_hold_anything(self) -> None:
        for invalid in self.INVALID:
            self.assertAnswered(client_frame(invalid, BINARY), [(BINARY, invalid)])


class Closing(FrameCase):
    """7: the closing handshake, its codes and reasons."""

    VALID = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
    INVALID = (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535)

    def test_valid_codes(self) -> None:
        for code in self.VALID:
            self.assertClosed(closing(code), NORMAL)
            self.assertClosed(closing(code, b"x" * 123), NORMAL)

    def test_invalid_codes(self) -> None:
        for code in self.INVALID:
            self.assertClosed(closing(code), PROTOCOL_ERROR)

    def test_no_code(self) -> None:
        self.assertClosed(closing(None), NORMAL)

    def test_half_a_code(self) -> None:
        self.assertClosed(client_frame(b"\x03", CLOSE), PROTOCOL_ERROR)

    def test_a_long_reason(self) -> None:
        self.assertClosed(closing(NORMAL, b"x" * 124), PROTOCOL_ERROR)

    def test_a_reason_that_is_no_text(self) -> None:
        self.assertClosed(closing(NORMAL, b"\xce\xba\xed\xa0\x80"), BAD_TEXT)

    def test_nothing_is_answered_after_a_close(self) -> None:
        for after in (text("x"), client_frame(b"", PING), closing()):
            self.assertClosed(text("a") + closing() + after, NORMAL, [(TEXT, b"a")])

    def test_an_unfinished_message_is_forgotten(self) -> None:
        self.assertClosed(text("a", fin=False) + closing(), NORMAL)

    def test_nothing_is_taken_after_a_failure(self) -> None:
        self.assertClosed(
            client_frame(b"", 3) + text("x") + client_frame(b"", PING), PROTOCOL_ERROR
        )


class Many(FrameCase):
    """9, in small: many messages, and large ones in many pieces."""

    def test_a_thousand_messages(self) -> None:
        payloads = [b"%d" % number for number in range(1_000)]
        data = b"".join(text(payload) for payload in payloads)
        self.assertAnswered(data, [(TEXT, payload) for payload in payloads])

    def test_four_megabytes_in_pieces(self) -> None:
        piece = b"*" * 4_096
        data = text(piece, fin=False) + more(piece, fin=False) * 1_022 + more(piece)
        self.assertAnswered(data, [(TEXT, b"*" * 4 * MEBIBYTE)])
