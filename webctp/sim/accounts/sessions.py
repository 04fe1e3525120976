"""Connections to the front, and the users behind them."""

from dataclasses import dataclass, field
from datetime import datetime

from webctp.sim.accounts.banks import BankAccount
from webctp.sim.events import AccountKey


@dataclass(slots=True)
class Session:
    """A connection to the front: trading (``trading`` true) or market data.

    ``session_id`` is CTP's SessionID, given at connecting; ``account`` is set by the login.
    ``must_change`` names a user who may do nothing but change the password. ``max_ref`` is the
    highest OrderRef, ``max_refs`` the highest reference of each other kind of instruction.
    ``entered`` counts its orders and actions, as the API does for SessionReqSeq.
    """

    session_id: int
    trading: bool
    connected: datetime
    authenticated: AccountKey | None = None
    account: AccountKey | None = None
    user_id: str = ""
    max_ref: int = 0
    max_comb_ref: int = 0
    max_refs: dict[str, int] = field(default_factory=dict)
    must_change: AccountKey | None = None
    entered: int = 0
    subscribed: set[str] = field(default_factory=set)
    quotes: set[str] = field(default_factory=set)


@dataclass(slots=True)
class User:
    """A user of the broker, known since the first login.

    ``bank`` is the account that transfers go to and come from, ``trading_password`` what they ask
    for, ``right`` the ErrorID that refuses what the user may not do (``accountfile.RIGHTS``),
    ``position_limit`` the most lots of a position (0 for no limit), ``makes_markets`` says whether
    quotes are taken, ``changed`` whether the
    password has ever been changed, ``failures`` counts wrong passwords since the last login,
    ``confirmed`` is the trading day whose settlement was confirmed, ``statements`` are the
    settlement statements by day (see ``archive``).
    """

    account: AccountKey
    password: str
    bank: BankAccount
    right: int = 0
    position_limit: int = 0
    makes_markets: bool = True
    changed: bool = False
    failures: int = 0
    last_login: datetime | None = None
    confirmed: str = ""
    confirmed_at: str = ""
    trading_password: str = ""
    statements: dict[str, bytes] = field(default_factory=dict)
