"""The native library's flow control of queries."""

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.sim.host.pacing import IN_FLIGHT, TOO_SOON, QueryPacing


class Pacing(SynchronousTestCase):
    """Return values by what is in flight and how long ago the last query was."""

    @holds("LK-2", "LK-3")
    def test_one_in_flight_then_one_an_interval(self) -> None:
        pacing = QueryPacing(lambda: 1.0)
        self.assertEqual(pacing.send(1, 10.0), 0)
        self.assertEqual(pacing.send(2, 10.5), IN_FLIGHT)
        pacing.answered(7)
        self.assertEqual(pacing.send(2, 12.0), IN_FLIGHT)
        pacing.answered(1)
        self.assertEqual(pacing.send(2, 10.9), TOO_SOON)
        self.assertEqual(pacing.send(2, 11.0), 0)

    @holds("SJLSM-1")
    def test_a_lost_connection_ends_what_was_in_flight(self) -> None:
        pacing = QueryPacing(lambda: 1.0)
        pacing.send(1, 0.0)
        pacing.reset()
        self.assertEqual(pacing.send(2, 1.0), 0)

    def test_no_interval_no_limit(self) -> None:
        pacing = QueryPacing(lambda: 0.0)
        self.assertEqual([pacing.send(n, 0.0) for n in range(5)], [0] * 5)
