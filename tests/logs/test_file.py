"""The log's file, as far as `tests.logs.test_output` does not look at it."""

import os
import stat
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.logs.file import MODE, OwnLogFile


class Files(SynchronousTestCase):
    """Who may read a file."""

    def test_a_group_that_was_let_in_stays(self) -> None:
        path = Path(self.mktemp())
        path.touch()
        path.chmod(0o664)
        file = OwnLogFile.fromFullPath(os.fspath(path), defaultMode=MODE)
        self.addCleanup(file.close)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o660)
