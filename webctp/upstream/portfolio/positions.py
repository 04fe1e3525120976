"""A position: the lots of an instrument on one side under one hedge flag, and the day's movements.

Prices and amounts are in units (1e-4 yuan). Rules: CTP's pages ONRSPQRYINVESTORPOSITION and
ONRSPQRYINVESTORPOSITIONDETAIL. Pure; runs in the reactor's thread.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from webctp.upstream.portfolio.facts import CLOSE_TODAY, LONG, Key, Terms


@dataclass(slots=True)
class Lot:
    """What one opening trade left; ``volume`` is what is left of it first in, first out."""

    trade_id: str
    open_day: str
    price: int
    volume: int


@dataclass(slots=True)
class Tally:
    """A day's movements of a position: of today's lots, or of older ones."""

    open_volume: int = 0
    close_volume: int = 0
    open_amount: int = 0
    close_amount: int = 0
    commission: int = 0
    profit_by_date: int = 0
    profit_by_trade: int = 0
    cash_in: int = 0


class Days:
    """The lots of today, or the older ones, with their sums: a trade costs no walk over them."""

    __slots__ = ("lots", "open_sum", "volume")

    def __init__(self) -> None:
        self.lots: deque[Lot] = deque()
        self.volume = 0
        self.open_sum = 0
        """The sum of price by volume."""

    def add(self, lot: Lot) -> None:
        """Add the newest lot."""
        self.lots.append(lot)
        self.volume += lot.volume
        self.open_sum += lot.price * lot.volume

    def take(self, volume: int) -> Iterator[tuple[int, int]]:
        """Take lots out, the oldest first; gives price and volume of each piece."""
        while volume and self.lots:
            lot = self.lots[0]
            taken = min(volume, lot.volume)
            lot.volume -= taken
            volume -= taken
            self.volume -= taken
            self.open_sum -= lot.price * taken
            if not lot.volume:
                self.lots.popleft()
            yield lot.price, taken


class Position:
    """What is held of an instrument on one side under one hedge flag.

    ``pre`` is yesterday's settlement price, which older lots' profits by date count from. Where
    days are not kept apart all movements stand in ``today``.
    """

    __slots__ = (
        "combined",
        "is_dirty",
        "key",
        "older",
        "older_lots",
        "paid_today",
        "pre",
        "sign",
        "start",
        "terms",
        "today",
        "today_lots",
    )

    def __init__(self, key: Key, terms: Terms, pre: int) -> None:
        self.key = key
        self.terms = terms
        self.pre = pre
        self.sign = 1 if key.side == LONG else -1
        self.start = 0
        """Lots at the day's beginning (YdPosition)."""
        self.paid_today = 0
        """Closed lots that have paid the rate of closing today's, where days are not apart."""
        self.combined = 0
        """Lots in combinations, as CTP told last (CombPosition)."""
        self.today_lots = Days()
        self.older_lots = Days()
        self.today = Tally()
        self.older = Tally()
        self.is_dirty = True
        """Whether figures made of it before are out of date."""

    @property
    def volume(self) -> int:
        """Lots held."""
        return self.today_lots.volume + self.older_lots.volume

    @property
    def cost(self) -> int:
        """PositionCost: today's lots at their open prices, older ones at pre-settlement."""
        older = self.pre * self.older_lots.volume
        return (self.today_lots.open_sum + older) * self.terms.multiplier

    @property
    def open_cost(self) -> int:
        """OpenCost: lots at their open prices."""
        return (self.today_lots.open_sum + self.older_lots.open_sum) * self.terms.multiplier

    def profit(self, price: int) -> tuple[int, int]:
        """Return the profit at a price: by date and by trade; of options CTP works out none."""
        if self.terms.is_option:
            return 0, 0
        worth = price * self.volume * self.terms.multiplier
        return self.sign * (worth - self.cost), self.sign * (worth - self.open_cost)

    def has(self, offset: str, volume: int) -> bool:
        """Return whether a closing trade finds its lots."""
        if not self.terms.by_date:
            return volume <= self.volume
        part = self.today_lots if offset == CLOSE_TODAY else self.older_lots
        return volume <= part.volume

    def tally(self, *, today: bool) -> Tally:
        """Return the movements that count for today's lots, or for older ones."""
        return self.today if today or not self.terms.by_date else self.older

    def open(self, lot: Lot) -> Tally:
        """Enter an opening trade."""
        self.today_lots.add(lot)
        tally = self.today
        tally.open_volume += lot.volume
        tally.open_amount += lot.price * lot.volume * self.terms.multiplier
        self.is_dirty = True
        return tally

    def close(self, offset: str, price: int, volume: int) -> tuple[Tally, int]:
        """Enter a closing trade whose lots are there; gives its movements and profit by date.

        Oldest lots first; where days are kept apart, of the day that the offset names.
        """
        self.is_dirty = True
        gained = 0
        if self.terms.by_date:
            parts: tuple[bool, ...] = (offset == CLOSE_TODAY,)
        else:
            parts = (False, True)
        first = None
        for today in parts:
            days = self.today_lots if today else self.older_lots
            taken = min(volume, days.volume)
            if not taken:
                continue
            volume -= taken
            tally = self.tally(today=today)
            first = first or tally
            gained += self._close(days, tally, price, taken, today=today)
        return first or self.tally(today=parts[0]), gained

    def _close(self, days: Days, tally: Tally, price: int, volume: int, *, today: bool) -> int:
        size = self.terms.multiplier * self.sign
        opened = sum(at * lots for at, lots in days.take(volume))
        worth = price * volume
        by_trade = (worth - opened) * size
        base = opened if today else self.pre * volume
        by_date = 0 if self.terms.is_option else (worth - base) * size
        tally.close_volume += volume
        tally.close_amount += worth * self.terms.multiplier
        tally.profit_by_date += by_date
        tally.profit_by_trade += by_trade
        return by_date

    def paying_today(self, offset: str, volume: int) -> int:
        """Return how many lots of a closing pay the rate of closing today's.

        Where days are not kept apart as many of a day's closings do as it has openings, whichever
        lots they close (短线开平仓, CTP's page ONRSPQRYTRADINGACCOUNT).
        """
        if self.terms.by_date:
            return volume if offset == CLOSE_TODAY else 0
        found = max(min(volume, self.today.open_volume - self.paid_today), 0)
        self.paid_today += found
        return found
