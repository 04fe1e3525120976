"""Tests that fail, or do not end: `tests.test_checks` looks at what is shown of them.

The module's name keeps them out of `make test`.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase, TestCase


class Falsified(SynchronousTestCase):
    """Fails with one example, and with two; in the same way each time, or one may be missed."""

    @settings(database=None, derandomize=True)
    @given(st.integers())
    def test_one(self, number: int) -> None:
        self.assertLess(number, 4321)

    @settings(database=None, derandomize=True, report_multiple_bugs=True)
    @given(st.integers())
    def test_two(self, number: int) -> None:
        if number > 7654:
            raise ValueError("too large")
        if number < -987:
            raise TypeError("too small")


class Slow(SynchronousTestCase):
    """One is done at once; one waits until somebody has seen that."""

    def test_at_once(self) -> None:
        """Be done."""

    def test_later(self) -> None:
        seen = Path(os.environ["WEBCTP_SAMPLE_SEEN"])
        deadline = time.monotonic() + 60
        while not seen.exists():
            self.assertLess(time.monotonic(), deadline, "nobody has seen the first test's end")
            time.sleep(0.05)


class Endless(TestCase):
    """Waits for ever, with a child that Ctrl-C does not reach."""

    timeout = 60

    def test_endless(self) -> Deferred[None]:
        command = [sys.executable, "-c", "import time; time.sleep(60)"]
        child = subprocess.Popen(command, start_new_session=True)
        Path(os.environ["WEBCTP_SAMPLE_CHILD"]).write_text(f"{child.pid}\n")
        return Deferred()
