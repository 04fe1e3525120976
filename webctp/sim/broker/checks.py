"""CTP's side of orders: what it checks and sets aside before an order goes to the exchange."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeGuard

from webctp.exchanges.sessions import CLOSED
from webctp.sim.accounts import orders as states
from webctp.sim.accounts.account import Account, Hold
from webctp.sim.accounts.orders import FRONT_ID, Order
from webctp.sim.accounts.positions import Position
from webctp.sim.accounts.sessions import Session
from webctp.sim.events import AccountKey
from webctp.sim.manners import ARBITRAGE, HEDGE, MANNERS, SPECULATION, manners_of
from webctp.sim.market.book import BUY, SELL, opposite
from webctp.sim.market.charges import (
    CLOSE,
    CLOSE_TODAY,
    CLOSE_YESTERDAY,
    OPEN,
    commission,
)
from webctp.sim.market.markets import Markets
from webctp.sim.matching.conditions import CTP_CONDITIONS, EXCHANGE_STOPS
from webctp.sim.matching.engine import MatchingEngine
from webctp.sim.model.contracts import Contract
from webctp.sim.money import units, yuan
from webctp.sim.refusals import (
    ALREADY_CANCELING,
    BAD_ACTION_FIELD,
    BAD_EXCHANGE,
    BAD_HEDGE,
    BAD_ORDER_FIELD,
    BAD_PRICE_TYPE,
    DUPLICATE_ORDER,
    NO_EXCHANGE,
    NO_MONEY,
    NO_SUCH_INSTRUMENT,
    NO_SUCH_ORDER,
    NO_SWAPS,
    NOT_TRADABLE,
    ORDER_ENDED,
    OVER_LIMIT,
    OVER_POSITION,
    OVER_TODAY,
    OVER_YESTERDAY,
    UNKNOWN_STATE,
    Refused,
)

Values = Mapping[str, object]

_CLOSING = {"1": CLOSE, "2": CLOSE, "3": CLOSE_TODAY, "4": CLOSE_YESTERDAY, "5": CLOSE, "6": CLOSE}
"""CombOffsetFlag of closing orders; forced and local closings close as Close does."""
_PRICE_TYPES = frozenset("123456789ABCDEFGH")
_FROM_MARKET = {
    kind: (source, ticks)
    for source, kinds in (("last", "4567"), (SELL, "89AB"), (BUY, "CDEF"))
    for ticks, kind in enumerate(kinds)
}
"""OrderPriceTypes that CTP turns into a limit price: which price, and how many ticks above it."""
_DELETE = "0"
_NOT_FORCED = "0"
"""ForceCloseReason of an investor's orders."""
_MARKET_MAKER = "5"
_HEDGES = frozenset({SPECULATION, ARBITRAGE, HEDGE, _MARKET_MAKER})
_NOTHING = Hold(0, 0, 0)
_LONGEST_REF = 12
"""Characters of an OrderRef."""
_HIGHEST = 1e12
"""Yuan beyond which no number is a price."""


class OrderChecks:
    """Checks orders and actions for accounts of the simulated broker.

    :param barred: instruments and products that it takes no orders in.
    :param limit_of: the most lots of an account's position, opening orders included; 0 for no
        limit.
    """

    def __init__(
        self,
        markets: Markets,
        engine: MatchingEngine,
        barred: frozenset[str],
        limit_of: Callable[[AccountKey], int],
    ) -> None:
        self._markets = markets
        self._engine = engine
        self._barred = barred
        self._limit_of = limit_of

    def next_number(self) -> int:
        """Return a new order's number."""
        return self._engine.next_number()

    def limit_of(self, account: Account) -> int:
        """Return the most lots of an account's position; 0 for no limit."""
        return self._limit_of((account.broker, account.investor))

    def trades(self, contract: Contract) -> bool:
        """Return whether orders in a contract are taken (``IsTrading``), until its last close."""
        return not self.bars(contract) and not self.has_ended(contract)

    def bars(self, contract: Contract) -> bool:
        """Return whether the broker takes nothing in a contract (``NotTrading``)."""
        return not self._barred.isdisjoint((contract.instrument, contract.product))

    def has_ended(self, contract: Contract) -> bool:
        """Return whether a contract has had its last close (InstLifePhase 3)."""
        ends = contract.expiry <= self._markets.day.date.toordinal()
        return ends and self._markets.status(contract) == CLOSED

    def insert(
        self, session: Session, account: Account, front: int, values: Values, now: datetime
    ) -> Order:
        """Check an InputOrder and set aside what it needs; return the order to be entered.

        Of a condition money and position are checked when it triggers (page QTYWGZ/TJDGZ).

        :raises Refused: with CTP's ErrorID.
        """
        contract = self._contract(values)
        if not self.trades(contract):
            raise Refused(NOT_TRADABLE)
        check_fields(values, contract)
        ref = order_ref(session, values)
        price = self._price(contract, values)
        direction, hedge = str(values["Direction"]), str(values["CombHedgeFlag"])[0]
        flags = offset_flags(contract, str(values["CombOffsetFlag"]))
        offset = _CLOSING.get(flags[0], OPEN)
        order = Order(
            number=0,
            account=account,
            contract=contract,
            values={
                **values,
                "BrokerID": account.broker,
                "InvestorID": account.investor,
                "UserID": str(values.get("UserID", "")) or session.user_id,
                "CombOffsetFlag": flags,
            },
            front=front,
            session=session.session_id,
            ref=ref,
            direction=direction,
            offset=offset,
            price=price,
            volume=_whole(values["VolumeTotalOriginal"]),
            position=self.position_of(account, contract, direction, offset, hedge),
            hold=_NOTHING,
            inserted=now,
            trading_day=self._markets.day.name,
        )
        if str(values["ContingentCondition"]) not in CTP_CONDITIONS:
            self._set_aside(order)
        order.number = self._engine.next_number()
        session.max_ref = int(ref)
        return order

    def quoted(
        self, session: Session, account: Account, values: Values, ref: str, now: datetime
    ) -> Order:
        """Return the order of one side of a quote, which sets aside what any order does.

        :param values: the fields of an InputOrder.
        :param ref: the reference the quote names; one without comes with FrontID and SessionID 0.
        :raises Refused: with CTP's ErrorID.
        """
        contract = self._contract(values)
        check_fields(values, contract)
        direction, hedge = str(values["Direction"]), str(values["CombHedgeFlag"])[0]
        flags = offset_flags(contract, str(values["CombOffsetFlag"]))
        offset = _CLOSING.get(flags[0], OPEN)
        order = Order(
            number=self._engine.next_number(),
            account=account,
            contract=contract,
            values={**values, "CombOffsetFlag": flags},
            front=FRONT_ID if ref else 0,
            session=session.session_id if ref else 0,
            ref=ref,
            direction=direction,
            offset=offset,
            price=self._price(contract, values),
            volume=_whole(values["VolumeTotalOriginal"]),
            position=self.position_of(account, contract, direction, offset, hedge),
            hold=_NOTHING,
            inserted=now,
            trading_day=self._markets.day.name,
        )
        self._set_aside(order)
        order.ref = ref or str(order.number)
        return order

    def touch(self, instrument: str, now: datetime) -> None:
        """Enter the orders of the conditions that the market now meets."""
        for condition in self._engine.touch(instrument, now):
            try:
                order = self._entered_by(condition, now)
            except Refused as refused:
                self._engine.returns.fail(condition, refused.code)
            else:
                self._engine.enter(order, now)

    def _entered_by(self, condition: Order, now: datetime) -> Order:
        """Return the new order of a triggered condition, which bears the same reference."""
        account, contract = condition.account, condition.contract
        if not self.trades(contract):
            raise Refused(NOT_TRADABLE)
        values = {**condition.values, "ContingentCondition": states.AT_ONCE}
        hedge = condition.position.hedge
        order = Order(
            number=0,
            account=account,
            contract=contract,
            values=values,
            front=condition.front,
            session=condition.session,
            ref=condition.ref,
            direction=condition.direction,
            offset=condition.offset,
            price=self._price(contract, values),
            volume=condition.volume,
            position=self.position_of(
                account, contract, condition.direction, condition.offset, hedge
            ),
            hold=_NOTHING,
            inserted=now,
            trading_day=self._markets.day.name,
            parent=condition.sys_id,
        )
        self._set_aside(order)
        order.number = self._engine.next_number()
        return order

    def _set_aside(self, order: Order) -> None:
        """Check position and money, and set aside what an order needs of them."""
        account, position, volume = order.account, order.position, order.volume
        hold = self._hold(order.contract, order.direction, order.offset, order.price)
        if order.offset == OPEN:
            limit = self._limit_of((account.broker, account.investor))
            if limit and position.volume() + position.opening + volume > limit:
                raise Refused(OVER_LIMIT)
            self._need_money(account, position, volume, hold)
            account.hold_opening(position, volume, hold)
        else:
            _need_position(position, order.offset, volume)
            account.hold_closing(position, order.offset, volume, hold)
        order.hold = hold

    def find(self, account: Account, values: Values) -> Order:
        """Return the order that an InputOrderAction cancels.

        :raises Refused: if the action is no deletion, or there is no such order that may trade.
        """
        exchange = check_exchange(values)
        # That CTP refuses an action without InstrumentID by 23 is inferred: it is mandatory.
        if str(values.get("ActionFlag", "")) != _DELETE or not values.get("InstrumentID"):
            raise Refused(BAD_ACTION_FIELD)
        order = None
        sys_id = str(values.get("OrderSysID", ""))
        if sys_id.strip():
            order = self._engine.by_sys_id(exchange, sys_id)
        else:
            order = self._engine.by_ref(
                _whole(values.get("FrontID", 0)),
                _whole(values.get("SessionID", 0)),
                str(values.get("OrderRef", "")),
            )
        if order is None or order.account is not account or not _names(values, order):
            raise Refused(NO_SUCH_ORDER)
        if not order.alive:
            raise Refused(ORDER_ENDED)
        if order.canceling:
            raise Refused(ALREADY_CANCELING)
        unknown = order.status == states.UNKNOWN
        if unknown and not manners_of(order.contract.exchange).cancels_unknown:
            raise Refused(UNKNOWN_STATE)
        return order

    def max_volume(
        self, account: Account, contract: Contract, direction: str, offset: str, hedge: str
    ) -> int:
        """Return the most lots an order at the market may have now (``QryMaxOrderVolume``)."""
        kind = _CLOSING.get(offset, OPEN)
        position = self.position_of(account, contract, direction, kind, hedge)
        most = contract.limit_volumes[1]
        if kind != OPEN:
            return min(max(0, position.closable(kind)), most)
        hold = self._hold(contract, direction, OPEN, None)
        available = account.funds(self._markets.last).available
        least, top = 0, most
        while least < top:
            middle = (least + top + 1) // 2
            need = account.margin_needed(position, middle, self._markets.last)
            need += middle * (hold.cash + hold.commission)
            if need <= available:
                least = middle
            else:
                top = middle - 1
        return least

    def _contract(self, values: Values) -> Contract:
        exchange = check_exchange(values)
        contract = self._markets.contract(str(values.get("InstrumentID", "")))
        if contract is None or exchange != contract.exchange:
            raise Refused(NO_SUCH_INSTRUMENT)
        return contract

    def _price(self, contract: Contract, values: Values) -> int | None:
        """Return the order's limit price in units; None for a market order."""
        kind = str(values.get("OrderPriceType", ""))
        if kind not in _PRICE_TYPES:
            raise Refused(BAD_ORDER_FIELD)
        if str(values.get("TimeCondition", "")) == states.IMMEDIATE:
            whole = str(values.get("VolumeCondition", "")) == states.ALL_VOLUME
            if not (contract.fill_or_kill if whole else contract.fill_and_kill):
                raise Refused(BAD_PRICE_TYPE)
        if kind in _FROM_MARKET:
            return self._market_price(contract, kind)
        if kind != states.LIMIT_PRICE:
            if kind not in contract.market_types:
                raise Refused(BAD_PRICE_TYPE)
            return None
        price = values.get("LimitPrice", 0.0)
        if not is_price(price):
            raise Refused(BAD_ORDER_FIELD)
        limit = units(price)
        if manners_of(contract.exchange).cuts_prices and limit > 0:
            # The exchange does it; what is set aside is reckoned with the price that counts.
            limit -= limit % contract.tick
        return limit

    def _market_price(self, contract: Contract, kind: str) -> int:
        """Return the limit price that CTP makes of "last price", "best ask and two ticks" etc."""
        source, ticks = _FROM_MARKET[kind]
        market = self._markets.market(contract.instrument)
        price = market.tape.last if source == "last" else market.best(source)
        if price is None:
            raise Refused(BAD_ORDER_FIELD)
        return price + ticks * contract.tick

    def position_of(
        self, account: Account, contract: Contract, direction: str, offset: str, hedge: str
    ) -> Position:
        """Return the position that an order opens or closes; a new one is not entered yet."""
        side = direction if offset == OPEN else opposite(direction)
        known = account.positions.get((contract.instrument, side, hedge))
        if known is not None:
            return known
        margin = self._markets.margin(contract, side)
        return Position(contract, side, hedge, margin, self._markets.pre_settlement(contract))

    def _hold(self, contract: Contract, direction: str, offset: str, price: int | None) -> Hold:
        """Return what each lot sets aside at the order's price, at the market at the upper limit.

        A closing is frozen at the rate of its own offset (CTP's page ONRSPQRYTRADINGACCOUNT).
        """
        # A conditional order waits with any price: one below zero must not lend money.
        at = self._markets.upper_limit(contract) if price is None else max(price, 0)
        paid = commission(contract, offset, at, 1)
        amount = at * contract.multiplier
        buys_option = contract.option is not None and direction == BUY
        return Hold(paid, amount if buys_option else 0, amount)

    def _need_money(self, account: Account, position: Position, volume: int, hold: Hold) -> None:
        need = account.margin_needed(position, volume, self._markets.last)
        need += volume * (hold.cash + hold.commission)
        lacking = need - account.funds(self._markets.last).available
        if lacking > 0:
            # The answer names the amount from 6.7.7 on.
            raise Refused(NO_MONEY, f"，约缺少资金[{yuan(lacking):.2f}]")


def _need_position(position: Position, offset: str, volume: int) -> None:
    if volume <= position.closable(offset):
        return
    if not position.contract.by_date or volume > position.volume():
        raise Refused(OVER_POSITION)
    raise Refused(OVER_TODAY if offset == CLOSE_TODAY else OVER_YESTERDAY)


def is_price(value: object) -> TypeGuard[int | float]:
    """Return whether a value may be a price: a number, and none beyond all reason."""
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) <= _HIGHEST


def check_exchange(values: Values) -> str:
    """Return ExchangeID, which neither orders nor actions may leave out (147, 148)."""
    exchange = str(values.get("ExchangeID", ""))
    if not exchange:
        raise Refused(NO_EXCHANGE)
    if exchange not in MANNERS:
        raise Refused(BAD_EXCHANGE)
    return exchange


def _names(values: Values, order: Order) -> bool:
    """Return whether an action's instrument and exchange are the order's."""
    contract = order.contract
    named = values.get("InstrumentID"), values.get("ExchangeID")
    return named == (contract.instrument, contract.exchange)


def offset_flags(contract: Contract, flags: str) -> str:
    """Return CombOffsetFlag as CTP passes it on: Close where the exchange has no other."""
    if contract.by_date or flags[0] not in (CLOSE_TODAY, CLOSE_YESTERDAY):
        return flags
    return CLOSE + flags[1:]


def check_fields(values: Values, contract: Contract) -> None:
    """Refuse an InputOrder whose fields do not make an order (15), or none of its exchange."""
    manners = manners_of(contract.exchange)
    condition = str(values.get("ContingentCondition", ""))
    known = {states.AT_ONCE, *CTP_CONDITIONS, *(EXCHANGE_STOPS if manners.stops else ())}
    hedge = str(values.get("CombHedgeFlag", ""))[:1]
    wrong = (
        str(values.get("Direction", "")) not in ("0", "1")
        or str(values.get("CombOffsetFlag", ""))[:1] not in ("0", *_CLOSING)
        or hedge not in _HEDGES
        or str(values.get("TimeCondition", "")) not in (states.IMMEDIATE, states.DAY)
        or str(values.get("VolumeCondition", ""))
        not in (states.ANY_VOLUME, states.MIN_VOLUME, states.ALL_VOLUME)
        or condition not in known
        or (condition != states.AT_ONCE and not is_price(values.get("StopPrice", 0.0)))
        or str(values.get("ForceCloseReason", "")) != _NOT_FORCED
        or _whole(values.get("IsAutoSuspend", 0)) != 0
        or _whole(values.get("VolumeTotalOriginal", 0)) <= 0
        or _whole(values.get("MinVolume", 0)) < 0
    )
    if wrong:
        raise Refused(BAD_ORDER_FIELD)
    if _whole(values.get("IsSwapOrder", 0)):
        # DCE and CZCE have them (GJYSTSZL); they are not simulated.
        raise Refused(NO_SWAPS)
    opens = str(values["CombOffsetFlag"])[0] == OPEN
    if hedge not in (manners.opens if opens else manners.closes):
        raise Refused(BAD_HEDGE)


def order_ref(session: Session, values: Values) -> str:
    """Return an order's OrderRef, which must grow; the front gives it where it is left out.

    :raises Refused: 15 for no number of twelve digits at most, 22 for one that does not grow.
    """
    ref = str(values.get("OrderRef", ""))
    if not ref.strip():
        ref = str(session.max_ref + 1)
    if not (ref.strip().isascii() and ref.strip().isdigit()) or len(ref) > _LONGEST_REF:
        raise Refused(BAD_ORDER_FIELD)
    if int(ref) <= session.max_ref:
        raise Refused(DUPLICATE_ORDER)
    return ref


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
