"""The version of a kept file: what this webctp reads, and how it takes an older file over.

A file of a version that this webctp does not know is refused before anything is written to it. An
older one is migrated in one transaction, after a copy was made beside it: whatever ends the process
leaves the old file or the new one. What is here blocks on the disk.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from twisted.logger import Logger

from webctp.language.text import english

_log = Logger()

_BUSY_MS: Final = 2000
"""How long a look at a version waits for another's lock."""


DAMAGED: Final = (sqlite3.Error, UnicodeDecodeError)
"""What comes of a file that SQLite cannot use: where its own words quote a name that is no text by
now, Python cannot read them."""


class UnknownVersion(Exception):
    """A file of a version that this webctp does not know, in one line; the file is untouched."""


def check(path: Path, found: int, newest: int) -> None:
    """Refuse a file of a version that this webctp does not know.

    :param newest: the version that this webctp writes; it reads that and all before.
    :raises UnknownVersion: naming the file, both versions and the remedy.
    """
    if not 1 <= found <= newest:
        raise UnknownVersion(
            english(
                "{path} is of version {version}, this webctp reads versions up to {newest}: use "
                "the webctp that wrote it, see docs/upgrading.md",
                path=path,
                version=found,
                newest=newest,
            )
        )


class _Versioned(msgspec.Struct):
    """What every form of a JSON file has."""

    version: int


def check_json(path: Path, content: bytes, newest: int) -> None:
    """Refuse JSON of a version that this webctp does not know, whatever else is in it.

    :raises UnknownVersion: as :func:`check`.
    :raises msgspec.DecodeError: if it is no JSON, or bears no version.
    """
    check(path, msgspec.json.decode(content, type=_Versioned).version, newest)


def copy_path(path: Path, version: int) -> Path:
    """Name the copy that is kept of a file as it was in an older version."""
    return path.with_name(f"{path.name}.v{version}")


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of an SQLite file, whose version is its ``user_version``.

    :param make: statements that make them in an empty file.
    :param mark: a table that files of every version have; one with other tables only is foreign.
    :param steps: by version, the statements that make the next version of it.
    :param unmarked: whether files of version 1 bear no version.
    """

    make: str
    mark: str
    steps: Mapping[int, str] = field(default_factory=dict[int, str])
    unmarked: bool = False

    @property
    def version(self) -> int:
        """Return the version that this webctp writes."""
        return max(self.steps, default=0) + 1

    def look(self, path: Path) -> int:
        """Return the version of a file without touching it; 0 where there is nothing in it.

        :raises UnknownVersion: if this webctp does not know it.
        :raises sqlite3.Error: if it cannot be read, or is no database.
        """
        if not path.exists() or not path.stat().st_size:
            return 0
        with contextlib.closing(_read_only(path)) as database:
            return self.found(database, path)

    def found(self, database: sqlite3.Connection, path: Path) -> int:
        """Return the version of an open file; 0 for one that bears none, and is none of ours.

        :raises UnknownVersion: if this webctp does not know it.
        """
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if not version and self.unmarked and self.mark in _tables(database):
            version = 1
        if version:
            check(path, version, self.version)
        return int(version)

    def is_foreign(self, database: sqlite3.Connection, path: Path) -> bool:
        """Return whether a file holds tables that are none of ours, whatever version it bears.

        :raises UnknownVersion: if this webctp does not know that version.
        """
        self.found(database, path)
        tables = _tables(database)
        return bool(tables) and self.mark not in tables

    def apply(self, database: sqlite3.Connection, path: Path) -> None:
        """Make the tables, or migrate those of an older version, within the open transaction.

        The caller commits, and then tells by :meth:`tell`.

        :param database: without transactions of its own (``isolation_level=None``).
        :raises OSError, sqlite3.Error: if no copy can be kept, or the disk takes nothing.
        """
        version = self.found(database, path)
        if 0 < version < self.version:
            keep_copy(path, copy_path(path, version))
        for statement in self._statements(version):
            database.execute(statement)
        # Written even if unchanged, so that a disk that takes nothing is found now.
        database.execute(f"PRAGMA user_version = {self.version}")

    def tell(self, path: Path, before: int) -> None:
        """Log that a file was migrated, if it was; ``before`` is the version it had."""
        if 0 < before < self.version:
            _log.info(
                "{path} was migrated from version {before} to {version}; {copy} is as it was",
                path=str(path),
                before=before,
                version=self.version,
                copy=str(copy_path(path, before)),
            )

    def _statements(self, version: int) -> Iterator[str]:
        scripts = [self.steps[one] for one in range(version, self.version)] if version else []
        for script in scripts if version else [self.make]:
            yield from filter(None, map(str.strip, script.split(";")))


def keep_copy(path: Path, copy: Path) -> None:
    """Write a database as it is on disk into a file of its own, whole or not at all.

    Read by a connection of its own: SQLite copies nothing by one that is within a transaction, and
    Python's ``backup`` would wait for its end without one.

    :raises OSError, sqlite3.Error: if it cannot be written.
    """
    handle, beside = tempfile.mkstemp(prefix=f".{copy.name}.", dir=copy.parent)
    try:
        with (
            contextlib.closing(_read_only(path)) as source,
            contextlib.closing(sqlite3.connect(beside)) as target,
        ):
            source.backup(target)
        os.fsync(handle)
        os.replace(beside, copy)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    finally:
        os.close(handle)


def _read_only(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    database.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    return database


def _tables(database: sqlite3.Connection) -> set[str]:
    return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
