"""What a portfolio reads of CTP's structs, by callback and by query."""

from collections.abc import Mapping, Sequence
from typing import Final

from webctp.upstream.portfolio.facts import (
    COMMISSION,
    DEPTH,
    INSTRUMENT,
    MARGIN,
    OPTION_COMMISSION,
    OPTION_COST,
    Row,
)

ORDER: Final = "OnRtnOrder"
TRADE: Final = "OnRtnTrade"
TRANSFERS: Final[Mapping[str, int]] = {
    "OnRtnFromBankToFutureByFuture": 1,
    "OnRtnFromBankToFutureByBank": 1,
    "OnRtnFromFutureToBankByFuture": -1,
    "OnRtnFromFutureToBankByBank": -1,
}
"""Pushes of transfers, and whether they put money in (1) or take it out (-1)."""
UNCLEAR: Final = frozenset(
    {
        *("OnRtnExecOrder", "OnRtnOptionSelfClose", "OnRtnCombAction"),
        *("OnRtnRepealFromBankToFutureByBank", "OnRtnRepealFromFutureToBankByBank"),
        *("OnRtnRepealFromBankToFutureByFuture", "OnRtnRepealFromFutureToBankByFuture"),
        *(
            "OnRtnRepealFromBankToFutureByFutureManual",
            "OnRtnRepealFromFutureToBankByFutureManual",
        ),
    }
)
"""Pushes after which only a query tells what they have come to."""
COMBINES: Final = "OnRtnCombAction"
EXERCISES: Final = frozenset({"OnRtnExecOrder", "OnRtnOptionSelfClose"})

POSITIONS: Final = "ReqQryInvestorPosition"
DETAILS: Final = "ReqQryInvestorPositionDetail"
ACCOUNT: Final = "ReqQryTradingAccount"
PARAMS: Final = "ReqQryBrokerTradingParams"
ORDERS: Final = "ReqQryOrder"
TRADES: Final = "ReqQryTrade"

_ORDER: Final = (
    *("FrontID", "SessionID", "OrderRef", "ExchangeID", "TraderID", "OrderLocalID"),
    *("InvestorID", "TradingDay", "InstrumentID", "OrderStatus", "VolumeTotal", "Direction"),
    *("CombOffsetFlag", "CombHedgeFlag", "OrderPriceType", "LimitPrice"),
)
_TRADE: Final = (
    *("InvestorID", "TradingDay", "ExchangeID", "TradeID", "Direction", "OrderSysID"),
    *("OffsetFlag", "Price", "Volume", "TradeTime", "InstrumentID", "HedgeFlag", "TradeType"),
)
_RATES: Final = tuple(
    f"{kind}RatioBy{by}" for kind in ("Open", "Close", "CloseToday") for by in ("Money", "Volume")
)

_TRANSFER: Final = ("AccountID", "TradeAmount", "CurrencyID", "ErrorID", "TransferStatus")

PUSHED: Final[Mapping[str, tuple[str, ...]]] = {
    ORDER: _ORDER,
    TRADE: _TRADE,
    **dict.fromkeys(TRANSFERS, _TRANSFER),
}
"""By callback, the fields that are read."""

ANSWERED: Final[Mapping[str, tuple[str, ...]]] = {
    ORDERS: _ORDER,
    TRADES: _TRADE,
    POSITIONS: (
        *("InstrumentID", "PosiDirection", "HedgeFlag", "PositionDate", "Position", "YdPosition"),
        *("TodayPosition", "OpenVolume", "CloseVolume", "OpenAmount", "CloseAmount"),
        *("PositionCost", "OpenCost", "CloseProfitByDate", "CloseProfitByTrade", "Commission"),
        *("CashIn", "StrikeFrozen", "AbandonFrozen", "CombPosition", "PreSettlementPrice"),
    ),
    DETAILS: (
        *("InstrumentID", "Direction", "HedgeFlag", "OpenDate", "TradeID", "Volume"),
        *("TimeFirstVolume", "CloseVolume", "OpenPrice", "LastSettlementPrice"),
    ),
    ACCOUNT: (
        *("PreBalance", "PreMargin", "Deposit", "Withdraw", "CurrMargin", "FrozenMargin"),
        *("FrozenCommission", "FrozenCash", "Commission", "CloseProfit", "PositionProfit"),
        *("CashIn", "Balance", "Available", "CurrencyID"),
    ),
    PARAMS: ("MarginPriceType", "Algorithm", "AvailIncludeCloseProfit"),
    INSTRUMENT: (
        *("InstrumentID", "ExchangeID", "ProductID", "ProductClass", "VolumeMultiple"),
        *("PositionDateType", "MaxMarginSideAlgorithm"),
    ),
    COMMISSION: ("InstrumentID", *_RATES),
    OPTION_COMMISSION: ("InstrumentID", *_RATES),
    MARGIN: (
        "InstrumentID",
        *(f"{side}MarginRatioBy{by}" for side in ("Long", "Short") for by in ("Money", "Volume")),
    ),
    OPTION_COST: ("InstrumentID", "FixedMargin", "MiniMargin"),
    DEPTH: ("InstrumentID", "PreSettlementPrice", "UpperLimitPrice", "LastPrice"),
}
"""By query, the fields that are read of its rows."""

YUAN: Final = frozenset({"", "CNY"})
"""CurrencyIDs of the account that a portfolio is: one in yuan."""


def in_yuan(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the account in yuan, of what may be several currencies; nothing for none."""
    return [row for row in rows if str(row["CurrencyID"]).strip() in YUAN][:1]
