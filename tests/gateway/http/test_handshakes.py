"""TLS handshakes of many clients at once: some in each turn of the reactor."""

import socket
import ssl
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import SSL4ServerEndpoint
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.daemons import until
from tests.gateway.http.test_accepting import Served
from tests.gateway.http.test_tls import Authority, Files, key_pem, pem
from tests.upstream.test_turns import ByTurns, Watch
from webctp.gateway.http.handshakes import take_turns
from webctp.gateway.http.tls import server_context
from webctp.upstream.turns import A_TURN, Turns

CLIENTS = 8


class Handshakes(TestCase):
    """A real port, and turns by hand, each long enough for one handshake."""

    timeout = 120

    async def listen(self) -> int:
        files = Files(self.mktemp())
        certificate, key = Authority("root").issue("localhost")
        context = server_context(
            files.write("cert.pem", pem(certificate)), files.write("key.pem", key_pem(key)), None
        )
        endpoint = SSL4ServerEndpoint(reactor, 0, context, interface="127.0.0.1")
        port: Any = await endpoint.listen(Served())
        self.addCleanup(port.stopListening)
        self.clock = ByTurns()
        self.turns = Turns(self.clock, Watch(A_TURN))
        take_turns(port, self.turns)
        number: int = port.getHost().port
        return number

    def shake_hands(self, port: int) -> None:
        """A whole handshake, and an echo behind it; in a thread."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", port), 60) as plain,
            context.wrap_socket(plain) as client,
        ):
            client.sendall(b"hello")
            heard = b""
            while len(heard) < len(b"hello"):
                heard += client.recv(16)

    async def test_one_turn_takes_what_there_is_time_for(self) -> None:
        port = await self.listen()
        done: list[Deferred[Any]] = [deferToThread(self.shake_hands, port) for _ in range(CLIENTS)]
        await until(lambda: len(self.turns) == CLIENTS, "the clients' first bytes")
        self.clock.turn()
        self.assertEqual(len(self.turns), CLIENTS - 1)

        def all_done() -> bool:
            self.clock.turn()
            return all(one.called for one in done)

        await until(all_done, "the handshakes")
        await gatherResults(done)

    async def test_who_goes_before_its_turn_is_left_out(self) -> None:
        port = await self.listen()
        with socket.create_connection(("127.0.0.1", port), 60) as plain:
            plain.sendall(b"\x16\x03\x01")
            await until(lambda: len(self.turns) == 1, "the client's first bytes")
        self.clock.turn()
        self.assertEqual(len(self.turns), 0)
        await deferToThread(lambda: None)
        self.assertEqual(self.flushLoggedErrors(), [])
