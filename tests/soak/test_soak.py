"""`make soak` in short: half an hour of the exchange's clock, and how its figures are judged."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.soak.__main__ import soak
from tests.soak.figures import Sample, slope, trends

CLIENTS = 30
HOURS = 0.5
SECONDS = 15.0


def samples(*mebibytes: float, hours: float = 25.0) -> list[Sample]:
    """Samples of a daemon whose memory moves, and nothing else."""
    step = hours / len(mebibytes)
    return [Sample(step * number, one, 20, 50, 9) for number, one in enumerate(mebibytes, start=1)]


class Figures(SynchronousTestCase):
    """How it is judged."""

    def grown(self, found: list[Sample]) -> list[str]:
        return [one.name for one in trends(found) if one.grows]

    def test_what_a_day_adds_may_go_with_the_day(self) -> None:
        self.assertEqual(self.grown(samples(*[100] * 5, *[300] * 40, *[105] * 5)), [])

    def test_what_stays_the_day_after_grows(self) -> None:
        found = samples(*[100.0 + 2 * number for number in range(50)])
        self.assertEqual(self.grown(found), ["MiB"])

    def test_the_warm_up_counts_for_nothing(self) -> None:
        self.assertEqual(self.grown(samples(10, *[200] * 49, hours=24.5)), [])

    def test_a_short_run_is_judged_too(self) -> None:
        found = samples(*[100.0 + 20 * number for number in range(24)], hours=0.5)
        self.assertEqual(self.grown(found), ["MiB"])

    def test_outliers_do_not_move_a_slope(self) -> None:
        points = [(float(x), 5.0) for x in range(20)]
        points[7] = (7.0, 900.0)
        self.assertEqual(slope(points), 0.0)
        self.assertAlmostEqual(slope([(float(x), 3.0 * x) for x in range(9)]), 3.0)


class Soaked(TestCase):
    """A daemon and an exchange in processes of their own."""

    timeout = 300

    async def test_nothing_is_left_when_all_have_gone(self) -> None:
        place = Path(self.mktemp()).absolute()
        place.mkdir()
        outcome = await soak(place, HOURS, SECONDS, CLIENTS, 1)
        # So short a run is all warm-up: what it holds may still grow.
        grown = [f"{one.name}: " for one in outcome.trends]
        wrong = [one for one in outcome.wrong if not one.startswith(tuple(grown))]
        self.assertEqual(wrong, [])
        tally = outcome.tally
        self.assertGreater(tally.came, CLIENTS / 2)
        self.assertGreater(tally.received["RspUserLogin"], 0)
        self.assertGreater(tally.received["RtnOrder"], 0, tally.codes)
