"""A trading session and the clients that are attached to it.

The session outlives its clients' sockets for a while (``SessionLinger``): who comes back with the
right password finds it alive, and can be told what was pushed meanwhile. With
``SessionSharing: account`` several clients are attached to one; every push goes to each.
"""

import hmac
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from msgspec import UNSET, Raw, UnsetType
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal, refusal_of
from webctp.gateway.access.claim import Claim
from webctp.gateway.access.lockout import LoginSlot
from webctp.gateway.messages import own
from webctp.gateway.messages.encoder import frame as frame_of
from webctp.gateway.messages.schema import Request
from webctp.gateway.messages.tradingday import TradingDayWatch
from webctp.gateway.portfolio.session import SessionPortfolio
from webctp.gateway.trading.attached import Attached, Follower
from webctp.gateway.trading.commons import Commons
from webctp.gateway.trading.dayflow import DayFlow
from webctp.gateway.trading.dues import SessionDues
from webctp.gateway.trading.replay import Missed, ReplayBuffer
from webctp.gateway.trading.unattended import TO_CANCEL, Unattended
from webctp.gateway.trading.waiting import Silence, Waiting, stop_timer
from webctp.language.text import NOTHING, Text, english, joined
from webctp.secret import Secret
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.daycancelling import DayCancelling
from webctp.upstream.session.gate import Credentials
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import Reply
from webctp.upstream.session.status import LoginAnswer, SessionStatus
from webctp.upstream.trading.pushes import Push
from webctp.upstream.trading.session import OpenSession, TradingSession
from webctp.upstream.turns import batched

_log = Logger()

STATUS: Final = "OnRtnInstrumentStatus"

_TOLD_AT_ONCE: Final = 16
"""Pushes of the day's flow that are encoded in a step: some 0.2 ms."""
_TOKEN_BYTES: Final = 24
_LOGIN: Final = "login of {user_id} from {client}"
_LOGGED: Final = "session of {user_id} is {state}{why}"


class SharedSession:
    """Share one trading session among its clients, and outlive their sockets.

    It is its session's listener; all runs in the reactor's thread.

    :param open_session: makes the session.
    :param ended: called when the session is to be closed, with the reason.
    """

    def __init__(
        self,
        commons: Commons,
        open_session: OpenSession,
        account: AccountKey,
        ended: "Callable[[SharedSession, Text], object]",
    ) -> None:
        self._commons = commons
        self._account = account
        self._ended = ended
        self._clock = commons.clock
        self._waiting: list[Waiting] = []
        self._logging_in = False
        self._linger: IDelayedCall | None = None
        self.logging_out = False
        """Whether the front was asked to log the session out: nobody is attached any more."""
        self.clients: dict[Attached, None] = {}
        self.dues = SessionDues(commons.dues, account, lambda: self, commons.note_cancelling)
        """What is to be done where the daemon dies, and what it has left to this session."""
        self.unattended = Unattended(
            self._clock,
            self.clients,
            lambda: self.session.entry,
            self.dues,
            sharing=commons.sharing,
            waits=lambda: commons.conditionals_wait(account),
            begun=lambda *what: commons.cancelling_begun(account, *what),
        )
        """What is to be done when clients have gone, or fallen silent."""
        self.halt: DayCancelling | None = None
        """Cancels the account's orders, while the kill switch says so."""
        self.followers: set[Follower] = set()
        """Who takes every push: what is to be cancelled is found by them."""
        self._silence = Silence()
        """Who is sent no pushes until its login is answered."""
        self._catching_up: dict[Attached, object] = {}
        self._is_opening = True
        """Whether the session's first login still plays the day's flow."""
        self.uses_client_orders = False
        """Whether a client that may come back is told of ClientOrderIDs."""
        self.log = ReplayBuffer(commons.blocks)
        self.day = DayFlow()
        self.portfolio = SessionPortfolio(commons.portfolios, self)
        self.token = Secret(secrets.token_urlsafe(_TOKEN_BYTES))
        """What a client shows to take this session over, beside the password."""
        self._slot: LoginSlot
        self._days = TradingDayWatch(self._clock, lambda: self.session.day_now(), self._new_day)
        self.session: TradingSession = open_session(self, account, self._make_slot)

    def _make_slot(self, credentials: Callable[[], Credentials]) -> LoginSlot:
        self._slot = self._commons.guard.slot(self._account, credentials)
        return self._slot

    @property
    def state(self) -> LoginState:
        """Where the session stands."""
        return self.session.state

    def admits(self, claim: Claim) -> bool:
        """Return whether a password is all it takes, and ``claim`` has the right one.

        The right one is what the front last accepted, or is now looking at; a session that is
        not logged in has none. Where the front was shown more than a password, or would have to
        be now, a password does not do.
        """
        return claim.plain and self.session.plain_login and self.knows(claim.password)

    def knows(self, password: str) -> bool:
        """Return whether the session is, or is being, logged in with ``password``."""
        known = self.session.password
        same = hmac.compare_digest(known.encode(), password.encode())
        return same and bool(known) and self.session.status.stays_logged_in

    def may_keep(self, identity: AccountKey, claim: Claim) -> bool:
        """Return whether a login of a client that is attached here goes on here."""
        status = self.session.status
        if self.state is LoginState.CLOSED or self.logging_out or self.session.account != identity:
            return False
        if self.knows(claim.password):
            return True
        never_in = not status.has_been_ready
        return not status.is_logging_in and (self.state is LoginState.REFUSED or never_in)

    def is_claimed(self, claim: Claim) -> bool:
        """Return whether ``claim`` shows this session's token, and its password.

        Of a session whose login was refused there is no right password: the front is asked.
        """
        token = self.token.reveal()
        shown = hmac.compare_digest(token.encode(), claim.token.encode())
        return shown and (self.state is LoginState.REFUSED or self.knows(claim.password))

    def attach(self, client: Attached) -> None:
        """``client`` is attached: from now on it is sent every push."""
        if client not in self.clients:
            self._silence.attached(client)
        self.clients[client] = None
        stop_timer(self._linger)
        self._linger = None

    def logged_in(self, client: Attached, request: Request) -> None:
        """``client`` is in, and has said what is to be done when it has gone."""
        self.unattended.logged_in(client, request)
        if self._commons.risk is not None:
            self._commons.risk.greet(client, self)

    def detach(self, client: Attached, *, linger: bool) -> None:
        """``client`` is detached. The last one leaves the session behind, or ends it.

        :param linger: whether it may come back (its socket broke) or is through (it logged out).
        """
        linger = linger and not self.logging_out and self.session.status.has_been_ready
        seconds = self.unattended.seconds_of(client)
        self.evict(client)
        self.unattended.gone(client, seconds, lingers=linger)
        self.unattended.plan(logging_out=self.logging_out)
        if self.clients:
            return
        stays = self.unattended.stays(self._commons.settings.session_linger if linger else 0.0)
        if stays > 0 and self.state is not LoginState.CLOSED:
            self._linger = self._clock.callLater(stays, self._nobody_came_back)
        else:
            self.close(english("the client is gone"))

    def evict(self, client: Attached) -> None:
        """``client`` is told nothing more, but that its queries are not answered (-401).

        The session stays for who comes in its place.
        """
        self.session.queries.leave(client, errors.NOT_LOGGED_IN)
        self.uses_client_orders = self.uses_client_orders or client.uses_client_orders
        self.clients.pop(client, None)
        self.unattended.forget(client)
        self.portfolio.left(client)
        self._silence.gone(client)
        self._catching_up.pop(client, None)
        for waiting in [one for one in self._waiting if one.client is client]:
            self._forget(waiting)

    def close(self, reason: Text) -> None:
        """End the session."""
        self._stop_waiting()
        self._ended(self, reason)

    def login(self, client: Attached, request: Request) -> None:
        """Answer ``client``'s login as soon as orders are possible, or with what went wrong.

        One that resumes is sent no push before that: it gets what it missed after the answer, in
        order. One that comes anew is told the day's flow first, as CTP plays it to a new session.
        """
        is_new = client not in self.clients
        self.attach(client)
        if self.unattended.comes_back(request):
            self.unattended.wait()
        who = {"client": client.outbox.name, "principal": client.token, "account": self._account}
        _log.info(_LOGIN, user_id=self.session.user_id, request_id=request.request_id, **who)
        seq = request.resumed_seq
        if self._is_opening:
            self._silence.opens(client)
        elif seq is not None and self.log.knows(seq):
            self._silence.resumes(client, self.log.seq, is_new=is_new)
        elif is_new:
            self._silence.begins(client)
        if self.state is LoginState.READY and self.session.replay.is_over:
            self._welcome(client, request, self.session.login_answer())
            return
        recovering = not self._logging_in and self.session.status.stays_logged_in
        deadline = None
        if recovering:
            # A login of its own has the session's deadline; one that joins a recovery has this.
            deadline = self._clock.callLater(
                self._commons.settings.login_timeout, self._overdue, client, request
            )
        self._waiting.append(Waiting(client, request, deadline))
        if not recovering and not self._logging_in:
            self._logging_in = True
            again = bool(request.options.get("TryAgain"))
            self._slot.asked_by(client.outbox.peer, try_again=again)
            self.session.login(request.method, request.body).addCallbacks(
                self._answered, self._failed
            )

    def state_changed(self, status: SessionStatus) -> None:
        """Tell every client a change of the session's state, and log it once."""
        state, reason = status.state, status.reason
        self.logging_out = False
        self._commons.states[state.value] += 1
        why = joined("", (": ", reason)) if reason else NOTHING
        told = {"user_id": self.session.user_id, "state": state.value, "why": why}
        _log.info(_LOGGED, account=self._account, **told)
        self.day.begin(self.session.trading_day)
        if state is not LoginState.READY or not self._is_opening:
            self._push(self._state_message())
        self.portfolio.state_changed(state)
        if state is LoginState.READY:
            self._days.logged_in(self.session.trading_day)
        else:
            self._days.stop()
            self._commons.conditionals_lost(self.session)
        if state is LoginState.CLOSED:
            if self.session.status.has_been_ready:
                for client in self.clients:
                    client.now_a_stranger()
            self._ended(self, reason)
            if not self._logging_in:
                self._refuse_waiting(Refusal(errors.NOT_READY, reason or english("it was closed")))
        elif not self._logging_in and state is LoginState.REFUSED and status.refusal is not None:
            self._answered(status.refusal)

    def pushed(self, push: Push) -> None:
        """Send a push of the session's (orders, trades, notices) to every client."""
        event, json = push
        callback, body, info, number, is_last = event
        encoder = self._commons.encoder
        if callback.has_request:
            # An answer to a question nobody remembers: no push, so it is not numbered.
            frame = frame_of(encoder.response(Reply(callback, body, info, is_last), 0))
            for client in self.clients:
                client.outbox.message(frame)
            return
        if callback.struct is not None:
            if callback.name != STATUS:  # of these the present is told
                self.day.add(event)
                for follower in tuple(self.followers):
                    follower.take(event)
            if self._is_opening:
                return
        message = encoder.push(callback, body, info, number, self.log.seq + 1, json)
        spared: Collection[Attached] = ()
        if callback.name == STATUS:
            spared = [one for one in self.clients if not one.wants_statuses]
        self._push(message, but=spared)

    def _new_day(self, day: str, before: str) -> None:
        told = own.RtnTradingDay(Seq=self.log.seq + 1, TradingDay=day, Before=before)
        self._push(own.encode(told))

    def flow_replayed(self) -> None:
        """Tell those that wait the day's flow, and let them in: it has come.

        The first time the numbered pushes begin here, with the word that the session is ready: of
        what comes before it a client that breaks off cannot know all.
        """
        lead = []
        if self._is_opening:
            self._is_opening = False
            waiting = {one.client for one in self._waiting}
            lead = [self._push(self._state_message(), but=waiting)]
            self.log.forget()
        self._answer_all(self.session.login_answer(), lead)
        if self._commons.risk is not None:
            self._commons.risk.session_ready(self)
        self.portfolio.ready()
        self.dues.ready(tended=self.unattended.is_tended)
        self._commons.conditionals_ready(self.session)

    def tell(self, make: Callable[[int], bytes], but: Collection[Attached] = ()) -> set[Attached]:
        """Push something of the gateway's own, under the next number; gives who was told."""
        self._push(make(self.log.seq + 1), but)
        return set(self._silence.hearing(self.clients, but))

    def _push(self, message: bytes, but: Collection[Attached] = ()) -> bytes:
        """Tell everybody a message that bears the next number; gives its frame."""
        frame = frame_of(message)
        self.log.add(frame)
        for client in self._silence.hearing(self.clients, but):
            client.outbox.message(frame)
        return frame

    def _state_message(self) -> bytes:
        """Say where the session stands, under the next number; at ready with its new numbers."""
        body = self.session.status.login_body
        login: Raw | UnsetType = UNSET
        if self.state is LoginState.READY and body is not None:
            # FrontID, SessionID, MaxOrderRef.
            login = self._commons.encoder.json("CThostFtdcRspUserLoginField", body)
        state, seq = own.session_standing(self.session.status), self.log.seq + 1
        told = own.RtnSessionState(Seq=seq, SessionState=state, RspUserLogin=login)
        return own.encode(told, self._commons.language)

    def _answered(self, answer: LoginAnswer) -> None:
        """Take the front's answer to a login; one that is in is told so after the day's flow."""
        self._logging_in = False
        if not answer.ready:
            self._answer_all(answer)
        elif not self.session.replay.is_over:
            self._await_replay()

    def _await_replay(self) -> None:
        """Wait for the day's flow; a recovery, should the session break now, has this deadline."""
        seconds = self._commons.settings.login_timeout
        for at, waiting in enumerate(self._waiting):
            if waiting.deadline is None:
                client, request = waiting.client, waiting.request
                deadline = self._clock.callLater(seconds, self._overdue, client, request)
                self._waiting[at] = Waiting(client, request, deadline)

    def _answer_all(self, answer: LoginAnswer, lead: Sequence[bytes] = ()) -> None:
        for waiting in list(self._waiting):
            self._forget(waiting)
            self._welcome(waiting.client, waiting.request, answer, lead)

    def _refuse_waiting(self, problem: Refusal) -> None:
        """Refuse the logins that waited for the session, which has ended."""
        for waiting in list(self._waiting):
            self._forget(waiting)
            waiting.client.login_failed(waiting.request, problem, stays=False)

    def _failed(self, failure: Failure) -> None:
        problem = refusal_of(failure)
        self._logging_in = False
        # What a session that was ready has pushed is its clients' still: they may log in anew.
        stays = self.state is LoginState.REFUSED and self.session.status.has_been_ready
        for waiting in list(self._waiting):
            self._forget(waiting)
            waiting.client.login_failed(waiting.request, problem, stays=stays)
            if stays:
                self._silence.refused(waiting.client)
        if not stays:
            self.close(problem.detail)

    def _welcome(
        self,
        client: Attached,
        request: Request,
        answer: LoginAnswer,
        lead: Sequence[bytes] = (),
    ) -> None:
        """Answer a login; one that comes anew is told the day's flow before, in slices.

        :param lead: frames that come right before the answer.
        """
        if not answer.ready:
            self._silence.refused(client)
            client.login_answered(request, answer, self.log.seq, Missed((), gap=False))
        elif not self._silence.is_new(client):
            seq, heard = request.resumed_seq, self._silence.ends(client)
            missed = Missed((), gap=False)
            if seq is not None:
                self.portfolio.resumed(client)
                missed = self.log.after(max(seq, heard), client)
            client.login_answered(request, answer, self.log.seq, missed)
        else:
            client.let_in()
            self._silence.begins(client)
            self._catching_up[client] = mark = object()
            seq = self.log.seq
            self._commons.fanout.turns.run(
                self._day_told(client, mark),
                lambda: self._caught_up(client, mark, request, answer, lead, seq),
            )

    def _day_told(self, client: Attached, mark: object) -> Iterator[None]:
        """Tell a client the day's flow, a step of some pushes at a time."""
        for some in batched(self.day.events, _TOLD_AT_ONCE):
            if self._catching_up.get(client) is not mark:
                return
            for callback, body, info, number, _ in some:
                message = self._commons.encoder.push(callback, body, info, number)
                client.say(own.with_fields(message, own.ExtraFields(Replay=True)))
            yield

    def _caught_up(
        self,
        client: Attached,
        mark: object,
        request: Request,
        answer: LoginAnswer,
        lead: Sequence[bytes],
        seq: int,
    ) -> None:
        """Answer the login of a client that has been told the day's flow up to the push ``seq``."""
        if self._catching_up.get(client) is not mark:
            return  # it has gone, or logs in anew
        del self._catching_up[client]
        since = self.log.after(seq, client)
        if since.gap:  # more has come than is kept, while it was told
            self._welcome(client, request, answer)
            return
        self._silence.ends(client)
        for frame in lead:
            client.outbox.message(frame)
        unknown = request.resumed_seq is not None
        client.login_answered(
            request, answer, seq, Missed((), gap=unknown), day_gap=not self.day.is_whole
        )
        # CTP tells them once, so they are no news to the session, and have no Seq.
        statuses = self.session.statuses if client.wants_statuses else ()
        for callback, body, info, number, _ in statuses:
            client.say(self._commons.encoder.push(callback, body, info, number))
        for frame in since.frames:
            client.outbox.message(frame)

    def _overdue(self, client: Attached, request: Request) -> None:
        self._waiting = [one for one in self._waiting if one.client is not client]
        detail = self.session.status.unusable()
        client.refuse(request.method.name, errors.NO_ANSWER, detail, request.request_id)
        client.leave(linger=True)

    def _nobody_came_back(self) -> None:
        """End the linger; what is to be cancelled may have to wait for front or exchange.

        That ends with the trading day at the latest: no order outlives it. Conditional orders keep
        the session as long as they wait.
        """
        if self.unattended.is_busy and self.session.status.stays_logged_in:
            self._linger = self._clock.callLater(TO_CANCEL, self._nobody_came_back)
        else:
            self.close(english("nobody came back"))

    def _forget(self, waiting: Waiting) -> None:
        self._waiting.remove(waiting)
        stop_timer(waiting.deadline)

    def _stop_waiting(self) -> None:
        """End the session: it is not waited for any longer."""
        stop_timer(self._linger)
        self._linger = None
        self.unattended.stop()
        self.dues.stop()
        self.portfolio.stop()
        if self.halt is not None:
            self.halt.stop()
