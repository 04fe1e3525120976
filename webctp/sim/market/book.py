"""The resting orders of one instrument's users, by price and time.

The background market is not in here: it is drawn anew at every step (``market``). An entry
remembers how much background volume stands before it at its price, so that a user waits in the
queue as on a real exchange.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

BUY: Final = "0"
SELL: Final = "1"
"""``THOST_FTDC_D_Buy`` and ``THOST_FTDC_D_Sell``."""

Match = tuple[int | None, int, int]
"""A match of an incoming order: the maker's number (None for the background), price, volume."""


def total(matches: Iterable[Match]) -> int:
    """Return the lots of some matches."""
    return sum(volume for _, _, volume in matches)


def opposite(direction: str) -> str:
    """Return the other direction."""
    return SELL if direction == BUY else BUY


@dataclass(slots=True)
class Resting:
    """An order in the book: ``order_id`` of the exchange, price in units, what is left of it.

    ``ahead`` is the background volume that was at its price before it and is still there;
    ``opens``: whether the order opens a position.
    """

    order_id: int
    direction: str
    price: int
    volume: int
    ahead: int
    opens: bool = True


def _priority(entry: Resting) -> int:
    return -entry.price if entry.direction == BUY else entry.price


class Book:
    """Users' resting orders of one instrument, best price first, then first come."""

    __slots__ = ("_sides",)

    def __init__(self) -> None:
        self._sides: dict[str, list[Resting]] = {BUY: [], SELL: []}

    def __len__(self) -> int:
        return len(self._sides[BUY]) + len(self._sides[SELL])

    def add(self, entry: Resting) -> None:
        """Put an order behind all others of its price."""
        side = self._sides[entry.direction]
        side.insert(bisect_right(side, _priority(entry), key=_priority), entry)

    def remove(self, order_id: int, direction: str) -> bool:
        """Take an order out; return whether it was in."""
        side = self._sides[direction]
        for place, entry in enumerate(side):
            if entry.order_id == order_id:
                del side[place]
                return True
        return False

    def fill(self, order_id: int, direction: str, volume: int) -> None:
        """Trade ``volume`` of an order, wherever it stands; one that is filled leaves the book."""
        for entry in self._sides[direction]:
            if entry.order_id == order_id:
                entry.volume -= volume
        self._sides[direction] = [entry for entry in self._sides[direction] if entry.volume]

    def side(self, direction: str) -> list[Resting]:
        """Return the orders of one side in their order of priority, for reading."""
        return self._sides[direction]

    def best(self, direction: str) -> int | None:
        """Return the best price of a side, None where it is empty."""
        side = self._sides[direction]
        return side[0].price if side else None

    def levels(self, direction: str) -> Iterator[tuple[int, int]]:
        """Price and total volume of each level of a side, best first."""
        price, volume = 0, 0
        for entry in self._sides[direction]:
            if volume and entry.price != price:
                yield price, volume
                volume = 0
            price = entry.price
            volume += entry.volume
        if volume:
            yield price, volume

    def take(
        self, direction: str, price: int, volume: int, background: int
    ) -> Iterator[tuple[int | None, int]]:
        """Trade ``volume`` against the orders of one price and the background between them.

        ``background`` is the background volume that still stands at the price: nobody waits
        behind more than that. Yields (order id, volume) for users' orders and (None, volume) for
        background that stood before them, in the order of time; entries that are filled leave
        the book. What is left of ``volume`` after the last entry is the caller's to place.
        """
        passed = 0
        for entry in [entry for entry in self._sides[direction] if entry.price == price]:
            entry.ahead = max(0, min(entry.ahead, background) - passed)
            waited = min(volume, entry.ahead)
            if waited:
                entry.ahead -= waited
                passed += waited
                volume -= waited
                yield None, waited
            filled = min(volume, entry.volume)
            if filled:
                entry.volume -= filled
                volume -= filled
                yield entry.order_id, filled
        self._sides[direction] = [entry for entry in self._sides[direction] if entry.volume]
