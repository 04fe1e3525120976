"""Refusals: by CTP with an ErrorID, by an exchange with a text in StatusMsg."""

from typing import Final

OTHER_SESSION: Final = 2
NOT_LOGGED_IN: Final = 6
NO_RIGHT: Final = 9
BAD_LOGIN: Final = 3
NOT_INITIALIZED: Final = 7
NO_SUCH_BROKER: Final = 12
NO_SUCH_USER: Final = 11
NO_SUCH_INVESTOR: Final = 13
WRONG_OLD_PASSWORD: Final = 14
BAD_ORDER_FIELD: Final = 15
NO_SUCH_INSTRUMENT: Final = 16
NOT_TRADABLE: Final = 17
DUPLICATE_ORDER: Final = 22
BAD_ACTION_FIELD: Final = 23
ALREADY_CANCELING: Final = 24
NO_SUCH_ORDER: Final = 25
ORDER_ENDED: Final = 26
NOT_SUPPORTED: Final = 27
NO_TRADING_RIGHT: Final = 28
CLOSE_ONLY: Final = 29
OVER_POSITION: Final = 30
NO_MONEY: Final = 31
EXCHANGE_TOO_FAST: Final = 41
NOT_CONFIRMED: Final = 42
NO_SUCH_PARKED: Final = 45
PARKED_SENT: Final = 46
PARKED_DELETED: Final = 47
OVER_TODAY: Final = 50
OVER_YESTERDAY: Final = 51
TOO_MANY_CONDITIONS: Final = 53
TOO_MANY_SESSIONS: Final = 60
BAD_HEDGE: Final = 61
BAD_AUTHENTICATION: Final = 63
NOT_AUTHENTICATED: Final = 64
ONLY_SPECULATION: Final = 66
REPEATED_EXERCISE: Final = 67
NO_OPTION: Final = 69
BAD_EXERCISE: Final = 71
EXERCISE_WITHDRAWN: Final = 72
NO_SUCH_EXERCISE: Final = 73
OVER_EXERCISE: Final = 74
NO_SWAPS: Final = 65
LOCKED: Final = 75
NO_SUCH_FUNCTION: Final = 77
BAD_PRICE_TYPE: Final = 80
BAD_EXERCISE_TYPE: Final = 81
NO_FOR_QUOTE: Final = 83
NO_QUOTE: Final = 85
NO_SUCH_QUOTE: Final = 86
NO_ABANDON: Final = 87
NOT_READY: Final = 90
BY_EXCHANGE: Final = 91
NO_BATCHES: Final = 103
OVER_LIMIT: Final = 106
TOO_SOON: Final = 113
SPREAD_TOO_SMALL: Final = 114
TOO_FAST: Final = 116
WEAK_PASSWORD: Final = 131
FIRST_LOGIN: Final = 140
EXPIRED_PASSWORD: Final = 141
SAME_PASSWORD: Final = 142
ADDRESS_BARRED: Final = 143
NO_INVESTOR: Final = 146
NO_EXCHANGE: Final = 147
BAD_EXCHANGE: Final = 148
NO_ACCOUNT_ID: Final = 149
NO_MONEY_TO_SPLIT: Final = 153
UNKNOWN_STATE: Final = 157
TOO_MANY_PARKED: Final = 159
PARKED_CONDITION: Final = 161
SELF_CLOSE_NO_OPTION: Final = 3041
BAD_SELF_CLOSE_REF: Final = 3042
BAD_SELF_CLOSE: Final = 3043
NO_SUCH_SELF_CLOSE: Final = 3044
SELF_CLOSE_ENDED: Final = 3045
SELF_CLOSE_TWICE: Final = 3046
BAD_QUOTE_HEDGE: Final = 3047
BAD_REPLACED: Final = 4050

# Of banks and transfers.
NO_SUCH_BRANCH: Final = 1000
NO_SUCH_BANK: Final = 1002
NOT_SIGNED_UP: Final = 1004
NOT_NOW: Final = 1022
OTHER_CURRENCY: Final = 1035
NO_BANK_ACCOUNT: Final = 1040
WRONG_FUND_PASSWORD: Final = 2001
NO_SUCH_ACCOUNT: Final = 2011
BAD_AMOUNT: Final = 2014
NOT_ITS_ACCOUNT: Final = 2019
BANK_PASSWORD: Final = 2050
BANK_SHORT: Final = 2051
AUTHENTICATION_BARRED: Final = 4060

CLOSED_NOW: Final = "当前状态禁止此项操作"
TRADED_OR_CANCELED: Final = "报单已全成交或已撤销，不能再撤"
ABOVE_LIMIT: Final = "价格涨破涨停板"
BELOW_LIMIT: Final = "价格跌破跌停板"
OFF_TICK: Final = "价格非最小单位倍数"
BAD_KIND: Final = "不被支持的报单类型"
ONLY_IMMEDIATE: Final = "出错:不支持无限制期权组合订单"
BAD_VOLUME: Final = "报单数量不在允许的范围内"
NOT_FOUND_THERE: Final = "出错: 所撤委托单没有找到"
ASK_BELOW_BID: Final = "卖价必须大于买价"
NOT_DUE: Final = "不在宣告期内"


class Refused(Exception):
    """CTP refuses a request; ``code`` is its ErrorID, ``more`` ends the answer's ErrorMsg."""

    def __init__(self, code: int, more: str = "") -> None:
        super().__init__(f"refused with {code}")
        self.code = code
        self.more = more
