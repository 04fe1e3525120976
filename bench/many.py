"""``python -m bench.many``: a CTP node that publishes, a Redis, edges, and clients of each.

It says what a tick costs the node and Redis, what a delivered message costs an edge and a plain
daemon, and how long the way over the bus takes beside the direct one. On loopback, Redis on a Unix
socket; it ends by itself, in about a minute.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench import feeder
from bench.rig import Process, Rig, load_clients

_REDIS: Final = """port 0
unixsocket "{path}"
save ""
appendonly no
client-output-buffer-limit pubsub 64mb 32mb 10
"""
_NODE: Final = """Bus:
  Url: redis+unix://{path}
  Publish: true
  Partitions: {partitions}
"""
_EDGE: Final = """AppType: md
MdFrontAddress: redis+unix://{path}
SubscribeBatch: 10000
SubscribeInterval: 0
Host: 127.0.0.1
Port: 0
ConFilePath: {folder}/edge{number}
"""


class Load(NamedTuple):
    """What is measured: ticks a second, instruments, clients of each server, edges."""

    rate: float
    instruments: int
    clients: int
    edges: int
    partitions: int
    seconds: float


@contextmanager
def redis(folder: str) -> Iterator[tuple[str, int]]:
    """Run a Redis; gives its socket and its process's number."""
    path = f"{folder}/redis.sock"
    Path(path).unlink(missing_ok=True)
    settings = Path(folder) / "redis.conf"
    settings.write_text(_REDIS.format(path=path))
    with (Path(folder) / "redis.output").open("wb") as output:
        process = subprocess.Popen(["redis-server", str(settings)], stdout=output)
    try:
        end = time.monotonic() + 10
        while not Path(path).exists():
            if time.monotonic() > end:
                raise TimeoutError("redis-server does not listen")
            time.sleep(0.01)
        yield path, process.pid
    finally:
        process.kill()
        process.wait()


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a process has taken."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) / 1e9


def plain(folder: str, library: str, load: Load, clients: int) -> dict[str, Any]:
    """Measure a daemon without a bus, with so many clients (or one instrument's, for none)."""
    with Rig(folder, library, instruments=load.instruments) as rig:
        watching, _ = rig.clients(clients)
        return rig.measure(watching, load.rate, load.seconds)


def idle(folder: str, library: str, load: Load, config: str = "") -> float:
    """Return the microseconds of CPU that a tick costs a daemon which serves nobody."""
    with Rig(folder, library, instruments=load.instruments, config=config) as rig:
        time.sleep(0.5)
        before, first = rig.daemon.cost()["cpu"], rig.feed.sequence
        rig.feed.at_rate(load.rate, load.seconds)
        time.sleep(0.5)
        return (rig.daemon.cost()["cpu"] - before) / (rig.feed.sequence - first) * 1e6


def over_the_bus(folder: str, library: str, load: Load) -> dict[str, Any]:
    """Measure a node, Redis and edges, all clients at the edges."""
    # A Redis for each: the second node's ticks would be older than those the first has left.
    with redis(folder) as (path, _):
        node = _NODE.format(path=path, partitions=load.partitions)
        idle_cost = idle(folder, library, load, node)
    with redis(folder) as (path, pid):
        edges: list[Process] = []
        watching: list[Process] = []
        try:
            with Rig(folder, library, instruments=load.instruments, config=node) as rig:
                for number in range(load.edges):
                    config = Path(folder) / f"edge{number}.yaml"
                    config.write_text(_EDGE.format(path=path, folder=folder, number=number))
                    edges.append(Process("bench.edge", str(config)))
                    port = edges[-1].hear()["port"]
                    watching.append(load_clients(port, load.clients, load.instruments))
                    watching[-1].hear()
                time.sleep(1.0)  # the leases are read, the instruments subscribed
                return _measured(rig, pid, edges, watching, load) | {"idle": idle_cost}
        finally:
            for one in (*watching, *edges):
                one.end()


def _measured(
    rig: Rig, redis_pid: int, edges: list[Process], watching: list[Process], load: Load
) -> dict[str, Any]:
    pids = {"node": rig.daemon.pid, "redis": redis_pid}
    pids |= {f"edge{number}": edge.pid for number, edge in enumerate(edges)}
    before = {name: cpu_of(pid) for name, pid in pids.items()}
    first = rig.feed.sequence
    rig.feed.at_rate(load.rate, load.seconds)
    fed = rig.feed.sequence - first
    reports = [one.ask(until=rig.feed.sequence, seconds=5.0) for one in watching]
    spent = {name: cpu_of(pid) - before[name] for name, pid in pids.items()}
    delivered = sum(one["frames"] for one in reports)
    edge_cpu = sum(cpu for name, cpu in spent.items() if name.startswith("edge"))
    return {
        "ticks": fed,
        "node_us": spent["node"] / fed * 1e6,
        "redis_us": spent["redis"] / fed * 1e6,
        "edge_us": edge_cpu / max(1, delivered) * 1e6,
        "delivered": delivered,
        "wanted": fed * load.clients * load.edges,
        "reports": reports,
    }


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.many", description=__doc__)
    parser.add_argument("--rate", type=float, default=10_000.0, help="ticks a second")
    parser.add_argument("--instruments", type=int, default=500)
    parser.add_argument("--clients", type=int, default=5, help="of each edge")
    parser.add_argument("--edges", type=int, default=1)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5.0)
    load = Load(**vars(parser.parse_args()))
    if shutil.which("redis-server") is None:
        parser.error("redis-server is not installed")
    with tempfile.TemporaryDirectory(prefix="webctp-many-") as folder:
        library = feeder.build(folder)
        direct = plain(folder, library, load, load.clients)
        alone = idle(folder, library, load)
        bus = over_the_bus(folder, library, load)
    bus["reports"] = [_times(one) for one in bus["reports"]]
    print(json.dumps({"load": load._asdict(), "plain": _times(direct), "plain_idle_us": alone}))
    print(json.dumps(bus))


def _times(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report with numbers that can be read."""
    return {name: round(one, 6) for name, one in report.items() if isinstance(one, int | float)}


if __name__ == "__main__":
    main()
