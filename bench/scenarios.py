"""The loads, each on a daemon of its own, and what must be seen of them."""

import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import sim
from bench.rig import Process, Rig, ceiling

_WARM_UP = 0.5
_INSTRUMENTS = 100
_TICK_BYTES = 960
"""A tick's frame as the daemon sends it here, give or take the digits."""

_FLOOR = "the plainest program"
_WHEN = (("idle", False), ("beside 50 x 1,000", True))
_SIMULATED = "the simulated exchange, 20,000 instruments"

_WHOLE = "50 clients x 1,000, whole"
_COMPACT: tuple[tuple[str, dict[str, object], bool], ...] = (
    (_WHOLE, {}, False),
    ("50 clients x 1,000, changes", {"Changes": True}, False),
    ("50 clients x 1,000, compressed", {}, True),
    ("50 clients x 1,000, changes, compressed", {"Changes": True}, True),
)
_LEAST_CEILING = 140
"""Bytes that the plain server's tick takes at least."""

Row = dict[str, Any]


@dataclass(slots=True)
class Bench:
    """Where the loads run and how long each lasts; what was measured, by name."""

    folder: str
    library: str
    seconds: float
    quick: bool = False
    rows: dict[str, Row] = field(default_factory=dict)

    def rig(
        self,
        *,
        instruments: int = _INSTRUMENTS,
        config: str = "",
        program: str = "bench.daemon",
    ) -> Rig:
        """A new daemon, or another program in its place."""
        return Rig(
            self.folder, self.library, instruments=instruments, config=config, program=program
        )


def ceilings(bench: Bench) -> None:
    """The plain server: unbatched at the load's rate, batched at ten times that."""
    size, seconds = _TICK_BYTES, bench.seconds
    bench.rows["ceiling 50 x 1,000, unbatched"] = ceiling(50, size, 1_000, 1, seconds)
    bench.rows["ceiling 50 x 10,000, 32 a write"] = ceiling(50, size, 10_000, 32, seconds)


def fifty(bench: Bench) -> None:
    """50 clients at 1,000 ticks a second, then faster and faster until ticks are lost."""
    bench.rows["50 clients x 1,000"] = _steady(bench, 50, 1_000, bench.seconds)
    _most(bench, "50 clients", 50, (10_000, 20_000, 30_000, 40_000))


def compact(bench: Bench) -> None:
    """50 clients at 1,000 ticks a second: whole, by changes, compressed; each with its ceiling.

    Forms take turns, twice, for a machine's slow moment must not decide: the better run counts.
    """
    for _ in range(2):
        for name, words, compressed in _COMPACT:
            with bench.rig(config="Compression: 128\n" if compressed else "") as rig:
                clients, _ = rig.clients(50, words=words, compressed=compressed)
                rig.measure(clients, 1_000, _WARM_UP)
                row = rig.measure(clients, 1_000, bench.seconds)
            best = bench.rows.get(name)
            if best is None or row["cpu_us"] < best["cpu_us"]:
                bench.rows[name] = row
    for name, _, _ in _COMPACT:
        size = max(int(bench.rows[name]["bytes"]), _LEAST_CEILING)
        found = ceiling(50, size, 1_000, 1, bench.seconds)
        bench.rows[f"ceiling 50 x 1,000, {size} bytes"] = found


def one(bench: Bench) -> None:
    """A single client: faster and faster until ticks are lost, then as fast as can be fed.

    Flooded beyond what it can take, the client gets the newest: then some are missing.
    """
    _most(bench, "1 client", 1, (60_000, 70_000, 80_000, 90_000))
    bench.rows["1 client, flooded"] = _steady(bench, 1, 0, bench.seconds)


def thousand(bench: Bench) -> None:
    """1,000 clients: how fast they come, what they weigh, 50 ticks a second for all."""
    with bench.rig(instruments=10) as rig:
        clients, _ = rig.clients(1)
        before = rig.daemon.cost()["rss"]
        clients, took = rig.clients(1_000)
        idle = rig.daemon.cost()["rss"] - before
        rig.measure(clients, 50, _WARM_UP)
        row = rig.measure(clients, 50, bench.seconds)
        row["opened_s"], row["kib_per_client"] = took, idle / 1_000 / 1024
        bench.rows["1,000 clients x 50"] = row


def tls(bench: Bench) -> None:
    """20 clients with TLS, beside 20 without."""
    certificate = _certificate(bench.folder)
    bench.rows["20 clients x 1,000"] = _steady(bench, 20, 1_000, bench.seconds)
    with bench.rig(config=certificate) as rig:
        clients, _ = rig.clients(20, tls=True)
        rig.measure(clients, 500, _WARM_UP)
        bench.rows["20 clients x 1,000, TLS"] = rig.measure(clients, 1_000, bench.seconds)


def stuck(bench: Bench) -> None:
    """One client of 50 stops reading; it is closed after two seconds of that."""
    with bench.rig(config="SlowClientSeconds: 2\n") as rig:
        clients, _ = rig.clients(50)
        rig.measure(clients, 500, _WARM_UP)
        before = rig.measure(clients, 1_000, bench.seconds)
        clients.tell(stick=1)
        # The kernel takes some ticks for the stuck one before anybody notices.
        rig.measure(clients, 8_000, 1.0)
        after = rig.measure(clients, 1_000, max(3.0, bench.seconds))
        after["p99_before"] = before["p99"]
        after["closed"] = clients.ask(stuck=True)["closed"]
        after["grown_mib"] = (after["rss"] - before["rss"]) / 2**20
        bench.rows["49 of 50 clients, one stuck"] = after


def burst(bench: Bench) -> None:
    """20,000 instruments to one client, while ticks flow to 20 others."""
    with bench.rig() as rig:
        clients, _ = rig.clients(20)
        trader = rig.trader()
        rig.measure(clients, 500, _WARM_UP)
        trader.tell(query=True)
        row = rig.measure(clients, 500, 2.0)
        answer = trader.hear()
        began = rig.daemon.ask()["burst_began"]
        row["burst_s"], row["messages"] = answer["now"] - began, answer["messages"]
        bench.rows["20,000 instruments beside 20 x 500"] = row


def orders(bench: Bench) -> None:
    """Frame in to native call, native callback to frame out: idle, then under load.

    Each beside the plainest program, one order every 5 ms.
    """
    count, gap = int(bench.seconds * 100), 0.005
    for name, load in _WHEN:
        for who, program in (("", "bench.daemon"), (f"{_FLOOR}: ", "bench.floor")):
            with bench.rig(program=program) as rig:
                clients, _ = rig.clients(50)
                trader = rig.trader()
                trader.tell(orders=count, gap=gap)
                _beside(rig, clients, load, bench.seconds)
                sent, called = trader.hear()["times"], rig.daemon.ask()["order_times"]
                inwards = [call - start for start, call in zip(sent, called, strict=True)]
                trader.tell(returns=count, gap=gap)
                _beside(rig, clients, load, bench.seconds)
                bench.rows[f"{who}order in, {name}"] = _delays(inwards)
                bench.rows[f"{who}order return out, {name}"] = _delays(trader.hear()["delays"])


def _beside(rig: Rig, clients: Process, load: bool, seconds: float) -> None:
    if load:
        rig.measure(clients, 1_000, seconds)
    else:
        time.sleep(seconds)


def _most(bench: Bench, who: str, count: int, rates: tuple[float, ...]) -> None:
    """The highest of the rates at which no client misses a tick."""
    rows = [_steady(bench, count, rate, bench.seconds) for rate in rates]
    whole = [row for row in rows if not row["missing"]]
    if whole:
        bench.rows[f"{who}, the most without loss"] = whole[-1]


def _steady(bench: Bench, count: int, rate: float, seconds: float) -> Row:
    with bench.rig() as rig:
        clients, _ = rig.clients(count)
        rig.measure(clients, min(rate or 1_000, 1_000), _WARM_UP)
        return rig.measure(clients, rate, seconds)


def _delays(delays: list[float]) -> Row:
    ordered = sorted(delays)
    return {
        "p50": statistics.median(ordered),
        "p99": ordered[int(len(ordered) * 0.99)],
        "p999": ordered[int(len(ordered) * 0.999)],
        "max": ordered[-1],
        "delivered": len(ordered),
    }


def own(bench: Bench, clients: int, rate: float, instruments: int, *, tls: bool) -> None:
    """A load of one's own choice, beside its ceilings."""
    size, seconds = _TICK_BYTES, bench.seconds
    name = f"{clients} x {rate:,g}"
    bench.rows[f"ceiling {name}, unbatched"] = ceiling(clients, size, rate, 1, seconds)
    bench.rows[f"ceiling {name}, 32 a write"] = ceiling(clients, size, rate, 32, seconds)
    config = _certificate(bench.folder) if tls else ""
    with bench.rig(instruments=instruments, config=config) as rig:
        process, _ = rig.clients(clients, tls=tls)
        rig.measure(process, min(rate, 1_000), _WARM_UP)
        title = f"{clients} clients x {rate:,g}, {instruments} instruments{', TLS' * tls}"
        bench.rows[title] = rig.measure(process, rate, seconds)


def simulated(bench: Bench) -> None:
    """20,000 instruments of the simulated exchange, all of them watched."""
    bench.rows[_SIMULATED] = sim.measure(bench.seconds)


def _certificate(folder: str) -> str:
    """Make a certificate for localhost; gives the configuration that names it."""
    key, certificate = Path(folder) / "key.pem", Path(folder) / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return f"TLS:\n  CertFile: {certificate}\n  KeyFile: {key}\n"


ALL: dict[str, Callable[[Bench], None]] = {
    "ceilings": ceilings,
    "fifty": fifty,
    "compact": compact,
    "one": one,
    "thousand": thousand,
    "tls": tls,
    "stuck": stuck,
    "burst": burst,
    "orders": orders,
    "simulated": simulated,
}


def verdicts(rows: dict[str, Row]) -> Iterator[tuple[str, str, bool]]:
    """What must be seen: what, how it stands, whether it holds. Ratios are of one run."""
    unbatched = rows.get("ceiling 50 x 1,000, unbatched")
    batched = rows.get("ceiling 50 x 10,000, 32 a write")
    steady, most = rows.get("50 clients x 1,000"), rows.get("50 clients, the most without loss")
    if steady and unbatched:
        ratio = steady["cpu_us"] / unbatched["cpu_us"]
        yield (
            "50 x 1,000: CPU at most 1.5 x the unbatched ceiling's",
            f"{ratio:.2f} x",
            ratio <= 1.5,
        )
        yield "50 x 1,000: all delivered", f"{steady['missing']} missing", not steady["missing"]
        yield "50 x 1,000: p99 under 3 ms", _ms(steady["p99"]), steady["p99"] < 0.003
    if most and batched:
        ratio = most["cpu_us"] / batched["cpu_us"]
        rate = most["rate"]
        yield "50 clients: at least 10,000 ticks/s without loss", f"{rate:,.0f}", rate > 9_900
        yield "there: CPU at most 2.5 x the batched ceiling's", f"{ratio:.2f} x", ratio <= 2.5
    if whole := rows.get(_WHOLE):
        for name, _, _ in _COMPACT[1:]:
            ratio = rows[name]["cpu_us"] / whole["cpu_us"]
            missing = f", {rows[name]['missing']} missing" if rows[name]["missing"] else ""
            found, held = f"{ratio:.2f} x{missing}", ratio <= 1.3 and not missing
            yield f"{name}: CPU at most 1.3 x that of whole ticks", found, held
    if "1 client, flooded" in rows:
        rate = rows.get("1 client, the most without loss", {"rate": 0})["rate"]
        yield "1 client: at least 60,000 ticks/s without loss", f"{rate:,.0f}", rate > 59_000
    if row := rows.get("1,000 clients x 50"):
        yield "1,000 clients in within 5 s", f"{row['opened_s']:.1f} s", row["opened_s"] <= 5
        kib = row["kib_per_client"]
        yield "memory of an idle client under 60 KiB", f"{kib:.0f} KiB", kib < 60
        yield "1,000 x 50: all delivered", f"{row['missing']} missing", not row["missing"]
    if row := rows.get("49 of 50 clients, one stuck"):
        ratio = row["p99"] / row["p99_before"]
        yield "one stuck: the others' p99 within 1.2 x", f"{ratio:.2f} x", ratio <= 1.2
        grown = row["grown_mib"]
        yield "one stuck: it is closed as configured", f"{row['closed']} of 1", row["closed"] == 1
        yield "one stuck: memory grows by less than 16 MiB", f"{grown:.1f} MiB", grown < 16
    if row := rows.get("20,000 instruments beside 20 x 500"):
        yield "20,000 instruments in under 1 s", f"{row['burst_s']:.2f} s", row["burst_s"] < 1
        yield "meanwhile no tick later than 10 ms", _ms(row["max"]), row["max"] < 0.010
    if row := rows.get(_SIMULATED):
        rate, cores = row["rate"], row["cores"] * 10_000 / row["rate"]
        text = f"{rate:,.0f} ticks/s, {cores:.2f} cores for each 10,000"
        held = rate >= 10_000 and cores < 0.5
        yield "simulated: 10,000 ticks/s of 20,000 in under half a core", text, held
    for name in ("order in", "order return out"):
        for when, _ in _WHEN:
            if row := rows.get(f"{name}, {when}"):
                floor = rows[f"{_FLOOR}: {name}, {when}"]
                text = f"{_us(row['p50'])} ({_FLOOR}: {_us(floor['p50'])})"
                yield f"{name}, {when}: p50 under 100 µs", text, row["p50"] < 100e-6
                yield f"{name}, {when}: p99 under 3 ms", _ms(row["p99"]), row["p99"] < 0.003


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"
