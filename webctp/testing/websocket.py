"""A WebSocket client in memory; see :mod:`webctp.testing`."""

import json
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure


class MemoryTransport(StringTransport):
    """A transport in memory that keeps each write apart and tells its protocol of its end."""

    protocol: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Take bytes, unless the end was asked for."""
        if not self.disconnecting:
            self.writes.append(bytes(data))

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Take bytes."""
        self.write(b"".join(data))

    def unregisterProducer(self) -> None:
        """Forget the producer; none is none, as on a socket."""
        self.producer = None

    def loseConnection(self) -> None:
        """End; at once, since nothing waits to be sent."""
        if not self.disconnecting:
            self.disconnecting = True
            self.protocol.connectionLost(Failure(ConnectionDone()))


@dataclass(frozen=True, slots=True)
class Frame:
    """A WebSocket frame as a server sends it: unmasked."""

    opcode: int
    payload: bytes
    fin: bool = True


_COMPRESSED: Final = 0x40
_DEFLATE_TAIL: Final = b"\x00\x00\xff\xff"
_MASK: Final = b"\x5a\x00\xff\x21"


def client_frame(payload: bytes, opcode: int = 1, *, fin: bool = True) -> bytes:
    """Return a frame as a client sends it: masked."""
    length = len(payload)
    head = bytes((opcode | (0x80 if fin else 0),))
    if length < 126:
        head += bytes((0x80 | length,))
    elif length < 65_536:
        head += struct.pack("!BH", 0x80 | 126, length)
    else:
        head += struct.pack("!BQ", 0x80 | 127, length)
    mask = (_MASK * (length // 4 + 1))[:length]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")
    return head + _MASK + masked.to_bytes(length, "big")


def server_frames(data: bytes) -> tuple[list[Frame], bytes]:
    """Return the whole frames at the head of ``data``, and what is left.

    What is compressed (permessage-deflate, without context) is inflated.
    """
    frames = []
    start = 0
    while len(data) >= start + 2:
        at, length = start + 2, data[start + 1]
        if length >= 126:
            size = 2 if length == 126 else 8
            at += size
            length = int.from_bytes(data[start + 2 : at], "big")
        if len(data) < at + length:
            break
        head, payload = data[start], data[at : at + length]
        if head & _COMPRESSED:
            payload = zlib.decompressobj(-zlib.MAX_WBITS).decompress(payload + _DEFLATE_TAIL)
        frames.append(Frame(head & 0x0F, payload, bool(head & 0x80)))
        start = at + length
    return frames, data[start:]


class WebSocketPeer:
    """A WebSocket client in memory.

    :param factory: what listens: a ``Site``, or a WebSocket server factory.
    :param path: where the socket is asked for.
    :param headers: lines of the request beside the usual ones, such as ``Origin: null``.

    ``status`` is the status of the answer to the handshake (101 for success,
    0 where none has come), ``head`` its lines,
    ``body`` what came after them where it was another.
    """

    def __init__(
        self, factory: IProtocolFactory, path: str = "/", headers: Iterable[str] = ()
    ) -> None:
        self.transport = MemoryTransport()
        self.transport.protocol = factory.buildProtocol(self.transport.getPeer())
        self.transport.protocol.makeConnection(self.transport)
        self._taken = 0
        self._rest = b""
        lines = (
            f"GET {path} HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            *headers,
        )
        self.feed("\r\n".join((*lines, "", "")).encode())
        answer, _, rest = self._new_bytes().partition(b"\r\n\r\n")
        self.head = answer.decode().split("\r\n")
        self.status = int(answer.split(b" ", 2)[1]) if answer else 0
        self.body = b"" if self.status == 101 else rest
        self._rest = rest if self.status == 101 else b""

    def feed(self, data: bytes) -> None:
        """Let bytes arrive at the server."""
        self.transport.protocol.dataReceived(data)

    def send(self, message: object) -> None:
        """Send a message as JSON in a text frame; text and bytes are sent as they are."""
        if isinstance(message, str):
            message = message.encode()
        if not isinstance(message, bytes):
            message = json.dumps(message, ensure_ascii=False).encode()
        self.feed(client_frame(message))

    def frames(self) -> list[Frame]:
        """Return the frames that came since the last time."""
        frames, self._rest = server_frames(self._rest + self._new_bytes())
        return frames

    def received(self) -> list[dict[str, Any]]:
        """Return the messages that came since the last time; other frames are passed over."""
        return [json.loads(frame.payload) for frame in self.frames() if frame.opcode == 1]

    def ask(self, message: object) -> dict[str, Any]:
        """Send a message and give its answer, the one message that has come since."""
        self.received()
        self.send(message)
        (answer,) = self.received()
        return answer

    def drop(self) -> None:
        """Break the connection without a word."""
        self.transport.loseConnection()

    def _new_bytes(self) -> bytes:
        writes = self.transport.writes[self._taken :]
        self._taken += len(writes)
        return b"".join(writes)
