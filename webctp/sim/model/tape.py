"""What has traded: of one trade, of a stretch of time, of a whole day."""

from dataclasses import dataclass
from typing import NamedTuple


class Traded(NamedTuple):
    """What trades between two moments made of a market.

    Prices are in ticks, ``total`` is the sum of price by lots; ``interest`` is the change of the
    open interest. ``first`` may be any price of it where it is not the day's first trade.
    """

    lots: int
    total: int
    high: int
    low: int
    first: int
    last: int
    interest: int

    def shifted(self, ticks: int, lowest: int, highest: int) -> "Traded":
        """Return the same trades some ticks away, but between the price limits."""
        if not ticks:
            return self
        high, low, first, last = (
            min(max(price + ticks, lowest), highest)
            for price in (self.high, self.low, self.first, self.last)
        )
        if self.lots == 2:
            total = high + low
        else:
            total = min(max(self.total + ticks * self.lots, low * self.lots), high * self.lots)
        return Traded(self.lots, total, high, low, first, last, self.interest)


class Print(NamedTuple):
    """Trades at one step."""

    step: int
    traded: Traded


def at_one_price(lots: int, price: int, interest: int) -> Traded:
    """Return what ``lots`` at one price in ticks come to."""
    return Traded(lots, lots * price, price, price, price, price, interest)


@dataclass(frozen=True, slots=True)
class Fill:
    """A user's order traded: the exchange's order id, price in units, volume in lots."""

    order_id: int
    price: int
    volume: int


@dataclass(frozen=True, slots=True)
class DayPrices:
    """What a trading day gives an instrument at its start, prices in units."""

    pre_settlement: int
    pre_close: int
    upper: int
    lower: int
    open_interest: int


@dataclass(slots=True)
class Tape:
    """What has traded today: prices in units (0 before the first trade), turnover in units."""

    last: int
    open_interest: int
    open: int = 0
    high: int = 0
    low: int = 0
    volume: int = 0
    turnover: int = 0

    def print(self, price: int, volume: int, multiplier: int, interest: int = 0) -> None:
        """Enter a trade."""
        self.last = price
        if not self.volume:
            self.open = self.high = self.low = price
        elif price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.volume += volume
        self.turnover += price * volume * multiplier
        self.open_interest += interest

    def enter(self, traded: Traded, tick: int, multiplier: int) -> None:
        """Enter the trades of a stretch of time."""
        high, low = traded.high * tick, traded.low * tick
        self.last = traded.last * tick
        if not self.volume:
            self.open = traded.first * tick
            self.high, self.low = high, low
        else:
            self.high = max(self.high, high)
            self.low = min(self.low, low)
        self.volume += traded.lots
        self.turnover += traded.total * tick * multiplier
        self.open_interest += traded.interest
