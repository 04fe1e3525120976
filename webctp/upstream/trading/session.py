"""Trading sessions: one user at one front, with the full login chain."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from webctp.config.trading import TradingSettings
from webctp.ctp import errors
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Method
from webctp.ctp.codec import Codec, codec_for
from webctp.ctp.refusal import Refusal
from webctp.language.text import NOTHING, Text, english, joined
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.checks import OrderRateLimit, OrderRules, first_checks, send_checks
from webctp.upstream.orders.order import UNWATCHED, Order
from webctp.upstream.session.confirming import Confirmation
from webctp.upstream.session.gate import OPEN
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply
from webctp.upstream.session.reporting import Reporting
from webctp.upstream.session.session import FrontSession
from webctp.upstream.session.status import LoginAnswer, SessionStatus
from webctp.upstream.trading.context import MakeGate, TradingContext, TradingListener
from webctp.upstream.trading.credentials import SessionCredentials
from webctp.upstream.trading.entry import OrderEntry
from webctp.upstream.trading.flowreplay import FlowReplay
from webctp.upstream.trading.loginsteps import LoginSteps, wrong_centre
from webctp.upstream.trading.nativeapi import trading_api
from webctp.upstream.trading.observers import PASSWORD_UPDATE, ReplyObservers
from webctp.upstream.trading.queries import Place, QueryQueue
from webctp.upstream.trading.reconcile import Reconciliation
from webctp.upstream.trading.sessionrisk import SessionRiskParts

_log = Logger()

_FRONT_INFO: Final = "GetFrontInfo"
_LOGIN_ANSWER: Final = "CThostFtdcRspUserLoginField"

Body = Mapping[str, Any]


class TradingSession:
    """Keep one user logged in at one front, and carry its queries, orders and pushes.

    What states and pushes tell (the trading day, what rests) is kept here, and both are passed on
    to the listener. Everything runs in the reactor's thread.

    :param account: whose session it is; it names the flow directory, too.
    :param gate: makes its place at the login gate; None for a session that waits for no other.
    """

    def __init__(
        self,
        context: TradingContext,
        listener: TradingListener,
        account: AccountKey,
        gate: MakeGate | None = None,
    ) -> None:
        self._catalogue = context.front.binding.trading
        self._codec: Codec = codec_for(self._catalogue.module)
        self._settings = context.settings
        self._static = context.static
        self._listener = listener
        self.account = account
        self.broker_id, self.user_id = account
        self.defaults: dict[str, str] = {
            "BrokerID": account.broker_id,
            "InvestorID": account.user_id,
            "UserID": account.user_id,
        }
        """What requests that leave these fields out are about."""
        self._connection = trading_api(context, account, self.deliver)
        self._reporting = Reporting(self._connection.call, account)
        self._credentials = SessionCredentials(
            self._catalogue,
            account,
            lambda method, body: self._steps.chain(method, body),
            lambda chain: self._session.replace_chain(chain),
            context.passwords,
        )
        self._session = self._make_front_session(context, gate)
        self._steps = self._make_steps(context)
        self._observers = ReplyObservers(
            self._codec,
            self._session.error_of,
            self.defaults,
            self._credentials,
            context.on_instruments,
        )
        self.replay = FlowReplay(
            context.reactor, self._catalogue, context.flow_quiet, self._flow_replayed
        )
        """Whether what the login plays again of the day has come."""
        self.risk = SessionRiskParts.of(context, self._codec, account, self._session.error_of)
        """What the session's inserts are held against; None where there is nothing."""
        self.queries = self._make_queries(context)
        self.entry = self._make_entry(context)
        self._pushes = self.entry.pushes
        self._reconciliation = self._make_reconciliation(context)
        if context.journal is None:
            self._session.start()
        else:
            context.journal.load(account).addCallback(lambda _: self._start())

    def _make_front_session(self, context: TradingContext, gate: MakeGate | None) -> FrontSession:
        return FrontSession(
            context.reactor,
            self._catalogue,
            self._connection,
            self,
            step_timeout=context.settings.login_timeout,
            gate=OPEN if gate is None else gate(self._credentials.shown),
            next_chain=self._credentials.next_chain,
            wall=context.wall,
            account=self.account,
        )

    def _make_steps(self, context: TradingContext) -> LoginSteps:
        return LoginSteps(
            self._catalogue,
            context.settings,
            self.account,
            registered=lambda: self._reporting.registered,
            confirmation=Confirmation(
                self._catalogue, self.broker_id, self._session, self._has_investors
            ),
            on_relay=self._on_relay,
        )

    def _make_queries(self, context: TradingContext) -> QueryQueue:
        settings = context.settings
        return QueryQueue(
            context.reactor,
            self._catalogue,
            self._session.request,
            interval=settings.query_interval,
            timeout=settings.query_timeout,
            limit=settings.query_queue,
            static=context.static,
            figures=context.figures,
            on_held_up=self._held_up,
            account=self.account,
        )

    def _make_entry(self, context: TradingContext) -> OrderEntry:
        self._rate = OrderRateLimit(context.reactor, context.settings.order_rate)
        journal = context.journal
        self._trouble: Callable[[], Text | None] | None = (
            None if journal is None else lambda: journal.refusal
        )
        self._set_checks()
        return OrderEntry(
            context.reactor,
            self._catalogue,
            self.account,
            self._session.request,
            lambda: self._session.state is LoginState.READY,
            OrderRules(
                self._first_checks,
                self._send_checks,
                UNWATCHED if self.risk is None else self.risk.session,
                context.settings.order_patience,
            ),
            journal=context.journal,
            on_asked_about=self._asked_about,
            encode=context.encode,
            figures=context.figures,
        )

    def _make_reconciliation(self, context: TradingContext) -> Reconciliation | None:
        if context.journal is None:
            return None
        return Reconciliation(
            context.reactor,
            self._catalogue,
            self.account,
            context.journal,
            self.queries,
            lambda: self.state is LoginState.READY,
            self.entry.on_order_row,
            context.figures,
        )

    def _set_checks(self) -> None:
        """List what orders are held against, by the settings that are in force."""
        risk = None if self.risk is None else self.risk.session
        self._first_checks = first_checks(self.refusal_of)
        self._send_checks = send_checks(self._settings, self._trouble, risk, self._rate)

    @property
    def state(self) -> LoginState:
        """Where the session stands."""
        return self._session.state

    @property
    def status(self) -> SessionStatus:
        """Where the session stands, and how its login was answered, as one value."""
        return self._session.status

    @property
    def awaits_answers(self) -> bool:
        """Whether CTP owes an answer: somebody waits for it."""
        return self._session.pending.awaits_answers

    def login_answer(self) -> LoginAnswer:
        """Return the front's answer to the last login of a session that is ready."""
        login = self._session.status.login
        if login is None:
            raise RuntimeError("a session is ready without a login")
        return login

    def deliver(self, events: Iterable[CallbackEvent]) -> None:
        """Take a batch of the API's callbacks."""
        self._session.deliver(events)

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
        return self._credentials.password

    @property
    def plain_login(self) -> bool:
        """Whether the session logged in with a password and nothing else to check."""
        return self._credentials.is_plain

    @property
    def statuses(self) -> tuple[CallbackEvent, ...]:
        """The present RtnInstrumentStatus of each product or instrument that has told one today."""
        return self._pushes.statuses

    @property
    def logging_in(self) -> bool:
        """Whether a login is under way."""
        return self._session.logging_in

    def login(self, method: Method, body: Body) -> Deferred[LoginAnswer]:
        """Authenticate, log in with ``body`` (of ``method``'s struct) and confirm.

        See :meth:`webctp.upstream.session.session.FrontSession.login`.
        """
        chain = self._credentials.begin(method, body)
        return self._session.login(chain, self._settings.login_timeout).addCallback(self._logged_in)

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
        """Return what fires once the front is connected, and fails after ``LoginTimeout``."""
        waiting = self._session.connected()
        waiting.addTimeout(
            self._settings.login_timeout, self._session.clock, onTimeoutCancel=self._no_connection
        )
        return waiting

    def request(
        self, method: Method, body: dict[str, Any], on_reply: OnReply, asker: object = None
    ) -> int:
        """Send a request now, or a query as soon as its turn comes; gives the API's value.

        Inserts and actions go by ``entry.enter`` instead.

        See :meth:`webctp.upstream.session.session.FrontSession.request` and
        :meth:`webctp.upstream.trading.queries.QueryQueue.ask`.

        :raises webctp.ctp.codec.CodecError: if the body does not fit its struct.
        :raises webctp.ctp.refusal.Refusal: if too many queries wait (-429).
        """
        packed = self._packed(method, body)
        on_reply = self._observers.beside(method, body, on_reply)
        if self.risk is not None:
            on_reply = self.risk.observers.beside(method.name, body, on_reply)
        if method.is_query:
            self.queries.ask(method, packed, on_reply, asker)
            return 0
        return self._session.request(method, packed, on_reply)

    def place_of(self, method: Method, body: dict[str, Any]) -> Place | None:
        """See :meth:`webctp.upstream.trading.queries.QueryQueue.place_of`."""
        return self.queries.place_of(method, self._packed(method, body))

    def preview(self, order: Order) -> list[Refusal]:
        """Return every reason why an insert would not be sent; nothing is noted of it."""
        return [
            refusal
            for check in (*self._first_checks, *self._send_checks)
            for refusal in check.preview(order)
        ]

    def refusal_of(self, method: Method) -> Refusal | None:
        """Return why a request of this method cannot be sent now; None where it can."""
        state = self._session.state
        if state is LoginState.READY or (
            method.name == PASSWORD_UPDATE and self.must_change_password
        ):
            return None
        status = self._session.status
        if not status.has_been_ready:
            return Refusal(
                errors.NOT_LOGGED_IN, english("not logged in yet ({state})", state=state.value)
            )
        return Refusal(errors.NOT_READY, status.unusable())

    def state_changed(self, status: SessionStatus) -> None:
        """Bring a change of state to all parts of the session, then to its listener."""
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
        in_now = LoginState.CONFIRMING if self._settings.confirms_settlement else LoginState.READY
        if state is in_now and login is not None:
            self.replay.begin()
            self.entry.logged_in(login)
        if state is LoginState.READY:
            self._credentials.settle()
            if self._static is not None:
                self._static.day(self.trading_day)
        if state is LoginState.READY:
            self._session.remark = self._remark()
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
        """Pass on a push that is news; see :class:`~webctp.upstream.session.status.Listener`."""
        replayed = not self.replay.is_over
        if replayed:
            self.replay.heard(event.callback)
        push = self._pushes.take(event, replayed=replayed)
        if push is not None and self._session.state is not LoginState.CLOSED:
            self._listener.pushed(push)

    def _flow_replayed(self) -> None:
        """Ask for what the flow has not told of, and pass the word on."""
        if self._reconciliation is not None:
            self._reconciliation.ask()
        if self.risk is not None:
            self.risk.flow_replayed(self.request)
        self._listener.flow_replayed()

    def take_settings(self, settings: TradingSettings) -> None:
        """Take other limits, and ask for what the checks need by now and did not need before."""
        self._settings = settings
        self.queries.take_settings(settings)
        self._rate.take(settings.order_rate)
        self._set_checks()
        self.entry.take_settings(self._send_checks, settings.order_patience)
        if self.risk is not None and self.replay.is_over and self.state is LoginState.READY:
            self.risk.flow_replayed(self.request)

    def _has_investors(self, investors: list[str]) -> None:
        """Note an operator's investors: requests are about the only one, if there is one only."""
        self.defaults.pop("InvestorID", None)
        if len(investors) == 1:
            self.defaults["InvestorID"] = investors[0]

    def _remark(self) -> Text:
        """Return what there is to say of a session that is ready."""
        body = self.login_body
        return NOTHING if body is None else wrong_centre(self._codec.layout(_LOGIN_ANSWER), body)

    def _held_up(self) -> None:
        """Make the API anew: the answer to a query is lost, and CTP takes no other query."""
        reason = english("a query was never answered and CTP takes no other (-2); connecting anew")
        told = {"user_id": self.user_id, "account": self.account}
        _log.warn("session of {user_id}: {reason}", reason=reason, **told)
        self._session.renew(reason)

    def _heed_front(self) -> None:
        """Keep to the query limit that the front tells after a login, where this version does."""
        method = self._catalogue.methods.get(_FRONT_INFO)
        told = None if method is None else self._connection.fill(method)
        if method is not None and told is not None:
            limit = self._codec.layout(method.request_struct).value(told, "QryFreq")
            self.queries.heed(int(limit))

    def _asked_about(self) -> None:
        """Ask CTP about an order that a client asks about, where CTP may know more."""
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

    def register(self, method: Method, body: Body, on_result: Callable[[int], None]) -> None:
        """See :meth:`webctp.upstream.session.reporting.Reporting.register`."""
        self._reporting.register(method, self._packed(method, body), on_result)

    def close(self, reason: Text = NOTHING) -> Deferred[None]:
        """End the session and release its API."""
        return self._session.close(reason)

    def forget(self) -> None:
        """Free what was kept of the day's pushes, once the session has ended."""
        self._pushes.forget()

    def _start(self) -> None:
        if self.state is not LoginState.CLOSED:
            self._session.start()

    def _packed(self, method: Method, body: Body) -> bytes:
        return self._codec.layout(method.request_struct).pack(body)

    def _on_relay(self, is_relay: bool) -> None:
        self._session.renews_when_refused = is_relay

    def _logged_in(self, answer: LoginAnswer) -> LoginAnswer:
        """Forget what serves once: recoveries log in plainly, with the same password."""
        if answer.ready:
            self._credentials.accepted()
        return answer

    def password_changed(self, old: str, new: str) -> None:
        """See :meth:`SessionCredentials.changed_elsewhere`."""
        self._credentials.changed_elsewhere(old, new)

    def password_doubted(self, old: str, new: str) -> None:
        """See :meth:`SessionCredentials.doubted_elsewhere`."""
        self._credentials.doubted_elsewhere(old, new)

    def _no_connection(self, _: object, timeout: float) -> object:
        reason = english("no connection to the front within {timeout:g} s", timeout=timeout)
        raise Refusal(
            errors.NO_ANSWER, joined("; ", filter(None, (reason, self._session.status.reason)))
        )


OpenSession = Callable[[TradingListener, AccountKey, MakeGate], TradingSession]
"""Makes an account's session, given its listener and what makes its place at the login gate."""
