"""CTP's values and vn.py's, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vnpy.trader.constant import (
    Direction,
    Exchange,
    Interval,
    Offset,
    OptionType,
    OrderType,
    Product,
    Status,
)

from webctp_client import enums

EXCHANGES: Final[Mapping[str, Exchange]] = {
    one.value: one
    for one in (
        Exchange.CFFEX,
        Exchange.SHFE,
        Exchange.CZCE,
        Exchange.DCE,
        Exchange.INE,
        Exchange.GFEX,
    )
}

PRODUCTS: Final[Mapping[str, Product]] = {
    enums.ProductClass.Futures.value: Product.FUTURES,
    enums.ProductClass.Options.value: Product.OPTION,
    enums.ProductClass.SpotOption.value: Product.OPTION,
    enums.ProductClass.Combination.value: Product.SPREAD,
}

OPTION_TYPES: Final[Mapping[str, OptionType]] = {
    enums.OptionsType.CallOptions.value: OptionType.CALL,
    enums.OptionsType.PutOptions.value: OptionType.PUT,
}

TO_DIRECTION: Final[Mapping[Direction | None, str]] = {Direction.LONG: "0", Direction.SHORT: "1"}
DIRECTIONS: Final[Mapping[str, Direction]] = {"0": Direction.LONG, "1": Direction.SHORT}
SIDES: Final[Mapping[str, Direction]] = {"2": Direction.LONG, "3": Direction.SHORT}
"""PosiDirection; a net position (1) is of no futures exchange."""

TO_OFFSET: Final[Mapping[Offset, str]] = {
    Offset.OPEN: "0",
    Offset.CLOSE: "1",
    Offset.CLOSETODAY: "3",
    Offset.CLOSEYESTERDAY: "4",
}
OFFSETS: Final[Mapping[str, Offset]] = {value: offset for offset, value in TO_OFFSET.items()}

STATUSES: Final[Mapping[str, Status]] = {
    "0": Status.ALLTRADED,
    "1": Status.PARTTRADED,
    "2": Status.CANCELLED,  # a part has traded, and the rest is in no queue
    "3": Status.NOTTRADED,
    "4": Status.CANCELLED,
    "5": Status.CANCELLED,
    "a": Status.SUBMITTING,
    "b": Status.NOTTRADED,
    "c": Status.NOTTRADED,
}

PERIODS: Final[Mapping[Interval | None, str]] = {
    Interval.MINUTE: "1m",
    Interval.HOUR: "1h",
    Interval.DAILY: "1d",
}

_LIMIT, _ANY, _FIVE_LEVELS = "2", "1", "G"
_IOC, _DAY = "1", "3"
_SOME, _ALL = "1", "3"

Terms = tuple[str, str, str]
"""OrderPriceType, TimeCondition, VolumeCondition."""

_TERMS: Final[Mapping[OrderType, Terms]] = {
    OrderType.LIMIT: (_LIMIT, _DAY, _SOME),
    OrderType.FAK: (_LIMIT, _IOC, _SOME),
    OrderType.FOK: (_LIMIT, _IOC, _ALL),
}
_MARKET: Final[Mapping[Exchange, Terms]] = {
    Exchange.CFFEX: (_FIVE_LEVELS, _IOC, _SOME),
    Exchange.CZCE: (_ANY, _DAY, _ALL),
    Exchange.DCE: (_ANY, _IOC, _SOME),
    Exchange.GFEX: (_ANY, _IOC, _SOME),
}
"""The exchanges' market orders, each in the form that it takes; SHFE and INE take none."""


def terms_of(order_type: OrderType, exchange: Exchange) -> Terms | None:
    """Return what CTP calls an order's type on an exchange; None where it takes no such order."""
    if order_type is OrderType.MARKET:
        return _MARKET.get(exchange)
    return _TERMS.get(order_type)


def type_of(price_type: str, time_condition: str, volume_condition: str) -> OrderType:
    """Return vn.py's type of an order; one that vn.py has no word for is a limit order."""
    if price_type != _LIMIT:
        return OrderType.MARKET
    if time_condition != _IOC:
        return OrderType.LIMIT
    return OrderType.FOK if volume_condition == _ALL else OrderType.FAK
