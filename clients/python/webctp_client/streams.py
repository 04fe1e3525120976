"""Bounded queues between the connection and a program's iterators, and what they do when full."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from webctp_client.errors import Overflow

T = TypeVar("T")


class Stream(Generic[T]):
    """An async iterator over what is pushed; it ends when it is closed.

    At most ``limit`` items wait for the program. Beyond that, a stream with a ``key`` (ticks,
    growing bars) keeps the newest item of each key and counts the rest in ``dropped``; one
    without drops nothing: it ends with :class:`Overflow`, for what follows would have a hole.

    :param key: names what an item is the newest of; None for an item that must not be dropped.
    :param begin: brings it about, a subscription for instance; awaited before the first item.
    """

    def __init__(
        self,
        limit: int,
        key: Callable[[T], Hashable] | None = None,
        begin: Callable[[], Awaitable[None]] | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        if limit < 1:
            raise ValueError(f"limit is {limit}; it must be 1 or more")
        self.dropped = 0
        self._limit = limit
        self._key = key
        self._begin = begin
        self._on_close = on_close
        self._items: deque[T] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._end: BaseException | None = None

    def put(self, item: T) -> None:
        """Add an item."""
        if self._end is not None:
            return
        items = self._items
        items.append(item)
        if len(items) > self._limit:
            self._make_room()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self, problem: BaseException | None = None) -> None:
        """End the stream, after what waits; with an error if one is given."""
        if self._end is None:
            self._end = problem or StopAsyncIteration()
            if self._waiter is not None and not self._waiter.done():
                self._waiter.set_result(None)
            if self._on_close is not None:
                self._on_close()

    def __aiter__(self) -> Stream[T]:
        """Iterate over itself."""
        return self

    async def __anext__(self) -> T:
        """Return the next item, waiting for it."""
        if self._items:
            return self._items.popleft()
        await self._filled()
        return self._items.popleft()

    async def take(self) -> list[T]:
        """Return all items that wait, at least one; StopAsyncIteration at the end."""
        await self._filled()
        items = list(self._items)
        self._items.clear()
        return items

    async def _filled(self) -> None:
        begin, self._begin = self._begin, None
        if begin is not None:
            await begin()
        while not self._items:
            if self._end is not None:
                raise self._end
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    async def __aenter__(self) -> Stream[T]:
        """Close it at the end of the block."""
        return self

    async def __aexit__(self, *problem: object) -> None:
        """Close it."""
        self.close()

    def _make_room(self) -> None:
        if self._key is None:
            self._items.pop()
            self.close(Overflow(f"{self._limit} items wait; read faster, or raise the limit"))
            return
        newest: dict[Hashable, T] = {}
        kept: list[T] = []
        for item in reversed(self._items):
            key = self._key(item)
            if key is None:
                kept.append(item)
            elif key not in newest:
                newest[key] = item
                kept.append(item)
        kept.reverse()
        if len(kept) > self._limit:
            # Some room is made at once, or each further item would cost a walk.
            kept = self._thinned(kept, len(kept) - self._limit * 3 // 4)
        self.dropped += len(self._items) - len(kept)
        self._items = deque(kept)
        if len(kept) > self._limit:
            self.close(Overflow(f"{self._limit} items wait that must not be dropped; read faster"))

    def _thinned(self, items: list[T], surplus: int) -> list[T]:
        """Return the items without the oldest ``surplus`` of those that may be dropped."""
        assert self._key is not None
        kept = []
        for item in items:
            if surplus and item is not items[-1] and self._key(item) is not None:
                surplus -= 1
            else:
                kept.append(item)
        return kept
