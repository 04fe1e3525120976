"""Of several fronts that tell the same ticks, each tick's first copy.

What one front sends, in its order, is the truth; only copies are compared between fronts:

- A tick is newer than the newest passed on if its trading day is, or (on the same day) its time,
  or (at the same time) its volume. It is passed on and begins a new *instant*. Times are compared
  around the clock, as a trading day begins in the evening.
- An older one is a late copy, unless it comes from the very front whose tick was passed on last:
  whatever makes that front go back (a simulation that begins anew) is followed.
- Within an instant (CZCE gives no milliseconds, and a quote may change without a trade) each
  front repeats the same ticks in the same order. So what was passed on in the instant is kept in
  order, with the place each front has come to: a tick found at or behind that place is a copy. One
  that is not found is new if the front has come to the end; else the others are ahead of it and
  have left this tick out, and it comes too late. A front that repeats the newest tick, as it does
  after a reconnection, tells nothing.

All runs in the reactor's thread.
"""

import struct
from dataclasses import dataclass, field
from typing import Final

from webctp.ctp.codec import Layout, format_of

_DAY: Final = 86_400_000
_READ: Final = ("TradingDay", "Volume", "UpdateTime", "UpdateMillisec")
_KEPT: Final = 64
"""Ticks of an instant that are kept; with more, the first are forgotten."""
_TOLD: Final = 16
"""Requests for quotes of an instrument that are kept."""


@dataclass(slots=True)
class _Instant:
    """The newest instant of an instrument."""

    day: bytes
    time: int
    volume: int
    front: int
    bodies: list[bytes]
    places: dict[int, int] = field(default_factory=dict)


class FirstCopy:
    """Pass on the first copy of each tick that several fronts send.

    Fronts are told apart by their numbers.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    """

    def __init__(self, layout: Layout) -> None:
        fields = tuple(one for one in layout.fields if one.name in _READ)
        self._unpack = struct.Struct(format_of(fields, layout.size)).unpack
        order = [one.name for one in fields]
        self._places = tuple(order.index(name) for name in _READ)
        self._instants: dict[bytes, _Instant] = {}
        self._quotes: dict[bytes, dict[bytes, int]] = {}

    def tick(self, front: int, name: bytes, body: bytes) -> bool:
        """Whether a tick of the instrument ``name`` is to be passed on."""
        cells = self._unpack(body)
        day, volume, clock, millisec = (cells[place] for place in self._places)
        time = _milliseconds(clock) + millisec
        known = self._instants.get(name)
        age = 1 if known is None else _order(known, day, time, volume)
        if known is None or age > 0 or (age < 0 and front == known.front):
            self._instants[name] = _Instant(day, time, volume, front, [body], {front: 1})
            return True
        return age == 0 and _new_within(known, front, body)

    def quote(self, front: int, name: bytes, body: bytes) -> bool:
        """Whether a request for quotes is to be passed on: not if another front has told it."""
        told = self._quotes.setdefault(name, {})
        teller = told.get(body)
        if teller is not None and teller != front:
            return False
        told[body] = front
        if len(told) > _TOLD:
            del told[next(iter(told))]
        return True

    def forget_ticks(self, name: bytes) -> None:
        """Nobody wants the ticks of an instrument any more."""
        self._instants.pop(name, None)

    def forget_quotes(self, name: bytes) -> None:
        """Nobody wants the requests for quotes of an instrument any more."""
        self._quotes.pop(name, None)


def _order(known: _Instant, day: bytes, time: int, volume: int) -> int:
    """Above 0 for newer than ``known``, below for older, 0 for the same instant."""
    if day != known.day:
        return 1 if day > known.day else -1
    if time != known.time:
        return 1 if (time - known.time) % _DAY <= _DAY // 2 else -1
    return volume - known.volume


def _new_within(known: _Instant, front: int, body: bytes) -> bool:
    bodies, places = known.bodies, known.places
    place = places.get(front, 0)
    try:
        places[front] = bodies.index(body, place) + 1
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
    places[front] = place + 1
    if new:
        known.front = front
    if len(bodies) > _KEPT:
        del bodies[0]
        known.places = {one: max(0, at - 1) for one, at in places.items()}
    return new


def _milliseconds(clock: bytes) -> int:
    """``HH:MM:SS`` since midnight; 0 for what is no time."""
    try:
        hours, minutes, seconds = int(clock[0:2]), int(clock[3:5]), int(clock[6:8])
    except ValueError:
        return 0
    return ((hours * 60 + minutes) * 60 + seconds) * 1000
