"""Where a journal lies: the lock that keeps others from its file, and whether the file is there.

A file that was deleted, moved or replaced takes what is written to it all the same, and nobody
will ever read it there. So the path is held against what is open, by device and inode.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from webctp.language.text import Text, english, verbatim
from webctp.upstream.orders.client_order import JournalBroken

SIDES: Final = ("-wal", "-shm")
"""What SQLite keeps beside a database, by how the names end."""

FileId = tuple[int, int]
"""A file's device and inode."""


class JournalInUse(JournalBroken):
    """Another process keeps the journal."""


class JournalLock:
    """The lock beside a journal's file, held for the process's life. Used by a thread at a time.

    ``flock`` on a file of its own: SQLite's locks on the journal itself are shared by the whole
    process, and are dropped when any descriptor of that file is closed.
    """

    def __init__(self, path: Path) -> None:
        self.path = lock_path(path)
        self._file: int | None = None
        self._id: FileId | None = None

    def acquire(self) -> None:
        """Take the lock, or keep it; one that was deleted is made and taken anew.

        :raises JournalInUse: with one line, if another process has it.
        :raises JournalBroken: with one line, if it cannot be made.
        """
        if self.held:
            return
        self.release()
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise JournalBroken(
                english("cannot open the journal's lock: {problem}", problem=problem)
            ) from problem
        try:
            _lock(file, self.path)
            self._id = _id(os.fstat(file))
        except BaseException:
            os.close(file)
            raise
        self._file = file
        with contextlib.suppress(OSError):  # a full disk: who holds the lock is told no less
            os.truncate(file, 0)
            os.pwrite(file, f"{os.getpid()}\n".encode(), 0)

    @property
    def held(self) -> bool:
        """Whether the lock is held, and others would find it."""
        return self._file is not None and file_id(self.path) == self._id

    def release(self) -> None:
        """Give the lock back; its file stays, for whoever waits for it has it open."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def lock_path(path: Path) -> Path:
    """Name the lock of a journal."""
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}.lock")


def keeper(path: Path) -> Text | None:
    """Return the id of the process that keeps the journal at ``path`` now; None if none does.

    :raises OSError: if that cannot be found out.
    """
    try:
        file = os.open(lock_path(path), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(file)
    finally:
        os.close(file)
    return None


def file_id(path: Path) -> FileId | None:
    """Return the device and inode of what is at a path; None where nothing can be seen."""
    try:
        return _id(os.stat(path))
    except OSError:
        return None


def sides(path: Path) -> tuple[Path, ...]:
    """Name the files that SQLite keeps beside a database."""
    return tuple(path.with_name(path.name + end) for end in SIDES)


@contextlib.contextmanager
def sides_put_aside(path: Path) -> Iterator[None]:
    """Hide another database's side files: SQLite deletes them by name when the old one closes."""
    moved = []
    for side in sides(path):
        aside = side.with_name(f"{side.name}.aside")
        with contextlib.suppress(FileNotFoundError):
            side.rename(aside)
            moved.append((aside, side))
    try:
        yield
    finally:
        for aside, side in moved:
            aside.rename(side)


def _lock(file: int, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        raise JournalInUse(
            english(
                "the journal {path} is kept by another process ({holder}); end that one, or "
                "name another file in Journal.Path",
                path=str(path).removesuffix(".lock"),
                holder=_holder(file),
            )
        ) from taken


def _holder(file: int) -> Text:
    number = os.pread(file, 20, 0).decode(errors="replace").strip()
    return verbatim(number) if number else english("just starting")


def _id(found: os.stat_result) -> FileId:
    return found.st_dev, found.st_ino
