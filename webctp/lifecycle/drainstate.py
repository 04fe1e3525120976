"""The end of the daemon as a table: (state, event) -> (state, action). Pure: no IO, no clock.

What is absent from the table cannot happen, and raises
:class:`~webctp.upstream.statetable.IllegalTransition`. The shell is
:class:`~webctp.lifecycle.drain.Drain`.
"""

from enum import Enum
from typing import Final

from webctp.upstream.statetable import StateTable


class DrainState(Enum):
    """How far the daemon is from its end; the values are what ``/readyz`` and ``admin`` show."""

    SERVING = "serving"
    """Nobody has asked it to end."""
    DRAINING = "draining"
    """Clients have been told; their orders go on, logins are refused."""
    CLOSING = "closing"
    """Clients are being closed, one after the other."""
    ENDED = "ended"
    """The process may stop. Nothing leads out of here."""


class DrainEvent(Enum):
    """What can happen on the way to the end."""

    ASKED = "a signal or an administrator asks the daemon to end"
    TIME_UP = "DrainSeconds are over"
    ALL_CLOSED = "no client is left, or each was sent its closing"
    STOPPED = "the process stops, whatever was planned"


class DrainAction(Enum):
    """What the shell does on entering the new state."""

    NONE = "nothing"
    ANNOUNCE = "tell clients and systemd, refuse logins, begin to count DrainSeconds"
    CLOSE_SPREAD = "close clients at random moments of the time that is left for it"
    CLOSE_NOW = "close every client at once"
    STOP = "stop the process in good order"


Row = tuple[DrainState, DrainAction]

DRAIN_TABLE: Final = StateTable[DrainState, DrainEvent, Row](
    "the end of the daemon",
    {
        (DrainState.SERVING, DrainEvent.ASKED): (DrainState.DRAINING, DrainAction.ANNOUNCE),
        (DrainState.DRAINING, DrainEvent.ASKED): (DrainState.CLOSING, DrainAction.CLOSE_NOW),
        (DrainState.DRAINING, DrainEvent.TIME_UP): (DrainState.CLOSING, DrainAction.CLOSE_SPREAD),
        (DrainState.DRAINING, DrainEvent.ALL_CLOSED): (DrainState.ENDED, DrainAction.STOP),
        (DrainState.CLOSING, DrainEvent.ASKED): (DrainState.CLOSING, DrainAction.CLOSE_NOW),
        (DrainState.CLOSING, DrainEvent.ALL_CLOSED): (DrainState.ENDED, DrainAction.STOP),
        # Whoever is impatient may ask again while the sessions are released.
        (DrainState.ENDED, DrainEvent.ASKED): (DrainState.ENDED, DrainAction.NONE),
        **{
            (state, DrainEvent.STOPPED): (DrainState.ENDED, DrainAction.NONE)
            for state in DrainState
        },
    },
)
"""Every transition there is."""
