"""What administrators may ask, in one table: for the admin port and for WebSockets alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from webctp.gateway.access.audit import Act
from webctp.gateway.access.principal import Scope
from webctp.gateway.messages import own_admin, own_risk
from webctp.gateway.messages.own import Push
from webctp.language.text import NOTHING, Text, english

PLACE: Final = "ID"
"""What stands in a path for the only field of the body."""
_LACKS: Final = english("this gateway does not serve that")
NO_CLIENT: Final = english("there is no such client; QryClients (GET /admin/clients) lists them")
NO_SESSION: Final = english(
    "there is no such session; QrySessions (GET /admin/sessions) lists them"
)
_NO_SWITCH: Final = english("this gateway has no kill switch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A request of administrators.

    :ivar name: its MsgType at ``/td/``.
    :ivar word: its body.
    :ivar answer: what answers it there, ``field`` where in that is told what came of it.
    :ivar verb: with ``path`` the same request at the admin port; ``ID`` in the path is the body's
        only field.
    :ivar key: what ``field`` is called there.
    :ivar bare: the only field of what is told that is told there.
    :ivar spelled: whether the fields bear the same names there, and not ``in_lower_case``.
    :ivar act: what the audit log calls it; None for what changes nothing.
    :ivar scope: another one than an administrator's lets others ask, too, at ``/td/``.
    :ivar example: a body, where it may have one.
    :ivar lacking: said where nobody carries it out; ``absent`` where there is nothing of the name
        in its path.
    """

    name: str
    word: type[msgspec.Struct]
    answer: Callable[..., Push]
    field: str
    verb: str
    path: str
    key: str
    bare: str = ""
    spelled: bool = False
    act: Act | None = None
    scope: Scope = Scope.ADMIN
    example: str = ""
    lacking: Text = _LACKS
    absent: Text = NOTHING

    @property
    def is_query(self) -> bool:
        """Whether it is answered by rows, and changes nothing."""
        return self.act is None


COMMANDS: Final = (
    Command(
        name=own_admin.CLIENTS,
        word=own_admin.AdminQuery,
        answer=own_admin.RspQryClients,
        field="ConnectedClient",
        verb="GET",
        path="/admin/clients",
        key="clients",
    ),
    Command(
        name=own_admin.SESSIONS,
        word=own_admin.AdminQuery,
        answer=own_admin.RspQrySessions,
        field="OpenSession",
        verb="GET",
        path="/admin/sessions",
        key="sessions",
    ),
    Command(
        name=own_admin.LIMITS,
        word=own_admin.AdminQuery,
        answer=own_admin.RspQryLimits,
        field="LimitInForce",
        verb="GET",
        path="/admin/limits",
        key="limits",
    ),
    Command(
        name=own_admin.TOKENS,
        word=own_admin.AdminQuery,
        answer=own_admin.RspQryTokens,
        field="TokenInUse",
        verb="GET",
        path="/admin/tokens",
        key="tokens",
    ),
    Command(
        name=own_admin.LOG,
        word=own_admin.AdminQuery,
        answer=own_admin.RspQryLog,
        field="LogLine",
        verb="GET",
        path="/admin/log",
        key="log",
        bare="Text",
    ),
    Command(
        name=own_admin.RELOAD,
        word=own_admin.AdminQuery,
        answer=own_admin.RspReloadConfig,
        field="Reloaded",
        verb="POST",
        path="/admin/reload",
        key="reload",
        bare="Changes",
        act=Act.ADMIN,
        lacking=english("nothing runs this gateway that could be asked to reload"),
    ),
    Command(
        name=own_risk.TRADING_STATE,
        word=own_risk.TradingStateQuery,
        answer=own_risk.RspQryTradingState,
        field="TradingState",
        verb="GET",
        path="/admin/kill",
        key="halts",
        spelled=True,
        scope=Scope.READ,
        lacking=_NO_SWITCH,
    ),
    Command(
        name=own_risk.KILL,
        word=own_risk.KillWord,
        answer=own_risk.RspKill,
        field="TradingState",
        verb="POST",
        path="/admin/kill",
        key="TradingState",
        spelled=True,
        act=Act.KILL,
        example='{"Level": "stop", "Reason": "…"}',
        lacking=_NO_SWITCH,
    ),
    Command(
        name=own_admin.DRAIN,
        word=own_admin.DrainWord,
        answer=own_admin.RspDrain,
        field="Drain",
        verb="POST",
        path="/admin/drain",
        key="drain",
        act=Act.ADMIN,
        example='{"Seconds": 30}',
    ),
    Command(
        name=own_admin.END_CLIENT,
        word=own_admin.ClientWord,
        answer=own_admin.RspEndClient,
        field="Ended",
        verb="POST",
        path=f"/admin/clients/{PLACE}/end",
        absent=NO_CLIENT,
        key="ended",
        bare="Count",
        act=Act.ADMIN,
    ),
    Command(
        name=own_admin.END_SESSION,
        word=own_admin.SessionWord,
        answer=own_admin.RspEndSession,
        field="Ended",
        verb="POST",
        path=f"/admin/sessions/{PLACE}/end",
        absent=NO_SESSION,
        key="ended",
        bare="Count",
        act=Act.ADMIN,
    ),
)
"""Every request of administrators: no other list says what they may ask."""

AT_SOCKETS: Final = {one.name: one for one in COMMANDS if one.scope is Scope.ADMIN}
"""By MsgType, those that only administrators may send at ``/td/``."""

WORDS: Final[dict[str, type[msgspec.Struct]]] = {
    own_admin.PRINCIPAL: own_admin.AdminQuery,
    **{one.name: one.word for one in AT_SOCKETS.values()},
}
"""The bodies of what this room answers at ``/td/``."""

SCOPES: Final = {own_admin.PRINCIPAL: Scope.READ, **dict.fromkeys(AT_SOCKETS, Scope.ADMIN)}
"""The scope that each of them needs."""
