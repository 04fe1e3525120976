"""What is fed: ticks, orders and instruments such as a front sends, as packed structs."""

import struct
import time
from functools import cache

from webctp.ctp import catalog
from webctp.ctp.codec import DBL_MAX, Layout, codec_for

_UNSET_PRICES = (
    *(f"{side}Price{level}" for side in ("Bid", "Ask") for level in range(2, 6)),
    *("ClosePrice", "SettlementPrice", "PreDelta", "CurrDelta"),
)


def instrument_id(number: int) -> str:
    """The name of an instrument."""
    return f"rb{2500 + number}"


INSERT = {
    "InstrumentID": instrument_id(0),
    "ExchangeID": "SHFE",
    "OrderPriceType": "2",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "CombHedgeFlag": "1",
    "LimitPrice": 3185.0,
    "VolumeTotalOriginal": 1,
    "TimeCondition": "3",
    "VolumeCondition": "1",
    "MinVolume": 1,
    "ContingentCondition": "1",
    "ForceCloseReason": "0",
}
"""An order as a client sends it."""


@cache
def tick_layout() -> Layout:
    """The layout of a tick."""
    return codec_for(catalog.market_data().module).layout("CThostFtdcDepthMarketDataField")


@cache
def order_layout() -> Layout:
    """The layout of an order."""
    return codec_for(catalog.trading().module).layout("CThostFtdcOrderField")


def tick(number: int) -> bytearray:
    """A tick of an instrument as SHFE sends it: one level of depth, the others unset."""
    layout = tick_layout()
    packed = bytearray(
        layout.pack(
            {
                "TradingDay": "20260803",
                "ExchangeID": "SHFE",
                "LastPrice": 3185.0 + number,
                "PreSettlementPrice": 3172.0,
                "PreClosePrice": 3179.0,
                "PreOpenInterest": 1693821.0,
                "OpenPrice": 3180.0,
                "HighestPrice": 3196.0,
                "LowestPrice": 3169.0,
                "OpenInterest": 1701253.0,
                "UpperLimitPrice": 3425.0,
                "LowerLimitPrice": 2918.0,
                "UpdateTime": "10:31:27",
                "UpdateMillisec": 500,
                "BidPrice1": 3184.0 + number,
                "BidVolume1": 217,
                "AskPrice1": 3185.0 + number,
                "AskVolume1": 96,
                "AveragePrice": 31827.53,
                "ActionDay": "20260803",
                "InstrumentID": instrument_id(number),
            }
        )
    )
    for name in _UNSET_PRICES:
        struct.pack_into("<d", packed, layout.by_name[name].offset, DBL_MAX)
    return packed


class Ticks:
    """Ticks of ``instruments`` instruments in turn: numbered in Volume, stamped in Turnover.

    The stamp is ``time.monotonic()``, which all processes of a machine share.
    """

    def __init__(self, instruments: int) -> None:
        layout = tick_layout()
        self.size = layout.size
        self._ring = [tick(number) for number in range(instruments)]
        self._volume = layout.by_name["Volume"].offset
        self._turnover = layout.by_name["Turnover"].offset
        self.sequence = 0

    def next(self, count: int) -> bytes:
        """The next ``count`` ticks, stamped now."""
        ring, size = self._ring, len(self._ring)
        now = time.monotonic()
        taken = []
        for sequence in range(self.sequence + 1, self.sequence + count + 1):
            one = ring[sequence % size]
            struct.pack_into("<i", one, self._volume, sequence)
            struct.pack_into("<d", one, self._turnover, now)
            taken.append(bytes(one))
        self.sequence += count
        return b"".join(taken)


def order(sequence: int) -> bytes:
    """An order's return, numbered in VolumeTotal; when it comes is written to LimitPrice."""
    return order_layout().pack(
        {
            "BrokerID": "9999",
            "InvestorID": "bench",
            "InstrumentID": instrument_id(0),
            "OrderRef": str(sequence),
            "ExchangeID": "SHFE",
            "OrderSysID": f"{sequence:>12}",
            "OrderStatus": "3",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "VolumeTotalOriginal": 1,
            "VolumeTotal": sequence,
            "StatusMsg": "未成交",
            "TradingDay": "20260803",
            "InsertTime": "10:31:27",
        }
    )


@cache
def instruments(count: int) -> bytes:
    """Instruments, one struct after the other, as a query of all of them is answered."""
    layout = codec_for(catalog.trading().module).layout("CThostFtdcInstrumentField")
    one = bytearray(
        layout.pack(
            {
                "ExchangeID": "SHFE",
                "InstrumentName": "螺纹钢",
                "ProductID": "rb",
                "ProductClass": "1",
                "DeliveryYear": 2027,
                "DeliveryMonth": 1,
                "MaxLimitOrderVolume": 500,
                "VolumeMultiple": 10,
                "PriceTick": 1.0,
                "CreateDate": "20260116",
                "OpenDate": "20260116",
                "ExpireDate": "20270115",
                "IsTrading": 1,
                "LongMarginRatio": 0.13,
                "ShortMarginRatio": 0.13,
            }
        )
    )
    struct.pack_into("<d", one, layout.by_name["StrikePrice"].offset, DBL_MAX)
    at = layout.by_name["InstrumentID"].offset
    packed = bytearray()
    for number in range(count):
        name = instrument_id(number).encode()
        packed += one
        packed[number * layout.size + at : number * layout.size + at + len(name)] = name
    return bytes(packed)
