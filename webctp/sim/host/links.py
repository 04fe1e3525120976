"""The connections of a simulated front: which stand, and the callbacks that each is due."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from webctp.ctp.codec import Layout
from webctp.sim.events import (
    READ_FAILED,
    AccountKey,
    Broadcast,
    DayBegan,
    Event,
    FlowsBegan,
    Hangup,
    LoggedIn,
    Notice,
    Push,
    Reply,
    Rows,
    TickEvent,
)
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.host.faults import Faults
from webctp.sim.host.flows import PUBLIC, Flows
from webctp.sim.host.packing import TICK_CALLBACK, Delivery, Wire
from webctp.sim.host.sink import CallbackSink, Connection

_SLICE: Final = 20
"""Rows of a long answer that are packed before others get their turn: some milliseconds, for the
day's first query of all has their contracts made."""


class Links:
    """The connections to one exchange. Used on the host's thread only.

    While ``silent``, nothing is sent: ticks are lost, everything else is sent afterwards.

    :param wires: of the trading API (True) and of the market-data API (False).
    :param pack_tick: packs a tick for its callback.
    :param faults: what becomes of messages on their way.
    """

    def __init__(
        self,
        exchange: Exchange,
        wires: Mapping[bool, Wire],
        pack_tick: Callable[[TickEvent], Delivery],
        flows: Flows,
        faults: Faults,
    ) -> None:
        self.flows = flows
        self.silent = False
        self._exchange = exchange
        self._wires = wires
        self._pack_tick = pack_tick
        self._faults = faults
        self._standing: dict[int, Connection] = {}
        """The connections that stand, by SessionID."""
        self._waiting: list[Connection] = []
        self._streams: deque[tuple[int, Iterator[Delivery]]] = deque()
        """Long answers under way: the SessionID, and the rows that are left."""

    # Connections

    @property
    def is_streaming(self) -> bool:
        """Whether rows of a long answer are left."""
        return bool(self._streams)

    def standing(self) -> list[Connection]:
        """Return the connections that stand."""
        return list(self._standing.values())

    def sinks(self) -> Iterable[CallbackSink]:
        """Give the sinks of all connections, those that wait for the front included."""
        return (link.sink for link in (*self._standing.values(), *self._waiting))

    def sessions(self) -> list[int]:
        """Return the SessionIDs of the connections that stand, in order."""
        return sorted(self._standing)

    def wait(self, connection: Connection) -> None:
        """Let a connection wait until the front takes it."""
        self._waiting.append(connection)

    def admit(self, now: datetime) -> None:
        """Connect those who wait, if the front takes connections."""
        if not self._waiting or not self._exchange.connected:
            return
        for connection in self._waiting:
            session = self._exchange.connect(now, trading=connection.trading)
            connection.session = session.session_id
            connection.line += 1
            connection.wire = self._wires[connection.trading]
            self._standing[session.session_id] = connection
            connection.due.append(Delivery("OnFrontConnected"))
            connection.sink.stands(True)
        self._waiting.clear()

    def remove(self, connection: Connection) -> None:
        """Remove a connection, whether it stands or waits."""
        if connection in self._waiting:
            self._waiting.remove(connection)
        if connection.session is not None:
            del self._standing[connection.session]
            self._exchange.disconnect(connection.session)
            connection.session = connection.account = None

    def break_all(self) -> None:
        """Break every connection for good: the exchange has stopped."""
        for connection in self.standing():
            connection.sink.stands(False)
            connection.sink.put([Delivery("OnFrontDisconnected", number=READ_FAILED)])

    # Events

    def deliver(self, event: Event) -> None:
        """Add the callbacks of an event to what their connections are due."""
        match event:
            case TickEvent():
                packed = self._pack_tick(event)
                for session in event.sessions:
                    self._due(session, packed)
            case Reply():
                self._answer(event)
            case Notice():
                self._answer(Reply(event.session, event.callback, event.values, 0, event.error))
            case Rows():
                link = self._standing.get(event.session)
                if link is not None and link.wire is not None:
                    packed_rows = link.wire.pack_rows(event.callback, event.rows, event.request_id)
                    self._streams.append((event.session, packed_rows))
            case Push():
                message = self._wires[True].pack(event.callback, event.values, event.error)
                self._send_flow(event.account, message)
            case Broadcast():
                self._send_flow(PUBLIC, self._wires[True].pack(event.callback, event.values))
            case LoggedIn():
                self._resume(event)
            case DayBegan():
                self.flows.end_day()
                for link in self._standing.values():
                    link.above = {False: 0, True: 0}
            case FlowsBegan():
                self.flows.begin_anew()
            case Hangup():
                self._hang_up(event)

    def stream(self) -> None:
        """Add a slice of each long answer to what its connection is due."""
        for _ in range(len(self._streams)):
            session, rows = self._streams.popleft()
            for _ in range(_SLICE):
                delivery = next(rows, None)
                if delivery is None:
                    break
                self._due(session, delivery)
            else:
                self._streams.append((session, rows))

    def flush(self) -> None:
        """Hand every connection what it is due, as the faults let it through."""
        for link in self._standing.values():
            if self.silent:
                link.due = [one for one in link.due if one.callback != TICK_CALLBACK]
            elif link.due:
                due, link.due = link.due, []
                link.sink.put(self._faults.disturb(due, self._layout_of))

    def _hang_up(self, event: Hangup) -> None:
        """Break connections; their APIs wait for the front to take them again."""
        for session, connection in list(self._standing.items()):
            if event.session in (None, session):
                connection.sink.stands(False)
                if connection.cut or self.silent:
                    connection.due, connection.cut = [], False
                connection.due.append(Delivery("OnFrontDisconnected", number=event.reason))
                connection.sink.put(connection.due)
                connection.due = []
                self.remove(connection)
                self._waiting.append(connection)

    def _answer(self, reply: Reply) -> None:
        """Pack an answer for its session, if its connection still stands."""
        link = self._standing.get(reply.session)
        if link is not None and link.wire is not None:
            if reply.callback == "OnRspUserLogout" and not reply.error:
                link.account = None
            link.due.append(
                link.wire.pack(
                    reply.callback,
                    reply.values,
                    reply.error,
                    reply.request_id,
                    reply.last,
                    reply.more,
                )
            )

    def _due(self, session: int, delivery: Delivery) -> None:
        link = self._standing.get(session)
        if link is not None:
            link.due.append(delivery)

    def _send_flow(self, whose: AccountKey, message: Delivery) -> None:
        """Put a message into a flow, and send it to the sessions that get the flow."""
        message = self.flows.add(whose, message)
        for link in self._standing.values():
            gets = link.account == whose or (message.public and link.account is not None)
            if gets and message.flow > link.above[message.public]:
                link.due.append(message)

    def _resume(self, event: LoggedIn) -> None:
        """Send a session both flows from its login on, and the messages of before it asked for."""
        link = self._standing.get(event.session)
        if link is None:
            return
        link.account = event.account
        private, public = link.sink.topics()
        for whose, topic in ((event.account, private), (PUBLIC, public)):
            due = self.flows.due(whose, topic, self._exchange.markets.day.name)
            link.due.extend(due.messages)
            link.above[whose == PUBLIC] = due.above

    def _layout_of(self, callback: str) -> Layout | None:
        return self._wires[True].layout_of(callback)
