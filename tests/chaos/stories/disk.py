"""What may happen to a journal's file while a daemon uses it, and how its owner mends it."""

import fcntl
import os
import resource
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Final

# Of Linux's linux/fs.h; Python has no names for them.
_GET_FLAGS: Final = 0x80086601
_SET_FLAGS: Final = 0x40086602
_IMMUTABLE: Final = 0x10
_PARTS: Final = ("", "-wal", "-shm")
_BUSY: Final = 30.0


class JournalFile:
    """The journal's file, with SQLite's two beside it, as somebody else on the machine sees it.

    What is taken away is kept, so that it can be given back.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept = path.parent.with_name("kept")
        self._kept.mkdir()
        self._aside = path.parent.with_name("aside")
        self._holder: sqlite3.Connection | None = None
        self._frozen: list[Path] = []
        self._limited = 0

    # What goes wrong

    def fill(self, pid: int, random: Random) -> None:
        """The disk is full for a process: its files cannot grow any more, but for a little."""
        # Its log and its flow files are far smaller than the journal.
        most = max((part.stat().st_size for part in self._parts()), default=0)
        self._limited = pid
        limit = most + random.choice((0, 4096, 40_000))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    def lock(self) -> None:
        """Another process writes, and does not come to an end."""
        if self._holder is None and self.path.exists():
            holder = sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
            self._holder = holder

    def freeze(self) -> bool:
        """Nothing can be written to the file any more; whether this machine can do that."""
        self._frozen = [part for part in self._parts() if not part.name.endswith("-shm")]
        try:
            for part in self._frozen:
                _mark(part, immutable=True)
        except OSError:
            self.thaw()
            return False
        return True

    def delete(self) -> None:
        """The file is deleted."""
        self._keep()
        for part in self._parts():
            part.unlink()

    def move(self) -> None:
        """The file is renamed."""
        self._keep()
        for part in self._parts():
            part.rename(part.with_name(f"moved-{part.name}"))

    def replace(self, random: Random) -> None:
        """Another file takes its place: an older copy, or an empty one."""
        self._keep()
        other = self.path.with_name("other")
        other.write_bytes(self.path.read_bytes() if random.random() < 0.5 else b"")
        for part in self._parts():
            if part != self.path:
                part.unlink()
        other.replace(self.path)

    def lose_directory(self) -> None:
        """The whole directory is renamed."""
        self._keep()
        if self.path.parent.exists() and not self._aside.exists():
            self.path.parent.rename(self._aside)

    def spoil(self, random: Random) -> None:
        """The files begin with rubbish, or are nothing else; copies are kept. No daemon may run."""
        for part in self._parts():
            shutil.copyfile(part, self._kept / part.name)
            with part.open("r+b") as file:
                # What SQLite has written ahead would mend the rest.
                file.write(random.randbytes(random.choice((100, 4096, part.stat().st_size))))

    # How it is mended

    def make_room(self) -> None:
        """The disk is not full any more."""
        if self._limited:
            everything = resource.RLIM_INFINITY, resource.RLIM_INFINITY
            with suppress(ProcessLookupError):
                resource.prlimit(self._limited, resource.RLIMIT_FSIZE, everything)
            self._limited = 0

    def unlock(self) -> None:
        """The other process is through."""
        if self._holder is not None:
            self._holder.close()
            self._holder = None

    def thaw(self) -> None:
        """The file can be written again."""
        frozen, self._frozen = self._frozen, []
        for part in frozen:
            with suppress(OSError):
                _mark(part, immutable=False)

    def give_back(self) -> None:
        """Put everything back as it was taken away. No daemon may run."""
        if not any(self._kept.iterdir()):
            return
        self.path.parent.mkdir(exist_ok=True)
        for part in self._parts():
            part.unlink()
        for part in self._kept.iterdir():
            part.rename(self.path.parent / part.name)

    @property
    def taken(self) -> bool:
        """Whether something is kept that could be given back."""
        return any(self._kept.iterdir())

    def ids(self) -> set[str] | None:
        """The ClientOrderIDs that are on it, as the next daemon will find them; no daemon runs.

        None where the file is spoilt.
        """
        if not self.path.is_file():
            return set()
        with _copied(self.path) as copy, closing(sqlite3.connect(copy)) as base:
            try:
                return {
                    given for (given,) in base.execute("SELECT client_order_id FROM client_order")
                }
            except sqlite3.OperationalError:  # a daemon was killed before it had made the table
                return set()
            except sqlite3.DatabaseError:
                return None

    def release(self) -> None:
        """Leave nothing behind that cannot be deleted."""
        self.unlock()
        self.thaw()
        self.make_room()

    def _parts(self) -> list[Path]:
        paths = [self.path.with_name(self.path.name + part) for part in _PARTS]
        return [path for path in paths if path.exists()]

    def _keep(self) -> None:
        """Hold the files by other names: what is written to them yet is kept as well."""
        if not self.taken:
            for part in self._parts():
                os.link(part, self._kept / part.name)


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    """A copy of a journal, for reading: to open the file itself would change it."""
    directory = path.parent.with_name("read")
    directory.mkdir()
    try:
        for part in _PARTS[:2]:
            source = path.with_name(path.name + part)
            if source.exists():
                shutil.copyfile(source, directory / source.name)
        yield directory / path.name
    finally:
        shutil.rmtree(directory)


def _mark(path: Path, *, immutable: bool) -> None:
    """Set or clear the flag of a file that must not change.

    :raises OSError: where the file system has no such flag, or this user may not set it.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        flags = struct.unpack("l", fcntl.ioctl(descriptor, _GET_FLAGS, bytes(8)))[0]
        flags = flags | _IMMUTABLE if immutable else flags & ~_IMMUTABLE
        fcntl.ioctl(descriptor, _SET_FLAGS, struct.pack("l", flags))
    finally:
        os.close(descriptor)
