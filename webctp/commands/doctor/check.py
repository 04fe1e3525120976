"""A check of `doctor`: how a row is found, told, and run."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

_LABEL_WIDTH = 30


class Trouble(Exception):
    """A check failed: what was found, and the remedy in English and Chinese."""

    def __init__(self, found: str, en: str, zh: str) -> None:
        super().__init__(found)
        self.en = en
        self.zh = zh


@dataclass(frozen=True)
class Check:
    """A row of the table. ``find`` returns what is well; ``needs`` names what must be well first.

    ``en`` names the row, and must be unlike all others.
    """

    en: str
    zh: str
    find: Callable[[], str]
    needs: str = ""


def examine(table: Iterator[Check]) -> tuple[int, int]:
    """Run the checks, a line for each; return how many failed and how many were left out."""
    bad: set[str] = set()
    failed = 0
    for check in table:
        label = f"{check.en} {check.zh}"
        print(f"  {label}{' ' * (_LABEL_WIDTH - width(label))}", end="  ", flush=True)
        if check.needs in bad:
            bad.add(check.en)
            print(f"-       needs {check.needs} · 依赖上项", flush=True)
            continue
        try:
            found = check.find()
        except Trouble as trouble:
            bad.add(check.en)
            failed += 1
            print(
                f"FAILED  {trouble}\n{' ' * 12}→ {trouble.en}\n{' ' * 12}→ {trouble.zh}", flush=True
            )
        else:
            print(f"ok      {found}", flush=True)
    return failed, len(bad) - failed


def width(text: str) -> int:
    """Return how many columns a terminal gives to ``text``: two to a Chinese character."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def milliseconds(begun: float) -> str:
    """Tell how long ago ``begun`` was, a value of :func:`time.perf_counter`."""
    return f"{(perf_counter() - begun) * 1000:.0f} ms"
