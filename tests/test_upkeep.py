"""Memory is given back when it is worth it and nobody is in the way."""

import gc
import sys
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from webctp import upkeep
from webctp.upkeep import ENDED, LOOK, PATIENCE, QUIET, WORTH, Upkeep, bound_heaps, give_back


class Looking(SynchronousTestCase):
    """An upkeep on a clock; `busy` is the share of a processor that is taken."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.freed = self.ended = 0
        self.busy = 0.0
        self.taken = 0.0
        self.given = self.messages = 0
        self.awaited = False
        self.upkeep = Upkeep(
            self.clock,
            lambda: self.freed,
            self.in_thread,
            messages=lambda: self.messages,
            ended=lambda: self.ended,
            awaited=lambda: self.awaited,
            give=self.give,
            processor=lambda: self.taken,
        )
        self.full = 0
        self.old = 0
        self.before = gc.get_threshold()
        self.patch(gc, "get_count", lambda: (0, 0, self.old))
        self.patch(gc, "collect", self.collect)
        self.kept = 0
        self.counted = 0
        self.patch(gc, "get_objects", self.objects)
        self.upkeep.start()
        self.addCleanup(gc.set_threshold, *self.before)

    def objects(self, generation: int) -> range:
        self.assertEqual(generation, 2)
        self.counted += 1
        return range(self.kept)

    def collect(self, generation: int = 2) -> int:
        if generation == 2:
            self.full += 1
            self.old = 0
        return 0

    def give(self) -> bool:
        self.given += 1
        return True

    def in_thread(self, work: Callable[[], object]) -> Deferred[Any]:
        try:
            return succeed(work())
        except OSError:
            return fail(Failure())

    def run_for(self, looks: int) -> None:
        for _ in range(looks):
            self.taken += self.busy * LOOK
            self.clock.advance(LOOK)

    def test_nothing_is_given_back_where_nothing_was_freed(self) -> None:
        self.run_for(1000)
        self.assertEqual(self.given, 0)

    def test_sessions_that_have_ended_are_collected_in_a_quiet_second(self) -> None:
        """Cycles hold what is left of them, and have been set aside long ago."""
        self.ended = ENDED - 1
        self.run_for(1000)
        self.assertEqual(self.full, 0)
        self.ended += 1
        self.busy = 2 * QUIET
        self.run_for(10)
        self.assertEqual(self.full, 0)
        self.busy = 0.0
        self.run_for(1000)
        self.assertEqual(self.full, 1)
        self.assertEqual(self.given, 1)

    def test_sessions_that_have_ended_are_collected_in_the_end(self) -> None:
        self.ended, self.busy = ENDED, 1.0
        self.run_for(int(PATIENCE / LOOK) + 2)
        self.assertEqual(self.full, 1)

    def test_a_second_in_which_somebody_asked_is_not_quiet(self) -> None:
        """An order takes a millisecond, and a collection that it meets fifty."""
        self.ended, self.freed, self.old = ENDED, WORTH, 10**6
        for _ in range(10):
            self.messages += 1
            self.run_for(1)
        self.assertEqual((self.full, self.given), (0, 0))
        self.run_for(1)
        self.assertEqual(self.full, 1)

    def test_while_somebody_waits_at_this_moment_it_is_not_quiet(self) -> None:
        """A frame that nobody has read, a query that CTP has not answered."""
        self.ended, self.freed, self.awaited = ENDED, WORTH, True
        self.run_for(10)
        self.assertEqual((self.full, self.given), (0, 0))
        self.awaited = False
        self.run_for(1)
        self.assertEqual(self.full, 1)

    def test_clients_that_never_rest_put_it_off_for_a_minute_at_most(self) -> None:
        self.ended = ENDED
        for _ in range(int(PATIENCE / LOOK) + 2):
            self.messages += 1
            self.run_for(1)
        self.assertEqual(self.full, 1)

    def test_what_is_freed_all_the_time_does_not_put_off_old_garbage(self) -> None:
        """Sessions that come and go free more than it takes to give memory back, each minute."""
        self.busy = 1.0
        for _ in range(20):
            self.freed += WORTH
            self.ended += ENDED
            self.run_for(int(PATIENCE / LOOK) // 2)
        self.assertGreaterEqual(self.full, 5)
        self.assertGreaterEqual(self.given, self.full)

    def test_little_is_left_alone(self) -> None:
        self.freed = WORTH - 1
        self.run_for(1000)
        self.assertEqual(self.given, 0)

    def test_much_is_given_back_once(self) -> None:
        self.freed = WORTH
        self.run_for(1000)
        self.assertEqual(self.given, 1)
        self.freed += WORTH
        self.run_for(2)
        self.assertEqual(self.given, 2)

    def test_a_busy_process_waits_until_it_is_quiet(self) -> None:
        self.freed, self.busy = WORTH, QUIET * 2
        self.run_for(10)
        self.assertEqual(self.given, 0)
        self.busy = QUIET / 2
        self.run_for(1)
        self.assertEqual(self.given, 1)

    def test_a_process_that_is_never_quiet_gives_back_once_in_a_while(self) -> None:
        self.busy = 1.0
        for _ in range(int(PATIENCE / LOOK) * 5):
            self.freed += WORTH
            self.run_for(1)
        self.assertIn(self.given, (4, 5))

    def test_a_failure_is_logged_and_the_next_is_tried(self) -> None:
        def broken() -> bool:
            raise OSError("no")

        self.upkeep._give = broken
        self.freed = WORTH
        self.run_for(1)
        self.assertEqual(len(self.flushLoggedErrors(OSError)), 1)
        self.upkeep._give = self.give
        self.freed += WORTH
        self.run_for(1)
        self.assertEqual(self.given, 1)

    def grow(self) -> None:
        """Make so many objects that a collection is due."""
        self.kept += upkeep.ROOM * 2
        self.old += 10

    def test_old_garbage_waits_for_a_quiet_second_but_not_for_ever(self) -> None:
        self.run_for(10)
        self.assertEqual(self.full, 0)
        self.busy = 1.0
        self.grow()
        self.run_for(int(PATIENCE / LOOK) - 1)
        self.assertEqual(self.full, 0)
        self.run_for(2)
        self.assertEqual(self.full, 1)
        self.grow()
        self.run_for(10)
        self.assertEqual(self.full, 1)
        self.busy = 0.0
        self.run_for(1)
        self.assertEqual(self.full, 2)

    def test_old_objects_are_counted_where_many_were_made_and_collected_where_many_stay(
        self,
    ) -> None:
        self.old = 1
        self.run_for(10)
        self.assertEqual((self.counted, self.full), (0, 0))
        self.old = 10
        self.run_for(10)
        self.assertEqual((self.counted, self.full), (1, 0))
        self.kept = upkeep.ROOM + 1
        self.run_for(10)
        self.assertEqual((self.counted, self.full), (1, 0), "no more were made since")
        self.old = 20
        self.run_for(1)
        self.assertEqual(self.full, 1)
        enough = int(upkeep.GROWN * self.kept + upkeep.ROOM)
        for self.kept, full in ((enough - 1, 1), (enough + 1, 2)):
            self.old += 20
            self.run_for(1)
            self.assertEqual(self.full, full)

    def test_and_after_an_hour(self) -> None:
        self.run_for(int(upkeep.OLDEST / LOOK) - 1)
        self.assertEqual(self.full, 0)
        self.run_for(1)
        self.assertEqual(self.full, 1)
        self.run_for(10)
        self.assertEqual(self.full, 1)

    def test_what_was_made_at_the_start_is_set_aside_for_good(self) -> None:
        done: list[str] = []
        self.patch(gc, "freeze", lambda: done.append("aside"))
        self.patch(gc, "unfreeze", lambda: done.append("back"))
        self.upkeep.set_aside()
        self.ended = ENDED
        self.run_for(int(upkeep.OLDEST / LOOK) + 1)
        self.assertEqual(done, ["aside"])

    def test_python_collects_no_old_garbage_meanwhile(self) -> None:
        self.assertEqual(gc.get_threshold(), (*self.before[:2], upkeep.NEVER))
        self.upkeep.stop()
        self.assertEqual(gc.get_threshold(), self.before)

    def test_it_stops(self) -> None:
        self.upkeep.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])


class Trim(SynchronousTestCase):
    """The C library's own."""

    def test_glibc_has_a_way(self) -> None:
        self.assertEqual(give_back(), sys.platform == "linux")

    def test_glibc_lets_threads_share_heaps(self) -> None:
        self.assertEqual(bound_heaps(), sys.platform == "linux")
