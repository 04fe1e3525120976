"""Tables of states: what is absent cannot happen."""

from enum import Enum

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.statetable import IllegalTransition, StateTable
from webctp.upstream.trading.queries import QUERY_TABLE, QueryEvent, QueryState


class _Door(Enum):
    OPEN = "open"
    SHUT = "shut"


class _Hand(Enum):
    PULL = "it is pulled"
    PUSH = "it is pushed"


class Tables(SynchronousTestCase):
    """What follows from an event."""

    table = StateTable("a door", {(_Door.OPEN, _Hand.PUSH): _Door.SHUT})

    def test_what_is_there(self) -> None:
        self.assertIs(self.table.next(_Door.OPEN, _Hand.PUSH), _Door.SHUT)

    def test_what_is_absent_names_the_machine_the_event_and_the_state(self) -> None:
        with self.assertRaises(IllegalTransition) as caught:
            self.table.next(_Door.SHUT, _Hand.PUSH)
        self.assertEqual(str(caught.exception), "a door: PUSH in state shut")

    def test_a_query_queue_says_so_too(self) -> None:
        self.assertRaises(IllegalTransition, QUERY_TABLE.next, QueryState.IDLE, QueryEvent.DUE)
