"""The keys of trading: logins, sessions, queries, orders."""

from dataclasses import dataclass, field
from typing import ClassVar

from webctp.config.fronts import FrontSettings
from webctp.config.kinds import (
    TEXT,
    choice,
    seconds,
    whole,
)
from webctp.config.risk import COMPLIANCE, RISK, ComplianceConfig, RiskConfig
from webctp.config.sections import (
    JOURNAL,
    JournalConfig,
    row,
)
from webctp.config.wording import LanguageSettings


@dataclass(frozen=True, kw_only=True)
class TradingSettings(LanguageSettings, FrontSettings):
    """What trading takes from the configuration: logins, sessions, queries, orders.

    Times are in seconds. The rooms of trading are given these, which the configuration is.
    """

    title: ClassVar[str] = "Trading 交易"

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
    login_refusals: int = field(
        default=3,
        metadata=row(
            "LoginRefusals",
            whole(1, 5),
            "How many refused logins of an account in a row are passed on to the front from one "
            "client address; then the gateway refuses, to spare the account a lockout.",
            "同一账户、同一客户端地址连续被拒的登录最多向前置转发多少次；"
            "之后由网关拒绝，以免账户被锁。",
            reload=True,
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
            reload=True,
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
            reload=True,
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
            reload=True,
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
            reload=True,
        ),
    )
    query_timeout: float = field(
        default=30.0,
        metadata=row(
            "QueryTimeout",
            seconds(3600),
            "How long a query may stay without an answer before the next one goes.",
            "查询等待应答的秒数，超时后继续下一个。",
            reload=True,
        ),
    )
    query_queue: int = field(
        default=200,
        metadata=row(
            "QueryQueue",
            whole(1, 100000),
            "How many queries of a session may wait.",
            "同一会话最多排队的查询数。",
            reload=True,
        ),
    )
    max_queries_per_client: int = field(
        default=1000,
        metadata=row(
            "MaxQueriesPerClient",
            whole(0, 1_000_000),
            "How many queries of one connection may wait for their answers, those included that "
            "share one with others; more are refused with -429. 0 sets no bound.",
            "单个连接同时等待应答的查询数上限，含与其他查询共用应答者；超出的以 -429 拒绝。"
            "0 表示不限。",
            reload=True,
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
            reload=True,
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
            reload=True,
        ),
    )
    portfolio_interval: float = field(
        default=0.5,
        metadata=row(
            "PortfolioInterval",
            seconds(60),
            "How often at most a portfolio's changes are told; of what changes in between the "
            "newest is.",
            "RtnPortfolio 推送变化的最小间隔秒数；其间的变化只推送最新值。",
            reload=True,
        ),
    )
    portfolio_reconcile: float = field(
        default=300.0,
        metadata=row(
            "PortfolioReconcile",
            seconds(86400, zero=True),
            "How often a portfolio is held against CTP's answers (three queries); differences "
            "are told, and CTP's word taken. 0 for never.",
            "每隔多少秒以查询（三次）核对持仓与资金；差异会推送，并以 CTP 为准。0 表示不核对。",
            reload=True,
        ),
    )
    risk: RiskConfig | None = field(
        default=None,
        metadata=row(
            "Risk",
            RISK,
            "Limits that inserts are held against before they are sent; cancels always pass.",
            "报单发出前检查的限额；撤单始终放行。",
        ),
    )
    compliance: ComplianceConfig | None = field(
        default=None,
        metadata=row(
            "Compliance",
            COMPLIANCE,
            "Counts what exchanges count of an account: cancellations, self-trades, orders in a "
            "second. Warns, then refuses openings. `Compliance:` alone takes the defaults.",
            "统计交易所监控的撤单、自成交、每秒报单等次数，先预警，后拒绝开仓。"
            "只写 `Compliance:` 即采用默认值。",
        ),
    )
    kill_file: str | None = field(
        default=None,
        metadata=row(
            "KillFile",
            TEXT,
            "Where the kill switch keeps what it forbids; kill.json below ConFilePath where it is "
            "left out. Gateways that name one file stop together.",
            "交易限制（kill switch）状态文件；省略时为 ConFilePath 下的 kill.json。"
            "指定同一文件的多个网关同时受限。",
            "kill.json",
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

    @property
    def is_authentication_optional(self) -> bool:
        """Whether a refused authentication does not end the login."""
        return self.authenticate == "optional"

    @property
    def confirms_settlement(self) -> bool:
        """Whether a login confirms the settlement; else that is left to the client."""
        return self.settlement_confirm == "auto"

    @property
    def shares_sessions(self) -> bool:
        """Whether an account's clients share one session."""
        return self.session_sharing == "account"
