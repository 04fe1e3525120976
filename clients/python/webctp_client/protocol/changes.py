"""Whole ticks and bars, from messages that tell only what has changed (``"Changes": true``)."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from webctp_client.made import own
from webctp_client.protocol.messages import Tick, Unreadable

_BAR: Final = b'{"MsgType":"RtnBar"'
_MOST: Final = 200_000
"""Instruments, and periods of them, that are held; there are some ten thousand instruments."""


class _TickFields(msgspec.Struct):
    DepthMarketData: dict[str, Any]


class _BarFields(msgspec.Struct):
    Bar: dict[str, Any]
    Changes: bool = False
    MainContract: str | None = None


_tick_fields: Final = msgspec.json.Decoder(_TickFields).decode
_bar_fields: Final = msgspec.json.Decoder(_BarFields).decode


class Changes:
    """What one connection was told last of each instrument; a new connection begins anew.

    Those by ``@rb`` are held apart from those by name, for the gateway tells them apart.
    """

    def __init__(self) -> None:
        self._ticks: dict[tuple[str, str | None], Any] = {}
        self._bars: dict[tuple[str, str, str | None], dict[str, Any]] = {}

    def whole(self, tick: Tick, payload: bytes) -> Tick:
        """Return a tick with every field, as decoded from its message, whole or not.

        :raises Unreadable: for changes of what was never told whole.
        """
        if tick.Stale:
            return tick  # always whole, and older than what is held
        body = tick.body
        key = (body.InstrumentID, tick.MainContract)
        if tick.Changes:
            held = self._ticks.get(key)
            if held is None:
                raise _unfounded("RtnDepthMarketData", body.InstrumentID)
            told = _tick_fields(payload).DepthMarketData
            known = held.__struct_fields__
            told = {name: value for name, value in told.items() if name in known}
            tick.body = body = msgspec.structs.replace(held, **told)
        if key in self._ticks or len(self._ticks) < _MOST:
            self._ticks[key] = body
        return tick

    def bar(self, payload: bytes) -> own.RtnBar | None:
        """Return the bar of a message with every field; None for a message of another kind.

        :raises Unreadable: for changes of what was never told whole, and for what is no bar.
        """
        if not payload.startswith(_BAR):
            return None
        try:
            message = _bar_fields(payload)
            told, main = message.Bar, message.MainContract
            key = (str(told.get("InstrumentID")), str(told.get("Period")), main)
            if message.Changes:
                held = self._bars.get(key)
                if held is None:
                    raise _unfounded("RtnBar", key[0])
                told = {**held, **told}
            bar = msgspec.convert(told, own.Bar)
        except msgspec.DecodeError as problem:
            raise Unreadable("RtnBar", None, str(problem)) from None
        if key in self._bars or len(self._bars) < _MOST:
            self._bars[key] = told
        return own.RtnBar(Bar=bar, MainContract=main)


def _unfounded(name: str, instrument: str) -> Unreadable:
    return Unreadable(name, None, f"changes of {instrument}, which was not told whole before")
