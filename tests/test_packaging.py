"""The package as users get it: wheel, sdist, editable install and bare checkout each run twistd.

Nothing is downloaded: the dependencies are those of the interpreter that runs the tests, which
every new environment sees behind its own packages.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib import import_module
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from webctp import __version__

ROOT = Path(__file__).resolve().parent.parent
NOT_COPIED = shutil.ignore_patterns(
    ".*",
    "__pycache__",
    "*.egg-info",
    "dropin.cache",
    "build",
    "dist",
    "_trial_temp*",
    "con_file",
    "node_modules",
)
TWISTD = "from twisted.scripts.twistd import run; run()"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Return what a command prints; raise with its stderr when it fails."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class PackagingTests(SynchronousTestCase):
    """Each test works on its own copy of the checkout, at a path with a space in it."""

    def setUp(self) -> None:
        self.base = Path(self.mktemp()).resolve()
        self.checkout = self.base / "a checkout"
        shutil.copytree(ROOT, self.checkout, ignore=NOT_COPIED)

    def environment(self) -> Path:
        """Return the interpreter of a new virtual environment that sees the dependencies."""
        directory = self.base / "environment"
        venv.create(directory, symlinks=True)
        python = directory / "bin" / "python"
        packages = run(
            python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=self.base
        )
        # Packages found this way take part, but the *.pth files beside them do not: an editable
        # install of webctp in the surrounding environment stays out of sight.
        Path(packages.strip(), "dependencies.pth").write_text(sysconfig.get_path("purelib"))
        return python

    def build(self, kind: str) -> Path:
        """Build `wheel` or `sdist` and return its path."""
        out = self.base / "out"
        script = f"import sys, setuptools.build_meta as b; b.build_{kind}(sys.argv[1])"
        run(sys.executable, "-c", script, out, cwd=self.checkout)
        (built,) = out.iterdir()
        return built

    def install(self, python: Path, *what: str | Path) -> None:
        options = ["--no-deps", "--no-index", "--no-build-isolation", "--ignore-installed", "-q"]
        run(python, "-m", "pip", "install", *options, *what, cwd=self.base)

    def assert_runs(self, python: Path, source: Path, cwd: Path, **environment: str) -> None:
        """Check that twistd knows webctp, and that it is the one that lies in `source`."""
        said = run(python, "-c", TWISTD, "-n", "webctp", "--help", cwd=cwd, **environment)
        self.assertIn("--app-type=", said)
        script = "import os, webctp.tap; print(os.path.abspath(webctp.tap.__file__))"
        found = run(python, "-c", script, cwd=cwd, **environment)
        self.assertTrue(Path(found.strip()).is_relative_to(source), found)

    def test_wheel(self) -> None:
        wheel = self.build("wheel")
        python = self.environment()
        self.install(python, wheel)
        self.assert_runs(python, python.parent.parent, cwd=self.base)

    def test_sdist(self) -> None:
        sdist = self.build("sdist")
        python = self.environment()
        self.install(python, sdist)
        self.assert_runs(python, python.parent.parent, cwd=self.base)

    def test_editable(self) -> None:
        python = self.environment()
        self.install(python, "-e", self.checkout)
        self.assert_runs(python, self.checkout, cwd=self.base)

    def test_bare_checkout(self) -> None:
        self.assert_runs(self.environment(), self.checkout, cwd=self.checkout, PYTHONPATH=".")

    def test_what_the_metadata_say(self) -> None:
        """As strictly as an index would: each field is there, and each classifier exists."""
        wheel = self.build("wheel")
        (folder,) = (self.base / "out").iterdir()
        self.assertEqual(folder, wheel)
        with zipfile.ZipFile(wheel) as file:
            file.extractall(self.base / "unpacked")
        (place,) = (self.base / "unpacked").glob("*.dist-info")
        told = PathDistribution(place).metadata
        self.assertEqual((told["Name"], told["Version"]), ("webctp", __version__))
        self.assertEqual(told["Requires-Python"], ">=3.11")
        for field in ("Summary", "Author", "Keywords"):
            self.assertTrue(told[field] and told[field] != "UNKNOWN", field)
        self.assertNotIn("\n", told["Summary"])
        self.assertIn("MIT", f"{told['License']} {told['License-Expression']}")
        self.assertEqual(told["License-File"], "LICENSE")
        self.assertEqual(told["Description-Content-Type"], "text/markdown")
        text = told["Description"] or told.get_payload()  # type: ignore[attr-defined]
        self.assertEqual(text.strip(), (ROOT / "README.md").read_text("utf-8").strip())
        known: Any = import_module("trove_classifiers")
        classifiers = told.get_all("Classifier") or []
        self.assertGreater(len(classifiers), 5)
        self.assertEqual(set(classifiers) - known.classifiers, set())
        self.assertEqual(set(classifiers) & set(known.deprecated_classifiers), set())
        self.assertEqual(sorted(set(classifiers)), sorted(classifiers), "one stands there twice")
        # The repository names no address of its own.
        self.assertIsNone(told.get_all("Project-URL"))

    def test_the_pythons_are_those_that_the_matrix_tries(self) -> None:
        source = (ROOT / "setup.py").read_text("utf-8")
        matrix = (ROOT / "tools" / "matrix.py").read_text("utf-8")
        (pythons,) = re.findall(r"^PYTHONS: Final = \((.+)\)$", matrix, re.MULTILINE)
        minors = pythons.replace('"3.', "").replace('"', "")
        self.assertIn(f"for minor in ({minors}))", source)

    def test_what_the_wheel_holds(self) -> None:
        with zipfile.ZipFile(self.build("wheel")) as wheel:
            held = set(wheel.namelist())
        expected = {
            str(path.relative_to(self.checkout))
            for path in (self.checkout / "webctp").rglob("*")
            if path.is_file()
        }
        info = f"webctp-{__version__}.dist-info/"
        self.assertEqual(
            {name for name in held if not name.startswith(info)},
            expected | {"twisted/plugins/webctp_plugin.py"},
        )
        self.assertTrue(any(name.endswith("LICENSE") for name in held))

    def test_what_the_sdist_holds(self) -> None:
        with tarfile.open(self.build("sdist")) as sdist:
            held = {name.partition("/")[2] for name in sdist.getnames()}
        wanted = {
            str(path.relative_to(self.checkout))
            for path in self.checkout.rglob("*")
            if path.is_file() and not path.is_relative_to(self.checkout / "webctp.egg-info")
        }
        self.assertEqual(wanted - held, set())

    def test_no_package_shadows_twisteds(self) -> None:
        """An __init__.py in these directories would hide Twisted itself."""
        self.assertFalse(list((self.checkout / "twisted").rglob("__init__.py")))


class CheckoutTests(SynchronousTestCase):
    """What belongs to the project, and what running it has left behind."""

    def test_what_lies_at_the_top(self) -> None:
        """A directory of a test run must not be taken along."""
        if not (ROOT / ".git").exists() or shutil.which("git") is None:
            raise SkipTest("no checkout of git's")
        listed = run("git", "-c", "safe.directory=*", "ls-files", cwd=ROOT).splitlines()
        top = {name.partition("/")[0] for name in listed if "/" in name}
        self.assertEqual(
            top,
            {".ci", ".github", "bench", "clients", "console", "docs", "etc", "examples", "news"}
            | {"tests", "tools", "twisted", "webctp"},
        )
        self.assertEqual([name for name in listed if name.endswith((".log", ".pyc"))], [])
