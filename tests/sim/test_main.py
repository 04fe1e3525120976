"""The command line of a front of its own process: mistakes are one line and exit code 1."""

import io
from contextlib import redirect_stderr

from twisted.trial.unittest import SynchronousTestCase

from webctp.sim.main import main


class Mistakes(SynchronousTestCase):
    """What is said, and the exit code."""

    def said(self, *argv: str) -> str:
        with redirect_stderr(io.StringIO()) as error:
            self.assertEqual(main(argv), 1)
        text = error.getvalue()
        self.assertEqual(text.count("\n"), 1)
        return text

    def test_unknown_option(self) -> None:
        self.assertIn("Speed?", self.said("socket", "--options", "sped=6"))

    def test_foreign_state_file(self) -> None:
        path = self.mktemp()
        with open(path, "w") as file:
            file.write("no database " * 100)
        self.assertIn("delete it", self.said("socket", "--options", f"statepath={path}"))

    def test_control_without_a_front(self) -> None:
        path = self.mktemp()
        self.assertIn("is a front serving it?", self.said(path, "--control", "silence"))

    def test_wrong_argument(self) -> None:
        self.assertIn("name=value", self.said("socket", "--control", "silence", "10"))
