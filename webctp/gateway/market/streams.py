"""The lines of an instrument: each stream of messages that clients ask for, made once for all.

A :class:`InstrumentStreams` is an instrument's: it knows which clients get which
:class:`~webctp.gateway.market.spec.Part`, keeps a line for each, and has every tick taken to all of
them.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from twisted.internet.interfaces import IReactorTime

from webctp.gateway.market.barstream import BarSource, BarStream
from webctp.gateway.market.conflation import Conflation, Throttling
from webctp.gateway.market.spec import Part
from webctp.gateway.websocket.fanout import Audience, Fanout, Outbox
from webctp.upstream.market.bars import Bar, BarMakers
from webctp.upstream.market.subscriptions import Subscribers

Frame = Callable[[bytes], bytes]
"""Makes a frame of a tick."""


class StreamClient(Protocol):
    """A client as a board sees it."""

    outbox: Outbox

    def parts_of(self, name: bytes) -> tuple[Part, ...]:
        """What it asks of an instrument."""


class Maker(Protocol):
    """What a board needs of its desk."""

    fanout: Fanout

    @property
    def bars(self) -> BarMakers:
        """What makes bars."""

    def frame_of(self, fields: tuple[str, ...] | None, *, stale: bool = False) -> Frame:
        """What encodes a tick with these fields; a ``stale`` one says so."""

    def keepers(self, name: bytes) -> Mapping[str, Callable[[Bar], None]]:
        """What takes the closed bars of an instrument, by period, whoever watches."""


class TickStream:
    """Ticks, or some of their fields, or some of them.

    :param renew: sees that the audience is that of this moment; called before what is late.
    """

    def __init__(
        self, key: bytes, frame: Frame, throttle: Throttling | None, renew: Callable[[], None]
    ) -> None:
        self.audience: Audience
        self._key = key
        self._frame = frame
        self._renew = renew
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
        self._renew()
        self.audience.tick(self._key, self._frame(body))


class InstrumentStreams:
    """One instrument's lines, as its subscribers ask for them."""

    def __init__(self, clock: IReactorTime, desk: Maker, name: bytes) -> None:
        self._clock = clock
        self._desk = desk
        self._name = name
        self._lines: dict[Part, TickStream | BarStream] = {}
        self._feeds: dict[str, BarSource] = {}
        self._keepers: Mapping[str, Callable[[Bar], None]] = {}
        self.takers: tuple[TickStream | BarSource, ...] = ()
        """What takes the instrument's ticks."""
        self.stale_takers: tuple[TickStream | BarSource, ...] = ()
        """What takes those that the front tells again. Bars see for themselves what is old."""
        self.subscribers = Subscribers()
        self.version = -1

    def seat(self, subscribers: Subscribers) -> None:
        """Its subscribers, or what they ask for, have changed."""
        self.subscribers, self.version = subscribers, subscribers.version
        wanted: dict[Part, list[Outbox]] = {}
        for client in subscribers:
            for part in client.parts_of(self._name):
                wanted.setdefault(part, []).append(client.outbox)
        for part in [part for part in self._lines if part not in wanted]:
            line = self._lines.pop(part)
            line.audience = self._desk.fanout.audience(())
            line.close()
        for part, outboxes in wanted.items():
            known = self._lines.get(part)
            if known is None:
                known = self._lines[part] = self._line(part)
            known.audience = self._desk.fanout.audience(outboxes)
        self._keepers = self._desk.keepers(self._name) if subscribers else {}
        for period, keep in self._keepers.items():
            self._feed_of(period).keep = keep
        self._feed()

    def renew(self) -> None:
        """Before what no tick brings about: seat who has come, let go who has left since."""
        if self.version != self.subscribers.version:
            self.seat(self.subscribers)

    def first(self, client: StreamClient, last: bytes, *, ticks: bool) -> list[tuple[bytes, bytes]]:
        """What a newcomer gets at once: keys and frames.

        :param ticks: whether the ``last`` tick is told; a bar that has begun always is.
        """
        lines = (
            self._lines[part]
            for part in client.parts_of(self._name)
            if part in self._lines and not part.stale and (ticks or part.period)
        )
        return [one for line in lines for one in line.first(last)]

    def recall(self, last: bytes) -> None:
        """Let bars that nobody watched before count from the ``last`` tick.

        During an outage that is undone before the first tick comes: by then it may be old.
        """
        for feed in self._feeds.values():
            feed.tick(last)

    def close(self) -> None:
        """Nobody is left."""
        self.seat(Subscribers())

    def _line(self, part: Part) -> TickStream | BarStream:
        throttle: Throttling | None = None
        if part.interval:
            throttle = partial(
                Conflation, self._clock, part.interval, flush=self._desk.fanout.flush
            )
        if not part.period:
            # A stale tick takes the place of no other, where a client has fallen behind.
            key = b"%b\0" % self._name if part.stale else self._name
            frame = self._desk.frame_of(part.fields, stale=part.stale)
            return TickStream(key, frame, throttle, self.renew)
        return BarStream(self._feed_of(part.period), throttle, self.renew)

    def _feed_of(self, period: str) -> BarSource:
        feed = self._feeds.get(period)
        if feed is None:
            feed = BarSource(self._desk.bars, self._name, period, self.renew)
            self._feeds[period] = feed
        return feed

    def _feed(self) -> None:
        """Give each feed its lines, and close those that have none and are not kept."""
        by_period: dict[str, list[BarStream]] = {period: [] for period in self._feeds}
        for part, line in self._lines.items():
            if isinstance(line, BarStream):
                by_period[part.period].append(line)
        for period, lines in by_period.items():
            if lines or period in self._keepers:
                self._feeds[period].lines = tuple(lines)
            else:
                self._feeds.pop(period).close()
        ticks: dict[bool, list[TickStream]] = {False: [], True: []}
        for part, line in self._lines.items():
            if isinstance(line, TickStream):
                ticks[part.stale].append(line)
        self.takers = (*ticks[False], *self._feeds.values())
        self.stale_takers = (*ticks[True], *self._feeds.values())
