"""The market of a combination: users' orders in it, and what its legs' markets make of it.

An order in a combination meets other users' orders in it, and the two legs' markets at once. That
is so on DCE and CZCE (second-hand); how prices of the legs are found where two orders in the
combination meet is inferred: the first leg's last price, and the second's from it.
"""

from collections.abc import Callable, Iterable, Iterator

from webctp.sim.market.auction import Offer
from webctp.sim.market.book import BUY, SELL, Book, Match, Resting, opposite, total
from webctp.sim.market.market import Market
from webctp.sim.model.combinations import Spread
from webctp.sim.model.tape import DayPrices, Fill, Tape

_DEEPEST = 40
"""Levels of a leg that an order in a combination can sweep."""


class SpreadPrice(int):
    """A combination's price in units, with what each leg has traded for it.

    Each leg's matches are (maker's order number or None, price in units, volume).
    """

    legs: tuple[tuple[Match, ...], tuple[Match, ...]]

    def __new__(cls, price: int, first: Iterable[Match], second: Iterable[Match]) -> "SpreadPrice":
        """Return a price with its legs' matches."""
        made = super().__new__(cls, price)
        made.legs = tuple(first), tuple(second)
        return made

    @property
    def count(self) -> int:
        """The trades of its legs: each has a TradeID of its own."""
        return sum(len(matches) for matches in self.legs)


class SpreadMarket(Market):
    """A combination's market on one trading day; it has no tape, and takes part in no auction.

    :param legs: the markets of its legs, caught up on to now.
    """

    __slots__ = ("_legs", "_spread")

    def __init__(self, spread: Spread, legs: Callable[[], tuple[Market, Market]]) -> None:
        # The background of a market is drawn; this one has none of its own.
        self._spread = spread
        self._legs = legs
        self.contract = spread.contract
        self.book = Book()
        first, second = (market.day for market in legs())
        if spread.combination.kind.plus:
            lower, upper = first.lower + second.lower, first.upper + second.upper
        else:
            lower, upper = first.lower - second.upper, first.upper - second.lower
        self.day = DayPrices(0, 0, upper, lower, 0)
        self.tape = Tape(0, 0)
        self.step = 0
        self.touched = self.used = False

    def advance(self, step: int) -> tuple[bool, list[Fill]]:
        """Fill the resting orders that the legs' markets now reach."""
        fills: list[Fill] = []
        for side in (BUY, SELL):
            while (best := next(iter(self.book.side(side)), None)) is not None:
                found = self._take_legs(side, best.price, best.volume, opens=best.opens)
                if found is None:
                    break
                price, volume = found
                fills.append(Fill(best.order_id, price, volume))
                self.book.fill(best.order_id, side, volume)
        return bool(fills), fills

    def call_auction(self, step: int, entering: Iterable[tuple[str, Offer]]) -> list[Fill]:
        """Take no part: orders in combinations are for continuous trading (second-hand)."""
        return []

    def execute(
        self,
        direction: str,
        limit: int | None,
        volume: int,
        *,
        five_levels: bool = False,
        opens: bool = True,
    ) -> list[Match]:
        """Trade an incoming order: with the better of other users and the legs, users first.

        :raises ValueError: for a market order, which no combination takes.
        """
        if limit is None:
            raise ValueError(f"{self._spread.name}: no market orders")
        sign = 1 if direction == BUY else -1
        side = opposite(direction)
        matches: list[Match] = []
        while volume > 0:
            maker = next(iter(self.book.side(side)), None)
            implied = self.implied(side)
            meets = maker is not None and sign * maker.price <= sign * limit
            if maker is not None and meets:
                bound = maker.price - sign * self.contract.tick
            else:
                bound = limit
            if implied is not None and sign * implied[0] <= sign * bound:
                found = self._take_legs(direction, bound, volume, opens=opens)
                if found is None:
                    break
                matches.append((None, *found))
            elif maker is not None and meets:
                traded = min(volume, maker.volume)
                alike = maker.opens == opens
                price = self._agreed(maker.price, traded, (1 if opens else -1) if alike else 0)
                matches.append((maker.order_id, price, traded))
                self.book.fill(maker.order_id, side, traded)
            else:
                break
            volume -= matches[-1][2]
        return matches

    def fillable(
        self, direction: str, limit: int | None, volume: int, *, five_levels: bool = False
    ) -> int:
        """Return how much of ``volume`` would trade at once."""
        if limit is None:
            return 0
        sign = 1 if direction == BUY else -1
        standing = self.book.side(opposite(direction))
        found = sum(entry.volume for entry in standing if sign * entry.price <= sign * limit)
        for price, level in self._levels(opposite(direction)):
            if found >= volume or sign * price > sign * limit:
                break
            found += level
        return min(found, volume)

    def rest(
        self, order_id: int, direction: str, price: int, volume: int, *, opens: bool = True
    ) -> None:
        """Put a user's order into the book."""
        self.book.add(Resting(order_id, direction, price, volume, 0, opens))

    def remove(self, order_id: int, direction: str) -> None:
        """Take a user's order out of the book."""
        self.book.remove(order_id, direction)

    def depth(self, direction: str, levels: int) -> list[tuple[int, int]]:
        """Return the best levels of a side, those of the legs and users' together."""
        merged: dict[int, int] = {}
        for price, volume in self.book.levels(direction):
            merged[price] = volume
        for _, (price, volume) in zip(range(levels), self._levels(direction, levels), strict=False):
            merged[price] = merged.get(price, 0) + volume
        return sorted(merged.items(), reverse=direction == BUY)[:levels]

    def best(self, direction: str) -> int | None:
        """Return the best price of a side in units, None where nobody stands."""
        found = self.depth(direction, 1)
        return found[0][0] if found else None

    def quotes(self) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """Return best bid and best ask: price in units, volume.

        A combination without users' orders goes by the legs' best prices alone, as nearly all do.
        """
        if len(self.book):
            buyers, sellers = self.depth(BUY, 1), self.depth(SELL, 1)
            return buyers[0] if buyers else None, sellers[0] if sellers else None
        first, second = self._legs()
        plus = self._spread.combination.kind.plus
        bids, asks = first.depth(BUY, 1), first.depth(SELL, 1)
        others = second.depth(BUY, 1), second.depth(SELL, 1)
        to_bid, to_ask = others if plus else others[::-1]
        bid = asked = None
        if bids and to_bid:
            (one, lots), (other, most) = bids[0], to_bid[0]
            bid = one + other if plus else one - other, min(lots, most)
        if asks and to_ask:
            (one, lots), (other, most) = asks[0], to_ask[0]
            asked = one + other if plus else one - other, min(lots, most)
        return bid, asked

    def implied(self, side: str) -> tuple[int, int] | None:
        """Return the best price and volume that the legs give a side of the combination."""
        return next(self._levels(side, 1), None)

    def _levels(self, side: str, deepest: int = _DEEPEST) -> Iterator[tuple[int, int]]:
        """Yield what the legs give a side, best first: (price, volume)."""
        sides = self._spread.combination.directions(side)
        legs = [
            [list(level) for level in leg.depth(of_leg, deepest)]
            for leg, of_leg in zip(self._legs(), sides, strict=True)
        ]
        first, second = (iter(levels) for levels in legs)
        one, other = next(first, None), next(second, None)
        while one is not None and other is not None:
            volume = min(one[1], other[1])
            yield self._spread.price(one[0], other[0]), volume
            one[1] -= volume
            other[1] -= volume
            one = one if one[1] else next(first, None)
            other = other if other[1] else next(second, None)

    def _take_legs(
        self, direction: str, limit: int, volume: int, *, opens: bool
    ) -> tuple[SpreadPrice, int] | None:
        """Trade in both legs at their best prices; None where those are beyond ``limit``."""
        sides = self._spread.combination.directions(direction)
        legs = self._legs()
        best = [leg.depth(opposite(side), 1) for leg, side in zip(legs, sides, strict=True)]
        if not all(best):
            return None
        prices = best[0][0][0], best[1][0][0]
        price = self._spread.price(*prices)
        if price > limit if direction == BUY else price < limit:
            return None
        ways = list(zip(legs, sides, prices, strict=True))
        traded = min(leg.fillable(side, at, volume) for leg, side, at in ways)
        first, second = (leg.execute(side, at, traded, opens=opens) for leg, side, at in ways)
        if not traded or (total(first), total(second)) != (traded, traded):
            raise ValueError(f"{self._spread.name}: {traded} lots, legs {first} and {second}")
        return SpreadPrice(price, first, second), traded

    def _agreed(self, price: int, volume: int, interest: int) -> SpreadPrice:
        """Return the prices of the legs where two orders in the combination meet at ``price``.

        Both are within their limits, as the combination's limits are made of theirs.
        """
        first, second = self._legs()
        if self._spread.combination.kind.plus:
            least, most = price - second.day.upper, price - second.day.lower
        else:
            least, most = price + second.day.lower, price + second.day.upper
        least, most = max(least, first.day.lower), min(most, first.day.upper)
        one = min(max(first.tape.last, least), most)
        other = self._spread.second(price, one)
        for market, at in ((first, one), (second, other)):
            market.print_trade(at, volume, interest * volume)
        return SpreadPrice(price, [(None, one, volume)], [(None, other, volume)])
