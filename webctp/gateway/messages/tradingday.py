"""The word that another trading day has begun.

A real front names its trading day in the answer to a login, and closes its connections between two
days. The simulated one may go on over a day's end (``Clock: always``) without a new login, so the
API is asked as well, once a minute.
"""

from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime

ASK_SECONDS: Final = 60.0


class TradingDayWatch:
    """Notices that the trading day is another than before. All runs in the reactor's thread.

    :param ask: returns the API's trading day; nothing where it has none.
    :param tell: called with the new day and the one before, both ``YYYYMMDD``.
    """

    def __init__(
        self,
        clock: IReactorTime,
        ask: Callable[[], str | None],
        tell: Callable[[str, str], object],
    ) -> None:
        self._clock = clock
        self._ask = ask
        self._notify = tell
        self._day = ""
        self._next: IDelayedCall | None = None

    def logged_in(self, day: str) -> None:
        """Take the trading day of a login's answer, and look for the next from now on."""
        self.stop()
        self._next = self._clock.callLater(ASK_SECONDS, self._look)
        self._take(day)

    def stop(self) -> None:
        """Look no more: the front is away."""
        if self._next is not None and self._next.active():
            self._next.cancel()
        self._next = None

    def _look(self) -> None:
        self._next = self._clock.callLater(ASK_SECONDS, self._look)
        self._take(self._ask() or "")

    def _take(self, day: str) -> None:
        before = self._day
        if day:
            self._day = day
        if day and before and day != before:
            self._notify(day, before)
