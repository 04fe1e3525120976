"""When a product trades: sessions, call auctions, instrument status, and the dates ticks carry.

Moments are naive datetimes in China Standard Time. A session is open from its start, included, to
its end, excluded.

Before the night session and before the day session there is a call auction: orders are taken for
four minutes (20:55-20:59, 08:55-08:59, on CFFEX 09:25-09:29) and matched in the fifth. CZCE's
products with a night session have none in the morning. The closing auction of CFFEX's options is
left out.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from webctp.exchanges import calendar as calendars
from webctp.exchanges import productfile
from webctp.exchanges.calendar import ROLL, TradingCalendar
from webctp.exchanges.products import Product, TradingHours
from webctp.exchanges.tickdays import MORNING

BEFORE_TRADING = "0"
"""THOST_FTDC_IS_BeforeTrading."""
NO_TRADING = "1"
"""THOST_FTDC_IS_NoTrading: a break."""
CONTINUOUS = "2"
"""THOST_FTDC_IS_Continous."""
AUCTION_ORDERING = "3"
"""THOST_FTDC_IS_AuctionOrdering: the auction takes orders."""
AUCTION_MATCH = "5"
"""THOST_FTDC_IS_AuctionMatch: the auction matches them."""
CLOSED = "6"
"""THOST_FTDC_IS_Closed."""

AUCTION = timedelta(minutes=5)
"""How long before the opening the call auction begins."""
AUCTION_MATCHING = timedelta(minutes=1)
"""How long before the opening it takes no more orders and matches them."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of continuous trading without a break."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Phase:
    """From `start` on, the instruments of the product have this InstrumentStatus.

    `matches` tells that a call auction is matched at its beginning; `cancels` that cancellations
    are taken although orders are not.
    """

    start: datetime
    status: str
    matches: bool = False
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class _Statuses:
    """What an exchange tells where it takes no orders (CTP's page QTYWGZ/HYZTBHSM2).

    `reopens` tells whether products with a night session have a call auction in the morning, too.
    """

    before: str = BEFORE_TRADING
    matching: str = AUCTION_MATCH
    pause: str = NO_TRADING
    reopens: bool = True


_STATUSES: Final = {
    "SHFE": _Statuses(before=NO_TRADING),
    "INE": _Statuses(before=NO_TRADING),
    # Its night products take cancellations only from 8:55 to 8:59: second-hand, November 2026.
    "CZCE": _Statuses(matching=BEFORE_TRADING, pause=BEFORE_TRADING, reopens=False),
}
_USUAL: Final = _Statuses()
"""Of DCE and GFEX, which tell nothing before their auctions, what is told then is inferred."""


def blocks(
    product: Product, trading_day: date, calendar: TradingCalendar | None = None
) -> tuple[tuple[Segment, ...], ...]:
    """Return the night session, if one is held, and the day session, each as its segments.

    The night session is on the evening of the trading day before.
    """
    return _blocks(product.hours, trading_day, calendar or calendars.default())


def segments(
    product: Product, trading_day: date, calendar: TradingCalendar | None = None
) -> tuple[Segment, ...]:
    """Return the stretches of continuous trading of a trading day, in order."""
    return tuple(segment for block in blocks(product, trading_day, calendar) for segment in block)


def phases(
    product: Product, trading_day: date, calendar: TradingCalendar | None = None
) -> tuple[Phase, ...]:
    """Return the statuses of a trading day in order, from its beginning at `calendar.ROLL`."""
    return _phases(product.hours, product.exchange_id, trading_day, calendar or calendars.default())


def phase_at(product: Product, moment: datetime, calendar: TradingCalendar | None = None) -> Phase:
    """Return the phase that a moment is in."""
    calendar = calendar or calendars.default()
    day_phases = phases(product, calendar.trading_day_of(moment), calendar)
    return day_phases[bisect_right(day_phases, moment, key=_start) - 1]


def status_at(product: Product, moment: datetime, calendar: TradingCalendar | None = None) -> str:
    """Return the InstrumentStatus (THOST_FTDC_IS_…) at a moment."""
    return phase_at(product, moment, calendar).status


def is_open(product: Product, moment: datetime, calendar: TradingCalendar | None = None) -> bool:
    """Return whether the product is in continuous trading."""
    return status_at(product, moment, calendar) == CONTINUOUS


def anything_open(moment: datetime, calendar: TradingCalendar | None = None) -> bool:
    """Return whether any product is in continuous trading."""
    calendar = calendar or calendars.default()
    trading_day = calendar.trading_day_of(moment)
    hours = {product.hours for product in productfile.default().values()}
    return any(
        segment.start <= moment < segment.end
        for one in hours
        for block in _blocks(one, trading_day, calendar)
        for segment in block
    )


def next_phase(
    product: Product, moment: datetime, calendar: TradingCalendar | None = None
) -> Phase:
    """Return the next change of status after a moment, at the latest the next trading day's."""
    calendar = calendar or calendars.default()
    trading_day = calendar.trading_day_of(moment)
    day_phases = phases(product, trading_day, calendar)
    at = bisect_right(day_phases, moment, key=_start)
    if at < len(day_phases):
        return day_phases[at]
    return phases(product, calendar.next_trading_day(trading_day), calendar)[0]


def trading_day_of_tick(exchange_id: str, trading_day: date, moment: datetime) -> date:
    """Return the TradingDay of a tick at `moment`: CZCE gives the day by the clock."""
    return moment.date() if exchange_id == "CZCE" else trading_day


def action_day(
    exchange_id: str,
    trading_day: date,
    moment: datetime,
    calendar: TradingCalendar | None = None,
) -> date:
    """Return the ActionDay of a tick at `moment`.

    It is the day by the clock, but DCE repeats the TradingDay in its night session. A market that
    trades on days without a session has no exchange's manners to follow there.
    """
    evening = (calendar or calendars.default()).previous_trading_day(trading_day)
    night = moment < datetime.combine(evening + timedelta(days=1), time(MORNING))
    return trading_day if exchange_id == "DCE" and night else moment.date()


def update_millisec(exchange_id: str, moment: datetime) -> int:
    """Return the UpdateMillisec of a tick at `moment`: CZCE gives none."""
    return 0 if exchange_id == "CZCE" else moment.microsecond // 1000


def _start(phase: Phase) -> datetime:
    return phase.start


# Products share few sets of hours: a trading day needs about ten entries.
@lru_cache(maxsize=256)
def _blocks(
    hours: TradingHours, trading_day: date, calendar: TradingCalendar
) -> tuple[tuple[Segment, ...], ...]:
    day = _segments(trading_day, hours.day)
    if hours.night is None or not calendar.has_night(trading_day):
        return (day,)
    evening = calendar.previous_trading_day(trading_day)
    return _segments(evening, (hours.night,)), day


def _segments(day: date, ranges: tuple[tuple[int, int], ...]) -> tuple[Segment, ...]:
    midnight = datetime.combine(day, time())
    return tuple(Segment(midnight + a * _MINUTE, midnight + b * _MINUTE) for a, b in ranges)


@lru_cache(maxsize=256)
def _phases(
    hours: TradingHours, exchange: str, trading_day: date, calendar: TradingCalendar
) -> tuple[Phase, ...]:
    statuses = _STATUSES.get(exchange, _USUAL)
    begin = datetime.combine(calendar.previous_trading_day(trading_day), ROLL)
    found = [Phase(begin, statuses.before)]
    for place, block in enumerate(_blocks(hours, trading_day, calendar)):
        opening = block[0].start
        if place and not statuses.reopens:
            found.append(Phase(opening - AUCTION, statuses.pause, cancels=True))
            found.append(Phase(opening - AUCTION_MATCHING, statuses.pause))
        else:
            found.append(Phase(opening - AUCTION, AUCTION_ORDERING))
            found.append(Phase(opening - AUCTION_MATCHING, statuses.matching, matches=True))
        for segment in block:
            found.append(Phase(segment.start, CONTINUOUS))
            found.append(Phase(segment.end, statuses.pause))
    found[-1] = Phase(found[-1].start, CLOSED)
    return tuple(found)
