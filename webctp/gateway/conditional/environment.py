"""What conditional orders need of their surroundings: prices, the disk, the time, who may trade."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from twisted.internet.interfaces import IReactorTime

from webctp.ctp.catalog import Method
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.journal.journal import Journal
from webctp.upstream.market.ticks import Moment


class Prices(Protocol):
    """The daemon's market data, as conditions are watched by it."""

    def trouble_of(self, instruments: frozenset[str]) -> Text:
        """Return why no price of these instruments is known now; empty where all are."""

    def watch(self, instruments: frozenset[str]) -> None:
        """Follow these instruments, and no others, for one account."""

    def again(self, instruments: Iterable[str]) -> None:
        """Take the newest price of instruments once more."""


MakePrices = Callable[[Callable[[str, int, Moment | None], object]], Prices]
"""Makes what follows prices, given what takes them."""


class Environment(Protocol):
    """What the accounts share."""

    clock: IReactorTime
    journal: Journal
    insert: Method

    def now(self) -> datetime:
        """Return the time at the exchanges, China Standard Time."""

    def objection(self, one: Conditional) -> Refusal | None:
        """Return why who has entered one may not trade it any more; None where that may be."""

    def changed(self, one: Conditional, reason: Text) -> None:
        """Tell the account's clients, and the audit log."""
