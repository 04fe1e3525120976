"""Trading days of a few virtual minutes, with a night between them in which the front is closed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webctp.exchanges.products import Product
from webctp.exchanges.sessions import CLOSED, CONTINUOUS, Phase
from webctp.sim.model.timeline import Day, Opened

FIRST = dt.date(2026, 11, 23)


@dataclass(frozen=True)
class ShortDays:
    """A :class:`webctp.sim.model.timeline.Timeline`: days of ``length`` seconds from ``begins`` on.

    The market closes ``evening`` seconds before a day's end, the front some seconds later; it
    opens again ``morning`` seconds into the next day. A night is both together.
    """

    begins: datetime
    length: float
    evening: float = 20.0
    morning: float = 12.0
    settling: float = 5.0

    def day_of(self, moment: datetime) -> Day:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        number = self._number(moment)
        start = self.begins + timedelta(seconds=number * self.length)
        day = FIRST + timedelta(days=number)
        return Day(day, day + timedelta(days=1), start, start + timedelta(seconds=self.length))

    def day_before(self, day: dt.date) -> dt.date:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return day - timedelta(days=1)

    def phase(self, product: Product, moment: datetime) -> Phase:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        opens, closes, _, _ = self._moments(moment)
        if opens <= moment < closes:
            return Phase(opens, CONTINUOUS)
        return Phase(self.day_of(moment).begins if moment < opens else closes, CLOSED)

    def sessions(self, product: Product, moment: datetime) -> Sequence[Opened]:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        opens, closes, _, _ = self._moments(moment)
        return [Opened(opens, closes, auction=True)]

    def last_close(self, product: Product, moment: datetime) -> datetime:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        opens, closes, _, _ = self._moments(moment)
        return closes if moment >= closes else min(opens, moment)

    def next_change(self, moment: datetime) -> datetime:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return next(at for at in self._moments(moment) if at > moment)

    def connected(self, moment: datetime) -> bool:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        opens, _, night, _ = self._moments(moment)
        return opens <= moment < night

    def banks_take(self, moment: datetime) -> bool:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return self.connected(moment)

    def _number(self, moment: datetime) -> int:
        return int((moment - self.begins).total_seconds() // self.length)

    def _moments(self, moment: datetime) -> tuple[datetime, datetime, datetime, datetime]:
        """Of the moment's day: the opening, the market's close, the front's close, the end."""
        start = self.begins + timedelta(seconds=self._number(moment) * self.length)
        opening = 0.0 if start == self.begins else self.morning
        offsets = (
            opening,
            self.length - self.evening,
            self.length - self.evening + self.settling,
            self.length,
        )
        opens, closes, night, ends = (start + timedelta(seconds=one) for one in offsets)
        return opens, closes, night, ends
