"""Recorded ticks: what a row of a recording holds, as a line of CSV and as values of columns.

A row is the time a tick was received and every field of ``CThostFtdcDepthMarketDataField`` in the
struct's order, reserved ones too, so that a tick read back is the tick recorded, field for field:

* ``ReceivedTime`` is nanoseconds since 1970 (UTC).
* A number that is not set (DBL_MAX) is an empty cell. Other numbers are the shortest digits that
  read back as the same double; NaN and infinities are ``nan``, ``inf`` and ``-inf``.
* Text is UTF-8. What would need quotes, or is no text in GB18030, is written byte by byte as
  ``\\xNN``, so a line can be split at its commas by anything. What stands behind a text's NUL is
  nobody's and is not recorded.

Rows of other recorders are read too: columns are found by their names, CTP's own or their Chinese
meanings; those that are missing are unset, those that are unknown are passed over.
"""

import math
import re
import struct
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec

from webctp.ctp import binding
from webctp.ctp.codec import DBL_MAX, FieldLayout, Layout, format_of, text_of
from webctp.exchanges.tickdays import RowTimes, Stamp, is_of_czce
from webctp.language.text import Text, english
from webctp.recording.cells import (
    TEXTS,
    ForeignCells,
    Kept,
    Note,
    RowError,
    cell_of,
    converter,
    date_of,
    nanoseconds,
    silent,
    unset,
    wanted,
)

TICK: Final = "CThostFtdcDepthMarketDataField"
RECEIVED: Final = "ReceivedTime"
"""The first column: when the tick was received, in nanoseconds since 1970 (UTC)."""

_UNSET: Final = "1.7976931348623157e308"
_UNSET_CELL: Final = f",{_UNSET}".encode()
_NO_NUMBER: Final = b",null"
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)
_CHINA_1970: Final = datetime(1970, 1, 1, 8)
_MICROSECOND: Final = timedelta(microseconds=1)


@cache
def chinese_names() -> dict[str, str]:
    """Return CTP's field of each Chinese column: the meaning that the binding gives, and 日期.

    Source: the headers of the tick files that are sold in China, which are these meanings.
    """
    fields = binding.load().market.struct(TICK).fields
    names = {field.meaning: field.name for field in fields if not field.reserved}
    return {**names, "日期": "TradingDay"}


class Tick(NamedTuple):
    """A recorded tick: ``received`` in nanoseconds since 1970 (UTC), ``raw`` the struct's bytes."""

    received: int
    raw: bytes


class RowFormat:
    """Read and write rows of one build of the binding. For one thread only.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.chinese = chinese_names()
        self.columns = (RECEIVED, *(field.name for field in layout.fields))
        self.header = ",".join(self.columns).encode() + b"\n"
        self._unpack = struct.Struct(format_of(layout.fields, layout.size)).unpack
        self._textual = tuple(
            place for place, field in enumerate(layout.fields) if field.kind in TEXTS
        )
        self._encode = msgspec.json.Encoder().encode
        # Raw: goes into the encoded row as it stands.
        self._cells = Kept(lambda raw: msgspec.Raw(cell_of(raw).encode()))

    def line(self, tick: Tick) -> bytes:
        """Return a tick as a line of CSV, ended by a newline."""
        values: list[Any] = list(self._unpack(tick.raw))
        cells = self._cells
        for place in self._textual:
            values[place] = cells[values[place]]
        # A row is a JSON list without its brackets, but for numbers that JSON does not have.
        row = self._encode([tick.received, *values])
        if _NO_NUMBER in row:
            values = [_number(value) if isinstance(value, float) else value for value in values]
            row = self._encode([tick.received, *values])
        return row[1:-1].replace(_UNSET_CELL, b",") + b"\n"

    def values(self, tick: Tick) -> list[Any]:
        """Return a tick as values in the order of `columns`; None for a number that is not set."""
        values: list[Any] = [
            None if value == DBL_MAX else value for value in self._unpack(tick.raw)
        ]
        cells = self._cells
        for place in self._textual:
            values[place] = bytes(cells[values[place]]).decode()
        return [tick.received, *values]

    def reader(
        self, columns: Sequence[str], note: Note = silent, day: date | None = None
    ) -> "RowReader":
        """Return what reads rows of the columns given, in their order.

        :param note, day: see :class:`RowReader`.
        :raises RowError: if they are not those of a recording of ticks.
        """
        return RowReader(self, columns, note, day)


class RowReader:
    """Read rows whose columns are known; made by :meth:`RowFormat.reader`.

    Where no time of reception is recorded, rows are timed by their own dates and UpdateTime.

    :param note: takes a line about each way in which cells are read otherwise than they stand,
        once for each.
    :param day: the trading day of rows that tell neither a date nor their time of reception.
    """

    def __init__(
        self, rows: "RowFormat", columns: Sequence[str], note: Note, day: date | None = None
    ) -> None:
        layout = rows.layout
        names = [rows.chinese.get(name, name) for name in columns]
        places = {name: place for place, name in enumerate(names)}
        if "InstrumentID" not in places or len(places) != len(names):
            raise RowError(english("no columns of ticks; the first line must name CTP's fields"))
        self.unknown = tuple(name for name in names if name not in {RECEIVED, *layout.by_name})
        self.instrument = places["InstrumentID"]
        """The place of the InstrumentID among the cells."""
        ours = tuple(names) == rows.columns
        foreign = None if ours else ForeignCells(note)
        self._width = len(names)
        self._received = places.get(RECEIVED)
        self._received_of = nanoseconds if foreign is None else foreign.received
        self._fields = layout.fields
        self._reads = tuple(
            (places.get(field.name), unset(field), converter(field, foreign))
            for field in layout.fields
        )
        self._pack = struct.Struct(format_of(layout.fields, layout.size)).pack
        self._fraction = None if foreign is None else foreign.fraction
        self._milliseconds = _place(layout, "UpdateMillisec")
        self._stamped = tuple(
            _place(layout, name)
            for name in ("TradingDay", "ActionDay", "UpdateTime", "InstrumentID")
        )
        self._times = None if self._received is not None else RowTimes()
        # A tick whose reception was recorded stays as it was recorded.
        named = day if self._received is None else None
        self._day_cell = b"" if named is None else f"{named:%Y%m%d}".encode()

    def settle(self, rows: Iterable[Sequence[Any]]) -> None:
        """Look ahead, where the first row alone may not tell its date; cells that fail do not.

        :raises RowError: if there are rows, and none of them tells when it was.
        """
        if self._times is None:
            return
        found = timed = False
        for cells in rows:
            try:
                stamp = self._stamp(self._values(cells))
            except RowError:
                continue
            found, timed = True, timed or stamp is not None
            if stamp is not None and self._times.settle(stamp):
                return
        if not found or self._times.is_dated:
            return
        if timed:
            raise RowError(
                english(
                    "no row tells its date (TradingDay, ActionDay or ReceivedTime); name the "
                    "trading day of all of them: --day 20261123 of bars import, ?day=20261123 of "
                    "replay://, or the file's name, TICKS-20261123.csv"
                )
            )
        raise RowError(english("no row tells when it was (UpdateTime or ReceivedTime)"))

    def tick(self, cells: Sequence[Any]) -> Tick:
        """Return the tick of a row's cells: text of CSV, or values where the file holds typed ones.

        :raises RowError: naming the cell that is wrong.
        """
        values = self._values(cells)
        try:
            raw = self._pack(*values)
        except (ValueError, TypeError, OverflowError, struct.error):
            raise RowError(self._complaint(cells)) from None
        if self._times is None:
            return Tick(self._reception(cells), raw)
        gone = self._times.of(self._stamp(values)) - _CHINA_1970
        return Tick(gone // _MICROSECOND * 1000, raw)

    def _values(self, cells: Sequence[Any]) -> list[Any]:
        """Return what is packed, in the struct's order."""
        if len(cells) != self._width:
            raise RowError(
                english(
                    "{count} cells found, wanted {wanted}", count=len(cells), wanted=self._width
                )
            )
        values = []
        try:
            for place, empty, convert in self._reads:
                if place is None:
                    values.append(empty)
                    continue
                cell = cells[place]
                values.append(empty if cell is None or cell == "" else convert(cell))
        except (ValueError, TypeError, OverflowError):
            raise RowError(self._complaint(cells)) from None
        if self._day_cell:
            self._put_day(values)
        if self._fraction is not None:
            fraction = self._fraction()
            if fraction and not values[self._milliseconds]:
                values[self._milliseconds] = fraction
        return values

    def _put_day(self, values: list[Any]) -> None:
        """Give a row that tells no date the day that its file is of."""
        day, action, _, _ = self._stamped
        if date_of(text_of(values[day])) is None and date_of(text_of(values[action])) is None:
            values[day] = self._day_cell

    def _reception(self, cells: Sequence[Any]) -> int:
        cell = cells[self._received or 0]
        try:
            received = self._received_of(cell)
        except (ValueError, TypeError, OverflowError):
            raise RowError(_found(RECEIVED, cell, english("nanoseconds"))) from None
        if not 0 <= received < 2**63:
            raise RowError(_found(RECEIVED, received, english("nanoseconds since 1970")))
        return received

    def _stamp(self, values: Sequence[Any]) -> Stamp | None:
        """Return the dates and the time of a row, None where it tells no time."""
        day, action, clock, instrument = (values[place] for place in self._stamped)
        second = _CLOCK.fullmatch(text_of(clock))
        if second is None:
            return None
        milliseconds = values[self._milliseconds]
        fraction = milliseconds if 0 <= milliseconds < 1000 else 0
        return Stamp(
            date_of(text_of(day)),
            date_of(text_of(action)),
            time(int(second[1]), int(second[2]), int(second[3]), fraction * 1000),
            # A day that was named is a trading day, whoever the exchange is.
            is_of_czce(instrument) and day is not self._day_cell,
        )

    def _complaint(self, cells: Sequence[Any]) -> Text:
        """Return what is wrong with a row that could not be packed: the first cell that cannot."""
        for field, (place, empty, convert) in zip(self._fields, self._reads, strict=True):
            if place is None:
                continue
            cell = cells[place]
            try:
                value = empty if cell is None or cell == "" else convert(cell)
                alone = FieldLayout(field.name, 0, field.size, field.kind)
                struct.pack(format_of((alone,), field.size), value)
            except (ValueError, TypeError, OverflowError, struct.error):
                return _found(field.name, cell, wanted(field))
        return english("no tick")


def _place(layout: Layout, name: str) -> int:
    return next(place for place, field in enumerate(layout.fields) if field.name == name)


def _number(value: float) -> float | msgspec.Raw:
    """Return a number for the encoder, which knows no NaN and no infinity."""
    return value if math.isfinite(value) else msgspec.Raw(repr(value).encode())


def _found(name: str, cell: object, wanted: str) -> Text:
    shown = repr(cell)
    return english(
        "{name}: {cell} found, wanted {wanted}",
        name=name,
        cell=shown if len(shown) <= 40 else f"{shown[:40]}…",
        wanted=wanted,
    )
