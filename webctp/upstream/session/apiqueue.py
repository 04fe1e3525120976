"""The native library's `Init` and `Release`: one at a time in the process, off the reactor.

They are not thread-safe, says the vendor, neither among APIs of one kind nor between trading and
market data: the daemon has one :class:`ApiQueue` for all of them.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.clock import Reactor
from webctp.language.text import english
from webctp.metrics import Kind, Metric, Sample

_log = Logger()

_WAITING: Final = Metric(
    "webctp_api_calls_waiting",
    Kind.GAUGE,
    "Openings and releases of CTP's APIs that wait for their turn.",
    "等待执行的 CTP 接口创建与释放数。",
    ("call",),
)
_CALLS: Final = Metric(
    "webctp_api_calls_total",
    Kind.COUNTER,
    "Openings and releases of CTP's APIs that were begun.",
    "已开始的 CTP 接口创建与释放次数。",
    ("call",),
)
_STUCK: Final = Metric(
    "webctp_apis_stuck",
    Kind.GAUGE,
    "Calls of Init or Release in the CTP library that do not come back.",
    "CTP 库中未返回的 Init 或 Release 调用数。",
)
_WERE_STUCK: Final = Metric(
    "webctp_api_calls_stuck_total",
    Kind.COUNTER,
    "Openings and releases of CTP's APIs that took longer than 5 s.",
    "耗时超过 5 秒的 CTP 接口创建与释放次数。",
)

P = ParamSpec("P")
R = TypeVar("R")


class InThread(Protocol):
    """Run functions off the reactor's thread."""

    def __call__(
        self, function: Callable[P, R], /, *arguments: P.args, **words: P.kwargs
    ) -> Deferred[R]:
        """Call ``function``; fires with its result, in the reactor's thread."""


PATIENCE: Final = 5.0
"""Seconds that a call may take, and that others wait for it. Measured: 1 to 3 milliseconds."""
MOST_STUCK: Final = 4
"""Calls that may be stuck before no API is opened any more: each holds a thread of the pool."""


class OpeningRefused(Exception):
    """Too many APIs are stuck for another; the text says how many, and the remedy."""


def reactor_threads(reactor: Reactor) -> InThread:
    """Return an :class:`InThread` on the reactor's own thread pool."""

    def in_thread(
        function: Callable[P, R], /, *arguments: P.args, **words: P.kwargs
    ) -> Deferred[R]:
        pool = reactor.getThreadPool()
        return deferToThreadPool(reactor, pool, function, *arguments, **words)

    return in_thread


@dataclass(frozen=True, slots=True)
class _Call:
    """An opening or a release that waits, and what fires with its result."""

    function: Callable[[], object]
    done: Deferred[Any]


class ApiQueue:
    """Work off openings and releases of APIs one by one. Runs in the reactor's thread.

    Openings go first: a login does not wait for the releases of those who have left, but for the
    call under way at most. That one has :data:`PATIENCE` seconds. One that takes longer is stuck:
    a warning says so, and the next goes on beside it, thread-safe or not, for a gateway at which
    nobody can log in any more helps nobody. With :data:`MOST_STUCK` of them, openings are refused
    until one has come back.

    :param clock: the reactor.
    """

    def __init__(
        self, clock: IReactorTime, in_thread: InThread, patience: float = PATIENCE
    ) -> None:
        self.clock = clock
        self._in_thread = in_thread
        self._patience = patience
        self._openings: deque[_Call] = deque()
        self._releases: deque[_Call] = deque()
        self._current: _Call | None = None
        self._stuck: set[Deferred[Any]] = set()
        self._opened = self._released = self._were_stuck = 0

    @classmethod
    def on(cls, reactor: Reactor) -> "ApiQueue":
        """Make a queue on the reactor's clock and its own thread pool."""
        return cls(reactor, reactor_threads(reactor))

    @property
    def stuck(self) -> int:
        """How many calls have taken longer than :data:`PATIENCE` and have not returned."""
        return len(self._stuck)

    def samples(self) -> Iterator[Sample]:
        """Read the queue's figures; called on a scrape."""
        yield _WAITING.sample(len(self._openings), "open")
        yield _WAITING.sample(len(self._releases), "release")
        yield _CALLS.sample(self._opened, "open")
        yield _CALLS.sample(self._released, "release")
        yield _STUCK.sample(self.stuck)
        yield _WERE_STUCK.sample(self._were_stuck)

    def open(self, function: Callable[[], R]) -> Deferred[R]:
        """Run ``function``, which creates and starts an API, in its turn; gives its result.

        Fails with :class:`OpeningRefused` where no API is opened now.
        """
        return self._queue(self._openings, function)

    def release(self, function: Callable[[], R]) -> Deferred[R]:
        """Run ``function``, which releases an API, when no opening waits; gives its result."""
        return self._queue(self._releases, function)

    def _queue(self, queue: deque[_Call], function: Callable[[], R]) -> Deferred[R]:
        done: Deferred[R] = Deferred()
        queue.append(_Call(function, done))
        self._advance()
        return done

    def _advance(self) -> None:
        while self._current is None and (self._openings or self._releases):
            opening = bool(self._openings)
            call = (self._openings if opening else self._releases).popleft()
            if opening and len(self._stuck) >= MOST_STUCK:
                call.done.errback(
                    OpeningRefused(
                        english("{stuck} CTP APIs are stuck; restart webctp", stuck=self.stuck)
                    )
                )
                continue
            if opening:
                self._opened += 1
            else:
                self._released += 1
            self._current = call
            late = self.clock.callLater(self._patience, self._is_stuck, call)
            self._in_thread(call.function).addBoth(self._returned, call, late)

    def _is_stuck(self, call: _Call) -> None:
        self._stuck.add(call.done)
        self._were_stuck += 1
        _log.warn(
            "a call of the CTP library has not returned for {seconds} s; {stuck} do not; "
            "others go on without waiting for it",
            seconds=self._patience,
            stuck=self.stuck,
        )
        self._current = None
        self._advance()

    def _returned(self, result: object, call: _Call, late: IDelayedCall) -> None:
        if late.active():
            late.cancel()
        if self._current is call:
            self._current = None
        self._stuck.discard(call.done)
        if isinstance(result, Failure):
            call.done.errback(result)
        else:
            call.done.callback(result)
        self._advance()
