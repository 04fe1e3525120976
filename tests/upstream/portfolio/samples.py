"""Rows and facts for the tests of the portfolio: a future of SHFE, one of DCE, an option."""

from typing import Any

from webctp.ctp import catalog
from webctp.ctp.codec import codec_for
from webctp.testing import rows
from webctp.upstream.portfolio.facts import (
    COMMISSION,
    DEPTH,
    INSTRUMENT,
    MARGIN,
    OPTION_COMMISSION,
    OPTION_COST,
    Facts,
    Need,
    Row,
)
from webctp.upstream.portfolio.portfolio import Portfolio

DAY = "20240102"
BEFORE = "20240101"
"""The trading day of rows, and the one before."""
CU, M, CALL = "cu2405", "m2405", "m2405-C-3000"
_LAYOUT = codec_for(catalog.trading().module).layout
_EXCHANGES = {CU: "SHFE", M: "DCE", CALL: "DCE"}
_SIZES = {CU: 5, M: 10, CALL: 10}


def unpacked(struct: str, **values: Any) -> Row:
    """A struct as a session unpacks it."""
    layout = _LAYOUT(struct)
    return layout.unpack(layout.pack(values))


def order(name: str = CU, **fields: Any) -> Row:
    """A RtnOrder: a lot bought to open at 70,000, resting, its OrderLocalID as its OrderRef."""
    values = {"LimitPrice": 70_000.0, "OrderLocalID": fields.get("OrderRef", "1"), **fields}
    row = rows.order(name, ExchangeID=_EXCHANGES[name], TradingDay=DAY, **values)
    return unpacked(row.struct, **row)


def trade(name: str = CU, **fields: Any) -> Row:
    """A RtnTrade: a lot bought to open at 70,000."""
    values = {"Price": 70_000.0, **fields}
    row = rows.trade(name, ExchangeID=_EXCHANGES[name], TradingDay=DAY, **values)
    return unpacked(row.struct, **row)


def detail(name: str = CU, *, volume: int, **fields: Any) -> Row:
    """A lot of before the day, bought at 69,000 and settled at 69,500."""
    values = {
        "InstrumentID": name,
        "ExchangeID": _EXCHANGES[name],
        "Direction": "0",
        "HedgeFlag": "1",
        "OpenDate": BEFORE,
        "TradingDay": DAY,
        "TradeID": "7",
        "OpenPrice": 69_000.0,
        "LastSettlementPrice": 69_500.0,
        "Volume": volume,
        "TimeFirstVolume": volume,
        **fields,
    }
    return unpacked("CThostFtdcInvestorPositionDetailField", **values)


def account(**fields: Any) -> Row:
    """A TradingAccount of a million yuan."""
    values = {"PreBalance": 1e6, "Balance": 1e6, "Available": 1e6, **fields}
    return unpacked("CThostFtdcTradingAccountField", **values)


def facts() -> Facts:
    """What CTP says of the three instruments.

    Margins are a tenth; opening costs 5 yuan, closing 3, closing today's 1.
    """
    found = Facts()
    for name, exchange in _EXCHANGES.items():
        found.take(
            Need(INSTRUMENT, name),
            unpacked(
                "CThostFtdcInstrumentField",
                InstrumentID=name,
                ExchangeID=exchange,
                ProductID=name[: 1 if name != CU else 2],
                ProductClass="2" if name == CALL else "1",
                VolumeMultiple=_SIZES[name],
                PositionDateType="1" if name == CU else "2",
                MaxMarginSideAlgorithm="1" if name == CU else "0",
            ),
        )
        query = OPTION_COMMISSION if name == CALL else COMMISSION
        found.take(
            Need(query, name),
            unpacked(
                "CThostFtdcInstrumentCommissionRateField",
                OpenRatioByVolume=5.0,
                CloseRatioByVolume=3.0,
                CloseTodayRatioByVolume=1.0,
            ),
        )
        price = 50.0 if name == CALL else 69_500.0
        found.take(
            Need(DEPTH, name),
            unpacked(
                "CThostFtdcDepthMarketDataField",
                InstrumentID=name,
                PreSettlementPrice=price,
                LastPrice=price,
                UpperLimitPrice=price * 2,
            ),
        )
        found.take(
            Need(MARGIN, name, "1"),
            unpacked(
                "CThostFtdcInstrumentMarginRateField",
                LongMarginRatioByMoney=0.1,
                ShortMarginRatioByMoney=0.1,
            ),
        )
    found.take(
        Need(OPTION_COST, CALL, "1"),
        unpacked("CThostFtdcOptionInstrTradeCostField", FixedMargin=2_000.0, MiniMargin=2_600.0),
    )
    return found


def portfolio(*details: Row) -> Portfolio:
    """A portfolio of a million yuan that began the day with some lots."""
    found = Portfolio(DAY, facts())
    found.seed((), details)
    found.account.seed(account())
    return found
