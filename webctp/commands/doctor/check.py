"""A check of `doctor`: how a row is found, told, and run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from webctp.commands.terminal import padded
from webctp.language.text import Language, Text, english, reason_of, said, verbatim

_LABEL_WIDTH = 30
_VERDICT_WIDTH = 8


class Trouble(Exception):
    """A check failed: what was found, and the remedy in English and Chinese."""

    def __init__(self, found: Text, en: str, zh: str) -> None:
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


def examine(table: Iterator[Check], language: Language = "en") -> tuple[int, int]:
    """Run the checks, a line for each; return how many failed and how many were left out.

    :param language: in which what was found is told. Who reads English is given both remedies:
        not every Chinese reader's environment says so.
    """
    bad: set[str] = set()
    failed = 0
    for check in table:
        label = f"{check.en} {check.zh}"
        print(f"  {padded(label, _LABEL_WIDTH)}", end="  ", flush=True)
        if check.needs in bad:
            bad.add(check.en)
            needs = english("needs {row} · 依赖上项", row=check.needs)
            print(f"{_padded(verbatim('-'), language)}{needs.in_language(language)}", flush=True)
            continue
        try:
            found = check.find()
        except Trouble as trouble:
            bad.add(check.en)
            failed += 1
            verdict = _padded(english("FAILED"), language)
            print(f"{verdict}{reason_of(trouble).in_language(language)}", flush=True)
            for remedy in (trouble.zh,) if language == "zh" else (trouble.en, trouble.zh):
                print(f"{' ' * 12}→ {remedy}", flush=True)
        else:
            well = _padded(english("ok"), language)
            print(f"{well}{said(found, language)}", flush=True)
    return failed, len(bad) - failed


def _padded(verdict: Text, language: Language) -> str:
    return padded(verdict.in_language(language), _VERDICT_WIDTH)


def milliseconds(begun: float) -> str:
    """Tell how long ago ``begun`` was, a value of :func:`time.perf_counter`."""
    return f"{(perf_counter() - begun) * 1000:.0f} ms"
