"""A WebSocket client as cheap as can be: a blocking socket, no masking to speak of, no parsing."""

import json
import socket
import ssl
import struct
from typing import Any

from webctp.testing.websocket import server_frames

HEADER = b"\x81\x7e"
"""How a text frame of 126 to 65,535 bytes begins. It occurs in no payload of a benchmark."""

TICK = b'{"MsgType":"RtnDepthMarketData","Volume":%-10d,"Turnover":%-20.9f,"Rest":"%b"}'
"""A tick of a program that is no daemon: its number, its time, and what makes it long enough."""

ROUNDS = 3
"""Questions and answers before the ticks: a WebSocket's opening, a login and a subscription."""

_HANDSHAKE = (
    "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n"
)
_OFFER = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
_ATTEMPT = 20.0

# Of Linux's asm-generic/socket.h and linux/net_tstamp.h; Python has no names for them.
_SO_TIMESTAMPING = 37
_STAMPS = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 11  # sent, received, by software; no copy of what left
_ANCILLARY = 512


def connect(port: int, *, tls: bool = False) -> socket.socket:
    """A connected socket."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=_ATTEMPT)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not tls:
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the benchmark's own certificate, made a moment ago
    return context.wrap_socket(plain)


def handshake(sock: socket.socket, path: str, *, compressed: bool = False) -> None:
    """Ask for a WebSocket; the answer is read by :func:`until` ``b"\\r\\n\\r\\n"``."""
    sock.sendall((_HANDSHAKE % (path, _OFFER if compressed else "")).encode())


def converse(sock: socket.socket) -> None:
    """Ask and be answered as often as before ticks come, without a WebSocket."""
    for _ in range(ROUNDS):
        sock.sendall(b"?")
        sock.recv(1)


def send(sock: socket.socket, message: dict[str, Any]) -> None:
    """Send a message."""
    sock.sendall(framed(message))


def framed(message: dict[str, Any]) -> bytes:
    """A message as a client sends it; its mask is zero, so that it stays as it is."""
    payload = json.dumps(message).encode()
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x81, 0x80 | length)
    elif length < 65_536:
        head = struct.pack("!BBH", 0x81, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", 0x81, 0x80 | 127, length)
    return head + bytes(4) + payload


def stamp(sock: socket.socket) -> None:
    """Let the kernel say when what is sent leaves, and when what is received has come."""
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPING, _STAMPS)


def sent_at(sock: socket.socket) -> float:
    """When the last message left, as ``time.time()`` tells it; on loopback it has then arrived."""
    _, ancillary, _, _ = sock.recvmsg(0, _ANCILLARY, socket.MSG_ERRQUEUE)
    return _stamped(ancillary)


def received(sock: socket.socket) -> tuple[bytes, float]:
    """What has come, and when, as ``time.time()`` tells it."""
    data, ancillary, _, _ = sock.recvmsg(1 << 16, _ANCILLARY)
    if not data:
        raise ConnectionError("the server has closed the connection")
    return data, _stamped(ancillary)


def _stamped(ancillary: list[tuple[int, int, bytes]]) -> float:
    for _, kind, data in ancillary:
        if kind == _SO_TIMESTAMPING:
            seconds, nanoseconds = struct.unpack_from("qq", data)
            return float(seconds + nanoseconds * 1e-9)
    raise OSError("the kernel has told no time")


def served(payload: bytes) -> bytes:
    """A message of 126 to 65,535 bytes as a server sends it."""
    return HEADER + len(payload).to_bytes(2, "big") + payload


def until_inflated(sock: socket.socket, *marks: bytes) -> None:
    """Read until a message, which may be compressed, holds all ``marks``; what follows is lost."""
    data, found = b"", False
    while not found:
        piece = sock.recv(1 << 16)
        if not piece:
            raise ConnectionError("the server has closed the connection")
        frames, data = server_frames(data + piece)
        found = any(all(mark in one.payload for mark in marks) for one in frames)


def until(sock: socket.socket, *marks: bytes) -> bytes:
    """Read until the last message holds all ``marks``; gives everything read."""
    data = b""
    while not all(mark in data[max(0, data.rfind(b"\x81")) :] for mark in marks):
        piece = sock.recv(1 << 16)
        if not piece:
            raise ConnectionError("the server has closed the connection")
        data += piece
    return data
