"""Run the checks on every Python at hand, with the newest and with the lowest dependencies.

`python tools/matrix.py` is what `make matrix` runs; `--short` runs only the tests that meet the
interpreter and the binding, as continuous integration does on the `--latest` of the `--others`;
`--bindings`, as `make bindings` has it, runs the offline tests on the other CTP libraries that the
configuration can name. Each cell has an environment of its own below `build/matrix`, kept for the
next time. The last line says how many passed; the exit code is 0 only when all did. A Python that
is not there is named, not counted.
"""

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PLACE: Final = ROOT / "build" / "matrix"
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
"""What setup.py lets in, as far as there are wheels of the binding."""
SHORT: Final = (
    "tests.ctp",
    "tests.upstream.session.test_api",
    "tests.testing",
    "tests.test_end_to_end",
    "tests.clients.python.protocol",
    "tests.clients.python.test_package",
)
"""Tests that meet threads, the native library and struct layouts; and the client's wheel."""
_IS: Final = "import sys; print('%d.%d' % sys.version_info[:2], sys.version.split()[0])"


@dataclass(frozen=True)
class Cell:
    """One run: a Python and a set of dependencies."""

    version: str
    python: str
    name: str
    pins: tuple[str, ...]

    @property
    def place(self) -> Path:
        """Return where its environment is."""
        return PLACE / f"python{self.version}-{self.name}"

    @property
    def run(self) -> str:
        """Return its interpreter."""
        return str(self.place / "bin" / "python")


def main(argv: list[str]) -> int:
    """Run what the command line asks for, and return the exit code."""
    options = _options(argv)
    if options.bindings:
        return bindings()
    passed = failed = 0
    for version in options.python or _versions_wanted(options):
        python = find(version)
        if python is None:
            print(f"Python {version}: not found on this machine", flush=True)
            continue
        for name, pins in _sets(options.set):
            cell = Cell(version, python, name, pins)
            good, seconds = _check(cell, options.tests or (SHORT if options.short else ("tests",)))
            passed, failed = passed + good, failed + (not good)
            print(
                f"{cell.place.name}: {'passed' if good else 'FAILED'} in {seconds:.0f} s: "
                f"{_versions(cell)}",
                flush=True,
            )
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not (passed or options.others) else 0


def _versions_wanted(options: argparse.Namespace) -> list[str]:
    """Return the versions to look for."""
    mine = f"{sys.version_info.major}.{sys.version_info.minor}"
    wanted = [one for one in PYTHONS if not (options.others and one == mine)]
    return [one for one in reversed(wanted) if find(one)][:1] if options.latest else wanted


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--short", action="store_true", help="only what meets the interpreter")
    parser.add_argument("--others", action="store_true", help="not the Python that runs this")
    parser.add_argument("--latest", action="store_true", help="of them the newest that is found")
    parser.add_argument(
        "--bindings", action="store_true", help="the offline tests on every other CTP library"
    )
    parser.add_argument("--python", action="append", metavar="3.13", help="only this version")
    parser.add_argument("--set", action="append", choices=("newest", "lowest"))
    parser.add_argument("tests", nargs="*", help="test modules in place of all")
    return parser.parse_args(argv)


def find(version: str) -> str | None:
    """Return an interpreter of a version, None where there is none that runs."""
    candidates = [f"python{version}", "python3", sys.executable]
    root = os.environ.get("PYENV_ROOT")
    if root:
        found = sorted(Path(root, "versions").glob(f"{version}.*/bin/python"))
        candidates += [str(one) for one in found]
    for candidate in candidates:
        path = shutil.which(candidate)
        if path is None:
            continue
        asked = subprocess.run([path, "-c", _IS], capture_output=True, text=True, check=False)
        if asked.returncode == 0 and asked.stdout.split()[0] == version:
            return path
    return None


def _sets(wanted: list[str] | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the sets of dependencies: as pip finds them, and the lowest that setup.py allows."""
    lowest = tuple(one.replace(">=", "==") for one in required())
    for name, pins in (("newest", ()), ("lowest", lowest)):
        if wanted is None or name in wanted:
            yield name, pins


def required() -> list[str]:
    """Return the install_requires that setup.py states, without running it."""
    tree = ast.parse((ROOT / "setup.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "install_requires":
            stated: list[str] = ast.literal_eval(node.value)
            return stated
    raise RuntimeError("setup.py states no install_requires")


def _check(cell: Cell, tests: tuple[str, ...] | list[str]) -> tuple[bool, float]:
    """Make a cell's environment and run its tests; give whether all passed, and the seconds."""
    began = time.monotonic()
    print(f"== {cell.place.name}", flush=True)
    if not Path(cell.run).exists():
        _run([cell.python, "-m", "venv", str(cell.place)])
    pip = [cell.run, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    _run([*pip, *cell.pins, "-e", f"{ROOT}[test]"])
    _run([*pip, "--no-deps", "vnpy==4.5.0"])  # as tools/venv.sh: the core alone
    temp = f"--temp-directory={cell.place / 'trial'}"
    done = subprocess.run(
        [cell.run, "-m", "twisted.trial", "--reporter=text", temp, *tests],
        cwd=ROOT,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.returncode == 0, time.monotonic() - began


def bindings() -> int:
    """Install the other bindings into an environment, run their tests, return the exit code."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    cell = Cell(version, sys.executable, "bindings", ())
    if not Path(cell.run).exists():
        _run([cell.python, "-m", "venv", str(cell.place)])
    pip = [cell.run, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    _run([*pip, "-e", f"{ROOT}[test,tts,ctpopt]"])
    temp = f"--temp-directory={cell.place / 'trial'}"
    tests = "tests.ctp.test_binding"
    done = subprocess.run([cell.run, "-m", "twisted.trial", temp, tests], cwd=ROOT, check=False)
    return done.returncode


def _versions(cell: Cell) -> str:
    """Return what the cell ran on."""
    listed = subprocess.run(
        [cell.run, "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True
    )
    have = {
        one["name"].lower().replace("_", "-"): one["version"] for one in json.loads(listed.stdout)
    }
    names = [one.partition(">=")[0].lower() for one in required()]
    python = subprocess.run([cell.run, "-c", _IS], capture_output=True, text=True, check=True)
    told = [f"Python {python.stdout.split()[1]}", *(f"{one} {have[one]}" for one in names)]
    return ", ".join(told)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
