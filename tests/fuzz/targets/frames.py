"""Bytes behind a handshake, cut in any way: our reader of frames against Autobahn's own.

The reader of :mod:`webctp.gateway.websocket.frames` takes the common case out of Autobahn's hands,
and a turn's bound holds messages back. Neither may show: the same bytes, whole to Autobahn alone
and in pieces to the shipped protocol, bring the same echoes and the same end.
"""

import struct
from typing import Final

from tests.compliance.echo import echo_factory
from tests.fuzz.target import Choices, Finding, shown
from webctp.gateway.websocket.protocol import GatewayFactory, GatewayProtocol
from webctp.testing import Frame, ThreadlessReactor, WebSocketPeer

_CLOSE: Final = 8
_TURNS: Final = 3
_LONGEST: Final = 4096


class AutobahnsOwn(GatewayProtocol):
    """The protocol without its own reader."""

    def _read(self, data: bytes) -> None:
        self._read_by_autobahn(data)


class Target:
    """Of the module."""

    words = ("\x81\x80", "\x81\x85", "\x89\x80", "\x88\x82", "\x01\x80", "\x80\x80", "\x81\xfe")

    def __init__(self) -> None:
        self.reactor = ThreadlessReactor()
        self.shipped = echo_factory(self.reactor, message_rate=0)
        self.reference = echo_factory(self.reactor, message_rate=0)
        self.reference.protocol = AutobahnsOwn

    def run(self, data: bytes) -> None:
        """Compare the two."""
        size = data[1] if len(data) > 1 else 0
        how, cuts, rest = data[:1], Choices(data[2 : 2 + size]), data[2 + size :]
        stream = frames_of(rest) if how and how[0] % 2 else rest
        wanted = self.outcome(self.reference, [stream])
        found = self.outcome(self.shipped, cuts.pieces(stream))
        if wanted != found:
            raise Finding(f"{shown(stream)}: Autobahn {shown(wanted)}, shipped {shown(found)}")

    def outcome(
        self, factory: GatewayFactory, pieces: list[bytes]
    ) -> tuple[list[Frame], int | None, bool]:
        """Return what comes back, the code it is closed with, and whether that is its end."""
        peer = WebSocketPeer(factory)
        for piece in pieces:
            if peer.transport.disconnecting:
                break
            peer.feed(piece)
            for _ in range(_TURNS):
                self.reactor.turn()
        for _ in range(len(pieces) + _TURNS):
            self.reactor.turn()
        frames = peer.frames()
        code = None
        if frames and frames[-1].opcode == _CLOSE:
            payload = frames.pop().payload
            code = struct.unpack("!H", payload[:2])[0] if payload else 0
        if code is not None:
            self.reactor.advance(2)
        ended = peer.transport.disconnecting
        peer.drop()
        self.reactor.turn()
        if factory.open:
            raise Finding("a connection that is gone is kept")
        return frames, code, ended

    def close(self) -> None:
        """Nothing is held."""


def frames_of(data: bytes) -> bytes:
    """Make frames of a client's of bytes: a head, a length, a payload, again and again."""
    choices = Choices(data)
    frames = bytearray()
    while not choices.is_empty and len(frames) < _LONGEST:
        head, kind, length = choices.take(3).ljust(3, b"\0")
        masked = 0 if kind & 7 == 7 else 0x80
        if kind & 8:
            length = length * 16 + 126  # beyond the short form
        payload = choices.take(length) if kind & 16 else bytes((kind,)) * length
        frames.append(head)
        if kind & 0x60 == 0x60:  # a length in a longer form than it needs
            frames += bytes((masked | 127,)) + len(payload).to_bytes(8)
        elif len(payload) > 125 or kind & 0x60 == 0x40:
            frames += bytes((masked | 126,)) + len(payload).to_bytes(2)
        else:
            frames.append(masked | len(payload))
        if masked:
            frames += b"\0\0\0\0"
        frames += payload
    return bytes(frames)
