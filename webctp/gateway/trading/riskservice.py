"""The risk desk's side towards clients: who is told what, and whose orders are cancelled.

All methods run in the reactor's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.audit import Act, AuditLog
from webctp.gateway.messages import own
from webctp.gateway.messages.own_risk import (
    NO_LEVEL,
    CancelProgress,
    KillWord,
    RtnCompliance,
    RtnTradingState,
    TradingState,
    lifted,
    threshold,
    trading_state,
)
from webctp.gateway.trading.attached import Attached, Follower
from webctp.gateway.trading.dayflow import DayFlow
from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.daycancelling import DayCancelling
from webctp.upstream.orders.parkedorders import ParkedOrders
from webctp.upstream.risk.compliance import Passed
from webctp.upstream.risk.desk import RiskDesk
from webctp.upstream.risk.halts import ALL, Halt, KillLevel, Word, account_target, token_target
from webctp.upstream.session.login import LoginState
from webctp.upstream.trading.session import TradingSession
from webctp.upstream.turns import Turns


class HaltedSession(Protocol):
    """What is needed of a session and its clients: :class:`SharedSession`."""

    session: TradingSession
    day: DayFlow
    halt: DayCancelling | None
    followers: set[Follower]

    @property
    def clients(self) -> Mapping[Attached, None]:
        """Who is attached."""

    def tell(self, make: Callable[[int], bytes]) -> None:
        """Tell everybody something of the gateway's own, under the next number."""


class RiskService:
    """Tell clients of the kill switch and of thresholds; cancel where the kill switch says so.

    :param sessions: gives every session there is.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        desk: RiskDesk,
        turns: Turns,
        sessions: Callable[[], Iterable[HaltedSession]],
    ) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._turns = turns
        self._sessions = sessions
        self.desk = desk
        self.switch = desk.switch
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

    def kill(self, asked: KillWord, by: str) -> Deferred[TradingState]:
        """Set the kill switch, or lift it; fires when it is on disk.

        It fails with :class:`~webctp.ctp.refusal.Refusal` where the disk does not take it.

        :param by: who says so, for those concerned.
        :raises webctp.gateway.messages.schema.BadMessage: for a level or a target that is none.
        :raises webctp.ctp.refusal.Refusal: where there is no kill switch.
        """
        target, level = asked.target, asked.level
        if self.switch is None:
            raise Refusal(errors.NOT_READY, english("this gateway has no kill switch"))
        if level is None:
            return self.switch.lift(target, by=by).addCallback(lambda _: lifted(target, by))
        return self.switch.set(target, level, by=by, reason=asked.Reason).addCallback(trading_state)

    def greet(self, client: Attached, account: AccountKey) -> None:
        """Tell a client that has logged in what is forbidden to it."""
        for halt in self.halts_on(account, client.token, is_admin=False):
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

    def _see_to(self, shared: HaltedSession) -> None:
        """Cancel what rests, or leave off, as the kill switch says now."""
        cancels = {
            target: halt
            for target, halt in ({} if self.switch is None else self.switch.halts).items()
            if halt.level is KillLevel.STOP_AND_CANCEL and self._concerns(target, shared)
        }
        if not cancels:
            _stop(shared)
            return
        session = shared.session
        if session.state is not LoginState.READY or not session.replay.is_over:
            return  # session_ready() comes back to it
        whole = ALL in cancels or account_target(session.account) in cancels
        investors = None if whole else _investors(session.broker_id, cancels)
        if not whole and not investors:
            session.entry.cancel_resting(on_end=lambda: None)
            return
        if shared.halt is not None and shared.halt.investors == investors:
            return
        _stop(shared)
        worst = next(iter(cancels.values()))
        halt = shared.halt = DayCancelling(
            self._clock,
            self._catalogue,
            session.entry.cancel,
            lambda: session.state is LoginState.READY,
            on_progress=lambda: self._progress(shared, worst),
            investors=investors,
        )
        shared.followers.add(halt)
        self._turns.run(halt.play(shared.day.events))
        parked = ParkedOrders(self._catalogue, session.request, session.entry.cancel)
        own = session.defaults.get("InvestorID", "")
        for investor in sorted(investors or {own}):
            parked.remove(AccountKey(session.broker_id, investor))

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


def _is_operator(shared: HaltedSession) -> bool:
    """Return whether a session is an operator's, who orders for other investors."""
    session = shared.session
    return session.defaults.get("InvestorID") != session.user_id


def _investors(broker_id: str, targets: Iterable[str]) -> frozenset[str]:
    """Return the investors of a broker among targets."""
    prefix = account_target(AccountKey(broker_id, ""))
    return frozenset(one.removeprefix(prefix) for one in targets if one.startswith(prefix))
