"""The keys of market data: its login, its lines, subscriptions, bars, recordings."""

from dataclasses import dataclass, field
from typing import ClassVar

from webctp.config.fronts import FrontSettings
from webctp.config.kinds import (
    FILE,
    FLAG,
    SECRET,
    TEXT,
    choice,
    seconds,
    whole,
)
from webctp.config.sections import (
    BAR_STORE,
    HISTORY,
    RECORD,
    BarStoreConfig,
    HistoryConfig,
    RecordConfig,
    row,
)
from webctp.config.wording import LanguageSettings
from webctp.secret import Secret


@dataclass(frozen=True, kw_only=True)
class SubscribePace:
    """How a front is asked for instruments: how many a request, seconds between two requests.

    The interval follows a full batch; a smaller one is followed by its share of the interval.
    """

    title: ClassVar[str] = "Subscriptions 订阅"

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


@dataclass(frozen=True, kw_only=True)
class MarketSettings(SubscribePace, LanguageSettings, FrontSettings):
    """What market data takes from the configuration: login, feeds, subscriptions, bars, records.

    Times are in seconds. The rooms of market data are given these, which the configuration is.
    """

    title: ClassVar[str] = "Market data 行情"

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
            reload=True,
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
            "instruments.txt",
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
    tick_history: int = field(
        default=0,
        metadata=row(
            "TickHistory",
            whole(0, 100_000),
            "How many ticks of each instrument are kept in memory for QryTicks, and 200,000 in "
            "all; 0 keeps none.",
            "每个合约在内存中保留多少笔行情供 QryTicks 查询，总共至多 200,000 笔；0 表示不保留。",
        ),
    )
    main_contract: str = field(
        default="pre-open-interest",
        metadata=row(
            "MainContract",
            choice("pre-open-interest", "open-interest"),
            "Which contract @rb stands for: the one with the largest open interest of the day "
            "before, so that it stands for a whole day, or with the largest as it is.",
            "@rb 代表哪个合约：昨持仓量最大的（当日内不变），或当前持仓量最大的。",
        ),
    )
    bar_store: BarStoreConfig | None = field(
        default=None,
        metadata=row(
            "BarStore",
            BAR_STORE,
            "Keeps the bars of a minute and of a day of every instrument subscribed on disk, for "
            "ReqQryBar and for History in a subscription.",
            "将已订阅合约的分钟线与日线保存在磁盘上，供 ReqQryBar 查询与订阅时的 History 使用。",
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
