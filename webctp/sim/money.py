"""Prices and amounts as integers, so that books balance exactly.

A *unit* is 1e-4 yuan. Every price tick of the six exchanges is a whole number of units, so a
price, and an amount (price x volume x multiplier), are exact integers. Rates are integers of
1e-9; what a rate makes of an amount is rounded to the cent, once. Floats appear only where a
struct of CTP is written or read.
"""

from typing import Final

UNITS_PER_YUAN: Final = 10_000
CENT: Final = 100
"""Units in one cent (fen)."""

RATE_SCALE: Final = 1_000_000_000


def units(yuan: float) -> int:
    """Return the nearest whole number of units for a price or an amount in yuan."""
    return round(yuan * UNITS_PER_YUAN)


def yuan(amount: int) -> float:
    """Return an amount in units as the double nearest to it in yuan."""
    return amount / UNITS_PER_YUAN


def rate(ratio: float) -> int:
    """Return a ratio (0.00005) as an integer rate."""
    return round(ratio * RATE_SCALE)


def to_cent(amount: int) -> int:
    """``amount`` in units rounded to a whole cent, halves away from zero."""
    if amount < 0:
        return -to_cent(-amount)
    return (amount + CENT // 2) // CENT * CENT


def share(amount: int, by_rate: int) -> int:
    """``amount`` x ``by_rate``, in units, rounded to the cent (halves away from zero)."""
    product = amount * by_rate
    scale = RATE_SCALE * CENT
    if product < 0:
        return -((-product + scale // 2) // scale) * CENT
    return (product + scale // 2) // scale * CENT
