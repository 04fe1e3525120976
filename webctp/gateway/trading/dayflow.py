"""The flow of a session's trading day, as it is told to whoever logs in.

CTP plays it to each of its sessions; a client that comes to a living session gets the same from
what is kept here. All methods run in the reactor's thread.
"""

from collections import deque
from collections.abc import Sequence
from functools import cache
from itertools import dropwhile
from typing import Final, overload

from webctp.ctp import binding
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Callback
from webctp.ctp.codec import Layout
from webctp.upstream.orders.keys import OrderIdentity, Row, local_identity, plain_ref

KEPT_BYTES: Final = 32 * 1024 * 1024
"""Some 40,000 pushes. Beyond it what an order was before its latest state goes, then the oldest."""
_AT_ONCE: Final = 8
"""Pushes that are looked through for each that comes when there is no room: some 0.1 ms. Of what
is kept an eighth more than the bound may wait for that."""

_ORDER: Final = "OnRtnOrder"
_STAMP: Final = "TradingDay"
_IDENTITY: Final = ("FrontID", "SessionID", "OrderRef", "ExchangeID", "TraderID", "OrderLocalID")


_Kept = tuple[str, bytes | None, bytes | None, int, bool]
"""A push with its callback's name. Python's collector looks at no tuple of texts, bytes and numbers
once it has seen it; to a CallbackEvent it would come back in each full collection of a day."""


class _Events(Sequence[CallbackEvent]):
    """The pushes of a day, made of what is kept as they are read."""

    def __init__(self, kept: tuple[_Kept, ...], callbacks: dict[str, Callback]) -> None:
        self._kept = kept
        self._callbacks = callbacks

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, at: int) -> CallbackEvent: ...
    @overload
    def __getitem__(self, at: slice) -> "_Events": ...
    def __getitem__(self, at: int | slice) -> "CallbackEvent | _Events":
        if isinstance(at, slice):
            return _Events(self._kept[at], self._callbacks)
        name, body, info, number, is_last = self._kept[at]
        return CallbackEvent(self._callbacks[name], body, info, number, is_last)


class DayFlow:
    """The pushes of one session's trading day, each once, in order.

    :param kept_bytes: see :data:`KEPT_BYTES`.
    """

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._callbacks: dict[str, Callback] = {}
        """By name, those of which anything was ever kept."""
        self._begin("")

    def _begin(self, trading_day: str) -> None:
        self._day = trading_day
        self._bytes = 0
        self._looked_through: dict[OrderIdentity | int, _Kept] = {}
        """The oldest pushes, of each order the latest of these; others by a number."""
        self._number = 0
        self._events: deque[_Kept] = deque()
        self.is_whole = True
        """Whether nothing but former states of orders is missing."""

    def begin(self, trading_day: str) -> None:
        """Take the trading day of the last login; the pushes of the day before are forgotten.

        A session that stays connected while the day changes is told of the new one before it logs
        in again: what has come since the first push of the new day belongs to it.
        """
        if trading_day == self._day:
            return
        told, was_whole = self.events, self.is_whole
        later = list(dropwhile(lambda event: _day_of(event) != trading_day, told))
        self._begin(trading_day)
        for event in later:
            self.add(event)
        self.is_whole = was_whole or len(later) < len(told)

    def forget(self) -> None:
        """Free all that is kept: nobody will ask for it any more."""
        self._begin(self._day)
        self.is_whole = False

    def add(self, event: CallbackEvent) -> None:
        """Keep a push."""
        callback, body, info, number, is_last = event
        name = callback.name
        self._callbacks[name] = callback
        self._events.append((name, body, info, number, is_last))
        self._bytes += len(body or b"")  # _size, without a call: every order passes
        if self._bytes > self._kept_bytes:
            self._make_room()

    @property
    def events(self) -> Sequence[CallbackEvent]:
        """The pushes so far; what comes later does not change what was given."""
        return _Events((*self._looked_through.values(), *self._events), self._callbacks)

    def _make_room(self) -> None:
        """Leave out what orders were before, some at a time; where that is all done, the oldest."""
        for _ in range(_AT_ONCE):
            if self._bytes <= self._kept_bytes:
                return
            if self._events:
                self._look_through(self._events.popleft())
            else:
                oldest = next(iter(self._looked_through))
                self._bytes -= _size(self._looked_through.pop(oldest))
                self.is_whole = False

    def _look_through(self, event: _Kept) -> None:
        """Put a push behind the oldest; that of an order takes the place of its former state."""
        key = _order_of(event)
        if key is None:
            self._number += 1
            self._looked_through[self._number] = event
            return
        former = self._looked_through.get(key)
        if former is not None:
            self._bytes -= _size(former)
        self._looked_through[key] = event


def _size(event: _Kept) -> int:
    return len(event[1] or b"")


def _day_of(event: CallbackEvent) -> str:
    """Return the trading day that a push is stamped with; empty where it bears none."""
    callback, body, *_ = event
    if callback.struct is None or body is None:
        return ""
    layout = binding.load().trading_codec.layout(callback.struct)
    return str(layout.value(body, _STAMP)) if _STAMP in layout.by_name else ""


def _order_of(event: _Kept) -> OrderIdentity | None:
    """Return what the order of a RtnOrder is known by; None for another push."""
    name, body, *_ = event
    if name != _ORDER or body is None:
        return None
    row: Row = _layout().unpack(body)
    return local_identity(row) or (row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"]))


@cache
def _layout() -> Layout:
    loaded = binding.load()
    struct = loaded.trading.callbacks[_ORDER].body_struct
    return loaded.trading_codec.layout(struct).part(_IDENTITY)
