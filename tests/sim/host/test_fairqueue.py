"""The queue of the exchange's thread."""

from collections.abc import Callable
from datetime import datetime
from queue import Empty

from twisted.trial.unittest import SynchronousTestCase

from webctp.sim.host.fairqueue import FairQueue

NOW = datetime(2026, 11, 24)


class FairQueueTests(SynchronousTestCase):
    """Who comes when."""

    def setUp(self) -> None:
        self.queue = FairQueue()
        self.done: list[str] = []

    def put(self, origin: str | None, name: str) -> None:
        self.queue.put(origin, self.command(name))

    def command(self, name: str) -> Callable[[datetime], None]:
        return lambda now: self.done.append(name)

    def take(self, count: int) -> list[str]:
        for _ in range(count):
            command = self.queue.take(0)
            assert command is not None
            command(NOW)
        done, self.done = self.done, []
        return done

    def test_one_connections_keep_their_order(self) -> None:
        for number in range(4):
            self.put("a", f"a{number}")
        self.assertEqual(self.take(4), ["a0", "a1", "a2", "a3"])
        self.assertRaises(Empty, self.queue.take, 0)

    def test_thousands_of_one_connection_do_not_delay_another(self) -> None:
        for number in range(5_000):
            self.put("flood", f"f{number}")
        self.put("honest", "order")
        self.assertIn("order", self.take(2))

    def test_connections_take_turns(self) -> None:
        for number in range(3):
            self.put("a", f"a{number}")
        for number in range(3):
            self.put("b", f"b{number}")
        self.assertEqual(self.take(6), ["a0", "b0", "a1", "b1", "a2", "b2"])

    def test_nobodys_command_keeps_its_place_among_all(self) -> None:
        self.put("a", "before")
        self.put("b", "before too")
        self.put(None, "control")
        self.put("c", "after")
        self.assertEqual(self.take(4), ["before", "before too", "control", "after"])

    def test_the_end_comes_after_all_that_was_put_before(self) -> None:
        self.put("a", "1")
        self.put("a", "2")
        self.queue.end()
        self.put("b", "3")
        self.assertEqual(self.take(2), ["1", "2"])
        self.assertIsNone(self.queue.take(0))
        self.assertEqual(self.take(1), ["3"])

    def test_whether_something_waits(self) -> None:
        self.assertTrue(self.queue.is_empty)
        for origin in ("a", "b", None):
            self.put(origin, "x")
        for _ in range(3):
            self.assertFalse(self.queue.is_empty)
            self.take(1)
        self.assertTrue(self.queue.is_empty)
