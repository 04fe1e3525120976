"""The life of a session with a front, as a table: (state, event) -> (state, action).

Pure: no IO, no clock, no knowledge of CTP's structs. The shells
(:mod:`~webctp.upstream.trading.session`,
:mod:`~webctp.upstream.market.hub`) turn callbacks and timers into events and carry out the actions.

Logging in is a chain of steps, each a request and its answer: authenticate, log in, confirm the
settlement. A trading session takes all three (without an AuthCode it skips the first), market
data only the second; so the table speaks of the first and the next step, and the chain says
which they are. What is absent from the table cannot happen: :class:`Impossible` says so.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final


class State(Enum):
    """Where a session stands; the values are what clients and ``/readyz`` see."""

    CONNECTING = "connecting"
    """No connection yet; the library tries once a second."""
    OPEN = "open"
    """Connected, nobody logged in, no login asked for."""
    AUTHENTICATING = "authenticating"
    LOGGING_IN = "logging-in"
    CONFIRMING = "confirming"
    READY = "ready"
    """Logged in and confirmed: orders are possible."""
    LOST = "lost"
    """There was a connection and it broke; the library reconnects by itself."""
    REFUSED = "refused"
    """Connected, but the front refused the credentials: only a client's new login goes on."""
    CLOSED = "closed"
    """Released. Nothing leads out of here."""


class Event(Enum):
    """What can happen to a session."""

    CONNECTED = "the front is connected"
    DISCONNECTED = "the connection broke, or an attempt failed"
    LOGIN = "a login is wanted and its credentials are known"
    ACCEPTED = "the step was answered with success"
    REJECTED = "the step was refused for good"
    PUT_OFF = "the step was refused for now (7, 8, 60, 90)"
    OVERDUE = "the step was not answered in time"
    RETRY = "the wait before another try is over"
    GIVE_UP = "the client's login took too long"
    CLOSE = "the session is to end"


class Action(Enum):
    """What the shell does on entering the new state."""

    NONE = "nothing"
    TAKE_STEP = "send the request of the step that the new state names"
    WAIT = "take the same step again after a wait, longer each time"
    ANNOUNCE = "orders are possible: tell the client"
    REPORT = "tell the client what the front refused; forget the credentials"
    FORGET_STEP = "the step under way will not be answered any more"
    RELEASE = "release the native API"


class Target(Enum):
    """States that depend on the chain."""

    FIRST = "the first step"
    NEXT = "the next step, or ready after the last"
    SAME = "the same state"


class Impossible(Exception):
    """An event in a state in which it cannot happen: a mistake in the shell."""


STEPS: Final = (State.AUTHENTICATING, State.LOGGING_IN, State.CONFIRMING)
"""Every step, in order. A chain is a part of these."""

Row = tuple[State | Target, Action]


def _table() -> Mapping[tuple[State, Event], Row]:
    table: dict[tuple[State, Event], Row] = {
        (State.CONNECTING, Event.CONNECTED): (State.OPEN, Action.NONE),
        (State.CONNECTING, Event.DISCONNECTED): (Target.SAME, Action.NONE),
        (State.CONNECTING, Event.LOGIN): (Target.SAME, Action.NONE),
        (State.OPEN, Event.LOGIN): (Target.FIRST, Action.TAKE_STEP),
        (State.LOST, Event.CONNECTED): (State.OPEN, Action.NONE),
        (State.LOST, Event.DISCONNECTED): (Target.SAME, Action.NONE),
        (State.LOST, Event.LOGIN): (Target.SAME, Action.NONE),
        (State.REFUSED, Event.LOGIN): (Target.FIRST, Action.TAKE_STEP),
    }
    for step in STEPS:
        table |= {
            (step, Event.ACCEPTED): (Target.NEXT, Action.TAKE_STEP),
            (step, Event.REJECTED): (State.REFUSED, Action.REPORT),
            (step, Event.PUT_OFF): (Target.SAME, Action.WAIT),
            (step, Event.OVERDUE): (Target.SAME, Action.WAIT),
            (step, Event.RETRY): (Target.SAME, Action.TAKE_STEP),
            (step, Event.DISCONNECTED): (State.LOST, Action.FORGET_STEP),
        }
    for connected in (State.OPEN, State.READY, State.REFUSED):
        table[connected, Event.DISCONNECTED] = (State.LOST, Action.NONE)
    for waiting in (State.CONNECTING, State.LOST, *STEPS):
        table[waiting, Event.GIVE_UP] = (State.CLOSED, Action.RELEASE)
    for alive in set(State) - {State.CLOSED}:
        table[alive, Event.CLOSE] = (State.CLOSED, Action.RELEASE)
    for event in Event:
        # Callbacks and timers may still be under way when a session is released.
        table[State.CLOSED, event] = (Target.SAME, Action.NONE)
    return MappingProxyType(table)


TABLE: Final = _table()
"""Every transition there is."""


class LoginMachine:
    """A session's state, moved by events.

    ``chain`` are the steps of the next login, a part of :data:`STEPS`, in order; it is set before
    :attr:`Event.LOGIN`.
    """

    def __init__(self) -> None:
        self.chain: tuple[State, ...] = ()
        self.state = State.CONNECTING

    @property
    def stepping(self) -> bool:
        """Whether a login is under way on the connection."""
        return self.state in STEPS

    def handle(self, event: Event) -> Action:
        """Move, and say what is to be done now.

        :raises Impossible: if the event cannot happen in this state.
        """
        row = TABLE.get((self.state, event))
        if row is None:
            raise Impossible(f"{event.name} in state {self.state.value}")
        target, action = row
        match target:
            case Target.FIRST:
                self.state = self.chain[0]
            case Target.NEXT:
                self.state = self._following()
                if self.state is State.READY:
                    action = Action.ANNOUNCE
            case State():
                self.state = target
        return action

    def _following(self) -> State:
        at = self.chain.index(self.state) + 1
        return self.chain[at] if at < len(self.chain) else State.READY
