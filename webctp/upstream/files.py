"""Small files that are replaced whole, under a lock: of tokens, of the kill switch.

All of it blocks on the disk.
"""

import errno
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from webctp.language.text import english


def opened(path: str | Path) -> BinaryIO:
    """Open a regular file to read, without waiting.

    To open a FIFO waits for its other end, for ever where nobody comes; a device may have no end.

    :raises OSError: if there is no such file, or it is a FIFO, a socket, a device or a directory.
    """
    return open(path, "rb", opener=_regular)


def content(path: str | Path) -> bytes:
    """Return the content of a regular file.

    :raises OSError: as :func:`opened`, or if it cannot be read.
    """
    with opened(path) as file:
        return file.read()


def _regular(path: str, flags: int) -> int:
    file = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise OSError(errno.EINVAL, english("not a regular file; a FIFO or a device is not read"), path)


def keep_owner(descriptor: int, like: Path) -> None:
    """Give a file that root has made to the owner of another, or of its directory.

    Else what root has made shuts out the daemon, which is another user.

    :raises OSError: if it cannot be.
    """
    if os.geteuid() == 0:
        owner = like.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def replace(path: Path, content: bytes) -> None:
    """Replace a file at one stroke: written beside, synced, renamed, its directory synced.

    It is for its owner alone: that of the file before, or of the directory.

    :raises OSError: if it cannot be; then the file is as it was, or as it shall be.
    """
    like = path if path.exists() else path.parent
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            keep_owner(file.fileno(), like)
            os.fsync(file.fileno())
        os.replace(beside, path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(beside)
        raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let others who want to change a file wait, by a lock beside it (``….lock``).

    :raises OSError: if there can be no lock.
    """
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        keep_owner(lock, path if path.exists() else path.parent)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
