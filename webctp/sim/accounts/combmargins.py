"""What combined positions cost: the margin a lot of each kind of combination, leg by leg.

CTP's page 6.5.1 (3.3) has the formulas of OPL, BLS, BES, CAS and BFO; those of spreads, straddles,
strangles and covered options are the exchanges' (second-hand): the larger leg; the larger leg
and the other's premium; the premium and the future. How a margin stands in the rows of its legs
is inferred: where it is one leg's, that leg has it all.
"""

from collections.abc import Callable
from typing import Final

from webctp.exchanges.combinations import Combination
from webctp.sim.accounts.positions import Position
from webctp.sim.market.book import SELL
from webctp.sim.money import rate, share

LastPrice = Callable[[str], int]
"""From an instrument to the price that positions in it are marked at."""
Legs = tuple[Position, Position]
Margins = tuple[int, int]
"""A margin a lot in units, as its legs' rows show it."""

_SHARED: Final = frozenset({"OPL", "BLS", "CAS"})
"""Kinds that cost a share of the margin of the option sold."""


def margin_of(position: Position, last: LastPrice) -> int:
    """Return a position's margin a lot; only an option sold needs the last price."""
    contract = position.contract
    if contract.option is None or position.direction != SELL:
        return position.margin
    return position.lot_margin(last(contract.instrument))


def combined_margins(combination: Combination, legs: Legs, last: LastPrice) -> Margins:
    """Return what a lot of a combined position costs, as its legs' rows show it."""
    first, second = (margin_of(leg, last) for leg in legs)
    kind = combination.kind
    if legs[0].contract.larger_side:
        # One side of the product is free already.
        return first, second
    match kind.code:
        case "STD" | "STG":
            if first >= second:
                return first, second - legs[1].margin
            return first - legs[0].margin, second
        case "PRT":
            return _premium_or_margin(legs[0], first), _premium_or_margin(legs[1], second)
        case "BFO":
            future = 0 if legs[0].contract.option is None else 1
            cost = share(legs[future].margin, rate(kind.share))
            return (cost, 0) if future == 0 else (0, cost)
        case code if code in _SHARED or code == "BES":
            sold = 0 if legs[0].direction == SELL else 1
            whole = (first, second)[sold]
            least = _strikes(legs) if code == "BES" else share(whole, rate(kind.share))
            cost = min(whole, least)
            return (cost, 0) if sold == 0 else (0, cost)
        case _:
            return (first, 0) if first >= second else (0, second)


def saving(combination: Combination, legs: Legs, last: LastPrice) -> int:
    """Return what a lot of a combined position costs less than its legs apart."""
    apart = sum(margin_of(leg, last) for leg in legs)
    return apart - sum(combined_margins(combination, legs, last))


def _premium_or_margin(leg: Position, margin: int) -> int:
    """Return an option's premium, a future's margin."""
    return margin - leg.margin if leg.contract.option is not None else margin


def _strikes(legs: Legs) -> int:
    """Return the difference of two options' strikes, in units a lot."""
    terms = [leg.contract.option for leg in legs]
    strikes = [option.strike for option in terms if option is not None]
    return abs(strikes[0] - strikes[1]) * legs[0].contract.multiplier
