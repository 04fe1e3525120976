"""Flow directories: where the native API keeps the numbers of the streams it has received.

Each API instance needs a directory of its own: two that share one corrupt each other's files, a
missing one kills the process. The daemon names them, never a client: a hash of front, broker and
user, then a numbered slot that is locked while an instance uses it. Each instance begins with an
empty one: sessions ask for the whole day (RESTART), and numbers of before could only do harm when
CTP has begun its flow anew. What nobody has used for long goes when a new directory is made.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import stat
import time
from pathlib import Path
from typing import Final

from webctp.language.text import english
from webctp.upstream.session.descriptors import lift

KEPT_SECONDS: Final = 30 * 86_400.0
"""How long a directory that nobody uses is kept."""
MOST_KEPT: Final = 1024
"""How many are kept, those in use among them: who invents users fills no disk."""

_SLOTS: Final = 1024
_LOCK: Final = "lock"
_TRIES: Final = 1000
_NAME: Final = re.compile(r"[0-9a-f]{16}")


class FlowError(Exception):
    """No flow directory could be had; the text names the place and the remedy."""


class FlowDirectory:
    """A locked directory; :meth:`release` unlocks it. Made by :func:`acquire`."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = f"{path}/"
        self._lock: int | None = lock

    def release(self) -> None:
        """Let others use the directory; any thread, more than once does no harm."""
        lock, self._lock = self._lock, None
        if lock is not None:
            # Notes the last use; on a disk that takes nothing the library's files tell it.
            with contextlib.suppress(OSError):
                os.utime(lock)
            os.close(lock)


def acquire(base: str, *identity: str, tidy: bool = True) -> FlowDirectory:
    """Make and lock an empty directory below ``base`` for ``identity`` (front, broker, user).

    Does disk IO: call it off the reactor thread.

    :param tidy: whether a directory that had to be made makes others go, as in :func:`prune`.
    :raises FlowError: if the directory cannot be made or locked.
    """
    name = hashlib.sha256("\0".join(identity).encode()).hexdigest()[:16]
    for slot in range(_SLOTS):
        directory = Path(base, name, str(slot)).absolute()
        try:
            made, lock = _claim(directory)
            if lock is not None and not made:
                _empty(directory, lock)
        except OSError as problem:
            raise FlowError(
                english(
                    "cannot make flow directory {directory}: {reason}; "
                    "set ConFilePath to a directory that can be written",
                    directory=directory,
                    reason=problem.strerror,
                )
            ) from problem
        if lock is None:
            continue
        with contextlib.suppress(OSError):
            os.utime(lock)
        if made and tidy:
            prune(base, time.time())
        return FlowDirectory(directory, lock)
    raise FlowError(
        english(
            "all {slots} flow directories in {base}/{name} are in use",
            slots=_SLOTS,
            base=base,
            name=name,
        )
    )


def make_base(base: str) -> None:
    """Make the directory that all others go into, or look whether they can.

    :raises FlowError: if they cannot.
    """
    path = Path(base).absolute()
    try:
        _make(path)
        if not os.access(path, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as problem:
        raise FlowError(
            english(
                "cannot make flow directories in {path}: {reason}; set ConFilePath to a directory "
                "that can be written",
                path=path,
                reason=problem.strerror,
            )
        ) from problem


def prune(base: str, now: float) -> int:
    """Remove what nobody has used for :data:`KEPT_SECONDS`, and the longest unused beyond a bound.

    Never one in use: each is removed with its lock held. What is not ours stays, and what cannot
    be removed.

    :param now: seconds since 1970.
    :return: how many directories have gone.
    """
    found: list[tuple[float, Path]] = []
    for name in _entries(Path(base)):
        if _NAME.fullmatch(name.name):
            slots = (slot for slot in _entries(name) if slot.name.isdecimal())
            found.extend((_last_use(slot), slot) for slot in slots)
    found.sort()
    beyond = len(found) - MOST_KEPT
    return sum(
        _remove(slot)
        for number, (used, slot) in enumerate(found)
        if number < beyond or used < now - KEPT_SECONDS
    )


def _claim(directory: Path) -> tuple[bool, int | None]:
    """Make a directory, if it is missing, and lock it: whether it was, and the lock, if it is free.

    Another process may remove it, or the one above it, at any moment before the lock is had.
    """
    for _ in range(_TRIES):
        try:
            made = _make(directory)
        except FileNotFoundError:
            continue
        lock = _lock(directory / _LOCK, os.O_CREAT)
        if lock is not None or directory.exists():
            return made, lock
    raise FileNotFoundError(errno.ENOENT, "it is removed again and again")


def _empty(directory: Path, lock: int) -> None:
    """Remove what an instance of before has left; the lock is let go of where that fails."""
    try:
        for entry in _entries(directory, directories=False):
            if entry.name != _LOCK:
                entry.unlink()
    except OSError:
        os.close(lock)
        raise


def _make(directory: Path) -> bool:
    """Make a directory, and those above it, for the daemon's user alone; whether it was missing.

    :raises FileNotFoundError: if another process has removed one of them meanwhile.
    """
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        # One by one: with parents=True the mode is for the last of them only.
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
    if not stat.S_ISDIR(directory.stat().st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    return bool(missing)


def _lock(path: Path, flags: int = 0) -> int | None:
    """Open and lock a lock file; None if another holds it, or it has just been removed."""
    try:
        lock = lift(os.open(path, os.O_RDWR | os.O_CLOEXEC | flags, 0o600))
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), os.stat(path)):
            return lock
    except OSError:
        pass
    os.close(lock)
    return None


def _remove(slot: Path) -> bool:
    """Remove a directory that nobody uses, with what the native library has put into it."""
    lock = _lock(slot / _LOCK)
    if lock is None:
        return False
    try:
        for entry in _entries(slot, directories=False):
            if entry.name != _LOCK:
                entry.unlink()
        # Removed last: whoever waits for the lock looks for the file at its path again.
        (slot / _LOCK).unlink()
        slot.rmdir()
        if not any(slot.parent.iterdir()):
            slot.parent.rmdir()
    except OSError:
        return False
    finally:
        os.close(lock)
    return True


def _last_use(slot: Path) -> float:
    """Return when anything in a directory was last written, in seconds since 1970."""
    moments = [0.0]
    for entry in _entries(slot, directories=False):
        with contextlib.suppress(FileNotFoundError):
            moments.append(entry.stat().st_mtime)
    return max(moments)


def _entries(path: Path, *, directories: bool = True) -> list[Path]:
    """Return the directories, or the files, in a directory; no links. Empty where there is none."""
    try:
        with os.scandir(path) as found:
            return [
                Path(one.path)
                for one in found
                if (one.is_dir if directories else one.is_file)(follow_symlinks=False)
            ]
    except OSError:
        return []
