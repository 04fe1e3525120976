"""The exchanges' side of an order: taken or refused, matched, rested, cancelled.

CTP's own checks and reserves are made before an order comes here (``broker``), and an
exchange's answers are CTP's to store and to send (``returns``). Between the two lies the way
there and back (``transit``).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial

from webctp.ctp.errors import message
from webctp.exchanges.sessions import AUCTION_ORDERING, CONTINUOUS
from webctp.sim.accounts import orders as states
from webctp.sim.accounts.actions import ON_ORDER, Action
from webctp.sim.accounts.orders import Order, Trade
from webctp.sim.events import AccountKey, Event
from webctp.sim.manners import manners_of
from webctp.sim.market.auction import Offer
from webctp.sim.market.book import Match, total
from webctp.sim.market.charges import OPEN
from webctp.sim.market.market import Market
from webctp.sim.market.markets import Markets
from webctp.sim.market.spreadmarket import SpreadPrice
from webctp.sim.matching.conditions import EXCHANGE_STOPS, touched
from webctp.sim.matching.matches import merged, paired
from webctp.sim.matching.objections import objection
from webctp.sim.matching.rate import Rate
from webctp.sim.matching.returns import Returns, key_of, source
from webctp.sim.matching.spreadtrades import numbers
from webctp.sim.matching.transit import Transit
from webctp.sim.model.tape import Fill
from webctp.sim.refusals import (
    BY_EXCHANGE,
    CLOSED_NOW,
    EXCHANGE_TOO_FAST,
    NOT_FOUND_THERE,
    ORDER_ENDED,
    TRADED_OR_CANCELED,
)


class MatchingEngine:
    """Orders and trades of one trading day, matched on its markets.

    :param tell: takes every event.
    :param rate: orders and actions that an exchange takes in a second; 0 for no limit.
    """

    def __init__(
        self, markets: Markets, tell: Callable[[Event], None], transit: Transit, rate: int = 0
    ) -> None:
        self._markets = markets
        self._rate = Rate(rate)
        self._transit = transit
        self.returns = Returns(markets, tell, transit)
        self._number = 0
        self._trade_number = 0
        self.orders: list[Order] = []
        self._by_number: dict[int, Order] = {}
        self._by_ref: dict[tuple[int, int, str], Order] = {}
        self._conditional: dict[str, list[Order]] = {}
        self._auction: list[Order] = []

    # Finding

    def by_ref(self, front: int, session: int, ref: str) -> Order | None:
        """Return the order of (FrontID, SessionID, OrderRef), None if there is none."""
        return self._by_ref.get((front, session, ref))

    def by_number(self, number: int) -> Order | None:
        """Return the order of a number (BrokerOrderSeq), None if there is none."""
        return self._by_number.get(number)

    def by_sys_id(self, exchange: str, sys_id: str) -> Order | None:
        """Return the order of (ExchangeID, OrderSysID), the latter with or without its padding."""
        return self.returns.by_sys_id.get((exchange, sys_id.strip()))

    @property
    def trades(self) -> list[Trade]:
        """The day's trades whose returns have reached CTP."""
        return self.returns.trades

    def orders_of(self, account: AccountKey) -> Iterator[Order]:
        """Give an account's orders of the day, in the order of their entry."""
        return (order for order in list(self.orders) if key_of(order) == account)

    def trades_of(self, account: AccountKey) -> Iterator[Trade]:
        """Give an account's trades of the day, in their order."""
        return (trade for trade in list(self.returns.trades) if key_of(trade.order) == account)

    def conditions_of(self, account: AccountKey) -> int:
        """Return how many of an account's conditions wait at CTP."""
        waiting = (order for orders in self._conditional.values() for order in orders)
        return sum(order.conditional and key_of(order) == account for order in waiting)

    def live(self) -> set[str]:
        """Return the instruments in which an order may trade: their markets must be stepped."""
        waiting = {name for name, waiting in self._conditional.items() if waiting}
        return waiting | self._markets.with_orders()

    def next_number(self) -> int:
        """Return a new order's number, higher than all before."""
        self._number += 1
        return self._number

    def next_trade_number(self) -> int:
        """Return the number of a new TradeID, which no other trade of the day has."""
        self._trade_number += 1
        return self._trade_number

    def next_sequence(self) -> int:
        """Return a new SequenceNo, higher than those of all earlier messages."""
        return self.returns.next_sequence()

    # Orders

    def enter(self, order: Order, now: datetime) -> None:
        """Take an order that CTP has checked, send its return, and pass it on to its exchange."""
        self._know(order)
        condition = order.text("ContingentCondition")
        if condition in (states.AT_ONCE, *EXCHANGE_STOPS):
            self.returns.push(order, now)
            self._send(order, now)
        else:
            self._wait(order, now)

    def cancel(self, action: Action, now: datetime) -> None:
        """Cancel a condition that waits at CTP, or send an order's cancellation to its exchange."""
        order = action.order
        if order.conditional:
            self._take_out(order)
            self.returns.end(order, now, action.by)
            return
        order.canceling = True
        self._transit.to(order.contract.exchange, now, partial(self._act, action))

    # Orders of a quote, whose pushes have a sequence of their own (page QTYWGZ/DJHDGZ)

    def announce(self, order: Order, now: datetime) -> None:
        """Send the return of a checked order that goes to the exchange with a quote."""
        self._know(order)
        self.returns.push(order, now)

    def place(self, order: Order, now: datetime) -> None:
        """Trade an order that the exchange has taken with its quote, or let it wait."""
        if self._markets.status(order.contract) == AUCTION_ORDERING:
            self._auction.append(order)
        else:
            self._match(order, self._markets.market(order.contract.instrument), now, known=True)

    def withdraw(self, order: Order, now: datetime, by: str) -> None:
        """Cancel an order with its quote: its former state is not sent once more."""
        self._take_out(order)
        self.returns.ended(order, now, by)

    def expire(self, now: datetime, products: Collection[str] | None = None) -> None:
        """Cancel what still waits of some products (None: all), at the end of their day."""
        for order in self.orders:
            if products is not None and order.contract.product not in products:
                continue
            if order.status == states.NOT_TOUCHED:
                self._take_out(order)
                self.returns.end(order, now)
            elif order.working:
                self._take_out(order)
                self.returns.ended(order, now)

    def gathered(self) -> set[str]:
        """Instruments whose call auctions have orders."""
        return {order.contract.instrument for order in self._auction}

    def call_auction(self, instrument: str, step: int, now: datetime) -> None:
        """Match what a call auction has gathered at one price; what is left of it rests.

        :param step: the step at which the market opens after it.
        """
        market = self._markets.market_before(instrument)
        entering = [order for order in self._auction if order.contract.instrument == instrument]
        offers = [
            (order.direction, Offer(order.number, order.price, order.working, order.offset == OPEN))
            for order in entering
            if order.price is not None
        ]
        fills = market.call_auction(step, offers)
        self._auction = [order for order in self._auction if order not in entering]
        filled = {fill.order_id: fill.volume for fill in fills}
        for mates in paired((self._by_number[fill.order_id], fill) for fill in fills):
            trade_id = self._next_trade_id()
            for order, fill in mates:
                executed = order.volume - order.working + filled[order.number]
                filled[order.number] -= fill.volume
                order.working -= fill.volume
                trade = trade_id, fill.price, fill.volume, states.LAST_PRICE
                self.returns.filled(order, trade, now, executed=executed)
        for order in entering:
            if order.working and order.price is not None:
                self._rest(order, market, order.price)

    def forget(self) -> None:
        """Begin a new day: orders and trades of the old one are no longer asked for."""
        self.orders.clear()
        self.returns.forget()
        self._by_number.clear()
        self._by_ref.clear()
        self._conditional.clear()
        self._auction.clear()

    def settle_fills(self, fills: list[Fill], now: datetime) -> None:
        """Enter what the background filled of resting orders."""
        for fill in fills:
            trade_id = self._next_trade_id(fill.price)
            self._fill_resting(fill.order_id, fill.price, fill.volume, now, trade_id)
            self._fill_legs(fill.price, now, trade_id)

    def touch(self, instrument: str, now: datetime) -> list[Order]:
        """Trigger what waits for the price that the market now has.

        Stop orders of the exchange go on here; the conditions of CTP that have triggered are
        given back: each is to enter an order.
        """
        waiting = self._conditional.get(instrument)
        if not waiting or self._markets.status(waiting[0].contract) != CONTINUOUS:
            return []
        market = self._markets.market(instrument)
        triggered: list[Order] = []
        for order in [order for order in waiting if touched(order, market)]:
            waiting.remove(order)
            if order.stopped:
                order.stopped = False
                self._match(order, market, now, known=True)
            else:
                order.move(states.TOUCHED)
                self.returns.push(order, now)
                triggered.append(order)
        return triggered

    def tell_anew(self, take_session: Callable[[], int], *, new_trade_ids: bool) -> None:
        """Send the day's orders and trades anew, as CTP does when it has begun its flow anew.

        FrontID, SessionID and OrderRef are given anew; RequestID and RelativeOrderSysID are lost;
        OrderLocalID, OrderSysID and TradeID stay (JKZYXZYXHSM 1.1 to 1.5).

        :param take_session: gives the SessionID that an account's orders bear from now on.
        :param new_trade_ids: whether the TradeIDs to come begin with 1 again.
        """
        sessions: dict[AccountKey, int] = {}
        self._by_ref.clear()
        for number, order in enumerate(self.orders, 1):
            key = key_of(order)
            if key not in sessions:
                sessions[key] = take_session()
            order.front, order.session, order.ref = states.FRONT_ID, sessions[key], str(number)
            order.values = {**order.values, "RequestID": 0}
            order.parent = ""
            self._by_ref[order.front, order.session, order.ref] = order
        self.returns.tell_anew(self.orders)
        if new_trade_ids:
            self._trade_number = 0

    # The state file

    def facts(self) -> dict[str, int]:
        """Return the counters for the state file, to go on from there."""
        return {
            "number": self._number,
            **self.returns.facts(),
            "trade_number": self._trade_number,
        }

    def restore(
        self,
        facts: Mapping[str, int],
        orders: Iterable[Order],
        trades: Iterable[Trade],
        now: datetime,
    ) -> None:
        """Go on with a day's orders and trades: what may still trade waits again."""
        self._number = facts["number"]
        self._trade_number = facts["trade_number"]
        self.returns.restore(facts, trades)
        for order in orders:
            self._know(order)
            if order.sys_id:
                self.returns.number(order, order.sys_id)
            if order.alive:
                self._restore(order, now)

    def _restore(self, order: Order, now: datetime) -> None:
        """Let an order wait again where it did; one that was on its way is sent again."""
        name = order.contract.instrument
        if order.status == states.NOT_TOUCHED:
            self._conditional.setdefault(name, []).append(order)
            return
        lots = order.left if order.sys_id else 0
        kept = self._markets.keeps(order.number, name, order.direction, lots)
        if not order.sys_id:
            if not order.quote:
                self._send(order, now)
            return
        order.working = order.left
        if order.stopped:
            self._conditional.setdefault(name, []).append(order)
        elif kept:
            pass  # The book is kept with its market.
        elif self._markets.status(order.contract) == AUCTION_ORDERING:
            self._auction.append(order)
        elif order.price is not None:
            self._rest(order, self._markets.market(name), order.price)

    # One order's way

    def _know(self, order: Order) -> None:
        self.orders.append(order)
        self._by_number[order.number] = order
        self._by_ref[order.front, order.session, order.ref] = order

    def _rest(self, order: Order, market: Market, price: int) -> None:
        market.rest(order.number, order.direction, price, order.working, opens=order.offset == OPEN)
        self._markets.rested(order.contract.instrument)

    def _take_out(self, order: Order) -> None:
        """Remove an order from wherever it waits to trade."""
        instrument = order.contract.instrument
        order.working = 0
        if order.conditional or order.stopped:
            self._conditional[instrument].remove(order)
        elif order in self._auction:
            self._auction.remove(order)
        else:
            self._markets.market(instrument).remove(order.number, order.direction)

    def _wait(self, order: Order, now: datetime) -> None:
        """Keep a condition at CTP until the market meets it: sent as "b", with no "a" before."""
        order.submit_status = states.ACCEPTED
        self.returns.number(order, f"{states.CONDITION_ID}{order.number:07}")
        order.move(states.NOT_TOUCHED)
        self.returns.push(order, now)
        self._conditional.setdefault(order.contract.instrument, []).append(order)

    def _send(self, order: Order, now: datetime) -> None:
        self._transit.to(order.contract.exchange, now, partial(self._submit, order))

    # At the exchange

    def _submit(self, order: Order, now: datetime) -> None:
        """Take an order that has come to the exchange."""
        order.arrived = now
        market = self._markets.market(order.contract.instrument)
        exchange = order.contract.exchange
        if not self._rate.takes(exchange, now):
            self.returns.rejected(order, now, message(EXCHANGE_TOO_FAST))
            return
        reason = objection(self._markets, order)
        if reason is not None:
            self.returns.rejected(order, now, f"{exchange}:{reason}")
            return
        order.working = order.volume
        if order.text("ContingentCondition") in EXCHANGE_STOPS:
            self.returns.taken(order, now)
            order.stopped = True
            self._conditional.setdefault(order.contract.instrument, []).append(order)
        elif self._markets.status(order.contract) == AUCTION_ORDERING:
            self.returns.taken(order, now)
            self._auction.append(order)
        else:
            self._match(order, market, now)

    def _act(self, action: Action, now: datetime) -> None:
        """Cancel an order as an action that has come to the exchange asks."""
        order = action.order
        exchange = order.contract.exchange
        if not self._rate.takes(exchange, now):
            reason = message(EXCHANGE_TOO_FAST)
            self.returns.action_refused(action, now, EXCHANGE_TOO_FAST, reason)
        elif not order.working:
            # It has traded while the action was on its way.
            reason = f"{exchange}:{TRADED_OR_CANCELED}"
            code = ORDER_ENDED if action.callback == ON_ORDER else 0
            self.returns.action_refused(action, now, code, reason)
        elif not self._markets.takes_actions(order.contract):
            self.returns.action_refused(action, now, BY_EXCHANGE, f"{exchange}:{CLOSED_NOW}")
        elif order.quote and not manners_of(exchange).cancels_quoted:
            self.returns.repeated(order, now)
            self.returns.action_refused(action, now, BY_EXCHANGE, f"{exchange}:{NOT_FOUND_THERE}")
        else:
            self._take_out(order)
            self.returns.cancelled(order, now, action.by)

    def _match(self, order: Order, market: Market, now: datetime, *, known: bool = False) -> None:
        """Trade an order with what stands against it; what is left rests or ends.

        :param known: whether the exchange has already confirmed that it has the order.
        """
        kind = order.text("OrderPriceType")
        five = kind == states.FIVE_LEVEL
        limit = order.price
        if kind == states.BEST_PRICE:
            limit = market.best("1" if order.direction == "0" else "0")
        immediate = order.text("TimeCondition") == states.IMMEDIATE
        if immediate and self._too_little(order, market, limit, five):
            order.working = 0
            self.returns.ended(order, now)
            return
        matches = []
        if kind != states.BEST_PRICE or limit is not None:
            found = market.execute(
                order.direction,
                limit,
                order.working,
                five_levels=five,
                opens=order.offset == OPEN,
            )
            matches = list(merged(found))
        rest_at = self._rest_price(order, limit, matches)
        ends = immediate or rest_at is None
        manners = manners_of(order.contract.exchange)
        if not known and (manners.confirms_always if matches else not ends):
            self.returns.taken(order, now)
        if ends and manners.cancels_first and 0 < total(matches) < order.working:
            self._cancel_first(order, matches, now)
            return
        self._fill_matches(order, matches, now)
        if not order.working:
            return
        if rest_at is None or immediate:
            order.working = 0
            self.returns.ended(order, now)
        else:
            order.price = rest_at
            self._rest(order, market, rest_at)

    def _rest_price(self, order: Order, limit: int | None, matches: list[Match]) -> int | None:
        """Return the price at which what is left of a day order rests; None where it does not."""
        kind = order.text("OrderPriceType")
        if kind == states.FIVE_LEVEL:
            return matches[-1][1] if matches else None
        return limit if kind == states.BEST_PRICE else order.price

    def _cancel_first(self, order: Order, matches: list[Match], now: datetime) -> None:
        """Report an immediate order's end before its trades."""
        order.working = 0
        trades = [(match, self._next_trade_id()) for match in matches]
        self.returns.cancelled_first(order, trades, now)
        for (maker, price, volume), trade_id in trades:
            if maker is not None:
                self._fill_resting(maker, price, volume, now, trade_id)

    def _fill_matches(self, order: Order, matches: list[Match], now: datetime) -> None:
        executed = order.volume - order.working + total(matches)
        for maker, price, volume in matches:
            trade_id = self._next_trade_id(price)
            order.working -= volume
            trade = trade_id, price, volume, source(order)
            self.returns.filled(order, trade, now, executed=executed)
            if maker is not None:
                self._fill_resting(maker, price, volume, now, trade_id)
            self._fill_legs(price, now, trade_id)

    def _too_little(self, order: Order, market: Market, limit: int | None, five: bool) -> bool:
        """Return whether an immediate order's condition on its volume cannot be met."""
        condition = order.text("VolumeCondition")
        least = order.volume if condition == states.ALL_VOLUME else 0
        if condition == states.MIN_VOLUME:
            least = int(str(order.values.get("MinVolume", 0)))
        if least <= 0:
            return False
        found = market.fillable(order.direction, limit, order.volume, five_levels=five)
        return found < min(least, order.volume)

    def _fill_resting(
        self, number: int, price: int, volume: int, now: datetime, trade_id: str
    ) -> None:
        order = self._by_number[number]
        order.working -= volume
        trade = trade_id, price, volume, source(order, rested=True)
        self.returns.filled(order, trade, now, rested=True)

    def _fill_legs(self, price: int, now: datetime, trade_id: str) -> None:
        """Fill the resting orders that a combination's trade has met in its legs."""
        if isinstance(price, SpreadPrice):
            matches = (match for leg in price.legs for match in leg)
            for (maker, at, volume), number in zip(matches, numbers(trade_id), strict=False):
                if maker is not None:
                    self._fill_resting(maker, at, volume, now, number)

    def _next_trade_id(self, price: int = 0) -> str:
        """Return a new TradeID: both sides of a trade bear it.

        A combination's trade has as many as its legs have trades; the first is returned.
        """
        first = self._trade_number + 1
        self._trade_number += price.count if isinstance(price, SpreadPrice) else 1
        return f"{first:>12}"
