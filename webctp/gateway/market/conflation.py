"""Conflate messages for ``IntervalMs``: at most one in an interval, and that one the newest."""

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class Conflation:
    """Emit the newest of what is offered, at most once in ``interval`` seconds.

    :param emit: called with the newest value, in the reactor's thread.
    :param on_replaced: called for each value that was kept and never emitted.
    """

    def __init__(
        self,
        clock: IReactorTime,
        interval: float,
        on_replaced: Callable[[], object],
        emit: Callable[[Any], None],
    ) -> None:
        self._clock = clock
        self._interval = interval
        self._on_replaced = on_replaced
        self._emit = emit
        self._next = 0.0
        self._held: Any = None
        self._timer: IDelayedCall | None = None

    def offer(self, thing: Any) -> None:
        """Emit a value at once, or keep it until the interval is over."""
        now = self._clock.seconds()
        if self._timer is None and now >= self._next:
            self._next = now + self._interval
            self._emit(thing)
            return
        self._held = thing
        if self._timer is None:
            self._timer = self._clock.callLater(self._next - now, self._late)
        else:
            self._on_replaced()

    def discard(self) -> None:
        """Drop the value that waits: it is out of date."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._held = None

    def _late(self) -> None:
        held, self._timer, self._held = self._held, None, None
        self._next = self._clock.seconds() + self._interval
        self._emit(held)


MakeConflation = Callable[[Callable[[Any], None]], Conflation]
"""Makes a stream's conflation, given what the stream emits values by."""
