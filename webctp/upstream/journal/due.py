"""What is to be cancelled where nobody tends it any more, as the journal keeps it."""

from typing import Final

import msgspec

CANCEL_ALL_AFTER: Final = "CancelAllAfter"
CANCEL_ON_DISCONNECT: Final = "CancelOnDisconnect"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """The cancelling of one session's orders, if nobody prevents it.

    ``key`` names the session in its daemon, ``run`` the daemon's run. ``at`` is the moment in
    seconds since 1970; 0 where it is ``seconds`` after the daemon's end. ``sessions`` are the
    (FrontID, SessionID) of its orders.
    """

    broker_id: str
    user_id: str
    key: str
    kind: str
    run: str
    trading_day: str
    at: float
    seconds: float
    sessions: tuple[tuple[int, int], ...]
