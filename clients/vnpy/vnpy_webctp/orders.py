"""The orders and trades of a session, by the names that vn.py knows them by."""

from __future__ import annotations

from vnpy.trader.object import OrderData, TradeData

from vnpy_webctp import convert
from webctp_client import own, structs
from webctp_client.protocol.mirror import OrderKey, TradeKey, order_key, trade_key
from webctp_client.protocol.sent import ENDED


class OrderBook:
    """What vn.py has been told of orders and trades, in the client's thread.

    An order of this program bears its ClientOrderID as its ``orderid``, over broken connections
    and the gateway's restarts; any other one, of another program or of an earlier run, the front,
    session and reference that name it in CTP.
    """

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway
        self._sent: dict[str, OrderData] = {}
        self._nameless: dict[str, str] = {}
        """Orders sent of which CTP's names are not known yet: their instruments."""
        self._ids: dict[OrderKey, str] = {}
        self._known: dict[str, structs.Order] = {}
        self._by_sysid: dict[tuple[str, str], str] = {}
        self._trades: set[TradeKey] = set()
        self._held: list[structs.Order | structs.Trade] = []

    def sent(self, order: OrderData) -> None:
        """Enter an order of this program that is about to be sent."""
        self._sent[order.orderid] = order
        self._nameless[order.orderid] = order.symbol

    def ended(self, orderid: str) -> list[OrderData | TradeData]:
        """Enter that an order will get no name of CTP's; return what was held for it."""
        self._nameless.pop(orderid, None)
        return self._let_go()

    def named(self, state: own.ClientOrderState) -> list[OrderData | TradeData]:
        """Enter an order's names in CTP; return what was held for them."""
        if state.ClientOrderID not in self._sent or not state.OrderRef.strip():
            return []
        key = (str(state.FrontID), str(state.SessionID), state.OrderRef.strip())
        self._ids[key] = state.ClientOrderID
        return self.ended(state.ClientOrderID)

    def told(self, body: structs.Order | structs.Trade) -> list[OrderData | TradeData]:
        """Take a push in; return what vn.py is to be told of it.

        A push of an instrument waits while an order of this program in it has no name: it may be
        that order's.
        """
        waits = body.InstrumentID in self._nameless.values()
        if waits and not (isinstance(body, structs.Order) and order_key(body) in self._ids):
            self._held.append(body)
            return []
        one = self._order(body) if isinstance(body, structs.Order) else self._trade(body)
        return [] if one is None else [one]

    def ctp(self, orderid: str) -> structs.Order | None:
        """Return CTP's newest word on an order."""
        return self._known.get(orderid)

    def is_sent(self, orderid: str) -> bool:
        """Return whether an order is of this program's run."""
        return orderid in self._sent

    def data(self, orderid: str) -> OrderData | None:
        """Return an order of this program as it was sent."""
        return self._sent.get(orderid)

    def day_changed(self) -> None:
        """Forget the orders and trades of the day before: numbers begin anew."""
        for kept in (self._known, self._by_sysid, self._ids):
            kept.clear()
        self._trades.clear()
        self._sent = {one: self._sent[one] for one in self._nameless}

    def _let_go(self) -> list[OrderData | TradeData]:
        held, self._held = self._held, []
        return [one for body in held for one in self.told(body)]

    def _order(self, told: structs.Order) -> OrderData | None:
        key = order_key(told)
        orderid = self._ids.get(key) or "_".join(key)
        if told.OrderSysID.strip():
            self._by_sysid[told.ExchangeID, told.OrderSysID.strip()] = orderid
        known = self._known.get(orderid)
        if known is not None and _is_older(told, known):
            return None
        self._known[orderid] = told
        sent = self._sent.get(orderid)
        return convert.order(told, orderid, sent.reference if sent else "", self._gateway)

    def _trade(self, told: structs.Trade) -> TradeData | None:
        key = trade_key(told)
        if key in self._trades:
            return None
        self._trades.add(key)
        sysid = told.OrderSysID.strip()
        orderid = self._by_sysid.get((told.ExchangeID, sysid), f"{told.ExchangeID}_{sysid}")
        return convert.trade(told, orderid, self._gateway)


def _is_older(told: structs.Order, known: structs.Order) -> bool:
    """Return whether a push says less than what is known: what has ended does not begin again."""
    if told.VolumeTraded != known.VolumeTraded:
        return told.VolumeTraded < known.VolumeTraded
    return told == known or (known.OrderStatus in ENDED and told.OrderStatus not in ENDED)
