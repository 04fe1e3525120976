"""Orders split by what is held: sums, bounds, and the exchange's rule."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp.refusal import Refusal
from webctp.upstream.offset.split import MOST_PARTS, OPEN, Holding, Part, split

_LOTS = st.integers(0, 500)


def shfe(today: int, older: int, frozen: int = 0) -> Holding:
    """A position whose days are closed apart."""
    return Holding(today, older, frozen, True)


def dce(today: int, older: int, frozen: int = 0, least: int = 1) -> Holding:
    """A position that is closed first in, first out."""
    return Holding(today, older, frozen, False, least)


class SplitTests(SynchronousTestCase):
    """What becomes of an order."""

    def test_the_exchanges_rule(self) -> None:
        for holding, lots, parts in (
            (shfe(0, 0), 3, [("0", 3)]),
            (shfe(2, 0), 2, [("3", 2)]),
            (shfe(2, 5), 3, [("4", 3)]),
            (shfe(2, 5), 6, [("4", 5), ("3", 1)]),
            (shfe(2, 5), 9, [("4", 5), ("3", 2), ("0", 2)]),
            (shfe(2, 0), 3, [("3", 2), ("0", 1)]),
            (dce(2, 5), 7, [("1", 7)]),
            (dce(2, 5), 9, [("1", 7), ("0", 2)]),
            (dce(0, 0), 1, [("0", 1)]),
            (dce(2, 5, frozen=3), 7, [("1", 7)]),
            (dce(2, 0, least=4), 6, [("1", 2), ("0", 4)]),
        ):
            found = split(lots, holding)
            self.assertEqual(found, tuple(Part(*one) for one in parts), (holding, lots))

    def test_where_it_cannot_know_it_says_so(self) -> None:
        for holding, lots, said in (
            (shfe(2, 5, frozen=1), 8, "7 lots can be closed now, and 1 are frozen"),
            (dce(0, 0, frozen=4), 1, "0 lots can be closed now, and 4 are frozen"),
            (dce(5, 0, least=4), 8, "3 lots would be opened, and the exchange takes no fewer than"),
            (shfe(1, 1), 0, "VolumeTotalOriginal must be above 0"),
        ):
            refusal = self.assertRaises(Refusal, split, lots, holding)
            self.assertIn(said, refusal.detail)

    @given(st.integers(1, 2000), _LOTS, _LOTS, _LOTS, st.booleans(), st.integers(1, 10))
    def test_parts_sum_to_the_wish_and_close_no_more_than_is_there(
        self, lots: int, today: int, older: int, frozen: int, by_date: bool, least: int
    ) -> None:
        holding = Holding(today, older, frozen, by_date, least)
        try:
            parts = split(lots, holding)
        except Refusal:
            beyond = lots - today - older
            self.assertTrue(beyond > 0 and (frozen or beyond < least), (lots, holding))
            return
        volumes = {one.offset: one.volume for one in parts}
        self.assertEqual(len(volumes), len(parts), "an offset comes once")
        self.assertTrue(1 <= len(parts) <= MOST_PARTS, parts)
        self.assertEqual(sum(volumes.values()), lots)
        self.assertTrue(all(volume > 0 for volume in volumes.values()), parts)
        if by_date:
            self.assertLessEqual(volumes.get("3", 0), today)
            self.assertLessEqual(volumes.get("4", 0), older)
            self.assertNotIn("1", volumes)
        else:
            self.assertLessEqual(volumes.get("1", 0), today + older)
            self.assertFalse(volumes.keys() & {"3", "4"})
        closed = lots - volumes.get(OPEN, 0)
        self.assertEqual(closed, min(lots, today + older), "what can be closed is closed first")
