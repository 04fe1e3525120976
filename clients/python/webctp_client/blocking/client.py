"""The blocking face: the asyncio client's names, for a program without a loop."""

from __future__ import annotations

import atexit
import inspect
from collections.abc import Sequence
from typing import Any

from webctp_client.blocking.face import BlockingStream, LoopThread
from webctp_client.blocking.orders import BlockingSentOrder
from webctp_client.client import Client
from webctp_client.handler import Handler
from webctp_client.hub import Item
from webctp_client.made import own, structs
from webctp_client.made.blocking import BlockingRequests
from webctp_client.protocol.mirror import Mirror
from webctp_client.quotes import MOST_WAITING


class BlockingClient(BlockingRequests):
    """A gateway's client whose methods block; use :func:`webctp_client.connect`.

    It may be used from several threads. What it returns of the account is a copy, as it stands.
    """

    def __init__(self, client: Client) -> None:
        super().__init__(LoopThread(), client)
        self._is_closed = False
        atexit.register(self.close)
        try:
            self._thread.run(client.start())
        except BaseException:
            self.close()
            raise

    @property
    def mirror(self) -> Mirror:
        """The account as the pushes tell it; it changes in the client's thread."""
        return self._client.mirror

    @property
    def orders(self) -> list[structs.Order]:
        """The trading day's orders, as they stand."""
        return self._thread.run(_copied(self._client, "orders"))

    @property
    def trades(self) -> list[structs.Trade]:
        """The trading day's trades."""
        return self._thread.run(_copied(self._client, "trades"))

    @property
    def positions(self) -> list[own.PortfolioPosition]:
        """The positions; empty until the portfolio is subscribed to."""
        return self._thread.run(_copied(self._client, "positions"))

    @property
    def account(self) -> own.PortfolioAccount | None:
        """The money; None until the portfolio is subscribed to."""
        return self._client.account

    def close(self) -> None:
        """End all connections and iterators, and the client's thread."""
        if not self._is_closed:
            self._is_closed = True
            atexit.unregister(self.close)
            self._thread.run(self._client.close())
            self._thread.stop()

    def __enter__(self) -> BlockingClient:
        """Close it at the end of the block."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close."""
        self.close()

    def ticks(
        self,
        *instruments: str,
        interval_ms: int | None = None,
        changes: bool = False,
        limit: int = MOST_WAITING,
    ) -> BlockingStream[structs.DepthMarketData]:
        """Return an iterator over the ticks of instruments, of patterns (``rb*``), of ``@rb``.

        A program that is slower than the market gets the newest tick of each instrument;
        ``dropped`` counts the others.

        :param interval_ms: a tick of each instrument in so many milliseconds, at most.
        :param changes: for a thin line: the gateway sends what has changed, and whole ticks are
            made of it here.
        """
        stream = self._client.ticks(
            *instruments, interval_ms=interval_ms, changes=changes, limit=limit
        )
        return BlockingStream(self._thread, stream)

    def stale_ticks(
        self, *instruments: str, limit: int = MOST_WAITING
    ) -> BlockingStream[structs.DepthMarketData]:
        """Return an iterator over what a front tells again of instruments, and nothing else."""
        return BlockingStream(self._thread, self._client.stale_ticks(*instruments, limit=limit))

    def partial_ticks(
        self,
        *instruments: str,
        fields: Sequence[str],
        interval_ms: int | None = None,
        changes: bool = False,
        limit: int = MOST_WAITING,
    ) -> BlockingStream[structs.PartialDepthMarketData]:
        """Return an iterator over some fields of ticks, on a connection of its own.

        ``InstrumentID`` is always told; fields that nobody has asked for are None.

        :param fields: their names, ``("LastPrice", "Volume")``.
        """
        stream = self._client.partial_ticks(
            *instruments, fields=fields, interval_ms=interval_ms, changes=changes, limit=limit
        )
        return BlockingStream(self._thread, stream)

    def bars(
        self,
        *instruments: str,
        periods: Sequence[str] = ("1m",),
        history: int | None = None,
        changes: bool = False,
        limit: int = MOST_WAITING,
    ) -> BlockingStream[own.Bar]:
        """Return an iterator over bars; of those that grow the newest, every one that is over.

        :param history: so many bars of the past come first, where the gateway keeps them.
        :param changes: as of :meth:`ticks`.
        """
        stream = self._client.bars(
            *instruments, periods=periods, history=history, changes=changes, limit=limit
        )
        return BlockingStream(self._thread, stream)

    def order_pushes(self, limit: int = MOST_WAITING) -> BlockingStream[structs.Order]:
        """Return an iterator over the changes of orders from now on; none is dropped."""
        return BlockingStream(self._thread, self._client.order_pushes(limit))

    def trade_pushes(self, limit: int = MOST_WAITING) -> BlockingStream[structs.Trade]:
        """Return an iterator over the trades from now on, each once; none is dropped."""
        return BlockingStream(self._thread, self._client.trade_pushes(limit))

    def position_pushes(self, limit: int = MOST_WAITING) -> BlockingStream[own.PortfolioPosition]:
        """Return an iterator over the changes of positions; none is dropped."""
        return BlockingStream(self._thread, self._client.position_pushes(limit))

    def events(self, limit: int = MOST_WAITING) -> BlockingStream[Any]:
        """Return an iterator over everything else: gaps, broken connections, other pushes."""
        return BlockingStream(self._thread, self._client.events(limit))

    def everything(
        self, *instruments: str, periods: Sequence[str] = (), history: int | None = None
    ) -> BlockingStream[Item]:
        """Return an iterator over all that is pushed: a handler's method, and its argument.

        :param instruments: what it gets ticks of, or bars where ``periods`` are named.
        """
        stream = self._client.everything(*instruments, periods=periods, history=history)
        return BlockingStream(self._thread, stream)

    def run(
        self,
        handler: Handler,
        *instruments: str,
        periods: Sequence[str] = (),
        history: int | None = None,
    ) -> None:
        """Call a handler's methods here for everything that is pushed, until it is closed.

        Parameters are those of :meth:`everything`.

        :raises TypeError: for a method that is a coroutine: those are for the asyncio face.
        """
        with self.everything(*instruments, periods=periods, history=history) as stream:
            for kind, item in stream:
                done = getattr(handler, kind)(item)
                if inspect.iscoroutine(done):
                    done.close()
                    raise TypeError(f"{kind} is a coroutine; use webctp_client.aio for it")

    def limit_order(
        self,
        instrument: str,
        direction: str,
        offset: str,
        price: float,
        volume: int,
        *,
        client_order_id: str | None = None,
    ) -> BlockingSentOrder:
        """Send a limit order for the day.

        :param direction: ``enums.Direction``, ``"0"`` to buy, ``"1"`` to sell.
        :param offset: ``enums.OffsetFlag``, ``"0"`` to open, ``"1"`` to close, ``"3"`` today's.
        """
        return self._held(
            self._thread.run(
                self._client.limit_order(
                    instrument, direction, offset, price, volume, client_order_id=client_order_id
                )
            )
        )

    def cancel(self, order: BlockingSentOrder | structs.Order) -> BlockingSentOrder:
        """Send the cancellation of an order.

        :raises ValueError: for an order of which nothing is known yet.
        """
        one = order if isinstance(order, structs.Order) else order.asked
        return self._held(self._thread.run(self._client.cancel(one)))

    def exchange_of(self, instrument: str) -> str:
        """Return an instrument's exchange, which is asked for once.

        :raises ValueError: if there is no such instrument.
        """
        return self._thread.run(self._client.exchange_of(instrument))


async def _copied(client: Client, name: str) -> Any:
    """Return a list of the account's in the thread that changes it."""
    return getattr(client, name)
