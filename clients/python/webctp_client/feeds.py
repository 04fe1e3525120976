"""Subscriptions to market data that begin and end with a program's iterators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from webctp_client.asking import names_of
from webctp_client.hub import BarStream, Hub, Wanted
from webctp_client.link import Link
from webctp_client.made import methods, own, structs
from webctp_client.protocol.sent import given

Answer = Callable[[Link, int, str], Awaitable[Any]]
"""Waits for the answer to a request of a connection: its RequestID, its name."""


@dataclass(frozen=True)
class Feed:
    """How a subscription begins, and how it ends."""

    begin: Callable[[], Awaitable[None]]
    end: Callable[[], None]


class Feeds:
    """A client's subscriptions. An instrument stays subscribed to until no iterator wants it.

    Ticks and bars have a connection each: the gateway sends bars in the place of ticks.

    :param link: gives a connection by its name.
    """

    def __init__(self, hub: Hub, link: Callable[[str], Link], answer: Answer) -> None:
        self._hub = hub
        self._link = link
        self._answer = answer

    def ticks(
        self,
        instruments: Sequence[str],
        interval_ms: int | None,
        put: Callable[[structs.DepthMarketData], None],
    ) -> Feed:
        """Return a feed of ticks.

        :raises ValueError: if no instrument is named.
        """
        wanted = Wanted(_some(instruments))

        async def begin() -> None:
            self._hub.ticks.add(put, wanted)
            words = {} if interval_ms is None else {"IntervalMs": interval_ms}
            await self._subscribe("md", wanted.names, words)

        return Feed(begin, lambda: self._unsubscribe("md", self._hub.ticks.remove(put)))

    def bars(
        self,
        instruments: Sequence[str],
        periods: Sequence[str],
        history: int | None,
        put: Callable[[own.Bar], None],
    ) -> Feed:
        """Return a feed of bars.

        :raises ValueError: if no instrument is named.
        """
        stream = BarStream(put, Wanted(_some(instruments)), names_of(periods))

        async def begin() -> None:
            self._hub.bars.append(stream)
            wanted = {period for one in self._hub.bars for period in one.periods}
            words = given({"Bars": sorted(wanted), "History": history})
            await self._subscribe("bars", stream.wanted.names, words)

        def end() -> None:
            if stream in self._hub.bars:
                self._hub.bars.remove(stream)
            left = {name for one in self._hub.bars for name in one.wanted.names}
            self._unsubscribe("bars", [one for one in stream.wanted.names if one not in left])

        return Feed(begin, end)

    async def _subscribe(self, name: str, instruments: Sequence[str], words: Any) -> None:
        link = self._link(name)
        await link.ready()
        method = methods.SubscribeMarketData
        request_id = link.core.subscribe(method, instruments, words)
        await self._answer(link, request_id, method.name)

    def _unsubscribe(self, name: str, instruments: list[str]) -> None:
        """End a subscription that no iterator needs, without waiting for its answer."""
        if not instruments:
            return
        link = self._link(name)
        method = methods.UnSubscribeMarketData
        link.core.subscriptions.enter(method.name, instruments, {})
        if link.core.is_ready:
            link.core.ask(method, {"InstrumentID": instruments})
            link.flush()


async def _nothing() -> None:
    """Begin nothing."""


NO_FEED: Final = Feed(_nothing, lambda: None)


def _some(instruments: Sequence[str]) -> Sequence[str]:
    if not instruments:
        raise ValueError("name an instrument, such as rb2605, a pattern, such as rb*, or @rb")
    return instruments
