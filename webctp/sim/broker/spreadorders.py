"""Orders in combinations on CTP's side: what is checked, what is set aside.

CTP's pages REQORDERINSERT, QTYWGZ/GJYSTSZL, DCEZB 3. Inferred: the codes; that both legs open or
both close; that amounts are frozen at pre-settlement prices.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from webctp.sim.accounts import orders as states
from webctp.sim.accounts.account import Account, Hold
from webctp.sim.accounts.combined import Combined
from webctp.sim.accounts.orders import Order, OrderLeg
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import (
    OrderChecks,
    Values,
    check_exchange,
    check_fields,
    is_price,
    offset_flags,
    order_ref,
)
from webctp.sim.broker.combactions import CombActions
from webctp.sim.manners import manners_of
from webctp.sim.market.book import BUY
from webctp.sim.market.charges import CLOSE, OPEN, commission
from webctp.sim.market.markets import Markets
from webctp.sim.model.combinations import Spread
from webctp.sim.money import units
from webctp.sim.refusals import (
    BAD_HEDGE,
    BAD_ORDER_FIELD,
    BAD_PRICE_TYPE,
    NO_MONEY,
    NO_SUCH_INSTRUMENT,
    NOT_TRADABLE,
    OVER_LIMIT,
    OVER_POSITION,
    Refused,
)

_NOTHING: Final = Hold(0, 0, 0)


class SpreadOrders:
    """Checks orders in combinations, and sets aside what they need."""

    def __init__(self, markets: Markets, checks: OrderChecks, actions: CombActions) -> None:
        self._markets = markets
        self._checks = checks
        self._actions = actions

    def insert(
        self, session: Session, account: Account, front: int, values: Values, now: datetime
    ) -> Order:
        """Check an InputOrder and set aside what it needs; return the order to be entered.

        :raises Refused: with CTP's ErrorID.
        """
        spread = self._spread(values)
        if not all(self._checks.trades(leg) for leg in spread.legs):
            raise Refused(NOT_TRADABLE)
        check_fields(values, spread.contract)
        if str(values["ContingentCondition"]) != states.AT_ONCE:
            raise Refused(BAD_ORDER_FIELD)
        ref = order_ref(session, values)
        price = _price(spread, values)
        flags = _both(offset_flags(spread.contract, str(values["CombOffsetFlag"])))
        hedges = _both(str(values["CombHedgeFlag"]))
        if flags[0] != flags[1]:
            raise Refused(BAD_ORDER_FIELD)
        if hedges[0] != hedges[1]:
            raise Refused(BAD_HEDGE)
        direction, offset = str(values["Direction"]), OPEN if flags[0] == OPEN else CLOSE
        legs = tuple(self._legs(account, spread, direction, offset, hedges[0], price))
        order = Order(
            number=0,
            account=account,
            contract=spread.contract,
            values={
                **values,
                "BrokerID": account.broker,
                "InvestorID": account.investor,
                "UserID": str(values.get("UserID", "")) or session.user_id,
                "CombOffsetFlag": offset_flags(spread.contract, str(values["CombOffsetFlag"])),
            },
            front=front,
            session=session.session_id,
            ref=ref,
            direction=direction,
            offset=offset,
            price=price,
            volume=int(str(values["VolumeTotalOriginal"])),
            position=legs[0].position,
            hold=_NOTHING,
            inserted=now,
            trading_day=self._markets.day.name,
            legs=legs,
        )
        self._set_aside(order, spread)
        order.number = self._checks.next_number()
        session.max_ref = int(ref)
        return order

    def max_volume(
        self, account: Account, spread: Spread, direction: str, offset: str, hedge: str
    ) -> int:
        """Return the most lots that an order may have now (``QryMaxOrderVolume``)."""
        offset = OPEN if offset == OPEN else CLOSE
        legs = tuple(self._legs(account, spread, direction, offset, hedge, None))
        most = spread.contract.limit_volumes[1]
        if offset == CLOSE:
            return min(most, *(max(0, leg.position.closable(CLOSE)) for leg in legs))
        need = self._need(account, spread, direction, hedge, legs)
        available = account.funds(self._markets.last).available
        return max(0, min(most, available // need if need else most))

    def _spread(self, values: Values) -> Spread:
        exchange = check_exchange(values)
        spread = self._markets.spreads.get(str(values.get("InstrumentID", "")))
        if spread is None or not spread.combination.is_tradable:
            raise Refused(NO_SUCH_INSTRUMENT)
        if spread.contract.exchange != exchange:
            raise Refused(NO_SUCH_INSTRUMENT)
        return spread

    def _legs(
        self,
        account: Account,
        spread: Spread,
        direction: str,
        offset: str,
        hedge: str,
        price: int | None,
    ) -> Iterator[OrderLeg]:
        directions = spread.combination.directions(direction)
        cash = max(0, price or 0) * spread.contract.multiplier
        for leg, side in zip(spread.legs, directions, strict=True):
            at = self._markets.pre_settlement(leg)
            buys_option = leg.option is not None and side == BUY and offset == OPEN
            if price is None:
                cash = at * leg.multiplier
            hold = Hold(
                commission(leg, offset, at, 1), cash if buys_option else 0, at * leg.multiplier
            )
            if price is not None:
                # The price is both legs' together: it is frozen once.
                cash = 0
            yield OrderLeg(
                leg, side, self._checks.position_of(account, leg, side, offset, hedge), hold
            )

    def _set_aside(self, order: Order, spread: Spread) -> None:
        account, volume = order.account, order.volume
        hedge = order.legs[0].position.hedge
        if order.offset != OPEN:
            if any(leg.position.closable(CLOSE) < volume for leg in order.legs):
                raise Refused(OVER_POSITION)
            for leg in order.legs:
                account.hold_closing(leg.position, CLOSE, volume, leg.hold)
            return
        limit = self._checks.limit_of(account)
        for leg in order.legs:
            if limit and leg.position.volume() + leg.position.opening + volume > limit:
                raise Refused(OVER_LIMIT)
        need = volume * self._need(account, spread, order.direction, hedge, order.legs)
        if need > account.funds(self._markets.last).available:
            raise Refused(NO_MONEY)
        for leg in order.legs:
            account.hold_opening(leg.position, volume, leg.hold)
        order.combined = self._combined(account, spread, order.direction, hedge, order.legs)
        if order.combined is not None:
            order.combined = account.combined.setdefault(order.combined.key, order.combined)
            order.combined.opening += volume
            order.group = self._actions.next_group()

    def _need(
        self,
        account: Account,
        spread: Spread,
        direction: str,
        hedge: str,
        legs: tuple[OrderLeg, ...],
    ) -> int:
        """Return what a lot to be opened needs: margin, premium, commission."""
        combined = self._combined(account, spread, direction, hedge, legs)
        # Where there are combinations, no product has a larger side: lots add up.
        need = sum(account.margin_needed(leg.position, 1, self._markets.last) for leg in legs)
        if combined is not None:
            need -= combined.saving(self._markets.last)
        return need + sum(leg.hold.cash + leg.hold.commission for leg in legs)

    def _combined(
        self,
        account: Account,
        spread: Spread,
        direction: str,
        hedge: str,
        legs: tuple[OrderLeg, ...],
    ) -> Combined | None:
        """Return what an opening order's lots are combined to; None where they stay single."""
        made = spread.combination
        if made.sides(direction) is None:
            return None
        known = account.combined.get((made.instrument_id, direction, hedge))
        if known is not None:
            return known
        return Combined(made, direction, hedge, (legs[0].position, legs[1].position))


def _price(spread: Spread, values: Values) -> int:
    """Return the limit price in units, which may be zero or below."""
    if str(values.get("OrderPriceType", "")) != states.LIMIT_PRICE:
        raise Refused(BAD_PRICE_TYPE)
    immediate = str(values.get("TimeCondition", "")) == states.IMMEDIATE
    if immediate and not spread.combination.kind.plus:
        whole = str(values.get("VolumeCondition", "")) == states.ALL_VOLUME
        if not all(leg.fill_or_kill if whole else leg.fill_and_kill for leg in spread.legs):
            raise Refused(BAD_PRICE_TYPE)
    price = values.get("LimitPrice", 0.0)
    if not is_price(price):
        raise Refused(BAD_ORDER_FIELD)
    limit = units(price)
    if manners_of(spread.contract.exchange).cuts_prices:
        # Towards zero (inferred).
        over = abs(limit) % spread.contract.tick
        limit += over if limit < 0 else -over
    return limit


def _both(flags: str) -> str:
    """Return the flags of both legs: one stands for both (GJYSTSZL's examples)."""
    return flags[:2] if len(flags) > 1 else flags * 2
