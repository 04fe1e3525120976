"""Subscriptions of very many names: in steps of which none is long."""

from collections.abc import Iterator

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.market.pace import pace
from tests.upstream.test_turns import ByTurns, Watch
from webctp.upstream.market.instruments import A_STEP, InstrumentDirectory
from webctp.upstream.market.subscriptions import Subscriptions
from webctp.upstream.turns import A_TURN, Turns

MANY = 40_000
GRACE = 10.0


class Steps(SynchronousTestCase):
    """One client and 40,000 names."""

    def setUp(self) -> None:
        self.clock = ByTurns()
        self.asked: list[tuple[bool, int]] = []
        self.dropped: list[bytes] = []
        self.turns = Turns(self.clock, Watch(A_TURN))
        self.subscriptions = Subscriptions[str](
            self.clock,
            pace(unsubscribe_grace=GRACE),
            InstrumentDirectory(),
            [self.send],
            on_dropped=self.dropped.append,
            turns=self.turns,
        )
        self.subscriptions.ready(0)
        self.names = [b"x%d" % number for number in range(MANY)]

    def send(self, wanted: bool, names: list[bytes]) -> int:
        self.asked.append((wanted, len(names)))
        return 0

    def count(self, steps: Iterator[object]) -> int:
        return sum(1 for _ in steps)

    def test_each_pass_over_the_names_is_in_steps(self) -> None:
        # Looking for patterns, noting, finding, joining: each looks at every name.
        steps = self.count(self.subscriptions.subscribing("client", self.names))
        self.assertGreaterEqual(steps, 4 * (MANY // A_STEP))
        self.assertEqual(len(self.subscriptions.by_name), MANY)
        steps = self.count(self.subscriptions.unsubscribing("client", self.names))
        self.assertGreaterEqual(steps, 3 * (MANY // A_STEP))

    def test_what_nobody_wants_any_more_is_dropped_some_at_a_time(self) -> None:
        self.subscriptions.subscribe("client", self.names)
        self.subscriptions.unsubscribe("client", self.names)
        self.clock.rightNow += GRACE
        self.clock.turn()
        self.assertGreater(len(self.dropped), 0)
        self.assertLess(len(self.dropped), MANY // 4)
        while len(self.turns):
            before = len(self.dropped)
            self.clock.turn()
            self.assertLess(len(self.dropped) - before, MANY // 4)
        self.assertEqual(sorted(self.dropped), sorted(self.names))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_no_clock_runs_for_who_leaves_after_the_end(self) -> None:
        self.subscriptions.subscribe("client", self.names[:1])
        self.subscriptions.close()
        self.subscriptions.unsubscribe("client", self.names[:1])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_what_somebody_wants_again_meanwhile_stays(self) -> None:
        self.subscriptions.subscribe("client", self.names)
        self.subscriptions.unsubscribe("client", self.names)
        self.clock.rightNow += GRACE
        self.clock.turn()
        self.subscriptions.subscribe("other", self.names[-10:])
        while len(self.turns):
            self.clock.turn()
        self.assertEqual(list(self.subscriptions.by_name), self.names[-10:])
