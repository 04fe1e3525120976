"""The path of a product's fair prices through a day."""

from itertools import pairwise
from statistics import fmean, pstdev

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.sim.model.fairprice import Hours, Path, Piece, closing_of, profile

DEVIATION = 0.012
WITH_NIGHT = Hours(41_400, (0, 14_400))
LAST_HOUR = Hours(28_800, (0,), 7_200)
WEEKEND = Hours(518_400, (0,))


def path(key: int = 9, hours: Hours = WITH_NIGHT, opening: float = 0.006) -> Path:
    return Path(key, hours, DEVIATION, opening)


class Looking(SynchronousTestCase):
    """Any moment alone, in any order."""

    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(st.integers(0, 41_399), min_size=1, max_size=30),
        st.integers(0, 2**64 - 1),
        st.sampled_from((WITH_NIGHT, LAST_HOUR, WEEKEND)),
    )
    def test_any_way_of_looking_sees_the_same(
        self, steps: list[int], key: int, hours: Hours
    ) -> None:
        once = path(key, hours)
        for step in steps:
            self.assertEqual(once.at(step), path(key, hours).at(step))

    def test_step_by_step_is_the_same_as_leaping(self) -> None:
        walked = path()
        values = [walked.at(step) for step in range(9_000)]
        for step in (0, 1, 63, 64, 65, 4095, 4096, 8999):
            self.assertEqual(path().at(step), values[step])


class Shape(SynchronousTestCase):
    """Where it begins and ends, what it averages, how it moves."""

    def test_begins_and_ends_where_it_shall(self) -> None:
        for hours in (WITH_NIGHT, LAST_HOUR, WEEKEND):
            self.assertEqual(path(9, hours).at(0), 0.006)
            closes = closing_of(9, DEVIATION, hours)
            self.assertEqual(path(9, hours).at(hours.steps - 1), closes)
            self.assertEqual(path(9, hours).at(hours.steps + 99), closes)

    def test_the_average_is_the_settlement_price(self) -> None:
        for hours in (WITH_NIGHT, LAST_HOUR):
            one = path(9, hours)
            steps = range(hours.settling, hours.steps, 5)
            shares = [profile((s + 1) / hours.steps) - profile(s / hours.steps) for s in steps]
            mean = sum(one.at(s) * w for s, w in zip(steps, shares, strict=True)) / sum(shares)
            self.assertLess(abs(mean), DEVIATION / 50)

    def test_steps_have_about_the_deviation_asked_for(self) -> None:
        one = path()
        values = [one.at(step) for step in range(1, 14_400)]
        moves = [later - earlier for earlier, later in pairwise(values)]
        of_step = DEVIATION / WITH_NIGHT.steps**0.5
        self.assertApproximates(pstdev(moves) / of_step, 1.0, 0.2)
        self.assertLess(max(map(abs, moves)), 20 * of_step)
        self.assertLess(abs(fmean(moves)), of_step)

    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 2**64 - 1), st.integers(0, 90))
    def test_halves_agree_with_the_whole(self, key: int, place: int) -> None:
        one = path(key)

        def check(piece: Piece) -> None:
            bounds = piece.low, piece.high
            self.assertEqual(sorted((*bounds, piece.opening, piece.closing))[::3], list(bounds))
            if piece.hi - piece.lo > 1:
                first, second = one.halves(piece)
                self.assertEqual((first.lo, first.hi, second.hi), (piece.lo, second.lo, piece.hi))
                self.assertEqual(max(first.high, second.high), piece.high)
                self.assertEqual(min(first.low, second.low), piece.low)
                self.assertEqual(first.closing, second.opening)
                check(first)
                check(second)

        check(one.pieces[place])

    def test_a_call_auction_is_a_step_of_its_own(self) -> None:
        one = path()
        for auction in WITH_NIGHT.auctions:
            self.assertEqual(one.at(auction), one.opens[auction])
            self.assertIn(auction + 1, [piece.lo for piece in one.pieces])
