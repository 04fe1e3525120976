"""The risk desk's side towards clients: who is told what, and whose orders are cancelled.

All methods run in the reactor's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, Protocol
from weakref import WeakKeyDictionary

from msgspec import to_builtins
from msgspec.json import encode as json_encode
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.audit import Act, AuditLog
from webctp.gateway.access.cancelnotes import NotedCancels, Requester, note_cancelling
from webctp.gateway.admin.desk import Carrier, Done
from webctp.gateway.http.adminport import Administrator
from webctp.gateway.messages import own
from webctp.gateway.messages.own_risk import (
    KILL,
    NO_LEVEL,
    TRADING_STATE,
    CancelProgress,
    KillWord,
    RtnCompliance,
    RtnTradingState,
    TradingState,
    lifted,
    parked,
    threshold,
    trading_state,
)
from webctp.gateway.trading.attached import Attached, Follower
from webctp.gateway.trading.dayflow import DayFlow
from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.halts import (
    ALL,
    Halt,
    KillLevel,
    Word,
    account_of_target,
    account_target,
    token_target,
)
from webctp.upstream.orders.cancelling import TakeSent
from webctp.upstream.orders.daycancelling import DayCancelling
from webctp.upstream.orders.parkedorders import Parked, ParkedLeft, ParkedOrders, gather
from webctp.upstream.risk.compliance import Passed
from webctp.upstream.risk.desk import RiskDesk
from webctp.upstream.session.login import LoginState
from webctp.upstream.trading.session import TradingSession
from webctp.upstream.turns import Turns

_log = Logger()

_PATIENCE: Final = 3.0
"""Seconds that a word waits for the front to say what is parked; queries go once a second."""


class HaltedSession(Protocol):
    """What is needed of a session and its clients: :class:`SharedSession`."""

    session: TradingSession
    day: DayFlow
    halt: DayCancelling | None
    followers: set[Follower]

    @property
    def clients(self) -> Mapping[Attached, None]:
        """Who is attached."""

    def tell(self, make: Callable[[int], bytes]) -> object:
        """Tell everybody something of the gateway's own, under the next number."""


class RiskService:
    """Tell clients of the kill switch and of thresholds; cancel where the kill switch says so.

    :param sessions: gives every session there is.
    :param audit: where each order is noted that the kill switch has cancelled.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        desk: RiskDesk,
        turns: Turns,
        sessions: Callable[[], Iterable[HaltedSession]],
        audit: AuditLog | None = None,
    ) -> None:
        self._audit = audit
        self._clock = clock
        self._catalogue = catalogue
        self._turns = turns
        self._sessions = sessions
        self.desk = desk
        self.switch = desk.switch
        self._tokens: WeakKeyDictionary[HaltedSession, set[str]] = WeakKeyDictionary()
        """The tokens that each session's clients have ever shown."""
        self._left: dict[str, Deferred[ParkedLeft]] = {}
        """By target: which parked orders its halt leaves at the front."""
        if self.switch is not None:
            self.switch.on_change(self._changed)
        desk.on_passed(self._passed)

    def start(self) -> None:
        """Read what is forbidden."""
        if self.switch is not None:
            self.switch.start()

    def stop(self) -> None:
        """Leave no timer behind."""
        if self.switch is not None:
            self.switch.stop()

    def session_ready(self, shared: HaltedSession) -> None:
        """Take note that a session is ready, and has been told the day."""
        if shared.halt is not None:
            shared.halt.ready()
        self._see_to(shared)

    def halts_on(self, account: AccountKey | None, token: str, *, is_admin: bool) -> list[Halt]:
        """Return the halts that concern a client; an administrator is told all."""
        halts = {} if self.switch is None else self.switch.halts
        names = {ALL}
        if account is not None:
            names.add(account_target(account))
        if token:
            names.add(token_target(token))
        return [halt for name, halt in halts.items() if is_admin or name in names]

    def kill(self, asked: KillWord, by: str) -> Deferred[tuple[TradingState, ParkedLeft | None]]:
        """Set the kill switch, or lift it; fires when it is on disk.

        Where parked orders stay at the front, with which; that is waited for a few seconds.
        It fails with :class:`~webctp.ctp.refusal.Refusal` where the disk does not take it.

        :param by: who says so, for those concerned.
        :raises webctp.gateway.messages.schema.BadMessage: for a level or a target that is none.
        :raises webctp.ctp.refusal.Refusal: where there is no kill switch.
        """
        target, level = asked.target, asked.level
        if self.switch is None:
            raise Refusal(errors.NOT_READY, english("this gateway has no kill switch"))
        if level is None:
            return self.switch.lift(target, by=by).addCallback(lambda _: (lifted(target, by), None))
        done = self.switch.set(target, level, by=by, reason=asked.Reason)
        asking = self._left.get(target)

        def on_disk(halt: Halt) -> Any:
            state = trading_state(halt)
            if asking is None:
                return state, None
            answer: Deferred[tuple[TradingState, ParkedLeft]] = Deferred()

            def told(left: ParkedLeft) -> ParkedLeft:
                answer.callback((state, left))
                return left

            asking.addCallback(told)
            return answer

        return done.addCallback(on_disk)

    def carriers(self) -> Mapping[str, Carrier]:
        """Return what carries out the commands of administrators about the kill switch."""
        return {KILL: self._killed, TRADING_STATE: self._all_halts}

    def _killed(self, asked: KillWord, by: Administrator) -> Deferred[Done]:
        """Set the kill switch, or lift it; fires when that is on disk."""

        def done(found: tuple[TradingState, ParkedLeft | None]) -> Done:
            state, left = found
            told = {"TradingState": state, **({} if left is None else parked(left))}
            return Done(told, noted={name: str(one) for name, one in to_builtins(asked).items()})

        return self.kill(asked, by.who).addCallback(done)

    def _all_halts(self, _: object, by: Administrator) -> list[TradingState]:
        return [trading_state(one) for one in self.halts_on(None, by.who, is_admin=True)]

    def greet(self, client: Attached, shared: HaltedSession) -> None:
        """Tell a client that has logged in what is forbidden to it."""
        if client.token:
            self._tokens.setdefault(shared, set()).add(client.token)
        for halt in self.halts_on(shared.session.account, client.token, is_admin=False):
            client.say(own.encode(RtnTradingState(TradingState=trading_state(halt))))

    def readiness(self) -> dict[str, Any]:
        """Return what is forbidden, for ``/readyz``: to all, and how many accounts and tokens.

        Whose accounts they are is nobody's business there.
        """
        halts = {} if self.switch is None else self.switch.halts
        if not halts:
            return {}
        found: dict[str, Any] = {}
        for name, halt in halts.items():
            if name == ALL:
                found[ALL] = halt.level.value
                continue
            kind = f"{name.partition(':')[0]}s"
            found.setdefault(kind, Counter())[halt.level.value] += 1
        return {"kill_switch": found}

    def _changed(self, targets: frozenset[str]) -> None:
        for shared in list(self._sessions()):
            for target in sorted(targets):
                if self._concerns(target, shared):
                    shared.tell(partial(self._state, target))
            self._see_to(shared)
        for target in sorted(targets):
            halt = None if self.switch is None else self.switch.halts.get(target)
            self._left.pop(target, None)
            if halt is not None and not _removes_parked(halt):
                self._ask_what_is_left(target)

    def _ask_what_is_left(self, target: str) -> None:
        """Ask which parked orders a halt leaves at the front; tell log and command."""
        asked: dict[AccountKey, Deferred[tuple[Parked, ...]]] = {}
        unknown = account_of_target(target)
        for shared in self._sessions():
            session = shared.session
            if not self._concerns(target, shared):
                continue
            account = unknown or AccountKey(
                session.broker_id, session.defaults.get("InvestorID") or session.user_id
            )
            if account not in asked and session.state is LoginState.READY:
                parked = ParkedOrders(self._catalogue, session.request, session.entry.cancel)
                asked[account] = parked.find(account)
        if unknown is not None and unknown not in asked:
            asked[unknown] = fail(Refusal(errors.NOT_LOGGED_IN, english("not logged in")))
        asking = self._left[target] = gather(self._clock, asked, _PATIENCE)

        def told(left: ParkedLeft) -> ParkedLeft:
            for one in left.orders:
                _log.warn(
                    "parked order {number} stays at the front, which may send it",
                    number=one.ParkedOrderID,
                    account=AccountKey(one.BrokerID, one.InvestorID),
                )
            for account in left.unknown:
                _log.warn("whether orders are parked is not known", account=account)
            if self.switch is not None:
                self.switch.tell_left(json_encode(left))
            return left

        asking.addCallback(told)

    def _state(self, target: str, seq: int) -> bytes:
        halt = None if self.switch is None else self.switch.halts.get(target)
        state = lifted(target) if halt is None else trading_state(halt)
        return own.encode(RtnTradingState(Seq=seq, TradingState=state))

    def _passed(self, account: AccountKey, passed: Passed) -> None:
        def make(seq: int) -> bytes:
            return own.encode(RtnCompliance(Seq=seq, Threshold=threshold(account, passed)))

        for shared in list(self._sessions()):
            user = shared.session.account
            if user == account or (user.broker_id == account.broker_id and _is_operator(shared)):
                shared.tell(make)

    def _concerns(self, target: str, shared: HaltedSession) -> bool:
        if target in (ALL, account_target(shared.session.account)):
            return True
        if target in map(token_target, _tokens(shared)):
            return True
        broker = account_target(AccountKey(shared.session.broker_id, ""))
        return target.startswith(broker) and _is_operator(shared)

    def _targets_of_tokens(self, shared: HaltedSession) -> set[str]:
        """Return the tokens that were ever shown in a session: their orders may rest."""
        return {token_target(name) for name in self._tokens.get(shared, ())}

    def _see_to(self, shared: HaltedSession) -> None:
        """Cancel what rests, or leave off, as the kill switch says now."""
        cancels = {
            target: halt
            for target, halt in ({} if self.switch is None else self.switch.halts).items()
            if halt.level is KillLevel.STOP_AND_CANCEL
            and (self._concerns(target, shared) or target in self._targets_of_tokens(shared))
        }
        if not cancels:
            _stop(shared)
            return
        session = shared.session
        if session.state is not LoginState.READY or not session.replay.is_over:
            return  # session_ready() comes back to it
        whole = ALL in cancels or account_target(session.account) in cancels
        investors = None if whole else _investors(session.broker_id, cancels)
        sessions = None
        if not whole and not investors:
            investors, sessions = None, session.entry.ctp_sessions
        now = shared.halt
        if now is not None and (now.investors, now.sessions) == (investors, sessions):
            return
        _stop(shared)
        worst = next(iter(cancels.values()))
        noted = self._noted(session.account, worst)
        halt = shared.halt = DayCancelling(
            self._clock,
            self._catalogue,
            session.entry.cancel,
            lambda: session.state is LoginState.READY,
            on_progress=lambda: self._progress(shared, worst),
            sessions=sessions,
            investors=investors,
            on_sent=noted,
        )
        shared.followers.add(halt)
        self._turns.run(halt.play(shared.day.events))
        if sessions is not None:
            return  # of a token: what is parked is the account's
        parked = ParkedOrders(self._catalogue, session.request, session.entry.cancel, noted)
        own = session.defaults.get("InvestorID", "")
        for investor in sorted(investors or {own}):
            parked.remove(AccountKey(session.broker_id, investor))

    def _noted(self, account: AccountKey, halt: Halt) -> TakeSent:
        """Return what notes each order that is cancelled for a halt."""
        note, by = partial(note_cancelling, self._audit, account), Requester(halt.by, "")
        return NotedCancels(note, by, For="Kill", Target=halt.target).sent

    def _progress(self, shared: HaltedSession, halt: Halt) -> None:
        """Tell how far the cancelling has come."""
        cancelling = shared.halt
        if cancelling is None:
            return
        progress = CancelProgress(Resting=cancelling.resting, LastRefusal=cancelling.last_refusal)
        state: TradingState = trading_state(halt)
        shared.tell(
            lambda seq: own.encode(
                RtnTradingState(Seq=seq, TradingState=state, Cancelling=progress)
            )
        )


def note_word(audit: AuditLog, word: Word) -> None:
    """Write a line of a word that came by the kill switch's file."""
    kind, _, name = word.target.partition(":")
    fields = {"Level": NO_LEVEL if word.level is None else word.level.value, "Reason": word.reason}
    if kind == "account":
        fields["BrokerID"], _, fields["InvestorID"] = name.partition("/")
    elif kind == "token":
        fields["Token"] = name
    audit.record(Act.KILL, word.by, "file", **fields)


def _stop(shared: HaltedSession) -> None:
    """Cancel nothing more for the kill switch."""
    halt, shared.halt = shared.halt, None
    if halt is not None:
        halt.stop()
        shared.followers.discard(halt)


def _tokens(shared: HaltedSession) -> set[str]:
    return {client.token for client in shared.clients if client.token}


def _removes_parked(halt: Halt) -> bool:
    """Return whether what is parked is removed: of what is parked no token is known."""
    of_account = halt.target == ALL or account_of_target(halt.target) is not None
    return of_account and halt.level is KillLevel.STOP_AND_CANCEL


def _is_operator(shared: HaltedSession) -> bool:
    """Return whether a session is an operator's, who orders for other investors."""
    session = shared.session
    return session.defaults.get("InvestorID") != session.user_id


def _investors(broker_id: str, targets: Iterable[str]) -> frozenset[str]:
    """Return the investors of a broker among targets."""
    prefix = account_target(AccountKey(broker_id, ""))
    return frozenset(one.removeprefix(prefix) for one in targets if one.startswith(prefix))
