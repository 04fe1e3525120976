"""A split as the journal keeps it."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.account import AccountKey
from webctp.upstream.offset.plan import OffsetPlan
from webctp.upstream.offset.split import Part
from webctp.upstream.orders.client_order import JournalBroken

PLAN = OffsetPlan(
    client_order_id="a-1",
    digest="d",
    trading_day="20240102",
    parts=(Part("4", 5), Part("3", 2)),
)


class PlanTests(SynchronousTestCase):
    """Written and read."""

    def test_what_is_written_is_read(self) -> None:
        row = PLAN.row(AccountKey("9999", "u1"))
        self.assertEqual(row[:5], ("9999", "u1", "offset", "a-1", "20240102"))
        self.assertTrue(row.settled, "the journal is to do nothing of it by itself")
        self.assertEqual(OffsetPlan.of(row.value.encode()), PLAN)

    def test_parts_are_named_after_the_request(self) -> None:
        self.assertEqual([PLAN.id_of(number) for number in (1, 2)], ["a-1.1", "a-1.2"])

    def test_what_is_none_is_said_so(self) -> None:
        for value in (b"", b"{}", b'{"client_order_id": 3}', b"\xff"):
            problem = self.assertRaises(JournalBroken, OffsetPlan.of, value)
            self.assertIn("a split in the journal is unreadable", str(problem))
