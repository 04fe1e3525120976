"""Exercises and self-closes: entered, withdrawn and asked for."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from webctp.sim import views
from webctp.sim.answers.entry import actor, entrant, same_number, within
from webctp.sim.answers.table import Request, account_of, handles, matches, refuse_twice, rows
from webctp.sim.events import Values
from webctp.sim.instructions import EXERCISE, SELF_CLOSE, Kind
from webctp.sim.refusals import Refused

if TYPE_CHECKING:
    from webctp.sim.exchange import Exchange


@handles("ReqExecOrderInsert")
def exercise(exchange: "Exchange", request: Request) -> None:
    """Exercise or abandon an option: told by RtnExecOrder; a refusal comes on two callbacks."""
    try:
        account = entrant(exchange, request, opens=False)
        exchange.exercises.insert(request.session, account, request.values, exchange.now)
    except Refused as refused:
        refuse_twice(exchange, request, "OnErrRtnExecOrderInsert", request.values, refused.code)


@handles("ReqExecOrderAction")
def withdraw_exercise(exchange: "Exchange", request: Request) -> None:
    """Withdraw an exercise: the answer is its RtnExecOrder."""
    try:
        account = actor(exchange, request)
        by = request.session.user_id
        exchange.exercises.cancel(account, request.values, exchange.now, by)
    except Refused as refused:
        row = views.order_action(request.values, exchange.now)
        refuse_twice(exchange, request, "OnErrRtnExecOrderAction", row, refused.code)


@handles("ReqOptionSelfCloseInsert")
def self_close(exchange: "Exchange", request: Request) -> None:
    """Ask for a self-close: told by RtnOptionSelfClose."""
    try:
        account = entrant(exchange, request, opens=False)
        exchange.self_closes.insert(request.session, account, request.values, exchange.now)
    except Refused as refused:
        refuse_twice(
            exchange, request, "OnErrRtnOptionSelfCloseInsert", request.values, refused.code
        )


@handles("ReqOptionSelfCloseAction")
def withdraw_self_close(exchange: "Exchange", request: Request) -> None:
    """Withdraw a self-close: the answer is its RtnOptionSelfClose."""
    try:
        account = actor(exchange, request)
        by = request.session.user_id
        exchange.self_closes.cancel(account, request.values, exchange.now, by)
    except Refused as refused:
        row = views.order_action(request.values, exchange.now)
        refuse_twice(exchange, request, "OnErrRtnOptionSelfCloseAction", row, refused.code)


@rows("ReqQryExecOrder")
def exercises(exchange: "Exchange", request: Request) -> Iterable[Values]:
    """The account's exercises of the day."""
    return told(exchange, request, EXERCISE)


@rows("ReqQryOptionSelfClose")
def self_closes(exchange: "Exchange", request: Request) -> Iterable[Values]:
    """The account's self-closes of the day."""
    return told(exchange, request, SELF_CLOSE)


def told(exchange: "Exchange", request: Request, kind: Kind) -> list[Values]:
    """Return the rows of a kind that fit a query's InstrumentID, ExchangeID, SysID and times."""
    account = account_of(exchange, request)
    number = f"{kind.name}SysID"
    found = (
        one.row(exchange.world.settlement)
        for one in exchange.instructions.of(kind, (account.broker, account.investor))
    )
    return [
        row
        for row in found
        if matches(request, row, "InstrumentID", "ExchangeID")
        and same_number(request.text(number), row[number])
        and within(request, "Insert", str(row["InsertTime"]))
    ]
