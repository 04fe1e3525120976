"""The two clocks: one that counts seconds, and the wall clock, which may be set while we run.

Timers, rates and deadlines count on the reactor's clock. What is told or kept (``Since``, moments
in the journal) is read from the wall clock, a parameter of whoever tells it.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from twisted.internet.interfaces import IReactorFromThreads, IReactorTime
from twisted.logger import Logger

_log = Logger()

GRAIN: Final = 1e-6
"""Seconds that are none. A difference of moments may be 1e-15 by rounding, and no clock goes on by
that: who looks again after so little would look again for ever."""

Wall = Callable[[], float]
"""Gives the time of day: seconds since 1970, UTC. It may go back."""


class Reactor(IReactorTime, IReactorFromThreads):
    """What most parts need of a reactor: timers, calls from threads, a pool. Twisted's have it."""

    def getThreadPool() -> Any:
        """Return the reactor's threads."""


def count_monotonically(reactor: Any) -> None:
    """Let a reactor count its seconds on the monotonic clock instead of the wall clock.

    Twisted's reactors read ``time.time``: set back by an hour, nothing that is due happens for an
    hour; set forward, all of it happens at once. ``callLater`` and the calls it makes read the
    reactor's own ``seconds``, so one attribute is all there is to change, as long as no call
    waits that was made by the other clock.
    """
    waiting = len(reactor.getDelayedCalls())
    if waiting:
        _log.warn("timers go by the wall clock: {waiting} were made before", waiting=waiting)
        return
    reactor.seconds = time.monotonic
