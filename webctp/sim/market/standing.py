"""The background's side of a book: bid, ask and the volumes behind them, less what users took."""

from collections.abc import Iterator, Sequence
from math import floor
from typing import Any, Final

from webctp.sim.market.book import BUY
from webctp.sim.model.contracts import Contract

_IMPACT_LEFT: Final = 0.998
"""What a step leaves of the users' impact on the fair price: half is gone in three minutes."""
_IMPACT_A_LEVEL: Final = 0.5
"""By how many ticks taking one whole level moves the fair price."""
_LEAST_IMPACT: Final = 0.01
_AT_LIMIT: Final = 20
"""How many times a level's volume queues at a price limit."""
_DEEPEST: Final = 40
"""Levels of the background that an order can sweep."""


class Standing:
    """What the background quotes at a step. Prices here are in ticks, those of levels in units.

    ``bid`` and ``ask`` are None where nobody stands: before the opening, and across from a price
    limit that the market is pushed against.
    """

    __slots__ = ("_contract", "_impact", "_taken", "ask", "bid", "bits", "highest", "lowest")

    def __init__(self, contract: Contract, lowest: int, highest: int) -> None:
        self._contract = contract
        self.lowest = lowest
        self.highest = highest
        self.bid: int | None = None
        self.ask: int | None = None
        self.bits = 0
        self._impact = 0.0
        self._taken: dict[int, int] = {}

    @property
    def pushed(self) -> bool:
        """Whether anything is left of what users have traded with the background."""
        return bool(self._impact or self._taken)

    def make(self, center: float, bits: int, spread: int) -> int:
        """Quote about a centre; return by how many ticks users have moved the quotes.

        :param bits: what the levels' volumes are drawn from.
        :param spread: ticks between bid and ask.
        """
        lowest, highest = self.lowest, self.highest
        plain = floor(center - (spread - 1) / 2)
        bid = floor(center + self._impact - (spread - 1) / 2) if self._impact else plain
        ask = bid + spread
        self.bits = bits
        self.bid = None if bid < lowest else min(bid, highest)
        self.ask = None if ask > highest else max(ask, lowest)
        if self.bid == self.ask:
            # Only where the limits leave room for one price: the side that pushes stays.
            self.ask = None
        return bid - plain

    def straddle(self, last: int) -> bool:
        """Stand about a price that has just traded; return whether that moved anything."""
        bid, ask, spread = self.bid, self.ask, self._contract.spread
        if bid is not None and last < bid:
            bid, ask = last, last + spread
        elif ask is not None and last > ask:
            bid, ask = last - spread, last
        else:
            return False
        self.bid = bid if bid >= self.lowest else None
        self.ask = ask if ask <= self.highest else None
        return True

    def wear_off(self) -> None:
        """Let a step pass over what users have left."""
        if self._impact:
            self._impact *= _IMPACT_LEFT
            if abs(self._impact) < _LEAST_IMPACT:
                self._impact = 0.0
        if self._taken:
            self._taken = {price: left >> 1 for price, left in self._taken.items() if left >> 1}

    def take(self, price: int, volume: int) -> None:
        """Take some of a level away, until it has been refilled; ``price`` in units."""
        self._taken[price] = self._taken.get(price, 0) + volume

    def push(self, bought: int) -> None:
        """Move the centre for lots that users bought of the background (sold: below 0)."""
        self._impact += _IMPACT_A_LEVEL * bought / self._contract.depth

    def levels(self, direction: str) -> Iterator[tuple[int, int]]:
        """Give the levels of a side, best first, less what users took: (price in units, volume)."""
        best = self.bid if direction == BUY else self.ask
        if best is None:
            return
        down = direction == BUY
        shift = 0 if down else 24
        tick, bits, taken = self._contract.tick, self.bits, self._taken
        depth = self._contract.depth
        if (best >= self.highest) if down else (best <= self.lowest):
            depth *= _AT_LIMIT
        end = self.lowest if down else self.highest
        sign = -1 if down else 1
        for level in range(min(_DEEPEST, abs(end - best) + 1)):
            price = (best + sign * level) * tick
            part = (bits >> (shift + 6 * (level & 3))) & 63
            volume = 1 + ((depth * (24 + part) * (4 + min(level, 8))) >> 8)
            if taken:
                volume -= taken.get(price, 0)
            if volume > 0:
                yield price, volume

    def plain_levels(self, direction: str, number: int) -> list[tuple[int, int]]:
        """Return the best of `levels` where users took nothing, as for nearly all ticks."""
        best = self.bid if direction == BUY else self.ask
        if best is None:
            return []
        if direction == BUY:
            sign, shift, room, at_limit = -1, 0, best - self.lowest, best >= self.highest
        else:
            sign, shift, room, at_limit = 1, 24, self.highest - best, best <= self.lowest
        bits, tick = self.bits >> shift, self._contract.tick
        depth = self._contract.depth * (_AT_LIMIT if at_limit else 1)
        return [
            (
                (best + sign * level) * tick,
                1 + (depth * (24 + (bits >> 6 * (level & 3) & 63)) * (4 + level) >> 8),
            )
            for level in range(min(number, room + 1))
        ]

    # The state file

    def facts(self) -> list[Any]:
        """Return the quotes, and what users have left of them, as plain values."""
        taken = [list(level) for level in self._taken.items()]
        return [self.bid, self.ask, self.bits, self._impact, taken]

    def restore(self, facts: Sequence[Any]) -> None:
        """Go on with what `facts` gave."""
        self.bid, self.ask, self.bits, self._impact, taken = facts
        self._taken = dict(taken)
