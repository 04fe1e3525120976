"""The life of a session with a front, as a table: (state, event) -> (state, action).

Pure: no IO, no clock, no knowledge of CTP's structs. The shells
(:mod:`~webctp.upstream.trading.session`,
:mod:`~webctp.upstream.market.hub`) turn callbacks and timers into events and carry out the actions.

Logging in is a chain of steps, each a request and its answer: authenticate, log in, confirm the
settlement. A trading session takes all three (without an AuthCode it skips the first), market
data only the second; so the table speaks of the first and the next step, and the chain says
which they are. What is absent from the table cannot happen, and raises
:class:`~webctp.upstream.statetable.IllegalTransition`.
"""

from enum import Enum
from typing import Final

from webctp.upstream.statetable import StateTable


class LoginState(Enum):
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


class LoginEvent(Enum):
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


class LoginAction(Enum):
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


STEPS: Final = (LoginState.AUTHENTICATING, LoginState.LOGGING_IN, LoginState.CONFIRMING)
"""Every step, in order. A chain is a part of these."""

Row = tuple[LoginState | Target, LoginAction]


def _table() -> StateTable[LoginState, LoginEvent, Row]:
    table: dict[tuple[LoginState, LoginEvent], Row] = {
        (LoginState.CONNECTING, LoginEvent.CONNECTED): (LoginState.OPEN, LoginAction.NONE),
        (LoginState.CONNECTING, LoginEvent.DISCONNECTED): (Target.SAME, LoginAction.NONE),
        (LoginState.CONNECTING, LoginEvent.LOGIN): (Target.SAME, LoginAction.NONE),
        (LoginState.OPEN, LoginEvent.LOGIN): (Target.FIRST, LoginAction.TAKE_STEP),
        (LoginState.LOST, LoginEvent.CONNECTED): (LoginState.OPEN, LoginAction.NONE),
        (LoginState.LOST, LoginEvent.DISCONNECTED): (Target.SAME, LoginAction.NONE),
        (LoginState.LOST, LoginEvent.LOGIN): (Target.SAME, LoginAction.NONE),
        (LoginState.REFUSED, LoginEvent.LOGIN): (Target.FIRST, LoginAction.TAKE_STEP),
    }
    for step in STEPS:
        table |= {
            (step, LoginEvent.ACCEPTED): (Target.NEXT, LoginAction.TAKE_STEP),
            (step, LoginEvent.REJECTED): (LoginState.REFUSED, LoginAction.REPORT),
            (step, LoginEvent.PUT_OFF): (Target.SAME, LoginAction.WAIT),
            (step, LoginEvent.OVERDUE): (Target.SAME, LoginAction.WAIT),
            (step, LoginEvent.RETRY): (Target.SAME, LoginAction.TAKE_STEP),
            (step, LoginEvent.DISCONNECTED): (LoginState.LOST, LoginAction.FORGET_STEP),
        }
    for connected in (LoginState.OPEN, LoginState.READY, LoginState.REFUSED):
        table[connected, LoginEvent.DISCONNECTED] = (LoginState.LOST, LoginAction.NONE)
    for waiting in (LoginState.CONNECTING, LoginState.LOST, *STEPS):
        table[waiting, LoginEvent.GIVE_UP] = (LoginState.CLOSED, LoginAction.RELEASE)
    for alive in set(LoginState) - {LoginState.CLOSED}:
        table[alive, LoginEvent.CLOSE] = (LoginState.CLOSED, LoginAction.RELEASE)
    for event in LoginEvent:
        # Callbacks and timers may still arrive after a session is released.
        table[LoginState.CLOSED, event] = (Target.SAME, LoginAction.NONE)
    return StateTable("a session", table)


LOGIN_TABLE: Final = _table()
"""Every transition there is."""


class LoginMachine:
    """A session's state, moved by events.

    ``chain`` are the steps of the next login, a part of :data:`STEPS`, in order; it is set before
    :attr:`LoginEvent.LOGIN`.
    """

    def __init__(self) -> None:
        self.chain: tuple[LoginState, ...] = ()
        self.state = LoginState.CONNECTING

    @property
    def stepping(self) -> bool:
        """Whether a login is under way on the connection."""
        return self.state in STEPS

    def handle(self, event: LoginEvent) -> LoginAction:
        """Move, and say what is to be done now.

        :raises webctp.upstream.statetable.IllegalTransition: if the event cannot happen here.
        """
        target, action = LOGIN_TABLE.next(self.state, event)
        match target:
            case Target.FIRST:
                self.state = self.chain[0]
            case Target.NEXT:
                self.state = self._following()
                if self.state is LoginState.READY:
                    action = LoginAction.ANNOUNCE
            case LoginState():
                self.state = target
        return action

    def _following(self) -> LoginState:
        at = self.chain.index(self.state) + 1
        return self.chain[at] if at < len(self.chain) else LoginState.READY
