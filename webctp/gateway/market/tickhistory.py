"""The last ticks of each instrument, kept in memory for ``QryTicks`` (``TickHistory``).

Ticks of earlier days are in recordings, which ``replay://`` plays. Kept is what the gateway is
subscribed to, stale ticks too, as the front has told them. Without the key nothing is done for a
tick. Everything runs in the reactor's thread.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from msgspec import Raw
from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.encoder import JsonEncoder
from webctp.ctp.front import china_time
from webctp.ctp.refusal import Refusal
from webctp.gateway.market.pastbars import moment
from webctp.gateway.messages import own, own_market
from webctp.language.text import english
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.subscriptions import Subscription
from webctp.upstream.turns import batched

_log = Logger()

MOST_TICKS: Final = 200_000
"""Ticks that are kept in all: about 130 MB."""
_A_STEP: Final = 8
_BILLION: Final = 10**9


class KeptTick(NamedTuple):
    """A tick: when it was received, in nanoseconds since 1970, and the struct's bytes."""

    received: int
    body: bytes


class TickHistory:
    """Keep the last ``each`` ticks of every instrument; 0 keeps none."""

    def __init__(self, hub: MarketHub[Any], each: int) -> None:
        self._hub = hub
        self._each = each
        self._kept: dict[bytes, deque[KeptTick]] = {}
        self._is_full = False

    def watch(self, subscription: Subscription[Any]) -> None:
        """Keep an instrument's ticks from now on, if there is room."""
        if not self._each or self in subscription.bar_makers:
            return
        if subscription.name not in self._kept:
            if (len(self._kept) + 1) * self._each > MOST_TICKS:
                if not self._is_full:
                    self._is_full = True
                    _log.warn(
                        "TickHistory: {count} instruments of {each} ticks are kept, and no more; "
                        "lower TickHistory",
                        count=len(self._kept),
                        each=self._each,
                    )
                return
            self._kept[subscription.name] = deque(maxlen=self._each)
        subscription.bar_makers += (self,)

    def tick(self, name: bytes, body: bytes) -> None:
        """Keep a tick."""
        self._kept[name].append(KeptTick(self._hub.received(), body))

    def find(self, asked: own_market.TicksQuery) -> Sequence[KeptTick]:
        """Return the ticks asked for, the oldest first.

        :raises Refusal: if none are kept, or a moment is none.
        """
        if not self._each:
            raise Refusal(
                errors.BAD_REQUEST, english("QryTicks needs ticks that are kept; set TickHistory")
            )
        begin, end = moment("BeginTime", asked.BeginTime), moment("EndTime", asked.EndTime)
        kept = self._kept.get(asked.InstrumentID.encode("gbk", "replace"), ())
        found = [
            one
            for one in kept
            if (begin is None or one.received >= begin * _BILLION)
            and (end is None or one.received < end * _BILLION)
        ]
        return found[-asked.Count :]


def answering(
    say: Callable[[bytes], object],
    encode: JsonEncoder,
    ticks: Sequence[KeptTick],
    request_id: int,
) -> Iterator[None]:
    """Say, in steps, a ``RspQryTicks`` for each tick, or one whose tick is null.

    :param encode: makes JSON of a tick.
    """
    if not ticks:
        say(own.encode(own_market.RspQryTicks(IsLast=True, RequestID=request_id)))
    left = len(ticks)
    for some in batched(ticks, _A_STEP):
        for tick in some:
            left -= 1
            at = china_time(tick.received)
            answer = own_market.RspQryTicks(
                IsLast=not left,
                RequestID=request_id,
                ReceivedTime=at.isoformat(timespec="milliseconds") + "+08:00",
                DepthMarketData=Raw(encode(tick.body)),
            )
            say(own.encode(answer))
        yield
