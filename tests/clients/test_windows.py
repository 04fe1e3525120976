"""The packages in Python on Windows: nothing that only POSIX has is used, or imported.

There is no Windows here. What the packages use of the standard library is read from their sources,
and they are imported where the modules of POSIX cannot be.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unittest import TestCase

from tests import clients

MODULES: Final = frozenset(
    ("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty")
) | {"crypt", "curses", "nis", "ossaudiodev", "spwd", "uvloop"}
"""Modules that Python has on POSIX alone."""
NAMES: Final = frozenset(
    (
        *("add_reader", "add_signal_handler", "add_writer", "create_unix_connection", "fchmod"),
        *("create_unix_server", "fork", "getgid", "getpgid", "getuid", "killpg", "mkfifo"),
        *("open_unix_connection", "pthread_sigmask", "set_blocking", "setsid", "sigwait"),
        *("start_unix_server", "uname", "AF_UNIX", "SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL"),
        *("SIGPIPE", "SIGQUIT", "SIGTSTP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "WNOHANG"),
        *("O_NONBLOCK", "preexec_fn"),
    )
)
"""Attributes and arguments that Windows has not, or where asyncio's loop there refuses."""
PACKAGES: Final = (clients.PYTHON / "webctp_client", clients.VNPY / "vnpy_webctp")
_WITHOUT_WINDOW: Final = ("webctp_client", "vnpy_webctp")
_IMPORT: Final = """
import importlib, pkgutil, sys
# What the packages stand on has its own forms for Windows; it is not what is looked at here.
import asyncio, subprocess, mcp.server, msgspec, textual.app, vnpy.trader.gateway, websockets
for name in {hidden!r}:
    sys.modules[name] = None
count = 0
for top in {packages!r}:
    package = importlib.import_module(top)
    for one in pkgutil.walk_packages(package.__path__, top + "."):
        if not one.name.endswith("__main__"):
            importlib.import_module(one.name)
            count += 1
print(count)
"""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of the packages, read."""
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def used(tree: ast.Module) -> Iterator[str]:
    """Yield the names of modules, attributes and arguments that a module uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module.partition(".")[0]
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg is not None:
            yield node.arg


class Windows(TestCase):
    """What would fail there."""

    def test_nothing_that_only_posix_has_is_used(self) -> None:
        found = {
            f"{path.name}: {name}"
            for path, tree in sources()
            for name in used(tree)
            if name in MODULES | NAMES
        }
        self.assertEqual(found, set())

    def test_what_is_looked_for_is_found(self) -> None:
        for text in ("import fcntl", "from os import fork", "os.killpg(1, 9)", "f(preexec_fn=1)"):
            found = set(used(ast.parse(text))) & (MODULES | NAMES)
            self.assertEqual(len(found), 1, text)

    def test_all_is_imported_where_modules_of_posix_are_hidden(self) -> None:
        text = _IMPORT.format(hidden=sorted(MODULES), packages=_WITHOUT_WINDOW)
        done = subprocess.run(
            [sys.executable, "-c", text],
            env={
                "PYTHONPATH": f"{clients.PYTHON}:{clients.VNPY}",
                "PATH": "/usr/bin:/bin",
                "PYTHONUTF8": "1",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(int(done.stdout), 50)

    def test_every_text_file_names_its_encoding(self) -> None:
        for path, tree in sources():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _opens(node):
                    named = {one.arg for one in node.keywords}
                    self.assertIn("encoding", named, f"{path.name}:{node.lineno}")


def _opens(call: ast.Call) -> bool:
    """Return whether a call opens a text file, whose encoding Windows would choose otherwise."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    modes = [one.value for one in call.args if isinstance(one, ast.Constant)]
    return name in ("open", "read_text", "write_text") and "rb" not in modes and "wb" not in modes
