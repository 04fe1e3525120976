"""What `make test` shows while its tests run."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests import __main__ as checks
from tests.progress import INTERVAL, Progress

ROOT = Path(__file__).resolve().parent.parent

TREE = f"""\
Running 4 tests.
tests.test_a
  Alpha
    test_one ...                                                           [OK]
    test_two ...                                                         [FAIL]
tests.sub.test_b
  Beta
    test_three ...                                                      [ERROR]
tests.test_a
  Alpha
    test_four ...                                                     [SKIPPED]

{"=" * 79}
[FAIL]
Traceback (most recent call last):
    test_of_no_tree ...                                                    [OK]
"""


class ProgressTests(SynchronousTestCase):
    """Lines of trial's, and what is said of them."""

    def said(self, text: str, step: float) -> list[str]:
        """Return what is said of a text, each line of which takes some seconds."""
        now = [0.0]
        lines: list[str] = []
        progress = Progress(lines.append, lambda: now[0])
        for line in text.splitlines():
            now[0] += step
            progress.line(line)
        return lines

    def test_what_fails_is_told_at_once_and_by_its_whole_name(self) -> None:
        lines = self.said(TREE, 0)
        self.assertEqual(
            lines[:4],
            [
                f"4 tests, a line each {INTERVAL:.0f} seconds",
                "[FAIL] tests.test_a.Alpha.test_two",
                "[ERROR] tests.sub.test_b.Beta.test_three",
                "[SKIPPED] tests.test_a.Alpha.test_four",
            ],
        )
        self.assertIn("0:00  4 of 4, 2 failed", lines)

    def test_the_rest_is_passed_on_as_it_is(self) -> None:
        self.assertEqual(self.said(TREE, 0)[-4:], TREE.splitlines()[-4:])
        self.assertEqual(self.said("a warning: of a tool", 0), ["a warning: of a tool"])

    def test_how_far_it_is(self) -> None:
        lines = self.said(TREE, 3)
        self.assertIn("0:12  1 of 4  tests.test_a", lines)
        self.assertIn("0:24  3 of 4, 2 failed  tests.sub.test_b", lines)
        self.assertFalse([line for line in lines if " 2 of 4" in line])


class CallTests(SynchronousTestCase):
    """How `python -m tests` is called."""

    def test_an_option_is_answered_by_what_there_is(self) -> None:
        for option, code in (("--help", 0), ("-h", 0), ("--jobs=9", 2)):
            with contextlib.redirect_stdout(io.StringIO()) as said:
                self.assertEqual(checks.main([option]), code)
            self.assertIn("python -m tests lint", said.getvalue())


class LiveTests(SynchronousTestCase):
    """The checks as a process whose output goes into a pipe, as under CI."""

    def test_a_line_comes_while_the_tests_run(self) -> None:
        seen = Path(self.mktemp()).absolute()
        script = (
            "import sys; from tests import __main__ as checks, progress; progress.INTERVAL = 0.0; "
            f"checks.TRIAL[-1] = '--temp-directory={seen.parent}/trial'; "
            "sys.exit(checks.main(['tests.samples.Slow']))"
        )
        lines = []
        with subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "WEBCTP_SAMPLE_SEEN": str(seen)},
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line.strip())
                if "1 of 2  tests.samples" in line:
                    seen.touch()  # which the second test waits for
        self.assertEqual(lines[0], "== 1 of 1: trial")
        self.assertEqual(lines[-1], "2 passed, 0 failed", lines)
