"""Market time: trading days, when products are open, what happens next.

Moments are naive datetimes in China Standard Time, handed in by the caller. A trading day runs
from 17:00 of the trading day before to 17:00 of its own date; half-second steps are counted from
its beginning.
"""

import datetime as dt
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from webctp.exchanges.calendar import ROLL, TradingCalendar
from webctp.exchanges.products import Product

STEP: Final = timedelta(milliseconds=500)

CONTINUOUS: Final = "2"
"""``THOST_FTDC_IS_Continous``: the instrument trades."""


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
        """The step that is under way at ``moment``."""
        return (moment - self.begins) // STEP


class Timeline(Protocol):
    """When what happens: the exchange asks, and is told for any moment."""

    def day_of(self, moment: datetime) -> Day:
        """The trading day a moment belongs to."""

    def status(self, product: Product, moment: datetime) -> str:
        """InstrumentStatus of a product's instruments."""

    def last_open(self, product: Product, moment: datetime) -> datetime | None:
        """The latest moment up to ``moment`` at which the product was open in its trading day."""

    def next_change(self, moment: datetime) -> datetime:
        """The first moment after ``moment`` at which any status, or the day, changes."""

    def connected(self, moment: datetime) -> bool:
        """Whether the front takes connections."""


def day_of(calendar: TradingCalendar, moment: datetime) -> Day:
    """The trading day of a moment by a calendar."""
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
        """See :class:`Timeline`."""
        return day_of(self._calendar, moment)

    def status(self, product: Product, moment: datetime) -> str:
        """See :class:`Timeline`."""
        return CONTINUOUS

    def last_open(self, product: Product, moment: datetime) -> datetime | None:
        """See :class:`Timeline`."""
        return moment

    def next_change(self, moment: datetime) -> datetime:
        """See :class:`Timeline`."""
        return day_of(self._calendar, moment).ends

    def connected(self, moment: datetime) -> bool:
        """See :class:`Timeline`."""
        return True
