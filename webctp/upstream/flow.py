"""Flow directories: where the native API keeps the files it resumes its streams from.

Each API instance needs a directory of its own: two that share one corrupt each other's files, a
missing one kills the process. The daemon names them, never a client: a hash of front, broker and
user, then a numbered slot that is locked while an instance uses it. So a user who logs in again
finds yesterday's files, and a second session of the same user gets the next slot.
"""

import fcntl
import hashlib
import os
from pathlib import Path

_SLOTS = 1024


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
            os.close(lock)


def acquire(base: str, *identity: str) -> FlowDirectory:
    """Make and lock a directory below ``base`` for ``identity`` (front, broker, user).

    Does disk IO: call it off the reactor thread.

    :raises FlowError: if the directory cannot be made or locked.
    """
    name = hashlib.sha256("\0".join(identity).encode()).hexdigest()[:16]
    for slot in range(_SLOTS):
        directory = Path(base, name, str(slot)).absolute()
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise FlowError(
                f"cannot make flow directory {directory}: {problem.strerror}; "
                "set ConFilePath to a directory that can be written"
            ) from problem
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            continue
        return FlowDirectory(directory, lock)
    raise FlowError(f"all {_SLOTS} flow directories in {base}/{name} are in use")
