"""Read a Dockerfile: the instructions that ours uses, and no others.

What is not understood is an error, never passed over: a step that is left out is a step that
nobody has tried.
"""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_FLAG: Final = re.compile(r"--([a-z-]+)=(\S+)\s*")


class DockerfileError(Exception):
    """A line that is not understood."""


@dataclass(frozen=True)
class Step:
    """Something that is done while an image is built: ``RUN`` or ``COPY``, and where."""

    word: str
    text: str
    flags: dict[str, str]
    folder: str
    user: str
    environment: dict[str, str]

    @property
    def paths(self) -> list[str]:
        """Return the sources of a ``COPY``, and behind them its target."""
        return shlex.split(self.text)


@dataclass
class Stage:
    """One image: what it is made of, and what its containers run."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = ""
    volumes: list[str] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    stop_signal: str = "SIGTERM"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    health_flags: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> list[Stage]:
    """Return the stages of a Dockerfile.

    :raises DockerfileError: naming what is not understood.
    """
    stages: list[Stage] = []
    for line in _lines(path.read_text("utf-8")):
        word, _, rest = line.partition(" ")
        flags = {}
        while found := _FLAG.match(rest):
            flags[found[1]] = found[2]
            rest = rest[found.end() :]
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(base.strip(), name.strip()))
        elif not stages:
            raise DockerfileError(f"before the first FROM: {line}")
        else:
            _take(stages[-1], word, rest.strip(), flags)
    return stages


def _lines(text: str) -> list[str]:
    """Return instructions, each on one line."""
    kept = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [line.strip() for line in "\n".join(kept).replace("\\\n", " ").splitlines()]


def _take(stage: Stage, word: str, text: str, flags: dict[str, str]) -> None:
    match word:
        case "RUN" | "COPY":
            made = Step(word, text, flags, stage.folder, stage.user, dict(stage.environment))
            stage.steps.append(made)
        case "ENV":
            stage.environment |= dict(_pairs(text))
        case "LABEL":
            stage.labels |= dict(_pairs(text))
        case "WORKDIR":
            stage.folder = text
        case "USER":
            stage.user = text
        case "VOLUME":
            stage.volumes.append(text)
        case "EXPOSE":
            stage.ports.append(int(text))
        case "STOPSIGNAL":
            stage.stop_signal = text
        case "ENTRYPOINT":
            stage.entrypoint = json.loads(text)
        case "CMD":
            stage.command = json.loads(text)
        case "HEALTHCHECK":
            stage.health = json.loads(text.removeprefix("CMD").strip())
            stage.health_flags = flags
        case _:
            raise DockerfileError(f"an instruction that is not understood: {word}")


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for part in shlex.split(text):
        name, equals, value = part.partition("=")
        if not equals:
            raise DockerfileError(f"NAME=VALUE is wanted, not {part}")
        pairs.append((name, value))
    return pairs
