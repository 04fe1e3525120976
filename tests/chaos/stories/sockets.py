"""A client's WebSocket over a real socket, as plain as can be: it may stop reading, or be cut."""

import json
import socket
import struct
from contextlib import suppress
from random import Random
from typing import Any, Final

from webctp.testing.websocket import Frame, client_frame, server_frames

_HANDSHAKE: Final = (
    b"GET /td/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
_SWITCHING: Final = b"HTTP/1.1 101"
_CHUNK: Final = 1 << 16
_NARROW: Final = 4096
_TEXT: Final = 1
_CLOSE: Final = 8
_PING: Final = 9
_PONG: Final = 10


class Socket:
    """One connection to a daemon. Nothing here blocks.

    :param narrow: whether it has room for little that was sent and is not read.
    :param corked: whether what is sent is held back until :meth:`uncork`.
    """

    def __init__(self, port: int, *, narrow: bool = False, corked: bool = False) -> None:
        self._socket = socket.socket()
        if narrow:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NARROW)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._out = bytearray(_HANDSHAKE)
        self._held = bytearray()
        """What is to be sent once the handshake has been answered, and the cork is off."""
        self._rest = b""
        self._open = False
        self._corked = corked
        self._frames: list[Frame] = []
        self._paused = False
        self.broken = False
        """Whether the connection has ended."""
        self.close_code: int | None = None
        """The code that the daemon closed with."""
        try:
            self._socket.connect(("127.0.0.1", port))
        except BlockingIOError:
            pass
        except OSError:
            self._end()

    @property
    def ready(self) -> bool:
        """Whether the handshake has been answered."""
        return self._open

    def uncork(self) -> None:
        """Send what was held back, and hold nothing back any more."""
        self._corked = False
        if self._open:
            self._release()

    def fileno(self) -> int:
        """The descriptor to wait for, -1 where there is nothing to be read."""
        return -1 if self._paused or self.broken else self._socket.fileno()

    @property
    def producer(self) -> "Socket | None":
        """What can be told not to read, None once the connection has ended."""
        return None if self.broken else self

    def pauseProducing(self) -> None:
        """Stop reading."""
        self._paused = True

    def resumeProducing(self) -> None:
        """Read again."""
        self._paused = False

    def send(self, message: object) -> None:
        """Send a message as JSON in a text frame."""
        self._put(client_frame(_json(message)))

    def ping(self, payload: bytes) -> None:
        """Send a ping: what was sent before it has been handled when it is answered."""
        self._put(client_frame(payload, _PING))

    def cut_inside(self, message: object, random: Random) -> None:
        """Send a message but for its last bytes, and break the connection."""
        whole = client_frame(_json(message))
        self._put(whole[: random.randrange(1, len(whole))])
        self.break_off()

    @property
    def has_new(self) -> bool:
        """Whether something has come; reads what there is."""
        self._flush()
        while not self._paused and not self.broken:
            try:
                data = self._socket.recv(_CHUNK)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self._end()
                break
            self._rest += data
            self._read()
        return bool(self._frames)

    def received(self) -> list[dict[str, Any]]:
        """The messages that have come since the last time."""
        frames, self._frames = self._frames, []
        return [json.loads(frame.payload) for frame in frames]

    def drop(self) -> None:
        """Close in the way of a program that ends: what was sent still arrives."""
        self._flush()
        self._end()

    def break_off(self) -> None:
        """Break the connection: a reset, and what the system still holds is lost."""
        self._flush()
        if not self.broken:
            linger = struct.pack("ii", 1, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._end()

    def _read(self) -> None:
        if not self._open:
            head, end, rest = self._rest.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(_SWITCHING):
                raise ConnectionError(f"the handshake was answered by {head!r}")
            self._open, self._rest = True, rest
            if not self._corked:
                self._release()
        frames, self._rest = server_frames(self._rest)
        for frame in frames:
            if frame.opcode == _TEXT:
                self._frames.append(frame)
            elif frame.opcode == _PING:
                self._put(client_frame(frame.payload, _PONG))
            elif frame.opcode == _CLOSE:
                self.close_code = int.from_bytes(frame.payload[:2], "big")

    def _put(self, data: bytes) -> None:
        if self._open and not self._corked:
            self._out += data
            self._flush()
        else:
            self._held += data

    def _release(self) -> None:
        self._out += self._held
        self._held.clear()
        self._flush()

    def _flush(self) -> None:
        while self._out and not self.broken:
            try:
                sent = self._socket.send(self._out)
            except BlockingIOError:
                return
            except OSError:
                # What has come before the end is still to be read.
                self._out.clear()
                return
            del self._out[:sent]

    def _end(self) -> None:
        self.broken = True
        with suppress(OSError):
            self._socket.close()


def _json(message: object) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()
