"""Subscriptions to market data that begin and end with a program's iterators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from webctp_client.asking import names_of
from webctp_client.hub import BarStream, Hub, TickStreams, Wanted, Wish
from webctp_client.link import Link
from webctp_client.made import methods, own
from webctp_client.protocol.sent import given

PARTIAL: Final = "partial"
"""The connection of ticks of which only some fields are told."""
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

    def ticks(self, instruments: Sequence[str], wish: Wish, put: Callable[[Any], None]) -> Feed:
        """Return a feed of ticks; those of some fields have a connection of their own.

        :raises ValueError: if no instrument is named.
        """
        wanted = Wanted(_some(instruments), wish)
        name, streams = "md", self._hub.ticks
        if wish.fields is not None:
            name, streams = PARTIAL, self._hub.partial

        async def begin() -> None:
            streams.add(put, wanted)
            for words, names in _grouped(streams, wanted.names):
                await self._subscribe(name, names, words)

        def end() -> None:
            before = {one: streams.words(one) for one in wanted.names}
            gone = streams.remove(put)
            self._unsubscribe(name, gone)
            left = [one for one in wanted.names if one not in gone]
            changed = [one for one in left if streams.words(one) != before[one]]
            for words, names in _grouped(streams, changed):
                self._change(name, names, words)

        return Feed(begin, end)

    def bars(
        self,
        instruments: Sequence[str],
        periods: Sequence[str],
        history: int | None,
        put: Callable[[own.Bar], None],
        *,
        changes: bool = False,
    ) -> Feed:
        """Return a feed of bars.

        :raises ValueError: if no instrument is named.
        """
        stream = BarStream(put, Wanted(_some(instruments)), names_of(periods))

        async def begin() -> None:
            self._hub.bars.append(stream)
            wanted = {period for one in self._hub.bars for period in one.periods}
            words = given({"Bars": sorted(wanted), "History": history, "Changes": changes or None})
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

    def _change(self, name: str, instruments: Sequence[str], words: Any) -> None:
        """Have a subscription's words changed, without waiting for the answer."""
        link = self._link(name)
        if link.core.is_ready:
            link.core.subscribe(methods.SubscribeMarketData, instruments, words)
            link.flush()
        else:
            request = methods.SubscribeMarketData.name
            link.core.subscriptions.enter(request, instruments, words)

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


def _grouped(
    streams: TickStreams, names: Sequence[str]
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield the names that are subscribed to with the same words, and the words."""
    groups: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for name in names:
        words = streams.words(name)
        groups.setdefault(repr(words), (words, []))[1].append(name)
    yield from groups.values()


async def _nothing() -> None:
    """Begin nothing."""


NO_FEED: Final = Feed(_nothing, lambda: None)


def _some(instruments: Sequence[str]) -> Sequence[str]:
    if not instruments:
        raise ValueError("name an instrument, such as rb2605, a pattern, such as rb*, or @rb")
    return instruments
