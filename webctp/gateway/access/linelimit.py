"""A bound of lines in the log that strangers cause."""

from collections.abc import Iterator
from typing import Final

from twisted.internet.interfaces import IReactorTime

MOST: Final = 10
"""Lines of a kind in a minute."""
_MINUTE: Final = 60.0


class LineLimit:
    """Say whether one more line may be written. Runs in the reactor's thread."""

    def __init__(self, clock: IReactorTime, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._minute = clock.seconds()
        self._lines = 0
        self._since = 0

    def take(self) -> Iterator[int]:
        """Give, once and if a line may be written now, how many events it stands for."""
        now = self._clock.seconds()
        if now - self._minute >= _MINUTE:
            self._minute, self._lines = now, 0
        self._since += 1
        if self._lines < self._most:
            self._lines += 1
            count, self._since = self._since, 0
            yield count
