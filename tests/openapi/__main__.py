"""Random requests made from the served `openapi.yaml`: `make schemathesis`.

`python -m tests.openapi --schemathesis build/schemathesis/bin/schemathesis` starts a daemon on the
simulated exchange and lets schemathesis send it whatever the description allows, and what it does
not. Every answer must be what the description says; none may be a fault of the gateway's (5xx).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from tests.clients.python.gateways import RealGateway

HOOKS: Final = Path(__file__).with_name("hooks.py")
CHECKS: Final = "not_a_server_error,content_type_conformance,response_schema_conformance"
STREAMS: Final = "^/md/ticks$"
"""A stream has no end, and schemathesis reads answers to theirs."""
_SETTINGS: Final = """
MessageRate: 0
LoginRefusals: 5
LoginRefusalWindow: 1
"""


def send(schemathesis: str, cases: int, seed: int, only: str) -> tuple[int, Counter[int]]:
    """Send random requests; return schemathesis' exit code and how often each status came.

    :param cases: how many for each operation, at most.
    :param only: operations whose path has this, as a regular expression.
    """
    gateway = RealGateway(more=_SETTINGS)
    url = f"http://127.0.0.1:{gateway.port}"
    try:
        with tempfile.TemporaryDirectory(prefix="schemathesis-") as folder:
            count = Path(folder, "count.json")
            done = subprocess.run(
                [
                    os.path.abspath(schemathesis),
                    *("run", f"{url}/openapi.yaml", "--checks", CHECKS),
                    *("--phases", "examples,coverage,fuzzing", "--continue-on-failure"),
                    *("--max-examples", str(cases), "--seed", str(seed), "--workers", "4"),
                    *("--exclude-path-regex", STREAMS, "--include-path-regex", only),
                    *("--suppress-health-check", "all", "--request-timeout", "180"),
                ],
                cwd=folder,
                env={
                    **os.environ,
                    "SCHEMATHESIS_HOOKS": HOOKS.stem,
                    "PYTHONPATH": str(HOOKS.parent),
                    "WEBCTP_URL": url,
                    "WEBCTP_COUNT": str(count),
                },
            )
            told = json.loads(count.read_text("utf-8")) if count.exists() else {}
    finally:
        gateway.end()
    return done.returncode, Counter({int(status): times for status, times in told.items()})


def wrong(code: int, statuses: Counter[int], least: int) -> list[str]:
    """Return what of a run is not as it must be."""
    complaints = [f"schemathesis ended with {code}"] if code else []
    faults = {status: times for status, times in statuses.items() if status >= 500}
    complaints += [f"{times} answers with {status}" for status, times in sorted(faults.items())]
    if statuses.total() < least:
        complaints.append(f"{statuses.total()} requests, fewer than {least}")
    if not statuses[200]:
        complaints.append("nothing was answered with 200")
    return complaints


def main() -> int:
    """Send random requests; return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schemathesis", required=True, help="its command")
    parser.add_argument("--each", type=int, default=70, help="requests for each operation, at most")
    parser.add_argument("--least", type=int, default=10_000, help="requests in all, at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="operations whose path has this (regex)")
    options = parser.parse_args()
    code, statuses = send(options.schemathesis, options.each, options.seed, options.only)
    print(f"{statuses.total()} requests:", dict(sorted(statuses.items())))
    complaints = wrong(code, statuses, options.least)
    for one in complaints:
        print(one, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
