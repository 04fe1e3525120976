"""Which scope each request needs. It follows from the request's kind; the strictest is the rule."""

from collections.abc import Callable
from typing import Final

from webctp.ctp.catalog import Method
from webctp.gateway.access.principal import Scope

_READS: Final = ("Get", "ReqQry")
_LOGS_IN: Final = (
    *("ReqAuthenticate", "ReqUserLogin", "ReqUserLogout", "ReqUserAuthMethod", "ReqGenUser"),
    *("RegisterUserSystemInfo", "SubmitUserSystemInfo"),
    *("RegisterWechatUserSystemInfo", "SubmitWechatUserSystemInfo"),
)
_TRADES: Final = ("ReqSettlementInfoConfirm", "ReqOffsetSetting", "ReqCancelOffsetSetting")

_RULES: Final[tuple[tuple[Callable[[Method], bool], Scope], ...]] = (
    (lambda method: method.is_order, Scope.TRADE),
    (lambda method: method.name.startswith(_TRADES), Scope.TRADE),
    (lambda method: method.name.startswith((*_READS, *_LOGS_IN)), Scope.READ),
)
"""In order; the first that holds decides."""


def trading_scope(method: Method) -> Scope:
    """Return the scope that a request at ``/td/`` needs.

    Passwords, transfers, and whatever a newer library adds that fits no rule need ``td-account``.
    """
    return next((scope for holds, scope in _RULES if holds(method)), Scope.ACCOUNT)
