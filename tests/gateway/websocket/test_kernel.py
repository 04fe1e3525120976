"""What the kernel says of a client's connection, on real sockets."""

import select
import socket

from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.websocket.kernel import acknowledged, unsent


class Transport:
    """A transport that has a socket, as Twisted's have."""

    def __init__(self, plain: socket.socket) -> None:
        self.socket = plain

    def getHandle(self) -> socket.socket:
        """Return the socket."""
        return self.socket


class Kernel(SynchronousTestCase):
    """A pair of TCP sockets on loopback."""

    def setUp(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.ours = socket.create_connection(server.getsockname())
            self.theirs, _ = server.accept()
        self.addCleanup(self.theirs.close)
        self.addCleanup(self.ours.close)

    def test_what_is_taken_is_acknowledged_and_no_longer_unsent(self) -> None:
        before = acknowledged(Transport(self.ours))
        assert before is not None
        self.ours.sendall(b"x" * 1000)
        self.assertEqual(len(self.theirs.recv(1000, socket.MSG_WAITALL)), 1000)
        # The other end may put an acknowledgement off for a moment.
        while unsent(Transport(self.ours)):
            select.select([], [], [], 0.005)
        self.assertEqual(acknowledged(Transport(self.ours)), before + 1000)

    def test_what_nobody_takes_waits_in_the_kernel(self) -> None:
        self.ours.setblocking(False)
        with self.assertRaises(BlockingIOError):
            while True:
                self.ours.send(b"x" * 65536)
        self.assertGreater(unsent(Transport(self.ours)), 0)

    def test_a_closed_socket_says_nothing(self) -> None:
        self.ours.close()
        self.assertIsNone(acknowledged(Transport(self.ours)))
        self.assertEqual(unsent(Transport(self.ours)), 0)

    def test_without_a_socket_there_is_nothing_to_say(self) -> None:
        self.assertIsNone(acknowledged(StringTransport()))
        self.assertEqual(unsent(StringTransport()), 0)
