"""What conditional orders wait for: prices of the market held against StopPrice.

CTP's own conditions are ContingentCondition 5 to 9, A to F and H (page QTYWGZ/TJDGZ). Stop (2)
and profit (3) orders are DCE's and GFEX's own (QTYWGZ/GJYSTSZL).
"""

from typing import Final

from webctp.sim.accounts.orders import Order
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.market import Market

_CONDITIONS: Final = {
    "5": ("last", ">"),
    "6": ("last", ">="),
    "7": ("last", "<"),
    "8": ("last", "<="),
    "9": (SELL, ">"),
    "A": (SELL, ">="),
    "B": (SELL, "<"),
    "C": (SELL, "<="),
    "D": (BUY, ">"),
    "E": (BUY, ">="),
    "F": (BUY, "<"),
    "H": (BUY, "<="),
}
"""ContingentCondition -> which price (last, or the best of a side), and how it compares."""
CTP_CONDITIONS: Final = frozenset(_CONDITIONS)
"""ContingentConditions that wait at CTP."""
STOP: Final = "2"
PROFIT: Final = "3"
EXCHANGE_STOPS: Final = frozenset({STOP, PROFIT})
"""ContingentConditions that wait at an exchange, if it has them."""


def touched(order: Order, market: Market) -> bool:
    """Return whether the market meets an order's condition."""
    stop = stop_price(order)
    condition = order.text("ContingentCondition")
    source, compare = _CONDITIONS.get(condition, ("last", ""))
    price = market.tape.last if source == "last" else market.best(source)
    if price is None:
        return False
    if not compare:
        # A stop buys above and sells below its price, a profit order the reverse.
        upward = (order.direction == BUY) == (condition == STOP)
        return price >= stop if upward else price <= stop
    return {">": price > stop, ">=": price >= stop, "<": price < stop, "<=": price <= stop}[compare]


def stop_price(order: Order) -> int:
    """Return StopPrice in units."""
    value = order.values.get("StopPrice", 0.0)
    return round(float(str(value)) * 10_000)
