"""The exchange's side of an order: accepted or refused, matched, rested, cancelled, told.

What CTP itself checks and sets aside has been done before an order comes here (``broker``).
Each step is told as CTP tells it: RtnOrder for every change of state, and for a trade first the
RtnOrder with its new state, then the RtnTrade.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

from webctp.exchanges.sessions import AUCTION_ORDERING, CONTINUOUS
from webctp.sim import orders as states
from webctp.sim.auction import Offer
from webctp.sim.charges import OPEN
from webctp.sim.events import AccountKey, Event, Push
from webctp.sim.market import Fill, Market
from webctp.sim.orders import Order, Trade
from webctp.sim.refusals import ABOVE_LIMIT, BAD_VOLUME, BELOW_LIMIT, CLOSED_NOW, OFF_TICK
from webctp.sim.world import World


class Engine:
    """Orders and trades of one trading day, matched on the markets of a world.

    :param tell: takes every event.
    """

    def __init__(self, world: World, tell: Callable[[Event], None]) -> None:
        self._world = world
        self._tell = tell
        self._number = 0
        self._sequence = 0
        self._trade_number = 0
        self.orders: list[Order] = []
        self.trades: list[Trade] = []
        self._by_number: dict[int, Order] = {}
        self._by_ref: dict[tuple[int, int, str], Order] = {}
        self._by_sys_id: dict[tuple[str, str], Order] = {}
        self._conditional: dict[str, list[Order]] = {}
        self._auction: list[Order] = []

    # Finding

    def by_ref(self, front: int, session: int, ref: str) -> Order | None:
        """The order of (FrontID, SessionID, OrderRef)."""
        return self._by_ref.get((front, session, ref))

    def by_number(self, number: int) -> Order | None:
        """The order of a number (BrokerOrderSeq)."""
        return self._by_number.get(number)

    def by_sys_id(self, exchange: str, sys_id: str) -> Order | None:
        """The order of (ExchangeID, OrderSysID); the padding of OrderSysID does not matter."""
        return self._by_sys_id.get((exchange, sys_id.strip()))

    def orders_of(self, account: AccountKey) -> Iterator[Order]:
        """An account's orders of the day, in the order of their entry."""
        return (order for order in list(self.orders) if key_of(order) == account)

    def trades_of(self, account: AccountKey) -> Iterator[Trade]:
        """An account's trades of the day, in their order."""
        return (trade for trade in list(self.trades) if key_of(trade.order) == account)

    def live(self) -> set[str]:
        """Instruments in which an order may trade: their markets must be stepped."""
        waiting = {name for name, waiting in self._conditional.items() if waiting}
        return waiting | self._world.with_orders()

    def next_number(self) -> int:
        """A new order's number, growing for ever."""
        self._number += 1
        return self._number

    # Orders

    def enter(self, order: Order, now: datetime) -> None:
        """Take an order that CTP has checked; tells all that becomes of it at once."""
        self._know(order)
        self._push(order, now)
        if order.text("ContingentCondition") not in ("", states.AT_ONCE):
            self._wait(order, now)
        else:
            self._submit(order, now)

    def cancel(self, order: Order, now: datetime, by: str) -> None:
        """Cancel an order that may still trade; ``by`` is the user who asked."""
        instrument = order.contract.instrument
        if order.status == states.NOT_TOUCHED:
            self._conditional[instrument].remove(order)
        elif order in self._auction:
            self._auction.remove(order)
        else:
            self._world.market(instrument).book.remove(order.number, order.direction)
        self._end(order, now, by)

    def expire(self, now: datetime, products: Collection[str] | None = None) -> None:
        """Cancel what is still alive of some products (None: all), at the end of their day."""
        for order in [order for order in self.orders if order.alive]:
            if products is None or order.contract.product in products:
                self.cancel(order, now, "")

    def gathered(self) -> set[str]:
        """Instruments whose call auctions have orders."""
        return {order.contract.instrument for order in self._auction}

    def call_auction(self, instrument: str, step: int, now: datetime) -> None:
        """Match what a call auction has gathered at one price; what is left of it rests.

        :param step: the step at which the market opens after it.
        """
        market = self._world.market(instrument)
        entering = [order for order in self._auction if order.contract.instrument == instrument]
        offers = [
            (order.direction, Offer(order.number, order.price, order.left, order.offset == OPEN))
            for order in entering
            if order.price is not None
        ]
        fills = market.call_auction(step, offers)
        self._auction = [order for order in self._auction if order not in entering]
        self.settle_fills(fills, now)
        for order in entering:
            if order.alive and order.price is not None:
                self._rest(order, market, order.price)

    def forget(self) -> None:
        """Begin a new day: orders and trades of the old one are no longer asked for."""
        self.orders.clear()
        self.trades.clear()
        self._by_number.clear()
        self._by_ref.clear()
        self._by_sys_id.clear()
        self._conditional.clear()
        self._auction.clear()

    def settle_fills(self, fills: list[Fill], now: datetime) -> None:
        """Enter what the background filled of resting orders."""
        for fill in fills:
            self._fill(self._by_number[fill.order_id], fill.price, fill.volume, now)

    def touch(self, instrument: str, now: datetime) -> None:
        """Submit the conditional orders whose condition the market now meets."""
        waiting = self._conditional.get(instrument)
        if not waiting:
            return
        market = self._world.market(instrument)
        for order in [order for order in waiting if touched(order, market)]:
            waiting.remove(order)
            order.move(states.TOUCHED)
            self._push(order, now)
            self._submit(order, now)

    # The state file

    def facts(self) -> dict[str, int]:
        """The counters, which must go on where they were."""
        return {
            "number": self._number,
            "sequence": self._sequence,
            "trade_number": self._trade_number,
        }

    def restore(
        self, facts: Mapping[str, int], orders: Iterable[Order], trades: Iterable[Trade]
    ) -> None:
        """Go on with a day's orders and trades: what may still trade waits again."""
        self._number = facts["number"]
        self._sequence = facts["sequence"]
        self._trade_number = facts["trade_number"]
        self.trades.extend(trades)
        for order in orders:
            self._know(order)
            name = order.contract.instrument
            if order.sys_id:
                self._by_sys_id[order.contract.exchange, order.sys_id.strip()] = order
            if order.status == states.NOT_TOUCHED:
                self._conditional.setdefault(name, []).append(order)
            elif order.alive and self._world.status(order.contract) == AUCTION_ORDERING:
                self._auction.append(order)
            elif order.alive and order.price is not None:
                self._rest(order, self._world.market(name), order.price)

    # One order's way

    def _know(self, order: Order) -> None:
        self.orders.append(order)
        self._by_number[order.number] = order
        self._by_ref[order.front, order.session, order.ref] = order

    def _rest(self, order: Order, market: Market, price: int) -> None:
        market.rest(order.number, order.direction, price, order.left, opens=order.offset == OPEN)
        self._world.rested(order.contract.instrument)

    def _wait(self, order: Order, now: datetime) -> None:
        order.submit_status = states.ACCEPTED
        order.sys_id = f"TJBD_{order.number:07}"
        self._by_sys_id[order.contract.exchange, order.sys_id] = order
        order.move(states.NOT_TOUCHED)
        self._push(order, now)
        self._conditional.setdefault(order.contract.instrument, []).append(order)
        self.touch(order.contract.instrument, now)

    def _submit(self, order: Order, now: datetime) -> None:
        market = self._world.market(order.contract.instrument)
        reason = self._objection(order, market)
        if reason is not None:
            order.submit_status = states.REJECTED
            message = f"已撤单报单被拒绝{order.contract.exchange}:{reason}"
            self._end(order, now, "", message)
            return
        order.submit_status = states.ACCEPTED
        order.sys_id = f"{order.number:>12}"
        self._by_sys_id[order.contract.exchange, order.sys_id.strip()] = order
        order.move(states.NOT_TRADED)
        self._push(order, now)
        if self._world.status(order.contract) == AUCTION_ORDERING:
            self._auction.append(order)
        else:
            self._match(order, market, now)

    def _objection(self, order: Order, market: Market) -> str | None:
        """Why the exchange refuses an order, None where it takes it."""
        contract = order.contract
        by_market = order.price is None
        immediate = by_market or order.text("TimeCondition") == states.IMMEDIATE
        status = self._world.status(contract)
        if status != CONTINUOUS and (immediate or status != AUCTION_ORDERING):
            return CLOSED_NOW
        least, most = contract.market_volumes if by_market else contract.limit_volumes
        if order.offset == OPEN:
            least = max(least, contract.min_open_volume)
        if not least <= order.volume <= most:
            return BAD_VOLUME
        if order.price is None:
            return None
        if order.price > market.day.upper:
            return ABOVE_LIMIT
        if order.price < market.day.lower:
            return BELOW_LIMIT
        return OFF_TICK if order.price % contract.tick else None

    def _match(self, order: Order, market: Market, now: datetime) -> None:
        kind = order.text("OrderPriceType")
        five = kind == states.FIVE_LEVEL
        limit = order.price
        if kind == states.BEST_PRICE:
            limit = market.best("1" if order.direction == "0" else "0")
        immediate = order.text("TimeCondition") == states.IMMEDIATE
        if immediate and self._too_little(order, market, limit, five):
            self._end(order, now, "")
            return
        matches = []
        if kind != states.BEST_PRICE or limit is not None:
            matches = market.execute(
                order.direction,
                limit,
                order.volume,
                five_levels=five,
                opens=order.offset == OPEN,
            )
        for maker, price, volume in merged(matches):
            self._fill(order, price, volume, now)
            if maker is not None:
                self._fill(self._by_number[maker], price, volume, now)
        if not order.alive:
            return
        rest_at = order.price
        if five and not immediate and matches:
            rest_at = matches[-1][1]
        if immediate or rest_at is None:
            self._end(order, now, "")
        else:
            order.price = rest_at
            self._rest(order, market, rest_at)

    def _too_little(self, order: Order, market: Market, limit: int | None, five: bool) -> bool:
        """Whether an immediate order's condition on its volume cannot be met."""
        condition = order.text("VolumeCondition")
        least = order.volume if condition == states.ALL_VOLUME else 0
        if condition == states.MIN_VOLUME:
            least = int(str(order.values.get("MinVolume", 0)))
        if least <= 0:
            return False
        found = market.fillable(order.direction, limit, order.volume, five_levels=five)
        return found < min(least, order.volume)

    def _fill(self, order: Order, price: int, volume: int, now: datetime) -> None:
        order.traded += volume
        order.move(states.PART_TRADED if order.left else states.ALL_TRADED)
        account, position = order.account, order.position
        self._trade_number += 1
        trade_id = f"{self._trade_number:>12}"
        before = account.close_profit
        if order.offset == OPEN:
            paid = account.trade_opens(
                position, trade_id, order.trading_day, price, volume, order.hold
            )
        else:
            paid = account.trade_closes(position, order.offset, price, volume, order.hold)
        self._push(order, now)
        self._sequence += 1
        trade = Trade(
            order,
            trade_id,
            price,
            volume,
            order.offset,
            self._sequence,
            now,
            order.trading_day,
            paid,
            account.close_profit - before,
        )
        self.trades.append(trade)
        self._tell(Push(key_of(order), "OnRtnTrade", trade.row(self._world.settlement)))

    def _end(self, order: Order, now: datetime, by: str, message: str | None = None) -> None:
        order.move(states.CANCELED, message)
        order.canceled = f"{now:%H:%M:%S}"
        order.canceled_by = by
        order.account.release(order.position, order.offset, order.left, order.hold)
        self._push(order, now)

    def _push(self, order: Order, now: datetime) -> None:
        self._sequence += 1
        order.sequence = self._sequence
        order.updated = f"{now:%H:%M:%S}"
        self._tell(Push(key_of(order), "OnRtnOrder", order.row(self._world.settlement)))


def key_of(order: Order) -> AccountKey:
    """The account an order belongs to."""
    return order.account.broker, order.account.investor


def merged(
    matches: list[tuple[int | None, int, int]],
) -> Iterator[tuple[int | None, int, int]]:
    """Matches with the background at one price made into one, so that they are one trade."""
    background = {price: 0 for maker, price, _ in matches if maker is None}
    for maker, price, volume in matches:
        if maker is None:
            background[price] += volume
    for maker, price, volume in matches:
        if maker is not None:
            yield maker, price, volume
        elif background[price]:
            yield None, price, background[price]
            background[price] = 0


def touched(order: Order, market: Market) -> bool:
    """Whether a conditional order's ContingentCondition is met (values '2' ... 'H')."""
    stop = stop_price(order)
    condition = order.text("ContingentCondition")
    source, compare = _CONDITIONS.get(condition, ("last", ""))
    price = market.tape.last if source == "last" else market.best(source)
    if price is None:
        return False
    if not compare:
        # Stop (touch) and touch-profit: a stop buys above and sells below, a profit the reverse.
        upward = (order.direction == "0") == (condition == "2")
        return price >= stop if upward else price <= stop
    return {">": price > stop, ">=": price >= stop, "<": price < stop, "<=": price <= stop}[compare]


def stop_price(order: Order) -> int:
    """StopPrice in units."""
    value = order.values.get("StopPrice", 0.0)
    return round(float(str(value)) * 10_000)


_CONDITIONS = {
    "5": ("last", ">"),
    "6": ("last", ">="),
    "7": ("last", "<"),
    "8": ("last", "<="),
    "9": ("1", ">"),
    "A": ("1", ">="),
    "B": ("1", "<"),
    "C": ("1", "<="),
    "D": ("0", ">"),
    "E": ("0", ">="),
    "F": ("0", "<"),
    "H": ("0", "<="),
}
"""ContingentCondition -> which price (last, or the best of a side), and how it compares."""

CONDITIONS = frozenset(_CONDITIONS) | {"2", "3"}
"""Every ContingentCondition that waits for the market."""
