"""Recorded ticks: what a row of a recording holds, as a line of CSV and as values of columns.

A row is the time a tick was received and every field of ``CThostFtdcDepthMarketDataField`` in the
struct's order, reserved ones too, so that a tick read back is the tick recorded, field for field:

* ``ReceivedTime`` is nanoseconds since 1970 (UTC).
* A number that is not set (DBL_MAX) is an empty cell. Other numbers are the shortest digits that
  read back as the same double; NaN and infinities are ``nan``, ``inf`` and ``-inf``.
* Text is UTF-8. What would need quotes, or is no text in GB18030, is written byte by byte as
  ``\\xNN``, so a line can be split at its commas by anything. What stands behind a text's NUL is
  nobody's and is not recorded.

Rows of other recorders are read too: columns are found by their names, those that are missing
are unset, those that are unknown are passed over.
"""

import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec

from webctp.ctp.codec import DBL_MAX, FieldLayout, Layout, format_of

TICK: Final = "CThostFtdcDepthMarketDataField"
RECEIVED: Final = "ReceivedTime"
"""The first column: when the tick was received, in nanoseconds since 1970 (UTC)."""

_UNSET: Final = "1.7976931348623157e308"
_UNSET_CELL: Final = f",{_UNSET}".encode()
_NO_NUMBER: Final = b",null"
_NOT_SET: Final = frozenset({"", "N/A", "NA", "NULL", "null", "None"})
"""What recorders write for a number that is not set."""
_TEXTS: Final = frozenset({"text", "char", "bytes"})
_ESCAPE: Final = re.compile(r"\\x([0-9a-f]{2})")
_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f\\",]')
_UNFIT_BYTE: Final = re.compile(r'[^\x20-\x7e]|[\\",]')
_KEPT: Final = 65_536
_DAY_NS: Final = 86_400_000_000_000
_CHINA_NS: Final = 8 * 3_600_000_000_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)


class RowError(ValueError):
    """A row is no tick; the text says why."""


class Tick(NamedTuple):
    """A recorded tick: ``received`` in nanoseconds since 1970 (UTC), ``raw`` the struct's bytes."""

    received: int
    raw: bytes


class RowFormat:
    """Rows of one build of the binding. Not for several threads.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.columns = (RECEIVED, *(field.name for field in layout.fields))
        self.header = ",".join(self.columns).encode() + b"\n"
        self._unpack = struct.Struct(format_of(layout.fields, layout.size)).unpack
        self._textual = tuple(
            place for place, field in enumerate(layout.fields) if field.kind in _TEXTS
        )
        self._encode = msgspec.json.Encoder().encode
        # Raw: goes into the encoded row as it stands.
        self._cells = _Kept(lambda raw: msgspec.Raw(cell_of(raw).encode()))

    def line(self, tick: Tick) -> bytes:
        """A tick as a line of CSV, ended by a newline."""
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
        """A tick as values in the order of `columns`; None for a number that is not set."""
        values: list[Any] = [
            None if value == DBL_MAX else value for value in self._unpack(tick.raw)
        ]
        cells = self._cells
        for place in self._textual:
            values[place] = bytes(cells[values[place]]).decode()
        return [tick.received, *values]

    def reader(self, columns: Sequence[str]) -> "RowReader":
        """What reads rows of the columns given, in their order.

        :raises RowError: if they are not those of a recording of ticks.
        """
        return RowReader(self.layout, columns)


class RowReader:
    """Reads rows whose columns are known; see :meth:`RowFormat.reader`.

    Where no time of reception is recorded, rows are timed by the exchanges' UpdateTime.
    """

    def __init__(self, layout: Layout, columns: Sequence[str]) -> None:
        places = {name: place for place, name in enumerate(columns)}
        if "InstrumentID" not in places or len(places) != len(columns):
            raise RowError("no columns of ticks; the first line must name CTP's fields")
        self.unknown = tuple(name for name in columns if name not in {RECEIVED, *layout.by_name})
        self._width = len(columns)
        self._received = places.get(RECEIVED)
        self._fields = layout.fields
        self._reads = tuple(
            (places.get(field.name), _unset(field), _converter(field)) for field in layout.fields
        )
        self._pack = struct.Struct(format_of(layout.fields, layout.size)).pack
        self._times = _ExchangeTime(places)

    def tick(self, cells: Sequence[Any]) -> Tick:
        """The tick of a row's cells: text of CSV, or values where the file holds typed ones.

        :raises RowError: naming the cell that is wrong.
        """
        if len(cells) != self._width:
            raise RowError(f"{len(cells)} cells found, wanted {self._width}")
        values = []
        try:
            for place, unset, convert in self._reads:
                if place is None:
                    values.append(unset)
                    continue
                cell = cells[place]
                values.append(unset if cell is None or cell == "" else convert(cell))
            raw = self._pack(*values)
        except (ValueError, TypeError, OverflowError, struct.error):
            raise RowError(self._complaint(cells)) from None
        return Tick(self._time(cells), raw)

    def _time(self, cells: Sequence[Any]) -> int:
        if self._received is None:
            return self._times.of(cells)
        try:
            received = int(cells[self._received])
        except (ValueError, TypeError, OverflowError):
            raise RowError(_found(RECEIVED, cells[self._received], "nanoseconds")) from None
        if not 0 <= received < 2**63:
            raise RowError(_found(RECEIVED, received, "nanoseconds since 1970"))
        return received

    def _complaint(self, cells: Sequence[Any]) -> str:
        """What is wrong with a row that could not be packed: the first cell that cannot."""
        for field, (place, unset, convert) in zip(self._fields, self._reads, strict=True):
            cell = unset if place is None else cells[place]
            try:
                value = unset if cell is None or cell == "" else convert(cell)
                alone = FieldLayout(field.name, 0, field.size, field.kind)
                struct.pack(format_of((alone,), field.size), value)
            except (ValueError, TypeError, OverflowError, struct.error):
                return _found(field.name, cell, _wanted(field))
        return "no tick"


class _ExchangeTime:
    """Times for rows that have none of reception: the first row's day, then UpdateTime going on.

    Days are not trusted after the first: exchanges differ in the ActionDay of a night session.
    """

    def __init__(self, places: Mapping[str, int]) -> None:
        self._days = [places[name] for name in ("ActionDay", "TradingDay") if name in places]
        self._clock = places.get("UpdateTime")
        self._milliseconds = places.get("UpdateMillisec")
        self._now = 0
        self._time_of_day: int | None = None

    def of(self, cells: Sequence[Any]) -> int:
        """The row's time; that of the row before where it tells none."""
        found = None if self._clock is None else _CLOCK.fullmatch(str(cells[self._clock]))
        if found is None:
            return self._now
        hour, minute, second = map(int, found.groups())
        time_of_day = ((hour * 60 + minute) * 60 + second) * 1_000_000_000
        time_of_day += self._fraction(cells)
        if self._time_of_day is None:
            self._now = self._midnight(cells) + time_of_day
            self._time_of_day = time_of_day
            return self._now
        gone = (time_of_day - self._time_of_day) % _DAY_NS
        # More than half a day ahead is an older tick behind a newer one.
        if gone <= _DAY_NS // 2:
            self._now += gone
            self._time_of_day = time_of_day
        return self._now

    def _fraction(self, cells: Sequence[Any]) -> int:
        if self._milliseconds is None:
            return 0
        text = str(cells[self._milliseconds])
        return int(text) * 1_000_000 if re.fullmatch(r"\d{1,3}", text, re.ASCII) else 0

    def _midnight(self, cells: Sequence[Any]) -> int:
        """The beginning, in China, of the first day that the row names; of 1970 if none."""
        for place in self._days:
            day = date_of(str(cells[place]))
            if day is not None:
                return (day.toordinal() - _EPOCH) * _DAY_NS - _CHINA_NS
        return 0


class _Kept(dict[Any, Any]):
    """A function's results, kept: the same few thousand texts recur all day."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: Any) -> Any:
        result = self._function(key)
        if len(self) >= _KEPT:
            self.clear()
        self[key] = result
        return result


def cell_of(raw: bytes) -> str:
    """A text field's bytes, up to the first NUL, as a cell."""
    head = raw.partition(b"\0")[0]
    try:
        text, unfit = head.decode("gb18030"), _UNFIT
        faithful = text.encode("gb18030") == head
    except UnicodeError:
        faithful = False
    if not faithful:
        # Byte by byte: stray bytes beside whole characters could not be told apart.
        text, unfit = head.decode("latin-1"), _UNFIT_BYTE
    cell = unfit.sub(lambda found: _escaped(found[0]), text)
    # A text that looks like an unset number must not become one.
    return _escaped(cell[0]) + cell[1:] if cell.startswith(_UNSET) else cell


def bytes_of(cell: str) -> bytes:
    """The bytes of a text field that a cell stands for; the reverse of `cell_of`.

    :raises ValueError: for what GB18030 cannot say.
    """
    pieces = _ESCAPE.split(cell)
    # Every second piece is what stands between an escape's backslash and its end.
    return b"".join(
        bytes.fromhex(piece) if place % 2 else piece.encode("gb18030")
        for place, piece in enumerate(pieces)
    )


def date_of(text: str) -> date | None:
    """The date of ``20261123``, None for what is none."""
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _number(value: float) -> float | msgspec.Raw:
    """A number for the encoder, which knows no NaN and no infinity."""
    return value if math.isfinite(value) else msgspec.Raw(repr(value).encode())


def _escaped(character: str) -> str:
    return f"\\x{ord(character):02x}"


def _unset(field: FieldLayout) -> object:
    """What a field is where nothing is recorded of it."""
    if field.kind in _TEXTS:
        return b""
    return DBL_MAX if field.kind == "double" else 0


def _converter(field: FieldLayout) -> Callable[[Any], Any]:
    """From a cell to what is packed; it raises ValueError for a cell that does not fit."""
    if field.kind == "double":
        return _double
    if field.kind not in _TEXTS:
        return _whole
    size = field.size

    def text(cell: Any) -> bytes:
        raw = bytes_of(str(cell))
        if len(raw) > size or b"\0" in raw:
            raise ValueError(cell)
        return raw

    return _Kept(text).__getitem__


def _double(cell: Any) -> float:
    try:
        return float(cell)
    except (ValueError, TypeError):
        if cell in _NOT_SET:
            return DBL_MAX
        raise ValueError(cell) from None


def _whole(cell: Any) -> int:
    """A whole number; other tools write some of them as ``5.0``."""
    try:
        if not isinstance(cell, float):
            return int(cell)
    except ValueError:
        if cell in _NOT_SET:
            return 0
    number = float(cell)
    if not number.is_integer():
        raise ValueError(cell)
    return int(number)


def _found(name: str, cell: object, wanted: str) -> str:
    shown = repr(cell)
    return f"{name}: {shown if len(shown) <= 40 else shown[:40] + '…'} found, wanted {wanted}"


def _wanted(field: FieldLayout) -> str:
    if field.kind in _TEXTS:
        return f"text of at most {field.size} bytes"
    return "a number" if field.kind == "double" else "a whole number"
