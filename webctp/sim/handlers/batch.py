"""Batch actions: all orders of an investor at an exchange, or one session's, cancelled at once."""

from typing import Final

from webctp.sim.accounts import structs
from webctp.sim.accounts.actions import Action
from webctp.sim.accounts.orders import Order
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.entry import check_rate
from webctp.sim.handlers.table import handles, refuse_twice, trader_of
from webctp.sim.manners import MANNERS, manners_of
from webctp.sim.refusals import BAD_EXCHANGE, NO_BATCHES, NO_SUCH_ORDER, Refused

_TOLD: Final = "OnErrRtnBatchOrderAction"


@handles("ReqBatchOrderAction")
def cancel_all(exchange: Exchange, request: Request) -> None:
    """Cancel orders in bulk: each is answered by its own RtnOrder.

    InvestorID alone is mandatory (REQBATCHORDERACTION). That the other fields narrow the orders
    down, and that nothing to cancel is answered with 25, is inferred.
    """
    try:
        account = trader_of(exchange, request)
        check_rate(exchange, request.session)
        key = account.broker, account.investor
        places = _exchanges(request.text("ExchangeID"))
        orders = [
            order
            for order in exchange.engine.orders_of(key)
            if order.alive
            and not order.canceling
            and order.contract.exchange in places
            and _of_session(request, order)
        ]
        if not orders:
            raise Refused(NO_SUCH_ORDER)
    except Refused as refused:
        row = structs.order_action(request.values, exchange.now)
        refuse_twice(exchange, request, _TOLD, row, refused.code)
        return
    # The exchange's refusal of the batch is sent once, with the first of its orders.
    values = request.values
    for order in orders:
        action = Action(order, key, request.session.user_id, values, _TOLD)
        exchange.engine.cancel(action, exchange.now)
        values = {}


def _exchanges(wanted: str) -> frozenset[str]:
    """Return the exchanges that a batch is for: all that take one where none is named."""
    if not wanted:
        return frozenset(name for name, manners in MANNERS.items() if manners.batches)
    if wanted not in MANNERS:
        raise Refused(BAD_EXCHANGE)
    if not manners_of(wanted).batches:
        raise Refused(NO_BATCHES)
    return frozenset({wanted})


def _of_session(request: Request, order: Order) -> bool:
    named = request.values.get("FrontID"), request.values.get("SessionID")
    return not any(named) or named == (order.front, order.session)
