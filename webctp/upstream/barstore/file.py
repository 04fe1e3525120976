"""The bar store's file: an SQLite database of bars.

WAL with ``synchronous=NORMAL``: a power cut may cost the last bars, never the file. Others may
read while the daemon writes. Used by one thread at a time; it blocks on the disk.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from webctp.language.text import english, reason_of
from webctp.storage.versions import DAMAGED, Schema, UnknownVersion
from webctp.upstream.barstore.row import DAY, KEPT, BarRow, SeriesKey

_BUSY_MS: Final = 2000
_SINCE_1: Final = """
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    instrument_id TEXT NOT NULL,
    period TEXT NOT NULL,
    UNIQUE (instrument_id, period)
);
CREATE TABLE bar (
    series INTEGER NOT NULL,
    begin INTEGER NOT NULL,
    end INTEGER NOT NULL,
    trading_day TEXT NOT NULL,
    exchange_id TEXT NOT NULL,
    open REAL NOT NULL,
    high REAL NOT NULL,
    low REAL NOT NULL,
    close REAL NOT NULL,
    volume INTEGER NOT NULL,
    turnover REAL NOT NULL,
    open_interest REAL NOT NULL,
    settlement REAL,
    PRIMARY KEY (series, begin)
) WITHOUT ROWID;
"""
SCHEMA: Final = Schema(make=_SINCE_1, mark="bar")
_REST: Final = (*(str, str), *(float,) * 4, *(int, float, float))
_KINDS: Final = {(int, int, *_REST, settled) for settled in (float, type(None))}
"""The types of a row that can be used."""
_COLUMNS: Final = ", ".join(BarRow._fields)
_PUT: Final = f"""
INSERT INTO bar (series, {_COLUMNS}) VALUES (?, {", ".join("?" * len(BarRow._fields))})
ON CONFLICT (series, begin) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in BarRow._fields[1:-1])},
    settlement = COALESCE(excluded.settlement, settlement)
WHERE excluded.volume >= volume"""
"""Of two bars of the same time the one with more volume has seen more of it."""


class BarStoreError(Exception):
    """A file that is no bar store, or cannot be used; one line that names it."""


class BarFile:
    """A bar store's file, open for reading and writing; made, with its directory, when missing.

    :raises BarStoreError: if it cannot be opened, is none of ours or of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._series: dict[SeriesKey, int] = {}
        try:
            SCHEMA.look(path)  # what is of a newer version stays as it is, its -wal included
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except UnknownVersion as problem:
            raise BarStoreError(reason_of(problem)) from problem
        except (OSError, *DAMAGED) as problem:
            raise _cannot_open(path, problem) from problem
        try:
            self._prepare(path)
        except BaseException as problem:
            self._db.close()
            if not isinstance(problem, (OSError, *DAMAGED)):
                raise
            raise _cannot_open(path, problem) from problem

    def _prepare(self, path: Path) -> None:
        db = self._db
        db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        if SCHEMA.is_foreign(db, path):
            raise BarStoreError(
                english("{path} is a database of something else; name another Path", path=path)
            )
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        with self._transaction():
            before = SCHEMA.found(db, path)
            SCHEMA.apply(db, path)
        SCHEMA.tell(path, before)

    def put(self, bars: Iterable[tuple[SeriesKey, BarRow]]) -> None:
        """Write bars in one transaction. This and the others raise :class:`sqlite3.Error`."""
        with self._transaction():
            # Numbers given within the transaction: a series that is undone with it is unknown.
            known = dict(self._series)
            self._db.executemany(_PUT, [(self._number(known, key), *row) for key, row in bars])
        self._series = known

    def settle(self, instrument_id: str, trading_day: str, price: float) -> None:
        """Write a day's settlement price, where the store has the day."""
        number = self._known(SeriesKey(instrument_id, DAY))
        if number is not None:
            self._db.execute(
                "UPDATE bar SET settlement = ? WHERE series = ? AND trading_day = ?",
                (price, number, trading_day),
            )

    def bars(
        self, key: SeriesKey, count: int, begin: int | None = None, end: int | None = None
    ) -> list[BarRow]:
        """Return the newest ``count`` bars of a series, the oldest first.

        :param begin: bars that begin earlier are left out.
        :param end: so are bars that end later.
        :raises BarStoreError: if one of them is damaged.
        """
        number = self._known(key)
        if number is None:
            return []
        where, values = "series = ?", [number]
        if begin is not None:
            where, values = f"{where} AND begin >= ?", [*values, begin]
        if end is not None:
            # By the begin first: it is what the table is ordered by.
            where, values = f"{where} AND begin < ? AND end <= ?", [*values, end, end]
        found = self._db.execute(
            f"SELECT {_COLUMNS} FROM bar WHERE {where} ORDER BY begin DESC LIMIT ?",
            (*values, count),
        ).fetchall()
        # SQLite keeps in a column whatever a damage or a tool has put there.
        if not {tuple(map(type, row)) for row in found} <= _KINDS:
            raise self._damaged(key.instrument_id)
        found.reverse()
        return list(map(BarRow._make, found))

    def prune(self, before: int) -> int:
        """Remove the bars that ended before a moment; return how many."""
        removed = 0
        for (number,) in self._db.execute("SELECT id FROM series").fetchall():
            removed += self._db.execute(
                "DELETE FROM bar WHERE series = ? AND begin < ? AND end < ?",
                (number, before, before),
            ).rowcount
        return removed

    def count(self) -> int:
        """Return how many bars there are."""
        (count,) = self._db.execute("SELECT COUNT(*) FROM bar").fetchone()
        return int(count)

    def series(self) -> Iterator[tuple[SeriesKey, int, int, int]]:
        """Give each series that has bars: how many, when the first begins, when the last ends."""
        for name, period, count, begin, end in self._db.execute(
            "SELECT instrument_id, period, COUNT(*), MIN(begin), MAX(end) FROM series, bar"
            " WHERE bar.series = series.id GROUP BY series ORDER BY instrument_id, period"
        ):
            if (*map(type, (name, period)), *map(type, (begin, end))) != (str, str, int, int):
                raise self._damaged(name)
            yield SeriesKey(name, period), count, begin, end

    def _damaged(self, name: object) -> BarStoreError:
        return BarStoreError(
            english(
                "the bar store {path} is damaged: bars of {name} hold what is none; put a copy in "
                "its place, or remove it and import recordings again",
                path=self._path,
                name=name,
            )
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._db)

    def _known(self, key: SeriesKey) -> int | None:
        """Return a series' number, None for one that has no bars."""
        number = self._series.get(key)
        if number is None:
            found = self._db.execute(
                "SELECT id FROM series WHERE instrument_id = ? AND period = ?", key
            ).fetchone()
            if found is None:
                return None
            number = self._series[key] = int(found[0])
        return number

    def _number(self, known: dict[SeriesKey, int], key: SeriesKey) -> int:
        """Return a series' number, given to it where it has none."""
        number = known.get(key)
        if number is None:
            if key.period not in KEPT:
                raise ValueError(f"no bars of {key.period!r} are kept")
            self._db.execute(
                "INSERT OR IGNORE INTO series (instrument_id, period) VALUES (?, ?)", key
            )
            (number,) = self._db.execute(
                "SELECT id FROM series WHERE instrument_id = ? AND period = ?", key
            ).fetchone()
            known[key] = int(number)
        return int(number)


class _Transaction:
    """Commit what is done within it, or undo it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, problem: object, traceback: object) -> None:
        if kind is None:
            self._db.execute("COMMIT")
        else:
            self._db.rollback()


def _cannot_open(path: Path, problem: Exception) -> BarStoreError:
    return BarStoreError(
        english("cannot open the bar store {path}: {problem}", path=path, problem=problem)
    )
