"""`make coverage`: which lines of each module the tests reach, in whatever process.

`python -m tests.coverage [TEST…]` runs trial under coverage.py, which goes on in every Python that
a test starts; what is killed outright takes its lines with it. It prints each module under
:data:`WANTED` percent, and the sum. What is under it and not named in :data:`REASONS` fails; so
does what is named and is above.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests import quick

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "build" / "coverage"
WANTED: Final = 90.0
"""Percent of a module's lines."""

LEFT_OUT: Final = ("tests.chaos.stories.", "tests.chaos.test_restarts", "tests.hostile.")
"""What kills daemons, or floods them: slow, and of no use here."""

SCHEDULES: Final = "40"
"""Random schedules of faults that are played; more reach nothing else."""

REASONS: Final[dict[str, str]] = {
    "webctp/commands/docs/__init__.py": "rewrites the project's pages: `make docs`; what it calls "
    "is tested in tests.commands.docs",
    "webctp/coredump.py": "a kernel that forbids prctl is not at hand",
    "webctp/ctp/threads.py": "runs in threads of the CTP library, which are not traced",
    "webctp/nativeoutput.py": "a process that ends with its daemon, untraced: "
    "tests.test_nativeoutput",
}
"""Modules and rooms that may be under it, each with the reason and where they are tested."""

SETTINGS: Final = f"""[run]
source_pkgs = webctp
data_file = {FOLDER}/data
parallel = true
patch = subprocess, _exit
sigterm = true
concurrency = thread
disable_warnings = no-data-collected, module-not-measured, already-imported
"""


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
    """Return the test modules whose lines are counted."""
    return [
        name
        for name in quick.MODULES
        if name.rpartition(".")[2].startswith("test_") and not name.startswith(LEFT_OUT)
    ]


def main(argv: Sequence[str]) -> int:
    """Run the tests, print what they reach, and return the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("data*"):
        old.unlink()
    settings = FOLDER / "settings"
    settings.write_text(SETTINGS)
    report = FOLDER / "report.json"
    trial = [
        "-m",
        "twisted.trial",
        "--jobs=2",
        "--temp-directory=.trial-coverage",
        *(argv or tests()),
    ]
    code = _coverage("run", settings, *trial)
    _coverage("combine", settings, "-q")
    _coverage("json", settings, "-q", "-o", str(report))
    read = json.loads(report.read_text("utf-8"))
    found = {path: one["summary"]["percent_covered"] for path, one in read["files"].items()}
    for path, percent in sorted(found.items(), key=lambda one: one[1]):
        if percent < WANTED:
            print(f"{percent:5.1f} %  {path}  {REASONS.get(path, '')}")
    print(f"{read['totals']['percent_covered']:5.1f} %  of all lines; {report}")
    wrong = [] if argv else judged(found)
    print("\n".join(wrong))
    return code or (1 if wrong else 0)


def _coverage(command: str, settings: Path, *arguments: str) -> int:
    """Run coverage.py in the project's folder; gives its exit code."""
    program = [sys.executable, "-m", "coverage", command, f"--rcfile={settings}", *arguments]
    environment = {**os.environ, "CHAOS_SCHEDULES": SCHEDULES}
    return subprocess.run(program, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
