"""Unix sockets to listen on, and what stands in their way."""

import errno
import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import TestCase

from webctp.gateway.http.unixsocket import UnixSocket, remove_dead


class UnixSockets(TestCase):
    """In a folder with a short name: the path of a socket is bounded."""

    timeout = 60

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="webctp-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = str(self.folder / "sock")

    def endpoint(self) -> UnixSocket:
        return UnixSocket(reactor, self.path, 0o600, 50)

    def left_by_a_crash(self) -> None:
        """Leave a socket, and Twisted's lock of a process that is alive: this one."""
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(self.path)
        os.symlink(str(os.getpid()), f"{self.path}.lock")

    async def test_one_that_a_crash_has_left_is_replaced(self) -> None:
        self.left_by_a_crash()
        port = await self.endpoint().listen(Factory.forProtocol(Protocol))
        try:
            self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(self.path)
        finally:
            await maybeDeferred(port.stopListening)
        self.assertFalse(os.path.exists(self.path))

    async def test_one_at_which_somebody_listens_is_left_alone(self) -> None:
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(self.path)
            other.listen()
            listening = self.endpoint().listen(Factory.forProtocol(Protocol))
            problem: Any = await self.assertFailure(listening, CannotListenError)
            self.assertEqual(problem.socketError.errno, errno.EADDRINUSE)
            self.assertIn(self.path, str(problem))
        self.assertTrue(os.path.exists(self.path))

    def test_what_is_no_socket_is_never_removed(self) -> None:
        Path(self.path).write_text("orders")
        problem = self.assertRaises(OSError, remove_dead, self.path)
        self.assertEqual(problem.errno, errno.ENOTSOCK)
        self.assertEqual(Path(self.path).read_text(), "orders")

    async def test_no_lock_file_is_left(self) -> None:
        port = await self.endpoint().listen(Factory.forProtocol(Protocol))
        self.assertEqual(os.listdir(self.folder), ["sock"])
        await maybeDeferred(port.stopListening)
