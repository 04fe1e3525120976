"""The command line of a front of its own process: mistakes are one line and exit code 1."""

import io
import signal
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.sim.main import main

PATIENCE = 60


class Signals(SynchronousTestCase):
    """A real front: what means something to the daemon alone does not end it."""

    def test_they_do_not_end_it(self) -> None:
        command = [sys.executable, "-m", "webctp", "sim", self.mktemp()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as front:
            self.addCleanup(front.kill)
            assert front.stdout is not None
            self.assertIn(b"sim+unix://", front.stdout.readline())
            for harmless in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
                front.send_signal(harmless)
            with self.assertRaises(subprocess.TimeoutExpired):
                front.wait(0.5)
            front.terminate()
            self.assertEqual(front.wait(PATIENCE), 0)


class Mistakes(SynchronousTestCase):
    """What is said, and the exit code."""

    def said(self, *argv: str) -> str:
        with redirect_stderr(io.StringIO()) as error:
            self.assertEqual(main(argv), 1)
        text = error.getvalue()
        self.assertEqual(text.count("\n"), 1)
        return text

    def test_unknown_option(self) -> None:
        self.assertIn("wanted option Speed", self.said("socket", "--options", "sped=6"))

    def test_foreign_state_file(self) -> None:
        path = self.mktemp()
        with open(path, "w") as file:
            file.write("no database " * 100)
        self.assertIn("delete it", self.said("socket", "--options", f"statepath={path}"))

    def test_control_without_a_front(self) -> None:
        path = self.mktemp()
        self.assertIn("is a front serving it?", self.said(path, "--control", "silence"))

    def test_a_file_that_is_no_socket_is_named_and_stays(self) -> None:
        path = Path(self.mktemp())
        path.write_text("a configuration, say", "utf-8")
        self.assertIn(f"{path} is there and no socket", self.said(str(path)))
        self.assertEqual(path.read_text("utf-8"), "a configuration, say")

    def test_a_socket_in_no_directory(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "webctp", "sim", f"{self.mktemp()}/none/x.sock"],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        self.assertEqual(done.returncode, 1)
        last = done.stderr.splitlines()[-1]
        self.assertRegex(last, "^webctp sim: .*x.sock: No such file or directory; name a socket")

    def test_wrong_argument(self) -> None:
        self.assertIn("name=value", self.said("socket", "--control", "silence", "10"))
