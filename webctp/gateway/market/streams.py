"""The lines of an instrument: each stream of messages that clients ask for, made once for all.

A :class:`InstrumentStreams` is an instrument's: it knows which clients get which
:class:`~webctp.gateway.market.spec.StreamSpec`, keeps a line for each, and has every tick taken
to all of them.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from twisted.internet.interfaces import IReactorTime

from webctp.gateway.market.barstream import BarSource, BarStream
from webctp.gateway.market.conflation import Conflation, MakeConflation
from webctp.gateway.market.spec import StreamSpec
from webctp.gateway.websocket.fanout import Audience, Fanout, Outbox
from webctp.upstream.market.bars import Bar, BarMakers
from webctp.upstream.market.subscriptions import Clients

Frame = Callable[[bytes], bytes]
"""Makes a frame of a tick."""


class StreamClient(Protocol):
    """A client as a streams sees it."""

    outbox: Outbox

    def specs_of(self, name: bytes) -> tuple[StreamSpec, ...]:
        """What it asks of an instrument."""


class StreamContext(Protocol):
    """What a streams needs of its desk."""

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
        self, key: bytes, frame: Frame, conflation: MakeConflation | None, renew: Callable[[], None]
    ) -> None:
        self.audience: Audience
        self._key = key
        self._frame = frame
        self._renew = renew
        self._conflation = None if conflation is None else conflation(self._send)

    def tick(self, body: bytes) -> None:
        """Take a tick."""
        if self._conflation is None:
            self.audience.tick(self._key, self._frame(body))
        else:
            self._conflation.offer(body)

    def first(self, last: bytes) -> list[tuple[bytes, bytes]]:
        """What a newcomer gets at once, after an instrument's ``last`` tick: keys and frames."""
        return [(self._key, self._frame(last))]

    def close(self) -> None:
        """Run no clock any more."""
        if self._conflation is not None:
            self._conflation.discard()

    def _send(self, body: bytes) -> None:
        self._renew()
        self.audience.tick(self._key, self._frame(body))


class InstrumentStreams:
    """One instrument's lines, as its clients ask for them."""

    def __init__(self, clock: IReactorTime, desk: StreamContext, name: bytes) -> None:
        self._clock = clock
        self._desk = desk
        self._name = name
        self._lines: dict[StreamSpec, TickStream | BarStream] = {}
        self._feeds: dict[str, BarSource] = {}
        self._keepers: Mapping[str, Callable[[Bar], None]] = {}
        self.consumers: tuple[TickStream | BarSource, ...] = ()
        """What takes the instrument's ticks."""
        self.stale_consumers: tuple[TickStream | BarSource, ...] = ()
        """What takes those that the front tells again. Bars see for themselves what is old."""
        self.clients = Clients()
        self.version = -1

    def renew_clients(self, clients: Clients) -> None:
        """Its clients, or what they ask for, have changed."""
        self.clients, self.version = clients, clients.version
        wanted: dict[StreamSpec, list[Outbox]] = {}
        for client in clients:
            for spec in client.specs_of(self._name):
                wanted.setdefault(spec, []).append(client.outbox)
        for spec in [spec for spec in self._lines if spec not in wanted]:
            line = self._lines.pop(spec)
            line.audience = self._desk.fanout.audience(())
            line.close()
        for spec, outboxes in wanted.items():
            known = self._lines.get(spec)
            if known is None:
                known = self._lines[spec] = self._line(spec)
            known.audience = self._desk.fanout.audience(outboxes)
        self._keepers = self._desk.keepers(self._name) if clients else {}
        for period, keep in self._keepers.items():
            self._feed_of(period).keep = keep
        self._feed()

    def renew(self) -> None:
        """Before what no tick brings about: seat who has come, let go who has left since."""
        if self.version != self.clients.version:
            self.renew_clients(self.clients)

    def first(self, client: StreamClient, last: bytes, *, ticks: bool) -> list[tuple[bytes, bytes]]:
        """What a newcomer gets at once: keys and frames.

        :param ticks: whether the ``last`` tick is told; a bar that has begun always is.
        """
        lines = (
            self._lines[spec]
            for spec in client.specs_of(self._name)
            if spec in self._lines and not spec.stale and (ticks or spec.period)
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
        self.renew_clients(Clients())

    def _line(self, spec: StreamSpec) -> TickStream | BarStream:
        conflation: MakeConflation | None = None
        if spec.interval:
            conflation = partial(
                Conflation, self._clock, spec.interval, flush=self._desk.fanout.flush
            )
        if not spec.period:
            # A stale tick takes the place of no other, where a client has fallen behind.
            key = b"%b\0" % self._name if spec.stale else self._name
            frame = self._desk.frame_of(spec.fields, stale=spec.stale)
            return TickStream(key, frame, conflation, self.renew)
        return BarStream(self._feed_of(spec.period), conflation, self.renew)

    def _feed_of(self, period: str) -> BarSource:
        feed = self._feeds.get(period)
        if feed is None:
            feed = BarSource(self._desk.bars, self._name, period, self.renew)
            self._feeds[period] = feed
        return feed

    def _feed(self) -> None:
        """Give each feed its lines, and close those that have none and are not kept."""
        by_period: dict[str, list[BarStream]] = {period: [] for period in self._feeds}
        for spec, line in self._lines.items():
            if isinstance(line, BarStream):
                by_period[spec.period].append(line)
        for period, lines in by_period.items():
            if lines or period in self._keepers:
                self._feeds[period].lines = tuple(lines)
            else:
                self._feeds.pop(period).close()
        ticks: dict[bool, list[TickStream]] = {False: [], True: []}
        for spec, line in self._lines.items():
            if isinstance(line, TickStream):
                ticks[spec.stale].append(line)
        self.consumers = (*ticks[False], *self._feeds.values())
        self.stale_consumers = (*ticks[True], *self._feeds.values())
