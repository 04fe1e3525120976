"""A client of webctp, the gateway to CTP: quotes, orders and the account in a few lines.

    from webctp_client import connect
    for tick in connect("ws://127.0.0.1:8080").ticks("rb2605"):
        print(tick.UpdateTime, tick.LastPrice)

:func:`connect` gives the blocking face, :func:`webctp_client.aio.connect` the asyncio face of the
same names. Structs, enumerations and requests bear CTP's own names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from webctp_client import aio
from webctp_client.blocking.client import BlockingClient
from webctp_client.blocking.orders import BlockingSentOrder
from webctp_client.bodies import limit_body
from webctp_client.errors import (
    BadRequest,
    Conflict,
    CtpError,
    Disconnected,
    Ended,
    Forbidden,
    NoSuchRequest,
    NotLoggedIn,
    NotReady,
    OrderUnknown,
    Overflow,
    TooMany,
    Unanswered,
    WebctpError,
)
from webctp_client.handler import Handler
from webctp_client.made import enums, own, structs
from webctp_client.tables import to_dataframe
from webctp_client.version import VERSION

__all__ = [
    "VERSION",
    "BadRequest",
    "BlockingClient",
    "BlockingSentOrder",
    "Conflict",
    "CtpError",
    "Disconnected",
    "Ended",
    "Forbidden",
    "Handler",
    "NoSuchRequest",
    "NotLoggedIn",
    "NotReady",
    "OrderUnknown",
    "Overflow",
    "TooMany",
    "Unanswered",
    "WebctpError",
    "aio",
    "connect",
    "enums",
    "limit_body",
    "own",
    "structs",
    "to_dataframe",
]


_P = ParamSpec("_P")


def _blocking(make: Callable[_P, aio.Client]) -> Callable[_P, BlockingClient]:
    """Return what makes a blocking client of the same parameters."""

    @wraps(make)
    def connect(*args: _P.args, **kwargs: _P.kwargs) -> BlockingClient:
        return BlockingClient(make(*args, **kwargs))

    connect.__doc__ = """Connect, log in where a user is named, and return a client that blocks.

    Parameters are those of :func:`webctp_client.aio.connect`.

    :raises WebctpError: if the login is refused, or no gateway is there.
    """
    return connect


connect = _blocking(aio.connect)
