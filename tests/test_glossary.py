"""The glossary: every term once, in three languages, and where it is in the code."""

import importlib
import re
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "glossary.md"
ROW: Final = re.compile(r"\| (.+?) \| (.+?) \| (.+?) \| `(webctp[\w.]+)` \|")


def rows() -> list[tuple[str, str, str, str]]:
    """Return term, Chinese, CTP's name and place of each row."""
    lines = PAGE.read_text("utf-8").partition("| --- |")[2].splitlines()[1:]
    found = [ROW.fullmatch(line) for line in lines if line]
    return [(one[1], one[2], one[3], one[4]) for one in found if one is not None]


def exists(place: str) -> bool:
    """Return whether a dotted name leads to a module, or to a class of one."""
    try:
        importlib.import_module(place)
    except ModuleNotFoundError:
        module, _, name = place.rpartition(".")
        try:
            return hasattr(importlib.import_module(module), name)
        except ModuleNotFoundError:
            return False
    return True


class Glossary(SynchronousTestCase):
    """What a reader relies on."""

    def test_every_line_is_a_row(self) -> None:
        lines = PAGE.read_text("utf-8").partition("| --- |")[2].splitlines()[1:]
        self.assertEqual(len(rows()), len([line for line in lines if line]))
        self.assertGreater(len(rows()), 40)

    def test_every_place_exists(self) -> None:
        self.assertEqual([place for *_, place in rows() if not exists(place)], [])
        self.assertFalse(exists("webctp.upstream.account.Identity"))
        self.assertFalse(exists("webctp.nowhere.Nothing"))

    def test_every_term_stands_once_and_in_order(self) -> None:
        terms = [term for term, *_ in rows()]
        self.assertEqual(terms, sorted(set(terms), key=str.lower))

    def test_every_term_has_its_chinese(self) -> None:
        without = [term for term, zh, *_ in rows() if not re.search("[\u4e00-\u9fff]", zh)]
        self.assertEqual(without, [])
