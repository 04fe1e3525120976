"""The end of the daemon, in every state and with every event: what may happen, and nothing else."""

from itertools import product

from twisted.trial.unittest import SynchronousTestCase

from webctp.lifecycle.drainstate import DRAIN_TABLE
from webctp.lifecycle.drainstate import DrainAction as Action
from webctp.lifecycle.drainstate import DrainEvent as Event
from webctp.lifecycle.drainstate import DrainState as State
from webctp.upstream.statetable import IllegalTransition

EXPECTED = {
    (State.SERVING, Event.ASKED): (State.DRAINING, Action.ANNOUNCE),
    (State.SERVING, Event.STOPPED): (State.ENDED, Action.NONE),
    (State.DRAINING, Event.ASKED): (State.CLOSING, Action.CLOSE_NOW),
    (State.DRAINING, Event.TIME_UP): (State.CLOSING, Action.CLOSE_SPREAD),
    (State.DRAINING, Event.ALL_CLOSED): (State.ENDED, Action.STOP),
    (State.DRAINING, Event.STOPPED): (State.ENDED, Action.NONE),
    (State.CLOSING, Event.ASKED): (State.CLOSING, Action.CLOSE_NOW),
    (State.CLOSING, Event.ALL_CLOSED): (State.ENDED, Action.STOP),
    (State.CLOSING, Event.STOPPED): (State.ENDED, Action.NONE),
    (State.ENDED, Event.ASKED): (State.ENDED, Action.NONE),
    (State.ENDED, Event.STOPPED): (State.ENDED, Action.NONE),
}
"""Every row that is allowed, written out; what is absent is impossible."""


class Table(SynchronousTestCase):
    """Every state with every event."""

    def test_each_leads_where_it_is_to_or_nowhere(self) -> None:
        for state, event in product(State, Event):
            expected = EXPECTED.get((state, event))
            with self.subTest(state=state, event=event):
                if expected is None:
                    with self.assertRaises(IllegalTransition):
                        DRAIN_TABLE.next(state, event)
                else:
                    self.assertEqual(DRAIN_TABLE.next(state, event), expected)

    def test_nothing_leads_back(self) -> None:
        order = list(State)
        for (state, _), (to, _) in DRAIN_TABLE.rows.items():
            self.assertGreaterEqual(order.index(to), order.index(state))
