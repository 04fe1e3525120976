"""What has traded in one instrument today."""

from dataclasses import dataclass


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

    def print(self, price: int, volume: int, multiplier: int) -> None:
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
