"""Recordings in Parquet, by pyarrow, which ``pip install pyarrow`` adds.

The columns are those of the CSV (see `tickrow`), typed: numbers as doubles and integers, null
where they are not set, texts with the same spelling of what is no text.

A Parquet file cannot be read before it is finished. So it is written under another name, and
finished every few minutes: what a crash can cost is the part that is open.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any, Final

from webctp.language.text import english
from webctp.recording.cells import RowError
from webctp.recording.errors import Skips, TickFileError
from webctp.recording.rows import RECEIVED, RowFormat, Tick

_GROUP: Final = 16_384
"""Ticks of a row group."""
_PART_TICKS: Final = 1_048_576
_PART_SECONDS: Final = 600.0
_SUFFIX: Final = ".part"


def pyarrow() -> tuple[Any, Any]:
    """Return the modules ``pyarrow`` and ``pyarrow.parquet``.

    :raises TickFileError: if they are not installed, naming the command that installs them.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as problem:
        raise TickFileError(
            english(
                "Parquet needs pyarrow ({problem}); install it: {executable} -m pip install "
                "pyarrow",
                problem=problem,
                executable=sys.executable,
            )
        ) from None
    return pyarrow, pyarrow.parquet


class ParquetWriter:
    """Write one Parquet file, as a :class:`webctp.recording.tickfile.TickWriter`.

    :raises TickFileError: without pyarrow.
    :raises OSError: if the file cannot be made.
    """

    def __init__(self, path: Path, rows: RowFormat) -> None:
        self._arrow, parquet = pyarrow()
        self._path = path
        self._part = path.with_name(path.name + _SUFFIX)
        self._rows = rows
        self._schema = _schema(self._arrow, rows)
        self._waiting: list[Tick] = []
        self._ticks = 0
        self._since = monotonic()
        self._writer = parquet.ParquetWriter(str(self._part), self._schema, compression="zstd")

    @property
    def full(self) -> bool:
        """Return whether the part holds as many ticks, or as much time, as a part may."""
        return self._ticks >= _PART_TICKS or monotonic() - self._since >= _PART_SECONDS

    def write(self, ticks: Sequence[Tick]) -> None:
        """Keep ticks for the next row group; write the group before where it is full."""
        if len(self._waiting) >= _GROUP:
            self._write_group()
        self._waiting.extend(ticks)
        self._ticks += len(ticks)

    def close(self) -> None:
        """Write what is left, sync the file and give it its final name."""
        if self._waiting:
            self._write_group()
        self._writer.close()
        with open(self._part, "rb") as file:
            os.fsync(file.fileno())
        os.rename(self._part, self._path)

    def abandon(self) -> int:
        """Delete the file, unreadable without its end. Return how many ticks are lost."""
        with suppress(OSError):  # what went wrong before is what is told
            self._writer.close()
        with suppress(OSError):
            os.unlink(self._part)
        return self._ticks

    def _write_group(self) -> None:
        values = self._rows.values
        columns = zip(*map(values, self._waiting), strict=True)
        arrays = [
            self._arrow.array(column, field.type)
            for column, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._waiting.clear()


def read_parquet(
    path: Path, rows: RowFormat, skips: Skips, day: date | None = None
) -> Iterator[Tick]:
    """Yield the ticks of a Parquet file; see `webctp.recording.tickfile.read`."""
    arrow, parquet = pyarrow()
    number = 0
    try:
        with parquet.ParquetFile(str(path)) as file:
            reader = rows.reader(file.schema_arrow.names, skips.noted, day)
            skips.unknown(reader.unknown)
            reader.settle(_rows(file))
            for cells in _rows(file):
                number += 1
                try:
                    yield reader.tick(cells)
                except RowError as problem:
                    skips.skipped(f"row {number}", str(problem))
    except (OSError, ValueError, OverflowError, arrow.ArrowException) as problem:
        raise _unreadable(path, problem) from None
    skips.done()


def _rows(file: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an open Parquet file."""
    for batch in file.iter_batches(4096):
        yield from zip(*[column.to_pylist() for column in batch.columns], strict=True)


def parquet_instruments(path: Path, rows: RowFormat) -> dict[str, None]:
    """Return the instruments of a Parquet file, in the order they first come."""
    arrow, parquet = pyarrow()
    found: dict[str, None] = {}
    try:
        with parquet.ParquetFile(str(path)) as file:
            names = file.schema_arrow.names
            instrument = names[rows.reader(names).instrument]
            for batch in file.iter_batches(65_536, columns=[instrument]):
                found.update(dict.fromkeys(map(str, batch.column(0).unique().to_pylist())))
    except (OSError, ValueError, OverflowError, arrow.ArrowException) as problem:
        raise _unreadable(path, problem) from None
    return found


def _unreadable(path: Path, problem: BaseException) -> TickFileError:
    """Say why a file cannot be read.

    pyarrow's own errors are but some: a name or text that is no UTF-8 is a ``UnicodeDecodeError``,
    a time beyond Python's a ``ValueError`` or an ``OverflowError``.
    """
    if isinstance(problem, RowError):
        return TickFileError(english("{where}: {problem}", where=path, problem=problem))
    said = " ".join(str(problem).split())
    return TickFileError(
        english("{path}: no Parquet file that can be read: {problem}", path=path, problem=said)
    )


def _schema(arrow: Any, rows: RowFormat) -> Any:
    types = {
        "double": arrow.float64(),
        "int64": arrow.int64(),
        "int32": arrow.int32(),
        "int16": arrow.int16(),
    }
    return arrow.schema(
        [
            (RECEIVED, arrow.int64()),
            *((field.name, types.get(field.kind, arrow.string())) for field in rows.layout.fields),
        ]
    )
