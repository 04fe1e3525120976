"""The exchange's side of an order: accepted or refused, matched, rested, cancelled, told.

What CTP itself checks and sets aside has been done before an order comes here (``broker``).
Each step is told in CTP's order for the exchange (``manners``): RtnOrder for every change of
state, often the former state once more before it, and for a trade first the RtnOrder with its
new state, then the RtnTrade.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

from webctp.ctp.errors import message
from webctp.exchanges.sessions import AUCTION_ORDERING, CONTINUOUS
from webctp.sim import orders as states
from webctp.sim.auction import Offer
from webctp.sim.charges import OPEN
from webctp.sim.conditions import EXCHANGE_STOPS, touched
from webctp.sim.events import AccountKey, Event, Push
from webctp.sim.manners import manners_of
from webctp.sim.market import Fill, Market
from webctp.sim.matches import Match, merged, paired, total
from webctp.sim.orders import Order, Trade
from webctp.sim.positions import Closed
from webctp.sim.refusals import (
    ABOVE_LIMIT,
    BAD_KIND,
    BAD_VOLUME,
    BELOW_LIMIT,
    CLOSED_NOW,
    OFF_TICK,
)
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

    def next_sequence(self) -> int:
        """A new SequenceNo: what is told later has a higher one."""
        self._sequence += 1
        return self._sequence

    # Orders

    def enter(self, order: Order, now: datetime) -> None:
        """Take an order that CTP has checked; tells all that becomes of it at once."""
        self._know(order)
        condition = order.text("ContingentCondition")
        if condition in (states.AT_ONCE, *EXCHANGE_STOPS):
            self._push(order, now)
            self._submit(order, now)
        else:
            self._wait(order, now)

    def cancel(self, order: Order, now: datetime, by: str) -> None:
        """Cancel an order that may still trade; ``by`` is the user who asked."""
        self._take_out(order)
        if not order.conditional:
            # CTP tells the former state once more before what a client's action has made of it.
            self._accept(order)
            self._push(order, now)
        self._end(order, now, by)

    def expire(self, now: datetime, products: Collection[str] | None = None) -> None:
        """Cancel what is still alive of some products (None: all), at the end of their day."""
        for order in [order for order in self.orders if order.alive]:
            if products is None or order.contract.product in products:
                self._take_out(order)
                self._end(order, now, "")

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
        for mates in paired((self._by_number[fill.order_id], fill) for fill in fills):
            trade_id = self._next_trade_id()
            for order, fill in mates:
                self._fill(order, fill.price, fill.volume, now, trade_id)
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
            self._fill_resting(fill.order_id, fill.price, fill.volume, now, self._next_trade_id())

    def touch(self, instrument: str, now: datetime) -> list[Order]:
        """Trigger what waits for the price that the market now has.

        Stop orders of the exchange go on here; the conditions of CTP that have triggered are
        given back: each is to enter an order.
        """
        waiting = self._conditional.get(instrument)
        if not waiting or self._world.status(waiting[0].contract) != CONTINUOUS:
            return []
        market = self._world.market(instrument)
        triggered: list[Order] = []
        for order in [order for order in waiting if touched(order, market)]:
            waiting.remove(order)
            if order.stopped:
                order.stopped = False
                self._match(order, market, now)
            else:
                order.move(states.TOUCHED)
                self._push(order, now)
                triggered.append(order)
        return triggered

    def fail(self, condition: Order, code: int, now: datetime) -> None:
        """Tell that CTP refuses the order that a triggered condition was to enter."""
        self._tell(
            Push(
                key_of(condition),
                "OnRtnErrorConditionalOrder",
                {
                    **condition.row(self._world.settlement),
                    "ErrorID": code,
                    "ErrorMsg": message(code),
                },
            )
        )

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
            if order.status == states.NOT_TOUCHED or (order.alive and order.stopped):
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

    def _take_out(self, order: Order) -> None:
        """Remove an order from wherever it waits to trade."""
        instrument = order.contract.instrument
        if order.conditional or order.stopped:
            self._conditional[instrument].remove(order)
        elif order in self._auction:
            self._auction.remove(order)
        else:
            self._world.market(instrument).book.remove(order.number, order.direction)

    def _wait(self, order: Order, now: datetime) -> None:
        """Keep a condition at CTP until the market meets it: told as "b", and no "a" before."""
        order.submit_status = states.ACCEPTED
        order.sys_id = f"{states.CONDITION_ID}{order.number:07}"
        self._by_sys_id[order.contract.exchange, order.sys_id] = order
        order.move(states.NOT_TOUCHED)
        self._push(order, now)
        self._conditional.setdefault(order.contract.instrument, []).append(order)

    def _submit(self, order: Order, now: datetime) -> None:
        market = self._world.market(order.contract.instrument)
        reason = self._objection(order, market)
        if reason is not None:
            order.submit_status = states.REJECTED
            self._end(order, now, "", f"{order.contract.exchange}:{reason}")
            return
        order.sys_id = f"{order.number:>12}"
        self._by_sys_id[order.contract.exchange, order.sys_id.strip()] = order
        if order.text("ContingentCondition") in EXCHANGE_STOPS:
            self._confirm(order, now)
            order.stopped = True
            self._conditional.setdefault(order.contract.instrument, []).append(order)
        elif self._world.status(order.contract) == AUCTION_ORDERING:
            self._confirm(order, now)
            self._auction.append(order)
        else:
            self._match(order, market, now)

    def _confirm(self, order: Order, now: datetime) -> None:
        """Tell that the exchange has an order that has not traded."""
        order.submit_status = states.ACCEPTED
        order.move(states.NOT_TRADED)
        self._push(order, now)

    def _accept(self, order: Order) -> None:
        """Note that the exchange has answered for an order, as is told with its next RtnOrder."""
        if order.submit_status != states.ACCEPTED:
            order.submit_status = states.ACCEPTED
            order.move(order.status)

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
        if not immediate and order.text("VolumeCondition") == states.ALL_VOLUME:
            return BAD_KIND
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
            found = market.execute(
                order.direction,
                limit,
                order.left,
                five_levels=five,
                opens=order.offset == OPEN,
            )
            matches = list(merged(found))
        rest_at = self._rest_price(order, limit, matches)
        ends = immediate or rest_at is None
        manners = manners_of(order.contract.exchange)
        if order.status == states.UNKNOWN and (manners.confirms_always if matches else not ends):
            self._confirm(order, now)
        if ends and manners.cancels_first and 0 < total(matches) < order.left:
            self._cancel_first(order, matches, now)
            return
        self._fill_matches(order, matches, now)
        if not order.alive:
            return
        if rest_at is None or immediate:
            self._end(order, now, "")
        else:
            order.price = rest_at
            self._rest(order, market, rest_at)

    def _rest_price(self, order: Order, limit: int | None, matches: list[Match]) -> int | None:
        """At which price a day order rests that has not traded whole; None where it does not."""
        kind = order.text("OrderPriceType")
        if kind == states.FIVE_LEVEL:
            return matches[-1][1] if matches else None
        return limit if kind == states.BEST_PRICE else order.price

    def _cancel_first(self, order: Order, matches: list[Match], now: datetime) -> None:
        """Tell an immediate order's end, which has VolumeTraded already, and then its trades."""
        order.traded += total(matches)
        self._end(order, now, "")
        for maker, price, volume in matches:
            trade_id = self._next_trade_id()
            self._push(order, now)
            self._book(order, price, volume, now, trade_id)
            if maker is not None:
                self._fill_resting(maker, price, volume, now, trade_id)

    def _fill_matches(self, order: Order, matches: list[Match], now: datetime) -> None:
        for maker, price, volume in matches:
            trade_id = self._next_trade_id()
            self._fill(order, price, volume, now, trade_id)
            if maker is not None:
                self._fill_resting(maker, price, volume, now, trade_id)

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

    def _fill(self, order: Order, price: int, volume: int, now: datetime, trade_id: str) -> None:
        """Tell what a trade makes of an order, and the trade."""
        if manners_of(order.contract.exchange).tells_ends:
            self._push(order, now)
        order.traded += volume
        order.move(states.PART_TRADED if order.left else states.ALL_TRADED)
        self._push(order, now)
        self._book(order, price, volume, now, trade_id)

    def _fill_resting(
        self, number: int, price: int, volume: int, now: datetime, trade_id: str
    ) -> None:
        order = self._by_number[number]
        self._accept(order)
        self._fill(order, price, volume, now, trade_id)

    def _book(self, order: Order, price: int, volume: int, now: datetime, trade_id: str) -> None:
        """Enter a trade in the account, and tell it."""
        account, position = order.account, order.position
        before = account.close_profit
        closed: tuple[Closed, ...] = ()
        if order.offset == OPEN:
            paid = account.trade_opens(
                position, trade_id, order.trading_day, price, volume, order.hold
            )
        else:
            paid, closed = account.trade_closes(position, order.offset, price, volume, order.hold)
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
            closed,
        )
        self.trades.append(trade)
        self._tell(Push(key_of(order), "OnRtnTrade", trade.row(self._world.settlement)))

    def _next_trade_id(self) -> str:
        """Return a new TradeID: both sides of a trade bear it."""
        self._trade_number += 1
        return f"{self._trade_number:>12}"

    def _end(self, order: Order, now: datetime, by: str, reason: str = "") -> None:
        order.move(states.CANCELED, reason)
        order.canceled = f"{now:%H:%M:%S}"
        order.canceled_by = by
        if not order.conditional:
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
