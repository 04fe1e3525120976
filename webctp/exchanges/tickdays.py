"""Which trading day a tick belongs to, whatever it says itself.

Ticks tell their TradingDay, but CZCE's tell the day by the clock: in the evening that is the day
before. Only they have InstrumentIDs with a month of three digits.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from webctp.exchanges import calendar as calendars
from webctp.exchanges.calendar import TradingCalendar

_CZCE: Final = re.compile(rb"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{3}(?!\d)")
_HOUR: Final = 3600 * 10**9
_SLACK: Final = 600 * 10**9
"""An exchange's clock may be ahead of ours."""
_CHINA: Final = timedelta(hours=8)
_KEPT: Final = 10_000


class TickDays:
    """Tells the trading days of ticks, and remembers what it has found."""

    def __init__(self, calendar: TradingCalendar | None = None) -> None:
        self._calendar = calendar or calendars.default()
        self._days: dict[tuple[bytes, bytes, int], date | None] = {}
        self._of_czce: dict[bytes, bool] = {}

    def of(self, told: bytes, update_time: bytes, instrument: bytes, received: int) -> date | None:
        """The trading day, None where the tick tells none.

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
        """The day; ``hour`` is empty but for days by the clock, ``hours`` are since 1970."""
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
            name = instrument.partition(b"\0")[0]
            known = self._of_czce[instrument] = _CZCE.search(name) is not None
        return known
