"""The journal's file deleted, moved, replaced, spoilt, full, locked: real files, real SQLite."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from twisted.internet.defer import inlineCallbacks
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.journal.test_journal import ROOT, JournalTestCase
from tests.upstream.journal.test_store import client_order
from webctp.upstream.journal.place import JournalInUse, JournalLock, keeper, sides
from webctp.upstream.journal.store import Store
from webctp.upstream.orders.client_order import ClientOrderState as State
from webctp.upstream.orders.client_order import JournalBroken

HOLDER = """
import sys
from pathlib import Path
from webctp.upstream.journal.place import JournalLock
JournalLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""
FULL = """
import resource, signal, sys
from pathlib import Path
from tests.upstream.journal.test_store import client_order
from webctp.upstream.journal.store import Record, Store, Type
import sqlite3
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
told = 0
try:
    while True:
        store.begin()
        store.claim(client_order(str(told), message="x" * 5000))
        store.commit()
        told += 1
except sqlite3.OperationalError as problem:
    print(told, problem)
"""


class LockTests(SynchronousTestCase):
    """One process keeps a journal."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "deep" / "journal.sqlite"
        self.lock = JournalLock(self.path)
        self.addCleanup(self.lock.release)

    def test_a_second_is_told_who_has_it(self) -> None:
        self.assertIsNone(keeper(self.path))
        self.lock.acquire()
        self.lock.acquire()
        self.assertEqual(keeper(self.path), str(os.getpid()))
        with self.assertRaises(JournalInUse) as caught:
            JournalLock(self.path).acquire()
        told = str(caught.exception)
        self.assertIn(f"{self.path} is kept by another process ({os.getpid()})", told)
        self.assertNotIn("\n", told)

    def test_failing_to_take_it_leaves_no_descriptor(self) -> None:
        self.lock.acquire()
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(3):
            with self.assertRaises(JournalInUse):
                JournalLock(self.path).acquire()
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def test_it_ends_with_the_process_however_that_ends(self) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(self.path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            with self.assertRaises(JournalInUse) as caught:
                self.lock.acquire()
            self.assertIn(f"({holder.pid})", str(caught.exception))
            holder.send_signal(signal.SIGKILL)
        self.lock.acquire()

    def test_one_whose_file_was_deleted_is_not_held(self) -> None:
        self.lock.acquire()
        self.lock.path.unlink()
        self.assertFalse(self.lock.held)
        self.lock.acquire()
        self.assertTrue(self.lock.held)

    def test_a_link_and_its_target_are_one_journal(self) -> None:
        self.lock.acquire()
        link = self.path.parent.parent / "link"
        link.symlink_to(self.path)
        with self.assertRaises(JournalInUse):
            JournalLock(link).acquire()


class PlaceCase(JournalTestCase):
    """A journal with an ID in it, whose place something happens to."""

    @inlineCallbacks
    def claim(self, name: str) -> Any:
        had = yield self.journal.claim(client_order(name))
        return had

    @inlineCallbacks
    def with_one(self) -> Any:
        yield self.claim("before")
        self.journal.update(client_order("before", state=State.SENT))
        yield self.journal.commit(self.record("before"))

    @inlineCallbacks
    def refused(self, name: str = "refused") -> Any:
        """An ID that cannot be brought to where a restart looks fails, and is put right."""
        claim = self.journal.claim(client_order(name, time=2))
        problem = yield self.assertFailure(claim, JournalBroken)
        self.journal.update(client_order(name, time=2, state=State.REFUSED), settled=True)
        return str(problem)

    @inlineCallbacks
    def mended(self) -> Any:
        yield self.until(lambda: self.journal.healthy and not self.journal._queue)
        self.assertEqual(self.alarms[-1], None)

    @inlineCallbacks
    def restart(self) -> Any:
        yield self.journal.stop()
        self.journal = self.make()
        self.journal.start()

    @inlineCallbacks
    def states(self, *names: str) -> Any:
        """What the journal says of IDs after a restart."""
        yield self.restart()
        found = []
        for name in names:
            had = yield self.journal.claim(client_order(name, time=99))
            found.append(had and had.state)
        return found


class GoneTests(PlaceCase):
    """The path holds nothing, or something else."""

    @inlineCallbacks
    def check_written_anew(self) -> Any:
        yield self.mended()
        yield self.claim("after")
        states = yield self.states("before", "refused", "after")
        self.assertEqual(states, [State.SENT, State.REFUSED, State.RECORDED])
        self.assertIn("before", self.names())
        for file in self.path.parent.iterdir():
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)

    @inlineCallbacks
    def test_deleted(self) -> Any:
        yield self.with_one()
        self.path.unlink()
        problem = yield self.refused()
        self.assertRegex(problem, r"journal\.sqlite is gone \(No such file")
        self.assertEqual(self.journal.alarms, 1)
        yield self.check_written_anew()

    @inlineCallbacks
    def test_deleted_with_all_that_is_beside_it(self) -> Any:
        yield self.with_one()
        for file in self.path.parent.iterdir():
            file.unlink()
        yield self.refused()
        yield self.check_written_anew()

    @inlineCallbacks
    def test_the_directory_deleted(self) -> Any:
        yield self.with_one()
        shutil.rmtree(self.path.parent)
        yield self.refused()
        yield self.check_written_anew()

    @inlineCallbacks
    def test_deleted_while_nothing_is_written(self) -> Any:
        yield self.with_one()
        self.path.unlink()
        yield self.until(lambda: self.alarms)
        yield self.mended()
        self.assertEqual((yield self.states("before")), [State.SENT])

    @inlineCallbacks
    def test_moved(self) -> Any:
        yield self.with_one()
        self.path.rename(self.path.with_name("moved"))
        yield self.refused()
        yield self.check_written_anew()

    @inlineCallbacks
    def test_moved_and_moved_back(self) -> Any:
        yield self.with_one()
        moved = self.path.with_name("moved")
        self.path.rename(moved)
        yield self.refused()
        yield self.mended()
        yield self.claim("between")
        self.alarms.clear()
        moved.rename(self.path)
        yield self.until(lambda: self.alarms)
        yield self.mended()
        states = yield self.states("before", "refused", "between")
        self.assertEqual(states, [State.SENT, State.REFUSED, State.RECORDED])

    @inlineCallbacks
    def test_replaced_by_an_older_copy(self) -> Any:
        yield self.with_one()
        copy = self.path.with_name("copy")
        with contextlib.closing(sqlite3.connect(self.path)) as base:
            base.execute("VACUUM INTO ?", (str(copy),))
        yield self.claim("later")
        copy.replace(self.path)
        problem = yield self.refused()
        self.assertIn("was replaced", problem)
        yield self.mended()
        yield self.claim("after")
        states = yield self.states("before", "later", "refused", "after")
        self.assertEqual(states, [State.SENT, State.RECORDED, State.REFUSED, State.RECORDED])
        self.assertEqual(
            sorted(file.name for file in self.path.parent.iterdir() if file.is_file()),
            [self.path.name, *(f"{self.path.name}{end}" for end in ("-shm", "-wal", ".lock"))],
        )

    @inlineCallbacks
    def check_refused_until(self, mend: Any) -> Any:
        yield self.refused()
        yield self.assertFailure(self.claim("more"), JournalBroken)
        before = len(os.listdir("/proc/self/fd"))
        yield self.until(lambda: len(self.alarms) > 1)
        trouble = self.journal.trouble
        for _ in range(5):
            yield self.until(lambda: True)
        self.assertLess(len(os.listdir("/proc/self/fd")), before + 6)
        self.assertNotIn("\n", str(trouble))
        mend()
        yield self.mended()
        yield self.claim("after")
        states = yield self.states("before", "refused", "after")
        self.assertEqual(states, [State.SENT, State.REFUSED, State.RECORDED])

    @inlineCallbacks
    def test_replaced_by_a_directory(self) -> Any:
        yield self.with_one()
        self.path.unlink()
        self.path.mkdir()
        yield self.check_refused_until(self.path.rmdir)

    @inlineCallbacks
    def test_replaced_by_no_database(self) -> Any:
        yield self.with_one()
        other = self.path.with_name("other")
        other.write_bytes(b"no database, but long enough to be looked at" * 100)
        other.replace(self.path)
        yield self.check_refused_until(self.path.unlink)

    @inlineCallbacks
    def test_a_directory_that_cannot_be_made_again(self) -> Any:
        yield self.with_one()
        shutil.rmtree(self.path.parent)
        self.path.parent.touch()
        yield self.check_refused_until(self.path.parent.unlink)

    @inlineCallbacks
    def test_the_lock_deleted(self) -> Any:
        yield self.with_one()
        Path(f"{self.path}.lock").unlink()
        yield self.refused()
        yield self.mended()
        self.assertEqual(keeper(self.path), str(os.getpid()))


class SpoiltTests(PlaceCase):
    """The file is there, and is not what it was."""

    @inlineCallbacks
    def check_side_lost(self, end: str) -> Any:
        yield self.with_one()
        Path(f"{self.path}{end}").unlink()
        problem = yield self.refused()
        self.assertIn("has lost its -wal or -shm", problem)
        yield self.mended()
        yield self.claim("after")
        states = yield self.states("before", "refused", "after")
        self.assertEqual(states, [State.SENT, State.REFUSED, State.RECORDED])

    def test_its_wal_deleted(self) -> Any:
        return self.check_side_lost("-wal")

    def test_its_shm_deleted(self) -> Any:
        return self.check_side_lost("-shm")

    @inlineCallbacks
    def test_cut_short_where_all_is_in_the_wal(self) -> Any:
        yield self.with_one()
        os.truncate(self.path, 0)
        problem = yield self.refused()
        self.assertIn("was cut short", problem)
        yield self.mended()
        yield self.claim("after")
        states = yield self.states("before", "refused", "after")
        self.assertEqual(states, [State.SENT, State.REFUSED, State.RECORDED])
        self.assertTrue(self.path.with_name(f"{self.path.name}.spoilt").exists())

    @inlineCallbacks
    def test_cut_short_for_good_is_refused(self) -> Any:
        yield self.with_one()
        for number in range(300):
            self.journal.append(self.record(detail=f"{number}" * 2000))
        yield self.journal.commit(self.record())
        yield self.restart()  # all of it is in the database itself now
        yield self.journal.commit(self.record())
        os.truncate(self.path, 4096)
        yield self.refused()
        yield self.until(lambda: "cannot be made whole" in str(self.alarms[-1]))
        self.assertNotIn("\n", str(self.alarms[-1]))
        yield self.assertFailure(self.claim("more"), JournalBroken)
        self.assertFalse(self.journal.healthy)

    @inlineCallbacks
    def test_locked_by_another_process(self) -> Any:
        yield self.with_one()
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            problem = yield self.refused()
            self.assertIn("locked", problem)
            other.execute("ROLLBACK")
            yield self.mended()
        yield self.claim("after")
        states = yield self.states("before", "refused", "after")
        self.assertEqual(states, [State.SENT, State.REFUSED, State.RECORDED])

    @inlineCallbacks
    def test_a_file_system_that_became_read_only(self) -> Any:
        yield self.with_one()
        yield self.journal.stop()
        self.journal = self.make(store=_ReadOnlyOnce(self.disk.open))
        self.journal.start()
        yield self.until(lambda: self.alarms)
        self.assertIn("readonly", str(self.alarms[0]))
        yield self.mended()
        self.assertEqual((yield self.states("before")), [State.SENT])

    def test_what_was_told_on_a_disk_that_filled_up_is_there(self) -> None:
        done = subprocess.run(
            [sys.executable, "-c", FULL, str(self.path.parent / "full")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        count, _, problem = done.stdout.strip().partition(" ")
        self.assertRegex(problem, "full|disk I/O error")
        self.assertGreater(int(count), 5)
        store = Store(self.path.parent / "full")
        self.addCleanup(store.close)
        kept = store.client_orders("9999", "028742", "", "", 1000)
        self.assertGreaterEqual(len(kept), int(count))

    @inlineCallbacks
    def test_readers_leave_it_alone(self) -> Any:
        yield self.with_one()
        for _ in range(3):
            self.assertIn("before", self.names())
            yield self.claim(str(_))
        self.assertEqual(self.alarms, [])
        self.assertTrue(all(side.exists() for side in sides(self.path)))


class _ReadOnlyOnce:
    """Opens a store that takes nothing at first, as on a disk that was mounted read-only."""

    def __init__(self, opened: Any) -> None:
        self.opened = opened
        self.calls = 0

    def __call__(self, path: Path) -> Store:
        store: Store = self.opened(path)
        self.calls += 1
        if self.calls < 3:
            store._db.execute("PRAGMA query_only = 1")
        return store


class TwoTests(JournalTestCase):
    """Two journals on one file."""

    @inlineCallbacks
    def test_the_second_does_not_start_and_the_first_goes_on(self) -> Any:
        yield self.journal.claim(client_order("a"))
        second = self.make()
        with self.assertRaises(JournalInUse):
            second.start()
        yield self.journal.claim(client_order("b"))
        yield self.journal.stop()
        second.start()
        self.addCleanup(second.stop)
        had = yield second.claim(client_order("b"))
        self.assertIsNotNone(had)
