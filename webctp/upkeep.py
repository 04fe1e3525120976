"""Give memory back that clients have left, and collect old garbage, in a quiet moment.

A collection of the old generation stops everything, for 0.16 us an object: Python 3.11 has no way
to do a part of one. :meth:`Upkeep.set_aside` spares them what was made at the start, 150,000
objects that stay for good; what is left are some 2,400 of each trading session. Python begins none
by itself any more: those that are due wait for a second in which nobody asked, nothing has come
that is not read, and CTP owes no answer.

What a client has held is freed when it goes. The C library keeps much of that for itself where
something small lies above it: after a flood hundreds of MiB. ``malloc_trim`` gives it back, but
holds the allocator's lock for about a millisecond a MiB: it runs in a thread, when the process has
little to do, and not often.
"""

import ctypes
import gc
from collections.abc import Callable, Iterator
from time import process_time
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.metrics import Kind, Metric, Sample

_log = Logger()

LOOK: Final = 1.0
"""Seconds between two looks."""
WORTH: Final = 16 * 1024 * 1024
"""Bytes freed since the last time that are worth the trouble."""
QUIET: Final = 0.3
"""The share of a processor that a quiet process takes at most."""
NEVER: Final = 2**31 - 1
"""The threshold of a generation that Python does not collect by itself."""
OLDEST: Final = 3600.0
"""Seconds from one collection of old garbage to the next at most."""
GROWN: Final = 1.25
"""By how much more old objects there are than the last one has left, when the next is due: of
sessions that end, half of what is left is cycles."""
ROOM: Final = 20_000
"""Objects that are not worth a collection."""
PATIENCE: Final = 60.0
"""Seconds after which all this is done though the process was never quiet: of clients and sessions
that come and go much becomes garbage, and a little of it stops everybody for less."""

_GIVEN_BACK: Final = Metric(
    "webctp_memory_given_back_total",
    Kind.COUNTER,
    "Times that free memory was returned to the system.",
    "将空闲内存归还系统的次数。",
)
_COLLECTED: Final = Metric(
    "webctp_gc_old_collections_total",
    Kind.COUNTER,
    "Collections of old garbage in a quiet second; Python's own come beside them.",
    "在空闲的一秒内进行的老年代垃圾回收次数；Python 自身的回收另计。",
)
_FREED: Final = Metric(
    "webctp_clients_freed_bytes_total",
    Kind.COUNTER,
    "Bytes held for clients that were let go of.",
    "曾为客户端保留、现已释放的字节数。",
)

ARENAS: Final = 2
"""Heaps of the C library's, which would have eight for each processor: threads of the CTP library
come and go by the hundred, and what each of them leaves is scattered over all."""
_M_ARENA_MAX: Final = -8
ENDED: Final = 64
"""Sessions whose cycles are worth a look at everything."""

InThread = Callable[[Callable[[], object]], Deferred[Any]]


def give_back() -> bool:
    """Return free memory to the system; any thread. False where the C library has no way to."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is None:
        return False
    trim(0)
    return True


def bound_heaps() -> bool:
    """Let threads to come share the C library's heaps; before the first of them.

    Return False where the C library has no way to.
    """
    bound = getattr(ctypes.CDLL(None), "mallopt", None)
    return bound is not None and bool(bound(_M_ARENA_MAX, ARENAS))


class _Wait:
    """How long something that is due has waited for a quiet second."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._since: float | None = None

    def is_over(self, *, quiet: bool) -> bool:
        """Return whether it is done now: the second was quiet, or there never is such a one."""
        now = self._clock.seconds()
        if self._since is None:
            self._since = now
        return quiet or now - self._since >= PATIENCE

    def end(self) -> None:
        """Take note that it is done, or due no more."""
        self._since = None


class Upkeep:
    """Looks every second whether there is memory to be given back.

    :param freed: bytes that have been let go of, ever.
    :param in_thread: runs something in a thread.
    :param messages: messages from clients and to them, ever, market data left out. A second with
        one is not quiet, however little the process has to do: the next order would wait.
    :param ended: trading sessions that have ended, ever.
    :param awaited: whether somebody waits at this moment for what the next turns bring.
    :param processor: seconds of processor time that the process has taken, ever.
    """

    def __init__(
        self,
        clock: IReactorTime,
        freed: Callable[[], int],
        in_thread: InThread,
        *,
        messages: Callable[[], int],
        ended: Callable[[], int] = lambda: 0,
        awaited: Callable[[], bool] = lambda: False,
        give: Callable[[], bool] = give_back,
        processor: Callable[[], float] = process_time,
    ) -> None:
        self._clock = clock
        self._freed = freed
        self._in_thread = in_thread
        self._messages = messages
        self._ended = ended
        self._awaited = awaited
        self._give = give
        self._processor = processor
        self._next: IDelayedCall | None = None
        self._taken = 0.0
        self._messages_seen = 0
        self._seen = 0
        self._ended_seen = 0
        self._looked = 0.0
        self._room = _Wait(clock)
        """Of memory that is to be given back."""
        self._garbage = _Wait(clock)
        """Of old garbage: apart, or what is freed again and again would put it off."""
        self._thresholds = gc.get_threshold()
        self._collected = 0.0
        self._old = 0
        """Old objects when they were counted last."""
        self._left = 0
        """How many of them the last collection has left."""
        self._counted = 0
        """Collections of younger ones since, up to which old objects were counted."""
        self._given = self._collections = 0

    def samples(self) -> Iterator[Sample]:
        """Read how often memory and garbage were seen to; called on a scrape."""
        yield _GIVEN_BACK.sample(self._given)
        yield _COLLECTED.sample(self._collections)
        yield _FREED.sample(self._freed())

    def start(self) -> None:
        """Begin to look; old garbage is collected here from now on."""
        self._thresholds = gc.get_threshold()
        gc.set_threshold(*self._thresholds[:2], NEVER)
        self._seen = self._freed()
        self._collected = self._clock.seconds()
        self._note()
        self._schedule()

    def set_aside(self) -> None:
        """Spare collections what was made so far: it stays for good.

        To look at it each time would take some 25 ms more.
        """
        gc.collect()
        gc.freeze()
        self._counted = 0

    def stop(self) -> None:
        """Look no more."""
        gc.set_threshold(*self._thresholds)
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _schedule(self) -> None:
        self._next = self._clock.callLater(LOOK, self._look)

    def _note(self) -> None:
        self._taken, self._looked = self._processor(), self._clock.seconds()
        self._messages_seen = self._messages()

    def _look(self) -> None:
        self._next = None
        quiet = self._is_quiet()
        if (
            self._is_due()
            and self._garbage.is_over(quiet=quiet)
            and (self._is_overdue() or self._has_grown())
        ):
            self._collect()
        elif self._freed() - self._seen >= WORTH and self._room.is_over(quiet=quiet):
            # Young cycles hold what was freed last; old ones are left to the collector.
            gc.collect(1)
            self._give_back()
        self._note()
        self._schedule()

    def _give_back(self) -> None:
        self._seen = self._freed()
        self._room.end()
        self._given += 1
        self._in_thread(self._give).addErrback(self._failed)

    def _is_due(self) -> bool:
        """Return whether there may be old garbage that is worth the time that others wait."""
        return self._is_overdue() or self._were_enough_made()

    def _is_overdue(self) -> bool:
        if self._ended() - self._ended_seen >= ENDED:
            return True
        return self._clock.seconds() - self._collected >= OLDEST

    @property
    def _enough(self) -> float:
        """How many more old objects than the last collection has left are worth the next."""
        return (GROWN - 1) * self._left + ROOM

    def _were_enough_made(self) -> bool:
        """Return whether so many objects were made, and were still there a while later.

        Python collects younger objects whenever there are so many more.
        """
        young = self._thresholds[0] * (self._thresholds[1] + 1)
        return (gc.get_count()[2] - self._counted) * young > self._enough

    def _has_grown(self) -> bool:
        """Count old objects, which takes some 25 ns each; return whether enough are still there."""
        self._old, self._counted = len(gc.get_objects(generation=2)), gc.get_count()[2]
        grown = self._old > self._left + self._enough
        if not grown:
            self._garbage.end()
        return grown

    def _collect(self) -> None:
        """Collect all garbage, but among what was set aside at the start."""
        self._ended_seen = self._ended()
        self._collections += 1
        self._collected, self._counted = self._clock.seconds(), 0
        self._garbage.end()
        self._left = max(self._old - gc.collect(), 0)
        self._give_back()

    def _is_quiet(self) -> bool:
        """Return whether nothing was asked or answered since the last look, in little time.

        Nor may there be anything to read or to be answered at this moment.
        """
        if self._messages() != self._messages_seen or self._awaited():
            return False
        spent = self._processor() - self._taken
        return spent <= QUIET * (self._clock.seconds() - self._looked)

    def _failed(self, failure: Any) -> None:
        _log.failure("cannot give memory back", failure)
