"""The machine in every state and with every event: what may happen, and nothing else."""

from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.session.login import STEPS, LoginMachine
from webctp.upstream.session.login import LoginAction as Action
from webctp.upstream.session.login import LoginEvent as Event
from webctp.upstream.session.login import LoginState as State
from webctp.upstream.statetable import IllegalTransition

AUTHENTICATE, LOGIN, CONFIRM = STEPS
CHAINS = {
    "trading": STEPS,
    "trading without authentication": (LOGIN, CONFIRM),
    "market data": (LOGIN,),
}


def expected(chain: tuple[State, ...]) -> dict[tuple[State, Event], tuple[State, Action]]:
    """Every row that is allowed for a chain, written out; what is absent is impossible."""
    first = chain[0]
    rows = {
        (State.CONNECTING, Event.CONNECTED): (State.OPEN, Action.NONE),
        (State.CONNECTING, Event.DISCONNECTED): (State.CONNECTING, Action.NONE),
        (State.CONNECTING, Event.LOGIN): (State.CONNECTING, Action.NONE),
        (State.CONNECTING, Event.GIVE_UP): (State.CLOSED, Action.RELEASE),
        (State.CONNECTING, Event.CLOSE): (State.CLOSED, Action.RELEASE),
        (State.OPEN, Event.LOGIN): (first, Action.TAKE_STEP),
        (State.OPEN, Event.DISCONNECTED): (State.LOST, Action.NONE),
        (State.OPEN, Event.CLOSE): (State.CLOSED, Action.RELEASE),
        (State.READY, Event.DISCONNECTED): (State.LOST, Action.NONE),
        (State.READY, Event.CLOSE): (State.CLOSED, Action.RELEASE),
        (State.LOST, Event.CONNECTED): (State.OPEN, Action.NONE),
        (State.LOST, Event.DISCONNECTED): (State.LOST, Action.NONE),
        (State.LOST, Event.LOGIN): (State.LOST, Action.NONE),
        (State.LOST, Event.GIVE_UP): (State.CLOSED, Action.RELEASE),
        (State.LOST, Event.CLOSE): (State.CLOSED, Action.RELEASE),
        (State.REFUSED, Event.LOGIN): (first, Action.TAKE_STEP),
        (State.REFUSED, Event.DISCONNECTED): (State.LOST, Action.NONE),
        (State.REFUSED, Event.CLOSE): (State.CLOSED, Action.RELEASE),
    }
    for step, following in pairwise((*chain, State.READY)):
        last = following is State.READY
        rows |= {
            (step, Event.ACCEPTED): (following, Action.ANNOUNCE if last else Action.TAKE_STEP),
            (step, Event.REJECTED): (State.REFUSED, Action.REPORT),
            (step, Event.PUT_OFF): (step, Action.WAIT),
            (step, Event.OVERDUE): (step, Action.WAIT),
            (step, Event.RETRY): (step, Action.TAKE_STEP),
            (step, Event.DISCONNECTED): (State.LOST, Action.FORGET_STEP),
            (step, Event.GIVE_UP): (State.CLOSED, Action.RELEASE),
            (step, Event.CLOSE): (State.CLOSED, Action.RELEASE),
        }
    rows |= {(State.CLOSED, event): (State.CLOSED, Action.NONE) for event in Event}
    return rows


def machine(state: State, chain: tuple[State, ...]) -> LoginMachine:
    made = LoginMachine()
    made.chain = chain
    made.state = state
    return made


def states_of(chain: tuple[State, ...]) -> list[State]:
    return [state for state in State if state not in STEPS or state in chain]


class EveryStateAndEvent(SynchronousTestCase):
    """The whole table."""

    def test_exactly_the_rows_that_are_allowed(self) -> None:
        for name, chain in CHAINS.items():
            rows = expected(chain)
            for state, event in product(states_of(chain), Event):
                with self.subTest(chain=name, state=state, event=event):
                    one = machine(state, chain)
                    if (state, event) in rows:
                        action = one.handle(event)
                        self.assertEqual((one.state, action), rows[state, event])
                    else:
                        with self.assertRaises(IllegalTransition) as raised:
                            one.handle(event)
                        self.assertEqual(one.state, state)
                        self.assertIn(event.name, str(raised.exception))
                        self.assertIn(state.value, str(raised.exception))

    def test_a_chain_is_walked_to_its_end(self) -> None:
        for name, chain in CHAINS.items():
            with self.subTest(chain=name):
                one = machine(State.CONNECTING, chain)
                one.handle(Event.CONNECTED)
                one.handle(Event.LOGIN)
                walked = []
                while one.stepping:
                    walked.append(one.state)
                    action = one.handle(Event.ACCEPTED)
                self.assertEqual(tuple(walked), chain)
                self.assertEqual((one.state, action), (State.READY, Action.ANNOUNCE))

    def test_a_machine_begins_without_a_connection(self) -> None:
        self.assertIs(LoginMachine().state, State.CONNECTING)

    def test_it_steps_in_steps_only(self) -> None:
        stepping = [state for state in State if machine(state, STEPS).stepping]
        self.assertEqual(stepping, list(STEPS))


class Properties(SynchronousTestCase):
    """What holds after whatever sequence of events."""

    @given(st.sampled_from(sorted(CHAINS)), st.lists(st.sampled_from(Event), max_size=40))
    def test_nothing_leads_out_of_closed_and_steps_stay_in_the_chain(
        self, name: str, events: list[Event]
    ) -> None:
        one = machine(State.CONNECTING, CHAINS[name])
        closed = False
        for event in events:
            try:
                action = one.handle(event)
            except IllegalTransition:
                self.assertIsNot(one.state, State.CLOSED)
                continue
            if closed:
                self.assertEqual((one.state, action), (State.CLOSED, Action.NONE))
            if action is Action.RELEASE:
                self.assertFalse(closed, "released twice")
            closed = one.state is State.CLOSED
            if one.stepping:
                self.assertIn(one.state, CHAINS[name])
