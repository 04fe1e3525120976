"""Struct memory -> JSON: the bytes that a struct becomes on the wire.

The path every tick takes, so it is built for speed: one ``struct.unpack``, texts looked up by
their raw bytes (the same few thousand recur all day), one msgspec object, one encode. Of a tick
only a third of the fields change from one to the next: runs of fields that stay as they are
(:data:`STEADY_BUT`) are looked up, too, by their raw bytes, and stand ready encoded.

Unset numbers (DBL_MAX, NaN, infinities) are replaced before encoding.
"""

import struct
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from enum import Enum
from itertools import groupby
from typing import Any, Final, Protocol

import msgspec

from webctp.ctp.codec import DBL_MAX, FieldLayout, Layout, format_of, text_of, texts

_RUNS_KEPT: Final = 8_192
_NEGATIVE_INFINITY: Final = float("-inf")

STEADY_BUT: Final[Mapping[str, frozenset[str]]] = {
    "CThostFtdcDepthMarketDataField": frozenset(
        {
            *("LastPrice", "Volume", "Turnover", "OpenInterest", "AveragePrice"),
            *("UpdateTime", "UpdateMillisec"),
            *("BidPrice1", "BidVolume1", "AskPrice1", "AskVolume1"),
        }
    ),
    "CThostFtdcOrderField": frozenset(
        {
            *("OrderRef", "LimitPrice", "VolumeTotalOriginal", "RequestID", "OrderLocalID"),
            *("OrderSubmitStatus", "OrderSysID", "OrderStatus", "StatusMsg"),
            *("VolumeTraded", "VolumeTotal", "InsertTime", "UpdateTime", "CancelTime"),
            *("NotifySequence", "SequenceNo", "BrokerOrderSeq", "SessionReqSeq"),
        }
    ),
    "CThostFtdcTradeField": frozenset(
        {
            *("OrderRef", "TradeID", "OrderSysID", "OrderLocalID", "Price", "Volume"),
            *("TradeTime", "SequenceNo", "BrokerOrderSeq"),
        }
    ),
}
"""Structs whose fields mostly stay as they were, but for these.

A hint of speed and nothing else: a field that is not as said costs time.
"""


class InvalidPrice(Enum):
    """What an unset number reads on the wire: 0, as clients have always seen it, or null."""

    ZERO = 0.0
    NULL = None


Decode = Callable[[bytes], str]
"""Turns a piece of a longer text into characters; what a piece ends amid, it keeps."""


class JsonEncoder(Protocol):
    """A function from a copied struct to its JSON object (UTF-8 bytes)."""

    def __call__(self, raw: bytes, decode: Decode = text_of) -> bytes:
        """Encode ``raw``; ``decode`` reads its fields of kind ``bytes``, if it has any."""


def json_encoder(
    layout: Layout,
    invalid: InvalidPrice,
    *,
    keep_reserved: bool,
    only: Collection[str] | None = None,
) -> JsonEncoder:
    """Return the encoder of one struct.

    :param keep_reserved: whether ``reserve…`` fields are shown.
    :param only: the names of the fields shown; None for all.
    """
    fields = tuple(
        field
        for field in layout.fields
        if (keep_reserved or not field.name.startswith("reserve"))
        and (only is None or field.name in only)
    )
    changing = STEADY_BUT.get(layout.name)
    cells = fields if changing is None else _with_runs(fields, changing)
    unpack = struct.Struct(format_of(cells, layout.size)).unpack
    lookups: tuple[tuple[int, Mapping[bytes, Any]], ...] = tuple(
        (at, _Run(fields, cell, invalid) if cell.kind == "run" else texts)
        for at, cell in enumerate(cells)
        if cell.kind in ("text", "char", "run")
    )
    doubles = tuple(at for at, cell in enumerate(cells) if cell.kind == "double")
    pieces = tuple(at for at, cell in enumerate(cells) if cell.kind == "bytes")
    message: Any = msgspec.defstruct(layout.name, [(cell.name, Any) for cell in cells])
    encode = msgspec.json.Encoder().encode
    unset = invalid.value

    def to_json(raw: bytes, decode: Decode = text_of) -> bytes:
        values = list(unpack(raw))
        for at, known in lookups:
            values[at] = known[values[at]]
        for at in pieces:
            values[at] = decode(values[at].partition(b"\0")[0])
        for at in doubles:
            if not _NEGATIVE_INFINITY < values[at] < DBL_MAX:
                values[at] = unset
        return encode(message(*values))

    return to_json


def _with_runs(
    fields: tuple[FieldLayout, ...], changing: frozenset[str]
) -> tuple[FieldLayout, ...]:
    """Return the fields, with each run of steady ones as one cell under the name of its first."""
    cells: list[FieldLayout] = []
    for changes, group in groupby(fields, lambda field: field.name in changing):
        run = tuple(group)
        if changes:
            cells.extend(run)
        else:
            end = run[-1].offset + run[-1].size
            cells.append(FieldLayout(run[0].name, run[0].offset, end - run[0].offset, "run"))
    return tuple(cells)


class _Run(dict[bytes, msgspec.Raw]):
    """Steady fields that follow one another: their raw bytes -> their encoded text.

    The text stands where the first field's value does: ``1.0,"OpenPrice":2.0``.
    """

    def __init__(
        self, fields: tuple[FieldLayout, ...], cell: FieldLayout, invalid: InvalidPrice
    ) -> None:
        super().__init__()
        own = tuple(
            replace(field, offset=field.offset - cell.offset)
            for field in fields
            if cell.offset <= field.offset < cell.offset + cell.size
        )
        run = Layout(type("Run", (), {}), own)
        self._encode = json_encoder(run, invalid, keep_reserved=True)
        self._head = len(f'{{"{cell.name}":')

    def __missing__(self, raw: bytes) -> msgspec.Raw:
        if len(self) >= _RUNS_KEPT:
            self.clear()
        text = self[raw] = msgspec.Raw(self._encode(raw)[self._head : -1])
        return text
