"""What checks and counters cost an order of a whole daemon, ``python -m bench.checkedorders``.

Daemons that differ in their configuration alone stand beside each other in one run: with nothing,
with five usual checks, with every check and the counters. The same client's orders go to each in
turn, in two ways: by themselves (from the client's send to the native call), and 20 in a row (from
the first one's send to the last one's native call, an order; and the daemon's processor time).
``python -m bench.risk`` takes the part of that way apart which lies within the gateway.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench import feeder, report
from bench.rig import Process, Rig

_FIVE: Final = """Risk:
  MaxOrderVolume: 100
  MaxOrderValue: 1000000000
  PriceTick: true
  PriceBandPercent: 100
  SelfTrade: refuse
"""
_ALL: Final = """Risk:
  MaxOrderVolume: 100
  MaxOrderValue: 1000000000
  PriceTick: true
  PriceBandTicks: 1000000
  PriceBandPercent: 100
  Instruments: ["*"]
  Offsets: [Open, Close, CloseToday, CloseYesterday]
  MaxWorkingOrders: 1000000
  MaxOrdersPerSecond: 4000
  MaxOrdersPerDay: 1000000000
  DuplicateSeconds: 0.001
  SelfTrade: refuse
  MaxPosition: 1000000
Compliance:
  MaxOrdersInSecond: 1000000
"""
CASES: Final[Mapping[str, str]] = {
    "nothing configured": "",
    "five checks": _FIVE,
    "all checks and counters": _ALL,
}
_ROW: Final = 20
"""Orders in a row."""
_APART: Final = 0.002
"""Seconds between orders that come by themselves."""
_PATIENCE: Final = 5.0
"""Seconds that a row may take."""
_READY: Final = 4.0
"""Seconds in which positions have been asked for: queries go once a second."""


@dataclass
class Case:
    """A daemon, its client, and what was measured."""

    rig: Rig
    trader: Process
    apart: list[float] = field(default_factory=list)
    """Seconds on the way of each order that came by itself."""
    in_row: list[float] = field(default_factory=list)
    """Seconds that each row took, an order."""
    processor: list[float] = field(default_factory=list)
    """Seconds of processor time that each row took, an order."""

    def one_by_one(self) -> None:
        """Send orders that have the daemon for themselves."""
        sent, called = self._send(_APART)
        self.apart += [call - start for start, call in zip(sent, called, strict=True)]

    def row(self) -> None:
        """Send orders as fast as the socket takes them."""
        before = self.rig.daemon.cost()["cpu"]
        sent, called = self._send(0.0)
        self.in_row.append((called[-1] - sent[0]) / _ROW)
        self.processor.append((self.rig.daemon.cost()["cpu"] - before) / _ROW)

    def _send(self, gap: float) -> tuple[list[float], list[float]]:
        """Send a row of orders, and return when each was sent and when it was called."""
        sent = self.trader.ask(orders=_ROW, gap=gap)["times"]
        called: list[float] = []
        end = time.monotonic() + _PATIENCE
        while len(called) < len(sent) and time.monotonic() < end:
            time.sleep(_APART)
            called += self.rig.daemon.ask()["order_times"]
        if len(called) != len(sent):
            raise SystemExit(f"{len(sent)} orders were sent, and {len(called)} came to the front")
        return sent, called


def measure(rounds: int) -> dict[str, Case]:
    """Send the same orders to every case, in turn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        library = feeder.build(str(folder))
        cases = {
            name: _case(stack, folder / str(number), library, config)
            for number, (name, config) in enumerate(CASES.items())
        }
        time.sleep(_READY)
        order = list(cases.values())
        for number in range(rounds):
            at = number % len(order)
            for case in order[at:] + order[:at]:
                case.one_by_one()
                case.row()
        return cases


def _case(stack: ExitStack, folder: Path, library: str, config: str) -> Case:
    folder.mkdir()
    rig = stack.enter_context(Rig(str(folder), library, instruments=1, config=config))
    rig.clients(1)
    rig.feed.at_rate(100, 0.1)  # the last price, which a check needs
    return Case(rig, rig.trader())


def table(cases: Mapping[str, Case]) -> str:
    """Return the medians in microseconds, and what each case adds to the first, as Markdown."""
    lines = [
        "| an order's way in | by itself, p50 µs | | in a row, p50 µs | | processor, µs | |",
        "|---|---|---|---|---|---|---|",
    ]
    floor = _figures(next(iter(cases.values())))
    for name, case in cases.items():
        cells = (
            f"{found * 1e6:.1f} | {100 * (found / least - 1):+.1f} %"
            for found, least in zip(_figures(case), floor, strict=True)
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _figures(case: Case) -> tuple[float, float, float]:
    return (
        statistics.median(case.apart),
        statistics.median(case.in_row),
        statistics.mean(case.processor),
    )


def main() -> None:
    """Measure, print the table, write the file."""
    parser = argparse.ArgumentParser(prog="python -m bench.checkedorders", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--json", default="bench-checkedorders.json")
    options = parser.parse_args()
    cases = measure(options.rounds)
    print(table(cases))
    found: dict[str, Any] = {
        name: {"apart": case.apart, "in a row": case.in_row, "processor": case.processor}
        for name, case in cases.items()
    }
    report.write(options.json, {"machine": report.machine(), "seconds": found})


if __name__ == "__main__":
    main()
