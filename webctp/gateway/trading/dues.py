"""What a daemon that dies leaves to its next run: whose orders are to be cancelled, and when.

A session's ``CancelAllAfter`` and ``CancelOnDisconnect`` are in the journal. The next run carries
them out when the account has logged in: it has no password of its own. Runs in the reactor's
thread.
"""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.clock import Wall
from webctp.ctp.catalog import Catalogue
from webctp.gateway.access.audit import utc
from webctp.gateway.access.cancelnotes import NotedCancels, Requester
from webctp.gateway.trading.riskservice import HaltedSession
from webctp.gateway.trading.waiting import stop_timer
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.due import CANCEL_ON_DISCONNECT, Due
from webctp.upstream.journal.journal import Journal
from webctp.upstream.orders.client_order import JournalBroken
from webctp.upstream.orders.daycancelling import DayCancelling
from webctp.upstream.session.login import LoginState
from webctp.upstream.turns import Turns

_log = Logger()

DUES_UNKNOWN: Final = "what the run before was to cancel is not known: {reason}"
"""Logged where the journal cannot be read at a login."""

_KEY_BYTES: Final = 9
_QUIET: Final = 30.0
"""Seconds after which what rests no more is taken for all: an order may be told late."""


class NoteCancelling(Protocol):
    """Add a line to the audit log: the request that the gateway makes by itself, and for whom."""

    def __call__(self, account: AccountKey, request: str, by: Requester, /, **fields: Any) -> None:
        """Note it."""


class DueKeeper:
    """Keep the dues of all sessions of one run of the daemon.

    :param wall: seconds since 1970; the run begins now.
    """

    def __init__(
        self, clock: IReactorTime, catalogue: Catalogue, journal: Journal, turns: Turns, wall: Wall
    ) -> None:
        self.clock = clock
        self.catalogue = catalogue
        self.journal = journal
        self.turns = turns
        self.wall = wall
        self.run = secrets.token_hex(_KEY_BYTES)
        self.began = wall()


class SessionDues:
    """Keep one session's dues, and carry out those that a run before has left to its account.

    :param keeper: what all sessions share; None without a journal.
    :param note: adds a line to the audit log.
    """

    def __init__(
        self,
        keeper: DueKeeper | None,
        account: AccountKey,
        shared: Callable[[], HaltedSession],
        note: NoteCancelling,
    ) -> None:
        self._keeper = keeper
        self._account = account
        self._shared = shared
        self._note = note
        self._key = secrets.token_hex(_KEY_BYTES)
        self._kept: dict[str, Due] = {}
        self._claimed = False
        self._inherited: dict[Due, IDelayedCall] = {}
        self._carried: dict[DayCancelling, IDelayedCall | None] = {}
        """What is being cancelled, and when it is taken for done."""

    @property
    def are_kept(self) -> bool:
        """Return whether the next run will find them: there is a journal, and it is written."""
        return self._keeper is not None and self._keeper.journal.trouble is None

    def keep(
        self, kind: str, seconds: float, by: Requester, *, counts: bool
    ) -> Deferred[None] | None:
        """Keep that what rests is to be cancelled; fires when that is on disk.

        :param by: who has asked for it.
        :param counts: whether the time counts from now on, or from the daemon's end.
        :returns: None where there is no journal.
        """
        keeper = self._keeper
        if keeper is None:
            return None
        session = self._shared().session
        due = self._kept[kind] = Due(
            broker_id=self._account.broker_id,
            user_id=self._account.user_id,
            key=self._key,
            kind=kind,
            run=keeper.run,
            trading_day=session.trading_day,
            at=keeper.wall() + seconds if counts else 0.0,
            seconds=seconds,
            sessions=session.entry.ctp_sessions,
            who=by.who,
            address=by.address,
        )
        return keeper.journal.put_due(due)

    def drop(self, kind: str) -> None:
        """Keep nothing of a kind any more, nor what a run before has left."""
        due = self._kept.pop(kind, None)
        if due is not None and self._keeper is not None:
            self._keeper.journal.drop_due(due)
        self.forgo(kind)

    def forgo(self, kind: str) -> None:
        """Carry out nothing of a kind that a run before has left: its client is back."""
        for due in [one for one in self._inherited if one.kind == kind]:
            stop_timer(self._inherited.pop(due))
            self._done(due)

    def ready(self, *, tended: bool) -> None:
        """Take note that the session is ready, and has been told the day.

        :param tended: whether a client has logged in that may be the one of before.
        """
        keeper = self._keeper
        if keeper is None:
            return
        for cancelling in self._carried:
            cancelling.ready()
        for due in self._kept.values():  # after a recovery its orders have other numbers, too
            left = max(due.at - keeper.wall(), 0.0) if due.at else due.seconds
            kept = self.keep(due.kind, left, _requester(due), counts=bool(due.at))
            if kept is not None:  # the journal itself says that it cannot be written
                kept.addErrback(lambda failure: failure.trap(JournalBroken))
        if self._claimed:
            return
        self._claimed = True
        day = self._shared().session.trading_day
        keeper.journal.claim_dues(*self._account, keeper.run, day).addCallbacks(
            partial(self._inherit, tended=tended), self._not_read
        )

    def stop(self) -> None:
        """End with the session; what is still due is left to another one, or to the next run."""
        for timer in self._inherited.values():
            stop_timer(timer)
        self._inherited.clear()
        for cancelling, ending in self._carried.items():
            stop_timer(ending)
            cancelling.stop()

    def _inherit(self, dues: list[Due], *, tended: bool) -> None:
        keeper = self._keeper
        if keeper is None or self._shared().session.state is LoginState.CLOSED:
            return
        for due in dues:
            at = due.at or keeper.began + due.seconds
            left = max(at - keeper.wall(), 0.0)
            if left and tended and due.kind == CANCEL_ON_DISCONNECT:
                self._done(due)
                continue
            self._inherited[due] = keeper.clock.callLater(left, self._carry_out, due, at)

    def _not_read(self, failure: Failure) -> None:
        failure.trap(JournalBroken)
        self._claimed = False  # the next login asks again
        _log.error(DUES_UNKNOWN, reason=failure.getErrorMessage(), account=self._account)

    def _carry_out(self, due: Due, at: float) -> None:
        """Cancel what rests of the sessions before; ``at`` is when that was due."""
        self._inherited.pop(due, None)
        keeper, shared = self._keeper, self._shared()
        if keeper is None:
            return
        _log.warn(
            "{kind} of {user_id}, left by the run before: cancelling what rests",
            kind=due.kind,
            user_id=due.user_id,
            account=shared.session.account,
        )
        self._note(self._account, due.kind, _requester(due), Due=utc(at), Run="before")
        session = shared.session

        def progress() -> None:
            if cancelling.resting == 0:
                stop_timer(self._carried[cancelling])
                self._carried[cancelling] = keeper.clock.callLater(_QUIET, end)

        def end() -> None:
            if cancelling.resting == 0:
                cancelling.stop()
                del self._carried[cancelling]
                shared.followers.discard(cancelling)
                self._done(due)

        cancelling = DayCancelling(
            keeper.clock,
            keeper.catalogue,
            session.entry.cancel,
            lambda: session.state is LoginState.READY,
            on_progress=progress,
            sessions=due.sessions,
            on_sent=NotedCancels(
                partial(self._note, self._account), _requester(due), For=due.kind, Run="before"
            ).sent,
        )
        self._carried[cancelling] = None
        shared.followers.add(cancelling)
        keeper.turns.run(cancelling.play(shared.day.events))

    def _done(self, due: Due) -> None:
        if self._keeper is not None:
            self._keeper.journal.drop_due(due)


def _requester(due: Due) -> Requester:
    return Requester(due.who, due.address)
