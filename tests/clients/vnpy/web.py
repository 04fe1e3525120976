"""Which kinds of events vn.py's WebTrader tells, of this gateway and of one of vn.py's alone.

`python -m tests.clients.vnpy.web --python build/vnpy/bin/python` is a part of `make vnpy`.
WebTrader's own engine hands on five kinds, whatever the gateway: that is held against both.
"""

import argparse
import json
import sys
from typing import Any, Final

from tests.clients.python.gateways import RealGateway
from tests.clients.vnpy.interpreter import played
from tests.ports import free_port

PATIENCE: Final = 300.0
PLAIN: Final = "plain"
HANDED_ON: Final = {"eTick", "eOrder", "eTrade", "ePosition", "eAccount"}
KEPT: Final = {"eContract", "eLog"}
"""What WebTrader's engine does not register."""
FRONT: Final = "sim://?seed=7&start=2026-11-23T09:30:00&speed=30"


def web(python: str, url: str) -> dict[str, Any]:
    """Return what the program prints of a gateway."""
    ports = ",".join(str(free_port()) for _ in range(3))
    return played(python, "webtrader.py", url, ports, patience=PATIENCE)


def wrong(found: dict[str, Any]) -> list[str]:
    """Return what is not as it must be."""
    complaints = []
    if set(found["events"]) != HANDED_ON | KEPT:
        complaints.append(f"vn.py's engine was told {found['events']}")
    if set(found["ws"]) != HANDED_ON:
        complaints.append(f"/ws/ told {found['ws']}")
    complaints += [f"/{path} has nothing" for path, count in found["http"].items() if not count]
    return complaints


def main() -> int:
    """Run it with both gateways; return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True, help="an interpreter with vnpy and its apps")
    python = parser.parse_args().python
    gateway = RealGateway(front=FRONT)
    try:
        both = {"webctp": web(python, gateway.url), PLAIN: web(python, PLAIN)}
    finally:
        gateway.end()
    print(json.dumps(both, ensure_ascii=False))
    complaints = [f"{name}: {one}" for name, found in both.items() for one in wrong(found)]
    for one in complaints:
        print(one, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
