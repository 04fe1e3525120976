"""A whole simulated day of a vn.py program on a real daemon: `make vnpy`.

`python -m tests.clients.vnpy.day --python build/vnpy/bin/python` trades with vn.py's own
DoubleMaStrategy from the night's opening to the close, its recorder and risk manager beside it. The
gateway is killed (SIGKILL) and started again at bars at which the strategy holds orders. At the end
vn.py's orders, trades, positions and money are compared with fresh queries, and its orders with
those that the strategy has sent.
"""

import argparse
import json
import sys
from typing import Any, Final

from tests.clients.python.gateways import RealGateway
from tests.clients.vnpy.interpreter import played

PATIENCE: Final = 2400
KILL: Final = "kill"
"""The line by which the program has the gateway killed."""


def day(python: str, speed: int, start: str, last: str) -> dict[str, Any]:
    """Return what the program prints of its day.

    :param python: an interpreter that has vnpy and its apps.
    :param last: the market's time at which the strategy is stopped.
    """
    front = f"sim://?seed=7&clock=calendar&start={start}&speed={speed}"
    gateway = RealGateway(front=front, apart=True)
    kills = 0

    def told(line: str) -> None:
        nonlocal kills
        if line == KILL:
            kills += 1
            gateway.kill()
            gateway.start()

    try:
        found = played(python, "program.py", gateway.url, last, patience=PATIENCE, told=told)
    finally:
        gateway.end()
    return {**found, "kills": kills}


def wrong(found: dict[str, Any]) -> list[str]:
    """Return what of a day is not as it must be."""
    complaints = [f"{kind} differ: {both}" for kind, both in found["differences"].items()]
    needed = ("orders", "trades", "ticks recorded", "bars recorded", "kills")
    complaints += [f"no {kind}" for kind in needed if not found[kind]]
    complaints += [
        f"{kind}: {found[kind]}" for kind in ("strange orders", "lost orders") if found[kind]
    ]
    if not found["refused by risk"]:
        complaints.append("the risk manager let an order of 100,000 lots pass")
    return complaints


def main() -> int:
    """Run a day; return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True, help="an interpreter with vnpy and its apps")
    parser.add_argument("--speed", type=int, default=120, help="market seconds in a second")
    parser.add_argument("--start", default="2026-11-23T20:59:00", help="the market's time")
    parser.add_argument("--last", default="14:59", help="when the strategy is stopped")
    options = parser.parse_args()
    found = day(options.python, options.speed, options.start, options.last)
    print(json.dumps(found, ensure_ascii=False))
    complaints = wrong(found)
    for one in complaints:
        print(one, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
