"""What becomes of a ClientOrderID, as a table."""

from enum import Enum
from typing import Final

from webctp.upstream.orders.client_order import ClientOrderState
from webctp.upstream.statetable import StateTable


class ClientOrderEvent(Enum):
    """What can happen to a ClientOrderID."""

    ON_DISK = "its record is on disk"
    NOT_ON_DISK = "it could not be recorded"
    ABANDONED = "the session stopped being ready before it was sent"
    CALLED = "the native call returned 0"
    NOT_TAKEN = "the native call returned another value"
    ANSWERED = "CTP answered the request with an error"
    REPORTED = "CTP told of the order"
    LOST = "the connection it was sent on broke"
    RESTARTED = "it was read from the journal of a daemon that has ended"


class ClientOrderAction(Enum):
    """What follows from an event; every change is kept in the journal."""

    NONE = "nothing"
    SEND = "it may be sent now"
    TELL = "tell the client"


State, Event, Action = ClientOrderState, ClientOrderEvent, ClientOrderAction
_Row = tuple[ClientOrderState, ClientOrderAction]

CLIENT_ORDER_TABLE: Final = StateTable[ClientOrderState, ClientOrderEvent, _Row](
    "a ClientOrderID",
    {
        (State.RECORDING, Event.ON_DISK): (
            State.RECORDED,
            Action.SEND,
        ),
        # Clients are told "unknown": only the disk could say whether the ID was used before.
        (State.RECORDING, Event.NOT_ON_DISK): (
            State.REFUSED,
            Action.NONE,
        ),
        (State.RECORDING, Event.LOST): (
            State.RECORDING,
            Action.NONE,
        ),
        (State.RECORDED, Event.CALLED): (
            State.SENT,
            Action.TELL,
        ),
        (State.RECORDED, Event.NOT_TAKEN): (
            State.REFUSED,
            Action.TELL,
        ),
        (State.RECORDED, Event.ABANDONED): (
            State.REFUSED,
            Action.TELL,
        ),
        (State.RECORDED, Event.LOST): (
            State.RECORDED,
            Action.NONE,
        ),
        (State.RECORDED, Event.RESTARTED): (
            State.UNKNOWN,
            Action.NONE,
        ),
        (State.SENT, Event.ANSWERED): (
            State.REFUSED,
            Action.TELL,
        ),
        (State.SENT, Event.REPORTED): (
            State.KNOWN,
            Action.TELL,
        ),
        (State.SENT, Event.LOST): (
            State.UNKNOWN,
            Action.TELL,
        ),
        (State.SENT, Event.RESTARTED): (
            State.UNKNOWN,
            Action.NONE,
        ),
        # CTP may both refuse an order and push it; the push is the later of the two.
        (State.REFUSED, Event.ANSWERED): (
            State.REFUSED,
            Action.NONE,
        ),
        (State.REFUSED, Event.REPORTED): (
            State.KNOWN,
            Action.TELL,
        ),
        (State.REFUSED, Event.LOST): (
            State.REFUSED,
            Action.NONE,
        ),
        (State.REFUSED, Event.RESTARTED): (
            State.REFUSED,
            Action.NONE,
        ),
        (State.KNOWN, Event.ANSWERED): (
            State.KNOWN,
            Action.TELL,
        ),
        (State.KNOWN, Event.REPORTED): (
            State.KNOWN,
            Action.TELL,
        ),
        (State.KNOWN, Event.LOST): (
            State.KNOWN,
            Action.NONE,
        ),
        (State.KNOWN, Event.RESTARTED): (
            State.KNOWN,
            Action.NONE,
        ),
        (State.UNKNOWN, Event.REPORTED): (
            State.KNOWN,
            Action.TELL,
        ),
        (State.UNKNOWN, Event.LOST): (
            State.UNKNOWN,
            Action.NONE,
        ),
        (State.UNKNOWN, Event.RESTARTED): (
            State.UNKNOWN,
            Action.NONE,
        ),
    },
)
"""Every transition there is; what is absent cannot happen (``IllegalTransition``)."""
