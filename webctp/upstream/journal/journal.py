"""The journal: what the daemon did, on disk, written by a thread of its own.

Everything that gathered while the last sync ran goes to disk in one transaction (group commit),
so a busy daemon syncs as often as the disk can, and an idle one at once.

When the disk is full, broken or does not answer, the journal says so (``alarm``), and:

* :meth:`Journal.commit` and :meth:`Journal.claim` fail: no order is sent that should be on disk
  and is not (unless the configuration says to go on);
* what was only to be kept waits in memory, and is written, in order, once the disk is back;
* beyond ``limit`` records waiting they are counted and dropped, and a record of type ``gap`` says
  how many are missing.

The same holds for a file that was deleted, moved or replaced, which is noticed before a commit is
told, and within a second where nothing is written: what needs the disk fails, and the next try
writes the journal anew where it belongs (:meth:`Store.carry`).
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from webctp.clock import GRAIN, Reactor
from webctp.language.text import Text, english, reason_of
from webctp.metrics import Sample
from webctp.upstream.account import AccountKey
from webctp.upstream.journal import figures
from webctp.upstream.journal.due import Due
from webctp.upstream.journal.figures import JournalFigures
from webctp.upstream.journal.place import JournalInUse, JournalLock
from webctp.upstream.journal.plans import PlanRow
from webctp.upstream.journal.store import Record, Return, Store, Type
from webctp.upstream.journal.writer import Misplaced, Task, Writer
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken, Key

_log = Logger()

_LOOK_EVERY: Final = 1.0
"""Seconds between two looks at the file's place while nothing is written."""
_PRUNE_EVERY: Final = 3600.0


class Journal:
    """Write what the daemon does to a SQLite file, in a thread of its own.

    Its methods run in the reactor's thread and never block.

    :param path: the file; made, with its directory, when missing.
    :param secrets: fields that are dropped (:func:`journal_store.secret_fields`).
    :param days: how long records are kept (``Days``): days by the clock, and for ClientOrderIDs
        trading days that CTP has told, ten at least; 0 keeps them for ever.
    :param limit: how many records may wait for a disk that does not take them (6 KB each).
    :param patience: seconds that :meth:`commit` waits for the disk.
    :param retry: seconds between two tries of a broken disk.
    :param alarm: told on change: the trouble in one line, None when it is over.
    """

    def __init__(
        self,
        path: str,
        reactor: Reactor,
        *,
        secrets: frozenset[str],
        days: int = 30,
        limit: int = 10_000,
        patience: float = 5.0,
        retry: float = 1.0,
        alarm: Callable[[Text | None], object] = lambda trouble: None,
        wall: Callable[[], int] = time.time_ns,
        store: Callable[[Path], Store] = Store,
    ) -> None:
        self._path = Path(path)
        self._lock = JournalLock(self._path)
        self._reactor = reactor
        self._secrets = secrets
        self._days = days
        self._limit = limit
        self._patience = patience
        self._retry = retry
        self._alarm = alarm
        self._wall = wall
        self._open = store
        self._waiting: dict[Task, None] = {}
        self._watch: IDelayedCall | None = None
        self._stopped: Deferred[None] | None = None
        self._given_up: IDelayedCall | None = None
        self._ended = False
        self.trouble: Text | None = None
        """Why the disk does not take anything now; None while all is well."""
        self.dropped = 0
        """How many records are lost for good."""
        self.alarms = 0
        """How often the disk has failed since the start."""
        self._figures = JournalFigures(self._path)
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        # Shared with the journal's thread, under the condition.
        self._condition = threading.Condition()
        self._queue: deque[Task] = deque()
        self._held = 0
        self._gap = 0
        self._stopping = False

    @property
    def healthy(self) -> bool:
        """Whether the disk takes what it is given."""
        return self.trouble is None

    def __len__(self) -> int:
        """Return how many records wait for the disk."""
        return self._held

    def samples(self) -> Iterator[Sample]:
        """Read the journal's figures; called on a scrape."""
        yield figures.HEALTHY.sample(self.healthy)
        yield figures.ALARMS.sample(self.alarms)
        yield figures.WAITING.sample(self._held)
        yield figures.WAITING_LIMIT.sample(self._limit)
        yield figures.LOST.sample(self.dropped)
        yield from self._figures.samples()

    def lock(self) -> None:
        """Take the journal for this process. A place that cannot be written is told later.

        :raises JournalInUse: with one line, if another process has it.
        """
        try:
            self._lock.acquire()
        except JournalInUse:
            raise
        except JournalBroken:
            pass  # the thread tries it again, and tells

    def start(self) -> None:
        """Start the thread; it opens the file. Not before twistd has forked.

        :raises JournalInUse: as :meth:`lock`.
        """
        self.lock()
        self._thread.start()

    def stop(self) -> Deferred[None]:
        """Write what waits, close, end the thread; fires when that is done. Never fails.

        A disk that is broken is not waited for, one that does not answer for ``patience``
        seconds: what waits is lost, and the log says so.
        """
        if self._stopped is None:
            self._stopped = Deferred()
            self._given_up = self._reactor.callLater(self._patience, self._give_up)
            with self._condition:
                self._stopping = True
                self._condition.notify()
        return self._stopped

    def append(self, record: Record) -> None:
        """Keep a record; it is on disk soon, unless there is no disk for long."""
        record = self._clean(record)
        self._put(Task(lambda store: store.add(record)))

    def commit(self, record: Record) -> Deferred[None]:
        """Keep a record; fires when it is on disk, fails with :class:`JournalBroken`."""
        record = self._clean(record)
        return self._wait_for(lambda store: store.add(record))

    def claim(self, order: ClientOrder) -> Deferred[ClientOrder | None]:
        """Bring a ClientOrderID to disk; fires with None, or with the order that had the ID.

        Fails with :class:`JournalBroken`; then it is not on disk, or will be put right by the
        :meth:`update` that must follow.
        """
        return self._wait_for(lambda store: store.claim(order))

    def update(
        self,
        order: ClientOrder,
        *,
        settled: bool = False,
        on_disk: Callable[[], object] | None = None,
    ) -> None:
        """Keep what has become of a ClientOrderID.

        :param settled: whether nothing more can become of it.
        :param on_disk: called when the disk has it, however late; never if it is lost.
        """
        self._put(Task(lambda store: store.update(order, settled=settled), on_disk=on_disk))

    def client_orders(
        self, broker_id: str, user_id: str, trading_day: str, after: str, most: int
    ) -> Deferred[list[ClientOrder]]:
        """Read some of an account's ClientOrderIDs that are not settled; fails as :meth:`commit`.

        See :meth:`Store.client_orders`.
        """
        return self._wait_for(
            lambda store: store.client_orders(broker_id, user_id, trading_day, after, most),
            records=0,
        )

    def put_due(self, due: Due) -> Deferred[None]:
        """Keep what is to be cancelled; fires when it is on disk, fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.dues.put(due))

    def drop_due(self, due: Due) -> None:
        """Keep no longer what was to be cancelled."""
        key = due.broker_id, due.user_id, due.key, due.kind
        self._put(Task(lambda store: store.dues.drop(*key)))

    def claim_dues(
        self, broker_id: str, user_id: str, run: str, trading_day: str
    ) -> Deferred[list[Due]]:
        """See :meth:`DueTable.claim`; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.dues.claim(broker_id, user_id, run, trading_day))

    def claim_plan(self, row: PlanRow) -> Deferred[bytes | None]:
        """See :meth:`PlanTable.claim`; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.plans.claim(row))

    def put_plans(self, rows: Sequence[PlanRow]) -> Deferred[None]:
        """See :meth:`PlanTable.put`; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.plans.put(rows))

    def keep_plans(self, rows: Sequence[PlanRow]) -> None:
        """Write what has become of plans as soon as there is a disk."""
        self._put(Task(lambda store: store.plans.put(rows)))

    def unsettled_plans(self, account: AccountKey, kind: str) -> Deferred[list[bytes]]:
        """See :meth:`PlanTable.unsettled`; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.plans.unsettled(*account, kind), records=0)

    def waiting_plans(self, kind: str) -> Deferred[list[tuple[str, str, int]]]:
        """See :meth:`PlanTable.waiting`; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.plans.waiting(kind), records=0)

    def client_order(self, key: Key) -> Deferred[ClientOrder | None]:
        """See :meth:`Store.client_order`; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.client_order(key), records=0)

    def find_plan(self, account: AccountKey, kind: str, plan_id: str) -> Deferred[bytes | None]:
        """See :meth:`PlanTable.find`; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.plans.find(*account, kind, plan_id), records=0)

    def returns(self, of: tuple[str, str, str], after: int, most: int) -> Deferred[list[Return]]:
        """See :meth:`Store.returns`; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.returns(of, after, most), records=0)

    def last_days(self, broker_id: str) -> Deferred[str]:
        """Read the first of the last two trading days that CTP told; fails as :meth:`commit`."""
        return self._wait_for(lambda store: store.last_days(broker_id), records=0)

    def told_day(self, broker_id: str, trading_day: str) -> None:
        """Keep that CTP has told a trading day: by these ClientOrderIDs age."""
        self._put(Task(lambda store: store.told_day(broker_id, trading_day)))

    def _clean(self, record: Record) -> Record:
        """Return a copy with a time, without secrets and reserved fields.

        Whoever gave the body may go on changing it.
        """
        moment = record.time or self._wall()
        if record.body is None:
            return replace(record, time=moment)
        kept = {
            name: value
            for name, value in record.body.items()
            if value is not None and name not in self._secrets and not name.startswith("reserve")
        }
        return replace(record, time=moment, body=kept)

    def _wait_for(self, run: Callable[[Store], Any], records: int = 1) -> Deferred[Any]:
        done: Deferred[Any] = Deferred()
        if self.trouble is not None or self._stopped is not None:
            done.errback(JournalBroken(self.trouble or english("the journal is closed")))
            return done
        task = Task(run, done, since=self._reactor.seconds(), records=records)
        self._waiting[task] = None
        self._put(task)
        if self._watch is None and self._waiting:
            self._watch = self._reactor.callLater(self._patience, self._overdue)
        return done

    def _put(self, task: Task) -> None:
        with self._condition:
            room = not self._ended and self._held + task.records <= self._limit
            if room:
                self._held += task.records
                self._queue.append(task)
                self._condition.notify()
            elif task.done is None:
                self._gap += 1
        if room:
            return
        if task.done is None:
            self.dropped += 1
        trouble = english("closed")
        if not self._ended:
            trouble = english("{count} records wait for the disk", count=self._limit)
        if not self._ended:
            self._told(trouble)
        self._resolve(task, JournalBroken(trouble))

    def _overdue(self) -> None:
        """Fail what waits for the disk if the oldest has waited too long."""
        self._watch = None
        now = self._reactor.seconds()
        late = [one for one in self._waiting if one.since + self._patience - now <= GRAIN]
        if late:
            trouble = english("the disk has not answered for {seconds:g} s", seconds=self._patience)
            self._told(trouble)
            for task in list(self._waiting):
                self._resolve(task, JournalBroken(trouble))
        elif self._waiting:
            oldest = next(iter(self._waiting))
            wait = oldest.since + self._patience - now
            self._watch = self._reactor.callLater(wait, self._overdue)

    def _resolve(self, task: Task, result: Any) -> None:
        """Tell whoever waits for a task; nobody does if it has been told already."""
        if task in self._waiting and task.done is not None:
            del self._waiting[task]
            if isinstance(result, Exception):
                task.done.errback(result)
            else:
                task.done.callback(result)

    def _told(self, trouble: Text | None) -> None:
        if trouble == self.trouble:
            return
        before, self.trouble = self.trouble, trouble
        if trouble is not None and before is None:
            self.alarms += 1
            _log.error("journal: {trouble}", trouble=trouble)
        elif trouble is None:
            _log.info("journal: the disk is back; {dropped} records are lost", dropped=self.dropped)
        self._alarm(trouble)

    def _written(self, batch: list[Task]) -> None:
        """Take, in the reactor's thread, that a batch is on disk."""
        self._told(None)
        for task in batch:
            self._resolve(task, task.result)
            if task.on_disk is not None and not isinstance(task.result, JournalBroken):
                task.on_disk()

    def _failed(self, batch: list[Task], trouble: Text) -> None:
        """Take, in the reactor's thread, that a batch is not on disk."""
        self._told(trouble)
        for task in batch:
            self._resolve(task, JournalBroken(trouble))

    def _over(self) -> None:
        """Take, in the reactor's thread, that the journal's thread has ended."""
        if self._ended:
            return  # given up before
        self._thread.join()
        self._end()

    def _give_up(self) -> None:
        """Stop waiting for a disk that does not answer; the process ends with the thread in it."""
        self._given_up = None
        _log.error("journal: given up, the disk has not answered for {s:g} s", s=self._patience)
        self._end()

    def _end(self) -> None:
        self._ended = True
        if self._given_up is not None:
            self._given_up.cancel()
            self._given_up = None
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._held:
            self.dropped += self._held
            _log.error("journal: closed, {lost} records are lost", lost=self._held)
        for task in list(self._waiting):
            self._resolve(task, JournalBroken(english("closed")))
        if self._stopped is not None:
            self._stopped.callback(None)

    # The methods below run in the journal's thread.

    def _run(self) -> None:
        writer = Writer(self._path, self._lock, self._open)
        pruned_at = -_PRUNE_EVERY
        while True:
            due = self._days > 0 and time.monotonic() - pruned_at >= _PRUNE_EVERY
            batch = self._take(0 if due or not writer.usable else _LOOK_EVERY)
            if batch is None:
                break
            try:
                self._write(writer, batch)
                if due and not batch and not writer.prune(self._wall(), self._days):
                    pruned_at = time.monotonic()
            except Misplaced as problem:
                # Records that nobody waits for are in the file, and are carried over with it.
                self._keep([task for task in batch if task.done is not None], reason_of(problem))
                self._forget([task for task in batch if task.done is None])
                self._rest()
            except Exception as problem:  # noqa: BLE001 - whatever it is, the thread must go on
                writer.close()
                self._keep(batch, reason_of(problem))
                self._rest()
        writer.end()
        self._lock.release()
        self._reactor.callFromThread(self._over)

    def _take(self, patience: float) -> list[Task] | None:
        """Take what waits; nothing after ``patience`` seconds; None when all is done."""
        with self._condition:
            self._condition.wait_for(lambda: self._queue or self._stopping, patience)
            if self._stopping and not self._queue:
                return None
            batch = list(self._queue)
            self._queue.clear()
            return batch

    def _write(self, writer: "Writer", batch: list[Task]) -> None:
        was_usable, gap = writer.usable, self._gap
        lost = Record(type=Type.GAP, name="gap", time=self._wall(), code=gap)
        told = [Task(lambda store: store.add(lost), records=0)] if gap else []
        self._figures.look()
        begun = time.monotonic()
        writer.write([*told, *batch])
        if batch:
            self._figures.committed(len(batch), time.monotonic() - begun)
        with self._condition:
            self._gap -= gap
            self._held -= sum(task.records for task in batch)
        if batch or not was_usable:
            self._reactor.callFromThread(self._written, batch)

    def _keep(self, batch: list[Task], trouble: Text) -> None:
        """Put back what was only to be kept; what somebody waits for has failed."""
        kept = [task for task in batch if task.done is None]
        with self._condition:
            self._queue.extendleft(reversed(kept))
            self._held -= sum(task.records for task in batch) - sum(t.records for t in kept)
        failed = [task for task in batch if task.done is not None]
        self._reactor.callFromThread(self._failed, failed, trouble)

    def _forget(self, batch: list[Task]) -> None:
        """Count what is done with as no longer waiting."""
        with self._condition:
            self._held -= sum(task.records for task in batch)

    def _rest(self) -> None:
        """Wait before the next try; a journal that is to stop has had its last."""
        with self._condition:
            self._condition.wait_for(lambda: self._stopping, self._retry)
            if self._stopping:
                self._queue.clear()
