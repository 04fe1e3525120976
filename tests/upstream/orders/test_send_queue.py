"""Inserts are sent in the order they came, in time, or not at all."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.orders.send_queue import SendQueue


class LineTests(SynchronousTestCase):
    """Orders are sent in the order they came."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.line = SendQueue(self.clock, 0.5)
        self.sent: list[str] = []

    def tearDown(self) -> None:
        self.clock.advance(60)
        self.assertEqual((len(self.line), self.clock.getDelayedCalls()), (0, []))

    def send(self, name: str) -> Any:
        return lambda: self.sent.append(name)

    def late(self, name: str) -> Any:
        return lambda: self.sent.append(f"{name} refused")

    def join(self, name: str, *, waits: bool = False, ref: str = "") -> int:
        return self.line.join(None if waits else self.send(name), self.late(name), ref)

    def test_where_none_waits_each_is_sent_at_once(self) -> None:
        self.join("a")
        self.assertEqual(self.sent, ["a"])

    def test_what_it_raises_reaches_the_caller(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            self.line.join(lambda: 1 / 0, self.late("f"))
        self.join("a")
        self.assertEqual(self.sent, ["a"])

    def test_one_that_waits_holds_up_the_others(self) -> None:
        first = self.join("w", waits=True)
        self.join("b")
        second = self.join("w", waits=True)
        self.join("d")
        self.line.ready(second, self.send("c"))
        self.assertEqual(self.sent, [])
        self.line.ready(first, self.send("a"))
        self.assertEqual(self.sent, ["a", "b", "c", "d"])

    def test_one_that_fails_does_not_hold_up_the_others(self) -> None:
        first = self.join("w", waits=True)
        self.line.join(lambda: 1 / 0, self.late("f"))
        self.join("c")
        self.line.ready(first, self.send("a"))
        self.assertEqual(self.sent, ["a", "c"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_joining_from_within_a_sending(self) -> None:
        first = self.join("w", waits=True)
        self.line.join(lambda: self.join("c"), self.late("b"))
        self.join("b")
        self.line.ready(first, self.send("a"))
        self.assertEqual(self.sent, ["a", "b", "c"])

    def test_what_has_waited_too_long_is_refused_and_what_may_still_wait_is_not(self) -> None:
        self.join("a", waits=True)
        self.join("b")
        self.clock.advance(0.4)
        place = self.join("c", waits=True)
        self.join("d")
        self.clock.advance(0.2)
        self.assertEqual(self.sent, ["a refused", "b refused"])
        self.assertTrue(self.line.ready(place, self.send("c")))
        self.assertEqual(self.sent, ["a refused", "b refused", "c", "d"])

    def test_where_the_one_that_waits_is_refused_those_behind_it_may_go(self) -> None:
        self.join("a", waits=True)
        self.clock.advance(0.1)
        self.join("b")
        self.clock.advance(0.4)
        self.assertEqual(self.sent, ["a refused", "b"])

    def test_one_that_was_late_is_not_sent_when_it_is_ready(self) -> None:
        place = self.join("a", waits=True)
        self.clock.advance(0.5)
        self.assertFalse(self.line.ready(place, self.send("a")))
        self.assertEqual(self.sent, ["a refused"])

    def test_a_process_that_was_stopped_sends_nothing_late(self) -> None:
        """The disk's word and the watch come due at one moment, in any order."""
        place = self.join("a", waits=True)
        self.join("b")
        self.clock.rightNow += 3
        self.assertTrue(self.line.ready(place, self.send("a")))
        self.assertEqual(self.sent, ["a refused", "b refused"])

    def test_it_knows_whose_insert_waits(self) -> None:
        place = self.join("a", waits=True, ref="OrderRef 12")
        self.assertTrue(self.line.holds("OrderRef 12"))
        self.assertFalse(self.line.holds("OrderRef 13"))
        self.line.ready(place, self.send("a"))
        self.assertFalse(self.line.holds("OrderRef 12"))

    @settings(max_examples=200)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=40))
    def test_whatever_happens_each_is_sent_in_time_and_in_order_or_refused(
        self, steps: list[tuple[int, int]]
    ) -> None:
        """Some join, some wait for the disk, it answers in any order, time passes."""
        clock, done, waiting = Clock(), list[tuple[str, int, float]](), dict[int, int]()
        line, joined = SendQueue(clock, 0.5), dict[int, float]()

        def does(what: str, number: int) -> Callable[[], None]:
            return lambda: done.append((what, number, clock.seconds() - joined[number]))

        for what, tenths in steps:
            number = len(joined)
            if what <= 1:
                joined[number] = clock.seconds()
                line.join(does("sent", number), does("refused", number))
            elif what <= 3:
                joined[number] = clock.seconds()
                waiting[number] = line.join(None, does("refused", number))
            elif what == 4 and waiting:
                number = list(waiting)[tenths % len(waiting)]
                line.ready(waiting.pop(number), does("sent", number))
            else:
                clock.advance(tenths / 10)
        clock.pump([0.1] * 7)
        self.assertEqual(sorted(number for _, number, _ in done), list(joined))
        sent = [number for what, number, _ in done if what == "sent"]
        self.assertEqual(sent, sorted(sent))
        self.assertEqual([one for one in done if one[0] == "sent" and one[2] >= 0.5], [])
        self.assertEqual((len(line), clock.getDelayedCalls()), (0, []))
