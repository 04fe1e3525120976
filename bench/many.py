"""``python -m bench.many``: a CTP node that publishes, a Redis, edges, and clients of each.

It says what a tick costs the node and Redis, what a delivered message costs an edge and a plain
daemon, and how old ticks are at an edge; then, by a model that is fitted to three runs and held
against a fourth, what many clients take. On loopback, Redis on a Unix socket; it ends by itself,
in about two minutes.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench import feeder
from bench.busmodel import Run, errors, fitted
from bench.rig import Feed, Process, Rig, load_clients
from bench.structs import tick_layout
from bench.turnsnode import TURN
from webctp.bus.publisher import ENOUGH

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
Port: {port}
ReusePort: {shared}
ConFilePath: {folder}/edge{number}
"""


_PAIRS: Final = 3
_TURNS: Final = 40
_DIVISIONS: Final = (1, 16, 64)
_TARGET: Final = {"clients": 100_000, "instruments": 20_000}
"""What the model tells the needs of: each instrument twice a second, fifty of them a client."""


class Load(NamedTuple):
    """What is measured: ticks a second, instruments, clients of each server, edges."""

    rate: float
    instruments: int
    clients: int
    edges: int
    partitions: int
    seconds: float
    wanted: int = 0
    """Instruments that clients of edges want; 0 for all."""


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


def publishing(folder: str, library: str, load: Load) -> dict[str, Any]:
    """Measure what a tick costs a node that serves nobody, by what it publishes, in turns.

    That is the CPU of all of its threads (:mod:`bench.turnsnode`).
    """
    found: dict[str, list[float]] = {"alone": [], "publishes": [], "least": []}
    with redis(folder) as (path, _):
        config = _node(path, load)
        program = "bench.turnsnode"
        with Rig(
            folder, library, instruments=load.instruments, config=config, program=program
        ) as rig:
            feeding = threading.Thread(
                target=rig.feed.at_rate, args=(load.rate, (3 * _TURNS + 3) * TURN)
            )
            feeding.start()
            rig.daemon.hear()
            while min(map(len, found.values())) < _TURNS:
                told = rig.daemon.hear()
                found[told["turn"]].append(told["cpu"] / max(1, told["ticks"]) * 1e6)
            feeding.join()
    alone = found["alone"]
    return {"us": {name: statistics.median(each) for name, each in found.items()}} | {
        "times_alone": {
            name: statistics.median(one / two for one, two in zip(found[name], alone, strict=False))
            for name in ("publishes", "least")
        }
    }


def _node(path: str, load: Load) -> str:
    return _NODE.format(path=path, partitions=load.partitions)


@contextmanager
def over_the_bus(
    folder: str,
    library: str,
    load: Load,
    program: str = "bench.daemon",
    *,
    shares: bool = False,
) -> Iterator["Bus"]:
    """Run a node, Redis and edges, all clients at the edges.

    :param shares: whether edges listen on one port, and the clients of one come to all of them.
    """
    # A Redis for each: another node's ticks would be older than those that one has left.
    with redis(folder) as (path, pid):
        edges: list[Process] = []
        watching: list[Process] = []
        node = _node(path, load)
        try:
            with Rig(
                folder, library, instruments=load.instruments, config=node, program=program
            ) as rig:
                port = 0
                for number in range(load.edges):
                    config = Path(folder) / f"edge{number}.yaml"
                    settings = {"path": path, "folder": folder, "number": number}
                    told = _EDGE.format(**settings, port=port, shared=str(shares).lower())
                    config.write_text(told)
                    edges.append(Process("bench.edge", str(config)))
                    heard = edges[-1].hear()["port"]
                    port = heard if shares else 0
                    if not shares or number == load.edges - 1:
                        watching.append(
                            load_clients(heard, load.clients, load.wanted or load.instruments)
                        )
                        watching[-1].hear()
                time.sleep(1.0)  # the leases are read, the instruments subscribed
                yield Bus(rig, pid, edges, watching)
        finally:
            for one in (*watching, *edges):
                one.end()


class Bus(NamedTuple):
    """What runs."""

    rig: Rig
    redis: int
    edges: list[Process]
    watching: list[Process]


def costs(folder: str, library: str, load: Load) -> tuple[Run, dict[str, Any]]:
    """Measure what a tick, and a delivered message, cost over the bus."""
    with over_the_bus(folder, library, load) as bus:
        return _measured(bus, load)


def _measured(bus: Bus, load: Load) -> tuple[Run, dict[str, Any]]:
    rig = bus.rig
    pids = {"node": rig.daemon.pid, "redis": bus.redis}
    pids |= {f"edge{number}": edge.pid for number, edge in enumerate(bus.edges)}
    before = {name: cpu_of(pid) for name, pid in pids.items()}
    first, read = rig.feed.sequence, _read_by(bus.edges)
    rig.feed.at_rate(load.rate, load.seconds)
    fed = rig.feed.sequence - first
    reports = [one.ask(until=rig.feed.sequence, seconds=5.0) for one in bus.watching]
    spent = {name: (cpu_of(pid) - before[name]) / fed for name, pid in pids.items()}
    delivered = sum(one["frames"] for one in reports)
    edge = sum(cpu for name, cpu in spent.items() if name.startswith("edge"))
    run = Run(load.edges, load.clients, spent["node"], spent["redis"], edge)
    return run, {
        "edges": load.edges,
        "clients": load.clients,
        "ticks": fed,
        "node_us": spent["node"] * 1e6,
        "redis_us": spent["redis"] * 1e6,
        "edge_us": edge * 1e6,
        "edge_bytes": (_read_by(bus.edges) - read) / fed,
        "edge_us_a_message": edge * fed / max(1, delivered) * 1e6,
        "delivered": delivered,
        "wanted": fed * load.clients * load.edges,
        "missing": sum(one["missing"] for one in reports),
    }


def _read_by(edges: list[Process]) -> int:
    """Return the bytes that the bus has brought to edges."""
    return sum(int(edge.ask(figures=True)["bytes"]) for edge in edges)


def delays(folder: str, library: str, load: Load) -> list[dict[str, Any]]:
    """Measure how long ticks take from the node's hub to an edge's, in seconds, by hop.

    In pairs with what the machine takes for the same path with nothing on it (:mod:`bench.hops`).
    """
    found = []
    for _ in range(_PAIRS):
        with over_the_bus(folder, library, load, "bench.stampednode") as bus:
            (edge,) = bus.edges
            edge.ask(begin=True)
            bus.rig.feed.at_rate(load.rate, load.seconds)
            time.sleep(0.5)
            found.append({"bus": edge.ask(tell=True), "bare": _bare_path(load)})
    return found


def _bare_path(load: Load) -> dict[str, Any]:
    """Measure how long ticks take from process to process where these do nothing."""
    feed = Feed(load.instruments)
    pipes = [os.pipe() for _ in range(2)]
    ends = [
        feed.theirs.fileno(),
        *(end for reading, writing in pipes for end in (writing, reading)),
    ]
    roles = {"node": ends[:2], "relay": ends[2:4], "edge": [ends[4], ends[4]]}
    processes = [
        Process("bench.hops", role, *map(str, given), fds=given) for role, given in roles.items()
    ]
    try:
        time.sleep(1.0)
        processes[-1].ask(tell=True)
        feed.at_rate(load.rate, load.seconds)
        time.sleep(0.5)
        return processes[-1].ask(tell=True)
    finally:
        for one in processes:
            one.end()
        for end in ends[1:]:
            os.close(end)
        feed.close()


def sharing(folder: str, library: str, load: Load) -> dict[str, Any]:
    """Measure what a second edge on the same port gains, where each has a core of its own.

    That is the CPU of one edge over that of the busier one of two: the machine has too few cores
    to run all at full speed, so each edge is held to one core and its time of it counted. Where
    one edge is measured, all else is held to the other cores.
    """
    spent: dict[int, list[float]] = {}
    cores = sorted(os.sched_getaffinity(0))
    for count in (1, 2):
        one = load._replace(edges=count)
        with over_the_bus(folder, library, one, shares=True) as bus:
            others = set(cores[:-1] if count == 1 else cores) or set(cores)
            for pid in (bus.rig.daemon.pid, bus.redis, *(each.pid for each in bus.watching)):
                _hold(pid, others)
            for number, edge in enumerate(bus.edges):
                _hold(edge.pid, {cores[-1 - number % len(cores)]})
            before = [cpu_of(edge.pid) for edge in bus.edges]
            bus.rig.feed.at_rate(one.rate, one.seconds)
            bus.watching[0].ask(until=bus.rig.feed.sequence, seconds=10.0)
            spent[count] = [
                cpu_of(edge.pid) - was for edge, was in zip(bus.edges, before, strict=True)
            ]
    return {
        "clients": load.clients,
        "cpu": spent,
        "gain": spent[1][0] / max(spent[2]),
        "gain_if_divided_evenly": spent[1][0] / statistics.mean(spent[2]),
    }


def _hold(pid: int, cores: set[int]) -> None:
    """Hold all threads of a process to some cores."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), cores)


def against_plain(folder: str, library: str, load: Load) -> dict[str, Any]:
    """Measure what a delivered message costs an edge and a plain daemon, in pairs."""
    found = [
        (
            costs(folder, library, load._replace(edges=1))[1]["edge_us_a_message"],
            plain(folder, library, load, load.clients)["cpu_us"],
        )
        for _ in range(_PAIRS)
    ]
    return {
        "clients": load.clients,
        "edge_us": [edge for edge, _ in found],
        "plain_us": [alone for _, alone in found],
        "times": statistics.median(edge / alone for edge, alone in found),
    }


def interest(folder: str, library: str, load: Load, wanted: int = 10) -> list[dict[str, Any]]:
    """Measure what an edge takes whose clients want few of many instruments, by partitions."""
    found = []
    for partitions in _DIVISIONS:
        one = load._replace(
            instruments=2_000, clients=1, edges=1, partitions=partitions, wanted=wanted
        )
        told = costs(folder, library, one)[1]
        found.append({"partitions": partitions} | told)
    return found


def modelled(folder: str, library: str, load: Load) -> dict[str, Any]:
    """Fit the model, hold it against another run, and say what many clients take."""
    grid = [(1, 1), (1, 6), (2, 1), (2, 4)]
    runs = [
        costs(folder, library, load._replace(edges=edges, clients=clients))
        for edges, clients in grid
    ]
    few, clients, edges, held_out = (run for run, _ in runs)
    model = fitted(few, clients, edges)
    ticks = 2.0 * _TARGET["instruments"]
    messages = 2.0 * 50 * _TARGET["clients"]
    size = tick_layout().size
    batch = max(1.0, ENOUGH / load.partitions)
    sizings = {
        count: asdict(model.size(ticks, messages, edges=count, tick_bytes=size, batch=batch))
        for count in (50, 100, 200, 400)
    }
    return {
        "runs": [told for _, told in runs],
        "model_us": {name: cost * 1e6 for name, cost in asdict(model).items()},
        "errors": errors(model, held_out),
        "edges": sizings,
    }


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.many", description=__doc__)
    parser.add_argument("--rate", type=float, default=10_000.0, help="ticks a second")
    parser.add_argument("--instruments", type=int, default=500)
    parser.add_argument("--clients", type=int, default=5, help="of each edge")
    parser.add_argument("--edges", type=int, default=1)
    parser.add_argument("--partitions", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--only", default="", help="one of what is measured")
    asked = parser.parse_args()
    load = Load(**{name: getattr(asked, name) for name in Load._fields if name in asked})
    if shutil.which("redis-server") is None:
        parser.error("redis-server is not installed")
    with tempfile.TemporaryDirectory(prefix="webctp-many-") as folder:
        library = feeder.build(folder)
        found: dict[str, Callable[[], object]] = {
            "publishing": lambda: publishing(folder, library, load),
            "bus": lambda: costs(folder, library, load)[1],
            "against_plain": lambda: against_plain(folder, library, load),
            "interest": lambda: interest(folder, library, load),
            "sharing": lambda: sharing(
                folder, library, load._replace(rate=load.rate / 10, clients=8 * load.clients)
            ),
            "delay": lambda: delays(folder, library, load._replace(edges=1)),
            "model": lambda: modelled(folder, library, load),
        }
        for name, measure in found.items():
            if asked.only in ("", name):
                print(json.dumps({name: measure()}), flush=True)


if __name__ == "__main__":
    main()
