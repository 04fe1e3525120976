"""A YAML file as a read-only tree of text that knows its lines.

Nothing is converted here: `0000` is four characters. A name is refused a second time in the same
mapping. Text under a name that speaks of a secret (AuthCode, Password …) comes as a `Secret`.
`${NAME}` stands for the environment's variable of that name, `$${` for the two characters `${`.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import yaml

from webctp.language.text import Text, english, joined, verbatim
from webctp.secret import Secret

#: A value as the file states it; None where it is empty or null.
Tree: TypeAlias = "str | Secret | tuple[Tree, ...] | Section | None"

_SECRET_NAME = re.compile(r"(authcode|password|secret|tokens?)$", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}", re.ASCII)
_BEYOND_UNICODE = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
_DEEPEST = 16  # levels of nesting; an alias that holds itself would go on for ever


class ConfigError(Exception):
    """What is wrong with the configuration, on one line: file, key, what was found and wanted.

    Where a value turns out to be wrong only when it is used, the text names no file, and ``keys``
    lead to the value: ``("Sim", "Faults", "Duplicate")``. See :func:`webctp.config.located`.
    """

    def __init__(self, reason: Text, keys: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.keys = keys


class Source(StrEnum):
    """Where a value may come from, the strongest first."""

    COMMAND_LINE = "command line"
    ENVIRONMENT = "environment"
    CREDENTIAL = "credential"
    SECRET_FILE = "secret file"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from.

    :ivar place: a file with its line, a variable, or the path of a credential; empty for defaults.
    :ivar file: the file that holds the value itself; empty where none does.
    """

    source: Source
    place: str = ""
    file: str = ""


class Section(Mapping[str, Tree]):
    """A mapping of the file, in its order; `line(name)` is where a name stands (from 1)."""

    def __init__(
        self,
        values: Mapping[str, Tree],
        lines: Mapping[str, int],
        line: int = 1,
        origins: Mapping[str, Origin] | None = None,
    ) -> None:
        self._values = dict(values)
        self._origins = dict(origins or {})
        self._lines = dict(lines)
        self._line = line

    def __getitem__(self, name: str) -> Tree:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values))

    def __repr__(self) -> str:
        return repr(self._values)

    def line(self, name: str) -> int:
        """Return the line of a name, or of the section itself for a name it does not hold."""
        return self._lines.get(name, self._line)

    def origin(self, path: str, name: str) -> Origin:
        """Return where the value of a name comes from.

        :param path: the file, for what no other source has put in its place.
        """
        found = self._origins.get(name)
        return found or Origin(Source.FILE, f"{path}:{self.line(name)}", path)

    def with_values(
        self, values: Mapping[str, Tree], origins: Mapping[str, Origin] | None = None
    ) -> "Section":
        """Return the section with other values, which come from elsewhere where that is said."""
        return Section(values, self._lines, self._line, {**self._origins, **(origins or {})})


def read(path: str) -> Section:
    """Return what the file at `path` says; raise ConfigError when it says nothing readable."""
    root = _compose(path, _decoded(path))
    if root is None:
        return Section({}, {})
    if not isinstance(root, yaml.MappingNode):
        line = root.start_mark.line + 1
        raise ConfigError(
            english(
                "{path}:{line}: found no keys, wanted lines of the form Key: value（应为 键: 值）",
                path=path,
                line=line,
            )
        )
    return _section(path, root, "", 0)


def parsed(place: str, text: str, name: str) -> Tree:
    """Return a value that stands alone, outside of a file, as a file would state it.

    :param place: where it stands, for messages.
    :param name: the key that it is for.
    :raises ConfigError: if it is neither text nor, in brackets, a list or a mapping of YAML.
    """
    if _SECRET_NAME.search(name):
        return Secret(text)
    if text.lstrip()[:1] not in ("[", "{"):
        return text or None
    node = _compose(place, text)
    return None if node is None else _tree(place, node, name, 0)


def revealed(section: Section) -> dict[str, object]:
    """Return what a section holds, its secrets as plain text: for whom they are meant."""

    def plain(value: Tree) -> object:
        match value:
            case Secret():
                return value.reveal()
            case Section():
                return revealed(value)
            case _:
                return value

    return {name: plain(value) for name, value in section.items()}


def shown(value: Tree) -> Text:
    """Return a value for a message: short, on one line, secrets as stars."""
    match value:
        case None:
            return english("nothing")
        case str():
            return verbatim(repr(value if len(value) <= 60 else value[:60] + "…"))
        case Secret():
            return verbatim(repr(value))
        case tuple():
            listed = joined(", ", map(shown, value[:4])) or english("nothing")
            return english("a list of {listed}", listed=listed)
        case Section():
            return english("a mapping")


def _decoded(path: str) -> str:
    """Return the text of the file: UTF-8, or the GB18030 that editors on Chinese Windows write."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(
            english(
                "{path}: found no file that can be read ({reason}), wanted a configuration file "
                "such as etc/sim.yaml（找不到可读的配置文件）",
                path=path,
                reason=reason,
            )
        ) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigError(
        english("{path}: found bytes that are no text, wanted UTF-8（应为 UTF-8 文本）", path=path)
    )


def _compose(path: str, text: str) -> yaml.Node | None:
    """Return the document's root node, or None for an empty document."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = english("a character that YAML does not allow")
    except yaml.MarkedYAMLError as error:
        # Quoted pieces of the file are cut out of the parser's words: they may be a secret.
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        found = re.sub(r"(['\"])[^'\"<]{2,}\1", "…", error.problem or "a mistake")
        problem = english("a mistake in YAML: {found}", found=found.removeprefix("found "))
        if "\\t" in (error.problem or ""):
            problem = english("a tab, where YAML takes spaces only")
        elif re.search("[*?]", "".join(text.splitlines()[line - 1 : line])):
            problem += english(" (text with * or ? goes in quotes * 与 ? 须加引号)")
    except (ValueError, OverflowError):  # of chr(): PyYAML looks only whether there are digits
        beyond = _BEYOND_UNICODE.search(text)
        line = 1 if beyond is None else text.count("\n", 0, beyond.start()) + 1
        problem = english("an escape or a version beyond all bounds")
    except RecursionError:
        line, problem = 1, english("nesting without end")
    raise ConfigError(
        english(
            "{path}:{line}: found {problem}, wanted lines of the form Key: value（YAML 语法有误）",
            path=path,
            line=line,
            problem=problem,
        )
    )


def _tree(path: str, node: yaml.Node, name: str, depth: int) -> Tree:
    """Return what stands under `name`."""
    if depth > _DEEPEST:
        line = node.start_mark.line + 1
        raise ConfigError(
            english(
                "{path}:{line}: {name}: found nesting without end, wanted at most {most} "
                "levels（嵌套过深）",
                path=path,
                line=line,
                name=name[:60],
                most=_DEEPEST,
            )
        )
    if isinstance(node, yaml.ScalarNode):
        if node.tag == "tag:yaml.org,2002:null":
            return None
        value = _filled_in(path, node, name)
        return Secret(value) if _SECRET_NAME.search(name) else value
    if isinstance(node, yaml.SequenceNode):
        return tuple(_tree(path, item, name, depth + 1) for item in node.value)
    return _section(path, node, f"{name}.", depth + 1)


def _filled_in(path: str, node: yaml.ScalarNode, name: str) -> str:
    """Return a value with what the environment has for each ``${NAME}`` in it."""

    def variable(found: "re.Match[str]") -> str:
        if found[1] is None:
            return "${"
        if found[1] not in os.environ:
            raise ConfigError(
                english(
                    "{path}:{line}: {name}: found {variable}, which the environment does not have; "
                    "set it, or write $${{ for the two characters ${{（环境变量不存在）",
                    path=path,
                    line=node.start_mark.line + 1,
                    name=name,
                    variable=f"${{{found[1]}}}",
                )
            )
        return os.environ[found[1]]

    return _VARIABLE.sub(variable, str(node.value))


def _section(path: str, node: yaml.Node, prefix: str, depth: int) -> Section:
    """Return a mapping node, refusing what is no name and a name twice."""
    values: dict[str, Tree] = {}
    lines: dict[str, int] = {}
    for name_node, value_node in node.value:
        name = name_node.value
        line = name_node.start_mark.line + 1
        if not isinstance(name, str) or not name.isprintable():
            raise ConfigError(
                english(
                    "{path}:{line}: found a key that is no plain text, wanted a name（键应为文本）",
                    path=path,
                    line=line,
                )
            )
        if ":" in name:  # what follows the colon is a value, and may be a secret
            name = name.partition(":")[0]
            raise ConfigError(
                english(
                    "{path}:{line}: {prefix}{name}: found no space after the colon, wanted {name}: "
                    "value（冒号后应有空格）",
                    path=path,
                    line=line,
                    prefix=prefix,
                    name=name,
                )
            )
        if name in lines:
            raise ConfigError(
                english(
                    "{path}:{line}: {prefix}{name}: found a second time, wanted once (line "
                    "{first} has it)（重复的键）",
                    path=path,
                    line=line,
                    prefix=prefix,
                    name=name,
                    first=lines[name],
                )
            )
        lines[name] = line
        values[name] = _tree(path, value_node, prefix + name, depth)
    return Section(values, lines, node.start_mark.line + 1)
