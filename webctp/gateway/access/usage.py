"""What one principal has in use: its connections, its rates, its sessions with fronts."""

from collections.abc import Iterator
from typing import Final, Protocol

from twisted.internet.interfaces import IReactorTime

from webctp.gateway.access.rate import MessageRate
from webctp.language.text import Text, english, verbatim

_OWN_LIMIT: Final = english("the limit of its token")


class Connection(Protocol):
    """A WebSocket of a principal's."""

    def close(self, code: int, reason: Text) -> None:
        """Begin the closing handshake."""


class Usage:
    """Count what all connections of a principal take together. Runs in the reactor's thread.

    :param name: the principal's.
    :param requests: messages a second, 0 for any number; ``orders`` the same for inserts.
    """

    def __init__(
        self, clock: IReactorTime, name: str, *, requests: int = 0, orders: int = 0
    ) -> None:
        self.name = name
        self.sessions = 0
        """Sessions with a front that were opened for it and are not released."""
        self.subscriptions = 0
        """Instruments and patterns that it is subscribed to."""
        self.in_flight = 0
        """Its queries that wait for their answers, where that is limited."""
        self.seen: float | None = None
        """When it was last let in, in seconds of the wall clock."""
        self.orders: MessageRate | None = None
        self._clock = clock
        self._rate: MessageRate | None = None
        self._connections: dict[Connection, None] = {}
        self.limit(requests=requests, orders=orders)

    def __len__(self) -> int:
        """Return how many connections it has."""
        return len(self._connections)

    def __iter__(self) -> Iterator[Connection]:
        """Give its connections."""
        return iter(list(self._connections))

    def limit(self, *, requests: int, orders: int) -> None:
        """Set its rates anew, for connections that come from now on."""
        self.orders = MessageRate(self._clock, orders, _OWN_LIMIT) if orders else None
        self._requests = requests
        self._rate = None

    def enter(self, connection: Connection) -> None:
        """Count a connection that has opened."""
        self._connections[connection] = None

    def leave(self, connection: Connection) -> None:
        """Count a connection no longer."""
        self._connections.pop(connection, None)

    def released(self) -> None:
        """Count a session no longer."""
        self.sessions -= 1

    def rate(self, limit: int) -> MessageRate | None:
        """Return the bucket that its connections share; None where it has no limit of its own.

        :param limit: ``MessageRate``, beyond which no connection may go either.
        """
        if not self._requests:
            return None
        most = min(self._requests, limit) if limit else self._requests
        key = _OWN_LIMIT if most == self._requests else verbatim("MessageRate")
        if self._rate is None:
            self._rate = MessageRate(self._clock, most, key)
        elif self._rate.limit != most:
            self._rate.change(most)
            self._rate.key = key
        return self._rate

    def close(self, code: int, reason: Text) -> None:
        """Close every connection."""
        for connection in self:
            connection.close(code, reason)


def shared_rate(usage: Usage | None, limit: int) -> MessageRate | None:
    """Return the bucket that all connections of a principal share; None where it has no rate."""
    return None if usage is None else usage.rate(limit)


def rate_of(clock: IReactorTime, usage: Usage | None, limit: int) -> MessageRate:
    """Return the bucket of a client's messages: its principal's, where that has a rate.

    :param limit: ``MessageRate``.
    """
    return shared_rate(usage, limit) or MessageRate(clock, limit)
