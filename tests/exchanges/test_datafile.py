"""webctp.exchanges.datafile: what is no data file is told in one line."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.fifos import fifo
from webctp.exchanges.datafile import DataFileError, above_zero, count, read
from webctp.language.text import reason_of, verbatim


def assert_in_chinese(test: SynchronousTestCase, problem: DataFileError, english: str) -> None:
    """A mistake is told in Chinese, too: at the same place, in words of another language."""
    chinese = reason_of(problem).in_language("zh")
    test.assertRegex(chinese, "[\u4e00-\u9fff]")
    test.assertNotEqual(chinese, english)
    test.assertEqual(chinese.split(":")[0], english.split(":")[0])
    test.assertNotRegex(chinese.split(":", 1)[1], "; (write|give|save|keep|start|did)", chinese)


class ReadTests(SynchronousTestCase):
    """Reading a file as a whole."""

    def refusal(self, content: bytes) -> str:
        """Return the one line that a file of `content` is refused with."""
        path = Path(self.mktemp())
        path.write_bytes(content)
        problem = self.assertRaises(DataFileError, read, path)
        error = str(problem)
        assert_in_chinese(self, problem, error)
        self.assertNotIn("\n", error)
        self.assertTrue(error.startswith(str(path)), error)
        return error.removeprefix(str(path))

    def test_files_that_are_none(self) -> None:
        for content, wanted in [
            (b"", ":1: the file is empty"),
            (b"# nothing\n", ":1: the file is empty"),
            (b"- a\n- b\n", ":1: no mapping"),
            (b"a: 1\nb: [1, 2\n", ":3: no YAML: "),
            (b"a: 1\n\nb: 2\na: 3\n", ":4: a: given twice; keep one"),
            (b"a: 1\n[b]: 2\n", ":2: a key must be a name"),
            ("名: 铜".encode("gbk"), ": byte 0 is no UTF-8; save it as UTF-8"),
            (b"a: \x01\n", ": no YAML: "),
        ]:
            with self.subTest(content=content):
                self.assertIn(wanted, self.refusal(content))

    def test_missing_file(self) -> None:
        path = Path(self.mktemp())
        error = str(self.assertRaises(DataFileError, read, path))
        self.assertIn(f"{path}: No such file or directory; give a file", error)

    def test_a_fifo_is_not_waited_for(self) -> None:
        path = Path(self.mktemp())
        fifo(self, path)
        problem = self.assertRaises(DataFileError, read, path)
        self.assertIn("not a regular file", str(problem))


class SectionTests(SynchronousTestCase):
    """Reading a mapping key by key."""

    def setUp(self) -> None:
        path = Path(self.mktemp())
        path.write_text("Top:\n  Tick: 0.2\n  Months: [1, 5]\n  Deep: {A: 1}\n  Typo: 3\n", "utf-8")
        self.top = read(path).section("Top")

    def assert_refused(self, error: DataFileError, wanted: str) -> None:
        self.assertTrue(str(error).endswith(wanted), f"{error} does not end with {wanted}")
        assert_in_chinese(self, error, str(error))

    def test_values(self) -> None:
        self.assertEqual(self.top.value("Tick", above_zero, verbatim("a number")), 0.2)
        self.assertEqual(self.top.values("Months", count, verbatim("months")), (1, 5))
        self.assertEqual(self.top.value("Left", count, verbatim("a number"), default=7), 7)
        self.assertEqual(self.top.section("Deep").value("A", count, verbatim("a number")), 1)
        self.assertEqual(list(self.top.section("Left out")), [])

    def test_wrong_values(self) -> None:
        error = self.assertRaises(DataFileError, self.top.values, "Deep", count, verbatim("months"))
        self.assert_refused(error, ":4: Top: Deep: no list; write a list of months in brackets")
        error = self.assertRaises(
            DataFileError, self.top.value, "Months", count, verbatim("a number")
        )
        self.assert_refused(error, ":3: Top: Months: no single value; write a number")
        error = self.assertRaises(
            DataFileError, self.top.value, "Tick", count, verbatim("a whole number")
        )
        self.assert_refused(error, ":2: Top: Tick: '0.2' found; write a whole number")
        error = self.assertRaises(
            DataFileError, self.top.value, "None", count, verbatim("a number")
        )
        self.assert_refused(error, ":2: Top: None: missing; write a number")
        error = self.assertRaises(DataFileError, self.top.section, "Tick")
        self.assert_refused(error, ":2: Top Tick: no mapping; write `key: value` lines")

    def test_unknown_keys_are_refused_with_the_nearest_name(self) -> None:
        self.assertIn("Tick", self.top)
        self.assertNotIn("Type", self.top)
        self.top.value("Tick", above_zero, verbatim("a number"))
        self.top.values("Months", count, verbatim("months"))
        self.top.section("Deep")
        self.top.value("Type", count, verbatim("a number"), default=0)
        error = self.assertRaises(DataFileError, self.top.finish)
        self.assert_refused(error, ":5: Top: Typo: unknown key; did you mean Type")
