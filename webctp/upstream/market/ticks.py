"""Read from a tick what bars need: its figures, and the moment it is of.

A tick's dates cannot be taken as they stand: at night ``TradingDay`` is the next trading day's,
DCE's ``ActionDay`` repeats it, CZCE gives the day by the clock for both, and each morning CZCE
sends the closing tick of the night once more, dated today. What settles it is the time of
reception: a tick cannot tell of a moment that is still to come. All moments are naive datetimes in
China Standard Time.
"""

import re
import struct
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from webctp.ctp.codec import DBL_MAX, Layout, format_of, text_of
from webctp.exchanges import productfile
from webctp.exchanges.calendar import TradingCalendar
from webctp.exchanges.products import Product
from webctp.exchanges.spelling import symbol_of
from webctp.exchanges.tickdays import MORNING, is_night, night_of

_FIELDS: Final = (
    *("TradingDay", "InstrumentID", "ExchangeID", "LastPrice", "OpenPrice", "HighestPrice"),
    *("LowestPrice", "Volume", "Turnover", "OpenInterest", "UpdateTime", "UpdateMillisec"),
    "ActionDay",
)
_new: Final = tuple.__new__
_MOMENTS_KEPT: Final = 4_096
_TEXTS_KEPT: Final = 65_536
_DAY: Final = timedelta(days=1)
AHEAD: Final = timedelta(minutes=10)
"""How far an exchange's clock may be ahead of the front's reception of a tick."""
# A future, an option on it, or an option of a weekly or short series (m2701-MS-C-3000).
_SYMBOL: Final = re.compile(r"([A-Za-z]+)\d{3,4}(?:F|(?:-?MS)?-?[CP]-?\d.*)?", re.ASCII)


class Tick(NamedTuple):
    """A tick's figures; prices and amounts that are not set are None.

    ``stamp`` are the raw bytes that tell its second, see :class:`Moments`.
    """

    instrument_id: str
    exchange_id: str
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
    """Return a function that reads a tick's figures from ``CThostFtdcDepthMarketDataField``."""
    fields = tuple(field for field in layout.fields if field.name in _FIELDS)
    unpack = struct.Struct(format_of(fields, layout.size)).unpack
    at = {field.name: place for place, field in enumerate(fields)}
    order = tuple(at[name] for name in _FIELDS)

    pick, texts = itemgetter(*order), _Texts()

    # Each tick of which bars are made is read here: with a frozen dataclass, texts decoded anew
    # and a call for each number bars took half as long again.
    def read(raw: bytes) -> Tick:
        day, name, exchange, last, first, high, low, volume, turnover, held, time, ms, action = (
            pick(unpack(raw))
        )
        return _new(
            Tick,
            (
                texts[name],
                texts[exchange],
                (day, action, time),
                ms,
                last if -DBL_MAX < last < DBL_MAX else None,
                first if -DBL_MAX < first < DBL_MAX else None,
                high if -DBL_MAX < high < DBL_MAX else None,
                low if -DBL_MAX < low < DBL_MAX else None,
                volume,
                turnover if -DBL_MAX < turnover < DBL_MAX else None,
                held if -DBL_MAX < held < DBL_MAX else None,
            ),
        )

    return read


class _Texts(dict[bytes, str]):
    """The bytes of a text field -> the text, kept while there is room."""

    def __missing__(self, field: bytes) -> str:
        if len(self) >= _TEXTS_KEPT:
            self.clear()
        text = self[field] = text_of(field)
        return text


class Moment(NamedTuple):
    """When a tick was, and the trading day (``YYYYMMDD``) that this belongs to."""

    at: datetime
    trading_day: str


class Moments:
    """Read the moments of ticks; ticks of the same second share the work."""

    def __init__(self, calendar: TradingCalendar) -> None:
        self._calendar = calendar
        self._seconds: dict[tuple[object, ...], tuple[Moment, ...]] = {}

    def of(self, tick: Tick, exchange_id: str, received: datetime) -> Moment | None:
        """Return when the tick was, None if it tells no time that ``received`` allows.

        :param received: the front's time of reception; a tick is at most :data:`AHEAD` of it.
        """
        undated = not (tick.stamp[0].strip(b"\0") or tick.stamp[1].strip(b"\0"))
        key = (*tick.stamp, exchange_id == "CZCE", received.date() if undated else None)
        readings = self._seconds.get(key)
        if readings is None:
            if len(self._seconds) >= _MOMENTS_KEPT:
                self._seconds.clear()
            readings = self._seconds[key] = self._readings(tick, by_the_clock=key[3], today=key[4])
        latest = received + AHEAD
        for reading in readings:
            if reading.at <= latest:
                if 0 < tick.millisec < 1000:
                    return Moment(
                        reading.at + timedelta(milliseconds=tick.millisec), reading.trading_day
                    )
                return reading
        return None

    def _readings(
        self, tick: Tick, *, by_the_clock: bool, today: date | None
    ) -> tuple[Moment, ...]:
        """Return the moments that a tick's second may mean, the latest first.

        :param today: the day of reception, for a tick that bears no date.
        """
        day_text, action_text, time_text = (text_of(part) for part in tick.stamp)
        try:
            second = datetime.strptime(time_text, "%H:%M:%S").time()
            day, action = _date(day_text), _date(action_text)
        except ValueError:
            return ()
        told = {one for one in (day, action) if one is not None}
        if today is not None:
            told = {today, today - _DAY}
        days = told
        if is_night(second):
            # At night a trading day is not the day by the clock; an ActionDay that repeats it
            # may be either.
            by_clock = told if today is not None or by_the_clock else told - {day}
            days = by_clock | {night_of(one, second, self._calendar) for one in told}
        moments = {datetime.combine(one, second) for one in days}
        earlier = {self._one_trading_day_before(moment) for moment in moments}
        ordered = sorted(moments | earlier, reverse=True)
        calendar_days = [f"{self._calendar.trading_day_of(moment):%Y%m%d}" for moment in ordered]
        if day_text and not by_the_clock:
            # The exchange's own word, for the moment that it means if it means no old one.
            calendar_days[0] = day_text
        return tuple(map(Moment, ordered, calendar_days))

    def _one_trading_day_before(self, moment: datetime) -> datetime:
        """Return the same time one trading day earlier: an old tick that bears a new date."""
        if moment.hour >= MORNING:
            day = self._calendar.previous_trading_day(moment.date())
        else:
            day = self._calendar.previous_trading_day(moment.date() - _DAY) + _DAY
        return datetime.combine(day, moment.time())


def _date(text: str) -> date | None:
    """Return a date of CTP's, None for an empty one; ValueError for what is none."""
    return datetime.strptime(text, "%Y%m%d").date() if text else None


@cache
def _products() -> dict[str, Product]:
    """Return the products by the letters that begin their instruments.

    Options trade when their futures do, so one product stands for both.
    """
    found: dict[str, Product] = {}
    for product in productfile.default().values():
        found.setdefault(symbol_of(product.product_id), product)
    return found


@lru_cache(maxsize=65_536)
def product_of(instrument_id: str) -> Product | None:
    """Return the product whose sessions an instrument trades in, None for an unknown one."""
    spelled = _SYMBOL.fullmatch(instrument_id)
    return None if spelled is None else _products().get(spelled[1])


def exchange_of(tick: Tick) -> str:
    """Return a tick's exchange, by its product where the front leaves it out; empty if unknown."""
    if tick.exchange_id:
        return tick.exchange_id
    product = product_of(tick.instrument_id)
    return "" if product is None else product.exchange_id
