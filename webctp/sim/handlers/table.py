"""The table of handlers, and what a handler gets."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from webctp.sim.accounts.account import Account
from webctp.sim.events import Push, Rows, Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Request
from webctp.sim.refusals import (
    NO_INVESTOR,
    NO_RIGHT,
    NO_SUCH_BROKER,
    NO_SUCH_INVESTOR,
    NOT_LOGGED_IN,
    Refused,
)

Handler = Callable[[Exchange, Request], None]

BY_NAME: Final[dict[str, Handler]] = {}
BEFORE_LOGIN: Final[set[str]] = set()
"""Requests that a session may send before its login."""


def handles(*names: str, before_login: bool = False) -> Callable[[Handler], Handler]:
    """Enter a handler, which sends its answer itself."""

    def enter(handler: Handler) -> Handler:
        for name in names:
            BY_NAME[name] = handler
        if before_login:
            BEFORE_LOGIN.update(names)
        return handler

    return enter


Query = Callable[[Exchange, Request], Iterable[Values]]


def rows(name: str) -> Callable[[Query], Query]:
    """Enter a query: its handler gives the rows of the answer."""

    def enter(query: Query) -> Query:
        def handler(exchange: Exchange, request: Request) -> None:
            found = query(exchange, request)
            exchange.tell(
                Rows(request.session.session_id, request.callback, found, request.request_id)
            )

        BY_NAME[name] = handler
        return query

    return enter


def account_of(exchange: Exchange, request: Request) -> Account:
    """Return the session's account, which the request's BrokerID and InvestorID must mean.

    :raises Refused: 6 before the login, 12 and 13 for another's.
    """
    key = request.session.account
    if key is None:
        raise Refused(NOT_LOGGED_IN)
    if request.text("BrokerID") not in ("", key[0]):
        raise Refused(NO_SUCH_BROKER)
    if request.text("InvestorID") not in ("", key[1]):
        raise Refused(NO_SUCH_INVESTOR)
    return exchange.accounts[key]


def trader_of(exchange: Exchange, request: Request) -> Account:
    """Return the session's account, for a request that orders: InvestorID is mandatory there.

    :raises Refused: 146 without InvestorID, 9 for another's, else as `account_of`.
    """
    key = request.session.account
    if key is not None and request.text("BrokerID") in ("", key[0]):
        if not request.text("InvestorID"):
            raise Refused(NO_INVESTOR)
        if request.text("InvestorID") != key[1]:
            raise Refused(NO_RIGHT)
    return account_of(exchange, request)


def refuse_twice(
    exchange: Exchange,
    request: Request,
    callback: str,
    values: Values,
    code: int,
    more: str = "",
) -> None:
    """Send a refusal: to the session as the answer, to the account's sessions as a push.

    The push goes by the request's UserID: without one it does not come (the vendor's FAQ,
    second-hand).
    """
    exchange.tell(request.refusal(code, more))
    if request.session.account is not None and request.text("UserID"):
        exchange.tell(Push(request.session.account, callback, values, code))


def matches(request: Request, row: Mapping[str, object], *fields: str) -> bool:
    """Return whether a row fits the request's fields; a field left empty fits every row."""
    return all(
        str(row.get(field, "")) == wanted for field in fields if (wanted := request.text(field))
    )
