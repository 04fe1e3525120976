"""Long work in slices, so that everybody else is served between them.

Whatever takes longer than a moment (a flood of one client's messages, a pattern held against
20,000 instruments) is work that does a slice each time it is called. In each turn of the reactor
all of them together get :data:`A_TURN`, one after the other, whoever has asked for it.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter, sleep
from typing import Final, Generic, TypeVar

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

_log = Logger()

A_TURN: Final = 0.002
"""Seconds of a reactor's turn for everything that waits here."""
A_SLICE: Final = 0.001
"""Seconds after which a work gives way."""

A_MOMENT: Final = 0.00005
"""Seconds for threads that wait for the interpreter, at the end of each such turn.

The native library's threads bring orders' returns and ticks. A reactor that is busy gives the
interpreter away at each system call and takes it back before a thread that waits has woken up:
without a moment in which it does not, they wait for 100 ms and more.
"""

_MOST_STEPS: Final = 100_000
LEAST_STEPS: Final = 8
"""Steps that a slice may take however long they are: what is little is done at once."""

_BATCH: Final = 32

Work = Callable[[], bool]
"""Does a slice; gives whether some is left."""


_T = TypeVar("_T")


def batched(things: Sequence[_T], size: int = _BATCH) -> Iterator[Sequence[_T]]:
    """Give ``things`` some at a time: what one step of long work takes."""
    for at in range(0, len(things), size):
        yield things[at : at + size]


class Slice:
    """A bound of one slice: ``most`` steps, or ``seconds``, whichever is first.

    :param least: steps that are taken whatever time it is.
    """

    __slots__ = ("_left", "_now", "_sure", "_until")

    def __init__(
        self,
        most: int,
        seconds: float = A_SLICE,
        now: Callable[[], float] = perf_counter,
        *,
        least: int = LEAST_STEPS,
    ) -> None:
        self._left = most
        self._sure = most - least
        self._now = now
        self._until = now() + seconds

    def goes_on(self) -> bool:
        """Count a step; gives whether another may follow in this slice."""
        self._left -= 1
        if self._left > self._sure:
            return True
        return self._left > 0 and self._now() < self._until


class BySource(Generic[_T]):
    """A line in which sources take turns: who brings much waits behind its own."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[_T]] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def add(self, source: str, one: _T) -> None:
        """Let one wait."""
        self._count += 1
        self._waiting.setdefault(source, deque()).append(one)

    def take(self) -> tuple[str, _T]:
        """Return who is next, with its source: the first of the source whose turn it is.

        :raises KeyError: if nobody waits.
        """
        source = next(iter(self._waiting), None)
        if source is None:
            raise KeyError("nobody waits")
        others = self._waiting.pop(source)
        one = others.popleft()
        self._count -= 1
        if others:
            self._waiting[source] = others
        return source, one

    def clear(self) -> None:
        """Forget who waits."""
        self._waiting.clear()
        self._count = 0


class Turns:
    """The works that wait, and the reactor's turns for them. Runs in the reactor's thread."""

    def __init__(self, clock: IReactorTime, now: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._now = now
        self._waiting: BySource[Work] = BySource()
        self._next: IDelayedCall | None = None

    def __len__(self) -> int:
        """Return how many works wait."""
        return len(self._waiting)

    def add(self, work: Work, source: str = "") -> None:
        """Call ``work`` once a turn, as time allows, until nothing of it is left.

        :param source: whose it is; the works of sources take turns.
        """
        self._waiting.add(source, work)
        self._schedule()

    def run(
        self,
        steps: Iterator[object],
        on_end: Callable[[], object] | None = None,
        *,
        least: int = LEAST_STEPS,
    ) -> None:
        """Take ``steps`` one by one: a slice at once unless others wait, the rest in later turns.

        :param steps: each step is short (some 0.1 ms at most).
        :param on_end: called when there are no more.
        :param least: see :class:`Slice`.
        """

        def work() -> bool:
            some = Slice(_MOST_STEPS, A_SLICE, self._now, least=least)
            for _ in steps:
                if not some.goes_on():
                    return True
            if on_end is not None:
                on_end()
            return False

        # Of many that come together (clients that go) one may begin at once.
        if self._waiting or work():
            self.add(work)

    def close(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _schedule(self) -> None:
        if self._next is None:
            self._next = self._clock.callLater(0, self._turn)

    def _turn(self) -> None:
        self._next = None
        until = self._now() + A_TURN
        for _ in range(len(self._waiting)):
            source, work = self._waiting.take()
            try:
                left = work()
            except Exception:  # noqa: BLE001 - the others' work must go on
                _log.failure("a work in slices failed")
                left = False
            if left:
                self._waiting.add(source, work)
            if self._now() >= until:
                break
        if self._waiting:
            self._schedule()
        sleep(A_MOMENT)
