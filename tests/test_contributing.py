"""The worked examples of CONTRIBUTING.md: each fits the code, and its own test passes.

A block of `diff` names files by `--- path`; hunks are parted by `@@`. What a hunk keeps or takes
away stands exactly once in its file, so that it can go to one place only. All blocks are applied,
one after another, to a copy of the sources; the tests they change run there.
"""

import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from twisted.trial.unittest import SynchronousTestCase

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "CONTRIBUTING.md"
MOST_FILES: Final = 3
"""How many files a message, a check, a metric or a key may touch."""
EXAMPLES: Final = 4
_BLOCK: Final = re.compile(r"^```diff\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_TEST: Final = re.compile(r"^    def (test_\w+)", re.MULTILINE)
_COPIED: Final = ("webctp", "tests", "docs", "etc", "twisted", "tools")


class Hunk(NamedTuple):
    """Lines of a file as they are, and as they become."""

    before: str
    after: str
    added: str

    @classmethod
    def of(cls, lines: list[str]) -> "Hunk":
        """Read lines that begin with a blank, ``-`` or ``+``; an empty one is kept as it is."""
        kept = [line or " " for line in lines]
        return cls(
            "".join(f"{line[1:]}\n" for line in kept if line[0] in " -"),
            "".join(f"{line[1:]}\n" for line in kept if line[0] in " +"),
            "".join(f"{line[1:]}\n" for line in kept if line[0] == "+"),
        )

    def applied(self, text: str) -> str:
        """Return a file's text with this change.

        :raises ValueError: where the lines before it are not there, or in several places.
        """
        pattern = re.escape(f"\n{self.before}")
        places = len(re.findall(f"(?={pattern})", f"\n{text}")) if self.before else 0
        if places != 1:
            raise ValueError(f"fits {places} places, wanted one:\n{self.before}")
        return f"\n{text}".replace(f"\n{self.before}", f"\n{self.after}")[1:]


def examples(page: str) -> list[dict[str, list[Hunk]]]:
    """Return the hunks of each block, by the path of their file."""
    found = []
    for block in _BLOCK.findall(page):
        files: dict[str, list[Hunk]] = {}
        for part in re.split(r"^--- ", block, flags=re.MULTILINE)[1:]:
            path, _, rest = part.partition("\n")
            hunks = re.split(r"^@@.*\n", rest, flags=re.MULTILINE)
            files[path] = [Hunk.of(one.splitlines()) for one in hunks if one.strip()]
        found.append(files)
    return found


def change(file: Path, hunks: list[Hunk]) -> list[str]:
    """Apply hunks to a file; return the names of the tests that they add."""
    text = file.read_text()
    for hunk in hunks:
        text = hunk.applied(text)
    file.write_text(text)
    return [name for hunk in hunks for name in _TEST.findall(hunk.added)]


class HunkTests(SynchronousTestCase):
    """How a change finds its place."""

    def test_it_goes_to_the_one_place_that_it_fits(self) -> None:
        hunk = Hunk.of([" b", "-c", "+d"])
        self.assertEqual(hunk.applied("a\nb\nc\n"), "a\nb\nd\n")

    def test_no_place_and_two_places_are_told(self) -> None:
        for text in ("a\n", "b\nb\n", "ab\n"):
            self.assertRaises(ValueError, Hunk.of([" b", "+c"]).applied, text)

    def test_a_hunk_that_only_adds_has_no_place(self) -> None:
        self.assertRaises(ValueError, Hunk.of(["+c"]).applied, "a\n")


class ExampleTests(SynchronousTestCase):
    """The page itself."""

    def test_an_example_touches_three_files_at_most_one_a_test(self) -> None:
        shown = examples(PAGE.read_text())
        self.assertEqual(len(shown), EXAMPLES)
        for files in shown:
            self.assertLessEqual(len(files), MOST_FILES)
            self.assertEqual(sum(path.startswith("tests/") for path in files), 1)

    def test_they_fit_the_code_and_their_tests_pass(self) -> None:
        house = Path(self.mktemp())
        for name in _COPIED:
            shutil.copytree(ROOT / name, house / name, ignore=shutil.ignore_patterns("__pycache__"))
        tests: dict[str, list[str]] = {}
        for files in examples(PAGE.read_text()):
            for path, hunks in files.items():
                added = change(house / path, hunks)
                if added:
                    tests[path.removesuffix(".py").replace("/", ".")] = added
        done = subprocess.run(
            [sys.executable, "-m", "twisted.trial", *tests],
            cwd=house,
            env={"PYTHONPATH": str(house.resolve()), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-2000:])
        for name in chain.from_iterable(tests.values()):
            self.assertIn(f"{name} ...", done.stdout)
