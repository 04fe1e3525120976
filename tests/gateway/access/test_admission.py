"""Bounds on connections."""

from typing import Any

from twisted.internet.task import Clock
from twisted.logger import globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from webctp.config.serving import ConnectionLimits
from webctp.gateway.access.address import LOCAL
from webctp.gateway.access.admission import Admission

ONE, OTHER = "192.0.2.1", "2001:db8::/64"


class AdmissionCase(SynchronousTestCase):
    """Counts on a clock, with the log's lines."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.lines: list[str] = []
        observer: Any = self._line
        globalLogPublisher.addObserver(observer)
        self.addCleanup(globalLogPublisher.removeObserver, observer)

    def _line(self, event: Any) -> None:
        if event.get("log_namespace") == "webctp.gateway.access.admission":
            self.lines.append(event["log_format"].format(**event))

    def admission(self, total: int = 0, by_address: int = 0) -> Admission:
        return Admission(self.clock, ConnectionLimits(total, by_address))


class Bounds(AdmissionCase):
    """Who is let in."""

    def test_without_a_bound_all_are(self) -> None:
        admission = self.admission()
        self.assertTrue(all(admission.enter(ONE) for _ in range(1000)))

    def test_in_all(self) -> None:
        admission = self.admission(total=2)
        self.assertEqual([admission.enter(who) for who in (ONE, LOCAL, OTHER)], [True, True, False])
        admission.leave(LOCAL)
        self.assertTrue(admission.enter(OTHER))

    def test_by_address(self) -> None:
        admission = self.admission(by_address=2)
        self.assertEqual([admission.enter(ONE) for _ in range(3)], [True, True, False])
        self.assertTrue(admission.enter(OTHER))
        admission.leave(ONE)
        self.assertTrue(admission.enter(ONE))
        self.assertFalse(admission.enter(ONE))

    def test_this_machine_is_counted_in_all_only(self) -> None:
        admission = self.admission(total=9, by_address=1)
        for address in (LOCAL, "127.0.0.1", "::1"):
            self.assertEqual([admission.enter(address) for _ in range(3)], [True] * 3)
        self.assertFalse(admission.enter(LOCAL))

    def test_what_readyz_tells(self) -> None:
        admission = self.admission(by_address=1)
        for address in (ONE, ONE, ONE, OTHER):
            admission.enter(address)
        self.assertEqual(admission.status(), {"open": 2, "addresses": 2, "refused": 2})
        admission.leave(ONE)
        admission.leave(OTHER)
        self.assertEqual(admission.status(), {"open": 0, "addresses": 0, "refused": 2})


class Log(AdmissionCase):
    """Refusals are told on change."""

    def test_a_run_is_two_lines(self) -> None:
        admission = self.admission(by_address=1)
        for _ in range(50):
            admission.enter(ONE)
            self.clock.advance(10)
        self.assertEqual(
            self.lines, [f"refusing connections: {ONE} has MaxConnectionsPerAddress 1 open"]
        )
        self.clock.pump([60, 60])
        self.assertEqual(len(self.lines), 2)
        self.assertIn("no longer refusing", self.lines[1])
        self.assertIn("49 were refused", self.lines[1])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_the_next_run_is_told_anew(self) -> None:
        admission = self.admission(total=1)
        for _ in range(2):
            admission.enter(ONE)
            self.clock.pump([60, 60])
        admission.enter(ONE)
        self.assertEqual(len(self.lines), 3)
        self.assertIn("MaxConnections 1 are open", self.lines[2])

    def test_many_addresses_are_not_many_lines(self) -> None:
        admission = self.admission(by_address=1)
        for number in range(1000):
            address = f"192.0.2.{number}"
            admission.enter(address)
            admission.enter(address)
        self.assertLess(len(self.lines), 40)
        self.assertIn("several addresses", self.lines[-1])

    def test_an_end_leaves_no_timer(self) -> None:
        admission = self.admission(total=1)
        admission.enter(ONE)
        admission.enter(ONE)
        admission.close()
        self.assertEqual(self.clock.getDelayedCalls(), [])
