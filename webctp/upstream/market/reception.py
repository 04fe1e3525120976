"""When ticks were received, however long they then wait for the reactor.

At a front whose time is ours, now is good enough. A replay or a simulated market may run hundreds
of times as fast, or as fast as ticks are taken: while a tick waits, hours pass at such a front. So
each tick brings its time of reception along, from the thread that received it.
"""

from collections.abc import Callable, Iterable
from typing import Final

from webctp.ctp.bridge import CallbackEvent, FromThread, TickBridge
from webctp.ctp.front import FrontTime
from webctp.recording.recorder import Record

_PATIENCE: Final = 60.0
"""Seconds that a front waits that goes as fast as its ticks are taken, before any is dropped."""


class TimedBridge(TickBridge):
    """A bridge that notes in ``number`` of each tick when it was received.

    A front whose ticks alone tell its time (speed 0) goes as fast as they are taken: none is
    passed over while the reactor takes some.

    :param front: asked for its time on the callback thread.
    :param record: gets each tick's bytes before anything can be passed over; None for nobody.
    """

    def __init__(
        self,
        reactor: FromThread,
        deliver: Callable[[Iterable[CallbackEvent]], object],
        instrument: slice,
        front: FrontTime,
        record: Record | None,
    ) -> None:
        super().__init__(reactor, deliver, instrument)
        self._front = front
        if not front.speed:
            self._patience = _PATIENCE
        self._record = record

    def put_tick(self, event: CallbackEvent) -> None:
        """See :class:`webctp.ctp.bridge.TickBridge`."""
        if self._record is not None and event.body is not None:
            self._record(event.body)
        super().put_tick(event._replace(number=self._front.clock()))


class Reception:
    """The time at a front, as the tick at hand was received: a ``FrontTime``.

    ``received`` is that tick's, in nanoseconds since 1970; 0 where now is good enough. It belongs
    to the reactor's thread.
    """

    def __init__(self, front: FrontTime) -> None:
        self._front = front
        self.received = 0

    @property
    def speed(self) -> float:
        """Return the seconds at the front that pass in one of ours."""
        return self._front.speed

    def clock(self) -> int:
        """Return the time at the front, in nanoseconds since 1970."""
        return self.received or self._front.clock()
