"""What a trading session has of the risk desk: its checks, and what it learns from answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import Codec
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.store import Return
from webctp.upstream.orders.client_order import JournalBroken
from webctp.upstream.risk.desk import RiskDesk
from webctp.upstream.risk.observers import PARKED, POSITIONS, ErrorOf, RiskObservers
from webctp.upstream.risk.session import SessionRisk
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.trading.context import TradingContext

_log = Logger()

_AT_ONCE: Final = 50
"""Records of the journal that are taken in a turn of the reactor: some 2 ms."""

Ask = Callable[[Method, dict[str, Any], OnReply], int]
"""Sends a query as soon as its turn comes: ``TradingSession.request``."""


class ParkedAsking:
    """Ask CTP what is parked, one query at a time; once more where it has moved meanwhile."""

    def __init__(self, catalogue: Catalogue, info: RspInfo) -> None:
        self._method = catalogue.methods[PARKED]
        self._info = info
        self._ask: Ask | None = None
        self._waiting: dict[AccountKey, None] = {}
        self._asking = False

    def begin(self, ask: Ask, account: AccountKey) -> None:
        """Ask for the first time in a login; what was asked before will not be answered."""
        self._ask, self._asking = ask, False
        self.again(account)

    def again(self, account: AccountKey) -> None:
        """Ask for what an account has parked; nothing before the first time."""
        if self._ask is not None:
            self._waiting[account] = None
            self._next(self._ask)

    def _next(self, ask: Ask) -> None:
        if self._asking or not self._waiting:
            return
        account = next(iter(self._waiting))
        del self._waiting[account]
        self._asking = True

        def on_reply(reply: Reply) -> None:
            if not reply.is_last:
                return
            code = self._info.code(reply.info)
            if code != 0:
                _log.warn("parked orders are not counted: {code}", account=account, code=code)
            self._asking = False
            self._next(ask)

        body = {"BrokerID": account.broker_id, "InvestorID": account.user_id}
        try:
            ask(self._method, body, on_reply)
        except Refusal as problem:
            self._asking = False
            _log.warn(
                "parked orders are not asked for: {reason}", reason=problem.detail, account=account
            )


@dataclass(frozen=True, slots=True)
class SessionRiskParts:
    """The risk desk's parts of one session. Used in the reactor's thread."""

    session: SessionRisk
    observers: RiskObservers
    parked: ParkedAsking
    desk: RiskDesk
    account: AccountKey
    catalogue: Catalogue
    info: RspInfo
    journal: Journal | None

    @classmethod
    def of(
        cls, context: TradingContext, codec: Codec, account: AccountKey, error_of: ErrorOf
    ) -> "SessionRiskParts | None":
        """Return a session's parts; None where nothing is held against a limit."""
        desk = context.risk
        if desk is None:
            return None
        observers = RiskObservers(codec, desk, account, error_of)
        catalogue = context.front.binding.trading
        journal = context.journal if desk.keeps_books else None
        info = RspInfo(catalogue)
        parked = ParkedAsking(catalogue, info)
        return cls(
            SessionRisk(desk, account, parked.again),
            observers,
            parked,
            desk,
            account,
            catalogue,
            info,
            None if journal is None else journal.file,
        )

    def flow_replayed(self, ask: Ask) -> None:
        """Take note that CTP has told the day; ask for what checks need."""
        self.session.flow_replayed()
        if self.desk.needs_positions:
            self._ask_positions(ask)
        if self.desk.needs_parked:
            self.parked.begin(ask, self.account)
        day = self.desk.own(self.account).book.day
        if self.journal is not None and self.desk.begins(self.account, day):
            self._read_journal(self.journal, day, 0)

    def _read_journal(self, journal: Journal, day: str, after: int) -> None:
        """Take the day's orders and trades that the journal has, some at a time."""

        def taken(some: list[Return]) -> None:
            for _, kind, body in some:
                self.session.take_kept(kind, msgspec.json.decode(body))
            if len(some) == _AT_ONCE:
                self._read_journal(journal, day, some[-1][0])

        def failed(failure: Failure) -> None:
            failure.trap(JournalBroken)
            _log.warn(
                "the journal's orders are not counted: {reason}",
                reason=failure.getErrorMessage(),
                account=self.account,
            )

        found = journal.returns((*self.account, day), after, _AT_ONCE)
        found.addCallback(taken).addErrback(failed)

    def _ask_positions(self, ask: Ask) -> None:
        if self.desk.own(self.account).book.knows_positions:
            return
        method = self.catalogue.methods[POSITIONS]
        body = {"BrokerID": self.account.broker_id, "InvestorID": self.account.user_id}

        def on_reply(reply: Reply) -> None:
            code = self.info.code(reply.info)
            if code != 0:
                _log.warn("positions are not known: {code}", account=self.account, code=code)

        try:
            ask(method, body, on_reply)
        except Refusal as problem:
            _log.warn(
                "positions are not asked for: {reason}", reason=problem.detail, account=self.account
            )
