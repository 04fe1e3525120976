"""An order or action that was sent, as a blocking program holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webctp_client.orders import OrderView, SentOrder


class BlockingSentOrder(OrderView):
    """An order or action on its way; sent once, like :class:`~webctp_client.orders.SentOrder`.

    :param run: runs a coroutine in the client's loop.
    """

    def __init__(self, order: SentOrder, run: Callable[[Any], Any]) -> None:
        super().__init__(order.sent)
        self._order = order
        self._run = run

    @property
    def asked(self) -> SentOrder:
        """The order as the asyncio face has it."""
        return self._order

    def wait_done(self, timeout: float | None = None) -> BlockingSentOrder:
        """Wait until an order has traded, or was cancelled; until an action was taken.

        :raises WebctpError: if it was refused; :class:`~webctp_client.errors.OrderUnknown` where
            nobody can say what became of it.
        :raises TimeoutError: after ``timeout`` seconds.
        """
        self._run(self._order.wait_done(timeout))
        return self

    def wait_known(self, timeout: float | None = None) -> BlockingSentOrder:
        """Wait until CTP has told of it; errors as of :meth:`wait_done`."""
        self._run(self._order.wait_known(timeout))
        return self
