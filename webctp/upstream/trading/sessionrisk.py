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
from webctp.upstream.risk.observers import POSITIONS, ErrorOf, RiskObservers
from webctp.upstream.risk.session import SessionRisk
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.trading.context import TradingContext

_log = Logger()

_AT_ONCE: Final = 50
"""Records of the journal that are taken in a turn of the reactor: some 2 ms."""

Ask = Callable[[Method, dict[str, Any], OnReply], int]
"""Sends a query as soon as its turn comes: ``TradingSession.request``."""


@dataclass(frozen=True, slots=True)
class SessionRiskParts:
    """The risk desk's parts of one session. Used in the reactor's thread."""

    session: SessionRisk
    observers: RiskObservers
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
        return cls(
            SessionRisk(desk, account),
            observers,
            desk,
            account,
            catalogue,
            RspInfo(catalogue),
            None if journal is None else journal.file,
        )

    def flow_replayed(self, ask: Ask) -> None:
        """Take note that CTP has told the day; ask for positions where a check needs them."""
        self.session.flow_replayed()
        if self.desk.needs_positions:
            self._ask_positions(ask)
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
