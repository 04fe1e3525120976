"""A daemon, its feed and its clients as processes, and what they cost."""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from bench.structs import Ticks

_PATIENCE = 30.0
_CONFIG = """AppType: both
TdFrontAddress: tcp://127.0.0.1:1
MdFrontAddress: tcp://127.0.0.1:1
BrokerID: "9999"
Host: 127.0.0.1
Port: 0
ConFilePath: {folder}/flow
"""


class Process:
    """A child that speaks JSON in lines and ends with its standard input."""

    def __init__(self, module: str, *arguments: str, fds: Sequence[int] = ()) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=fds,
            text=True,
        )
        self.pid = self._process.pid

    def tell(self, **words: object) -> None:
        """Send a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def hear(self, patience: float = _PATIENCE) -> dict[str, Any]:
        """The next line; TimeoutError when none comes, EOFError when the child has ended."""
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], patience)[0]:
            raise TimeoutError(f"no word from {self._process.args!r}")
        line = self._process.stdout.readline()
        if not line:
            raise EOFError(f"{self._process.args!r} has ended")
        words: dict[str, Any] = json.loads(line)
        return words

    def ask(self, patience: float = _PATIENCE, **words: object) -> dict[str, Any]:
        """Send a line and give the answer."""
        self.tell(**words)
        return self.hear(patience)

    def cost(self) -> dict[str, float]:
        """CPU in seconds, resident memory in bytes, context switches, of all threads."""
        cpu, switches = 0, 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            cpu += int((task / "schedstat").read_text().split()[0])
            switches += sum(
                int(line.split()[1])
                for line in (task / "status").read_text().splitlines()
                if "ctxt_switches" in line
            )
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return {"cpu": cpu / 1e9, "rss": pages * os.sysconf("SC_PAGE_SIZE"), "switches": switches}

    def end(self) -> None:
        """Let it end, and wait for it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Feed:
    """Ticks into a daemon, at a rate or as fast as it takes them."""

    def __init__(self, instruments: int) -> None:
        self.theirs, self._ours = socket.socketpair()
        self._ours.settimeout(_PATIENCE)  # a daemon that has died reads no more
        self._ticks = Ticks(instruments)

    @property
    def sequence(self) -> int:
        """The number of the last tick fed."""
        return self._ticks.sequence

    def at_rate(self, rate: float, seconds: float) -> None:
        """Feed evenly: one tick at a time up to 2,000 a second, else what each 1 ms brings."""
        step = max(1 / rate, 0.001)
        began = time.monotonic()
        first = self.sequence
        while (passed := time.monotonic() - began) < seconds:
            due = int(passed * rate) - (self.sequence - first)
            if due > 0:
                self._ours.sendall(self._ticks.next(due))
            time.sleep(max(0.0, step - (time.monotonic() - began - passed)))

    def flood(self, seconds: float) -> None:
        """Feed as fast as the daemon's native thread reads."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._ours.sendall(self._ticks.next(32))

    def close(self) -> None:
        """End the feed: the native thread that reads it ends, too."""
        self._ours.close()
        self.theirs.close()


class Rig:
    """A running daemon. Use as a context; whatever is started through it ends with it.

    :param program: what runs in its place; its clients speak no WebSocket.
    """

    def __init__(
        self,
        folder: str,
        library: str,
        *,
        instruments: int,
        config: str = "",
        program: str = "bench.daemon",
    ) -> None:
        path = Path(folder) / "bench.yaml"
        path.write_text(_CONFIG.format(folder=folder) + config)
        self.instruments = instruments
        self._plain = program not in ("bench.daemon", "bench.turnsnode", "bench.stampednode")
        self.feed = Feed(instruments)
        self.orders, self._orders_out = socket.socketpair()
        fds = (self.feed.theirs.fileno(), self.orders.fileno())
        self.daemon = Process(program, str(path), library, *map(str, fds), fds=fds)
        self._processes: list[Process] = []
        try:
            self.port = self.daemon.hear()["port"]
        except BaseException:
            self.daemon.end()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.feed.close()
        for process in self._processes:
            process.end()
        self.daemon.end()
        self.orders.close()
        self._orders_out.close()

    def clients(
        self,
        count: int,
        *,
        tls: bool = False,
        words: Mapping[str, object] | None = None,
        compressed: bool = False,
    ) -> tuple[Process, float]:
        """Clients that have subscribed to all, and the seconds that this took.

        :param words: what stands beside the subscription.
        :param compressed: whether they offer permessage-deflate.
        """
        process = load_clients(
            self.port,
            count,
            self.instruments,
            tls=tls,
            plain=self._plain,
            words=words,
            compressed=compressed,
        )
        self._processes.append(process)
        return process, float(process.hear()["opened"])

    def trader(self) -> Process:
        """A trading client that is logged in."""
        fd = self._orders_out.fileno()
        how = ["plain"] * self._plain
        process = Process("bench.trader", str(self.port), str(fd), *how, fds=(fd,))
        self._processes.append(process)
        process.hear()
        return process

    def measure(self, clients: Process, rate: float, seconds: float) -> dict[str, float]:
        """Feed for a while (rate 0: flat out), wait for the clients, and say what it cost."""
        before, first, began = self.daemon.cost(), self.feed.sequence, time.monotonic()
        if rate:
            self.feed.at_rate(rate, seconds)
        else:
            self.feed.flood(seconds)
        fed, fed_in = self.feed.sequence - first, time.monotonic() - began
        report = clients.ask(until=self.feed.sequence, seconds=5.0)
        took = time.monotonic() - began
        after = self.daemon.cost()
        report["delivered"] = report.pop("frames")
        report["rate"] = fed / fed_in
        report["cpu_us"] = (after["cpu"] - before["cpu"]) / max(1, report["delivered"]) * 1e6
        report["cores"] = (after["cpu"] - before["cpu"]) / took
        report["switches"] = (after["switches"] - before["switches"]) / max(1, fed)
        report["rss"] = after["rss"]
        return report


def load_clients(
    port: int,
    count: int,
    instruments: int,
    *,
    tls: bool = False,
    plain: bool = False,
    words: Mapping[str, object] | None = None,
    compressed: bool = False,
) -> Process:
    """A process of clients; plain ones speak no WebSocket and only count."""
    options = {
        "port": port,
        "clients": count,
        "instruments": instruments,
        "tls": tls,
        "plain": plain,
        "words": words or {},
        "compressed": compressed,
    }
    return Process("bench.clients", json.dumps(options))


def ceiling(count: int, size: int, rate: float, batch: int, seconds: float) -> dict[str, float]:
    """Run the plain server: ready frames of ``size`` bytes to ``count`` clients."""
    options = {"clients": count, "bytes": size, "rate": rate, "batch": batch, "seconds": seconds}
    server = Process("bench.ceiling", json.dumps(options))
    try:
        clients = load_clients(server.hear()["port"], count, 1, plain=True)
        try:
            clients.hear()
            served = server.ask(go=True, patience=seconds + _PATIENCE)
            report = clients.ask(until=served["sequence"], seconds=5.0)
        finally:
            clients.end()
    finally:
        server.end()
    report["delivered"] = report.pop("frames")
    report["rate"] = served["sequence"] / served["seconds"]
    report["cpu_us"] = served["cpu"] / max(1, report["delivered"]) * 1e6
    report["cores"] = served["cpu"] / served["seconds"]
    return report
