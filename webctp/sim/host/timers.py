"""Actions for later, on the thread that owns them."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from time import monotonic

Action = Callable[[], None]


class Timers:
    """Actions to be done later, in the order of their moments.

    :param clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, Action]] = []
        self._count = 0

    def later(self, seconds: float, action: Action) -> None:
        """Let an action be due some seconds from now."""
        self._count += 1
        heappush(self._waiting, (self._clock() + seconds, self._count, action))

    def wait(self, at_most: float) -> float:
        """Return the seconds until the next action is due, not more than ``at_most``."""
        if not self._waiting:
            return at_most
        return min(at_most, max(0.0, self._waiting[0][0] - self._clock()))

    def due(self) -> Iterator[Action]:
        """Give the actions that are due, each once; also those that they add, if due."""
        while self._waiting and self._waiting[0][0] <= self._clock():
            yield heappop(self._waiting)[2]
