"""ClientOrders over a journal in memory."""

from collections.abc import Callable
from itertools import count
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.orders.test_keys import CATALOGUE, order
from webctp.ctp.refusal import Refusal
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken, Key
from webctp.upstream.orders.client_order import ClientOrderState as State
from webctp.upstream.orders.client_orders import ClientOrders
from webctp.upstream.orders.order import Order
from webctp.upstream.session.reply import Reply

KEY = Key("9999", "028742", "a-1")
DAY = "20240102"
CONTENT = {
    "InstrumentID": "rb2405",
    "Direction": "0",
    "VolumeTotalOriginal": 2,
    "LimitPrice": 3800.0,
    "OrderRef": None,
}
BODY = CONTENT | {"OrderRef": "12"}


class Memory:
    """A journal whose disk is a dict; claims wait for :meth:`sync` when held."""

    def __init__(self) -> None:
        self.disk: dict[Key, ClientOrder] = {}
        self.broken = False
        self.held = False
        self.waiting: list[tuple[ClientOrder, Deferred[ClientOrder | None]]] = []
        self.kept: list[tuple[ClientOrder, bool, Callable[[], object] | None]] = []
        self.settled: dict[Key, bool] = {}

    def claim(self, claimed: ClientOrder) -> Deferred[ClientOrder | None]:
        if self.broken:
            return fail(JournalBroken("full"))
        if self.held:
            done: Deferred[ClientOrder | None] = Deferred()
            self.waiting.append((claimed, done))
            return done
        return succeed(self.write(claimed))

    def write(self, claimed: ClientOrder) -> ClientOrder | None:
        had = self.disk.get(claimed.key)
        if had is None:
            self.disk[claimed.key] = claimed
        return had

    def sync(self) -> None:
        waiting, self.waiting = self.waiting, []
        for claimed, done in waiting:
            done.callback(self.write(claimed))

    def update(
        self,
        order: ClientOrder,
        *,
        settled: bool = False,
        on_disk: Callable[[], object] | None = None,
    ) -> None:
        if self.broken:
            self.kept.append((order, settled, on_disk))
            return
        if order.key not in self.disk or self.disk[order.key].time == order.time:
            self.disk[order.key] = order
            self.settled[order.key] = settled
        if on_disk is not None:
            on_disk()

    def mend(self) -> None:
        self.broken = False
        kept, self.kept = self.kept, []
        for updated, settled, on_disk in kept:
            self.update(updated, settled=settled, on_disk=on_disk)


class OrdersTestCase(SynchronousTestCase):
    """ClientOrders over a journal in memory."""

    def setUp(self) -> None:
        self.journal = Memory()
        self.told: list[ClientOrder] = []
        self.moments = count(1)
        self.orders = self.start()

    def start(self, **options: Any) -> ClientOrders:
        moment = next(self.moments)
        return ClientOrders(CATALOGUE, self.journal, self.told.append, lambda: moment, **options)

    def record(
        self,
        key: Key = KEY,
        request: str = "ReqOrderInsert",
        body: dict[str, Any] = BODY,
        session: tuple[int, int] = (1, 7),
    ) -> Deferred[ClientOrder]:
        content = body | ({"OrderRef": None} if request == "ReqOrderInsert" else {})
        front_id, session_id = session
        return self.orders.record(
            key,
            request,
            content,
            body,
            front_id=front_id,
            session_id=session_id,
            trading_day=DAY,
        )

    def sent(self, key: Key = KEY, **values: Any) -> ClientOrder:
        self.assertIs(self.successResultOf(self.record(key, **values)).state, State.RECORDED)
        return self.orders.called(key, 0)

    def state(self, key: Key = KEY) -> ClientOrder:
        return self.orders._orders[key]

    def told_of(self, status: str = "3", sys_id: str = "131", **values: object) -> None:
        common = {"Direction": "0", "VolumeTotalOriginal": 2}
        self.orders.on_row("OnRtnOrder", order(status, sys_id, **(common | values)))


class Owner:
    """An :class:`~webctp.upstream.orders.order.OrderOwner` that collects what it is called with."""

    def __init__(self) -> None:
        self.refusal: Refusal | None = None
        """Why it may not order."""
        self.replies: list[Reply] = []
        self.refusals: list[Refusal] = []
        self.known: list[ClientOrder] = []

    def may_order(self) -> Refusal | None:
        """Return :attr:`refusal`."""
        return self.refusal

    def order_answered(self, order: Order, reply: Reply) -> None:
        """Collect a reply."""
        self.replies.append(reply)

    def order_refused(self, order: Order, refusal: Refusal) -> None:
        """Collect a refusal."""
        self.refusals.append(refusal)

    def order_known(self, order: Order, client_order: ClientOrder) -> None:
        """Collect what is known of a ClientOrderID."""
        self.known.append(client_order)
