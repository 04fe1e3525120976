"""Plans in a journal's file: claimed once, changed together, removed when they are old."""

import contextlib
import sqlite3
from pathlib import Path

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.journal.plans import TAKEN, PlanRow
from webctp.upstream.journal.store import Store
from webctp.upstream.orders.client_order import ClientOrder

ORDER = ClientOrder(
    broker_id="9999",
    user_id="u1",
    client_order_id="a-1",
    request="ReqOrderInsert",
    digest="d",
    time=1,
    trading_day="20240102",
    front_id=1,
    session_id=1,
    order_ref="1",
    match_fields={},
)


def row(
    name: str = "a", value: str = "{}", day: str = "20240102", *, settled: bool = False
) -> PlanRow:
    """A plan of an account."""
    return PlanRow("9999", "u1", "offset", name, day, settled, value)


class PlanTests(SynchronousTestCase):
    """The table."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "journal.sqlite"
        self.store = Store(self.path)
        self.addCleanup(lambda: self.store.close())
        self.plans = self.store.plans

    def test_the_first_has_the_name(self) -> None:
        self.assertIsNone(self.plans.claim(row(value="1")))
        self.assertEqual(self.plans.claim(row(value="2")), b"1")
        self.assertEqual(self.plans.find("9999", "u1", "offset", "a"), b"1")
        for other in (("8888", "u1"), ("9999", "u2")):
            self.assertIsNone(self.plans.find(*other, "offset", "a"))

    def test_an_order_and_a_plan_do_not_share_a_name(self) -> None:
        self.assertIsNone(self.store.claim(ORDER))
        self.assertEqual(self.plans.claim(row("a-1")), TAKEN)
        self.assertIsNone(self.plans.find("9999", "u1", "offset", "a-1"))
        self.plans.claim(row("a-2"))
        other = msgspec.structs.replace(ORDER, client_order_id="a-2")
        had = self.store.claim(other)
        assert had is not None
        self.assertNotEqual(had.digest, other.digest)

    def test_changes_are_made_together_or_not_at_all(self) -> None:
        self.plans.claim(row("a", "1"))
        self.store.begin()
        broken = row("b", day=None)  # type: ignore[arg-type]
        self.assertRaises(sqlite3.Error, self.plans.put, [row("a", "2"), broken])
        self.store.undo()
        self.assertEqual(self.plans.find("9999", "u1", "offset", "a"), b"1")

    def test_what_is_still_to_be_done(self) -> None:
        self.plans.put([row("b", "b"), row("a", "a"), row("c", "c", settled=True)])
        self.assertEqual(self.plans.unsettled("9999", "u1", "offset"), [b"a", b"b"])

    def test_it_is_there_after_a_restart(self) -> None:
        self.plans.claim(row(value="1"))
        self.store.close()
        self.store = Store(self.path)
        self.assertEqual(self.store.plans.find("9999", "u1", "offset", "a"), b"1")

    def test_old_ones_are_removed_some_at_a_time(self) -> None:
        self.plans.put([row(f"{n}", day="20240101") for n in range(5)] + [row("new")])
        self.assertEqual(self.plans.prune("9999", "20240102", 3), 3)
        self.assertEqual(self.plans.prune("9999", "20240102", 3), 2)
        self.assertIsNotNone(self.plans.find("9999", "u1", "offset", "new"))

    def test_a_journal_that_was_replaced_gives_them_to_the_new_one(self) -> None:
        copy = self.path.with_name("copy")
        with contextlib.closing(sqlite3.connect(self.path)) as base:
            base.execute("VACUUM INTO ?", (str(copy),))
        self.plans.claim(row(value="1"))
        copy.replace(self.path)
        self.store = self.store.carry(self.path, Store)
        self.assertEqual(self.store.plans.find("9999", "u1", "offset", "a"), b"1")
