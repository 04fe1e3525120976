"""Money of a portfolio: integers of 1e-4 yuan, so that sums are exact.

A *unit* is 1e-4 yuan; every price of China's exchanges is a whole number of units. Rates are
integers of 1e-9. What a rate makes of an amount is rounded to the cent, once.
"""

from typing import Any, Final

_UNITS: Final = 10_000
_CENT: Final = 100
_RATES: Final = 1_000_000_000
_SHARE: Final = _RATES * _CENT
_BEYOND: Final = 1e12
"""Yuan beyond which a number of CTP's is none: DBL_MAX stands for what is unset."""


def units(yuan: Any) -> int:
    """Return yuan of a struct in units; 0 for what is unset."""
    return round(yuan * _UNITS) if yuan is not None and -_BEYOND < yuan < _BEYOND else 0


def yuan(amount: int) -> float:
    """Return units as the double nearest to them in yuan."""
    return amount / _UNITS


def rate(ratio: Any) -> int:
    """Return a ratio of a struct as an integer rate; 0 for what is unset."""
    return round(ratio * _RATES) if ratio is not None and -_BEYOND < ratio < _BEYOND else 0


def to_cent(amount: int) -> int:
    """Round an amount to the cent, halves away from zero."""
    if amount < 0:
        return -to_cent(-amount)
    return (amount + _CENT // 2) // _CENT * _CENT


def share(amount: int, by_rate: int) -> int:
    """Return ``amount`` x ``by_rate``, rounded to the cent, halves away from zero."""
    product = amount * by_rate
    if product < 0:
        return -((_SHARE // 2 - product) // _SHARE) * _CENT
    return (product + _SHARE // 2) // _SHARE * _CENT
