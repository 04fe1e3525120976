"""The exchange core's events: values for callbacks, addressed to sessions or accounts.

The core uses neither structs nor threads. Values are dicts by CTP's field names; fields left
out are zero or empty. ``error`` is RspInfo: an ErrorID, whose message stands in
:mod:`webctp.ctp.errors`; None means a null RspInfo, 0 that all is right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

Values = Mapping[str, object]
READ_FAILED: Final = 0x1001
"""OnFrontDisconnected's reason when the front closes a connection."""
AccountKey = tuple[str, str]
"""BrokerID and InvestorID."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to a request of a session; the last one ends it.

    ``more`` is what the ErrorMsg says beyond the message of its code.
    """

    session: int
    callback: str
    values: Values | None
    request_id: int
    error: int | None = None
    last: bool = True
    more: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A query's whole answer: a callback for each row, one with an empty body if there is none.

    ``rows`` may be worked out while it is read, but reads the state of the moment it was made.
    """

    session: int
    callback: str
    rows: Iterable[Values]
    request_id: int


@dataclass(frozen=True, slots=True)
class Push:
    """A message on an account's private flow: every session of it gets it, later ones may."""

    account: AccountKey
    callback: str
    values: Values
    error: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to one session that belongs to no flow and answers no request."""

    session: int
    callback: str
    values: Values
    error: int | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message on the public flow: every trading session that has logged in gets it."""

    callback: str
    values: Values


@dataclass(frozen=True, slots=True)
class TickEvent:
    """A tick for market-data sessions; ``values`` are in the order of ``ticks.FIELDS``."""

    sessions: frozenset[int]
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A trading session's login was accepted: from here on it gets its account's flow."""

    session: int
    account: AccountKey


@dataclass(frozen=True, slots=True)
class Changed:
    """An account has changed without a message to its sessions: by the broker's staff."""

    account: AccountKey


@dataclass(frozen=True, slots=True)
class DayBegan:
    """A trading day began: the flows of the day before are over."""

    trading_day: str


@dataclass(frozen=True, slots=True)
class FlowsBegan:
    """CTP has begun its flows anew (清流重启): what follows of orders belongs to new ones."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """The front breaks connections: one session's or (None) everybody's.

    ``reason`` is OnFrontDisconnected's. The APIs connect again as soon as the front takes
    connections (``Exchange.connected``), each as a new session.
    """

    session: int | None
    reason: int


Event = (
    Reply
    | Rows
    | Push
    | Notice
    | Broadcast
    | TickEvent
    | LoggedIn
    | Changed
    | DayBegan
    | FlowsBegan
    | Hangup
)
