"""Several lines that tell the same ticks, as one: the first copy of each, and who has stalled.

A line is behind from the moment another tells a tick that it has not told yet, until it tells
any. One that stays behind for long is stalled: connected, logged in, and of no use. Lines are
told apart by their numbers. Everything runs in the reactor's thread.
"""

from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.ctp.codec import Layout
from webctp.upstream.market.firstcopy import FirstCopy

_LOOK: Final = 1.0
"""Seconds between two looks at who is behind."""


class FeedArbiter:
    """See the module's text.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    :param lines: how many there are.
    :param seconds: how long a line may be behind.
    :param changed: called with each line that has stalled, or goes on.
    """

    def __init__(
        self,
        clock: IReactorTime,
        layout: Layout,
        lines: int,
        seconds: float,
        changed: Callable[[int], object],
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._changed = changed
        self.copies = FirstCopy(layout)
        self._behind: list[float | None] = [None] * lines
        self._serving = [False] * lines
        self.stalled: frozenset[int] = frozenset()
        self._timer: IDelayedCall | None = None

    def tick(self, line: int, name: bytes, body: bytes) -> bool:
        """Whether a tick of the instrument ``name`` is the first copy, to be passed on."""
        self._behind[line] = None
        if not self.copies.tick(line, name, body):
            return False
        now = self._clock.seconds()
        for other, since in enumerate(self._behind):
            if since is None and other != line:
                self._behind[other] = now
        return True

    def serving(self, line: int, serves: bool) -> None:
        """A line has become ready, or is so no more: who is away has not stalled."""
        self._serving[line] = serves
        self._behind[line] = None
        self.stalled -= {line}
        self.close()
        self._watch()

    def close(self) -> None:
        """Run no clock any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _watch(self) -> None:
        if sum(self._serving) > 1:  # alone nobody is behind
            self._timer = self._clock.callLater(_LOOK, self._look)

    def _look(self) -> None:
        due = self._clock.seconds() - self._seconds
        behind = (
            line
            for line, since in enumerate(self._behind)
            if self._serving[line] and since is not None and since <= due
        )
        before, self.stalled = self.stalled, frozenset(behind)
        self._watch()
        for line in sorted(before ^ self.stalled):
            self._changed(line)
