"""The market of one instrument: its background, its users' book, its tape.

The background (:mod:`webctp.sim.model.background`) says at each step where it quotes and what it
trades. What users took away from a level is remembered until it has been refilled; what they
traded moves the centre of the quotes, and wears off. Until a user touches a market, and again
when nothing is left of that, the market is the background's alone and goes on over any number of
steps at once; else it goes step by step. Either way it is the same whoever looked at it before,
and when.
Users' resting orders stand in the same queue: they wait behind the background volume that was at
their price first, are hit by the background's trades, and meet each other by price and time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import astuple
from typing import Any, Final

from webctp.sim.market.auction import Auction, Offer
from webctp.sim.market.book import BUY, SELL, Book, Resting, opposite
from webctp.sim.market.standing import Standing
from webctp.sim.model.background import Background
from webctp.sim.model.contracts import Contract
from webctp.sim.model.lots import NEVER, Settled
from webctp.sim.model.tape import DayPrices, Fill, Tape, Traded

ANSWERED_SPREAD: Final = 2
"""Ticks between the prices with which a market maker answers a request for quotes."""
_REACH: Final = 5
"""Levels that five-level orders reach."""
_LOOK_AHEAD: Final = 16
"""Fewer steps are taken one by one, without a look whether they could be passed over."""


class Market:
    """One instrument on one trading day. Steps are its open half seconds, counted from 0.

    :param settling: the first step whose trades the settlement price is the average of.
    """

    __slots__ = (
        "_answered",
        "_background",
        "_news",
        "_next",
        "_over",
        "_settling",
        "_standing",
        "book",
        "contract",
        "day",
        "step",
        "tape",
        "touched",
        "used",
    )

    def __init__(
        self, contract: Contract, day: DayPrices, background: Background, settling: int = 0
    ) -> None:
        self.contract = contract
        self.day = day
        self.book = Book()
        self.tape = Tape(day.pre_settlement, day.open_interest)
        self.step = -1
        # Whether a user has traded or rested here, and something of that is left; and whether
        # any has today. Nearly no market is ever touched.
        self.touched = self.used = False
        # Whether a user has changed what a tick shows since the last step.
        self._news = False
        self._background = background
        self._standing = Standing(contract, day.lower // contract.tick, day.upper // contract.tick)
        self._settling = settling
        # What users have added to the trades that the settlement price is the average of.
        self._over = Settled(0, 0)
        self._next = 0
        # The steps at which a market maker quotes.
        self._answered = range(0)

    def answer(self, begin: int, end: int) -> None:
        """Let a market maker answer a request for quotes from one step to another."""
        self._answered = range(begin, end)
        self.used = True
        self._next = 0

    def advance(self, step: int) -> tuple[bool, list[Fill]]:
        """Go on to ``step``; return whether anything that a tick shows has changed, and the fills.

        What users have touched goes step by step, all else in one leap.
        """
        if step < self._next and not self.touched:
            # Nothing happens in between: the way of most steps of quiet instruments.
            self.step = max(self.step, step)
            return False, []
        if step <= self.step:
            return False, []
        quotes = self._standing
        before = quotes.bid, quotes.ask, quotes.bits, self.tape.volume
        fills: list[Fill] = []
        while self.touched and self.step < step:
            clear = self._clear(step)
            if clear > self.step:
                self._leap(clear)
            else:
                for at in range(self.step + 1, min(self.step + _LOOK_AHEAD, step) + 1):
                    self._go(at, fills)
        if self.step < step:
            self._leap(step)
        after = quotes.bid, quotes.ask, quotes.bits, self.tape.volume
        changed = after != before or bool(fills) or self._news
        self._news = False
        return changed, fills

    def call_auction(self, step: int, entering: Iterable[tuple[str, Offer]]) -> list[Fill]:
        """Open at ``step``: all that has gathered trades at one price; return users' fills.

        The background's levels and users' orders in the book take part, and the volume that the
        background trades with itself.

        :param entering: (direction, order) of users, first come first. What of them does not
            trade is the caller's to rest.
        """
        fills = self.advance(step - 1)[1] if step > self.step + 1 else []
        entering = tuple(entering)
        if not entering and not len(self.book):
            # The background's own bids and asks do not meet: the way of nearly all auctions.
            return fills + self.advance(step)[1]
        self.touched = self.used = True
        self.step = step
        self._standing.wear_off()
        planned = self._background.advance(step)
        shift = self._requote(step)
        traded = self._shifted(planned, shift) if planned else None
        quote = traded.last * self.contract.tick if traded else self.tape.last
        auction = Auction(quote, traded.lots if traded else 0)
        for side in (BUY, SELL):
            auction.add_background(side, self._standing.levels(side))
            auction.add_resting(side, self.book.side(side))
        for side, offer in entering:
            auction.add(side, offer)
        outcome = auction.match(traded.interest if traded else 0)
        for order_id, side, lots in outcome.users:
            fills.append(Fill(order_id, outcome.price, lots))
            self.book.fill(order_id, side, lots)
        for price, lots in outcome.taken:
            self._standing.take(price, lots)
        self._standing.push(outcome.bought)
        if outcome.lots:
            self._print(outcome.price, outcome.lots, outcome.interest)
        self._unplan(planned)
        self._next = 0
        return fills

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
        self.touched = self.used = True
        bound = self._bound(direction, limit, five_levels=five_levels)
        makers = {entry.order_id: entry.opens for entry in self.book.side(opposite(direction))}
        matches = [] if bound is None else self._sweep(direction, bound, volume)
        self._news |= bool(matches)
        from_background = 0
        for order_id, price, traded in matches:
            alike = order_id is None or makers[order_id] == opens
            self._print(price, traded, (traded if opens else -traded) if alike else 0)
            from_background += traded if order_id is None else 0
        if from_background:
            self._standing.push(from_background if direction == BUY else -from_background)
        return matches

    def fillable(
        self, direction: str, limit: int | None, volume: int, *, five_levels: bool = False
    ) -> int:
        """Return how much of ``volume`` would trade at once."""
        bound = self._bound(direction, limit, five_levels=five_levels)
        if bound is None:
            return 0
        sign = 1 if direction == BUY else -1
        side = opposite(direction)
        found = sum(
            entry.volume for entry in self.book.side(side) if sign * entry.price <= sign * bound
        )
        for price, level in self._standing.levels(side):
            if found >= volume or sign * price > sign * bound:
                break
            found += level
        return min(found, volume)

    def rest(
        self, order_id: int, direction: str, price: int, volume: int, *, opens: bool = True
    ) -> None:
        """Put a user's order into the book, behind the background volume at its price."""
        self.touched = self.used = self._news = True
        levels = self._standing.levels(direction)
        ahead = next((level for at, level in levels if at == price), 0)
        self.book.add(Resting(order_id, direction, price, volume, ahead, opens))

    def remove(self, order_id: int, direction: str) -> None:
        """Take a user's order out of the book."""
        self._news = True
        self.book.remove(order_id, direction)

    def settlement(self, planned: Settled, otherwise: int) -> int:
        """Return the average price in units at the settlement, users' trades included.

        :param planned: what the background trades.
        :param otherwise: the settlement price where nothing has traded.
        """
        lots, total = (a + b for a, b in zip(planned, self._over, strict=True))
        return Settled(lots, total).price * self.contract.tick if lots > 0 else otherwise

    # The state file

    def facts(self) -> dict[str, Any]:
        """Return what users have made of the market, as plain values."""
        entries = [entry for side in (BUY, SELL) for entry in self.book.side(side)]
        return {
            "step": self.step,
            "tape": list(astuple(self.tape)),
            "over": list(self._over),
            "quotes": self._standing.facts(),
            "book": [list(astuple(entry)) for entry in entries],
            "touched": self.touched,
            "answered": [self._answered.start, self._answered.stop],
        }

    def restore(self, facts: Mapping[str, Any]) -> None:
        """Go on with what `facts` gave, at the step at which that was."""
        self.step, self.used = facts["step"], True
        self.touched = facts["touched"]
        self._answered = range(*facts["answered"])
        if self.step >= 0:
            self._background.advance(self.step)
        self.tape = Tape(*facts["tape"])
        self._over = Settled(*facts["over"])
        self._standing.restore(facts["quotes"])
        for entry in facts["book"]:
            self.book.add(Resting(*entry))

    # The book

    def depth(self, direction: str, levels: int) -> list[tuple[int, int]]:
        """Return the best levels of a side, background and users together: (price, volume)."""
        if not self.touched:
            return self._standing.plain_levels(direction, levels)
        users = list(self.book.levels(direction))
        shown: list[tuple[int, int]] = []
        for level in self._standing.levels(direction):
            shown.append(level)
            if len(shown) == levels:
                break
        if not users:
            return shown
        merged = dict(shown)
        for price, volume in users:
            merged[price] = merged.get(price, 0) + volume
        return sorted(merged.items(), reverse=direction == BUY)[:levels]

    def best(self, direction: str) -> int | None:
        """Return the best price of a side in units, None where nobody stands."""
        if not self.touched:
            ticks = self._standing.bid if direction == BUY else self._standing.ask
            return None if ticks is None else ticks * self.contract.tick
        found = self.depth(direction, 1)
        return found[0][0] if found else None

    def _bound(self, direction: str, limit: int | None, *, five_levels: bool) -> int | None:
        """Return the worst price an incoming order may trade at, None where nobody stands."""
        if not five_levels:
            extreme = self.day.upper if direction == BUY else self.day.lower
            return extreme if limit is None else limit
        reach = self.depth(opposite(direction), _REACH)
        return reach[-1][0] if reach else None

    # Time

    def _leap(self, step: int) -> None:
        """Go on to a step where no user is met."""
        self.step = step
        background = self._background
        traded = background.advance(step)
        self._requote(step)
        if traded is not None:
            self.tape.enter(traded, self.contract.tick, self.contract.multiplier)
            if not len(self.book):
                self._straddle(step, traded.last)

    def _clear(self, step: int) -> int:
        """Up to which step no quote and no trade comes to users' orders, at most ``step``."""
        answered = self.step < self._answered.stop
        if answered or self._standing.pushed or step - self.step < _LOOK_AHEAD:
            return self.step
        tick = self.contract.tick
        bid, ask = self.book.best(BUY), self.book.best(SELL)
        above = -NEVER if bid is None else bid // tick
        below = NEVER if ask is None else ask // tick
        return self._background.clear(self.step, step, above, below)

    def _go(self, step: int, fills: list[Fill]) -> None:
        """Take one step where a user has been."""
        self.step = step
        self._standing.wear_off()
        planned = self._background.advance(step)
        shift = self._requote(step)
        if len(self.book):
            fills += self._cross()
        if planned is not None:
            traded = self._shifted(planned, shift)
            side = self._reached(step, traded) if len(self.book) else None
            if side is None:
                self.tape.enter(traded, self.contract.tick, self.contract.multiplier)
                self._note_over(traded.lots, traded.total)
                if not len(self.book):
                    # Else the quotes might cross users' orders unseen.
                    self._straddle(step, traded.last)
            else:
                self._hit(side, traded, fills)
            self._unplan(planned)
        self.touched = bool(len(self.book)) or self._standing.pushed
        if not self.touched:
            self._next = 0

    def _requote(self, step: int) -> int:
        """Set the background's quotes; return by how many ticks users have moved them."""
        self._next = self._background.next
        spread = self.contract.spread
        if step < self._answered.stop:
            # Until the answer is over, it may begin or end at any step.
            self._next = 0
            if step in self._answered:
                spread = min(spread, ANSWERED_SPREAD)
        return self._standing.make(*self._background.quote(step), spread)

    def _shifted(self, planned: Traded, ticks: int) -> Traded:
        return planned.shifted(ticks, self._standing.lowest, self._standing.highest)

    def _straddle(self, step: int, last: int) -> None:
        """Let the quotes of a step at which something has traded stand about its last price."""
        if self._background.printed == step and self._standing.straddle(last):
            # The next step's are the centre's again.
            self._next = 0

    # Trading

    def _sweep(self, direction: str, bound: int, volume: int) -> list[tuple[int | None, int, int]]:
        """Take ``volume`` from the other side up to ``bound``: (maker or None, price, volume)."""
        side = opposite(direction)
        sign = 1 if direction == BUY else -1
        matches: list[tuple[int | None, int, int]] = []
        while volume > 0:
            user = self.book.best(side)
            level = next(self._standing.levels(side), None)
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
                        self._standing.take(price, traded)
                        here -= traded
            traded = min(volume, here)
            if traded:
                self._standing.take(price, traded)
                matches.append((None, price, traded))
                volume -= traded
        return matches

    def _cross(self) -> list[Fill]:
        """Fill users' orders that the background has moved through, at their own prices."""
        fills: list[Fill] = []
        for direction in (BUY, SELL):
            sign = 1 if direction == BUY else -1
            while (price := self.book.best(direction)) is not None:
                level = next(self._standing.levels(opposite(direction)), None)
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
                self._standing.take(level[0], taken)
        return fills

    def _reached(self, step: int, traded: Traded) -> str | None:
        """Return which side of the book the background's trades of a step hit; None for no user's.

        Whoever stands before the background is hit; beside it, every other time.
        """
        tick = self.contract.tick
        buys = bool(self._background.bits(step) & 1)
        for side in (SELL, BUY) if buys else (BUY, SELL):
            user = self.book.best(side)
            if user is None:
                continue
            sign = 1 if side == SELL else -1
            reach = (traded.high if side == SELL else traded.low) * tick
            if sign * user > sign * reach:
                continue
            level = next(self._standing.levels(side), None)
            before = level is None or sign * user < sign * level[0]
            if before or (side == SELL) == buys:
                return side
        return None

    def _hit(self, side: str, traded: Traded, fills: list[Fill]) -> None:
        """Let the background's trades of a step hit the best price of a side where users stand."""
        price = self.book.best(side)
        if price is None:
            return
        left, volume, interest, users = traded.lots, traded.lots, 0, 0
        level = next(self._standing.levels(side), None)
        here = level[1] if level and level[0] == price else 0
        opening = {entry.order_id: entry.opens for entry in self.book.side(side)}
        for order_id, lots in self.book.take(side, price, left, here):
            left -= lots
            if order_id is not None:
                fills.append(Fill(order_id, price, lots))
                users += lots
                interest += lots if opening[order_id] else -lots
        if not here:
            # Nobody but users stood there: no more than they offered can trade.
            volume -= left
        interest += traded.interest * (volume - users) // traded.lots
        self._print(price, volume, interest)

    def print_trade(self, price: int, volume: int, interest: int) -> None:
        """Enter a trade that orders in a combination have made in this leg."""
        self.touched = self.used = self._news = True
        self._print(price, volume, interest)

    def _print(self, price: int, volume: int, interest: int) -> None:
        """Enter a trade that a user has made or changed."""
        self.tape.print(price, volume, self.contract.multiplier, interest)
        self._note_over(volume, price // self.contract.tick * volume)

    def _note_over(self, lots: int, total: int) -> None:
        if self.step >= self._settling:
            self._over = Settled(self._over.lots + lots, self._over.total + total)

    def _unplan(self, planned: Traded | None) -> None:
        """Take out of what is over what the background would have traded without users."""
        if planned is not None:
            self._note_over(-planned.lots, -planned.total)
