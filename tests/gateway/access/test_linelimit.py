"""Lines of the log that strangers cause: few in a minute, none forgotten."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.access.linelimit import LineLimit


class Lines(SynchronousTestCase):
    """A limit of three on a clock."""

    def test_each_line_says_how_many_events_it_stands_for(self) -> None:
        clock = Clock()
        limit = LineLimit(clock, most=3)
        told = [list(limit.take()) for _ in range(5)]
        self.assertEqual(told, [[1], [1], [1], [], []])
        clock.advance(60)
        self.assertEqual(list(limit.take()), [3])
        self.assertEqual(list(limit.take()), [1])
