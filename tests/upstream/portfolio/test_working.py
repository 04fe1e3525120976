"""What working orders set aside."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.portfolio.samples import CALL, CU, M, facts, order
from webctp.upstream.portfolio.facts import Key
from webctp.upstream.portfolio.working import Aside, WorkingTable, set_aside


class SetAside(SynchronousTestCase):
    """Lots, fees and premiums of what is left of each order."""

    def setUp(self) -> None:
        self.table = WorkingTable()

    def aside(self, key: Key) -> Aside:
        known = facts()
        commissions = known.commissions(key.instrument)
        assert commissions is not None
        quote = known.quotes[key.instrument]
        return set_aside(self.table.of(key), known.terms[key.instrument], commissions, quote)

    def take(self, name: str = CU, **fields: Any) -> Key | None:
        return self.table.take(order(name, **fields))

    def test_an_opening_order_sets_its_fee_aside(self) -> None:
        self.take(VolumeTotalOriginal=3)
        found = self.aside(Key(CU, "0", "1"))
        self.assertEqual(found, Aside(3, 0, 0, 150_000, 0, 3 * 5 * 700_000_000))

    def test_a_closing_order_freezes_the_other_side(self) -> None:
        self.take(CombOffsetFlag="3", VolumeTotalOriginal=2)
        self.take(CombOffsetFlag="1", OrderRef="2")
        found = self.aside(Key(CU, "1", "1"))
        self.assertEqual((found.today, found.older), (2, 1))
        self.assertEqual(found.commission, 2 * 10_000 + 30_000)

    def test_days_are_not_kept_apart_on_dce(self) -> None:
        self.take(M, CombOffsetFlag="1", VolumeTotalOriginal=2)
        found = self.aside(Key(M, "1", "1"))
        self.assertEqual((found.today, found.older), (0, 2))

    def test_buying_an_option_freezes_the_premium(self) -> None:
        self.take(CALL, LimitPrice=60.0, VolumeTotalOriginal=2)
        self.assertEqual(self.aside(Key(CALL, "0", "1")).cash, 2 * 10 * 600_000)

    def test_an_order_at_the_market_counts_at_the_upper_limit(self) -> None:
        self.take(CALL, OrderPriceType="1", LimitPrice=0.0)
        self.assertEqual(self.aside(Key(CALL, "0", "1")).cash, 10 * 1_000_000)

    def test_lots_left_only_fall(self) -> None:
        self.take(VolumeTotalOriginal=3, VolumeTraded=2, OrderStatus="1")
        self.assertIsNone(self.take(VolumeTotalOriginal=3))
        self.assertEqual(self.aside(Key(CU, "0", "1")).opening, 1)

    def test_an_ended_order_stays_ended(self) -> None:
        key = self.take()
        self.assertEqual(self.take(OrderStatus="5"), key)
        self.assertIsNone(self.take())
        self.assertEqual(len(self.table), 0)

    def test_a_condition_sets_nothing_aside(self) -> None:
        self.assertIsNone(self.take(OrderStatus="b"))
        self.assertEqual(self.table.keys, ())

    def test_an_order_is_known_again_under_another_reference(self) -> None:
        self.take(VolumeTotalOriginal=3)
        self.take(VolumeTotalOriginal=3, SessionID=9, OrderRef="55", OrderLocalID="1")
        self.assertEqual(self.aside(Key(CU, "0", "1")).opening, 3)

    def test_a_price_that_ctp_makes_is_a_guess(self) -> None:
        self.take(OrderPriceType="8", LimitPrice=0.0)
        self.assertTrue(self.table.guesses)
