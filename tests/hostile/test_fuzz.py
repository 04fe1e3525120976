"""A short run of `make fuzz`."""

from twisted.trial.unittest import TestCase

from tests.hostile.fuzz import run


class FuzzTests(TestCase):
    """Mutated messages of every method, on real sockets, with a journal."""

    timeout = 300

    async def test_all_are_answered_and_nothing_is_logged(self) -> None:
        report = await run(600, 1)
        self.assertEqual(report.wrong, [])
        self.assertGreater(report.records, 0)
        self.assertGreater(len(report.answers), 3)
