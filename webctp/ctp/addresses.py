"""Addresses of fronts that the native library connects to, in the forms that it takes.

``tcp://HOST:PORT``, ``ssl://HOST:PORT``, for IPv6 ``tcp6://ADDRESS:PORT`` without brackets (the
library refuses those), and ``fens://HOST:PORT`` for a name server (FENS), which tells the fronts
of the user's own centre: in CTP's words ``RegisterNameServer("tcp://HOST:PORT")``.
"""

from collections.abc import Iterable
from typing import Any, Final

from webctp.ctp.codec import Codec

_FENS: Final = "fens://"
_FENS_USER: Final = "CThostFtdcFensUserInfoField"
_TRADE: Final = "0"
"""``THOST_FTDC_LM_Trade``, for market data too."""
SCHEMES: Final = ("tcp://", "ssl://", "tcp6://", _FENS)


def is_native(address: str) -> bool:
    """Return whether the native library stands behind an address."""
    return address.startswith(SCHEMES)


def host_and_port(address: str) -> tuple[str, int]:
    """Return where a native address leads."""
    host, _, port = address.partition("://")[2].rpartition(":")
    return host, int(port)


def register(
    api: Any, codec: Codec, addresses: Iterable[str], *, broker_id: str, user_id: str
) -> None:
    """Tell an API its name servers, which come first and want to know the user, and its fronts."""
    fronts = list(addresses)
    servers = [one.removeprefix(_FENS) for one in fronts if one.startswith(_FENS)]
    if servers:
        user = {"BrokerID": broker_id, "UserID": user_id, "LoginMode": _TRADE}
        api.RegisterFensUserInfo(codec.layout(_FENS_USER).new(user))
    for server in servers:
        api.RegisterNameServer(f"tcp://{server}")
    for front in fronts:
        if not front.startswith(_FENS):
            api.RegisterFront(front)
