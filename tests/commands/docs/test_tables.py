"""Tables are such as GitHub shows: with a head, and as many cells in each row."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests.commands.docs.support import PAGES

_FENCE: Final = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
_RULE: Final = re.compile(r"\|(?: *:?-+:? *\|)+")
_CELL_END: Final = re.compile(r"(?<!\\)\|")


def blocks(path: Path) -> Iterator[list[str]]:
    """Yield the lines of each block of rows on a page."""
    lines = [line.strip() for line in _FENCE.sub("", path.read_text("utf-8")).splitlines()]
    for is_row, some in groupby(lines, lambda line: line.startswith("|")):
        if is_row:
            yield list(some)


def trouble(rows: list[str]) -> str:
    """Say what is wrong with a block of rows; nothing where it is a table."""
    if len(rows) < 3 or not _RULE.fullmatch(rows[1]):
        return f"no head above {rows[0]}"
    wanted = len(_CELL_END.findall(rows[0]))
    return next((row for row in rows if len(_CELL_END.findall(row)) != wanted), "")


class TableTests(SynchronousTestCase):
    """Every page's."""

    def test_each_is_one(self) -> None:
        wrong = [
            f"{page.name}: {one}" for page in PAGES for one in map(trouble, blocks(page)) if one
        ]
        self.assertEqual(wrong, [])

    def test_what_is_none_is_found(self) -> None:
        self.assertEqual(trouble(["| a | b |", "| - | - |", "| c | d |"]), "")
        self.assertEqual(trouble(["| a | b |"]), "no head above | a | b |")
        self.assertEqual(trouble(["| a | b |", "| - | - |", "| c | d | e |"]), "| c | d | e |")
