"""A whole simulated day of a vn.py program on a real daemon: `make vnpy`.

`python -m tests.clients.vnpy.day --python build/vnpy/bin/python` trades with vn.py's own
DoubleMaStrategy from the night's opening to the close, its recorder and risk manager beside it, and
compares vn.py's orders, trades, positions and money with fresh queries.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from tests import clients
from tests.clients.python.gateways import RealGateway

PATIENCE: Final = 1800
PROGRAM: Final = Path(__file__).with_name("program.py")


def day(python: str, speed: int, start: str, last: str) -> dict[str, Any]:
    """Return what the program prints of its day.

    :param python: an interpreter that has vnpy and its apps.
    :param last: the market's time at which the strategy is stopped.
    """
    front = f"sim://?seed=7&clock=calendar&start={start}&speed={speed}"
    gateway = RealGateway(front=front)
    try:
        with tempfile.TemporaryDirectory(prefix="vnpy-") as home:
            Path(home, ".vntrader").mkdir()
            done = subprocess.run(
                [os.path.abspath(python), str(PROGRAM), gateway.url, last],
                cwd=home,
                env={
                    **os.environ,
                    "HOME": home,
                    "USERPROFILE": home,
                    "PYTHONPATH": os.pathsep.join(map(str, (clients.PYTHON, clients.VNPY))),
                    "PYTHONUTF8": "1",
                },
                stdout=subprocess.PIPE,
                text=True,
                check=True,
                timeout=PATIENCE,
            )
    finally:
        gateway.end()
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def wrong(found: dict[str, Any]) -> list[str]:
    """Return what of a day is not as it must be."""
    complaints = [f"{kind} differ: {both}" for kind, both in found["differences"].items()]
    complaints += [
        f"no {kind}" for kind in ("orders", "trades", "ticks recorded") if not found[kind]
    ]
    if not found["refused by risk"]:
        complaints.append("the risk manager let an order of 100,000 lots pass")
    return complaints


def main() -> int:
    """Run a day; return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True, help="an interpreter with vnpy and its apps")
    parser.add_argument("--speed", type=int, default=300, help="market seconds in a second")
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
