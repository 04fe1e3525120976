"""What an exchange looks at before it takes an order: its session, its kind, volume and price."""

from webctp.exchanges.sessions import AUCTION_ORDERING, CONTINUOUS
from webctp.sim.accounts import orders as states
from webctp.sim.accounts.orders import Order
from webctp.sim.market.charges import OPEN
from webctp.sim.market.markets import Markets
from webctp.sim.matching.spreadtrades import objection as spread_objection
from webctp.sim.refusals import (
    ABOVE_LIMIT,
    BAD_KIND,
    BAD_VOLUME,
    BELOW_LIMIT,
    CLOSED_NOW,
    OFF_TICK,
)


def objection(markets: Markets, order: Order) -> str | None:
    """Return why the exchange refuses an order, None where it takes it."""
    contract = order.contract
    if order.legs:
        kind = markets.spreads.must(contract.instrument).combination.kind
        refused = spread_objection(order, markets.status(contract), plus=kind.plus)
        if refused is not None:
            return refused
    by_market = order.price is None
    immediate = by_market or order.text("TimeCondition") == states.IMMEDIATE
    status = markets.status(contract)
    if status != CONTINUOUS and (immediate or status != AUCTION_ORDERING):
        return CLOSED_NOW
    least, most = contract.market_volumes if by_market else contract.limit_volumes
    if order.offset == OPEN:
        least = max(least, contract.min_open_volume)
    if not least <= order.volume <= most:
        return BAD_VOLUME
    if order.price is None:
        return None
    if not immediate and order.text("VolumeCondition") == states.ALL_VOLUME:
        return BAD_KIND
    day = markets.market(contract.instrument).day
    if order.price > day.upper:
        return ABOVE_LIMIT
    if order.price < day.lower:
        return BELOW_LIMIT
    return OFF_TICK if order.price % contract.tick else None
