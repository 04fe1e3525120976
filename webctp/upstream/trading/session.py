"""Trading sessions: one user at one front, with the full login chain."""

import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from webctp.clock import Wall
from webctp.ctp import addresses, errors
from webctp.ctp.bridge import Bridge, CallbackEvent
from webctp.ctp.catalog import Method
from webctp.ctp.codec import Codec, codec_for
from webctp.ctp.front import Front
from webctp.ctp.refusal import Refusal
from webctp.secret import Secret
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.orders.checks import (
    JournalWritable,
    OrderCheck,
    OrderRateLimit,
    OwnerMayOrder,
    SessionUsable,
)
from webctp.upstream.orders.order import Order
from webctp.upstream.session.api import NativeApi
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.chain import Call, Chain, Step
from webctp.upstream.session.confirming import Confirmation
from webctp.upstream.session.gate import ONCE, OPEN, Credentials, LoginGate
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.session.reporting import Reporting
from webctp.upstream.session.session import FrontSession
from webctp.upstream.session.status import LoginAnswer, SessionStatus
from webctp.upstream.trading.entry import ORDER_PATIENCE, OrderEntry
from webctp.upstream.trading.flowreplay import QUIET, FlowReplay
from webctp.upstream.trading.pushes import Encode, Push
from webctp.upstream.trading.queries import QueryQueue
from webctp.upstream.trading.reconcile import Reconciliation
from webctp.upstream.trading.staticanswers import StaticAnswers

_log = Logger()

RESTART: Final = 0
"""``THOST_TERT_RESTART``: both flows from the trading day's first message, at each login.

CTP's document recommends it: with RESUME the private flow may never arrive when CTP has begun its
flow anew, for the flow files count on from before; and what of the day is told would hang on who
used the files last. What was told before is recognised (:mod:`webctp.upstream.orders.replay`).
"""

LOGIN: Final = "ReqUserLogin"
PASSWORD_UPDATE: Final = "ReqUserPasswordUpdate"
INSTRUMENTS: Final = "ReqQryInstrument"
_FRONT_INFO: Final = "GetFrontInfo"
_ACCOUNTS: Final = "ReqQryTradingAccount"
_ACCOUNT: Final = "CThostFtdcTradingAccountField"

_AUTHENTICATED: Final = "CThostFtdcRspAuthenticateField"
_OPERATOR_RELAY: Final = "3"
"""``THOST_FTDC_APP_TYPE_OperatorRelay``: all clients share an operator's connection."""
_LOGIN_ANSWER: Final = "CThostFtdcRspUserLoginField"
_CENTRES: Final = ("LoginDRIdentityID", "UserDRIdentityID")
_INSTRUMENT: Final = "CThostFtdcInstrumentField"

_LEARNT_AT_ONCE: Final = 256
Body = Mapping[str, Any]

OnInstruments = Callable[[list[bytes]], object]
"""Takes the names of instruments that there are."""

PasswordChanged = Callable[[AccountKey, str, str], object]
"""Takes whose password was changed, the one that is wrong now and the one that is right.

Of a change whose answer was lost: the old one and the new one.
"""

MakeGate = Callable[[Callable[[], Credentials]], LoginGate]
"""Makes a session's place at the gate, given what says its credentials."""


@dataclass(frozen=True, slots=True)
class TradingSettings:
    """What a trading session takes from the configuration.

    Times in seconds; ``order_rate`` a second, 0 for no bound. With ``optional_authentication`` a
    refused one does not end the login; ``confirms`` says whether a login confirms the settlement,
    or leaves that to the client. ``flow_quiet`` is how long the private flow must have been quiet
    for its replay to be over.
    """

    addresses: tuple[str, ...]
    broker_id: str
    app_id: str
    auth_code: Secret
    user_product_info: str
    flow_base: str
    production_mode: bool
    login_timeout: float
    query_interval: float = 1.0
    query_timeout: float = 30.0
    query_queue: int = 200
    order_rate: int = 0
    order_patience: float = ORDER_PATIENCE
    optional_authentication: bool = False
    confirms: bool = True
    flow_quiet: float = QUIET


class TraderListener(Protocol):
    """Who hears of a trading session. Called in the reactor's thread."""

    def state_changed(self, status: SessionStatus) -> None:
        """See :class:`~webctp.upstream.session.status.Listener`."""

    def pushed(self, push: Push) -> None:
        """Take a push that is news, or an answer to a request that is no longer known."""

    def flush(self) -> None:
        """Let leave what a batch of callbacks brought about."""

    def flow_replayed(self) -> None:
        """The session is ready, and what the login has played again of the day has come."""


class TradingSession:
    """A user's session. Everything runs in the reactor's thread.

    It stands between the bare session and its listener: what it learns from states and pushes
    (the trading day, what rests) it keeps, and passes them on.

    :param front: what stands behind the addresses.
    :param identity: whose session it is; it names the flow directory.
    :param books: the journal, where there is one; it is read before the session starts.
    :param static: answers that all sessions at this front share for a trading day.
    :param learn: told the instruments of every answer to ``ReqQryInstrument``, when it is whole.
    :param password_changed: told of each change of the password that the front has accepted.
    :param password_doubted: told of each change whose answer was lost.
    :param gate: where its logins wait for others of the account; None for nowhere.
    :param encode: see :data:`webctp.upstream.trading.pushes.Encode`.
    """

    def __init__(
        self,
        reactor: Any,
        apis: ApiQueue,
        front: Front,
        settings: TradingSettings,
        listener: TraderListener,
        *,
        identity: AccountKey,
        static: StaticAnswers | None = None,
        books: TradingJournal | None = None,
        learn: OnInstruments | None = None,
        password_changed: PasswordChanged = lambda identity, old, new: None,
        password_doubted: PasswordChanged = lambda identity, old, new: None,
        gate: MakeGate | None = None,
        encode: Encode | None = None,
        wall: Wall = time.time,
    ) -> None:
        self._catalogue = front.binding.trading
        self._codec: Codec = codec_for(self._catalogue.module)
        self._settings = settings
        self._listener = listener
        self.flush = listener.flush
        """Of :class:`~webctp.upstream.session.status.Listener`."""
        self._static = static
        self._learn = learn
        self._password_changed = password_changed
        self._password_doubted = password_doubted
        self._doubted: tuple[str, str] | None = None
        """The old password and the new one, while it is not known which of them holds."""
        self._untried = ""
        self.known: dict[str, str] = {
            "BrokerID": identity.broker_id,
            "InvestorID": identity.user_id,
            "UserID": identity.user_id,
        }
        """What requests that leave these fields out are about."""
        self.identity = identity
        self.broker_id, self.user_id = identity
        self._login: dict[str, Any] = {}
        self._once = ""
        self.plain_login = False
        """Whether the session logged in with a password and nothing else to check."""
        bridge = Bridge(reactor, self.deliver)
        connection = self._connection = NativeApi(
            apis=apis,
            create=front.create_trader,
            prepare=self._prepare,
            catalogue=self._catalogue,
            bridge=bridge,
            flow_base=settings.flow_base,
            flow_identity=("td", *settings.addresses, *identity),
            production_mode=settings.production_mode,
        )
        self._reporting = Reporting(connection.call)
        self.replay = FlowReplay(reactor, self._catalogue, settings.flow_quiet, self._flow_replayed)
        """Whether what the login plays again of the day has come."""
        self._session = FrontSession(
            reactor,
            self._catalogue,
            connection,
            self,
            step_timeout=settings.login_timeout,
            gate=OPEN if gate is None else gate(self._credentials),
            next_chain=self._next_chain,
            wall=wall,
        )
        self._confirmation = Confirmation(
            self._catalogue,
            self.broker_id,
            self._session.request,
            self._session.info,
            self._session.error_of,
            self._has_investors,
        )
        self.queries = QueryQueue(
            reactor,
            self._catalogue,
            self._session.request,
            interval=settings.query_interval,
            timeout=settings.query_timeout,
            limit=settings.query_queue,
            static=static,
            flush=listener.flush,
            held_up=self._held_up,
        )
        self.entry = OrderEntry(
            reactor,
            self._catalogue,
            identity,
            self._session.request,
            lambda: self._session.state is LoginState.READY,
            checks=(OwnerMayOrder(), SessionUsable(self.refusal_of)),
            send_checks=self._send_checks(reactor, books),
            patience=settings.order_patience,
            books=books,
            flush=listener.flush,
            missed=self._asked_about,
            encode=encode,
        )
        self._reconciliation = None
        if books is not None:
            self._reconciliation = Reconciliation(
                reactor,
                self._catalogue,
                identity,
                books,
                self.queries,
                lambda: self.state is LoginState.READY,
                self.entry.on_order_row,
            )
        if books is None:
            self._session.start()
        else:
            books.load(identity).addCallback(lambda _: self._start())

    @property
    def state(self) -> LoginState:
        """Where the session stands."""
        return self._session.state

    @property
    def status(self) -> SessionStatus:
        """Where the session stands, and how its login was answered, as one value."""
        return self._session.status

    def login_answer(self) -> LoginAnswer:
        """Return the front's answer to the last login of a session that is ready."""
        login = self._session.status.login
        if login is None:
            raise RuntimeError("a session is ready without a login")
        return login

    def deliver(self, events: Iterable[CallbackEvent]) -> None:
        """Take a batch of the API's callbacks; what they brought about leaves in one write."""
        self._session.deliver(events)
        self.flush()

    def info(self, code: int) -> bytes:
        """Make a RspInfo of the gateway's own."""
        return self._session.info(code)

    def error_of(self, info: bytes | None) -> int:
        """Return the ErrorID of a RspInfo; 0 where CTP gave none."""
        return self._session.error_of(info)

    def call_text(self, method: Method) -> str | None:
        """Return what a method without arguments says (``GetTradingDay``); None without an API."""
        return self._connection.text(method)

    def call_fill(self, method: Method) -> bytes | None:
        """Let the API fill a struct (``GetFrontInfo``); None without an API."""
        return self._connection.fill(method)

    @property
    def password(self) -> str:
        """The password that the front last accepted, or that it is asked about now."""
        return self._login.get("Password") or ""

    def _credentials(self) -> Credentials:
        return Credentials(self.password, self._once)

    @property
    def logging_in(self) -> bool:
        """Whether a login is under way."""
        return self._session.logging_in

    def login(self, method: Method, body: Body) -> Deferred[LoginAnswer]:
        """Authenticate, log in with ``body`` (of ``method``'s struct) and confirm.

        See :meth:`webctp.upstream.session.session.FrontSession.login`.
        """
        plain = self._codec.layout(str(self._catalogue.methods[LOGIN].struct)).by_name
        self._login = {name: value for name, value in body.items() if name in plain}
        self._doubted, self._untried = None, ""
        self._once = Credentials.of(body).once
        self.plain_login = method.name == LOGIN and not self._once
        answered = self._session.login(self._chain_of(method, body), self._settings.login_timeout)
        return answered.addCallback(self._logged_in)

    @property
    def must_change_password(self) -> bool:
        """Whether the front took the password, but wants another before it lets the user in."""
        refusal = self._session.refusal
        return (
            self.state is LoginState.REFUSED
            and refusal is not None
            and self._session.error_of(refusal.info) in errors.PASSWORD_MUST_CHANGE
        )

    def connected(self) -> Deferred[None]:
        """Fires when the front is connected, within ``LoginTimeout``, or fails."""
        waiting = self._session.connected()
        waiting.addTimeout(
            self._settings.login_timeout, self._session.clock, onTimeoutCancel=self._no_connection
        )
        return waiting

    def request(
        self, method: Method, body: dict[str, Any], on_reply: OnReply, asker: object = None
    ) -> int:
        """Send a request now, or a query as soon as its turn comes; gives the API's value.

        Inserts and actions go by :meth:`enter` instead.

        See :meth:`webctp.upstream.session.session.FrontSession.request` and
        :meth:`webctp.upstream.trading.queries.QueryQueue.ask`.

        :raises webctp.ctp.codec.CodecError: if the body does not fit its struct.
        :raises webctp.ctp.refusal.Refusal: if too many queries wait (-429).
        """
        packed = self._packed(method, body)
        if method.is_query:
            if method.name == INSTRUMENTS and self._learn is not None:
                on_reply = self._learning(self._learn, on_reply)
            elif method.name == _ACCOUNTS:
                on_reply = self._noting_accounts(on_reply)
            self.queries.ask(method, packed, on_reply, asker)
            return 0
        if method.name == PASSWORD_UPDATE:
            on_reply = self._noting_password(body, on_reply)
        return self._session.request(method, packed, on_reply)

    def enter(self, order: Order) -> None:
        """Send an insert or an action; see :meth:`webctp.upstream.trading.entry.OrderEntry.enter`.

        :raises webctp.ctp.refusal.Refusal: if it is not sent; the journal has it then.
        """
        self.entry.enter(order)

    def refusal_of(self, method: Method) -> Refusal | None:
        """Return why a request of this method cannot be sent now; None where it can."""
        state = self._session.state
        if state is LoginState.READY or (
            method.name == PASSWORD_UPDATE and self.must_change_password
        ):
            return None
        status = self._session.status
        if not status.has_been_ready:
            return Refusal(errors.NOT_LOGGED_IN, f"not logged in yet ({state.value})")
        return Refusal(errors.NOT_READY, f"the session is {state.value}: {status.reason}")

    def _send_checks(
        self, reactor: IReactorTime, books: TradingJournal | None
    ) -> tuple[OrderCheck, ...]:
        rate = OrderRateLimit(reactor, self._settings.order_rate)
        if books is None:
            return (rate,)
        return JournalWritable(lambda: books.refusal), rate

    def state_changed(self, status: SessionStatus) -> None:
        """Of :class:`~webctp.upstream.session.status.Listener`."""
        state = status.state
        self.entry.state_changed(state.value, status.reason)
        if state is LoginState.LOGGING_IN:
            self.replay.login_asked()
        if state in (LoginState.LOST, LoginState.REFUSED, LoginState.CLOSED):
            self.replay.stop()
        if state in (LoginState.LOST, LoginState.CLOSED):
            if self._reconciliation is not None:
                self._reconciliation.stop()
            self.queries.clear(errors.NOT_READY)
            self.entry.lost()
        login = self.login_body
        in_now = LoginState.CONFIRMING if self._settings.confirms else LoginState.READY
        if state is in_now and login is not None:
            self.replay.begin()
            self.entry.logged_in(login)
        if state is LoginState.READY:
            self._settle_doubt()
            if self._static is not None:
                self._static.day(self.trading_day)
        if state is LoginState.READY:
            self._session.remark = self._elsewhere()
            status = self._session.status
        self._listener.state_changed(status)
        if state is LoginState.READY:
            self._heed_front()
            self._reporting.repeat()
            self.entry.ready()
            self.replay.ready()
        elif state is LoginState.CLOSED:
            self.entry.stop_cancelling()
            self._reporting.drop(errors.NOT_READY)

    def pushed(self, event: CallbackEvent) -> None:
        """Of :class:`~webctp.upstream.session.status.Listener`."""
        replayed = not self.replay.is_over
        if replayed:
            self.replay.heard(event.callback)
        push = self.entry.take_push(event, replayed=replayed)
        if push is not None and self._session.state is not LoginState.CLOSED:
            self._listener.pushed(push)

    def _flow_replayed(self) -> None:
        """Ask for what the flow has not told of, and pass the word on."""
        if self._reconciliation is not None:
            self._reconciliation.ask()
        self._listener.flow_replayed()
        self.flush()

    def _has_investors(self, investors: list[str]) -> None:
        """The user is an operator: its requests are about its investor, where it has one only."""
        self.known.pop("InvestorID", None)
        if len(investors) == 1:
            self.known["InvestorID"] = investors[0]

    def _elsewhere(self) -> str:
        """Say so where the front is not of the user's centre: there it has no right to trade."""
        body, layout = self.login_body, self._codec.layout(_LOGIN_ANSWER)
        if body is None or not layout.by_name.keys() >= set(_CENTRES):
            return ""
        front, user = (int(layout.value(body, name)) for name in _CENTRES)
        if front == user or not user:
            return ""
        return (
            f"the front is of centre {front} (LoginDRIdentityID), the user of {user} "
            "(UserDRIdentityID): orders are refused here; use the fronts of the user's own centre"
        )

    def _held_up(self) -> None:
        """The answer to a query is lost: the API takes no other until it is made anew."""
        reason = "a query was never answered and CTP takes no other (-2); connecting anew"
        _log.warn("session of {user_id}: {reason}", user_id=self.user_id, reason=reason)
        self._session.renew(reason)

    def _heed_front(self) -> None:
        """Keep to the query limit that the front tells after a login, where this version does."""
        method = self._catalogue.methods.get(_FRONT_INFO)
        told = None if method is None else self._connection.fill(method)
        if method is not None and told is not None:
            limit = self._codec.layout(str(method.struct)).value(told, "QryFreq")
            self.queries.heed(int(limit))

    def _asked_about(self) -> None:
        """Of an order that a client asks about CTP may know more than was told."""
        if self._reconciliation is not None:
            self._reconciliation.asked_about()

    def day_now(self) -> str | None:
        """Return the trading day that the API names now; nothing where it cannot be asked."""
        return self.call_text(self._catalogue.methods["GetTradingDay"])

    @property
    def login_body(self) -> bytes | None:
        """The body of the last RspUserLogin; None before the first."""
        accepted = self._session.accepted
        return None if accepted is None else accepted.body

    @property
    def trading_day(self) -> str:
        """The trading day of the last login, as ``20261123``; empty before the first."""
        body = self.login_body
        return "" if body is None else self._codec.layout(_LOGIN_ANSWER).text(body, "TradingDay")

    def submit(self, method: Method, body: Body) -> int:
        """Call a method that no callback answers (``SubmitUserSystemInfo``)."""
        return self._reporting.submit(method, body.get("UserID"), self._packed(method, body))

    def register(self, method: Method, body: Body, told: Callable[[int], None]) -> None:
        """See :meth:`webctp.upstream.session.reporting.Reporting.register`."""
        self._reporting.register(method, self._packed(method, body), told)

    def close(self, reason: str = "") -> Deferred[None]:
        """End the session and release its API."""
        return self._session.close(reason)

    def _start(self) -> None:
        if self.state is not LoginState.CLOSED:
            self._session.start()

    def _prepare(self, api: Any) -> None:
        api.SubscribePrivateTopic(RESTART)
        api.SubscribePublicTopic(RESTART)
        addresses.register(
            api,
            self._codec,
            self._settings.addresses,
            broker_id=self.broker_id,
            user_id=self.user_id,
        )

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
            step = self._step("ReqAuthenticate", user | product | code)
            chain[LoginState.AUTHENTICATING] = replace(
                step, optional=settings.optional_authentication, accepted=self._authenticated
            )
        login = product | {name: value for name, value in body.items() if value is not None} | user
        once = any(body.get(name) for name in ONCE)
        chain[LoginState.LOGGING_IN] = self._step(
            method.name, login, self._reporting.registered, once=once
        )
        if settings.confirms:
            investor = {"BrokerID": self.broker_id, "InvestorID": self.user_id}
            step = self._step("ReqSettlementInfoConfirm", investor)
            chain[LoginState.CONFIRMING] = replace(step, instead=self._confirmation.instead)
        return chain

    def _authenticated(self, body: bytes | None) -> None:
        """Note what CTP takes the program for: a one-to-many relay must not log in again on a
        connection that has refused its password, or CTP takes no reports of its clients there."""
        if body is not None:
            app_type = self._codec.layout(_AUTHENTICATED).text(body, "AppType")
            self._session.renews_when_refused = app_type == _OPERATOR_RELAY

    def _step(
        self, name: str, body: Body, first: Call | None = None, *, once: bool = False
    ) -> Step:
        method = self._catalogue.methods[name]
        return Step(method, self._packed(method, body), first, once)

    def _logged_in(self, answer: LoginAnswer) -> LoginAnswer:
        """What serves once is forgotten: recoveries log in plainly, with the same password."""
        if answer.ready:
            self._plan_recovery()
        return answer

    def password_changed(self, old: str, new: str) -> None:
        """Another session of the user has changed the password: recover with the new one.

        Without effect on who does not know the old one.
        """
        if self._doubted in ((old, new), (new, old)):
            self._doubted, self._untried = None, ""
        if hmac.compare_digest(self.password.encode(), old.encode()):
            self._login["Password"] = new
            self._plan_recovery()

    def password_doubted(self, old: str, new: str) -> None:
        """The answer to a change of the password was lost: recover with either, once each.

        Without effect on who does not know the old one.
        """
        if hmac.compare_digest(self.password.encode(), old.encode()):
            self._doubted, self._untried = (old, new), new

    def _next_chain(self) -> Chain | None:
        """Of two passwords that may hold, the one that is not tried yet."""
        if not self._untried:
            return None
        self._login["Password"], self._untried = self._untried, ""
        return self._chain_of(self._catalogue.methods[LOGIN], self._login)

    def _settle_doubt(self) -> None:
        """The front has accepted one of two passwords: the other is wrong."""
        doubted, self._doubted, self._untried = self._doubted, None, ""
        if doubted is not None:
            wrong = doubted[0] if self.password == doubted[1] else doubted[1]
            self._password_changed(self.identity, wrong, self.password)

    def _plan_recovery(self) -> None:
        self._once = ""
        for name in ONCE:
            self._login.pop(name, None)
        self._session.replace_chain(self._chain_of(self._catalogue.methods[LOGIN], self._login))

    def _no_connection(self, _: object, timeout: float) -> object:
        reason = f"no connection to the front within {timeout:g} s"
        raise Refusal(
            errors.NO_ANSWER, "; ".join(filter(None, (reason, self._session.status.reason)))
        )

    def _learning(self, learn: OnInstruments, on_reply: OnReply) -> OnReply:
        """Note the names that pass by, some at a time: of 20,000 at once others would hear."""
        instrument = self._codec.layout(_INSTRUMENT).by_name["InstrumentID"]
        field = slice(instrument.offset, instrument.offset + instrument.size)
        names: list[bytes] = []

        def learning(reply: Reply) -> None:
            on_reply(reply)
            callback, raw, info, is_last = reply
            listed = callback.struct == _INSTRUMENT and self._session.error_of(info) == 0
            if raw is not None and listed:
                names.append(raw[field].partition(b"\0")[0])
            if names and (is_last or len(names) >= _LEARNT_AT_ONCE):
                learn(names.copy())
                names.clear()

        return learning

    def _noting_accounts(self, on_reply: OnReply) -> OnReply:
        """Note the account and the currency that there are, where there is only one of each."""
        layout = self._codec.layout(_ACCOUNT)
        found: dict[str, set[str]] = {"AccountID": set(), "CurrencyID": set()}

        def noting(reply: Reply) -> None:
            if reply.body is not None and reply.callback.struct == _ACCOUNT:
                for name, values in found.items():
                    values.add(layout.text(reply.body, name))
            if reply.is_last and self._session.error_of(reply.info) == 0:
                for name, values in found.items():
                    self.known.pop(name, None)
                    if len(values) == 1 and "" not in values:
                        self.known[name] = next(iter(values))
            on_reply(reply)

        return noting

    def _noting_password(self, body: Body, on_reply: OnReply) -> OnReply:
        """After a successful change the new password is the one to recover with."""

        def noting(reply: Reply) -> None:
            code = self._session.error_of(reply.info)
            old, new = body.get("OldPassword") or "", body.get("NewPassword") or ""
            own = (body.get("UserID") or self.user_id) == self.user_id
            if code == 0 and own:
                self._login["Password"] = new
                self._plan_recovery()
                self._password_changed(self.identity, old, new)
            elif code == errors.NO_ANSWER and own:
                self.password_doubted(old, new)
                self._password_doubted(self.identity, old, new)
            on_reply(reply)

        return noting
