"""Ask a front for instruments, in batches with a pause between them.

A front drops a connection that asks for everything at once: its buffer overflows with the answers
(reason 4097). Everything runs in the reactor's thread.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.config.market import SubscribePace

_log = Logger()

_AGAIN: Final = 1.0
"""Seconds until the front is asked again after it refused to take a request."""
_LEAST_SHARE: Final = 0.2
"""Share of the interval that follows a request of however few instruments."""
_SUSPECTED: Final = 5.0
"""Seconds from a request during which a broken connection is taken for its consequence."""
_SLOWEST: Final = 16
"""Greatest factor by which a front is asked more slowly after such breaks."""

Send = Callable[[bool, list[bytes]], int]
"""Subscribes instruments at a feed (True) or unsubscribes them; returns the API's value."""


class FrontSubscriber:
    """Send subscriptions to one front, a batch at a time.

    A request that is undone before it was sent is not sent. After a break that follows a request
    the front is asked more slowly, until the connection has held for a while with nothing to ask
    for.
    """

    def __init__(self, clock: IReactorTime, pace: SubscribePace, send: Send) -> None:
        self._clock = clock
        self._pace = pace
        self._send = send
        self._due: dict[bytes, bool] = {}
        self._timer: IDelayedCall | None = None
        self._running = False
        self._slower = 1
        self._asked = self._calm = float("-inf")
        """When the front was last asked, and since when it was not or the connection stands."""

    def start(self, names: Iterable[bytes]) -> None:
        """Ask a front that has just become ready for ``names``, and for all that is added later."""
        self.stop()
        self._running = True
        self._calm = self._clock.seconds()
        self.add(names, True)

    def lost(self) -> None:
        """Stop, and ask more slowly later where the last request may have broken the connection."""
        suspected = self._clock.seconds() - self._asked < _SUSPECTED
        if self._running and suspected and self._pace.subscribe_interval:
            self._slower = min(self._slower * 2, _SLOWEST)
            _log.warn(
                "the line broke after a request for instruments: the front is asked {times} times "
                "more slowly (see SubscribeBatch and SubscribeInterval)",
                times=self._slower,
            )
        self.stop()

    def stop(self) -> None:
        """Drop what is due: there is no front to ask."""
        self._running = False
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def add(self, names: Iterable[bytes], wanted: bool) -> None:
        """Subscribe ``names``, or unsubscribe them where not ``wanted``."""
        if not self._running:
            return
        for name in names:
            if self._due.get(name, wanted) is wanted:
                self._due[name] = wanted
            else:
                del self._due[name]
        if self._timer is None:
            self._ask()

    def _ask(self) -> None:
        self._timer = None
        if self._clock.seconds() - self._calm >= _SUSPECTED:
            self._slower = 1
        while self._due:
            wanted = next(iter(self._due.values()))
            alike = (name for name, kind in self._due.items() if kind is wanted)
            batch = list(islice(alike, self._pace.subscribe_batch))
            share = max(len(batch) / self._pace.subscribe_batch, _LEAST_SHARE)
            pause = self._pace.subscribe_interval * share * self._slower
            if self._send(wanted, batch) == 0:
                self._asked = self._calm = self._clock.seconds()
                for name in batch:
                    del self._due[name]
            else:
                pause = max(pause, _AGAIN)
            if pause:
                # Also after the last batch: the next may be asked for at once.
                self._timer = self._clock.callLater(pause, self._ask)
                return
