"""Struct memory <-> Python values, by a layout that is probed from the binding itself.

The binding's getters and setters are slow (15 µs for a tick) and wrong for requests (setters
write UTF-8 where CTP reads GBK). So each struct's layout is found out once: fill its memory
with ones, set one field to zero through its setter, see which bytes changed. With the layout, a
struct is copied out of native memory as one piece of bytes, and those are read and written here.

Text is GBK: reading takes GB18030, its superset, and shows stray bytes as U+FFFD; writing refuses
what has no GBK form. CTP's "unset" number (DBL_MAX), NaN and infinities read as they are here;
what becomes of them on the wire is decided in :mod:`webctp.ctp.encoder`.
"""

import ctypes
import struct
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Final

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text, english

DBL_MAX: Final = 1.7976931348623157e308
"""What CTP writes into a price that is not set."""

Value = str | int | float | bytes

_UNTOUCHED: Final = 0xFF
_KINDS: Final[dict[tuple[type, int], str]] = {
    (float, 8): "double",
    (int, 8): "int64",
    (int, 4): "int32",
    (int, 2): "int16",
    (str, 1): "char",
    (str, 0): "text",
    (bytes, 0): "bytes",
}
"""Kind by the getter's type and the field's size; size 0 stands for any."""
_INTEGERS: Final = {"int64": 8, "int32": 4, "int16": 2}
"""Kinds of integers, by their bytes."""
_FORMATS: Final = {"double": "d", "int64": "q", "int32": "i", "int16": "h"}
_ZEROS: Final[dict[str, int | float]] = {"double": 0.0, **dict.fromkeys(_INTEGERS, 0)}
_TEXTS_KEPT: Final = 65_536
_SHORT: Final = 16
"""Bytes of the fields whose texts are remembered; those of passwords, codes, tokens are longer."""
_INSTRUMENT: Final = "InstrumentID"
_RANGES: Final = {
    kind: (-(2 ** (8 * size - 1)), 2 ** (8 * size - 1) - 1) for kind, size in _INTEGERS.items()
}

_usable_size = ctypes.CDLL(None).malloc_usable_size
_usable_size.argtypes = [ctypes.c_void_p]
_usable_size.restype = ctypes.c_size_t


class CodecError(Refusal, ValueError):
    """A value does not fit its field. ``field`` names it; the text says what is wanted."""

    def __init__(self, field: str, reason: Text) -> None:
        super().__init__(
            errors.BAD_REQUEST, english("{where}: {problem}", where=field, problem=reason)
        )
        self.field = field
        self.reason = reason


class Raw(bytes):
    """A text field's bytes as they were read: they are written as they are.

    What stands for an order at CTP may hold half a character, which text cannot.
    """


class LayoutError(Exception):
    """The binding does not behave as the probe expects; the text names struct and field."""


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """Where a field lies: byte ``offset``, ``size``, and ``kind``.

    Kinds: ``double``, ``int64``, ``int32``, ``int16``, ``char`` (one byte), ``text``
    (``char[size]``, ended by NUL), ``bytes`` (pieces of a longer text, which may split a
    character).
    """

    name: str
    offset: int
    size: int
    kind: str


class Layout:
    """The layout of one struct, with reader and writer.

    ``size`` is the number of bytes up to the end of the last field. All methods are safe on any
    thread; those that take a live struct need it to stay alive for the call only.
    """

    def __init__(self, struct_class: type, fields: tuple[FieldLayout, ...]) -> None:
        self.name = struct_class.__name__
        self.fields = fields
        self.by_name: Mapping[str, FieldLayout] = {field.name: field for field in fields}
        self.size = max((field.offset + field.size for field in fields), default=0)
        self._class = struct_class
        self._format = struct.Struct(format_of(fields, self.size))
        self._names = tuple(field.name for field in fields)
        self._texts = tuple(at for at, field in enumerate(fields) if field.kind in ("text", "char"))
        self._empty: list[Any] = [_ZEROS.get(field.kind, b"") for field in fields]
        self._writers = {
            field.name: (at, _most_text(field), field, _WRITERS[field.kind])
            for at, field in enumerate(fields)
        }

    def unpack(self, raw: bytes) -> dict[str, Value]:
        """Return every field of a copied struct, reserved ones too, by name."""
        values = list(self._format.unpack_from(raw))
        for at in self._texts:
            values[at] = texts[values[at]]
        # Not strict: the format was made of the same fields, and the check takes a tenth of it.
        return dict(zip(self._names, values))  # noqa: B905

    def part(self, names: Collection[str]) -> "Layout":
        """Return a layout of these fields alone, which reads nothing else of the whole struct.

        KeyError if there is none of a name.
        """
        fields = sorted((self.by_name[name] for name in names), key=lambda field: field.offset)
        return Layout(self._class, tuple(fields))

    def value(self, raw: bytes, name: str) -> Value:
        """Return one field of a copied struct; KeyError if there is none of that name."""
        field = self.by_name[name]
        piece = raw[field.offset : field.offset + field.size]
        if field.kind in ("text", "char"):
            return text_of(piece)
        if field.kind == "bytes":
            return piece
        value: int | float = struct.unpack("<" + _FORMATS[field.kind], piece)[0]
        return value

    def raw(self, raw: bytes, name: str) -> "Raw":
        """Return one text field of a copied struct as it is, up to its NUL."""
        field = self.by_name[name]
        return Raw(raw[field.offset : field.offset + field.size].partition(b"\0")[0])

    def text(self, raw: bytes, name: str) -> str:
        """Return one text field of a copied struct."""
        return str(self.value(raw, name))

    def pack(self, values: Mapping[str, object]) -> bytes:
        """Return the struct's bytes with ``values`` set and everything else zero.

        None counts as left out.

        :raises CodecError: for an unknown field or a value that does not fit its field.
        """
        return self._format.pack(*self.cells(values))

    def cells(self, values: Mapping[str, object], given: list[Any] | None = None) -> list[Any]:
        """Return the fields' values in their order, as :meth:`packed` takes them; errors as of
        :meth:`pack`.

        :param given: cells to set ``values`` in; without, all others are zero.
        """
        cells = self._empty.copy() if given is None else given
        writers, encoded = self._writers, _encoded
        for name, value in values.items():
            found = writers.get(name)
            if found is None:
                raise CodecError(name, english("{struct} has no such field", struct=self.name))
            at, most, field, write = found
            cell: Any = encoded.get(value) if type(value) is str else None
            if cell is not None and len(cell) <= most:
                cells[at] = cell
            elif value is not None:
                cells[at] = write(field, value)
        return cells

    def packed(self, cells: list[Any]) -> bytes:
        """Return the struct's bytes, of its :meth:`cells`."""
        return self._format.pack(*cells)

    def new(self, values: Mapping[str, object] | bytes | None = None) -> Any:
        """Return a struct of the binding, zeroed, then filled with ``values`` (or packed bytes)."""
        fresh = self._class()
        self.write(fresh, values or {})
        return fresh

    def read(self, live: Any) -> bytes:
        """Return a copy of a live struct's memory."""
        return ctypes.string_at(int(live.this), self.size)

    def write(self, live: Any, values: Mapping[str, object] | bytes) -> None:
        """Overwrite the whole of a live struct with ``values`` (or bytes already packed)."""
        packed = values if isinstance(values, bytes) else self.pack(values)
        if len(packed) != self.size:
            raise CodecError(
                self.name,
                english("wants {size} bytes, got {count}", size=self.size, count=len(packed)),
            )
        ctypes.memmove(int(live.this), packed, self.size)

    def memory(self, live: Any) -> memoryview:
        """Return a live struct's memory, to write a packed struct to; it must not outlive that."""
        return memoryview((ctypes.c_char * self.size).from_address(int(live.this))).cast("B")

    def wipe(self, live: Any) -> None:
        """Fill a live struct with 0xDD, so that whoever reads it too late sees rubbish."""
        ctypes.memset(int(live.this), 0xDD, self.size)


class Codec:
    """The layouts of one module of the binding, probed when first asked for."""

    layout: Callable[[str], Layout]
    """The layout of ``CThostFtdcOrderField``; AttributeError if there is no such struct,
    :class:`LayoutError` if the probe meets something it does not understand."""

    def __init__(self, module: ModuleType) -> None:
        # Asked for several times a message: a known one costs no call of Python's.
        self.layout = _Layouts(module).__getitem__


class _Layouts(dict[str, Layout]):
    """Layouts by the name of their struct."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__()
        self._module = module

    def __missing__(self, struct_name: str) -> Layout:
        cls = getattr(self._module, struct_name)
        layout = self[struct_name] = Layout(cls, _probe(cls))
        return layout


@cache
def codec_for(module: ModuleType) -> Codec:
    """Return the one codec of a module."""
    return Codec(module)


def text_of(raw: bytes) -> str:
    """Return a text field's bytes as text, up to the first NUL; stray bytes become U+FFFD."""
    text = raw.partition(b"\0")[0]
    # Of most fields the bytes are ASCII, which the decoder of UTF-8 reads in a quarter of the time.
    return text.decode() if text.isascii() else text.decode("gb18030", "replace")


class _Texts(dict[bytes, str]):
    """Raw text fields -> text, filled on demand, emptied when it has grown too large."""

    def __missing__(self, raw: bytes) -> str:
        if len(self) >= _TEXTS_KEPT:
            self.clear()
        text = self[raw] = text_of(raw)
        return text


texts: Final = _Texts()
"""What :func:`text_of` gives, remembered: the same few thousand texts recur all day."""


_encoded: Final[dict[str, bytes]] = {}
"""What :func:`gbk` gives, remembered for short fields: an order's texts are always the same few."""


def gbk(text: str, field: str) -> bytes:
    """``text`` as CTP reads it.

    :raises CodecError: for NUL and for characters that GBK does not have.
    """
    if "\0" in text:
        raise CodecError(field, english("holds a NUL character; remove it"))
    if text.isascii():
        return text.encode("ascii")  # the same bytes, in a fifth of the time
    try:
        return text.encode("gbk")
    except UnicodeEncodeError as problem:
        # By its place: the text may be a password, of which errors repeat nothing.
        raise CodecError(
            field,
            english(
                "character {number} has no GBK form; CTP takes GBK text only",
                number=problem.start + 1,
            ),
        ) from None


def field_bytes(field: FieldLayout, value: object) -> bytes:
    """``value`` as the bytes of ``field``, padded with NUL.

    :raises CodecError: if its type, length or range does not fit.
    """
    cell = _WRITERS[field.kind](field, value)
    return struct.pack("<" + _format_of_one(field), cell)


def _text_cell(field: FieldLayout, value: object) -> bytes:
    if isinstance(value, Raw):
        return _bytes_cell(field, value)
    if not isinstance(value, str):
        raise CodecError(field.name, english("wants text, got {kind}", kind=type(value).__name__))
    encoded = gbk(value, field.name)
    most = _most_text(field)
    if len(encoded) > most:
        raise CodecError(
            field.name,
            english(
                "wants at most {most} bytes of GBK, got {count}", most=most, count=len(encoded)
            ),
        )
    if field.size <= _SHORT or field.name == _INSTRUMENT:
        if len(_encoded) >= _TEXTS_KEPT:
            _encoded.clear()
        _encoded[value] = encoded
    return encoded


def _most_text(field: FieldLayout) -> int:
    """Return how many bytes of text a field takes; -1 if it takes none."""
    if field.kind == "text":
        return field.size - 1  # it keeps room for its NUL
    return field.size if field.kind in ("char", "bytes") else -1


def _bytes_cell(field: FieldLayout, value: object) -> bytes:
    piece = gbk(value, field.name) if isinstance(value, str) else value
    if not isinstance(piece, bytes) or len(piece) > field.size:
        raise CodecError(field.name, english("wants at most {most} bytes", most=field.size))
    return piece


def _double_cell(field: FieldLayout, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CodecError(
            field.name, english("wants a number, got {kind}", kind=type(value).__name__)
        )
    # Compared, not tested by math.isfinite: that cannot take an integer beyond DBL_MAX.
    if not -DBL_MAX <= value <= DBL_MAX:
        raise CodecError(field.name, english("wants a finite number"))
    return value


def _integer_cell(field: FieldLayout, value: object) -> int:
    low, high = _RANGES[field.kind]
    if isinstance(value, bool) or not isinstance(value, int):
        raise CodecError(
            field.name, english("wants an integer, got {kind}", kind=type(value).__name__)
        )
    if not low <= value <= high:
        raise CodecError(
            field.name,
            english(
                "wants an integer from {low} to {high}, got {value}",
                low=low,
                high=high,
                value=value,
            ),
        )
    return value


_WRITERS: Final[dict[str, Callable[[FieldLayout, object], bytes | int | float]]] = {
    "text": _text_cell,
    "char": _text_cell,
    "bytes": _bytes_cell,
    "double": _double_cell,
    **dict.fromkeys(_INTEGERS, _integer_cell),
}
"""By kind: a value as :mod:`struct` packs it, which pads text with NUL; raises CodecError."""


def _format_of_one(field: FieldLayout) -> str:
    return _FORMATS.get(field.kind) or f"{field.size}s"


def format_of(fields: tuple[FieldLayout, ...], size: int) -> str:
    """Return the :mod:`struct` format that reads just ``fields``, with padding where others lie."""
    parts, at = ["<"], 0
    for field in fields:
        parts.append(f"{field.offset - at}x" if field.offset > at else "")
        parts.append(_format_of_one(field))
        at = field.offset + field.size
    parts.append(f"{size - at}x" if size > at else "")
    return "".join(parts)


def _probe(cls: type) -> tuple[FieldLayout, ...]:
    """Find the fields of a struct class: which bytes change when a field is set to zero."""
    specimen: Any = cls()
    address = int(specimen.this)
    room = _usable_size(address)
    ctypes.memset(address, 0, room)
    names = tuple(vars(cls).get("__annotations__", {}))
    zeros = {name: getattr(specimen, name) for name in names}
    ctypes.memset(address, _UNTOUCHED, room)
    fields = []
    for name, zero in zeros.items():
        # The setter of bytes takes text only.
        setattr(specimen, name, "" if isinstance(zero, bytes) else zero)
        memory = ctypes.string_at(address, room)
        offset = memory.find(0)
        size = len(memory[offset:]) - len(memory[offset:].lstrip(b"\0"))
        kind = _KINDS.get((type(zero), size)) or _KINDS.get((type(zero), 0))
        if offset < 0 or kind is None:
            raise LayoutError(f"{cls.__name__}.{name}: cannot tell where it lies and what it is")
        ctypes.memset(address + offset, _UNTOUCHED, size)
        fields.append(FieldLayout(name, offset, size, kind))
    _check(cls.__name__, fields, room)
    return tuple(fields)


def _check(struct_name: str, fields: list[FieldLayout], room: int) -> None:
    """Fields must follow one another without overlap, within the block."""
    end = 0
    for field in fields:
        if field.offset < end or field.offset + field.size > room:
            raise LayoutError(f"{struct_name}.{field.name} overlaps its neighbour")
        end = field.offset + field.size
