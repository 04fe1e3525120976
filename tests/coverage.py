"""`make coverage`: which lines of each module the tests of one process reach.

`python -m tests.coverage [TEST…]` runs trial under coverage, without the tests that start processes
(they would show nothing here), and prints each module under :data:`WANTED` percent, and the sum.
What is under it and not named in :data:`REASONS` fails; so does what is named and is above.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests import quick

ROOT: Final = Path(__file__).resolve().parent.parent
WANTED: Final = 90.0
"""Percent of a module's lines."""

REASONS: Final[dict[str, str]] = {
    "webctp/__main__.py": "runs in processes of its own: tests.test_main",
    "webctp/commands/doctor/": "runs in processes of its own: tests.commands.test_doctor",
    "webctp/commands/journal.py": "runs in processes of its own: tests.commands.test_journal",
    "webctp/coredump.py": "sets limits of a whole process: tests.test_coredump",
    "webctp/nativeoutput.py": "owns the process's output: tests.test_nativeoutput",
    "webctp/signals.py": "handles signals of a process: tests.test_signals",
    "webctp/sim/__main__.py": "runs in processes of its own: tests.sim.test_main",
    "webctp/sim/main.py": "runs in processes of its own: tests.sim.test_main",
    "webctp/start.py": "ends processes: tests.test_start",
    "webctp/tap.py": "runs in processes of its own: tests.test_tap",
    "webctp/testing/threaded.py": "its reactor needs a process: tests.testing.test_threaded",
}
"""Modules and rooms that may be under it, each with the reason and where they are tested."""


def judged(found: Mapping[str, float], reasons: Mapping[str, str] = REASONS) -> list[str]:
    """Return a line for each module that is not as it should be.

    :param found: percent by path.
    """
    wrong = []
    for path, percent in sorted(found.items()):
        excused = any(path.startswith(one) for one in reasons)
        if percent < WANTED and not excused:
            wrong.append(f"{path}: {percent:.1f} %: test it, or name it in tests/coverage.py")
        elif percent >= WANTED and path in reasons:
            wrong.append(f"{path}: {percent:.1f} %: take it out of tests/coverage.py")
    gone = [one for one in reasons if not any(path.startswith(one) for path in found)]
    wrong += [f"{path}: there is none" for path in sorted(gone)]
    return wrong


def tests() -> list[str]:
    """Return the test modules of one process: quick ones, and long ones."""
    return [
        name
        for name in quick.MODULES
        if name.rpartition(".")[2].startswith("test_")
        and (name in quick.LONG or not quick.why_not(name))
    ]


def main(argv: Sequence[str]) -> int:
    """Run the tests, print what they reach, and return the exit code."""
    report = ROOT / "build" / "coverage.json"
    report.parent.mkdir(exist_ok=True)
    data = f"--data-file={report.with_suffix('.data')}"
    run = [sys.executable, "-m", "coverage"]
    trial = ["-m", "twisted.trial", "--temp-directory=.trial-coverage", *(argv or tests())]
    code = subprocess.run([*run, "run", data, "--source=webctp", *trial], cwd=ROOT).returncode
    subprocess.run([*run, "json", data, "-q", "-o", str(report)], cwd=ROOT, check=True)
    read = json.loads(report.read_text("utf-8"))
    found = {path: one["summary"]["percent_covered"] for path, one in read["files"].items()}
    for path, percent in sorted(found.items(), key=lambda one: one[1]):
        if percent < WANTED:
            print(f"{percent:5.1f} %  {path}  {REASONS.get(path, '')}")
    print(f"{read['totals']['percent_covered']:5.1f} %  of all lines; {report}")
    wrong = [] if argv else judged(found)
    print("\n".join(wrong))
    return code or (1 if wrong else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
