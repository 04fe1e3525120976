"""Serve market data at ``/md/``: what all clients share, and what one client can do."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, ClassVar, Final

from msgspec import UNSET, Raw, UnsetType, to_builtins
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Method, Shape
from webctp.ctp.codec import CodecError, codec_for, field_bytes, gbk
from webctp.ctp.encoder import InvalidPrice, json_encoder
from webctp.ctp.front import MarketFront
from webctp.ctp.refusal import Refusal, refusal_of
from webctp.ctp.rspinfo import RspInfo
from webctp.gateway.access.logindeadline import Presence
from webctp.gateway.access.principal import Scope
from webctp.gateway.client import ServiceClient
from webctp.gateway.market.barstream import Bars
from webctp.gateway.market.history import PAST_BARS, BarHistory, answer_past_bars
from webctp.gateway.market.spec import WHOLE_TICKS, StreamSpec, market_words, stream_specs
from webctp.gateway.market.streams import InstrumentStreams, MakeFrame, StreamClient
from webctp.gateway.messages import own
from webctp.gateway.messages.encoder import Encoder
from webctp.gateway.messages.encoder import frame as frame_of
from webctp.gateway.messages.schema import Message, Request, Schema
from webctp.gateway.messages.tradingday import TradingDayWatch
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.upstream.market.bars import Bar
from webctp.upstream.market.feed import MarketSettings
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.instruments import is_pattern, matches
from webctp.upstream.market.subscriptions import REMEDY, Clients, Steps, Subscription, TooMany
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import Reply
from webctp.upstream.session.status import LoginAnswer
from webctp.upstream.turns import batched

_log = Logger()

_KINDS: Final = {
    "SubscribeMarketData": ("tick", True),
    "UnSubscribeMarketData": ("tick", False),
    "SubscribeForQuoteRsp": ("quote", True),
    "UnSubscribeForQuoteRsp": ("quote", False),
}
_REQUESTS: Final = {kind: name for name, (kind, subscribes) in _KINDS.items() if subscribes}
_PATTERN: Final = re.compile(r"[*?]").search
_NOTHING_KNOWN: Final = (
    "no instrument is known yet: a pattern finds those that have ticked, that a trading client "
    "of this gateway has queried, or that InstrumentsFile lists"
)
_TICK: Final = "OnRtnDepthMarketData"
_INSTRUMENT: Final = "InstrumentID"
_USER: Final = ("BrokerID", "UserID")


class MarketService:
    """Hold what all market-data clients share: the hub, and one encoding of each tick.

    The hub's :class:`~webctp.upstream.market.hub.Sink`.
    """

    def __init__(
        self,
        reactor: Any,
        apis: ApiQueue,
        front: MarketFront,
        settings: MarketSettings,
        fanout: Fanout,
        invalid: InvalidPrice,
        history: BarHistory | None = None,
    ) -> None:
        catalogue = front.binding.market
        self.history = history
        self.callbacks = catalogue.callbacks
        self.schema = Schema(catalogue, market_words, {"/td/": front.binding.trading})
        self.encoder = Encoder(catalogue, invalid, keep_reserved=True)
        self.fanout = fanout
        self._front = front
        self.hub = MarketHub[StreamClient](reactor, apis, front, settings, self)
        self.max_instruments = settings.max_instruments
        self._last_tick = settings.last_tick
        codec = codec_for(catalogue.module)
        self.info = RspInfo(catalogue).of(0)
        self.specific = codec.layout("CThostFtdcSpecificInstrumentField")
        self.login = codec.layout("CThostFtdcRspUserLoginField")
        self._clock = reactor
        self._invalid = invalid
        self._depth = codec.layout("CThostFtdcDepthMarketDataField")
        self.fields = tuple(field.name for field in self._depth.fields)
        day = catalogue.methods["GetTradingDay"]
        self._days = TradingDayWatch(reactor, lambda: self.hub.text(day), self._new_day)
        self._clients: set[MarketClient] = set()
        self.is_learning = False
        """Whether some of what the front lists is still to be taken in."""
        # Encoders are kept for as long as a stream uses them, and the most recent ones longer.
        self.frame_of = lru_cache(maxsize=64)(self._frame_of)

    def client(self, peer: Peer) -> "MarketClient":
        """Return what handles a new client's requests."""
        client = MarketClient(self, peer)
        self._clients.add(client)
        return client

    def forget(self, client: "MarketClient") -> None:
        """Send nothing more to a client that is gone."""
        self._clients.discard(client)

    @property
    def bars(self) -> Bars:
        """The hub, which makes the bars."""
        return self.hub

    def keepers(self, name: bytes) -> Mapping[str, Callable[[Bar], None]]:
        """Return what keeps an instrument's closed bars, by period."""
        return {} if self.history is None else self.history.keepers(name)

    def start(self) -> None:
        """Connect to the front."""
        if self.history is not None:
            self.hub.subscribe("tick", self.history, self.history.instruments)
        self.hub.start()

    def stop(self) -> Deferred[Any]:
        """Release the upstream."""
        self._days.stop()
        return self.hub.close()

    def readiness(self) -> dict[str, Any]:
        """The upstream's state, for ``/readyz``."""
        told = to_builtins(self._standing())
        return {
            "ready": self.hub.state is LoginState.READY,
            "state": told["LoginState"],
            "reason": told["Reason"],
            **({"lines": told["Lines"]} if "Lines" in told else {}),
        }

    def _standing(self) -> own.SessionState:
        return own.market_standing(self.hub.status, self.hub.feed_statuses)

    def make_streams(self, subscription: Subscription[StreamClient]) -> InstrumentStreams:
        """Make what is sent of an instrument's ticks; the hub calls this at the first."""
        return InstrumentStreams(self._clock, self, subscription)

    def quote_requested(self, event: CallbackEvent, clients: Clients[StreamClient]) -> None:
        """Send an exchange's request for quotes, encoded once."""
        callback, body, _, _, _ = event
        self._send(self.encoder.push(callback, body, None, 0), clients)

    def first(self, client: StreamClient, last: bytes) -> None:
        """Send a new client of an instrument what stands after its ``last`` tick.

        Where another tick has come meanwhile, the client was sent that.
        """
        found = self.hub.newest_tick(last)
        if found is None or client.outbox is None:
            return
        subscription, newest = found
        streams = subscription.streams
        if not isinstance(streams, InstrumentStreams):
            streams = subscription.streams = self.make_streams(subscription)
        for key, frame in streams.first(client, newest, ticks=self._last_tick):
            client.outbox.tick(key, frame)

    def _frame_of(self, fields: tuple[str, ...] | None, *, stale: bool = False) -> MakeFrame:
        callback = self.callbacks[_TICK]
        encode = json_encoder(self._depth, self._invalid, keep_reserved=True, only=fields)
        head = f'{{"MsgType":"{callback.msg_type}","{callback.body_key}":'.encode()
        tail = b',"Stale":true}' if stale else b"}"

        def frame(body: bytes) -> bytes:
            return frame_of(b"%b%b%b" % (head, encode(body), tail))

        return frame

    def state_changed(self, state: LoginState, reason: str) -> None:
        """Tell every client that has asked to log in of the upstream's state, and log it."""
        why = f": {reason}" if reason else ""
        _log.info("market data is {state}{why}", state=state.value, why=why)
        login: Raw | UnsetType = UNSET
        if state is LoginState.READY:
            listed = batched([name.encode() for name in self._front.instruments()])
            self.is_learning = True
            self.hub.turns.add(partial(self._learn, listed))
            login = self.encoder.json(self.login.name, self.hub.login_body)
        told = own.RtnSessionState(SessionState=self._standing(), RspUserLogin=login)
        frame = frame_of(own.encode(told))
        for client in self._clients:
            if client.follows:
                client.outbox.message(frame)
        if state is LoginState.READY and self.hub.login_body is not None:
            self._days.logged_in(str(self.login.value(self.hub.login_body, "TradingDay")))
        else:
            self._days.stop()
        self.fanout.flush()

    def _new_day(self, day: str, before: str) -> None:
        frame = frame_of(own.encode(own.RtnTradingDay(TradingDay=day, Before=before)))
        for client in self._clients:
            if client.logged_in:
                client.outbox.message(frame)
        self.fanout.flush()

    def _learn(self, listed: Iterator[Sequence[bytes]]) -> bool:
        """Add some of the instruments that the front lists; return whether more are left."""
        names = next(listed, ())
        self.hub.instruments.add(names)
        self.is_learning = bool(names)
        return self.is_learning

    def broadcast(self, event: CallbackEvent) -> None:
        """Send the connection's own events, and errors that nobody waits for."""
        callback, body, info, number, is_last = event
        if callback.has_request:
            message = self.encoder.response(Reply(callback, body, info, is_last), 0)
        else:
            message = self.encoder.push(callback, body, info, number)
        frame = frame_of(message)
        for client in self._clients:
            if client.logged_in:
                client.outbox.message(frame)

    def refused(self, event: CallbackEvent, clients: Clients[StreamClient]) -> None:
        """Send clients the front's refusal of an instrument that they want."""
        callback, body, info, _, _ = event
        self._send(self.encoder.response(Reply(callback, body, info, True), 0), clients)
        if self.history in clients and body is not None:
            name = self.specific.unpack(body)[_INSTRUMENT]
            _log.warn("History: the front knows no instrument {name!r}", name=name)

    def _send(self, message: bytes, clients: Iterable[StreamClient]) -> None:
        frame = frame_of(message)
        for client in clients:
            if client.outbox is not None:
                client.outbox.message(frame)

    def full(self, kind: str, client: StreamClient) -> None:
        """Tell a client that its patterns find more instruments than it may have."""
        limit = f"its patterns find more than MaxInstruments, {self.max_instruments}"
        client.refuse(_REQUESTS[kind], errors.TOO_MANY, f"{limit}; {REMEDY}", 0)

    def flush(self) -> None:
        """Write out what was sent since the last flush."""
        self.fanout.flush()


class MarketClient(ServiceClient):
    """One client at ``/md/``: its login is its own affair, its subscriptions the hub's."""

    def __init__(self, desk: MarketService, peer: Peer) -> None:
        super().__init__(desk.schema, desk.fanout, peer)
        self._desk = desk
        self._encoder = desk.encoder
        self._waiting: Deferred[LoginAnswer] | None = None
        self.logged_in = False
        self.follows = False
        """Whether it is told of the upstream's states: since its first login, until it logs out."""
        self._specs: tuple[StreamSpec, ...] = WHOLE_TICKS
        self._asked: dict[bytes, tuple[StreamSpec, ...]] = {}
        """What it asks of instruments whose ticks it is subscribed to."""
        self._asked_by_pattern: dict[bytes, tuple[StreamSpec, ...]] = {}
        self.outbox.on_dropped = self._dropped
        self.own = {PAST_BARS: self._past_bars}

    @staticmethod
    def scope_of(method: Method) -> Scope:
        """Return the scope that a request needs: one for all."""
        return Scope.MARKET

    own_scope = Scope.MARKET

    def gone(self) -> None:
        """The client's connection is closed: its subscriptions are given up."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.cancel()
        self._desk.hub.leave(self)
        self._desk.forget(self)

    def presence(self) -> Presence:
        """Return whether the client is logged in."""
        if self._waiting is not None:
            return Presence.LOGGING_IN
        return Presence.LOGGED_IN if self.logged_in else Presence.STRANGER

    def specs_of(self, name: bytes) -> tuple[StreamSpec, ...]:
        """Of :class:`~webctp.gateway.market.streams.StreamClient`: its name's, else a pattern's."""
        found = self._asked.get(name)
        if found is None:
            asked = self._asked_by_pattern.items()
            found = next((own for one, own in asked if matches(one, name)), ())
        return found

    def _dropped(self, count: int) -> None:
        """It had fallen behind."""
        self.say(own.encode(own.RtnTicksDropped(TicksDropped=own.TicksDropped(Count=count))))

    def _login(self, request: Request) -> None:
        if self._waiting is not None:
            raise Refusal(errors.CONFLICT, "a login is under way; wait for its answer")
        self._schema.layout(str(request.method.struct)).pack(request.body)
        self._specs = stream_specs(request.words, self._desk.fields) or WHOLE_TICKS
        self.follows = True
        self._waiting = self._desk.hub.logged_in()
        self._waiting.addCallbacks(partial(self._answered, request), partial(self._failed, request))

    def _answered(self, request: Request, login: LoginAnswer) -> None:
        self._waiting = None
        if login.ready:
            self.logged_in = True
            self._respond(request, self._named(request, login.body or b""))
        else:
            reply = Reply(login.callback, login.body, login.info, True)
            message = self._encoder.response(reply, request.request_id)
            remedy = self._desk.hub.best.remedy
            self.say(own.beside(message, own.Words(Detail=remedy)) if remedy else message)
        self._fanout.flush()

    def _named(self, request: Request, body: bytes) -> bytes:
        """The front's answer, with the user that the client gave."""
        answer = bytearray(body)
        for name in _USER:
            value = request.body.get(name)
            if value:
                field = self._desk.login.by_name[name]
                answer[field.offset : field.offset + field.size] = field_bytes(field, value)
        return bytes(answer)

    def _failed(self, request: Request, failure: Failure) -> None:
        if self._waiting is None:
            return  # the client is gone
        self._waiting = None
        problem = refusal_of(failure)
        self.refuse(request.method.name, problem.code, problem.detail, request.request_id)
        self._fanout.flush()

    def _logout(self, request: Request) -> None:
        self._require_login()
        body = self._schema.layout(str(request.method.struct)).pack(request.body)
        self.logged_in = self.follows = False
        self.now_a_stranger()
        self._asked.clear()
        self._asked_by_pattern.clear()
        self.begin(request, self._logging_out(request, body))

    def _logging_out(self, request: Request, body: bytes) -> Steps[None]:
        yield from self._desk.hub.leaving(self)
        self._respond(request, body)

    def _subscription(self, request: Request) -> None:
        self._require_login()
        if not request.instruments:
            raise Refusal(errors.BAD_REQUEST, "InstrumentID is empty; name at least one")
        kind, subscribing = _KINDS[request.method.name]
        work = self._subscribing if subscribing else self._unsubscribing
        self.begin(request, work(request, kind))

    def _subscribing(self, request: Request, kind: str) -> Steps[None]:
        asked = stream_specs(request.words, self._desk.fields) or self._specs
        bodies: list[bytes] = []
        instruments = yield from self._reading(request, bodies)
        before: dict[bytes, tuple[StreamSpec, ...] | None] = {}
        for names in batched(instruments if kind == "tick" else []):
            self._note(names, asked, before)
            yield
        try:
            last = yield from self._desk.hub.subscribing(
                kind,
                self,
                instruments,
                resubscribe=bool(request.words),
                accepted=self._confirming(request, bodies),
            )
        except TooMany:
            for some in batched(list(before.items())):
                for name, own in some:
                    self._restore(name, own)
                yield
            raise
        for tick in last:
            self._desk.first(self, tick)
            yield

    def _unsubscribing(self, request: Request, kind: str) -> Steps[None]:
        bodies: list[bytes] = []
        instruments = yield from self._reading(request, bodies)
        for names in batched(instruments if kind == "tick" else []):
            for name in names:
                self._restore(name, None)
            yield
        yield from self._desk.hub.unsubscribing(kind, self, instruments)
        yield from self._confirming(request, bodies)

    def _reading(self, request: Request, bodies: list[bytes]) -> Steps[list[bytes]]:
        """The instruments of a request; their SpecificInstruments are added to ``bodies``."""
        instruments: list[bytes] = []
        for names in batched(request.instruments):
            bodies.extend(self._specific(name) for name in names)
            instruments.extend(gbk(name, _INSTRUMENT) for name in names)
            yield
        return instruments

    def _confirming(self, request: Request, bodies: list[bytes]) -> Iterator[None]:
        """Answer for each instrument, the last with IsLast."""
        callback = self._desk.callbacks[str(request.method.response)]
        left = len(bodies)
        for some in batched(list(zip(request.instruments, bodies, strict=True))):
            for name, body in some:
                left -= 1
                detail = ""
                if _PATTERN(name) and _KINDS[request.method.name][1]:
                    detail = yield from self._found_nothing(name)
                reply = Reply(callback, body, self._desk.info, left == 0)
                message = self._encoder.response(reply, request.request_id)
                self.say(own.beside(message, own.Words(Detail=detail)) if detail else message)
            yield

    def _found_nothing(self, pattern: str) -> Steps[str]:
        """Say that a pattern finds no instrument; nothing where it finds one, or soon may."""
        known = self._desk.hub.instruments
        if self._desk.is_learning:
            return ""
        if not len(known):
            return _NOTHING_KNOWN
        if (yield from known.finding_any(gbk(pattern, _INSTRUMENT))):
            return ""
        return (
            f"{pattern[:32]!a} finds none of the {len(known)} instruments known; it takes in those "
            "that are learnt later"
        )

    def _note(
        self,
        names: Iterable[bytes],
        asked: tuple[StreamSpec, ...],
        before: dict[bytes, tuple[StreamSpec, ...] | None],
    ) -> None:
        """Note what is asked of instruments' ticks, and what was asked of them ``before``."""
        for name in names:
            wanted = self._asked_by_pattern if is_pattern(name) else self._asked
            before.setdefault(name, wanted.get(name))
            wanted[name] = asked

    def _restore(self, name: bytes, asked: tuple[StreamSpec, ...] | None) -> None:
        wanted = self._asked_by_pattern if is_pattern(name) else self._asked
        if asked is None:
            wanted.pop(name, None)
        else:
            wanted[name] = asked

    def _specific(self, instrument: str) -> bytes:
        """A SpecificInstrument; CodecError for what can be no InstrumentID."""
        if not instrument:
            raise CodecError(_INSTRUMENT, "is empty text; name an instrument")
        return self._desk.specific.pack({_INSTRUMENT: instrument})

    def _request(self, request: Request) -> None:
        self._require_login()
        hub = self._desk.hub
        if hub.state is not LoginState.READY:
            raise Refusal(errors.NOT_READY, f"the front is {hub.state.value}")
        body = self._schema.layout(str(request.method.struct)).pack(request.body)
        result = hub.request(request.method, body, partial(self._answer, request))
        if result != 0:
            self._respond(request, None, hub.info(result))

    def _past_bars(self, message: Message, request_id: int) -> None:
        self._require_login()
        for answer in answer_past_bars(self._desk.history, message, request_id):
            self.say(answer)

    def _text(self, request: Request) -> None:
        self._require_login()
        text = self._desk.hub.text(request.method)
        name = request.method.name
        body = {name.removeprefix("Get"): text}
        self.say(own.result(name, 0, request.request_id, **body))

    def _answer(self, request: Request, reply: Reply) -> None:
        self.say(self._encoder.response(reply, request.request_id))

    def _respond(self, request: Request, body: bytes | None, info: bytes | None = None) -> None:
        """The gateway's own answer in the front's name: once, and last."""
        callback = self._desk.callbacks[str(request.method.response)]
        self._answer(request, Reply(callback, body, info or self._desk.info, True))

    def _require_login(self) -> None:
        if not self.logged_in:
            raise Refusal(errors.NOT_LOGGED_IN, "send ReqUserLogin first")

    def handle(self, request: Request) -> None:
        """See :class:`~webctp.gateway.client.ServiceClient`."""
        method = request.method
        (self._by_name.get(method.name) or self._by_shape[method.shape])(self, request)

    _by_name: ClassVar[Mapping[str, Callable[["MarketClient", Request], None]]] = {
        "ReqUserLogin": _login,
        "ReqUserLogout": _logout,
    }
    _by_shape: ClassVar[Mapping[Shape, Callable[["MarketClient", Request], None]]] = {
        Shape.SUBSCRIPTION: _subscription,
        Shape.REQUEST: _request,
        Shape.TEXT: _text,
    }
