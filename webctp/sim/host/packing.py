"""Between the exchange's values and structs: packing events, unpacking requests."""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from operator import itemgetter
from typing import Final

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue, Shape
from webctp.ctp.codec import DBL_MAX, Layout, codec_for, format_of
from webctp.sim.events import Values
from webctp.sim.exchange.requests import Answering
from webctp.sim.market import ticks

RSP_INFO: Final = "CThostFtdcRspInfoField"
TICK: Final = "CThostFtdcDepthMarketDataField"
TICK_CALLBACK: Final = "OnRtnDepthMarketData"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One callback to be made: packed structs (None for a null pointer) and plain arguments.

    ``number`` is the argument of callbacks that carry a bare integer, ``flow`` the message's
    number in the account's private flow, or in the ``public`` one; 0 for others.
    """

    callback: str
    body: bytes | None = None
    info: bytes | None = None
    request_id: int = 0
    last: bool = True
    number: int = 0
    flow: int = 0
    public: bool = False


class Wire:
    """Packs the callbacks of one API's sessions, and unpacks their requests. For one thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._codec = codec_for(catalogue.module)
        self._infos: dict[int | None, bytes | None] = {None: None}

    def answering(self) -> dict[str, Answering]:
        """Return how each request of the API is answered."""
        callbacks = self._catalogue.callbacks
        return {
            name: Answering(method.response, callbacks[method.response].struct == method.struct)
            for name, method in self._catalogue.methods.items()
            if method.response is not None and method.shape is Shape.REQUEST
        }

    def unpack(self, name: str, raw: bytes) -> Mapping[str, object]:
        """Unpack a request's fields, made to fit an answer that echoes them.

        Text without a GBK form gets question marks, numbers that are none count as unset.
        """
        method = self._catalogue.methods[name]
        values = self._layout(method.request_struct).unpack(raw)
        return {field: _held(value) for field, value in values.items()}

    def pack(
        self,
        callback: str,
        values: Values | None,
        error: int | None = None,
        request_id: int = 0,
        last: bool = True,
        more: str = "",
    ) -> Delivery:
        """Pack a callback's structs; fields that this binding does not have are left out.

        :param more: text that the ErrorMsg has after the message of its code.
        """
        body = None
        if values is not None:
            layout = self._layout(self._catalogue.callbacks[callback].body_struct)
            known = layout.by_name
            body = layout.pack({name: values[name] for name in values if name in known})
        info = self._info_with(error, more) if more else self._info(error)
        return Delivery(callback, body, info, request_id, last)

    def pack_rows(
        self, callback: str, rows: Iterable[Values], request_id: int
    ) -> Iterator[Delivery]:
        """Pack a query's callbacks, the last one marked; no row found is one without a body."""
        waiting: Values | None = None
        for row in rows:
            if waiting is not None:
                yield self.pack(callback, waiting, None, request_id, last=False)
            waiting = row
        yield self.pack(callback, waiting, None, request_id)

    def layout_of(self, callback: str) -> Layout | None:
        """Return the layout of a callback's body, None where it has none or is another API's."""
        known = self._catalogue.callbacks.get(callback)
        return None if known is None or known.struct is None else self._layout(known.struct)

    def _layout(self, name: str) -> Layout:
        return self._codec.layout(name)

    def _info(self, error: int | None) -> bytes | None:
        if error not in self._infos:
            self._infos[error] = self._info_with(error or 0, "")
        return self._infos[error]

    def _info_with(self, error: int | None, more: str) -> bytes:
        message = errors.message(error or 0) + more
        return self._layout(RSP_INFO).pack({"ErrorID": error, "ErrorMsg": message})


def _held(value: object) -> object:
    if isinstance(value, str) and not value.isascii():
        return value.encode("gbk", "replace").decode("gbk")
    if isinstance(value, float) and not isfinite(value):
        return DBL_MAX
    return value


_UNSET: Final = "ExchangeID"


def tick_packer(catalogue: Catalogue) -> Callable[[tuple[object, ...]], bytes]:
    """Return a fast packer of ticks: one ``struct.pack`` for values in ``ticks.FIELDS``' order.

    ExchangeID stays empty, as on ordinary fronts (CTP's page HQSM 1); an answer to
    ReqQryDepthMarketData has it.
    """
    layout = codec_for(catalogue.module).layout(TICK)
    places = {name: place for place, name in enumerate(ticks.FIELDS)}
    fields = tuple(
        field for field in layout.fields if field.name in places and field.name != _UNSET
    )
    ordered = itemgetter(*(places[field.name] for field in fields))
    pack = struct.Struct(format_of(fields, layout.size)).pack

    def to_struct(values: tuple[object, ...]) -> bytes:
        return pack(*ordered(values))

    return to_struct
