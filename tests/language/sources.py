"""What the sources of webctp say to people: read from their syntax, without running them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Final

HOUSE: Final = Path(__file__).resolve().parents[2] / "webctp"

MAKER: Final = "english"
"""Makes a sentence of a template: :func:`webctp.language.text.english`."""

SAYING: Final = {
    "BadHead": 1,
    "BadMessage": 0,
    "BarStoreError": 0,
    "BindingError": 0,
    "CannotStart": 0,
    "CodecError": 1,
    "ConfigError": 0,
    "DataFileError": 0,
    "FlowError": 0,
    "InstrumentsFileError": 0,
    "JournalBroken": 0,
    "JournalInUse": 0,
    "LocaleError": 0,
    "NoDescriptors": 0,
    "NotGreeted": 0,
    "OptionError": 0,
    "RefRefused": 1,
    "Refusal": 1,
    "StateError": 0,
    "TickFileError": 0,
    "TlsError": 0,
    "TokenFileError": 0,
    "Trouble": 0,
    "TurnRefused": 0,
    "UnknownVersion": 0,
}
"""What is raised with a sentence for people, and at which place it takes it."""

PEOPLE: Final = (
    "gateway/access/principal.py",
    "gateway/access/tokens/record.py",
    "upstream/kill/halts.py",
    "config/",
    "commands/",
)
"""Modules whose ``ValueError`` is shown to people by ``reason_of``."""

_LEVELS: Final = ("debug", "info", "warn", "error", "critical", "failure")
_WORDS: Final = re.compile("[a-z]{2,} [a-z]{2,}")
_LOGGERS: Final = ("_log", "log")

#: The tools of contributors, which write documents and say what is wrong with them.
_TOOLS: Final = ("commands/docs", "testing")


@dataclass(frozen=True)
class Said:
    """A template, or what stands in a template's place, and where."""

    where: str
    node: ast.expr
    template: str | None
    """None for what is no plain text of the source."""


def placeholders(template: str) -> list[tuple[str, str, str]]:
    """Return a template's fields with their conversions and formats, in alphabetical order."""
    found = Formatter().parse(template)
    return sorted((name, conv or "", spec or "") for _, name, spec, conv in found if name)


def words(template: str) -> str:
    """Return what of a template is no placeholder."""
    return "".join(text for text, _, _, _ in Formatter().parse(template))


def said() -> Iterator[Said]:
    """Find the templates of sentences and of log lines, in every module."""
    for module in _modules():
        for call in module.calls:
            name = _name(call.func)
            if (name == MAKER and call.args) or (_is_log(call.func) and call.args):
                yield module.said(call.args[0])
            elif (name == "emit" and len(call.args) > 1) or (
                name == "callWhenRunning" and len(call.args) > 1 and _is_log(call.args[0])
            ):
                yield module.said(call.args[1])


def raised() -> Iterator[Said]:
    """Find what is raised for people without having been made a sentence."""
    for module in _modules():
        for call in module.calls:
            at = module.takes_sentence(call)
            given = None if at is None or len(call.args) <= at else call.args[at]
            if isinstance(given, ast.Constant | ast.JoinedStr | ast.BinOp):
                yield module.said(given)


def untold() -> Iterator[Said]:
    """Find words among the values of sentences and log lines that are no sentences themselves."""
    for module in _modules():
        for call in module.calls:
            if _name(call.func) == MAKER or _is_log(call.func) or _name(call.func) == "emit":
                for word in call.keywords:
                    yield from (module.said(one) for one in _texts(word.value) if _is_words(one))


def _texts(node: ast.expr) -> Iterator[ast.expr]:
    """Give the texts that a value may be, whichever way it is chosen."""
    match node:
        case ast.Constant() | ast.JoinedStr():
            yield node
        case ast.IfExp(body=body, orelse=other):
            yield from (*_texts(body), *_texts(other))
        case ast.BoolOp(values=values):
            for one in values:
                yield from _texts(one)
        case ast.BinOp(left=left, right=right):
            yield from (*_texts(left), *_texts(right))
        case _:
            pass


def _is_words(node: ast.expr) -> bool:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(
        one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )
    return bool(_WORDS.search(text))


class _Module:
    def __init__(self, path: Path) -> None:
        self._path = path.relative_to(HOUSE).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        self._constants = dict(_constants(tree))
        self.calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]

    def takes_sentence(self, call: ast.Call) -> int | None:
        """Return the place at which an exception that is shown to people takes its sentence."""
        match _name(call.func):
            case "OSError" if len(call.args) > 1:
                return 1
            case "ValueError" if self._path.startswith(PEOPLE):
                return 0
            case name:
                return SAYING.get(name)

    def said(self, node: ast.expr) -> Said:
        """Read a template that stands at its place, or as a constant of the same module."""
        given = self._constants.get(node.id) if isinstance(node, ast.Name) else node
        text = given.value if isinstance(given, ast.Constant) else None
        where = f"{self._path}:{node.lineno}"
        return Said(where, node, text if isinstance(text, str) else None)


def _modules() -> Iterator[_Module]:
    for path in sorted(HOUSE.rglob("*.py")):
        if not path.relative_to(HOUSE).as_posix().startswith(_TOOLS):
            yield _Module(path)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _is_log(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=level):
            return name in _LOGGERS and level in _LEVELS
        case _:
            return False
