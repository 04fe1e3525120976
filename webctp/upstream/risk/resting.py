"""What works of an account in one instrument, with the sums and best prices that checks ask for.

Checks ask before every insert, so nothing here loops over the orders, but for a best price whose
order has gone, and only when that price would decide. Runs in the reactor's thread.
"""

from math import inf
from typing import Final, NamedTuple

from webctp.upstream.orders.keys import RefIdentity
from webctp.upstream.risk.intent import BUY, SELL


class Working(NamedTuple):
    """An order that works or is on its way: ``price`` in 1e-4 yuan, None for any price."""

    instrument: str
    direction: str
    price: int | None
    left: int
    opens: bool
    in_market: bool
    entered_by: object = None
    """The request that entered it, until CTP tells of it."""


class InstrumentOrders:
    """Keep the orders of one account that work in one instrument, by their references."""

    __slots__ = ("_closing", "_stale", "highest_buy", "lots_opening", "lowest_sell", "orders")

    def __init__(self) -> None:
        self.orders: Final[dict[RefIdentity, Working]] = {}
        self.lots_opening: dict[str, int] = {BUY: 0, SELL: 0}
        self._closing: dict[str, int] = {BUY: 0, SELL: 0}
        """Lots by direction."""
        self.highest_buy = -inf
        self.lowest_sell = inf
        """In 1e-4 yuan; at any price a buy is the highest, a sell the lowest. Until
        :meth:`may_meet` has looked they may be of orders that have gone."""
        self._stale = False
        """Whether the order that made one of the two may have gone."""

    def put(self, key: RefIdentity, order: Working) -> None:
        """Take an order, or what has become of it."""
        before = self.orders.get(key)
        if before is not None:
            self._count_out(before)
        self.put_new(key, order)

    def put_new(self, key: RefIdentity, order: Working) -> None:
        """Take an order whose reference is not known here."""
        self.orders[key] = order
        _, direction, price, left, opens, in_market, _ = order
        lots = self.lots_opening if opens else self._closing
        lots[direction] = lots.get(direction, 0) + left
        # No call for orders of which there is a better one: nearly all.
        if in_market and (
            price is None
            or (price > self.highest_buy if direction == BUY else price < self.lowest_sell)
        ):
            self._take_price(direction, price)

    def remove(self, key: RefIdentity) -> None:
        """Forget an order that has ended."""
        order = self.orders.pop(key, None)
        if order is not None:
            self._count_out(order)

    def opening(self, direction: str) -> int:
        """Return the lots that open, of one direction."""
        return self.lots_opening.get(direction, 0)

    def closing(self, direction: str) -> int:
        """Return the lots that close, of one direction."""
        return self._closing.get(direction, 0)

    def may_meet(self, direction: str, price: int) -> bool:
        """Return whether a limit order might trade with one of these.

        :param direction: ``BUY`` or ``SELL``.
        """
        if self._stale:
            self._find_best()
        return price >= self.lowest_sell if direction == BUY else price <= self.highest_buy

    def _count_out(self, order: Working) -> None:
        lots = self.lots_opening if order.opens else self._closing
        direction = order.direction
        lots[direction] -= order.left
        self._stale = True

    def _find_best(self) -> None:
        self._stale = False
        self.highest_buy, self.lowest_sell = -inf, inf
        for order in self.orders.values():
            if order.in_market:
                self._take_price(order.direction, order.price)

    def _take_price(self, direction: str, price: int | None) -> None:
        if direction == BUY and price is not None:
            if price > self.highest_buy:
                self.highest_buy = price
        elif direction == SELL and price is not None:
            if price < self.lowest_sell:
                self.lowest_sell = price
        else:
            self._take_any_price(direction)

    def _take_any_price(self, direction: str) -> None:
        """Take an order that may trade at any price; of no known direction, with either side."""
        if direction != SELL:
            self.highest_buy = inf
        if direction != BUY:
            self.lowest_sell = -inf
