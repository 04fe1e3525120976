"""ClientOrderIDs of a daemon that crashes, or loses its connection, at any point."""

from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.upstream.orders.samples import CONTENT, DAY, KEY, Memory
from tests.upstream.orders.test_keys import CATALOGUE, order
from webctp.ctp import errors
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken, Key
from webctp.upstream.orders.client_order import ClientOrderState as State
from webctp.upstream.orders.client_orders import ClientOrders


class Gateway:
    """A daemon with ClientOrders, a disk that forgets what is not synced, and CTP behind it.

    ``steps`` come from hypothesis. CTP executes what it is sent, and tells of it later or never.
    """

    def __init__(self) -> None:
        self.journal = Memory()
        self.journal.held = True
        self.unsynced: list[ClientOrder] = []
        self.durable: dict[Key, ClientOrder] = {}
        self.executed: list[str] = []
        self.to_tell: list[dict[str, Any]] = []
        self.refused_to_clients: set[str] = set()
        self.moments = count(1)
        self.session = 0
        self.start()

    def start(self, loaded: bool = True) -> None:
        """Another life: only what was synced is left, and perhaps not even read yet."""
        self.session += 1
        self.ref = 0
        self.journal.disk = dict(self.durable)
        self.journal.waiting = []
        self.journal.kept = []
        self.orders = ClientOrders(CATALOGUE, self.journal, self.hear, lambda: next(self.moments))
        if loaded and not self.journal.broken:
            self.orders.load(self.journal.disk.values())

    def hear(self, one: ClientOrder) -> None:
        if one.state is State.REFUSED:
            self.refused_to_clients.add(one.client_order_id)

    def ask(self, client_order_id: str, reaches_ctp: bool) -> None:
        """A client sends an ID, for the first time or again."""
        key = KEY._replace(client_order_id=client_order_id)
        content = CONTENT | {"InstrumentID": client_order_id}
        if self.orders.find(key, "ReqOrderInsert", content) is not None:
            return
        self.ref += 1
        body = content | {"OrderRef": str(self.ref)}
        session = self.session
        recorded = self.orders.record(
            key, "ReqOrderInsert", content, body,
            front_id=1, session_id=session, trading_day=DAY,
        )  # fmt: skip
        recorded.addCallback(self.send, key, body, session, reaches_ctp)
        recorded.addErrback(lambda failure: failure.trap(JournalBroken))

    def send(
        self, one: ClientOrder, key: Key, body: dict[str, Any], session: int, reaches: bool
    ) -> None:
        if one.state is not State.RECORDED:
            return
        if session != self.session:
            self.orders.abandon(key, errors.NOT_READY)
            return
        if reaches:
            self.executed.append(key.client_order_id)
            self.to_tell.append(
                order("3", str(len(self.executed)), SessionID=session, OrderRef=body["OrderRef"],
                      InstrumentID=body["InstrumentID"], Direction="0", VolumeTotalOriginal=2)
            )  # fmt: skip
        self.orders.called(key, 0)

    def sync(self) -> None:
        if not self.journal.broken:
            self.journal.sync()
            self.durable = dict(self.journal.disk)

    def break_disk(self) -> None:
        """What waits for it has failed."""
        self.journal.broken = True
        waiting, self.journal.waiting = self.journal.waiting, []
        for _, done in waiting:
            done.errback(JournalBroken("full"))

    def mend_disk(self) -> None:
        self.journal.mend()

    def claim_on_disk_then_die(self) -> None:
        """The disk has the claims, but nobody has heard of it."""
        self.journal.broken = False
        for claimed, _ in self.journal.waiting:
            self.journal.write(claimed)
        self.durable = dict(self.journal.disk)
        self.start()

    def tell(self) -> None:
        if self.to_tell:
            self.orders.on_row("OnRtnOrder", self.to_tell.pop(0))

    def reconnect(self) -> None:
        self.orders.lost(1, self.session)
        self.session += 1


EVENTS = ("sync", "tell", "start", "claim_on_disk_then_die", "reconnect")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from("ab"), st.booleans()),
        st.tuples(st.sampled_from([*EVENTS, "break_disk", "mend_disk"])),
        st.tuples(st.just("start"), st.just(False)),
    ),
    max_size=30,
)


class CrashTests(SynchronousTestCase):
    """Whatever happens when: no ID is executed twice, and nothing is guessed."""

    @holds("REQORDERINSERT-20")
    @settings(max_examples=300)
    @given(STEPS)
    def test_at_most_once(self, steps: list[tuple[Any, ...]]) -> None:
        gateway = Gateway()
        told: list[dict[str, Any]] = []
        for name, *arguments in steps:
            told += gateway.to_tell[:1] if name == "tell" else []
            getattr(gateway, name)(*arguments)
        self.assertEqual(len(gateway.executed), len(set(gateway.executed)))
        self.assertEqual(gateway.refused_to_clients & set(gateway.executed), set())

        # At the end CTP lists everything: what it executed is known, the rest is not concluded.
        gateway.mend_disk()
        gateway.sync()
        gateway.start()
        listed = [*told, *gateway.to_tell]
        unknown = {one.client_order_id for one in gateway.orders.reconcile(listed)}
        for client_order_id in gateway.executed:
            key = KEY._replace(client_order_id=client_order_id)
            found = gateway.orders.find(
                key, "ReqOrderInsert", CONTENT | {"InstrumentID": client_order_id}
            )
            assert found is not None
            self.assertIs(found.state, State.KNOWN)
        self.assertEqual(unknown & set(gateway.executed), set())
