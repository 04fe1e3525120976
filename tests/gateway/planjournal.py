"""A journal for tests whose plans and ClientOrderIDs are in a real file, over several runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from twisted.internet.defer import Deferred, fail, maybeDeferred

from tests.gateway.trading.test_dues import DueJournal
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.plans import PlanRow
from webctp.upstream.journal.store import Store
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken, Key


class PlanJournal(DueJournal):
    """A journal whose plans and ClientOrderIDs are in a real file, written at once."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.held = False
        self.puts_wait: list[tuple[Sequence[PlanRow], Deferred[None]]] | None = None
        self.plans_wait: list[tuple[PlanRow, Deferred[bytes | None]]] | None = None

    def write(self, claimed: ClientOrder) -> ClientOrder | None:
        """Of ``Memory``."""
        return self.store.claim(claimed)  # a ClientOrderID, on disk at once

    def update(self, order: ClientOrder, *, settled: bool = False, on_disk: Any = None) -> None:
        """Of ``Journal``."""
        self.store.update(order, settled=settled)
        if on_disk is not None:
            on_disk()

    def client_orders(self, *of: Any) -> Deferred[list[ClientOrder]]:
        """Of ``Journal``."""
        return maybeDeferred(self.store.client_orders, *of)

    def find_plan(self, account: AccountKey, kind: str, plan_id: str) -> Deferred[bytes | None]:
        """Of ``Journal``."""
        if self.is_broken:
            return fail(JournalBroken("full"))
        return maybeDeferred(self.store.plans.find, *account, kind, plan_id)

    def claim_plan(self, row: PlanRow) -> Deferred[bytes | None]:
        """Of ``Journal``."""
        if self.plans_wait is None:
            return maybeDeferred(self.store.plans.claim, row)
        done: Deferred[bytes | None] = Deferred()
        self.plans_wait.append((row, done))
        return done

    def put_plans(self, rows: Sequence[PlanRow]) -> Deferred[None]:
        """Of ``Journal``; waits for :meth:`sync_plans` where that is asked for."""
        if self.is_broken:
            return fail(JournalBroken("full"))
        if self.puts_wait is None:
            return maybeDeferred(self.store.plans.put, rows)
        done: Deferred[None] = Deferred()
        self.puts_wait.append((rows, done))
        return done

    def sync_plans(self) -> None:
        """Let what waits come to the disk."""
        waiting, self.puts_wait = self.puts_wait or [], None
        for rows, done in waiting:
            self.store.plans.put(rows)
            done.callback(None)

    def keep_plans(self, rows: Sequence[PlanRow]) -> None:
        """Of ``Journal``."""
        self.store.plans.put(rows)

    def unsettled_plans(self, account: AccountKey, kind: str) -> Deferred[list[bytes]]:
        """Of ``Journal``."""
        return maybeDeferred(self.store.plans.unsettled, *account, kind)

    def waiting_plans(self, kind: str) -> Deferred[list[tuple[str, str, int]]]:
        """Of ``Journal``."""
        return maybeDeferred(self.store.plans.waiting, kind)

    def client_order(self, key: Key) -> Deferred[ClientOrder | None]:
        """Of ``Journal``."""
        return maybeDeferred(self.store.client_order, key)


@contextmanager
def kept_in(journal: PlanJournal) -> Iterator[None]:
    """Let the services that are made meanwhile keep their journal there."""

    def kept(reactor: Any, path: str, catalogue: Any, **more: Any) -> TradingJournal:
        def make(*_: object, **__: object) -> Journal:
            return journal  # type: ignore[return-value]

        return TradingJournal(reactor, path, catalogue, **more, journal=make)

    with patch("webctp.gateway.trading.service.TradingJournal", kept):
        yield
