"""Openings and releases of APIs: one at a time, openings first, nobody waits for ever."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.upstream.session.apiqueue import MOST_STUCK, PATIENCE, ApiQueue, OpeningRefused

P = ParamSpec("P")
R = TypeVar("R")


class ApiQueueTests(SynchronousTestCase):
    """The order of calls; threads end when the test says so."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.running: dict[str, Deferred[Any]] = {}
        self.begun: list[str] = []
        self.ended: list[tuple[str, Any]] = []
        self.apis = ApiQueue(self.clock, self.in_thread)

    def in_thread(
        self, function: Callable[P, R], /, *arguments: P.args, **words: P.kwargs
    ) -> Deferred[R]:
        """Begin a call that goes on until the test ends it; what it gives is its name."""
        name = str(function(*arguments, **words))
        self.begun.append(name)
        self.running[name] = Deferred()
        return self.running[name]

    def open(self, name: str) -> None:
        self.note(name, self.apis.open(lambda: name))

    def release(self, name: str) -> None:
        self.note(name, self.apis.release(lambda: name))

    def note(self, name: str, done: Deferred[Any]) -> None:
        done.addBoth(lambda result: self.ended.append((name, result)))

    def end(self, name: str, result: object = None) -> None:
        self.running.pop(name).callback(result)

    @holds("JYJK-4")
    def test_one_at_a_time(self) -> None:
        self.open("a")
        self.open("b")
        self.assertEqual(self.begun, ["a"])
        self.end("a", 1)
        self.assertEqual((self.begun, self.ended), (["a", "b"], [("a", 1)]))

    def figures(self) -> dict[str, float]:
        """The queue's samples, by name and label without ``webctp_``."""
        return {
            " ".join((one.name, *one.labels)).removeprefix("webctp_"): one.value
            for one in self.apis.samples()
        }

    def test_what_waits_and_what_is_stuck_is_told_on_a_scrape(self) -> None:
        self.open("a")
        self.open("b")
        self.release("c")
        found = self.figures()
        self.assertEqual((found["api_calls_waiting open"], found["api_calls_total open"]), (1, 1))
        self.assertEqual(found["api_calls_waiting release"], 1)
        self.clock.advance(PATIENCE)
        found = self.figures()
        self.assertEqual((found["apis_stuck"], found["api_calls_stuck_total"]), (1, 1))
        self.end("a")
        found = self.figures()
        self.assertEqual((found["apis_stuck"], found["api_calls_stuck_total"]), (0, 1))
        for name in ("b", "c"):
            self.end(name)

    @holds("JYJK-4")
    def test_an_opening_waits_for_the_call_under_way_only(self) -> None:
        for name in ("left 1", "left 2", "left 3"):
            self.release(name)
        self.open("login")
        self.end("left 1")
        self.assertEqual(self.begun, ["left 1", "login"])
        self.end("login")
        self.end("left 2")
        self.end("left 3")
        self.assertEqual(len(self.ended), 4)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_what_fails_fails_its_own_caller_only(self) -> None:
        self.open("a")
        self.open("b")
        self.end("a", Failure(OSError("no room")))
        self.end("b", 2)
        (a, failure), b = self.ended
        self.assertEqual((a, str(failure.value), b), ("a", "no room", ("b", 2)))

    def test_a_slow_release_is_not_waited_for_longer_than_the_bound(self) -> None:
        self.release("slow")
        self.open("login")
        self.clock.advance(PATIENCE - 0.1)
        self.assertEqual((self.begun, self.apis.stuck), (["slow"], 0))
        self.clock.advance(0.2)
        self.assertEqual((self.begun, self.apis.stuck), (["slow", "login"], 1))
        self.open("next")
        # The slow one comes back: that is not the end of the turn that another has.
        self.end("slow")
        self.assertEqual((self.begun, self.apis.stuck), (["slow", "login"], 0))
        self.end("login")
        self.assertEqual(self.begun, ["slow", "login", "next"])
        self.assertEqual([name for name, _ in self.ended], ["slow", "login"])

    def test_with_many_stuck_nothing_is_opened_until_one_comes_back(self) -> None:
        stuck = [f"slow {number}" for number in range(MOST_STUCK)]
        for name in stuck:
            self.release(name)
            self.clock.advance(PATIENCE)
        self.open("login")
        name, failure = self.ended.pop()
        self.assertEqual((name, failure.type), ("login", OpeningRefused))
        self.assertIn("restart", str(failure.value))
        self.release("leaves")
        self.assertEqual(self.begun[-1], "leaves")
        self.end("leaves")
        self.end(stuck[0])
        self.open("again")
        self.assertEqual(self.begun[-1], "again")
