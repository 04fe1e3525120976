"""The distribution as users get it: its wheel, in an environment with nothing of ours beside it."""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from functools import cache
from pathlib import Path
from typing import Final

from tests import clients
from tests.clients.python.gateways import GatewayCase
from tests.clients.python.test_documents import EXAMPLES

PATIENCE: Final = 120
NEEDS: Final = ("msgspec", "websockets")
"""What it depends on; nothing is downloaded, and nothing else is there."""
THREE_LINES: Final = """
from webctp_client import connect
for tick in connect({url!r}).ticks("rb????"):
    print(tick.UpdateTime, tick.LastPrice); break
"""


def run(*command: "str | Path", cwd: Path) -> str:
    """Return what a command prints; raise with its stderr when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def wheel_of(place: Path) -> Path:
    """Build the client's wheel from a copy of its sources below ``place``; return it."""
    shutil.rmtree(place, ignore_errors=True)
    source = place / "a checkout"
    ignored = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    shutil.copytree(clients.PYTHON, source, ignore=ignored)
    script = "import sys, setuptools.build_meta as b; b.build_wheel(sys.argv[1])"
    run(sys.executable, "-c", script, place / "out", cwd=source)
    (wheel,) = (place / "out").iterdir()
    return wheel


@cache
def built(base: Path) -> tuple[Path, Path]:
    """Return the wheel, and the interpreter of an environment that has it and its needs."""
    wheel = wheel_of(base / "wheel")
    venv.create(base / "environment", symlinks=True, with_pip=False)
    python = base / "environment" / "bin" / "python"
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=base)
    for name in NEEDS:
        for found in Path(sysconfig.get_path("purelib")).glob(f"{name}*"):
            Path(packages.strip(), found.name).symlink_to(found)
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "-q")
    run(*pip, "--no-deps", "--no-index", wheel, cwd=base)
    return wheel, python


class Package(GatewayCase):
    """The wheel."""

    base: Path

    def setUp(self) -> None:
        super().setUp()
        self.base = Path(tempfile.mkdtemp(prefix="client-package-"))
        self.addCleanup(shutil.rmtree, self.base)

    def test_it_runs_with_nothing_of_ours(self) -> None:
        wheel, python = built(self.base)
        with zipfile.ZipFile(wheel) as held:
            names = set(held.namelist())
        package = clients.PYTHON / "webctp_client"
        wanted = {
            path.relative_to(clients.PYTHON).as_posix()
            for path in package.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        self.assertEqual({one for one in names if ".dist-info/" not in one}, wanted)
        self.assertIn("webctp_client/py.typed", names)
        nothing = (
            "import importlib.util as u; print([u.find_spec(n) for n in ('webctp', 'twisted')])"
        )
        self.assertEqual(run(python, "-c", nothing, cwd=self.base), "[None, None]\n")
        said = run(python, "-c", THREE_LINES.format(url=self.gateway.url), cwd=self.base)
        self.assertRegex(said, r"^\d\d:\d\d:\d\d [\d.]+\n$")
        command = python.parent / "webctp-client"
        said = run(
            command, "--url", self.gateway.url, "watch", "rb????", "--count", "2", cwd=self.base
        )
        self.assertEqual(len(said.splitlines()), 3)
        strategy = EXAMPLES / "moving_average.py"
        said = run(python, strategy, self.gateway.url, "1", cwd=self.base)
        self.assertRegex(said, r"held [01]\n$")
