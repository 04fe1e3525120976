"""Tell with an answer when its request came, went and was answered: ``"Timing": true``.

Moments are microseconds since 1970 by the wall clock. Only a client that asks for them pays.
"""

import re
import time
from collections.abc import Callable
from typing import Final, Protocol

from webctp.upstream.session.reply import OnReply, Reply

TIMING: Final = "Timing"
MOST: Final = 1024
"""Requests of a client whose moments are kept; of more the oldest are forgotten."""
_IS_ANSWER: Final = re.compile(rb'"IsLast":(true|false),"RequestID":(-?[0-9]+)')
_HEAD: Final = 2048
"""Bytes within which an answer says that it is one."""


def microseconds() -> int:
    """Return the time of day, in microseconds since 1970."""
    return time.time_ns() // 1000


class Asked(Protocol):
    """A request, as its moments are told apart."""

    @property
    def request_id(self) -> int:
        """The client's own number of it."""


class Times:
    """Keep the moments of one client's requests, and write them into its answers.

    Requests are told apart by their RequestID. Used in the reactor's thread.

    :param now: returns the time of day, in microseconds.
    """

    def __init__(self, now: Callable[[], int] = microseconds) -> None:
        self.now = now
        self._moments: dict[int, list[int]] = {}
        """By RequestID: when it was taken in, and, where that is known, when CTP was called."""
        self._answered = 0

    def taken(self, request_id: int, at: int) -> None:
        """Note when a request was taken in."""
        self._moments.pop(request_id, None)
        if len(self._moments) >= MOST:
            del self._moments[next(iter(self._moments))]
        self._moments[request_id] = [at]

    def called(self, request_id: int) -> None:
        """Note that CTP's function has just been called for a request, unless it is answered."""
        moments = self._moments.get(request_id)
        if moments is not None:
            moments[1:] = [self.now()]

    def answered(self) -> None:
        """Note that the front's answer, which is told next, has just come."""
        self._answered = self.now()

    def around(
        self,
        request: Asked,
        on_reply: OnReply,
        since_sent: Callable[[], float | None] = lambda: None,
    ) -> OnReply:
        """Return what notes when the front answers, and passes the reply on.

        :param since_sent: returns the seconds since the request was sent; None where that is not
            known, or it was not.
        """

        def noted(reply: Reply) -> None:
            self.answered()
            moments, seconds = self._moments.get(request.request_id), since_sent()
            if moments is not None and seconds is not None:
                moments[1:] = [self._answered - round(seconds * 1e6)]
            try:
                on_reply(reply)
            finally:
                self._answered = 0

        return noted

    def stamp(self, message: bytes) -> bytes:
        """Return a message, with its moments if it is an answer."""
        found = _IS_ANSWER.search(message, 0, _HEAD)
        if found is None:
            return message
        request_id = int(found[2])
        told = list(zip(("In", "Called"), self._moments.get(request_id, ()), strict=False))
        if self._answered:
            told.append(("Answered", self._answered))
        told.append(("Out", self.now()))
        if found[1] == b"true":
            self._moments.pop(request_id, None)
            self._answered = 0
        text = ",".join(f'"{name}":{at}' for name, at in told)
        return b'%b,"%b":{%b}}' % (message[:-1], TIMING.encode(), text.encode())
