"""Read and write files of recorded ticks: CSV here, Parquet in :mod:`webctp.recording.parquet`.

CSV that somebody has compressed (``.csv.gz``) is read as well.

Rows are those of :mod:`webctp.recording.rows`.

Recordings are named by their trading day: ``TICKS-20261123.csv``, and where a day has more files
``TICKS-20261123-0002.csv`` and so on. Reading skips what is damaged or of another kind and tells
its file and line; writing leaves no torn row behind, whatever happens.
"""

import csv
import gzip
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Final, Protocol

from webctp.language.text import Text, english, verbatim
from webctp.recording.cells import RowError, date_of, silent
from webctp.recording.errors import Report, Skips, TickFileError
from webctp.recording.rows import RowFormat, RowReader, Tick

FORMATS: Final = ("csv", "parquet")
UNDATED: Final = "undated"
"""Stands in a file's name for the TradingDay of ticks that tell none."""

_NAME: Final = re.compile(r"TICKS-(\d{8}|undated)(?:-(\d{4,}))?\.(csv|csv\.gz|parquet)", re.ASCII)
_PACKED: Final = ".gz"
_LINE: Final = 16_384
"""Bytes beyond which a line is no row: the tail of a file after a power cut may be one of NULs."""
_IDLE: Final = 60.0
"""Seconds without a tick after which a file is brought to the disk and closed."""


class TickWriter(Protocol):
    """Append ticks to an open recording. For one thread; every call may raise OSError."""

    @property
    def full(self) -> bool:
        """Return whether the file should be closed now; the next ticks open another."""

    def write(self, ticks: Sequence[Tick]) -> None:
        """Add ticks: all of them, or none when it raises."""

    def close(self) -> None:
        """Bring everything to the disk and close; if it raises, it may be tried again."""

    def abandon(self) -> int:
        """Give up after an error; gives how many ticks written before are lost with the file."""


def name_of(day: str, part: int, kind: str) -> str:
    """Return the name of the ``part``-th file (from 1) of a trading day."""
    number = f"-{part:04}" if part > 1 or kind == "parquet" else ""
    return f"TICKS-{day}{number}.{kind}"


def parts_of(folder: Path, day: str, kind: str) -> int:
    """Return the number of the last file of a day in a folder, 0 if there is none."""
    known = [_NAME.fullmatch(entry.name) for entry in folder.iterdir()]
    return max(
        (int(found[2] or 1) for found in known if found and (found[1], found[3]) == (day, kind)),
        default=0,
    )


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the recordings at a path: the file itself, or those in a folder in the order of days.

    :raises TickFileError: if there are none.
    """
    if not path.is_dir():
        if not path.is_file():
            raise TickFileError(english("{path}: no such file", path=path))
        return (path,)
    found = [(name, entry) for entry in path.iterdir() if (name := _NAME.fullmatch(entry.name))]
    if not found:
        raise TickFileError(
            english("{path}: no recordings (TICKS-20261123.csv) in this folder", path=path)
        )
    found.sort(key=lambda one: (one[0][1], int(one[0][2] or 1), one[1].name))
    return tuple(entry for _, entry in found)


def writer(folder: Path, day: str, kind: str, rows: RowFormat) -> TickWriter:
    """Open the recording of a trading day: the day's last file, if ticks can be added to it.

    :raises OSError: if it cannot be opened.
    :raises TickFileError: if the format needs what is not installed.
    """
    last = parts_of(folder, day, kind)
    if kind == "parquet":
        from webctp.recording.parquet import ParquetWriter

        return ParquetWriter(folder / name_of(day, last + 1, kind), rows)
    try:
        return CsvWriter(folder / name_of(day, last or 1, kind), rows)
    except TickFileError:
        # Another build of the binding, with other fields, began the day.
        return CsvWriter(folder / name_of(day, last + 1, kind), rows)


def read(path: Path, rows: RowFormat, report: Report, day: date | None = None) -> Iterator[Tick]:
    """Yield the ticks of a recording in the file's order; report and skip what is damaged.

    :param day: the trading day of ticks that tell no date; that of the file's name where it is
        left out.
    :raises TickFileError: if the file cannot be read, is no recording at all, or tells no date.
    """
    named = _NAME.fullmatch(path.name)
    if day is None and named is not None:
        day = date_of(named[1])
    if path.suffix == ".parquet":
        from webctp.recording.parquet import read_parquet

        return read_parquet(path, rows, Skips(path, report), day)
    return _read_csv(path, rows, Skips(path, report), day)


def instruments_of(path: Path, rows: RowFormat) -> dict[str, None]:
    """Return the cells of a recording's InstrumentIDs, in the order of their appearance.

    Without a look at anything else, so it may name some of rows that `read` would skip.

    :raises TickFileError: as `read` does.
    """
    if path.suffix == ".parquet":
        from webctp.recording.parquet import parquet_instruments

        return parquet_instruments(path, rows)
    return _csv_instruments(path, rows)


class CsvWriter:
    """Append to a CSV file of our own, or make one.

    A last line that was not finished (the machine died in the middle of it) is cut off first.

    :raises OSError: if the file cannot be opened or read.
    :raises TickFileError: if there is a file with other columns.
    """

    def __init__(self, path: Path, rows: RowFormat) -> None:
        self.path = path
        self._rows = rows
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            self._size = self._prepare()
        except BaseException:
            os.close(self._file)
            raise
        self._last = monotonic()

    @property
    def full(self) -> bool:
        """Return whether no tick has come for a while, so that the file may be closed."""
        return monotonic() - self._last >= _IDLE

    def write(self, ticks: Sequence[Tick]) -> None:
        """Append ticks to the CSV file; blocks on the disk."""
        self._last = monotonic()
        line = self._rows.line
        self._append(b"".join([line(tick) for tick in ticks]))

    def close(self) -> None:
        """Sync the file to disk and close it."""
        os.fsync(self._file)
        os.close(self._file)

    def abandon(self) -> int:
        """Close the file after a failed write; rows stay. Return 0, for no tick is lost."""
        with suppress(OSError):  # what went wrong before is what is told
            os.close(self._file)
        return 0

    def _prepare(self) -> int:
        """Make sure that rows can be added; the file's size from then on."""
        header = self._rows.header
        size = os.fstat(self._file).st_size
        found = os.pread(self._file, min(size, len(header)), 0)
        if not header.startswith(found):
            raise TickFileError(english("{path}: holds other columns", path=self.path))
        if len(found) < len(header):
            self._size = len(found)
            self._append(header[len(found) :])
            return self._size
        whole = _end_of_last_line(self._file, size)
        if whole < size:
            os.ftruncate(self._file, whole)
        return whole

    def _append(self, data: bytes) -> None:
        """Write all of it, or leave the file as it was."""
        written = 0
        try:
            while written < len(data):
                written += os.write(self._file, data[written:])
        except OSError:
            with suppress(OSError):  # what could not be written is the error to tell
                os.ftruncate(self._file, self._size)
            raise
        self._size += written


def _end_of_last_line(file: int, size: int) -> int:
    """Return the place behind the last newline."""
    end = size
    while end:
        start = max(0, end - _LINE)
        place = os.pread(file, end - start, start).rfind(b"\n")
        if place >= 0:
            return start + place + 1
        end = start
    return 0


def _read_csv(path: Path, rows: RowFormat, skips: Skips, day: date | None) -> Iterator[Tick]:
    table = _Table(path, rows, skips.noted, day)
    reader = table.reader
    skips.unknown(reader.unknown)
    try:
        reader.settle(_Table(path, rows, silent).cells())
    except RowError as problem:
        raise TickFileError(english("{where}: {problem}", where=path, problem=problem)) from None
    for number, line in table.lines:
        try:
            cells = table.cells_of(line)
            if cells:
                yield reader.tick(cells)
        except RowError as problem:
            skips.skipped(f"line {number}", str(problem))
    skips.done()


def _csv_instruments(path: Path, rows: RowFormat) -> dict[str, None]:
    table = _Table(path, rows, silent)
    place, width = table.reader.instrument, table.width
    # From the right: in CTP's order InstrumentID is one of the last columns.
    behind = width - place - 1
    found: dict[bytes, None] = {}
    for _, line in table.lines:
        if line is None or line.count(b",") < behind:
            continue
        if b'"' not in line:
            found[line.rstrip(b"\r\n").rsplit(b",", behind + 1)[-behind - 1]] = None
            continue
        with suppress(RowError):
            cells = table.cells_of(line)
            if len(cells) == width:
                found[cells[place].encode(table.encoding)] = None
    return {name.decode(table.encoding, "replace"): None for name in found}


class _Table:
    """A CSV file as its first line describes it; `lines` are those behind it.

    :param note: takes a line about what is read otherwise than it stands.
    :param day: see :class:`~webctp.recording.rows.RowReader`.
    :raises TickFileError: if the file cannot be read, or is no recording.
    """

    def __init__(self, path: Path, rows: RowFormat, note: Report, day: date | None = None) -> None:
        self.lines = _lines(path, rows.header)
        self.encoding = "utf-8"
        try:
            _, line = next(self.lines, (1, b""))
            header = line or b""
            if line is not None and not _decodes(header, "utf-8") and _decodes(header, "gb18030"):
                self.encoding = "gb18030"
                note(english("read as GBK text, which its first line is"))
            names = [name.strip().removeprefix("\ufeff") for name in self.cells_of(line)]
            self.width = len(names)
            self.reader: RowReader = rows.reader(names, note, day)
        except RowError as problem:
            raise TickFileError(
                english("{path}: line 1: {problem}", path=path, problem=problem)
            ) from None

    def cells(self) -> Iterator[list[str]]:
        """Yield the cells of the lines that are lines of CSV."""
        for _, line in self.lines:
            with suppress(RowError):
                yield self.cells_of(line)

    def cells_of(self, line: bytes | None) -> list[str]:
        """Return the cells of a line, none for an empty one.

        :raises RowError: if it is no line of CSV.
        """
        if line is None:
            raise RowError(english("not finished by a newline, or too long"))
        try:
            text = line.decode(self.encoding).rstrip("\r\n")
            if '"' in text:
                # Line by line, so that a stray quote cannot swallow what follows.
                return next(csv.reader([text], strict=True))
        except UnicodeDecodeError:
            raise RowError(_no_text(line, self.encoding)) from None
        except csv.Error as problem:
            raise RowError(verbatim(problem)) from None
        return text.split(",") if text else []


def _lines(path: Path, ours: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number from 1; None for one that is too long or was not finished.

    The last line of another recorder's file need not end with a newline.

    :param ours: the first line of files of ours, whose last line may be torn.
    """
    number, torn = 0, True
    try:
        with gzip.open(path) if path.suffix == _PACKED else open(path, "rb") as file:
            while line := file.readline(_LINE):
                number += 1
                if number == 1:
                    torn = line == ours
                whole = line.endswith(b"\n") or (number > 1 and not torn and len(line) < _LINE)
                yield number, line if whole else None
                while line and not line.endswith(b"\n"):
                    line = file.readline(_LINE)
    except (OSError, EOFError, zlib.error) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise TickFileError(english("{where}: {problem}", where=path, problem=reason)) from None


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _no_text(line: bytes, encoding: str) -> Text:
    """Say what is wrong with bytes that are no text of a file."""
    if encoding == "utf-8" and _decodes(line, "gb18030"):
        return english("no UTF-8 text, but GBK it seems; convert the file to UTF-8")
    return english("no UTF-8 text") if encoding == "utf-8" else english("no GBK text")
