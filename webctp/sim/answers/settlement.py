"""Settlement: its confirmation, without which nobody trades."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from webctp.sim.answers.table import Request, account_of, handles, rows
from webctp.sim.events import Values
from webctp.sim.sessions import User

if TYPE_CHECKING:
    from webctp.sim.exchange import Exchange


@handles("ReqSettlementInfoConfirm")
def confirm(exchange: "Exchange", request: Request) -> None:
    """Confirm the last settlement: from now on, today, the account may trade."""
    account = account_of(exchange, request)
    user = exchange.users[account.broker, account.investor]
    user.confirmed = exchange.world.day.name
    user.confirmed_at = f"{exchange.now:%H:%M:%S}"
    exchange.tell(request.answer(_confirmation(exchange, user)))


@rows("ReqQrySettlementInfoConfirm")
def confirmation(exchange: "Exchange", request: Request) -> Iterable[Values]:
    """When the settlement was last confirmed, if ever."""
    account = account_of(exchange, request)
    user = exchange.users[account.broker, account.investor]
    return [_confirmation(exchange, user)] if user.confirmed else []


def _confirmation(exchange: "Exchange", user: User) -> dict[str, object]:
    broker, investor = user.account
    return {
        "BrokerID": broker,
        "InvestorID": investor,
        "ConfirmDate": user.confirmed,
        "ConfirmTime": user.confirmed_at,
        "AccountID": investor,
        "CurrencyID": "CNY",
    }
