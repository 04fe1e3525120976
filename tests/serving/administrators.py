"""Ask an admin port over a real socket, as curl does."""

import socket
from typing import Any

from twisted.internet.threads import deferToThread

TIMEOUT = 60


async def raw(place: str | int, data: bytes, *pieces: bytes) -> tuple[int, str]:
    """Send bytes to a Unix socket's path or a port of loopback; return status, head and body."""
    return await deferToThread(_exchange, place, (data, *pieces))


def request(
    what: str, body: bytes = b"", *headers: str, host: str = "a", length: str | None = None
) -> bytes:
    """Return a request, such as ``GET /admin/clients``."""
    length = str(len(body)) if length is None else length
    sized = (f"Content-Length: {length}",) if body or length != "0" else ()
    lines = (f"{what} HTTP/1.1", f"Host: {host}", *sized, *headers, "", "")
    return "\r\n".join(lines).encode() + body


async def ask(place: str | int, what: str, body: bytes = b"", *headers: str) -> tuple[int, str]:
    """Ask; return the status and the body."""
    status, text = await raw(place, request(what, body, *headers))
    return status, text.partition("\r\n\r\n")[2]


def _exchange(place: str | int, pieces: tuple[bytes, ...]) -> tuple[int, str]:
    family = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
    address: Any = place if isinstance(place, str) else ("127.0.0.1", place)
    with socket.socket(family) as client:
        client.settimeout(TIMEOUT)
        client.connect(address)
        for piece in pieces:
            client.sendall(piece)
        received = b""
        while more := client.recv(65536):
            received += more
    text = received.decode()
    return int(text.split(" ", 2)[1]), text
