"""The account as the pushes tell it: orders, trades, positions, money.

Everything of the trading day is in it after the login, and every push since. It is exact as long
as nothing is missing; where the gateway says that something is, :attr:`Mirror.is_whole` is False
until queries have healed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from webctp_client.made import own, structs
from webctp_client.protocol.messages import Message
from webctp_client.protocol.sent import ENDED

OrderKey = tuple[str, ...]
TradeKey = tuple[str, ...]
PositionKey = tuple[str, str, str]


def order_key(order: structs.Order) -> OrderKey:
    """Return what names an order for its whole life: front, session and reference."""
    return (str(order.FrontID), str(order.SessionID), order.OrderRef.strip())


def trade_key(trade: structs.Trade) -> TradeKey:
    """Return what names a trade: one number serves both sides of a trade with oneself."""
    return (trade.ExchangeID, trade.TradeID.strip(), trade.Direction, trade.OrderSysID.strip())


def position_key(position: own.PortfolioPosition) -> PositionKey:
    """Return what names a position: instrument, side, hedge flag."""
    return (position.InstrumentID, position.PosiDirection, position.HedgeFlag)


class Mirror:
    """One account's state, from messages in their order.

    ``orders``, ``trades``, ``positions`` are by :func:`order_key`, :func:`trade_key` and
    :func:`position_key`; ``account`` is None until the portfolio is subscribed to.
    """

    def __init__(self) -> None:
        self.orders: dict[OrderKey, structs.Order] = {}
        self.trades: dict[TradeKey, structs.Trade] = {}
        self.positions: dict[PositionKey, own.PortfolioPosition] = {}
        self.account: own.PortfolioAccount | None = None
        self.caveats: tuple[str, ...] = ()
        self.is_whole = True
        self._day_orders: dict[OrderKey, structs.Order] = {}
        self._day_trades: dict[TradeKey, structs.Trade] = {}

    def apply(self, message: Any) -> None:
        """Enter a message."""
        if isinstance(message, Message):
            body = message.body
            if isinstance(body, structs.Order) and message.MsgType == "RtnOrder":
                orders = self._day_orders if message.Replay else self.orders
                orders[order_key(body)] = body
            elif isinstance(body, structs.Trade) and message.MsgType == "RtnTrade":
                trades = self._day_trades if message.Replay else self.trades
                trades[trade_key(body)] = body
        elif isinstance(message, (own.RtnPortfolio, own.RspSubscribePortfolio)):
            # One that was missed and is told on resuming says nothing: the whole comes behind it.
            if message.Portfolio is not None:
                self._portfolio(message.Portfolio)
        elif isinstance(message, own.RtnTradingDay):
            self.orders.clear()
            self.trades.clear()

    def logged_in(self, *, is_resumed: bool) -> list[structs.Order | structs.Trade]:
        """Take over the day that was told before the login's answer; a resumed login tells none.

        Returns what of it is news: orders that stand otherwise than before, trades that were not
        known.
        """
        news: list[structs.Order | structs.Trade] = []
        if not is_resumed:
            orders, trades = self._day_orders, self._day_trades
            news += [one for key, one in orders.items() if self.orders.get(key) != one]
            news += [one for key, one in trades.items() if key not in self.trades]
            self.orders, self.trades = orders, trades
        self._day_orders, self._day_trades = {}, {}
        return news

    def lost(self) -> None:
        """Drop what a login has told that never ended."""
        self._day_orders, self._day_trades = {}, {}

    def healed(
        self, orders: Iterable[structs.Order], trades: Iterable[structs.Trade]
    ) -> list[structs.Order | structs.Trade]:
        """Enter the answers of queries where pushes are missing; return what of them is news.

        What a push has told meanwhile is newer: of orders that are known, one that has ended or
        traded more stays.
        """
        news: list[structs.Order | structs.Trade] = []
        for order in orders:
            known = self.orders.get(order_key(order))
            if known is None or _is_newer(order, known):
                self.orders[order_key(order)] = order
                news.append(order)
        for trade in trades:
            if trade_key(trade) not in self.trades:
                self.trades[trade_key(trade)] = trade
                news.append(trade)
        self.is_whole = True
        return news

    def _portfolio(self, told: own.PortfolioState) -> None:
        if told.IsSnapshot:
            self.positions.clear()
        for position in told.Positions:
            self.positions[position_key(position)] = position
        self.account = told.Account
        self.caveats = told.Caveats


def _is_newer(order: structs.Order, known: structs.Order) -> bool:
    """Return whether a queried order says more than the one that is known."""
    if order.VolumeTraded != known.VolumeTraded:
        return order.VolumeTraded > known.VolumeTraded
    return order.OrderStatus != known.OrderStatus and known.OrderStatus not in ENDED
