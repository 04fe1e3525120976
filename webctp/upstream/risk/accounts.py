"""The accounts of the risk desk: bounded, and no tally of the day is lost for that.

Operators name investors, and may name what is none; logins name users, and may name what is none.
Where there are as many as fit, those of which nothing would be missed make room. Runs in the
reactor's thread.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakSet

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from webctp.upstream.account import AccountKey
from webctp.upstream.orders.keys import Row
from webctp.upstream.risk.book import AccountBook
from webctp.upstream.risk.checks import RiskCheck
from webctp.upstream.risk.clearance import Clearances
from webctp.upstream.risk.compliance import ComplianceBook, Passed
from webctp.upstream.risk.parked import ParkedBook

_log = Logger()

MOST_ACCOUNTS: Final = 10_000
"""Accounts that are kept, beside those of sessions."""
LOOK: Final = 1.0
"""Seconds between two looks for accounts that may make room: each looks at all of them."""
UNTOLD: Final = (
    "orders of {account} are not counted: {most} accounts have been told of on {day}; until the "
    "next trading day no account is ordered for that is not among them"
)
"""Logged once a day."""


@dataclass(eq=False, slots=True)
class AccountRisk:
    """An account: what it has in the market, the checks it keeps to, what it is counted for."""

    key: AccountKey
    book: AccountBook
    checks: tuple[RiskCheck, ...]
    counts: ComplianceBook | None
    duplicate_window: float
    needs_facts: bool
    clearances: Clearances
    timed: bool
    """Whether a check, or what it is counted for, needs the time."""
    sessions: "WeakSet[object]" = field(default_factory=WeakSet)
    """What asks for its own account here: each as long as it lives."""
    users: set[AccountKey] = field(default_factory=set)
    """Operators that order for it."""
    parked: ParkedBook = field(init=False)
    """What CTP is going to send for it by itself."""

    def __post_init__(self) -> None:
        """Count what is parked in the book."""
        self.parked = ParkedBook(self.book)

    def is_idle(self, day: str, now: float) -> bool:
        """Return whether nothing of it would be missed: of this day it has nothing."""
        if self.sessions:
            return False
        if "" < self.book.day < day:
            return True
        return (
            not self.book.is_awaiting
            and self.book.is_empty(now, self.duplicate_window)
            and (self.counts is None or self.counts.is_empty)
        )

    def take_order(self, row: Row) -> list[Passed]:
        """Take a RtnOrder of the account, from whatever session."""
        if not self._is_of_day(row):
            return []
        key = self.book.key_of(row)
        self.book.take_order(row, key)
        return [] if self.counts is None else self.counts.take_order(row, key)

    def take_trade(self, row: Row) -> list[Passed]:
        """Take a RtnTrade of the account, from whatever session."""
        if not self._is_of_day(row) or not self.book.take_trade(row) or self.counts is None:
            return []
        return self.counts.take_trade(row)

    def new_day(self, day: str, *, keeps_entered: bool = False) -> None:
        """Forget what is of days before this one; see :meth:`AccountBook.new_day`."""
        if day != self.book.day:
            if not keeps_entered:
                self.parked.clear()
            self.book.new_day(day, keeps_entered=keeps_entered)
            if self.counts is not None:
                self.counts.new_day()

    def _is_of_day(self, row: Row) -> bool:
        day = str(row["TradingDay"])
        if day > self.book.day:
            self.new_day(day, keeps_entered=True)
        return day == self.book.day

    def was_parked(self, row: Row) -> bool:
        """Return whether a RtnOrder is of the day, and seems to be an order that was parked."""
        return bool(self.parked.waiting) and self._is_of_day(row) and self.parked.take_sent(row)


class AccountTable:
    """Hold the accounts by their keys.

    :param make: makes what is held of an account.
    :param forget: takes what is held no longer.
    """

    def __init__(
        self,
        clock: IReactorTime,
        make: Callable[[AccountKey], AccountRisk],
        forget: Callable[[AccountRisk], object],
    ) -> None:
        self._clock = clock
        self._make = make
        self._forget = forget
        self._kept: dict[AccountKey, AccountRisk] = {}
        self._looked = float("-inf")
        self._untold_on = ""
        """The trading day of which something is not counted: it has no room for others."""

    def __iter__(self) -> Iterator[AccountRisk]:
        """Give what is held."""
        return iter(self._kept.values())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._kept)

    def get(self, key: AccountKey) -> AccountRisk | None:
        """Return what is held of an account; None for nothing."""
        return self._kept.get(key)

    def own(self, key: AccountKey) -> AccountRisk:
        """Return what is held of a session's own account: there is always room for one."""
        found = self._kept.get(key)
        if found is None:
            self._has_room()
            found = self._kept[key] = self._make(key)
        return found

    def find(self, key: AccountKey) -> AccountRisk | None:
        """Return what is held of an account that somebody names; None where there is no room."""
        found = self._kept.get(key)
        if found is None and self._has_room():
            found = self._kept[key] = self._make(key)
        return found

    def untold(self, key: AccountKey, day: str) -> None:
        """Take note that something of an account is not counted, for want of room."""
        if day > self._untold_on:
            self._untold_on = day
            _log.error(UNTOLD, account=key, most=MOST_ACCOUNTS, day=day)

    def _has_room(self) -> bool:
        """Return whether one more fits; whose tallies are not whole fits on another day only."""
        if len(self._kept) < MOST_ACCOUNTS and not self._untold_on:
            return True
        now = self._clock.seconds()
        if now - self._looked >= LOOK:
            self._looked = now
            self._make_room(now)
        return len(self._kept) < MOST_ACCOUNTS and not self._untold_on

    def _make_room(self, now: float) -> None:
        day = max((one.book.day for one in self._kept.values()), default="")
        if day > self._untold_on:
            self._untold_on = ""
        for one in [one for one in self._kept.values() if one.is_idle(day, now)]:
            del self._kept[one.key]
            self._forget(one)
