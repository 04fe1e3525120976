"""Failures in a row: how long to wait after each, and how often to say so."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.upstream.portfolio.mishaps import MOST_WAIT, Mishaps


class MishapTests(SynchronousTestCase):
    """Failures one after the other."""

    def fail_at(self, mishaps: Mishaps, now: float) -> float:
        try:
            raise ValueError("a mishap")
        except ValueError:
            return mishaps.failed(now)

    def test_waits_grow_to_a_minute_and_begin_anew(self) -> None:
        mishaps = Mishaps(0.5)
        waits = [self.fail_at(mishaps, 0.0) for _ in range(9)]
        self.assertEqual(waits, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, MOST_WAIT, MOST_WAIT, MOST_WAIT])
        mishaps.went_well()
        self.assertEqual(self.fail_at(mishaps, 0.0), 1.0)
        self.flushLoggedErrors(ValueError)

    def test_one_line_a_minute_at_most(self) -> None:
        mishaps = Mishaps(0.5)
        for second in range(121):
            self.fail_at(mishaps, float(second))
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 3)
