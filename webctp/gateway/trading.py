"""What a client can do at ``/td/``: log in, ask, order; and what it is told."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Final

from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import catalog, errors
from webctp.ctp.bridge import Event
from webctp.ctp.catalog import Callback, Method, Shape
from webctp.ctp.encoder import InvalidPrice
from webctp.ctp.front import Front
from webctp.gateway import wire
from webctp.gateway.dispatch import Dispatcher, Handler, Refused
from webctp.gateway.fanout import Fanout, Outbox
from webctp.gateway.schema import Request, Schema
from webctp.gateway.wire import Encoder
from webctp.upstream.connection import InThread
from webctp.upstream.machine import State
from webctp.upstream.session import LoginAnswer, login_failure
from webctp.upstream.trader import PASSWORD_UPDATE, TraderSession, TraderSettings

_log = Logger()

_BEFORE_LOGIN: Final = ("ReqUserAuthMethod", "ReqGenUserCaptcha", "ReqGenUserText")
"""What CTP answers before a login: how to log in."""
_SYSTEM_INFO: Final = ("RegisterUserSystemInfo", "RegisterWechatUserSystemInfo")
"""What a relay says between authentication and login."""
_FILLED: Final = {"BrokerID": "broker_id", "InvestorID": "user_id"}
"""Fields that are filled from the session when left out."""


class TradingDesk:
    """What all trading clients share: the front, the catalogue's types, the open sessions."""

    def __init__(
        self,
        reactor: Any,
        in_thread: InThread,
        front: Front,
        settings: TraderSettings,
        fanout: Fanout,
        invalid: InvalidPrice,
    ) -> None:
        catalogue = catalog.trading()
        self.callbacks = catalogue.callbacks
        self.settings = settings
        self.schema = Schema(catalogue)
        self.encoder = Encoder(catalogue, invalid, keep_reserved=False)
        self.fanout = fanout
        self.sessions: set[TraderSession] = set()
        self._open = partial(TraderSession, reactor, in_thread, front, settings)

    def client(self, outbox: Outbox) -> "TradingClient":
        """A dispatcher for a new client."""
        return TradingClient(self, outbox)

    def open(self, client: "TradingClient", broker_id: str, user_id: str) -> TraderSession:
        """Open a session for a client."""
        session = self._open(client, broker_id=broker_id, user_id=user_id)
        self.sessions.add(session)
        return session

    def close(self, session: TraderSession, reason: str) -> Deferred[None]:
        """End a session and release its API."""

        def closed(_: object) -> None:
            self.sessions.discard(session)

        return session.close(reason).addCallback(closed)

    def start(self) -> None:
        """Nothing: sessions begin when clients log in."""

    def stop(self) -> Deferred[Any]:
        """End every session; fires when all are released."""
        return DeferredList([self.close(one, "the daemon stops") for one in list(self.sessions)])

    def readiness(self) -> dict[str, Any]:
        """Sessions by state, for ``/readyz``. Trading itself is ready as soon as it listens."""
        states: dict[str, int] = {}
        for session in self.sessions:
            states[session.state.value] = states.get(session.state.value, 0) + 1
        return {"ready": True, "sessions": states}


class TradingClient(Dispatcher):
    """One client at ``/td/``, with at most one session. It is its session's listener."""

    def __init__(self, desk: TradingDesk, outbox: Outbox) -> None:
        super().__init__(desk.schema, desk.fanout, outbox)
        self._desk = desk
        self._encoder = desk.encoder
        self._session: TraderSession | None = None

    def gone(self) -> None:
        """The client's connection is closed: so is its session."""
        self._end("the client is gone")

    def state_changed(self, state: State, reason: str) -> None:
        """Of the session's listener."""
        _log.info("session is {state}: {reason}", state=state.value, reason=reason)

    def pushed(self, event: Event) -> None:
        """Of the session's listener: orders, trades, notices."""
        callback, body, info, number, is_last = event
        if callback.has_request:
            self.say(self._encoder.response(callback, body, info, 0, is_last))
        else:
            self.say(self._encoder.push(callback, body, info, number))

    def flush(self) -> None:
        """Of the session's listener."""
        self._fanout.flush()

    def _login(self, request: Request) -> None:
        session = self._session
        if session is not None and session.logging_in:
            raise Refused(errors.CONFLICT, "a login is under way; wait for its answer")
        self._schema.layout(request.method).pack(request.body)  # before anything is opened
        session = self._session_for(request)
        session.login(request.method, request.body).addCallbacks(
            partial(self._logged_in, request), partial(self._failed, request)
        )

    def _logged_in(self, request: Request, answer: LoginAnswer) -> None:
        self.say(
            self._encoder.response(
                answer.callback, answer.body, answer.info, request.request_id, True
            )
        )
        self._fanout.flush()

    def _failed(self, request: Request, failure: Failure) -> None:
        problem = login_failure(failure)
        self._end(problem.detail)
        self.refuse(request.method.name, problem.code, problem.detail, request.request_id)
        self._fanout.flush()

    def _logout(self, request: Request) -> None:
        session = self._known_session()
        if session.state is State.READY:
            self._send(session, request, partial(self._logged_out, request))
            return
        # Without a connection there is nobody to tell; what matters is that it ends.
        self._end("logged out")
        self.say(wire.result("RspUserLogout", 0, request.request_id, UserLogout=None))

    def _logged_out(self, request: Request, *answer: Any) -> None:
        self._answer(request, *answer)
        if self._session is not None and self._session.session.error_of(answer[2]) == 0:
            self._end("logged out")

    def _ask_before_login(self, request: Request) -> None:
        session = self._session
        if session is not None and session.logging_in:
            raise Refused(errors.NOT_LOGGED_IN, "a login is under way; wait for its answer")
        self._schema.layout(request.method).pack(request.body)
        if session is None or session.state is State.CLOSED:
            session = self._session_for(request)
        session.connected().addCallbacks(
            lambda _: self._ask_connected(request), partial(self._failed, request)
        )

    def _ask_connected(self, request: Request) -> None:
        if self._session is not None:
            self._send(self._session, request, partial(self._answer, request))
        self._fanout.flush()

    def _register(self, request: Request) -> None:
        session = self._session
        if session is None or session.state is State.CLOSED:
            session = self._session_for(request)
        session.register(
            request.method, self._filled(session, request), partial(self._result, request)
        )

    def _request(self, request: Request) -> None:
        session = self._usable_session(request.method)
        self._send(session, request, partial(self._answer, request))

    def _submit(self, request: Request) -> None:
        session = self._usable_session(request.method)
        self._result(request, session.submit(request.method, self._filled(session, request)))

    def _fill(self, request: Request) -> None:
        session = self._usable_session(request.method)
        filled = session.session.connection.fill(request.method)
        body = self._encoder.json(str(request.method.struct), filled)
        self._result(request, 0, **{str(request.method.body_key): body})

    def _text(self, request: Request) -> None:
        session = self._usable_session(request.method)
        text = session.session.connection.text(request.method)
        key = request.method.name.removeprefix("Get")
        self._result(request, 0, **{key: text})

    def _send(self, session: TraderSession, request: Request, answer: Callable[..., None]) -> None:
        body = self._filled(session, request)
        result = session.request(request.method, body, answer)
        if result != 0:
            callback = self._desk.callbacks[str(request.method.response)]
            info = session.session.info(result)
            self.say(self._encoder.response(callback, None, info, request.request_id, True))

    def _answer(
        self,
        request: Request,
        callback: Callback,
        body: bytes | None,
        info: bytes | None,
        is_last: bool,
    ) -> None:
        self.say(self._encoder.response(callback, body, info, request.request_id, is_last))

    def _result(self, request: Request, code: int, **body: object) -> None:
        self.say(wire.result(request.method.name, code, request.request_id, **body))

    def _filled(self, session: TraderSession, request: Request) -> dict[str, Any]:
        """The body, with the fields that name the session's user filled where left out."""
        body = request.body
        for name, attribute in _FILLED.items():
            if name in body and body[name] is None:
                body[name] = getattr(session, attribute)
        return body

    def _session_for(self, request: Request) -> TraderSession:
        """The session to log in with: the present one if it is this user's and not in use."""
        broker_id = request.body.get("BrokerID") or self._desk.settings.broker_id
        user_id = request.body.get("UserID") or ""
        session = self._session
        if session is not None:
            same = (session.broker_id, session.user_id) == (broker_id, user_id)
            if same and session.state not in (State.READY, State.CLOSED):
                return session
            self._end("another login")
        self._session = self._desk.open(self, broker_id, user_id)
        return self._session

    def _known_session(self) -> TraderSession:
        session = self._session
        if session is None or session.state is State.CLOSED:
            raise Refused(errors.NOT_LOGGED_IN, "send ReqUserLogin first")
        return session

    def _usable_session(self, method: Method) -> TraderSession:
        session = self._known_session()
        if session.state is State.READY:
            return session
        if session.state is State.REFUSED and method.name == PASSWORD_UPDATE:
            return session
        if not session.session.was_ready:
            raise Refused(errors.NOT_LOGGED_IN, f"not logged in yet ({session.state.value})")
        raise Refused(
            errors.NOT_READY, f"the session is {session.state.value}: {session.session.reason}"
        )

    def _end(self, reason: str) -> None:
        session, self._session = self._session, None
        if session is not None:
            self._desk.close(session, reason)

    def handler(self, method: Method) -> Handler:
        """See :class:`~webctp.gateway.dispatch.Dispatcher`."""
        if method.name.startswith("ReqUserLogin"):
            return self._login
        return partial(self._by_name.get(method.name) or self._by_shape[method.shape], self)

    _by_name: ClassVar[Mapping[str, Callable[["TradingClient", Request], None]]] = {
        "ReqUserLogout": _logout,
        **dict.fromkeys(_BEFORE_LOGIN, _ask_before_login),
        **dict.fromkeys(_SYSTEM_INFO, _register),
    }
    _by_shape: ClassVar[Mapping[Shape, Callable[["TradingClient", Request], None]]] = {
        Shape.REQUEST: _request,
        Shape.SUBMIT: _submit,
        Shape.FILL: _fill,
        Shape.TEXT: _text,
    }
