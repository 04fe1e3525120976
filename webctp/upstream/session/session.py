"""A session with a front: the shell of the login state machine, around one native API.

It logs in when told to, keeps logged in over disconnections, and carries requests and their
answers. It knows neither JSON nor clients: answers go to the function given with the request,
everything else to the :class:`Listener`.

All methods run in the reactor's thread.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.clock import Wall
from webctp.ctp import errors
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.language.text import NOTHING, Text, english, joined, reason_of, verbatim
from webctp.upstream.session.api import NativeApi
from webctp.upstream.session.apiqueue import OpeningRefused
from webctp.upstream.session.breaks import SILENT, SPENT_LINE, TOLD_AFTER, Breaks
from webctp.upstream.session.chain import SERVES_ONCE, Chain, Step
from webctp.upstream.session.descriptors import NoDescriptors
from webctp.upstream.session.gate import OPEN, LoginGate
from webctp.upstream.session.login import LoginAction, LoginEvent, LoginMachine, LoginState
from webctp.upstream.session.pending import PendingRequests
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.session.status import Listener, LoginAnswer, SessionStatus

_log = Logger()

LEAST_WAIT: Final = 1.0
MOST_WAIT: Final = 60.0
"""Seconds until a login that was refused for now is tried again: twice as long each time."""
_CONNECTION: Final = ("OnFrontConnected", "OnFrontDisconnected")
_STEPS_KEPT: Final = 64  # a second answer to one of these is nobody's
_new: Final = tuple.__new__
"""Makes a Reply in half the time of its own constructor; queries bring 20,000."""


class FrontSession:
    """Keep one native API instance logged in, and carry its requests and answers.

    :param connection: not yet opened; its bridge must feed :meth:`deliver`.
    :param step_timeout: seconds a step of a recovery may stay unanswered before it is repeated.
    :param gate: where steps that carry credentials wait for others of the account.
    :param next_chain: gives another chain to recover with, where the front has refused the login
        of the present one; None for no more.
    :param wall: the time in seconds since 1970, for what is told of the session.
    :param account: whose session it is, for the log.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        connection: NativeApi,
        listener: Listener,
        *,
        step_timeout: float,
        gate: LoginGate = OPEN,
        next_chain: Callable[[], Chain | None] = lambda: None,
        wall: Wall = time.time,
        account: tuple[str, ...] = (),
    ) -> None:
        self.clock = clock
        self._account = account
        self._gate = gate
        self._next_chain = next_chain
        self._callbacks = catalogue.callbacks
        self._connection = connection
        self._listener = listener
        self._step_timeout = step_timeout
        self._info = RspInfo(catalogue)
        self._machine = LoginMachine()
        self.state = self._machine.state
        """Where the session stands: the machine's state, asked for several times a message."""
        self._chain: Chain | None = None
        self._login: Deferred[LoginAnswer] | None = None
        self._login_deadline: IDelayedCall | None = None
        self._step_id = 0
        self._step_ids: deque[int] = deque(maxlen=_STEPS_KEPT)
        self._spent: Step | None = None
        self._step_timer: IDelayedCall | None = None
        self._wait = LEAST_WAIT
        self.refusal: LoginAnswer | None = None
        """What the front last refused a login with, until the next login is asked for."""
        self.pending = PendingRequests(catalogue, clock.seconds)
        self._connected: list[Deferred[None]] = []
        self._breaks = Breaks()
        self.accepted: LoginAnswer | None = None
        """The last RspUserLogin; also in :attr:`status`, but asked for at each order."""
        self._has_been_ready = False
        self.renews_when_refused = False
        """Whether a connection on which a password was refused serves no other login."""
        self._reason = NOTHING
        self._wall = wall
        self._since = wall()
        self.remark = NOTHING
        """What there is to say of the session while it is ready."""

    @property
    def status(self) -> SessionStatus:
        """Where the session stands at this moment."""
        remark = self.remark if self.state is LoginState.READY else NOTHING
        # Failed attempts to connect are told only while the session may still connect.
        breaks = NOTHING if self.state is LoginState.CLOSED else self._breaks.in_vain()
        return SessionStatus(
            state=self.state,
            reason=joined("; ", filter(None, (self._reason, remark, breaks))),
            since=self._since,
            has_been_ready=self._has_been_ready,
            stays_logged_in=self._chain is not None,
            is_logging_in=self.logging_in,
            login=self.accepted,
            refusal=self.refusal,
        )

    @property
    def connection(self) -> NativeApi:
        """The API, for what needs no session (``GetTradingDay``)."""
        return self._connection

    def start(self) -> None:
        """Open the connection. What goes wrong closes the session and fails a waiting login."""
        self._connection.open().addErrback(self._unopened)

    def login(self, chain: Chain, timeout: float | None) -> Deferred[LoginAnswer]:
        """Log in, as soon as there is a connection, and stay logged in with this chain.

        :param timeout: seconds until the attempt fails and the session closes; None for a
            session that keeps trying for ever.
        :returns: how the front answered; fails with :class:`~webctp.ctp.refusal.Refusal`.
        """
        if self.logging_in or self.state in (LoginState.READY, LoginState.CLOSED):
            raise RuntimeError(f"no login in state {self.state.value}")
        code = 0 if self.refusal is None else self.error_of(self.refusal.info)
        refused = self.state is LoginState.REFUSED and errors.is_wrong_password(code)
        if refused and self.renews_when_refused:
            self.renew(SPENT_LINE)
        self._chain = chain
        self._machine.chain = tuple(chain)
        self.refusal = None
        waiting = self._login = Deferred()
        if timeout is not None:
            self._login_deadline = self.clock.callLater(timeout, self._give_up)
        self._advance(LoginEvent.LOGIN)
        return waiting

    def replace_chain(self, chain: Chain) -> None:
        """Use ``chain`` for the recoveries to come; without effect on a session logged out."""
        if self._chain is not None:
            self._spent = None
            self._chain = chain
            self._machine.chain = tuple(chain)

    @property
    def logging_in(self) -> bool:
        """Whether a login is under way, a client's or a recovery's."""
        return self._login is not None or self._machine.stepping

    def connected(self) -> Deferred[None]:
        """Return what fires once the front is connected; it fails if the session closes before."""
        waiting: Deferred[None] = Deferred()
        if self.state in (LoginState.CONNECTING, LoginState.LOST):
            self._connected.append(waiting)
        elif self.state is LoginState.CLOSED:
            waiting.errback(Refusal(errors.NOT_READY, english("the session is closed")))
        else:
            waiting.callback(None)
        return waiting

    def request(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Send a request now; gives the API's return value (0 for sent).

        ``on_reply`` is called with each reply; never if the value is not 0, and for most inserts
        and actions only if they are refused.
        """
        number = self.pending.add(method, on_reply)
        result = self._connection.call(method, body, number)
        if result != 0:
            self.pending.drop(number)
        elif not method.is_answered:
            self.pending.await_refusal(number)
        return result

    def renew(self, reason: Text) -> None:
        """Make the connection of a session that has one anew, and log in again.

        To everybody it is a connection that broke, for this ``reason``.
        """
        if self.state not in (LoginState.READY, LoginState.REFUSED) and not self._machine.stepping:
            return
        self._advance(LoginEvent.DISCONNECTED, reason)
        self.pending.abandon()
        self._connection.renew().addErrback(self._unopened)

    def close(self, reason: Text = NOTHING) -> Deferred[None]:
        """End the session and release the API; fires when that is done. Never fails."""
        self._advance(LoginEvent.CLOSE, reason)
        return self._connection.close()

    def deliver(self, events: Iterable[CallbackEvent]) -> None:
        """Take a batch of callbacks, in order; what one does wrong does not harm the next.

        Until the API is released pushes come in a closed session, too. They are passed on: what
        has become of orders is to be known.
        """
        for event in events:
            callback = event.callback
            try:
                if callback.struct is not None and not callback.has_request:
                    self._listener.pushed(event)
                elif self.state is LoginState.CLOSED:
                    if callback.name in _CONNECTION:
                        self._connection.settled()
                elif callback.has_request:
                    self._answer(event)
                else:
                    self._connection_event(event)
            except Exception:  # noqa: BLE001 - the other events are somebody's trades
                name, account = callback.name, self._account
                _log.failure("cannot deliver {callback}", callback=name, account=account)

    def _answer(self, event: CallbackEvent) -> None:
        callback, body, info, request_id, is_last = event
        # RspError has no struct, and ends the request whatever its IsLast is.
        ends = is_last or callback.struct is None
        on_reply = self.pending.on_reply_of(request_id, ends=ends)
        if on_reply is not None:
            on_reply(_new(Reply, (callback, body, info, is_last)))
        elif request_id not in self._step_ids:
            self._listener.pushed(event)

    def _connection_event(self, event: CallbackEvent) -> None:
        name, number = event.callback.name, event.number
        if event.callback.name in _CONNECTION:
            self._connection.settled()
        if name == "OnFrontConnected":
            self._listener.pushed(event)
            tried = self._breaks.connected()
            told = english("after {count} attempts in vain", count=tried) if tried else NOTHING
            self._advance(LoginEvent.CONNECTED, told)
            waiting, self._connected = self._connected, []
            for one in waiting:
                one.callback(None)
            if self._chain is not None:
                self._advance(LoginEvent.LOGIN)
        elif name == "OnFrontDisconnected":
            # The library repeats this callback every second while nobody listens at the address.
            known = self.state in (LoginState.CONNECTING, LoginState.LOST)
            if known:
                self._in_vain(number)
                return
            self._listener.pushed(event)
            reason = self._breaks.broken(number, ready=self.state is LoginState.READY)
            self._advance(LoginEvent.DISCONNECTED, reason)
            self.pending.abandon()
        else:
            self._listener.pushed(event)

    def _in_vain(self, code: int) -> None:
        """Count an attempt to connect; of those before the first connection tell once."""
        self._breaks.attempt(code)
        self._advance(LoginEvent.DISCONNECTED)
        if self.state is LoginState.CONNECTING and self._breaks.attempts == TOLD_AFTER:
            self._listener.state_changed(self.status)

    def _advance(self, event: LoginEvent, reason: Text = NOTHING) -> None:
        before = self.state
        action = self._machine.handle(event)
        self.state = self._machine.state
        if self.state is not before:
            self._reason = reason
            self._since = self._wall()
            if self.state is LoginState.READY:
                self._has_been_ready = True
                self._breaks.ready()
            self._listener.state_changed(self.status)
        match action:
            case LoginAction.TAKE_STEP:
                self._take_step()
            case LoginAction.WAIT:
                self._gate.release()
                self._stop_step_timer()
                self._step_timer = self.clock.callLater(self._wait, self._advance, LoginEvent.RETRY)
                self._wait = min(self._wait * 2, MOST_WAIT)
            case LoginAction.FORGET_STEP:
                self._forget_step()
            case LoginAction.RELEASE:
                late = event is LoginEvent.GIVE_UP
                self._released(errors.NO_ANSWER if late else errors.NOT_READY, reason)

    def _take_step(self) -> None:
        self._forget_step()
        if self._chain is None:
            raise RuntimeError("a step without a chain")
        if self.state is not LoginState.CONFIRMING and not self._admitted():
            return
        step = self._chain[self.state]
        if self._is_spent(self.state):
            self._reject(SERVES_ONCE, Refusal(errors.NO_ANSWER, SERVES_ONCE))
            return
        if step.first is not None:
            method, body, on_result = step.first
            on_result(self._connection.call(method, body, 0))
        # A client's login has a deadline of its own, for all steps together.
        if self._login_deadline is None:
            self._step_timer = self.clock.callLater(self._step_timeout, self._overdue)
        answered = partial(self._step_answered, self.state)
        result = self.request(step.method, step.body, answered)
        if result != 0:
            self._advance(LoginEvent.PUT_OFF, verbatim(errors.message(result)))
        else:
            self._step_id = self.pending.last_id
            self._step_ids.append(self.pending.last_id)
            if step.once:
                self._spent = step

    def _admitted(self) -> bool:
        """Return whether the step may be sent now; else it waits at the gate, or is refused."""
        recovering = self._login is None
        reason = self._gate.acquire(self._on_free, recovering=recovering)
        if reason and recovering and self._try_next_chain():
            return False
        if reason:
            callback, info = self._callbacks["OnRspUserLogin"], self.info(errors.TOO_MANY)
            self.refusal = LoginAnswer(callback, None, info, ready=False)
            self._reject(reason, Refusal(errors.TOO_MANY, reason))
        return reason is not None and not reason

    def _is_spent(self, step: LoginState) -> bool:
        """Return whether a step holds what serves once, and was sent."""
        return self._chain is not None and self._chain[step] is self._spent

    def _try_next_chain(self) -> bool:
        """Take the present step with other credentials, where a recovery has some left."""
        chain = self._next_chain()
        if chain is None:
            return False
        self.replace_chain(chain)
        if self.refusal is not None and self.renews_when_refused:
            self.renew(SPENT_LINE)
        else:
            self._advance(LoginEvent.RETRY)
        return True

    def _on_free(self) -> None:
        if self._machine.stepping:
            self._advance(LoginEvent.RETRY)

    def _reject(self, reason: Text, outcome: LoginAnswer | Refusal) -> None:
        self._forget_step()
        self._chain = None
        self._advance(LoginEvent.REJECTED, reason)
        self._finish_login(outcome)

    def _step_answered(self, step: LoginState, reply: Reply) -> None:
        if self.state is not step:
            return  # another try of the step was answered before
        code = self.error_of(reply.info)
        if step is not LoginState.CONFIRMING:
            self._gate.answered(step, code)
        asked = None if self._chain is None else self._chain[step]
        if code and asked is not None and asked.instead is not None:
            decided = partial(self._step_decided, step, self._step_id)
            if asked.instead(code, decided):
                return
        if code and asked is not None and asked.optional and code not in errors.NOT_OPEN_YET:
            _log.warn(
                "{method} is refused ({code}, {reason}), and is optional: logging in without it",
                method=asked.method.name,
                code=code,
                reason=errors.message(code),
                account=self._account,
            )
            reply = reply._replace(info=None)
        self._decide(step, reply)

    def _step_decided(self, step: LoginState, step_id: int, reply: Reply) -> None:
        """Take the outcome of what took the place of a step, if the step is the same still."""
        if self.state is step and self._step_id == step_id:
            self._decide(step, reply)

    def _decide(self, step: LoginState, reply: Reply) -> None:
        callback, body, info, _ = reply
        code = self.error_of(info)
        taken = None if self._chain is None else self._chain[step].on_accepted
        if code == 0 and taken is not None:
            taken(body)
        if code == 0 and self.state is LoginState.LOGGING_IN:
            accepted = self._callbacks["OnRspUserLogin"]
            self.accepted = LoginAnswer(accepted, body, info, ready=True)
        if code == 0:
            self.refusal = None
            self._stop_step_timer()
            before = self.state
            self._advance(LoginEvent.ACCEPTED)
            ready = before is not LoginState.READY and self.state is LoginState.READY
            if ready and self.accepted is not None:
                self._wait = LEAST_WAIT
                self._finish_login(self.accepted)
            return
        self.refusal = LoginAnswer(callback, body, info, ready=False)
        if code in errors.NOT_OPEN_YET and not self._is_spent(step):
            self._advance(LoginEvent.PUT_OFF, verbatim(errors.message(code)))
            return
        wrong = step is LoginState.LOGGING_IN and errors.is_wrong_password(code)
        if wrong and self._login is None and self._try_next_chain():
            return
        said = [errors.message(code)]
        if callback.name == "OnRspError":
            said.append(errors.NO_LOGIN_HERE)
        self._reject(joined("; ", said), self.refusal)

    def _overdue(self) -> None:
        # The request stays pending: a late answer serves as well as that of the next try.
        self._step_timer = None
        self._step_id = 0
        self._advance(LoginEvent.OVERDUE, verbatim(errors.message(errors.NO_ANSWER)))

    def _give_up(self) -> None:
        self._login_deadline = None
        reason = self.status.reason
        if not reason and self.state is LoginState.CONNECTING:
            reason = SILENT
        told = english(
            "no answer in time; the session was {state}{reason}",
            state=self.state.value,
            reason=english(", {reason}", reason=reason) if reason else NOTHING,
        )
        self._advance(LoginEvent.GIVE_UP, told)

    def _released(self, code: int, reason: Text) -> None:
        self._forget_step()
        self._chain = None
        self.pending.abandon()
        waiting, self._connected = self._connected, []
        failure = Refusal(code, reason or english("the session was closed"))
        for one in waiting:
            one.errback(failure)
        if self.refusal is not None:
            self._finish_login(self.refusal)
        else:
            self._finish_login(failure)
        self._connection.close()

    def _finish_login(self, outcome: LoginAnswer | Refusal) -> None:
        waiting, self._login = self._login, None
        if self._login_deadline is not None:
            self._login_deadline.cancel()
            self._login_deadline = None
        if waiting is None:
            return
        if isinstance(outcome, LoginAnswer):
            waiting.callback(outcome)
        else:
            waiting.errback(outcome)

    def _unopened(self, failure: Failure) -> None:
        if failure.check(NoDescriptors, OpeningRefused):
            self._advance(LoginEvent.CLOSE, reason_of(failure.value))
            return
        # The failure may name paths of this machine: those go to the log, not to clients.
        _log.failure("a CTP API could not be opened", failure, account=self._account)
        self._advance(
            LoginEvent.CLOSE, english("the session could not be opened; the daemon's log says why")
        )

    def info(self, code: int) -> bytes:
        """Return a RspInfo of the gateway's own."""
        return self._info.of(code)

    def error_of(self, info: bytes | None) -> int:
        """Return the ErrorID of a RspInfo; 0 where CTP gave none."""
        return self._info.code(info)

    def _forget_step(self) -> None:
        self._gate.release()
        self._stop_step_timer()
        self.pending.drop(self._step_id)
        self._step_id = 0

    def _stop_step_timer(self) -> None:
        if self._step_timer is not None and self._step_timer.active():
            self._step_timer.cancel()
        self._step_timer = None
