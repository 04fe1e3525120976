"""What is kept of all accounts: the journal, and the ClientOrderIDs in it.

The order entries of all sessions write here; clients learn of changes through ``on_change``. All
methods run in the reactor's thread; the disk is the journal's own thread's.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from webctp.clock import Reactor
from webctp.ctp.catalog import Catalogue
from webctp.language.text import Language, Text, english, reason_of, said
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.secrets import secret_fields
from webctp.upstream.journal.store import Record, Type
from webctp.upstream.orders.client_order import ClientOrder, ClientOrderState, JournalBroken, Key
from webctp.upstream.orders.client_orders import ClientOrders

_log = Logger()

_AT_ONCE: Final = 100
"""How many ClientOrderIDs are loaded, or forgotten, in a turn of the reactor: some 2 ms."""

_CLIENT_ORDERS: Final = Metric(
    "webctp_client_orders",
    Kind.GAUGE,
    "ClientOrderIDs that are held in memory, of all accounts, by state.",
    "内存中保留的 ClientOrderID 数，所有账户合计，按状态。",
    ("state",),
)


class Keep(Protocol):
    """Write one record of an account to the journal, soon; see :meth:`TradingJournal.keep`."""

    def __call__(
        self,
        kind: Type,
        name: str,
        *,
        body: Mapping[str, Any] | None = None,
        code: int | None = None,
        detail: str = "",
        client_order_id: str = "",
    ) -> None:
        """Write what ``name`` did: its body, its ErrorID or return value, and a sentence."""


class PushesKept:
    """Remember which pushes of an account's trading day this run has written to the journal.

    Each login plays the day again: without this each would write it again. Eight bytes of hash a
    push; another day's are forgotten. Runs in the reactor's thread.
    """

    def __init__(self) -> None:
        self._day = ""
        self._kept: set[int] = set()

    def add(self, trading_day: str, encoded: bytes) -> bool:
        """Note what a push says; gives whether it is written for the first time."""
        if trading_day != self._day:
            self._day = trading_day
            self._kept.clear()
        change = hash(encoded)
        if change in self._kept:
            return False
        self._kept.add(change)
        return True


class TradingJournal:
    """Keep the journal and the ClientOrderIDs of all accounts.

    :param path: the journal's file.
    :param catalogue: that of the sessions' binding, for trading.
    :param days: how long its records are kept; 0 for ever.
    :param go_on: send orders although the journal cannot be written.
    :param language: in which refusals and reasons are kept.
    :param on_change: takes each change of a ClientOrderID.
    """

    def __init__(
        self,
        reactor: Reactor,
        path: str,
        catalogue: Catalogue,
        *,
        days: int,
        go_on: bool,
        on_change: Callable[[ClientOrder], object],
        wall: Callable[[], int] = time.time_ns,
        journal: Callable[..., Journal] = Journal,
        language: Language = "en",
    ) -> None:
        self._language = language
        self._reactor = reactor
        self._wall = wall
        self._forgetting: IDelayedCall | None = None
        self._loaded: dict[AccountKey, str] = {}
        self._pushes: dict[AccountKey, PushesKept] = {}
        self._go_on = go_on
        self.file = journal(path, reactor, secrets=secret_fields(catalogue), days=days, wall=wall)
        self.client_orders = ClientOrders(catalogue, self.file, on_change, wall, go_on=go_on)

    def lock(self) -> None:
        """Take the journal for this process.

        :raises webctp.upstream.journal.place.JournalInUse: if another process has it.
        """
        self.file.lock()

    def start(self) -> None:
        """Start the journal's thread."""
        self.file.start()

    def stop(self) -> Deferred[None]:
        """Write what waits and close."""
        if self._forgetting is not None:
            self._forgetting.cancel()
            self._forgetting = None
        return self.file.stop()

    def samples(self) -> Iterator[Sample]:
        """Read the journal's figures; called on a scrape."""
        yield from self.file.samples()
        states = self.client_orders.states()
        for state in ClientOrderState:
            yield _CLIENT_ORDERS.sample(states[state], state.value)

    @property
    def refusal(self) -> Text | None:
        """Why no order may be inserted now; None where inserts may pass."""
        trouble = self.file.trouble
        if trouble is None or self._go_on:
            return None
        return english("the journal cannot be kept: {trouble}", trouble=trouble)

    @inlineCallbacks
    def load(self, account: AccountKey) -> Any:
        """Read which of an account's ClientOrderIDs may still change; never fails.

        Those of the two trading days that CTP told last: no order outlives its day, but a session
        may have lived on into the second. They come some at a time, so that nobody waits.
        """
        yield self._load(account)

    @inlineCallbacks
    def _load(self, account: AccountKey, day: str = "") -> Any:
        """Load those of a trading day and later; of the last two told where none is given."""
        after, some = "", _AT_ONCE
        try:
            day = day or (yield self.file.last_days(account.broker_id))
            self._loaded[account] = day
            while some == _AT_ONCE:
                orders = yield self.file.client_orders(*account, day, after, _AT_ONCE)
                self.client_orders.load(orders)
                some = len(orders)
                after = orders[-1].client_order_id if orders else ""
        except JournalBroken as problem:
            # Whether an ID is new the disk decides at its claim, loaded or not.
            reason = reason_of(problem)
            _log.warn("ClientOrderIDs not loaded: {reason}", reason=reason, account=account)

    def new_day(self, account: AccountKey, trading_day: str) -> None:
        """Take the trading day that CTP has told at a login: what was before it is over.

        Where an earlier day than that of :meth:`load` is told, the front or a clock was wrong
        before.
        """
        self.file.told_day(account.broker_id, trading_day)
        if self._forgetting is not None:
            self._forgetting.cancel()
        self._forget(trading_day, iter(self.client_orders.new_day(trading_day)))
        if trading_day < self._loaded.get(account, ""):
            self._load(account, trading_day)

    def _forget(self, trading_day: str, keys: Iterator[Key]) -> None:
        self._forgetting = None
        some = list(islice(keys, _AT_ONCE))
        if some:
            self.client_orders.forget(trading_day, some)
            self._forgetting = self._reactor.callLater(0, self._forget, trading_day, keys)

    def pushes_kept(self, account: AccountKey) -> PushesKept:
        """Return which pushes of an account are written already, whichever session wrote them."""
        return self._pushes.setdefault(account, PushesKept())

    def may_have_missed(self, account: AccountKey) -> bool:
        """Return whether something may have been missed of an account's orders."""
        return self.client_orders.may_have_missed(*account)

    def keep(
        self,
        kind: Type,
        name: str,
        account: AccountKey,
        trading_day: str,
        *,
        body: Mapping[str, Any] | None = None,
        code: int | None = None,
        detail: str = "",
        client_order_id: str = "",
    ) -> None:
        """Write one record to the journal, soon."""
        self.file.append(
            Record(
                type=kind,
                name=name,
                time=self._wall(),
                broker_id=account.broker_id,
                user_id=account.user_id,
                trading_day=trading_day,
                client_order_id=client_order_id,
                code=code,
                # Most records have none, and orders are not to wait for it.
                detail=said(detail, self._language) if detail else "",
                body=body,
            )
        )
