"""Make the bars of recorded ticks, as they would have been made when the ticks came.

The very maker of live bars is given the ticks, and a clock that goes by their times of reception:
so a bar of a recording equals the live one, whatever came late or again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from twisted.internet.task import Clock

from webctp.ctp.codec import DBL_MAX, Layout
from webctp.ctp.front import china_time
from webctp.exchanges import calendar as calendars
from webctp.recording.rows import Tick
from webctp.upstream.barstore.row import DAY, MINUTE, BarRow, SeriesKey, day_of, row_of
from webctp.upstream.market.bars import Bar, BarMaker
from webctp.upstream.market.instruments import instrument_slice
from webctp.upstream.market.ticks import Moments, exchange_of, reader

_AFTERWARDS: Final = 600.0
"""Seconds after the last tick until which bars are closed."""
_NEARLY: Final = timedelta(seconds=5)
"""A recording that reaches so near to a bar's end holds all of it: CZCE's last tick of a day is
stamped a second before the close."""
_PRICES: Final = ("TradingDay", "PreSettlementPrice", "SettlementPrice")


class _RecordedTime:
    """The time at a recorded front: when the tick at hand was received."""

    speed = 1.0

    def __init__(self) -> None:
        self.received = 0

    def clock(self) -> int:
        """Return the time in nanoseconds since 1970."""
        return self.received


class RecordedBars:
    """Make bars of recordings, one tick after the other, of any number of instruments.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._name = instrument_slice(layout)
        self._read = reader(layout)
        self._prices = layout.part(_PRICES)
        self._clock = Clock()
        self._time = _RecordedTime()
        self._moments = Moments(calendars.default())
        self._maker = BarMaker(self._clock, layout, MINUTE, self._time, self._moments)
        self._known: set[bytes] = set()
        self._closed: list[Bar] = []
        self._newest = datetime.min
        self._settled: dict[tuple[str, str], float] = {}

    def grown(self, bar: Bar) -> None:
        """Of :class:`~webctp.upstream.market.bars.BarListener`."""

    def closed(self, bar: Bar) -> None:
        """Take a bar that is over."""
        self._closed.append(bar)

    def tick(self, tick: Tick) -> Iterator[tuple[SeriesKey, BarRow]]:
        """Take the next tick; give the bars that are over, a day's with each of its minutes."""
        if self._time.received and tick.received > self._time.received:
            self._clock.advance((tick.received - self._time.received) / 1e9)
        self._time.received = max(self._time.received, tick.received)
        name = tick.raw[self._name].partition(b"\0")[0]
        if name not in self._known:
            self._known.add(name)
            self._maker.watch(name, self)
        self._maker.tick(name, tick.raw)
        self._note(tick.raw)
        yield from self._taken()

    def end(self) -> Iterator[tuple[SeriesKey, BarRow]]:
        """Give the bars that the last ticks have brought to their end."""
        self._time.received += int(_AFTERWARDS * 1e9)
        self._clock.advance(_AFTERWARDS)
        self._closed = [bar for bar in self._closed if bar.span.end - _NEARLY <= self._newest]
        yield from self._taken()

    def settlements(self) -> Iterator[tuple[str, str, float]]:
        """Give the settlement prices told: instrument, trading day, price."""
        for (instrument_id, day), price in self._settled.items():
            yield instrument_id, day, price

    def _taken(self) -> Iterator[tuple[SeriesKey, BarRow]]:
        closed, self._closed = self._closed, []
        for bar in closed:
            if bar.whole:
                yield SeriesKey(bar.instrument_id, MINUTE), row_of(bar)
            day = None if bar.tick is None else day_of(bar, bar.tick)
            if day is not None:
                yield SeriesKey(bar.instrument_id, DAY), day

    def _note(self, raw: bytes) -> None:
        """Note what a tick tells of settlement prices, and how late it is."""
        tick = self._read(raw)
        moment = self._moments.of(tick, exchange_of(tick), china_time(self._time.received))
        if moment is None:
            return
        self._newest = max(self._newest, moment.at)
        settled = self._price(raw, "SettlementPrice")
        if settled is not None:
            self._settled[tick.instrument_id, moment.trading_day] = settled
        before = self._price(raw, "PreSettlementPrice")
        if before is not None:
            day = previous_day(moment.trading_day)
            self._settled[tick.instrument_id, day] = before

    def _price(self, raw: bytes, field: str) -> float | None:
        value = self._prices.value(raw, field)
        return value if isinstance(value, float) and 0 < value < DBL_MAX else None


def previous_day(trading_day: str) -> str:
    """Return the trading day before one; both as ``YYYYMMDD``."""
    day = datetime.strptime(trading_day, "%Y%m%d").date()
    return f"{calendars.default().previous_trading_day(day):%Y%m%d}"
