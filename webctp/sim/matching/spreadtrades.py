"""Orders in combinations on the exchange's side: objections, and trades leg by leg.

Second-hand: a trade is sent leg by leg, as derived of a combination (TradeType 4), each with a
TradeID of its own. Inferred: that what is closed goes off the combination's own lots first.
"""

from collections.abc import Iterator

from webctp.exchanges.sessions import CONTINUOUS
from webctp.sim.accounts import orders as states
from webctp.sim.accounts.orders import Order, OrderLeg, Trade
from webctp.sim.accounts.positions import Closed
from webctp.sim.market.book import Match, opposite
from webctp.sim.market.charges import OPEN
from webctp.sim.market.spreadmarket import SpreadPrice
from webctp.sim.refusals import CLOSED_NOW, ONLY_IMMEDIATE


def objection(order: Order, status: str, *, plus: bool) -> str | None:
    """Return why the exchange refuses an order in a combination, None where it takes it.

    Orders in combinations take no part in call auctions (second-hand); CZCE takes straddles and
    strangles at once or not at all (REQORDERINSERT).
    """
    if status != CONTINUOUS:
        return CLOSED_NOW
    immediate = order.text("TimeCondition") == states.IMMEDIATE
    return ONLY_IMMEDIATE if plus and not immediate else None


def book(order: Order, price: int, volume: int, trade_id: str) -> list[Trade]:
    """Enter a trade of an order in a combination in its account: a trade for each leg's match.

    :param price: a SpreadPrice.
    """
    if not isinstance(price, SpreadPrice):
        raise TypeError(f"order {order.number}: {price} has no legs")
    account, made = order.account, []
    if order.offset != OPEN:
        _split_own(order, volume)
    for leg_match, number in zip(_matches(order, price), numbers(trade_id), strict=False):
        leg, (_, at, lots) = leg_match
        before = account.close_profit
        closed: tuple[Closed, ...] = ()
        if order.offset == OPEN:
            paid = account.trade_opens(leg.position, number, order.trading_day, at, lots, leg.hold)
        else:
            done = account.trade_closes(leg.position, order.offset, at, lots, leg.hold)
            paid, closed = done
        made.append(
            Trade(
                order,
                number,
                at,
                lots,
                order.offset,
                0,
                order.inserted,
                order.trading_day,
                paid,
                account.close_profit - before,
                closed,
                leg=leg,
            )
        )
    if order.combined is not None and order.offset == OPEN:
        order.combined.opening -= volume
        order.combined.combine(volume, order.group)
    return made


def numbers(trade_id: str) -> Iterator[str]:
    """Yield the TradeIDs of the legs' trades, from the first one on."""
    number = int(trade_id)
    while True:
        yield f"{number:>12}"
        number += 1


def _matches(order: Order, price: SpreadPrice) -> Iterator[tuple[OrderLeg, Match]]:
    for leg, matches in zip(order.legs, price.legs, strict=True):
        for match in matches:
            yield leg, match


def _split_own(order: Order, volume: int) -> None:
    """Make the lots of the order's own combination single, as far as it has them."""
    hedge = order.legs[0].position.hedge
    key = order.contract.instrument, opposite(order.direction), hedge
    held = order.account.combined.get(key)
    if held is not None:
        held.split(min(volume, held.volume()))
