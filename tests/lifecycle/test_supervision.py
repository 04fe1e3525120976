"""What systemd is told of a daemon, and when: on a clock, by a real datagram socket."""

import os
import socket
from pathlib import Path
from unittest.mock import patch

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from webctp.language.text import Text, verbatim
from webctp.lifecycle.supervision import Supervision


class Supervised(SynchronousTestCase):
    """A daemon that systemd has started."""

    def setUp(self) -> None:
        path = os.path.relpath(Path(self.mktemp()).absolute())
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.bind(path)
        self.manager.setblocking(False)
        self.clock = Clock()
        self.clients = 0
        self.environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000000"}

    def status(self) -> Text:
        return verbatim(f"{self.clients} clients")

    def supervision(self) -> Supervision:
        made = Supervision(self.clock, "en", lambda: 12.5)
        with patch.dict(os.environ, self.environment):
            made.start()
            self.assertNotIn("NOTIFY_SOCKET", os.environ)
        self.addCleanup(made.stop)
        return made

    def told(self) -> list[dict[str, str]]:
        """What has been told since the last time."""
        found: list[dict[str, str]] = []
        while True:
            try:
                datagram = self.manager.recv(4096).decode()
            except BlockingIOError:
                return found
            found.append(dict(line.split("=", 1) for line in datagram.split("\n")))

    def pass_time(self, seconds: int) -> list[dict[str, str]]:
        """Let time pass, second by second."""
        self.told()
        self.clock.pump([1.0] * seconds)
        return self.told()

    def test_ready_is_told_once_clients_are_served(self) -> None:
        made = self.supervision()
        self.assertEqual(self.told(), [])
        made.ready(self.status)
        ready, fed = self.told()
        self.assertEqual(ready, {"READY": "1", "STATUS": "0 clients"})
        self.assertEqual(fed, {"WATCHDOG": "1"})

    def test_the_watchdog_is_fed_in_half_of_its_time(self) -> None:
        self.supervision().ready(self.status)
        self.assertEqual(self.pass_time(60), [{"WATCHDOG": "1"}] * 6)

    def test_a_reactor_that_stalls_feeds_nothing(self) -> None:
        self.supervision().ready(self.status)
        self.told()
        self.assertEqual(self.told(), [])  # no turn, no word

    def test_the_status_is_told_when_it_changes_and_at_a_bounded_rate(self) -> None:
        self.environment.pop("WATCHDOG_USEC")
        self.supervision().ready(self.status)
        self.assertEqual(self.pass_time(60), [])
        self.clients = 3
        self.assertEqual(self.pass_time(30), [{"STATUS": "3 clients"}])
        self.told()
        for self.clients in range(4, 64):
            self.clock.advance(0.1)
        self.assertLessEqual(len(self.told()), 2)

    def test_no_watchdog_where_it_is_not_asked_for(self) -> None:
        self.environment.pop("WATCHDOG_USEC")
        self.supervision().ready(self.status)
        self.assertNotIn({"WATCHDOG": "1"}, self.pass_time(60))

    def test_a_reload_has_its_moment_and_its_end(self) -> None:
        made = self.supervision()
        made.ready(self.status)
        self.told()
        made.reloading()
        self.assertEqual(self.told(), [{"RELOADING": "1", "MONOTONIC_USEC": "12500000"}])
        made.reloaded()
        self.assertEqual(self.told(), [{"READY": "1", "STATUS": "0 clients"}])

    def test_stopping_asks_for_the_time_that_it_takes(self) -> None:
        made = self.supervision()
        made.ready(self.status)
        self.told()
        made.stopping(60)
        (told,) = self.told()
        self.assertEqual(told["STOPPING"], "1")
        self.assertEqual(told["EXTEND_TIMEOUT_USEC"], "90000000")

    def test_nothing_after_the_end(self) -> None:
        made = self.supervision()
        made.ready(self.status)
        made.stop()
        self.assertEqual(self.pass_time(60), [])
        made.reloaded()
        self.assertEqual(self.told(), [])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_nobody_is_told_where_systemd_did_not_start_us(self) -> None:
        self.environment = {}
        made = Supervision(self.clock, "en")
        made.start()
        made.ready(self.status)
        made.stopping(1)
        self.assertEqual(self.clock.getDelayedCalls(), [])
