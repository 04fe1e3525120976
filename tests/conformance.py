"""Which test holds which rule of CTP's document, and the page that says so.

A test that holds a rule bears its number::

    @holds("REQORDERACTION-2")
    def test_an_order_on_its_way_is_cancelled_by_its_reference(self) -> None:

`tests/ctp_rules.yaml` has the rules. A test below `tests/sim` holds them on the side of the
simulated exchange, any other on the gateway's. `python -m tests.conformance` makes
`docs/ctp_conformance.md` of both; it fails where a mark names no rule, and where a side of a rule
has neither a test nor a reason, or both.

Marks are read from the sources: no test module is imported for it.
"""

import ast
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

TESTS: Final = Path(__file__).resolve().parent
PAGE: Final = TESTS.parent / "docs" / "ctp_conformance.md"
SIDES: Final = ("gateway", "exchange")
_KEYS: Final = {"id", "pages", "rule", *SIDES}
_KINDS: Final = ("held by tests 有测试", "open 未验证", "other 其他")

_Test = TypeVar("_Test", bound=Callable[..., object])

_INTRODUCTION: Final = """\
# CTP's own document, rule by rule 逐条对照 CTP 文档

<!-- This page is made: `make docs`. The rules are in tests/ctp_rules.yaml. -->

The rules of CTP's document (API 6.7.8), in our own words. Each row says which tests hold the rule:
on the side of the gateway, and on that of the simulated exchange, which is to behave as CTP does.
A side without a test says why; "open" means that nobody has made sure of it yet. The rows are
made from marks at the tests (`@holds("ID")`), and a check fails where page and tests differ.

以下是 CTP 文档（API 6.7.8）中的规则，用自己的话概括。每行列出保证该规则的测试：“Gateway”列是网关，
“Simulated exchange”列是模拟交易所（应与 CTP 行为一致）。没有测试时说明原因；“open” 表示尚未验证。
本页由测试上的标记（`@holds("编号")`）生成，页面与测试不一致时检查会失败。
"""


def holds(*rules: str) -> Callable[[_Test], _Test]:
    """Mark a test as one that holds `rules`; see the module's text."""

    def marked(test: _Test) -> _Test:
        return test

    return marked


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at a test: the rule it names, the side, and the test as the page names it."""

    rule: str
    side: str
    test: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the document; `reasons` has the sides that no test holds, with the reason."""

    id: str
    pages: str
    text: str
    reasons: dict[str, str]


class Conformance:
    """Rules and marks, held against each other.

    :param rules: the text of `ctp_rules.yaml`.
    """

    def __init__(self, rules: str, marks: Sequence[Mark]) -> None:
        told = yaml.safe_load(rules)
        self.problems: list[str] = []
        """What is wrong with rules and marks; a line each."""
        self._reasons: dict[str, str] = told["reasons"]
        self.sections: dict[str, list[Rule]] = {
            section["section"]: [self._rule(one) for one in section["rules"]]
            for section in told["rules"]
        }
        self.rules = [rule for rules in self.sections.values() for rule in rules]
        self._tests: dict[tuple[str, str], list[str]] = {}
        for mark in marks:
            self._tests.setdefault((mark.rule, mark.side), []).append(mark.test)
        self._check()

    def _rule(self, row: dict[str, Any]) -> Rule:
        if unknown := row.keys() - _KEYS:
            self.problems.append(f"{row['id']}: unknown keys {', '.join(sorted(unknown))}")
        told: dict[str, str] = {side: row[side] for side in SIDES if side in row}
        reasons = {side: self._reasons.get(text, text) for side, text in told.items()}
        return Rule(row["id"], row["pages"], row["rule"].strip(), reasons)

    def _check(self) -> None:
        counts = Counter(rule.id for rule in self.rules)
        self.problems += [f"{one}: given {n} times" for one, n in counts.items() if n > 1]
        for (rule_id, _), tests in self._tests.items():
            if rule_id not in counts:
                self.problems.append(f"{rule_id}: no such rule; marked at {', '.join(tests)}")
        for rule in self.rules:
            for side in SIDES:
                held = bool(self._tests.get((rule.id, side)))
                if held and side in rule.reasons:
                    self.problems.append(f"{rule.id}: {side} has both tests and a reason")
                elif not held and not rule.reasons.get(side):
                    self.problems.append(f"{rule.id}: {side} has neither a test nor a reason")

    def cell(self, rule: Rule, side: str) -> str:
        """What the page says of one side of a rule."""
        tests = self._tests.get((rule.id, side))
        return "<br>".join(f"`{test}`" for test in tests) if tests else rule.reasons[side]

    def page(self) -> str:
        """The page."""
        return "\n".join((_INTRODUCTION, *self._counted(), *self._tables()))

    def _counted(self) -> Iterator[str]:
        yield from ("| | Gateway | Simulated exchange |", "| --- | ---: | ---: |")
        gateway, exchange = (
            Counter(self._kind(rule, side) for rule in self.rules) for side in SIDES
        )
        for kind in _KINDS:
            yield f"| {kind} | {gateway[kind]} | {exchange[kind]} |"
        yield ""

    def _kind(self, rule: Rule, side: str) -> str:
        held, unverified, other = _KINDS
        if (rule.id, side) in self._tests:
            return held
        return unverified if rule.reasons[side].startswith("open") else other

    def _tables(self) -> Iterator[str]:
        for section, rules in self.sections.items():
            yield from (f"## {section}", "")
            yield "| ID | Pages | Rule | Gateway | Simulated exchange |"
            yield "| --- | --- | --- | --- | --- |"
            for rule in rules:
                cells = (rule.id, rule.pages, rule.text, *(self.cell(rule, s) for s in SIDES))
                yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
            yield ""


def marks_of(path: Path, tests: Path = TESTS) -> Iterator[Mark]:
    """The marks in a module of tests.

    :raises ValueError: for a mark at what is no test, or without names that can be read.
    """
    source = path.read_text("utf-8")
    if "@holds(" not in source:
        return
    name = path.relative_to(tests).with_suffix("").as_posix()
    side = "exchange" if name.startswith("sim/") else "gateway"
    for node in ast.walk(ast.parse(source)):
        for decorator in getattr(node, "decorator_list", ()):
            if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "holds":
                continue
            test = getattr(node, "name", "")
            if not test.startswith("test_"):
                raise ValueError(f"{path}:{decorator.lineno}: a mark at {test}, which is no test")
            rules = [ast.literal_eval(one) for one in decorator.args]
            if not rules or not all(isinstance(one, str) for one in rules):
                raise ValueError(f"{path}:{decorator.lineno}: a mark without the names of rules")
            for rule in rules:
                yield Mark(rule, side, f"{name}.{test.removeprefix('test_')}")


def read() -> Conformance:
    """The rules and marks of this checkout."""
    paths = sorted(TESTS.rglob("test_*.py"))
    marks = [mark for path in paths for mark in marks_of(path)]
    return Conformance((TESTS / "ctp_rules.yaml").read_text("utf-8"), marks)


def main() -> int:
    """Write the page; 1 where rules and marks do not fit each other."""
    conformance = read()
    for problem in conformance.problems:
        print(problem, file=sys.stderr)
    if conformance.problems:
        return 1
    page = conformance.page()
    if not PAGE.exists() or PAGE.read_text("utf-8") != page:
        PAGE.write_text(page, "utf-8")
        print(f"written 已更新: {PAGE.relative_to(TESTS.parent)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
