"""Rows of structs as tables: columns, data frames, CSV, JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any, Final, TextIO

import msgspec

_FIRST: Final = "InstrumentID"
"""The column that people look for; CTP has it among the last."""


def columns(rows: Iterable[msgspec.Struct]) -> dict[str, list[Any]]:
    """Return the rows' columns by field; none for no rows.

    :raises TypeError: for rows of different structs.
    """
    listed = list(rows)
    if not listed:
        return {}
    kind = type(listed[0])
    if any(type(row) is not kind for row in listed):
        raise TypeError("the rows are of different structs; make a table of each")
    return {name: [getattr(row, name) for row in listed] for name in kind.__struct_fields__}


def to_dataframe(rows: Iterable[msgspec.Struct], library: str | None = None) -> Any:
    """Return the rows as a data frame of pandas, or of polars.

    :param library: ``pandas`` or ``polars``; without, the first that is installed.
    :raises ImportError: if it is not installed, with the remedy.
    """
    for name in (library,) if library else ("pandas", "polars"):
        try:
            module: Any = __import__(name)
        except ImportError:
            continue
        return module.DataFrame(columns(rows))
    wanted = library or "pandas or polars"
    raise ImportError(f"a data frame needs {wanted}: pip install {library or 'pandas'}")


def write_csv(rows: Sequence[msgspec.Struct], file: TextIO, *, header: bool = True) -> None:
    """Write rows as CSV, with the fields' names in the first line."""
    if not rows:
        return
    writer = csv.writer(file, lineterminator="\n")
    names = rows[0].__struct_fields__
    if header:
        writer.writerow(names)
    for row in rows:
        writer.writerow(["" if (one := getattr(row, name)) is None else one for name in names])


def json_line(row: msgspec.Struct) -> str:
    """Return a row as a line of JSON, with every field that is not its default."""
    return msgspec.json.encode(row).decode()


def as_table(rows: Sequence[msgspec.Struct], names: Sequence[str] | None = None) -> list[str]:
    """Return rows as lines of a table for people.

    :param names: the columns; without, those in which any row says something.
    :raises ValueError: for a column that is none.
    """
    if not rows:
        return []
    table = columns(rows)
    shown = list(names) if names else [name for name, one in table.items() if any(one)]
    if not names and _FIRST in shown:
        shown = [_FIRST, *(name for name in shown if name != _FIRST)]
    unknown = [name for name in shown if name not in table]
    if unknown:
        raise ValueError(f"there is no column {unknown[0]!r}; there are {', '.join(table)}")
    cells = [[name, *("" if one is None else str(one) for one in table[name])] for name in shown]
    widths = [max(map(_width, column)) for column in cells]
    lines = []
    for at in range(len(rows) + 1):
        parts = [
            column[at] + " " * (width - _width(column[at]))
            for column, width in zip(cells, widths)  # noqa: B905 - made together
        ]
        lines.append("  ".join(parts).rstrip())
    return lines


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)
