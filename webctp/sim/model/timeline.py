"""Market time: trading days, when products are open, what happens next.

Moments are naive datetimes in China Standard Time, handed in by the caller. A trading day runs
from 17:00 of the trading day before to 17:00 of its own date; half-second steps are counted from
its beginning.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Protocol

from webctp.exchanges import sessions
from webctp.exchanges.calendar import ROLL, TradingCalendar
from webctp.exchanges.products import Product
from webctp.exchanges.sessions import AUCTION_MATCHING, CONTINUOUS, Phase

STEP: Final = timedelta(milliseconds=500)

FRONT_BY_DAY: Final = time(8, 30), time(15, 30)
"""When the front takes connections for the day session."""
FRONT_BY_NIGHT: Final = time(20, 30), time(2, 45)
"""When it does for the night session: from the evening before until after midnight."""
BANKS_BY_DAY: Final = time(9, 0), time(15, 30)
"""When banks take money from the broker; they give it whenever the front is open."""


@dataclass(frozen=True, slots=True)
class Day:
    """A trading day: its date, the one after it, and the moments between which it lies."""

    date: dt.date
    following: dt.date
    begins: datetime
    ends: datetime

    @property
    def name(self) -> str:
        """TradingDay as CTP writes it: ``20261123``."""
        return f"{self.date:%Y%m%d}"

    @property
    def steps(self) -> int:
        """How many half-second steps it has."""
        return (self.ends - self.begins) // STEP

    def step(self, moment: datetime) -> int:
        """Return the step that is under way at ``moment``."""
        return (moment - self.begins) // STEP


@dataclass(frozen=True, slots=True)
class Opened:
    """A stretch of trading without a break, and whether a call auction opens it."""

    start: datetime
    end: datetime
    auction: bool


class Timeline(Protocol):
    """When what happens: the exchange asks, and is told for any moment."""

    def day_of(self, moment: datetime) -> Day:
        """Return the trading day a moment belongs to."""

    def day_before(self, day: dt.date) -> dt.date:
        """Return the trading day before one."""

    def phase(self, product: Product, moment: datetime) -> Phase:
        """InstrumentStatus of a product's instruments, and since when."""

    def sessions(self, product: Product, moment: datetime) -> Sequence[Opened]:
        """Return when the product trades on the moment's trading day."""

    def last_close(self, product: Product, moment: datetime) -> datetime:
        """Return when the product's latest session ended; for a moment at which it is closed."""

    def next_change(self, moment: datetime) -> datetime:
        """Return the first moment after ``moment`` at which any status, or the day, changes."""

    def connected(self, moment: datetime) -> bool:
        """Return whether the front takes connections."""

    def banks_take(self, moment: datetime) -> bool:
        """Return whether banks take money from the broker."""


def day_of(calendar: TradingCalendar, moment: datetime) -> Day:
    """Return the trading day of a moment by a calendar."""
    trading_day = calendar.trading_day_of(moment)
    return Day(
        trading_day,
        calendar.next_trading_day(trading_day),
        datetime.combine(calendar.previous_trading_day(trading_day), ROLL),
        datetime.combine(trading_day, ROLL),
    )


class AlwaysOpen:
    """A market that never closes: days follow one another at 17:00 without a pause."""

    def __init__(self, calendar: TradingCalendar) -> None:
        self._calendar = calendar

    def day_of(self, moment: datetime) -> Day:
        """Return the trading day that a moment belongs to."""
        return day_of(self._calendar, moment)

    def day_before(self, day: dt.date) -> dt.date:
        """Return the trading day before one."""
        return self._calendar.previous_trading_day(day)

    def phase(self, product: Product, moment: datetime) -> Phase:
        """Return the InstrumentStatus of a product's instruments, and since when."""
        return Phase(self.day_of(moment).begins, CONTINUOUS)

    def sessions(self, product: Product, moment: datetime) -> Sequence[Opened]:
        """Return when the product trades on the moment's trading day."""
        day = self.day_of(moment)
        return [Opened(day.begins, day.ends, auction=True)]

    def last_close(self, product: Product, moment: datetime) -> datetime:
        """Return when the product's latest session ended."""
        return moment

    def next_change(self, moment: datetime) -> datetime:
        """Return the next moment at which a status or the day changes."""
        return day_of(self._calendar, moment).ends

    def connected(self, moment: datetime) -> bool:
        """Return whether the front takes connections."""
        return True

    def banks_take(self, moment: datetime) -> bool:
        """Return whether banks take money from the broker."""
        return True


class ExchangeHours:
    """The exchanges' own hours: sessions, breaks, nights, holidays; a front that closes, too.

    :param products: those whose changes of status count.
    """

    def __init__(self, calendar: TradingCalendar, products: Iterable[Product]) -> None:
        self._calendar = calendar
        # Products share few sets of hours: one of each will do to find the changes.
        hours = {(product.hours, product.exchange_id): product for product in products}
        self._each = list(hours.values())
        self._changes: tuple[dt.date, list[datetime]] | None = None

    def day_of(self, moment: datetime) -> Day:
        """Return the trading day that a moment belongs to."""
        return day_of(self._calendar, moment)

    def day_before(self, day: dt.date) -> dt.date:
        """Return the trading day before one."""
        return self._calendar.previous_trading_day(day)

    def phase(self, product: Product, moment: datetime) -> Phase:
        """Return the InstrumentStatus of a product's instruments, and since when."""
        return sessions.phase_at(product, moment, self._calendar)

    def sessions(self, product: Product, moment: datetime) -> Sequence[Opened]:
        """Return when the product trades on the moment's trading day."""
        trading_day = self._calendar.trading_day_of(moment)
        called = {
            phase.start + AUCTION_MATCHING
            for phase in sessions.phases(product, trading_day, self._calendar)
            if phase.matches
        }
        return [
            Opened(segment.start, segment.end, segment.start in called)
            for segment in sessions.segments(product, trading_day, self._calendar)
        ]

    def last_close(self, product: Product, moment: datetime) -> datetime:
        """Return when the product's latest session ended."""
        trading_day = self._calendar.trading_day_of(moment)
        ended = [
            segment.end
            for segment in sessions.segments(product, trading_day, self._calendar)
            if segment.end <= moment
        ]
        if ended:
            return ended[-1]
        before = self._calendar.previous_trading_day(trading_day)
        return sessions.segments(product, before, self._calendar)[-1].end

    def next_change(self, moment: datetime) -> datetime:
        """Return the next moment at which a status or the day changes."""
        day = self.day_of(moment)
        if self._changes is None or self._changes[0] != day.date:
            self._changes = day.date, self._changes_of(day)
        changes = self._changes[1]
        return changes[bisect_right(changes, moment)]

    def connected(self, moment: datetime) -> bool:
        """Return whether the front takes connections."""
        day = self.day_of(moment)
        return any(begin <= moment < end for begin, end in self._front_hours(day))

    def banks_take(self, moment: datetime) -> bool:
        """Return whether banks take money from the broker."""
        opens, closes = BANKS_BY_DAY
        return opens <= moment.time() <= closes

    def _changes_of(self, day: Day) -> list[datetime]:
        """Give every moment of a day at which something changes; its end is the last."""
        found = {day.ends}
        for product in self._each:
            phases = sessions.phases(product, day.date, self._calendar)
            found.update(phase.start for phase in phases)
        for hours in self._front_hours(day):
            found.update(hours)
        return sorted(found)

    def _front_hours(self, day: Day) -> list[tuple[datetime, datetime]]:
        begin, end = FRONT_BY_DAY
        hours = [(datetime.combine(day.date, begin), datetime.combine(day.date, end))]
        if self._calendar.has_night(day.date):
            evening = day.begins.date()
            begin, end = FRONT_BY_NIGHT
            midnight = evening + timedelta(days=1)
            hours.insert(0, (datetime.combine(evening, begin), datetime.combine(midnight, end)))
        return hours


_MATCHING: Final = AUCTION_MATCHING // STEP


class OpenSteps:
    """The open half seconds of a day, counted without its breaks.

    A call auction is matched a while before its session begins (`AUCTION_MATCHING`): from then
    on the session's first step has come.

    :param opened: when it trades, in order.
    """

    __slots__ = ("_spans", "auctions", "number")

    def __init__(self, day: Day, opened: Iterable[Opened]) -> None:
        self._spans: list[tuple[int, int, int, int]] = []
        called: list[int] = []
        self.number = 0
        for one in opened:
            start, end = day.step(one.start), day.step(one.end)
            if one.auction:
                called.append(self.number)
            reached = start - _MATCHING if one.auction else start
            self._spans.append((reached, start, end, self.number))
            self.number += end - start
        self.auctions = tuple(called)
        """Those at which a call auction opens the trade."""

    def at(self, step: int) -> int:
        """Return the last open step up to a half second of the day; -1 before the first."""
        found = -1
        for reached, start, end, before in self._spans:
            if step < reached:
                break
            found = before + max(0, min(step, end - 1) - start)
        return found
