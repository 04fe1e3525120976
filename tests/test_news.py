"""Fragments of news: named, in both languages, small."""

import re
import tomllib
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

ROOT: Final = Path(__file__).resolve().parent.parent
NAME: Final = re.compile(r"\+?[a-z0-9-]+\.(?P<kind>\w+)\.md")
MOST: Final = 1000
"""Characters of a fragment: it says what users can notice, not how it was made."""


def kinds() -> list[str]:
    """Return the kinds of fragments that the configuration of towncrier names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [one["directory"] for one in settings["tool"]["towncrier"]["type"]]


def trouble(name: str, text: str) -> str:
    """Return what is wrong with a fragment; empty for nothing."""
    found = NAME.fullmatch(name)
    if found is None or found["kind"] not in kinds():
        return f"{name}: wanted WHAT.KIND.md, KIND one of {', '.join(kinds())}"
    if not text.strip() or len(text) > MOST:
        return f"{name}: {len(text)} characters found, wanted 1 to {MOST}"
    if not re.search("[\\u4e00-\\u9fff]", text) or not re.search("[A-Za-z]{3}", text):
        return f"{name}: wanted Chinese and English"
    return ""


class News(SynchronousTestCase):
    """What stands in `news/`, and what may not."""

    def test_every_fragment_is_well_formed(self) -> None:
        found = {
            path.name: path.read_text("utf-8")
            for path in (ROOT / "news").iterdir()
            if path.name != "README.md"
        }
        wrong = [trouble(name, text) for name, text in found.items()]
        self.assertEqual([one for one in wrong if one], [])

    def test_what_is_wrong_is_told(self) -> None:
        good = "新增 `Key`。\nAdds `Key`."
        self.assertEqual(trouble("key.added.md", good), "")
        for name, text in (
            ("key.md", good),
            ("key.feature.md", good),
            ("Key Two.added.md", good),
            ("key.added.md", " "),
            ("key.added.md", "Adds `Key`."),
            ("key.added.md", "新增。"),
            ("key.added.md", good * 100),
        ):
            self.assertTrue(trouble(name, text), (name, text))

    def test_the_changelog_has_the_place_where_fragments_go(self) -> None:
        text = (ROOT / "CHANGELOG.md").read_text("utf-8")
        self.assertEqual(text.count("<!-- towncrier release notes start -->"), 1)
