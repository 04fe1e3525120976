"""What a trading session has of the risk desk: its checks, and what it learns from answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twisted.logger import Logger

from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import Codec
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.account import AccountKey
from webctp.upstream.risk.desk import RiskDesk, SessionRisk
from webctp.upstream.risk.observers import POSITIONS, ErrorOf, RiskObservers
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.trading.context import TradingContext

_log = Logger()

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
        return cls(desk.session(account), observers, desk, account, catalogue, RspInfo(catalogue))

    def flow_replayed(self, ask: Ask) -> None:
        """Take note that CTP has told the day; ask for positions where a check needs them."""
        self.session.flow_replayed()
        if self.desk.needs_positions:
            self._ask_positions(ask)

    def _ask_positions(self, ask: Ask) -> None:
        if self.desk.of(self.account).book.knows_positions:
            return
        method = self.catalogue.methods[POSITIONS]
        body = {"BrokerID": self.account.broker_id, "InvestorID": self.account.user_id}

        def on_reply(reply: Reply) -> None:
            code = self.info.code(reply.info)
            if code != 0:
                _log.warn(
                    "positions of {account} are not known: {code}", account=self.account, code=code
                )

        try:
            ask(method, body, on_reply)
        except Refusal as problem:
            _log.warn("positions are not asked for: {reason}", reason=problem.detail)
