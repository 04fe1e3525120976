"""The keys of the configuration, each with what it accepts, its default and its meaning."""

import dataclasses
import os
from dataclasses import dataclass, field
from typing import Any

from webctp.config.file import Section
from webctp.config.kinds import (
    APP_TYPE,
    ENDPOINTS,
    FILE,
    FLAG,
    FOLDER,
    FRONTS,
    HOST,
    LOG_LEVEL,
    MAPPING,
    ORIGINS,
    PORT,
    PRICE,
    SECRET,
    TEXT,
    AppType,
    LogLevel,
    choice,
    seconds,
    whole,
)
from webctp.config.sections import (
    HISTORY,
    JOURNAL,
    RECORD,
    TLS,
    HistoryConfig,
    JournalConfig,
    Key,
    RecordConfig,
    Tls,
    row,
)
from webctp.ctp.runtime import DEFAULT, PACKAGES
from webctp.secret import Secret


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything a configuration file says, checked and typed."""

    app_type: AppType = field(
        default="td",
        metadata=row(
            "AppType",
            APP_TYPE,
            "What is served: trading, market data or both; --app-type wins over it.",
            "提供的服务：交易、行情或两者；命令行 --app-type 优先。",
        ),
    )
    binding: str = field(
        default=DEFAULT,
        metadata=row(
            "Binding",
            choice(*PACKAGES),
            "The CTP library: openctp_ctp for futures, openctp_ctpopt for stock options, "
            "openctp_tts for the fronts of openctp's TTS. The last two are installed by "
            "themselves: pip install openctp-tts. Simulated fronts run on each; their instruments "
            "are those of futures.",
            "使用的接口库：openctp_ctp 为期货，openctp_ctpopt 为股票期权，"
            "openctp_tts 为 openctp 的 TTS 前置。后两者须另行安装：pip install openctp-tts。"
            "模拟前置可用于任一接口库，其合约为期货与期货期权。",
        ),
    )
    td_front_address: tuple[str, ...] = field(
        default=(),
        metadata=row("TdFrontAddress", FRONTS, "The trading fronts.", "交易前置地址。"),
    )
    md_front_address: tuple[str, ...] = field(
        default=(),
        metadata=row(
            "MdFrontAddress",
            FRONTS,
            "The market-data fronts; ssl:// is for trading only.",
            "行情前置地址；ssl:// 仅用于交易。",
        ),
    )
    production_mode: bool = field(
        default=True,
        metadata=row(
            "ProductionMode",
            FLAG,
            "True for production fronts and SimNow (the native library's own default); "
            "false for a broker's evaluation front.",
            "实盘与 SimNow 为 true（与 CTP 默认一致）；期货公司的评测前置为 false。",
        ),
    )
    broker_id: str = field(
        default="", metadata=row("BrokerID", TEXT, "The broker's code.", "经纪公司代码。")
    )
    app_id: str = field(
        default="",
        metadata=row("AppID", TEXT, "The AppID the broker knows.", "在期货公司登记的 AppID。"),
    )
    auth_code: Secret = field(
        default=Secret(),
        metadata=row(
            "AuthCode",
            SECRET,
            "The authentication code of the AppID; never printed.",
            "AppID 的授权码；不会出现在任何输出中。",
        ),
    )
    authenticate: str = field(
        default="required",
        metadata=row(
            "Authenticate",
            choice("required", "optional"),
            "With optional a refused authentication does not end the login, for brokers that do "
            "not enforce it.",
            "为 optional 时认证被拒仍继续登录，供不强制认证的期货公司使用。",
        ),
    )
    settlement_confirm: str = field(
        default="auto",
        metadata=row(
            "SettlementConfirm",
            choice("auto", "client"),
            "With auto each login confirms the settlement, of an operator's investors too; client "
            "leaves ReqSettlementInfoConfirm to the client, which must send it before orders.",
            "auto：每次登录自动确认结算单，操作员则逐一确认其投资者；"
            "client：由客户端在报单前自行发送 ReqSettlementInfoConfirm。",
        ),
    )
    user_product_info: str = field(
        default="openctp",
        metadata=row(
            "UserProductInfo",
            TEXT,
            "The product name that logins carry; the default is the original webctp's.",
            "登录时上报的产品信息；默认与原版 webctp 相同。",
        ),
    )
    login_timeout: float = field(
        default=15.0,
        metadata=row(
            "LoginTimeout",
            seconds(3600),
            "How long a login may stay without an answer.",
            "登录等待应答的秒数。",
        ),
    )
    login_refusals: int = field(
        default=3,
        metadata=row(
            "LoginRefusals",
            whole(1, 5),
            "How many refused logins of an account in a row are passed on to the front from one "
            "client address; then the gateway refuses, to spare the account a lockout.",
            "同一账户、同一客户端地址连续被拒的登录最多向前置转发多少次；"
            "之后由网关拒绝，以免账户被锁。",
        ),
    )
    login_refusal_window: float = field(
        default=600.0,
        metadata=row(
            "LoginRefusalWindow",
            seconds(86400),
            "How long after the last of them one more login is passed on; an account's refusals "
            "in a row are bounded all the same, however long that takes.",
            "此后再过多少秒可再转发一次；同一账户连续被拒的总次数另有上限，与时间无关。",
        ),
    )
    max_sessions: int = field(
        default=64,
        metadata=row(
            "MaxSessions",
            whole(1, 160),
            "How many trading sessions the process may hold; beyond it a login is answered -429. "
            "With some 180 the CTP library ends the process.",
            "进程内交易会话数上限；超出的登录得到 -429。约 180 个会话时 CTP 库会使进程崩溃。",
        ),
    )
    session_linger: float = field(
        default=60.0,
        metadata=row(
            "SessionLinger",
            seconds(86400, zero=True),
            "How long a session waits for its client after the socket broke; "
            "0 ends it with the socket.",
            "连接断开后会话为客户端保留的秒数；0 表示随连接结束。",
        ),
    )
    session_sharing: str = field(
        default="none",
        metadata=row(
            "SessionSharing",
            choice("none", "account"),
            "Whether the sockets of an account share one CTP session.",
            "同一账户的多个连接是否共用一个 CTP 会话。",
        ),
    )
    query_interval: float = field(
        default=1.0,
        metadata=row(
            "QueryInterval",
            seconds(60, zero=True),
            "The least time between two queries of a session; CTP takes about one a second.",
            "同一会话两次查询的最小间隔秒数；CTP 约为每秒一次。",
        ),
    )
    query_timeout: float = field(
        default=30.0,
        metadata=row(
            "QueryTimeout",
            seconds(3600),
            "How long a query may stay without an answer before the next one goes.",
            "查询等待应答的秒数，超时后继续下一个。",
        ),
    )
    query_queue: int = field(
        default=200,
        metadata=row(
            "QueryQueue",
            whole(1, 100000),
            "How many queries of a session may wait.",
            "同一会话最多排队的查询数。",
        ),
    )
    order_rate: int = field(
        default=0,
        metadata=row(
            "OrderRate",
            whole(0, 100000),
            "How many inserts and actions a second a session may send; more are refused. "
            "0 sets no bound.",
            "同一会话每秒最多的报单与撤单数，超出即拒绝；0 表示不限。",
        ),
    )
    order_patience: float = field(
        default=0.5,
        metadata=row(
            "OrderPatience",
            seconds(60),
            "How long an insert or action may wait here for the journal's disk, for its "
            "ClientOrderID or behind one; then it is refused (-503), never sent late.",
            "报单与撤单因 ClientOrderID 落盘（自身或排在前面的）在网关内最多等待的秒数，"
            "超出即拒绝（-503），绝不迟发。",
        ),
    )
    journal: JournalConfig | None = field(
        default=None,
        metadata=row(
            "Journal",
            JOURNAL,
            "Keeps every order, its answers and what became of it; ClientOrderID needs it.",
            "记录每笔报单、应答及其结果；使用 ClientOrderID 时必须配置。",
        ),
    )
    md_user_id: str = field(
        default="",
        metadata=row(
            "MdUserID",
            TEXT,
            "The user of the gateway's market-data login, for brokers that check identities (3): "
            "one who has logged in to trading on this day, from this machine.",
            "网关行情登录所用的用户，供校验行情登录身份的期货公司（否则报 3）："
            "须为当日已从本机登录过交易的用户。",
        ),
    )
    md_password: Secret = field(
        default=Secret(),
        metadata=row(
            "MdPassword",
            SECRET,
            "The password of MdUserID; CTP does not check it at present. After two refusals in a "
            "row it is left out.",
            "MdUserID 的口令，CTP 目前不校验；连续两次被拒后不再发送。",
        ),
    )
    md_redundancy: bool = field(
        default=False,
        metadata=row(
            "MdRedundancy",
            FLAG,
            "Whether all addresses of MdFrontAddress are connected at once, and the first copy of "
            "each tick is passed on. Else one of them is, and the next when it is gone.",
            "是否同时连接 MdFrontAddress 的全部地址，每条行情取最先到达的一份；"
            "否则只连接其一，断开后换下一个。",
        ),
    )
    md_stall_seconds: float = field(
        default=10.0,
        metadata=row(
            "MdStallSeconds",
            seconds(3600),
            "With MdRedundancy: how long a connected front may leave out what another tells "
            "until it is told to have stalled.",
            "MdRedundancy 时，已连接的前置多少秒没有另一前置已有的行情即视为停滞。",
        ),
    )
    subscribe_batch: int = field(
        default=500,
        metadata=row(
            "SubscribeBatch",
            whole(1, 10000),
            "How many instruments the front is asked for in one request.",
            "每次向行情前置订阅的合约数。",
        ),
    )
    subscribe_interval: float = field(
        default=0.5,
        metadata=row(
            "SubscribeInterval",
            seconds(60, zero=True),
            "The time from such a request to the next; less after one of fewer instruments. CTP "
            "names 1,000 instruments a second; a front that is asked for too many at once breaks "
            "the line (0x1001), and is then asked more slowly.",
            "此类请求之后到下一次的间隔秒数，合约较少时相应缩短。CTP 建议每秒不超过 1000 个合约；"
            "一次订阅过多会被断线（0x1001），此后自动放慢。",
        ),
    )
    unsubscribe_grace: float = field(
        default=10.0,
        metadata=row(
            "UnsubscribeGrace",
            seconds(86400, zero=True),
            "How long an instrument that nobody wants any more stays subscribed at the front.",
            "合约无人订阅后，在行情前置保留订阅的秒数。",
        ),
    )
    last_tick: bool = field(
        default=True,
        metadata=row(
            "LastTick",
            FLAG,
            "Whether a new subscriber is sent the instrument's last tick at once.",
            "订阅时是否立即发送该合约最近的一条行情。",
        ),
    )
    max_instruments: int = field(
        default=50_000,
        metadata=row(
            "MaxInstruments",
            whole(0, 1_000_000),
            "How many instruments a client may be subscribed to, those its patterns find included; "
            "0 sets no bound. Ticks and requests for quotes are counted apart.",
            "每个客户端最多订阅的合约数，含通配所匹配的；0 表示不限。行情与询价分别计算。",
        ),
    )
    instruments_file: str | None = field(
        default=None,
        metadata=row(
            "InstrumentsFile",
            FILE,
            "Instruments that patterns such as rb* stand for: one a line, or a CSV or JSON file "
            "with InstrumentID.",
            "供 rb* 等通配订阅使用的合约列表：每行一个，或含 InstrumentID 的 CSV、JSON 文件。",
        ),
    )
    history: HistoryConfig | None = field(
        default=None,
        metadata=row(
            "History",
            HISTORY,
            "Keeps bars from the gateway's start on, in memory; ReqQryBar asks for them.",
            "自网关启动起在内存中保留 K 线，以 ReqQryBar 查询。",
        ),
    )
    record: RecordConfig | None = field(
        default=None,
        metadata=row(
            "Record",
            RECORD,
            "Records every tick that the market-data front sends.",
            "录制行情前置推送的全部行情。",
        ),
    )
    con_file_path: str = field(
        default=os.path.join(".", "con_file"),
        metadata=row(
            "ConFilePath",
            FOLDER,
            "The directory for CTP's flow files (*.con); made when missing.",
            "CTP 流文件（*.con）目录；不存在时自动建立。",
        ),
    )
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
    tls: Tls | None = field(
        default=None,
        metadata=row("TLS", TLS, "Serves wss:// with these files.", "以这些文件提供 wss://。"),
    )
    listen: tuple[str, ...] = field(
        default=(),
        metadata=row(
            "Listen",
            ENDPOINTS,
            "Twisted endpoints to listen on, in place of Host, Port and TLS.",
            "监听的 Twisted endpoint，取代 Host、Port 与 TLS。",
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
        ),
    )
    allowed_origins: tuple[str, ...] = field(
        default=("*",),
        metadata=row(
            "AllowedOrigins",
            ORIGINS,
            "Web pages that may connect, by their Origin; programs that are no browser send none. "
            "Pages opened from disk have null, which * does not stand for.",
            "允许连接的网页来源（Origin）；非浏览器程序没有来源。"
            "从磁盘打开的网页来源为 null，* 不包括它。",
        ),
    )
    max_connections: int = field(
        default=8192,
        metadata=row(
            "MaxConnections",
            whole(0, 1_000_000),
            "How many connections may be open; beyond it new ones are answered 503. "
            "0 sets no bound.",
            "同时打开的连接数上限；超出的新连接得到 503。0 表示不限。",
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
        ),
    )
    ping_interval: float = field(
        default=20.0,
        metadata=row(
            "PingInterval", seconds(86400), "The time between two pings.", "两次 ping 的间隔秒数。"
        ),
    )
    ping_timeout: float = field(
        default=10.0,
        metadata=row(
            "PingTimeout",
            seconds(86400),
            "How long a client may leave a ping unanswered before it is dropped.",
            "客户端不应答 ping 多少秒后断开。",
        ),
    )
    max_message_bytes: int = field(
        default=2 * 1024 * 1024,
        metadata=row(
            "MaxMessageBytes",
            whole(1024, 2**30),
            "The longest message a client may send; beyond it the connection closes with 1009.",
            "客户端单条消息的最大字节数；超出则以 1009 关闭连接。",
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
        ),
    )
    slow_client_bytes: int = field(
        default=64 * 1024 * 1024,
        metadata=row(
            "SlowClientBytes",
            whole(64 * 1024, 2**32),
            "How many bytes of answers, orders and trades may wait for a client that does not "
            "read; beyond it the connection closes with 1013. Of ticks only the newest wait.",
            "客户端不读取时，最多为其保留多少字节的应答、报单与成交；超出则以 1013 关闭连接。"
            "行情只保留每个合约最新一笔。",
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
    log_level: LogLevel = field(
        default="INFO",
        metadata=row("LogLevel", LOG_LEVEL, "The least severe events logged.", "日志级别。"),
    )
    core_dumps: bool = field(
        default=False,
        metadata=row(
            "CoreDumps",
            FLAG,
            "Whether the memory of the gateway, with the AuthCode and passwords in it, may be "
            "written to a core file or read by a debugger of the same user.",
            "是否允许将网关内存（含授权码与口令）写入 core 文件，或被同一用户的调试器读取。",
        ),
    )
    log_file_bytes: int = field(
        default=10 * 1024 * 1024,
        metadata=row(
            "LogFileBytes",
            whole(0, 2**40),
            "How long a log file may grow before another is begun; 0 leaves that to logrotate.",
            "日志文件达到多少字节即另起一个；0 表示交由 logrotate 处理。",
        ),
    )
    log_file_count: int = field(
        default=10,
        metadata=row(
            "LogFileCount",
            whole(1, 10_000),
            "How many log files that are full are kept, as .1 (the newest), .2 and so on.",
            "保留多少个写满的日志文件，依次为 .1（最新）、.2……",
        ),
    )
    sim: Section = field(
        default=Section({}, {}),
        metadata=row(
            "Sim",
            MAPPING,
            "Settings of the simulated front behind sim:// addresses.",
            "sim:// 模拟前置的设置。",
        ),
    )

    @property
    def serves_td(self) -> bool:
        """Whether trading is served."""
        return self.app_type in ("td", "both")

    @property
    def serves_md(self) -> bool:
        """Whether market data is served."""
        return self.app_type in ("md", "both")


def keys(section: type[Any] = Config) -> tuple[Key, ...]:
    """Return the table of keys of the file, or of the section whose dataclass is given."""
    return tuple(
        Key(attribute=entry.name, default=entry.default, **entry.metadata)
        for entry in dataclasses.fields(section)
    )
