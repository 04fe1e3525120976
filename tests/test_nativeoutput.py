"""What the native library prints: its own lines are dropped, nothing else is lost."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.daemons import ROOT, DaemonProcess, until
from tests.fronts import Silent
from webctp.nativeoutput import Stream

BROKEN: Final = (
    b"CThostFtdcUserApiImplBase::OnSessionDisconnected[0x7f98e4000b78][1966669825][ 4097]\n"
)
MARKER: Final = "OnSessionDisconnected"
_CONFIG: Final = """
AppType: both
TdFrontAddress: {front}
MdFrontAddress: {front}
BrokerID: "9999"
Host: 127.0.0.1
Port: 0
LoginTimeout: 20
"""


class Lines(SynchronousTestCase):
    """One stream."""

    def passed(self, *pieces: bytes) -> bytes:
        """What is passed on of data that comes in these pieces."""
        with tempfile.TemporaryFile() as target:
            stream = Stream(target.fileno())
            for piece in pieces:
                stream.take(piece)
            stream.end()
            target.seek(0)
            return target.read()

    def test_lines_of_broken_connections_are_dropped(self) -> None:
        other = BROKEN.replace(b"[ 4097]", b"[ 8195]").replace(b"1966669825", b"   -1")
        self.assertEqual(self.passed(b"one\n" + BROKEN + other + b"two\n"), b"one\ntwo\n")
        for text in ("Can not find host by name: Success", "Could not connect: Timeout"):
            self.assertEqual(self.passed(f"{text}\n".encode()), b"", text)

    def test_whatever_the_pieces(self) -> None:
        data = b"one\n" + BROKEN + b"two\n" + BROKEN + b"three"
        for size in (1, 7, 64):
            pieces = [data[at : at + size] for at in range(0, len(data), size)]
            self.assertEqual(self.passed(*pieces), b"one\ntwo\nthree", size)

    def test_only_whole_lines_are_known(self) -> None:
        for line in (b"x" + BROKEN, BROKEN[:-1] + b" and more\n", b"OnSessionDisconnected\n"):
            self.assertEqual(self.passed(line), line)
        self.assertEqual(self.passed(BROKEN[:40]), BROKEN[:40])

    def test_what_says_why_is_told_once(self) -> None:
        why = b"Decrypt handshake data failed\n"
        self.assertEqual(self.passed(why, BROKEN, why, b"else\n", why), why + b"else\n")

    def test_a_line_without_end_is_not_held_for_ever(self) -> None:
        text = b"x" * 200_000
        self.assertEqual(self.passed(text[:100_000], text[100_000:], b"\n"), text + b"\n")

    def test_any_bytes(self) -> None:
        data = bytes(range(256)) * 2
        self.assertEqual(self.passed(data), data)


class Processes(SynchronousTestCase):
    """Both descriptors of a process of its own."""

    def run_with(self, script: str) -> "subprocess.CompletedProcess[bytes]":
        """Run Python after the descriptors were led through the process; ``libc`` is there."""
        start = """
            import ctypes, os, signal, sys
            from webctp.nativeoutput import NativeOutput
            libc = ctypes.CDLL(None)
            output = NativeOutput()
        """
        text = textwrap.dedent(start) + textwrap.dedent(script)
        return subprocess.run(
            [sys.executable, "-c", text], cwd=ROOT, capture_output=True, timeout=60, check=False
        )

    def test_what_the_library_prints_and_what_else_is_printed(self) -> None:
        done = self.run_with(f"""
            output.start()
            for _ in range(3):
                libc.printf({BROKEN!r})
                libc.fflush(None)
            libc.printf(b"another\\n")
            libc.fflush(None)
            print("of Python's", flush=True)
            os.write(2, b"Can not find host by name: Success\\nTraceback\\n")
            output.stop()
            os.write(1, b"afterwards\\n" + {BROKEN!r})
        """)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, b"another\nof Python's\nafterwards\n" + BROKEN)
        self.assertEqual(done.stderr, b"Traceback\n")

    def test_a_crash_loses_no_word(self) -> None:
        for crash in ("libc.abort()", "ctypes.string_at(0)", "os.kill(os.getpid(), 9)"):
            done = self.run_with(f"""
                import resource
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                output.start()
                os.write(1, {BROKEN!r} * 200 + b"RuntimeError:why in line 80\\nnot ended")
                os.write(2, b"terminate called")
                {crash}
            """)
            self.assertLess(done.returncode, 0, crash)
            self.assertEqual(done.stdout, b"RuntimeError:why in line 80\nnot ended", crash)
            self.assertEqual(done.stderr, b"terminate called", crash)

    def test_signals_that_stop_the_daemon_do_not_stop_it_before(self) -> None:
        done = self.run_with("""
            output.start()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
                signal.signal(number, signal.SIG_IGN)
                os.kill(output._process.pid, number)
            os.write(1, b"last words\\n")
            output.stop()
        """)
        self.assertEqual((done.stdout, done.stderr), (b"last words\n", b""))

    def test_one_that_cannot_be_started_changes_nothing(self) -> None:
        done = self.run_with("""
            before = os.fstat(1), os.fstat(2), len(os.listdir("/proc/self/fd"))
            sys.executable = "/nowhere"
            try:
                output.start()
            except OSError as problem:
                print("refused:", problem.strerror, flush=True)
            after = os.fstat(1), os.fstat(2), len(os.listdir("/proc/self/fd"))
            print([one == other for one, other in zip(before, after)], flush=True)
            output.stop()
        """)
        lines = done.stdout.decode().splitlines()
        self.assertEqual(lines[1:], ["[True, True, True]"], done.stderr)
        self.assertIn("refused:", lines[0])


class Daemons(TestCase):
    """The real library, at a front that hangs up."""

    timeout = 240

    def setUp(self) -> None:
        self.front = Silent(drops=True)
        self.addCleanup(self.front.close)

    async def test_in_the_foreground(self) -> None:
        daemon = DaemonProcess(self.mktemp(), _CONFIG.format(front=self.front.address))
        self.addCleanup(daemon.kill)
        await daemon.listening()
        await until(lambda: self.front.accepted >= 6, "six attempts")
        daemon.terminate()
        await daemon.ended()
        self.assertNotIn(MARKER, daemon.output)
        told = [line for line in daemon.output.splitlines() if "attempts to connect" in line]
        self.assertLessEqual(len(told), 3, daemon.output)
        self.assertTrue(told, daemon.output)
        self.assertIn("Server Shut Down", daemon.output)

    async def test_in_the_background(self) -> None:
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        (directory / "webctp.yaml").write_text(_CONFIG.format(front=self.front.address), "utf-8")
        script = "from twisted.scripts.twistd import run; run()"
        started = subprocess.run(
            [sys.executable, "-c", script, "--pidfile=pid", "webctp", "--config", "webctp.yaml"],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(started.returncode, 0, started.stderr)
        pid = int((directory / "pid").read_text())
        try:
            await until(lambda: self.front.accepted >= 6, "six attempts")
        finally:
            os.kill(pid, signal.SIGTERM)
        log = directory / "webctp-both.log"
        await until(lambda: "Server Shut Down" in log.read_text(), "its end")
        self.assertNotIn(MARKER, log.read_text() + started.stdout.decode())
        self.assertIn("attempts to connect", log.read_text())
