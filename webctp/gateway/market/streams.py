"""Make each stream of an instrument's messages once for all clients who ask for it.

An instrument's :class:`InstrumentStreams` hangs on its subscription at the hub, which gives it
every tick. It knows which clients want which :class:`~webctp.gateway.market.spec.StreamSpec`, and
keeps one stream for each. Bars come from the hub as well (:class:`BarSource`).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from twisted.internet.interfaces import IReactorTime

from webctp.gateway.market.barstream import Bars, BarSource, BarStream, ChangedBars
from webctp.gateway.market.changes import Changes, Form
from webctp.gateway.market.conflation import Conflation, MakeConflation
from webctp.gateway.market.spec import StreamSpec
from webctp.gateway.websocket.audience import Audience
from webctp.gateway.websocket.fanout import Fanout, Outbox
from webctp.language.text import Text
from webctp.upstream.market.bars import Bar
from webctp.upstream.market.subscriptions import Subscription

MakeFrame = Callable[[bytes], bytes]
"""Makes a frame of a tick's bytes."""


class StreamClient(Protocol):
    """A client as the hub and an instrument's streams see it."""

    @property
    def outbox(self) -> Outbox | None:
        """Takes the client's messages; None for one that is sent nothing."""

    def specs_of(self, name: bytes) -> tuple[StreamSpec, ...]:
        """Return the streams that the client asks for of an instrument."""

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Answer with an error of the gateway's."""


class StreamContext(Protocol):
    """What an instrument's streams need of the service."""

    fanout: Fanout
    epoch: int
    """Counts the upstream's connections."""

    @property
    def bars(self) -> Bars:
        """The hub, which makes bars."""

    def frame_of(
        self, fields: tuple[str, ...] | None, *, stale: bool = False, main: str = ""
    ) -> MakeFrame:
        """Return what encodes a tick with these fields; a ``stale`` or ``main`` one says so."""

    def form_of(self, fields: tuple[str, ...] | None, *, main: str = "") -> Form[bytes]:
        """Return how ticks with these fields are told by what has changed in them."""

    def keepers(self, name: bytes) -> Mapping[str, Callable[[Bar], None]]:
        """Return what takes an instrument's closed bars, by period, whoever watches."""


class TickStream:
    """Send ticks: all or the newest of an interval, with all or some of their fields.

    :param conflation: makes what spaces the ticks; None to send each.
    :param renew: brings the audience up to date; called before a late message.
    """

    def __init__(
        self,
        key: bytes,
        frame: MakeFrame,
        conflation: MakeConflation | None,
        renew: Callable[[], None],
    ) -> None:
        self.audience: Audience[Outbox]
        self._key = key
        self._frame = frame
        self._renew = renew
        self._conflation = None if conflation is None else conflation(self._send)

    def tick(self, body: bytes) -> None:
        """Send a tick, or offer it to the conflation."""
        if self._conflation is None:
            self.audience.tick(self._key, self._frame(body))
        else:
            self._conflation.offer(body)

    def first(self, last: bytes) -> list[tuple[bytes, bytes]]:
        """Return what a new client gets at once after the ``last`` tick: keys and frames."""
        return [(self._key, self._frame(last))]

    def close(self) -> None:
        """Stop the timer."""
        if self._conflation is not None:
            self._conflation.discard()

    def _send(self, body: bytes) -> None:
        self._renew()
        self.audience.tick(self._key, self._frame(body))


class ChangedTicks(TickStream):
    """Send of each tick what has changed since the one before.

    :param form: how ticks are told so.
    """

    def __init__(
        self,
        key: bytes,
        form: Form[bytes],
        conflation: MakeConflation | None,
        renew: Callable[[], None],
        context: StreamContext,
    ) -> None:
        super().__init__(key, form.whole, conflation, renew)
        self.changes = Changes(context, form)

    def tick(self, body: bytes) -> None:
        """Send what a tick changes, or offer it to the conflation."""
        if self._conflation is None:
            self.changes.send(self.audience, self._key, body)
        else:
            self._conflation.offer(body)

    def _send(self, body: bytes) -> None:
        self._renew()
        self.changes.send(self.audience, self._key, body)


class InstrumentStreams:
    """Keep one instrument's streams, as its clients ask for them.

    Clients come and go by the thousand at once, so each change only counts up
    ``clients.version``; the streams are brought up to date when there is something to send.
    """

    def __init__(
        self,
        clock: IReactorTime,
        context: StreamContext,
        subscription: Subscription[StreamClient],
    ) -> None:
        self._clock = clock
        self._context = context
        self._subscription = subscription
        self._name = subscription.name
        self._clients = subscription.clients
        self._streams: dict[StreamSpec, TickStream | BarStream] = {}
        self._bar_sources: dict[str, BarSource] = {}
        self._keepers: Mapping[str, Callable[[Bar], None]] = {}
        self.consumers: tuple[TickStream, ...] = ()
        """The streams that send the instrument's ticks."""
        self.stale_consumers: tuple[TickStream, ...] = ()
        """The streams that send ticks which the front tells again."""
        self._version = -1

    def tick(self, body: bytes) -> None:
        """Send a tick; the hub calls this."""
        if self._version != self._clients.version:
            self._update()
        for consumer in self.consumers:
            consumer.tick(body)

    def stale_tick(self, body: bytes) -> None:
        """Send a tick that the front tells again; the hub calls this."""
        self.renew()
        for consumer in self.stale_consumers:
            consumer.tick(body)

    def renew(self) -> None:
        """Bring the streams up to date with the clients who have come or left."""
        if self._version != self._clients.version:
            self._update()

    def first(self, client: StreamClient, last: bytes, *, ticks: bool) -> list[tuple[bytes, bytes]]:
        """Return what a new client gets at once: keys and frames.

        :param ticks: whether the ``last`` tick is sent; a bar that has begun always is.
        """
        self.renew()
        # During an outage this is undone before the first tick comes: by then it may be old.
        for source in self._bar_sources.values():
            source.recall(last)
        streams = (
            self._streams[spec]
            for spec in client.specs_of(self._name)
            if spec in self._streams and not spec.stale and (ticks or spec.period)
        )
        return [one for stream in streams for one in stream.first(last)]

    def source(self, period: str) -> BarSource | None:
        """Return what makes the bars of a period, None where nobody wants any."""
        self.renew()
        return self._bar_sources.get(period)

    def close(self) -> None:
        """Stop all timers and bars: the last client has gone."""
        for stream in self._streams.values():
            stream.close()
        for source in self._bar_sources.values():
            source.close()
        self._streams.clear()
        self._bar_sources.clear()
        self.consumers = self.stale_consumers = ()

    def _update(self) -> None:
        clients, before = self._clients, self._version
        self._version = clients.version
        wanted: dict[StreamSpec, list[Outbox]] = {}
        for client in clients:
            outbox = client.outbox
            if outbox is not None:
                for spec in client.specs_of(self._name):
                    wanted.setdefault(spec, []).append(outbox)
        fanout = self._context.fanout
        for spec in [spec for spec in self._streams if spec not in wanted]:
            stream = self._streams.pop(spec)
            stream.audience = fanout.audience(())
            stream.close()
        for spec, outboxes in wanted.items():
            known = self._streams.get(spec)
            if known is None:
                known = self._streams[spec] = self._make_stream(spec)
            audience = fanout.audience(outboxes)
            if isinstance(known, ChangedTicks | ChangedBars):
                asked = [one.outbox for one, since in clients.items() if since > before]
                known.changes.welcome(audience.members, filter(None, asked))
            known.audience = audience
        self._keepers = self._context.keepers(self._name) if clients else {}
        for period, keep in self._keepers.items():
            self._bar_source(period).keep = keep
        self._connect()

    def _replaced(self) -> None:
        self._context.fanout.traffic.ticks_conflated += 1

    def _make_stream(self, spec: StreamSpec) -> TickStream | BarStream:
        conflation: MakeConflation | None = None
        if spec.interval:
            conflation = partial(Conflation, self._clock, spec.interval, self._replaced)
        if not spec.period:
            # A stale tick takes the place of no other, where a client has fallen behind.
            key = b"%b\0" % self._name if spec.stale else self._name
            if spec.main:
                key = b"%b\0%b" % (key, spec.main.encode())
            if spec.changes:
                form = self._context.form_of(spec.fields, main=spec.main)
                return ChangedTicks(key, form, conflation, self.renew, self._context)
            frame = self._context.frame_of(spec.fields, stale=spec.stale, main=spec.main)
            return TickStream(key, frame, conflation, self.renew)
        source = self._bar_source(spec.period)
        if spec.changes:
            return ChangedBars(source, conflation, self.renew, spec.main, self._context)
        return BarStream(source, conflation, self.renew, spec.main)

    def _bar_source(self, period: str) -> BarSource:
        source = self._bar_sources.get(period)
        if source is None:
            source = BarSource(self._context.bars, self._subscription, period, self.renew)
            self._bar_sources[period] = source
        return source

    def _connect(self) -> None:
        """Give each source its streams; close those that have none and are not kept."""
        by_period: dict[str, list[BarStream]] = {period: [] for period in self._bar_sources}
        ticks: dict[bool, list[TickStream]] = {False: [], True: []}
        for spec, stream in self._streams.items():
            if isinstance(stream, BarStream):
                by_period[spec.period].append(stream)
            else:
                ticks[spec.stale].append(stream)
        for period, streams in by_period.items():
            if streams or period in self._keepers:
                self._bar_sources[period].streams = tuple(streams)
            else:
                self._bar_sources.pop(period).close()
        self.consumers, self.stale_consumers = tuple(ticks[False]), tuple(ticks[True])
