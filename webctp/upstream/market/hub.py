"""The market-data hub: one upstream, however many clients.

Clients' subscriptions are counted (:mod:`webctp.upstream.market.subscriptions`) and live here, not
at the front: during an outage they are taken as always, and the whole wanted set is sent when the
front is back.

The upstream is one feed (:mod:`webctp.upstream.market.feed`), or with ``MdRedundancy`` one for each
address: each is asked for everything, and of each tick the first copy is passed on.

Instruments are bytes throughout, as CTP has them: a tick's subscribers are found by the bytes of
its InstrumentID field, before anything is decoded. All methods run in the reactor's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Callback, Method
from webctp.ctp.codec import codec_for
from webctp.ctp.front import MarketFront
from webctp.ctp.refusal import Refusal
from webctp.exchanges import calendar as calendars
from webctp.upstream.market.arbitration import FeedArbiter
from webctp.upstream.market.bars import BarMakers
from webctp.upstream.market.feed import FeedStatus, MarketFeed, MarketSettings
from webctp.upstream.market.instruments import InstrumentDirectory
from webctp.upstream.market.staleticks import StaleTicks, Unpublished
from webctp.upstream.market.subscriptions import Clients, Steps, Subscriptions
from webctp.upstream.market.ticks import Moments
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply
from webctp.upstream.session.status import LoginAnswer
from webctp.upstream.turns import Turns

_log = Logger()

_TICK: Final = "OnRtnDepthMarketData"
_QUOTE: Final = "OnRtnForQuoteRsp"
_NAMES_KEPT: Final = 65_536
_SUBSCRIBE: Final = {_TICK: "SubscribeMarketData", _QUOTE: "SubscribeForQuoteRsp"}
_UNSUBSCRIBE: Final = {_TICK: "UnSubscribeMarketData", _QUOTE: "UnSubscribeForQuoteRsp"}
_KINDS: Final = {"tick": _TICK, "quote": _QUOTE}
_ANSWERS: Final = {"OnRspSubMarketData": _TICK, "OnRspSubForQuoteRsp": _QUOTE}
_NOBODYS: Final = ("OnRspUnSubMarketData", "OnRspUnSubForQuoteRsp")
"""Answers that nobody wants: the front was told of what nobody wants any more."""
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


class Sink(Protocol):
    """What turns the hub's events into messages; the gateway's side."""

    def publish(self, callback: Callback, body: bytes, clients: Clients) -> None:
        """A tick or quote request for ``clients`` (never empty)."""

    def publish_stale(self, body: bytes, clients: Clients) -> None:
        """A tick that the front tells again, for ``clients`` (never empty)."""

    def state_changed(self, state: LoginState, reason: str) -> None:
        """The upstream has moved to ``state``."""

    def broadcast(self, event: CallbackEvent) -> None:
        """Something for every client of the hub."""

    def refused(self, event: CallbackEvent, clients: Clients) -> None:
        """The front has refused the subscription of an instrument that these want."""

    def full(self, kind: str, client: Any) -> None:
        """A client's patterns find more instruments than it may have; told once."""

    def flush(self) -> None:
        """A batch has been published."""


class MarketHub:
    """Share one upstream for market data among all clients.

    :param front: what stands behind the addresses.
    """

    def __init__(
        self,
        reactor: Any,
        apis: ApiQueue,
        front: MarketFront,
        settings: MarketSettings,
        sink: Sink,
    ) -> None:
        self._clock = reactor
        self._catalogue = front.binding.market
        self._settings = settings
        self._sink = sink
        codec = codec_for(self._catalogue.module)
        self._specific = _instrument_slice(codec.layout("CThostFtdcSpecificInstrumentField"))
        self._keys = {
            name: _instrument_slice(codec.layout(str(self._catalogue.callbacks[name].struct)))
            for name in (_TICK, _QUOTE)
        }
        self._tick = self._catalogue.callbacks[_TICK]
        self._names = _Names()
        layout = codec.layout(str(self._tick.struct))
        moments = Moments(calendars.default())
        self._is_stale = StaleTicks(layout, front, moments).is_stale
        self.bars = BarMakers(reactor, layout, front, moments, sink.flush)
        """Makes the bars that somebody watches; who does hands it the ticks."""
        self.turns = Turns(reactor)
        """Where long work on subscriptions waits for its turn."""
        self.instruments = InstrumentDirectory(settings.known_limit)
        """What patterns are read over; whoever knows of instruments may tell it."""
        groups = [settings.addresses]
        self._merge: FeedArbiter | None = None
        if settings.redundancy:
            groups = [(address,) for address in settings.addresses]
            self._merge = FeedArbiter(
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
                instrument=self._keys[_TICK],
                # Of several feeds only what is passed on is recorded, in the reactor's thread.
                record=settings.record if self._merge is None else None,
            )
            for number, addresses in enumerate(groups)
        )
        self._subscriptions = {
            name: Subscriptions(
                reactor,
                settings.pace,
                self.instruments,
                [partial(self._send, name, feed) for feed in self.feeds],
                limit=settings.max_instruments,
                on_full=partial(sink.full, kind),
                on_dropped=partial(self._dropped, name),
                turns=self.turns,
            )
            for kind, name in _KINDS.items()
        }
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
        """The feed that stands best."""
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
        if self._merge is None:
            return ()
        stalled = self._merge.stalled
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
        client: Any,
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
        subscriptions = self._subscriptions[_KINDS[kind]]
        return subscriptions.subscribing(
            client, instruments, resubscribe=resubscribe, accepted=accepted
        )

    def subscribe(
        self, kind: str, client: Any, instruments: Iterable[bytes], *, resubscribe: bool = False
    ) -> list[bytes]:
        """As :meth:`subscribing`, at once."""
        return self._subscriptions[_KINDS[kind]].subscribe(
            client, instruments, resubscribe=resubscribe
        )

    def unsubscribe(self, kind: str, client: Any, instruments: Iterable[bytes]) -> None:
        """As :meth:`unsubscribing`, at once."""
        self._subscriptions[_KINDS[kind]].unsubscribe(client, instruments)

    def unsubscribing(self, kind: str, client: Any, instruments: Iterable[bytes]) -> Steps[None]:
        """Count ``client`` out; the front is told of instruments nobody wants any more."""
        return self._subscriptions[_KINDS[kind]].unsubscribing(client, instruments)

    def leaving(self, client: Any) -> Steps[None]:
        """Count ``client`` out of everything; it may come back when that is over."""
        for subscriptions in self._subscriptions.values():
            yield from subscriptions.leaving(client)

    def leave(self, client: Any, on_end: Callable[[], object]) -> None:
        """Count a client that is gone out of everything, and call ``on_end`` after it."""
        self.turns.run(self.leaving(client), on_end)

    def first_tick(self, last: bytes) -> bytes | None:
        """What a newcomer is told first, who came when ``last`` was its instrument's last tick.

        The newest tick that there is; None where news has come since, which the newcomer was sent.
        """
        subscription = self._subscriptions[_TICK].by_name.get(self._names[last[self._keys[_TICK]]])
        if subscription is None or (
            subscription.last is not last and not isinstance(subscription.last, Unpublished)
        ):
            return None
        return subscription.last

    def clients(self, tick: bytes) -> Clients:
        """The clients that get ticks of that tick's instrument."""
        subscription = self._subscriptions[_TICK].by_name.get(self._names[tick[self._keys[_TICK]]])
        return Clients() if subscription is None else subscription.clients

    def request(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Send another request of market data (``ReqQryMulticastInstrument``)."""
        return self.best.session.request(method, body, on_reply)

    def text(self, method: Method) -> str | None:
        """What a method without arguments says (``GetTradingDay``)."""
        return self.best.session.connection.text(method)

    def info(self, code: int) -> bytes:
        """A RspInfo of ours."""
        return self.best.session.info(code)

    def delivered(self, feed: MarketFeed, events: Iterable[CallbackEvent]) -> None:
        """Of :class:`~webctp.upstream.market.feed.Owner`: ticks go the short way."""
        tick = self._tick
        for event in events:
            if (
                event.callback is tick
                and event.body is not None
                and feed.state is not LoginState.CLOSED
            ):
                try:
                    self._publish(feed, tick, event.body)
                except Exception:  # noqa: BLE001 - what one tick does must not harm the next
                    _log.failure("cannot deliver a tick")
            else:
                feed.session.deliver((event,))
        self._sink.flush()

    def _publish(self, feed: MarketFeed, callback: Callback, body: bytes) -> None:
        name = self._names[body[self._keys[callback.name]]]
        subscription = self._subscriptions[callback.name].by_name.get(name)
        if subscription is None:
            return
        if self._merge is not None and not self._is_first(self._merge, feed, callback, name, body):
            return
        if callback.name == _TICK:  # a request for quotes is over once it is told
            if subscription.last is None:
                self.instruments.add((name,))
            if self._is_stale(subscription, body):
                if subscription.clients:
                    self._sink.publish_stale(body, subscription.clients)
                return
        if subscription.clients:
            self._sink.publish(callback, body, subscription.clients)

    def pushed(self, feed: MarketFeed, event: CallbackEvent) -> None:
        """Of :class:`~webctp.upstream.market.feed.Owner`."""
        callback, body = event.callback, event.body
        if callback.name in self._subscriptions and body is not None:
            self._publish(feed, callback, body)
        elif not callback.has_request:
            # While another feed is there nothing is lost with one, nor found.
            if not any(other.connected for other in self.feeds if other is not feed):
                self._sink.broadcast(event)
        elif (
            feed is self.best  # the others are asked for the same
            and feed.session.error_of(event.info)
            and callback.name not in _NOBODYS
        ):
            self._refused(event)

    def feed_changed(self, feed: MarketFeed) -> None:
        """Of :class:`~webctp.upstream.market.feed.Owner`: when ready, ask for what is wanted."""
        state, ready = feed.state, feed.state is LoginState.READY
        self.states[state.value] += 1
        if self._merge is not None:
            self._merge.serving(feed.number, ready)
        self._tell_state()
        for subscriptions in self._subscriptions.values():
            if ready:
                subscriptions.ready(feed.number)
            else:
                subscriptions.lost(feed.number)
        if self.state is LoginState.CLOSED:
            self._end()
        elif self.state is not LoginState.READY:
            self.bars.pause()
        answer = self._login_answer() if state in (LoginState.READY, LoginState.REFUSED) else None
        if answer is not None:
            for one in list(self._waiting):
                one.callback(answer)

    def flush(self) -> None:
        """Of :class:`~webctp.upstream.market.feed.Owner`."""
        self._sink.flush()

    def _end(self) -> None:
        """Run no clock any more."""
        for subscriptions in self._subscriptions.values():
            subscriptions.close()
        self.bars.close()
        if self._merge is not None:
            self._merge.close()

    def _tell_state(self) -> None:
        best = self.best
        self._sink.state_changed(best.state, best.session.status.reason)

    def _stalled(self, number: int) -> None:
        """A feed has stalled, or goes on."""
        stalled = self._merge is not None and number in self._merge.stalled
        _log.warn(
            "the feed to {front} {does}",
            front=self.feeds[number].addresses[0],
            does="has stalled: others tell ticks that it does not" if stalled else "goes on",
        )
        self._tell_state()

    def _is_first(
        self, merge: FeedArbiter, feed: MarketFeed, callback: Callback, name: bytes, body: bytes
    ) -> bool:
        """Whether this is the first copy of it, which is to be passed on."""
        if callback.name != _TICK:
            return merge.copies.quote(feed.number, name, body)
        if not merge.tick(feed.number, name, body):
            return False
        if self._settings.record is not None:
            self._settings.record(body)
        return True

    def _dropped(self, kind: str, name: bytes) -> None:
        """Nobody wants an instrument any more."""
        if self._merge is not None:
            copies = self._merge.copies
            (copies.forget_ticks if kind == _TICK else copies.forget_quotes)(name)

    def _refused(self, event: CallbackEvent) -> None:
        """An answer that is an error, and that no request of a client's waits for."""
        callback, body = event.callback, event.body
        kind = _ANSWERS.get(callback.name)
        if kind is None or body is None:
            self._sink.broadcast(event)
            return
        subscription = self._subscriptions[kind].by_name.get(self._names[body[self._specific]])
        if subscription is not None and subscription.clients:
            self._sink.refused(event, subscription.clients)

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
            f"no answer from the front within {timeout:g} s",
            self.best.session.status.reason,
        )
        raise Refusal(errors.NO_ANSWER, "; ".join(filter(None, reasons)))

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
