"""Where the checkout's documents are, and how to run a program of theirs."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from twisted.internet.threads import deferToThread

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md")))

_PATIENCE = 60.0


async def python(*arguments: str, path: str = "") -> tuple[int, str]:
    """Run the interpreter beside the reactor, and kill it if it does not end.

    :param path: PYTHONPATH and working directory.
    :returns: its exit code, and what it said on both streams.
    """
    env: Mapping[str, str] = {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": path}
    done = await deferToThread(
        subprocess.run,
        [sys.executable, *arguments],
        env=env,
        cwd=path or None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout.decode()
