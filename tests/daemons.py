"""The daemon as a process of its own, for tests: ``twistd -n webctp`` on a port it picks."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from twisted.internet import reactor
from twisted.internet.task import deferLater

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 60.0
"""Seconds until something that does not come is taken for lost; a slow machine is no failure."""

_COMMAND: Final = "from twisted.scripts.twistd import run; run()"
_SERVING = re.compile(r"serving .* on \S+:(\d+)$", re.MULTILINE)


async def sleep(seconds: float) -> None:
    """Let the reactor turn for a while."""
    await deferLater(reactor, seconds, lambda: None)


async def until(met: Callable[[], bool], what: str) -> None:
    """Wait until a condition is met.

    :raises AssertionError: naming ``what`` when it is not within :data:`PATIENCE`.
    """
    end = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        await sleep(0.02)


def usual_signals() -> None:
    """Set a new process's signals as at a terminal; `nohup` and `&` would hand down others."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


class DaemonProcess:
    """A daemon with a configuration of its own, in a directory of its own.

    ``port`` is where it listens, once :meth:`listening` has fired.

    :param first: Python that the process runs before anything else.
    :param environment: variables beside those of this process.
    """

    def __init__(
        self,
        directory: str,
        config: str,
        *,
        first: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._directory = Path(directory).absolute()
        self._directory.mkdir()
        if "CoreDumps" not in config:
            # Else only root could count its descriptors.
            config += "\nCoreDumps: true\n"
        if "DrainSeconds" not in config:
            config += "DrainSeconds: 0\n"
        (self._directory / "webctp.yaml").write_text(config, "utf-8")
        (self._directory / "sitecustomize.py").write_text(first, "utf-8")
        self._output = self._directory / "output"
        self.port = 0
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, "-n", "webctp", "--config", "webctp.yaml"],
                cwd=self._directory,
                env={
                    **os.environ,
                    "PYTHONPATH": f"{self._directory}:{ROOT}",
                    **(environment or {}),
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=usual_signals,
            )

    async def listening(self) -> "DaemonProcess":
        """Wait until it serves."""
        await until(lambda: self.serving, "the daemon to listen")
        return self

    @property
    def serving(self) -> bool:
        """Whether it serves; then ``port`` is known.

        :raises AssertionError: if it has ended by itself.
        """
        if self._process.poll() is not None:
            raise AssertionError(f"the daemon ended:\n{self.output}")
        if self.port == 0:
            found = _SERVING.search(self.output)
            self.port = int(found[1]) if found else 0
        return self.port != 0

    @property
    def pid(self) -> int:
        """Its number among the processes."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """What it has ended with, None while it runs."""
        return self._process.poll()

    @property
    def output(self) -> str:
        """What it has printed."""
        return self._output.read_text("utf-8", "replace")

    @property
    def threads(self) -> int:
        """How many threads it has."""
        return len(os.listdir(f"/proc/{self._process.pid}/task"))

    @property
    def descriptors(self) -> int:
        """How many descriptors it has open."""
        return len(os.listdir(f"/proc/{self._process.pid}/fd"))

    @property
    def resident(self) -> float:
        """How much memory it has, in MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.signal(signal.SIGTERM)

    async def ended(self) -> int:
        """Wait for its end; gives its exit code."""
        await until(lambda: self._process.poll() is not None, f"the end of\n{self.output}")
        return self._process.wait()

    def kill(self) -> None:
        """End it, in whatever state it is."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
