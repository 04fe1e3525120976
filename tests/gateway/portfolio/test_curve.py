"""The curve of an account: bounds, days, and a clock that is set."""

from random import Random

from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.portfolio.curve import APART, MOST, AccountCurve
from webctp.upstream.portfolio.figures import AccountFigures

DAY = "20261127"


def money(balance: int) -> AccountFigures:
    """Return figures with a balance."""
    zeros = dict.fromkeys(AccountFigures._fields, 0)
    return AccountFigures(**{**zeros, "balance": balance, "available": balance - 1, "margin": 1})


class Curves(SynchronousTestCase):
    """Points as they are taken."""

    def test_a_minute_has_one_point_its_newest(self) -> None:
        curve = AccountCurve()
        for second in range(0, 150, 10):
            curve.take(DAY, 600.0 + second, money(second))
        found = [(one.moment, one.balance, one.available, one.margin) for one in curve.points]
        self.assertEqual(found, [(650, 50, 49, 1), (710, 110, 109, 1), (740, 140, 139, 1)])

    def test_another_day_begins_anew(self) -> None:
        curve = AccountCurve()
        curve.take(DAY, 0.0, money(1))
        curve.take(DAY, 60.0, money(2))
        curve.take("20261130", 61.0, money(3))
        self.assertEqual((curve.day, [one.balance for one in curve.points]), ("20261130", [3]))

    def test_whatever_comes_it_is_bounded_and_in_order(self) -> None:
        for seed in range(5):
            random, curve, now = Random(seed), AccountCurve(), 0.0
            for number in range(3000):
                now += random.choice((-120.0, 0.5, 30.0, 60.0, 90.0))
                curve.take(DAY, now, money(number))
                if now >= curve.points[-1].moment:
                    self.assertEqual(curve.points[-1].balance, number, seed)
            moments = [one.moment // APART for one in curve.points]
            self.assertEqual(moments, sorted(set(moments)), seed)
            self.assertLessEqual(len(moments), MOST, seed)

    def test_of_more_than_a_day_of_minutes_the_oldest_go(self) -> None:
        curve = AccountCurve()
        for minute in range(MOST + 5):
            curve.take(DAY, minute * APART, money(minute))
        self.assertEqual([one.balance for one in curve.points], list(range(5, MOST + 5)))
