"""Keep an edge's lease: what it wants, under a key that ends with it.

What was wanted before a link was lost stays leased until the hub has had time to ask again: its
publisher's front is not to be troubled by every lost link. Everything runs in the reactor's thread.
"""

from collections.abc import Callable
from typing import Any, Final

from twisted.internet.defer import Deferred, fail, inlineCallbacks
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.bus.leases import KINDS, LEASE
from webctp.bus.notes import Names, Wanted, encode
from webctp.bus.redis.line import RedisLine, RedisTrouble, command
from webctp.language.text import english
from webctp.upstream.market.source import Kind

_RENEWAL: Final = LEASE / 4
_SOON: Final = 0.05
"""Seconds in which changes of what is wanted become one."""
_AT_ONCE: Final = 0.001
"""Seconds in which several wishes to be told positions become one."""
_HELD: Final = 60.0
"""Seconds for which what was wanted before a link was lost is wanted still."""


class Lessee:
    """One edge's lease with one publisher.

    :param edge: names the edge; no other has that name.
    :param on_dropped: called with the instruments whose ticks nobody has asked for again.
    """

    def __init__(
        self,
        clock: IReactorTime,
        names: Names,
        edge: bytes,
        on_dropped: Callable[[list[bytes]], object],
    ) -> None:
        self._clock = clock
        self._names = names
        self._edge = edge
        self._on_dropped = on_dropped
        self._wanted: dict[Kind, dict[bytes, None]] = {kind: {} for kind in KINDS}
        self._held: dict[Kind, dict[bytes, None]] = {kind: {} for kind in KINDS}
        self._line: RedisLine | None = None
        self._timers: dict[str, IDelayedCall] = {}
        self._is_closed = False

    @inlineCallbacks
    def begin(self, line: RedisLine) -> Any:
        """Take the lease up over a new link."""
        self._line = line
        yield self._write(line)
        self._later("renewal", _RENEWAL, self._renew)

    def end(self) -> None:
        """Take note that there is no link; the lease lasts for a while."""
        self._line = None
        self._stop("renewal")
        self._stop("change")

    @inlineCallbacks
    def close(self) -> Any:
        """Give the lease up; from now on nothing is written or awaited."""
        self._is_closed = True
        for name in list(self._timers):
            self._stop(name)
        line, self._line = self._line, None
        if line is not None:
            try:
                yield line.ask(b"DEL", self._names.lease(self._edge))
                yield line.ask(b"PUBLISH", self._names.wanted, self._edge)
            except RedisTrouble:
                return  # it ends by itself

    def hold(self) -> None:
        """Hold what is wanted until it was asked for again, or for a while."""
        for kind in KINDS:
            self._held[kind].update(self._wanted[kind])
            self._wanted[kind].clear()
        self._later("held", _HELD, self._drop_held)

    def add(self, kind: Kind, names: list[bytes]) -> None:
        """Want instruments."""
        self._wanted[kind].update(dict.fromkeys(names))
        for name in names:
            self._held[kind].pop(name, None)
        self._changed()

    def remove(self, kind: Kind, names: list[bytes]) -> None:
        """Give instruments up."""
        for name in names:
            self._wanted[kind].pop(name, None)
            self._held[kind].pop(name, None)
        self._changed()

    def ask_positions(self) -> Deferred[Any]:
        """Have the publisher tell where everything stands; it reads the lease, too."""
        if self._line is None:
            return fail(RedisTrouble(english("there is no link to the bus")))
        return self._line.ask(b"PUBLISH", self._names.wanted, self._edge)

    def ask_soon(self) -> None:
        """Have the publisher tell where everything stands, soon and once."""
        if self._line is not None and "positions" not in self._timers:
            self._later("positions", _AT_ONCE, self._ask_now)

    def _ask_now(self) -> None:
        if self._line is not None:
            self._line.post([self._publication()])

    def _changed(self) -> None:
        if self._line is not None and "change" not in self._timers:
            self._later("change", _SOON, self._tell)

    def _tell(self) -> None:
        if self._line is not None:
            self._line.post([*self._commands(), self._publication()])

    def _write(self, line: RedisLine) -> Deferred[Any]:
        """Write the lease, then put the edge on the list; fires with the last reply."""
        first, _ = self._commands()
        line.post([first])
        return line.ask(b"SADD", self._names.edges, self._edge)

    def _commands(self) -> tuple[bytes, bytes]:
        tick, quote = ([*self._held[kind], *self._wanted[kind]] for kind in KINDS)
        value = encode(Wanted(tick, quote))
        key = self._names.lease(self._edge)
        return (
            command(b"SET", key, value, b"EX", b"%d" % LEASE),
            command(b"SADD", self._names.edges, self._edge),
        )

    def _publication(self) -> bytes:
        return command(b"PUBLISH", self._names.wanted, self._edge)

    def _renew(self) -> None:
        self._later("renewal", _RENEWAL, self._renew)
        if self._line is not None:
            self._line.post(self._commands())

    def _drop_held(self) -> None:
        gone = list(self._held["tick"])
        for kind in KINDS:
            self._held[kind].clear()
        self._on_dropped(gone)
        self._changed()

    def _later(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        self._stop(name)
        if self._is_closed:
            return

        def run() -> None:
            del self._timers[name]
            act()

        self._timers[name] = self._clock.callLater(seconds, run)

    def _stop(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
