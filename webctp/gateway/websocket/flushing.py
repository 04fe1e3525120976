"""Let the turn flush, not the author: what was written in a call of the reactor leaves at its end.

Whoever is given a :class:`FlushingReactor` need not know that there are clients. Reading from
clients is no call of it; a connection flushes when it has taken what it was sent.
"""

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall
from zope.interface import implementer

from webctp.clock import Reactor


@implementer(Reactor)
class FlushingReactor:
    """A reactor that flushes after each timed call, and after each call from another thread.

    Such a call costs 0.2 µs more than at the reactor itself; a call of ``flush`` that finds nothing
    to write is part of that.

    :param reactor: what runs the calls; threads use it only if somebody uses this one's.
    :param flush: writes out what waits for clients.
    """

    def __init__(self, reactor: Any, flush: Callable[[], object]) -> None:
        self._reactor = reactor
        self._flush = flush

    def seconds(self) -> float:
        """Return the reactor's time."""
        return float(self._reactor.seconds())

    def callLater(
        self, delay: float, callable: Callable[..., Any], *args: object, **kw: object
    ) -> IDelayedCall:
        """Call a function after ``delay`` seconds."""
        later: IDelayedCall = self._reactor.callLater(delay, self._run, callable, args, kw)
        return later

    @property
    def plain(self) -> Any:
        """Return the reactor itself, for whoever reads descriptors and calls nobody meanwhile."""
        return self._reactor

    def flush(self) -> None:
        """Write out what waits: for whoever has read from a socket that is no client's."""
        self._flush()

    def getDelayedCalls(self) -> Any:
        """Return the calls that are to come, also those made at the reactor itself."""
        return self._reactor.getDelayedCalls()

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kw: object) -> None:
        """Call a function in the reactor's thread, asked from any."""
        # Each batch of ticks comes by this: without arguments it takes half the time.
        if args or kw:
            self._reactor.callFromThread(self._run, callable, args, kw)
        else:
            self._reactor.callFromThread(self._run_plain, callable)

    def getThreadPool(self) -> Any:
        """Return the reactor's threads; what they give back comes by :meth:`callFromThread`."""
        return self._reactor.getThreadPool()

    def _run_plain(self, callable: Callable[[], Any]) -> None:
        try:
            callable()
        finally:
            self._flush()

    def _run(
        self, callable: Callable[..., Any], args: tuple[object, ...], kw: dict[str, object]
    ) -> None:
        try:
            callable(*args, **kw)
        finally:
            self._flush()
