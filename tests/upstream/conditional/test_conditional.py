"""A conditional order as the journal keeps it."""

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.conditional.samples import BODY, buying, conditional, leg
from webctp.language.text import english
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.conditional.table import FINAL, ConditionalState
from webctp.upstream.conditional.triggers import Kind
from webctp.upstream.orders.client_order import JournalBroken

State = ConditionalState


class ConditionalTests(SynchronousTestCase):
    """What is written, and what is read."""

    def test_what_is_written_is_read(self) -> None:
        one = conditional(leg(), leg(Kind.PROFIT, 3600.0), state=State.SENT, fired=1)
        row = one.row()
        self.assertEqual(row[:5], ("9999", "u1", "conditional", "c-1", "20240102"))
        self.assertEqual(Conditional.of(row.value.encode()), one)

    def test_what_a_restart_ends_is_written_as_it_will_be_found(self) -> None:
        for state in State:
            row = conditional(state=state).row()
            found = Conditional.of(row.value.encode()).state
            self.assertNotIn(found, (State.RECORDING, State.WAITING, State.FIRING), state)
            self.assertEqual(row.settled, state in FINAL, state)
        fired = conditional(state=State.FIRING, fired=0).row()
        self.assertIs(Conditional.of(fired.value.encode()).state, State.FIRED)

    def test_its_order_is_named_after_the_leg(self) -> None:
        self.assertEqual(conditional().order_id, "")
        self.assertEqual(conditional(fired=1).order_id, "c-1.2")

    def test_the_order_s_body_is_a_copy(self) -> None:
        one = conditional(fired=0)
        one.order_body["OrderRef"] = "7"
        self.assertEqual(one.order_body, BODY)

    def test_what_protects_lots_is_one_of_its_own(self) -> None:
        entry = conditional(
            buying(Kind.NOW), protect=(leg(), leg(Kind.PROFIT, 3600.0)), covered=2, children=1
        )
        child = entry.child(3)
        self.assertEqual((child.conditional_id, child.parent), ("c-1#2", "c-1"))
        self.assertEqual([one.body["VolumeTotalOriginal"] for one in child.legs], [3, 3])
        self.assertEqual((child.fired, child.covered, child.children), (-1, 0, 0))
        self.assertEqual(child.protect, ())
        self.assertIs(child.state, State.RECORDING)

    def test_what_is_none_is_said_so(self) -> None:
        for value in (b"", b"{}", b"\xff"):
            problem = self.assertRaises(JournalBroken, Conditional.of, value)
            self.assertIn("a conditional order is unreadable", str(problem))

    def test_a_reason_is_kept_as_text(self) -> None:
        one = conditional(reason=str(english("{count} times", count=2)))
        value = msgspec.json.decode(one.row().value)
        self.assertEqual(value["reason"], "2 times")
