"""tests.bus.schedules, in short: what is random there is drawn from these seeds."""

from twisted.trial.unittest import TestCase

from tests.bus.schedules import Schedule


class Schedules(TestCase):
    """A few schedules of failures."""

    timeout = 240

    async def test_no_older_tick_is_new_gaps_are_told_and_all_heals(self) -> None:
        for seed in (3, 4, 18):
            await Schedule(seed).play()
