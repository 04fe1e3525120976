"""Random schedules of faults on a virtual clock: what clients know at the end is what happened.

``CHAOS_SCHEDULES=20000 python -m twisted.trial tests.chaos`` hunts longer; a schedule that fails
names its seed, and ``python -m tests.chaos --seed N`` replays it with its trace.
"""

import os

from twisted.trial.unittest import SynchronousTestCase

from tests.chaos.schedule import run

SCHEDULES = int(os.environ.get("CHAOS_SCHEDULES", "300"))
PARTS = 8


FOUND = (7000715, 11000373)
"""Schedules that failed once: a refused client that stays where it was, and resumes later; one that
was never let in, and heard of others' orders."""


def _part(number: int) -> type[SynchronousTestCase]:
    """A part of the schedules, so that several processes may share them."""

    def test_everything_holds(self: SynchronousTestCase) -> None:
        for seed in range(number, SCHEDULES, PARTS):
            violation, _ = run(seed)
            if violation:
                self.fail(f"{violation}\nreplay it: python -m tests.chaos --seed {seed}")

    return type(
        f"Part{number}", (SynchronousTestCase,), {"test_everything_holds": test_everything_holds}
    )


class Found(SynchronousTestCase):
    """Schedules that failed once."""

    def test_they_hold(self) -> None:
        for seed in FOUND:
            self.assertEqual(run(seed)[0], "", seed)


for _number in range(PARTS):
    _case = _part(_number)
    _case.__module__ = __name__
    globals()[_case.__name__] = _case
del _case
