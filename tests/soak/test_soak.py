"""`make soak` in short: half an hour of the exchange's clock, and how its figures are judged."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.soak.__main__ import Soak, soak
from tests.soak.figures import Sample, slope, steady_since, trends

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

    def test_the_first_hour_is_that_in_which_there_are_as_many_clients_as_mostly(self) -> None:
        found = samples(*[100, 120, 160, 190, *[200] * 52], hours=28.0)
        crowd = [10, 60, 120, 170, *[200] * 52]
        steady = [one._replace(clients=here) for one, here in zip(found, crowd, strict=True)]
        self.assertEqual(steady_since(steady), 2.5)
        self.assertEqual(trends(steady)[0].first, 200)
        self.assertEqual(self.grown(steady), [])
        self.assertEqual(self.grown([one._replace(clients=5) for one in found]), ["MiB"])
        ends = samples(*[100] * 24, hours=0.5)
        few = [*(one._replace(clients=30) for one in ends[:-1]), ends[-1]]
        self.assertEqual((steady_since(few), self.grown(few)), (0.5, []))

    def test_an_hour_is_held_against_the_same_a_day_later(self) -> None:
        """What comes after it belongs to another hour of the day."""
        self.assertEqual(self.grown(samples(*[100] * 51, *[300] * 5, hours=28.0)), [])
        self.assertEqual(self.grown(samples(*[100] * 40, *[300] * 16, hours=28.0)), ["MiB"])

    def test_of_two_days_the_first_is_warm_up(self) -> None:
        """It fills caches up to their bounds."""
        found = samples(*[100] * 20, *[152 + one for one in range(28)], *[180] * 56, hours=52.0)
        self.assertEqual(self.grown(found), [])
        self.assertEqual(trends(found)[0].first, 180)
        self.assertEqual(self.grown(found[:56]), ["MiB"])

    def test_memory_that_stays_when_all_have_gone(self) -> None:
        soak = Soak(samples=samples(*[100] * 56, hours=28.0))
        soak.before, soak.after = (soak.samples[0]._replace(mebibytes=one) for one in (50, 105))
        self.assertEqual(soak.wrong, [])
        soak.after = soak.after._replace(mebibytes=140)
        self.assertEqual(
            soak.wrong, ["140 MiB are left when all have gone, the first hour had 100"]
        )

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
        wrong = [
            one
            for one in outcome.wrong
            if not one.startswith(tuple(grown)) and "MiB are left" not in one
        ]
        self.assertEqual(wrong, [])
        tally = outcome.tally
        self.assertGreater(tally.came, CLIENTS / 2)
        self.assertGreater(tally.received["RspUserLogin"], 0)
        self.assertGreater(tally.received["RtnOrder"], 0, tally.codes)
