"""Answers to HTTP requests, as bytes."""

from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from webctp.gateway.http.head import BadHead, Head
from webctp.language.text import LANGUAGES, Language, Text, english

_TEXT: Final = "text/plain; charset=utf-8"
JSON: Final = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status, body, its type, and headers beside the usual ones."""

    status: int
    body: str | bytes
    content_type: str = _TEXT
    headers: tuple[tuple[str, str], ...] = ()

    def encode(self, *, with_body: bool, last: bool) -> bytes:
        """Give the answer as bytes; ``last`` when the connection is closed behind it."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        connection = ["Upgrade"] if any(name == "Upgrade" for name, _ in self.headers) else []
        connection += ["close"] if last else []
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            "Server: webctp",
            f"Date: {formatdate(usegmt=True)}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            *(f"{name}: {value}" for name, value in self.headers),
            *((f"Connection: {', '.join(connection)}",) if connection else ()),
        ]
        head = "\r\n".join((*lines, "", "")).encode("ascii")
        return head + body if with_body else head


def refusal_answer(problem: BadHead, language: Language) -> Answer:
    """Give the answer that says why a request is refused, to a reader of ``language``."""
    detail = problem.detail.in_language(language)
    return Answer(problem.status, f"{detail}\n", headers=problem.headers)


def asked_language(head: Head, usual: Language) -> Language:
    """Return the language that a request asks for (``?language=zh``), or the usual one.

    :raises BadHead: if there is no such language.
    """
    asked = dict(parse_qsl(head.query)).get("language")
    found = next((one for one in LANGUAGES if one == asked), None)
    if asked is not None and found is None:
        raise BadHead(400, english("language is one of {listed}", listed=", ".join(LANGUAGES)))
    return found or usual


def full(reason: Text) -> BadHead:
    """Make the refusal of a connection beyond the limits; ``reason`` names the limit."""
    detail = english("too many connections: {reason}; try again later", reason=reason)
    return BadHead(503, detail, (("Retry-After", "10"),))
