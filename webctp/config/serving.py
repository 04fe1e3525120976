"""The keys of what clients meet: where it listens, and what they may do and leave undone."""

from dataclasses import dataclass, field
from typing import ClassVar

from webctp.config.kinds import (
    BYTES_OR_OFF,
    ENDPOINTS,
    ENDPOINTS_OR_OFF,
    FLAG,
    HOST,
    ORIGINS,
    PORT,
    PRICE,
    seconds,
    whole,
)
from webctp.config.sections import (
    ACCESS,
    AUDIT,
    TLS,
    AccessConfig,
    AuditConfig,
    Tls,
    row,
)
from webctp.config.wording import LanguageSettings


@dataclass(frozen=True, kw_only=True)
class ServingSettings:
    """The keys of where the gateway listens, and of what all clients read."""

    title: ClassVar[str] = "Where clients connect 监听"

    host: str = field(
        default="0.0.0.0", metadata=row("Host", HOST, "The address to listen on.", "监听地址。")
    )
    port: int = field(
        default=8080,
        metadata=row(
            "Port",
            PORT,
            "The port to listen on; 0 takes a free one; --port wins over it.",
            "监听端口；0 为任一空闲端口；命令行 --port 优先。",
        ),
    )
    reuse_port: bool = field(
        default=False,
        metadata=row(
            "ReusePort",
            FLAG,
            "Whether other gateways of this user may listen on the same Host and Port: the kernel "
            "divides connections among them. One for each core, see many-machines.md.",
            "是否允许本用户的其他网关监听同一 Host 与 Port，由内核在它们之间分配连接；"
            "每核一个，见 many-machines.md。",
        ),
    )
    tls: Tls | None = field(
        default=None,
        metadata=row("TLS", TLS, "Serves wss:// with these files.", "以这些文件提供 wss://。"),
    )
    listen: tuple[str, ...] = field(
        default=(),
        metadata=row(
            "Listen",
            ENDPOINTS,
            "Twisted endpoints to listen on, in place of Host and Port; tls:ENDPOINT serves with "
            "the files of TLS.",
            "监听的 Twisted endpoint，取代 Host 与 Port；tls:ENDPOINT 以 TLS 的文件提供 wss://。",
            "unix:/run/webctp/td.sock",
        ),
    )
    metrics_listen: tuple[str, ...] = field(
        default=(),
        metadata=row(
            "MetricsListen",
            ENDPOINTS,
            "Twisted endpoints for /metrics alone; whoever reaches them is answered. Left out, "
            "/metrics stands beside the services, for this machine or a token with scope admin.",
            "单独提供 /metrics 的 Twisted endpoint，凡能连接者皆予应答。省略时 /metrics 与各服务"
            "同在一个端口，仅供本机或带有 admin 权限的 token 抓取。",
            "tcp:9100:interface=127.0.0.1",
        ),
    )
    admin_listen: tuple[str, ...] | None = field(
        default=(),
        metadata=row(
            "AdminListen",
            ENDPOINTS_OR_OFF,
            "Twisted endpoints for administrators, see access.md. A Unix socket is for whoever may "
            "open it, anything else for a token with scope admin. Left out, a Unix socket in admin "
            "below ConFilePath, for this user alone; off for none.",
            "管理端口的 Twisted endpoint，见 access.md。Unix 套接字供能打开它的用户使用，"
            "其余须出示带有 admin 权限的令牌。省略时为 ConFilePath 下 admin 目录中仅供本用户的 "
            "Unix 套接字；off 为不提供。",
            "unix:/run/webctp/admin.sock",
        ),
    )
    access: AccessConfig | None = field(
        default=None,
        metadata=row(
            "Access",
            ACCESS,
            "Who may connect, and what for; without it whoever reaches the port may try to log in.",
            "谁可以连接、可以做什么；不设则能访问端口者均可尝试登录。",
        ),
    )
    audit_log: AuditConfig | None = field(
        default=None,
        metadata=row(
            "AuditLog",
            AUDIT,
            "Keeps who did what, when, from where: logins, orders, cancellations, transfers, "
            "refusals, changes of tokens; python -m webctp audit shows it.",
            "记录谁在何时、从何处做了什么：登录、报单、撤单、转账、拒绝、令牌的改动；"
            "以 python -m webctp audit 查看。",
        ),
    )
    invalid_price: int | None = field(
        default=0,
        metadata=row(
            "InvalidPrice",
            PRICE,
            "What clients read for a price that is not set (DBL_MAX in CTP).",
            "未设置的价格（CTP 中的 DBL_MAX）以何值发给客户端。",
        ),
    )


@dataclass(frozen=True)
class WebSocketOptions(LanguageSettings):
    """What the gateway does with WebSockets: seconds, bytes, messages a second."""

    title: ClassVar[str] = "WebSockets"

    ping_interval: float = field(
        default=20.0,
        metadata=row(
            "PingInterval",
            seconds(86400),
            "The time between two pings.",
            "两次 ping 的间隔秒数。",
            reload=True,
        ),
    )
    ping_timeout: float = field(
        default=10.0,
        metadata=row(
            "PingTimeout",
            seconds(86400),
            "How long a client may leave a ping unanswered before it is dropped.",
            "客户端不应答 ping 多少秒后断开。",
            reload=True,
        ),
    )
    max_message_bytes: int = field(
        default=2 * 1024 * 1024,
        metadata=row(
            "MaxMessageBytes",
            whole(1024, 2**30),
            "The longest message a client may send; beyond it the connection closes with 1009.",
            "客户端单条消息的最大字节数；超出则以 1009 关闭连接。",
            reload=True,
        ),
    )
    message_rate: int = field(
        default=5_000,
        metadata=row(
            "MessageRate",
            whole(0, 10_000_000),
            "How many messages a second a client may send, and as many at once. More are refused "
            "with -429 (cancellations pass), and who does not stop is closed with 1008. "
            "Subscriptions of many instruments or by patterns count for more. 0 sets no bound.",
            "每个客户端每秒最多发送的消息数，一次也可发送这么多。超出的以 -429 拒绝"
            "（撤单照常通过），持续超出则以 1008 关闭连接。大量合约或通配的订阅按其工作量计算。"
            "0 表示不限。",
            reload=True,
        ),
    )
    login_deadline: float = field(
        default=60.0,
        metadata=row(
            "LoginDeadline",
            seconds(86400, zero=True),
            "How long a client may stay without a login, since it came or has logged out; then "
            "it is closed with 1008. A login under way is waited for. 0 sets no bound.",
            "客户端自连接或登出起可不登录的秒数，之后以 1008 关闭；进行中的登录会等待其结果。"
            "0 表示不限。",
            reload=True,
        ),
    )
    compression: int | None = field(
        default=None,
        metadata=row(
            "Compression",
            BYTES_OR_OFF,
            "From how many bytes on messages are compressed for clients that offer "
            "permessage-deflate (never with the context of an earlier message), such as 128; "
            "off offers no compression. It takes 10 us of a message, once for all clients: for "
            "clients behind a thin line. Clients that are connected already go on as they began.",
            "客户端提出 permessage-deflate 时，自多少字节起压缩消息，例如 128（从不沿用之前消息的"
            "上下文）；off 表示不提供压缩。每条消息约用 10 微秒，由所有客户端共用一次：适合带宽有限"
            "的客户端。已连接的客户端照旧。",
            example="128",
            reload=True,
        ),
    )
    http_session_idle: float = field(
        default=900.0,
        metadata=row(
            "HttpSessionIdle",
            seconds(86400),
            "How long a session over HTTP may make no request, and read no events, before it ends "
            "and its bearer with it.",
            "HTTP 会话多少秒没有请求、也不读取事件即结束，其 bearer 随之失效。",
            reload=True,
        ),
    )
    origins: tuple[str, ...] = field(
        default=(),
        metadata=row(
            "Origins",
            ORIGINS,
            "Web pages that may connect, by their Origin, beside those of this machine (of "
            "localhost, or of the IP address at which the gateway is asked); programs that are no "
            "browser send none. Pages opened from disk, and those in sandboxed frames of any site, "
            "have null, which * does not stand for.",
            "除本机的网页（localhost，或与所访问的 IP 地址相同者）外，还允许哪些来源（Origin）的"
            "网页连接；非浏览器程序没有来源。从磁盘打开的网页与任何网站沙箱框架中的网页来源为 "
            "null，* 不包括它。",
            example='["https://desk.example.com", "null"]',
            reload=True,
        ),
    )
    max_nesting: int = field(
        default=0,
        metadata=row(
            "MaxNesting",
            whole(0, 1000),
            "How many levels of objects and lists a message may have, itself counted; deeper ones "
            "are refused with -400. Looking costs some microseconds a message. 0 leaves it at "
            "what can be read at all, some 1,000. For connections from then on.",
            "消息中对象与列表最多嵌套多少层（消息本身计一层），更深的以 -400 拒绝；检查每条消息"
            "约需数微秒。0 表示以可解析的为限，约 1,000 层。对之后的连接生效。",
            reload=True,
        ),
    )


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections may be open, in all and from one address; 0 sets no bound.

    Clients of this machine count in all, but not by address: a proxy brings all of its clients
    from one.
    """

    title: ClassVar[str] = "Connections 连接数"

    max_connections: int = field(
        default=8192,
        metadata=row(
            "MaxConnections",
            whole(0, 1_000_000),
            "How many connections may be open; beyond it new ones are answered 503. "
            "0 sets no bound.",
            "同时打开的连接数上限；超出的新连接得到 503。0 表示不限。",
            reload=True,
        ),
    )
    max_connections_per_address: int = field(
        default=256,
        metadata=row(
            "MaxConnectionsPerAddress",
            whole(0, 1_000_000),
            "How many of them may come from one IPv4 address or one /64 of IPv6; loopback and "
            "Unix sockets, where a proxy's clients come from, are not counted so. 0 sets no bound.",
            "其中来自同一 IPv4 地址或同一 IPv6 /64 网段的上限；本机回环与 Unix 套接字"
            "（反向代理所在）不受此限。0 表示不限。",
            reload=True,
        ),
    )


@dataclass(frozen=True)
class Limits:
    """How far clients may fall behind.

    Bytes that may wait for one, seconds that it may take nothing, bytes held for all together.
    """

    title: ClassVar[str] = "Slow clients 慢客户端"

    slow_client_bytes: int = field(
        default=64 * 1024 * 1024,
        metadata=row(
            "SlowClientBytes",
            whole(64 * 1024, 2**32),
            "How many bytes of answers, orders and trades may wait for a client that does not "
            "read; beyond it the connection closes with 1013. Of ticks only the newest wait.",
            "客户端不读取时，最多为其保留多少字节的应答、报单与成交；超出则以 1013 关闭连接。"
            "行情只保留每个合约最新一笔。",
            reload=True,
        ),
    )
    slow_client_seconds: float = field(
        default=30.0,
        metadata=row(
            "SlowClientSeconds",
            seconds(3600),
            "How long a client may take nothing of what waits for it before it is closed "
            "with 1013.",
            "客户端多少秒不接收等待中的数据则以 1013 关闭连接。",
            reload=True,
        ),
    )
    client_memory: int = field(
        default=512 * 1024 * 1024,
        metadata=row(
            "ClientMemory",
            whole(1024 * 1024, 2**40),
            "How many bytes may wait for all clients together, ticks and messages that have not "
            "come whole included; beyond it whoever holds most is closed with 1013. Before its "
            "login a client may leave 64 KiB unread and send messages of 64 KiB.",
            "为全部客户端保留的字节总数（含行情与未收全的消息）；超出则以 1013 关闭占用最多者。"
            "登录前，每个客户端未读的数据与单条消息都不得超过 64 KiB。",
            reload=True,
        ),
    )
