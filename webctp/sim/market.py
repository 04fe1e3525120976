"""The market of one instrument: its background, its users' book, its tape.

The background is drawn, not stored: at each step the fair price gives the best bid and ask, and
the step's random bits the volumes of the levels behind them. What users took away from a level
is remembered until it has been refilled; what they traded moves the fair price, and wears off.
Users' resting orders stand in the same queue: they wait behind the background volume that was at
their price first, are hit by the background's trades, and meet each other by price and time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, floor, log
from typing import Final

from webctp.sim.auction import Offer, allotted, clearing
from webctp.sim.book import BUY, SELL, Book, Resting, opposite
from webctp.sim.contracts import Contract
from webctp.sim.noise import draw, uniform
from webctp.sim.tape import Tape

_FLOW_KEY: Final = 0x6C8E9CF570932BD5
_AUCTION_KEY: Final = 0x3C79AC492BA7B653
_AUCTION_STEPS: Final = 20
"""How many steps' volume the background trades in a call auction."""
_IMPACT_LEFT: Final = 0.998
"""What a step leaves of the users' impact on the fair price: half is gone in three minutes."""
_IMPACT_A_LEVEL: Final = 0.5
"""By how many ticks taking one whole level moves the fair price."""
_AT_LIMIT: Final = 20
"""How many times a level's volume queues at a price limit."""
_DEEPEST: Final = 40
"""Levels of the background that an order can sweep."""
ANSWERED_SPREAD: Final = 2
"""Ticks between the prices with which a market maker answers a request for quotes."""
_REACH: Final = 5
"""Levels that five-level orders reach."""


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


class Market:
    """One instrument on one trading day.

    :param fair: the fair price in ticks at a step; called with steps that never go back.
    :param key: what volumes and trades are drawn from.
    :param opening: the step at which it opens; nothing is quoted before.
    """

    __slots__ = (
        "_answered",
        "_ask",
        "_bid",
        "_bits",
        "_fair",
        "_highest",
        "_idle",
        "_impact",
        "_key",
        "_lowest",
        "_opening",
        "_taken",
        "book",
        "contract",
        "day",
        "step",
        "tape",
        "touched",
    )

    def __init__(
        self,
        contract: Contract,
        day: DayPrices,
        fair: Callable[[int], float],
        key: int,
        opening: int = 0,
    ) -> None:
        self.contract = contract
        self.day = day
        self.book = Book()
        self.tape = Tape(day.pre_settlement, day.open_interest)
        self.step = -1
        # Whether a user has traded or rested here today: nearly no market is ever touched.
        self.touched = False
        self._fair = fair
        self._key = key
        self._opening = opening
        self._highest = day.upper // contract.tick
        self._lowest = day.lower // contract.tick
        # The chance that nothing trades in a step: worked out once, used at nearly every step.
        self._idle = exp(-contract.activity) if contract.activity < 1 else 0.0
        self._impact = 0.0
        self._taken: dict[int, int] = {}
        self._bits = 0
        # The steps at which a market maker quotes.
        self._answered = range(0)
        self._bid: int | None = None
        self._ask: int | None = None

    def answer(self, begin: int, end: int) -> None:
        """Let a market maker answer a request for quotes from one step to another."""
        self._answered = range(begin, end)

    def advance(self, step: int) -> tuple[bool, list[Fill]]:
        """Go on to ``step``; says whether anything that a tick shows has changed, and what filled.

        Steps that were skipped are caught up on in one piece: their volume trades at the prices
        of the two ends.
        """
        if self.step < 0 <= step:
            # It may have opened long before anybody looked.
            self.call_auction(min(self._opening, step), ())
            if self.step == step:
                return True, []
        gap = step - self.step
        if gap <= 0:
            return False, []
        self.step = step
        bits = draw(self._key, step)
        flow = draw(self._key ^ _FLOW_KEY, step)
        volume = self._volume(flow, gap)
        if gap > 1 and volume > 1:
            self._print(self.tape.last, volume // 2, 0)
            volume -= volume // 2
        changed = self._requote(step, gap, bits, moved=gap > 1 or volume > 0)
        fills = self._cross() if self.touched else []
        if volume:
            self._trade_background(flow, volume, fills)
        return changed or bool(volume) or bool(fills), fills

    def call_auction(self, step: int, entering: Iterable[tuple[str, Offer]]) -> list[Fill]:
        """Open at ``step``: all that has gathered trades at one price; gives users' fills.

        The background's levels and users' orders in the book take part, and a volume that the
        background trades with itself.

        :param entering: (direction, order) of users, first come first. What of them does not
            trade is the caller's to rest.
        """
        gap = step - self.step if self.step >= 0 else 1
        self.step = step
        self._requote(step, gap, draw(self._key, step), moved=True)
        flow = draw(self._key ^ _AUCTION_KEY, step)
        quoted = [ticks * self.contract.tick for ticks in (self._bid, self._ask) if ticks]
        quote = quoted[flow >> 63 if len(quoted) > 1 else 0] if quoted else self.tape.last
        own = self._volume(flow, _AUCTION_STEPS)
        entering = tuple(entering)
        if not entering and not len(self.book):
            # The background's own bids and asks do not meet: the way of nearly all auctions.
            if own:
                self._print(quote, own, self._interest(flow, own))
            return []
        offers = {BUY: [Offer(None, quote, own)], SELL: [Offer(None, quote, own)]}
        for side, standing in offers.items():
            standing += [Offer(None, price, volume) for price, volume in self._background(side)]
            standing += [
                Offer(o.order_id, o.price, o.volume, o.opens) for o in self.book.side(side)
            ]
        for side, offer in entering:
            self.touched = True
            offers[side].append(offer)
        price, volume = clearing(offers[BUY], offers[SELL], quote)
        if not volume:
            return []
        fills, interest = self._allot(offers, price, volume, flow)
        self._print(price, volume, interest)
        return fills

    def _allot(
        self, offers: Mapping[str, list[Offer]], price: int, volume: int, flow: int
    ) -> tuple[list[Fill], int]:
        """Hand an auction's volume out: what users filled, and what it adds to the open interest.

        What users took of the background moves the fair price. A user whom the background meets
        makes it open or close likewise; half a lot is counted for each side.
        """
        fills: list[Fill] = []
        bought = halves = 0
        users = {BUY: 0, SELL: 0}
        for side, standing in offers.items():
            own = standing[0]
            for offer, traded in allotted(standing, side, price, volume):
                if offer.order_id is not None:
                    fills.append(Fill(offer.order_id, price, traded))
                    self.book.fill(offer.order_id, side, traded)
                    users[side] += traded
                    halves += traded if offer.opens else -traded
                    bought += traded if side == BUY else -traded
                elif offer is not own:
                    self._take_away(offer.price, traded)
        self._impact += _IMPACT_A_LEVEL * bought / self.contract.depth
        most = max(users.values())
        alone = abs(users[BUY] - users[SELL])
        # Where only one side is a user's, the background mirrors it.
        mirrored = halves * alone // most if most else 0
        return fills, (halves + mirrored) // 2 + self._interest(flow, volume - most)

    def execute(
        self,
        direction: str,
        limit: int | None,
        volume: int,
        *,
        five_levels: bool = False,
        opens: bool = True,
    ) -> list[tuple[int | None, int, int]]:
        """Trade an incoming order against the book: (maker's order id or None, price, volume).

        ``limit`` None is a market order. What it does not fill is the caller's to rest or cancel.

        :param opens: whether it opens a position: two that open add to the open interest, two
            that close take from it, one of each leaves it; the background does as its taker does.
        """
        self.touched = True
        bound = self._bound(direction, limit, five_levels=five_levels)
        makers = {entry.order_id: entry.opens for entry in self.book.side(opposite(direction))}
        matches = [] if bound is None else self._sweep(direction, bound, volume)
        from_background = 0
        for order_id, price, traded in matches:
            alike = order_id is None or makers[order_id] == opens
            self._print(price, traded, (traded if opens else -traded) if alike else 0)
            from_background += traded if order_id is None else 0
        if from_background:
            push = _IMPACT_A_LEVEL * from_background / self.contract.depth
            self._impact += push if direction == BUY else -push
        return matches

    def fillable(
        self, direction: str, limit: int | None, volume: int, *, five_levels: bool = False
    ) -> int:
        """How much of ``volume`` would trade at once."""
        bound = self._bound(direction, limit, five_levels=five_levels)
        if bound is None:
            return 0
        sign = 1 if direction == BUY else -1
        side = opposite(direction)
        found = sum(
            entry.volume for entry in self.book.side(side) if sign * entry.price <= sign * bound
        )
        for price, level in self._background(side):
            if found >= volume or sign * price > sign * bound:
                break
            found += level
        return min(found, volume)

    def rest(
        self, order_id: int, direction: str, price: int, volume: int, *, opens: bool = True
    ) -> None:
        """Put a user's order into the book, behind the background volume at its price."""
        self.touched = True
        ahead = next((level for at, level in self._background(direction) if at == price), 0)
        self.book.add(Resting(order_id, direction, price, volume, ahead, opens))

    def depth(self, direction: str, levels: int) -> list[tuple[int, int]]:
        """The best levels of a side, background and users together: (price, volume)."""
        if not self.touched:
            return self._plain_depth(direction, levels)
        users = list(self.book.levels(direction))
        shown: list[tuple[int, int]] = []
        for level in self._background(direction):
            shown.append(level)
            if len(shown) == levels:
                break
        if not users:
            return shown
        merged = dict(shown)
        for price, volume in users:
            merged[price] = merged.get(price, 0) + volume
        return sorted(merged.items(), reverse=direction == BUY)[:levels]

    def _plain_depth(self, direction: str, levels: int) -> list[tuple[int, int]]:
        """What `depth` gives where no user has touched the market: the way of nearly all ticks."""
        best = self._bid if direction == BUY else self._ask
        if best is None:
            return []
        if direction == BUY:
            sign, shift, room, at_limit = -1, 0, best - self._lowest, best >= self._highest
        else:
            sign, shift, room, at_limit = 1, 24, self._highest - best, best <= self._lowest
        bits, tick = self._bits >> shift, self.contract.tick
        depth = self.contract.depth * (_AT_LIMIT if at_limit else 1)
        return [
            (
                (best + sign * level) * tick,
                1 + (depth * (24 + (bits >> 6 * (level & 3) & 63)) * (4 + level) >> 8),
            )
            for level in range(min(levels, room + 1))
        ]

    def best(self, direction: str) -> int | None:
        """The best price of a side in units, None where nobody stands."""
        if not self.touched:
            ticks = self._bid if direction == BUY else self._ask
            return None if ticks is None else ticks * self.contract.tick
        found = self.depth(direction, 1)
        return found[0][0] if found else None

    # The background

    def _requote(self, step: int, gap: int, bits: int, *, moved: bool) -> bool:
        """Set best bid and ask from the fair price; says whether they or the volumes changed."""
        if self._impact:
            self._impact *= _IMPACT_LEFT**gap
            if abs(self._impact) < 0.01:
                self._impact = 0.0
        if self._taken:
            self._refill(gap)
        spread = self.contract.spread
        if step in self._answered:
            spread = min(spread, ANSWERED_SPREAD)
        bid = floor(self._fair(step) + self._impact - (spread - 1) / 2)
        ask = bid + spread
        lowest, highest = self._lowest, self._highest
        new_bid = None if bid < lowest else min(bid, highest)
        new_ask = None if ask > highest else max(ask, lowest)
        if new_bid == new_ask:
            # Only where the limits leave room for one price: the side that pushes stays.
            new_ask = None
        # A quiet instrument's volumes stay as they are for a while.
        fresh = moved or bits >> 60 == 0 or self.contract.activity >= 0.5
        changed = fresh or new_bid != self._bid or new_ask != self._ask
        if changed:
            self._bid, self._ask, self._bits = new_bid, new_ask, bits
        return changed

    def _refill(self, gap: int) -> None:
        if gap > 8:
            self._taken.clear()
            return
        self._taken = {price: taken >> gap for price, taken in self._taken.items() if taken >> gap}

    def _background(self, direction: str) -> Iterator[tuple[int, int]]:
        """The levels of the background, best first, less what users took: (price, volume)."""
        best = self._bid if direction == BUY else self._ask
        if best is None:
            return
        down = direction == BUY
        shift = 0 if down else 24
        tick, bits, taken = self.contract.tick, self._bits, self._taken
        depth = self.contract.depth
        if (best >= self._highest) if down else (best <= self._lowest):
            depth *= _AT_LIMIT
        end = self._lowest if down else self._highest
        sign = -1 if down else 1
        for level in range(min(_DEEPEST, abs(end - best) + 1)):
            price = (best + sign * level) * tick
            part = (bits >> (shift + 6 * (level & 3))) & 63
            volume = 1 + ((depth * (24 + part) * (4 + min(level, 8))) >> 8)
            if taken:
                volume -= taken.get(price, 0)
            if volume > 0:
                yield price, volume

    def _bound(self, direction: str, limit: int | None, *, five_levels: bool) -> int | None:
        """The worst price an incoming order may trade at, None where it finds nobody."""
        if not five_levels:
            extreme = self.day.upper if direction == BUY else self.day.lower
            return extreme if limit is None else limit
        reach = self.depth(opposite(direction), _REACH)
        return reach[-1][0] if reach else None

    # Trading

    def _sweep(self, direction: str, bound: int, volume: int) -> list[tuple[int | None, int, int]]:
        """Take ``volume`` from the other side up to ``bound``: (maker or None, price, volume)."""
        side = opposite(direction)
        sign = 1 if direction == BUY else -1
        matches: list[tuple[int | None, int, int]] = []
        while volume > 0:
            user = self.book.best(side)
            level = next(self._background(side), None)
            prices = [sign * price for price in (user, level and level[0]) if price is not None]
            if not prices or min(prices) > sign * bound:
                break
            price = sign * min(prices)
            here = level[1] if level and level[0] == price else 0
            if user == price:
                for order_id, traded in self.book.take(side, price, volume, here):
                    matches.append((order_id, price, traded))
                    volume -= traded
                    if order_id is None:
                        self._take_away(price, traded)
                        here -= traded
            traded = min(volume, here)
            if traded:
                self._take_away(price, traded)
                matches.append((None, price, traded))
                volume -= traded
        return matches

    def _take_away(self, price: int, volume: int) -> None:
        self._taken[price] = self._taken.get(price, 0) + volume

    def _cross(self) -> list[Fill]:
        """Fill users' orders that the background has moved through, at their own prices."""
        fills: list[Fill] = []
        for direction in (BUY, SELL):
            sign = 1 if direction == BUY else -1
            while (price := self.book.best(direction)) is not None:
                level = next(self._background(opposite(direction)), None)
                if level is None or sign * level[0] > sign * price:
                    break
                taken = 0
                opening = {entry.order_id: entry.opens for entry in self.book.side(direction)}
                for order_id, traded in self.book.take(direction, price, level[1], 0):
                    taken += traded
                    opens = order_id is None or opening[order_id]
                    self._print(price, traded, traded if opens else -traded)
                    if order_id is not None:
                        fills.append(Fill(order_id, price, traded))
                self._take_away(level[0], taken)
        return fills

    def _trade_background(self, flow: int, volume: int, fills: list[Fill]) -> None:
        """The step's own trade: one side of the background hits the other's best price."""
        direction = BUY if flow >> 63 else SELL
        price = self.best(opposite(direction))
        if price is None:
            direction = opposite(direction)
            price = self.best(opposite(direction))
            if price is None:
                return
        left, interest = volume, 0
        side = opposite(direction)
        if self.touched and self.book.best(side) == price:
            level = next(self._background(side), None)
            here = level[1] if level and level[0] == price else 0
            opening = {entry.order_id: entry.opens for entry in self.book.side(side)}
            users = 0
            for order_id, traded in self.book.take(side, price, left, here):
                left -= traded
                if order_id is not None:
                    fills.append(Fill(order_id, price, traded))
                    users += traded
                    interest += traded if opening[order_id] else -traded
            if not here:
                # Nobody but users stood there: no more than they offered can trade.
                volume -= left
            interest += self._interest(flow, volume - users)
        else:
            interest = self._interest(flow, volume)
        self._print(price, volume, interest)

    @staticmethod
    def _interest(flow: int, volume: int) -> int:
        """By how much a trade of the background changes the open interest."""
        return (volume * ((flow >> 40 & 0xFF) - 127)) >> 8

    def print_trade(self, price: int, volume: int, interest: int) -> None:
        """Enter a trade that orders in a combination have made in this leg."""
        self._print(price, volume, interest)

    def _print(self, price: int, volume: int, interest: int) -> None:
        self.tape.print(price, volume, self.contract.multiplier)
        self.tape.open_interest = max(0, self.tape.open_interest + interest)

    def _volume(self, flow: int, gap: int) -> int:
        """Lots that the background trades in ``gap`` steps."""
        chance = uniform(flow)
        if gap == 1 and chance < self._idle:
            return 0
        expected = self.contract.activity * gap
        if expected >= 1:
            return 1 + int(expected * -log(1.0 - chance) * (1.0 if gap == 1 else 0.5))
        if chance < exp(-expected):
            return 0
        return 1 + (flow >> 32 & 1)
