"""Write how many lots of an order's trades are covered together with what covers them.

Neither is on disk without the other, so that no lot is protected twice, and none forgotten. Runs
in the reactor's thread.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.language.text import reason_of
from webctp.upstream.account import AccountKey
from webctp.upstream.conditional.book import Book
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.plans import PlanRow
from webctp.upstream.orders.client_order import JournalBroken

_log = Logger()

RETRY: Final = 1.0
"""Seconds until another try of a disk that did not take them."""


class Covering:
    """Write what protects the trades of one account's orders, until the disk has it.

    :param on_disk: takes an order's conditional ID and what protects its trades from now on.
    """

    def __init__(
        self,
        clock: IReactorTime,
        journal: Journal,
        account: AccountKey,
        book: Book,
        on_disk: Callable[[str, tuple[Conditional, ...]], object],
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._account = account
        self._book = book
        self._on_disk = on_disk
        self._pending: dict[str, list[Conditional]] = {}

    def __contains__(self, name: str) -> bool:
        """Return whether something that protects an order's trades is not on disk yet."""
        return name in self._pending

    def rows(self, one: Conditional) -> list[PlanRow]:
        """Return what is to be written of one: itself, and what protects its trades."""
        return [one.row(), *(child.row() for child in self._pending.get(one.conditional_id, ()))]

    def cover(self, one: Conditional, traded: int) -> Conditional:
        """Protect what an order has traded since the last time; gives it as it is from now on."""
        child = one.child(traded - one.covered)
        one = self._book.change(one, covered=traded, children=one.children + 1)
        self._pending.setdefault(one.conditional_id, []).append(child)
        self._write(one.conditional_id)
        return one

    def _write(self, name: str) -> None:
        children = tuple(self._pending.get(name, ()))
        one = self._book.get(name)
        if one is None or not children:
            return
        written = self._journal.put_plans(self.rows(one))
        written.addCallbacks(
            partial(self._written, name, children), partial(self._not_written, name)
        ).addErrback(self._unforeseen)

    def _written(self, name: str, children: tuple[Conditional, ...], _: None) -> None:
        left = [one for one in self._pending.get(name, ()) if one not in children]
        if left:
            self._pending[name] = left
        else:
            self._pending.pop(name, None)
        self._on_disk(name, children)

    def _not_written(self, name: str, failure: Failure) -> None:
        failure.trap(JournalBroken)
        _log.error(
            "what protects the trades of conditional order {name} is not on disk: {reason}",
            name=name,
            reason=reason_of(failure.value),
            account=self._account,
        )
        self._clock.callLater(RETRY, self._write, name)

    def _unforeseen(self, failure: Failure) -> None:
        account = self._account
        _log.failure("what protects an order's trades was lost sight of", failure, account=account)
