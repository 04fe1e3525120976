"""Carry out what one client asks for at ``/md/``: log in, subscribe, ask for past bars."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar, Final, Protocol

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.catalog import Callback, Method, Shape
from webctp.ctp.codec import CodecError, Layout, field_bytes, gbk
from webctp.ctp.encoder import JsonEncoder
from webctp.ctp.refusal import Refusal, refusal_of
from webctp.gateway.access.grants import HeldSubscriptions, InstrumentsAllowed
from webctp.gateway.access.logindeadline import Presence
from webctp.gateway.access.principal import Scope
from webctp.gateway.client import ServiceClient
from webctp.gateway.market.joining import BarJoin, check_history
from webctp.gateway.market.maincontracts import (
    MainContracts,
    MainStreams,
    check_product,
    split,
)
from webctp.gateway.market.pastbars import PAST_BARS, PastBars, QryBar, answering, read_query
from webctp.gateway.market.search import InstrumentSearch
from webctp.gateway.market.spec import HISTORY, WHOLE_TICKS, StreamSpec, stream_specs
from webctp.gateway.market.streams import StreamClient
from webctp.gateway.market.tickhistory import TickHistory
from webctp.gateway.market.tickhistory import answering as answering_ticks
from webctp.gateway.messages import own, own_risk
from webctp.gateway.messages.encoder import Encoder
from webctp.gateway.messages.own_market import INSTRUMENTS, TICKS, InstrumentsQuery, TicksQuery
from webctp.gateway.messages.schema import Message, Request, Schema
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.language.text import NOTHING, Text, english
from webctp.upstream.barstore.row import BarRow
from webctp.upstream.market.feeds import Feeds
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.instruments import is_pattern, matches
from webctp.upstream.market.source import Kind
from webctp.upstream.market.subscriptions import Steps, TooMany
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.session.status import LoginAnswer
from webctp.upstream.turns import batched

_KINDS: Final[Mapping[str, tuple[Kind, bool]]] = {
    "SubscribeMarketData": ("tick", True),
    "UnSubscribeMarketData": ("tick", False),
    "SubscribeForQuoteRsp": ("quote", True),
    "UnSubscribeForQuoteRsp": ("quote", False),
}
_PATTERN: Final = re.compile(r"[*?]").search
_NOTHING_KNOWN: Final = english(
    "no instrument is known yet: a pattern finds those that have ticked, that a trading client "
    "of this gateway has queried, or that InstrumentsFile lists"
)
_INSTRUMENT: Final = "InstrumentID"
_USER: Final = ("BrokerID", "UserID")


def _any(name: str) -> bool:
    return True


class MarketShared(Protocol):
    """What all clients share, as one of them uses it: the service."""

    schema: Schema
    encoder: Encoder
    fanout: Fanout
    hub: MarketHub[StreamClient]
    feeds: Feeds
    """Where the ticks come from."""
    mains: MainContracts
    """The main contracts of products."""
    past: PastBars
    """Bars of the past."""
    ticks: TickHistory
    """The last ticks of each instrument."""
    tick_json: JsonEncoder
    """Makes JSON of a tick."""
    search: InstrumentSearch
    """Finds instruments."""
    callbacks: Mapping[str, Callback]
    info: bytes
    """A RspInfo without an error."""
    specific: Layout
    """The layout of ``CThostFtdcSpecificInstrumentField``."""
    login: Layout
    """The layout of ``CThostFtdcRspUserLoginField``."""
    fields: tuple[str, ...]
    """The fields of a tick."""

    def first(self, client: StreamClient, last: bytes) -> None:
        """Send a new client of an instrument what stands after its ``last`` tick."""

    def forget(self, client: "MarketClient") -> None:
        """Send nothing more to a client that is gone."""


class MarketClient(ServiceClient):
    """Serve one client: its login is its own affair, its subscriptions are the hub's."""

    def __init__(self, shared: MarketShared, peer: Peer) -> None:
        super().__init__(shared.schema, shared.fanout, peer)
        self._shared = shared
        self._encoder = shared.encoder
        self._waiting: Deferred[LoginAnswer] | None = None
        self.logged_in = False
        self._is_gone = False
        self.follows = False
        """Whether the client is sent the upstream's states: from its first login to its logout."""
        self._specs: tuple[StreamSpec, ...] = WHOLE_TICKS
        self._asked: dict[bytes, tuple[StreamSpec, ...]] = {}
        """The streams that the client asked for, by instrument."""
        self._asked_by_pattern: dict[bytes, tuple[StreamSpec, ...]] = {}
        self._mains = MainStreams(shared.hub, shared.mains, shared.past, self, self._begin_main)
        self._joins: dict[bytes, BarJoin] = {}
        """What still brings bars of the past, by instrument: live ones are held back."""
        self.outbox.on_dropped = self._dropped
        self.own = {PAST_BARS: self._past_bars, INSTRUMENTS: self._instruments, TICKS: self._ticks}
        principal = peer.principal
        self._allowed = (
            InstrumentsAllowed(principal.name, principal.instruments)
            if principal.instruments
            else None
        )
        self._held = HeldSubscriptions(principal) if principal.limits.subscriptions else None

    @staticmethod
    def scope_of(method: Method) -> Scope:
        """Return the scope that a request needs: one for all."""
        return Scope.MARKET

    own_scope = Scope.MARKET
    own_names = (PAST_BARS, INSTRUMENTS, TICKS)
    """The names of the requests of the gateway's own."""

    def gone(self) -> None:
        """Give up the client's subscriptions: its connection has closed."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.cancel()
        self._joins.clear()
        self._mains.close()
        self._shared.hub.leave(self)
        self._shared.forget(self)
        self._is_gone = True
        if self._held is not None:
            self._held.close()

    def presence(self) -> Presence:
        """Return whether the client is logged in."""
        if self._waiting is not None:
            return Presence.LOGGING_IN
        return Presence.LOGGED_IN if self.logged_in else Presence.STRANGER

    def specs_of(self, name: bytes) -> tuple[StreamSpec, ...]:
        """Return the streams asked for of an instrument: by its name, else by a pattern."""
        if name in self._joins:
            return ()
        found = self._asked.get(name)
        if found is None:
            asked = self._asked_by_pattern.items()
            found = next((own for one, own in asked if matches(one, name)), ())
        return found

    def _dropped(self, count: int) -> None:
        """Tell the client how many ticks were passed over while it had fallen behind."""
        self.say(own.ticks_dropped(count))

    def _login(self, request: Request) -> None:
        if self._waiting is not None:
            raise Refusal(errors.CONFLICT, english("a login is under way; wait for its answer"))
        self._schema.layout(request.method.request_struct).pack(request.body)
        self._specs = stream_specs(request.options, self._shared.fields) or WHOLE_TICKS
        self.follows = True
        self.time_answers(request)
        self._waiting = self._shared.feeds.logged_in()
        self._waiting.addCallbacks(partial(self._answered, request), partial(self._failed, request))

    def _answered(self, request: Request, login: LoginAnswer) -> None:
        self._waiting = None
        if login.ready:
            self.logged_in = True
            self._respond(request, self._named(request, login.body or b""))
        else:
            reply = Reply(login.callback, login.body, login.info, True)
            message = self._encoder.response(reply, request.request_id)
            remedy = self._shared.feeds.status.remedy
            self.say_detailed(message, remedy)

    def _named(self, request: Request, body: bytes) -> bytes:
        """Return the front's RspUserLogin with the user that the client gave."""
        answer = bytearray(body)
        for name in _USER:
            value = request.body.get(name)
            if value:
                field = self._shared.login.by_name[name]
                answer[field.offset : field.offset + field.size] = field_bytes(field, value)
        return bytes(answer)

    def _failed(self, request: Request, failure: Failure) -> None:
        if self._waiting is None:
            return  # the client is gone
        self._waiting = None
        problem = refusal_of(failure)
        self.refuse(request.method.name, problem.code, problem.detail, request.request_id)

    def _logout(self, request: Request) -> None:
        self._require_login()
        body = self._schema.layout(request.method.request_struct).pack(request.body)
        self.logged_in = self.follows = False
        self.now_a_stranger()
        self._asked.clear()
        self._asked_by_pattern.clear()
        self._joins.clear()
        self._mains.close()
        self.begin(request, self._logging_out(request, body))

    def _logging_out(self, request: Request, body: bytes) -> Steps[None]:
        yield from self._shared.hub.leaving(self)
        if self._held is not None:
            self._held.close()
        self._respond(request, body)

    def _subscription(self, request: Request) -> None:
        self._require_login()
        if not request.instruments:
            raise Refusal(errors.BAD_REQUEST, english("InstrumentID is empty; name at least one"))
        kind, subscribing = _KINDS[request.method.name]
        work = self._subscribing if subscribing else self._unsubscribing
        self.begin(request, work(request, kind))

    def _subscribing(self, request: Request, kind: Kind) -> Steps[None]:
        asked = stream_specs(request.options, self._shared.fields) or self._specs
        bodies: list[bytes] = []
        instruments = yield from self._reading(request, bodies, self._allowed)
        count = request.options.get(HISTORY, 0)
        named = list(instruments)
        products, instruments = split(instruments) if kind == "tick" else ([], instruments)
        for product in products:
            check_product(product)
        if count:
            check_history(self._shared.past, instruments, asked, count, mains=len(products))
        counted = [] if self._held is None else self._held.take(kind, named)
        before: dict[bytes, tuple[StreamSpec, ...] | None] = {}
        for names in batched(instruments if kind == "tick" else []):
            self._note(names, asked, before)
            yield
        if count:
            shared = self._shared
            join = BarJoin(shared.hub, shared.past, self, asked, count, request.request_id)
            self._joins.update(dict.fromkeys(instruments, join))
        try:
            last = yield from self._shared.hub.subscribing(
                kind,
                self,
                instruments,
                resubscribe=bool(request.options),
                accepted=self._confirming(request, bodies),
            )
        except TooMany:
            for some in batched(list(before.items())):
                for name, own in some:
                    self._restore(name, own)
                    self._joins.pop(name, None)
                yield
            if self._held is not None:
                self._held.give_up(kind, counted)
            raise
        for tick in last:
            self._shared.first(self, tick)
            yield
        self._mains.subscribe(products, asked, count, request.request_id)
        if count:
            join.start([name for name in instruments if self.awaits(name, join)])

    def awaits(self, name: bytes, join: BarJoin) -> bool:
        """Return whether bars of the past are still to be sent by ``join``."""
        return self._joins.get(name) is join

    def joined(self, name: bytes) -> None:
        """Hold an instrument's live bars back no longer."""
        self._joins.pop(name, None)
        subscription = self._shared.hub.subscription_of(name)
        if subscription is not None:
            subscription.clients.version += 1

    def begin_streams(self, name: bytes) -> None:
        """Send what stands of an instrument's streams after its last tick."""
        subscription = self._shared.hub.subscription_of(name)
        if subscription is not None and subscription.last is not None:
            self._shared.first(self, subscription.last)

    def _begin_main(self, streams: MainStreams, name: bytes) -> None:
        """Send what stands of a main contract's streams after its last tick."""
        subscription = self._shared.hub.subscription_of(name)
        if subscription is not None and subscription.last is not None:
            self._shared.first(streams, subscription.last)

    def _unsubscribing(self, request: Request, kind: Kind) -> Steps[None]:
        bodies: list[bytes] = []
        named = yield from self._reading(request, bodies)
        products, instruments = split(named) if kind == "tick" else ([], named)
        self._mains.unsubscribe(products)
        for names in batched(instruments if kind == "tick" else []):
            for name in names:
                self._restore(name, None)
                self._joins.pop(name, None)
            yield
        yield from self._shared.hub.unsubscribing(kind, self, instruments)
        if self._held is not None:
            self._held.give_up(kind, named)
        yield from self._confirming(request, bodies)

    def _reading(
        self, request: Request, bodies: list[bytes], allowed: InstrumentsAllowed | None = None
    ) -> Steps[list[bytes]]:
        """Return the instruments of a request; add their SpecificInstruments to ``bodies``.

        :raises webctp.ctp.refusal.Refusal: for one that is not ``allowed``.
        """
        instruments: list[bytes] = []
        for names in batched(request.instruments):
            for refusal in () if allowed is None else filter(None, map(allowed.refusal_of, names)):
                raise refusal
            bodies.extend(self._specific(name) for name in names)
            instruments.extend(gbk(name, _INSTRUMENT) for name in names)
            yield
        return instruments

    def _confirming(self, request: Request, bodies: list[bytes]) -> Iterator[None]:
        """Answer for each instrument, the last with IsLast."""
        callback = request.method.reply
        left = len(bodies)
        for some in batched(list(zip(request.instruments, bodies, strict=True))):
            for name, body in some:
                left -= 1
                detail = NOTHING
                if _PATTERN(name) and _KINDS[request.method.name][1]:
                    detail = yield from self._found_nothing(name)
                reply = Reply(callback, body, self._shared.info, left == 0)
                message = self._encoder.response(reply, request.request_id)
                self.say_detailed(message, detail)
            yield

    def _found_nothing(self, pattern: str) -> Steps[Text]:
        """Say that a pattern finds no instrument; nothing where it finds one, or soon may."""
        known = self._shared.hub.instruments
        if self._shared.hub.is_listing:
            return NOTHING
        if not len(known):
            return _NOTHING_KNOWN
        if (yield from known.finding_any(gbk(pattern, _INSTRUMENT))):
            return NOTHING
        return english(
            "{pattern!a} finds none of the {count} instruments known; it takes in those that are "
            "learnt later",
            pattern=pattern[:32],
            count=len(known),
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
            self._joins.pop(name, None)

    def _restore(self, name: bytes, asked: tuple[StreamSpec, ...] | None) -> None:
        wanted = self._asked_by_pattern if is_pattern(name) else self._asked
        if asked is None:
            wanted.pop(name, None)
        else:
            wanted[name] = asked

    def _specific(self, instrument: str) -> bytes:
        """Pack a SpecificInstrument.

        :raises CodecError: for what can be no InstrumentID.
        """
        if not instrument:
            raise CodecError(_INSTRUMENT, english("is empty text; name an instrument"))
        return self._shared.specific.pack({_INSTRUMENT: instrument})

    def _request(self, request: Request) -> None:
        self._require_login()
        feeds = self._shared.feeds
        if feeds.state is not LoginState.READY:
            raise Refusal(
                errors.NOT_READY, english("the front is {state}", state=feeds.state.value)
            )
        body = self._schema.layout(request.method.request_struct).pack(request.body)
        answer: OnReply = partial(self._answer, request)
        if self.times is not None:
            answer = self.times.around(request, answer)
        result = feeds.request(request.method, body, answer)
        if result != 0:
            self._respond(request, None, feeds.info(result))

    def _past_bars(self, message: Message, request_id: int) -> None:
        self._require_login()
        asked = read_query(message, request_id)
        if self._allowed is not None:
            refusal = self._allowed.refusal_of(asked.InstrumentID)
            if refusal is not None:
                raise refusal
        asked.InstrumentID = self._shared.mains.stands_for(asked.InstrumentID)
        found = self._shared.past.ask(asked)
        found.addCallbacks(
            partial(self._past_found, asked, request_id), partial(self._past_failed, request_id)
        )

    def _instruments(self, message: Message, request_id: int) -> None:
        self._require_login()
        asked = own_risk.read(INSTRUMENTS, InstrumentsQuery, message, request_id)
        allowed = self._allowed
        may = _any if allowed is None else lambda name: allowed.refusal_of(name) is None
        self._shared.search.ask(asked, request_id, self._say_unless_gone, may)

    def _ticks(self, message: Message, request_id: int) -> None:
        self._require_login()
        shared = self._shared
        asked = own_risk.read(TICKS, TicksQuery, message, request_id)
        asked.InstrumentID = shared.mains.stands_for(asked.InstrumentID)
        refusal = None if self._allowed is None else self._allowed.refusal_of(asked.InstrumentID)
        if refusal is not None:
            raise refusal
        found = shared.ticks.find(asked)
        steps = answering_ticks(self._say_unless_gone, shared.tick_json, found, request_id)
        shared.hub.turns.run(steps)

    def _past_found(self, asked: QryBar, request_id: int, bars: Sequence[BarRow | bytes]) -> None:
        if not self._is_gone:
            self._shared.hub.turns.run(answering(self._say_unless_gone, asked, bars, request_id))

    def _say_unless_gone(self, message: bytes) -> None:
        if not self._is_gone:
            self.say(message)

    def _past_failed(self, request_id: int, failure: Failure) -> None:
        if not self._is_gone:
            detail = english("the bar store cannot be read: {problem}", problem=failure.value)
            self.refuse(PAST_BARS, errors.NOT_READY, detail, request_id)

    def _text(self, request: Request) -> None:
        self._require_login()
        text = self._shared.feeds.text(request.method)
        name = request.method.name
        body = {name.removeprefix("Get"): text}
        self.say(own.result(name, 0, request.request_id, self.peer.language, **body))

    def _answer(self, request: Request, reply: Reply) -> None:
        self.say(self._encoder.response(reply, request.request_id))

    def _respond(self, request: Request, body: bytes | None, info: bytes | None = None) -> None:
        """Build the single, final answer to a request in the front's name."""
        callback = request.method.reply
        self._answer(request, Reply(callback, body, info or self._shared.info, True))

    def _require_login(self) -> None:
        if not self.logged_in:
            raise Refusal(errors.NOT_LOGGED_IN, english("send ReqUserLogin first"))

    def handle(self, request: Request) -> None:
        """Carry out a request by its name, or else by the shape of its method."""
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
