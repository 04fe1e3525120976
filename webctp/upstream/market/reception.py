"""When ticks were received, however long they then wait for the reactor.

At a front whose time is ours, now is good enough. A replay or a simulated market may run hundreds
of times as fast, or as fast as ticks are taken: while a tick waits, hours pass at such a front. So
each tick brings its time of reception along, from the thread that received it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.ctp.bridge import CallbackEvent, FromThread, TickBridge
from webctp.ctp.front import FrontTime, china_time
from webctp.recording.recorder import Record

_new: Final = tuple.__new__

_PATIENCE: Final = 60.0
"""Seconds that a front waits that goes as fast as its ticks are taken, before any is dropped."""

_ENDED: Final = 5.0
"""Seconds without a tick after which such a front has told all of its record."""
_AFTERWARDS: Final = 3600.0
"""How fast its time runs then: nobody knows, but bars are to be closed."""


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
        """Queue a tick with its time of reception; the native thread of one front calls this."""
        if self._record is not None and event.body is not None:
            self._record(event.body)
        callback, body, info, _, is_last = event
        # A third of what _replace takes: all of this runs on the callback thread.
        super().put_tick(_new(CallbackEvent, (callback, body, info, self._front.clock(), is_last)))


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


class ExchangeTime:
    """What time it is at the exchanges: by their ticks, but not later than the front's time.

    It runs on from the newest tick. Where ticks alone tell the time and none comes any more, all
    of the record has been told; then it runs fast, so that the last bars are closed as well.
    Everything runs in the reactor's thread.
    """

    def __init__(self, clock: IReactorTime, front: FrontTime) -> None:
        self._clock = clock
        self._front = front
        self._newest = datetime.min
        self._newest_at = 0.0

    def is_at(self, moment: datetime) -> bool:
        """Take a tick's moment; return whether it is later than all before."""
        if moment <= self._newest:
            return False
        self._newest, self._newest_at = moment, self._clock.seconds()
        return True

    def now(self) -> datetime:
        """Return the time in China, ``datetime.min`` before the first tick."""
        if self._newest == datetime.min:
            return self._newest
        gone, speed = self._clock.seconds() - self._newest_at, self._front.speed
        if not speed:
            fast = max(gone - _ENDED, 0.0) * _AFTERWARDS
            return self._newest + timedelta(seconds=gone + fast)
        now = self._newest + timedelta(seconds=gone * speed)
        return min(now, china_time(self._front.clock()))

    def seconds_to(self, moment: datetime) -> float:
        """Return in how many of our seconds to look whether it is a moment."""
        away = (moment - self.now()).total_seconds()
        speed = self._front.speed
        return away / speed if speed else min(away, _ENDED)
