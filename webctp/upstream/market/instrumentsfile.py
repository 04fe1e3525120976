"""Read ``InstrumentsFile``, a list of instruments in whichever form people keep one.

Plain text with an InstrumentID a line (``#`` begins a comment), CSV with a column
``InstrumentID``, or JSON: a list of texts, or of objects with ``InstrumentID``. The encoding is
UTF-8 or GB18030.
"""

import csv
import json
from typing import Any, Final

from webctp.ctp.codec import CodecError, gbk
from webctp.language.text import english
from webctp.upstream import files

_COLUMN: Final = "InstrumentID"
_LONGEST: Final = 80
"""Bytes of an InstrumentID."""


class InstrumentsFileError(Exception):
    """A file that lists no instruments; the text is one line that says where and why."""


def instruments_in(path: str) -> list[bytes]:
    """Return the instruments of the file at ``path``, in its order.

    :raises InstrumentsFileError: if it cannot be read, or is none.
    """
    try:
        raw = files.content(path)
    except OSError as problem:
        raise InstrumentsFileError(
            english("{path}: {reason}", path=path, reason=problem.strerror)
        ) from problem
    text = _decoded(path, raw)
    if text.lstrip()[:1] in ("[", "{"):
        names = _of_json(path, text)
    else:
        names = _of_lines(path, text.splitlines())
    found = dict.fromkeys(_checked(path, name.strip()) for name in names if name.strip())
    if not found:
        raise InstrumentsFileError(english("{path}: found no instruments", path=path))
    return list(found)


def _decoded(path: str, raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InstrumentsFileError(english("{path}: found neither UTF-8 nor GB18030 text", path=path))


def _of_lines(path: str, lines: list[str]) -> list[str]:
    """Return the names of CSV, where the first line has the column; else a name a line."""
    try:
        if _COLUMN in next(csv.reader(lines[:1]), ()):
            return [row[_COLUMN] or "" for row in csv.DictReader(lines)]
    except csv.Error as problem:
        raise InstrumentsFileError(
            english("{path}: not CSV: {problem}", path=path, problem=problem)
        ) from None
    return [line.partition("#")[0] for line in lines]


def _of_json(path: str, text: str) -> list[str]:
    try:
        listed: Any = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InstrumentsFileError(
            english("{path}: not JSON: {problem}", path=path, problem=problem)
        ) from None
    rows: list[Any] = listed if isinstance(listed, list) else [None]
    named = [row.get(_COLUMN) if isinstance(row, dict) else row for row in rows]
    names = [name for name in named if isinstance(name, str)]
    if len(names) < len(named):
        raise InstrumentsFileError(
            english(
                "{path}: wanted a list of texts, or of objects with {column}, in JSON",
                path=path,
                column=_COLUMN,
            )
        )
    return names


def _checked(path: str, name: str) -> bytes:
    try:
        raw = gbk(name, _COLUMN)
    except CodecError as problem:
        raise InstrumentsFileError(
            english("{path}: {problem}", path=path, problem=problem)
        ) from None
    if len(raw) > _LONGEST or "*" in name or not name.isprintable():
        raise InstrumentsFileError(
            english(
                "{path}: {name!r} is no {column}", path=path, name=name[:_LONGEST], column=_COLUMN
            )
        )
    return raw
