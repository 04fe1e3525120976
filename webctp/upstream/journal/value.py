"""What the journal keeps of values that neither JSON nor SQLite can hold as they are.

A refused request's body is what a client wrote: integers beyond 64 bits, NaN, halves of
surrogate pairs, nesting without end. What cannot be kept as a number is kept as text.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from webctp.secret import hide_tokens

_LEAST: Final = -(2**63)
_MOST: Final = 2**63 - 1
_DEEPEST: Final = 16
"""Levels of a body that are kept; CTP's structs have one."""


def cell(value: object) -> object:
    """Return a value for a column of SQLite's: itself where it fits, else its text."""
    if value is None or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, int) and _LEAST <= value <= _MOST:
        return value
    return text(value)


def text(value: object) -> str:
    """Return a value's text, without tokens; half a surrogate pair is written as ``\\udcb0``."""
    written = hide_tokens(value if isinstance(value, str) else _written(value))
    try:
        written.encode()
    except UnicodeEncodeError:
        return written.encode(errors="backslashreplace").decode()
    return written


def json(body: Mapping[str, Any]) -> str:
    """Return a body as JSON, without tokens.

    It never fails, and a reader with 64-bit integers can read it.
    """
    if all(map(_plain, body.values())):
        try:
            return hide_tokens(msgspec.json.encode(body).decode())
        except UnicodeEncodeError:
            pass  # rare, and looking for it in every text would cost more than this
    return hide_tokens(msgspec.json.encode(_kept(body, _DEEPEST)).decode())


def _plain(value: object) -> bool:
    kind = type(value)
    if kind is str or value is None:
        return True
    if kind is int:
        return _LEAST <= value <= _MOST  # type: ignore[operator]
    return kind is float and math.isfinite(value)  # type: ignore[arg-type]


def _kept(value: object, levels: int) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, Mapping) and levels:
        return {text(name): _kept(inner, levels - 1) for name, inner in value.items()}
    if isinstance(value, list | tuple) and levels:
        return [_kept(inner, levels - 1) for inner in value]
    return cell(value)


def _written(value: object) -> str:
    try:
        return str(value)
    except (RecursionError, ValueError):  # nested beyond all, or an integer of 5,000 digits
        return f"({type(value).__name__})"
