"""Which trading day a tick belongs to, and when it was, whatever it says itself.

Ticks tell their TradingDay, but CZCE's tell the day by the clock: in the evening that is the day
before. Only they have InstrumentIDs with a month of three digits. Moments are naive datetimes in
China Standard Time.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from webctp.exchanges import calendar as calendars
from webctp.exchanges.calendar import ROLL, TradingCalendar

MORNING: Final = 8
"""Before this hour it is still the night session's night."""
_CZCE: Final = re.compile(rb"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{3}(?!\d)")
_HOUR: Final = 3600 * 10**9
_SLACK: Final = 600 * 10**9
"""An exchange's clock may be ahead of ours."""
_CHINA: Final = timedelta(hours=8)
_KEPT: Final = 10_000
_DAY: Final = timedelta(days=1)
_HALF_A_DAY: Final = timedelta(hours=12)
_LONG_AGO: Final = datetime(1970, 1, 2)
"""The day of what tells none; in nanoseconds since 1970 all of it is above zero."""


def named_day(text: str, calendar: TradingCalendar | None = None) -> date:
    """Return the trading day that people name, such as ``20261123``.

    :raises ValueError: if it is no trading day.
    """
    day = datetime.strptime(text, "%Y%m%d").date()
    if len(text) != 8 or not (calendar or calendars.default()).is_trading_day(day):
        raise ValueError(text)
    return day


def is_night(second: time) -> bool:
    """Return whether a time of day is of a night session."""
    return not MORNING <= second.hour < ROLL.hour


def night_of(trading_day: date, second: time, calendar: TradingCalendar) -> date:
    """Return the date by the clock of a time in the night session that opens a trading day."""
    evening = calendar.previous_trading_day(trading_day)
    return evening if second.hour >= ROLL.hour else evening + _DAY


def is_of_czce(instrument: bytes) -> bool:
    """Return whether an InstrumentID (its field, NUL and all) is spelled as CZCE's are."""
    return _CZCE.search(instrument.partition(b"\0")[0]) is not None


class TickDays:
    """Tells the trading days of ticks, and remembers what it has found."""

    def __init__(self, calendar: TradingCalendar | None = None) -> None:
        self._calendar = calendar or calendars.default()
        self._days: dict[tuple[bytes, bytes, int], date | None] = {}
        self._of_czce: dict[bytes, bool] = {}

    def of(self, told: bytes, update_time: bytes, instrument: bytes, received: int) -> date | None:
        """Return the trading day, None where the tick tells none.

        :param told: its TradingDay.
        :param received: when it came, in nanoseconds since 1970. What would lie in the future by
            the clock shows that the day told is no day by the clock.
        """
        by_clock = self._from_czce(instrument)
        hour = update_time[:2] if by_clock else b""
        key = told, hour, (received + _SLACK) // _HOUR if by_clock else 0
        try:
            return self._days[key]
        except KeyError:
            if len(self._days) >= _KEPT:
                self._days.clear()
            found = self._days[key] = self._find(*key)
            return found

    def _find(self, told: bytes, hour: bytes, hours: int) -> date | None:
        """Return the day; ``hour`` is empty but for days by the clock, ``hours`` are since 1970."""
        if len(told) != 8 or not told.isdigit():
            return None
        try:
            day = date(int(told[:4]), int(told[4:6]), int(told[6:]))
        except ValueError:
            return None
        if not (hour.isdigit() and int(hour) < 24):
            return day
        moment = datetime.combine(day, time(int(hour)))
        now = datetime(1970, 1, 1) + timedelta(hours=hours) + _CHINA
        return self._calendar.trading_day_of(moment) if moment <= now else day

    def _from_czce(self, instrument: bytes) -> bool:
        known = self._of_czce.get(instrument)
        if known is None:
            if len(self._of_czce) >= _KEPT:
                self._of_czce.clear()
            known = self._of_czce[instrument] = is_of_czce(instrument)
        return known


@dataclass(frozen=True, slots=True)
class Stamp:
    """The dates and the time of day that a recorded tick bears; None for what it does not."""

    trading_day: date | None
    action_day: date | None
    second: time
    by_the_clock: bool
    """Whether it is CZCE's, whose TradingDay may be the day by the clock at night."""

    @property
    def is_dated(self) -> bool:
        """Return whether it tells a date."""
        return self.trading_day is not None or self.action_day is not None


class RowTimes:
    """Times of reception for recorded ticks that have none: by their own dates, never backwards.

    A date of CZCE's in the evening may be the day by the clock or (another recorder's) the trading
    day, or that of an old tick sent again in the morning; the rows before it settle which.
    """

    def __init__(self, calendar: TradingCalendar | None = None) -> None:
        self._calendar = calendar or calendars.default()
        self._now: datetime | None = None
        self._before_gap: datetime | None = None
        self._anchor: datetime | None = None
        self._first: datetime | None = None

    @property
    def is_dated(self) -> bool:
        """Return whether a row that was looked at tells a date, and so when the others were."""
        return self._first is not None

    def settle(self, stamp: Stamp) -> bool:
        """Look at rows ahead, from the first, until one can mean one moment only.

        :returns: whether this was the one.
        """
        if not stamp.is_dated:
            return False
        meanings = self._meanings(stamp)
        if self._first is None:
            self._first = meanings[-1]
        if len(meanings) == 1:
            self._anchor = meanings[0]
        return len(meanings) == 1

    def of(self, stamp: Stamp | None) -> datetime:
        """Return the time of the next row; that of the row before where it tells none.

        A row that is older than the one before it has that one's time.
        """
        meanings = () if stamp is None else self._meanings(stamp)
        if stamp is None or not meanings:
            return self._now or self._first or _LONG_AGO
        moment = self._meant(stamp, meanings)
        now, fallback = self._now, self._before_gap
        self._before_gap = None
        if now is None or moment > now:
            if now is not None and moment > now + _HALF_A_DAY:
                self._before_gap = now
            self._now = moment
        elif len(meanings) == 1 and fallback is not None and moment < now - _HALF_A_DAY:
            # One row alone was far ahead: its date was damaged.
            self._now = max(moment, fallback)
        return self._now or moment

    def _meant(self, stamp: Stamp, meanings: tuple[datetime, ...]) -> datetime:
        """Return the moment that fits the rows around it."""
        if self._now is not None:
            latest = self._now + _HALF_A_DAY
        elif self._anchor is not None:
            latest = self._anchor
        else:
            latest = datetime.max if stamp.action_day is not None else _LONG_AGO
        return next((one for one in meanings if one <= latest), meanings[-1])

    def _meanings(self, stamp: Stamp) -> tuple[datetime, ...]:
        """Return the moments that a stamp can mean, the latest first."""
        day, action, second = stamp.trading_day, stamp.action_day, stamp.second
        named = action or day
        if named is None:
            return (self._undated(second),)
        if not is_night(second) or (day is not None and action not in (None, day)):
            return (datetime.combine(named, second),)
        night = datetime.combine(night_of(named, second, self._calendar), second)
        # An ActionDay alone is the trading day with one exchange, the day by the clock with others.
        either = stamp.by_the_clock or day is None
        return (datetime.combine(named, second), night) if either else (night,)

    def _undated(self, second: time) -> datetime:
        """Return the moment nearest to the row before."""
        now = self._now or self._first or datetime.combine(_LONG_AGO.date(), second)
        moment = datetime.combine(now.date(), second)
        if moment < now - _HALF_A_DAY:
            return moment + _DAY
        return moment - _DAY if moment > now + _HALF_A_DAY else moment
