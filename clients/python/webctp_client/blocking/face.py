"""The blocking face's foundation: a thread with a loop, and how typed methods run on it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import Coroutine, Iterator, Sequence
from concurrent import futures
from typing import Any, Final, Generic, TypeVar

from webctp_client.blocking.orders import BlockingSentOrder
from webctp_client.client import Client
from webctp_client.orders import SentOrder
from webctp_client.protocol.method import Method
from webctp_client.streams import Stream

T = TypeVar("T")

SLICE: Final[float | None] = 0.2 if os.name == "nt" else None
"""Seconds of a wait: on Windows Ctrl+C interrupts none, and is seen between two of them."""


class LoopThread:
    """A thread in which a loop runs, for a program that has none."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.is_stopped = False
        # A program that ends does not wait for it.
        self._thread = threading.Thread(target=self._run, name="webctp-client", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the loop; return its result here.

        :raises RuntimeError: in the loop's own thread, which must not wait for itself.
        """
        if threading.current_thread() is self._thread:
            work.close()
            raise RuntimeError("this is the client's own thread; use webctp_client.aio in it")
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            while SLICE is not None and not future.done():
                futures.wait([future], SLICE)
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def stop(self) -> None:
        """End the thread; what others wait for in it is cancelled."""
        if not self.is_stopped:
            self.is_stopped = True
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(5.0)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            left = asyncio.all_tasks(self.loop)
            for task in left:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        finally:
            self.loop.close()


class BlockingStream(Generic[T]):
    """An iterator over what is pushed; what waits is fetched at once.

    Its bound and its policy are those of the asyncio face's stream.
    """

    def __init__(self, thread: LoopThread, stream: Stream[T]) -> None:
        self._thread = thread
        self._stream = stream
        self._items: deque[T] = deque()

    @property
    def dropped(self) -> int:
        """How many items were passed over since the program was too slow."""
        return self._stream.dropped

    def __iter__(self) -> Iterator[T]:
        """Iterate over itself."""
        return self

    def __next__(self) -> T:
        """Return the next item, waiting for it."""
        if not self._items and not self._thread.is_stopped:
            self._items.extend(self._thread.run(self._taken(None)))
        if not self._items:
            raise StopIteration
        return self._items.popleft()

    def take(self, timeout: float | None = None) -> list[T]:
        """Return all items that wait, at least one; none at the end, or after ``timeout``."""
        if not self._items and not self._thread.is_stopped:
            self._items.extend(self._thread.run(self._taken(timeout)))
        items = list(self._items)
        self._items.clear()
        return items

    def close(self) -> None:
        """End it."""
        if not self._thread.is_stopped:
            self._thread.loop.call_soon_threadsafe(self._stream.close)

    def __enter__(self) -> BlockingStream[T]:
        """Close it at the end of the block."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close it."""
        self.close()

    async def _taken(self, timeout: float | None) -> list[T]:
        try:
            return await asyncio.wait_for(self._stream.take(), timeout)
        except (StopAsyncIteration, asyncio.TimeoutError):
            return []


class BlockingAsking:
    """Carries out requests by the asyncio client, in its thread."""

    def __init__(self, thread: LoopThread, client: Client) -> None:
        self._thread = thread
        self._client = client

    def _rows(self, method: Method[T], fields: dict[str, Any]) -> list[T]:
        return self._thread.run(self._client.ask_rows(method, _without_self(fields)))

    def _one(self, method: Method[T], fields: dict[str, Any]) -> T | None:
        rows = self._rows(method, fields)
        return rows[-1] if rows else None

    def _text(self, method: Method[Any], fields: dict[str, Any]) -> str:
        return str(self._one(method, fields))

    def _order(self, method: Method[Any], fields: dict[str, Any]) -> BlockingSentOrder:
        return self._held(self._thread.run(self._client.ask_order(method, _without_self(fields))))

    def _submit(self, method: Method[Any], fields: dict[str, Any]) -> None:
        self._thread.run(self._client.ask_submit(method, _without_self(fields)))

    def _subscribe(self, method: Method[T], fields: dict[str, Any]) -> list[T]:
        names: str | Sequence[str] = fields["InstrumentID"]
        return self._thread.run(self._client.ask_subscribe(method, names, fields["words"]))

    def _held(self, order: SentOrder) -> BlockingSentOrder:
        return BlockingSentOrder(order, self._thread.run)


def _without_self(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "self"}
