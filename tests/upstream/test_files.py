"""Files that are replaced whole, under a lock."""

import os
import stat
from pathlib import Path
from unittest.mock import patch

from twisted.trial.unittest import SynchronousTestCase

from tests.fifos import fifo
from webctp.upstream import files


class Opening(SynchronousTestCase):
    """What is no regular file is refused at once."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute()

    def test_the_content_is_read(self) -> None:
        self.path.write_bytes(b"abc")
        self.assertEqual(files.content(self.path), b"abc")
        with files.opened(str(self.path)) as file:
            self.assertEqual(file.read(2), b"ab")

    def test_a_fifo_without_a_writer_is_not_waited_for(self) -> None:
        fifo(self, self.path)
        problem = self.assertRaises(OSError, files.opened, self.path)
        self.assertIn("not a regular file", str(problem))

    def test_a_device_and_a_folder_are_refused(self) -> None:
        self.assertRaises(OSError, files.opened, "/dev/zero")
        self.assertRaises(OSError, files.opened, self.path.parent)

    def test_no_descriptor_is_left(self) -> None:
        fifo(self, self.path)
        before = len(os.listdir("/proc/self/fd"))
        self.assertRaises(OSError, files.opened, self.path)
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def test_one_that_is_missing_is_told_apart(self) -> None:
        self.assertRaises(FileNotFoundError, files.opened, self.path)


class Replacing(SynchronousTestCase):
    """The new content, or the old one."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "a.json"
        self.path.parent.mkdir()

    def test_it_is_whole_and_for_its_owner_alone(self) -> None:
        for content in (b"1", b"22"):
            files.replace(self.path, content)
            self.assertEqual(self.path.read_bytes(), content)
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        self.assertEqual(os.listdir(self.path.parent), ["a.json"])

    def test_a_full_disk_leaves_the_file_as_it_was(self) -> None:
        files.replace(self.path, b"1")
        with patch("os.fsync", side_effect=OSError(28, "No space left")):
            self.assertRaises(OSError, files.replace, self.path, b"2")
        self.assertEqual(self.path.read_bytes(), b"1")
        self.assertEqual(os.listdir(self.path.parent), ["a.json"])

    def test_the_owner_stays_when_root_writes(self) -> None:
        files.replace(self.path, b"1")
        with patch("os.geteuid", return_value=0), patch("os.fchown") as change:
            files.replace(self.path, b"2")
        found = self.path.stat()
        self.assertEqual(change.call_args.args[1:], (found.st_uid, found.st_gid))

    def test_a_lock_that_root_makes_is_the_directory_s_owner_s(self) -> None:
        owners: list[tuple[int, int]] = []
        owner = self.path.parent.stat()
        self.patch(os, "geteuid", lambda: 0)
        self.patch(os, "fchown", lambda handle, uid, gid: owners.append((uid, gid)))
        with files.locked(self.path):
            pass
        self.assertEqual(owners, [(owner.st_uid, owner.st_gid)])

    def test_a_lock_is_let_go_whatever_happens(self) -> None:
        for _ in range(2):
            with self.assertRaises(KeyError), files.locked(self.path):
                raise KeyError
