"""Units, rates and rounding."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp.codec import DBL_MAX
from webctp.upstream.portfolio.money import rate, share, to_cent, units, yuan

AMOUNTS = st.integers(-(10**15), 10**15)


class Money(SynchronousTestCase):
    """Amounts are whole numbers of 1e-4 yuan."""

    @given(AMOUNTS)
    def test_an_amount_survives_the_struct(self, amount: int) -> None:
        self.assertEqual(units(yuan(amount)), amount)

    def test_what_is_unset_is_nothing(self) -> None:
        for unset in (None, DBL_MAX, -DBL_MAX, float("inf"), float("nan")):
            self.assertEqual((units(unset), rate(unset)), (0, 0), unset)

    @given(AMOUNTS)
    def test_cents_are_rounded_half_away_from_zero(self, amount: int) -> None:
        right = (Decimal(amount) / 100).quantize(Decimal(1), ROUND_HALF_UP) * 100
        self.assertEqual(to_cent(amount), right)

    @given(AMOUNTS, st.integers(0, 10**9))
    def test_a_share_is_rounded_once(self, amount: int, by_rate: int) -> None:
        exact = Decimal(amount) * by_rate / 10**11
        self.assertEqual(share(amount, by_rate), exact.quantize(Decimal(1), ROUND_HALF_UP) * 100)
