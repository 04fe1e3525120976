"""What every instruction goes through before it is looked at, and how it is refused."""

from collections import deque
from datetime import timedelta

from webctp.sim.accounts.account import Account
from webctp.sim.accounts.sessions import Session
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.table import account_of
from webctp.sim.refusals import (
    CLOSE_ONLY,
    NO_INVESTOR,
    NO_TRADING_RIGHT,
    NOT_CONFIRMED,
    TOO_FAST,
    Refused,
)

_SECOND = timedelta(seconds=1)


def entrant(exchange: Exchange, request: Request, *, opens: bool) -> Account:
    """Return the account that enters an instruction, which must be allowed to.

    :param opens: whether the instruction is to open a position.
    :raises Refused: by login, settlement (42), rights (28, 29) or pace (116).
    """
    account = account_of(exchange, request)
    user = exchange.users[account.broker, account.investor]
    if user.confirmed != exchange.markets.day.name:
        raise Refused(NOT_CONFIRMED)
    if user.right == NO_TRADING_RIGHT or (user.right == CLOSE_ONLY and opens):
        raise Refused(user.right)
    check_rate(exchange, request.session)
    return account


def actor(exchange: Exchange, request: Request) -> Account:
    """Return the account that withdraws an exercise, a self-close or a quote.

    InvestorID may not be left out of these (146, API 6.7.8).
    """
    account = account_of(exchange, request)
    if not request.text("InvestorID"):
        raise Refused(NO_INVESTOR)
    check_rate(exchange, request.session)
    return account


def check_rate(exchange: Exchange, session: Session) -> None:
    """Refuse (116) where the user has sent too many orders and actions within a second."""
    limit = exchange.options.order_rate
    if not limit or session.account is None:
        return
    recent = exchange.recent_orders.setdefault(session.account, deque())
    while recent and exchange.now - recent[0] >= _SECOND:
        recent.popleft()
    if len(recent) >= limit:
        raise Refused(TOO_FAST)
    recent.append(exchange.now)


def same_number(wanted: str, found: object) -> bool:
    """Return whether a number that a query names is the one found; none names every one."""
    return not wanted.strip() or wanted.strip() == str(found).strip()


def within(request: Request, kind: str, time: str) -> bool:
    """Return whether a time lies between InsertTimeStart and InsertTimeEnd (or TradeTime…)."""
    start, end = request.text(f"{kind}TimeStart"), request.text(f"{kind}TimeEnd")
    return (not start or start <= time) and (not end or time <= end)
