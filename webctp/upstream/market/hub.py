"""Share one upstream of market data among all clients: the hub.

Clients' subscriptions are counted (:mod:`webctp.upstream.market.subscriptions`) and live here, not
at the front: during an outage they are taken as always, and the whole wanted set is sent when the
front is back.

The upstream is one feed (:mod:`webctp.upstream.market.feed`), or with ``MdRedundancy`` one for each
address: each is asked for everything, and of each tick the first copy is passed on.

Instruments are bytes throughout, as CTP has them. A tick's subscription is looked up once, by the
bytes of its InstrumentID field, before anything is decoded; streams and bars hang on it. All
methods run in the reactor's thread.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final, Generic, Protocol

from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Method
from webctp.ctp.codec import codec_for
from webctp.ctp.front import MarketFront
from webctp.ctp.refusal import Refusal
from webctp.exchanges import calendar as calendars
from webctp.language.text import Text, english, joined
from webctp.metrics import Sample
from webctp.upstream.market import figures
from webctp.upstream.market.arbitration import FeedArbiter
from webctp.upstream.market.bars import BarListener, BarMaker, BarMakers
from webctp.upstream.market.feed import FeedStatus, MarketFeed, MarketSettings
from webctp.upstream.market.instruments import InstrumentDirectory
from webctp.upstream.market.reception import Reception
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
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply
from webctp.upstream.session.status import LoginAnswer
from webctp.upstream.turns import Turns

_log = Logger()

_NAMES_KEPT: Final = 65_536
_SUBSCRIBE: Final = {"tick": "SubscribeMarketData", "quote": "SubscribeForQuoteRsp"}
_UNSUBSCRIBE: Final = {"tick": "UnSubscribeMarketData", "quote": "UnSubscribeForQuoteRsp"}
_ANSWERS: Final = {"OnRspSubMarketData": "tick", "OnRspSubForQuoteRsp": "quote"}
_INSTRUMENT: Final = "InstrumentID"
_BEST_FIRST: Final = (
    LoginState.READY,
    LoginState.CONFIRMING,
    LoginState.AUTHENTICATING,
    LoginState.LOGGING_IN,
    LoginState.OPEN,
    LoginState.REFUSED,
    LoginState.LOST,
    LoginState.CONNECTING,
    LoginState.CLOSED,
)


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

    def full(self, kind: str, client: C) -> None:
        """Tell a client, once, that its patterns find more instruments than it may have."""

    def flush(self) -> None:
        """Let leave what was sent since the last flush."""


class MarketHub(Generic[C]):
    """Share one upstream of market data among all clients.

    :param front: what stands behind the addresses.
    :param sink: what sends to the clients.
    """

    def __init__(
        self,
        reactor: Any,
        apis: ApiQueue,
        front: MarketFront,
        settings: MarketSettings,
        sink: Sink[C],
    ) -> None:
        self._clock = reactor
        self._catalogue = front.binding.market
        self._settings = settings
        self._sink = sink
        codec = codec_for(self._catalogue.module)
        self._specific = _instrument_slice(codec.layout("CThostFtdcSpecificInstrumentField"))
        layout = codec.layout("CThostFtdcDepthMarketDataField")
        self._in_tick = _instrument_slice(layout)
        self._in_quote = _instrument_slice(codec.layout("CThostFtdcForQuoteRspField"))
        self._names = _Names()
        moments = Moments(calendars.default())
        reception = Reception(front)
        self._is_stale = StaleTicks(layout, reception, moments).is_stale
        self._bars = BarMakers(reactor, layout, reception, moments, sink.flush)
        self.turns = Turns(reactor)
        """Carries out long work on subscriptions in slices."""
        self.instruments = InstrumentDirectory(settings.known_limit)
        """The instruments that patterns are held against; anybody may add to them."""
        groups = [settings.addresses]
        self._arbiter: FeedArbiter | None = None
        if settings.redundancy:
            groups = [(address,) for address in settings.addresses]
            self._arbiter = FeedArbiter(
                reactor, layout, len(groups), settings.stall_seconds, self._stalled
            )
        self.feeds = tuple(
            MarketFeed(
                reactor,
                apis,
                front,
                settings,
                self,
                number=number,
                addresses=addresses,
                instrument=self._in_tick,
                # Of several feeds only what is passed on is recorded, in the reactor's thread.
                record=settings.record if self._arbiter is None else None,
                reception=reception,
            )
            for number, addresses in enumerate(groups)
        )
        self._subscriptions = {
            kind: Subscriptions[C](
                reactor,
                settings.pace,
                self.instruments,
                [partial(self._send, kind, feed) for feed in self.feeds],
                limit=settings.max_instruments,
                on_full=partial(sink.full, kind),
                on_dropped=partial(self._dropped, kind),
                turns=self.turns,
            )
            for kind in _SUBSCRIBE
        }
        self._ticks = self._subscriptions["tick"].by_name
        self._waiting: set[Deferred[LoginAnswer]] = set()
        self.states: Counter[str] = Counter()
        """How often a feed has entered each state since the start."""

    def start(self) -> None:
        """Connect and keep connected."""
        for feed in self.feeds:
            feed.start()

    def close(self) -> Deferred[Any]:
        """Release the upstream."""
        return DeferredList([feed.close() for feed in self.feeds])

    @property
    def best(self) -> MarketFeed:
        """The feed whose state is best."""
        return min(self.feeds, key=lambda feed: _BEST_FIRST.index(feed.state))

    @property
    def state(self) -> LoginState:
        """Where the upstream stands: where its best feed does."""
        return self.best.state

    @property
    def status(self) -> FeedStatus:
        """Where the upstream stands: as its best feed does."""
        return self.best.status

    @property
    def feed_statuses(self) -> tuple[FeedStatus, ...]:
        """Where each of several feeds stands; empty where there is one."""
        if self._arbiter is None:
            return ()
        stalled = self._arbiter.stalled
        return tuple(replace(feed.status, is_stalled=feed.number in stalled) for feed in self.feeds)

    def logged_in(self) -> Deferred[LoginAnswer]:
        """The upstream's RspUserLogin, as soon as there was one, or the front's refusal.

        Fails with :class:`~webctp.ctp.refusal.Refusal` if there is neither within
        ``LoginTimeout``.
        """
        waiting: Deferred[LoginAnswer] = Deferred()
        answer = self._login_answer()
        if answer is not None:
            waiting.callback(answer)
        else:
            self._waiting.add(waiting)
            waiting.addTimeout(self._settings.login_timeout, self._clock, self._no_login)
            waiting.addBoth(self._waited, waiting)
        return waiting

    @property
    def login_body(self) -> bytes | None:
        """The body of the last RspUserLogin."""
        bodies = (feed.session.status.login_body for feed in (self.best, *self.feeds))
        return next((body for body in bodies if body is not None), None)

    def subscribing(
        self,
        kind: str,
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
        self, kind: str, client: C, instruments: Iterable[bytes], *, resubscribe: bool = False
    ) -> list[bytes]:
        """Subscribe as :meth:`subscribing` does, at once."""
        return self._subscriptions[kind].subscribe(client, instruments, resubscribe=resubscribe)

    def unsubscribe(self, kind: str, client: C, instruments: Iterable[bytes]) -> None:
        """Unsubscribe as :meth:`unsubscribing` does, at once."""
        self._subscriptions[kind].unsubscribe(client, instruments)

    def unsubscribing(self, kind: str, client: C, instruments: Iterable[bytes]) -> Steps[None]:
        """Count ``client`` out; the front is told of instruments nobody wants any more."""
        return self._subscriptions[kind].unsubscribing(client, instruments)

    def leaving(self, client: C) -> Steps[None]:
        """Count ``client`` out of everything; it may come back when that is over."""
        for subscriptions in self._subscriptions.values():
            yield from subscriptions.leaving(client)

    def leave(self, client: C) -> None:
        """Count a client that is gone out of everything: at once, or in turns where it is much."""
        self.turns.run(self.leaving(client))

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

    def request(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Send another request of market data (``ReqQryMulticastInstrument``)."""
        return self.best.session.request(method, body, on_reply)

    def text(self, method: Method) -> str | None:
        """Return what a method without arguments returns (``GetTradingDay``)."""
        return self.best.session.connection.text(method)

    def info(self, code: int) -> bytes:
        """A RspInfo of ours."""
        return self.best.session.info(code)

    def on_ticks(self, feed: MarketFeed, ticks: Iterable[bytes]) -> None:
        """Give each tick to its instrument's streams and bars; the feed calls this."""
        for body in ticks:
            try:
                self._take(feed, body)
            except Exception:  # noqa: BLE001 - what one tick does must not harm the next
                _log.failure("cannot deliver a tick")

    def _take(self, feed: MarketFeed, body: bytes) -> None:
        subscription = self._ticks.get(self._names[body[self._in_tick]])
        if subscription is None:
            return
        arbiter = self._arbiter
        if arbiter is not None and not self._is_first(arbiter, feed, subscription, body):
            return
        if subscription.last is None:
            self.instruments.add((subscription.name,))
        is_stale = self._is_stale(subscription, body)
        if not subscription.clients:
            return
        streams = subscription.streams
        if streams is None:
            streams = subscription.streams = self._sink.make_streams(subscription)
        if is_stale:
            streams.stale_tick(body)
        else:
            streams.tick(body)
        for maker in subscription.bar_makers:
            maker.tick(subscription.name, body)

    def on_quote_request(self, feed: MarketFeed, event: CallbackEvent) -> None:
        """Send an exchange's request for quotes to its instrument's clients."""
        body = event.body or b""
        name = self._names[body[self._in_quote]]
        subscription = self._subscriptions["quote"].by_name.get(name)
        if subscription is None or not subscription.clients:
            return
        arbiter = self._arbiter
        if arbiter is None or arbiter.copies.quote(feed.number, name, body):
            self._sink.quote_requested(event, subscription.clients)

    def on_connection(self, feed: MarketFeed, event: CallbackEvent) -> None:
        """Tell clients of the connection: while another feed is there nothing is lost with one."""
        if not any(other.connected for other in self.feeds if other is not feed):
            self._sink.broadcast(event)

    def on_refused(self, feed: MarketFeed, event: CallbackEvent) -> None:
        """Send an error that answers no client's request to whom it concerns.

        All feeds are asked for the same, so only the best one's refusals count.
        """
        if feed is not self.best:
            return
        callback, body = event.callback, event.body
        kind = _ANSWERS.get(callback.name)
        if kind is None or body is None:
            self._sink.broadcast(event)
            return
        subscription = self._subscriptions[kind].by_name.get(self._names[body[self._specific]])
        if subscription is not None and subscription.clients:
            self._sink.refused(event, subscription.clients)

    def on_status(self, feed: MarketFeed) -> None:
        """Ask a feed that has become ready for what is wanted; tell clients of the new state."""
        state, ready = feed.state, feed.state is LoginState.READY
        self.states[state.value] += 1
        if self._arbiter is not None:
            self._arbiter.serving(feed.number, ready)
        self._tell_state()
        for subscriptions in self._subscriptions.values():
            if ready:
                subscriptions.ready(feed.number)
            else:
                subscriptions.lost(feed.number)
        if self.state is LoginState.CLOSED:
            self._end()
        elif self.state is not LoginState.READY:
            self._bars.pause()
        answer = self._login_answer() if state in (LoginState.READY, LoginState.REFUSED) else None
        if answer is not None:
            for one in list(self._waiting):
                one.callback(answer)

    def flush(self) -> None:
        """Let leave what a batch of callbacks brought about; the feed calls this."""
        self._sink.flush()

    def samples(self) -> Iterator[Sample]:
        """Read the hub's figures; called on a scrape."""
        for kind, subscriptions in self._subscriptions.items():
            yield figures.SUBSCRIPTIONS.sample(len(subscriptions.by_name), kind)
        yield figures.INSTRUMENTS.sample(len(self.instruments))
        for state, count in self.states.items():
            yield figures.STATES.sample(count, state)
        for feed in self.feeds:
            yield figures.READY.sample(feed.state is LoginState.READY, str(feed.number))
            yield figures.CONFLATED.sample(feed.bridge.dropped, str(feed.number))

    def _end(self) -> None:
        """Stop all timers."""
        for subscriptions in self._subscriptions.values():
            subscriptions.close()
        self._bars.close()
        if self._arbiter is not None:
            self._arbiter.close()

    def _tell_state(self) -> None:
        best = self.best
        self._sink.state_changed(best.state, best.session.status.reason)

    def _stalled(self, number: int) -> None:
        """A feed has stalled, or goes on."""
        stalled = self._arbiter is not None and number in self._arbiter.stalled
        _log.warn(
            "the feed to {front} {does}",
            front=self.feeds[number].addresses[0],
            does=english("has stalled: others tell ticks that it does not")
            if stalled
            else english("goes on"),
        )
        self._tell_state()

    def _is_first(
        self, arbiter: FeedArbiter, feed: MarketFeed, subscription: Subscription[C], body: bytes
    ) -> bool:
        """Return whether this is a tick's first copy; record it then."""
        if not arbiter.tick(feed.number, subscription.name, body):
            return False
        if self._settings.record is not None:
            self._settings.record(body)
        return True

    def _dropped(self, kind: str, name: bytes) -> None:
        """Forget the copies of an instrument that nobody wants any more."""
        if self._arbiter is not None:
            copies = self._arbiter.copies
            (copies.forget_ticks if kind == "tick" else copies.forget_quotes)(name)

    def _login_answer(self) -> LoginAnswer | None:
        """What a login is answered now; None while that is not known."""
        best = self.best
        if best.state is LoginState.REFUSED:
            return best.session.refusal
        logins = (feed.session.status.login for feed in (best, *self.feeds))
        return next((one for one in logins if one is not None and one.body is not None), None)

    def _no_login(self, _: object, timeout: float) -> LoginAnswer:
        """The front may have said "not now", more than once."""
        for feed in self.feeds:
            if feed.session.refusal is not None:
                return feed.session.refusal
        reasons = (
            english("no answer from the front within {timeout:g} s", timeout=timeout),
            self.best.session.status.reason,
        )
        raise Refusal(errors.NO_ANSWER, joined("; ", filter(None, reasons)))

    def _waited(self, result: Any, waiting: Deferred[LoginAnswer]) -> Any:
        self._waiting.discard(waiting)
        return result

    def _send(self, kind: str, feed: MarketFeed, wanted: bool, instruments: list[bytes]) -> int:
        return feed.ask((_SUBSCRIBE if wanted else _UNSUBSCRIBE)[kind], instruments)


class _Names(dict[bytes, bytes]):
    """The bytes of an InstrumentID field -> the name, ended by its NUL."""

    def __missing__(self, field: bytes) -> bytes:
        if len(self) >= _NAMES_KEPT:
            self.clear()
        name = self[field] = field.partition(b"\0")[0]
        return name


def _instrument_slice(layout: Any) -> slice:
    found = layout.by_name[_INSTRUMENT]
    return slice(found.offset, found.offset + found.size)
