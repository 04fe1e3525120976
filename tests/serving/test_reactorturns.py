"""How long the reactor's turns take, on an epoll object that does as it is told."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.metrics import Distribution
from webctp.serving.reactorturns import ReactorTurns
from webctp.testing import ThreadlessReactor


class Epoll:
    """Waits for a time that is set; notes what it was asked for."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits = 0.0
        self.asked: list[tuple[float, int]] = []
        self.events: list[Any] = [(7, 1)]
        self.register = self.unregister = self.modify = lambda *_: None

    def poll(self, timeout: float, maxevents: int) -> list[Any]:
        """Of ``select.epoll``."""
        self.asked.append((timeout, maxevents))
        self.now += self.waits
        return self.events

    def fileno(self) -> int:
        """Of ``select.epoll``."""
        return 5


class EpollReactor:
    """Nothing but an epoll object."""

    def __init__(self) -> None:
        self._poller: Any = Epoll()


class Turns(SynchronousTestCase):
    """Measuring them."""

    def setUp(self) -> None:
        self.reactor = EpollReactor()
        self.epoll = self.reactor._poller
        self.turns = ReactorTurns(self.reactor, lambda: self.epoll.now)

    def read(self) -> Distribution:
        (sample,) = self.turns.samples()
        assert sample.distribution is not None
        return sample.distribution

    def test_a_turn_is_what_lies_between_two_polls(self) -> None:
        self.turns.start()
        self.epoll.waits = 100.0
        self.assertEqual(self.reactor._poller.poll(1.5, 10), [(7, 1)])
        self.epoll.now += 0.02
        self.reactor._poller.poll(2.5, 11)
        found = self.read()
        self.assertAlmostEqual(found.sum, 0.02)
        self.assertEqual(found.counts[found.bounds.index(0.025)], 1)
        self.assertEqual(self.epoll.asked, [(1.5, 10), (2.5, 11)])

    def test_what_has_come_is_asked_for_without_waiting_or_counting(self) -> None:
        self.assertFalse(self.turns.has_events(), "nobody knows")
        self.turns.start()
        before = self.read().counts
        self.assertTrue(self.turns.has_events())
        self.epoll.events = []
        self.assertFalse(self.turns.has_events())
        self.assertEqual(self.epoll.asked, [(0, 1)] * 2)
        self.assertEqual(self.read().counts, before)

    def test_all_else_is_the_epoll_objects_own(self) -> None:
        self.turns.start()
        self.assertEqual(self.reactor._poller.fileno(), 5)
        self.assertIs(self.reactor._poller.register, self.epoll.register)

    def test_at_the_end_it_is_the_reactors_again(self) -> None:
        self.turns.start()
        second = ReactorTurns(self.reactor)
        second.start()
        second.stop()
        self.assertIsNot(self.reactor._poller, self.epoll)
        self.turns.stop()
        self.assertIs(self.reactor._poller, self.epoll)

    def test_a_turn_begins_when_the_wait_is_over(self) -> None:
        self.turns.start()
        self.epoll.waits = 100.0
        self.reactor._poller.poll(1.5, 10)
        self.epoll.now += 0.02
        self.assertEqual(self.turns.began(), 100.0)

    def test_other_reactors_are_left_alone(self) -> None:
        turns = ReactorTurns(ThreadlessReactor())
        turns.start()
        self.assertIsNone(turns.began())
        turns.stop()
        (sample,) = turns.samples()
        self.assertEqual(sample.value, 0)
