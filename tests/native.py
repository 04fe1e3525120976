"""The native side of the binding, driven without a front.

A SWIG director is a C++ object whose virtual table holds the callbacks in the order of their
declaration, each taking the object, then pointers, integers and flags. :class:`NativeSpi` calls
through that table as CTP's own threads do: the call leaves Python, enters the shipped library,
and comes back through the director, on whatever thread it is made. Used by the tests of the
bridge, of the layers above it, and by the benchmarks.

    spi = bridge.spi(catalogue, codec, queue)
    native = NativeSpi(spi, catalogue)
    native.call("OnRtnDepthMarketData", layout.new({"InstrumentID": "cu2701"}))
    native.call("OnRspQryInvestor", body, info, request_id=7, is_last=False)
    native.call("OnFrontDisconnected", number=0x1001)
"""

import ctypes
from typing import Any

from webctp.ctp.catalog import Callback, Catalogue


class NativeSpi:
    """Calls the callbacks of a director instance (what ``webctp.ctp.bridge.spi`` returns).

    Safe on any thread. The director must outlive it; so must a struct the call it is given to.
    """

    def __init__(self, spi: Any, catalogue: Catalogue) -> None:
        self._spi = spi  # kept alive
        self.address = int(spi.this)
        table = ctypes.cast(self.address, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
        self._callbacks = catalogue.callbacks
        self._entries = {name: int(table[at] or 0) for at, name in enumerate(catalogue.callbacks)}
        self._functions: dict[str, Any] = {}

    def entry(self, name: str) -> int:
        """The address of a callback's native code; it takes :attr:`address` first."""
        return self._entries[name]

    def call(
        self,
        name: str,
        body: Any = None,
        info: Any = None,
        *,
        request_id: int = 0,
        is_last: bool = True,
        number: int = 0,
    ) -> None:
        """Call ``name``; returns when the callback has.

        :param body: a live struct of the binding, the address of one, or None for NULL.
        :param info: the same for RspInfo.
        :param number: the integer of ``OnFrontDisconnected`` and ``OnHeartBeatWarning``.
        """
        callback = self._callbacks[name]
        arguments: list[int | None] = [self.address]
        if callback.struct is not None:
            arguments.append(_pointer(body))
        if callback.has_info:
            arguments.append(_pointer(info))
        if callback.number is not None:
            arguments.append(number)
        if callback.has_request:
            arguments += [request_id, is_last]
        self.function(name)(*arguments)

    def function(self, name: str) -> Any:
        """The callback as a ctypes function, for loops that cannot spare :meth:`call`.

        It takes :attr:`address`, then what the callback declares: addresses of structs, integers.
        """
        known = self._functions.get(name)
        if known is None:
            prototype = _prototype(self._callbacks[name])
            known = self._functions[name] = prototype(self._entries[name])
        return known


def address_of(live: Any) -> int:
    """Where a struct of the binding lies in memory."""
    return int(live.this)


def _pointer(live: Any) -> int | None:
    return live if live is None or isinstance(live, int) else address_of(live)


def _prototype(callback: Callback) -> Any:
    """The C signature of a callback, by its shape."""
    kinds: list[Any] = [ctypes.c_void_p]
    kinds += [ctypes.c_void_p] * ((callback.struct is not None) + callback.has_info)
    if callback.number is not None:
        kinds.append(ctypes.c_int)
    if callback.has_request:
        kinds += [ctypes.c_int, ctypes.c_bool]
    return ctypes.CFUNCTYPE(None, *kinds)
