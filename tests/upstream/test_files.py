"""Files that are replaced whole, under a lock."""

import os
import stat
from pathlib import Path
from unittest.mock import patch

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream import files


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
