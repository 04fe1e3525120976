"""Notices: the broker's messages to its investors."""

from collections.abc import Iterable

from webctp.sim.events import Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.table import account_of, rows


@rows("ReqQryTradingNotice")
def trading_notices(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the day's notices to the investor."""
    account = account_of(exchange, request)
    return [notice.row() for notice in exchange.notices.of((account.broker, account.investor))]


@rows("ReqQryNotice")
def notices(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the broker's notice to all, if there is one."""
    account = account_of(exchange, request)
    text = exchange.notices.to_all
    return [{"BrokerID": account.broker, "Content": text, "SequenceLabel": "1"}] if text else []
