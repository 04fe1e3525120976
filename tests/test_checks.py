"""`python -m tests` and the script that sets up .venv: what `make test` stands on."""

import os
import runpy
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.__main__ import Count, counted
from webctp.upstream.journal.place import JournalLock

ROOT = Path(__file__).resolve().parent.parent


class MatrixTests(SynchronousTestCase):
    """What continuous integration runs on every other Python."""

    def test_the_short_form_names_tests_that_exist(self) -> None:
        for name in runpy.run_path(str(ROOT / "tools" / "matrix.py"))["SHORT"]:
            place = ROOT.joinpath(*name.split("."))
            self.assertTrue(place.is_dir() or place.with_suffix(".py").is_file(), name)


class CountTests(SynchronousTestCase):
    """trial's last line, counted."""

    def test_counts(self) -> None:
        for summary, code, count in (
            ("PASSED (successes=7)", 0, Count(7, 0)),
            ("PASSED (skips=1, expectedFailures=2, successes=7)", 0, Count(9, 0, 1)),
            ("FAILED (failures=1, errors=2, successes=7)", 1, Count(7, 3)),
            ("FAILED (unexpectedSuccesses=1, successes=7)", 1, Count(7, 1)),
        ):
            self.assertEqual(counted(summary, code), count)

    def test_what_tells_no_failure_but_is_one(self) -> None:
        for summary, code in (
            ("", 0),  # trial died before its summary
            ("", 1),
            ("PASSED", 0),  # no test was found
            ("PASSED (skips=3)", 0),
        ):
            self.assertEqual(counted(summary, code).failed, 1, summary)
        self.assertEqual(counted("PASSED (successes=7)", -11), Count(7, 1))


class FailureTests(SynchronousTestCase):
    """What a property that does not hold tells whoever reads the output."""

    def test_examples_are_shown(self) -> None:
        """By trial in one process, and by the workers that `make test` starts."""
        for jobs in ([], ["--jobs=1"]):
            directory = Path(self.mktemp()).absolute()
            command = [*jobs, f"--temp-directory={directory}", "tests.samples.Falsified"]
            done = subprocess.run(
                [sys.executable, "-m", "twisted.trial", *command],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            for shown in (
                "number=4321",
                "number=7655",
                "number=-988",
                "ValueError: too large",
                "@reproduce_failure(",
            ):
                self.assertIn(shown, done.stdout, f"{jobs}: {done.stderr}")


class InterruptTests(SynchronousTestCase):
    """Ctrl-C while the checks run."""

    def test_nothing_is_left(self) -> None:
        there = Path(self.mktemp()).absolute()
        script = (
            # A shell has what it starts behind itself ignore the signal.
            "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
            "from tests import __main__ as checks; checks.PATIENCE = 1.0; "
            f"checks.TRIAL[-1] = '--temp-directory={there.parent}/trial'; "
            "sys.exit(checks.main(['tests.samples.Endless']))"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "WEBCTP_SAMPLE_CHILD": str(there)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            child = self.pid_in(there, process)
            # As a terminal does: to all that run in the foreground.
            os.killpg(process.pid, signal.SIGINT)
            said, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("interrupted", said)
        self.assertNotIn("Traceback", said)
        self.assertFalse(Path("/proc", str(child)).exists())

    def pid_in(self, path: Path, process: "subprocess.Popen[str]") -> int:
        """Wait for the sample to write its child's pid."""
        deadline = time.monotonic() + 60
        while not (path.exists() and path.read_text().endswith("\n")):
            self.assertIsNone(process.poll(), "the checks ended by themselves")
            self.assertLess(time.monotonic(), deadline, "no child was started")
            time.sleep(0.05)
        return int(path.read_text())


class EnvironmentTests(SynchronousTestCase):
    """tools/venv.sh with interpreters that lack something."""

    def setUp(self) -> None:
        self.directory = Path(self.mktemp(), "a checkout").resolve()
        self.directory.mkdir(parents=True)

    def interpreter(self, *absent: str, version: str = "") -> Path:
        """Write an interpreter that has no such modules, or says it is of another version."""
        path = self.directory / "python"
        block = "".join(f"sys.modules[{name!r}] = None; " for name in absent)
        site = self.directory / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(
            f"import sys; {block}{f'sys.version_info = {version}' if version else ''}\n"
        )
        path.write_text(f'#!/bin/sh\nPYTHONPATH="{site}" exec "{sys.executable}" "$@"\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def run_script(self, python: Path | None) -> "subprocess.CompletedProcess[str]":
        """Run the script where it must not get as far as installing anything."""
        commands = self.directory / "commands"
        commands.mkdir()
        for name in ("sh", "rm"):
            found = next(Path(at, name) for at in ("/bin", "/usr/bin") if Path(at, name).exists())
            (commands / name).symlink_to(found)
        return subprocess.run(
            ["/bin/sh", str(ROOT / "tools" / "venv.sh")],
            cwd=self.directory,
            env={
                "PATH": str(commands),
                "PYTHON": "" if python is None else str(python),
                "HOME": os.environ.get("HOME", "/"),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def test_an_old_python_is_refused_with_the_remedy(self) -> None:
        done = self.run_script(self.interpreter(version="(3, 10, 9)"))
        self.assertEqual(done.returncode, 1)
        self.assertIn(" is no Python 3.11 or newer", done.stderr)
        self.assertFalse((self.directory / ".venv").exists())

    def test_no_python_is_told_with_the_remedy(self) -> None:
        done = self.run_script(None)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no Python 3.11 or newer was found", done.stderr)
        self.assertIn("make PYTHON=", done.stderr)

    def test_a_python_without_venv_is_refused_with_the_remedy(self) -> None:
        for absent in (("venv",), ("ensurepip", "pip")):
            self.setUp()
            done = self.run_script(self.interpreter(*absent))
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("apt install python3-venv", done.stderr)
            self.assertFalse((self.directory / ".venv").exists())


class WelcomeTests(SynchronousTestCase):
    """What `make run` says before the gateway starts."""

    def welcome(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, str(ROOT / "tools" / "welcome.py"), *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def test_a_port_that_is_taken_is_all_that_is_said(self) -> None:
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            port = holder.getsockname()[1]
            done = self.welcome("etc/sim.yaml", str(port))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"127.0.0.1:{port} is taken by another program", done.stderr)
        self.assertIn(f"make run PORT={port + 1}", done.stderr)

    def test_a_gateway_that_runs_already_is_told_before_anything_else(self) -> None:
        """Another port, the remedy for one that is taken, would be refused for the journal."""
        journal = Path(self.mktemp()).absolute()
        config = Path(f"{journal}.yaml")
        text = (ROOT / "etc" / "sim.yaml").read_text("utf-8")
        config.write_text(text.replace("var/sim-journal.sqlite", str(journal)), "utf-8")
        lock = JournalLock(journal)
        lock.acquire()
        self.addCleanup(lock.release)
        done = self.welcome(str(config), "0")
        self.assertEqual((done.returncode, done.stdout), (78, ""))
        self.assertIn(f"runs already (process {os.getpid()})", done.stderr)

    def test_where_to_go(self) -> None:
        done = self.welcome("etc/sim.yaml", "0")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for line in (
            "http://127.0.0.1:0/",
            "ws://127.0.0.1:0/td/",
            "ws://127.0.0.1:0/md/",
            "etc/hello.py",
        ):
            self.assertIn(line, done.stdout)

    def test_a_configuration_with_a_mistake(self) -> None:
        done = self.welcome("etc/none.yaml")
        self.assertEqual((done.returncode, done.stdout), (78, ""))
        self.assertIn("etc/none.yaml: found no file that can be read", done.stderr)


class MakeTests(SynchronousTestCase):
    """What `make` would run, of which it says nothing else."""

    def lines(self, *arguments: str) -> str:
        done = subprocess.run(
            ["make", "--dry-run", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def test_what_serves_is_installed_first_and_alone(self) -> None:
        run, test = (self.lines("-B", goal) for goal in ("run", "test"))
        self.assertIn("tools/venv.sh\n", run)
        self.assertNotIn("tools/venv.sh test", run)
        self.assertLess(test.index("tools/venv.sh\n"), test.index("tools/venv.sh test"))

    def test_the_port_and_the_configuration(self) -> None:
        lines = self.lines("run", "PORT=1234", "CONFIG=etc/td.yaml")
        self.assertIn("welcome.py 'etc/td.yaml' 1234", lines)
        self.assertIn("--config 'etc/td.yaml' --port 1234", lines)
        self.assertNotIn("--port", self.lines("run"))

    def test_help_names_what_can_be_given(self) -> None:
        said = self.lines("help")
        for name in ("PORT=", "CONFIG=", "TESTS=", "PYTHON=", "PIP_INDEX_URL="):
            self.assertIn(name, said)
