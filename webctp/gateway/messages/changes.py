"""Messages that say only what has changed since the one before: ``"Changes": true``.

A client that puts what such a message says over what it holds has what the whole message says.
"""

import struct
from collections.abc import Collection
from itertools import compress
from operator import ne
from typing import Any, Final

import msgspec
from msgspec import UNSET

from webctp.ctp.codec import DBL_MAX, Layout, format_of, texts
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.messages import own
from webctp.gateway.messages.encoder import frame

CHANGES: Final = "Changes"
MARK: Final = b',"Changes":true'
"""Stands beside MsgType in each message that does not say everything."""

Cells = tuple[Any, ...]
"""The values of a message's fields, in order."""

_ALWAYS: Final = ("InstrumentID", "UpdateTime", "UpdateMillisec")
_DAY: Final = "TradingDay"
_NEGATIVE_INFINITY: Final = float("-inf")
_json: Final = msgspec.json.Encoder().encode


class TickChanges:
    """Frame the fields of a tick that have changed since another of its instrument.

    :param head: what stands before the struct in the message, ``tail`` what stands behind it.
    :param only: the names of the fields that are told; None for all. ``InstrumentID`` always is.
    """

    def __init__(
        self,
        layout: Layout,
        invalid: InvalidPrice,
        head: bytes,
        tail: bytes,
        only: Collection[str] | None = None,
    ) -> None:
        fields = tuple(one for one in layout.fields if only is None or one.name in only)
        # The day is looked at, told or not: with another one everything begins anew.
        cells = tuple(one for one in layout.fields if one in fields or one.name == _DAY)
        self._unpack = struct.Struct(format_of(cells, layout.size)).unpack
        self._day = next(at for at, one in enumerate(cells) if one.name == _DAY)
        self._told = tuple(
            (one.name, one.kind) if one.name not in _ALWAYS else None for one in cells
        )
        self._always = tuple(
            (at, one.name, one.kind) for at, one in enumerate(cells) if one.name in _ALWAYS
        )
        self._unset = invalid.value
        self._head, self._tail = head, tail

    def read(self, raw: bytes) -> Cells:
        """Return the cells of a tick."""
        return self._unpack(raw)

    def change(self, before: Cells, after: Cells) -> bytes | None:
        """Return the frame of what has changed; None where all of it is to be told."""
        if before[self._day] != after[self._day]:
            return None
        told: dict[str, Any] = {}
        for at, name, kind in self._always:
            told[name] = texts[after[at]] if kind in ("text", "char") else after[at]
        pairs = zip(self._told, after, strict=True)
        for what, value in compress(pairs, map(ne, before, after)):
            if what is None:
                continue
            name, kind = what
            if kind == "double":
                told[name] = value if _NEGATIVE_INFINITY < value < DBL_MAX else self._unset
            elif kind in ("text", "char"):
                told[name] = texts[value]
            else:
                told[name] = value
        return frame(b"".join((self._head, _json(told), self._tail)))


_BAR_FIELDS: Final = own.Bar.__struct_fields__
BAR_ALWAYS: Final = ("InstrumentID", "Period", "BeginTime")
_BAR_KEYS: Final = tuple(_BAR_FIELDS.index(name) for name in BAR_ALWAYS)


def bar_cells(bar: own.Bar) -> Cells:
    """Return the cells of a bar."""
    return msgspec.structs.astuple(bar)


def bar_change(before: Cells, after: Cells, tail: bytes) -> bytes | None:
    """Return the frame of what has changed of a bar; None for one that begins.

    :param tail: what stands behind the bar in the message.
    """
    told: dict[str, Any] = {}
    for name, at in zip(BAR_ALWAYS, _BAR_KEYS, strict=True):
        if before[at] != after[at]:
            return None
        told[name] = after[at]
    for name, value in compress(zip(_BAR_FIELDS, after, strict=True), map(ne, before, after)):
        if value is UNSET:
            return None  # a field is gone, and no change can say so
        told[name] = value
    return frame(b"".join((b'{"MsgType":"RtnBar","Bar":', _json(told), tail)))
