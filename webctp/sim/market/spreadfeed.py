"""The market data of combinations: who watches which, and when their quotes have changed."""

from collections.abc import Iterator
from typing import Final

from webctp.ctp.codec import DBL_MAX
from webctp.sim.market.markets import Markets
from webctp.sim.market.ticks import FIELDS, Stamp
from webctp.sim.market.watchers import Watchers
from webctp.sim.model.combinations import QUOTED, Spread
from webctp.sim.money import UNITS_PER_YUAN

Quotes = tuple[tuple[int, int] | None, tuple[int, int] | None]
"""Best bid and best ask: price in units, volume."""

_PLACES: Final = {name: place for place, name in enumerate(FIELDS)}
_NOTHING: Final = ("Volume", "Turnover", "OpenInterest", "AveragePrice", "Banding")
_EMPTY: Final = tuple(0 if any(part in name for part in _NOTHING) else DBL_MAX for name in FIELDS)
"""What no value looks like: 0 for sums and volumes, else DBL_MAX."""


class SpreadFeed:
    """The sessions that watch combinations."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._watchers = Watchers()
        self._told: dict[str, Quotes] = {}

    def __bool__(self) -> bool:
        return bool(self._watchers)

    def watch(self, session: int, name: str) -> None:
        """Note that a session watches a combination."""
        self._watchers.add(session, name)
        spread = self._markets.spreads.get(name)
        if spread is not None:
            self._told[name] = self.quotes(spread)

    def unwatch(self, session: int, name: str) -> bool:
        """Note that a session no longer watches a combination; return whether the session did."""
        did = self._watchers.discard(session, name)
        if name not in self._watchers:
            self._told.pop(name, None)
        return did

    def gone(self) -> list[tuple[str, frozenset[int]]]:
        """Return the combinations that are watched and no longer listed, with their watchers."""
        found = list(self._watchers.items())
        return [item for item in found if self._markets.spreads.get(item[0]) is None]

    def followed(self) -> set[str]:
        """Return what must be stepped for those who watch: combinations and their legs."""
        spreads = [spread for spread, _ in self._watched()]
        legs = {leg.instrument for spread in spreads for leg in spread.legs}
        return legs.union(spread.name for spread in spreads)

    def changed(self, name: str) -> frozenset[int]:
        """Return the sessions to send a combination to, if its quotes have changed."""
        watchers = self._watchers.get(name)
        spread = self._markets.spreads.get(name) if watchers else None
        if watchers is None or spread is None:
            return frozenset()
        quotes = self.quotes(spread)
        if self._told.get(name) == quotes:
            return frozenset()
        self._told[name] = quotes
        return watchers

    def of_products(self, products: set[str]) -> Iterator[tuple[Spread, frozenset[int]]]:
        """Yield the watched combinations of some products, and who watches them."""
        for spread, watchers in self._watched():
            if spread.contract.product in products:
                yield spread, watchers

    def quotes(self, spread: Spread) -> Quotes:
        """Return best bid and ask."""
        return self._markets.spread_market(spread.name).quotes()

    def tick(self, spread: Spread, at: Stamp) -> tuple[object, ...]:
        """Return a combination's present in the order of ``ticks.FIELDS``.

        CTP's page QTYWGZ/HQSM 3: bids, asks and limits; nothing else has a value.
        """
        name = spread.name.encode()
        day = self._markets.market(spread.name).day
        values: list[object] = [*at, *_EMPTY[len(at) :]]
        values[_PLACES["ExchangeID"]] = spread.contract.exchange.encode()
        values[_PLACES["InstrumentID"]] = values[_PLACES["ExchangeInstID"]] = name
        values[_PLACES["UpperLimitPrice"]] = day.upper / UNITS_PER_YUAN
        values[_PLACES["LowerLimitPrice"]] = day.lower / UNITS_PER_YUAN
        for side, quote in zip(("Bid", "Ask"), self.quotes(spread), strict=True):
            if quote is not None:
                values[_PLACES[f"{side}Price1"]] = quote[0] / UNITS_PER_YUAN
                values[_PLACES[f"{side}Volume1"]] = quote[1]
        return tuple(values)

    def _watched(self) -> Iterator[tuple[Spread, frozenset[int]]]:
        for name, watchers in sorted(self._watchers.items()):
            spread = self._markets.spreads.get(name)
            if spread is not None and spread.contract.exchange in QUOTED:
                yield spread, watchers
