"""Options of the simulated front, from a configuration mapping or from a front address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

CLOCKS: Final = ("always", "calendar")
DEFAULT_BANK_BALANCE: Final = 100_000_000.0
"""Yuan in a new bank account."""


class OptionError(ValueError):
    """A wrong option, as one line that names the key, what was found and what is wanted.

    ``keys`` leads to it through the configuration's ``Sim``, empty for one that is not from there:
    ``("Faults", "Duplicate")``.
    """

    def __init__(self, reason: str, keys: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.keys = keys


@dataclass(frozen=True, slots=True)
class FaultOptions:
    """Chances from 0 to 1, but for those in seconds and ticks.

    ``return_error``: a request returns -1, -2 or -3 and is not sent. ``no_answer``: it is
    swallowed. ``slow_answer``: it is handled ``slow_seconds`` late. ``not_ready``: a query is
    answered with 90, a login with 7. ``lost_ack``: the connection breaks when an order has been
    taken, before it is told. ``duplicate``: a push comes twice. ``reorder``: two messages change
    places. ``garbage``: a text field ends in half a character. ``disconnect``, ``silence`` and
    ``burst``: mean seconds between lost connections, times of ``silence_seconds`` in which nothing
    is answered and nothing sent, and bursts of ``burst_ticks`` ticks at once; ``new_flow``: mean
    seconds between restarts of CTP that begin the day's flows anew; 0 for never.
    """

    return_error: float = 0.0
    no_answer: float = 0.0
    slow_answer: float = 0.0
    slow_seconds: float = 2.0
    not_ready: float = 0.0
    lost_ack: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    garbage: float = 0.0
    disconnect: float = 0.0
    silence: float = 0.0
    silence_seconds: float = 10.0
    burst: float = 0.0
    burst_ticks: int = 20_000
    new_flow: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class SimOptions:
    """What a simulated front may be told.

    ``seed``: what the market is drawn from. ``clock``: ``always`` open, or the exchanges' own
    ``calendar``. ``speed``: market seconds in a second. ``start``: the market's time at the
    start, None for now. ``balance``: yuan in a new account, ``bank_balance`` in the bank account
    that goes with it. ``auth_code``, ``app_id``: checked
    at authentication unless empty. ``max_sessions``: trading sessions of a user. ``lock_after``:
    wrong passwords that lock a user. ``query_interval``: least seconds between queries,
    ``order_rate``: orders and actions a second of a user; 0 is no limit. ``latency``:
    milliseconds that each message to an exchange, and each back, takes at least, and
    ``latency_more``: the mean of what it takes beyond that. ``weak_password``: least
    characters of a password that is not weak (131), ``first_login``: whether a new user must
    change the password before anything else (140), ``expired_password``: whether that is so as it
    is out of date (141), ``lock_address_after``: failed logins, and authentications, of a day
    after which none of this machine's is taken (143, 4060). ``state_path``: the file that the state
    survives in, ``accounts``: the account file; empty for none. ``position_limit``: the most lots
    of a position (106 beyond), ``parked_limit``: parked orders of an investor (159),
    ``condition_limit``: conditions of one (53), ``exchange_rate``: orders and actions a second of
    an exchange (41); 0 for no limit. ``force_close_after``: market seconds from a margin call to
    the broker's closing of positions, 0 for never; ``not_trading``: instruments and products in
    which no orders are taken (17). ``faults``: what goes wrong, and how often.
    """

    seed: int = 0
    clock: str = "always"
    speed: float = 1.0
    start: datetime | None = None
    balance: float = 10_000_000.0
    bank_balance: float = DEFAULT_BANK_BALANCE
    auth_code: str = ""
    app_id: str = ""
    max_sessions: int = 10
    lock_after: int = 5
    query_interval: float = 0.0
    order_rate: int = 0
    latency: float = 0.0
    latency_more: float = 0.0
    weak_password: int = 0
    first_login: bool = False
    expired_password: bool = False
    lock_address_after: int = 5_000
    state_path: str = ""
    accounts: str = ""
    position_limit: int = 0
    force_close_after: float = 0.0
    parked_limit: int = 0
    condition_limit: int = 0
    exchange_rate: int = 0
    not_trading: frozenset[str] = frozenset()
    faults: FaultOptions = field(default_factory=FaultOptions)

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> "SimOptions":
        """Options from the configuration's ``Sim:`` (scalars as text).

        :raises OptionError: for an unknown key or a value that does not fit it.
        """
        return cls(**_read_all(values, KEYS, _Place("Sim.", ())))

    @classmethod
    def from_address(cls, address: str, base: Mapping[str, object] | None = None) -> "SimOptions":
        """Options from ``sim://?seed=7&speed=60``, over those of the configuration (``base``).

        :raises OptionError: as `from_mapping` does, and for an address not of this form.
        """
        parts = urlsplit(address)
        if parts.scheme != "sim" or parts.netloc or parts.path.strip("/") or parts.fragment:
            raise OptionError(
                f"{address!r} is no address of a simulated front; write sim:// or sim://?seed=7"
            )
        values = dict(base or {})
        cls.from_mapping(values)  # a mistake in the configuration is told as one of it
        for key, value in parse_qsl(parts.query, keep_blank_values=True):
            section, dot, fault = key.partition(".")
            if dot and section.lower() == "faults":
                given = values.get("Faults")
                faults = dict(given) if isinstance(given, Mapping) else {}
                values["Faults"] = {**faults, _spelled(fault, FAULT_KEYS): value}
            else:
                values[_spelled(key, KEYS)] = value
        return cls(**_read_all(values, KEYS, _Place("option ")))

    def __repr__(self) -> str:
        # Without the AuthCode, which is a secret.
        return f"SimOptions(seed={self.seed}, clock={self.clock!r}, speed={self.speed})"


@dataclass(frozen=True, slots=True)
class _Key:
    """A key: what it sets, what it accepts, what it means (in Chinese and English)."""

    attribute: str
    wanted: str
    zh: str
    en: str
    read: Callable[[str], Any] = str
    keys: "Mapping[str, _Key] | None" = None

    @property
    def wanted_zh(self) -> str:
        """What it accepts, in Chinese."""
        return _WANTED_ZH[self.wanted]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mapping of options stands: what its keys are called by, and the way to it.

    ``keys`` is None where there is no way, as in an address.
    """

    prefix: str
    keys: tuple[str, ...] | None = None

    def below(self, name: str) -> "_Place":
        """The place of a mapping in this one."""
        keys = None if self.keys is None else (*self.keys, name)
        return _Place(f"{self.prefix}{name}.", keys)

    def mistake(self, name: str, found: str, wanted: str, zh: str) -> OptionError:
        """Say what is wrong with a key."""
        keys = () if self.keys is None else (*self.keys, name)
        return OptionError(f"{self.prefix}{name}: found {found}, wanted {wanted}（{zh}）", keys)


def _at_least(least: float, kind: Callable[[str], float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = kind(text)
        if not least <= value < 1e15:
            raise ValueError
        return value

    return read


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return read


def _flag(text: str) -> bool:
    flags = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if text.lower() not in flags:
        raise ValueError
    return flags[text.lower()]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError
    return moment


def _names(text: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(","))
    if not all(
        name.isascii() and name.replace("-", "").replace("_", "").isalnum() for name in names
    ):
        raise ValueError
    return names


def _chance(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError
    return value


_WANTED_ZH: Final[Mapping[str, str]] = {
    "an integer": "整数",
    " or ".join(CLOCKS): " 或 ".join(CLOCKS),
    "a number from 0.1 on": "不小于 0.1 的数",
    "a time of China such as 2026-11-23T20:55:00": "北京时间，如 2026-11-23T20:55:00",
    "yuan, 0 or more": "元，不小于 0",
    "text": "文本",
    "an integer from 1 on": "不小于 1 的整数",
    "seconds, 0 for no limit": "秒数，0 表示不限",
    "milliseconds, 0 or more": "毫秒数，不小于 0",
    "a number of orders, 0 for no limit": "笔数，0 表示不限",
    "the least characters of a strong password": "强口令的最少字符数",
    "true or false": "true 或 false",
    "a file name": "文件名",
    "a mapping of faults": "下一级的故障",
    "orders a second, 0 for no limit": "每秒笔数，0 表示不限",
    "lots, 0 for no limit": "手数，0 表示不限",
    "instruments or products such as rb2705,cu_o": "合约或品种，如 rb2705,cu_o",
    "a chance from 0 to 1": "0 至 1 的概率",
    "seconds, 0 or more": "秒数，不小于 0",
    "ticks, 0 or more": "笔数，不小于 0",
}
"""What a key accepts, by the English words for it."""
_SECRETS: Final = ("auth_code", "weak_password")
"""WeakPassword is no secret, but what somebody writes there by mistake may be one."""
_A_CHANCE: Final = "a chance from 0 to 1"
_SOME_SECONDS: Final = "seconds, 0 or more"

FAULT_KEYS: Final[Mapping[str, _Key]] = {
    "ReturnError": _Key(
        "return_error",
        _A_CHANCE,
        "请求返回 -1、-2 或 -3，且不发送",
        "a request returns -1, -2 or -3 and is not sent",
        _chance,
    ),
    "NoAnswer": _Key(
        "no_answer",
        _A_CHANCE,
        "请求没有任何应答",
        "a request is swallowed",
        _chance,
    ),
    "SlowAnswer": _Key(
        "slow_answer",
        _A_CHANCE,
        "请求迟 SlowSeconds 秒处理",
        "a request is handled SlowSeconds late",
        _chance,
    ),
    "SlowSeconds": _Key(
        "slow_seconds",
        _SOME_SECONDS,
        "见 SlowAnswer",
        "see SlowAnswer",
        _at_least(0, float),
    ),
    "NotReady": _Key(
        "not_ready",
        _A_CHANCE,
        "查询应答 90，认证与登录应答 7",
        "a query is answered with 90, an authentication or login with 7",
        _chance,
    ),
    "LostAck": _Key(
        "lost_ack",
        _A_CHANCE,
        "报单已被接受，连接在回报之前断开",
        "the connection breaks when an order has been taken, before it is told",
        _chance,
    ),
    "Duplicate": _Key(
        "duplicate",
        _A_CHANCE,
        "私有流的推送到达两次",
        "a push of the private flow comes twice",
        _chance,
    ),
    "Reorder": _Key(
        "reorder",
        _A_CHANCE,
        "相邻两条消息对调",
        "two messages change places",
        _chance,
    ),
    "Garbage": _Key(
        "garbage",
        _A_CHANCE,
        "某个文本字段以半个汉字结尾",
        "a text field ends in half a character",
        _chance,
    ),
    "Disconnect": _Key(
        "disconnect",
        _SOME_SECONDS,
        "平均每隔多少秒断开一个连接，原因随机；0 为从不",
        "mean seconds between lost connections, each for any of the reasons; 0 is never",
        _at_least(0, float),
    ),
    "Silence": _Key(
        "silence",
        _SOME_SECONDS,
        "平均每隔多少秒静默一次：不应答、不推送，行情丢失，私有流事后补到；0 为从不",
        "mean seconds between silences: no answers, ticks lost, pushes afterwards; 0 is never",
        _at_least(0, float),
    ),
    "SilenceSeconds": _Key(
        "silence_seconds",
        _SOME_SECONDS,
        "每次静默多少秒",
        "how long a silence lasts",
        _at_least(0, float),
    ),
    "Burst": _Key(
        "burst",
        _SOME_SECONDS,
        "平均每隔多少秒涌来一批行情；0 为从不",
        "mean seconds between bursts of ticks; 0 is never",
        _at_least(0, float),
    ),
    "BurstTicks": _Key(
        "burst_ticks",
        "ticks, 0 or more",
        "每批多少笔，取自已订阅合约的当前行情",
        "ticks in a burst, the present ones of what is subscribed",
        _at_least(0, int),
    ),
    "NewFlow": _Key(
        "new_flow",
        _SOME_SECONDS,
        "平均每隔多少秒清流重启一次；0 为从不",
        "mean seconds between restarts of CTP that begin the day's flows anew; 0 is never",
        _at_least(0, float),
    ),
}
"""The keys of ``Faults:`` within ``Sim:``; in an address ``faults.duplicate=0.1``."""

KEYS: Final[Mapping[str, _Key]] = {
    "Seed": _Key(
        "seed",
        "an integer",
        "随机种子：相同的种子与相同的报单得到相同的市场",
        "what all is drawn from: the same seed and orders give the same market",
        int,
    ),
    "Clock": _Key(
        "clock",
        " or ".join(CLOCKS),
        "always：从不收盘；calendar：按交易日历与各品种的交易时段",
        "always: it never closes; calendar: trading days and sessions as the exchanges have them",
        _one_of(CLOCKS),
    ),
    "Speed": _Key(
        "speed",
        "a number from 0.1 on",
        "市场秒数与实际秒数之比",
        "market seconds in a second",
        _at_least(0.1, float),
    ),
    "Start": _Key(
        "start",
        "a time of China such as 2026-11-23T20:55:00",
        "启动时的市场时间；缺省为现在",
        "the market's time at the start; now, if left out",
        _moment,
    ),
    "Balance": _Key(
        "balance",
        "yuan, 0 or more",
        "新账户的资金",
        "the money of a new account",
        _at_least(0, float),
    ),
    "BankBalance": _Key(
        "bank_balance",
        "yuan, 0 or more",
        "新账户所签约银行账户的余额，银期转账用",
        "the money in the bank account of a new account, for transfers",
        _at_least(0, float),
    ),
    "AuthCode": _Key(
        "auth_code",
        "text",
        "设置后认证须相符（63），且登录前须认证（64）",
        "if set, authentication must match it (63) and comes before the login (64)",
    ),
    "AppID": _Key(
        "app_id",
        "text",
        "同上",
        "likewise",
    ),
    "MaxSessions": _Key(
        "max_sessions",
        "an integer from 1 on",
        "每个用户同时在线的交易会话数（60）",
        "trading sessions of a user at a time (60)",
        _at_least(1, int),
    ),
    "LockAfter": _Key(
        "lock_after",
        "an integer from 1 on",
        "连续多少次口令错误后锁定（75）",
        "wrong passwords in a row that lock a user (75)",
        _at_least(1, int),
    ),
    "QueryInterval": _Key(
        "query_interval",
        "seconds, 0 for no limit",
        "两次查询的最小间隔（-3），同时只有一笔在途（-2）；真实前置为 1",
        "least seconds between queries (-3), one in flight at a time (-2); real fronts have 1",
        _at_least(0, float),
    ),
    "WeakPassword": _Key(
        "weak_password",
        "the least characters of a strong password",
        "口令短于此为弱口令（131）",
        "a shorter password is a weak one (131)",
        _at_least(0, int),
    ),
    "FirstLogin": _Key(
        "first_login",
        "true or false",
        "新用户须先修改口令（140）",
        "a new user must change the password first (140)",
        _flag,
    ),
    "ExpiredPassword": _Key(
        "expired_password",
        "true or false",
        "新用户的口令已过期，须修改（141）",
        "a new user's password is out of date and must be changed (141)",
        _flag,
    ),
    "LockAddressAfter": _Key(
        "lock_address_after",
        "an integer from 1 on",
        "本机一日内多少次失败的登录（143）、失败的认证（4060）之后不再受理",
        "failed logins (143), failed authentications (4060) of a day after which this machine's "
        "are taken no more",
        _at_least(1, int),
    ),
    "Accounts": _Key(
        "accounts",
        "a file name",
        "账户文件，见下",
        "the account file, see below",
    ),
    "StatePath": _Key(
        "state_path",
        "a file name",
        "状态文件，见下",
        "the state file, see below",
    ),
    "Faults": _Key(
        "faults",
        "a mapping of faults",
        "故障，见下",
        "the faults, see below",
        keys=FAULT_KEYS,
    ),
    "OrderRate": _Key(
        "order_rate",
        "orders a second, 0 for no limit",
        "每个用户每秒报单与撤单的笔数（116）",
        "orders and actions of a user in a second (116)",
        _at_least(0, int),
    ),
    "Latency": _Key(
        "latency",
        "milliseconds, 0 or more",
        "报单、撤单到交易所及其回报返回，单程至少多少毫秒（市场时间）",
        "milliseconds of market time that orders and actions take to the exchange, and what it "
        "answers takes back, at least",
        _at_least(0, float),
    ),
    "LatencyMore": _Key(
        "latency_more",
        "milliseconds, 0 or more",
        "单程在 Latency 之外再加的毫秒数的均值，指数分布，由种子抽出",
        "mean milliseconds beyond Latency, of an exponential distribution, drawn from the seed",
        _at_least(0, float),
    ),
    "ExchangeRate": _Key(
        "exchange_rate",
        "orders a second, 0 for no limit",
        "每家交易所每秒接受的报单与撤单笔数，超出者由交易所拒绝（41）",
        "orders and actions that an exchange takes in a second; it refuses those beyond (41)",
        _at_least(0, int),
    ),
    "ParkedLimit": _Key(
        "parked_limit",
        "a number of orders, 0 for no limit",
        "每个投资者未发出的预埋单与预埋撤单数（159）",
        "parked orders and actions of an investor that have not been sent (159)",
        _at_least(0, int),
    ),
    "ConditionLimit": _Key(
        "condition_limit",
        "a number of orders, 0 for no limit",
        "每个投资者未触发的条件单数（53）",
        "conditions of an investor that wait (53)",
        _at_least(0, int),
    ),
    "PositionLimit": _Key(
        "position_limit",
        "lots, 0 for no limit",
        "单个合约单边持仓与在途开仓的上限（106）",
        "the most lots of a position with its opening orders (106)",
        _at_least(0, int),
    ),
    "ForceCloseAfter": _Key(
        "force_close_after",
        _SOME_SECONDS,
        "可用资金低于零的通知之后多少市场秒由期货公司强行平仓；0 为从不",
        "market seconds from the notice of negative available money to the broker's forced "
        "closing; 0 is never",
        _at_least(0, float),
    ),
    "NotTrading": _Key(
        "not_trading",
        "instruments or products such as rb2705,cu_o",
        "不接受报单的合约或品种（17）",
        "what orders are not taken in (17)",
        _names,
    ),
}
"""The keys of ``Sim:`` in the configuration; in an address they are written in any case."""


def _spelled(key: str, keys: Mapping[str, _Key]) -> str:
    """A key of an address, which is written in any case, as the configuration spells it."""
    return next((name for name in keys if name.lower() == key.lower()), key)


def _known(key: str, keys: Mapping[str, _Key], place: _Place) -> _Key:
    if key in keys:
        return keys[key]
    near = get_close_matches(key, keys, 1, 0.5)
    wanted = f"{place.prefix}{near[0]}" if near else f"one of {', '.join(keys)}"
    raise place.mistake(key[:60], "an unknown key", wanted, "未知的键")


def _read_all(values: Mapping[str, object], keys: Mapping[str, _Key], place: _Place) -> Any:
    """The attributes that a mapping sets."""
    read: dict[str, Any] = {}
    for name, value in values.items():
        known = _known(name, keys, place)
        if known.keys is not None:
            if not isinstance(value, Mapping):
                raise _mismatch(name, known, value, place)
            read[known.attribute] = read_faults(value, place.below(name))
        else:
            read[known.attribute] = _read(name, known, value, place)
    return read


def read_faults(values: Mapping[str, object], place: _Place = _Place("Faults.")) -> FaultOptions:
    """Faults from a mapping with the keys of ``FAULT_KEYS``.

    :raises OptionError: for an unknown key or a value that does not fit it.
    """
    spelled = {_spelled(name, FAULT_KEYS): value for name, value in values.items()}
    return FaultOptions(**_read_all(spelled, FAULT_KEYS, place))


def _read(name: str, known: _Key, value: object, place: _Place) -> object:
    try:
        if not isinstance(value, str | int | float):
            raise ValueError
        return known.read(str(value))
    except ValueError:
        raise _mismatch(name, known, value, place) from None


def _mismatch(name: str, known: _Key, value: object, place: _Place) -> OptionError:
    found = "nothing" if value is None else repr(value)[:80]
    if known.attribute in _SECRETS:
        found = "***"
    return place.mistake(name, found, known.wanted, f"应为{known.wanted_zh}")
