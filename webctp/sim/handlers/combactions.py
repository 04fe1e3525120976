"""Combining and splitting positions, the day's actions, and combined positions in detail."""

from collections.abc import Iterable

from webctp.sim.accounts import structs
from webctp.sim.events import Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.table import account_of, handles, matches, refuse_twice, rows
from webctp.sim.refusals import NO_TRADING_RIGHT, NOT_CONFIRMED, Refused


@handles("ReqCombActionInsert")
def insert(exchange: Exchange, request: Request) -> None:
    """Combine or split: OnRtnCombAction follows; a refusal comes on two callbacks."""
    try:
        account = account_of(exchange, request)
        user = exchange.users[account.broker, account.investor]
        if user.confirmed != exchange.markets.day.name:
            raise Refused(NOT_CONFIRMED)
        if user.right == NO_TRADING_RIGHT:
            raise Refused(user.right)
        exchange.comb_actions.insert(request.session, account, request.values, exchange.now)
    except Refused as refused:
        refuse_twice(exchange, request, "OnErrRtnCombActionInsert", request.values, refused.code)


@rows("ReqQryCombAction")
def actions(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the day's actions of the account."""
    account = account_of(exchange, request)
    found = exchange.comb_actions.of((account.broker, account.investor))
    return [row for row in found if matches(request, row, "InstrumentID", "ExchangeID")]


@rows("ReqQryInvestorPositionCombineDetail")
def details(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's combined positions: each leg's each opening trade.

    ExchangeID is no filter (REQQRYINVESTORPOSITIONCOMBINEDETAIL).
    """
    account = account_of(exchange, request)
    return [
        row
        for held in account.combined.values()
        for row in structs.combined_details(exchange.markets, account, held)
        if matches(request, row, "CombInstrumentID")
    ]


@rows("ReqQryInvestorPortfSetting")
def portfolio_settings(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List whether an exchange's portfolio margin is used: nowhere."""
    account = account_of(exchange, request)
    names = dict.fromkeys(product.exchange_id for product in exchange.markets.products.values())
    all_rows = [
        {
            "ExchangeID": name,
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "HedgeFlag": "1",
            "UsePortf": 0,
        }
        for name in names
    ]
    return [row for row in all_rows if matches(request, row, "ExchangeID")]
