"""The cases of ``test_frames`` on real sockets: the gateway's own site, plain and over TLS."""

import atexit
import contextlib
import socket
import ssl
import struct
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Final

from tests.compliance import test_frames as frames
from tests.compliance.echo import PATH, served
from tests.hostile.beside import with_tls
from webctp.testing import Frame, client_frame, server_frames

PATIENCE: Final = 120.0
BARRIER: Final = b"have you read all that?"
SECTIONS: Final[tuple[type[frames.FrameCase], ...]] = (
    *(frames.PingsAndPongs, frames.Reserved, frames.Pieces, frames.Utf8, frames.Closing),
    *(frames.Lengths, frames.Many),
)


_serving = contextlib.ExitStack()
atexit.register(_serving.close)  # the servers end by themselves when this process does


@cache
def port_of(tls: bool) -> int:
    """Serve, plain or over TLS, for all classes together; gives the port."""
    if not tls:
        return _serving.enter_context(served())
    place = Path(_serving.enter_context(TemporaryDirectory(dir=".")))
    with_tls(place)
    return _serving.enter_context(served(place.absolute()))


class Mounted(frames.FrameCase):
    """Each case on a connection of its own, whole and in two pieces."""

    tls: ClassVar = False

    def setUp(self) -> None:
        """Serve, the first time."""
        self.port = port_of(self.tls)
        self.lines: list[socket.socket] = []
        self.closed: list[socket.socket] = []
        self.addCleanup(self.all_have_ended)

    def all_have_ended(self) -> None:
        """Hold that connections end that were closed: together, since each may take a second."""
        for line in self.lines:
            with line:
                self.assertFalse(line in self.closed and self.hears(line))

    def open(self) -> socket.socket:
        """A WebSocket, as the handshake leaves it."""
        line = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            line = context.wrap_socket(line)
        self.lines.append(line)
        lines = (
            *(f"GET {PATH} HTTP/1.1", "Host: localhost", "Upgrade: websocket"),
            *("Connection: Upgrade", "Sec-WebSocket-Version: 13"),
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        )
        line.sendall("\r\n".join((*lines, "", "")).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            read = line.recv(1)
            self.assertTrue(read, head)
            head += read
        self.assertTrue(head.startswith(b"HTTP/1.1 101 "), head)
        return line

    def said(self, pieces: Sequence[bytes], barrier: bytes = b"") -> tuple[list[Frame], bool]:
        """What comes back, up to the answer to the barrier or the close; and whether that came.

        Nothing follows what closes the connection: a server that closes with something unread
        resets it, and its last words may be lost.
        """
        line = self.open()
        found: list[Frame] = []
        rest = b""
        for piece in pieces:
            line.sendall(piece)
        if barrier:
            line.sendall(client_frame(barrier, frames.PING))
        while not barrier or found[-1:] != [Frame(frames.PONG, barrier)]:
            read = line.recv(1 << 18)
            if not read:
                return found, True
            some, rest = server_frames(rest + read)
            found += some
            if found and found[-1].opcode == frames.CLOSE:
                with contextlib.suppress(ConnectionError):  # it may have hung up already
                    line.sendall(client_frame(found[-1].payload, frames.CLOSE))
                self.closed.append(line)
                return found, True
        return found[:-1], False

    def hears(self, line: socket.socket) -> bool:
        """Whether anything comes behind a close frame but the connection's end."""
        try:
            return bool(line.recv(1))
        except (ConnectionResetError, ssl.SSLEOFError):
            return False

    def cuts(self, data: bytes) -> list[list[bytes]]:
        """Whole, and cut in its middle."""
        return [[data], [data[: len(data) // 2], data[len(data) // 2 :]]]

    def assertAnswered(
        self,
        data: bytes,
        expected: Sequence[tuple[int, bytes]],
        ways: Sequence[Sequence[bytes]] | None = None,
    ) -> None:
        for pieces in ways or self.cuts(data):
            found, ended = self.said(pieces, BARRIER)
            self.assertEqual([(one.opcode, one.payload) for one in found], list(expected))
            self.assertFalse(ended)

    def assertClosed(
        self, data: bytes, code: int | None, before: Sequence[tuple[int, bytes]] = ()
    ) -> None:
        for pieces in ([data], [data[:1], data[1:]]):
            found, ended = self.said(pieces)
            self.assertTrue(ended)
            self.assertEqual([(one.opcode, one.payload) for one in found[:-1]], list(before))
            last = found[-1]
            self.assertEqual(last.opcode, frames.CLOSE)
            told = struct.unpack("!H", last.payload[:2])[0] if last.payload else None
            self.assertEqual(told, code)


class OverTls(Mounted):
    """The same over wss://."""

    tls = True


for section in SECTIONS:
    for kind, word in ((Mounted, "Plain"), (OverTls, "Tls")):
        name = f"{section.__name__}{word}"
        globals()[name] = type(name, (kind, section), {"__module__": __name__})
