"""A combination as the simulation needs it: its legs' terms, its limits, its quotes from the legs.

CTP tells of a combination's market bids, asks and limits only, and of DCE and CZCE only (page
QTYWGZ/HQSM 3). That its limits come from its legs' is inferred.
"""

from dataclasses import dataclass, replace
from typing import Final

from webctp.exchanges.combinations import Combination
from webctp.sim.book import BUY, SELL, opposite
from webctp.sim.contracts import Contract
from webctp.sim.world import World

QUOTED: Final = frozenset({"DCE", "CZCE"})
"""Exchanges that tell the market of combinations."""
_MOST_KNOWN: Final = 4096
"""Combinations whose terms are kept; beyond, all are worked out again."""
Quote = tuple[int, int]
"""Price in units, volume in lots."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A combination on a trading day; compared by identity.

    ``contract`` has the combination's own terms: InstrumentID, tick and order sizes, and else the
    first leg's, whose product's status counts for it.
    """

    combination: Combination
    legs: tuple[Contract, Contract]
    contract: Contract

    @property
    def name(self) -> str:
        """The combination's InstrumentID."""
        return self.contract.instrument

    def price(self, first: int, second: int) -> int:
        """Return the combination's price while its legs have these."""
        return first + second if self.combination.kind.plus else first - second

    def second(self, price: int, first: int) -> int:
        """Return the second leg's price where the combination's and the first's are these."""
        return price - first if self.combination.kind.plus else first - price


class Spreads:
    """The combinations of the present day, by name."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._day = world.day
        self._known: dict[str, Spread] = {}

    def get(self, name: str) -> Spread | None:
        """Return the combination of a name, None where there is none today."""
        if self._day is not self._world.day or len(self._known) >= _MOST_KNOWN:
            # Found again when they are asked for.
            self._day = self._world.day
            self._known.clear()
        known = self._known.get(name)
        if known is None:
            combination = self._world.combinations.find(name)
            if combination is None:
                return None
            known = self._known[name] = _spread(self._world, combination)
        return known

    def must(self, name: str) -> Spread:
        """Return the combination of a name.

        :raises KeyError: if there is none today.
        """
        known = self.get(name)
        if known is None:
            raise KeyError(name)
        return known


def _spread(world: World, combination: Combination) -> Spread:
    """Return a combination with the terms of its legs."""
    first, second = (world.must(leg.instrument_id) for leg in combination.legs)
    least = max(first.limit_volumes[0], second.limit_volumes[0])
    most = min(first.limit_volumes[1], second.limit_volumes[1])
    contract = replace(
        first,
        instrument=combination.instrument_id,
        tick=max(first.tick, second.tick),
        market_types=frozenset(),
        limit_volumes=(least, most),
        market_volumes=(0, 0),
        min_open_volume=max(first.min_open_volume, second.min_open_volume),
        expiry=min(first.expiry, second.expiry),
        levels=1,
        option=None,
    )
    return Spread(combination, (first, second), contract)


def bounds(world: World, spread: Spread) -> Quote:
    """Return a combination's lower and upper limit in units."""
    days = [world.market(leg.instrument).day for leg in spread.legs]
    first, second = days
    if spread.combination.kind.plus:
        return first.lower + second.lower, first.upper + second.upper
    return first.lower - second.upper, first.upper - second.lower


def implied(world: World, spread: Spread, direction: str) -> Quote | None:
    """Return the best price and volume at which the legs stand for a side of the combination.

    :param direction: BUY for the bid, SELL for the ask; None where a leg has nobody to meet.
    """
    sides = spread.combination.directions(direction)
    best = [
        world.market(leg.instrument).depth(side, 1)
        for leg, side in zip(spread.legs, sides, strict=True)
    ]
    if not all(best):
        return None
    (first, one), (second, other) = best[0][0], best[1][0]
    return spread.price(first, second), min(one, other)


def better(side: str, one: Quote | None, other: Quote | None) -> Quote | None:
    """Return the better of two quotes of a side, their volumes together where they are level."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        return one[0], one[1] + other[1]
    return max(one, other) if side == BUY else min(one, other)


def against(direction: str) -> str:
    """Return the side of the market that an order of ``direction`` meets."""
    return opposite(direction)


BOTH: Final = (BUY, SELL)
"""The sides of a market."""
