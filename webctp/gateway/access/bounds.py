"""How many queries a client may have under way, and how long and how nested its messages may be."""

import re
from collections.abc import Callable
from typing import Final

from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.access.principal import Principal
from webctp.gateway.access.usage import Usage
from webctp.language.text import english
from webctp.upstream.session.reply import OnReply, Reply

_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[][{}]', re.DOTALL)
"""Texts, which may hold brackets, and the brackets outside of them."""


class InFlight:
    """Count a client's queries that wait for their last answer, and its principal's in all.

    Only queries: the gateway answers each within ``QueryTimeout`` or when the session breaks.
    CTP answers an accepted order by its pushes, and a lost transfer never.

    :param most: ``MaxQueriesPerClient``; 0 sets no bound.
    :param pace: returns the seconds between two queries that are sent (``QueryInterval``).
    """

    def __init__(
        self, principal: Principal, most: int, pace: Callable[[], float] = lambda: 1.0
    ) -> None:
        self._name = principal.name
        self._most = most
        self._pace = pace
        self._most_of_token = principal.limits.in_flight
        self._usage: Usage | None = principal.usage if self._most_of_token else None
        self._waiting: set[object] = set()

    def ask(self, send: Callable[[OnReply], int], on_reply: OnReply) -> None:
        """Send a query that is counted until its last reply has come.

        :param send: sends it; what it raises is passed on, and the query is not counted.
        :raises webctp.ctp.refusal.Refusal: -429 beyond a bound; then it is not sent.
        """
        self._admit()
        query = object()
        self._waiting.add(query)
        if self._usage is not None:
            self._usage.in_flight += 1

        def counted(reply: Reply) -> None:
            if reply.is_last:
                self._end(query)
            on_reply(reply)

        sent = False
        try:
            sent = send(counted) == 0
        finally:
            if not sent:
                self._end(query)

    def clear(self) -> None:
        """Count nothing any more: the client leaves its session, and is answered no longer."""
        for query in tuple(self._waiting):
            self._end(query)

    def _end(self, query: object) -> None:
        if query in self._waiting:
            self._waiting.remove(query)
            if self._usage is not None:
                self._usage.in_flight -= 1

    def _admit(self) -> None:
        if self._most and len(self._waiting) >= self._most:
            raise Refusal(
                errors.TOO_MANY,
                Limited.of(
                    english(
                        "{most} queries of this connection wait for their answers "
                        "(MaxQueriesPerClient); wait for some",
                        most=self._most,
                    ),
                    limit=self._most,
                    retry_after=self._pace(),
                ),
            )
        if self._usage is not None and self._usage.in_flight >= self._most_of_token:
            raise Refusal(
                errors.TOO_MANY,
                Limited.of(
                    english(
                        "{most} queries of {name} wait for their answers, the limit in_flight of "
                        "its token; wait for some",
                        most=self._most_of_token,
                        name=self._name,
                    ),
                    limit=self._most_of_token,
                    retry_after=self._pace(),
                ),
            )


class MessageBounds:
    """Refuse messages that are longer or more nested than a principal's may be (-400).

    :param max_nesting: ``MaxNesting``, which everybody keeps to; 0 sets no bound.
    """

    def __init__(self, principal: Principal, max_nesting: int = 0) -> None:
        self._name = principal.name
        self._most_bytes = principal.limits.message_bytes
        nesting = principal.limits.nesting
        self._is_everybodys = bool(max_nesting) and not 0 < nesting <= max_nesting
        self._most_nested = max_nesting if self._is_everybodys else nesting

    @classmethod
    def of(cls, principal: Principal, max_nesting: int = 0) -> "MessageBounds | None":
        """Return the bounds of a principal; None where it has none."""
        limits = principal.limits
        bounded = limits.message_bytes or limits.nesting or max_nesting
        return cls(principal, max_nesting) if bounded else None

    def check(self, payload: bytes) -> None:
        """Check a message.

        :raises webctp.ctp.refusal.Refusal: naming the limit, and what was found.
        """
        if self._most_bytes and len(payload) > self._most_bytes:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "the message has {found} bytes; {most} is the limit message_bytes of the "
                    "token of {name}",
                    found=len(payload),
                    most=self._most_bytes,
                    name=self._name,
                ),
            )
        if self._most_nested and _is_deeper(payload, self._most_nested):
            if self._is_everybodys:
                raise Refusal(
                    errors.BAD_REQUEST,
                    english(
                        "objects and lists of the message are nested deeper than {most} "
                        "(MaxNesting)",
                        most=self._most_nested,
                    ),
                )
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "objects and lists of the message are nested deeper than {most}, the limit "
                    "nesting of the token of {name}",
                    most=self._most_nested,
                    name=self._name,
                ),
            )


def _is_deeper(payload: bytes, most: int) -> bool:
    """Return whether JSON is nested deeper than ``most``; the message itself is one level."""
    depth = 0
    for found in _BRACKETS.finditer(payload):
        match found[0]:
            case b"{" | b"[":
                depth += 1
                if depth > most:
                    return True
            case b"}" | b"]":
                depth -= 1
    return False
