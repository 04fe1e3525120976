"""The gateway's own messages for administrators: who is connected, what is in use and ended."""

from typing import Annotated, ClassVar, Final

import msgspec
from msgspec import Meta

from webctp.gateway.messages.own import Push, RspInfo

PRINCIPAL: Final = "QryPrincipal"
CLIENTS: Final = "QryClients"
SESSIONS: Final = "QrySessions"
LIMITS: Final = "QryLimits"
TOKENS: Final = "QryTokens"
LOG: Final = "QryLog"
RELOAD: Final = "ReloadConfig"
DRAIN: Final = "Drain"
END_CLIENT: Final = "EndClient"
END_SESSION: Final = "EndSession"
MOST_SECONDS: Final = 3600
"""Seconds that a drain may take."""

_IsLast = Annotated[bool, Meta(description="是否最后一条 whether it is the last")]
_RequestID = Annotated[int, Meta(description="请求的 RequestID the request's RequestID")]
_Since = Annotated[str, Meta(description="起始时刻（UTC）since when, UTC")]
_Account = Annotated[
    str, Meta(description="账户，BrokerID:UserID，可为空 the account, may be empty")
]


class AdminQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a request that takes none."""


class DrainWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``Drain``: how long orders go on, in place of ``DrainSeconds``."""

    Seconds: Annotated[float, Meta(ge=0, le=MOST_SECONDS)] | None = None


class ClientWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an ``EndClient``: which, as ``QryClients`` lists it."""

    ID: Annotated[int, Meta(ge=0)]


class SessionWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an ``EndSession``: whose, as BrokerID:UserID."""

    Account: Annotated[str, Meta(max_length=64)]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message."""


class Caller(_Part, frozen=True, kw_only=True):
    """Who a client is to the gateway."""

    Name: Annotated[str, Meta(description="令牌的名称，可为空 the token's name, may be empty")]
    Scopes: Annotated[tuple[str, ...], Meta(description="用途 what it may do: its scopes")]


class RspQryPrincipal(Push, frozen=True, kw_only=True):
    """对 QryPrincipal 的应答 Whom the gateway takes this client for."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    Caller: Caller


class ConnectedClient(_Part, frozen=True, kw_only=True):
    """A client that is connected, by a WebSocket or over HTTP."""

    ID: Annotated[int, Meta(description="编号 its number")]
    Service: Annotated[str, Meta(description="服务：td、md the service: td, md")]
    Address: Annotated[str, Meta(description="来处 where it comes from")]
    Principal: Annotated[str, Meta(description="令牌的名称，可为空 the token's name, may be empty")]
    Account: _Account
    Since: _Since
    Held: Annotated[int, Meta(description="等待发送的字节 bytes that wait to be sent")]
    Behind: Annotated[bool, Meta(description="是否落后 whether it is behind")]


class RspQryClients(Push, frozen=True, kw_only=True):
    """对 QryClients 的应答，每个客户端一条 A client, in answer to QryClients."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    ConnectedClient: ConnectedClient | None


class OpenSession(_Part, frozen=True, kw_only=True):
    """A session with a front."""

    Account: _Account
    State: Annotated[
        str, Meta(description="状态，见 architecture.md the state, listed in architecture.md")
    ]
    Reason: Annotated[str, Meta(description="原因，可为空 the reason, may be empty")]
    Since: _Since
    Clients: Annotated[int, Meta(description="客户端数 how many clients share it")]
    Working: Annotated[int, Meta(description="挂单数 orders that may still trade")]


class RspQrySessions(Push, frozen=True, kw_only=True):
    """对 QrySessions 的应答，每个会话一条 A session, in answer to QrySessions."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    OpenSession: OpenSession | None


class LimitInForce(_Part, frozen=True, kw_only=True):
    """A limit of the configuration."""

    Key: Annotated[str, Meta(description="配置项 the configuration's key")]
    Limit: Annotated[float, Meta(description="上限，0 为不限 the limit, 0 for no bound")]
    Used: Annotated[float, Meta(description="已用；不合计时为 null in use")] | None


class RspQryLimits(Push, frozen=True, kw_only=True):
    """对 QryLimits 的应答，每项一条 A limit, in answer to QryLimits."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    LimitInForce: LimitInForce | None


class TokenInUse(_Part, frozen=True, kw_only=True):
    """A token's rights, and what is in use of it; not the token."""

    Name: Annotated[str, Meta(description="名称 its name")]
    Scopes: Annotated[tuple[str, ...], Meta(description="用途 its scopes")]
    Connections: Annotated[int, Meta(description="连接数 connections")]
    Sessions: Annotated[int, Meta(description="会话数 sessions")]
    Subscriptions: Annotated[int, Meta(description="订阅数 subscriptions")]
    Limits: Annotated[dict[str, int], Meta(description="各项上限，0 为不限 limits, 0 for none")]
    Seen: Annotated[str, Meta(description="最近使用，可为空 when it was shown last, may be empty")]
    Expires: Annotated[str, Meta(description="到期，可为空 when it expires, may be empty")]


class RspQryTokens(Push, frozen=True, kw_only=True):
    """对 QryTokens 的应答，每个令牌一条 A token, in answer to QryTokens."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    TokenInUse: TokenInUse | None


class LogLine(_Part, frozen=True, kw_only=True):
    """A line of the log."""

    Text: Annotated[str, Meta(description="日志的一行 a line of the log")]


class RspQryLog(Push, frozen=True, kw_only=True):
    """对 QryLog 的应答，每行一条 A line of the log, in answer to QryLog."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    LogLine: LogLine | None


class ConfigChange(_Part, frozen=True, kw_only=True):
    """A key of the configuration with another value than before."""

    Key: Annotated[str, Meta(description="配置项 the key")]
    Old: Annotated[str, Meta(description="之前 its value before")]
    New: Annotated[str, Meta(description="现在 its value now")]
    InForce: Annotated[
        bool, Meta(description="是否已生效，否则待重启 in force, or only after a restart")
    ]


class Reloaded(_Part, frozen=True, kw_only=True):
    """What came of reading the configuration anew."""

    Changes: tuple[ConfigChange, ...]


class RspReloadConfig(Push, frozen=True, kw_only=True):
    """对 ReloadConfig 的应答 What has changed, in answer to ReloadConfig."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    Reloaded: Reloaded


class DrainProgress(_Part, frozen=True, kw_only=True):
    """How far the end of the gateway has come."""

    State: Annotated[str, Meta(description="draining 为正在结束 draining: it ends")]
    SecondsLeft: Annotated[float, Meta(description="还剩多少秒 seconds that are left")]
    Clients: Annotated[int, Meta(description="尚连接的客户端 clients that are connected")]


class RspDrain(Push, frozen=True, kw_only=True):
    """对 Drain 的应答：网关即将结束 The answer to Drain: the gateway is to end."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    Drain: DrainProgress


class Ended(_Part, frozen=True, kw_only=True):
    """What an administrator has ended."""

    Count: Annotated[int, Meta(description="断开或结束的个数 how many were ended")]


class RspEndClient(Push, frozen=True, kw_only=True):
    """对 EndClient 的应答 The answer to EndClient: its connection is closed."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    Ended: Ended


class RspEndSession(Push, frozen=True, kw_only=True):
    """对 EndSession 的应答 The answer to EndSession: the account's sessions have ended."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    Ended: Ended
