"""A user's machine in a directory, on which the commands of the documents are typed.

It has what a checkout and `make run` leave behind, and the places of an installation (`/etc`,
`/opt/webctp` …) below itself. All fronts of its configurations are closed ports of loopback, all
ports are free ones.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from twisted.internet.threads import deferToThread

from tests import clients
from tests.commands.docs.shell import commands, fences
from tests.commands.docs.support import PAGES
from tests.daemons import PATIENCE, ROOT, until, usual_signals
from tests.ports import free_port

ALL_PAGES: Final = (
    *(page for page in PAGES if page.name != "CHANGELOG.md"),
    *sorted((ROOT / "docs" / "developer").rglob("*.md")),
    clients.PYTHON / "README.md",
    clients.TYPESCRIPT / "README.md",
    clients.VNPY / "README.md",
    ROOT / "news" / "README.md",
)
"""What tells people what to do; the changelog tells what was done."""
_LINKED: Final = ("Makefile", "setup.py", "pyproject.toml", "README.md", "tools", "docs", "webctp")
_FRONT: Final = re.compile(r"tcp://[\d.:]+")
_PORT: Final = re.compile(r"^Port: \d+", re.MULTILINE)
_PLACES: Final = re.compile(r"(?<![\w.])/(?=(?:etc|run|var|opt)/)")
_SERVING: Final = re.compile(r"serving .* on \S+:(\d+)$", re.MULTILINE)
_TWISTD: Final = "from twisted.scripts.twistd import run; run()"
_AS_IT_STANDS: Final = re.compile(r">|\*|\$\{")
"""Words that are the shell's to read."""


def called(page: Path) -> str:
    """Return how a page is called: its name, or its path for one of many of that name."""
    return page.relative_to(ROOT).as_posix() if ROOT / "clients" in page.parents else page.name


def typed(words: Sequence[str]) -> str:
    """Return a command as it is typed, without where its program is."""
    words = [words[0].removeprefix(".venv/bin/").removeprefix("/opt/webctp/bin/"), *words[1:]]
    return " ".join(word if _AS_IT_STANDS.search(word) else shlex.quote(word) for word in words)


def documented(pages: Sequence[Path] = ALL_PAGES) -> dict[str, str]:
    """Return every command that is whole, each once, with the page that shows it first."""
    found: dict[str, str] = {}
    for page in pages:
        for words in commands(page):
            if not any("…" in word for word in words):
                found.setdefault(typed(words), called(page))
    return found


def programs(language: str) -> Iterator[tuple[str, str]]:
    """Yield the page and the text of every block of a language."""
    for page in ALL_PAGES:
        for block in fences(page, language):
            yield called(page), block


class Machine:
    """The directory; see the module.

    ``closed`` is the port where no front is. ``running`` are the programs that have not ended.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.closed = free_port()
        self.running: list[Running] = []
        for name in ("etc", "bin", ".venv/bin", "etc/systemd/system", "run/webctp", "var/lib"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "var" / "log" / "webctp").mkdir(parents=True)
        for name in _LINKED:
            (self.folder / name).symlink_to(ROOT / name)
        for path in filter(Path.is_file, (ROOT / "etc").iterdir()):
            text = path.read_text("utf-8")
            if path.suffix == ".yaml":
                text = self.on_loopback(text)
            (self.folder / "etc" / path.name).write_text(text, "utf-8")
        for name, arguments in (
            ("python", ""),
            ("python3", ""),
            ("twistd", f" -c {shlex.quote(_TWISTD)}"),
        ):
            for place in ("bin", ".venv/bin"):
                program = self.folder / place / name
                python = shlex.quote(sys.executable)
                program.write_text(f'#!/bin/sh\nexec {python}{arguments} "$@"\n', "utf-8")
                program.chmod(0o755)
        for name in (".ready", ".ready-test"):
            (self.folder / ".venv" / name).touch()

    def on_loopback(self, text: str) -> str:
        """Return a configuration that reaches nothing but this machine."""
        text = _FRONT.sub(f"tcp://127.0.0.1:{self.closed}", text)
        return _PORT.sub(lambda _: f"Port: {free_port()}", text)

    def here(self, line: str) -> str:
        """Return a command whose places of an installation are those of this machine."""
        return _PLACES.sub(f"{self.folder}/", line)

    async def run(self, line: str, stdin: str = "") -> tuple[int, str]:
        """Run a command to its end; return its exit code, and what it said on both streams."""
        done = await deferToThread(
            subprocess.run,
            ["sh", "-c", self.here(line)],
            cwd=self.folder,
            env=self._environment(),
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout

    def start(self, line: str) -> "Running":
        """Start what does not end by itself."""
        started = Running(f"exec {self.here(line)}", self.folder, self._environment())
        self.running.append(started)
        return started

    def kill(self) -> None:
        """End whatever still runs."""
        for one in self.running:
            one.kill()

    def _environment(self) -> Mapping[str, str]:
        kept = {
            name: os.environ[name] for name in ("HOME", "TMPDIR", "LOCPATH") if name in os.environ
        }
        return {
            **kept,
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT}:{clients.PYTHON}",
            "PYTHONUTF8": "1",
            "EDITOR": "true",
        }


class Running:
    """A program that runs until it is told to end, in a group of processes of its own."""

    def __init__(self, line: str, folder: Path, environment: Mapping[str, str]) -> None:
        self._line = line
        self._path = folder / f"output-{free_port()}"
        with self._path.open("wb") as output:
            self._process = subprocess.Popen(
                ["sh", "-c", line],
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=usual_signals,
            )

    @property
    def output(self) -> str:
        """What it has printed."""
        return self._path.read_text("utf-8", "replace")

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait until its output holds a pattern.

        :raises AssertionError: if it ends before, or does not say it.
        """

        def said() -> bool:
            found = re.search(pattern, self.output, re.MULTILINE)
            if found is None and self._process.poll() is not None:
                raise AssertionError(f"{self._line} has ended:\n{self.output}")
            return found is not None

        await until(said, f"{pattern} of {self._line}")
        found = re.search(pattern, self.output, re.MULTILINE)
        assert found is not None
        return found

    async def serves(self) -> int:
        """Wait until a gateway serves; return its port."""
        return int((await self.says(_SERVING.pattern))[1])

    async def interrupted(self) -> int:
        """Press Ctrl-C; return the exit code."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
        await until(lambda: self._process.poll() is not None, f"the end of {self._line}")
        return self._process.wait()

    def kill(self) -> None:
        """End it, in whatever state it is."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.kill()
