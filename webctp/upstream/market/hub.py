"""Share one upstream of market data among all clients: the hub.

Clients' subscriptions are counted (:mod:`webctp.upstream.market.subscriptions`) and live here, not
at the front: during an outage they are taken as always, and the whole wanted set is sent when the
front is back.

The upstream is one feed, or with ``MdRedundancy`` one for each address: each is asked for
everything, and of each tick the first copy is passed on. What a feed is the hub does not know
(:mod:`webctp.upstream.market.source`).

Instruments are bytes throughout, as CTP has them. A tick's subscription is looked up once, by the
bytes of its InstrumentID field, before anything is decoded; streams and bars hang on it. All
methods run in the reactor's thread.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from struct import Struct
from typing import Any, Final, Generic, Protocol

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from webctp.clock import Reactor
from webctp.config.market import MarketSettings
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import DBL_MAX, codec_for
from webctp.ctp.front import china_time
from webctp.exchanges import calendar as calendars
from webctp.language.text import Text
from webctp.metrics import Sample
from webctp.recording.recorder import Record
from webctp.upstream.market import figures
from webctp.upstream.market.arbitration import FeedArbiter
from webctp.upstream.market.bars import BarListener, BarMaker, BarMakers
from webctp.upstream.market.feeds import Feeds
from webctp.upstream.market.instruments import InstrumentDirectory, instrument_slice
from webctp.upstream.market.reception import Reception
from webctp.upstream.market.source import (
    Kind,
    MakeSources,
    TickOrigin,
    TickSource,
)
from webctp.upstream.market.staleticks import StaleTicks, Unpublished
from webctp.upstream.market.subscriptions import (
    C,
    Clients,
    Steps,
    Streams,
    Subscription,
    Subscriptions,
)
from webctp.upstream.market.ticks import Moments
from webctp.upstream.session.login import LoginState
from webctp.upstream.turns import Turns, batched

_log = Logger()

_NAMES_KEPT: Final = 65_536
_double: Final = Struct("<d").unpack_from
_KINDS: Final[tuple[Kind, ...]] = ("tick", "quote")
_ANSWERS: Final[Mapping[str, Kind]] = {
    "OnRspSubMarketData": "tick",
    "OnRspSubForQuoteRsp": "quote",
}


class Sink(Protocol[C]):
    """What turns the hub's events into messages; the gateway's side."""

    def make_streams(self, subscription: Subscription[C]) -> Streams:
        """Make what is sent of an instrument's ticks; kept until its last client leaves."""

    def quote_requested(self, event: CallbackEvent, clients: Clients[C]) -> None:
        """Send an exchange's request for quotes to ``clients`` (never empty)."""

    def state_changed(self, state: LoginState, reason: Text) -> None:
        """Tell clients that the upstream has moved to ``state``."""

    def broadcast(self, event: CallbackEvent) -> None:
        """Send a callback to every client of the hub."""

    def refused(self, event: CallbackEvent, clients: Clients[C]) -> None:
        """Send a refused subscription to the ``clients`` that want its instrument."""

    def ticks_missed(self, clients: Mapping[C, Mapping[bytes, int]]) -> None:
        """Tell clients how many ticks of each of their instruments will never come."""

    def full(self, kind: str, client: C) -> None:
        """Tell a client, once, that its patterns find more instruments than it may have."""


class Relay(Protocol):
    """Who passes on what a hub receives, before anything is made of it: the bus."""

    def ticks(self, ticks: Sequence[bytes], received: int) -> None:
        """Take ticks, of several feeds the first copies; ``received`` is 0 for now."""

    def missed(self, missed: Mapping[bytes, int]) -> None:
        """Take note of ticks that will never come: how many of each instrument."""

    def pushed(self, event: CallbackEvent) -> None:
        """Take a request for quotes, or an instrument that the front refuses."""

    def status_changed(self) -> None:
        """Take note that the upstream has moved to another state."""


class MarketHub(Generic[C]):
    """Share one upstream of market data among all clients.

    :param origin: whose structs ticks are, and the time where they come from.
    :param sources: makes the feeds, whose listener the hub is.
    :param sink: what sends to the clients.
    :param record: takes the bytes of every tick that is passed on, where several feeds bring it.
    """

    def __init__(
        self,
        reactor: Reactor,
        origin: TickOrigin,
        sources: MakeSources,
        settings: MarketSettings,
        sink: Sink[C],
        record: Record | None = None,
    ) -> None:
        catalogue = origin.binding.market
        self._record = record
        self._sink = sink
        codec = codec_for(catalogue.module)
        self._specific = instrument_slice(codec.layout("CThostFtdcSpecificInstrumentField"))
        layout = codec.layout("CThostFtdcDepthMarketDataField")
        self._in_tick = instrument_slice(layout)
        self._at_last_price = layout.by_name["LastPrice"].offset
        self._in_quote = instrument_slice(codec.layout("CThostFtdcForQuoteRspField"))
        self._names = _Names()
        moments = Moments(calendars.default())
        self._reception = Reception(origin)
        self._is_stale = StaleTicks(layout, self._reception, moments).is_stale
        self._bars = BarMakers(reactor, layout, self._reception, moments)
        self.relay: Relay | None = None
        """Who passes on what comes; None for nobody."""
        self.turns = Turns(reactor)
        """Carries out long work on subscriptions in slices."""
        self.instruments = InstrumentDirectory()
        """The instruments that patterns are matched against; anybody may add to them."""
        self.is_listing = False
        """Whether some of what a front lists is still to be added to them."""
        self.feeds = Feeds(
            reactor,
            catalogue,
            layout,
            sources(self),
            login_timeout=settings.login_timeout,
            stall_seconds=settings.md_stall_seconds,
            on_stalled=self._tell_state,
        )
        """Where the ticks come from, seen as one upstream."""
        self._subscriptions = {
            kind: Subscriptions[C](
                reactor,
                settings,
                self.instruments,
                [partial(self._send, kind, feed) for feed in self.feeds],
                limit=settings.max_instruments,
                on_full=partial(sink.full, kind),
                on_dropped=partial(self._dropped, kind),
                turns=self.turns,
            )
            for kind in _KINDS
        }
        self._ticks = self._subscriptions["tick"].by_name
        self._stale = 0

    def take_settings(self, settings: MarketSettings) -> None:
        """Take another ``MaxInstruments``; what clients are subscribed to stays."""
        for subscriptions in self._subscriptions.values():
            subscriptions.limit(settings.max_instruments)

    def start(self) -> None:
        """Connect and keep connected."""
        self.feeds.start()

    def close(self) -> Deferred[Any]:
        """Release the upstream."""
        return self.feeds.close()

    def subscribing(
        self,
        kind: Kind,
        client: C,
        instruments: Iterable[bytes],
        *,
        resubscribe: bool = False,
        accepted: Iterable[None] = (),
    ) -> Steps[list[bytes]]:
        """Count ``client`` in; gives the last tick of each instrument newly subscribed.

        :param kind: ``"tick"`` or ``"quote"``.
        :param instruments: names and patterns (``*``, ``rb*``).
        :param resubscribe: whether those it is subscribed to already count as new: it asks for
            other streams of them.
        :param accepted: further steps, once it is sure that it can be and before it is.
        :raises webctp.upstream.market.subscriptions.TooMany: if it would have more than
            ``max_instruments``.
        """
        return self._subscriptions[kind].subscribing(
            client, instruments, resubscribe=resubscribe, accepted=accepted
        )

    def subscribe(
        self,
        kind: Kind,
        client: C,
        instruments: Iterable[bytes],
        *,
        resubscribe: bool = False,
    ) -> list[bytes]:
        """Subscribe as :meth:`subscribing` does, at once."""
        return self._subscriptions[kind].subscribe(client, instruments, resubscribe=resubscribe)

    def unsubscribe(self, kind: Kind, client: C, instruments: Iterable[bytes]) -> None:
        """Unsubscribe as :meth:`unsubscribing` does, at once."""
        self._subscriptions[kind].unsubscribe(client, instruments)

    def unsubscribing(self, kind: Kind, client: C, instruments: Iterable[bytes]) -> Steps[None]:
        """Count ``client`` out; the front is told of instruments nobody wants any more."""
        return self._subscriptions[kind].unsubscribing(client, instruments)

    def leaving(self, client: C) -> Steps[None]:
        """Count ``client`` out of everything; it may come back when that is over."""
        for subscriptions in self._subscriptions.values():
            yield from subscriptions.leaving(client)

    def leave(self, client: C) -> None:
        """Count a client that is gone out of everything: at once, or in turns where it is much."""
        self.turns.run(self.leaving(client))

    def is_refused(self, kind: Kind, instrument: bytes) -> bool:
        """Return whether the front has refused an instrument that is wanted."""
        subscription = self._subscriptions[kind].by_name.get(instrument)
        return subscription is not None and subscription.is_refused

    def newest(self, instrument: str) -> bytes | None:
        """Return the newest tick of an instrument; None where there is none."""
        # Each order asks where its price is checked; an ASCII name needs no codec of Python's.
        name = instrument.encode() if instrument.isascii() else instrument.encode("gbk", "replace")
        subscription = self._ticks.get(name)
        return None if subscription is None else subscription.last

    def price_in(self, tick: bytes) -> float | None:
        """Return the last price in a tick; None where that says none."""
        price: float = _double(tick, self._at_last_price)[0]
        return price if 0 < price < DBL_MAX else None

    def now(self) -> datetime:
        """Return the time at the front, as a naive datetime in China Standard Time."""
        return china_time(self._reception.clock())

    def received(self) -> int:
        """Return when the tick at hand was received, in nanoseconds since 1970."""
        return self._reception.clock()

    def subscription_of(self, name: bytes) -> Subscription[C] | None:
        """Return what there is of an instrument's ticks; None where nobody wants them."""
        return self._ticks.get(name)

    def newest_tick(self, last: bytes) -> tuple[Subscription[C], bytes] | None:
        """Return the newest tick for a client that came when ``last`` was its instrument's last.

        None where news has come since: the client was sent that.
        """
        subscription = self._ticks.get(self._names[last[self._in_tick]])
        newest = None if subscription is None else subscription.last
        if subscription is None or newest is None:
            return None
        return (subscription, newest) if newest is last or type(newest) is Unpublished else None

    def watch_bars(
        self, subscription: Subscription[C], period: str, listener: BarListener
    ) -> BarMaker:
        """Make an instrument's bars of a period from its ticks, from now on.

        :raises ValueError: if ``period`` is none.
        """
        return self._bars.watch(subscription, period, listener)

    def unwatch_bars(self, subscription: Subscription[C], period: str) -> None:
        """Stop making an instrument's bars of a period."""
        self._bars.unwatch(subscription, period)

    def on_ticks(self, feed: TickSource, ticks: Sequence[bytes], received: int = 0) -> None:
        """Give each tick to its instrument's streams and bars; the feed calls this."""
        if received:
            self._reception.received = received
        # The loop runs once for each tick and calls what it must: a method for its body costs
        # a tenth of it.
        names, where, subscriptions = self._names, self._in_tick, self._ticks
        is_stale, arbiter = self._is_stale, self.feeds.arbiter
        self.feeds.ticks[feed.number] += len(ticks)
        if self.relay is not None and arbiter is None:
            self.relay.ticks(ticks, received)
        for body in ticks:
            try:
                subscription = subscriptions.get(names[body[where]])
                if subscription is None:
                    continue
                if arbiter is not None and not self._is_first(arbiter, feed, subscription, body):
                    continue
                if subscription.last is None:
                    self.instruments.add((subscription.name,))
                stale = is_stale(subscription, body)
                if not subscription.clients:
                    continue
                streams = subscription.streams
                if streams is None:
                    streams = subscription.streams = self._sink.make_streams(subscription)
                if stale:
                    self._stale += 1
                    streams.stale_tick(body)
                else:
                    streams.tick(body)
                for maker in subscription.bar_makers:
                    maker.tick(subscription.name, body)
            except Exception:  # noqa: BLE001 - what one tick does must not harm the next
                _log.failure("cannot deliver a tick")
        if received:
            self._reception.received = 0

    def on_gap(self, feed: TickSource, missed: Mapping[bytes, int]) -> None:
        """Tell clients of ticks that will never come. Another feed may have brought them."""
        if self.relay is not None:
            self.relay.missed(missed)
        clients: dict[C, dict[bytes, int]] = {}
        for name, count in missed.items():
            subscription = self._ticks.get(name)
            for client in () if subscription is None else subscription.clients:
                clients.setdefault(client, {})[name] = count
        if clients:
            self._sink.ticks_missed(clients)

    def on_instruments(self, feed: TickSource, names: Sequence[bytes]) -> None:
        """Add the instruments that a front lists, in turns."""
        listed = batched(names)
        self.is_listing = True
        self.turns.add(partial(self._add_listed, listed))

    def _add_listed(self, listed: Iterator[Sequence[bytes]]) -> bool:
        """Add some of the instruments listed; return whether more are left."""
        names = next(listed, ())
        self.instruments.add(names)
        self.is_listing = bool(names)
        return self.is_listing

    def on_quote_request(self, feed: TickSource, event: CallbackEvent) -> None:
        """Send an exchange's request for quotes to its instrument's clients."""
        body = event.body or b""
        name = self._names[body[self._in_quote]]
        subscription = self._subscriptions["quote"].by_name.get(name)
        if subscription is None or not subscription.clients:
            return
        arbiter = self.feeds.arbiter
        if arbiter is None or arbiter.copies.quote(feed.number, name, body):
            if self.relay is not None:
                self.relay.pushed(event)
            self._sink.quote_requested(event, subscription.clients)

    def on_connection(self, feed: TickSource, event: CallbackEvent) -> None:
        """Tell clients of the connection: while another feed is there nothing is lost with one."""
        if self.feeds.is_alone(feed):
            self._sink.broadcast(event)

    def on_refused(self, feed: TickSource, event: CallbackEvent) -> None:
        """Send an error that answers no client's request to whom it concerns.

        All feeds are asked for the same, so only the best one's refusals count.
        """
        if feed is not self.feeds.best:
            return
        callback, body = event.callback, event.body
        kind = _ANSWERS.get(callback.name)
        if kind is None or body is None:
            self._sink.broadcast(event)
            return
        subscription = self._subscriptions[kind].by_name.get(self._names[body[self._specific]])
        if subscription is not None and subscription.clients:
            subscription.is_refused = True
            if self.relay is not None:
                self.relay.pushed(event)
            self._sink.refused(event, subscription.clients)

    def on_status(self, feed: TickSource) -> None:
        """Ask a feed that has become ready for what is wanted; tell clients of the new state."""
        self.feeds.moved(feed)
        self._tell_state()
        if self.relay is not None:
            self.relay.status_changed()
        for subscriptions in self._subscriptions.values():
            if feed.state is LoginState.READY:
                subscriptions.ready(feed.number)
            else:
                subscriptions.lost(feed.number)
        if self.feeds.state is LoginState.CLOSED:
            self._end()
        elif self.feeds.state is not LoginState.READY:
            self._bars.pause()
        if feed.state in (LoginState.READY, LoginState.REFUSED):
            self.feeds.answer_logins()

    def samples(self) -> Iterator[Sample]:
        """Read the hub's figures; called on a scrape."""
        for kind, subscriptions in self._subscriptions.items():
            yield from subscriptions.samples(kind)
        yield figures.INSTRUMENTS.sample(len(self.instruments))
        yield figures.STALE.sample(self._stale)
        yield from self._bars.samples()
        yield from self.feeds.samples()

    def _end(self) -> None:
        """Stop all timers."""
        for subscriptions in self._subscriptions.values():
            subscriptions.close()
        self._bars.close()
        if self.feeds.arbiter is not None:
            self.feeds.arbiter.close()

    def _tell_state(self) -> None:
        best = self.feeds.status
        self._sink.state_changed(best.state, best.reason)

    def _is_first(
        self, arbiter: FeedArbiter, feed: TickSource, subscription: Subscription[C], body: bytes
    ) -> bool:
        """Return whether this is a tick's first copy; record it then."""
        if not arbiter.tick(feed.number, subscription.name, body):
            return False
        if self._record is not None:
            self._record(body)
        if self.relay is not None:
            self.relay.ticks((body,), self._reception.received)
        return True

    def _dropped(self, kind: Kind, name: bytes) -> None:
        """Forget the copies of an instrument that nobody wants any more."""
        if self.feeds.arbiter is not None:
            copies = self.feeds.arbiter.copies
            (copies.forget_ticks if kind == "tick" else copies.forget_quotes)(name)

    @staticmethod
    def _send(kind: Kind, feed: TickSource, wanted: bool, instruments: list[bytes]) -> int:
        return (feed.subscribe if wanted else feed.unsubscribe)(kind, instruments)


class _Names(dict[bytes, bytes]):
    """The bytes of an InstrumentID field -> the name, ended by its NUL."""

    def __missing__(self, field: bytes) -> bytes:
        if len(self) >= _NAMES_KEPT:
            self.clear()
        name = self[field] = field.partition(b"\0")[0]
        return name
