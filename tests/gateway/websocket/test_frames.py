"""webctp.gateway.websocket.frames: what it reads it reads right, and the rest it leaves alone."""

import struct

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.support import GatewayCase
from webctp.gateway.websocket.frames import text_frame
from webctp.testing import client_frame

MOST = 70_000
LENGTHS = (0, 1, 3, 4, 5, 125, 126, 127, 65_535)


def masked(payload: bytes, mask: bytes) -> bytes:
    """A final text frame with a mask of our choice."""
    length = len(payload)
    size = bytes((0x80 | length,)) if length < 126 else struct.pack("!BH", 0x80 | 126, length)
    plain = zip(payload, mask * (length // 4 + 1), strict=False)
    return b"\x81" + size + mask + bytes(one ^ other for one, other in plain)


class TextFrames(SynchronousTestCase):
    """The function alone."""

    def test_every_way_to_write_a_short_length(self) -> None:
        for length in LENGTHS:
            payload = b"x" * length
            frame = client_frame(payload)
            self.assertEqual(text_frame(frame, 0, MOST), (payload, len(frame)), length)

    def test_longer_ones_are_autobahns(self) -> None:
        self.assertIsNone(text_frame(client_frame(b"x" * 65_536), 0, MOST))

    @given(st.text(max_size=300), st.binary(min_size=4, max_size=4), st.binary(max_size=20))
    def test_any_text_under_any_mask_wherever_it_begins(
        self, text: str, mask: bytes, before: bytes
    ) -> None:
        frame = masked(text.encode(), mask)
        data = before + frame + b"what follows"
        expected = (text.encode(), len(before) + len(frame))
        self.assertEqual(text_frame(data, len(before), MOST), expected)

    @given(st.binary(max_size=300))
    def test_text_that_is_no_utf8_is_left_alone(self, payload: bytes) -> None:
        try:
            payload.decode()
        except UnicodeDecodeError:
            self.assertIsNone(text_frame(client_frame(payload), 0, MOST))
        else:
            self.assertIsNotNone(text_frame(client_frame(payload), 0, MOST))

    @given(st.sampled_from(LENGTHS), st.data())
    def test_what_is_not_all_there_is_left_alone(self, length: int, data: st.DataObject) -> None:
        frame = client_frame(b"x" * length)
        kept = data.draw(st.integers(0, len(frame) - 1))
        self.assertIsNone(text_frame(frame[:kept], 0, MOST))

    def test_any_other_head_is_left_alone(self) -> None:
        for first in range(256):
            for second in range(256):
                found = text_frame(bytes((first, second)) + bytes(300), 0, MOST)
                if (first, second & 0x80) != (0x81, 0x80):
                    self.assertIsNone(found, (first, second))

    def test_a_length_in_more_bytes_than_it_needs(self) -> None:
        self.assertIsNone(text_frame(b"\x81\xfe\0\x02" + bytes(4) + b"{}", 0, MOST))

    def test_too_much(self) -> None:
        frame = client_frame(b"x" * 11)
        self.assertIsNone(text_frame(frame, 0, 10))
        self.assertIsNotNone(text_frame(frame, 0, 11))


class Mixed(GatewayCase):
    """Both readers take turns on one connection, in order."""

    def numbers(self, data: bytes) -> list[int]:
        peer = self.trader()  # a stranger may send no long ones
        peer.feed(data)
        self.settle()  # on a busy machine a read goes on in a later turn
        return [message["RequestID"] for message in peer.received()]

    def message(self, number: int, size: int = 0) -> bytes:
        return b'{"MsgType":"X","RequestID":%d}' % number + b" " * size

    def test_whole_ones_around_a_long_one_and_one_in_pieces(self) -> None:
        pieces = [
            client_frame(self.message(1)),
            client_frame(self.message(2, 70_000)),
            client_frame(self.message(3)),
            client_frame(self.message(4)[:9], fin=False),
            client_frame(b"", 9),  # a ping
            client_frame(self.message(4)[9:], 0),
            client_frame(self.message(5)),
        ]
        self.assertEqual(self.numbers(b"".join(pieces)), [1, 2, 3, 4, 5])

    @given(st.lists(st.integers(1, 400), max_size=6))
    def test_however_the_network_cuts_them(self, cuts: list[int]) -> None:
        data = b"".join(client_frame(self.message(number)) for number in range(8))
        peer = self.connect()
        at = 0
        for cut in cuts:
            peer.feed(data[at : at + cut])
            at += cut
        peer.feed(data[at:])
        self.settle()
        answered = [message["RequestID"] for message in peer.received()]
        self.assertEqual(answered, list(range(8)))
        peer.drop()
        self.reactor.turn()

    def test_nothing_is_taken_behind_a_failure(self) -> None:
        self.assertEqual(
            self.numbers(
                client_frame(self.message(1)) + client_frame(b"\xff") + client_frame(b"{}")
            ),
            [1],
        )
