"""Orders and their cancellation; orders, trades, positions and funds as queries show them."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from webctp.sim.accounts import structs
from webctp.sim.accounts.actions import ON_INSERT, ON_ORDER, Action
from webctp.sim.accounts.orders import FRONT_ID, Order, Trade
from webctp.sim.events import Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.entry import check_rate, entrant, same_number, within
from webctp.sim.handlers.table import (
    account_of,
    handles,
    matches,
    refuse_twice,
    rows,
    trader_of,
)
from webctp.sim.market.charges import OPEN
from webctp.sim.matching.conditions import CTP_CONDITIONS
from webctp.sim.refusals import NO_SUCH_INSTRUMENT, TOO_MANY_CONDITIONS, Refused


@handles("ReqOrderInsert")
def insert(exchange: Exchange, request: Request) -> None:
    """Take an order: no answer but RtnOrder; a refusal comes on two callbacks."""
    request = _counted(request)
    try:
        enter_order(exchange, request)
    except Refused as refused:
        values, code = request.values, refused.code
        refuse_twice(exchange, request, ON_INSERT, values, code, refused.more)


def enter_order(exchange: Exchange, request: Request) -> None:
    """Enter the order of a ReqOrderInsert.

    :raises Refused: where CTP does not take it.
    """
    trader_of(exchange, request)
    opens = request.text("CombOffsetFlag").startswith(OPEN)
    account = entrant(exchange, request, opens=opens)
    limit = exchange.options.condition_limit
    if limit and request.text("ContingentCondition") in CTP_CONDITIONS:
        waiting = exchange.engine.conditions_of((account.broker, account.investor))
        if waiting >= limit:
            raise Refused(TOO_MANY_CONDITIONS)
    spread = exchange.markets.spreads.get(request.text("InstrumentID"))
    check = exchange.checks.insert if spread is None else exchange.spread_orders.insert
    order = check(
        request.session,
        account,
        FRONT_ID,
        request.values,
        exchange.now,
    )
    exchange.engine.enter(order, exchange.now)
    exchange.checks.touch(order.contract.instrument, exchange.now)


def _counted(request: Request) -> Request:
    """Return an order or action with the API's own count of them; a client's is ignored."""
    request.session.entered += 1
    return replace(request, values={**request.values, "SessionReqSeq": request.session.entered})


@handles("ReqOrderAction")
def action(exchange: Exchange, request: Request) -> None:
    """Cancel an order: the answer is its RtnOrder.

    A refusal by CTP comes on two callbacks, one by the exchange on the second of them.
    """
    request = _counted(request)
    try:
        send_action(exchange, request)
    except Refused as refused:
        row = structs.order_action(request.values, exchange.now)
        refuse_twice(exchange, request, ON_ORDER, row, refused.code)


def send_action(exchange: Exchange, request: Request) -> None:
    """Send the cancellation of a ReqOrderAction to its exchange.

    :raises Refused: where CTP does not take it.
    """
    account = trader_of(exchange, request)
    check_rate(exchange, request.session)
    order = exchange.checks.find(account, request.values)
    key = account.broker, account.investor
    sent = Action(order, key, request.session.user_id, request.values)
    exchange.engine.cancel(sent, exchange.now)


@rows("ReqQryOrder")
def orders(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the day's orders of the account."""
    account = account_of(exchange, request)
    found = exchange.engine.orders_of((account.broker, account.investor))
    return _asked_for(exchange, request, found, "OrderSysID", "Insert")


@rows("ReqQryTrade")
def trades(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the day's trades of the account."""
    account = account_of(exchange, request)
    found = exchange.engine.trades_of((account.broker, account.investor))
    return _asked_for(exchange, request, found, "TradeID", "Trade")


def _asked_for(
    exchange: Exchange, request: Request, found: Iterable[Order | Trade], number: str, moment: str
) -> list[Values]:
    """Return the rows that fit a query by instrument, exchange, number and time."""
    rows_of_day = (one.row(exchange.markets.settlement) for one in found)
    return [
        row
        for row in rows_of_day
        if matches(request, row, "InstrumentID", "ExchangeID")
        and same_number(request.text(number), row[number])
        and within(request, moment, str(row[f"{moment}Time"]))
    ]


@rows("ReqQryInvestorPosition")
def positions(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's positions; InstrumentID may be the beginning of several, as on CTP.

    Combined positions are rows of their own, beside their legs' (QTYWGZ/DCEZB 4).
    """
    account = account_of(exchange, request)
    legs = (
        row
        for position in account.positions.values()
        for row in structs.positions(exchange.markets, account, position)
    )
    combined = (
        structs.combined_position(exchange.markets, account, held)
        for held in account.combined.values()
        if held.volume() or held.start_volume or held.opening
    )
    return [row for row in chain(legs, combined) if _begins(request, row)]


@rows("ReqQryInvestorPositionDetail")
def details(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's positions lot by lot."""
    account = account_of(exchange, request)
    return [
        row
        for position in account.positions.values()
        for row in structs.details(exchange.markets, account, position)
        if _begins(request, row)
    ]


@rows("ReqQryTradingAccount")
def funds(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's money."""
    account = account_of(exchange, request)
    row = structs.funds(exchange.markets, account)
    return [row] if matches(request, row, "CurrencyID") else []


@rows("ReqQryMaxOrderVolume")
def max_volume(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the most lots that an order of this kind may have now."""
    account = account_of(exchange, request)
    contract = exchange.markets.contract(request.text("InstrumentID"))
    spread = exchange.markets.spreads.get(request.text("InstrumentID"))
    asked = (
        request.text("Direction") or "0",
        request.text("OffsetFlag") or "0",
        request.text("HedgeFlag") or "1",
    )
    if spread is not None and spread.combination.is_tradable:
        contract = spread.contract
        most = exchange.spread_orders.max_volume(account, spread, *asked)
    elif contract is not None:
        most = exchange.checks.max_volume(account, contract, *asked)
    else:
        raise Refused(NO_SUCH_INSTRUMENT)
    return [
        {
            **request.values,
            "BrokerID": account.broker,
            "InvestorID": account.investor,
            "ExchangeID": contract.exchange,
            "MaxVolume": most,
        }
    ]


def _begins(request: Request, row: Values) -> bool:
    # ExchangeID is no filter of positions (REQQRYINVESTORPOSITION, …DETAIL).
    return str(row["InstrumentID"]).startswith(request.text("InstrumentID"))
