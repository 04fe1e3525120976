"""`python -m tests.upgrade`: restart the shipped unit under load, and say what came of it.

Needs root and systemd. Exit code 0 if clients, journal and front agree, 1 if not.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.internet.task import react

from tests.booted import MISSING
from tests.upgrade.proof import Findings, Proof


async def prove(folder: Path, clients: int, restarts: int) -> Findings:
    """Run a proof in a new folder."""
    made = Proof(folder, clients)
    try:
        await made.start()
        return await made.restarted(restarts, between=5.0)
    finally:
        made.end()


def main() -> int:
    """Run it, and print what it has found."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--restarts", type=int, default=3)
    asked = parser.parse_args()
    if MISSING:
        print(f"tests.upgrade: {MISSING}", file=sys.stderr)
        return 1
    results: list[Findings] = []

    async def run(_: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="webctp-") as folder:
            results.append(await prove(Path(folder) / "m", asked.clients, asked.restarts))

    try:
        react(lambda reactor: ensureDeferred(run(reactor)))
    except SystemExit as ended:
        if ended.code:
            return 1
    (found,) = results
    took = ", ".join(f"{seconds:.1f}" for seconds in found.seconds)
    print(f"{found.clients} clients, {found.restarts} restarts ({took} s each)")
    print(f"{found.orders} orders told of, {found.executed} at the front")
    print(f"connections closed with {dict(found.closed_with)}")
    print(*(found.wrong or ["nothing refused, lost or doubled"]), sep="\n")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
