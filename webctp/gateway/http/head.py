"""The head of an HTTP request, read strictly and within bounds before anything is done.

A request for a page or a WebSocket has no body, so whatever announces one is refused at the head.
Whatever two programs could read differently (two Host headers, a folded line, a bare line feed) is
refused as well: a proxy in front may have read it the other way.
"""

import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from webctp.language.text import Text, english

MAX_HEAD: Final = 16 * 1024
"""Bytes of a request line and its header lines together."""
MAX_TARGET: Final = 4096
"""Bytes of what is asked for: path and query."""
MAX_FIELDS: Final = 100
"""Header lines of a request."""
VERSIONS: Final = ("13", "8")
"""The versions of the WebSocket protocol that are spoken, newest first."""

METHODS: Final = "GET, HEAD"
"""The methods that are taken at most paths."""
TICKET: Final = "/ticket"
"""Where a token is changed for a ticket, by POST: each answer is another."""

_END: Final = b"\r\n\r\n"
_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~]+) HTTP/([0-9])\.([0-9])")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t -~\x80-\xff]*")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.%A-Za-z]+\]|[0-9A-Za-z._-]+)(?::[0-9]{1,5})?")
_ABSOLUTE = re.compile(r"(?:https?|wss?)://([^/?]*)(.*)", re.IGNORECASE)
_ONCE: Final = frozenset(
    (
        *("host", "content-length", "transfer-encoding", "content-type", "expect"),
        *("upgrade", "origin", "authorization", "sec-websocket-key", "sec-websocket-version"),
    )
)
"""Headers that a request has once or not at all."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken at a path: the methods, and the most bytes of a body (by Content-Length)."""

    methods: str = METHODS
    most_body: int = 0


_PAGE: Final = Taken()
_TICKET: Final = Taken("POST")

Rule = Callable[[str], Taken]
"""Says what is taken at a path."""


def pages(path: str) -> Taken:
    """Return what is taken where there are pages, WebSockets and tickets alone."""
    return _TICKET if path == TICKET else _PAGE


class BadHead(Exception):
    """A request that is refused at its head.

    ``detail`` says what is wrong and how to put it right, and repeats nothing of the request.
    ``headers`` are those that the answer must have beside the usual ones. ``delay`` is how many
    seconds the answer is held back.
    """

    def __init__(
        self,
        status: int,
        detail: Text,
        headers: tuple[tuple[str, str], ...] = (),
        delay: float = 0.0,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers
        self.delay = delay

    def at_once(self) -> "BadHead":
        """Return the same refusal without a delay."""
        return BadHead(self.status, self.detail, self.headers)


@dataclass(frozen=True, slots=True)
class Head:
    """A request that may be answered, by a method that its path takes, without its body.

    ``fields`` has the headers by their names in lower case; what came in several lines is joined
    with commas. ``target`` is path and query as they came, ``path`` the part before the ``?``.
    ``minor`` is the last digit of HTTP/1.1 or HTTP/1.0.
    """

    method: str
    target: str = field(repr=False)
    minor: int
    fields: Mapping[str, str] = field(repr=False)

    @property
    def path(self) -> str:
        """The path, as it came: nothing in it is decoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the ``?`` of the target, as it came; empty where there is none."""
        return self.target.partition("?")[2]

    @property
    def keeps_open(self) -> bool:
        """Whether the client may send another request on the same connection."""
        return self.minor == 1 and "close" not in self.tokens("connection")

    @property
    def wants_websocket(self) -> bool:
        """Whether a WebSocket is asked for."""
        return "websocket" in self.tokens("upgrade")

    def tokens(self, name: str) -> set[str]:
        """Return a header's words, in lower case."""
        return {word.strip().lower() for word in self.fields.get(name, "").split(",")}

    def encode(self) -> bytes:
        """Give the head as bytes again: each header once, and those of ASCII only.

        Autobahn splits lines at the control characters of ISO 8859-1 as well.
        """
        lines = [f"{self.method} {self.target} HTTP/1.{self.minor}"]
        lines += [f"{name}: {value}" for name, value in self.fields.items() if value.isascii()]
        return "\r\n".join((*lines, "", "")).encode("ascii")


class HeadReader:
    """Takes bytes as they come and gives heads. It keeps one head and what came behind it.

    :param rule: says what is taken at a path. A body is left in :attr:`rest`.
    """

    def __init__(self, rule: Rule = pages) -> None:
        self._rule = rule
        self._data = b""
        self._line: re.Match[bytes] | None = None
        self._may_begin_empty = True
        self.method = self.path = ""
        """Method and path of the last request, as soon as its line is read."""

    @property
    def rest(self) -> bytes:
        """What came behind the last head."""
        return self._data

    def feed(self, data: bytes) -> None:
        """Add bytes that came."""
        self._data = self._data + data if self._data else data

    def cut(self, size: int) -> bytes:
        """Take ``size`` bytes of what came behind the last head: its body."""
        body, self._data = self._data[:size], self._data[size:]
        return body

    def take(self) -> Head | None:
        """Give the next head, or None until it is whole.

        :raises BadHead: if it is to be refused. Nothing behind it may be read then.
        """
        if self._may_begin_empty and self._data[:2] not in (b"", b"\r"):
            self._may_begin_empty = False
            # Some clients end a request with a line too many: one, however the network cuts it.
            self._data = self._data.removeprefix(b"\r\n")
        end = self._data.find(_END, 0, MAX_HEAD + len(_END))
        if end < 0:
            self._check_part()
            return None
        lines = self._data[:end].split(b"\r\n")
        self._data = self._data[end + len(_END) :]
        self._may_begin_empty = True
        line, self._line = self._line or self._request_line(lines[0]), None
        return _head(line, lines[1:], self._rule(self.path))

    def _check_part(self) -> None:
        """Refuse what cannot become right any more, without waiting for the rest."""
        data = self._data
        line, found, _ = data.partition(b"\r\n")
        if not found and len(data) > MAX_TARGET + 64:
            raise BadHead(
                414,
                english("the request line is too long; {most} bytes are the most", most=MAX_TARGET),
            )
        if len(data) >= MAX_HEAD + len(_END):
            raise BadHead(
                431, english("the headers are too long; {most} bytes are the most", most=MAX_HEAD)
            )
        if data.count(b"\n") != data.count(b"\r\n"):
            raise BadHead(400, english("a line ends without a carriage return; end it with CR LF"))
        if found and self._line is None:
            self._line = self._request_line(line)

    def _request_line(self, line: bytes) -> re.Match[bytes]:
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadHead(400, english("the request line is not 'GET /path HTTP/1.1'"))
        self.method = match[1].decode("ascii")
        self.path = match[2].decode("ascii").partition("?")[0]
        if match[3] != b"1" or match[4] not in (b"0", b"1"):
            raise BadHead(505, english("HTTP/1.1 is spoken here, and HTTP/1.0"))
        if len(match[2]) > MAX_TARGET:
            raise BadHead(
                414,
                english("path and query are too long; {most} bytes are the most", most=MAX_TARGET),
            )
        return match


def _head(line: re.Match[bytes], lines: list[bytes], taken: Taken) -> Head:
    method, target = line[1].decode("ascii"), line[2].decode("ascii")
    fields = _fields(lines)
    _refuse_body(fields, taken.most_body)
    if method not in taken.methods.split(", "):
        detail = english("the method is not taken; {methods} is", methods=taken.methods)
        raise BadHead(405, detail, (("Allow", taken.methods),))
    if "expect" in fields:
        raise BadHead(417, english("nothing is to be expected; leave the Expect header out"))
    host = fields.get("host")
    if host is None and line[4] == b"1":
        raise BadHead(400, english("the Host header is missing"))
    if host is not None and not _HOST.fullmatch(host):
        raise BadHead(400, english("the Host header is no name or address, with or without a port"))
    return Head(method, _origin_form(target, host), int(line[4]), fields)


def _fields(lines: list[bytes]) -> dict[str, str]:
    if len(lines) > MAX_FIELDS:
        raise BadHead(
            431, english("there are too many headers; {most} are the most", most=MAX_FIELDS)
        )
    fields: dict[str, str] = {}
    for line in lines:
        text = line.decode("latin-1")
        name, colon, value = text.partition(":")
        value = value.strip(" \t")
        if name[:1] in (" ", "\t"):
            raise BadHead(400, english("a header goes on in the next line; write it in one"))
        if not colon or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise BadHead(400, english("a header is not 'Name: value'"))
        name = name.lower()
        if name not in fields:
            fields[name] = value
        elif name in _ONCE:
            raise BadHead(400, english("the header {name} is there twice", name=name))
        else:
            fields[name] += f", {value}"
    return fields


def _refuse_body(fields: Mapping[str, str], most: int) -> None:
    """Refuse a request that announces a body of more than ``most`` bytes, however it does.

    :raises BadHead: 400 where the length is in doubt, else 413.
    """
    length = fields.get("content-length")
    if length is not None and not (length.isascii() and length.isdigit()):
        raise BadHead(400, english("Content-Length is no number"))
    if "transfer-encoding" in fields:
        if length is not None:
            raise BadHead(400, english("Content-Length and Transfer-Encoding are both there"))
        if most:
            raise BadHead(411, english("send the body whole, with Content-Length"))
        raise BadHead(413, english("a body is not taken here; send none"))
    digits = "" if length is None else length.lstrip("0")
    if most and (len(digits) > len(str(most)) or int(digits or "0") > most):
        raise BadHead(413, english("the body is too long; {most} bytes are the most", most=most))
    if digits and not most:
        raise BadHead(413, english("a body is not taken here; send none"))


def _origin_form(target: str, host: str | None) -> str:
    """Give path and query of a target, which may name this server in front of them."""
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is not None:
        if host is None or absolute[1].lower() != host.lower():
            raise BadHead(400, english("the address asked for and the Host header differ"))
        target = absolute[2] if absolute[2].startswith("/") else f"/{absolute[2]}"
    if not target.startswith("/") or "#" in target:
        raise BadHead(400, english("what is asked for is no path"))
    return target


def check_upgrade(head: Head) -> None:
    """Check what RFC 6455, 4.2.1, wants of a request that asks for a WebSocket.

    :raises BadHead: if something is missing.
    """
    versions = (("Sec-WebSocket-Version", ", ".join(VERSIONS)),)
    for name, value in head.fields.items():
        if name.startswith(("origin", "sec-websocket-")) and not value.isascii():
            raise BadHead(400, english("the header {name} is not of ASCII", name=name))
    if head.method != "GET" or head.minor != 1:
        raise BadHead(400, english("a WebSocket is asked for by GET and HTTP/1.1"))
    if "upgrade" not in head.tokens("connection"):
        raise BadHead(
            400, english("the header 'Connection: Upgrade' is missing (does a proxy drop it?)")
        )
    if head.fields.get("sec-websocket-version") not in VERSIONS:
        raise BadHead(
            426, english("Sec-WebSocket-Version is not 13"), (("Upgrade", "websocket"), *versions)
        )
    try:
        key = binascii.a2b_base64(head.fields.get("sec-websocket-key", ""), strict_mode=True)
    except ValueError:
        key = b""
    if len(key) != 16:
        raise BadHead(400, english("Sec-WebSocket-Key is not 16 bytes in base64"))
