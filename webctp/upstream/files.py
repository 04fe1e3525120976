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
    raise OSError(errno.EINVAL, "not a regular file; a FIFO or a device is not read", path)


def replace(path: Path, content: bytes) -> None:
    """Replace a file at one stroke: written beside, synced, renamed, its directory synced.

    It is for its owner alone: that of the file before, or of the directory.

    :raises OSError: if it cannot be; then the file is as it was, or as it shall be.
    """
    owner = (path if path.exists() else path.parent).stat()
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if os.geteuid() == 0:
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
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
        if os.geteuid() == 0:
            # Else a lock that root has made shuts out the daemon, which is another user.
            owner = (path if path.exists() else path.parent).stat()
            os.fchown(lock, owner.st_uid, owner.st_gid)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
