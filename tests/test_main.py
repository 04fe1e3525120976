"""`python -m webctp`: the table of tools."""

import contextlib
import importlib
import io
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from twisted.trial.unittest import SynchronousTestCase

from webctp.__main__ import COMMANDS, Command, main

ROOT = Path(__file__).resolve().parent.parent


class MainTests(SynchronousTestCase):
    """What is said and which exit code comes back."""

    def run_main(self, *argv: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(argv)
        return code, out.getvalue(), err.getvalue()

    def test_help(self) -> None:
        for argv in ((), ("--help",), ("-h",), ("help",)):
            code, out, err = self.run_main(*argv)
            self.assertEqual((code, err), (0, ""))
            for name, command in COMMANDS.items():
                self.assertIn(f"  {name}", out)
                self.assertIn(f"{command.en} · {command.zh}", out)

    def test_unknown(self) -> None:
        code, out, err = self.run_main("nix")
        self.assertEqual((code, out), (2, ""))
        self.assertTrue(err.startswith("webctp: no command 'nix'（没有此命令）\n"))

    def test_arguments_and_exit_code_are_the_tools(self) -> None:
        module = ModuleType("webctp_test_tool")
        module.main = lambda argv: len(argv)  # type: ignore[attr-defined]
        self.patch(sys, "modules", {**sys.modules, module.__name__: module})
        self.patch(
            sys.modules["webctp.__main__"], "COMMANDS", {"x": Command(module.__name__, "", "")}
        )
        self.assertEqual(self.run_main("x", "a", "b")[0], 2)

    def test_every_tool_is_there(self) -> None:
        for command in COMMANDS.values():
            self.assertTrue(callable(importlib.import_module(command.module).main))

    def test_help_imports_no_tool(self) -> None:
        script = (
            "import runpy, sys\n"
            "try: runpy.run_module('webctp', run_name='__main__')\n"
            "except SystemExit: print(sorted(name for name in sys.modules if 'webctp' in name))"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        self.assertEqual(done.stdout.splitlines()[-1], "['webctp']")
