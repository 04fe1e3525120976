"""An account's money over the trading day: a point a minute at the most. No IO, no clock."""

from collections import deque
from typing import Final

from webctp.upstream.portfolio.figures import AccountFigures, AccountPoint

APART: Final = 60.0
"""Seconds: of what is reckoned within such a span of the clock the newest is kept."""
MOST: Final = 1440
"""Points that are kept, a day of minutes; beyond these the oldest are dropped."""


class AccountCurve:
    """Keep an account's points of one trading day."""

    def __init__(self) -> None:
        self.day = ""
        """Whose points they are: the trading day."""
        self._points: deque[AccountPoint] = deque(maxlen=MOST)

    @property
    def points(self) -> tuple[AccountPoint, ...]:
        """The points, oldest first."""
        return tuple(self._points)

    def take(self, day: str, moment: float, money: AccountFigures) -> None:
        """Take figures that were reckoned; the first of another day drop those of the day before.

        A clock that is set back adds nothing until it has passed the newest point again.
        """
        points = self._points
        if day != self.day:
            self.day = day
            points.clear()
        point = AccountPoint(moment, money.balance, money.available, money.margin)
        if not points or moment // APART > points[-1].moment // APART:
            points.append(point)
        elif moment >= points[-1].moment:
            points[-1] = point
