"""Files that are looked at again and again."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.filewatch import EVERY, FileWatch
from webctp.testing import ThreadlessReactor
from webctp.upstream.session.apiqueue import reactor_threads


class Watching(SynchronousTestCase):
    """Two files on a clock."""

    def setUp(self) -> None:
        self.reactor = ThreadlessReactor()
        self.paths = [Path(self.mktemp()), Path(self.mktemp())]
        for path in self.paths:
            path.write_text("a", "utf-8")
        self.changes = 0
        self.watch = FileWatch(
            self.reactor, reactor_threads(self.reactor), map(str, self.paths), self.changed
        )
        self.watch.start()

    def changed(self) -> None:
        self.changes += 1

    def looks(self, count: int) -> int:
        """Let it look so often; give the changes it has told of."""
        before = self.changes
        for _ in range(count):
            self.reactor.advance(EVERY)
            self.reactor.turn()
        return self.changes - before

    def test_nothing_is_told_of_files_that_stay(self) -> None:
        self.assertEqual(self.looks(10), 0)

    def test_a_change_is_told_once_when_it_is_over(self) -> None:
        for number in range(3):
            self.paths[0].write_text("b" * (number + 2), "utf-8")
            self.assertEqual(self.looks(1), 0)
        self.assertEqual(self.looks(5), 1)

    def test_both_of_a_pair_are_waited_for(self) -> None:
        self.paths[0].write_text("new certificate", "utf-8")
        self.assertEqual(self.looks(1), 0)
        self.paths[1].write_text("new key", "utf-8")
        self.assertEqual(self.looks(1), 0)
        self.assertEqual(self.looks(1), 1)

    def test_a_file_replaced_by_one_alike_has_changed(self) -> None:
        stat = self.paths[0].stat()
        other = Path(self.mktemp())
        other.write_text("z", "utf-8")
        os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        other.replace(self.paths[0])
        self.assertEqual(self.looks(3), 1)

    def test_one_that_goes_and_comes_back_has_changed_twice(self) -> None:
        self.paths[1].unlink()
        self.assertEqual(self.looks(3), 1)
        self.paths[1].write_text("a", "utf-8")
        self.assertEqual(self.looks(3), 1)

    def test_what_was_read_for_another_reason_is_not_told_again(self) -> None:
        self.paths[0].write_text("new", "utf-8")
        self.watch.settled()
        self.assertEqual(self.looks(3), 0)

    def test_a_fault_of_who_is_told_does_not_end_it(self) -> None:
        self.changed = lambda: 1 / 0  # type: ignore[method-assign, assignment]
        watch = FileWatch(
            self.reactor, reactor_threads(self.reactor), [str(self.paths[0])], self.changed
        )
        watch.start()
        self.paths[0].write_text("new", "utf-8")
        self.looks(3)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.paths[0].write_text("newer", "utf-8")
        self.looks(3)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        watch.stop()

    def test_nothing_is_left_when_it_stops(self) -> None:
        self.watch.stop()
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_a_look_that_hangs_holds_up_nothing_and_ends_with_the_watch(self) -> None:
        self.reactor.hold_threads = True
        self.looks(3)
        self.watch.stop()
        self.reactor.run_threads()
        self.assertEqual(self.reactor.getDelayedCalls(), [])
