"""Fields that are bytes and no text: what a collector says of a terminal.

CTP declares them as text, but they may hold any byte, NUL and what is no GBK included. A client
gives them as ``{"base64": "…"}``; text is taken as before. Their length is filled in.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from webctp.ctp.catalog import Struct
from webctp.ctp.codec import CodecError, FieldLayout, Raw, gbk
from webctp.language.text import Text, english

WANTED: Final = (frozenset({str, dict}), english('text or {{"base64": "…"}}'))
_TYPES: Final = ("TThostFtdcClientSystemInfoType",)
_LENGTH: Final = "Len"
_KEY: Final = "base64"


def raw_fields(struct: Struct) -> frozenset[str]:
    """Return the fields of a struct that hold bytes."""
    return frozenset(field.name for field in struct.fields if field.ctp_type in _TYPES)


def read(body: dict[str, Any], name: str, fields: Mapping[str, FieldLayout]) -> Text | None:
    """Put the bytes of the field ``name`` in the place of what a client gave, and their length.

    Returns what is wrong with it; None for nothing.
    """
    given = body.get(name)
    if given is None:
        return None
    try:
        raw = gbk(given, name) if isinstance(given, str) else _decoded(given)
    except CodecError as problem:
        return english(
            '{problem}; bytes that are no text are given as {{"base64": "…"}}', problem=problem
        )
    except ValueError:
        return english(
            '{name} must be text or {{"base64": "…"}} with nothing else in it', name=name
        )
    room = fields[name].size
    if len(raw) > room:
        return english(
            "{name} holds {count} bytes; CTP takes {most}", name=name, count=len(raw), most=room
        )
    length = name + _LENGTH
    told = body.get(length)
    if told is not None and not 0 <= told <= len(raw):
        return english(
            "{length} is {told}, but {name} holds {count} bytes; leave it out",
            length=length,
            told=told,
            name=name,
            count=len(raw),
        )
    if not isinstance(given, str):
        body[name] = Raw(raw)
    if told is None and length in fields:
        body[length] = len(raw)
    return None


def _decoded(given: dict[str, Any]) -> bytes:
    """Return the bytes of ``{"base64": "…"}``; ValueError if it is something else."""
    if given.keys() != {_KEY} or not isinstance(given[_KEY], str):
        raise ValueError
    try:
        return base64.b64decode(given[_KEY], validate=True)
    except binascii.Error:
        raise ValueError from None
