"""Subscribe, at a CTP node, what edges want: leases that end with their edge.

An edge keeps what it wants under a key that expires, and says so on a channel when it changes. A
lease that was not seen for :data:`LEASE` seconds has ended; while Redis cannot be asked, none
ends. Everything runs in the reactor's thread.
"""

from collections import Counter
from typing import Any, Final

from twisted.internet.defer import inlineCallbacks
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from webctp.bus.notes import Names, Wanted, wanted_of
from webctp.bus.redis.line import RedisLine
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.source import Kind

_log = Logger()

LEASE: Final = 15
"""Seconds that a lease lasts unless it is renewed."""
KINDS: Final[tuple[Kind, ...]] = ("tick", "quote")
_NOTHING: Final = Wanted([], [])


class Edges:
    """All edges of a publisher. To the hub it is a client like others, one that is sent nothing."""

    outbox = None

    def __init__(self, hub: MarketHub[Any]) -> None:
        self._hub = hub
        self._wanted: dict[bytes, Wanted] = {}
        self._counts: dict[Kind, Counter[bytes]] = {kind: Counter() for kind in KINDS}
        self._refused: dict[Kind, dict[bytes, None]] = {kind: {} for kind in KINDS}
        """Wanted, and refused by the hub, which may have room when others are given up."""

    def __len__(self) -> int:
        return len(self._wanted)

    def __contains__(self, edge: bytes) -> bool:
        return edge in self._wanted

    def specs_of(self, name: bytes) -> tuple[()]:
        """Return no streams: edges are sent what is published."""
        return ()

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Take what the hub tells a client: it would have too many instruments."""
        _log.warn("the bus: {detail}", detail=detail)

    def wants(self, edge: bytes, wanted: Wanted) -> None:
        """Note what an edge wants; subscribe what is new, give up what nobody wants any more.

        What the front refuses it is asked for again, for the edge has not heard that.
        """
        before = self._wanted.get(edge, _NOTHING)
        self._wanted[edge] = wanted
        self._change(before, wanted)

    def gone(self, edge: bytes) -> None:
        """Give up what an edge alone has wanted."""
        self._change(self._wanted.pop(edge, _NOTHING), _NOTHING)

    def _change(self, before: Wanted, after: Wanted) -> None:
        for kind in KINDS:
            old, new = set(getattr(before, kind)), set(getattr(after, kind))
            unheard = new if new == old else new - old  # the link of one that comes back is new
            counts = self._counts[kind]
            first = [
                name for name in unheard if not counts[name] or self._hub.is_refused(kind, name)
            ]
            counts.update(new - old)
            counts.subtract(old - new)
            last = [name for name in old - new if not counts[name]]
            for name in last:
                del counts[name]
                self._refused[kind].pop(name, None)
            self._hub.unsubscribe(kind, self, last)
            self._subscribe(kind, first)

    def _subscribe(self, kind: Kind, names: list[bytes]) -> None:
        """Subscribe to instruments, then to what was refused before."""
        before, self._refused[kind] = self._refused[kind], {}
        for some, is_new in ((names, True), (list(before), False)):
            try:
                self._hub.subscribe(kind, self, some)
            except Refusal as problem:
                self._refused[kind].update(dict.fromkeys(some))
                if is_new:
                    _log.warn("the bus: {detail}", detail=problem.detail)


class Leases:
    """Reads the leases of a publisher's edges."""

    def __init__(self, clock: IReactorTime, names: Names, edges: Edges) -> None:
        self._clock = clock
        self._names = names
        self._edges = edges
        self._seen: dict[bytes, float] = {}

    @inlineCallbacks
    def read(self, line: RedisLine, edge: bytes) -> Any:
        """Read one edge's lease; it may have none any more."""
        raw = yield line.ask(b"GET", self._names.lease(edge))
        if raw is not None:
            self._seen[edge] = self._clock.seconds()
            self._edges.wants(edge, wanted_of(raw))

    @inlineCallbacks
    def look(self, line: RedisLine, *, again: bool = False) -> Any:
        """Look which leases there are, and end those that are no more.

        :param again: whether leases known are read as well: news of them may have been missed.
        """
        listed = yield line.ask(b"SMEMBERS", self._names.edges)
        for edge in listed:
            if again or edge not in self._edges:
                yield self.read(line, edge)
            elif (yield line.ask(b"EXISTS", self._names.lease(edge))):
                self._seen[edge] = self._clock.seconds()
            if edge not in self._seen:
                # It ended before this publisher began: nobody else would take it off the list.
                yield line.ask(b"SREM", self._names.edges, edge)
        ended = self._clock.seconds() - LEASE
        for edge in [one for one, seen in self._seen.items() if seen <= ended]:
            del self._seen[edge]
            self._edges.gone(edge)
            yield line.ask(b"SREM", self._names.edges, edge)
