"""What gateways say beside the kill switch's file: who runs, and has which change in force.

Several gateways may share one file. Each writes a file of its own (``kill.json.gateway-…``), and
holds a lock beside it while it runs: the kernel lets go of that whatever ends the process, so that
nobody waits for a gateway that is dead. The lock is the open file's, so that the command can ask
for it without taking it. All of it blocks on the disk.
"""

import errno
import fcntl
import hashlib
import os
import struct
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

import msgspec

from webctp.upstream import files
from webctp.upstream.decoding import NOT_JSON

_MARK: Final = ".gateway-"
_LOCK: Final = ".lock"
_PARKED: Final = ".parked"
_FLOCK: Final = "hhqqi0q"
_OF_ALL: Final = ".seen"
"""Where all gateways of 1.0 have written, the last one over the others."""


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Which change a gateway has in force; ``place`` tells people which gateway it is."""

    serial: int = 0
    pid: int = 0
    place: str = ""


class RunningGateway:
    """A gateway that runs, as the command sees it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.told = _read(path)

    def __str__(self) -> str:
        return f"{self.told.place} (pid {self.told.pid})"

    def left(self, serial: int) -> bytes | None:
        """Return which parked orders a change, or a later one, has left; None for nothing yet."""
        try:
            told, _, left = files.content(_beside(self._path, _PARKED)).partition(b"\n")
            return left if int(told) >= serial else None
        except (OSError, ValueError):
            return None


def running(kill_file: Path) -> list[RunningGateway]:
    """Return the gateways that run on a kill switch's file; those whose word is late among them.

    :raises OSError: if the directory cannot be read.
    """
    found = []
    for lock in sorted(kill_file.parent.glob(f"{kill_file.name}{_MARK}*{_LOCK}")):
        if _is_held(lock):
            found.append(RunningGateway(lock.with_name(lock.name.removesuffix(_LOCK))))
    return found


class Acknowledging:
    """Speak for one gateway, under a name of its own.

    :param kill_file: the kill switch's file.
    :param place: a path that this gateway alone has; its name is made of that, so that its next run
        finds what this one has said.
    """

    def __init__(self, kill_file: Path, place: str = "") -> None:
        self._kill_file = kill_file
        self._place = place
        self._path: Path | None = None
        self._lock = -1

    def begin(self) -> int:
        """Take the name; again where the directory is another by now.

        Returns the change up to which this gateway, or its run before, has heard words.

        :raises OSError: if there can be no lock.
        """
        self.end()
        self._kill_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256(self._place.encode("utf-8", "surrogateescape")).hexdigest()[:12]
        for number in count(1):
            name = f"{digest}-{number}" if number > 1 else digest
            path = self._kill_file.with_name(f"{self._kill_file.name}{_MARK}{name}")
            lock = _locked(_beside(path, _LOCK))
            if lock is not None:
                self._path, self._lock = path, lock
                break
        heard = self._heard(path)
        self._write(path, heard)
        return heard

    def end(self) -> None:
        """Give the name up: the gateway ends."""
        if self._lock >= 0:
            os.close(self._lock)
        self._path, self._lock = None, -1

    def _heard(self, path: Path) -> int:
        if path.exists():
            return _read(path).serial
        try:
            return int(files.content(_beside(self._kill_file, _OF_ALL)).split()[0])
        except (OSError, ValueError, IndexError):
            return 0

    def acknowledge(self, serial: int) -> None:
        """Say that a change is in force, for the command that waits for it.

        :raises OSError: if that cannot be written.
        """
        self._write(self._named(), serial)

    def _write(self, path: Path, serial: int) -> None:
        told = Acknowledgement(serial=serial, pid=os.getpid(), place=self._place)
        beside = _beside(path, ".new")
        beside.write_bytes(msgspec.json.encode(told) + b"\n")
        beside.replace(path)

    def tell_left(self, serial: int, left: bytes) -> None:
        """Say which parked orders a change has left, for the command that waits for it.

        :raises OSError: if that cannot be written.
        """
        files.replace(_beside(self._named(), _PARKED), b"%d\n%s" % (serial, left))

    def _named(self) -> Path:
        """Return the file of the name, which is taken again if its directory was replaced."""
        path = self._path
        if path is None or not _is_at(self._lock, _beside(path, _LOCK)):
            self.begin()
            path = self._path
        if path is None:
            raise RuntimeError("a lock without a name")
        return path


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")


def _read(path: Path) -> Acknowledgement:
    """Return what a gateway has said; nothing where it has not yet, or that is spoilt."""
    with suppress(OSError, ValueError, *NOT_JSON):
        return msgspec.json.decode(files.content(path), type=Acknowledgement)
    return Acknowledgement()


def _flock(kind: int) -> bytes:
    """Return the kernel's ``struct flock`` of a whole file."""
    return struct.pack(_FLOCK, kind, os.SEEK_SET, 0, 0, 0)


def _locked(path: Path) -> int | None:
    """Return the descriptor of a lock that is held from now on; None where another holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    try:
        files.keep_owner(lock, path.parent)
        fcntl.fcntl(lock, fcntl.F_OFD_SETLK, _flock(fcntl.F_WRLCK))
    except OSError as problem:
        os.close(lock)
        if problem.errno in (errno.EAGAIN, errno.EACCES):
            return None
        raise
    return lock


def _is_held(path: Path) -> bool:
    """Return whether a lock is held, without a lock of its own; one that cannot be seen may be."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        found = fcntl.fcntl(lock, fcntl.F_OFD_GETLK, _flock(fcntl.F_WRLCK))
    finally:
        os.close(lock)
    kind: int = struct.unpack(_FLOCK, found)[0]
    return kind != fcntl.F_UNLCK


def _is_at(lock: int, path: Path) -> bool:
    """Return whether a path leads to a lock that is held."""
    try:
        found = os.stat(path)
    except OSError:
        return False
    return os.path.samestat(found, os.fstat(lock))
