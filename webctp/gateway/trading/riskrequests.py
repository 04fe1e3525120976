"""The requests of risk: what is forbidden, what was counted, the dead man's timer.

All methods run in the reactor's thread.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Scope
from webctp.gateway.admin.commands import SCOPES as ADMIN_SCOPES
from webctp.gateway.admin.requests import AdminRequests
from webctp.gateway.conditional.requests import SCOPES as CONDITIONAL_SCOPES
from webctp.gateway.conditional.requests import ConditionalRequests
from webctp.gateway.messages import own, own_conditional, own_risk
from webctp.gateway.messages.schema import Message
from webctp.gateway.portfolio.orders import PreviewedOrders
from webctp.gateway.portfolio.requests import SCOPES as PORTFOLIO_SCOPES
from webctp.gateway.portfolio.requests import PortfolioRequests
from webctp.gateway.portfolio.session import SessionPortfolio
from webctp.gateway.trading.attached import Attached
from webctp.gateway.trading.commons import Commons
from webctp.gateway.trading.riskservice import RiskService
from webctp.gateway.trading.unattended import Unattended
from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.client_order import JournalBroken
from webctp.upstream.orders.order import OrderOwner
from webctp.upstream.session.login import LoginState
from webctp.upstream.trading.session import TradingSession

SCOPES: Final[Mapping[str, Scope]] = {
    own_risk.TRADING_STATE: Scope.READ,
    own_risk.COMPLIANCE: Scope.READ,
    own_risk.CANCEL_ALL_AFTER: Scope.TRADE,
    **PORTFOLIO_SCOPES,
    **CONDITIONAL_SCOPES,
    **ADMIN_SCOPES,
}
"""The scope that each of the gateway's own requests needs."""


class AttachedSession(Protocol):
    """What is needed of the session that a client is attached to: :class:`SharedSession`."""

    session: TradingSession
    unattended: Unattended

    portfolio: SessionPortfolio


class Asker(Attached, OrderOwner, Protocol):
    """The client that asks."""


def own_requests(
    commons: Commons, asker: Asker, shared: Callable[[], AttachedSession | None]
) -> Mapping[str, Callable[[Message, int], None]]:
    """Return what carries out a client's requests of the gateway's own.

    :param shared: gives the session that the client is attached to; None for none.
    """
    orders = PreviewedOrders(
        commons.schema,
        commons.fillable,
        asker,
        asker.peer.principal,
        commons.settings.broker_id,
    )
    risk = RiskRequests(commons, asker, shared)
    conditional = PreviewedOrders(
        commons.schema,
        commons.fillable,
        asker,
        asker.peer.principal,
        commons.settings.broker_id,
        own_conditional.INSERT,
    )
    return {
        **risk.own,
        **PortfolioRequests(asker, shared, orders).own,
        **ConditionalRequests(commons.conditionals, asker, shared, conditional).own,
        **AdminRequests(commons.admin, asker, commons.fanout).own,
    }


class RiskRequests:
    """Carry out one client's requests of risk.

    :param shared: gives the session that the client is attached to; None for none.
    """

    def __init__(
        self, commons: Commons, asker: Asker, shared: Callable[[], AttachedSession | None]
    ) -> None:
        self._shared = shared
        self._commons = commons
        self._asker = asker
        self.own: Mapping[str, Callable[[Message, int], None]] = {
            own_risk.TRADING_STATE: self._trading_state,
            own_risk.COMPLIANCE: self._compliance,
            own_risk.CANCEL_ALL_AFTER: self._cancel_all_after,
        }

    def _trading_state(self, message: Message, request_id: int) -> None:
        """Say what is forbidden to this client; to an administrator, to whomever."""
        own_risk.read(own_risk.TRADING_STATE, own_risk.TradingStateQuery, message, request_id)
        asker = self._asker
        is_admin = Scope.ADMIN in asker.peer.principal.scopes
        halts = self._risk.halts_on(self._account, asker.peer.principal.name, is_admin=is_admin)
        for answer in own_risk.halts(halts, request_id):
            asker.say(own.encode(answer))

    def _compliance(self, message: Message, request_id: int) -> None:
        """Say what was counted of the account."""
        asked = own_risk.read(own_risk.COMPLIANCE, own_risk.ComplianceQuery, message, request_id)
        account, desk = self._account, self._risk.desk
        if account is None:
            account = self._usable().session.account
        if not desk.counts:
            raise Refusal(
                errors.BAD_REQUEST,
                english("QryCompliance needs what is counted; configure Compliance"),
            )
        counted = [
            (key, one)
            for key in desk.accounts_of(account)
            for one in desk.counts_of(key, asked.InstrumentID)
        ]
        for answer in own_risk.counts(counted, request_id):
            self._asker.say(own.encode(answer))

    def _cancel_all_after(self, message: Message, request_id: int) -> None:
        """Arm the dead man's timer anew, or disarm it."""
        name = own_risk.CANCEL_ALL_AFTER
        asked = own_risk.read(name, own_risk.TimerWord, message, request_id)
        seconds = asked.Milliseconds / 1000
        kept = self._usable().unattended.set_timer(self._asker, seconds)
        fires = own.moment(self._commons.wall() + seconds) if seconds else ""
        timer = own_risk.Timer(Milliseconds=asked.Milliseconds, FiresAt=fires)
        answer = own_risk.RspCancelAllAfter(
            RspInfo=own_risk.success(), IsLast=True, RequestID=request_id, CancelAllAfter=timer
        )

        def not_kept(failure: Failure) -> None:
            failure.trap(JournalBroken)
            detail = english(
                "the timer is set in this run, but it is not in the journal: {reason}",
                reason=failure.getErrorMessage(),
            )
            self._asker.refuse(name, errors.NOT_READY, detail, request_id)

        if kept is None:
            self._asker.say(own.encode(answer))
            return
        kept.addCallbacks(lambda _: self._asker.say(own.encode(answer)), not_kept)
        kept.addCallback(lambda _: self._commons.fanout.flush())

    @property
    def _account(self) -> AccountKey | None:
        """Whose session the client is logged in to; None for nobody's."""
        shared = self._shared()
        if shared is None or shared.session.state is LoginState.CLOSED:
            return None
        return shared.session.account if shared.session.status.has_been_ready else None

    def _usable(self) -> AttachedSession:
        shared = self._shared()
        if shared is None or self._account is None:
            raise Refusal(errors.NOT_LOGGED_IN, english("send ReqUserLogin first"))
        return shared

    @property
    def _risk(self) -> RiskService:
        risk = self._commons.risk
        if risk is None:
            raise Refusal(errors.NOT_READY, english("this gateway has no kill switch"))
        return risk
