"""``python -m bench``: the micro benchmarks, the loads, and what must be seen of them.

On loopback only; it ends by itself, in about four minutes (``--quick``: in one).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import feeder, report, scenarios

_SECONDS = 5.0
_QUICK_SECONDS = 1.5


def micro(folder: str) -> dict[str, float]:
    """Run pyperf in processes of its own; gives mean seconds by step."""
    path = Path(folder) / "micro.json"
    command = [sys.executable, "-m", "bench.micro", "--quiet", "-o", str(path)]
    command += ["--processes=3", "--values=3", "--min-time=0.05", "--inherit-environ=PYTHONPATH"]
    # pyperf's workers start elsewhere and with an empty environment.
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    subprocess.run(command, check=True, env=environment)
    benchmarks = json.loads(path.read_text())["benchmarks"]
    return {
        one["metadata"]["name"]: _mean(
            [value for run in one["runs"] for value in run.get("values", ())]
        )
        for one in benchmarks
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def micro_table(steps: dict[str, float]) -> str:
    """The steps as a Markdown table."""
    lines = ["| step | µs |", "|---|---|"]
    return "\n".join(lines + [f"| {name} | {mean * 1e6:.2f} |" for name, mean in steps.items()])


def main() -> None:
    """Run what is asked for, print the tables, write the file."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter and less exact")
    parser.add_argument("--only", help="of: micro, " + ", ".join(scenarios.ALL))
    parser.add_argument("--load", metavar="CxRxK", help="C clients, R ticks/s, K instruments")
    parser.add_argument("--tls", action="store_true", help="with --load: clients that use TLS")
    parser.add_argument("--json", default="bench.json", help="where to write the results")
    options = parser.parse_args()
    wanted = ["micro", *scenarios.ALL]
    if options.only or options.load:
        wanted = options.only.split(",") if options.only else []
    load = _load(parser, options.load) if options.load else None
    results: dict[str, Any] = {"machine": report.machine()}
    with tempfile.TemporaryDirectory() as folder:
        if "micro" in wanted:
            results["micro"] = micro(folder)
            print(micro_table(results["micro"]) + "\n", flush=True)
        seconds = _QUICK_SECONDS if options.quick else _SECONDS
        bench = scenarios.Bench(folder, feeder.build(folder), seconds, options.quick)
        for name in wanted:
            if name in scenarios.ALL:
                print(f"{name} …", file=sys.stderr, flush=True)
                scenarios.ALL[name](bench)
        if load is not None:
            scenarios.own(bench, *load, tls=options.tls)
    results["loads"] = bench.rows
    print(report.table(bench.rows) + "\n")
    verdicts = list(scenarios.verdicts(bench.rows))
    if verdicts:
        print(report.judged(verdicts))
    report.write(options.json, results)


def _load(parser: argparse.ArgumentParser, text: str) -> tuple[int, float, int]:
    """Read ``CxRxK``."""
    try:
        clients, rate, instruments = text.split("x")
        load = int(clients), float(rate), int(instruments)
    except ValueError:
        parser.error(f"--load {text}: write clients, ticks a second, instruments: 50x1000x100")
    if min(load) <= 0:
        parser.error(f"--load {text}: each of the three must be more than 0")
    return load


if __name__ == "__main__":
    try:
        main()
    except feeder.NoCompiler as problem:
        sys.exit(str(problem))
