"""Flow directories: named by the daemon, one for each API instance."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.upstream.session import flow

_HOLDER = """
import sys
from webctp.upstream.session import flow
held = flow.acquire(sys.argv[1], "front", "9999", "user")
print(held.path, flush=True)
sys.stdin.read()
"""


ROOT = Path(__file__).resolve().parents[3]


class Slots(SynchronousTestCase):
    """Who gets which directory."""

    def setUp(self) -> None:
        self.base = self.mktemp()

    def acquire(self, *identity: str) -> flow.FlowDirectory:
        held = flow.acquire(self.base, *identity)
        self.addCleanup(held.release)
        return held

    @holds("JYJK-6", "MD-CREATEFTDCMDAPI-1")
    def test_it_exists_and_ends_with_a_slash(self) -> None:
        path = self.acquire("front", "9999", "user").path
        self.assertTrue(path.endswith("/"))
        self.assertTrue(os.path.isabs(path))
        self.assertTrue(os.path.isdir(path))

    def test_nobody_else_may_read_it(self) -> None:
        path = self.acquire("front", "9999", "user").path
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o700)

    def test_nobody_else_may_read_those_above_it(self) -> None:
        old = os.umask(0o022)
        self.addCleanup(os.umask, old)
        path = Path(self.acquire("front", "9999", "user").path)
        for one in (path, path.parent, path.parent.parent):
            self.assertEqual(one.stat().st_mode & 0o777, 0o700, one)

    @holds("JYJK-6", "JYJK-7")
    def test_two_at_a_time_never_share(self) -> None:
        paths = {self.acquire("front", "9999", "user").path for _ in range(3)}
        self.assertEqual(len(paths), 3)

    @holds("SUBSCRIBEPRIVATETOPIC-2")
    def test_who_comes_back_finds_no_numbers_of_before(self) -> None:
        first = self.acquire("front", "9999", "user")
        Path(first.path, "Private.con").write_bytes(b"stream")
        first.release()
        again = self.acquire("front", "9999", "user")
        self.assertEqual((again.path, os.listdir(again.path)), (first.path, ["lock"]))

    def test_one_that_cannot_be_emptied_is_said_and_left_unlocked(self) -> None:
        first = self.acquire("front", "9999", "user")
        Path(first.path, "Private.con").write_bytes(b"stream")
        first.release()
        with patch.object(Path, "unlink", side_effect=PermissionError(13, "Permission denied")):
            self.assertRaisesRegex(
                flow.FlowError, "ConFilePath", self.acquire, "front", "9999", "user"
            )
        self.assertEqual(self.acquire("front", "9999", "user").path, first.path)

    def test_a_freed_slot_is_taken_before_a_new_one(self) -> None:
        first = self.acquire("front", "9999", "user")
        self.acquire("front", "9999", "user")
        first.release()
        self.assertEqual(self.acquire("front", "9999", "user").path, first.path)

    def test_releasing_twice_frees_nobody_elses(self) -> None:
        first = self.acquire("front", "9999", "user")
        first.release()
        second = self.acquire("front", "9999", "user")
        first.release()
        self.assertNotEqual(self.acquire("front", "9999", "user").path, second.path)

    def test_other_users_have_other_directories(self) -> None:
        identities = [
            ("front", "9999", "user"),
            ("front", "9999", "user2"),
            ("front", "8888", "user"),
            ("other", "9999", "user"),
            ("front", "9999user", ""),
            ("front9999", "user"),
        ]
        parents = {Path(self.acquire(*identity).path).parent for identity in identities}
        self.assertEqual(len(parents), len(identities))

    def test_another_process_gets_another_slot(self) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", _HOLDER, os.path.abspath(self.base)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as other:
            assert other.stdin is not None and other.stdout is not None
            theirs = other.stdout.readline().strip()
            self.assertTrue(theirs)
            ours = self.acquire("front", "9999", "user").path
            self.assertNotEqual(ours, theirs)
            self.assertEqual(Path(ours).parent, Path(theirs).parent)
            other.stdin.close()
        self.assertEqual(self.acquire("front", "9999", "user").path, theirs)


DAY = 86_400.0
LONG_AGO = 1_000_000_000.0


class Pruning(SynchronousTestCase):
    """Directories that nobody uses any more."""

    def setUp(self) -> None:
        self.base = self.mktemp()

    def used(self, user: str, at: float) -> Path:
        """A directory that was used for the last time at a moment."""
        held = flow.acquire(self.base, user, tidy=False)
        held.release()
        path = Path(held.path)
        (path / "Private.con").write_bytes(b"stream")
        for file in path.iterdir():
            os.utime(file, (at, at))
        return path

    def test_what_is_unused_for_long_goes(self) -> None:
        now = LONG_AGO + 100 * DAY
        old = self.used("old", now - flow.KEPT_SECONDS - DAY)
        new = self.used("new", now - flow.KEPT_SECONDS + DAY)
        self.assertEqual(flow.prune(self.base, now), 1)
        self.assertFalse(old.parent.exists())
        self.assertTrue((new / "Private.con").exists())

    def test_the_librarys_files_tell_of_use_too(self) -> None:
        now = LONG_AGO + 100 * DAY
        path = self.used("user", LONG_AGO)
        os.utime(path / "Private.con", (now, now))
        self.assertEqual(flow.prune(self.base, now), 0)

    def test_beyond_a_bound_the_longest_unused_go(self) -> None:
        self.patch(flow, "MOST_KEPT", 3)
        paths = [self.used(f"user{number}", LONG_AGO + number) for number in range(5)]
        self.assertEqual(flow.prune(self.base, LONG_AGO), 2)
        self.assertEqual([path.exists() for path in paths], [False, False, True, True, True])

    @holds("JYJK-7")
    def test_one_in_use_stays(self) -> None:
        path = self.used("user", LONG_AGO)
        held = flow.acquire(self.base, "user")
        self.addCleanup(held.release)
        for file in path.iterdir():
            os.utime(file, (LONG_AGO, LONG_AGO))
        self.patch(flow, "MOST_KEPT", 0)
        self.assertEqual(flow.prune(self.base, LONG_AGO + 100 * DAY), 0)
        self.assertTrue((path / "lock").exists())

    def test_a_new_directory_makes_old_ones_go(self) -> None:
        old = self.used("old", LONG_AGO)
        flow.acquire(self.base, "new").release()
        self.assertFalse(old.exists())

    def test_who_comes_back_after_long_finds_it(self) -> None:
        old = self.used("old", LONG_AGO)
        held = flow.acquire(self.base, "old")
        self.addCleanup(held.release)
        flow.acquire(self.base, "new").release()
        self.assertTrue((old / "lock").exists())

    def test_what_is_not_ours_stays(self) -> None:
        for name in ("notes", "0123456789abcdef/notes", "0123456789abcdef/0/below"):
            path = Path(self.base, name)
            path.mkdir(parents=True)
            (path / "file").touch()
            os.utime(path / "file", (0, 0))
        elsewhere = Path(self.mktemp())
        elsewhere.mkdir()
        (elsewhere / "file").touch()
        Path(self.base, "0123456789abcdef", "7").symlink_to(elsewhere.absolute())
        self.assertEqual(flow.prune(self.base, LONG_AGO), 0)
        self.assertTrue((elsewhere / "file").exists())
        for name in ("notes", "0123456789abcdef/notes", "0123456789abcdef/0/below"):
            self.assertTrue(Path(self.base, name, "file").exists(), name)

    def test_a_lock_that_was_removed_meanwhile_locks_nothing(self) -> None:
        real, taken = fcntl.flock, list[int]()

        def flock(lock: int, how: int) -> None:
            if not taken:
                taken.append(lock)
                # Another process removes the directory before the lock is had.
                shutil.rmtree(Path(self.base) / next(iter(os.listdir(self.base))))
            real(lock, how)

        self.patch(fcntl, "flock", flock)
        held = flow.acquire(self.base, "user")
        self.addCleanup(held.release)
        self.assertTrue(Path(held.path, "lock").exists())
        other = flow.acquire(self.base, "user")
        self.addCleanup(other.release)
        self.assertNotEqual(held.path, other.path)

    @holds("JYJK-6", "JYJK-7")
    def test_many_processes_at_once_never_share(self) -> None:
        self.patch(flow, "MOST_KEPT", 0)
        script = (
            "import sys\n"
            "from webctp.upstream.session import flow\n"
            "flow.MOST_KEPT = 0\n"
            "for number in range(300):\n"
            "    held = flow.acquire(sys.argv[1], f'user{number % 3}')\n"
            "    mark = open(held.path + 'mark', 'x')\n"
            "    import os; os.unlink(held.path + 'mark')\n"
            "    held.release()\n"
            "    flow.prune(sys.argv[1], 0.0)\n"
        )
        base = os.path.abspath(self.base)
        running = [
            subprocess.Popen([sys.executable, "-c", script, base], cwd=ROOT, stderr=subprocess.PIPE)
            for _ in range(4)
        ]
        for process in running:
            self.assertEqual(process.communicate(timeout=120)[1], b"")
            self.assertEqual(process.returncode, 0)


class Names(SynchronousTestCase):
    """No client's text reaches a path."""

    def test_hostile_users(self) -> None:
        base = Path(self.mktemp()).absolute()
        hostile = [
            "../../x",
            "a/b",
            "/etc",
            "..",
            "",
            "x" * 10_000,
            "张三",
            "a\nb",
            "\x00",
            "$HOME",
        ]
        for user in hostile:
            with self.subTest(user=user[:20]):
                held = flow.acquire(str(base), "front", "9999", user)
                self.addCleanup(held.release)
                name, slot = Path(held.path).relative_to(base).parts
                self.assertRegex(name, r"\A[0-9a-f]{16}\Z")
                self.assertEqual(slot, "0")


class Trouble(SynchronousTestCase):
    """A directory that cannot be made."""

    def test_a_file_in_its_place(self) -> None:
        base = self.mktemp()
        Path(base).write_text("not a directory")
        with self.assertRaises(flow.FlowError) as raised:
            flow.acquire(base, "front", "9999", "user")
        self.assertIn(base, str(raised.exception))
        self.assertIn("ConFilePath", str(raised.exception))

    def test_a_file_in_place_of_a_slot_leaves_no_descriptor(self) -> None:
        base = self.mktemp()
        Path(base).write_text("not a directory")
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(5):
            with self.assertRaises(flow.FlowError):
                flow.acquire(base, "front", "9999", "user")
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)
