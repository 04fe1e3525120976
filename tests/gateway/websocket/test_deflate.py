"""permessage-deflate: what is agreed on, what leaves compressed, and what may come in."""

import random
import zlib
from collections.abc import Iterable
from typing import Any, Final
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.support import GatewayCase, Message, code
from webctp.config.serving import WebSocketOptions
from webctp.gateway.messages.encoder import frame
from webctp.gateway.websocket.audience import Change
from webctp.gateway.websocket.deflate import (
    MOST_BYTES,
    BadData,
    Compression,
    Deflater,
    inflate,
)
from webctp.gateway.websocket.memory import STRANGER_BYTES
from webctp.testing import WebSocketPeer, client_frame

OFFER: Final = "permessage-deflate"
TAKEN: Final = f"{OFFER}; server_no_context_takeover; client_no_context_takeover"
HEADER: Final = "Sec-WebSocket-Extensions: "
RSV1: Final = 0x40


def packed(data: bytes, *, bits: int = 15, end: int = zlib.Z_SYNC_FLUSH) -> bytes:
    """Data as a client compresses it, without the tail that RFC 7692 leaves out."""
    stream = zlib.compressobj(wbits=-bits)
    made = stream.compress(data) + stream.flush(end)
    return made[:-4] if end == zlib.Z_SYNC_FLUSH else made + b"\0"


def unpacked(data: bytes, *, bits: int = 15) -> bytes:
    """What a client makes of a message that it is sent."""
    return zlib.decompressobj(-bits).decompress(data + b"\0\0\xff\xff")


def payload(framed: bytes, *, bits: int = 15) -> bytes:
    """The message in a server's frame, compressed or not."""
    at = {126: 4, 127: 10}.get(framed[1], 2)
    return unpacked(framed[at:], bits=bits) if framed[0] & RSV1 else framed[at:]


class Agreeing(SynchronousTestCase):
    """Which offers are taken, and how."""

    def agreed(self, *offers: tuple[str, dict[str, list[Any]]], least: int | None = 64) -> str:
        """The answer to offers, empty for none."""
        found = Compression(least).agree(offers)
        return "" if found is None else found[0]

    def test_context_takeover_is_never_left_open(self) -> None:
        for parameters in (
            {},
            {"client_max_window_bits": [True]},
            {"client_max_window_bits": ["12"]},
            {"server_no_context_takeover": [True], "client_no_context_takeover": [True]},
        ):
            self.assertEqual(self.agreed((OFFER, parameters)), TAKEN, parameters)

    def test_a_smaller_window_is_kept_to_and_said(self) -> None:
        for asked, told in (("9", 9), ("11", 11), ("12", 12), ("15", 12)):
            answer = self.agreed((OFFER, {"server_max_window_bits": [asked]}))
            self.assertEqual(answer, f"{TAKEN}; server_max_window_bits={told}")

    def test_what_is_no_legal_offer_is_declined(self) -> None:
        wrong: Iterable[dict[str, list[Any]]] = (
            {"server_max_window_bits": [True]},
            {"server_max_window_bits": ["8"]},  # legal, but zlib makes none
            {"server_max_window_bits": ["7"]},
            {"server_max_window_bits": ["16"]},
            {"server_max_window_bits": ["09"]},
            {"server_max_window_bits": ["x"]},
            {"server_max_window_bits": [""]},
            {"server_max_window_bits": ["10", "10"]},
            {"client_max_window_bits": ["7"]},
            {"client_max_window_bits": ["1٢"]},
            {"client_no_context_takeover": ["yes"]},
            {"server_no_context_takeover": ["0"]},
            {"server_no_context_takeover": [True, True]},
            {"unheard_of": [True]},
        )
        for parameters in wrong:
            self.assertEqual(self.agreed((OFFER, parameters)), "", parameters)

    def test_the_first_that_can_be_taken_is(self) -> None:
        answer = self.agreed(
            ("x-webkit-deflate-frame", {}),
            (OFFER, {"server_max_window_bits": ["8"]}),
            (OFFER, {"server_max_window_bits": ["10"]}),
            (OFFER, {}),
        )
        self.assertEqual(answer, f"{TAKEN}; server_max_window_bits=10")

    def test_none_is_where_it_is_switched_off(self) -> None:
        self.assertEqual(self.agreed((OFFER, {}), least=None), "")


class Deflating(SynchronousTestCase):
    """What leaves."""

    def setUp(self) -> None:
        self.compression = Compression(128)
        self.deflater = Deflater(self.compression, 12)

    @given(st.text(alphabet='abc0123456789,:"行情', max_size=3_000), st.sampled_from((9, 12)))
    def test_what_is_compressed_says_the_same_in_fewer_bytes(self, text: str, bits: int) -> None:
        framed = frame(text.encode())
        smaller = Deflater(Compression(64), bits).frame(framed)
        self.assertEqual(payload(smaller, bits=bits), text.encode())
        self.assertTrue(smaller is framed or len(smaller) < len(framed))

    def test_it_ends_as_a_message_without_context_does(self) -> None:
        first = self.deflater.frame(frame(b"a" * 500))
        again = Deflater(self.compression, 12).frame(frame(b"a" * 500))
        self.assertEqual(first, again)
        self.assertEqual(first[0], 0xC1)

    def test_short_ones_and_long_ones_leave_as_they_are(self) -> None:
        for size, compressed in ((127, False), (128, True), (MOST_BYTES, True)):
            framed = frame(b"a" * size)
            self.assertEqual(self.deflater.frame(framed) is not framed, compressed, size)
        framed = frame(b"a" * (MOST_BYTES + 1))
        self.assertIs(self.deflater.frame(framed), framed)

    def test_other_frames_too_and_what_grows(self) -> None:
        ping = b"\x89\x05hello"
        binary = b"\x82" + frame(b"a" * 500)[1:]
        noise = frame(random.Random(1).randbytes(300))
        for framed in (ping, binary, noise):
            self.assertIs(self.deflater.frame(framed), framed)

    def test_a_change_keeps_its_whole_message_compressed(self) -> None:
        whole = frame(b"whole " * 100)
        change = self.deflater.frame(Change.of(frame(b"change " * 50), lambda: whole))
        assert isinstance(change, Change)
        self.assertEqual(payload(change), b"change " * 50)
        self.assertEqual(payload(change.whole()), b"whole " * 100)
        self.assertLess(len(change.whole()), len(whole))

    def test_one_frame_for_many_is_compressed_once(self) -> None:
        framed = frame(b"a" * 500)
        with patch("zlib.compressobj", wraps=zlib.compressobj) as made:
            frames = {id(self.deflater.frame(framed)) for _ in range(3)}
        self.assertEqual((made.call_count, len(frames)), (1, 1))

    def test_switched_off_it_compresses_no_more(self) -> None:
        framed = frame(b"a" * 500)
        self.compression.least = None
        self.assertIs(self.deflater.frame(framed), framed)


class Inflating(SynchronousTestCase):
    """What comes in."""

    @given(
        st.binary(max_size=2_000),
        st.sampled_from((9, 15)),
        st.sampled_from((zlib.Z_SYNC_FLUSH, zlib.Z_FINISH)),
    )
    def test_what_was_compressed_comes_back(self, data: bytes, bits: int, end: int) -> None:
        self.assertEqual(inflate(packed(data, bits=bits, end=end), len(data)), data)

    def test_streams_that_follow_one_another(self) -> None:
        first = packed(b"first ", end=zlib.Z_FINISH)[:-1]
        self.assertEqual(inflate(first + packed(b"second"), 100), b"first second")
        self.assertEqual(inflate(first, 100), b"first ", "without the empty block behind it")

    @given(st.binary(min_size=1, max_size=600))
    def test_one_byte_beyond_the_bound_is_refused(self, data: bytes) -> None:
        with self.assertRaises(BadData) as raised:
            inflate(packed(data), len(data) - 1)
        self.assertEqual(raised.exception.code, 1009)

    def test_a_bomb_makes_no_more_than_the_bound(self) -> None:
        bomb = packed(bytes(64 * 1024 * 1024))
        self.assertLess(len(bomb), 70_000)
        real = zlib.decompressobj
        asked: list[int] = []

        class Watched:
            def __init__(self, bits: int) -> None:
                self._stream = real(bits)

            def decompress(self, data: bytes, most: int) -> bytes:
                asked.append(most)
                return self._stream.decompress(data, most)

            def __getattr__(self, name: str) -> Any:
                return getattr(self._stream, name)

        with patch("zlib.decompressobj", Watched):
            self.assertRaises(BadData, inflate, bomb, 1_000)
        self.assertEqual(asked, [1_001])

    def test_final_blocks_without_end_are_refused(self) -> None:
        self.assertRaises(BadData, inflate, b"\x03\x00" * 100_000, 100)

    def test_what_is_no_deflate_data(self) -> None:
        for data in (b"", b"\xff" * 20, b"\x06", b"hello", b"\x00\x01\x00\x00\x00"):
            self.assertRaises(BadData, inflate, data, 1_000)

    def test_what_is_cut_off_anywhere(self) -> None:
        whole = b'{"MsgType":"ReqQryInvestor","RequestID":1}' * 3
        data = packed(whole)
        for end in range(len(data)):
            try:
                inflated = inflate(data[:end], 1_000)
            except BadData:
                continue
            self.assertNotEqual(inflated, whole, end)
            self.assertEqual(inflated, whole[: len(inflated)])
            self.fail(f"{end} bytes of {len(data)} are no whole message")


class CompressedCase(GatewayCase):
    """Clients in memory that agree on compression, and those that do not."""

    services = ("md", "td")
    options = WebSocketOptions(
        ping_interval=0,
        ping_timeout=0,
        max_message_bytes=2 * STRANGER_BYTES,
        login_deadline=0,
        compression=128,
    )

    def open(self, offer: str = OFFER, path: str = "/md/") -> WebSocketPeer:
        """An open connection that has made an offer."""
        peer = WebSocketPeer(self.site, path, (HEADER + offer,))
        self.assertEqual(peer.status, 101)
        return peer

    def answer_of(self, peer: WebSocketPeer) -> str:
        """What was agreed on, empty for nothing."""
        lines = [line for line in peer.head if line.startswith(HEADER)]
        return lines[0].removeprefix(HEADER) if lines else ""

    def login_here(self, peer: WebSocketPeer) -> WebSocketPeer:
        peer.send({"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
        self.settle()
        self.received(peer)
        return peer

    def received(self, peer: WebSocketPeer) -> list[Message]:
        """The messages that have come, inflated."""
        self.settle()
        return peer.received()

    def compressed(self, data: bytes, *, opcode: int = 1, fin: bool = True) -> bytes:
        """A client's frame whose first bit of the reserved ones is set."""
        framed = client_frame(data, opcode, fin=fin)
        return bytes((framed[0] | RSV1,)) + framed[1:]

    def closed_with(self, peer: WebSocketPeer) -> int:
        """The code of the close frame that has come; 0 for none."""
        self.settle()
        codes = [int.from_bytes(one.payload[:2], "big") for one in peer.frames() if one.opcode == 8]
        return codes[0] if codes else 0


class Handshakes(CompressedCase):
    """What the answer to a handshake says."""

    def test_an_offer_is_answered(self) -> None:
        self.assertEqual(self.answer_of(self.open(f"{OFFER}; client_max_window_bits")), TAKEN)

    def test_without_one_nothing_is_said(self) -> None:
        self.assertEqual(self.answer_of(self.connect("/md/")), "")

    def test_a_wrong_offer_is_declined_and_the_connection_opens(self) -> None:
        for offer in (f"{OFFER}; server_max_window_bits=99", f"{OFFER}; what", "permessage-bzip2"):
            self.assertEqual(self.answer_of(self.open(offer)), "", offer)

    def test_the_second_of_two_is_taken_where_the_first_is_wrong(self) -> None:
        self.assertEqual(self.answer_of(self.open(f"{OFFER}; what, {OFFER}")), TAKEN)

    def test_switched_off_nothing_is_agreed_on_and_later_connections_find_it_on(self) -> None:
        factory = self.factories["md"]
        factory.compression.least = None
        self.assertEqual(self.answer_of(self.open()), "")
        factory.take_settings(self.options)
        self.assertEqual(self.answer_of(self.open()), TAKEN)


class Sent(CompressedCase):
    """What clients are sent."""

    def tick(self, price: float) -> None:
        self.front.push("OnRtnDepthMarketData", {"InstrumentID": "cu2401", "LastPrice": price})
        self.settle()

    def watch(self, peer: WebSocketPeer, **words: Any) -> WebSocketPeer:
        """Log in and subscribe."""
        self.login_here(peer)
        peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": "cu2401", **words})
        self.received(peer)
        return peer

    def test_ticks_are_compressed_once_for_all_who_agreed_and_for_nobody_else(self) -> None:
        agreed = [self.watch(self.open()) for _ in range(3)]
        plain = self.watch(self.connect("/md/"))
        for peer in (*agreed, plain):
            peer.transport.writes.clear()
        with patch("zlib.compressobj", wraps=zlib.compressobj) as made:
            self.tick(5.0)
        self.assertEqual(made.call_count, 1)
        first, second, third = (b"".join(peer.transport.writes) for peer in agreed)
        whole = b"".join(plain.transport.writes)
        self.assertTrue(first == second == third)
        self.assertEqual((first[0], whole[0]), (0xC1, 0x81))
        self.assertLess(len(first), len(whole) / 2)
        self.assertEqual(payload(first), payload(whole))

    def test_what_is_counted_is_what_was_sent(self) -> None:
        peer, plain = self.watch(self.open()), self.watch(self.connect("/md/"))
        before = self.sent_bytes()
        for one in (peer, plain):
            one.transport.writes.clear()
        self.tick(5.0)
        sent = sum(len(data) for one in (peer, plain) for data in one.transport.writes)
        self.assertEqual(self.sent_bytes() - before, sent)

    def sent_bytes(self) -> float:
        """What the metrics say was sent."""
        (found,) = (
            one.value
            for one in self.fanout.samples()
            if one.name == "webctp_client_sent_bytes_total"
        )
        return found

    def test_changes_are_compressed_too_and_who_falls_behind_gets_whole_ones(self) -> None:
        quick, slow = (self.watch(self.open(), Changes=True) for _ in range(2))
        self.tick(5.0)
        for peer in (quick, slow):
            self.assertEqual(len(self.received(peer)[0]["DepthMarketData"]), len(self.md.fields))
        producer: Any = slow.transport.producer
        producer.pauseProducing()
        self.tick(6.0)
        self.tick(7.0)
        producer.resumeProducing()
        self.assertEqual([one.get("Changes") for one in self.received(quick)], [True, True])
        _, whole = self.received(slow)
        self.assertEqual(len(whole["DepthMarketData"]), len(self.md.fields))
        self.tick(8.0)
        self.assertEqual(self.received(slow), self.received(quick))

    def test_answers_are_compressed(self) -> None:
        peer = self.open()
        peer.transport.writes.clear()
        peer.send({"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
        self.settle()
        (framed,) = peer.transport.writes
        self.assertEqual(framed[0], 0xC1)
        self.assertIn(b"RspUserLogin", payload(framed))

    def test_pongs_are_not(self) -> None:
        peer = self.open()
        peer.feed(client_frame(b"x" * 125, 9))
        (pong,) = peer.frames()
        self.assertEqual((pong.opcode, pong.payload), (10, b"x" * 125))

    def test_who_has_gone_is_counted_no_longer(self) -> None:
        peer = self.open()
        self.assertEqual(self.fanout.deflating, 1)
        peer.drop()
        self.settle()
        self.assertEqual(self.fanout.deflating, 0)


class Received(CompressedCase):
    """What clients send."""

    request = b'{"MsgType": "ReqUserLogin", "ReqUserLogin": {}, "RequestID": 7}'

    def test_a_compressed_request_is_answered(self) -> None:
        peer = self.open()
        peer.feed(self.compressed(packed(self.request)))
        (answer,) = self.received(peer)
        self.assertEqual((answer["MsgType"], answer["RequestID"]), ("RspUserLogin", 7))

    def test_one_that_is_not_compressed_too(self) -> None:
        peer = self.open()
        peer.feed(client_frame(self.request))
        (answer,) = self.received(peer)
        self.assertEqual(answer["RequestID"], 7)

    def test_one_in_fragments_with_a_ping_between(self) -> None:
        peer = self.open()
        data = packed(self.request)
        peer.feed(self.compressed(data[:5], fin=False))
        peer.feed(client_frame(b"", 9))
        peer.feed(client_frame(b"", 0, fin=False))
        peer.feed(client_frame(data[5:], 0))
        pong, answer = peer.frames()
        self.assertEqual(pong.opcode, 10)
        self.assertIn(b"RspUserLogin", answer.payload)

    def test_a_byte_at_a_time(self) -> None:
        peer = self.open()
        for byte in self.compressed(packed(self.request)):
            peer.feed(bytes((byte,)))
        (answer,) = self.received(peer)
        self.assertEqual(answer["RequestID"], 7)

    def test_an_empty_one_is_no_json_and_the_connection_stays(self) -> None:
        peer = self.open()
        peer.feed(self.compressed(packed(b"")))
        (answer,) = self.received(peer)
        self.assertEqual(code(answer), -400)
        self.assertEqual(self.closed_with(peer), 0)

    def test_a_binary_one_is_answered(self) -> None:
        peer = self.open()
        peer.feed(self.compressed(packed(b"\xff\xfe"), opcode=2))
        (answer,) = self.received(peer)
        self.assertIn("binary", answer["Detail"])

    def test_what_is_no_deflate_data_closes(self) -> None:
        for data in (b"", b"\xff" * 40, packed(self.request)[:-3]):
            peer = self.open()
            peer.feed(self.compressed(data))
            self.assertEqual(self.closed_with(peer), 1007, data)

    def test_what_inflates_to_no_utf8_closes(self) -> None:
        peer = self.open()
        peer.feed(self.compressed(packed(b'{"MsgType": "\xc3\x28"}')))
        self.assertEqual(self.closed_with(peer), 1007)

    def test_a_bomb_closes_a_stranger_beyond_what_strangers_may_send(self) -> None:
        peer = self.open()
        peer.feed(self.compressed(packed(b" " * (STRANGER_BYTES + 1))))
        self.assertEqual(self.closed_with(peer), 1009)

    def test_and_a_client_that_is_logged_in_beyond_the_longest_message(self) -> None:
        peer = self.login_here(self.open())
        peer.feed(self.compressed(packed(b" " * (2 * STRANGER_BYTES))))
        (answer,) = self.received(peer)
        self.assertEqual(code(answer), -400)
        peer.feed(self.compressed(packed(b" " * (2 * STRANGER_BYTES + 1))))
        self.assertEqual(self.closed_with(peer), 1009)

    def test_the_bit_of_compression_where_it_may_not_be(self) -> None:
        for name, frames in {
            "a ping": (self.compressed(b"", opcode=9),),
            "a close": (self.compressed(b"", opcode=8),),
            "a continuation": (
                self.compressed(packed(b"{}"), fin=False),
                self.compressed(b"", opcode=0),
            ),
        }.items():
            peer = self.open()
            for one in frames:
                peer.feed(one)
            self.assertEqual(self.closed_with(peer), 1002, name)

    def test_and_where_nothing_was_agreed_on(self) -> None:
        peer = self.connect("/md/")
        peer.feed(self.compressed(packed(b"{}")))
        self.assertEqual(self.closed_with(peer), 1002)

    def test_other_reserved_bits_close_all_the_same(self) -> None:
        for bit in (0x20, 0x10, 0x60):
            peer = self.open()
            framed = client_frame(b"{}")
            peer.feed(bytes((framed[0] | bit,)) + framed[1:])
            self.assertEqual(self.closed_with(peer), 1002)

    def test_the_time_of_inflating_counts_as_messages(self) -> None:
        peer = self.login_here(self.open())
        socket: Any = next(iter(self.factories["md"].open))
        with patch("webctp.gateway.websocket.protocol.thread_time", side_effect=(0.0, 0.5)):
            peer.feed(self.compressed(packed(b"{}")))
        self.assertLess(socket._rate.left, 0)
