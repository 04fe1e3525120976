"""What an account's working orders set aside: lots, margin, fees, premium.

Amounts are in units (1e-4 yuan). An order's lots left only fall, and an ended order stays ended,
so what is told twice or late changes nothing. Pure; runs in the reactor's thread.
"""

from typing import Final, NamedTuple

from webctp.upstream.orders.keys import (
    ENDED,
    LocalIdentity,
    RefIdentity,
    local_identity,
    plain_ref,
)
from webctp.upstream.portfolio.facts import (
    BUY,
    CLOSE_TODAY,
    LONG,
    OPEN,
    SHORT,
    Commissions,
    Key,
    Quote,
    Row,
    Terms,
)
from webctp.upstream.portfolio.money import units

_LIMIT: Final = "2"
_CONDITIONS: Final = frozenset({"b", "c"})
"""OrderStatus of conditions: they set nothing aside until they trigger (page QTYWGZ/TJDGZ)."""
_AT_THE_MARKET: Final = frozenset({"1", "3", "G"})


class Working(NamedTuple):
    """An order that may still trade: ``price`` in units, None for one at the market.

    ``is_guess`` says that CTP makes its price itself and does not tell it.
    """

    key: Key
    offset: str
    buys: bool
    price: int | None
    left: int
    is_guess: bool


class Aside(NamedTuple):
    """What orders have set aside of a position: lots, and units."""

    opening: int = 0
    today: int = 0
    older: int = 0
    commission: int = 0
    cash: int = 0
    amount: int = 0


def side_of(direction: str, offset: str) -> str:
    """Return the side of the position that an order or a trade opens or closes."""
    if offset == OPEN:
        return LONG if direction == BUY else SHORT
    return SHORT if direction == BUY else LONG


class WorkingTable:
    """Keep an account's working orders by position."""

    def __init__(self) -> None:
        self._orders: dict[RefIdentity, Working] = {}
        self._by_position: dict[Key, dict[RefIdentity, Working]] = {}
        self._ended: set[RefIdentity] = set()
        self._locals: dict[LocalIdentity, RefIdentity] = {}

    def __len__(self) -> int:
        """Return how many orders work."""
        return len(self._orders)

    @property
    def keys(self) -> tuple[Key, ...]:
        """The positions that orders would open or close."""
        return tuple(self._by_position)

    @property
    def guesses(self) -> bool:
        """Whether an order works whose price CTP has made and does not tell."""
        return any(order.is_guess for order in self._orders.values())

    def of(self, key: Key) -> tuple[Working, ...]:
        """Return the orders of a position."""
        return tuple(self._by_position.get(key, {}).values())

    def take(self, row: Row) -> Key | None:
        """Take a RtnOrder; gives the position whose orders have changed, None for none."""
        known = row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"])
        by_local = local_identity(row)
        if by_local is not None:
            known = self._locals.setdefault(by_local, known)
        if known in self._ended:
            return None
        before = self._orders.get(known)
        status = row["OrderStatus"]
        if status in ENDED:
            self._ended.add(known)
            if before is not None:
                self._remove(known, before)
            return None if before is None else before.key
        left = int(row["VolumeTotal"])
        if status in _CONDITIONS or not left:
            return None
        if before is not None:
            if left >= before.left:
                return None
            order = before._replace(left=left)
        else:
            order = working_of(row, left)
        self._orders[known] = order
        self._by_position.setdefault(order.key, {})[known] = order
        return order.key

    def _remove(self, known: RefIdentity, order: Working) -> None:
        del self._orders[known]
        orders = self._by_position[order.key]
        del orders[known]
        if not orders:
            del self._by_position[order.key]


def working_of(row: Row, left: int) -> Working:
    """Read an order or an InputOrder of ``left`` lots."""
    direction, offset = str(row["Direction"]), str(row["CombOffsetFlag"])[:1]
    hedge = str(row["CombHedgeFlag"])[:1]
    kind, price = row["OrderPriceType"], units(row["LimitPrice"])
    is_limit = kind == _LIMIT
    # What CTP has made of "best ask and two ticks" RtnOrder does not tell.
    is_guess = not is_limit and kind not in _AT_THE_MARKET
    return Working(
        Key(str(row["InstrumentID"]), side_of(direction, offset), hedge),
        offset,
        direction == BUY,
        max(price, 0) if is_limit or (is_guess and price > 0) else None,
        left,
        is_guess,
    )


def set_aside(
    orders: tuple[Working, ...], terms: Terms, commissions: Commissions, quote: Quote | None
) -> Aside:
    """Return what orders of one position set aside.

    Each lot freezes the fee of its own offset, and of an option bought the premium, at the limit
    price, at the upper limit without one (CTP's page ONRSPQRYTRADINGACCOUNT).
    """
    opening = today = older = commission = cash = amount = 0
    for order in orders:
        price = order.price
        if price is None:
            price = 0 if quote is None else quote.upper_limit
        worth = price * terms.multiplier
        commission += commissions.of(order.offset).of(worth, 1) * order.left
        if terms.is_option and order.buys:
            cash += worth * order.left
        if order.offset == OPEN:
            opening += order.left
            amount += worth * order.left
        elif terms.by_date and order.offset == CLOSE_TODAY:
            today += order.left
        else:
            older += order.left
    return Aside(opening, today, older, commission, cash, amount)
