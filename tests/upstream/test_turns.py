"""Long work in slices: a bound for each turn, and the others between."""

from collections.abc import Callable, Iterator

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream import turns
from webctp.upstream.turns import A_MOMENT, A_TURN, Slice, Turns


class Watch:
    """A clock for slices: each look at it takes ``step`` seconds."""

    def __init__(self, step: float) -> None:
        self.time = 0.0
        self.step = step

    def __call__(self) -> float:
        self.time += self.step
        return self.time


class ByTurns(Clock):
    """A clock that gives one turn at a time: what is called for meanwhile has to wait."""

    def turn(self) -> None:
        """Run what is due now."""
        for call in [one for one in self.calls if one.getTime() <= self.seconds()]:
            self.calls.remove(call)
            call.called = 1
            call.func(*call.args, **call.kw)


class Slices(SynchronousTestCase):
    """When one is over."""

    def test_it_ends_after_so_many_steps(self) -> None:
        one = Slice(3, 1.0, Watch(0), least=1)
        self.assertEqual([one.goes_on() for _ in range(3)], [True, True, False])

    def test_what_is_little_is_done_however_long_it_takes(self) -> None:
        one = Slice(100, 1.0, Watch(9), least=3)
        self.assertEqual([one.goes_on() for _ in range(3)], [True, True, False])

    def test_it_ends_after_so_long(self) -> None:
        one = Slice(100, 1.0, Watch(0.4), least=1)
        self.assertEqual([one.goes_on() for _ in range(3)], [True, True, False])


class Works(SynchronousTestCase):
    """What waits, turn by turn."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.done: list[str] = []

    def steps(self, name: str, count: int) -> Iterator[None]:
        for _ in range(count):
            self.done.append(name)
            yield

    def test_threads_are_let_in_at_the_end_of_each_turn(self) -> None:
        slept: list[float] = []
        self.patch(turns, "sleep", slept.append)
        clock = ByTurns()
        works = Turns(clock)
        works.add(lambda: len(slept) < 2)
        for _ in range(5):
            clock.turn()
        self.assertEqual(slept, [A_MOMENT] * 3)

    def test_two_works_take_turns(self) -> None:
        turns = Turns(self.clock, Watch(A_TURN))  # each look at the clock is a turn's worth
        turns.run(self.steps("a", 3), least=1)
        turns.run(self.steps("b", 3), least=1)
        while len(turns):
            self.clock.advance(0)
        self.assertEqual("".join(self.done), "aababb")

    def test_of_many_that_come_together_one_begins_at_once(self) -> None:
        clock = ByTurns()
        turns = Turns(clock, Watch(A_TURN))
        for number in range(20):
            turns.run(self.steps(str(number), 100), least=4)
        self.assertEqual(self.done, ["0"] * 4)
        clock.turn()
        self.assertEqual(len(self.done), 8)
        while len(turns):
            clock.turn()
        self.assertEqual(len(self.done), 2_000)

    def test_what_is_short_is_done_at_once(self) -> None:
        turns = Turns(self.clock, Watch(0))
        turns.run(self.steps("a", 3), lambda: self.done.append("end"))
        self.assertEqual(self.done, ["a", "a", "a", "end"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_others_are_served_between_the_slices(self) -> None:
        turns = Turns(self.clock, Watch(A_TURN))
        turns.run(self.steps("a", 3), least=1)
        self.clock.callLater(0, self.done.append, "other")
        while len(turns):
            self.clock.advance(0)
        self.assertLess(self.done.index("other"), len(self.done) - 1)

    def test_sources_take_turns(self) -> None:
        turns = Turns(self.clock, Watch(0))

        def noting(source: str) -> Callable[[], bool]:
            def work() -> bool:
                self.done.append(source)
                return False

            return work

        for source in ("many", "many", "many", "one", "many"):
            turns.add(noting(source), source)
        self.clock.advance(0)
        self.assertEqual(self.done, ["many", "one", "many", "many", "many"])
        self.assertEqual(len(turns), 0)

    def test_a_work_that_fails_does_not_stop_the_next(self) -> None:
        turns = Turns(self.clock, Watch(0))

        def failing() -> bool:
            raise ValueError("wrong")

        turns.add(failing)
        turns.run(self.steps("b", 1))
        self.clock.advance(0)
        self.assertEqual(self.done, ["b"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.assertEqual(len(turns), 0)

    def test_nothing_runs_after_the_close(self) -> None:
        turns = Turns(self.clock, Watch(A_TURN))
        turns.run(self.steps("a", 3), least=1)
        turns.close()
        self.clock.advance(1)
        self.assertEqual(self.done, ["a"])
