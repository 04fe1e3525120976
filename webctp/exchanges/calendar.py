"""The trading calendar: which days trade, and which trading day a moment belongs to.

Moments are naive datetimes in China Standard Time. The data is `holidays.yaml`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from webctp.exchanges.datafile import Section, count, read
from webctp.language.text import english

DATA_FILE = Path(__file__).with_name("holidays.yaml")

ROLL = time(17, 0)
"""From here on a moment belongs to the next trading day: settlement is over by then."""

_DAY = timedelta(days=1)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WANTED = english("a day as MM-DD or a range as MM-DD..MM-DD")

MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Closing:
    """A holiday: its name and its first and last day as (month, day)."""

    name: str
    first: MonthDay
    last: MonthDay


class TradingCalendar:
    """The days the exchanges trade on.

    `years` gives the closings of the years known, `others` those of every other year.
    """

    def __init__(self, years: Mapping[int, tuple[Closing, ...]], others: tuple[Closing, ...]):
        self._years = years
        self._others = others
        # All trading days of the years asked for so far, each year in order.
        self._days: dict[int, tuple[date, ...]] = {}

    @property
    def known_years(self) -> tuple[int, ...]:
        """The years whose holidays are in the data file; others know the fixed holidays only."""
        return tuple(sorted(self._years))

    def trading_days(self, year: int) -> tuple[date, ...]:
        """Return the trading days of a year, in order."""
        days = self._days.get(year)
        if days is None:
            closings = self._years.get(year, self._others)
            first = date(year, 1, 1)
            all_days = (first + n * _DAY for n in range((date(year, 12, 31) - first).days + 1))
            days = self._days[year] = tuple(
                day
                for day in all_days
                if day.isoweekday() < 6
                and not any(c.first <= (day.month, day.day) <= c.last for c in closings)
            )
        return days

    def is_trading_day(self, day: date) -> bool:
        """Return whether the exchanges trade on `day`."""
        days = self.trading_days(day.year)
        at = bisect_left(days, day)
        return at < len(days) and days[at] == day

    def next_trading_day(self, day: date, count: int = 1) -> date:
        """Return the `count`-th trading day after `day`, which need not be one itself."""
        for _ in range(count):
            days = self.trading_days(day.year)
            at = bisect_right(days, day)
            day = days[at] if at < len(days) else self.trading_days(day.year + 1)[0]
        return day

    def previous_trading_day(self, day: date, count: int = 1) -> date:
        """Return the `count`-th trading day before `day`, which need not be one itself."""
        for _ in range(count):
            days = self.trading_days(day.year)
            at = bisect_left(days, day)
            day = days[at - 1] if at else self.trading_days(day.year - 1)[-1]
        return day

    def trading_day_from(self, day: date) -> date:
        """Return `day` if it trades, else the next trading day."""
        return day if self.is_trading_day(day) else self.next_trading_day(day)

    def has_night(self, trading_day: date) -> bool:
        """Return whether the night session that opens `trading_day` is held.

        It is on the evening of the trading day before, and is left out when anything but a
        weekend lies between.
        """
        previous = self.previous_trading_day(trading_day)
        gap = (trading_day - previous).days
        return gap == 1 or (gap == 3 and previous.isoweekday() == 5)

    def trading_day_of(self, moment: datetime) -> date:
        """Return the trading day a moment belongs to.

        From 17:00 (`ROLL`) of a trading day on that is the next one, over weekends and holidays,
        whether or not a night session is held.
        """
        day = moment.date()
        if moment.time() < ROLL:
            return self.trading_day_from(day)
        return self.next_trading_day(day)


def load(path: Path) -> TradingCalendar:
    """Return the calendar of the file at `path`; raises DataFileError for any mistake in it."""
    root = read(path)
    years = {}
    listed = root.section("Years")
    for key, section in listed.sections():
        if not (key.isascii() and key.isdigit() and len(key) == 4):
            raise listed.error(english("no year; write it with four digits, such as 2027"), key)
        years[int(key)] = _closings(section)
    others = _closings(root.section("OtherYears"))
    root.finish()
    return TradingCalendar(years, others)


@cache
def default() -> TradingCalendar:
    """Return the calendar that webctp ships, read once."""
    return load(DATA_FILE)


def _closings(section: Section) -> tuple[Closing, ...]:
    closings = []
    for key in section:
        first, last = section.value(key, _range, _WANTED)
        closings.append(Closing(key, first, last))
    return tuple(closings)


def _range(text: str) -> tuple[MonthDay, MonthDay]:
    first, dots, last = text.partition("..")
    begin = _month_day(first)
    end = _month_day(last) if dots else begin
    if end < begin:
        raise ValueError(text)
    return begin, end


def _month_day(text: str) -> MonthDay:
    if len(text) != 5 or text[2] != "-":
        raise ValueError(text)
    month, day = count(text[:2]), count(text[3:])
    if not (1 <= month <= 12 and 1 <= day <= _MONTH_DAYS[month - 1]):
        raise ValueError(text)
    return month, day
