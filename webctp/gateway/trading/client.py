"""What a client can do at ``/td/``: log in, ask, order; and what it is told."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, ClassVar, Final

from msgspec import UNSET, UnsetType
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.catalog import Method, Shape
from webctp.ctp.encoder import Decode
from webctp.ctp.refusal import Refusal, refusal_of
from webctp.gateway.access.bounds import InFlight
from webctp.gateway.access.claim import Claim, account_of
from webctp.gateway.access.grants import request_checks
from webctp.gateway.access.lockout import LoginSlot
from webctp.gateway.access.logindeadline import Presence
from webctp.gateway.client import ServiceClient
from webctp.gateway.messages import own
from webctp.gateway.messages.encoder import text_joiner
from webctp.gateway.messages.schema import QUEUED, Request
from webctp.gateway.trading.commons import Commons
from webctp.gateway.trading.registry import SessionRegistry
from webctp.gateway.trading.replay import Missed
from webctp.gateway.trading.riskrequests import SCOPES, own_requests
from webctp.gateway.trading.shared import SharedSession
from webctp.gateway.websocket.peer import Peer
from webctp.language.text import Text, english
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.client_order import ClientOrder
from webctp.upstream.orders.keys import RefRefused
from webctp.upstream.orders.order import Order
from webctp.upstream.session.gate import Credentials
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.session.status import LoginAnswer
from webctp.upstream.trading.observers import PASSWORD_UPDATE
from webctp.upstream.trading.session import TradingSession

Handler = Callable[["TradingClient", Request], None]

_LOGGING_IN: Final = english("a login is under way; wait for its answer")
_BEFORE_LOGIN: Final = ("ReqUserAuthMethod", "ReqGenUserCaptcha", "ReqGenUserText")
"""What CTP answers before a login: how to log in."""
_SYSTEM_INFO: Final = ("RegisterUserSystemInfo", "RegisterWechatUserSystemInfo")
"""What a relay says between authentication and login."""


class TradingClient(ServiceClient):
    """One client at ``/td/``, attached to no more than one session at a time."""

    def __init__(self, commons: Commons, registry: SessionRegistry, peer: Peer) -> None:
        checks = request_checks(peer.principal, commons.settings.broker_id)
        super().__init__(commons.schema, commons.fanout, peer, checks)
        self._commons = commons
        self._registry = registry
        self._encoder = commons.encoder
        most = commons.settings.max_queries_per_client
        pace = lambda: commons.settings.query_interval  # noqa: E731 - a reload may change it
        self._in_flight = InFlight(peer.principal, most, pace)
        self._shared: SharedSession | None = None
        self._login_asked: Request | None = None
        self._unseen = False
        """Whether the session had pushed something before this client was attached."""
        self.uses_client_orders = False
        self.has_traded = False
        """Whether this client has ever sent an order or an action."""
        self.wants_statuses = True
        self._wants_places = False
        """Whether it is told where its queries wait."""
        self.token = peer.principal.name
        self.wants_portfolio = False
        self.own = own_requests(commons, self, lambda: self._shared)

    own_scopes = SCOPES

    def gone(self) -> None:
        """Take leave of a closed connection: its session may wait for the client a while."""
        shared = self._detach()
        if shared is not None:
            shared.detach(self, linger=True)

    def account(self) -> str:
        """See :class:`~webctp.gateway.client.ServiceClient`."""
        return "" if self._shared is None else ":".join(self._shared.session.account)

    def presence(self) -> Presence:
        """Return whether the client is logged in: attached to a session that the front let in."""
        if self._login_asked is not None:
            return Presence.LOGGING_IN
        return Presence.LOGGED_IN if self._is_attached else Presence.STRANGER

    @property
    def _is_attached(self) -> bool:
        shared = self._shared
        if shared is None or shared.state is LoginState.CLOSED:
            return False
        return shared.session.status.has_been_ready

    def _detach(self) -> SharedSession | None:
        """Leave the session; who was logged in has the time for another login."""
        if self._is_attached:
            self.now_a_stranger()
        self._in_flight.clear()
        shared, self._shared = self._shared, None
        return shared

    def leave(self, *, linger: bool = False) -> None:
        """Give the session up: for good, or to come back."""
        self._login_asked = None
        shared = self._detach()
        if shared is not None:
            shared.detach(self, linger=linger)

    def taken_over(self) -> None:
        """Another connection of the same account resumes this client's session."""
        shared = self._detach()
        if shared is not None:
            shared.evict(self)
        self._end_login(errors.CONFLICT, english("another connection has taken the session over"))
        why = english("taken over by another connection")
        told = own.standing(LoginState.CLOSED.value, why, self._commons.wall())
        self.say(own.encode(own.RtnSessionState(SessionState=told), self.peer.language))

    def login_answered(
        self,
        request: Request,
        answer: LoginAnswer,
        seq: int,
        missed: Missed,
        *,
        day_gap: bool = False,
    ) -> None:
        """Send the front's answer to this client's login, and the pushes it missed if it asked.

        :param seq: the number of the last push that the client has been told, or is told here.
        :param day_gap: whether not all of the day's flow could be told.
        """
        self._login_asked = None
        self.audit_login(self._commons.error_of(answer.info))
        detail: Text | UnsetType = UNSET
        session: own.SessionFields | UnsetType = UNSET
        resume: own.ResumeFields | UnsetType = UNSET
        if answer.callback.name == "OnRspError":
            detail = errors.NO_LOGIN_HERE
        if answer.ready and self._shared is not None:
            session = own.SessionFields(
                ResumeToken=self._shared.token.reveal(), Seq=seq, DayGap=day_gap or UNSET
            )
        if answer.ready and "Resume" in request.options:
            self.uses_client_orders |= self._shared is not None and self._shared.uses_client_orders
            gap = self._unseen if request.resumed_seq is None else missed.gap
            resume = own.ResumeFields(Seq=seq, Replayed=len(missed.frames), Gap=gap)
        reply = Reply(answer.callback, answer.body, answer.info, True)
        message = self._encoder.response(reply, request.request_id)
        words = own.ExtraFields(Detail=detail, Session=session, Resume=resume)
        self.say_with(message, words)
        for frame in missed.frames:
            self.outbox.message(frame)
        if answer.ready and self._shared is not None:
            self._shared.logged_in(self, request)

    def login_failed(self, request: Request, problem: Refusal, *, stays: bool) -> None:
        """Send the gateway's answer to a login that the front did not answer.

        :param stays: whether the client stays attached.
        """
        self._login_asked = None
        if not stays:
            self._detach()
        self.refuse(request.method.name, problem.code, problem.detail, request.request_id)

    def _login(self, request: Request) -> None:
        if self._login_asked is not None:
            raise Refusal(errors.CONFLICT, _LOGGING_IN)
        # Whether it fits, before anything is opened.
        self._schema.layout(request.method.request_struct).pack(request.body)
        identity = self._identity(request)
        shared = self._attach_for_login(identity, request)
        self._login_asked = request
        self.wants_statuses = request.options.get("InstrumentStatus", True)
        self._wants_places = request.options.get(QUEUED, False)
        self.time_answers(request)
        shared.login(self, request)

    def _end_login(self, code: int, detail: Text) -> None:
        """Let a login that is under way come to nothing."""
        asked, self._login_asked = self._login_asked, None
        if asked is not None:
            self.refuse(asked.method.name, code, detail, asked.request_id)

    def _attach_for_login(self, identity: AccountKey, request: Request) -> SharedSession:
        """Be attached to a session to log in at: this client's own, a living one, or a new one.

        :raises webctp.ctp.refusal.Refusal: if the front would have to be asked, and is not to be.
        """
        claim = Claim.of(request)
        own = self._shared
        stays = own is not None and own.may_keep(identity, claim)
        found = own if stays else self._registry.find(identity, claim)
        if found is None or not found.knows(claim.password):
            self._ask_guard(identity, claim.credentials, request)
        if stays and own is not None:
            self._unseen = False
            return own
        self.leave()
        who = self.peer.principal
        shared = self._registry.take(found) if found else self._registry.open(identity, who)
        self._unseen = shared.log.has_pushed
        self._shared = shared
        return shared

    def _ask_guard(
        self, identity: AccountKey, credentials: Credentials, request: Request
    ) -> LoginSlot:
        """Return a slot with these credentials, for what the front would have to judge.

        :raises webctp.ctp.refusal.Refusal: if the front is not to be asked.
        """
        slot = self._commons.guard.slot(identity, lambda: credentials)
        slot.asked_by(self.outbox.peer, try_again=bool(request.options.get("TryAgain")))
        refusal = slot.reason()
        if refusal:
            raise Refusal(errors.TOO_MANY, refusal)
        return slot

    def _logout(self, request: Request) -> None:
        shared = self._known_session()
        is_last = len(shared.clients) == 1 and not shared.unattended.has_work
        if shared.state is LoginState.READY and is_last:
            logged_out = partial(self._logged_out, request, shared)
            shared.logging_out = self._send(shared.session, request, logged_out) == 0
            return
        # Others stay logged in, or there is nobody to tell; this client's part ends here.
        self._end_login(errors.NOT_LOGGED_IN, english("the client has logged out"))
        self.leave()
        self.say(own.result("RspUserLogout", 0, request.request_id, UserLogout=None))

    def _logged_out(
        self,
        request: Request,
        shared: SharedSession,
        reply: Reply,
    ) -> None:
        self.say(self._encoder.response(reply, request.request_id))
        if shared.session.error_of(reply.info) != 0:
            shared.logging_out = False
        elif self._shared is shared:
            self.leave()

    def _ask_before_login(self, request: Request) -> None:
        self._schema.layout(request.method.request_struct).pack(request.body)
        shared = self._before_login(request)
        shared.session.connected().addCallbacks(
            lambda _: self._ask_connected(request), partial(self._not_connected, request)
        )

    def _ask_connected(self, request: Request) -> None:
        if self._shared is not None:
            self._send(self._shared.session, request, self._answering(request))

    def _not_connected(self, request: Request, failure: Failure) -> None:
        problem = refusal_of(failure)
        self.leave()
        self.refuse(request.method.name, problem.code, problem.detail, request.request_id)

    def _register(self, request: Request) -> None:
        session = self._before_login(request).session
        if session.status.has_been_ready:
            raise Refusal(
                errors.CONFLICT, english("logged in already; this comes before ReqUserLogin")
            )
        session.register(
            request.method,
            self._commons.filled(session.defaults, request),
            partial(self._result, request),
        )

    def _before_login(self, request: Request) -> SharedSession:
        """Return a session for what CTP takes before a login, and open its connection."""
        if self._login_asked is not None:
            raise Refusal(errors.NOT_LOGGED_IN, _LOGGING_IN)
        if self._shared is None or self._shared.state is LoginState.CLOSED:
            self._shared = self._registry.open(self._identity(request), self.peer.principal)
            self._shared.attach(self)
        return self._shared

    def _request(self, request: Request) -> None:
        session = self._usable_session(request.method)
        send = partial(self._send, session, request)
        if not request.method.is_query:
            send(self._answering(request))
            return
        self._in_flight.ask(send, self._answering(request))
        if request.options.get(QUEUED, self._wants_places):
            place = session.place_of(request.method, request.body)
            if place is not None:
                self.say(own.queued(request.method.name, request.request_id, place))

    def _authenticate(self, request: Request) -> None:
        """Pass a client's own authentication on: CTP counts those that it refuses (4060)."""
        session = self._usable_session(request.method)
        slot = self._ask_guard(session.account, Credentials(session.password), request)
        answering = self._answering(request)

        def on_reply(reply: Reply) -> None:
            slot.answered(LoginState.AUTHENTICATING, self._commons.error_of(reply.info))
            answering(reply)

        self._send(session, request, on_reply)

    def _change_password(self, request: Request) -> None:
        """Pass a change of the password on: it tries the old one, like a login."""
        session = self._usable_session(request.method)
        body = self._commons.filled(session.defaults, request)
        old = Credentials(body.get("OldPassword") or "")
        whose = AccountKey(body["BrokerID"], body["UserID"])
        slot = self._ask_guard(whose, old, request)
        slot.is_change = True
        if slot.acquire(lambda: None, recovering=False) is None:
            slot.release()
            detail = english(
                "a login or a change of the password is under way for this account; "
                "wait for its answer"
            )
            raise Refusal(errors.CONFLICT, detail)
        answering = self._answering(request)

        def on_reply(reply: Reply) -> None:
            slot.changed(session.error_of(reply.info))
            answering(reply)

        sent = False
        try:
            sent = self._send(session, request, on_reply) == 0
        finally:
            if not sent:
                slot.release()

    def _submit(self, request: Request) -> None:
        session = self._usable_session(request.method)
        self._result(
            request, session.submit(request.method, self._commons.filled(session.defaults, request))
        )

    def _fill(self, request: Request) -> None:
        session = self._usable_session(request.method)
        filled = session.call_fill(request.method)
        body = self._encoder.json(request.method.request_struct, filled)
        self._result(request, 0, **{request.method.request_key: body})

    def _text(self, request: Request) -> None:
        session = self._usable_session(request.method)
        text = session.call_text(request.method)
        key = request.method.name.removeprefix("Get")
        self._result(request, 0, **{key: text})

    def _send(self, session: TradingSession, request: Request, on_reply: OnReply) -> int:
        """Send; gives the API's value, which is told as the answer where it is not 0."""
        body = self._commons.filled(session.defaults, request)
        result = session.request(request.method, body, on_reply, self)
        if result != 0:
            callback = request.method.reply
            info = session.info(result)
            self.say(self._encoder.response(Reply(callback, None, info, True), request.request_id))
        return result

    def _enter(self, request: Request) -> None:
        self.has_traded = True
        given = request.options.get("ClientOrderID", "")
        self.uses_client_orders = self.uses_client_orders or bool(given)
        shared = self._known_session()
        session = shared.session
        body = self._commons.filled(session.defaults, request)
        own_orders = self._commons.own_orders
        if request.method.name in own_orders.references and not given:
            # A repetition has to say the same, also after another login: it is left as it is.
            own_orders.complete(request.method, body, session.login_body, session.entry.contract_of)
        order = Order(request.method, body, request.request_id, given, self, self.token)
        is_auto = "Offset" in request.options
        enter = shared.portfolio.auto(self) if is_auto else session.entry.enter
        try:
            enter(order)
        except RefRefused as refusal:
            # As CTP would have refused it, a round trip later.
            self._refuse_order(session, order, refusal)
        finally:  # counted here, where the order need not wait for it
            self._commons.on_order_read(order.read_at)

    def may_order(self) -> Refusal | None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        if self._login_asked is None:
            return None
        return Refusal(errors.NOT_LOGGED_IN, _LOGGING_IN)

    def order_answered(self, order: Order, reply: Reply) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        if self.times is not None:
            self.times.answered()
        message = self._encoder.response(reply, order.request_id)
        detail = self._explained(order.method, order.body, reply)
        self.say_detailed(message, detail)

    def order_refused(self, order: Order, refusal: Refusal) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        self.refuse(order.method.name, refusal.code, refusal.detail, order.request_id)

    def order_known(self, order: Order, client_order: ClientOrder) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        told = own.client_order(client_order)
        self.say(own.encode(own.RtnClientOrder(ClientOrder=told, RequestID=order.request_id)))

    def client_order(self, order: ClientOrder) -> None:
        """Tell of a ClientOrderID, if this client has ever used one."""
        if self.uses_client_orders:
            self.say(own.encode(own.RtnClientOrder(ClientOrder=own.client_order(order))))

    def _refuse_order(self, session: TradingSession, order: Order, refusal: RefRefused) -> None:
        callback = order.method.reply
        body = self._schema.layout(order.method.request_struct).pack(order.body)
        info = session.info(refusal.code)
        message = self._encoder.response(Reply(callback, body, info, True), order.request_id)
        self.say_detailed(message, refusal.detail)

    def _answering(self, request: Request) -> OnReply:
        """Return what takes the replies to ``request`` and passes them on to the client."""
        decode: Decode | None = None

        def on_reply(reply: Reply) -> None:
            nonlocal decode
            decode = decode or text_joiner()
            message = self._encoder.response(reply, request.request_id, decode)
            detail = self._explained(request.method, request.body, reply)
            self.say_detailed(message, detail)

        times = self.times
        return times.around(request, on_reply, self._since_sent) if times else on_reply

    def _since_sent(self) -> float | None:
        """Return the seconds since the query at hand was sent; None where there is none."""
        return None if self._shared is None else self._shared.session.queries.since_sent()

    def _explained(self, method: Method, asked: dict[str, Any], reply: Reply) -> Text:
        return self._schema.hints.explained(method, asked, reply, self._commons.error_of)

    def _result(self, request: Request, code: int, **body: object) -> None:
        language = self.peer.language
        self.say(own.result(request.method.name, code, request.request_id, language, **body))

    def _identity(self, request: Request) -> AccountKey:
        """Return the account a request speaks of. Nothing else of a client's names a session."""
        broker_id = request.body.get("BrokerID") or self._commons.settings.broker_id
        return account_of(broker_id, request.body.get("UserID") or "")

    def _known_session(self) -> SharedSession:
        shared = self._shared
        if shared is None or shared.state is LoginState.CLOSED:
            raise Refusal(errors.NOT_LOGGED_IN, english("send ReqUserLogin first"))
        return shared

    def _usable_session(self, method: Method) -> TradingSession:
        shared = self._known_session()
        self._check_usable(shared, method)
        return shared.session

    def _check_usable(self, shared: SharedSession, method: Method) -> None:
        """Raise :class:`~webctp.ctp.refusal.Refusal` unless requests can be sent now."""
        refusal = self.may_order() or shared.session.refusal_of(method)
        if refusal is not None:
            raise refusal

    def handle(self, request: Request) -> None:
        """See :class:`~webctp.gateway.client.ServiceClient`."""
        self._handler(request.method)(self, request)

    _by_name: ClassVar[Mapping[str, Handler]] = {
        "ReqUserLogout": _logout,
        "ReqAuthenticate": _authenticate,
        PASSWORD_UPDATE: _change_password,
        **dict.fromkeys(_BEFORE_LOGIN, _ask_before_login),
        **dict.fromkeys(_SYSTEM_INFO, _register),
    }
    _by_shape: ClassVar[Mapping[Shape, Handler]] = {
        Shape.REQUEST: _request,
        Shape.SUBMIT: _submit,
        Shape.FILL: _fill,
        Shape.TEXT: _text,
    }

    @staticmethod
    @cache
    def _handler(method: Method) -> Handler:
        """Return what carries out requests of a method."""
        if method.name.startswith("ReqUserLogin"):
            return TradingClient._login
        if method.is_order:
            return TradingClient._enter
        return TradingClient._by_name.get(method.name) or TradingClient._by_shape[method.shape]
