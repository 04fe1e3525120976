"""When a condition is met: by a price, a price's way, a moment. Pure.

Prices are in units (1e-4 yuan), moments naive in China Standard Time.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec

from webctp.exchanges.calendar import TradingCalendar
from webctp.exchanges.tickdays import is_night, night_of

_BUY: Final = "0"
MISSED: Final = timedelta(seconds=60)
"""How late an order may be sent whose moment came while it could not be watched."""


class Kind(StrEnum):
    """What an order waits for."""

    STOP = "stop"
    """The last price reaches its trigger against the order: above to buy, below to sell."""
    PROFIT = "profit"
    """The last price reaches its trigger in favour of the order: below to buy, above to sell."""
    TRAILING = "trailing"
    """The last price turns by a distance from the best since it was watched."""
    TIME = "time"
    """A moment."""
    NOW = "now"
    """Nothing: an order that others protect once it trades."""


PRICED: Final = frozenset({Kind.STOP, Kind.PROFIT, Kind.TRAILING})


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """An order and its condition.

    ``body`` is an InputOrder; ``price`` the trigger and ``distance`` a trailing one's, in units;
    ``mark`` the best price since it was watched, 0 before any; ``at`` a moment in ISO form.
    """

    kind: Kind
    body: dict[str, Any]
    price: int = 0
    distance: int = 0
    mark: int = 0
    at: str = ""

    @property
    def instrument(self) -> str:
        """Whose price it waits for, and what it orders."""
        return str(self.body.get("InstrumentID") or "")

    @property
    def buys(self) -> bool:
        """Whether the order buys."""
        return self.body.get("Direction") == _BUY


def marked(leg: Leg, price: int) -> Leg:
    """Return a leg after a price: a trailing one's mark follows the best."""
    if leg.kind is not Kind.TRAILING:
        return leg
    better = min(leg.mark or price, price) if leg.buys else max(leg.mark, price)
    return leg if better == leg.mark else msgspec.structs.replace(leg, mark=better)


def fires(leg: Leg, price: int) -> bool:
    """Return whether a last price meets a leg's condition; a trailing one's mark counts it."""
    match leg.kind:
        case Kind.STOP:
            return price >= leg.price if leg.buys else price <= leg.price
        case Kind.PROFIT:
            return price <= leg.price if leg.buys else price >= leg.price
        case Kind.TRAILING if leg.mark:
            turned = price - leg.mark if leg.buys else leg.mark - price
            return turned >= leg.distance
        case _:
            return False


def moment_of(trading_day: date, at: time, calendar: TradingCalendar) -> datetime:
    """Return when a time of day is on a trading day: at night that is the evening before."""
    day = night_of(trading_day, at, calendar) if is_night(at) else trading_day
    return datetime.combine(day, at)


def is_due(leg: Leg, now: datetime) -> bool:
    """Return whether a leg's moment has come."""
    return leg.kind is Kind.TIME and now >= datetime.fromisoformat(leg.at)


def is_missed(leg: Leg, now: datetime) -> bool:
    """Return whether a leg's moment is so long ago that its order would come late."""
    return leg.kind is Kind.TIME and now > datetime.fromisoformat(leg.at) + MISSED
