"""Cells of recorded ticks: the spelling of ours, and what others write in place of it."""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeVar

from webctp.ctp.codec import DBL_MAX, FieldLayout
from webctp.language.text import Text, english

TEXTS: Final = frozenset({"text", "char", "bytes"})
"""The kinds of fields that hold text."""

_UNSET: Final = "1.7976931348623157e308"
_NO_PRICE: Final = 1e300
"""No price and no amount is of this size."""
_NOT_SET: Final = frozenset({"", "N/A", "NA", "NULL", "null", "None"})
"""What recorders write for a number that is not set."""
_ESCAPE: Final = re.compile(r"\\x([0-9a-f]{2})")
_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f\\",]')
_UNFIT_BYTE: Final = re.compile(r'[^\x20-\x7e]|[\\",]')
_KEPT: Final = 65_536
_RECEIVED: Final = "ReceivedTime"
_DAYS: Final = ("TradingDay", "ActionDay")
_SEPARATED: Final = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_DAY_NUMBER: Final = re.compile(r"(\d{8})\.0*", re.ASCII)
_TIME: Final = re.compile(r"((?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+]?\d+)?", re.ASCII)
_EARLIEST: Final = 10**8
"""Less is no time since 1970 in any unit: years before there was any recording."""
_UNITS: Final = (
    (10**11, 10**9, "seconds"),
    (10**14, 10**6, "milliseconds"),
    (10**17, 10**3, "microseconds"),
)
"""Numbers below the first are of this unit; by what they are multiplied."""
_CHINA: Final = timezone(timedelta(hours=8))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_Value = TypeVar("_Value", int, str)

Note = Callable[[str], None]
"""Takes one line about how cells are read."""


class RowError(ValueError):
    """A row is no tick; the text says why."""


def silent(line: str) -> None:
    """Take a note that nobody wants to read."""


class Kept(dict[Any, Any]):
    """Keep a function's results: the same few thousand texts recur all day."""

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
    """Return a text field's bytes, up to the first NUL, as a cell."""
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
    """Return the bytes of a text field that a cell stands for; the reverse of `cell_of`.

    :raises ValueError: for what GB18030 cannot say.
    """
    pieces = _ESCAPE.split(cell)
    # Every second piece is what stands between an escape's backslash and its end.
    return b"".join(
        bytes.fromhex(piece) if place % 2 else piece.encode("gb18030")
        for place, piece in enumerate(pieces)
    )


def date_of(text: str) -> date | None:
    """Return the date of ``20261123``, None for what is none."""
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _escaped(character: str) -> str:
    return f"\\x{ord(character):02x}"


def unset(field: FieldLayout) -> object:
    """Return what a field is where nothing is recorded of it."""
    if field.kind in TEXTS:
        return b""
    return DBL_MAX if field.kind == "double" else 0


def converter(field: FieldLayout, foreign: "ForeignCells | None") -> Callable[[Any], Any]:
    """Return what turns a cell into a packed value, or raises ValueError where it does not fit.

    :param foreign: reads what other recorders spell in their own way.
    """
    if field.kind == "double":
        return _double if foreign is None else _price
    if field.kind not in TEXTS:
        return _whole
    size = field.size
    spelled = None if foreign is None else foreign.spelling(field.name)

    def text(cell: Any) -> bytes:
        raw = bytes_of(str(cell) if spelled is None else spelled(cell))
        if len(raw) > size or b"\0" in raw:
            raise ValueError(cell)
        return raw

    # A time with a fraction is read each time, for its fraction.
    return text if field.name == "UpdateTime" and foreign is not None else Kept(text).__getitem__


def nanoseconds(cell: Any) -> int:
    """Return the time in a cell of ours."""
    return int(cell)


def _double(cell: Any) -> float:
    try:
        return float(cell)
    except (ValueError, TypeError):
        if cell in _NOT_SET:
            return DBL_MAX
        raise ValueError(cell) from None


def _price(cell: Any) -> float:
    """Return a number of another tool's, which may write DBL_MAX with fewer digits."""
    value = _double(cell)
    return DBL_MAX if _NO_PRICE < value < math.inf else value


def _whole(cell: Any) -> int:
    """Return a whole number; other tools write some of them as ``5.0``."""
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


def wanted(field: FieldLayout) -> Text:
    """Say what a field's cell must be."""
    if field.name in _DAYS:
        return english("a date such as 20261123")
    if field.name == "UpdateTime":
        return english("a time such as 09:00:00")
    if field.kind in TEXTS:
        return english("text of at most {most} bytes", most=field.size)
    return english("a number") if field.kind == "double" else english("a whole number")


class ForeignCells:
    """Read what other recorders spell in their own way, where it can mean one thing only.

    :param note: told once of each way of spelling.
    """

    def __init__(self, note: Note) -> None:
        self._note = note
        self._told: set[str] = set()
        self._milliseconds = 0

    def spelling(self, name: str) -> Callable[[Any], str] | None:
        """Return what makes CTP's text of a field's cell, None for a field without such."""
        if name in _DAYS:
            return partial(self._day, name)
        return self._time if name == "UpdateTime" else None

    def fraction(self) -> int:
        """Return the milliseconds that the last UpdateTime told beyond its second."""
        milliseconds, self._milliseconds = self._milliseconds, 0
        return milliseconds

    def received(self, cell: Any) -> int:
        """Return a time of reception: a number since 1970 of any unit, or a date and time.

        A date and time without an offset is China's.
        """
        if isinstance(cell, datetime):
            return self._read(_RECEIVED, cell, _since_1970(cell), "date and time")
        text = str(cell).strip()
        if not _DECIMAL.fullmatch(text):
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                raise ValueError(cell) from None
            return self._read(_RECEIVED, cell, _since_1970(moment), "date and time")
        number = Decimal(text)
        for most, scale, unit in _UNITS:
            if _EARLIEST <= number < most:
                return self._read(_RECEIVED, cell, int(number * scale), unit)
        return int(cell)

    def _day(self, name: str, cell: Any) -> str:
        if isinstance(cell, date):
            return self._read(name, cell, f"{cell:%Y%m%d}", "date")
        text = str(cell)
        found = _SEPARATED.fullmatch(text)
        if found is not None:
            year, month, day = found.groups()
            return self._read(name, cell, f"{year}{month:0>2}{day:0>2}", "date")
        found = _DAY_NUMBER.fullmatch(text)
        return text if found is None else self._read(name, cell, found[1], "number")

    def _time(self, cell: Any) -> str:
        text = str(cell)
        self._milliseconds = 0
        found = _TIME.fullmatch(text)
        if found is None:
            raise ValueError(cell)
        hour, _, rest = found[1].partition(":")
        self._milliseconds = int(f"{found[2] or '':0<3}"[:3])
        spelled = f"{hour:0>2}:{rest}"
        way = "time with a fraction" if found[2] else "time"
        return spelled if spelled == text else self._read("UpdateTime", cell, spelled, way)

    def _read(self, name: str, cell: object, value: _Value, way: str) -> _Value:
        """Say once that a way of spelling is read; gives the value."""
        key = f"{name} {way}"
        if key not in self._told:
            self._told.add(key)
            self._note(
                english(
                    "{name}: {cell!r} is read as {value}",
                    name=name,
                    cell=str(cell)[:40],
                    value=value,
                )
            )
        return value


def _since_1970(moment: datetime) -> int:
    """Return a moment in nanoseconds since 1970; one without an offset is China's."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=_CHINA)
    return (aware - _EPOCH) // timedelta(microseconds=1) * 1000
