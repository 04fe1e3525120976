"""A bar as the store keeps it, and longer bars made of shorter ones.

The store keeps bars of a minute and of a day. A bar of any other period is made of the minutes
that belong to it: every such bar begins and ends where a minute does
(:mod:`webctp.exchanges.bars`). Moments are seconds since 1970 (UTC); prices are as CTP gives them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from webctp.exchanges.bars import Span, span_of
from webctp.upstream.market.bars import Bar
from webctp.upstream.market.ticks import Tick, product_of

MINUTE: Final = "1m"
DAY: Final = "1d"
KEPT: Final = (MINUTE, DAY)
"""The periods that are on disk."""

_CHINA_1970: Final = datetime(1970, 1, 1, 8)
_SECOND: Final = timedelta(seconds=1)


class SeriesKey(NamedTuple):
    """Names the bars of one instrument and period."""

    instrument_id: str
    period: str


class BarRow(NamedTuple):
    """A bar that is over, as it stands on disk; ``settlement`` is None until it is known."""

    begin: int
    end: int
    trading_day: str
    exchange_id: str
    open: float
    high: float
    low: float
    close: float
    volume: int
    turnover: float
    open_interest: float
    settlement: float | None = None


def seconds_of(moment: datetime) -> int:
    """Return a naive moment in China Standard Time as seconds since 1970."""
    return (moment - _CHINA_1970) // _SECOND


def moment_of(seconds: int) -> datetime:
    """Return seconds since 1970 as a naive moment in China Standard Time."""
    return _CHINA_1970 + seconds * _SECOND


def row_of(bar: Bar) -> BarRow:
    """Return a bar as a row."""
    return BarRow(
        seconds_of(bar.span.start),
        seconds_of(bar.span.end),
        bar.trading_day,
        bar.exchange_id,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.volume,
        bar.turnover,
        bar.open_interest,
    )


def day_of(bar: Bar, tick: Tick) -> BarRow | None:
    """Return the day so far, by the tick that one of its minutes ended with.

    None where nothing was traded. The tick itself tells the day's figures, so that they are whole
    however late the gateway has begun to watch.
    """
    span = span_of(product_of(bar.instrument_id), bar.span.start, DAY) or span_of(
        None, bar.span.start, DAY
    )
    if tick.last is None or not tick.volume or span is None:
        return None
    return BarRow(
        seconds_of(span.start),
        seconds_of(span.end),
        bar.trading_day,
        bar.exchange_id,
        tick.last if tick.open is None else tick.open,
        tick.last if tick.high is None else tick.high,
        tick.last if tick.low is None else tick.low,
        tick.last,
        tick.volume,
        tick.turnover or 0.0,
        tick.open_interest or 0.0,
    )


def bar_of_row(instrument_id: str, row: BarRow, span: Span) -> Bar:
    """Return a row as a bar that may still grow."""
    return Bar(
        instrument_id=instrument_id,
        exchange_id=row.exchange_id,
        trading_day=row.trading_day,
        span=span,
        open=row.open,
        high=row.high,
        low=row.low,
        close=row.close,
        volume=row.volume,
        turnover=row.turnover,
        open_interest=row.open_interest,
    )


def span_of_row(instrument_id: str, row: BarRow, period: str) -> Span | None:
    """Return from when to when the bar of a period reaches that a minute belongs to."""
    begin = moment_of(row.begin)
    return span_of(product_of(instrument_id), begin, period) or span_of(None, begin, period)


def longer(
    instrument_id: str, minutes: Iterable[BarRow], period: str, before: Iterable[BarRow] = ()
) -> list[BarRow]:
    """Return bars of a period, made of minutes in order; the last may lack some of its own.

    A minute in which nobody traded shows the price that was: it opens no bar in which somebody
    did, as in bars of live ticks.

    :param before: bars of the period that are made already; the last may go on to grow.
    """
    made = list(before)
    for minute in minutes:
        span = span_of_row(instrument_id, minute, period)
        if span is None:
            continue
        begin = seconds_of(span.start)
        if not made or made[-1].begin != begin:
            made.append(minute._replace(begin=begin, end=seconds_of(span.end)))
        else:
            made[-1] = _joined(made[-1], minute)
    return made


def _joined(bar: BarRow, minute: BarRow) -> BarRow:
    """Return a bar with one more of its minutes."""
    quiet = not bar.volume and minute.volume
    return bar._replace(
        open=minute.open if quiet else bar.open,
        high=minute.high if quiet else max(bar.high, minute.high),
        low=minute.low if quiet else min(bar.low, minute.low),
        close=minute.close,
        volume=bar.volume + minute.volume,
        turnover=bar.turnover + minute.turnover,
        open_interest=minute.open_interest,
    )
