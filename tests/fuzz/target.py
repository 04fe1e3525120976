"""What a fuzz target is, and how bytes become decisions."""

from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, Final, Protocol

HERE: Final = Path(__file__).parent
CORPUS: Final = HERE / "corpus"
"""Inputs that reach much of a target: a folder for each."""
FINDINGS: Final = HERE / "findings"
"""Inputs that once broke a target: a folder for each."""

NAMES: Final = ("frames", "dispatch", "heads", "configuration", "files", "recordings", "databases")
"""The targets, by their modules."""


class Finding(AssertionError):
    """What a target must not do; says what came of which input."""


class Target(Protocol):
    """Something that takes bytes. It lives for many runs."""

    words: Sequence[str]
    """Words of its language, for the engine to put into inputs."""

    def run(self, data: bytes) -> None:
        """Take an input.

        :raises Finding: if what came of it must not be. So does every other exception say.
        """

    def close(self) -> None:
        """Let go of everything."""


def make(name: str) -> Target:
    """Import and make a target."""
    made: Target = import_module(f"tests.fuzz.targets.{name}").Target()
    return made


def inputs_of(name: str) -> list[tuple[str, bytes]]:
    """Return a target's corpus and its findings, by their names."""
    folders = (CORPUS / name, FINDINGS / name)
    files = [file for folder in folders if folder.is_dir() for file in folder.iterdir()]
    return sorted((f"{file.parent.parent.name}/{file.name}", file.read_bytes()) for file in files)


class Choices(Random):
    """A source of randomness that bytes decide; behind their end it is always the same one.

    Whatever takes a ``Random`` can so be fuzzed: a change of a byte changes one decision.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._data = data
        self._at = 0

    @property
    def is_empty(self) -> bool:
        """Whether all bytes are used up."""
        return self._at >= len(self._data)

    def take(self, count: int) -> bytes:
        """Return the next bytes, fewer at the end."""
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def random(self) -> float:
        """Return a number below 1."""
        if self.is_empty:
            return super().random()
        return int.from_bytes(self.take(1).ljust(1, b"\0")) / 256

    def getrandbits(self, k: int) -> int:
        """Return k random bits."""
        if self.is_empty:
            return super().getrandbits(k)
        size = (k + 7) // 8
        return int.from_bytes(self.take(size).ljust(size, b"\0")) & ((1 << k) - 1)

    def pieces(self, data: bytes) -> list[bytes]:
        """Cut data into pieces, at places that the bytes decide."""
        cuts = [0]
        while not self.is_empty and cuts[-1] < len(data):
            cuts.append(cuts[-1] + 1 + self.randrange(64))
        cuts.append(max(len(data), cuts[-1]))
        return [data[a:b] for a, b in pairwise(cuts) if data[a:b]]


def shown(value: Any) -> str:
    """Return a value for the text of a finding."""
    text = repr(value)
    return text if len(text) <= 600 else f"{text[:600]}…"
