"""``python -m tests.chaos``: replay one schedule with its trace, or hunt through many.

With ``--restarts`` the same of the stories of daemons that are killed.
"""

import argparse
import os
import sys
from time import process_time
from typing import NoReturn

from tests.chaos.plan import Plan
from tests.chaos.schedule import run


def main() -> int:
    """Run what the command line asks for; the exit code is 0 if everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="the schedule, or the first")
    parser.add_argument("--count", type=int, default=1, help="how many, one seed after another")
    parser.add_argument(
        "--restarts", action="store_true", help="tell stories of killed daemons instead"
    )
    arguments = parser.parse_args()
    if arguments.restarts:
        _tell(arguments.seed, arguments.count)
    failed = 0
    start = process_time()
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        violation, trace = run(seed)
        if arguments.count == 1:
            print(Plan.of(seed))
            print("\n".join(trace))
        if violation:
            failed += 1
            print(f"seed {seed}: {violation}", flush=True)
        elif arguments.count == 1:
            print("everything held")
    if arguments.count > 1:
        print(f"{arguments.count} schedules, {failed} failed, {process_time() - start:.1f} s CPU")
    return 1 if failed else 0


def _tell(first: int, count: int) -> NoReturn:
    """Become the runner of tests: stories need a reactor that runs."""
    os.environ |= {"CHAOS_FIRST": str(first), "CHAOS_STORIES": str(count)}
    trial = ["-m", "twisted.trial", "--temp-directory=.trial", "tests.chaos.test_restarts"]
    os.execv(sys.executable, [sys.executable, *trial])


if __name__ == "__main__":
    sys.exit(main())
