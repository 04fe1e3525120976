"""The process's file descriptors: limits, and what is moved out of the library's way."""

import fcntl
import os
import resource
import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.upstream.session import descriptors
from webctp.upstream.session.descriptors import HIGH, LIBRARY, RESERVE, Room, floor_of

_TELL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
from webctp.upstream.session import descriptors
room = descriptors.prepare()
print(room.limit, room.floor, room.is_small, *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


class Floors(SynchronousTestCase):
    """Where clients' sockets begin."""

    def test_high_where_there_is_room(self) -> None:
        self.assertEqual([floor_of(limit) for limit in (8_192, 65_536)], [HIGH, HIGH])

    def test_lower_where_the_limit_is(self) -> None:
        self.assertEqual([floor_of(limit) for limit in (2_048, 4_096)], [1_024, 2_048])

    def test_nowhere_where_nothing_is_above_the_librarys(self) -> None:
        self.assertEqual([floor_of(limit) for limit in (256, 1_024, 2_047)], [0, 0, 0])


class Limits(SynchronousTestCase):
    """What the start makes of the limits, in a process of its own."""

    def prepared(self, soft: int, hard: int) -> list[str]:
        told = subprocess.run(
            [sys.executable, "-c", _TELL.format(soft=soft, hard=hard)],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return told.stdout.split()

    @holds("CREATEFTDCTRADERAPI-1")
    def test_the_soft_limit_is_raised_to_the_hard_one(self) -> None:
        self.assertEqual(self.prepared(1_024, 9_000), ["9000", "4096", "False", "9000", "9000"])

    def test_a_hard_limit_below_the_usual_floor(self) -> None:
        self.assertEqual(self.prepared(1_024, 4_000), ["4000", "2000", "False", "4000", "4000"])

    def test_a_limit_hardly_above_the_librarys_is_lowered_to_it(self) -> None:
        self.assertEqual(self.prepared(1_800, 1_800), ["1024", "0", "True", "1024", "1800"])

    def test_a_small_limit_stays(self) -> None:
        self.assertEqual(self.prepared(256, 512), ["512", "0", "True", "512", "512"])


class Lifting(SynchronousTestCase):
    """What is moved."""

    def setUp(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        if not floor_of(hard):
            self.fail(f"the hard limit of open files is {hard}; these tests need 2048 or more")

    def test_the_old_descriptor_is_closed_and_the_new_one_closes_on_exec(self) -> None:
        low, other = os.pipe()
        self.addCleanup(os.close, other)
        high = descriptors.lift(low)
        self.addCleanup(os.close, high)
        self.assertGreaterEqual(high, descriptors.current().floor)
        with self.assertRaises(OSError):
            os.fstat(low)
        os.write(other, b"x")
        self.assertEqual(os.read(high, 1), b"x")
        self.assertTrue(fcntl.fcntl(high, fcntl.F_GETFD) & fcntl.FD_CLOEXEC)

    def test_what_is_high_stays(self) -> None:
        low, other = os.pipe()
        self.addCleanup(os.close, other)
        high = descriptors.lift(low)
        self.addCleanup(os.close, high)
        self.assertEqual(descriptors.lift(high), high)

    def test_a_lock_stays_locked(self) -> None:
        path = self.mktemp()
        low = os.open(path, os.O_RDWR | os.O_CREAT)
        fcntl.flock(low, fcntl.LOCK_EX)
        high = descriptors.lift(low)
        self.addCleanup(os.close, high)
        with open(path, "rb") as again, self.assertRaises(BlockingIOError):
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def test_low_and_high_are_counted_apart(self) -> None:
        room = descriptors.current()
        before = descriptors.free_low(), descriptors.free_high(room)
        for _ in range(3):
            low, other = os.pipe()
            self.addCleanup(os.close, other)
            self.addCleanup(os.close, descriptors.lift(low))
        after = descriptors.free_low(), descriptors.free_high(room)
        self.assertEqual(after, (before[0] - 3, before[1] - 3))


class Reserve(SynchronousTestCase):
    """When another API may be opened."""

    def test_enough_is_free(self) -> None:
        self.patch(descriptors, "free_low", lambda: RESERVE)
        descriptors.check_reserve()

    @holds("CREATEFTDCTRADERAPI-1")
    def test_too_few_are_free(self) -> None:
        self.patch(descriptors, "free_low", lambda: RESERVE - 1)
        with self.assertRaisesRegex(descriptors.NoDescriptors, "63 file descriptors"):
            descriptors.check_reserve()

    def test_only_what_the_library_can_use_counts(self) -> None:
        self.patch(descriptors, "current", lambda: Room(65_536, HIGH))
        self.patch(descriptors, "_open", lambda: [*range(LIBRARY - 10), HIGH, HIGH + 1])
        self.assertEqual(descriptors.free_low(), 10)
