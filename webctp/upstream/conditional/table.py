"""What becomes of a conditional order, as a table."""

from enum import Enum
from typing import Final

from webctp.upstream.statetable import StateTable


class ConditionalState(Enum):
    """Where a conditional order stands; the values are what clients see."""

    RECORDING = "recording"
    """On its way to the disk."""
    WAITING = "waiting"
    """Its condition is watched."""
    PAUSED = "paused"
    """Its condition cannot be watched now: the Reason says why."""
    FIRING = "firing"
    """Its condition is met; that is on its way to the disk."""
    FIRED = "fired"
    """On disk that its condition is met; its order is next, or what became of it is asked."""
    SENT = "sent"
    """Its order was sent: what becomes of that the order's ClientOrderID tells."""
    DONE = "done"
    """Its order has ended, or its trading day."""
    CANCELLED = "cancelled"
    """A client has cancelled it before its condition was met."""
    REFUSED = "refused"
    """Its order was refused, by a check or by CTP, or may not be sent any more: for good."""
    EXPIRED = "expired"
    """Its time has ended before its order was sent."""


class ConditionalEvent(Enum):
    """What can happen to a conditional order."""

    ON_DISK = "what was on its way to the disk is there"
    NOT_ON_DISK = "the disk did not take it"
    PAUSE = "its condition cannot be watched any more"
    RESUME = "its condition can be watched"
    TRIGGER = "its condition is met"
    CANCEL = "a client cancels it"
    EXPIRE = "its last trading day is over, or its moment was missed"
    REVOKE = "who has entered it may not trade any more"
    ORDER_SENT = "its order was sent, or was known already"
    ORDER_REFUSED = "its order was refused"
    ORDER_ENDED = "its order has ended"
    RESTARTED = "it was read from the journal of a daemon that has ended"


class ConditionalAction(Enum):
    """What follows from an event; whoever changes is told."""

    NONE = "nothing"
    RECORD = "bring the new state to disk"
    RECORD_FIRST = "bring it to disk that the condition is met, before anything else"
    SEND = "send the order"


State, Event, Action = ConditionalState, ConditionalEvent, ConditionalAction
_Row = tuple[ConditionalState, ConditionalAction]
FINAL: Final = frozenset({State.DONE, State.CANCELLED, State.REFUSED, State.EXPIRED})
"""States in which nothing is to be done any more."""

CONDITIONAL_TABLE: Final = StateTable[ConditionalState, ConditionalEvent, _Row](
    "a conditional order",
    {
        (State.RECORDING, Event.ON_DISK): (State.PAUSED, Action.NONE),
        (State.RECORDING, Event.NOT_ON_DISK): (State.REFUSED, Action.RECORD),
        (State.WAITING, Event.PAUSE): (State.PAUSED, Action.NONE),
        (State.WAITING, Event.TRIGGER): (State.FIRING, Action.RECORD_FIRST),
        (State.WAITING, Event.CANCEL): (State.CANCELLED, Action.RECORD),
        (State.WAITING, Event.EXPIRE): (State.EXPIRED, Action.RECORD),
        (State.WAITING, Event.REVOKE): (State.REFUSED, Action.RECORD),
        (State.PAUSED, Event.PAUSE): (State.PAUSED, Action.NONE),
        (State.PAUSED, Event.RESUME): (State.WAITING, Action.NONE),
        (State.PAUSED, Event.CANCEL): (State.CANCELLED, Action.RECORD),
        (State.PAUSED, Event.EXPIRE): (State.EXPIRED, Action.RECORD),
        (State.PAUSED, Event.REVOKE): (State.REFUSED, Action.RECORD),
        (State.PAUSED, Event.RESTARTED): (State.PAUSED, Action.NONE),
        # Only an order that is on disk is sent: without a disk the condition is watched on.
        (State.FIRING, Event.ON_DISK): (State.FIRED, Action.SEND),
        (State.FIRING, Event.NOT_ON_DISK): (State.PAUSED, Action.RECORD),
        (State.FIRED, Event.ORDER_SENT): (State.SENT, Action.RECORD),
        (State.FIRED, Event.ORDER_REFUSED): (State.REFUSED, Action.RECORD),
        (State.FIRED, Event.EXPIRE): (State.EXPIRED, Action.RECORD),
        (State.FIRED, Event.RESTARTED): (State.FIRED, Action.NONE),
        (State.SENT, Event.ORDER_SENT): (State.SENT, Action.NONE),
        (State.SENT, Event.ORDER_REFUSED): (State.REFUSED, Action.RECORD),
        (State.SENT, Event.ORDER_ENDED): (State.DONE, Action.RECORD),
        (State.SENT, Event.EXPIRE): (State.DONE, Action.RECORD),
        (State.SENT, Event.RESTARTED): (State.SENT, Action.NONE),
        # CTP may both refuse an order and push it; the push is the later of the two.
        (State.REFUSED, Event.ORDER_SENT): (State.SENT, Action.RECORD),
    },
)
"""Every transition there is; what is absent cannot happen (``IllegalTransition``)."""
