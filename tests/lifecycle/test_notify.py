"""sd_notify's protocol, on real datagram sockets."""

import os
import socket
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.lifecycle.notify import NotifySocket, Watched, microseconds, taken


class Environment(SynchronousTestCase):
    """What systemd asks for."""

    def test_nothing_where_it_did_not_start_us(self) -> None:
        self.assertEqual(taken({"PATH": "/bin"}, 7), Watched("", 0.0))

    def test_the_variables_are_taken_out(self) -> None:
        found = {"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "7"}
        found["PATH"] = "/bin"
        self.assertEqual(taken(found, 7), Watched("/run/n", 20.0))
        self.assertEqual(found, {"PATH": "/bin"})

    def test_an_abstract_socket(self) -> None:
        self.assertEqual(taken({"NOTIFY_SOCKET": "@/org/n"}, 7).address, "\0/org/n")

    def test_a_watchdog_without_a_process_is_ours_and_another_processs_is_not(self) -> None:
        asked = {"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "1500000"}
        self.assertEqual(taken(dict(asked), 7).watchdog, 1.5)
        self.assertEqual(taken({**asked, "WATCHDOG_PID": "8"}, 7).watchdog, 0.0)

    def test_a_watchdog_that_is_no_number_or_has_no_socket_asks_for_nothing(self) -> None:
        self.assertEqual(taken({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "soon"}, 7).watchdog, 0.0)
        self.assertEqual(taken({"WATCHDOG_USEC": "1000000"}, 7).watchdog, 0.0)


class Sending(SynchronousTestCase):
    """Datagrams."""

    def manager(self, address: str) -> socket.socket:
        """The socket of a service manager."""
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind(address)
        manager.settimeout(30)
        return manager

    def told_by(self, address: str) -> NotifySocket:
        found = NotifySocket(address)
        self.addCleanup(found.close)
        return found

    def short(self) -> str:
        """The path of a socket; such a path has some 100 bytes."""
        return os.path.relpath(Path(self.mktemp()).absolute())

    def test_fields_are_lines_of_one_datagram(self) -> None:
        path = self.short()
        manager = self.manager(path)
        self.told_by(path).notify(READY=1, STATUS="serving td")
        self.assertEqual(manager.recv(4096), b"READY=1\nSTATUS=serving td")

    def test_to_an_abstract_socket(self) -> None:
        address = f"\0webctp-test-{os.getpid()}"
        manager = self.manager(address)
        self.told_by(address).notify(WATCHDOG=1)
        self.assertEqual(manager.recv(4096), b"WATCHDOG=1")

    def test_a_line_break_begins_no_field(self) -> None:
        path = self.short()
        manager = self.manager(path)
        self.told_by(path).notify(STATUS="one\nREADY=1\r\u2028two")
        self.assertEqual(manager.recv(4096), b"STATUS=one READY=1 two")

    def test_chinese_is_utf8(self) -> None:
        path = self.short()
        manager = self.manager(path)
        self.told_by(path).notify(STATUS="网关")
        self.assertEqual(manager.recv(4096).decode(), "STATUS=网关")

    def test_a_manager_that_is_gone_or_does_not_read_does_no_harm(self) -> None:
        path = self.short()
        found = self.told_by(path)
        for _ in range(3):
            found.notify(READY=1)  # nobody is there
        self.manager(path)
        for _ in range(5_000):
            found.notify(STATUS="x" * 1_000)  # its queue is full at some time
        self.assertFalse(os.get_inheritable(found._socket.fileno()))

    def test_seconds_are_told_in_microseconds(self) -> None:
        self.assertEqual(microseconds(1.5), 1_500_000)
