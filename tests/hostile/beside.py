"""A flood beside honest clients, on a daemon of its own and an exchange of its own."""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.daemons import ROOT, DaemonProcess
from tests.gateway.http.test_tls import Authority, key_pem, pem
from tests.hostile import turntimes
from tests.hostile.floods import Flood
from tests.hostile.honest import Honest

CONFIG: Final = """
AppType: both
TdFrontAddress: sim+unix://{front}
MdFrontAddress: sim+unix://{front}
BrokerID: "9999"
AppID: simnow_client_test
AuthCode: "0000000000000000"
QueryInterval: 0
Host: 127.0.0.1
Port: 0
LogLevel: INFO
"""
_OPTIONS: Final = "speed=0.25"
"""A tick of each instrument in two seconds: some 10,000 a second where all are wanted."""
_PORT: Final = re.compile(r"serving .* on \S+:(\d+)$", re.MULTILINE)
_PATIENCE: Final = 60.0
_BETWEEN: Final = 0.005


@dataclass(frozen=True)
class Outcome:
    """How a flood went: what the honest waited (ms), how the flooding were closed, MiB.

    :param turn: the longest turn of the daemon's reactor, in ms of processor time, and what it did.
    """

    flood: str
    md: list[float]
    td: list[float]
    ticks: int
    sent: int
    codes: dict[str, int]
    before: float
    after: float
    turn: tuple[float, list[str]]

    def row(self) -> str:
        """A line of the table."""
        codes = " ".join(f"{count}x{code}" for code, count in sorted(self.codes.items())) or "-"
        return (
            f"| {self.flood} | {len(self.md) + len(self.td)} "
            f"| {statistics.median(self.md):.1f} | {max(self.md):.1f} "
            f"| {statistics.median(self.td):.1f} | {max(self.td):.1f} | {self.turn[0]:.1f} "
            f"| {self.ticks} | {self.sent / 2**20:.1f} | {codes} "
            f"| {self.before:.0f} | {self.after:.0f} |"
        )


HEAD: Final = (
    "| flood | asked | md median ms | md worst | order median ms | order worst | longest turn ms "
    "| ticks | MiB sent | closed | RSS MiB before | after |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)


class Tried(DaemonProcess):
    """A daemon that takes the times of its turns."""

    def __init__(self, directory: Path, config: str) -> None:
        self.turns = Path(f"{directory}.turns").absolute()
        first = turntimes.FIRST.format(path=str(self.turns))
        super().__init__(str(directory), config, first=first)
        self.tls = "\nTLS:" in config


@contextmanager
def exchange(path: str) -> Iterator[None]:
    """A simulated exchange in a process of its own: its work is not the daemon's."""
    command = [sys.executable, "-m", "webctp", "sim", path, "--options", _OPTIONS]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        begun = process.stdout.readline()
        if not begun.startswith(b"sim+unix://"):
            raise AssertionError(f"the simulated exchange has ended: {begun!r}")
        yield
    finally:
        process.terminate()
        process.communicate(timeout=_PATIENCE)


@contextmanager
def daemon(directory: Path, more: str = "") -> Iterator[Tried]:
    """A daemon that serves both, with ``more`` in its configuration; ended at the end."""
    with tempfile.TemporaryDirectory() as place, exchange(f"{place}/front"):
        one = Tried(directory, CONFIG.format(front=f"{place}/front") + more)
        try:
            end = time.monotonic() + _PATIENCE
            while not (found := _PORT.search(one.output)):
                if not one.running or time.monotonic() > end:
                    raise AssertionError(f"the daemon does not serve:\n{one.output}")
                time.sleep(0.05)
            one.port = int(found[1])
            yield one
        finally:
            if one.running:
                one.terminate()
            end = time.monotonic() + _PATIENCE
            while one.running and time.monotonic() < end:
                time.sleep(0.02)
            one.kill()


def with_tls(directory: Path) -> str:
    """Write a certificate and its key; gives the configuration that serves with them."""
    certificate, key = Authority("webctp hostile").issue("localhost")
    Path(directory, "cert.pem").write_bytes(pem(certificate))
    Path(directory, "key.pem").write_bytes(key_pem(key))
    Path(directory, "key.pem").chmod(0o600)
    return f"TLS: {{CertFile: {directory}/cert.pem, KeyFile: {directory}/key.pem}}\n"


def beside(one: Tried, flood: Flood | None, seconds: float, rest: float = 0) -> Outcome:
    """Ask as an honest client does while a flood is on; then let the daemon ``rest``."""
    honest = Honest(one.port, tls=one.tls)
    before = one.resident
    told: dict[str, Any] = {"sent": 0, "codes": {}}
    md: list[float] = []
    td: list[float] = []
    process: subprocess.Popen[bytes] | None = None
    begun = time.monotonic()
    try:
        if flood is not None:
            process = subprocess.Popen(
                [
                    sys.executable,
                    *("-m", "tests.hostile.floods", str(one.port), flood.name, str(seconds)),
                    "tls" if one.tls else "plain",
                ],
                cwd=ROOT,
                stdout=subprocess.PIPE,
            )
        ticks = honest.md.ticks
        end = time.monotonic() + seconds
        while time.monotonic() < end or (process is not None and process.poll() is None):
            md.append(honest.md_latency() * 1000)
            td.append(honest.td_latency() * 1000)
            time.sleep(_BETWEEN)
        ticks = honest.md.ticks - ticks
        if process is not None:
            output, _ = process.communicate(timeout=_PATIENCE)
            told = json.loads(output)
    finally:
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()
        honest.close()
    time.sleep(rest)
    name = "none" if flood is None else flood.name
    turn = turntimes.longest(one.turns, begun, time.monotonic())
    return Outcome(name, md, td, ticks, told["sent"], told["codes"], before, one.resident, turn)
