"""Arbitrate between feeds that bring the same ticks: pass on first copies, find stalled feeds.

What one feed brings, in its order, is the truth; only copies are compared between feeds:

- A tick is newer than the newest passed on if its trading day is, or (on the same day) its time,
  or (at the same time) its volume. It is passed on and begins a new *instant*. Times are compared
  around the clock, as a trading day begins in the evening.
- An older one is a late copy, unless it comes from the very feed whose tick was passed on last:
  whatever makes that feed go back (a simulation that begins anew) is followed.
- Within an instant (CZCE gives no milliseconds, and a quote may change without a trade) each
  feed repeats the same ticks in the same order. So what was passed on in the instant is kept in
  order, with the place each feed has come to: a tick found at or behind that place is a copy. One
  that is not found is new if the feed has come to the end; else the others are ahead of it and
  have left this tick out, and it comes too late. A feed that repeats the newest tick, as it does
  after a reconnection, brings nothing new.

A feed is behind from the moment another brings a tick that it has not brought yet, until it brings
any. One that stays behind for long has stalled: connected, logged in, and of no use.

Feeds are told apart by their numbers. Everything runs in the reactor's thread.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.ctp.codec import Layout, format_of
from webctp.metrics import Sample
from webctp.upstream.market import figures

_LOOK: Final = 1.0
"""Seconds between two looks at who is behind."""
_DAY: Final = 86_400_000
_READ: Final = ("TradingDay", "Volume", "UpdateTime", "UpdateMillisec")
_KEPT: Final = 64
"""Ticks of an instant that are kept; with more, the first are forgotten."""
_TOLD: Final = 16
"""Requests for quotes of an instrument that are kept."""


class FeedArbiter:
    """Pass on the first copy of each tick of several feeds, and find stalled feeds.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    :param feeds: how many there are.
    :param seconds: how long a feed may be behind.
    :param on_stalled: called with each feed that has stalled, or goes on.
    """

    def __init__(
        self,
        clock: IReactorTime,
        layout: Layout,
        feeds: int,
        seconds: float,
        on_stalled: Callable[[int], object],
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._on_stalled = on_stalled
        self.copies = FirstCopies(layout)
        self._behind: list[float | None] = [None] * feeds
        self._serving = [False] * feeds
        self.stalled: frozenset[int] = frozenset()
        self._timer: IDelayedCall | None = None
        self._copies = [0] * feeds
        self._first_copies = [0] * feeds

    def tick(self, feed: int, name: bytes, body: bytes) -> bool:
        """Return whether a tick of the instrument ``name`` is a first copy, to be passed on."""
        self._behind[feed] = None
        self._copies[feed] += 1
        if not self.copies.tick(feed, name, body):
            return False
        self._first_copies[feed] += 1
        now = self._clock.seconds()
        for other, since in enumerate(self._behind):
            if since is None and other != feed:
                self._behind[other] = now
        return True

    def serving(self, feed: int, serves: bool) -> None:
        """Note that a feed has become ready, or is so no more: who is away has not stalled."""
        self._serving[feed] = serves
        self._behind[feed] = None
        self.stalled -= {feed}
        self.close()
        self._watch()

    def samples(self) -> Iterator[Sample]:
        """Read how the feeds compare; called on a scrape."""
        for feed, (copies, first) in enumerate(zip(self._copies, self._first_copies, strict=True)):
            yield figures.COPIES.sample(copies, str(feed))
            yield figures.FIRST_COPIES.sample(first, str(feed))
            yield figures.STALLED.sample(feed in self.stalled, str(feed))

    def close(self) -> None:
        """Stop the timer."""
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
            self._on_stalled(feed)


@dataclass(slots=True)
class _Instant:
    """The newest instant of an instrument."""

    day: bytes
    time: int
    volume: int
    feed: int
    bodies: list[bytes]
    places: dict[int, int] = field(default_factory=dict)


class FirstCopies:
    """Find the first copy of each tick, and of each request for quotes, of several feeds.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    """

    def __init__(self, layout: Layout) -> None:
        fields = tuple(one for one in layout.fields if one.name in _READ)
        self._unpack = struct.Struct(format_of(fields, layout.size)).unpack
        order = [one.name for one in fields]
        self._places = tuple(order.index(name) for name in _READ)
        self._instants: dict[bytes, _Instant] = {}
        self._quotes: dict[bytes, dict[bytes, int]] = {}

    def tick(self, feed: int, name: bytes, body: bytes) -> bool:
        """Return whether a tick of the instrument ``name`` is a first copy; note it."""
        cells = self._unpack(body)
        day, volume, clock, millisec = (cells[place] for place in self._places)
        time = _milliseconds(clock) + millisec
        known = self._instants.get(name)
        age = 1 if known is None else _order(known, day, time, volume)
        if known is None or age > 0 or (age < 0 and feed == known.feed):
            self._instants[name] = _Instant(day, time, volume, feed, [body], {feed: 1})
            return True
        return age == 0 and _new_within(known, feed, body)

    def quote(self, feed: int, name: bytes, body: bytes) -> bool:
        """Return whether a request for quotes is a first copy: no other feed has brought it."""
        told = self._quotes.setdefault(name, {})
        teller = told.get(body)
        if teller is not None and teller != feed:
            return False
        told[body] = feed
        if len(told) > _TOLD:
            del told[next(iter(told))]
        return True

    def forget_ticks(self, name: bytes) -> None:
        """Drop the ticks of an instrument that nobody wants any more."""
        self._instants.pop(name, None)

    def forget_quotes(self, name: bytes) -> None:
        """Drop the requests for quotes of an instrument that nobody wants any more."""
        self._quotes.pop(name, None)


def _order(known: _Instant, day: bytes, time: int, volume: int) -> int:
    """Compare a tick with ``known``: above 0 for newer, below for older, 0 for the same instant."""
    if day != known.day:
        return 1 if day > known.day else -1
    if time != known.time:
        return 1 if (time - known.time) % _DAY <= _DAY // 2 else -1
    return volume - known.volume


def _new_within(known: _Instant, feed: int, body: bytes) -> bool:
    bodies, places = known.bodies, known.places
    place = places.get(feed, 0)
    try:
        places[feed] = bodies.index(body, place) + 1
        return False
    except ValueError:
        pass
    new = place == len(bodies)
    if new and body == bodies[-1]:
        return False
    bodies.insert(place, body)
    for other, at in places.items():
        if at > place:
            places[other] = at + 1
    places[feed] = place + 1
    if new:
        known.feed = feed
    if len(bodies) > _KEPT:
        del bodies[0]
        known.places = {one: max(0, at - 1) for one, at in places.items()}
    return new


def _milliseconds(clock: bytes) -> int:
    """Return milliseconds from midnight to ``HH:MM:SS``; 0 for what is no time."""
    try:
        hours, minutes, seconds = int(clock[0:2]), int(clock[3:5]), int(clock[6:8])
    except ValueError:
        return 0
    return ((hours * 60 + minutes) * 60 + seconds) * 1000
