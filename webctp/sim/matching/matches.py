"""What an order has met: one by one in continuous trading, pair by pair in a call auction."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from webctp.sim.accounts.orders import Order
from webctp.sim.market.book import BUY, SELL, Match
from webctp.sim.model.tape import Fill

Filled = tuple[Order, Fill]


def paired(fills: Iterable[Filled]) -> Iterator[tuple[Filled, ...]]:
    """Pair what an auction has filled of users' orders: a trade of two of them has two sides.

    Buyers meet sellers in their order; what is left of either side traded with the background.
    """
    sides: dict[str, list[Filled]] = {BUY: [], SELL: []}
    for order, fill in fills:
        sides[order.direction].append((order, fill))
    buys, sells = sides[BUY], sides[SELL]
    while buys and sells:
        (buyer, bought), (seller, sold) = buys.pop(0), sells.pop(0)
        volume = min(bought.volume, sold.volume)
        yield (buyer, replace(bought, volume=volume)), (seller, replace(sold, volume=volume))
        for order, fill, side in ((buyer, bought, buys), (seller, sold, sells)):
            if fill.volume > volume:
                side.insert(0, (order, replace(fill, volume=fill.volume - volume)))
    for one in (*buys, *sells):
        yield (one,)


def merged(matches: list[Match]) -> Iterator[Match]:
    """Merge the matches with the background at one price, so that they are one trade."""
    background = {price: 0 for maker, price, _ in matches if maker is None}
    for maker, price, volume in matches:
        if maker is None:
            background[price] += volume
    for maker, price, volume in matches:
        if maker is not None:
            yield maker, price, volume
        elif background[price]:
            yield None, price, background[price]
            background[price] = 0
