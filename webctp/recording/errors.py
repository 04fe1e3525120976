"""Say what is wrong with a recording: the whole file, or rows of it that are left out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from webctp.language.text import english

_TOLD: Final = 20
"""Damaged rows that are reported one by one; later ones are only counted."""
Report = Callable[[str], None]
"""Takes one line about what was skipped."""


class TickFileError(Exception):
    """A file cannot be used as a recording; one line that names it."""


class Skips:
    """Report what was skipped of a file: the first rows one by one, the rest as a count."""

    def __init__(self, path: Path, report: Report) -> None:
        self._path = path
        self._report = report
        self._count = 0

    def skipped(self, where: str, reason: str) -> None:
        """Note a row that was skipped; ``where`` is ``line 7``."""
        self._count += 1
        if self._count <= _TOLD:
            self._report(
                english(
                    "{path}: {where}: skipped: {reason}",
                    path=self._path,
                    where=where,
                    reason=reason,
                )
            )

    def unknown(self, columns: Sequence[str]) -> None:
        """Report columns that are left out."""
        if columns:
            listed = ", ".join(columns)[:200]
            self._report(
                english(
                    "{path}: unknown columns passed over: {listed}", path=self._path, listed=listed
                )
            )

    def noted(self, line: str) -> None:
        """Note that something is read otherwise than it stands; the caller tells it once."""
        self._report(english("{where}: {problem}", where=self._path, problem=line))

    def done(self) -> None:
        """Note that the end of the file was reached."""
        if self._count > _TOLD:
            self._report(
                english("{path}: {count} rows skipped in all", path=self._path, count=self._count)
            )
