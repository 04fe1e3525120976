"""A combination as the simulation needs it: its legs' terms, how its price comes of theirs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from webctp.exchanges.combinations import Combination, Combinations
from webctp.sim.model.contracts import Contract

QUOTED: Final = frozenset({"DCE", "CZCE"})
"""Exchanges that tell the market of combinations (CTP's page QTYWGZ/HQSM 3)."""
_MOST_KNOWN: Final = 4096
"""Combinations whose terms are kept; beyond, all are worked out again."""


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
    """The combinations of a trading day, by name.

    :param must: the terms of an instrument that is listed.
    """

    def __init__(self, combinations: Combinations, must: Callable[[str], Contract]) -> None:
        self._combinations = combinations
        self._must = must
        self._known: dict[str, Spread] = {}

    def get(self, name: str) -> Spread | None:
        """Return the combination of a name, None where there is none today."""
        if "&" not in name:
            return None
        known = self._known.get(name)
        if known is None:
            combination = self._combinations.find(name)
            if combination is None:
                return None
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[name] = self._made(combination)
        return known

    def must(self, name: str) -> Spread:
        """Return the combination of a name.

        :raises KeyError: if there is none today.
        """
        known = self.get(name)
        if known is None:
            raise KeyError(name)
        return known

    def _made(self, combination: Combination) -> Spread:
        """Return a combination with the terms of its legs."""
        first, second = (self._must(leg.instrument_id) for leg in combination.legs)
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
