"""What is kept of all accounts: the journal, and the ClientOrderIDs in it.

The order entries of all sessions write here; clients are told through ``tell``. All methods run
in the reactor's thread; the disk is the journal's own thread's.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import catalog
from webctp.upstream.identity import Identity
from webctp.upstream.journal import ID_DAYS, Journal, Reactor
from webctp.upstream.journal_entry import ClientOrder, JournalBroken
from webctp.upstream.journal_orders import ClientOrders
from webctp.upstream.journal_store import Record, Type, secret_fields

_log = Logger()

_LOOK_BACK_NS = ID_DAYS * 86_400 * 10**9
"""How far back ClientOrderIDs are loaded: longer than any trading day, holidays and all."""


class Books:
    """See the module's text.

    :param path: the journal's file.
    :param days: how long its records are kept; 0 for ever.
    :param go_on: send orders although the journal cannot be written.
    :param tell: told of each change of a ClientOrderID.
    """

    def __init__(
        self,
        reactor: Reactor,
        path: str,
        *,
        days: int,
        go_on: bool,
        tell: Callable[[ClientOrder], object],
        wall: Callable[[], int] = time.time_ns,
        journal: Callable[..., Journal] = Journal,
    ) -> None:
        catalogue = catalog.trading()
        self._wall = wall
        self._go_on = go_on
        self.journal = journal(
            path, reactor, secrets=secret_fields(catalogue), days=days, wall=wall
        )
        self.client_orders = ClientOrders(catalogue, self.journal, tell, wall, go_on=go_on)

    def start(self) -> None:
        """Start the journal's thread."""
        self.journal.start()

    def stop(self) -> Deferred[None]:
        """Write what waits and close."""
        return self.journal.stop()

    @property
    def refusal(self) -> str | None:
        """Why no order may be inserted now; None where it may."""
        trouble = self.journal.trouble
        return None if trouble is None or self._go_on else f"the journal cannot be kept: {trouble}"

    def load(self, identity: Identity) -> Deferred[None]:
        """Learn what became of an account's ClientOrderIDs before this run; never fails."""
        since = time.strftime("%Y%m%d", time.localtime((self._wall() - _LOOK_BACK_NS) / 1e9))

        def failed(failure: Failure) -> None:
            # The disk keeps the last word on whether an ID is new, loaded or not.
            failure.trap(JournalBroken)
            _log.warn("ClientOrderIDs not loaded: {reason}", reason=failure.getErrorMessage())

        loaded = self.journal.client_orders(*identity, since)
        return loaded.addCallbacks(self.client_orders.load, failed)

    def unsettled(self, identity: Identity) -> bool:
        """Whether something may have been missed of an account's orders: see ``ClientOrders``."""
        return self.client_orders.unsettled(*identity)

    def keep(
        self,
        kind: Type,
        name: str,
        identity: Identity,
        trading_day: str,
        *,
        body: Mapping[str, Any] | None = None,
        code: int | None = None,
        detail: str = "",
        client_order_id: str = "",
    ) -> None:
        """Write one record to the journal, soon."""
        self.journal.append(
            Record(
                type=kind,
                name=name,
                time=self._wall(),
                broker_id=identity.broker_id,
                user_id=identity.user_id,
                trading_day=trading_day,
                client_order_id=client_order_id,
                code=code,
                detail=detail,
                body=body,
            )
        )
