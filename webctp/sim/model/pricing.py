"""Where prices stand from day to day: settlement levels and option values.

The settlement price of any instrument on any day is a function of the seed alone. So a day can
begin without the days before it having been simulated, yesterday's settlement is today's
PreSettlementPrice for everyone, and a portfolio is marked without stepping ten thousand markets.
"""

from collections.abc import Callable
from math import ceil, erf, exp, floor, log, sqrt

from webctp.sim.draws import draw, key, normal, uniform

# The slowest takes a month: a level stays near its reference, where the option chains are.
_OCTAVES = 6
# The standard deviation of a day's move is 1 with this scale.
_SCALE = 1.74
_SQRT2 = sqrt(2.0)
_DAYS_A_YEAR = 365.0


def deviation(of_key: int, day: int) -> float:
    """Return the daily standard deviations between a level and its reference on ``day``.

    Interpolated noise of six octaves, each twice as slow and as wide in variance as the one
    before: over days it moves as a random walk, over months it stays about its reference.
    """
    total = 0.0
    for octave in range(_OCTAVES):
        node, place = divmod(day, 1 << octave)
        left = uniform(draw(of_key + octave, node)) - 0.5
        right = uniform(draw(of_key + octave, node + 1)) - 0.5
        total += (left + (right - left) * place / (1 << octave)) * sqrt(1 << octave)
    return total * _SCALE


def future_level(
    seed: int, instrument: str, reference: float, sigma: float, day: int, of_product: float
) -> float:
    """Return a future's level at the settlement before ``day`` (``date.toordinal()``).

    :param reference: the product's typical price; months differ by a share of their own.
    :param sigma: daily standard deviation as a fraction.
    :param of_product: the product's `deviation` on that day.
    """
    of_month = deviation(key(seed, "level", instrument), day)
    month = normal(draw(key(seed, "month", instrument), 0))
    return reference * exp(sigma * (of_product + 0.15 * of_month + 0.5 * month))


def option_value(
    strike: float, years: float, volatility: float, call: bool
) -> Callable[[float], float]:
    """Return a European option's value by the forward price of its future (Black 1976).

    Without interest. What does not change with the forward is worked out once.
    """
    spread = volatility * sqrt(years) if years > 0 else 0.0
    half = spread / 2

    def value(forward: float) -> float:
        exercised = max(0.0, forward - strike if call else strike - forward)
        if spread <= 0 or forward <= 0:
            return exercised
        d1 = log(forward / strike) / spread + half
        of_call = forward * _normal_cdf(d1) - strike * _normal_cdf(d1 - spread)
        # Rounding must not make it cheaper than what it gives today.
        return max(exercised, of_call if call else of_call - forward + strike)

    return value


def option_delta(
    strike: float, years: float, volatility: float, call: bool
) -> Callable[[float], float]:
    """Return the same option's delta by the forward price: a call's 0 to 1, a put's -1 to 0."""
    spread = volatility * sqrt(years) if years > 0 else 0.0
    half = spread / 2

    def delta(forward: float) -> float:
        if spread <= 0 or forward <= 0:
            exercised = forward > strike if call else forward < strike
            return (1.0 if call else -1.0) if exercised else 0.0
        of_call = _normal_cdf(log(forward / strike) / spread + half)
        return of_call if call else of_call - 1.0

    return delta


def years_between(day: int, expiry: int) -> float:
    """Return the time to expiry in years for two ordinals, never under half a day."""
    return max(expiry - day, 0.5) / _DAYS_A_YEAR


def _normal_cdf(x: float) -> float:
    return 0.5 * (1.0 + erf(x / _SQRT2))


def price_bounds(pre_settlement: int, limit: int, tick: int) -> tuple[int, int]:
    """Lower and upper price limit: ``limit`` units either way, on the tick, at least one tick."""
    upper = floor((pre_settlement + limit) / tick) * tick
    lower = ceil((pre_settlement - limit) / tick) * tick
    return max(tick, lower), max(2 * tick, upper)
