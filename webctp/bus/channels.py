"""Listen to the partitions that an edge wants ticks of, and to no other.

A partition is followed once Redis has confirmed its channel. What comes before, and what is still
under way when a partition was left, is not taken: it would be a piece without its neighbours.
Everything runs in the reactor's thread.
"""

from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.defer import Deferred, succeed

from webctp.bus.notes import Names
from webctp.bus.redis.line import RedisLine, RedisTrouble


class Stay:
    """The time between following a partition and leaving it, over one link."""

    def __init__(self) -> None:
        self.is_confirmed = False


class Channels:
    """The channels of one publisher's partitions, over one link after another.

    :param on_followed: called when partitions are followed, all that were asked for together.
    """

    def __init__(self, names: Names, on_followed: Callable[[], object]) -> None:
        self._names = names
        self._on_followed = on_followed
        self._listener: RedisLine | None = None
        self._stays: dict[int, Stay] = {}

    def begin(self, listener: RedisLine) -> None:
        """Take a new link's connection: nothing is followed there."""
        self._listener = listener
        self._stays.clear()

    def end(self) -> None:
        """Take note that there is no link."""
        self._listener = None
        self._stays.clear()

    def stay(self, partition: int) -> Stay | None:
        """Return the stay in a partition, followed or just to be; None where there is none."""
        return self._stays.get(partition)

    def follows(self, partition: int) -> bool:
        """Return whether a partition is followed."""
        stay = self._stays.get(partition)
        return stay is not None and stay.is_confirmed

    def follow(self, partitions: Iterable[int]) -> Deferred[Any]:
        """Follow partitions; fires when those that were not yet followed are."""
        new = {one: Stay() for one in partitions if one not in self._stays}
        if self._listener is None or not new:
            return succeed(None)
        self._stays.update(new)
        confirmed = self._listener.subscribe(map(self._names.ticks, new))
        return confirmed.addCallback(self._confirmed, new.values())

    def follow_soon(self, partitions: Iterable[int]) -> None:
        """Follow partitions; when the link is lost meanwhile, the next one does."""
        self.follow(partitions).addErrback(lambda failure: failure.trap(RedisTrouble))

    def leave(self, partition: int) -> None:
        """Follow a partition no more; what is under way of it is not taken."""
        if self._stays.pop(partition, None) is not None and self._listener is not None:
            self._listener.unsubscribe([self._names.ticks(partition)])

    def _confirmed(self, _: object, stays: Iterable[Stay]) -> None:
        for stay in stays:
            stay.is_confirmed = True
        self._on_followed()
