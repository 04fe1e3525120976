"""One virtual time for everything, and the reactor that one run of the daemon sees of it."""

from collections import deque
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.python.failure import Failure

P = ParamSpec("P")
R = TypeVar("R")


class Time(Clock):
    """A clock that stops at each moment at which something is due, not only at the last.

    ``wall_error`` is what the clock on the wall is wrong by, in seconds: it may be set while time
    goes on as ever.
    """

    wall_error = 0.0

    def wall(self) -> float:
        """The time of day, as whoever set the clock wants it."""
        return self.rightNow + self.wall_error

    def run_to(self, moment: float, after_each: Callable[[], object]) -> None:
        """Let everything happen up to ``moment``; ``after_each`` is called after each step."""
        while self.calls and self.calls[0].getTime() <= moment:
            self.rightNow = max(self.rightNow, self.calls[0].getTime())
            self.advance(0)
            after_each()
        self.rightNow = moment


class Life:
    """The reactor of one run of the daemon: what it has scheduled dies with it.

    Work for threads takes the time that ``thread_time`` draws, and then runs here.
    """

    def __init__(self, time: Time, thread_time: Callable[[], float]) -> None:
        self._time = time
        self._thread_time = thread_time
        self._calls: list[IDelayedCall] = []
        self._most = 256
        self.reactor: Any = self
        """Where the results of threads' work come to: the reactor as the daemon sees it."""
        self.dead = False
        self.owners: dict[int, Any] = {}
        """Whose methods were run in threads: the connections, by ``id``."""

    def seconds(self) -> float:
        """Of ``IReactorTime``."""
        return self._time.seconds()

    def callLater(self, delay: float, function: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        """Of ``IReactorTime``."""
        call = self._time.callLater(delay, function, *args, **kw)
        if self.dead:
            call.cancel()
            return call
        self._calls.append(call)
        if len(self._calls) > self._most:
            self._calls = self.pending()
            self._most = 2 * len(self._calls) + 256
        return call

    def callFromThread(self, function: Callable[..., Any], *args: Any, **kw: Any) -> None:
        """Of ``IReactorFromThreads``."""
        self.callLater(0, function, *args, **kw)

    def in_thread(
        self, function: Callable[P, R], /, *arguments: P.args, **words: P.kwargs
    ) -> Deferred[R]:
        """An :class:`webctp.upstream.session.apiqueue.InThread`."""
        owner = getattr(function, "__self__", None)
        if owner is not None:
            self.owners[id(owner)] = owner
        done: Deferred[R] = Deferred()

        def run() -> None:
            try:
                result = function(*arguments, **words)
            except BaseException:  # noqa: BLE001 - as a thread pool does
                done.errback(Failure())
            else:
                done.callback(result)

        self.reactor.callLater(self._thread_time(), run)
        return done

    def pending(self) -> list[IDelayedCall]:
        """What is scheduled still."""
        return [call for call in self._calls if call.active()]

    def kill(self) -> None:
        """The process has ended: nothing of it happens any more."""
        self.dead = True
        for call in self.pending():
            call.cancel()
        self._calls.clear()


class Pipe:
    """A line that hands on what is put into it, in order, each after a delay of its own."""

    def __init__(
        self, time: Time, delay: Callable[[], float], take: Callable[[Any], object]
    ) -> None:
        self._time = time
        self._delay = delay
        self._take = take
        self._items: deque[tuple[float, Any]] = deque()
        self._last = 0.0
        self._timer: IDelayedCall | None = None

    def put(self, item: object) -> None:
        """Send something."""
        self._last = max(self._last, self._time.seconds() + self._delay())
        self._items.append((self._last, item))
        self._arm()

    @property
    def empty(self) -> bool:
        """Whether nothing is under way."""
        return not self._items

    def clear(self) -> None:
        """Lose what is under way."""
        self._items.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        if self._timer is None and self._items:
            wait = max(0.0, self._items[0][0] - self._time.seconds())
            self._timer = self._time.callLater(wait, self._due)

    def _due(self) -> None:
        self._timer = None
        now = self._time.seconds()
        while self._items and self._items[0][0] <= now:
            self._take(self._items.popleft()[1])
        self._arm()
