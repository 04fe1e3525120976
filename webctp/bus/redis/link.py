"""Keep a link to Redis: one connection that is written to, one with subscriptions.

Both are there or neither is. A link that is lost is made again after a while, which grows with
each attempt in vain and is never the same for two: a thousand edges do not come back at once.
Everything runs in the reactor's thread.
"""

import random
from collections.abc import Callable
from typing import Any, Final

from twisted.internet.defer import CancelledError, Deferred, inlineCallbacks, succeed
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.bus.redis.address import Connector
from webctp.bus.redis.line import RedisLine, RedisTrouble
from webctp.clock import Reactor
from webctp.language.text import Text, english

_log = Logger()

_FIRST: Final = 0.1
_MOST: Final = 2.0
"""Seconds between two attempts; each wait is drawn between half of it and the whole."""

Greet = Callable[[RedisLine, RedisLine], Deferred[None]]
"""Makes a new link ready; it is given the connection to write to, and that for subscriptions."""


class Link:
    """A link to Redis that is made again whenever it is lost.

    :param make_main: makes the connection that is written to.
    :param make_listener: makes the one with subscriptions.
    :param greet: see :data:`Greet`.
    :param on_down: called with the reason when a link is lost, and after each attempt in vain.
    :param draw: gives a number from 0 to 1, for the waits.
    """

    def __init__(
        self,
        reactor: Reactor,
        connector: Connector,
        make_main: Callable[[], RedisLine],
        make_listener: Callable[[], RedisLine],
        greet: Greet,
        on_down: Callable[[Text], object],
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._clock = reactor
        self._connector = connector
        self._makers = (make_main, make_listener)
        self._greet = greet
        self._on_down = on_down
        self._draw = draw
        self._lines: list[RedisLine] = []
        self._wait = _FIRST
        self._timer: IDelayedCall | None = None
        self._running: Deferred[None] = succeed(None)
        self._connecting: Deferred[RedisLine] | None = None
        self._is_closed = False
        self._told = ""
        self.ups = 0
        """How often a link was made."""

    def start(self) -> None:
        """Connect, and keep connected."""
        self._timer = None
        self._running = self._connect()
        self._running.addErrback(self._failed)

    def close(self) -> Deferred[None]:
        """End the link for good; fires when nothing of it is left."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        ended: Deferred[None] = Deferred()
        self._running.addBoth(lambda _: ended.callback(None))
        if self._connecting is not None:
            self._connecting.cancel()
        self.drop(english("the daemon stops"))
        return ended

    def drop(self, reason: Text) -> None:
        """Give this link up; another is made."""
        for line in self._lines:
            line.drop(reason)

    @inlineCallbacks
    def _connect(self) -> Any:
        """Make a link, and wait for its end."""
        lines: list[RedisLine] = []
        reason = english("the daemon stops")
        try:
            for make in self._makers:
                self._connecting = self._connector.connect(make)
                line: RedisLine = yield self._connecting
                self._connecting = None
                lines.append(line)
                self._lines = lines
                if self._is_closed:
                    return
            ended = [line.lost.addCallback(self._lost, lines) for line in lines]
            yield self._greet(*lines)
            self._wait, self._told = _FIRST, ""
            self.ups += 1
            reason = yield ended[0]
        except RedisTrouble as problem:
            reason = problem.reason
        except CancelledError:
            pass  # the link is closed while one of its connections logs in
        finally:
            self._connecting = None
            for line in lines:
                line.drop(reason)
            self._lines = []
        if not self._is_closed:
            self._again(reason)

    def _failed(self, failure: Failure) -> None:
        _log.failure("the bus is given up for a while", failure)
        if not self._is_closed:
            self._again(english("a fault of webctp's own"))

    def _lost(self, reason: Text, lines: list[RedisLine]) -> Text:
        for line in lines:
            line.drop(reason)
        return reason

    def _again(self, reason: Text) -> None:
        """Tell that there is no link, once a reason, and wait for the next attempt."""
        if reason != self._told:
            self._told = reason
            _log.warn("no link to the bus: {reason}; trying on", reason=reason)
        wait, self._wait = self._wait, min(self._wait * 2, _MOST)
        self._timer = self._clock.callLater(wait * (0.5 + self._draw() / 2), self.start)
        self._on_down(reason)
