"""Which prices count: those of now, of this trading day, while the exchange takes orders."""

from datetime import datetime, timedelta

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.conditional.freshness import counts
from webctp.upstream.market.ticks import Moment

DAY = "20261123"
MONDAY = datetime(2026, 11, 23, 10, 0)
BREAK = datetime(2026, 11, 23, 10, 20)


class FreshnessTests(SynchronousTestCase):
    """Ticks of rb2701, which has a break from 10:15 to 10:30."""

    def counts(
        self, age: float, now: datetime = MONDAY, day: str = DAY, name: str = "rb2701"
    ) -> bool:
        return counts(name, Moment(now - timedelta(seconds=age), day), now, DAY)

    def test_a_price_of_now_counts(self) -> None:
        for age in (0, 4, 300, 599, -4):
            self.assertTrue(self.counts(age), age)

    def test_an_old_price_does_not(self) -> None:
        for age in (601, 86_400):
            self.assertFalse(self.counts(age), age)

    def test_nor_one_of_another_trading_day(self) -> None:
        for day in ("20261120", "20261124", ""):
            self.assertFalse(self.counts(0, day=day), day)

    def test_nor_one_without_a_moment(self) -> None:
        self.assertFalse(counts("rb2701", None, MONDAY, DAY))

    def test_nor_one_from_before_a_break_that_lasts_still(self) -> None:
        self.assertFalse(self.counts(301, BREAK))
        self.assertTrue(self.counts(1, BREAK), "a test front may trade at any time")
        self.assertTrue(self.counts(301, BREAK, name="zz9999"), "of what product is not known")
