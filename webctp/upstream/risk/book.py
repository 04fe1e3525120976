"""What an account has in the market: orders that work, positions, what was entered when.

It is made from what CTP tells any session of the account, so other terminals' orders are in it,
and from what this gateway has entered and CTP has not told of yet. What several sessions tell
twice, or a login plays again, changes nothing: an order's lots left only fall, and an ended order
stays ended. Runs in the reactor's thread.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from math import inf
from typing import Final

from webctp.upstream.orders.keys import (
    ENDED,
    LocalIdentity,
    RefIdentity,
    Row,
    local_identity,
    plain_ref,
)
from webctp.upstream.risk.intent import BUY, OPEN, SELL, Intent, PlainOrder, in_grains, opens
from webctp.upstream.risk.resting import InstrumentOrders, Working

_LIMIT: Final = "2"
_CONDITION: Final = frozenset({"b", "c"})
"""OrderStatus of conditions: not touched, touched. They are in no book of an exchange."""
_MOST_RECENT: Final = 100_000
"""Inserts that are remembered to find duplicates; beyond, the older half goes."""
_ROOM: Final = 64
"""Inserts that may be added before those are looked for that need not be remembered."""
_TIMES: Final = 4096
"""Times of inserts that are kept: more than any MaxOrdersPerSecond."""
_new: Final = tuple.__new__
_MOST_HOLDINGS: Final = 10_000
"""Instruments whose :meth:`AccountBook.holding` is remembered; beyond, all are found again."""
Holding = tuple[int | None, int | None]
"""Lots held long and short; None where that is not known."""
LONG: Final = "2"
SHORT: Final = "3"
"""``THOST_FTDC_PD_Long``, ``…Short``."""


class AccountBook:
    """Keep what one account has in the market on a trading day."""

    def __init__(self) -> None:
        self.day = ""
        self.others: tuple[AccountBook, ...] = ()
        """The books of its SelfTradeGroup that an order must not meet, beside its own."""
        self._working: dict[RefIdentity, Working] = {}
        self._entered: dict[RefIdentity, Working] = {}
        """Entered here, and not told of yet."""
        self._parked: dict[RefIdentity, Working] = {}
        """Parked at CTP, which sends them later; see :mod:`webctp.upstream.risk.parked`."""
        self.by_instrument: dict[str, InstrumentOrders] = {}
        """What works, on its way or told, or is parked; those without an order are not in it."""
        self._ended: set[RefIdentity] = set()
        self.working = 0
        """How many orders work, are on their way or parked."""
        self.orders = 0
        """How many orders the day has seen."""
        self._locals: dict[LocalIdentity, RefIdentity] = {}
        self.times: deque[float] = deque(maxlen=_TIMES)
        """When inserts were entered here, the newest last."""
        self.recent: dict[object, float] = {}
        """When an insert that says the same was entered last; of those long ago some are left."""
        self.newest = -inf
        """When the last of them was entered."""
        self._recent_room = _ROOM
        self._start: dict[tuple[str, str], int] = {}
        """Lots at the day's beginning, by instrument and side."""
        self._is_whole = False
        self._traded: dict[tuple[str, str], int] = {}
        self._trades: set[int] = set()
        self.holdings: dict[str, Holding] = {}
        """What :meth:`holding` has found, until a trade or a query of positions tells more."""

    def new_day(self, day: str, *, keeps_entered: bool = False) -> None:
        """Forget what is of days before this one: nothing outlives its trading day.

        :param keeps_entered: whether what CTP has not told of yet is of the new day: a row of it
            has come, and no login since that was sent.
        """
        if day == self.day:
            return
        self.day = day
        self._working.clear()
        self.by_instrument.clear()
        if not keeps_entered:
            self._entered.clear()
            self._parked.clear()
        for key, order in (*self._entered.items(), *self._parked.items()):
            self._put(key, order)
        self._ended.clear()
        self._locals.clear()
        self._start.clear()
        self._traded.clear()
        self._trades.clear()
        self._is_whole = False
        self.holdings.clear()
        self._count()

    # Orders.

    def in_instrument(self, instrument: str) -> Iterable[Working]:
        """Return what works in an instrument."""
        orders = self.by_instrument.get(instrument)
        return () if orders is None else orders.orders.values()

    def enter(
        self, keys: Iterable[RefIdentity], intent: Intent, now: float, request: object = None
    ) -> None:
        """Take an insert that is about to be sent.

        :param keys: what CTP will tell its orders by, one for each leg.
        :param request: what :meth:`drop` is to know it by.
        """
        self.times.append(now)
        name = intent.instrument
        for key, leg in zip(keys, intent.legs, strict=False):
            self._enter(
                key,
                Working(name, leg.direction, leg.price, leg.volume, leg.opens, True, request),
            )

    def enter_plain(self, key: RefIdentity, plain: PlainOrder, now: float, request: object) -> None:
        """Take an order that is about to be sent, or was; see :meth:`enter`.

        One function without layers, for nearly every order passes here (bench.risk).
        """
        self.times.append(now)
        name, direction, offset, price, lots = plain
        if price is None or key in self._entered:
            self._enter(key, Working(name, direction, price, lots, offset == OPEN, True, request))
            return
        # Half the time of Working(…).
        order = _new(Working, (name, direction, price, lots, offset == OPEN, True, request))
        self._entered[key] = order
        self.working += 1
        self.orders += 1
        orders = self.by_instrument.get(name)
        if orders is None:
            orders = self.by_instrument[name] = InstrumentOrders()
        orders.put_new(key, order)

    def _enter(self, key: RefIdentity, order: Working) -> None:
        before = self._entered.get(key)
        if before is not None:
            self._remove(key, before.instrument)
        self._entered[key] = order
        self._put(key, order)
        self._count()

    def has(self, key: RefIdentity) -> bool:
        """Return whether an order was entered or told under a reference."""
        return key in self._entered or key in self._working or key in self._ended

    def drop(self, keys: Iterable[RefIdentity], request: object = None) -> None:
        """Forget inserts that were refused, or not sent after all; told ones stay.

        :param request: only what this request has entered: another may bear its reference.
        """
        for key in keys:
            order = self._entered.get(key)
            if order is not None and (request is None or order.entered_by is request):
                del self._entered[key]
                self._remove(key, order.instrument)
        self._count()

    def drop_untold(self, front_id: int, session_id: int) -> None:
        """Forget what a session entered and CTP does not know of after it has told the day."""
        lost = [key for key in self._entered if key[:2] == (front_id, session_id)]
        if lost:
            self.drop(lost)

    def park(self, key: RefIdentity, order: Working) -> None:
        """Take a parked order, under a key of its own."""
        self._parked[key] = order
        self._put(key, order)
        self._count()

    def unpark(self, key: RefIdentity, *, becomes: RefIdentity | None = None) -> None:
        """Forget a parked order.

        :param becomes: what CTP will tell it by, where it was sent.
        """
        order = self._parked.pop(key, None)
        if order is None:
            return  # a day has begun since
        self._remove(key, order.instrument)
        if becomes is not None:
            self._enter(becomes, order)
        self._count()

    def key_of(self, row: Row) -> RefIdentity:
        """Return what an order is known by here: CTP may give it another reference in a day."""
        key = row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"])
        by_local = local_identity(row)
        return key if by_local is None else self._locals.setdefault(by_local, key)

    def is_of_day(self, row: Row) -> bool:
        """Return whether a row is of the book's trading day; a later day begins another one."""
        day = str(row["TradingDay"])
        if day > self.day:
            self.new_day(day, keeps_entered=True)
        return day == self.day

    def take_order(self, row: Row, key: RefIdentity) -> None:
        """Take a RtnOrder of the account and the day, from whatever session."""
        for entered_as in {key, (row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"]))}:
            self.drop((entered_as,))
        if key in self._ended:
            return
        before = self._working.get(key)
        status = row["OrderStatus"]
        instrument = str(row["InstrumentID"])
        if status in ENDED:
            self._ended.add(key)
            if before is not None:
                del self._working[key]
                self._remove(key, instrument)
            self._count()
            return
        left = int(row["VolumeTotal"])
        if before is not None:
            left = min(left, before.left)
        price = in_grains(row["LimitPrice"] or 0.0) if row["OrderPriceType"] == _LIMIT else None
        order = Working(
            instrument,
            str(row["Direction"]),
            price,
            left,
            opens(str(row["CombOffsetFlag"])),
            status not in _CONDITION,
        )
        self._working[key] = order
        self._put(key, order)
        self._count()

    @property
    def is_awaiting(self) -> bool:
        """Whether something was entered of which CTP has not told yet."""
        return bool(self._entered)

    def is_empty(self, now: float, window: float) -> bool:
        """Return whether nothing would be missed of the book: the day has put nothing into it.

        :param window: seconds for which an insert is remembered, to find another like it.
        """
        if self.orders or self._trades or self._start or self._is_whole:
            return False
        return not self.times or now - self.times[-1] > max(window, 1.0)

    def _count(self) -> None:
        self.working = len(self._working) + len(self._entered) + len(self._parked)
        self.orders = self.working + len(self._ended)

    def _put(self, key: RefIdentity, order: Working) -> None:
        orders = self.by_instrument.get(order.instrument)
        if orders is None:
            orders = self.by_instrument[order.instrument] = InstrumentOrders()
        orders.put(key, order)

    def _remove(self, key: RefIdentity, instrument: str) -> None:
        orders = self.by_instrument.get(instrument)
        if orders is not None:
            orders.remove(key)
            if not orders.orders:
                del self.by_instrument[instrument]

    # Duplicates.

    def note_alike(self, what: object, now: float, window: float) -> None:
        """Note an insert; now and then those older than ``window`` seconds are forgotten."""
        self.recent[what] = self.newest = now
        if len(self.recent) > self._recent_room:
            fresh = {one: when for one, when in self.recent.items() if now - when < window}
            if len(fresh) > _MOST_RECENT:
                newest = sorted(fresh, key=fresh.__getitem__)[-_MOST_RECENT // 2 :]
                fresh = {one: fresh[one] for one in newest}
            self.recent = fresh
            self._recent_room = 2 * len(fresh) + _ROOM

    # Positions.

    def take_position(self, row: Row) -> None:
        """Take a row of a position query: what was held at the day's beginning.

        ``YdPosition`` does not change during the day, so it does not matter how many of the day's
        trades are in the answer already.
        """
        key = str(row["InstrumentID"]), str(row["PosiDirection"])
        self._start[key] = self._start.get(key, 0) + int(row["YdPosition"])
        self.holdings.clear()

    def begin_positions(self, instrument: str) -> None:
        """Take note that rows of an instrument follow; of all of them where it is empty."""
        for key in [one for one in self._start if not instrument or one[0] == instrument]:
            del self._start[key]
        self.holdings.clear()

    def positions_whole(self) -> None:
        """Take note that all positions have been told: an instrument without a row has none."""
        self._is_whole = True
        self.holdings.clear()

    def instrument_whole(self, instrument: str) -> None:
        """Take note that an instrument has been told whole: a side without a row has none."""
        for side in (LONG, SHORT):
            self._start.setdefault((instrument, side), 0)
        self.holdings.clear()

    @property
    def knows_positions(self) -> bool:
        """Whether all positions have been told on this day."""
        return self._is_whole

    def take_trade(self, row: Row) -> bool:
        """Take a RtnTrade of the account and the day; returns whether it is news."""
        known = hash(
            (
                *(row["ExchangeID"], row["TradeID"], row["OrderSysID"], row["Direction"]),
                *(row["OffsetFlag"], row["Price"], row["Volume"], row["TradeTime"]),
                *(row["InstrumentID"], row["SequenceNo"]),
            )
        )
        if known in self._trades:
            return False
        self._trades.add(known)
        is_open, buys = row["OffsetFlag"] == OPEN, row["Direction"] == BUY
        side = LONG if is_open == buys else SHORT
        key = str(row["InstrumentID"]), side
        lots = int(row["Volume"])
        self._traded[key] = self._traded.get(key, 0) + (lots if is_open else -lots)
        self.holdings.pop(key[0], None)
        return True

    def held(self, instrument: str, side: str) -> int | None:
        """Return the lots held on a side (``LONG``, ``SHORT``); None where that is not known."""
        key = instrument, side
        start = self._start.get(key)
        if start is None:
            if not self._is_whole:
                return None
            start = 0
        return max(start + self._traded.get(key, 0), 0)

    def holding(self, instrument: str) -> Holding:
        """Return the lots held long and short; remembered, for each opening asks."""
        found = self.holdings.get(instrument)
        if found is None:
            if len(self.holdings) >= _MOST_HOLDINGS:
                self.holdings.clear()
            found = self.held(instrument, LONG), self.held(instrument, SHORT)
            self.holdings[instrument] = found
        return found

    def opening(self, instrument: str, side: str) -> int:
        """Return the lots that work to open on a side."""
        orders = self.by_instrument.get(instrument)
        return 0 if orders is None else orders.opening(BUY if side == LONG else SELL)

    def closing(self, instrument: str, side: str) -> int:
        """Return the lots that work to close a side."""
        orders = self.by_instrument.get(instrument)
        return 0 if orders is None else orders.closing(SELL if side == LONG else BUY)

    def __iter__(self) -> Iterator[Working]:
        """Give every order that works, is on its way or parked."""
        yield from self._working.values()
        yield from self._entered.values()
        yield from self._parked.values()
