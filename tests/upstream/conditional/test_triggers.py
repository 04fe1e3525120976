"""When conditions are met."""

from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.conditional.samples import buying, leg
from webctp.exchanges import calendar as calendars
from webctp.upstream.conditional.triggers import (
    Kind,
    Leg,
    fires,
    is_due,
    is_missed,
    marked,
    moment_of,
)


def at(price: float) -> int:
    """A price in units."""
    return round(price * 10_000)


class PriceTests(SynchronousTestCase):
    """Stop, take profit, trailing."""

    def test_each_kind_on_each_side(self) -> None:
        for one, below, on, above in (
            (leg(Kind.STOP), True, True, False),
            (leg(Kind.PROFIT), False, True, True),
            (buying(Kind.STOP), False, True, True),
            (buying(Kind.PROFIT), True, True, False),
        ):
            found = [fires(one, at(price)) for price in (3399.0, 3400.0, 3401.0)]
            self.assertEqual(found, [below, on, above], one)

    def test_a_gap_beyond_the_trigger_fires(self) -> None:
        self.assertTrue(fires(leg(Kind.STOP), at(3000.0)))

    def test_a_tenth_of_a_thousandth_decides(self) -> None:
        self.assertFalse(fires(leg(Kind.STOP, 3400.0), at(3400.0001)))
        self.assertTrue(fires(buying(Kind.STOP, 3400.0001), at(3400.0001)))

    def follow(self, one: Leg, prices: list[float]) -> list[bool]:
        """Whether it fires at each price in turn."""
        found = []
        for price in prices:
            one = marked(one, at(price))
            found.append(fires(one, at(price)))
        return found

    def test_trailing_sells_when_the_price_has_fallen_from_its_best(self) -> None:
        prices = [3400.0, 3395.0, 3420.0, 3411.0, 3410.0]
        self.assertEqual(self.follow(leg(Kind.TRAILING), prices), [False] * 4 + [True])

    def test_trailing_buys_when_the_price_has_risen_from_its_best(self) -> None:
        prices = [3400.0, 3405.0, 3380.0, 3389.0, 3390.0]
        self.assertEqual(self.follow(buying(Kind.TRAILING), prices), [False] * 4 + [True])

    @given(st.lists(st.integers(1, 10**6), min_size=1), st.integers(1, 10**5), st.booleans())
    def test_a_mark_is_the_best_and_only_gets_better(
        self, prices: list[int], distance: int, buys: bool
    ) -> None:
        one = (buying if buys else leg)(Kind.TRAILING, distance=distance)
        for count, price in enumerate(prices, 1):
            one = marked(one, price)
            best = min(prices[:count]) if buys else max(prices[:count])
            self.assertEqual(one.mark, best)
            self.assertEqual(fires(one, price), abs(price - best) >= distance)

    def test_a_moment_is_no_price(self) -> None:
        self.assertFalse(fires(leg(Kind.TIME, at="2024-01-02T09:30:00"), at(1.0)))
        self.assertFalse(fires(leg(Kind.NOW), at(1.0)))


class TimeTests(SynchronousTestCase):
    """At a time."""

    def test_a_time_of_the_night_is_the_evening_before(self) -> None:
        monday = date(2026, 11, 23)
        for clock, day in (
            (time(21, 30), date(2026, 11, 20)),
            (time(1, 0), date(2026, 11, 21)),
            (time(9, 30), monday),
            (time(14, 59), monday),
        ):
            found = moment_of(monday, clock, calendars.default())
            self.assertEqual(found, datetime.combine(day, clock))

    def test_due_from_its_moment_on_and_missed_a_minute_later(self) -> None:
        one = leg(Kind.TIME, at="2026-11-23T09:30:00")
        for second, due, missed in (
            (datetime(2026, 11, 23, 9, 29, 59), False, False),
            (datetime(2026, 11, 23, 9, 30, 0), True, False),
            (datetime(2026, 11, 23, 9, 31, 0), True, False),
            (datetime(2026, 11, 23, 9, 31, 1), True, True),
        ):
            self.assertEqual((is_due(one, second), is_missed(one, second)), (due, missed), second)
        self.assertFalse(is_due(leg(), datetime(2027, 1, 1)))
