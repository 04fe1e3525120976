"""Who gets what is pushed: the streams of a client, by instrument and by kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from webctp_client.made import own, structs
from webctp_client.protocol.messages import Message, Tick
from webctp_client.streams import Stream

Item = tuple[str, Any]
"""What a program's handler is called with: the method's name, and the item."""
_MOST_ROUTES: Final = 65_536


def tick_key(tick: structs.DepthMarketData) -> Hashable:
    """Return what a tick is the newest of."""
    return tick.InstrumentID


def bar_key(bar: own.Bar) -> Hashable:
    """Return what a growing bar is the newest of; None for one that is over."""
    return None if bar.IsClosed else (bar.InstrumentID, bar.Period)


def item_key(item: Item) -> Hashable:
    """Return what an item for a handler is the newest of; None for what must not be dropped."""
    kind, one = item
    if kind == "on_tick":
        return ("on_tick", one.InstrumentID)
    if kind == "on_bar" and not one.IsClosed:
        return ("on_bar", one.InstrumentID, one.Period)
    return None


@dataclass(frozen=True)
class Wish:
    """How a stream wants its ticks; see the parameters of a client's ``ticks``."""

    interval_ms: int | None = None
    changes: bool = False
    is_stale: bool = False
    fields: tuple[str, ...] | None = None


NO_WISH: Final = Wish()


def words_of(wishes: Sequence[Wish]) -> dict[str, Any]:
    """Return the words of a subscription that gives several streams what each wants, or more."""
    words: dict[str, Any] = {}
    intervals = [one.interval_ms for one in wishes]
    if None not in intervals:
        words["IntervalMs"] = min(one for one in intervals if one is not None)
    if any(one.changes for one in wishes):
        words["Changes"] = True
    if any(one.is_stale for one in wishes):
        words["Stale"] = True
    fields = [one.fields for one in wishes]
    if None not in fields:
        words["Fields"] = sorted({name for one in fields if one is not None for name in one})
    return words


class Wanted:
    """The instruments that a stream wants: by name, by pattern (``rb*``), by product (``@rb``)."""

    def __init__(self, names: Iterable[str], wish: Wish = NO_WISH) -> None:
        self.wish = wish
        self.names = tuple(dict.fromkeys(names))
        self._plain = frozenset(self.names)
        patterns = [one for one in self.names if "*" in one or "?" in one]
        self._patterns = [
            re.compile(re.escape(one).replace(r"\*", ".*").replace(r"\?", ".")) for one in patterns
        ]

    def takes(self, instrument: str, main: str | None) -> bool:
        """Return whether it wants an instrument; ``main`` is the name that brought it about."""
        if main is not None:
            return main in self._plain
        return instrument in self._plain or any(one.fullmatch(instrument) for one in self._patterns)


Put = Callable[[Any], None]
"""Puts a tick into a stream."""


class TickStreams:
    """The streams of ticks, and which of them take an instrument's.

    A stream takes either what is news or what is stale: nobody is shown the one for the other.
    """

    def __init__(self) -> None:
        self._streams: dict[Put, Wanted] = {}
        self._routes: dict[tuple[str, str | None, bool], tuple[Put, ...]] = {}

    def words(self, name: str) -> dict[str, Any]:
        """Return the words of a name's subscription: of all streams that want it."""
        return words_of([one.wish for one in self._streams.values() if name in one.names])

    def add(self, put: Put, wanted: Wanted) -> None:
        """Add a stream by what puts a tick into it."""
        self._streams[put] = wanted
        self._routes.clear()

    def remove(self, put: Put) -> list[str]:
        """Remove a stream; return the names that no other wants any more."""
        gone = self._streams.pop(put, None)
        self._routes.clear()
        left = {name for wanted in self._streams.values() for name in wanted.names}
        return [] if gone is None else [name for name in gone.names if name not in left]

    def push(self, tick: Tick) -> None:
        """Hand a tick to who wants it."""
        body = tick.body
        key = (body.InstrumentID, tick.MainContract, tick.Stale)
        found = self._routes.get(key)
        if found is None:
            if len(self._routes) >= _MOST_ROUTES:
                self._routes.clear()
            found = self._routes[key] = tuple(
                put
                for put, wanted in self._streams.items()
                if wanted.wish.is_stale == tick.Stale and wanted.takes(key[0], key[1])
            )
        for put in found:
            put(body)


class BarStream:
    """A stream of bars: its instruments and periods, and the last that it has given of each.

    A bar that is over comes once, also where a subscription is sent again and brings it anew.
    """

    def __init__(self, put: Callable[[own.Bar], None], wanted: Wanted, periods: list[str]) -> None:
        self.wanted = wanted
        self.periods = periods
        self._put = put
        self._last: dict[tuple[str, str], str] = {}

    def push(self, message: own.RtnBar) -> None:
        """Give a bar, if it is wanted and news."""
        bar = message.Bar
        if bar.Period not in self.periods:
            return
        if not self.wanted.takes(bar.InstrumentID, message.MainContract):
            return
        key = (bar.InstrumentID, bar.Period)
        if bar.BeginTime <= self._last.get(key, ""):
            return
        if bar.IsClosed:
            self._last[key] = bar.BeginTime
        self._put(bar)


class Hub:
    """All streams of a client."""

    def __init__(self) -> None:
        self.ticks = TickStreams()
        self.partial = TickStreams()
        """Those of some fields only."""
        self.bars: list[BarStream] = []
        self.kinds: dict[str, list[Stream[Any]]] = {}
        """By the name of a handler's method: the streams that take its items."""
        self.everything: list[Stream[Item]] = []

    def stream(self, kind: str, limit: int) -> Stream[Any]:
        """Return a stream of everything that a handler's method would be called with."""
        streams = self.kinds.setdefault(kind, [])
        made: Stream[Any] = Stream(limit, on_close=lambda: streams.remove(made))
        streams.append(made)
        return made

    def tell(self, kind: str, item: Any) -> None:
        """Hand an item to the streams that take its kind."""
        for stream in list(self.kinds.get(kind, ())):
            stream.put(item)
        for everything in list(self.everything):
            everything.put((kind, item))

    def tell_ctp(self, message: Message) -> None:
        """Hand on a push of CTP's."""
        if message.Replay:
            return  # the mirror tells what of it is news, once the login has ended
        if message.MsgType == "RtnOrder":
            self.tell("on_order", message.body)
        elif message.MsgType == "RtnTrade":
            self.tell("on_trade", message.body)
        else:
            self.tell("on_event", message)

    def news(self, bodies: Iterable[structs.Order | structs.Trade]) -> None:
        """Hand on orders and trades that were missed, and found by other ways."""
        for body in bodies:
            self.tell("on_order" if isinstance(body, structs.Order) else "on_trade", body)

    def close(self, problem: BaseException | None = None) -> None:
        """End every stream."""
        for streams in [*self.kinds.values(), self.everything]:
            for stream in list(streams):
                stream.close(problem)
