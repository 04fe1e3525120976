"""Heads of HTTP requests, whole and in pieces: the same reading, and no exception but a refusal."""

from typing import Final

from twisted.internet.task import Clock

from tests.fuzz.target import Choices, Finding, shown
from webctp.gateway.access.tokens.presented import offered
from webctp.gateway.http.head import MAX_HEAD, BadHead, Head, HeadReader, Taken, check_upgrade
from webctp.gateway.http.origins import Origins

Outcome = tuple[str, str, int, dict[str, str]] | int

_MOST_HEADS: Final = 50


class Target:
    """Of the module."""

    words = (
        *("GET / HTTP/1.1\r\n", "POST /ticket HTTP/1.1\r\n", "HEAD ", " HTTP/1.0\r\n", "\r\n\r\n"),
        *("Host: localhost\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n"),
        *("Upgrade: websocket\r\n", "Connection: Upgrade\r\n", "Sec-WebSocket-Version: 13\r\n"),
        *("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "Origin: null\r\n", "http://[::1]/"),
        *("Expect: 100-continue\r\n", "Sec-WebSocket-Protocol: webctp, webctp.token.", "?token="),
    )

    def run(self, data: bytes) -> None:
        """Read it whole, read it in pieces, and read again what was read."""
        size = data[0] if data else 0
        cuts, stream = Choices(data[1 : 1 + size]), data[1 + size :]
        whole, parts = outcomes([stream]), outcomes(cuts.pieces(stream))
        if whole != parts:
            raise Finding(f"{shown(stream)}: whole {shown(whole)}, in pieces {shown(parts)}")

    def close(self) -> None:
        """Nothing is held."""


def outcomes(pieces: list[bytes]) -> list[Outcome]:
    """Return the heads that pieces hold, and the status of the refusal that ends them.

    Which of two faults is told may depend on what has come, that there is one may not.
    """
    reader = HeadReader()
    found: list[Outcome] = []
    try:
        for piece in pieces:
            reader.feed(piece)
            while len(found) < _MOST_HEADS and (head := reader.take()) is not None:
                found.append((head.method, head.target, head.minor, dict(head.fields)))
                look(head)
            if len(reader.rest) > MAX_HEAD + len(piece) + 4:
                raise Finding(f"{len(reader.rest)} bytes are held")
    except BadHead as refusal:
        str(refusal.detail)
        found.append(400)
    return found


_ORIGINS: Final = Origins(("https://*.example.com", "null"), Clock())


def look(head: Head) -> None:
    """Do with a head what the site does, and read again what is handed to Autobahn."""
    again = HeadReader(lambda _: Taken("GET, HEAD, POST"))
    again.feed(head.encode())
    try:
        copy = again.take()
    except BadHead as refusal:
        raise Finding(f"{head.encode()!r} is not read again: {refusal.detail}") from None
    ascii_fields = {name: value for name, value in head.fields.items() if value.isascii()}
    if copy is None or (copy.method, copy.target) != (head.method, head.target):
        raise Finding(f"{head.encode()!r} is read as {copy}")
    if dict(copy.fields) != ascii_fields:
        raise Finding(f"{shown(head.fields)} is handed on as {shown(copy.fields)}")
    offered(head.fields.get("sec-websocket-protocol", ""))
    for check in (
        lambda: check_upgrade(head),
        lambda: _ORIGINS.check(head.fields.get("origin"), head.fields.get("host")),
        lambda: _ORIGINS.check_host(head.fields.get("host")),
    ):
        try:
            check()
        except BadHead as refusal:
            str(refusal.detail)
