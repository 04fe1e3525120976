"""From a client's message to the handler of its request: parse, check, route, answer errors.

:class:`ServiceClient` is one client at one service. :mod:`~webctp.gateway.trading.client` and
:mod:`~webctp.gateway.market.client` say what each request does; here every wrong input gets its
    answer.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from functools import partial
from time import thread_time
from types import MappingProxyType
from typing import Final

from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.catalog import Method
from webctp.ctp.codec import CodecError
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.access.audit import Act, AuditedRequests
from webctp.gateway.access.bounds import MessageBounds
from webctp.gateway.access.grants import CANCELS, RequestCheck
from webctp.gateway.access.logindeadline import Presence
from webctp.gateway.access.principal import ANYBODY, Principal, Scope
from webctp.gateway.access.rate import MessageRate
from webctp.gateway.access.scopes import trading_scope
from webctp.gateway.messages import own
from webctp.gateway.messages.encoder import frame
from webctp.gateway.messages.schema import (
    BadMessage,
    Message,
    Request,
    Schema,
    nearest,
    open_envelope,
)
from webctp.gateway.messages.timing import TIMING, Times
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.traffic import OTHER
from webctp.language.text import NOTHING, Text, english
from webctp.upstream.turns import Slice

_log = Logger()

_SHOWN: Final = 64
_ECHOED: Final = 128
_STEPS: Final = 1_000
_LOGIN: Final = "ReqUserLogin"


NOT_A_NAME: Final = english("MsgType is no request's name")


def _nothing() -> None:
    pass


def _out_of_scope(principal: Principal, needed: Scope, msg_type: str) -> Refusal:
    given = ", ".join(sorted(principal.scopes)) or english("no scope")
    return Refusal(
        errors.FORBIDDEN,
        english(
            "{msg_type} needs the scope {needed}; {name} has {given}",
            msg_type=msg_type,
            needed=needed,
            name=principal.name,
            given=given,
        ),
    )


class ServiceClient(ABC):
    """One client at one service. All methods run in the reactor's thread.

    Subclasses say what handles which request and what happens when the client is gone.

    :param checks: the bounds of its principal within the scopes.
    """

    def __init__(
        self, schema: Schema, fanout: Fanout, peer: Peer, checks: tuple[RequestCheck, ...] = ()
    ) -> None:
        self._schema = schema
        self._fanout = fanout
        self.peer = peer
        self.outbox = peer.outbox
        self.outbox.own_limit = peer.principal.limits.held_bytes
        self._bounds = MessageBounds.of(peer.principal, peer.max_nesting)
        self._methods = self._within(peer.principal)
        """The requests that the client may send."""
        audit = fanout.audit
        if audit is not None:
            name = peer.principal.name
            checks = (*checks, AuditedRequests(audit, name, peer.address, self.account))
        self._checks = checks
        self._carry_out: Callable[[Request], None] = self._checked if checks else self.handle
        self._admitted = False
        self.work: Generator[None, None, None] | None = None
        """Long work of the client's that is under way: its next message has to wait."""
        self.on_idle: Callable[[], object] = _nothing
        """Called when the client is no longer busy."""
        self.rate: MessageRate | None = None
        """Where the time of long work is charged."""
        self.times: Times | None = None
        """The moments of its requests, where the client asks for them."""
        self.stranger_since = fanout.clock.seconds()
        """When the client was last logged in, or else came."""

    @property
    def schema(self) -> Schema:
        """The requests of its service."""
        return self._schema

    @staticmethod
    def scope_of(method: Method) -> Scope:
        """Return the scope that a request needs."""
        return trading_scope(method)

    def _within(self, principal: Principal) -> Mapping[str, Method]:
        """Return the requests that a principal's scopes cover; all of them are no copy."""
        methods = self._schema.methods
        if principal.scopes >= ANYBODY.scopes:
            return methods
        return {
            name: method
            for name, method in methods.items()
            if self.scope_of(method) in principal.scopes
        }

    def account(self) -> str:
        """Return which account the client is logged in to, as BrokerID:UserID; empty for none."""
        return ""

    def audit_login(self, code: int) -> None:
        """Note how the front has answered a login."""
        audit = self._fanout.audit
        if audit is not None:
            who, address = self.peer.principal.name, self.peer.address
            audit.record(Act.LOGIN, who, address, self.account(), ErrorID=code)

    def presence(self) -> Presence:
        """Return whether the client is logged in; services that have a login say so."""
        return Presence.STRANGER

    def is_admitted(self) -> bool:
        """Return whether the client is, or was seen to be, logged in."""
        if not self._admitted:
            self._admitted = self.presence() is Presence.LOGGED_IN
        return self._admitted

    def let_in(self) -> None:
        """Note that the front has let the client in, who may not have been told so yet."""
        self._admitted = True

    def now_a_stranger(self) -> None:
        """Note that the client is logged in no longer."""
        self.stranger_since = self._fanout.clock.seconds()

    def received(self, payload: bytes, is_binary: bool) -> None:
        """Take a message of the client's. Whatever it holds, the client gets an answer."""
        msg_type, request_id = "", 0
        try:
            if is_binary:
                raise BadMessage(english("a binary frame; send JSON in text frames"))
            msg_type, request_id, message = open_envelope(payload)
            if self._bounds is not None:
                self._bounds.check(payload)
            method = self._methods.get(msg_type)
            if method is None:
                self._no_method(msg_type, message, request_id)
            else:
                self._fanout.traffic.requests[msg_type] += 1
                self._carry_out(self._schema.read(method, message, request_id))
        except Exception as problem:  # noqa: BLE001 - a fault of ours must not leave it waiting
            if not msg_type and isinstance(problem, BadMessage):
                self._fanout.traffic.requests[OTHER] += 1
            self._answer_problem(problem, msg_type, request_id)

    def _checked(self, request: Request) -> None:
        """Carry out a request of a principal that has bounds."""
        for check in self._checks:
            refusal = check.refusal(request)
            if refusal is not None:
                raise refusal
        self.handle(request)

    def restrict(self, check: RequestCheck) -> None:
        """Hold the client's requests against one more check from now on."""
        self._checks = (*self._checks, check)
        self._carry_out = self._checked

    def too_fast(self, payload: bytes, is_binary: bool, rate: MessageRate) -> None:
        """Refuse a message beyond the client's rate; a cancellation passes all the same."""
        msg_type, request_id = "", 0
        try:
            if not is_binary:
                msg_type, request_id, _ = open_envelope(payload)
        except BadMessage as problem:
            msg_type, request_id = problem.msg_type, problem.request_id
        method = self._schema.methods.get(msg_type)
        if method is not None and method.is_order and msg_type.endswith(CANCELS):
            self.received(payload, is_binary)
            return
        detail = english("{beyond}; send fewer, or raise the limit", beyond=rate.beyond())
        limited = Limited.of(detail, limit=rate.limit, retry_after=rate.wait())
        self.refuse(msg_type, errors.TOO_MANY, limited, request_id)

    def begin(self, request: Request, steps: Generator[None, None, None]) -> None:
        """Carry out a request in slices; the client's next message waits until it is done.

        :param steps: each is short; what they raise answers the request.
        """
        self.work = steps
        if self._slice(steps):
            self._fanout.turns.add(partial(self._later, request, steps))

    def stop(self) -> None:
        """Leave off what is under way: the client is no more."""
        work, self.work = self.work, None
        if work is not None:
            work.close()
        self._stop_timing()

    def _later(self, request: Request, steps: Generator[None, None, None]) -> bool:
        if self.work is not steps:
            return False
        try:
            return self._slice(steps)
        except Exception as problem:  # noqa: BLE001 - as in received
            self._answer_problem(problem, request.method.name, request.request_id)
            return False
        finally:
            if self.work is None:
                self.on_idle()

    def _slice(self, steps: Generator[None, None, None]) -> bool:
        """Take some steps; gives whether more are left. None are after an exception."""
        begun = thread_time()
        some = Slice(_STEPS)
        left = False
        try:
            for _ in steps:
                if not some.goes_on():
                    left = True
                    break
        finally:
            if not left:
                self.work = None
            if self.rate is not None:
                self.rate.charge(thread_time() - begun)
        return left

    def _answer_problem(self, problem: Exception, msg_type: str, request_id: int) -> None:
        """Answer a request that came to nothing."""
        match problem:
            case BadMessage():  # it knows the two better: perhaps no more could be read
                self.refuse(problem.msg_type, problem.code, problem.detail, problem.request_id)
            case Refusal():
                values = self._values(msg_type, problem)
                detail = problem.detail + values if values else problem.detail
                self.refuse(msg_type, problem.code, detail, request_id)
            case _:
                _log.failure(
                    "a request failed: {msg_type}",
                    Failure(problem),
                    msg_type=msg_type[:_SHOWN],
                    client=self.outbox.name,
                    principal=self.peer.principal.name,
                    account=self.account(),
                    request_id=request_id,
                )
                detail = english("internal error; see the log")
                self.refuse(msg_type, errors.BAD_REQUEST, detail, request_id)

    def _values(self, msg_type: str, problem: Refusal) -> Text:
        """List the values of the field that a refusal is about, where it has any."""
        if not isinstance(problem, CodecError):
            return NOTHING
        return self._schema.hints.values(self._schema.methods.get(msg_type), problem.field)

    @abstractmethod
    def gone(self) -> None:
        """Take leave of a connection that is closed."""

    @abstractmethod
    def handle(self, request: Request) -> None:
        """Carry out a request, or raise :class:`~webctp.ctp.refusal.Refusal`."""

    def time_answers(self, login: Request) -> None:
        """Tell with each answer, from that to a login on, its moments, where that asks for them.

        A client that does not ask pays nothing: its methods are what they were.
        """
        if login.options.get(TIMING):
            self.times = times = self.times or Times()
            times.taken(login.request_id, times.now())
            self.received = self._received_timed  # type: ignore[method-assign]
            self.say = self._say_timed  # type: ignore[method-assign]
        elif self.times is not None:
            self._stop_timing()

    def _stop_timing(self) -> None:
        self.times = None
        self.__dict__.pop("received", None)
        self.__dict__.pop("say", None)

    def _received_timed(self, payload: bytes, is_binary: bool) -> None:
        """Take a message, and note when it came and when CTP was called for it."""
        times = self.times
        if times is None:
            type(self).received(self, payload, is_binary)
            return
        at, name, request_id = times.now(), "", 0
        words: Message = {}
        try:
            name, request_id, words = open_envelope(payload)
        except BadMessage as problem:
            request_id = problem.request_id
        times.taken(request_id, at)
        type(self).received(self, payload, is_binary)
        method = self._methods.get(name)
        # A query waits for its turn, a login for the front, a named order for the journal's disk.
        waits = method is None or method.is_query or name.startswith(_LOGIN)
        if not waits and "ClientOrderID" not in words:
            times.called(request_id)

    def _say_timed(self, message: bytes) -> None:
        times = self.times
        type(self).say(self, message if times is None else times.stamp(message))

    def say(self, message: bytes) -> None:
        """Queue a message for the client; it leaves at the end of the reactor's present call."""
        self.outbox.message(frame(message))

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Answer with an error of the gateway's."""
        self._fanout.traffic.refusals.add(code)
        audit = self._fanout.audit
        if audit is not None:
            who, address = self.peer.principal.name, self.peer.address
            known = msg_type in self._schema.methods or msg_type in self.own or not msg_type
            # What a client has put in the place of a name may be its password.
            name, why = (msg_type, detail) if known else (OTHER, NOT_A_NAME)
            audit.refused(who, address, self.account(), name, code, why)
        language = self.peer.language
        self.say(own.error(msg_type[:_ECHOED], code, detail, request_id, language))

    def say_with(self, message: bytes, fields: own.ExtraFields) -> None:
        """Queue a message of CTP's with fields of the gateway's beside its MsgType."""
        self.say(own.with_fields(message, fields, self.peer.language))

    def say_detailed(self, message: bytes, detail: Text) -> None:
        """Queue a message of CTP's with a Detail where there is one."""
        if detail:
            self.say_with(message, own.detailed(detail))
        else:
            self.say(message)

    own: Mapping[str, Callable[[Message, int], None]] = MappingProxyType({})
    """The requests of the gateway's own: each takes the message and its RequestID."""
    own_scope = Scope.READ
    """The scope that these need."""
    own_scopes: Mapping[str, Scope] = MappingProxyType({})
    """The scope of each that needs another."""

    def _no_method(self, msg_type: str, message: Message, request_id: int) -> None:
        """Carry out a request that is none of CTP's.

        :raises webctp.ctp.refusal.Refusal: for one that there is not.
        """
        method = self._schema.methods.get(msg_type)
        known = method is not None or msg_type in self.own
        self._fanout.traffic.requests[msg_type if known else OTHER] += 1
        if method is not None:
            raise _out_of_scope(self.peer.principal, self.scope_of(method), msg_type)
        own = self.own.get(msg_type)
        if own is None:
            raise self._unknown(msg_type)
        needed = self.own_scopes.get(msg_type, self.own_scope)
        if needed not in self.peer.principal.scopes:
            raise _out_of_scope(self.peer.principal, needed, msg_type)
        own(message, request_id)

    def _unknown(self, msg_type: str) -> Refusal:
        elsewhere = self._schema.hints.path(msg_type)
        if elsewhere:
            return Refusal(errors.NO_SUCH_REQUEST, elsewhere)
        hint = nearest(msg_type, (*self._schema.methods, *self.own))
        return Refusal(
            errors.NO_SUCH_REQUEST,
            english("no request is called {name!a}{hint}", name=msg_type[:_SHOWN], hint=hint),
        )
