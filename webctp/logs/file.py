"""The log's file on disk: for its owner alone, rotated by size, opened anew when asked."""

import os
import stat
from typing import Final

from twisted.python import threadable
from twisted.python.logfile import LogFile

MODE: Final = 0o600
"""Of a new file."""


class OwnLogFile(LogFile):
    """A log file for its owner alone, rotated by size, that can be opened anew.

    A file that its operator has opened to a group stays so; others never read it.
    """

    synchronized = ["reopen", "rotate"]  # noqa: RUF012 - as Twisted has it

    def _openFile(self) -> None:
        if os.path.exists(self.path):
            self.defaultMode = stat.S_IMODE(os.stat(self.path).st_mode) & 0o770 | MODE
        super()._openFile()

    def rotate(self) -> None:
        """Put the file aside and begin another; if that fails, go on with the one there is."""
        try:
            super().rotate()
        except OSError:
            if self._file.closed:
                self._openFile()
        # Tried again when as much has come again, not with each line.
        self.size = 0

    def reopen(self) -> None:
        """Open the path anew, as after ``logrotate``.

        :raises OSError: if that cannot be done; the old file stays in use.
        """
        old, size = self._file, self.size
        try:
            self._openFile()
        except OSError:
            self._file, self.size = old, size
            raise
        old.close()


threadable.synchronize(OwnLogFile)
