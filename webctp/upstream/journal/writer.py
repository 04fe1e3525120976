"""The journal's writer: tasks done in transactions, on a store that is opened again after trouble.

All of it runs in the journal's thread (:mod:`~webctp.upstream.journal.journal`).
"""

import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from webctp.language.text import english
from webctp.upstream.journal.place import JournalLock
from webctp.upstream.journal.store import Store
from webctp.upstream.orders.client_order import JournalBroken

_log = Logger()

_DAY_NS: Final = 86_400 * 10**9
ID_DAYS: Final = 10
"""For how many trading days, told by CTP, a ClientOrderID is kept at least: none of a day that may
still be traded is ever removed, whatever the clock says."""
_PRUNED_AT_ONCE: Final = 500
_FAULTS: Final = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.NotSupportedError,
    sqlite3.ProgrammingError,
)
"""Errors of SQLite's that are about what is written; the others are about the disk."""


@dataclass(eq=False, slots=True)
class Task:
    """Something for the thread to do; ``done`` waits for its result, None if nobody does.

    ``on_disk`` is called when the disk has it, however late; never if it is dropped.
    """

    run: Callable[[Store], Any]
    done: Deferred[Any] | None = None
    on_disk: Callable[[], object] | None = None
    result: Any = None
    since: float = 0.0
    records: int = 1


class Misplaced(JournalBroken):
    """What was committed is in a file that no restart would find."""


class Writer:
    """Write to the store, opened when needed and again after trouble; in the journal's thread."""

    def __init__(self, path: Path, lock: JournalLock, open_store: Callable[[Path], Store]) -> None:
        self._path = path
        self._lock = lock
        self._open_store = open_store
        self._store: Store | None = None
        self._misplaced: Store | None = None
        self._pruned = 0

    @property
    def usable(self) -> bool:
        """Whether the last thing done succeeded."""
        return self._store is not None

    def write(self, batch: list[Task]) -> None:
        """Do the tasks in one transaction, and keep their results.

        After trouble even an empty one is tried on the disk: others wait to hear that it is back.

        :raises Misplaced: if the tasks are done, but the file is not where it belongs.
        """
        store = self._store or self._open()
        try:
            if batch or self._store is None:
                store.begin()
                for task in batch:
                    task.result = _done(task, store)
                if not batch:
                    store.touch()
                store.commit()
        except BaseException:
            self._drop(store)
            raise
        self._store = store
        misplaced = store.misplaced
        if not misplaced and not self._lock.held:
            misplaced = english("has lost its lock")
        if misplaced:
            self._store, self._misplaced = None, store
            raise Misplaced(english("{path} {misplaced}", path=self._path, misplaced=misplaced))

    def prune(self, now: int, days: int) -> bool:
        """Remove some of what is too old; gives whether there may be more."""
        if self._store is None:
            return False
        self._store.begin()
        self._pruned, more = self._store.prune(
            now - days * _DAY_NS, max(days, ID_DAYS), self._pruned, _PRUNED_AT_ONCE
        )
        self._store.commit()
        if not more:
            self._pruned = 0
        return more

    def close(self) -> None:
        """Close the file. A transaction that is not committed is undone.

        One that is misplaced stays open: nobody else has what is in it.
        """
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def _drop(self, store: Store) -> None:
        """Close a store that has failed, unless what is in it is nowhere else."""
        if store.misplaced:
            with contextlib.suppress(sqlite3.Error):
                store.undo()
            self._store, self._misplaced = None, store
        else:
            store.close()

    def end(self) -> None:
        """Close everything."""
        self.close()
        store, self._misplaced = self._misplaced, None
        if store is not None:
            store.close()

    def _open(self) -> Store:
        """Open the file, or bring what is in one that is misplaced to where it belongs."""
        self._lock.acquire()
        store = self._misplaced
        if store is None:
            return self._open_store(self._path)
        if store.misplaced:
            store = store.carry(self._path, self._open_store)
            _log.warn("journal: {path} is written anew", path=str(self._path))
        self._misplaced = None
        return store


def _done(task: Task, store: Store) -> Any:
    """Return a task's result; what cannot be written must not keep others from the disk."""
    try:
        return task.run(store)
    except Exception as problem:
        if isinstance(problem, sqlite3.Error) and not isinstance(problem, _FAULTS):
            raise
        _log.failure("journal: a record cannot be written")
        return JournalBroken(english("this cannot be recorded: {problem}", problem=problem))
