"""``python -m tests.chaos``: replay one schedule with its trace, or hunt through many.

With ``--restarts`` the same of the stories of daemons that are killed, with ``--conditionals`` of
those whose conditional orders are to be sent once.
"""

import argparse
import faulthandler
import os
import sys
from pathlib import Path
from random import randrange
from time import monotonic, process_time
from typing import Final, NoReturn

from tests.chaos.plan import Plan
from tests.chaos.schedule import run

_STUCK: Final = 500.0


def main() -> int:
    """Run what the command line asks for; the exit code is 0 if everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the schedule, or the first")
    parser.add_argument("--story", type=int, metavar="SEED", help="play one story, with its trace")
    parser.add_argument("--stories", type=int, metavar="N", help="play so many stories")
    parser.add_argument("--kind", action="append", default=[], help="stories of this kind only")
    parser.add_argument("--jobs", type=int, default=0, help="stories at a time")
    parser.add_argument("--traces", help="a directory for the traces of those that fail")
    parser.add_argument("--json", action="store_true", help="say how it went as a line of JSON")
    parser.add_argument("--count", type=int, default=1, help="how many, one seed after another")
    parser.add_argument(
        "--restarts", action="store_true", help="tell stories of killed daemons instead"
    )
    parser.add_argument(
        "--conditionals", action="store_true", help="the same with conditional orders"
    )
    arguments = parser.parse_args()
    if arguments.restarts:
        _tell(arguments.seed, arguments.count, "CHAOS_STORIES", "tests.chaos.test_restarts")
    if arguments.conditionals:
        module = "tests.chaos.test_conditionals"
        _tell(arguments.seed, arguments.count, "CHAOS_CONDITIONALS", module)
    if arguments.story is not None:
        return _play(arguments.story, as_json=arguments.json)
    if arguments.stories is not None:
        first = arguments.seed or randrange(10**9)
        return _hunt(first, arguments.stories, arguments.kind, arguments.jobs, arguments.traces)
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


def _play(seed: int, *, as_json: bool) -> int:
    """Play one story; the trace goes to the standard error if somebody else reads the outcome."""
    import msgspec

    from tests.chaos.stories.plan import StoryPlan
    from tests.chaos.stories.story import play

    # Where it stands, should it never end.
    faulthandler.dump_traceback_later(_STUCK)
    outcome, trace = play(seed)
    if outcome.violation or not as_json:
        print(StoryPlan.of(seed), *trace, sep="\n", file=sys.stderr if as_json else sys.stdout)
    print(
        msgspec.json.encode(outcome).decode() if as_json else outcome.violation or "everything held"
    )
    return 1 if outcome.violation else 0


def _hunt(first: int, many: int, kinds: list[str], jobs: int, traces: str | None) -> int:
    """Play many stories, with a line for each, and a summary by kind."""
    from tests.chaos.stories import runner
    from tests.chaos.stories.story import Outcome

    started = monotonic()
    done = failed = 0

    def told(outcome: Outcome, trace: str) -> None:
        nonlocal done, failed
        done += 1
        failed += bool(outcome.violation)
        gone = monotonic() - started
        line = f"{done}/{many} stories, {failed} failed, {gone:.0f} s"
        if not outcome.violation:
            print(f"\r{line}  {outcome.seed} {outcome.kind:<12}", end="", flush=True)
            return
        print(f"\r{outcome.seed} {outcome.kind}: {outcome.violation}")
        print(f"  play it again: python -m tests.chaos --story {outcome.seed}")
        print(line, end="", flush=True)
        if traces is not None:
            Path(traces).mkdir(parents=True, exist_ok=True)
            Path(traces, str(outcome.seed)).write_text(trace)

    print(f"{many} stories from seed {first} on", flush=True)
    summary = runner.run(runner.seeds(first, many, kinds), jobs or runner.JOBS, told)
    print("", *summary.lines(), sep="\n")
    return 1 if summary.failed else 0


def _tell(first: int, count: int, named: str, module: str) -> NoReturn:
    """Become the runner of tests: stories need a reactor that runs."""
    os.environ |= {"CHAOS_FIRST": str(first), named: str(count)}
    trial = ["-m", "twisted.trial", "--temp-directory=.trial", module]
    os.execv(sys.executable, [sys.executable, *trial])


if __name__ == "__main__":
    sys.exit(main())
