"""``LoginDeadline``: how long a WebSocket may stay open without a login."""

from collections.abc import Callable
from enum import Enum
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.clock import GRAIN

_UNDER_WAY: Final = 1.0
"""Seconds until a login that is under way at the deadline is looked at again."""


class Presence(Enum):
    """What is known of who is at a WebSocket."""

    STRANGER = "stranger"
    LOGGING_IN = "logging-in"
    LOGGED_IN = "logged-in"


class Client(Protocol):
    """What the deadline needs of a client."""

    stranger_since: float
    """When the client was last logged in, or else came, in the clock's seconds."""

    def presence(self) -> Presence:
        """Return what is known of the client."""


def shorter(deadline: float, own: float) -> float:
    """Return the shorter of ``LoginDeadline`` and a token's own limit; 0 sets no bound."""
    return min(deadline, own) if deadline and own else deadline or own


class LoginDeadline:
    """Closes a client that stays a stranger for too long.

    A login under way is waited for. After a logout the time begins anew. A client that is logged
    in costs a look every ``seconds``, and nothing for each message.

    :param expire: called once, when the time is over.
    """

    def __init__(
        self, clock: IReactorTime, seconds: float, client: Client, expire: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._client = client
        self._expire = expire
        self._call: IDelayedCall = clock.callLater(seconds, self._look)

    def cancel(self) -> None:
        """Stop: the client is gone."""
        if self._call.active():
            self._call.cancel()

    def _look(self) -> None:
        match self._client.presence():
            case Presence.LOGGED_IN:
                wait = self._seconds
            case Presence.LOGGING_IN:
                wait = min(self._seconds, _UNDER_WAY)
            case Presence.STRANGER:
                wait = self._client.stranger_since + self._seconds - self._clock.seconds()
        if wait > GRAIN:
            self._call = self._clock.callLater(wait, self._look)
        else:
            self._expire()
