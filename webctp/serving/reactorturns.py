"""Measure how long each turn of the reactor takes: while one lasts, every client waits.

A turn is what the reactor does between two calls of epoll. Other reactors than Twisted's epoll
reactor are left alone. Costs under 1 us a turn, however many events it serves.
"""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any, Final

from webctp.metrics import Histogram, Kind, Metric, Sample

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
"""Seconds."""

_TURN: Final = Metric(
    "webctp_reactor_turn_seconds",
    Kind.HISTOGRAM,
    "How long a turn of the reactor took, from events to waiting for more; clients wait meanwhile.",
    "反应器每一轮的用时（从收到事件到再次等待）；期间所有客户端都在等待。",
)


class _Poller:
    """An epoll object that measures the time between two of its polls."""

    def __init__(
        self, poller: Any, observe: Callable[[float], None], now: Callable[[], float]
    ) -> None:
        self.poller = poller
        self._poll = poller.poll
        self._observe = observe
        self._now = now
        self.woken = now()
        self.register = poller.register
        self.unregister = poller.unregister
        self.modify = poller.modify

    def poll(self, timeout: float, maxevents: int) -> Any:
        """Wait for events; the reactor calls this once a turn."""
        self._observe(self._now() - self.woken)
        try:
            return self._poll(timeout, maxevents)
        finally:
            self.woken = self._now()

    def __getattr__(self, name: str) -> Any:
        """Everything else is the epoll object's own."""
        return getattr(self.poller, name)


class ReactorTurns:
    """Counts the turns of a reactor by how long they took. Used in the reactor's thread.

    :param now: seconds; only differences count.
    """

    def __init__(self, reactor: Any, now: Callable[[], float] = perf_counter) -> None:
        self._reactor = reactor
        self._now = now
        self._turns = Histogram(BOUNDS)
        self._poller: _Poller | None = None

    def start(self) -> None:
        """Begin to measure, where the reactor has an epoll object that nobody measures yet."""
        poller = getattr(self._reactor, "_poller", None)
        if poller is not None and not isinstance(poller, _Poller):
            self._poller = _Poller(poller, self._turns.observe, self._now)
            self._reactor._poller = self._poller

    def stop(self) -> None:
        """Measure no more."""
        if self._poller is not None:
            self._reactor._poller = self._poller.poller
            self._poller = None

    def began(self) -> float | None:
        """Return when the present turn began; None where turns are not measured."""
        return None if self._poller is None else self._poller.woken

    def has_events(self) -> bool:
        """Return whether something has come that the next turn reads; False where nobody knows.

        It asks the kernel, and takes nothing: frames that nobody has read, new connections, what
        native threads have handed over.
        """
        return self._poller is not None and bool(self._poller.poller.poll(0, 1))

    def samples(self) -> Iterator[Sample]:
        """Read the turns so far; called on a scrape."""
        yield _TURN.sample(self._turns.read())
