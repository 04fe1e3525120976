"""Exercises, self-closes, quotes, requests for quotes: entered, withdrawn and asked for."""

from collections.abc import Iterable
from datetime import datetime

from webctp.sim.accounts import structs
from webctp.sim.broker.instructions import EXERCISE, QUOTE, SELF_CLOSE, Kind
from webctp.sim.events import Notice, Push, Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.handlers.entry import actor, entrant, same_number, within
from webctp.sim.handlers.table import account_of, handles, matches, refuse_twice, rows
from webctp.sim.market.charges import OPEN
from webctp.sim.refusals import BY_EXCHANGE, NO_TRADING_RIGHT, Refused


@handles("ReqExecOrderInsert")
def exercise(exchange: Exchange, request: Request) -> None:
    """Exercise or abandon an option: RtnExecOrder follows; a refusal comes on two callbacks."""
    try:
        account = entrant(exchange, request, opens=False)
        exchange.exercises.insert(request.session, account, request.values, exchange.now)
    except Refused as refused:
        refuse_twice(exchange, request, "OnErrRtnExecOrderInsert", request.values, refused.code)


@handles("ReqExecOrderAction")
def withdraw_exercise(exchange: Exchange, request: Request) -> None:
    """Withdraw an exercise: the answer is its RtnExecOrder."""
    try:
        account = actor(exchange, request)
        by = request.session.user_id
        exchange.exercises.cancel(account, request.values, exchange.now, by)
    except Refused as refused:
        row = structs.order_action(request.values, exchange.now)
        refuse_twice(exchange, request, "OnErrRtnExecOrderAction", row, refused.code)


@handles("ReqOptionSelfCloseInsert")
def self_close(exchange: Exchange, request: Request) -> None:
    """Ask for a self-close: RtnOptionSelfClose follows."""
    try:
        account = entrant(exchange, request, opens=False)
        exchange.self_closes.insert(request.session, account, request.values, exchange.now)
    except Refused as refused:
        refuse_twice(
            exchange, request, "OnErrRtnOptionSelfCloseInsert", request.values, refused.code
        )


@handles("ReqOptionSelfCloseAction")
def withdraw_self_close(exchange: Exchange, request: Request) -> None:
    """Withdraw a self-close: the answer is its RtnOptionSelfClose."""
    try:
        account = actor(exchange, request)
        by = request.session.user_id
        exchange.self_closes.cancel(account, request.values, exchange.now, by)
    except Refused as refused:
        row = structs.order_action(request.values, exchange.now)
        refuse_twice(exchange, request, "OnErrRtnOptionSelfCloseAction", row, refused.code)


@rows("ReqQryExecOrder")
def exercises(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's exercises of the day."""
    return told(exchange, request, EXERCISE)


@rows("ReqQryOptionSelfClose")
def self_closes(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's self-closes of the day."""
    return told(exchange, request, SELF_CLOSE)


def told(exchange: Exchange, request: Request, kind: Kind) -> list[Values]:
    """Return the rows of a kind that fit a query's InstrumentID, ExchangeID, SysID and times."""
    account = account_of(exchange, request)
    number = f"{kind.name}SysID"
    found = (
        one.row(exchange.markets.settlement)
        for one in exchange.instructions.of(kind, (account.broker, account.investor))
    )
    return [
        row
        for row in found
        if matches(request, row, "InstrumentID", "ExchangeID")
        and same_number(request.text(number), row[number])
        and within(request, "Insert", str(row["InsertTime"]))
    ]


@handles("ReqQuoteInsert")
def quote(exchange: Exchange, request: Request) -> None:
    """Take a quote: its orders' returns and RtnQuote follow; a refusal comes on two callbacks."""
    try:
        flags = request.text("AskOffsetFlag"), request.text("BidOffsetFlag")
        account = entrant(exchange, request, opens=OPEN in flags)
        if not exchange.users[account.broker, account.investor].makes_markets:
            raise Refused(NO_TRADING_RIGHT)
        exchange.quotes.insert(request.session, account, request.values, exchange.now)
    except Refused as refused:
        refuse_twice(exchange, request, "OnErrRtnQuoteInsert", request.values, refused.code)
        return
    exchange.checks.touch(request.text("InstrumentID"), exchange.now)


@handles("ReqQuoteAction")
def cancel_quote(exchange: Exchange, request: Request) -> None:
    """Cancel a quote: the answer is its RtnQuote and those of its orders.

    A refusal by CTP comes on two callbacks, one by the exchange on the second of them.
    """
    try:
        account = actor(exchange, request)
        key = account.broker, account.investor
        by = request.session.user_id

        def refused_by_exchange(code: int, reason: str, now: datetime) -> None:
            if request.text("UserID"):
                row = structs.order_action(request.values, now, structs.REJECTED, reason)
                exchange.tell(Push(key, "OnErrRtnQuoteAction", row, code))

        exchange.quotes.cancel(account, request.values, exchange.now, by, refused_by_exchange)
    except Refused as refused:
        row = structs.order_action(request.values, exchange.now)
        refuse_twice(exchange, request, "OnErrRtnQuoteAction", row, refused.code)


@rows("ReqQryQuote")
def quotes(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's quotes of the day."""
    return told(exchange, request, QUOTE)


@handles("ReqForQuoteInsert")
def ask_for_quote(exchange: Exchange, request: Request) -> None:
    """Ask for a quote: sent to every market-data session that subscribed such requests.

    Who asked gets no answer but a refusal: by CTP on OnRspForQuoteInsert, by the exchange on
    OnErrRtnForQuoteInsert (QTYWGZ/BJHXJ 2), the latter with the UserID only, as with orders.
    """
    account = account_of(exchange, request)
    notice = exchange.for_quotes.insert(request.session, account, request.values, exchange.now)
    if notice is None:
        if request.text("UserID"):
            key = account.broker, account.investor
            exchange.tell(Push(key, "OnErrRtnForQuoteInsert", request.values, BY_EXCHANGE))
        return
    for session in exchange.sessions.values():
        if notice["InstrumentID"] in session.quotes:
            exchange.tell(Notice(session.session_id, "OnRtnForQuoteRsp", notice))


@rows("ReqQryForQuote")
def for_quotes(exchange: Exchange, request: Request) -> Iterable[Values]:
    """List the account's requests for quotes of today."""
    account = account_of(exchange, request)
    return [
        row
        for row in exchange.for_quotes.rows
        if (row["BrokerID"], row["InvestorID"]) == (account.broker, account.investor)
        and matches(request, row, "InstrumentID", "ExchangeID")
        and within(request, "Insert", row["InsertTime"])
    ]
