"""What bars need of a tick: its figures, and the moment it speaks of.

A tick's dates cannot be taken as they stand: at night ``TradingDay`` is the next trading day's,
DCE's ``ActionDay`` repeats it, and CZCE may give the day by the clock for both. All moments are
naive datetimes in China Standard Time.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from webctp.ctp.codec import DBL_MAX, Layout, format_of, text_of
from webctp.exchanges import products
from webctp.exchanges.calendar import ROLL, TradingCalendar
from webctp.exchanges.products import Product
from webctp.exchanges.spelling import symbol_of

_FIELDS: Final = (
    *("TradingDay", "InstrumentID", "ExchangeID", "LastPrice", "OpenPrice", "HighestPrice"),
    *("LowestPrice", "Volume", "Turnover", "OpenInterest", "UpdateTime", "UpdateMillisec"),
    "ActionDay",
)
_MOMENTS_KEPT: Final = 4_096
_MORNING: Final = 8
"""Before this hour it is still the night session's night."""
_SYMBOL: Final = re.compile(r"([A-Za-z]+)\d{3,4}(?:F|-?[CP]-?\d.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick's figures; prices and amounts that are not set are None.

    ``stamp`` are the raw bytes that tell its second, see :class:`Moments`.
    """

    instrument_id: str
    exchange_id: str
    trading_day: str
    stamp: tuple[bytes, bytes, bytes]
    millisec: int
    last: float | None
    open: float | None
    high: float | None
    low: float | None
    volume: int
    turnover: float | None
    open_interest: float | None


def reader(layout: Layout) -> Callable[[bytes], Tick]:
    """A function from the bytes of a ``CThostFtdcDepthMarketDataField`` to its figures."""
    fields = tuple(field for field in layout.fields if field.name in _FIELDS)
    unpack = struct.Struct(format_of(fields, layout.size)).unpack
    at = {field.name: place for place, field in enumerate(fields)}
    order = tuple(at[name] for name in _FIELDS)

    def read(raw: bytes) -> Tick:
        cells = unpack(raw)
        day, name, exchange, last, first, high, low, volume, turnover, held, time, ms, action = (
            cells[place] for place in order
        )
        return Tick(
            instrument_id=text_of(name),
            exchange_id=text_of(exchange),
            trading_day=text_of(day),
            stamp=(day, action, time),
            millisec=ms,
            last=_number(last),
            open=_number(first),
            high=_number(high),
            low=_number(low),
            volume=volume,
            turnover=_number(turnover),
            open_interest=_number(held),
        )

    return read


class Moments:
    """The moments of ticks; the ticks of a second share one look."""

    def __init__(self, calendar: TradingCalendar) -> None:
        self._calendar = calendar
        self._seconds: dict[tuple[bytes, bytes, bytes, bool], datetime | None] = {}

    def of(self, tick: Tick, exchange_id: str) -> datetime | None:
        """When the tick was, by China's clocks; None if what it says is no time."""
        key = (*tick.stamp, exchange_id == "CZCE")
        try:
            second = self._seconds[key]
        except KeyError:
            if len(self._seconds) >= _MOMENTS_KEPT:
                self._seconds.clear()
            second = self._seconds[key] = self._second(tick, by_the_clock=key[3])
        if second is None or not 0 <= tick.millisec < 1000:
            return second
        return second + timedelta(milliseconds=tick.millisec)

    def _second(self, tick: Tick, *, by_the_clock: bool) -> datetime | None:
        day, action, time = (text_of(part) for part in tick.stamp)
        try:
            traded = datetime.strptime(f"{day} {time}", "%Y%m%d %H:%M:%S")
        except ValueError:
            return None
        if _MORNING <= traded.hour < ROLL.hour:
            return traded
        if action and (action != day or by_the_clock):
            try:
                return datetime.strptime(f"{action} {time}", "%Y%m%d %H:%M:%S")
            except ValueError:
                return None
        evening = self._calendar.previous_trading_day(traded.date())
        night = evening if traded.hour >= ROLL.hour else evening + timedelta(days=1)
        return datetime.combine(night, traded.time())


@cache
def _products() -> dict[str, Product]:
    """Products by the letters that begin their instruments; options trade when futures do."""
    found: dict[str, Product] = {}
    for product in products.default().values():
        found.setdefault(symbol_of(product.product_id), product)
    return found


def product_of(instrument_id: str) -> Product | None:
    """The product whose sessions an instrument trades in, None for one not known."""
    spelled = _SYMBOL.fullmatch(instrument_id)
    return None if spelled is None else _products().get(spelled[1])


def _number(value: float) -> float | None:
    return value if -DBL_MAX < value < DBL_MAX else None
