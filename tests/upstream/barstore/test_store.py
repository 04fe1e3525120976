"""webctp.upstream.barstore.store: a thread that writes, reads, and outlives a broken disk."""

import sqlite3
import threading
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, cast

from twisted.internet import reactor
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.upstream.barstore.test_row import begins, minute
from webctp.metrics import Sample
from webctp.upstream.barstore import store as stores
from webctp.upstream.barstore.file import BarFile, BarStoreError
from webctp.upstream.barstore.row import BarRow, SeriesKey
from webctp.upstream.barstore.store import BarStore

Steps = Generator[Deferred[Any], Any, None]
RB = SeriesKey("rb2701", "1m")


def hour(count: int = 60) -> list[BarRow]:
    """Minutes from nine on."""
    return [minute(f"09:{one:02}", 10.0 + one, 1) for one in range(count)]


class BrokenDisk(BarFile):
    """A file that takes nothing while ``broken`` is set."""

    broken = threading.Event()

    def put(self, bars: Iterable[tuple[SeriesKey, BarRow]]) -> None:
        if self.broken.is_set():
            raise sqlite3.OperationalError("disk I/O error")
        super().put(bars)


class StoreCase(TestCase):
    """A store with its thread."""

    timeout = 60
    days = 0
    opener = BarFile

    def setUp(self) -> None:
        self.path = Path(self.mktemp()) / "bars.sqlite"
        self.store = BarStore(cast(Any, reactor), self.path, self.days, self.opener)
        self.store.start()

    @inlineCallbacks
    def tearDown(self) -> Steps:  # type: ignore[override]
        yield deferToThread(self.store.stop)

    def figures(self) -> dict[str, float]:
        """The store's figures by name."""
        found: Iterable[Sample] = self.store.samples()
        return {one.metric.name: one.value for one in found}


class Working(StoreCase):
    """A store on a disk that works."""

    @inlineCallbacks
    def test_what_was_put_before_is_read(self) -> Steps:
        for row in hour():
            self.store.put(RB, row)
        past = yield self.store.bars(RB, 3)
        self.assertEqual(begins(past.rows), ["09:57", "09:58", "09:59"])
        self.assertEqual(past.upto, past.rows[-1].begin)
        self.assertEqual(self.figures()["webctp_barstore_bars_written_total"], 60)
        self.assertEqual(self.figures()["webctp_barstore_bars_waiting"], 0)

    @inlineCallbacks
    def test_longer_bars_are_made_of_minutes(self) -> Steps:
        for row in hour(58)[2:]:
            self.store.put(RB, row)
        key = SeriesKey("rb2701", "15m")
        past = yield self.store.bars(key, 9)
        # Of the first quarter two minutes are missing: no bar of the past is short of any.
        self.assertEqual(begins(past.rows), ["09:15", "09:30", "09:45"])
        self.assertEqual([row.volume for row in past.rows], [15, 15, 13])
        past = yield self.store.bars(key, 9, end=hour(58)[-1].end)
        self.assertEqual(begins(past.rows), ["09:15", "09:30"])
        past = yield self.store.bars(key, 1, end=hour(58)[-1].end)
        self.assertEqual(begins(past.rows), ["09:30"])
        past = yield self.store.bars(key, 9, begin=hour()[20].begin)
        self.assertEqual(begins(past.rows), ["09:30", "09:45"])

    @inlineCallbacks
    def test_what_is_put_while_it_is_followed(self) -> Steps:
        first, second, third = hour(3)
        self.store.put(RB, first)
        tail = self.store.follow(RB)
        self.store.put(RB, second)
        self.store.put(SeriesKey("cu2701", "1m"), third)
        self.assertEqual(tail.rows, [second])
        self.store.unfollow(RB, tail)
        self.store.put(RB, third)
        self.assertEqual(tail.rows, [second])
        past = yield self.store.bars(RB, 9)
        self.assertEqual(past.rows, [first, second, third])

    @inlineCallbacks
    def test_what_waits_is_written_at_the_end(self) -> Steps:
        self.store.put(RB, hour(1)[0])
        self.store.settle("rb2701", "20261123", 5.0)
        yield deferToThread(self.store.stop)
        file = BarFile(self.path)
        self.addCleanup(file.close)
        self.assertEqual(file.bars(RB, 9), hour(1))


class Old(StoreCase):
    """A store that keeps a day."""

    days = 1

    @inlineCallbacks
    def test_bars_that_are_too_old_are_removed(self) -> Steps:
        file = BarFile(self.path)
        old = hour(1)[0]
        file.put([(RB, old._replace(begin=1_000, end=1_060))])
        file.close()
        yield deferToThread(self.store.stop)
        self.store = BarStore(cast(Any, reactor), self.path, self.days)
        self.store.start()
        young = old._replace(begin=2_000_000_000, end=2_000_000_060)
        self.store.put(RB, young)
        past = yield self.store.bars(RB, 9)
        self.assertEqual(past.rows, [young])


class Broken(StoreCase):
    """A store whose disk takes nothing for a while."""

    opener = BrokenDisk

    def setUp(self) -> None:
        self.patch(stores, "_RETRY", 0.05)
        BrokenDisk.broken.clear()
        super().setUp()

    @inlineCallbacks
    def test_bars_wait_until_the_disk_is_back(self) -> Steps:
        yield self.store.bars(RB, 1)
        BrokenDisk.broken.set()
        self.store.put(RB, hour(1)[0])
        yield self.assertFailure(self.store.bars(RB, 1), BarStoreError)
        self.assertEqual(self.figures()["webctp_barstore_up"], 0)
        self.assertEqual(self.figures()["webctp_barstore_bars_waiting"], 1)
        BrokenDisk.broken.clear()
        past = yield self.store.bars(RB, 1)
        self.assertEqual(past.rows, hour(1))
        self.assertEqual(self.figures()["webctp_barstore_up"], 1)

    @inlineCallbacks
    def test_no_more_wait_than_the_bound(self) -> Steps:
        self.patch(stores, "_BOUND", 2)
        BrokenDisk.broken.set()
        for row in hour(5):
            self.store.put(RB, row)
        BrokenDisk.broken.clear()
        past = yield self.store.bars(RB, 9)
        dropped = int(self.figures()["webctp_barstore_bars_dropped_total"])
        self.assertEqual(len(past.rows) + dropped, 5)
        self.assertEqual(past.rows, hour(5)[: len(past.rows)])
