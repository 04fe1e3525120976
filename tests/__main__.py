"""`python -m tests`: every check of the project, counted together.

trial over `tests/`, ruff's rules, ruff's format and mypy --strict; each of the last three counts
as one check. Each says when it begins and how it ended, trial every few seconds how far it is. The
last line is `N passed, N failed`, and the exit code is 0 only when nothing failed.
`python -m tests lint` leaves trial out; other arguments are tests to run alone, such as
`tests.sim.market.test_market`, without ruff and mypy.
"""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests import offspring
from tests.progress import Progress

ROOT = Path(__file__).resolve().parent.parent
JOBS = 2  # test processes; the tests wait on sockets and children more than they compute

LINT = {
    "ruff": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy --strict": ["-m", "mypy", "--strict"],
}
TRIAL = ["-m", "twisted.trial", f"--jobs={JOBS}", "--temp-directory=.trial"]
PATIENCE = 10.0
"""Seconds that tests which were interrupted have to stop what they started."""

_SUMMARY = re.compile(r"(PASSED|FAILED)(?: \((.*)\))?")


@dataclass(frozen=True)
class Count:
    """How many checks passed, failed and were left out."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )


def main(argv: Sequence[str]) -> int:
    """Run the checks, say how they went, and return the exit code.

    Ctrl-C ends whatever the checks have started.
    """
    wrong = [one for one in argv if one.startswith("-")]
    if wrong:
        print(__doc__)
        return 0 if wrong[0] in ("-h", "--help") else 2
    offspring.adopt()
    try:
        return run(argv)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        offspring.end(PATIENCE)
        print("interrupted", file=sys.stderr)
        return 128 + signal.SIGINT


def run(argv: Sequence[str]) -> int:
    """Run the checks, or those that are named; return the exit code."""
    stages: list[tuple[str, Callable[[], Count]]] = []
    if "lint" not in argv:
        stages.append(("trial", partial(trial, list(argv) or ["tests"])))
    if not argv or "lint" in argv:
        stages += [(name, partial(check, arguments)) for name, arguments in LINT.items()]
    total = Count()
    for number, (name, stage) in enumerate(stages, 1):
        begun = time.monotonic()
        print(f"== {number} of {len(stages)}: {name}", flush=True)
        count = stage()
        outcome = f"{count.failed} failed" if count.failed else "passed"
        print(f"== {name}: {outcome}, {time.monotonic() - begun:.0f} s", flush=True)
        total += count
    if total.skipped:
        print(f"{total.skipped} skipped")
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


def check(arguments: Sequence[str]) -> Count:
    """Run one tool over the project: one check, failed when its exit code says so."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False)
    return Count(failed=1) if done.returncode else Count(passed=1)


def trial(names: Sequence[str]) -> Count:
    """Run tests, showing how far they are as they go, and count them."""
    # Unbuffered: into a pipe Python would write thousands of lines at once.
    command = [sys.executable, "-u", *TRIAL, *names]
    progress = Progress(partial(print, flush=True), time.monotonic)
    summary = ""
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            progress.line(line.rstrip("\n"))
            if _SUMMARY.fullmatch(line.strip()):
                summary = line.strip()
    return counted(summary, process.returncode)


def counted(summary: str, code: int) -> Count:
    """Return the count in trial's last line, such as `FAILED (failures=1, successes=2)`.

    A run that ended without one, ran no test, or ended badly without naming a failure, failed.
    """
    numbers = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", summary)}
    count = Count(
        passed=numbers.get("successes", 0) + numbers.get("expectedFailures", 0),
        failed=sum(numbers.get(name, 0) for name in ("failures", "errors", "unexpectedSuccesses")),
        skipped=numbers.get("skips", 0),
    )
    if not count.failed and (code or not count.passed):
        return count + Count(failed=1)
    return count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
