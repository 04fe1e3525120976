"""Seeded randomness by counting: the n-th draw of a key, whoever asked before.

A generator with state would make the market depend on who looked at it and when. Here a draw is
a hash of (key, index), so any point of any instrument's day can be had alone, at the price of
three multiplications and nothing kept.
"""

import hashlib
from typing import Final

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_SQRT3: Final = 3.0**0.5


def key(*parts: object) -> int:
    """Return a 64-bit key for what ``parts`` name (a seed, an instrument, a day)."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def draw(of_key: int, index: int) -> int:
    """Return the ``index``-th 64 random bits of a key (splitmix64)."""
    z = (of_key + index * _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def uniform(bits: int) -> float:
    """Return a number in [0, 1) from the lowest 32 of ``bits``."""
    return (bits & 0xFFFFFFFF) / 4294967296.0


def normal(bits: int) -> float:
    """Return a number of mean 0 and variance 1, nearly normal and within 3.5, from 64 bits.

    The sum of four uniform numbers: no logarithm, no second draw, and no far tail that would
    throw a market against its price limit once a week.
    """
    total = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48 & 0xFFFF)
    return (total / 65536.0 - 2.0) * _SQRT3
