"""Error codes: what CTP and the gateway say, in one table each.

CTP's own messages arrive with its answers; the table is for what the daemon (or the simulated
front) says in CTP's name. Gateway codes are negative, so that they never collide with CTP's.
"""

from collections.abc import Mapping
from typing import Final

from webctp.language.text import Text, english

ERRORS: Final[dict[int, str]] = {
    -3: "CTP:每秒发送请求数超过许可数",
    -2: "CTP:未处理请求超过许可数",
    -1: "CTP:请求失败",
    0: "CTP:正确",
    1: "CTP:不在已同步状态",
    2: "CTP:会话信息不一致",
    3: "CTP:不合法的登录",
    4: "CTP:用户不活跃",
    5: "CTP:重复的登录",
    6: "CTP:还没有登录",
    7: "CTP:还没有初始化",
    8: "CTP:前置不活跃",
    9: "CTP:无此权限",
    10: "CTP:修改别人的口令",
    11: "CTP:找不到该用户",
    12: "CTP:找不到该经纪公司",
    13: "CTP:找不到投资者",
    14: "CTP:原口令不匹配",
    15: "CTP:报单字段有误",
    16: "CTP:找不到合约",
    17: "CTP:合约不能交易",
    22: "CTP:报单错误：不允许重复报单",
    23: "CTP:错误的报单操作字段",
    24: "CTP:撤单已报送，不允许重复撤单",
    25: "CTP:撤单找不到相应报单",
    26: "CTP:报单已全成交或已撤销，不能再撤",
    27: "CTP:不支持的功能",
    28: "CTP:没有报单交易权限",
    29: "CTP:只能平仓",
    30: "CTP:平仓量超过持仓量",
    31: "CTP:资金不足",
    40: "CTP:交易所未处理请求超过许可数",
    41: "CTP:交易所每秒发送请求数超过许可数",
    42: "CTP:结算结果未确认",
    45: "CTP:找不到预埋（撤单）单",
    46: "CTP:预埋（撤单）单已经发送",
    47: "CTP:预埋（撤单）单已经删除",
    50: "CTP:平今仓位不足",
    51: "CTP:平昨仓位不足",
    52: "CTP:经纪公司没有足够可用的条件单数量",
    53: "CTP:投资者没有足够可用的条件单数量",
    54: "CTP:经纪公司不支持条件单",
    60: "CTP:用户在线会话超出上限",
    61: "CTP:该交易所不支持套利/做市商类型报单",
    63: "CTP:客户端认证失败",
    64: "CTP:客户端未认证",
    65: "CTP:该合约不支持互换类型报单",
    66: "CTP:该期权合约只支持投机类型报单",
    67: "CTP:执行宣告错误，不允许重复执行",
    69: "CTP:只有期货期权合约可执行",
    71: "CTP:执行宣告字段有误",
    72: "CTP:执行宣告撤单已报送，不允许重复撤单",
    73: "CTP:执行宣告撤单找不到相应执行宣告",
    74: "CTP:执行仓位不足",
    75: "CTP:连续登录失败次数超限，登录被禁止",
    77: "CTP:无此功能",
    80: "CTP:交易所不支持的价格类型",
    81: "CTP:错误的执行类型",
    83: "CTP:该合约不支持询价",
    85: "CTP:该合约不支持报价",
    86: "CTP:报价撤单找不到相应报价",
    87: "CTP:该期权合约不支持放弃执行",
    90: "CTP:查询未就绪，请稍后重试",
    91: "CTP:交易所返回的错误",
    103: "CTP:该交易所不支持批量撤单",
    106: "CTP:投资者限仓",
    113: "CTP:当前时间禁止询价",
    114: "CTP:当前价差禁止询价",
    116: "CTP:下单频率限制",
    131: "CTP:您当前密码为弱密码",
    140: "CTP:首次登录必须修改密码",
    141: "CTP:密码已过期，必须修改密码",
    142: "CTP:修改密码失败。新密码不允许与旧密码相同",
    146: "CTP:缺少InvestorID字段，请填入InvestorID",
    147: "CTP:缺少ExchangeID字段，请填入ExchangeID",
    148: "CTP:无效的ExchangeID字段，请填入正确的ExchangeID",
    149: "CTP:缺少AccountID字段，请填入AccountID",
    154: "CTP:查询核心忙，请稍后重试",
    157: "CTP:该交易所不支持撤销未知单",
    159: "CTP:超过个人预埋单最大量限制",
    160: "CTP:超过经纪公司预埋单最大量限制",
    161: "CTP:预埋单:不支持的触发类型",
    1000: "CTP:银期转账：发送机构代码错误",
    1002: "CTP:银期转账：不合法的转账银行",
    1004: "CTP:银期转账：未开户",
    1022: "CTP:银期转账：这一时间段不能转账",
    1035: "CTP:银期转账：该币种代码不支持",
    1040: "CTP:银期转账：银行账户不能为空",
    2001: "CTP:资金密码错误",
    2011: "CTP:资金账户不存在",
    2014: "CTP:转帐金额错误",
    2019: "CTP:转账卡号非预留银行账户",
    2050: "建行银期：密码与认证(业务错误)",
    2051: "建行银期：数量与限额(业务错误)",
    3041: "CTP:期权对冲,履约对冲:非期权合约",
    3042: "CTP:期权对冲,履约对冲:请求引用不合法",
    3043: "CTP:期权对冲,履约对冲:非法字段",
    3044: "CTP:期权对冲,履约对冲:撤销未找到记录",
    3045: "CTP:期权对冲,履约对冲:对冲状态不对，不能撤销",
    3046: "CTP:期权对冲,履约对冲:不能重复设置，只能先撤销再设置",
    3047: "CTP:报价不支持该投机套保类型",
    4050: "CTP:报价指定的顶单编号不合法（中金所）",
}
"""CTP's answers and the API's return values (-1, -2, -3): code -> message."""

BAD_REQUEST: Final = -400
NOT_LOGGED_IN: Final = -401
FORBIDDEN: Final = -403
NO_SUCH_REQUEST: Final = -404
NO_ANSWER: Final = -408
CONFLICT: Final = -409
TOO_MANY: Final = -429
NOT_READY: Final = -503

GATEWAY_ERRORS: Final[dict[int, str]] = {
    BAD_REQUEST: "参数有误",
    NOT_LOGGED_IN: "未登录",
    FORBIDDEN: "没有权限",
    NO_SUCH_REQUEST: "Webctp还未实现该方法",
    NO_ANSWER: "前置在规定时间内没有应答",
    CONFLICT: "与先前的请求冲突",
    TOO_MANY: "请求过多",
    NOT_READY: "前置未就绪",
}
"""The gateway's own codes, in the manner of the three that clients have always known."""

REPORTING: Final[Mapping[int, Text]] = {
    -1: english(
        "the length of the collected information is wrong (ClientSystemInfoLen). 采集信息长度有误"
    ),
    -2: english(
        "the information was not collected by CTP's own library. 不是由 CTP 采集库采集的信息"
    ),
    -3: english(
        "the AppID of the authentication is none of a many-to-many relay. "
        "认证所用 AppID 不是多对多中继"
    ),
    -4: english(
        "the AppID of the authentication is none of a one-to-many relay, or the user that logged "
        "in is no operator. 认证所用 AppID 不是一对多中继，或登录用户不是操作员"
    ),
    -5: english("the other fields hold characters that are not allowed. 其余字段含有不允许的字符"),
    -6: english("the result field of the collected information is wrong. 采集结果字段有误"),
    -7: english(
        "the information was collected with the key of the other mode: test and production "
        "libraries do not mix. 采集库与 API 的评测、生产模式不一致"
    ),
}
"""What the calls of relay reporting return (RegisterUserSystemInfo, SubmitUserSystemInfo)."""

NO_LOGIN_HERE: Final = english(
    "the front answers a login by OnRspError: are the trading and market-data ports mixed up, or "
    "is it another version of CTP (4040: ProductionMode)?"
)
"""What an OnRspError in the place of an authentication's or login's answer may mean."""

NOT_OPEN_YET: Final = frozenset({7, 8, 60, 90})
"""Refusals of an authentication or login that say "not now" rather than "not you"."""

PASSWORD_MUST_CHANGE: Final = frozenset({131, 140, 141})
"""Login refusals after which the connection serves ReqUserPasswordUpdate: the password was right,
but is weak, the first one, or out of date."""

NOT_THE_PASSWORD: Final = frozenset({143, 144, 145, 4042, 4043, 4060})
"""Refusals that speak of the address, a list or the centre, and not of the password."""

QUERY_BUSY: Final = frozenset({90, 154})
"""Refusals of a query that say "ask again": the flow control, or a busy query core."""

LOCKED: Final = 75
"""Too many wrong passwords in a row; nothing is compared until the broker lifts it."""

WRONG_OLD_PASSWORD: Final = frozenset({3, 14, LOCKED})
"""Refusals of a change of the password that count like those of a login."""


def is_wrong_password(code: int) -> bool:
    """Return whether a login's refusal may be due to its password."""
    return code > 0 and code not in (
        NOT_OPEN_YET | QUERY_BUSY | PASSWORD_MUST_CHANGE | NOT_THE_PASSWORD | {LOCKED}
    )


def message(code: int) -> str:
    """Return the text for ``code``, CTP's or the gateway's; its number where neither has it."""
    return GATEWAY_ERRORS.get(code) or ERRORS.get(code) or f"CTP:错误代码 {code}"
