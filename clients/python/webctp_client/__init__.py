"""A client of webctp, the gateway to CTP: quotes, orders and the account in a few lines.

    from webctp_client import connect
    for tick in connect("ws://127.0.0.1:8080").ticks("rb2605"):
        print(tick.UpdateTime, tick.LastPrice)

:func:`connect` gives the blocking face, :func:`webctp_client.aio.connect` the asyncio face of the
same names. Structs, enumerations and requests bear CTP's own names.
"""

from __future__ import annotations

from typing import Any

from webctp_client import aio
from webctp_client.blocking.client import BlockingClient
from webctp_client.blocking.orders import BlockingSentOrder
from webctp_client.bodies import limit_body
from webctp_client.errors import (
    BadRequest,
    Conflict,
    CtpError,
    Disconnected,
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


def connect(
    url: str, user: str | None = None, password: str = "", **options: Any
) -> BlockingClient:
    """Connect, log in where a user is named, and return a client whose methods block.

    :param options: those of :func:`webctp_client.aio.connect`.
    :raises WebctpError: if the login is refused, or no gateway is there.
    """
    return BlockingClient(aio.connect(url, user, password, **options))
