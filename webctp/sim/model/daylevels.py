"""The settlement price of every instrument on every day, found when somebody asks for it."""

from collections.abc import Callable
from datetime import date
from math import exp
from typing import Final

from webctp.sim.draws import key
from webctp.sim.model import pricing
from webctp.sim.model.contracts import Contract
from webctp.sim.money import RATE_SCALE, UNITS_PER_YUAN

_WITHIN_LIMIT: Final = 4.4
"""A price limit is so many standard deviations of a day at least: what is wilder is tamed."""
_MOST: Final = 0.95
"""The part of its price limit by which a settlement price moves at most."""


def deviation_of(future: Contract) -> float:
    """Return the standard deviation of a future's settlement price over a day, as a fraction."""
    return min(future.sigma, future.price_limit / RATE_SCALE / _WITHIN_LIMIT)


class DayLevels:
    """Settlement prices in units, by instrument and day.

    The settlement price "before" a day is that day's PreSettlementPrice.

    :param must: the terms of an instrument.
    :param previous: the trading day before one.
    """

    def __init__(
        self,
        seed: int,
        must: Callable[[str], Contract],
        previous: Callable[[date], date],
    ) -> None:
        self._seed = seed
        self._must = must
        self._previous = previous
        self._known: dict[tuple[str, date], int] = {}
        self._deviations: dict[tuple[str, date], float] = {}

    def forget(self) -> None:
        """Forget the levels of the day that has ended."""
        self._known.clear()
        self._deviations.clear()

    def before(self, contract: Contract, day: date) -> int:
        """Return the settlement price of the trading day before ``day``."""
        known = self._known.get((contract.instrument, day))
        if known is None:
            known = self._known[contract.instrument, day] = self._find(contract, day)
        return known

    def rise(self, future: Contract, day: date, following: date) -> float:
        """Return by what the prices of a future's product rise from one settlement to the next."""
        product = future.product
        moved = self._deviation(product, following) - self._deviation(product, day)
        return exp(deviation_of(future) * moved)

    def _find(self, contract: Contract, day: date) -> int:
        option = contract.option
        if option is None:
            value, last = self._level(contract, day), self._level(contract, self._previous(day))
            room = _MOST * last * contract.price_limit / RATE_SCALE
            value = min(max(value, last - room), last + room)
        else:
            future = self._must(option.underlying)
            value = pricing.option_value(
                float(option.strike),
                pricing.years_between(day.toordinal(), contract.expiry),
                contract.volatility,
                option.call,
            )(float(self.before(future, day)))
        return max(1, round(value / contract.tick)) * contract.tick

    def _level(self, future: Contract, day: date) -> float:
        """Return a future's level before a day, in units; references are in yuan."""
        return UNITS_PER_YUAN * pricing.future_level(
            self._seed,
            future.instrument,
            future.reference,
            deviation_of(future),
            day.toordinal(),
            self._deviation(future.product, day),
        )

    def _deviation(self, product: str, day: date) -> float:
        known = self._deviations.get((product, day))
        if known is None:
            of_product = key(self._seed, "level", product)
            known = pricing.deviation(of_product, day.toordinal())
            self._deviations[product, day] = known
        return known
