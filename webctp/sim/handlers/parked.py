"""Parked orders: kept at CTP, sent when their product opens."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from webctp.sim.accounts import structs
from webctp.sim.accounts.actions import ON_INSERT, ON_ORDER
from webctp.sim.accounts.orders import AT_ONCE
from webctp.sim.accounts.parked import Parked
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import order_ref
from webctp.sim.events import Push, Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.table import account_of, handles, matches, rows, trader_of
from webctp.sim.handlers.trading import enter_order, send_action
from webctp.sim.refusals import (
    NO_SUCH_INSTRUMENT,
    PARKED_CONDITION,
    TOO_MANY_PARKED,
    Refused,
)


@handles("ReqParkedOrderInsert")
def park_order(exchange: Exchange, request: Request) -> None:
    """Park an order; only its condition, which it may not have, is checked before it is sent."""
    _park(exchange, request, is_action=False)


@handles("ReqParkedOrderAction")
def park_action(exchange: Exchange, request: Request) -> None:
    """Park a cancellation."""
    _park(exchange, request, is_action=True)


@handles("ReqRemoveParkedOrder")
def remove_order(exchange: Exchange, request: Request) -> None:
    """Delete a parked order that has not been sent."""
    _remove(exchange, request, "ParkedOrderID", is_action=False)


@handles("ReqRemoveParkedOrderAction")
def remove_action(exchange: Exchange, request: Request) -> None:
    """Delete a parked cancellation that has not been sent."""
    _remove(exchange, request, "ParkedOrderActionID", is_action=True)


@rows("ReqQryParkedOrder")
def parked_orders(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's parked orders."""
    return _found(exchange, request, is_action=False)


@rows("ReqQryParkedOrderAction")
def parked_actions(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's parked cancellations."""
    return _found(exchange, request, is_action=True)


def send_parked(exchange: Exchange, session: Session, parked: Parked) -> int:
    """Send a parked request in its session's name; return the ErrorID, 0 if it was taken.

    A refusal is kept in the parked order and sent by OnErrRtn…; that there is no OnRsp… of a
    request that nobody has sent now is inferred.
    """
    if not parked.is_action and parked.order_ref.strip():
        # Its reference was taken up when it was parked.
        session = replace(session, max_ref=int(parked.order_ref) - 1)
    name, enter = _SENDERS[parked.is_action]
    values = {**parked.values, "OrderRef": parked.order_ref}
    request = Request(session, name, "", False, values, 0)
    try:
        enter(exchange, request)
    except Refused as refused:
        if request.text("UserID"):
            row = structs.order_action(values, exchange.now) if parked.is_action else values
            callback = ON_ORDER if parked.is_action else ON_INSERT
            exchange.tell(Push(parked.account, callback, row, refused.code))
        return refused.code
    return 0


_SENDERS: Final = {
    False: ("ReqOrderInsert", enter_order),
    True: ("ReqOrderAction", send_action),
}


def _park(exchange: Exchange, request: Request, *, is_action: bool) -> None:
    account = trader_of(exchange, request)
    contract = exchange.markets.contract(request.text("InstrumentID"))
    if contract is None:
        raise Refused(NO_SUCH_INSTRUMENT)
    if not is_action:
        _check_order(request)
    limit = exchange.options.parked_limit
    if limit and exchange.parked.waiting((account.broker, account.investor)) >= limit:
        raise Refused(TOO_MANY_PARKED)
    own = {
        "BrokerID": account.broker,
        "InvestorID": account.investor,
        "ExchangeID": contract.exchange,
    }
    parked = exchange.parked.add(
        (account.broker, account.investor),
        request.session.session_id,
        contract.product,
        {**request.values, **own},
        is_action=is_action,
    )
    exchange.tell(request.answer(parked.row()))


def _check_order(request: Request) -> None:
    """Check what CTP checks of an order when it is parked: its condition and its reference.

    The kinds that REQPARKEDORDERINSERT-1 lists are left to the exchange: the page's text takes
    market orders, too, and its example "all volume".
    """
    if request.text("ContingentCondition") != AT_ONCE:
        raise Refused(PARKED_CONDITION)
    if request.text("OrderRef").strip():
        # It is taken up now, so that what is sent meanwhile must have higher ones.
        request.session.max_ref = int(order_ref(request.session, request.values))


def _remove(exchange: Exchange, request: Request, name: str, *, is_action: bool) -> None:
    account = account_of(exchange, request)
    key = account.broker, account.investor
    exchange.parked.remove(key, request.text(name), is_action=is_action)
    exchange.tell(request.answer(request.values))


def _found(exchange: Exchange, request: Request, *, is_action: bool) -> list[Values]:
    account = account_of(exchange, request)
    found = exchange.parked.of((account.broker, account.investor), is_action=is_action)
    return [
        row
        for parked in found
        if matches(request, row := parked.row(), "InstrumentID", "ExchangeID")
    ]
