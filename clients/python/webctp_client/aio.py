"""The asyncio face: ``async with connect(...) as client``."""

from __future__ import annotations

import os
import ssl as tls
from collections.abc import Mapping
from typing import Any

from webctp_client.client import Client
from webctp_client.link import Options
from webctp_client.protocol.core import Login
from webctp_client.urls import services

__all__ = ["Client", "connect"]


def connect(
    url: str,
    user: str | None = None,
    password: str = "",
    *,
    broker: str | None = None,
    md_url: str | None = None,
    token: str | None = None,
    ca_file: str | os.PathLike[str] | None = None,
    ssl: tls.SSLContext | None = None,
    portfolio: bool = False,
    client_order_ids: bool = True,
    login: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    timeout: float = 60.0,
    connect_timeout: float = 10.0,
    order_patience: float = 30.0,
) -> Client:
    """Return a client, which connects when it is entered (``async with``) or first used.

    :param url: where the gateway is, ``ws://127.0.0.1:8080``.
    :param user: whose account; without one there is market data only.
    :param broker: its broker, where the gateway's configuration names another.
    :param md_url: where market data is, if another gateway serves it.
    :param token: is shown to the gateway (``Authorization: Bearer``).
    :param ca_file: certificates of the authorities that may vouch for a gateway on ``wss://``, in
        place of the system's.
    :param ssl: how TLS is spoken, in place of ``ca_file``; a client's certificate stands in it.
    :param portfolio: whether positions and money are told from the beginning.
    :param client_order_ids: whether orders get a ClientOrderID, so that none is sent twice; the
        gateway needs a ``Journal`` for them.
    :param login: other fields of ``ReqUserLogin``.
    :param words: words beside it, such as ``CancelOnDisconnect``.
    :param timeout: seconds that an answer may take.
    :param connect_timeout: seconds after which a first connection is given up.
    :param order_patience: seconds after which an order whose connection broke before anybody told
        of it is not asked for any more: its fate is then unknown.
    :raises ValueError: for what is no address, and for ``ca_file`` beside ``ssl``.
    :raises OSError: for a ``ca_file`` that cannot be read, or holds no certificate.
    """
    if ca_file is not None:
        if ssl is not None:
            raise ValueError("give ca_file or ssl, not both: load the file into the context")
        ssl = tls.create_default_context(cafile=ca_file)
    wanted = None
    if user is not None:
        body = {"UserID": user, "Password": password, **(login or {})}
        if broker is not None:
            body["BrokerID"] = broker
        wanted = Login(body, words or {})
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    options = Options(headers, ssl, connect_timeout=connect_timeout, order_patience=order_patience)
    return Client(
        services(url, md_url),
        wanted,
        options,
        portfolio=portfolio,
        with_ids=client_order_ids,
        timeout=timeout,
    )
