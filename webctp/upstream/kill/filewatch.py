"""Hear from the kernel that a file was changed, where it tells (Linux: inotify).

The directory is watched, for the file is replaced whole. Runs in the reactor's thread.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from twisted.internet.posixbase import PosixReactorBase
from twisted.python.filepath import FilePath

Stop = Callable[[], object]
"""Watch no longer."""
Watch = Callable[[Path, Callable[[], object], Callable[[], object]], Stop | None]
"""Takes a file, what to call when it may have changed, and what to call when its directory has
gone; returns None where nothing is told."""


def _loaded() -> Any:
    """Return Twisted's inotify; None where the system has none."""
    try:
        from twisted.internet import inotify
    except ImportError:
        return None
    return inotify


inotify: Final = _loaded()
"""Loaded at once, not when a daemon starts: it asks ldconfig, a process, for the C library."""


def watch_with(reactor: Any) -> Watch:
    """Return what watches a file by inotify in a reactor."""

    def watch(
        path: Path, on_change: Callable[[], object], on_lost: Callable[[], object]
    ) -> Stop | None:
        if inotify is None or not isinstance(reactor, PosixReactorBase):
            return None

        def told(_: object, changed: FilePath[bytes], mask: int) -> None:
            if mask & gone:
                on_lost()
            elif changed.basename() == name or mask & inotify.IN_Q_OVERFLOW:
                on_change()

        gone = inotify.IN_DELETE_SELF | inotify.IN_MOVE_SELF | inotify.IN_UNMOUNT
        mask = inotify.IN_MOVED_TO | inotify.IN_MOVED_FROM | inotify.IN_DELETE
        mask |= inotify.IN_CLOSE_WRITE | gone
        name = str(path.name).encode()
        try:
            notifier = inotify.INotify(reactor)
        except (inotify.INotifyError, OSError):
            return None  # the user has too many already
        try:
            notifier.watch(FilePath(str(path.parent)), mask=mask, callbacks=[told])
        except (inotify.INotifyError, OSError):
            notifier.loseConnection()
            return None  # there is no such directory yet
        notifier.startReading()
        stop: Stop = notifier.loseConnection
        return stop

    return watch


def unwatched(
    path: Path, on_change: Callable[[], object], on_lost: Callable[[], object]
) -> Stop | None:
    """Watch nothing: whoever asks has to look by itself."""
    return None
