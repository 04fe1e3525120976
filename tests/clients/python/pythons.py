"""The client's wheel on every Python at hand, in environments with nothing of ours beside it.

`python -m tests.clients.python.pythons` is what `make clients` runs: the wheel and what it needs
from the package index; three lines to a tick, and docs/quickstart.md from end to end: its programs,
the strategy, its command lines. On one of the Pythons also pandas, polars and pyright. Environments
are below `build/clients`, made anew each time. A Python that is not there is named, not counted.
`--short`, as continuous integration has it, takes the oldest and the one that runs this:
tools/matrix.py takes the wheel to the others.
"""

import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.clients.python import quickstart
from tests.clients.python.gateways import MORNING, ready
from tests.clients.python.test_documents import ROOT
from tests.clients.python.test_package import THREE_LINES, run, wheel_of
from tests.clients.python.typed import by_pyright, marked
from webctp_client import structs

PLACE: Final = ROOT / "build" / "clients"
PYTHONS: Final = ("3.10", "3.11", "3.12", "3.13")
_find: Final = runpy.run_path(str(ROOT / "tools" / "matrix.py"))["find"]
_PATIENCE: Final = 600
_NOTHING: Final = (
    "import importlib.util as u; print([n for n in ('webctp', 'twisted', 'openctp_ctp')"
    " if u.find_spec(n)])"
)
_FRAMES: Final = """
import pandas, polars, sys
from itertools import islice
from webctp_client import connect, to_dataframe
with connect(sys.argv[1], "frames", "pass") as client:
    ticks = list(islice(client.ticks("rb????"), 50))
    rows = client.ReqQryInstrument(ProductID="rb")
for name, kind in (("pandas", pandas.DataFrame), ("polars", polars.DataFrame)):
    frame, table = to_dataframe(ticks, name), to_dataframe(rows, name)
    assert type(frame) is kind and frame.shape[0] == 50, (name, frame)
    assert list(frame["LastPrice"]) == [tick.LastPrice for tick in ticks], name
    assert list(table["InstrumentName"]) == [row.InstrumentName for row in rows], name
    assert str(frame["Volume"].dtype).lower() == "int64", frame["Volume"].dtype
    assert str(frame["LastPrice"].dtype).lower() == "float64", frame["LastPrice"].dtype
    none = to_dataframe([], name)
    assert none.shape == (0, 0), none
    print(name, frame.shape)
assert type(to_dataframe(ticks)) is pandas.DataFrame
"""
"""Frames of both libraries: the values, the types of columns, none of no rows."""


def environment(python: str, place: Path, wheel: Path, *packages: str) -> Path:
    """Make an environment with the wheel and what it needs; return its interpreter."""
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    run(python, "-m", "venv", place, cwd=ROOT)
    made = place / "bin" / "python"
    # With this process's variables: a mirror may stand in one.
    pip = [str(made), "-m", "pip", "--disable-pip-version-check", "install", "-q", str(wheel)]
    subprocess.run([*pip, *packages], check=True, timeout=_PATIENCE)
    return made


def check(python: Path, url: str) -> None:
    """See that the wheel does on a Python what it promises.

    :raises AssertionError: with what was said, if it does not.
    """
    beside = run(python, "-c", _NOTHING, cwd=PLACE)
    assert beside == "[]\n", f"there is more of ours than the wheel: {beside}"
    tick = run(python, "-c", THREE_LINES.format(url=url), cwd=PLACE)
    assert tick.count(":") == 2, tick
    command = python.parent / "webctp-client"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        quickstart.walk_programs(
            lambda text: run(python, "-c", text.replace(quickstart.URL, url), cwd=place)
        )
        quickstart.walk_strategy(lambda path: run(python, path, url, "2", cwd=place))
        quickstart.walk_commands(lambda words: run(command, "--url", url, *words, cwd=place), place)


def check_beside_others(python: Path, url: str) -> None:
    """See that data frames are made of real pandas and polars, and that pyright finds mistakes.

    :raises AssertionError: with what was said, if not.
    """
    frames = run(python, "-c", _FRAMES, url, cwd=PLACE)
    shape = (50, len(structs.DepthMarketData.__struct_fields__))
    assert frames.splitlines() == [f"pandas {shape}", f"polars {shape}"], frames
    found = by_pyright(str(python))
    assert set(found) == marked(), f"pyright: {found}; marked are the lines {marked()}"


def main(argv: list[str]) -> int:
    """Check each Python that is here; return 1 where one failed, or there is none."""
    mine = f"{sys.version_info.major}.{sys.version_info.minor}"
    versions = (PYTHONS[0], mine) if "--short" in argv else PYTHONS
    gateway = ready(MORNING)
    try:
        passed, failed = _checked(versions, mine, gateway.url)
    finally:
        gateway.end()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _checked(versions: Iterable[str], mine: str, url: str) -> tuple[int, int]:
    """Check each Python, and return how many passed and failed."""
    wheel = wheel_of(PLACE / "wheel")
    passed = failed = 0
    for version in versions:
        found = _find(version)
        if found is None:
            print(f"Python {version}: not found on this machine", flush=True)
            continue
        is_mine = version == mine
        others = ("pandas", "polars", "basedpyright") if is_mine else ()
        try:
            python = environment(found, PLACE / f"python{version}", wheel, *others)
            check(python, url)
            if is_mine:
                check_beside_others(python, url)
        except AssertionError as problem:
            failed += 1
            print(f"Python {version}: FAILED: {problem}", flush=True)
        else:
            passed += 1
            print(f"Python {version}: passed{', with ' if others else ''}{', '.join(others)}")
    return passed, failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
