"""Struct memory -> JSON: the bytes that a struct becomes on the wire.

The path every tick takes, so it is built for speed: one ``struct.unpack``, texts looked up by
their raw bytes (the same few thousand recur all day), one msgspec object, one encode. Unset
numbers (DBL_MAX, NaN, infinities) are replaced in the encoded text: a tick has twenty of them, and
a bytes replace costs less than looking at each value.
"""

import math
import struct
from collections.abc import Callable
from enum import Enum
from typing import Any, Protocol

import msgspec

from webctp.ctp.codec import DBL_MAX, Layout, format_of, text_of

_TEXTS_KEPT = 65_536
_UNSET_TEXT = b":1.7976931348623157e308"
_NULL_TEXT = b":null"


class InvalidPrice(Enum):
    """What an unset number reads on the wire: 0, as clients have always seen it, or null."""

    ZERO = b":0.0"
    NULL = b":null"


class _Texts(dict[bytes, str]):
    """Raw text fields -> text, filled on demand, emptied when it has grown too large."""

    def __missing__(self, raw: bytes) -> str:
        if len(self) >= _TEXTS_KEPT:
            self.clear()
        text = self[raw] = text_of(raw)
        return text


_texts = _Texts()


Decode = Callable[[bytes], str]
"""Turns a piece of a longer text into characters; what a piece ends amid, it keeps."""


class JsonEncoder(Protocol):
    """A function from a copied struct to its JSON object (UTF-8 bytes)."""

    def __call__(self, raw: bytes, decode: Decode = text_of) -> bytes:
        """Encode ``raw``; ``decode`` reads its fields of kind ``bytes``, if it has any."""


def json_encoder(layout: Layout, invalid: InvalidPrice, *, keep_reserved: bool) -> JsonEncoder:
    """The encoder of one struct.

    :param keep_reserved: whether ``reserve…`` fields are shown.
    """
    fields = tuple(
        field for field in layout.fields if keep_reserved or not field.name.startswith("reserve")
    )
    unpack = struct.Struct(format_of(fields, layout.size)).unpack
    textual = tuple(index for index, field in enumerate(fields) if field.kind in ("text", "char"))
    pieces = tuple(index for index, field in enumerate(fields) if field.kind == "bytes")
    message: Any = msgspec.defstruct(layout.name, [(field.name, Any) for field in fields])
    encode = msgspec.json.Encoder().encode
    texts = _texts
    unset = invalid.value
    replacement = None if invalid is InvalidPrice.NULL else float(unset[1:])

    def to_json(raw: bytes, decode: Decode = text_of) -> bytes:
        values = list(unpack(raw))
        for index in pieces:
            values[index] = decode(values[index].partition(b"\0")[0])
        for index in textual:
            values[index] = texts[values[index]]
        encoded = encode(message(*values))
        if b'\\"' in encoded:
            # A quote inside a text could make it look like an unset number.
            return encode(message(*(_settled(value, replacement) for value in values)))
        if unset is not _NULL_TEXT:
            encoded = encoded.replace(_NULL_TEXT, unset)
        return encoded.replace(_UNSET_TEXT, unset)

    return to_json


def _settled(value: object, replacement: float | None) -> object:
    """``value``, or what stands for it when it is an unset number."""
    if isinstance(value, float) and (value == DBL_MAX or not math.isfinite(value)):
        return replacement
    return value
