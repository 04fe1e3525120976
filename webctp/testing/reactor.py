"""A clock that stands for a whole reactor; see :mod:`webctp.testing`."""

from collections.abc import Callable
from typing import Any

from twisted.internet.task import Clock
from twisted.python.failure import Failure
from zope.interface import implementer

from webctp.clock import Reactor


@implementer(Reactor)
class ThreadlessReactor(Clock):
    """A clock that also stands for the reactor's threads: all runs in the test's own.

    Work for threads is done at once, unless ``hold_threads`` is set: then it waits for
    :meth:`run_threads`. What threads hand to the reactor waits for :meth:`turn`, as it would.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hold_threads = False
        self._work: list[Callable[[], None]] = []

    def turn(self) -> None:
        """Run what is due now."""
        self.advance(0)

    def run_threads(self) -> None:
        """Do the work that was held, then turn."""
        work, self._work = self._work, []
        for one in work:
            one()
        self.turn()

    def callFromThread(self, callable: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Run a function in the next turn, as Twisted does for other threads."""
        self.callLater(0, callable, *args, **kwargs)

    def callInThread(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Run a function at once, or hold it while ``hold_threads`` is set."""
        self._work.append(lambda: function(*args, **kwargs))
        if not self.hold_threads:
            work, self._work = self._work, []
            for one in work:
                one()

    def getThreadPool(self) -> "ThreadlessReactor":
        """Return this object, which stands for Twisted's thread pool as well."""
        return self

    def callInThreadWithCallback(
        self,
        on_result: Callable[[bool, Any], Any] | None,
        function: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Run a function as a pool's thread would; pass its result to ``on_result``."""

        def run() -> None:
            try:
                succeeded, result = True, function(*args, **kwargs)
            except BaseException:  # noqa: BLE001 - as the pool itself does
                succeeded, result = False, Failure()
            if on_result is not None:
                on_result(succeeded, result)

        self.callInThread(run)
