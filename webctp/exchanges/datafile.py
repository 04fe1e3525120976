"""A strict reader of the YAML data files beside this module.

People edit these files, so every mistake is told in one line: file and line, where in the file,
key, what was found, what is wanted. Scalars are read as text and converted by key, as YAML would
turn an unquoted 23:00 into 1380.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeVar

import yaml

from webctp.language.text import Text, english, joined

T = TypeVar("T")

# libyaml's parser is ten times faster than the Python one; wheels of PyYAML carry it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataFileError(ValueError):
    """A mistake in a data file, as one line that names file, line, place, key and remedy.

    What people read of it, in their language, is :func:`~webctp.language.text.reason_of`.
    """


class _Required:
    """The type of REQUIRED."""


REQUIRED: Final = _Required()
"""In place of a default: the key must be given."""


class Section:
    """A mapping of a data file, read key by key; `finish` refuses the keys nobody asked for."""

    def __init__(self, path: Path, place: str, line: int, nodes: Mapping[str, yaml.Node]) -> None:
        self._path = path
        self._place = place
        self._line = line
        self._nodes = nodes
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def error(self, message: Text, key: str | None = None) -> DataFileError:
        """Return the error to raise about `key`, or about this section as a whole."""
        node = self._nodes.get(key) if key else None
        line = node.start_mark.line + 1 if node else self._line
        place = ": ".join(part for part in (self._place, key) if part)
        return _mistake(self._path, line, place, message)

    def over(self, defaults: "Section") -> "Section":
        """Return this section with the keys it leaves out taken from `defaults`."""
        return Section(self._path, self._place, self._line, {**defaults._nodes, **self._nodes})

    def value(
        self,
        key: str,
        convert: Callable[[str], T],
        wanted: Text,
        default: T | _Required = REQUIRED,
    ) -> T:
        """Return the scalar at `key` by `convert`, which raises ValueError for a bad text.

        `wanted` completes the sentence "write …" of the error.
        """
        node = self._find(key, wanted, default)
        if node is None:
            return default  # type: ignore[return-value]  # _find raised if it was REQUIRED
        return self._convert(key, node, convert, wanted)

    def values(
        self,
        key: str,
        convert: Callable[[str], T],
        wanted: Text,
        default: tuple[T, ...] | _Required = REQUIRED,
    ) -> tuple[T, ...]:
        """Return the list at `key`, each item by `convert`."""
        node = self._find(key, wanted, default)
        if node is None:
            return default  # type: ignore[return-value]  # _find raised if it was REQUIRED
        if not isinstance(node, yaml.SequenceNode):
            message = english("no list; write a list of {wanted} in brackets", wanted=wanted)
            raise self.error(message, key)
        return tuple(self._convert(key, item, convert, wanted) for item in node.value)

    def section(self, key: str) -> "Section":
        """Return the mapping at `key`, an empty one where the key is left out."""
        self._asked.add(key)
        place = f"{self._place} {key}".strip()
        if key not in self._nodes:
            return Section(self._path, place, self._line, {})
        return _section(self._path, place, self._nodes[key])

    def sections(self) -> Iterator[tuple[str, "Section"]]:
        """Yield each key with the mapping it holds."""
        for key in self._nodes:
            yield key, self.section(key)

    def finish(self) -> None:
        """Refuse the keys that were never asked for, with the nearest name that was."""
        for key in self._nodes:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, 1)
                if near:
                    message = english("unknown key; did you mean {name}", name=near[0])
                else:
                    known = ", ".join(sorted(self._asked))
                    message = english("unknown key; write one of {known}", known=known)
                raise self.error(message, key)

    def _find(self, key: str, wanted: Text, default: object) -> yaml.Node | None:
        self._asked.add(key)
        node = self._nodes.get(key)
        if node is None and default is REQUIRED:
            raise self.error(english("missing; write {wanted}", wanted=wanted), key)
        return node

    def _convert(self, key: str, node: yaml.Node, convert: Callable[[str], T], wanted: Text) -> T:
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(english("no single value; write {wanted}", wanted=wanted), key)
        try:
            return convert(node.value)
        except ValueError:
            message = english("{found!r} found; write {wanted}", found=node.value, wanted=wanted)
            raise self.error(message, key) from None


def read(path: Path) -> Section:
    """Return the top mapping of the YAML file at `path`; raises DataFileError."""
    if path.exists() and not path.is_file():
        # To open a FIFO would wait for its other end.
        message = english("not a regular file; give a file that can be read")
        raise _mistake(path, None, "", message)
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=_LOADER)
    except OSError as error:
        message = english("{reason}; give a file that can be read", reason=error.strerror)
        raise _mistake(path, None, "", message) from None
    except UnicodeDecodeError as error:
        message = english("byte {start} is no UTF-8; save it as UTF-8", start=error.start)
        raise _mistake(path, None, "", message) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = english("no YAML: {problem}", problem=error.problem or error.context)
        raise _mistake(path, mark.line + 1 if mark else 1, "", message) from None
    except yaml.YAMLError as error:
        message = english("no YAML: {problem}", problem=" ".join(str(error).split()))
        raise _mistake(path, None, "", message) from None
    if root is None:
        message = english("the file is empty; start from the one in the package")
        raise _mistake(path, 1, "", message)
    return _section(path, "", root)


def _mistake(path: Path, line: int | None, place: str, message: Text) -> DataFileError:
    where = [str(path) if line is None else f"{path}:{line}", *([place] if place else [])]
    return DataFileError(joined(": ", (*where, message)))


def _section(path: Path, place: str, node: yaml.Node) -> Section:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise _mistake(path, line, place, english("no mapping; write `key: value` lines"))
    nodes: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _mistake(path, key.start_mark.line + 1, place, english("a key must be a name"))
        if key.value in nodes:
            line = key.start_mark.line + 1
            where = ": ".join(part for part in (place, key.value) if part)
            raise _mistake(path, line, where, english("given twice; keep one"))
        nodes[key.value] = value
    return Section(path, place, line, nodes)


def above_zero(text: str) -> float:
    """Convert to a finite number above 0."""
    return _bounded(text, 0, inclusive=False)


def ratio(text: str) -> float:
    """Convert to a finite number of at least 0."""
    return _bounded(text, 0, inclusive=True)


def _bounded(text: str, least: float, *, inclusive: bool) -> float:
    number = float(text)
    if not (least <= number if inclusive else least < number) or number == float("inf"):
        raise ValueError(text)
    return number


def count(text: str) -> int:
    """Convert to a whole number of at least 0."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def positive(text: str) -> int:
    """Convert to a whole number of at least 1."""
    number = count(text)
    if number == 0:
        raise ValueError(text)
    return number


def name_within(most: int) -> Callable[[str], str]:
    """Return a converter to a name that fits in `most` bytes of GBK, as CTP's fields hold it."""

    def convert(text: str) -> str:
        # A UnicodeEncodeError is a ValueError too.
        if not 1 <= len(text.encode("gbk")) <= most:
            raise ValueError(text)
        return text

    return convert


def one_of(table: Mapping[str, T]) -> Callable[[str], T]:
    """Return a converter from the words of `table` to their meanings."""

    def convert(text: str) -> T:
        if text not in table:
            raise ValueError(text)
        return table[text]

    return convert
