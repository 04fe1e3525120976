"""Parked orders: kept at CTP, sent when their product opens."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from webctp.sim.answers.table import Request, account_of, handles, matches, rows
from webctp.sim.events import Values
from webctp.sim.orders import AT_ONCE
from webctp.sim.refusals import (
    NO_SUCH_INSTRUMENT,
    NO_SUCH_ORDER,
    PARKED_CONDITION,
    Refused,
)

if TYPE_CHECKING:
    from webctp.sim.exchange import Exchange


@handles("ReqParkedOrderInsert")
def park_order(exchange: "Exchange", request: Request) -> None:
    """Park an order; only its condition, which it may not have, is checked before it is sent."""
    _park(exchange, request, is_action=False)


@handles("ReqParkedOrderAction")
def park_action(exchange: "Exchange", request: Request) -> None:
    """Park a cancellation."""
    _park(exchange, request, is_action=True)


@handles("ReqRemoveParkedOrder")
def remove_order(exchange: "Exchange", request: Request) -> None:
    """Delete a parked order that has not been sent."""
    _remove(exchange, request, "ParkedOrderID", is_action=False)


@handles("ReqRemoveParkedOrderAction")
def remove_action(exchange: "Exchange", request: Request) -> None:
    """Delete a parked cancellation that has not been sent."""
    _remove(exchange, request, "ParkedOrderActionID", is_action=True)


@rows("ReqQryParkedOrder")
def parked_orders(exchange: "Exchange", request: Request) -> Iterable[Values]:
    """The account's parked orders."""
    return _found(exchange, request, is_action=False)


@rows("ReqQryParkedOrderAction")
def parked_actions(exchange: "Exchange", request: Request) -> Iterable[Values]:
    """The account's parked cancellations."""
    return _found(exchange, request, is_action=True)


def _park(exchange: "Exchange", request: Request, *, is_action: bool) -> None:
    account = account_of(exchange, request)
    contract = exchange.world.contract(request.text("InstrumentID"))
    if contract is None:
        raise Refused(NO_SUCH_INSTRUMENT)
    if not is_action and request.text("ContingentCondition") != AT_ONCE:
        raise Refused(PARKED_CONDITION)
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


def _remove(exchange: "Exchange", request: Request, name: str, *, is_action: bool) -> None:
    account = account_of(exchange, request)
    key = account.broker, account.investor
    if not exchange.parked.remove(key, request.text(name), is_action=is_action):
        raise Refused(NO_SUCH_ORDER)
    exchange.tell(request.answer(request.values))


def _found(exchange: "Exchange", request: Request, *, is_action: bool) -> list[Values]:
    account = account_of(exchange, request)
    found = exchange.parked.of((account.broker, account.investor), is_action=is_action)
    return [row for parked in found if matches(request, row := parked.row(), "InstrumentID")]
