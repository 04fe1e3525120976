"""``python -m tests.soak``: a day of the exchange's clock, clients that come and go: `make soak`.

A real daemon with a journal, the simulated exchange in a process of its own with a fast clock and
faults (pushes twice, lost acknowledgements, lines that break), and clients that log in, trade,
look and leave, half of them without a word. Prints what the daemon holds each half hour, and the
slopes since there were as many clients as mostly. It begins with a trading day and ends some hours
into the third, for sessions keep the orders of their day, and the first day fills the caches: the
exit code is 1 where an hour has more of something than the same hour a day before, or something was
logged as a fault, or is left when all have gone: threads, descriptors, more memory than then.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.python.failure import Failure

from tests.daemons import ROOT, DaemonProcess, sleep, until
from tests.soak.clients import Tally, crowd
from tests.soak.figures import HEAD, SLACK, Sample, Trend, sample, trends

CONFIG: Final = """
AppType: both
TdFrontAddress: sim+unix://{front}
MdFrontAddress: sim+unix://{front}
BrokerID: "9999"
AppID: simnow_client_test
AuthCode: "0000000000000000"
QueryInterval: 0.05
SessionLinger: 2
Host: 127.0.0.1
Port: 0
MaxConnectionsPerAddress: 0
Journal: {{Path: {place}/journal/j.sqlite}}
ConFilePath: {place}/flow
"""
FAULTS: Final = "faults.duplicate=0.02&faults.lostack=0.01&faults.disconnect=120"
START: Final = "2026-11-23T20:50:00"
"""A Monday's evening: the night session of the trading day that ends the next evening."""
MOST_LEFT: Final = 16
"""Threads, and descriptors, beyond those of the beginning that may be left when all have gone."""


@dataclass
class Soak:
    """What came of it."""

    tally: Tally = field(default_factory=Tally)
    samples: list[Sample] = field(default_factory=list)
    before: Sample | None = None
    after: Sample | None = None
    faults: list[str] = field(default_factory=list)
    tell: Callable[[str], object] = str
    """Takes a line for each look; left alone nobody reads them."""

    @property
    def trends(self) -> list[Trend]:
        """How each figure has moved."""
        return trends(self.samples)

    @property
    def wrong(self) -> list[str]:
        """What must not be, a line each."""
        grown = [one for one in self.trends if one.grows]
        lines = [f"{one.name}: {one.first:.0f}, then {one.last:.0f}" for one in grown]
        lines += [f"logged: {one}" for one in self.faults[:5]]
        assert self.before is not None
        assert self.after is not None
        for name in ("threads", "descriptors"):
            left = getattr(self.after, name) - getattr(self.before, name)
            if left > MOST_LEFT:
                lines.append(f"{left} {name} are left when all have gone")
        memory = self.trends[0]
        if self.after.mebibytes > memory.first + SLACK:
            lines.append(
                f"{self.after.mebibytes:.0f} MiB are left when all have gone, "
                f"the first hour had {memory.first:.0f}"
            )
        return lines


@contextmanager
def exchange(place: Path, speed: float) -> Iterator[Path]:
    """The simulated exchange in a process of its own; gives its socket."""
    # A socket's path has 107 bytes at most, and a test's folder may lie deep.
    folder = Path(tempfile.mkdtemp(prefix="soak"))
    path = folder / "front"
    options = f"seed=7&clock=calendar&start={START}&speed={speed}&{FAULTS}"
    command = [sys.executable, "-m", "webctp", "sim", str(path), "--options", options]
    with (place / "exchange.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            end = time.monotonic() + 60
            while b"sim+unix://" not in (place / "exchange.log").read_bytes():
                if process.poll() is not None or time.monotonic() > end:
                    raise AssertionError((place / "exchange.log").read_text("utf-8"))
                time.sleep(0.05)
            yield path
        finally:
            process.terminate()
            process.wait()
            shutil.rmtree(folder)


async def soak(
    place: Path,
    hours: float,
    seconds: float,
    count: int,
    seed: int,
    tell: Callable[[str], object] = str,
) -> Soak:
    """Let ``hours`` of the exchange pass in ``seconds`` with ``count`` clients."""
    outcome = Soak(tell=tell)
    with exchange(place, hours * 3600 / seconds) as front:
        config = CONFIG.format(front=front, place=place)
        daemon = DaemonProcess(str(place / "daemon"), config)
        try:
            await daemon.listening()
            await during(daemon, place / "flow", hours, seconds, count, seed, outcome)
            daemon.terminate()
            await daemon.ended()
        finally:
            daemon.kill()
        lines = daemon.output.splitlines()
        outcome.faults = [line for line in lines if "Traceback" in line or "CRITICAL" in line]
    return outcome


async def during(
    daemon: DaemonProcess,
    flows: Path,
    hours: float,
    seconds: float,
    count: int,
    seed: int,
    outcome: Soak,
) -> None:
    """Look at the daemon each half hour of the exchange's clock, and when all have gone."""
    outcome.before = sample(daemon, flows, 0.0)
    begun = time.monotonic()
    over = begun + seconds
    crowd(daemon.port, count, seed, outcome.tally, lambda: time.monotonic() >= over)
    looks = max(24, round(hours * 2))
    for look in range(1, looks + 1):
        await sleep(max(0.0, begun + seconds * look / looks - time.monotonic()))
        one = sample(daemon, flows, hours * look / looks, outcome.tally.here)
        outcome.samples.append(one)
        outcome.tell(
            f"{one.hour:5.1f} h: {one.mebibytes:.0f} MiB, {one.threads} threads, "
            f"{one.descriptors} descriptors, {one.flows} flow directories, "
            f"{outcome.tally.here} clients"
        )
    await until(lambda: outcome.tally.here == 0, "all clients to go")
    assert outcome.before is not None
    most = outcome.before.threads + MOST_LEFT
    await until(lambda: daemon.threads <= most, "the sessions to be released")
    await sleep(3)
    outcome.after = sample(daemon, flows, hours)


def main(argv: Sequence[str]) -> int:
    """Soak, say what came of it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=52.0, help="of the exchange's clock")
    parser.add_argument("--seconds", type=float, default=900.0, help="that they take")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    code = [1]

    async def told() -> None:
        place = Path(tempfile.mkdtemp(prefix="soak"))
        try:
            outcome = await soak(
                place,
                options.hours,
                options.seconds,
                options.clients,
                options.seed,
                partial(print, flush=True),
            )
        finally:
            shutil.rmtree(place)
        print(outcome.tally.row())
        print(f"answers by code: {dict(outcome.tally.codes.most_common(10))}")
        print(HEAD)
        for trend in outcome.trends:
            print(trend.row())
        print(f"before: {outcome.before}\nafter:  {outcome.after}")
        print("\n".join(outcome.wrong) or "nothing grows, and nothing is left")
        code[0] = 1 if outcome.wrong else 0

    def end(result: Any) -> None:
        if isinstance(result, Failure):
            print(result.getTraceback(), file=sys.stderr)
        if reactor.running:
            reactor.stop()

    running: list[Deferred[None]] = []

    def begin() -> None:
        running.append(ensureDeferred(told()))
        running[0].addBoth(end)

    reactor.callWhenRunning(begin)
    reactor.run()
    running[0].cancel()  # where a signal has ended the reactor: what was started ends, too
    return code[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
