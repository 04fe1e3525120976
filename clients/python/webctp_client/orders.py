"""An order or action that was sent, as a program holds it: asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from webctp_client.errors import WebctpError
from webctp_client.made.own import ClientOrderState
from webctp_client.made.structs import Order
from webctp_client.protocol.sent import SentState


class OrderView:
    """What is known of an order or action that was sent."""

    def __init__(self, state: SentState) -> None:
        self._state = state

    @property
    def client_order_id(self) -> str:
        """The name that was given to it; empty for none."""
        return self._state.client_order_id

    @property
    def status(self) -> str:
        """The gateway's word: ``sent``, ``known``, ``refused``, ``unknown`` and those between."""
        return self._state.status

    @property
    def instrument(self) -> str:
        """The instrument that it was sent for."""
        return self._state.instrument

    @property
    def order_status(self) -> str:
        """CTP's OrderStatus (``enums.OrderStatus``); empty before CTP has told of it."""
        return self._state.order_status

    @property
    def volume_traded(self) -> int:
        """Lots that have traded."""
        return self._state.volume_traded

    @property
    def state(self) -> ClientOrderState | None:
        """The gateway's newest word on its ClientOrderID."""
        return self._state.state

    @property
    def order(self) -> Order | None:
        """CTP's newest push of it."""
        return self._state.order

    @property
    def error(self) -> WebctpError | None:
        """Why it was refused, or why its fate is not known; None while it was not."""
        return self._state.error

    @property
    def is_known(self) -> bool:
        """Whether CTP has told of it, or it was refused."""
        return self._state.is_known

    @property
    def is_done(self) -> bool:
        """Whether nothing more will become of it."""
        return self._state.is_done

    @property
    def sent(self) -> SentState:
        """What it is read from."""
        return self._state

    def __repr__(self) -> str:
        state = self._state
        named = state.client_order_id or state.request_id
        return (
            f"{type(self).__name__}({state.request}, {named}, {state.status} {self.order_status!r})"
        )


class SentOrder(OrderView):
    """An order or action on its way.

    It is sent once, whatever happens to the connection: its ClientOrderID is asked for again after
    a break, and the gateway sends nothing twice.
    """

    def __init__(self, state: SentState) -> None:
        super().__init__(state)
        self._waiters: list[asyncio.Future[None]] = []
        state.on_change = self._changed

    async def wait_done(self, timeout: float | None = None) -> SentOrder:
        """Wait until an order has traded, or was cancelled; until an action was taken.

        :raises WebctpError: if it was refused; :class:`~webctp_client.errors.OrderUnknown` where
            nobody can say what became of it.
        :raises TimeoutError: after ``timeout`` seconds.
        """
        return await self._until(lambda: self._state.is_done, timeout)

    async def wait_known(self, timeout: float | None = None) -> SentOrder:
        """Wait until CTP has told of it; errors as of :meth:`wait_done`."""
        return await self._until(lambda: self._state.is_known, timeout)

    async def _until(self, met: Callable[[], bool], timeout: float | None) -> SentOrder:
        async def wait() -> None:
            while not met():
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.append(waiter)
                await waiter

        try:
            await asyncio.wait_for(wait(), timeout)
        except asyncio.TimeoutError:
            raise TimeoutError(f"{self!r} after {timeout} s") from None
        if self._state.error is not None:
            raise self._state.error
        return self

    def _changed(self, _: SentState) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
