"""Builders of CTP's structs for tests: an order, a trade, a tick, a position.

Each gives a :class:`Row`: fields by CTP's names, with what a front would fill in for a lot of an
ordinary future. Keywords set other fields; those of a request can be taken over as a whole::

    order("rb2701", OrderStatus="0", VolumeTraded=1, VolumeTotal=0)
    order(request=front.last("ReqOrderInsert").values, OrderSysID="42")
"""

import difflib
from collections.abc import Mapping
from typing import Any, Final

from webctp.ctp import binding
from webctp.ctp.codec import DBL_MAX, codec_for
from webctp.exchanges import productfile
from webctp.testing.front import TRADING_DAY

INSTRUMENT: Final = "rb2405"
BROKER: Final = "9999"
USER: Final = "user"
TIME: Final = "10:15:00"

_LEVELS: Final = range(2, 6)
"""Levels of the book below the first: unset in the ticks of most exchanges."""


class Row(dict[str, Any]):
    """The fields of one struct by their names, checked against the binding's own layout.

    ``struct`` is its name (``CThostFtdcOrderField``). A row is what ``FakeFront.push`` and
    ``FakeFront.on(..., answer=...)`` take; compare it with a part of a message as any dictionary.

    :raises TypeError: for a field that the struct does not have, with the nearest one that it has.
    :raises webctp.ctp.codec.CodecError: for a value that does not fit its field.
    """

    def __init__(self, struct: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.struct = struct
        self._layout = codec_for(_module_of(struct)).layout(struct)
        for name in values:
            if name not in self._layout.by_name:
                raise TypeError(_unknown(struct, name, list(self._layout.by_name)))
        self.raw()

    def raw(self) -> bytes:
        """Return the struct's memory, as the native library would hand it over."""
        return self._layout.pack(self)


def order(
    instrument: str = INSTRUMENT, *, request: Mapping[str, Any] | None = None, **fields: Any
) -> Row:
    """Build an order (报单, ``OrderField``): one lot, bought to open, resting at the exchange.

    :param request: fields of an ``InputOrder`` that are taken over; others of it are left out.
    """
    known = binding.load().trading_codec.layout("CThostFtdcOrderField").by_name
    # RequestID of a struct is the front's own business: clients never see theirs in it.
    taken = {name: value for name, value in (request or {}).items() if name in known and value}
    volume = int(fields.get("VolumeTotalOriginal", taken.get("VolumeTotalOriginal", 1)))
    values = {
        **_owner(taken.get("InstrumentID", instrument)),
        "OrderRef": "1",
        "FrontID": 1,
        "SessionID": 1,
        "OrderPriceType": "2",
        "Direction": "0",
        "CombOffsetFlag": "0",
        "CombHedgeFlag": "1",
        "LimitPrice": 3500.0,
        "VolumeTotalOriginal": volume,
        "VolumeTotal": volume - int(fields.get("VolumeTraded", 0)),
        "TimeCondition": "3",
        "VolumeCondition": "1",
        "MinVolume": 1,
        "ContingentCondition": "1",
        "ForceCloseReason": "0",
        "OrderLocalID": "1",
        "OrderSysID": "1",
        "OrderSubmitStatus": "3",
        "OrderStatus": "3",
        "InsertDate": TRADING_DAY,
        "InsertTime": TIME,
        "StatusMsg": "未成交",
        **taken,
        **fields,
    }
    return Row("CThostFtdcOrderField", values)


def trade(
    instrument: str = INSTRUMENT, *, of: Mapping[str, Any] | None = None, **fields: Any
) -> Row:
    """Build a trade (成交, ``TradeField``): one lot, bought to open.

    :param of: an order whose references, side and price the trade has.
    """
    given = of or {}
    same = ("BrokerID", "InvestorID", "UserID", "OrderRef", "OrderSysID", "OrderLocalID")
    taken = {name: given[name] for name in (*same, "Direction", "ExchangeID") if name in given}
    values = {
        **_owner(given.get("InstrumentID", instrument)),
        "OrderRef": "1",
        "OrderLocalID": "1",
        "OrderSysID": "1",
        "TradeID": "1",
        "Direction": "0",
        "OffsetFlag": str(given.get("CombOffsetFlag", "0"))[:1],
        "HedgeFlag": str(given.get("CombHedgeFlag", "1"))[:1],
        "Price": given.get("LimitPrice", 3500.0),
        "Volume": given.get("VolumeTotalOriginal", 1),
        "TradeDate": TRADING_DAY,
        "TradeTime": TIME,
        "TradeType": "0",
        **taken,
        **fields,
    }
    return Row("CThostFtdcTradeField", values)


def position(instrument: str = INSTRUMENT, **fields: Any) -> Row:
    """Build a position (持仓, ``InvestorPositionField``): one lot, long, opened today."""
    owner = _owner(instrument)
    del owner["UserID"]
    held = int(fields.get("Position", 1))
    values = {
        **owner,
        "PosiDirection": "2",
        "HedgeFlag": "1",
        "PositionDate": "1",
        "Position": held,
        "TodayPosition": held - int(fields.get("YdPosition", 0)),
        "OpenVolume": held,
        **fields,
    }
    return Row("CThostFtdcInvestorPositionField", values)


def tick(instrument: str = INSTRUMENT, price: float = 3500.0, **fields: Any) -> Row:
    """Build a tick (行情, ``DepthMarketDataField``) with one level of the book around ``price``.

    Prices that a front leaves unset hold CTP's own "unset", ``DBL_MAX``; ExchangeID is empty, as
    ordinary fronts leave it.
    """
    unset = dict.fromkeys(("ClosePrice", "SettlementPrice", "PreDelta", "CurrDelta"), DBL_MAX)
    for level in _LEVELS:
        unset |= {f"BidPrice{level}": DBL_MAX, f"AskPrice{level}": DBL_MAX}
    values = {
        **unset,
        "InstrumentID": instrument,
        "TradingDay": TRADING_DAY,
        "ActionDay": TRADING_DAY,
        "UpdateTime": TIME,
        "LastPrice": price,
        "PreSettlementPrice": price,
        "PreClosePrice": price,
        "OpenPrice": price,
        "HighestPrice": price,
        "LowestPrice": price,
        "UpperLimitPrice": round(price * 1.1),
        "LowerLimitPrice": round(price * 0.9),
        "BidPrice1": price - 1,
        "BidVolume1": 10,
        "AskPrice1": price + 1,
        "AskVolume1": 10,
        "Volume": 100,
        "Turnover": price * 1000,
        "OpenInterest": 1000.0,
        "AveragePrice": price * 10,
        **fields,
    }
    return Row("CThostFtdcDepthMarketDataField", values)


def _owner(instrument: str) -> dict[str, Any]:
    """Return the fields that say whose a row is, and of what."""
    return {
        "BrokerID": BROKER,
        "InvestorID": USER,
        "UserID": USER,
        "InstrumentID": instrument,
        "ExchangeID": _exchange(instrument),
        "TradingDay": TRADING_DAY,
    }


def _exchange(instrument: str) -> str:
    """Return the exchange's CTP name; empty for a product that webctp does not list."""
    letters = instrument[: next((at for at, one in enumerate(instrument) if one.isdigit()), 0)]
    product = productfile.default().get(letters)
    return "" if product is None else product.exchange_id


def _module_of(struct: str) -> Any:
    market = struct == "CThostFtdcDepthMarketDataField"
    loaded = binding.load()
    return (loaded.market if market else loaded.trading).module


def _unknown(struct: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{name} is no field of {struct}{hint}"
