"""Files that are read again when they change: looked at every few seconds, off the reactor."""

import os
from collections.abc import Callable, Iterable
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.clock import Reactor
from webctp.upstream.session.apiqueue import InThread

_log = Logger()

EVERY: Final = 2.0
"""Seconds between two looks."""

_Stamp = tuple[int, int, int, int] | None


def _stamps(paths: tuple[str, ...]) -> tuple[_Stamp, ...]:
    """Return what tells a file from another in its place, and from itself before a change."""
    found: list[_Stamp] = []
    for path in paths:
        try:
            stat = os.stat(path)
        except OSError:
            found.append(None)
        else:
            found.append((stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size))
    return tuple(found)


class FileWatch:
    """Calls ``on_change`` when one of some files is another than at the last look.

    Two looks must agree: whoever replaces several files does so one after the other.

    :param reactor: its clock.
    :param in_thread: looks at the files; a file system may hang.
    :param paths: the files; they need not exist.
    """

    def __init__(
        self,
        reactor: Reactor,
        in_thread: InThread,
        paths: Iterable[str],
        on_change: Callable[[], object],
    ) -> None:
        self._reactor = reactor
        self._in_thread = in_thread
        self._paths = tuple(paths)
        self._on_change = on_change
        self._known = self._last = _stamps(self._paths)
        self._call: IDelayedCall | None = None
        self._runs = False

    def start(self) -> None:
        """Begin to look."""
        self._runs = True
        self._wait()

    def stop(self) -> None:
        """Look no more."""
        self._runs = False
        if self._call is not None and self._call.active():
            self._call.cancel()

    def settled(self) -> None:
        """Take what is there now for known: it is being read for another reason."""
        self._known = self._last = _stamps(self._paths)

    def _wait(self) -> None:
        if self._runs:
            self._call = self._reactor.callLater(EVERY, self._look)

    def _look(self) -> None:
        looking: Deferred[Any] = self._in_thread(_stamps, self._paths)
        looking.addCallback(self._compare).addErrback(self._failed)
        looking.addCallback(lambda _: self._wait())

    def _compare(self, now: tuple[_Stamp, ...]) -> None:
        before, self._last = self._last, now
        if self._runs and now != self._known and now == before:
            self._known = now
            self._on_change()

    def _failed(self, failure: Failure) -> None:
        _log.failure("a change of {paths} was not taken", failure, paths=", ".join(self._paths))
