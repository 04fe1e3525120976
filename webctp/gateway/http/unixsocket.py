"""Listen on Unix sockets; one at which nobody listens any more does not stand in the way.

Twisted's lock file beside a socket holds a process id, which after a crash may be another's: in a
container it is nearly always this daemon's own, and the socket would be taken for good.
"""

import errno
import os
import socket
import stat
from typing import Any, Final

from twisted.internet.defer import Deferred, fail
from twisted.internet.endpoints import UNIXServerEndpoint
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort, IProtocolFactory, IStreamServerEndpoint
from zope.interface import implementer

from webctp.language.text import english

TRIAL: Final = 1.0
"""Seconds in which a daemon that listens takes a connection."""


def remove_dead(path: str) -> None:
    """Remove a socket at which nobody listens any more.

    :raises OSError: if somebody listens there (EADDRINUSE), it is no socket (ENOTSOCK), or that
        cannot be found out.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):  # connecting to a plain file is refused, too
        raise OSError(errno.ENOTSOCK, english("it is no socket; remove it, or name another path"))
    with socket.socket(socket.AF_UNIX) as trial:
        trial.settimeout(TRIAL)
        try:
            trial.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


@implementer(IStreamServerEndpoint)
class UnixSocket:
    """An endpoint of a Unix socket, without a lock file.

    :param mode: who may connect.
    """

    def __init__(self, reactor: Any, path: str, mode: int, backlog: int) -> None:
        self._path = path
        self._endpoint = UNIXServerEndpoint(reactor, path, backlog, mode, 0)

    def listen(self, protocolFactory: IProtocolFactory) -> "Deferred[IListeningPort]":
        """Listen; the Deferred fails with CannotListenError where somebody else does."""
        try:
            remove_dead(self._path)
        except OSError as problem:
            return fail(CannotListenError("unix", self._path, problem))
        listening: Deferred[IListeningPort] = self._endpoint.listen(protocolFactory)
        return listening
