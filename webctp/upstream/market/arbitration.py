"""Several feeds that tell the same ticks, as one: the first copy of each, and who has stalled.

A feed is behind from the moment another tells a tick that it has not told yet, until it tells
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
    """Pass on the first copy of each tick of several feeds, and find stalled feeds.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    :param feeds: how many there are.
    :param seconds: how long a feed may be behind.
    :param changed: called with each feed that has stalled, or goes on.
    """

    def __init__(
        self,
        clock: IReactorTime,
        layout: Layout,
        feeds: int,
        seconds: float,
        changed: Callable[[int], object],
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._changed = changed
        self.copies = FirstCopy(layout)
        self._behind: list[float | None] = [None] * feeds
        self._serving = [False] * feeds
        self.stalled: frozenset[int] = frozenset()
        self._timer: IDelayedCall | None = None

    def tick(self, feed: int, name: bytes, body: bytes) -> bool:
        """Whether a tick of the instrument ``name`` is the first copy, to be passed on."""
        self._behind[feed] = None
        if not self.copies.tick(feed, name, body):
            return False
        now = self._clock.seconds()
        for other, since in enumerate(self._behind):
            if since is None and other != feed:
                self._behind[other] = now
        return True

    def serving(self, feed: int, serves: bool) -> None:
        """A feed has become ready, or is so no more: who is away has not stalled."""
        self._serving[feed] = serves
        self._behind[feed] = None
        self.stalled -= {feed}
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
            feed
            for feed, since in enumerate(self._behind)
            if self._serving[feed] and since is not None and since <= due
        )
        before, self.stalled = self.stalled, frozenset(behind)
        self._watch()
        for feed in sorted(before ^ self.stalled):
            self._changed(feed)
