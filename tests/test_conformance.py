"""The marks at the tests, and the page made of them."""

from pathlib import Path
from textwrap import dedent

from twisted.trial.unittest import SynchronousTestCase

from tests import conformance
from tests.conformance import Conformance, Mark, marks_of

_RULES = """
reasons: {client: for the client to keep}
rules:
- section: Logins
  rules:
  - {id: LOGIN-1, pages: LOGIN, rule: Log in first., exchange: client}
"""
_HELD = Mark("LOGIN-1", "gateway", "test_login.first")


class PageTests(SynchronousTestCase):
    """The page of this checkout."""

    def test_rules_and_marks_fit_each_other(self) -> None:
        self.assertEqual(conformance.read().problems, [])

    def test_the_page_is_what_the_marks_make(self) -> None:
        page = conformance.PAGE.read_text("utf-8")
        self.assertTrue(page == conformance.read().page(), "run `make docs`")


class RuleTests(SynchronousTestCase):
    """What does not fit is told."""

    def problems(self, rules: str, *marks: Mark) -> list[str]:
        return Conformance(rules, marks).problems

    def test_a_rule_that_is_held_where_it_applies(self) -> None:
        held = Conformance(_RULES, [_HELD])
        self.assertEqual(held.problems, [])
        row = "| LOGIN-1 | LOGIN | Log in first. | `test_login.first` | for the client to keep |"
        self.assertIn(row, held.page().splitlines())

    def test_neither_a_test_nor_a_reason(self) -> None:
        told = self.problems(_RULES)
        self.assertEqual(told, ["LOGIN-1: gateway has neither a test nor a reason"])

    def test_both_a_test_and_a_reason(self) -> None:
        told = self.problems(_RULES, _HELD, Mark("LOGIN-1", "exchange", "sim/test_login.first"))
        self.assertEqual(told, ["LOGIN-1: exchange has both tests and a reason"])

    def test_a_mark_that_names_no_rule(self) -> None:
        told = self.problems(_RULES, _HELD, Mark("LOGIN-2", "gateway", "test_login.second"))
        self.assertEqual(told, ["LOGIN-2: no such rule; marked at test_login.second"])

    def test_a_rule_that_is_there_twice(self) -> None:
        row = _RULES.strip().splitlines()[-1]
        told = self.problems(f"{_RULES}{row}\n", _HELD)
        self.assertEqual(told, ["LOGIN-1: given 2 times"])

    def test_a_key_that_is_none(self) -> None:
        told = self.problems(_RULES.replace("exchange:", "exchnage:"), _HELD)
        self.assertEqual(
            told,
            [
                "LOGIN-1: unknown keys exchnage",
                "LOGIN-1: exchange has neither a test nor a reason",
            ],
        )


class MarkTests(SynchronousTestCase):
    """Marks as they are read from sources."""

    def marks(self, name: str, source: str) -> list[Mark]:
        tests = Path(self.mktemp())
        path = tests / name
        path.parent.mkdir(parents=True)
        path.write_text(dedent(source), "utf-8")
        return list(marks_of(path, tests))

    def test_the_side_goes_by_the_folder(self) -> None:
        source = """
            class A:
                @holds("LOGIN-1", "LOGIN-2")
                def test_first(self): pass
            """
        self.assertEqual(
            self.marks("sim/test_login.py", source),
            [
                Mark("LOGIN-1", "exchange", "sim/test_login.first"),
                Mark("LOGIN-2", "exchange", "sim/test_login.first"),
            ],
        )
        self.assertEqual({mark.side for mark in self.marks("test_login.py", source)}, {"gateway"})

    def test_what_is_no_test_cannot_be_marked(self) -> None:
        for source in ('@holds("A-1")\nclass A: pass', '@holds("A-1")\ndef first(): pass'):
            with self.assertRaises(ValueError):
                self.marks("test_login.py", source)

    def test_a_mark_names_rules(self) -> None:
        for names in ("", "1", "'A-1', 2"):
            with self.assertRaises(ValueError):
                self.marks("test_login.py", f"@holds({names})\ndef test_first(): pass")
