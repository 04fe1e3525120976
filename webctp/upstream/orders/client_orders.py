"""Orders that are sent at most once: what becomes of each ``ClientOrderID``.

A request that carries a ClientOrderID is written to the journal, and is on disk, before the native
call. The same ID again never sends anything; it is answered with what became of the first
(``RtnClientOrder``, see :mod:`~webctp.upstream.orders.client_order`). The same ID with other
content is a conflict.

Pure: no IO, no clock but the one given. All methods run in the reactor's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, Protocol

import msgspec
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue
from webctp.ctp.refusal import Refusal
from webctp.language.text import english
from webctp.upstream.orders.client_order import (
    CONDITION,
    MATCH_FIELDS,
    ClientOrder,
    ClientOrderState,
    JournalBroken,
    Key,
    Kind,
    digest_of,
    entered_by,
    is_final,
    kinds,
    matches,
    parent_of,
    reference_of,
    seen_in,
)
from webctp.upstream.orders.client_order_table import (
    CLIENT_ORDER_TABLE,
    ClientOrderAction,
    ClientOrderEvent,
)
from webctp.upstream.orders.keys import ENDED, Row, plain_ref
from webctp.upstream.statetable import IllegalTransition

_ENTERED_KEPT: Final = 1_000
"""How many orders that unknown conditions have entered are kept, for these to become known."""
RECENT: Final = 1000
"""How many settled orders stay in memory: who asks again mostly asks soon, and CTP's last words
on a refusal come within seconds. Each takes some 4 KB."""


class ClientOrderConflict(Refusal):
    """The ID was used before, for something else (-409): ``order`` is what it stands for."""

    def __init__(self, order: ClientOrder) -> None:
        detail = english(
            "ClientOrderID {name!a} stands for another request", name=order.client_order_id
        )
        super().__init__(errors.CONFLICT, detail)
        self.order = order


class OrderJournal(Protocol):
    """What this module needs of :class:`webctp.upstream.journal.journal.Journal`."""

    def claim(self, order: ClientOrder) -> Deferred[ClientOrder | None]:
        """Bring ``order`` to disk as a new ID; fires with None, or with the order that had it."""

    def update(
        self,
        order: ClientOrder,
        *,
        settled: bool = False,
        on_disk: Callable[[], object] | None = None,
    ) -> None:
        """Keep what has become of a claimed order; ``on_disk`` is called when it is kept."""


class ClientOrders:
    """Hold the ClientOrderIDs of all accounts that may still change, and the latest others.

    The disk has the last word on whether an ID is new, so only those that may still change are
    loaded after a start, and :data:`RECENT` of those that are settled stay in memory, once the
    disk has them.

    :param on_change: takes each change that clients are to know.
    :param wall: the time in ns since 1970.
    :param go_on: send although the journal cannot be written (by config); what is then in
        memory alone does not survive a crash.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        journal: OrderJournal,
        on_change: Callable[[ClientOrder], object],
        wall: Callable[[], int],
        *,
        go_on: bool = False,
    ) -> None:
        self.kinds = kinds(catalogue)
        self._journal = journal
        self._notify = on_change
        self._wall = wall
        self._go_on = go_on
        self._orders: dict[Key, ClientOrder] = {}
        self._index: dict[tuple[str, ...], set[Key]] = {}
        self._unsettled: dict[Key, list[Deferred[ClientOrder | None]]] = {}
        self._sessions: set[tuple[str, ...]] = set()
        self._anew: set[Key] = set()
        self._entered: dict[tuple[str, ...], Row] = {}
        self._day = self._day_before = ""
        self._recent: dict[Key, ClientOrder] = {}
        self._spent: set[int] = set()
        self.reloaded = 0
        """How many orders of earlier runs have turned up, which CTP may know more of."""

    def __len__(self) -> int:
        """Return how many ClientOrderIDs are held in memory."""
        return len(self._orders)

    def states(self) -> Counter[ClientOrderState]:
        """Count those in memory by state: some 0.1 us each."""
        return Counter(order.state for order in self._orders.values())

    def find(self, key: Key, request: str, content: Mapping[str, Any]) -> ClientOrder | None:
        """Return what became of an ID before; None if this run knows nothing of it.

        :param content: the body as the client wrote it, before references are given.
        :raises ClientOrderConflict: if it stands for another request.
        """
        order = self._orders.get(key)
        if order is not None and order.digest != digest_of(request, content):
            raise ClientOrderConflict(order)
        return order

    def state_of(self, key: Key) -> ClientOrderState | None:
        """Return what has become of an ID; None where it is settled or not known here."""
        order = self._orders.get(key)
        return None if order is None else order.state

    def record(
        self,
        key: Key,
        request: str,
        content: Mapping[str, Any],
        body: Mapping[str, Any],
        *,
        front_id: int,
        session_id: int,
        trading_day: str,
    ) -> Deferred[ClientOrder]:
        """Bring a new ID to disk; :meth:`find` must have given None just before.

        :param content: as for :meth:`find`.
        :param body: what is going to be sent, with its references.
        :returns: fires with the order. It is to be sent if, and only if, its state is RECORDED
            and the session is ready still and has not logged in anew meanwhile (then
            :meth:`called` must follow, otherwise :meth:`abandon`); else it is what became of the
            ID before. Fails with :class:`ClientOrderConflict`, or for want of a disk with
            :class:`JournalBroken`: then it must not be sent, and is forgotten here.
        """
        kind = self.kinds[request]
        order = ClientOrder(
            **key._asdict(),
            request=request,
            digest=digest_of(request, content),
            time=self._wall(),
            trading_day=trading_day,
            front_id=front_id,
            session_id=session_id,
            order_ref="" if kind.is_action else plain_ref(body.get(kind.ref) or ""),
            match_fields={name: body[name] for name in MATCH_FIELDS if body.get(name) is not None},
            refers_to=reference_of(kind, body) if kind.is_action else (),
        )
        if key in self._orders:
            raise IllegalTransition(f"ClientOrderID {key.client_order_id!a} is recorded twice")
        self._orders[key] = order
        claimed = self._journal.claim(
            msgspec.structs.replace(order, state=ClientOrderState.RECORDED)
        )
        return claimed.addCallbacks(
            lambda had: self._claimed(had, order), lambda failure: self._unclaimed(failure, order)
        )

    def settled(self, key: Key) -> Deferred[ClientOrder | None]:
        """Wait until the disk has said whether an ID is new, and :meth:`settle` is called.

        Fires with what became of it; with None where nobody can tell.
        """
        waiting: Deferred[ClientOrder | None] = Deferred()
        self._unsettled.setdefault(key, []).append(waiting)
        return waiting

    def settle(self, key: Key) -> None:
        """Note that the order of an ID on disk has been sent, or refused."""
        for waiting in self._unsettled.pop(key, ()):
            waiting.callback(self._orders.get(key))

    def called(self, key: Key, result: int) -> ClientOrder:
        """Note that the native call has returned ``result``."""
        if result == 0:
            return self._advance(key, ClientOrderEvent.CALLED)
        return self._advance(
            key, ClientOrderEvent.NOT_TAKEN, code=result, message=errors.message(result)
        )

    def uncertain(self, key: Key) -> ClientOrder:
        """Note that the native call has raised: whether the order was sent is not known."""
        self._advance(key, ClientOrderEvent.CALLED)
        return self._advance(key, ClientOrderEvent.LOST)

    def abandon(self, key: Key, code: int) -> ClientOrder:
        """Note that an order is not sent: the session is not ready any more (-503)."""
        return self._advance(
            key, ClientOrderEvent.ABANDONED, code=code, message=errors.message(code)
        )

    def announce(self, order: ClientOrder) -> None:
        """Tell what became of an ID to all who hear of the account's changes."""
        self._notify(order)

    def answered(self, key: Key, code: int, message: str) -> None:
        """Take CTP's answer to the request itself: an error mostly, else an acceptance.

        An answer to one of a day that is forgotten changes nothing.
        """
        order = self._orders.get(key)
        if order is None:
            return
        if code != 0 and order.state is not ClientOrderState.UNKNOWN:
            self._advance(key, ClientOrderEvent.ANSWERED, code=code, message=message)
        elif code == 0 and order.state is ClientOrderState.SENT:
            self._advance(key, ClientOrderEvent.REPORTED)

    def logged_in(self, broker_id: str, user_id: str, front_id: int, session_id: int) -> None:
        """Note the numbers of a new login: earlier orders under the same are another session's."""
        session = broker_id, user_id, str(front_id), str(session_id)
        self._sessions.add(session)
        self._anew.update(
            key
            for key, one in self._orders.items()
            # Numbers are compared before texts: the texts of 20,000 orders would take 5 ms.
            if one.session_id == session_id and _session_of(one) == session
        )

    def failed(self, row: Row) -> None:
        """Take a RtnErrorConditionalOrder: what a triggered condition was to enter is refused."""
        for key in sorted(self._candidates("OnRtnOrder", row)):
            order = self._orders.get(key)
            if order is None:
                continue
            kind = self.kinds[order.request]
            conditional = order.order_status in CONDITION and not kind.is_action
            if conditional and kind.number(row) in ((), (order.exchange_id, order.order_sys_id)):
                code, message = int(row["ErrorID"]), str(row["ErrorMsg"])
                self._advance(key, ClientOrderEvent.ANSWERED, code=code, message=message)

    def lost(self, front_id: int, session_id: int) -> None:
        """Note that a CTP session's connection broke: what it has not told of may stay untold."""
        for key, order in list(self._orders.items()):
            if (order.front_id, order.session_id) == (front_id, session_id):
                self._advance(key, ClientOrderEvent.LOST)

    def on_row(self, callback: str, row: Row) -> None:
        """Take what CTP tells of an order, a quote …: a push (``OnRtnOrder``) or a query's row.

        It is matched by (FrontID, SessionID, reference), once known by the exchange's number,
        and only if trading day and content agree: after a restart of CTP's flow the same
        reference may be another order's.
        """
        parent = parent_of(row)
        for key in sorted(self._candidates(callback, row)):
            order = self._orders.get(key)
            if order is None:
                continue
            kind = self.kinds[order.request]
            if not matches(kind, order, row, anew=key in self._anew):
                continue
            seen = seen_in(kind, row)
            if entered_by(kind, order, row):
                parent = ()
                # The entered order is found by its condition's number until the exchange has it.
                seen["order_sys_id"] = seen["order_sys_id"] or order.order_sys_id
            if order.state is not ClientOrderState.KNOWN or any(
                getattr(order, name) != value for name, value in seen.items()
            ):
                self._advance(key, ClientOrderEvent.REPORTED, **seen)
            if seen["order_status"] in CONDITION:
                self._follow(callback, (seen["exchange_id"], seen["order_sys_id"]))
        if parent and self._orders:
            self._keep_entered(parent, row)

    def _follow(self, callback: str, condition: tuple[str, ...]) -> None:
        """Follow a condition that has become known: what it entered may have been told before."""
        row = self._entered.pop(condition, None)
        if row is not None:
            self.on_row(callback, row)

    def _keep_entered(self, condition: tuple[str, ...], row: Row) -> None:
        """Keep what an unknown condition has entered: a query lists them in any order."""
        self._entered.pop(condition, None)
        self._entered[condition] = row
        if len(self._entered) > _ENTERED_KEPT:
            del self._entered[next(iter(self._entered))]

    def load(self, orders: Iterable[ClientOrder]) -> None:
        """Take what the journal of a daemon that has ended says; those known here stay."""
        for order in orders:
            if order.key in self._orders:
                continue
            if is_final(self.kinds.get(order.request), order):
                # A version without this mark wrote it; marked now, it is not loaded again.
                self._journal.update(order, settled=True)
            else:
                self._reload(order)

    def reconcile(self, rows: Iterable[Row], callback: str = "OnRtnOrder") -> list[ClientOrder]:
        """Compare with what CTP reports; gives what stays unknown.

        An order that CTP does not list may still be on its way, or have been refused without a
        trace: it is not concluded that it was not sent.
        """
        for row in rows:
            self.on_row(callback, row)
        return [order for order in self._orders.values() if order.state is ClientOrderState.UNKNOWN]

    def may_have_missed(self, broker_id: str, user_id: str) -> bool:
        """Return whether an account has orders that are unknown, or had not ended when last told.

        Of these CTP may have told while nobody listened: between two sessions, or to a daemon
        that died before it had it on disk.
        """
        return any(
            order.state is ClientOrderState.UNKNOWN
            or (
                order.state is ClientOrderState.KNOWN
                and self.kinds[order.request].cancels
                and order.order_status not in ENDED
            )
            for order in self._orders.values()
            if order.key[:2] == (broker_id, user_id)
        )

    def new_day(self, trading_day: str) -> list[Key]:
        """Begin a trading day; gives the IDs to :meth:`forget` those of before."""
        if trading_day != self._day:
            # Only the first session of a day changes it: those of other accounts come later.
            self._day_before, self._day = self._day, trading_day
            self._entered.clear()
        return list(self._orders)

    def forget(self, before: str, keys: Iterable[Key]) -> None:
        """Forget those of trading days before this one; the disk knows them.

        What is not known yet stays a day longer: its session may have lived on into this day.
        """
        for key in keys:
            order = self._orders.get(key)
            if order is not None and order.trading_day < before and not self._open(order):
                self._forget(order)

    def _open(self, order: ClientOrder) -> bool:
        """Return whether a row of a later trading day may still tell of an order of before."""
        told = self.kinds[order.request].returned is not None
        unknown = order.state is ClientOrderState.UNKNOWN and order.trading_day >= self._day_before
        moving = order.state in (ClientOrderState.RECORDING, ClientOrderState.RECORDED)
        return moving or (told and (unknown or order.state is ClientOrderState.SENT))

    def _claimed(self, had: ClientOrder | None, order: ClientOrder) -> ClientOrder:
        if had is None:
            return self._advance(order.key, ClientOrderEvent.ON_DISK)
        # The order is of an earlier run, or was refused in this run for want of a disk.
        del self._orders[order.key]
        if is_final(self.kinds.get(had.request), had):
            self._orders[had.key] = had
            self._enter(had)
            self._count_recent(had)
        else:
            had = self._reload(had)
        if had.digest != order.digest:
            raise ClientOrderConflict(had)
        return had

    def _unclaimed(self, failure: Failure, order: ClientOrder) -> ClientOrder | Failure:
        failure.trap(JournalBroken)
        if self._go_on and hash(order.key) not in self._spent:
            return self._advance(order.key, ClientOrderEvent.ON_DISK)
        # The claim may reach the disk later all the same: this puts it right, and touches nothing
        # that another run has written. Then the disk is asked again.
        code = errors.NOT_READY
        text = errors.message(code)
        refused = self._advance(order.key, ClientOrderEvent.NOT_ON_DISK, code=code, message=text)
        self._forget(order)
        self._notify(msgspec.structs.replace(refused, state=ClientOrderState.UNKNOWN))
        return failure

    def _reload(self, order: ClientOrder) -> ClientOrder:
        self.reloaded += 1
        self._orders[order.key] = order
        if _session_of(order) in self._sessions:
            self._anew.add(order.key)
        self._enter(order)
        return self._advance(order.key, ClientOrderEvent.RESTARTED)

    def _advance(self, key: Key, event: ClientOrderEvent, **changes: Any) -> ClientOrder:
        before = self._orders[key]
        state, action = CLIENT_ORDER_TABLE.next(before.state, event)
        order = msgspec.structs.replace(before, state=state, **changes)
        self._orders[key] = order
        if order == before:
            return order
        self._enter(order)
        if event is not ClientOrderEvent.ON_DISK:
            self._keep(order)
        if action is ClientOrderAction.TELL:
            self._notify(order)
        return order

    def _enter(self, order: ClientOrder) -> None:
        """Make an order findable by what CTP may call it."""
        for name in self._names(order):
            self._index.setdefault(name, set()).add(order.key)

    def _keep(self, order: ClientOrder) -> None:
        """Write an order down; one that is settled may leave memory when the disk has it."""
        if is_final(self.kinds.get(order.request), order):
            self._journal.update(order, settled=True, on_disk=partial(self._count_recent, order))
        else:
            self._journal.update(order)

    def _count_recent(self, order: ClientOrder) -> None:
        """Count a settled order among the recent ones, and let the oldest of these go."""
        if self._orders.get(order.key) is not order:
            return
        self._recent.pop(order.key, None)
        self._recent[order.key] = order
        if len(self._recent) > RECENT:
            oldest = self._recent.pop(next(iter(self._recent)))
            # The order may have changed, or be forgotten, meanwhile.
            if self._orders.get(oldest.key) is oldest:
                self._forget(oldest)

    def _forget(self, order: ClientOrder) -> None:
        """Drop an order from memory. Without a disk (``go_on``) its ID shall not be good again.

        A 64-bit hash may err once in the lifetime of many daemons, and then refuses an order; it
        costs some 100 bytes, not 4 KB.
        """
        del self._orders[order.key]
        self._recent.pop(order.key, None)
        self._anew.discard(order.key)
        if self._go_on:
            self._spent.add(hash(order.key))
        for name in self._names(order):
            keys = self._index.get(name)
            if keys is not None:
                keys.discard(order.key)
                if not keys:
                    del self._index[name]

    def _names(self, order: ClientOrder) -> list[tuple[str, ...]]:
        """Return what CTP may call an order: the push that tells of it, and its name there."""
        kind = self.kinds.get(order.request)
        if kind is None or kind.returned is None:
            return []
        names = [order.refers_to] if kind.is_action else []
        if not kind.is_action and order.order_ref:
            names.append((str(order.front_id), str(order.session_id), order.order_ref))
        if not kind.is_action and order.order_sys_id:
            names.append((order.exchange_id, order.order_sys_id))
        return [(kind.returned, *name) for name in names if name]

    def _candidates(self, callback: str, row: Row) -> set[Key]:
        found: set[Key] = set()
        if self._index:
            for kind in self._told_by(callback):
                for name in (kind.refs(row), kind.number(row), parent_of(row)):
                    found |= self._index.get((callback, *name), set())
        return found

    def _told_by(self, callback: str) -> list[Kind]:
        """Return the insert's kind, or else the action's: both name the same fields."""
        return [kind for kind in self.kinds.values() if kind.returned == callback][:1]


def _session_of(order: ClientOrder) -> tuple[str, ...]:
    """Return the account and the CTP session that an order was sent in."""
    return order.broker_id, order.user_id, str(order.front_id), str(order.session_id)
