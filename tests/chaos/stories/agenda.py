"""A story's time: what is to happen when, and the sockets that are read meanwhile."""

import select
import time
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final

from tests.chaos.ledger import Violation

PATIENCE: Final = 120.0
"""Seconds until something that does not come is taken for lost; a slow machine is no failure."""
_TURN: Final = 0.02


class Agenda:
    """Actions for later, in the story's only thread.

    :param descriptors: gives what may become readable.
    :param after: called after each turn, when something has been read or done.
    """

    def __init__(self, descriptors: Callable[[], Iterable[int]], after: Callable[[], None]) -> None:
        self._descriptors = descriptors
        self._after = after
        self._due: list[tuple[float, int, Callable[..., object], tuple[Any, ...]]] = []
        self._numbers = count()

    def seconds(self) -> float:
        """The monotonic time, in seconds."""
        return time.monotonic()

    def later(self, delay: float, action: Callable[..., object], *arguments: object) -> None:
        """Do something ``delay`` seconds from now, while a story is played."""
        heappush(self._due, (self.seconds() + delay, next(self._numbers), action, arguments))

    def clear(self) -> None:
        """Drop what has not happened yet."""
        self._due.clear()

    def play(self, seconds: float) -> None:
        """Let things happen for some seconds."""
        end = self.seconds() + seconds
        while self.seconds() < end:
            self._turn(end)

    def until(self, met: Callable[[], bool], what: Callable[[], str] | str) -> None:
        """Let things happen until a condition is met.

        :raises Violation: naming ``what`` when it is not within :data:`PATIENCE`.
        """
        end = self.seconds() + PATIENCE
        while not met():
            if self.seconds() > end:
                told = what if isinstance(what, str) else what()
                raise Violation(f"waited in vain for {told}")
            self._turn(end)

    def _turn(self, end: float) -> None:
        now = self.seconds()
        wait = min(_TURN, end - now, self._due[0][0] - now if self._due else _TURN)
        select.select(list(self._descriptors()), [], [], max(0.0, wait))
        self._after()
        now = self.seconds()
        while self._due and self._due[0][0] <= now:
            _, _, action, arguments = heappop(self._due)
            action(*arguments)
