"""A handful of stories, one of each of these kinds; ``make chaos STORIES=500`` plays new ones."""

from collections.abc import Sequence
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests.chaos.stories import runner
from tests.chaos.stories.plan import KINDS, StoryPlan
from tests.chaos.stories.story import Outcome

PLAYED: Final = ("kill", "terminate", "stop", "exchange", "cut", "sharing")
FOUND: Final = (31000013, 41000206)
"""Stories that have failed once: a day that began while connected, a spoilt journal."""
_FIRST: Final = 1


class StoryTests(SynchronousTestCase):
    """Real daemons, a real exchange, real files."""

    def played(self, seeds: Sequence[int]) -> runner.Summary:
        """Play stories; what one violates fails the test."""
        traces: dict[int, str] = {}

        def told(outcome: Outcome, trace: str) -> None:
            traces[outcome.seed] = trace

        summary = runner.run(seeds, 2, told)
        for one in summary.failed:
            replay = f"python -m tests.chaos --story {one.seed}"
            self.fail(f"{one.violation}\nplay it again: {replay}\n{traces[one.seed]}")
        return summary

    def test_what_once_failed_holds(self) -> None:
        self.assertEqual(len(self.played(FOUND).outcomes), len(FOUND))

    def test_what_clients_know_is_what_happened(self) -> None:
        summary = self.played([next(runner.seeds(_FIRST, 1, [kind])) for kind in PLAYED])
        self.assertEqual(sorted(one.kind for one in summary.outcomes), sorted(PLAYED))
        self.assertGreater(sum(one.executed for one in summary.outcomes), 0)


class PlanTests(SynchronousTestCase):
    """What stories are drawn."""

    def test_a_seed_has_one_plan(self) -> None:
        for seed in range(50):
            self.assertEqual(StoryPlan.of(seed), StoryPlan.of(seed))

    def test_every_kind_is_drawn(self) -> None:
        drawn = {StoryPlan.of(seed).kind for seed in range(1000)}
        self.assertEqual(drawn, set(KINDS))

    def test_seeds_of_a_kind_are_of_that_kind(self) -> None:
        found = list(runner.seeds(7, 5, ["day"]))
        self.assertEqual([StoryPlan.of(seed).kind for seed in found], ["day"] * 5)


class SummaryTests(SynchronousTestCase):
    """What many stories come to."""

    def test_failures_are_counted_by_kind(self) -> None:
        summary = runner.Summary([Outcome(1, "kill"), Outcome(2, "kill", "lost", kills=3)])
        _, kill, total = summary.lines()
        self.assertEqual(kill.split(), ["kill", "2", "1", "3", "0", "0", "0"])
        self.assertEqual(total.split()[:4], ["all", "2", "1", "3"])
        self.assertEqual([one.seed for one in summary.failed], [2])

    def test_what_a_machine_cannot_do_is_said(self) -> None:
        summary = runner.Summary([Outcome(1, "read-only", left_out="no such flag")])
        self.assertEqual(summary.lines()[-1], "left out 1 times: no such flag")
