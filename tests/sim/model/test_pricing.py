"""Money, noise, levels from day to day."""

from fractions import Fraction
from itertools import pairwise
from statistics import fmean, pstdev

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.sim import draws, money
from webctp.sim.model import pricing

AMOUNTS = st.integers(-(10**16), 10**16)


class Money(SynchronousTestCase):
    """Whole units, rounded to the cent once."""

    @given(st.integers(-(10**11), 10**11))
    def test_units_survive_the_float(self, amount: int) -> None:
        self.assertEqual(money.units(money.yuan(amount)), amount)

    @given(AMOUNTS, st.integers(0, 10**9))
    def test_share_is_the_nearest_cent(self, amount: int, rate: int) -> None:
        exact = Fraction(amount * rate, money.RATE_SCALE)
        got = money.share(amount, rate)
        self.assertEqual(got % money.CENT, 0)
        self.assertLessEqual(abs(got - exact), Fraction(money.CENT, 2))

    @given(AMOUNTS)
    def test_rounding_is_even_handed(self, amount: int) -> None:
        self.assertEqual(money.to_cent(-amount), -money.to_cent(amount))

    def test_halves_go_away_from_zero(self) -> None:
        self.assertEqual([money.to_cent(n) for n in (49, 50, 149, 150)], [0, 100, 100, 200])


class Noise(SynchronousTestCase):
    """Draws by counting."""

    def test_same_key_same_draw(self) -> None:
        self.assertEqual(draws.draw(draws.key(1, "a"), 5), draws.draw(draws.key(1, "a"), 5))
        self.assertNotEqual(draws.key("ab", "c"), draws.key("a", "bc"))

    def test_moments(self) -> None:
        of_key = draws.key("moments")
        normal = [draws.normal(draws.draw(of_key, n)) for n in range(20_000)]
        self.assertApproximates(fmean(normal), 0.0, 0.03)
        self.assertApproximates(pstdev(normal), 1.0, 0.02)
        uniform = [draws.uniform(draws.draw(of_key, n)) for n in range(20_000)]
        self.assertApproximates(fmean(uniform), 0.5, 0.01)
        self.assertTrue(min(uniform) >= 0 and max(uniform) < 1)


class Levels(SynchronousTestCase):
    """Settlement levels and option values."""

    def test_days_move_by_about_a_daily_deviation(self) -> None:
        days = range(739_000, 739_600)
        moves = []
        for product in range(30):
            of_key = draws.key("level", product)
            values = [pricing.deviation(of_key, day) for day in days]
            moves += [b - a for a, b in pairwise(values)]
        self.assertApproximates(pstdev(moves), 1.0, 0.1)
        self.assertLess(max(map(abs, moves)), 5)

    @given(st.floats(10, 10_000), st.floats(10, 10_000), st.floats(0.001, 2), st.floats(0.01, 1))
    @example(7727.0, 9746.0, 0.01, 0.3)
    @example(5627.0, 4459.0, 0.01, 0.3)
    def test_put_call_parity_and_bounds(
        self, forward: float, strike: float, years: float, volatility: float
    ) -> None:
        call = pricing.option_value(strike, years, volatility, True)(forward)
        put = pricing.option_value(strike, years, volatility, False)(forward)
        self.assertApproximates(call - put, forward - strike, 1e-6 * (forward + strike))
        self.assertGreaterEqual(call, max(0.0, forward - strike))
        self.assertGreaterEqual(put, max(0.0, strike - forward))
        self.assertLessEqual(call, forward + 1e-9 * forward)

    @given(st.floats(10, 10_000), st.floats(10, 10_000), st.floats(0.001, 2))
    def test_delta_is_the_slope(self, forward: float, strike: float, years: float) -> None:
        step = forward * 1e-5
        up = pricing.option_value(strike, years, 0.3, True)(forward + step)
        down = pricing.option_value(strike, years, 0.3, True)(forward - step)
        delta = pricing.option_delta(strike, years, 0.3, True)(forward)
        self.assertApproximates((up - down) / (2 * step), delta, 1e-3)
        self.assertAlmostEqual(
            delta - pricing.option_delta(strike, years, 0.3, False)(forward), 1.0, places=9
        )

    def test_expired_options_are_worth_what_they_give(self) -> None:
        self.assertEqual(pricing.option_value(100.0, 0.0, 0.3, True)(110.0), 10.0)
        self.assertEqual(pricing.option_value(100.0, 0.0, 0.3, False)(110.0), 0.0)
        self.assertEqual(pricing.option_delta(100.0, 0.0, 0.3, True)(110.0), 1.0)
        self.assertEqual(pricing.option_delta(100.0, 0.0, 0.3, False)(110.0), 0.0)
