"""Ports that accept on high descriptors, and stop while descriptors are short."""

import os
import resource
import socket
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from tests.daemons import until
from webctp.gateway.http.accepting import A_TURN, LOOK_AGAIN, Accepting
from webctp.upstream.session import descriptors
from webctp.upstream.session.descriptors import ACCEPTING, Room


class Echo(Protocol):
    """Says what it is told."""

    factory: "Served"
    transport: Any

    def connectionMade(self) -> None:
        if not self.factory.served:
            self.factory.on_first()
        self.factory.served.append(self.transport.fileno())
        self.factory.sources.append(self.transport.getPeer().host)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class Served(Factory):
    """Notes the descriptors of those it serves."""

    protocol: Any = Echo
    noisy = False

    def __init__(self) -> None:
        self.served: list[int] = []
        self.sources: list[str] = []
        self.on_first: Callable[[], object] = lambda: None


class Ports(TestCase):
    """A real port on loopback."""

    timeout = 60

    async def listen(self, room: Room) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.factory = Served()
        self.clock = Clock()
        self.accepting = Accepting(self.clock, room)
        port: Any = await TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1").listen(self.factory)
        self.port = port
        self.addCleanup(port.stopListening)
        self.accepting.guard(port)
        self.number = port.getHost().port

    def come(self, source: str = "127.0.0.1") -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.number), 10, (source, 0))
        self.addCleanup(client.close)
        return client

    async def served(self, count: int) -> None:
        await until(lambda: len(self.factory.served) == count, f"{count} clients to be served")

    async def test_what_is_written_is_sent_at_once(self) -> None:
        await self.listen(descriptors.prepare())
        self.come()
        await self.served(1)
        accepted = socket.socket(fileno=os.dup(self.factory.served[0]))
        self.addCleanup(accepted.close)
        self.assertTrue(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def test_clients_get_high_descriptors_and_are_served(self) -> None:
        room = descriptors.prepare()
        await self.listen(room)
        clients = [self.come() for _ in range(10)]
        await self.served(10)
        self.assertGreaterEqual(min(self.factory.served), room.floor)
        clients[0].setblocking(False)
        clients[0].send(b"hello")
        heard: list[bytes] = []

        def echoed() -> bool:
            try:
                heard.append(clients[0].recv(16))
            except BlockingIOError:
                return False
            return True

        await until(echoed, "the echo")
        self.assertEqual(heard, [b"hello"])

    async def test_of_many_that_come_at_once_some_are_accepted_in_a_turn(self) -> None:
        await self.listen(descriptors.prepare())
        turns: list[int] = []
        for port in reactor.getReaders():
            if getattr(port, "factory", None) is self.factory:
                read = port.doRead

                def counted(read: Any = read) -> None:
                    before = len(self.factory.served)
                    read()
                    turns.append(len(self.factory.served) - before)

                self.patch(port, "doRead", counted)
        clients = [self.come() for _ in range(40)]
        await self.served(len(clients))
        self.assertLessEqual(max(turns), A_TURN, turns)

    async def test_who_comes_alone_does_not_wait_behind_many_of_another_address(self) -> None:
        await self.listen(descriptors.prepare())
        for _ in range(3 * A_TURN):
            self.come("127.0.0.66")
        self.come("127.0.0.67")
        await self.served(3 * A_TURN + 1)
        self.assertLess(self.factory.sources.index("127.0.0.67"), A_TURN)

    async def test_who_waits_when_the_port_is_closed_is_closed(self) -> None:
        await self.listen(descriptors.prepare())
        clients = [self.come() for _ in range(3 * A_TURN)]
        self.factory.on_first = self.port.stopListening
        await until(lambda: not self.port.connected, "the port to be closed")
        self.assertLessEqual(len(self.factory.served), A_TURN)
        for client in clients[A_TURN:]:
            client.settimeout(10)
            self.assertEqual(client.recv(1), b"")

    async def test_a_port_stops_and_goes_on(self) -> None:
        free = [ACCEPTING]
        self.patch(descriptors, "free_high", lambda _: free[0])
        await self.listen(Room(1_024, 0))
        self.assertTrue(self.accepting.status()["accepting"])
        self.come()
        await until(lambda: not self.accepting.status()["accepting"], "the stop")
        self.assertEqual(self.factory.served, [])
        self.clock.advance(LOOK_AGAIN)
        self.assertFalse(self.accepting.status()["accepting"])
        free[0] = ACCEPTING + 2
        self.clock.advance(LOOK_AGAIN)
        await self.served(1)
        status = self.accepting.status()
        self.assertEqual((status["accepting"], status["stopped_accepting"]), (True, 1))
        self.assertEqual(self.clock.getDelayedCalls(), [])
