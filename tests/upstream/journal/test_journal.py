"""The journal's thread: group commit, broken disks, the end; and a daemon killed amid it."""

import math
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import msgspec
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults, inlineCallbacks
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock, deferLater
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.upstream.journal.test_store import client_order
from webctp import clock
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.reader import Reader
from webctp.upstream.journal.store import Record, Store, Type
from webctp.upstream.orders.client_order import ClientOrderState as State
from webctp.upstream.orders.client_order import JournalBroken

_DAY_NS = 86_400 * 10**9
ROOT = Path(__file__).resolve().parents[3]


class Disk:
    """A disk that can be stopped, or broken, from the test."""

    def __init__(self) -> None:
        self.broken: str | None = None
        self.commits = 0
        self.may_commit = threading.Event()
        self.may_commit.set()
        self.most_pages = 0

    def open(self, path: Path) -> Store:
        return HeldStore(path, self)


class HeldStore(Store):
    """A store on such a disk."""

    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path)
        self.disk = disk
        if disk.most_pages:
            self._db.execute(f"PRAGMA max_page_count = {disk.most_pages}")

    def begin(self) -> None:
        if self.disk.broken:
            raise sqlite3.OperationalError(self.disk.broken)
        super().begin()

    def commit(self) -> None:
        self.disk.may_commit.wait(30)
        super().commit()
        self.disk.commits += 1


class Reactor:
    """The real reactor's threads, a virtual clock's time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.seconds: Callable[[], float] = clock.seconds

    def callFromThread(self, function: Callable[..., object], *arguments: object) -> None:
        reactor.callFromThread(function, *arguments)  # type: ignore[attr-defined]

    def callLater(
        self, delay: float, function: Callable[..., object], *arguments: object
    ) -> IDelayedCall:
        return self._clock.callLater(delay, function, *arguments)


class JournalTestCase(TestCase):
    """A journal on a disk that the test holds in its hand."""

    timeout = 60

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "journal.sqlite"
        self.clock = Clock()
        self.alarms: list[str | None] = []
        self.disk = Disk()
        self.journal = self.make()
        self.journal.start()
        self.addCleanup(self.stop)

    def make(self, **options: Any) -> Journal:
        settings: dict[str, Any] = {"retry": 0.01, "store": self.disk.open}
        return Journal(
            str(self.path),
            cast(clock.Reactor, Reactor(self.clock)),
            secrets=frozenset({"Password"}),
            alarm=self.alarms.append,
            **(settings | options),
        )

    def stop(self) -> Deferred[None]:
        self.disk.may_commit.set()
        return self.journal.stop()

    @inlineCallbacks
    def until(self, condition: Callable[[], object]) -> Any:
        while not condition():
            yield deferLater(reactor, 0.005, lambda: None)

    def record(self, name: str = "RtnOrder", **values: Any) -> Record:
        return Record(type=Type.ORDER, name=name, **values)

    def rows(self) -> list[dict[str, Any]]:
        reader = Reader(self.path)
        self.addCleanup(reader.close)
        return [dict(row) for row in reader.records({})]

    def names(self) -> list[str]:
        return [row["name"] for row in self.rows()]


class WritingTests(JournalTestCase):
    """A disk that works."""

    def figures(self) -> dict[str, float]:
        """The journal's samples, by name without ``webctp_journal_``."""
        return {
            one.name.removeprefix("webctp_journal_"): one.value for one in self.journal.samples()
        }

    @inlineCallbacks
    def test_what_was_written_is_told_on_a_scrape(self) -> Any:
        before = self.figures()
        self.assertEqual((before["healthy"], before["records_total"]), (1, 0))
        for name in ("a", "b", "c"):
            yield self.journal.commit(self.record(name))
        found = self.figures()
        self.assertEqual((found["commit_seconds"], found["records_total"]), (3, 3))
        self.assertGreater(found["free_bytes"], 0)
        self.assertEqual(found["records_waiting_limit"], 10_000)
        self.assertGreaterEqual(found["size_bytes"], self.path.stat().st_size)

    @inlineCallbacks
    def test_records_that_wait_for_the_disk_are_told(self) -> Any:
        self.disk.may_commit.clear()
        done = self.journal.commit(self.record())
        self.assertEqual(self.figures()["records_waiting"], 1)
        self.disk.may_commit.set()
        yield done
        yield self.until(lambda: self.figures()["records_waiting"] == 0)

    @inlineCallbacks
    def test_what_is_committed_is_on_disk(self) -> Any:
        yield self.journal.commit(self.record("a"))
        self.assertEqual(self.names(), ["a"])
        self.assertEqual((len(self.journal), self.journal.healthy), (0, True))

    @inlineCallbacks
    def test_it_stands_behind_what_was_appended_before(self) -> Any:
        for name in "abc":
            self.journal.append(self.record(name))
        yield self.journal.commit(self.record("d"))
        self.assertEqual(self.names(), list("abcd"))

    @inlineCallbacks
    def test_what_gathers_during_a_sync_shares_the_next(self) -> Any:
        yield self.journal.commit(self.record())
        self.disk.may_commit.clear()
        before = self.disk.commits
        first = self.journal.commit(self.record())
        yield self.until(lambda: len(self.journal._queue) == 0)
        others = [self.journal.commit(self.record()) for _ in range(100)]
        self.disk.may_commit.set()
        yield gatherResults([first, *others])
        self.assertEqual(self.disk.commits - before, 2)

    @inlineCallbacks
    def test_results_come_in_the_reactors_thread(self) -> Any:
        threads = []
        done = self.journal.commit(self.record())
        done.addCallback(lambda _: threads.append(threading.current_thread()))
        yield done
        self.assertEqual(threads, [threading.main_thread()])

    @inlineCallbacks
    def test_secrets_and_reserved_fields_are_dropped(self) -> Any:
        body = {"Password": "hush", "reserve1": "", "UserID": "028742", "ExchangeID": None}
        yield self.journal.commit(self.record(body=body))
        (row,) = self.rows()
        self.assertEqual(msgspec.json.decode(row["body"]), {"UserID": "028742"})
        yield self.journal.stop()
        for file in self.path.parent.iterdir():
            self.assertNotIn(b"hush", file.read_bytes())

    @inlineCallbacks
    def test_a_body_that_changes_later_is_recorded_as_it_was(self) -> Any:
        body = {"OrderRef": "1"}
        done = self.journal.commit(self.record(body=body))
        body["OrderRef"] = "2"
        yield done
        self.assertEqual(self.rows()[0]["order_ref"], "1")

    @inlineCallbacks
    def test_a_record_without_a_time_gets_it(self) -> Any:
        self.journal._wall = lambda: 1234
        yield self.journal.commit(self.record())
        yield self.journal.commit(self.record(time=99))
        self.assertEqual([row["time"] for row in self.rows()], [1234, 99])

    @inlineCallbacks
    def test_an_id_is_claimed_once_and_found_with_its_state(self) -> Any:
        first = yield self.journal.claim(client_order())
        self.journal.update(client_order(state=State.SENT))
        second = yield self.journal.claim(client_order())
        self.assertEqual((first, second.state), (None, State.SENT))
        found = yield self.journal.client_orders("9999", "028742", "20240102", "", 9)
        self.assertEqual([order.state for order in found], [State.SENT])

    @inlineCallbacks
    def test_what_no_column_can_hold_is_kept_as_text(self) -> Any:
        body = {"InstrumentID": object, "FrontID": 2**70, "Price": math.nan, "Text": "\udcb0\0"}
        yield gatherResults(
            [
                self.journal.commit(self.record(body=body)),
                self.journal.commit(self.record(detail="\udcb0", code=-(2**70))),
            ]
        )
        first, second = self.rows()
        self.assertEqual(
            msgspec.json.decode(first["body"]),
            {
                "InstrumentID": str(object),
                "FrontID": str(2**70),
                "Price": "nan",
                "Text": "\\udcb0\0",
            },
        )
        self.assertEqual(second["detail"], "\\udcb0")
        self.assertEqual((self.alarms, self.journal.healthy), ([], True))

    @inlineCallbacks
    def test_what_cannot_be_written_does_not_harm_the_others(self) -> Any:
        self.disk.may_commit.clear()
        good = [self.journal.commit(self.record("good"))]
        bad = self.journal.commit(self.record(time=2**70))
        good.append(self.journal.commit(self.record("good")))
        self.disk.may_commit.set()
        yield gatherResults(good)
        yield self.assertFailure(bad, JournalBroken)
        self.assertEqual((self.names(), self.journal.healthy), (["good", "good"], True))
        self.assertEqual(len(self.flushLoggedErrors()), 1)

    @inlineCallbacks
    def test_old_records_are_pruned_after_the_start(self) -> Any:
        yield self.journal.commit(self.record("old", time=1))
        yield self.journal.stop()
        self.journal = self.make(days=1)
        self.journal.start()
        yield self.journal.commit(self.record("young"))
        yield self.until(lambda: self.names() == ["young"])

    @inlineCallbacks
    def test_a_clock_far_ahead_at_a_start_prunes_no_id_and_no_record_of_a_day_in_trade(self) -> Any:
        self.journal.told_day("9999", "20240102")
        yield self.journal.claim(client_order("today"))
        yield self.journal.commit(self.record("today", broker_id="9999", trading_day="20240102"))
        yield self.journal.commit(self.record("a state", time=1))
        yield self.journal.stop()
        self.journal = self.make(days=1, wall=lambda: time.time_ns() + 4000 * _DAY_NS)
        self.journal.start()
        yield self.until(lambda: "a state" not in self.names())
        self.assertEqual(self.names(), ["today"])
        had = yield self.journal.claim(client_order("today"))
        self.assertIsNotNone(had)

    @inlineCallbacks
    def test_an_id_goes_after_ten_trading_days_however_short_records_are_kept(self) -> Any:
        days = [f"202401{number:02}" for number in range(1, 13)]
        for day in days:
            self.journal.told_day("9999", day)
            yield self.journal.claim(client_order(day, trading_day=day))
        yield self.journal.commit(self.record("old", time=1))
        yield self.journal.stop()
        self.journal = self.make(days=1)
        self.journal.start()
        yield self.until(lambda: self.names() == [])
        kept = yield self.journal.client_orders("9999", "028742", "", "", 99)
        self.assertEqual([order.client_order_id for order in kept], days[2:])

    @inlineCallbacks
    def test_kept_for_ever_nothing_is_pruned(self) -> Any:
        yield self.journal.stop()
        self.journal = self.make(days=0)
        self.journal.start()
        yield self.journal.commit(self.record("old", time=1))
        yield self.journal.stop()
        self.assertEqual(self.names(), ["old"])


class TroubleTests(JournalTestCase):
    """Disks that are full, broken or silent."""

    @inlineCallbacks
    def break_disk(self, why: str = "database or disk is full") -> Any:
        yield self.journal.commit(self.record("before"))
        self.disk.broken = why
        yield self.assertFailure(self.journal.commit(self.record("failed")), JournalBroken)

    @inlineCallbacks
    def mend_disk(self) -> Any:
        self.disk.broken = None
        yield self.until(lambda: self.journal.healthy)

    @inlineCallbacks
    def test_a_broken_disk_is_an_alarm_and_refuses_at_once(self) -> Any:
        yield self.break_disk()
        self.assertEqual(self.alarms, ["database or disk is full"])
        self.assertEqual(self.journal.alarms, 1)
        refused = self.journal.commit(self.record())
        self.failureResultOf(refused, JournalBroken)
        self.failureResultOf(self.journal.claim(client_order()), JournalBroken)

    @inlineCallbacks
    def test_what_was_only_to_be_kept_is_written_when_it_is_back(self) -> Any:
        yield self.break_disk()
        for name in "abc":
            self.journal.append(self.record(name))
        self.assertEqual(len(self.journal), 3)
        yield self.mend_disk()
        yield self.journal.commit(self.record("d"))
        self.assertEqual(self.names(), ["before", *"abcd"])
        self.assertEqual(self.alarms, ["database or disk is full", None])

    @inlineCallbacks
    def test_it_comes_back_with_nothing_to_write(self) -> Any:
        yield self.break_disk()
        yield self.mend_disk()
        self.assertEqual(self.alarms, ["database or disk is full", None])

    @inlineCallbacks
    def test_what_fails_together_with_others_is_not_lost(self) -> Any:
        yield self.journal.commit(self.record("before"))
        self.disk.may_commit.clear()
        first = self.journal.commit(self.record("first"))
        yield self.until(lambda: len(self.journal._queue) == 0)
        self.journal.append(self.record("kept"))
        failing = self.journal.commit(self.record("failed"))
        self.disk.broken = "disk I/O error"
        self.disk.may_commit.set()
        yield first
        yield self.assertFailure(failing, JournalBroken)
        yield self.mend_disk()
        yield self.journal.commit(self.record("after"))
        self.assertEqual(self.names(), ["before", "first", "kept", "after"])

    @inlineCallbacks
    def test_beyond_the_limit_records_are_dropped_counted_and_the_gap_told(self) -> Any:
        yield self.journal.stop()
        self.journal = self.make(limit=2)
        self.journal.start()
        yield self.break_disk()
        for name in "abcd":
            self.journal.append(self.record(name))
        self.assertEqual((len(self.journal), self.journal.dropped), (2, 2))
        yield self.mend_disk()
        yield self.journal.commit(self.record("after"))
        gap = next(row for row in self.rows() if row["type"] == "gap")
        self.assertEqual(gap["code"], 2)
        self.assertEqual(self.names(), ["before", "gap", "a", "b", "after"])

    @inlineCallbacks
    def test_a_slow_disk_with_too_much_to_do_is_an_alarm(self) -> Any:
        yield self.journal.stop()
        self.journal = self.make(limit=2)
        self.journal.start()
        self.disk.may_commit.clear()
        kept = [self.journal.commit(self.record()) for _ in range(2)]
        self.failureResultOf(self.journal.commit(self.record()), JournalBroken)
        self.assertEqual((len(self.alarms), self.journal.dropped), (1, 0))
        self.disk.may_commit.set()
        yield gatherResults(kept)
        self.assertTrue(self.journal.healthy)

    @inlineCallbacks
    def test_a_disk_that_does_not_answer_is_given_up(self) -> Any:
        self.disk.may_commit.clear()
        silent = self.journal.commit(self.record("silent"))
        self.clock.advance(4)
        later = self.journal.commit(self.record("later"))
        self.assertNoResult(silent)
        self.clock.advance(1)
        self.failureResultOf(silent, JournalBroken)
        self.failureResultOf(later, JournalBroken)
        self.assertEqual(self.alarms, ["the disk has not answered for 5 s"])
        self.disk.may_commit.set()
        yield self.until(lambda: self.journal.healthy)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    @inlineCallbacks
    def test_the_end_does_not_wait_for_ever_for_a_disk_that_does_not_answer(self) -> Any:
        self.disk.may_commit.clear()
        self.journal.append(self.record("silent"))
        stopped = self.journal.stop()
        self.clock.advance(4)
        self.assertNoResult(stopped)
        self.clock.advance(1)
        self.successResultOf(stopped)
        self.disk.may_commit.set()
        yield self.until(lambda: not self.journal._thread.is_alive())

    @inlineCallbacks
    def test_a_disk_that_answers_in_time_is_not(self) -> Any:
        for _ in range(3):
            yield self.journal.commit(self.record())
            self.clock.advance(4)
        self.clock.advance(5)
        self.assertEqual((self.alarms, self.clock.getDelayedCalls()), ([], []))

    @inlineCallbacks
    def test_a_refused_claim_is_put_right(self) -> Any:
        yield self.break_disk()
        self.journal.update(client_order(state=State.REFUSED, code=-503))
        yield self.mend_disk()
        had = yield self.journal.claim(client_order())
        self.assertEqual(had.state, State.REFUSED)

    @inlineCallbacks
    def test_a_place_that_cannot_be_written_is_told_without_being_asked(self) -> Any:
        yield self.journal.stop()
        blocker = self.path.parent / "blocker"
        blocker.touch()
        self.path = blocker / "journal"
        self.journal = self.make()
        self.journal.start()
        yield self.until(lambda: self.alarms)
        self.assertRegex(str(self.alarms[0]), "^cannot open the journal's lock: ")

    @inlineCallbacks
    def test_a_disk_that_is_really_full(self) -> Any:
        yield self.journal.commit(self.record())
        yield self.journal.stop()

        self.disk.most_pages = 40
        self.journal = self.make()
        self.journal.start()
        written = 0
        while self.journal.healthy:
            try:
                yield self.journal.commit(self.record(detail="x" * 5000))
            except JournalBroken:
                break
            written += 1
        self.assertEqual(self.alarms, ["database or disk is full"])
        yield self.journal.stop()
        self.assertEqual(len(self.rows()), 1 + written)


class EndTests(JournalTestCase):
    """The end of a journal."""

    @inlineCallbacks
    def test_it_writes_what_waits(self) -> Any:
        self.disk.may_commit.clear()
        for name in "abc":
            self.journal.append(self.record(name))
        stopped = self.journal.stop()
        self.disk.may_commit.set()
        yield stopped
        self.assertEqual(self.names(), list("abc"))
        self.assertNotIn("journal", [one.name for one in threading.enumerate()])

    @inlineCallbacks
    def test_it_does_not_wait_for_a_broken_disk_and_says_what_is_lost(self) -> Any:
        yield self.journal.commit(self.record())
        self.disk.broken = "disk I/O error"
        self.journal.append(self.record())
        yield self.until(lambda: not self.journal.healthy)
        yield self.journal.stop()
        self.assertEqual(self.journal.dropped, 1)

    @inlineCallbacks
    def test_afterwards_nothing_is_taken(self) -> Any:
        yield self.journal.stop()
        self.failureResultOf(self.journal.commit(self.record()), JournalBroken)
        self.journal.append(self.record())
        self.assertEqual((self.journal.dropped, self.alarms), (1, []))

    @inlineCallbacks
    def test_ending_it_twice_is_ending_it_once(self) -> Any:
        self.assertIs(self.journal.stop(), self.journal.stop())
        yield self.journal.stop()


KILLED = """
import sys
from twisted.internet import reactor
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.store import Record, Type

journal = Journal(sys.argv[1], reactor, secrets=frozenset())

def on_disk(_, number):
    print(number, flush=True)
    write(number + 10)

def write(number):
    record = Record(type=Type.ORDER, name=str(number))
    journal.commit(record).addCallback(on_disk, number)

journal.start()
for first in range(10):
    write(first)
reactor.run()
"""


class CrashTests(TestCase):
    """A daemon that is killed."""

    timeout = 60

    @inlineCallbacks
    def test_what_was_said_to_be_on_disk_is_there_after_a_sigkill(self) -> Any:
        for kill_after in (1, 50, 200):
            path = Path(self.mktemp()).absolute()
            told = yield deferToThread(self.run_and_kill, path, kill_after)
            reader = Reader(path)
            kept = {int(row["name"]) for row in reader.records({})}
            reader.close()
            self.assertGreaterEqual(len(told), kill_after)
            self.assertEqual(told - kept, set())

    def run_and_kill(self, path: Path, after: int) -> set[int]:
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as daemon:
            assert daemon.stdout is not None
            told = [int(daemon.stdout.readline()) for _ in range(after)]
            daemon.send_signal(signal.SIGKILL)
            # The last line may be cut short.
            told += [int(line) for line in daemon.stdout if line.endswith("\n")]
        return set(told)
