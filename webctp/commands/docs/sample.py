"""The keys that a configuration in ``etc/`` does not state, as comments with their defaults."""

import dataclasses
import re
import textwrap
from collections.abc import Iterator
from inspect import get_annotations
from typing import Any, Final
from unicodedata import east_asian_width

from webctp.commands.docs.page import pieces
from webctp.config import Config, Key, Section, keys
from webctp.secret import Secret

PART: Final = "keys"
"""The part of a configuration in ``etc/`` that is made here."""
_WIDTH: Final = 100
_STATED: Final = re.compile(r"^(\w+):", re.MULTILINE)
_TOKENS: Final = re.compile(
    r"[\u2e80-\uffef][，。；：、）！？]*|[\u0021-\u2e7f]+[，。；：、）！？]*|\s+"
)


def other_keys(text: str) -> str:
    """Return a comment for each key of the table that the hand-written part does not state.

    :param text: a configuration with a made part.
    """
    written = "".join(piece.text for piece in pieces("", text) if piece.part is None)
    stated = set(_STATED.findall(written))
    return "\n\n".join(
        "\n".join((f"# --- {title} ".ljust(_WIDTH - _extra(title), "-"), "", "\n\n".join(shown)))
        for title, subject in _subjects()
        if (shown := [_commented(key) for key in subject if key.name not in stated])
    )


def _subjects() -> Iterator[tuple[str, list[Key]]]:
    """Give the keys of each section of the table, under its title in both languages."""
    by_attribute = {key.attribute: key for key in keys()}
    base: Any  # a section, or Python's own
    for base in reversed(Config.__mro__):
        own = [by_attribute[name] for name in get_annotations(base) if name in by_attribute]
        if own:
            yield base.title, own


def _commented(key: Key) -> str:
    lines = [*_wrapped(key.en), *_wrapped(key.zh)]
    lines = [f"# {line}" for line in lines]
    if key.kind.section is None:
        return "\n".join((*lines, f"#{key.name}: {_value(key)}".rstrip()))
    lines.append(f"#{key.name}:")
    for below in keys(key.kind.section):
        said = (*_wrapped(below.en, _WIDTH - 5), *_wrapped(below.zh, _WIDTH - 5))
        lines += [f"#  # {line}" for line in said]
        lines.append(f"#  {below.name}: {_value(below)}".rstrip())
    return "\n".join(lines)


def _value(key: Key) -> str:
    """Return a value as it stands in a file: the default, or an example where there is none."""
    if key.example:
        return key.example
    match key.default:
        case None | dataclasses.MISSING | "" | ():
            return ""
        case bool(flag):
            return str(flag).lower()
        case float(number) if number.is_integer():
            return str(int(number))
        case tuple(several):
            return "[" + ", ".join(f'"{one}"' for one in several) + "]"
        case Section() | dict():
            return "{}"
        case Secret():
            return ""
        case other:
            return str(other)


def _wrapped(text: str, width: int = _WIDTH - 2) -> list[str]:
    """Cut text into lines; a Chinese character is two columns wide, and may begin a line."""
    if text.isascii():
        return textwrap.wrap(text, width, break_on_hyphens=False)
    lines, line = [], ""
    for token in _TOKENS.findall(text):
        if line and _columns(line + token.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += token if line else token.lstrip()
    return [*lines, line.rstrip()]


def _columns(text: str) -> int:
    return len(text) + _extra(text)


def _extra(text: Any) -> int:
    """Return how many columns text takes beyond one a character."""
    return sum(east_asian_width(one) in "WF" for one in text)
