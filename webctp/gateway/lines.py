"""The lines of an instrument: each stream of messages that clients ask for, made once for all.

A :class:`Board` is an instrument's: it knows which clients get which
:class:`~webctp.gateway.forms.Part`, keeps a line for each, and hands every tick to all of them.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.gateway.fanout import Audience, Fanout, Outbox
from webctp.gateway.forms import Part

Frame = Callable[[bytes], bytes]
"""Makes a frame of a tick."""


class Watcher(Protocol):
    """A client as a board sees it."""

    outbox: Outbox

    def parts_of(self, name: bytes) -> tuple[Part, ...]:
        """What it asks of an instrument."""


class Maker(Protocol):
    """What a board needs of its desk."""

    fanout: Fanout

    def frame_of(self, fields: tuple[str, ...] | None) -> Frame:
        """What encodes a tick with these fields."""


class Throttle:
    """Lets a thing through at most once in ``interval`` seconds: the newest.

    :param let: called with what is let through.
    :param flush: called after that when it was late.
    """

    def __init__(
        self,
        clock: IReactorTime,
        interval: float,
        let: Callable[[Any], None],
        flush: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._interval = interval
        self._let = let
        self._flush = flush
        self._next = 0.0
        self._held: Any = None
        self._timer: IDelayedCall | None = None

    def put(self, thing: Any) -> None:
        """Take a thing: let it through, or keep it until it may be."""
        now = self._clock.seconds()
        if self._timer is None and now >= self._next:
            self._next = now + self._interval
            self._let(thing)
            return
        self._held = thing
        if self._timer is None:
            self._timer = self._clock.callLater(self._next - now, self._late)

    def skip(self) -> None:
        """What is held is out of date."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._held = None

    def _late(self) -> None:
        held, self._timer, self._held = self._held, None, None
        self._next = self._clock.seconds() + self._interval
        self._let(held)
        self._flush()


class TickLine:
    """Ticks, or some of their fields, or some of them."""

    def __init__(self, key: bytes, frame: Frame, throttle: Callable[..., Throttle] | None) -> None:
        self.audience: Audience
        self._key = key
        self._frame = frame
        self._throttle = None if throttle is None else throttle(self._send)

    def tick(self, body: bytes) -> None:
        """Take a tick."""
        if self._throttle is None:
            self.audience.tick(self._key, self._frame(body))
        else:
            self._throttle.put(body)

    def first(self, last: bytes) -> list[tuple[bytes, bytes]]:
        """What a newcomer gets at once, after an instrument's ``last`` tick: keys and frames."""
        return [(self._key, self._frame(last))]

    def close(self) -> None:
        """Run no clock any more."""
        if self._throttle is not None:
            self._throttle.skip()

    def _send(self, body: bytes) -> None:
        self.audience.tick(self._key, self._frame(body))


class Board:
    """One instrument's lines, as its subscribers ask for them."""

    def __init__(self, clock: IReactorTime, desk: Maker, name: bytes) -> None:
        self._clock = clock
        self._desk = desk
        self._name = name
        self._lines: dict[Part, TickLine] = {}
        self.lines: tuple[TickLine, ...] = ()
        self.subscribers: Mapping[Watcher, None] = {}
        self.version = -1

    def seat(self, subscribers: Mapping[Watcher, None], version: int) -> None:
        """Its subscribers have changed."""
        self.subscribers, self.version = subscribers, version
        wanted: dict[Part, list[Outbox]] = {}
        for client in subscribers:
            for part in client.parts_of(self._name):
                if part.period:
                    continue
                wanted.setdefault(part, []).append(client.outbox)
        for part in [part for part in self._lines if part not in wanted]:
            self._lines.pop(part).close()
        for part, outboxes in wanted.items():
            line = self._lines.get(part)
            if line is None:
                line = self._lines[part] = self._line(part)
            line.audience = self._desk.fanout.audience(outboxes)
        self.lines = tuple(self._lines.values())

    def first(self, client: Watcher, last: bytes) -> list[tuple[bytes, bytes]]:
        """What a newcomer gets at once: keys and frames."""
        wanted = client.parts_of(self._name)
        return [
            one for part in wanted if part in self._lines for one in self._lines[part].first(last)
        ]

    def close(self) -> None:
        """Nobody is left."""
        self.seat({}, -1)

    def _line(self, part: Part) -> TickLine:
        throttle = None
        if part.interval:

            def throttle(let: Callable[[Any], None]) -> Throttle:
                return Throttle(self._clock, part.interval, let, self._desk.fanout.flush)

        return TickLine(self._name, self._desk.frame_of(part.fields), throttle)
