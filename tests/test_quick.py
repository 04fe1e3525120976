"""The quick tier: which tests it holds, and what it lets none of them do."""

from itertools import chain

from twisted.trial.unittest import SynchronousTestCase

from tests import quick


class Choice(SynchronousTestCase):
    """What is quick, by the sources."""

    def test_it_holds_most_rooms(self) -> None:
        rooms = {name.split(".")[1] for name in quick.quick() if name.count(".") > 1}
        self.assertLessEqual({"ctp", "exchanges", "gateway", "recording"}, rooms)
        self.assertLessEqual({"sim", "testing", "upstream"}, rooms)

    def test_what_starts_processes_is_left_out_with_what_does_it(self) -> None:
        self.assertEqual(quick.why_not("tests.test_packaging"), "subprocess")
        self.assertIn("tests.daemons", quick.why_not("tests.test_end_to_end"))

    def test_what_uses_such_a_module_is_left_out_too(self) -> None:
        self.assertIn("tests.native", quick.why_not("tests.ctp.test_threads"))

    def test_what_is_long_exists_and_says_why(self) -> None:
        self.assertEqual([one for one in quick.LONG if one not in quick.MODULES], [])
        self.assertTrue(all(quick.LONG.values()))


class Shares(SynchronousTestCase):
    """What each of the processes runs."""

    def test_each_module_once(self) -> None:
        for count in (1, 2, 5):
            names = [f"tests.test_{n}" for n in range(count)]
            shares = quick.shares(names, 7)
            self.assertEqual(sorted(chain(*shares)), names)
            self.assertEqual(len(shares), min(count, quick.JOBS))

    def test_by_the_seed(self) -> None:
        names = quick.quick()
        self.assertEqual(quick.shares(names, 7), quick.shares(names, 7))
        self.assertNotEqual(quick.shares(names, 7), quick.shares(names, 8))


class Guard(SynchronousTestCase):
    """What none of them may do."""

    def test_processes_and_sleeps_are_refused(self) -> None:
        for event in quick.GUARDED:
            with self.assertRaises(AssertionError) as caught:
                quick.guard(event, (1,))
            self.assertIn(event, str(caught.exception))

    def test_everything_else_passes(self) -> None:
        quick.guard("open", ("file",))
