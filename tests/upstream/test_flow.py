"""Flow directories: named by the daemon, one for each API instance."""

import os
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream import flow

_HOLDER = """
import sys
from webctp.upstream import flow
held = flow.acquire(sys.argv[1], "front", "9999", "user")
print(held.path, flush=True)
sys.stdin.read()
"""


ROOT = Path(__file__).resolve().parents[2]


class Slots(SynchronousTestCase):
    """Who gets which directory."""

    def setUp(self) -> None:
        self.base = self.mktemp()

    def acquire(self, *identity: str) -> flow.FlowDirectory:
        held = flow.acquire(self.base, *identity)
        self.addCleanup(held.release)
        return held

    def test_it_exists_and_ends_with_a_slash(self) -> None:
        path = self.acquire("front", "9999", "user").path
        self.assertTrue(path.endswith("/"))
        self.assertTrue(os.path.isabs(path))
        self.assertTrue(os.path.isdir(path))

    def test_nobody_else_may_read_it(self) -> None:
        path = self.acquire("front", "9999", "user").path
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o700)

    def test_two_at_a_time_never_share(self) -> None:
        paths = {self.acquire("front", "9999", "user").path for _ in range(3)}
        self.assertEqual(len(paths), 3)

    def test_who_comes_back_finds_the_same(self) -> None:
        first = self.acquire("front", "9999", "user")
        Path(first.path, "Private.con").write_bytes(b"stream")
        first.release()
        again = self.acquire("front", "9999", "user")
        self.assertEqual(Path(again.path, "Private.con").read_bytes(), b"stream")

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
