"""The keys below `Risk` and `Compliance`: the limits of accounts, and when to warn and refuse.

The same limits may be given for all accounts, for one, and for a token: :class:`RiskLimits`.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from webctp.config.file import Section, Tree
from webctp.config.kinds import FLAG, INSTRUMENTS, TEXT, Kind, choice, seconds, section_of, whole
from webctp.config.sections import row

_OFFSETS = ("Open", "Close", "CloseToday", "CloseYesterday")
_LOTS = whole(0, 10**9)
_ACCOUNT = re.compile(r"[^/\s]+/[^/\s]+")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", re.ASCII)
"""What a token may be called, as in the file of tokens."""


def _offsets(value: Tree) -> tuple[str, ...]:
    found = value if isinstance(value, tuple) else (value,)
    if not found or any(one not in _OFFSETS for one in found):
        raise ValueError
    return tuple(str(one) for one in found)


def _percent(value: Tree) -> float:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", value):
        raise ValueError
    share = float(value)
    if share > 100:
        raise ValueError
    return share


def _tokens(value: Tree) -> Section:
    section = section_of(value)
    if not all(_TOKEN.fullmatch(name) for name in section):
        raise ValueError
    return section


def _accounts(value: Tree) -> Section:
    section = section_of(value)
    if not all(_ACCOUNT.fullmatch(name) for name in section):
        raise ValueError
    return section


OFFSETS = Kind(
    f"one of {', '.join(_OFFSETS)}, or a list of them",
    f" {'、'.join(_OFFSETS)}，或其列表",
    _offsets,
)
PERCENT = Kind("a number from 0 to 100", " 0 至 100 的数", _percent)


@dataclass(frozen=True, kw_only=True)
class RiskLimits:
    """The limits of an account or a token. None is a limit that is not given; 0 sets no bound."""

    max_order_volume: int | None = field(
        default=None,
        metadata=row(
            "MaxOrderVolume",
            _LOTS,
            "The most lots of one order. 0 sets no bound here and below.",
            "单笔报单的最大手数。此处及以下，0 均表示不限。",
            "100",
            reload=True,
        ),
    )
    max_order_value: int | None = field(
        default=None,
        metadata=row(
            "MaxOrderValue",
            whole(0, 10**13),
            "The largest value of one order in yuan: price × lots × VolumeMultiple. An order at "
            "any price counts at the last price.",
            "单笔报单的最大金额（元）：价格×手数×合约乘数；市价单按最新价计。",
            "5000000",
            reload=True,
        ),
    )
    price_tick: bool | None = field(
        default=None,
        metadata=row(
            "PriceTick",
            FLAG,
            "Whether limit prices must be multiples of PriceTick.",
            "限价是否必须为最小变动价位的整数倍。",
            "true",
            reload=True,
        ),
    )
    price_band_ticks: int | None = field(
        default=None,
        metadata=row(
            "PriceBandTicks",
            _LOTS,
            "How many ticks a limit price may be from the last price.",
            "限价偏离最新价的最大跳数。",
            "50",
            reload=True,
        ),
    )
    price_band_percent: float | None = field(
        default=None,
        metadata=row(
            "PriceBandPercent",
            PERCENT,
            "How many per cent of the last price a limit price may be from it.",
            "限价偏离最新价的最大百分比。",
            "2",
            reload=True,
        ),
    )
    instruments: tuple[str, ...] | None = field(
        default=None,
        metadata=row(
            "Instruments",
            INSTRUMENTS,
            "The only instruments that may be traded; * and ? stand for any text and character.",
            "仅允许交易的合约；* 与 ? 为通配符。",
            '["rb*", "au*"]',
            reload=True,
        ),
    )
    offsets: tuple[str, ...] | None = field(
        default=None,
        metadata=row(
            "Offsets",
            OFFSETS,
            "The only CombOffsetFlag values that orders and quotes may bear.",
            "报单与报价仅允许的开平标志。",
            "[Open, Close, CloseToday, CloseYesterday]",
            reload=True,
        ),
    )
    max_working_orders: int | None = field(
        default=None,
        metadata=row(
            "MaxWorkingOrders",
            _LOTS,
            "The most orders of the account that may rest or be on their way, all its clients' "
            "and other terminals' together.",
            "账户最多同时存在的挂单与在途报单数，含其他客户端与其他终端的报单。",
            "50",
            reload=True,
        ),
    )
    max_orders_per_second: int | None = field(
        default=None,
        metadata=row(
            "MaxOrdersPerSecond",
            whole(0, 4000),
            "The most inserts within any second.",
            "任意一秒内的最大报单笔数。",
            "5",
            reload=True,
        ),
    )
    max_orders_per_day: int | None = field(
        default=None,
        metadata=row(
            "MaxOrdersPerDay",
            _LOTS,
            "The most orders of a trading day, other terminals' included.",
            "每个交易日的最大报单笔数，含其他终端的报单。",
            "2000",
            reload=True,
        ),
    )
    duplicate_seconds: float | None = field(
        default=None,
        metadata=row(
            "DuplicateSeconds",
            seconds(3600, zero=True),
            "For how long an insert with the same instrument, side, offset, price and volume as "
            "one before is refused.",
            "合约、方向、开平、价格、手数均相同的报单在多少秒内视为重复而拒绝。",
            "0.5",
            reload=True,
        ),
    )
    self_trade: str | None = field(
        default=None,
        metadata=row(
            "SelfTrade",
            choice("refuse", "pass"),
            "What becomes of an order that would meet a resting one of the same account, or of "
            "an account with the same SelfTradeGroup.",
            "会与同一账户（或 SelfTradeGroup 相同的账户）的挂单成交的报单：拒绝或放行。",
            "refuse",
            reload=True,
        ),
    )
    self_trade_group: str | None = field(
        default=None,
        metadata=row(
            "SelfTradeGroup",
            TEXT,
            "A name of your own: accounts that bear the same one are one for SelfTrade.",
            "自定的组名：组名相同的账户在 SelfTrade 检查中视为同一账户。",
            "one",
            reload=True,
        ),
    )
    max_position: int | None = field(
        default=None,
        metadata=row(
            "MaxPosition",
            _LOTS,
            "The most lots of an instrument and side: what is held, what rests to open, and the "
            "order itself.",
            "每个合约每个方向的最大持仓手数：持仓、开仓挂单与本单之和。",
            "500",
            reload=True,
        ),
    )
    on_unknown: str | None = field(
        default=None,
        metadata=row(
            "OnUnknown",
            choice("refuse", "pass"),
            "What becomes of an order whose check needs what is not known (last price, tick, "
            "position); refuse where it is left out.",
            "检查所需的数据（最新价、最小变动价位、持仓）未知时的处理；省略时为拒绝。",
            "refuse",
            reload=True,
        ),
    )

    def over(self, base: "RiskLimits") -> "RiskLimits":
        """Return these limits, and of ``base`` those that are not given here."""
        return RiskLimits(
            **{
                one.name: getattr(base, one.name)
                if getattr(self, one.name) is None
                else getattr(self, one.name)
                for one in dataclasses.fields(RiskLimits)
            }
        )


ACCOUNTS = Kind(
    "keys such as 9999/012345 (BrokerID/InvestorID), each with limits of its own",
    " 9999/012345（BrokerID/InvestorID）之类的键，其下为该账户的限额",
    _accounts,
    each=RiskLimits,
)


TOKENS = Kind(
    "names of tokens, each with limits of its own",
    "令牌名，其下为该令牌的限额",
    _tokens,
    each=RiskLimits,
)


@dataclass(frozen=True, kw_only=True)
class RiskConfig(RiskLimits):
    """The keys below `Risk`: the limits of every account, of single ones, and of tokens."""

    accounts: Mapping[str, RiskLimits] = field(
        default_factory=dict[str, RiskLimits],
        metadata=row(
            "Accounts",
            ACCOUNTS,
            "The limits of single accounts, by the keys above; what is left out there is as above.",
            "单个账户的限额，键同上；未写的键沿用上面的值。",
            "{9999/012345: {MaxOrderVolume: 10}}",
            reload=True,
        ),
    )

    tokens: Mapping[str, RiskLimits] = field(
        default_factory=dict[str, RiskLimits],
        metadata=row(
            "Tokens",
            TOKENS,
            "The limits of what is sent with a token, by the keys above; they hold beside the "
            "account's, and count what was sent with that token alone. MaxPosition and SelfTrade "
            "look at the account.",
            "持某一令牌发送的报单的限额，键同上；与账户的限额同时适用，只计该令牌发送的报单。"
            "MaxPosition 与 SelfTrade 按账户计算。",
            "{page: {MaxOrderVolume: 5}}",
            reload=True,
        ),
    )

    def of(self, account: str) -> RiskLimits:
        """Return the limits of an account, named as ``BrokerID/InvestorID``."""
        own = self.accounts.get(account)
        return self if own is None else own.over(self)

    def place_of(self, account: str, attribute: str) -> str:
        """Return where a limit of an account is set: ``Risk`` or its own section."""
        own = self.accounts.get(account)
        if own is not None and getattr(own, attribute) is not None:
            return f"Risk.Accounts.{account}"
        return "Risk"


@dataclass(frozen=True, kw_only=True)
class ComplianceConfig:
    """The keys below `Compliance`; 0 counts without a threshold."""

    max_cancels: int = field(
        default=500,
        metadata=row(
            "MaxCancels",
            _LOTS,
            "Cancellations of an account in an instrument and trading day from which on openings "
            "there are refused; FAK and FOK do not count.",
            "账户在单个合约每个交易日的撤单次数，达到后拒绝该合约的开仓；FAK 与 FOK 不计。",
            reload=True,
        ),
    )
    max_large_cancels: int = field(
        default=50,
        metadata=row(
            "MaxLargeCancels",
            _LOTS,
            "The same of cancellations of many lots.",
            "大额撤单次数，同上。",
            reload=True,
        ),
    )
    large_cancel_volume: int = field(
        default=300,
        metadata=row(
            "LargeCancelVolume",
            whole(1, 10**9),
            "From how many cancelled lots on a cancellation is large.",
            "撤销手数达到多少为大额撤单。",
            reload=True,
        ),
    )
    max_self_trades: int = field(
        default=5,
        metadata=row(
            "MaxSelfTrades", _LOTS, "The same of self-trades.", "自成交次数，同上。", reload=True
        ),
    )
    max_orders_in_second: int = field(
        default=10,
        metadata=row(
            "MaxOrdersInSecond",
            _LOTS,
            "The same of orders within one second.",
            "一秒内的报单笔数，同上。",
            reload=True,
        ),
    )
    warn_percent: float = field(
        default=80.0,
        metadata=row(
            "WarnPercent",
            PERCENT,
            "At which part of a threshold RtnCompliance warns.",
            "达到阈值的百分之多少时以 RtnCompliance 预警。",
            reload=True,
        ),
    )


def _compliance(value: Tree) -> Section:
    return Section({}, {}) if value is None else section_of(value)


RISK = Kind("limits, below it", "下一级的限额", section_of, section=RiskConfig, filled=True)
COMPLIANCE = Kind(
    "thresholds, below it; left empty, the defaults",
    "下一级的阈值；留空则用默认值",
    _compliance,
    null=True,
    section=ComplianceConfig,
)
