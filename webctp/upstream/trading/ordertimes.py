"""Measure how long inserts and actions take on their way: in, to the CTP library, and back out.

A session's orders share the histograms of the service. Everything runs in the reactor's thread.
"""

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Final

from webctp.metrics import Histogram
from webctp.upstream.orders.keys import RefIdentity
from webctp.upstream.orders.order import Order

BOUNDS: Final = (
    *(0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05),
    *(0.1, 0.25, 0.5, 1.0, 5.0),
)
"""Seconds: from a call that costs nothing to an exchange that does not answer."""
_MOST_AWAITED: Final = 1024
"""Inserts of a session whose first push is waited for; beyond it the oldest is given up."""
_INSERT: Final = "ReqOrderInsert"

WhenWritten = Callable[[Callable[[], object]], object]
"""Calls a function once what is queued for clients in this turn has been written."""


def at_once(call: Callable[[], object]) -> None:
    """Call a function now: where nothing is written to clients, as in tests of a part."""
    call()


class OrderHistograms:
    """Hold what the orders of all sessions of a service took, in seconds.

    :param when_written: see :data:`WhenWritten`.
    :ivar read: from the turn in which a request came to the request, once read.
    :ivar direct: from the request, once read, to the call of the CTP library.
    :ivar recorded: the same of orders with a ClientOrderID, which wait for the journal's disk.
    :ivar call: the call itself.
    :ivar first_push: from an insert's call to the first RtnOrder of the order.
    :ivar written: from that RtnOrder to its having been written to the clients.
    """

    __slots__ = ("call", "direct", "first_push", "read", "recorded", "when_written", "written")

    def __init__(self, when_written: WhenWritten = at_once) -> None:
        self.when_written = when_written
        self.read, self.direct, self.recorded, self.call, self.first_push, self.written = (
            Histogram(BOUNDS) for _ in range(6)
        )


class OrderTimes:
    """Time the orders of one session.

    :param now: seconds; :attr:`Order.read_at` is of the same clock.
    """

    def __init__(
        self, histograms: OrderHistograms, now: Callable[[], float] = perf_counter
    ) -> None:
        self.now = now
        self._histograms = histograms
        self.awaited: dict[RefIdentity, float] = {}
        """When the inserts were sent of which no push has come; look here before :meth:`heard`."""

    def called(self, order: Order, began: float, result: int, ctp_session: tuple[int, int]) -> None:
        """Note that the call of the CTP library for an order has returned.

        :param began: when it was made.
        :param result: what it returned; 0 for taken.
        :param ctp_session: FrontID and SessionID under which CTP knows the order.
        """
        ended = self.now()
        found = self._histograms
        (found.recorded if order.client_order_id else found.direct).observe(began - order.read_at)
        found.call.observe(ended - began)
        if result == 0 and order.method.name == _INSERT:
            awaited = self.awaited
            if len(awaited) >= _MOST_AWAITED:
                del awaited[next(iter(awaited))]
            # References come back as they were given, but for padding, which hardly anybody sends.
            awaited[ctp_session[0], ctp_session[1], order.body["OrderRef"]] = ended

    def heard(self, order: RefIdentity) -> None:
        """Note a push about an order; only the first after its insert counts."""
        called = self.awaited.pop(order, None)
        if called is not None:
            now = self.now()
            self._histograms.first_push.observe(now - called)
            self._histograms.when_written(partial(self._written, now))

    def _written(self, heard: float) -> None:
        self._histograms.written.observe(self.now() - heard)
