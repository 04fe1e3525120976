"""The keys of the simulated front's options: ``Sim:`` in the configuration."""

from collections.abc import Mapping
from typing import Final

from webctp.sim.options.faultkeys import FAULT_KEYS
from webctp.sim.options.key import (
    CLOCKS,
    SOME_SECONDS,
    Key,
    at_least,
    flag,
    moment,
    names_of,
    one_of,
)

KEYS: Final[Mapping[str, Key]] = {
    "Seed": Key(
        "seed",
        "an integer",
        "随机种子：相同的种子与相同的报单得到相同的市场",
        "what all is drawn from: the same seed and orders give the same market",
        int,
    ),
    "Clock": Key(
        "clock",
        " or ".join(CLOCKS),
        "always：从不收盘；calendar：按交易日历与各品种的交易时段",
        "always: it never closes; calendar: trading days and sessions as the exchanges have them",
        one_of(CLOCKS),
    ),
    "Speed": Key(
        "speed",
        "a number from 0.1 on",
        "市场秒数与实际秒数之比",
        "market seconds in a second",
        at_least(0.1, float),
    ),
    "Start": Key(
        "start",
        "a time of China such as 2026-11-23T20:55:00",
        "启动时的市场时间；缺省为现在",
        "the market's time at the start; now, if left out",
        moment,
    ),
    "Balance": Key(
        "balance",
        "yuan, 0 or more",
        "新账户的资金",
        "the money of a new account",
        at_least(0, float),
    ),
    "BankBalance": Key(
        "bank_balance",
        "yuan, 0 or more",
        "新账户所签约银行账户的余额，银期转账用",
        "the money in the bank account of a new account, for transfers",
        at_least(0, float),
    ),
    "AuthCode": Key(
        "auth_code",
        "text",
        "设置后认证须相符（63），且登录前须认证（64）",
        "if set, authentication must match it (63) and comes before the login (64)",
    ),
    "AppID": Key(
        "app_id",
        "text",
        "同上",
        "likewise",
    ),
    "MaxSessions": Key(
        "max_sessions",
        "an integer from 1 on",
        "每个用户同时在线的交易会话数（60）",
        "trading sessions of a user at a time (60)",
        at_least(1, int),
    ),
    "LockAfter": Key(
        "lock_after",
        "an integer from 1 on",
        "连续多少次口令错误后锁定（75）",
        "wrong passwords in a row that lock a user (75)",
        at_least(1, int),
    ),
    "QueryInterval": Key(
        "query_interval",
        "seconds, 0 for no limit",
        "两次查询的最小间隔（-3），同时只有一笔在途（-2）；真实前置为 1",
        "least seconds between queries (-3), one in flight at a time (-2); real fronts have 1",
        at_least(0, float),
    ),
    "WeakPassword": Key(
        "weak_password",
        "the least characters of a strong password",
        "口令短于此为弱口令（131）",
        "a shorter password is a weak one (131)",
        at_least(0, int),
    ),
    "FirstLogin": Key(
        "first_login",
        "true or false",
        "新用户须先修改口令（140）",
        "a new user must change the password first (140)",
        flag,
    ),
    "ExpiredPassword": Key(
        "expired_password",
        "true or false",
        "新用户的口令已过期，须修改（141）",
        "a new user's password is out of date and must be changed (141)",
        flag,
    ),
    "LockAddressAfter": Key(
        "lock_address_after",
        "an integer from 1 on",
        "本机一日内多少次失败的登录（143）、失败的认证（4060）之后不再受理",
        "failed logins (143), failed authentications (4060) of a day after which this machine's "
        "are taken no more",
        at_least(1, int),
    ),
    "Accounts": Key(
        "accounts",
        "a file name",
        "账户文件，见下",
        "the account file, see below",
    ),
    "StatePath": Key(
        "state_path",
        "a file name",
        "状态文件，见下",
        "the state file, see below",
    ),
    "Faults": Key(
        "faults",
        "a mapping of faults",
        "故障，见下",
        "the faults, see below",
        keys=FAULT_KEYS,
    ),
    "OrderRate": Key(
        "order_rate",
        "orders a second, 0 for no limit",
        "每个用户每秒报单与撤单的笔数（116）",
        "orders and actions of a user in a second (116)",
        at_least(0, int),
    ),
    "Latency": Key(
        "latency",
        "milliseconds, 0 or more",
        "报单、撤单到交易所及其回报返回，单程至少多少毫秒（市场时间）",
        "milliseconds of market time that orders and actions take to the exchange, and what it "
        "answers takes back, at least",
        at_least(0, float),
    ),
    "LatencyMore": Key(
        "latency_more",
        "milliseconds, 0 or more",
        "单程在 Latency 之外再加的毫秒数的均值，指数分布，由种子抽出",
        "mean milliseconds beyond Latency, of an exponential distribution, drawn from the seed",
        at_least(0, float),
    ),
    "ExchangeRate": Key(
        "exchange_rate",
        "orders a second, 0 for no limit",
        "每家交易所每秒接受的报单与撤单笔数，超出者由交易所拒绝（41）",
        "orders and actions that an exchange takes in a second; it refuses those beyond (41)",
        at_least(0, int),
    ),
    "ParkedLimit": Key(
        "parked_limit",
        "a number of orders, 0 for no limit",
        "每个投资者未发出的预埋单与预埋撤单数（159）",
        "parked orders and actions of an investor that have not been sent (159)",
        at_least(0, int),
    ),
    "ConditionLimit": Key(
        "condition_limit",
        "a number of orders, 0 for no limit",
        "每个投资者未触发的条件单数（53）",
        "conditions of an investor that wait (53)",
        at_least(0, int),
    ),
    "PositionLimit": Key(
        "position_limit",
        "lots, 0 for no limit",
        "单个合约单边持仓与在途开仓的上限（106）",
        "the most lots of a position with its opening orders (106)",
        at_least(0, int),
    ),
    "ForceCloseAfter": Key(
        "force_close_after",
        SOME_SECONDS,
        "可用资金低于零的通知之后多少市场秒由期货公司强行平仓；0 为从不",
        "market seconds from the notice of negative available money to the broker's forced "
        "closing; 0 is never",
        at_least(0, float),
    ),
    "NotTrading": Key(
        "not_trading",
        "instruments or products such as rb2705,cu_o",
        "不接受报单的合约或品种（17）",
        "what orders are not taken in (17)",
        names_of,
    ),
}
"""The keys of ``Sim:`` in the configuration; in an address they are written in any case."""
