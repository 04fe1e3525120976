"""CTP's side of the exchanges' answers: an order's states, its trades, the pushes about them.

An exchange's reports are called here at the exchange's moment, and take effect when they have
come back (``transit``): until then CTP, and so every query, has the order as it was.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from webctp.ctp.errors import message
from webctp.sim.accounts import orders as states
from webctp.sim.accounts.actions import Action
from webctp.sim.accounts.orders import Order, Trade
from webctp.sim.accounts.positions import Closed
from webctp.sim.accounts.structs import REJECTED, order_action
from webctp.sim.events import AccountKey, Event, Push, Values
from webctp.sim.manners import manners_of
from webctp.sim.market.book import SELL, Match, opposite, total
from webctp.sim.market.charges import OPEN
from webctp.sim.market.markets import Markets
from webctp.sim.matching.spreadtrades import book
from webctp.sim.matching.transit import Transit


class Returns:
    """The orders and trades that CTP stores, and the pushes about them.

    :param tell: takes every event.
    """

    def __init__(self, markets: Markets, tell: Callable[[Event], None], transit: Transit) -> None:
        self._markets = markets
        self._tell = tell
        self._transit = transit
        self._sequence = 0
        self.trades: list[Trade] = []
        self.by_sys_id: dict[tuple[str, str], Order] = {}
        self.on_quoted: Callable[[Order, datetime], None] = lambda order, now: None
        """Called before the push about a trade of a quote's order."""

    # Told by CTP itself

    def next_sequence(self) -> int:
        """Return a new SequenceNo, higher than those of all earlier messages."""
        self._sequence += 1
        return self._sequence

    def push(self, order: Order, now: datetime) -> None:
        """Send an order's present state."""
        order.sequence = self.next_sequence()
        order.updated = f"{now:%H:%M:%S}"
        self._push(order, "OnRtnOrder", order.row(self._markets.settlement))

    def number(self, order: Order, sys_id: str) -> None:
        """Give an order its OrderSysID, by which actions find it."""
        order.sys_id = sys_id
        self.by_sys_id[order.contract.exchange, sys_id.strip()] = order

    def end(self, order: Order, now: datetime, by: str = "", reason: str = "") -> None:
        """Send the end of an order, and release what it had set aside."""
        self._end(order, now, now, by, reason)

    def fail(self, condition: Order, code: int) -> None:
        """Send that CTP refuses the order that a triggered condition was to enter."""
        row = condition.row(self._markets.settlement)
        told = {**row, "ErrorID": code, "ErrorMsg": message(code)}
        self._push(condition, "OnRtnErrorConditionalOrder", told)

    def tell_anew(self, orders: Iterable[Order]) -> None:
        """Send a day's orders as they are, then its trades, numbered from 1."""
        self._sequence = 0
        for order in orders:
            order.sequence = self.next_sequence()
            self._push(order, "OnRtnOrder", order.row(self._markets.settlement))
        self.trades[:] = [replace(one, sequence=self.next_sequence()) for one in self.trades]
        for trade in self.trades:
            self._push(trade.order, "OnRtnTrade", trade.row(self._markets.settlement))

    # Reports of an exchange, which come back in their order

    def taken(self, order: Order, at: datetime, sys_id: str = "") -> None:
        """Report that the exchange has an order that has not traded.

        :param sys_id: its number, where a quote's goes before its own.
        """
        self._back(order, at, partial(self._taken, order, sys_id))

    def repeated(self, order: Order, at: datetime) -> None:
        """Report an order as it was, before the answer to an action."""
        self._back(order, at, partial(self.push, order))

    def filled(
        self,
        order: Order,
        trade: tuple[str, int, int, str],
        at: datetime,
        *,
        rested: bool = False,
        executed: int = 0,
    ) -> None:
        """Report a trade: its TradeID, price in units, volume, and PriceSource.

        :param rested: whether the order stood in the book.
        :param executed: what the execution that the trade is a part of trades in all.
        """
        self._back(order, at, partial(self._filled, order, trade, at, rested, executed))

    def ended(self, order: Order, at: datetime, by: str = "") -> None:
        """Report that the exchange has cancelled what was left of an order, by itself."""
        self._back(order, at, partial(self._ended, order, at, by))

    def cancelled(self, order: Order, at: datetime, by: str) -> None:
        """Report that an order was cancelled as `by` has asked."""
        self._back(order, at, partial(self._cancelled, order, at, by))

    def cancelled_first(self, order: Order, trades: list[tuple[Match, str]], at: datetime) -> None:
        """Report an immediate order's end and then its trades, each with its TradeID."""
        self._back(order, at, partial(self._cancelled_first, order, trades, at))

    def rejected(self, order: Order, at: datetime, reason: str) -> None:
        """Report that the exchange refuses an order."""
        self._back(order, at, partial(self._rejected, order, at, reason))

    def action_refused(self, action: Action, at: datetime, code: int, reason: str) -> None:
        """Send that the exchange refuses an action, by its OnErrRtn… alone.

        A code of 0 is not sent: a batch that no longer finds one of its orders has cancelled it.
        """
        self._back(action.order, at, partial(self._action_refused, action, code, reason))

    # The state file

    def facts(self) -> dict[str, int]:
        """Return the counter for the state file, to go on from there."""
        return {"sequence": self._sequence}

    def restore(self, facts: Mapping[str, int], trades: Iterable[Trade]) -> None:
        """Go on with a day's trades."""
        self._sequence = facts["sequence"]
        self.trades.extend(trades)

    def forget(self) -> None:
        """Begin a new day."""
        self.trades.clear()
        self.by_sys_id.clear()

    # What reports do when they have come

    def _back(self, order: Order, at: datetime, action: Callable[[datetime], None]) -> None:
        self._transit.back(order.contract.exchange, at, action)

    def _answered(self, order: Order, sys_id: str = "") -> None:
        """Note what comes with the exchange's first answer: its number and its time."""
        if order.sys_id or order.arrived is None:
            return
        order.inserted = order.arrived
        self.number(order, sys_id or f"{order.number:>12}")

    def _accept(self, order: Order) -> None:
        """Note that the exchange has answered for an order, as its next RtnOrder shows."""
        if order.submit_status != states.ACCEPTED:
            order.submit_status = states.ACCEPTED
            order.move(order.status)

    def _taken(self, order: Order, sys_id: str, now: datetime) -> None:
        self._answered(order, sys_id)
        order.submit_status = states.ACCEPTED
        order.move(states.NOT_TRADED)
        self.push(order, now)

    def _filled(
        self,
        order: Order,
        trade: tuple[str, int, int, str],
        at: datetime,
        rested: bool,
        executed: int,
        now: datetime,
    ) -> None:
        self._answered(order)
        if rested:
            self._accept(order)
        if manners_of(order.contract.exchange).tells_ends and not order.quote:
            self.push(order, now)
        volume = trade[2]
        order.traded += volume
        order.executed = max(order.executed, executed, order.traded)
        order.move(states.PART_TRADED if order.left else states.ALL_TRADED)
        if order.quote:
            self.on_quoted(order, now)
        self.push(order, now)
        self._book(order, trade, at)

    def _ended(self, order: Order, at: datetime, by: str, now: datetime) -> None:
        self._answered(order)
        self._end(order, at, now, by, "")

    def _cancelled(self, order: Order, at: datetime, by: str, now: datetime) -> None:
        # CTP sends the former state once more before the state after a client's action.
        order.canceling = False
        self._answered(order)
        self._accept(order)
        self.push(order, now)
        self._end(order, at, now, by, "")

    def _cancelled_first(
        self, order: Order, trades: list[tuple[Match, str]], at: datetime, now: datetime
    ) -> None:
        self._answered(order)
        order.traded += total(match for match, _ in trades)
        order.executed = order.traded
        self._end(order, at, now, "", "")
        for (_, price, volume), trade_id in trades:
            self.push(order, now)
            self._book(order, (trade_id, price, volume, source(order)), at)

    def _rejected(self, order: Order, at: datetime, reason: str, now: datetime) -> None:
        if order.arrived is not None:
            order.inserted = order.arrived
        order.submit_status = states.REJECTED
        self._end(order, at, now, "", reason)

    def _action_refused(self, action: Action, code: int, reason: str, now: datetime) -> None:
        action.order.canceling = False
        if action.told and code:
            row = order_action(action.values, now, REJECTED, reason)
            self._tell(Push(action.account, action.callback, row, code))

    def _end(self, order: Order, at: datetime, now: datetime, by: str, reason: str) -> None:
        order.move(states.CANCELED, reason)
        own = manners_of(order.contract.exchange).times_ends
        order.canceled = f"{at if own else now:%H:%M:%S}"
        order.canceled_by = by
        if not order.conditional:
            order.release()
        self.push(order, now)

    def _book(self, order: Order, traded: tuple[str, int, int, str], at: datetime) -> None:
        """Enter a trade in the account, and send it; of a combination, each leg's."""
        trade_id, price, volume, price_source = traded
        if order.legs:
            for trade in book(order, price, volume, trade_id):
                if trade.leg is not None:
                    last = self._markets.last(trade.contract.instrument)
                    trade.leg.position.changed(last)
                sequence = self.next_sequence()
                self._told(replace(trade, sequence=sequence, moment=at, source=price_source))
            return
        account, position = order.account, order.position
        before = account.close_profit
        closed: tuple[Closed, ...] = ()
        if order.offset == OPEN:
            paid = account.trade_opens(
                position, trade_id, order.trading_day, price, volume, order.hold
            )
        else:
            paid, closed = account.trade_closes(position, order.offset, price, volume, order.hold)
        position.changed(self._markets.last(order.contract.instrument))
        trade = Trade(
            order,
            trade_id,
            price,
            volume,
            order.offset,
            self.next_sequence(),
            at,
            order.trading_day,
            paid,
            account.close_profit - before,
            closed,
            price_source,
        )
        self._told(trade)

    def _told(self, trade: Trade) -> None:
        self.trades.append(trade)
        self._push(trade.order, "OnRtnTrade", trade.row(self._markets.settlement))

    def _push(self, order: Order, callback: str, values: Values) -> None:
        self._tell(Push(key_of(order), callback, values))


def source(order: Order, *, rested: bool = False) -> str:
    """Return PriceSource of a trade at the price of whoever stood in the book."""
    side = order.direction if rested else opposite(order.direction)
    return states.ASK_PRICE if side == SELL else states.BID_PRICE


def key_of(order: Order) -> AccountKey:
    """Return the account that an order belongs to."""
    return order.account.broker, order.account.investor
