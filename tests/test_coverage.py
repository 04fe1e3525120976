"""The judgement of coverage: what is too little, what is excused, what is excused in vain."""

from twisted.trial.unittest import SynchronousTestCase

from tests import coverage


class Judgement(SynchronousTestCase):
    """A line for each module that is not as it should be."""

    def test_what_is_tested_passes(self) -> None:
        self.assertEqual(coverage.judged({"a.py": 90.0, "b.py": 100.0}, {}), [])

    def test_too_little_is_told_unless_it_has_a_reason(self) -> None:
        (line,) = coverage.judged({"a.py": 89.9, "b.py": 10.0}, {"b.py": "a reason"})
        self.assertIn("a.py: 89.9 %: test it", line)

    def test_a_reason_that_is_none_any_more_is_told(self) -> None:
        told = coverage.judged({"a.py": 95.0}, {"a.py": "a reason", "gone.py": "a reason"})
        self.assertEqual(len(told), 2)

    def test_modules_that_have_a_reason_exist(self) -> None:
        gone = [path for path in coverage.REASONS if not (coverage.ROOT / path).exists()]
        self.assertEqual(gone, [])

    def test_what_kills_or_floods_daemons_is_left_out(self) -> None:
        self.assertEqual([one for one in coverage.tests() if one.startswith("tests.hostile")], [])
        self.assertIn("tests.test_packaging", coverage.tests())
        self.assertIn("tests.chaos.test_schedules", coverage.tests())
