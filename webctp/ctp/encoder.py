"""Struct memory -> JSON: the bytes that a struct becomes on the wire.

The path every tick takes, so it is built for speed: one ``struct.unpack``, texts looked up by
their raw bytes (the same few thousand recur all day), one msgspec object, one encode. Unset
numbers (DBL_MAX, NaN, infinities) are replaced in the encoded text: a tick has twenty of them, and
a bytes replace costs less than looking at each value. What is looked for begins with ``":``; a
text can hold that only behind a quote of its own, or by beginning with the colon, and a struct
with such a text is encoded value by value.
"""

import math
import struct
from collections.abc import Callable
from enum import Enum
from typing import Any, Protocol

import msgspec

from webctp.ctp.codec import DBL_MAX, Layout, format_of, text_of

_TEXTS_KEPT = 65_536
_UNSET_TEXT = b'":1.7976931348623157e308'
_NULL_TEXT = b'":null'


class InvalidPrice(Enum):
    """What an unset number reads on the wire: 0, as clients have always seen it, or null."""

    ZERO = b'":0.0'
    NULL = b'":null'


class _Deceptive(Exception):
    """A text that could look like an unset number once it is encoded."""


class _Texts(dict[bytes, str]):
    """Raw text fields -> text, filled on demand, emptied when it has grown too large.

    A text with a quote in it, or with a colon at its beginning, is not kept: it raises
    :class:`_Deceptive`.
    """

    def __missing__(self, raw: bytes) -> str:
        text = text_of(raw)
        if text.startswith(":") or '"' in text:
            raise _Deceptive
        if len(self) >= _TEXTS_KEPT:
            self.clear()
        self[raw] = text
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
    kinds = tuple(field.kind for field in fields)
    textual = tuple(index for index, kind in enumerate(kinds) if kind in ("text", "char"))
    message: Any = msgspec.defstruct(layout.name, [(field.name, Any) for field in fields])
    encode = msgspec.json.Encoder().encode
    texts = _texts
    unset = invalid.value
    replacement = None if invalid is InvalidPrice.NULL else float(unset[2:])

    def one_by_one(raw: bytes, decode: Decode = text_of) -> bytes:
        values = unpack(raw)
        return encode(
            message(
                *(
                    _settled(kind, value, decode, replacement)
                    for kind, value in zip(kinds, values, strict=True)
                )
            )
        )

    def at_once(raw: bytes, decode: Decode = text_of) -> bytes:
        values = list(unpack(raw))
        try:
            for index in textual:
                values[index] = texts[values[index]]
        except _Deceptive:
            return one_by_one(raw)
        encoded = encode(message(*values))
        if replacement is not None:
            encoded = encoded.replace(_NULL_TEXT, unset)
        return encoded.replace(_UNSET_TEXT, unset)

    return one_by_one if "bytes" in kinds else at_once


def _settled(kind: str, value: Any, decode: Decode, replacement: float | None) -> object:
    """An unpacked value as the wire has it."""
    if kind in ("text", "char"):
        return text_of(value)
    if kind == "bytes":
        return decode(value.partition(b"\0")[0])
    if kind == "double" and (value == DBL_MAX or not math.isfinite(value)):
        return replacement
    return value
