"""The call auction (集合竞价): the one price at which most is traded, and who trades at it.

As the exchanges have it: better prices trade whole; at the price itself the side with less trades
whole, the other by time; and the volume is the largest there is. Of several such prices it is the
one that leaves least over, then the one nearest to the last price.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from webctp.sim.book import BUY


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands in an auction: a user's order, or (None) a volume of the background.

    Prices are in units, volumes in lots; ``opens`` as in `book.Resting`.
    """

    order_id: int | None
    price: int
    volume: int
    opens: bool = True


def clearing(bids: Iterable[Offer], asks: Iterable[Offer], reference: int) -> tuple[int, int]:
    """Price and volume of an auction; a volume of 0 where bids and asks do not meet.

    :param reference: the last price.
    """
    bought, sold = Counter[int](), Counter[int]()
    for sums, offers in ((bought, bids), (sold, asks)):
        for offer in offers:
            sums[offer.price] += offer.volume
    best = (0, 1, 0), reference
    demand, supply = sum(bought.values()), 0
    for price in sorted(bought.keys() | sold.keys()):
        supply += sold[price]
        volume = min(demand, supply)
        better = max(demand - bought[price], supply - sold[price])
        merit = volume, -abs(demand - supply), -abs(price - reference)
        if better <= volume and merit > best[0]:
            best = merit, price
        demand -= bought[price]
    (volume, _, _), price = best
    return price, volume


def allotted(
    offers: Iterable[Offer], direction: str, price: int, volume: int
) -> Iterator[tuple[Offer, int]]:
    """Who of one side trades how much of an auction's volume: best prices first, then in order."""
    sign = -1 if direction == BUY else 1
    reach = (offer for offer in offers if sign * offer.price <= sign * price)
    for offer in sorted(reach, key=lambda offer: sign * offer.price):
        traded = min(volume, offer.volume)
        if traded:
            volume -= traded
            yield offer, traded
