"""The flow of a session's trading day, as it is told to whoever logs in.

CTP plays it to each of its sessions; a client that comes to a living session gets the same from
what is kept here. All methods run in the reactor's thread.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from webctp.ctp import catalog
from webctp.ctp.bridge import Event
from webctp.ctp.codec import Layout, codec_for
from webctp.upstream.orders.keys import OrderIdentity, Row, local_identity, plain_ref

KEPT_BYTES: Final = 32 * 1024 * 1024
"""Some 40,000 pushes. Beyond it what an order was before its latest state goes, then the oldest."""

_ORDER: Final = "OnRtnOrder"
_IDENTITY: Final = ("FrontID", "SessionID", "OrderRef", "ExchangeID", "TraderID", "OrderLocalID")


class DayFlow:
    """The pushes of one session's trading day, each once, in order.

    :param kept_bytes: see :data:`KEPT_BYTES`.
    """

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._day = ""
        self._events: list[Event] = []
        self._bytes = 0
        self.is_whole = True
        """Whether nothing but former states of orders is missing."""

    def begin(self, trading_day: str) -> None:
        """Take the trading day of the last login; another's pushes are forgotten."""
        if trading_day != self._day:
            self._day = trading_day
            self._events = []
            self._bytes = 0
            self.is_whole = True

    def add(self, event: Event) -> None:
        """Keep a push."""
        self._events.append(event)
        self._bytes += _size(event)
        if self._bytes > self._kept_bytes:
            self._shrink()

    @property
    def events(self) -> Sequence[Event]:
        """The pushes so far; what comes later does not change what was given."""
        return tuple(self._events)

    def _shrink(self) -> None:
        """Leave out what orders were before, then the oldest, until a quarter of the room is free.

        A quarter, so that this happens seldom.
        """
        keys = [_order_of(event) for event in self._events]
        latest = {key: at for at, key in enumerate(keys) if key is not None}
        kept = [
            event
            for at, (key, event) in enumerate(zip(keys, self._events, strict=True))
            if key is None or latest[key] == at
        ]
        size, oldest = sum(map(_size, kept)), 0
        while size > self._kept_bytes * 3 // 4:
            size -= _size(kept[oldest])
            oldest += 1
        self.is_whole = self.is_whole and oldest == 0
        self._events, self._bytes = kept[oldest:], size


def _size(event: Event) -> int:
    return len(event[1] or b"")


def _order_of(event: Event) -> OrderIdentity | None:
    """Return what the order of a RtnOrder is known by; None for another push."""
    callback, body, *_ = event
    if callback.name != _ORDER or body is None:
        return None
    row: Row = _layout().unpack(body)
    return local_identity(row) or (row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"]))


@cache
def _layout() -> Layout:
    trading = catalog.trading()
    return codec_for(trading.module).layout(str(trading.callbacks[_ORDER].struct)).part(_IDENTITY)
