"""The table: every state with every event."""

from itertools import product

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.conditional.table import (
    CONDITIONAL_TABLE,
    FINAL,
    ConditionalAction,
    ConditionalEvent,
    ConditionalState,
)
from webctp.upstream.statetable import IllegalTransition

State, Event, Action = ConditionalState, ConditionalEvent, ConditionalAction


class TableTests(SynchronousTestCase):
    """What follows from what."""

    def test_every_state_with_every_event(self) -> None:
        """What is absent is an error, in each of the pairs that the table does not name."""
        for state, event in product(State, Event):
            if (state, event) in CONDITIONAL_TABLE.rows:
                after, action = CONDITIONAL_TABLE.next(state, event)
                self.assertIsInstance(after, State)
                self.assertIsInstance(action, Action)
            else:
                self.assertRaises(IllegalTransition, CONDITIONAL_TABLE.next, state, event)

    def test_an_order_is_sent_from_one_row_only(self) -> None:
        sending = [key for key, row in CONDITIONAL_TABLE.rows.items() if row[1] is Action.SEND]
        self.assertEqual(sending, [(State.FIRING, Event.ON_DISK)])

    def test_nothing_leads_back_once_it_is_on_disk_that_the_condition_is_met(self) -> None:
        before = {State.RECORDING, State.WAITING, State.PAUSED, State.FIRING}
        back = [
            (state, event)
            for (state, event), (after, _) in CONDITIONAL_TABLE.rows.items()
            if state not in before and after in before
        ]
        self.assertEqual(back, [])

    def test_what_is_final_stays_so(self) -> None:
        """But an order that CTP has refused and then told of all the same."""
        moving = [
            (state, event, after)
            for (state, event), (after, _) in CONDITIONAL_TABLE.rows.items()
            if state in FINAL and after is not state
        ]
        self.assertEqual(moving, [(State.REFUSED, Event.ORDER_SENT, State.SENT)])

    def test_every_state_but_the_first_can_be_reached(self) -> None:
        reached = {State.RECORDING}
        rows = CONDITIONAL_TABLE.rows.items()
        for _ in State:
            reached |= {after for (state, _), (after, _) in rows if state in reached}
        self.assertEqual(reached, set(State))

    def test_what_ends_it_is_written(self) -> None:
        for (state, event), (after, action) in CONDITIONAL_TABLE.rows.items():
            if after in FINAL and state is not after:
                self.assertIs(action, Action.RECORD, (state, event))
