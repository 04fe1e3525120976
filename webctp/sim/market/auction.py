"""The call auction (集合竞价): the one price at which most is traded, and who trades at it.

As the exchanges have it: better prices trade whole; at the price itself the side with less trades
whole, the other by time; and the volume is the largest there is. Of several such prices it is the
one that leaves least over, then the one nearest to the last price.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from webctp.sim.market.book import BUY, SELL, Resting


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
    """Divide an auction's volume among the orders of a side: best prices first, then in order."""
    sign = -1 if direction == BUY else 1
    reach = (offer for offer in offers if sign * offer.price <= sign * price)
    for offer in sorted(reach, key=lambda offer: sign * offer.price):
        traded = min(volume, offer.volume)
        if traded:
            volume -= traded
            yield offer, traded


@dataclass(slots=True)
class Outcome:
    """What an auction came to: its price in units, lots, change of the open interest.

    ``users`` are the users' trades, (order, direction, lots), ``taken`` what they took of the
    background's levels, (price, lots), ``bought`` how many lots more they bought than sold.
    """

    price: int
    lots: int
    interest: int = 0
    bought: int = 0
    users: list[tuple[int, str, int]] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)


class Auction:
    """One call auction: what gathers, and what it comes to.

    :param quote: the price in units at which the background trades with itself.
    :param own: its lots.
    """

    def __init__(self, quote: int, own: int) -> None:
        self._quote = quote
        self._own = own
        self._offers = {side: [Offer(None, quote, own)] for side in (BUY, SELL)}

    def add_background(self, direction: str, levels: Iterable[tuple[int, int]]) -> None:
        """Add what the background quotes on a side: (price, volume)."""
        self._offers[direction] += [Offer(None, price, volume) for price, volume in levels]

    def add_resting(self, direction: str, entries: Iterable[Resting]) -> None:
        """Add the users' orders that were in the book before."""
        self._offers[direction] += [
            Offer(entry.order_id, entry.price, entry.volume, entry.opens) for entry in entries
        ]

    def add(self, direction: str, offer: Offer) -> None:
        """Add an order that the auction has gathered."""
        self._offers[direction].append(offer)

    def match(self, interest: int) -> Outcome:
        """Find the price, and hand the volume out.

        A user whom the background meets makes it open or close likewise; half a lot is counted
        for each side.

        :param interest: by how much the background's trade with itself alone changes the open
            interest.
        """
        outcome = Outcome(*clearing(self._offers[BUY], self._offers[SELL], self._quote))
        if not outcome.lots:
            return outcome
        halves = 0
        users = {BUY: 0, SELL: 0}
        for side, standing in self._offers.items():
            own = standing[0]
            for offer, traded in allotted(standing, side, outcome.price, outcome.lots):
                if offer.order_id is not None:
                    outcome.users.append((offer.order_id, side, traded))
                    users[side] += traded
                    halves += traded if offer.opens else -traded
                    outcome.bought += traded if side == BUY else -traded
                elif offer is not own:
                    outcome.taken.append((offer.price, traded))
        most = max(users.values())
        alone = abs(users[BUY] - users[SELL])
        # Where only one side is a user's, the background mirrors it.
        mirrored = halves * alone // most if most else 0
        between = min(self._own, outcome.lots - most)
        among_itself = interest * between // self._own if self._own else 0
        outcome.interest = (halves + mirrored) // 2 + among_itself
        return outcome
