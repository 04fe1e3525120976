"""Which contract months are listed, and when a contract's last trading day is.

A month is counted from year 0: `year * 12 + month - 1`, so that neighbours differ by one.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from webctp.exchanges.calendar import TradingCalendar


def month_number(year: int, month: int) -> int:
    """Return the running number of a month."""
    return year * 12 + month - 1


def year_month(number: int) -> tuple[int, int]:
    """Return (year, month 1-12) of a month's running number."""
    return number // 12, number % 12 + 1


@dataclass(frozen=True, slots=True)
class MonthRule:
    """The contract months listed, from the nearest live one on.

    `nearest` consecutive months; the months of `cycle` among the `within` nearest; the first
    `following` months of `cycle` after the consecutive ones. The sets add up.
    """

    nearest: int = 0
    cycle: tuple[int, ...] = ()
    within: int = 0
    following: int = 0

    def listed(self, first: int) -> tuple[int, ...]:
        """Return the numbers of the months listed while `first` is the nearest, in order."""
        months = set(range(first, first + self.nearest))
        months.update(m for m in range(first, first + self.within) if m % 12 + 1 in self.cycle)
        month = first + self.nearest
        wanted = self.following
        while wanted:
            if month % 12 + 1 in self.cycle:
                months.add(month)
                wanted -= 1
            month += 1
        return tuple(sorted(months))

    def first_at_listing(self, month: int) -> int:
        """Return which month was the nearest on the day the contract of `month` was listed."""
        first = month
        while month in self.listed(first - 1):
            first -= 1
        return first


@dataclass(frozen=True, slots=True)
class DateRule:
    """A day of a month, such as the last trading day of a contract.

    The month is the contract's plus `month`. Then one of: `day` of it, or the next trading day;
    the `trading_day`-th trading day (counted from the end if negative), of those up to the day
    `up_to` if given; the `nth` `weekday` (1 Monday … 5 Friday; nth -1 the last): if that is no
    trading day, the next one, or for the last the one a week before.
    """

    month: int = 0
    day: int = 0
    trading_day: int = 0
    up_to: int = 0
    weekday: int = 0
    nth: int = 0

    def date_of(self, month: int, calendar: TradingCalendar) -> date:
        """Return the day for the contract of the month numbered `month`."""
        year, month_of_year = year_month(month + self.month)
        length = monthrange(year, month_of_year)[1]
        first = date(year, month_of_year, 1)
        if self.day:
            return calendar.trading_day_from(first.replace(day=self.day))
        if self.trading_day:
            last = min(self.up_to, length) if self.up_to else length
            days = [
                day
                for day in (first + timedelta(days=n) for n in range(last))
                if calendar.is_trading_day(day)
            ]
            return _pick(days, self.trading_day, first, calendar)
        days = [
            day
            for day in (first + timedelta(days=n) for n in range(length))
            if day.isoweekday() == self.weekday
        ]
        if self.nth > 0:
            return calendar.trading_day_from(days[self.nth - 1])
        return _pick([day for day in days if calendar.is_trading_day(day)], -1, first, calendar)


def _pick(days: list[date], nth: int, first: date, calendar: TradingCalendar) -> date:
    """Return the `nth` of `days` from either end, or the furthest there is.

    A month that a holiday leaves short, or empty, must not leave a contract without a date.
    """
    if not days:
        return calendar.trading_day_from(first)
    at = nth - 1 if nth > 0 else len(days) + nth
    return days[max(0, min(at, len(days) - 1))]
