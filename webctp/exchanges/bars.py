"""Where a bar (K 线) begins and ends: periods of traded time, closed by the trading sessions.

A bar counts traded minutes from the opening of the night or the day session, as the terminals in
use in China do: a bar of an hour runs over the morning break (10:00 to 11:15), never over the gap
between night and day, and the last of a session is shorter if the minutes do not divide. The bar
of a day holds the whole trading day, its night session included.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from webctp.exchanges import calendar as calendars
from webctp.exchanges.calendar import ROLL, TradingCalendar
from webctp.exchanges.products import Product
from webctp.exchanges.sessions import AUCTION, Segment, blocks

TAIL = timedelta(minutes=1)
"""Ticks up to this long after a segment's end still belong to its last bar.

The last trades of a segment are told in ticks stamped at or just after its end.
"""

LATE = timedelta(seconds=2)
"""How long after its end a bar waits for ticks that are on their way, by the exchanges' clocks."""
_DAY = timedelta(days=1)

_PERIOD = re.compile(r"([1-9]\d{0,2})([mhd])", re.ASCII)


@lru_cache(maxsize=64)
def period_minutes(period: str) -> int:
    """Return the minutes of a period such as "1m", "15m" or "2h", and 0 for "1d".

    Raises ValueError, saying what is wanted.
    """
    found = _PERIOD.fullmatch(period)
    if found is None or (found[2] == "d" and found[1] != "1"):
        raise ValueError(f"{period!r} is no period; write minutes (5m), hours (1h) or 1d")
    return int(found[1]) * {"m": 1, "h": 60, "d": 0}[found[2]]


def bar_of(
    product: Product, moment: datetime, period: str, calendar: TradingCalendar | None = None
) -> tuple[datetime, datetime] | None:
    """Return (start, end) of the bar that a tick at `moment` belongs to.

    Ticks of a call auction belong to the first bar of the session it opens. None outside the
    sessions: such a tick belongs to no bar.
    """
    calendar = calendar or calendars.default()
    minutes = period_minutes(period)
    trading_day = calendar.trading_day_of(moment)
    day_blocks = blocks(product, trading_day, calendar)
    for block in day_blocks:
        traded = _traded(block, moment)
        if traded is not None:
            if minutes == 0:
                return day_blocks[0][0].start, day_blocks[-1][-1].end
            return _bar(block, traded, timedelta(minutes=minutes))
    return None


def bars_of(
    product: Product, trading_day: date, period: str, calendar: TradingCalendar | None = None
) -> tuple[tuple[datetime, datetime], ...]:
    """Return (start, end) of all bars of a trading day, in order."""
    minutes = period_minutes(period)
    day_blocks = blocks(product, trading_day, calendar)
    if minutes == 0:
        return ((day_blocks[0][0].start, day_blocks[-1][-1].end),)
    step = timedelta(minutes=minutes)
    found = []
    for block in day_blocks:
        length = sum((s.end - s.start for s in block), timedelta())
        found += [_bar(block, n * step, step) for n in range(-(-length // step))]
    return tuple(found)


def _traded(block: tuple[Segment, ...], moment: datetime) -> timedelta | None:
    """Return the time traded in `block` before `moment`, None if it belongs to no bar of it.

    A moment at or after a segment's end counts as the last instant of the segment.
    """
    if block[0].start - AUCTION <= moment < block[0].start:
        return timedelta()
    before = timedelta()
    for segment in block:
        length = segment.end - segment.start
        if segment.start <= moment < segment.end:
            return before + (moment - segment.start)
        if segment.end <= moment < segment.end + TAIL:
            return before + length - timedelta.resolution
        before += length
    return None


def _bar(
    block: tuple[Segment, ...], traded: timedelta, step: timedelta
) -> tuple[datetime, datetime]:
    """Return the bar of length `step` that holds the instant after `traded` time."""
    begin = traded // step * step
    return _moment(block, begin, ends=False), _moment(block, begin + step, ends=True)


def _moment(block: tuple[Segment, ...], traded: timedelta, *, ends: bool) -> datetime:
    """Return when `traded` time has passed; at a break its beginning if `ends`, else its end."""
    for segment in block:
        length = segment.end - segment.start
        if traded < length or (ends and traded == length):
            return segment.start + traded
        traded -= length
    return block[-1].end


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a bar reaches.

    ``opens_day`` marks the first of its trading day, ``closes`` is when no tick can come any more.
    """

    start: datetime
    end: datetime
    opens_day: bool
    closes: datetime


# Products share few sets of hours, and all ticks of a minute belong to the same bar.
@lru_cache(maxsize=4096)
def span_of(product: Product | None, minute: datetime, period: str) -> Span | None:
    """Return the bar that the ticks of a minute belong to, None outside the sessions.

    :param product: None for one whose sessions are not known: its bars are of natural minutes.
    :raises ValueError: if ``period`` is none.
    """
    if product is None:
        return _natural(minute, period_minutes(period))
    found = bar_of(product, minute, period)
    if found is None:
        return None
    start, end = found
    day = blocks(product, calendars.default().trading_day_of(start))
    # At a session's end its last ticks are stamped just after it.
    at_a_break = bar_of(product, end, period) == found
    closes = end + LATE + (TAIL if at_a_break else timedelta())
    return Span(start, end, start == day[0][0].start, closes)


def _natural(minute: datetime, minutes: int) -> Span:
    """Return the bar of a product whose sessions are not known: counted from midnight."""
    if minutes == 0:
        day = calendars.default().trading_day_of(minute)
        end = datetime.combine(day, ROLL)
        start = datetime.combine(calendars.default().previous_trading_day(day), ROLL)
        return Span(start, end, True, end + LATE)
    midnight = datetime.combine(minute.date(), time())
    step = timedelta(minutes=minutes)
    start = midnight + (minute - midnight) // step * step
    end = min(start + step, midnight + _DAY)
    return Span(start, end, False, end + LATE)
