"""Settlement: the statement, and its confirmation, without which no order is taken."""

from collections.abc import Iterable

from webctp.sim.accounts.sessions import User
from webctp.sim.events import Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.table import account_of, handles, rows
from webctp.sim.settlement import archive
from webctp.sim.settlement.statementtext import pieces


@handles("ReqSettlementInfoConfirm")
def confirm(exchange: Exchange, request: Request) -> None:
    """Confirm the last settlement: from now on, today, the account may trade."""
    account = account_of(exchange, request)
    user = exchange.users[account.broker, account.investor]
    user.confirmed = exchange.markets.day.name
    user.confirmed_at = f"{exchange.now:%H:%M:%S}"
    exchange.tell(request.answer(_confirmation(exchange, user)))


@rows("ReqQrySettlementInfoConfirm")
def confirmation(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List when the settlement was last confirmed, if ever."""
    account = account_of(exchange, request)
    user = exchange.users[account.broker, account.investor]
    return [_confirmation(exchange, user)] if user.confirmed else []


@rows("ReqQrySettlementInfo")
def statement_pieces(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List a day's or a month's statement in pieces; the latest where no TradingDay is given."""
    account = account_of(exchange, request)
    statements = exchange.users[account.broker, account.investor].statements
    found = archive.find(statements, request.text("TradingDay"), exchange.markets.day.name)
    if found is None:
        return []
    day, text = found
    return [
        {
            "TradingDay": day,
            "SettlementID": 1,
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "SequenceNo": place,
            "Content": piece,
            "AccountID": account.investor,
            "CurrencyID": "CNY",
        }
        for place, piece in enumerate(pieces(text), 1)
    ]


def _confirmation(exchange: Exchange, user: User) -> dict[str, object]:
    broker, investor = user.account
    return {
        "BrokerID": broker,
        "InvestorID": investor,
        "ConfirmDate": user.confirmed,
        "ConfirmTime": user.confirmed_at,
        "AccountID": investor,
        "CurrencyID": "CNY",
    }
