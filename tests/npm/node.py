"""Run programs of JavaScript: Node.js from the machine, or from its wheel of the test extra."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PLACE: Final = HERE.parent.parent / "build" / "npm"
_PATIENCE: Final = 300.0


def find(name: str) -> str:
    """Return ``node`` or ``npm``.

    :raises AssertionError: if there is none: the test extra has the wheel that brings both.
    """
    beside = Path(sys.executable).with_name(name)
    found = shutil.which(name) or (str(beside) if beside.exists() else None)
    if found is None:
        raise AssertionError(f"{name} is missing: pip install -e '.[test]' brings it")
    return found


@cache
def packages() -> Path:
    """Install the packages of the lockfile, unless they are; return the directory."""
    lock = (HERE / "package-lock.json").read_text("utf-8")
    done = PLACE / "done"
    if not done.exists() or done.read_text("utf-8") != lock:
        PLACE.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, PLACE)
        subprocess.run(
            [find("npm"), "ci", "--ignore-scripts", "--no-fund", "--no-audit"],
            cwd=PLACE,
            check=True,
            timeout=_PATIENCE,
        )
        done.write_text(lock, "utf-8")
    return PLACE


def run(script: str, *arguments: str) -> str:
    """Run a script beside this module with the packages; return what it says."""
    where = packages()
    shutil.copy(HERE / script, where)
    done = subprocess.run(
        [find("node"), script, *arguments],
        cwd=where,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"{script} has failed: {done.stdout}{done.stderr}")
    return done.stdout
