"""``make conformance``: how the suite's report is read, and what is said without Python 2.7."""

import sys
from contextlib import redirect_stderr
from io import StringIO
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.compliance.__main__ import EXPLAINED, Result, interpreter, main, results, table


def case(behavior: str = "OK", closing: str = "OK") -> dict[str, Any]:
    """A case of the suite's index."""
    return {"behavior": behavior, "behaviorClose": closing, "duration": 1, "reportfile": "x"}


class Reports(SynchronousTestCase):
    """What of the index is right, and how it is counted."""

    def test_cases_are_counted_by_section_in_their_order(self) -> None:
        told = results({"plain": {"10.1.1": case(), "1.1.10": case(), "1.1.2": case()}})
        self.assertEqual([one.case for one in told["plain"]], ["1.1.2", "1.1.10", "10.1.1"])
        self.assertIn("| plain | 1 | 2 | 2 | 0 | 0 | 0 |", table(told))
        self.assertIn("| plain | all | 3 | 3 | 0 | 0 | 0 |", table(told))

    def test_only_what_is_strict_or_explained_is_right(self) -> None:
        named = next(iter(EXPLAINED))
        for one, right in (
            (Result("1.1.1", "OK", "OK"), True),
            (Result("1.1.1", "OK", "WRONG CODE"), False),
            (Result("1.1.1", "FAILED", "OK"), False),
            (Result("1.1.1", "NON-STRICT", "OK"), False),
            (Result("1.1.1", "INFORMATIONAL", "INFORMATIONAL"), False),
            (Result(named, "INFORMATIONAL", "INFORMATIONAL"), True),
            (Result(named, "FAILED", "INFORMATIONAL"), False),
        ):
            self.assertIs(one.is_right, right, one)

    def test_what_is_not_strict_is_listed(self) -> None:
        named = next(iter(EXPLAINED))
        told = {"tls": [Result("1.1.1", "FAILED", "OK"), Result(named, "INFORMATIONAL", "OK")]}
        lines = table(told)
        self.assertIn("| tls | 1 | 1 | 0 | 0 | 0 | 1 |", lines)
        self.assertTrue(any("1.1.1" in line and "WRONG" in line for line in lines))
        self.assertTrue(any(EXPLAINED[named] in line for line in lines))

    def test_another_python_is_not_taken(self) -> None:
        self.assertIsNone(interpreter(sys.executable))
        with redirect_stderr(StringIO()) as told:
            self.assertEqual(main(["--python2", "/nowhere/python2.7"]), 3)
        self.assertIn("PYTHON2=PATH", told.getvalue())
