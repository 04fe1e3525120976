"""Trading sessions: one user at one front, with the full login chain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from twisted.internet.defer import Deferred

from webctp.ctp import catalog, errors
from webctp.ctp.bridge import Bridge
from webctp.ctp.catalog import Callback, Method
from webctp.ctp.codec import Codec, codec_for
from webctp.ctp.front import Front
from webctp.secret import Secret
from webctp.upstream.connection import Connection, InThread
from webctp.upstream.machine import State
from webctp.upstream.session import (
    Answer,
    Call,
    Chain,
    Listener,
    LoginAnswer,
    LoginFailed,
    Session,
    Step,
)

RESUME: Final = 1
"""``THOST_TERT_RESUME``: continue the stream after what the flow files have seen."""

LOGIN: Final = "ReqUserLogin"
PASSWORD_UPDATE: Final = "ReqUserPasswordUpdate"

Body = Mapping[str, Any]


class Identity(NamedTuple):
    """Whose session it is."""

    broker_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class TraderSettings:
    """What a trading session takes from the configuration. ``login_timeout`` in seconds."""

    addresses: tuple[str, ...]
    broker_id: str
    app_id: str
    auth_code: Secret
    user_product_info: str
    flow_base: str
    production_mode: bool
    login_timeout: float


class TraderSession:
    """A user's session. Everything runs in the reactor's thread.

    :param front: what stands behind the addresses.
    :param identity: whose session it is; it names the flow directory.
    """

    def __init__(
        self,
        reactor: Any,
        in_thread: InThread,
        front: Front,
        settings: TraderSettings,
        listener: Listener,
        *,
        identity: Identity,
    ) -> None:
        self._catalogue = catalog.trading()
        self._codec: Codec = codec_for(self._catalogue.module)
        self._settings = settings
        self.identity = identity
        self.broker_id, self.user_id = identity
        self._login: dict[str, Any] = {}
        self._system_info: Call | None = None
        bridge = Bridge(reactor, lambda events: self.session.deliver(events))
        connection = Connection(
            in_thread=in_thread,
            create=front.create_trader,
            prepare=self._prepare,
            catalogue=self._catalogue,
            bridge=bridge,
            flow_base=settings.flow_base,
            flow_identity=("td", *settings.addresses, *identity),
            production_mode=settings.production_mode,
        )
        self.session = Session(
            reactor, self._catalogue, connection, listener, step_timeout=settings.login_timeout
        )
        self.session.start()

    @property
    def state(self) -> State:
        """Where the session stands."""
        return self.session.state

    @property
    def password(self) -> str:
        """The password that the front last accepted, or that it is asked about now."""
        return self._login.get("Password") or ""

    @property
    def logging_in(self) -> bool:
        """Whether a login is under way."""
        return self.session.logging_in

    def login(self, method: Method, body: Body) -> Deferred[LoginAnswer]:
        """Authenticate, log in with ``body`` (of ``method``'s struct) and confirm.

        See :meth:`webctp.upstream.session.Session.login`.
        """
        plain = self._codec.layout(str(self._catalogue.methods[LOGIN].struct)).by_name
        self._login = {name: value for name, value in body.items() if name in plain}
        answered = self.session.login(self._chain_of(method, body), self._settings.login_timeout)
        return answered.addCallback(self._logged_in)

    def connected(self) -> Deferred[None]:
        """Fires when the front is connected, within ``LoginTimeout``, or fails."""
        waiting = self.session.connected()
        waiting.addTimeout(
            self._settings.login_timeout, self.session.clock, onTimeoutCancel=_no_connection
        )
        return waiting

    def request(self, method: Method, body: Body, answer: Answer) -> int:
        """Send a request; see :meth:`webctp.upstream.session.Session.request`.

        :raises webctp.ctp.codec.CodecError: if the body does not fit its struct.
        """
        if method.name == PASSWORD_UPDATE:
            answer = self._noting_password(body, answer)
        return self.session.request(method, self._packed(method, body), answer)

    def submit(self, method: Method, body: Body) -> int:
        """Call a method that no callback answers (``SubmitUserSystemInfo``)."""
        return self.session.connection.call(method, self._packed(method, body), 0)

    def register(self, method: Method, body: Body, told: Callable[[int], None]) -> None:
        """Keep a call that CTP wants between authentication and login of each connection.

        :param told: called once with its return value, at the next login.
        """
        waiting = [told]

        def tell(result: int) -> None:
            while waiting:
                waiting.pop()(result)

        self._system_info = (method, self._packed(method, body), tell)

    def close(self, reason: str = "") -> Deferred[None]:
        """End the session and release its API."""
        return self.session.close(reason)

    def _prepare(self, api: Any) -> None:
        api.SubscribePrivateTopic(RESUME)
        api.SubscribePublicTopic(RESUME)
        for address in self._settings.addresses:
            api.RegisterFront(address)

    def _packed(self, method: Method, body: Body) -> bytes:
        return self._codec.layout(str(method.struct)).pack(body)

    def _chain_of(self, method: Method, body: Body) -> Chain:
        """The steps of a login; brokers without authentication have no AuthCode to send."""
        settings = self._settings
        user = {"BrokerID": self.broker_id, "UserID": self.user_id}
        product = {"UserProductInfo": settings.user_product_info}
        chain = {}
        if settings.auth_code or settings.app_id:
            code = {"AuthCode": settings.auth_code.reveal(), "AppID": settings.app_id}
            chain[State.AUTHENTICATING] = self._step("ReqAuthenticate", user | product | code)
        login = product | {name: value for name, value in body.items() if value is not None} | user
        chain[State.LOGGING_IN] = self._step(method.name, login, self._system_info)
        investor = {"BrokerID": self.broker_id, "InvestorID": self.user_id}
        chain[State.CONFIRMING] = self._step("ReqSettlementInfoConfirm", investor)
        return chain

    def _step(self, name: str, body: Body, first: Call | None = None) -> Step:
        method = self._catalogue.methods[name]
        return Step(method, self._packed(method, body), first)

    def _logged_in(self, answer: LoginAnswer) -> LoginAnswer:
        """A captcha serves once: recoveries log in plainly, with the same credentials."""
        if answer.ready:
            self._plan_recovery()
        return answer

    def _plan_recovery(self) -> None:
        self.session.replace_chain(self._chain_of(self._catalogue.methods[LOGIN], self._login))

    def _noting_password(self, body: Body, answer: Answer) -> Answer:
        """After a successful change the new password is the one to recover with."""

        def noting(
            callback: Callback, raw: bytes | None, info: bytes | None, is_last: bool
        ) -> None:
            if self.session.error_of(info) == 0 and body.get("UserID") == self.user_id:
                self._login["Password"] = body.get("NewPassword")
                self._plan_recovery()
            answer(callback, raw, info, is_last)

        return noting


def _no_connection(_: object, timeout: float) -> object:
    raise LoginFailed(errors.NO_ANSWER, f"no connection to the front within {timeout:g} s")
