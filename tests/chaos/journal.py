"""A journal on a virtual disk: slow, broken at times, and what is on it survives the daemon."""

from collections.abc import Callable
from typing import Any

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from webctp.upstream.journal.due import Due
from webctp.upstream.journal.store import Record
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken, Key

Task = tuple[Callable[[], Any], Deferred[Any] | None]


class Disk:
    """What survives. ``broken`` is why it takes nothing now, ``delay`` draws how long it takes."""

    def __init__(self, delay: Callable[[], float]) -> None:
        self.orders: dict[Key, ClientOrder] = {}
        self.settled: set[Key] = set()
        self.dues: dict[tuple[str, str, str, str], Due] = {}
        self.days: set[str] = set()
        self.records = 0
        self.delay = delay
        self.broken: str | None = None


class VirtualJournal:
    """Stands where :class:`webctp.upstream.journal.journal.Journal` does, with its promises.

    Everything that gathers while the disk is busy goes to it together, in order. What somebody
    waits for fails after ``patience`` seconds, and may be on disk later all the same.
    """

    def __init__(self, disk: Disk, path: str, reactor: Any, **settings: object) -> None:
        self._disk = disk
        self._reactor = reactor
        self._queue: list[Task] = []
        self._busy: IDelayedCall | None = None
        self._patience = 5.0
        self._stopped: Deferred[None] | None = None
        self.trouble: str | None = None

    def start(self) -> None:
        """Of ``Journal``."""

    def stop(self) -> Deferred[None]:
        """Of ``Journal``: write what waits."""
        if self._stopped is None:
            self._stopped = Deferred()
            self._work()
        return self._stopped

    def append(self, record: Record) -> None:
        """Of ``Journal``."""
        self._put(self._count, None)

    def claim(self, order: ClientOrder) -> Deferred[ClientOrder | None]:
        """Of ``Journal``."""
        orders = self._disk.orders

        def run() -> ClientOrder | None:
            had = orders.get(order.key)
            if had is None:
                orders[order.key] = order
            return had

        return self._wait_for(run)

    def update(
        self,
        order: ClientOrder,
        *,
        settled: bool = False,
        on_disk: Callable[[], object] | None = None,
    ) -> None:
        """Of ``Journal``."""
        orders = self._disk.orders

        def run() -> None:
            if order.key not in orders or orders[order.key].time == order.time:
                orders[order.key] = order
                self._disk.settled |= {order.key} if settled else set()
                self._disk.settled -= set() if settled else {order.key}
            if on_disk is not None:
                on_disk()

        self._put(run, None)

    def client_orders(
        self, broker_id: str, user_id: str, trading_day: str, after: str, most: int
    ) -> Deferred[list[ClientOrder]]:
        """Of ``Journal``."""
        disk = self._disk
        return self._wait_for(
            lambda: [
                order
                for key, order in sorted(disk.orders.items())
                if key[:2] == (broker_id, user_id)
                and key.client_order_id > after
                and key not in disk.settled
                and order.trading_day >= trading_day
            ][:most]
        )

    def put_due(self, due: Due) -> Deferred[None]:
        """Of ``Journal``."""
        return self._wait_for(lambda: self._disk.dues.update({_key(due): due}))

    def drop_due(self, due: Due) -> None:
        """Of ``Journal``."""
        self._put(lambda: self._disk.dues.pop(_key(due), None), None)

    def claim_dues(
        self, broker_id: str, user_id: str, run: str, trading_day: str
    ) -> Deferred[list[Due]]:
        """Of ``Journal``."""
        dues = self._disk.dues

        def claim() -> list[Due]:
            claimed = []
            for key, due in list(dues.items()):
                if key[:2] != (broker_id, user_id):
                    continue
                if due.trading_day != trading_day:
                    del dues[key]
                elif due.run != run:
                    dues[key] = msgspec.structs.replace(due, run=run)
                    claimed.append(dues[key])
            return claimed

        return self._wait_for(claim)

    def waiting_plans(self, kind: str) -> Deferred[list[tuple[str, str, int]]]:
        """Of ``Journal``: clients of schedules plan nothing."""
        return self._wait_for(list)

    def unsettled_plans(self, account: object, kind: str) -> Deferred[list[bytes]]:
        """Of ``Journal``: clients of schedules plan nothing."""
        return self._wait_for(list)

    def last_days(self, broker_id: str) -> Deferred[str]:
        """Of ``Journal``."""
        return self._wait_for(lambda: ("", "", *sorted(self._disk.days))[-2])

    def told_day(self, broker_id: str, trading_day: str) -> None:
        """Of ``Journal``."""
        self._put(lambda: self._disk.days.add(trading_day), None)

    def _count(self) -> None:
        self._disk.records += 1

    def _wait_for(self, run: Callable[[], Any]) -> Deferred[Any]:
        done: Deferred[Any] = Deferred()
        if self.trouble is not None or self._stopped is not None:
            done.errback(JournalBroken(self.trouble or "the journal is closed"))
            return done
        late = self._reactor.callLater(self._patience, self._overdue, done)
        done.addBoth(_cancelling(late))
        self._put(run, done)
        return done

    def _overdue(self, done: Deferred[Any]) -> None:
        self.trouble = "the disk does not answer"
        done.errback(JournalBroken(self.trouble))

    def _put(self, run: Callable[[], Any], done: Deferred[Any] | None) -> None:
        self._queue.append((run, done))
        self._work()

    def _work(self) -> None:
        if self._busy is None:
            batch, self._queue = self._queue, []
            self._busy = self._reactor.callLater(self._disk.delay(), self._done, batch)

    def _done(self, batch: list[Task]) -> None:
        self._busy = None
        if self._disk.broken is not None:
            self._failed(batch, self._disk.broken)
            return
        self.trouble = None
        for run, done in batch:
            result = run()
            if done is not None and not done.called:
                done.callback(result)
        if self._queue:
            self._work()
        elif self._stopped is not None and not self._stopped.called:
            self._stopped.callback(None)

    def _failed(self, batch: list[Task], trouble: str) -> None:
        """What was only to be kept waits; what somebody waits for has failed."""
        self.trouble = trouble
        self._queue[:0] = [task for task in batch if task[1] is None]
        self._busy = self._reactor.callLater(1.0, self._done, [])
        for _, done in batch:
            if done is not None and not done.called:
                done.errback(JournalBroken(trouble))


def _key(due: Due) -> tuple[str, str, str, str]:
    return due.broker_id, due.user_id, due.key, due.kind


def _cancelling(call: IDelayedCall) -> Callable[[Any], Any]:
    def cancel(result: Any) -> Any:
        if call.active():
            call.cancel()
        return result

    return cancel
