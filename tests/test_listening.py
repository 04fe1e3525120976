"""What names an endpoint, split as Twisted splits it; sockets that are handed over, and TLS."""

import os
import socket
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet import reactor
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.endpoints import AdoptedStreamServerEndpoint, _parse
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.gateway.http.test_tls import Authority, Files, key_pem, pem
from tests.test_signals import shown_by
from webctp.config import ConfigError
from webctp.gateway.http.tls import ServerCertificate, TlsFiles
from webctp.gateway.http.unixsocket import UnixSocket
from webctp.language.text import reason_of
from webctp.listening import (
    TlsEndpoint,
    comes_from_systemd,
    is_inherited,
    server_certificate,
    server_endpoint,
    unix_path,
    words_of,
)
from webctp.testing import FakeFront, Gateway


class Words(SynchronousTestCase):
    """`words_of`, `unix_path`."""

    @given(st.text(":=\\ab/0", max_size=12))
    def test_as_twisted_has_it(self, rest: str) -> None:
        said = f"tcp{rest}"
        try:
            words, named = _parse(said)
        except RuntimeError:  # a backslash at its end
            self.assertRaises(ValueError, words_of, said)
        else:
            self.assertEqual(words_of(said), (words, named))

    def test_the_path_of_a_unix_socket(self) -> None:
        for said, path in (
            ("unix:/run/x.sock", "/run/x.sock"),
            ("unix:/run/x.sock:660", "/run/x.sock"),
            ("unix:address=/run/x.sock:mode=660", "/run/x.sock"),
            ("unix:/run/a\\:b", "/run/a:b"),
            ("tcp:80", None),
        ):
            self.assertEqual(unix_path(said), path)


class UnixEndpoints(SynchronousTestCase):
    """`unix:` of Listen and its likes."""

    def test_twisteds_own_words_are_taken(self) -> None:
        for said in ("unix:/x", "unix:/x:660:50:lockfile=0", "unix:address=/x:backlog=9"):
            self.assertIsInstance(server_endpoint(reactor, said), UnixSocket)

    def test_what_is_wrong_is_named(self) -> None:
        for said, word in (
            ("unix:/x:mod=660", "mod"),
            ("unix:", "missing path"),
            ("unix:/x:mode=9", "'9'"),
            ("unix:/x\\", "backslash"),
        ):
            problem = self.assertRaises(ConfigError, server_endpoint, reactor, said, "Listen")
            self.assertIn("Listen", str(problem))
            self.assertIn(word, str(problem))


class Endpoints(TestCase):
    """What a description of an endpoint makes."""

    def certificate(self) -> ServerCertificate:
        files = Files(self.mktemp())
        certificate, key = Authority("root").issue("localhost")
        self.serial = certificate.serial_number
        cert, own = files.write("cert.pem", pem(certificate)), files.write("key.pem", key_pem(key))
        return ServerCertificate(TlsFiles(os.path.abspath(cert), os.path.abspath(own)))

    def test_a_socket_that_was_not_handed_over_is_told_with_the_remedy(self) -> None:
        for one in ("systemd:domain=INET:index=0", "haproxy:systemd:domain=INET:name=webctp"):
            with self.assertRaises(ConfigError) as caught:
                server_endpoint(reactor, one)
            said = reason_of(caught.exception)
            self.assertIn("Listen", said)
            self.assertIn("webctp@.socket", said)
            self.assertIn("systemctl", said.in_language("zh"))

    def test_tls_without_its_files_is_told(self) -> None:
        with self.assertRaises(ConfigError) as caught:
            server_endpoint(reactor, "tls:tcp:0")
        self.assertIn("set TLS", reason_of(caught.exception))

    def test_which_come_from_systemd(self) -> None:
        for one in ("systemd:domain=INET:index=0", "tls:systemd:x", "tls:haproxy:systemd:x"):
            self.assertTrue(comes_from_systemd(one), one)
        for one in ("tcp:0", "tls:tcp:0", "unix:systemd"):
            self.assertFalse(comes_from_systemd(one), one)

    def test_the_certificate_is_found_through_what_wraps_it(self) -> None:
        certificate = self.certificate()
        for one in ("tls:tcp:0", "tls:haproxy:tcp:0"):
            made = server_endpoint(reactor, one, certificate=certificate)
            self.assertIs(server_certificate(made), certificate)
            self.assertFalse(is_inherited(made))
        self.assertIsNone(server_certificate(server_endpoint(reactor, "haproxy:tcp:0")))

    async def test_tls_on_a_socket_that_was_handed_over_leaves_it_open(self) -> None:
        certificate = self.certificate()
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            held.listen()
            inner = AdoptedStreamServerEndpoint(reactor, os.dup(held.fileno()), socket.AF_INET)
            made = TlsEndpoint(inner, certificate)
            self.assertTrue(is_inherited(made))
            port = await made.listen(Factory.forProtocol(Protocol))
            number = held.getsockname()[1]
            self.assertEqual(await shown_by(number), self.serial)
            await maybeDeferred(port.stopListening)
            with socket.create_connection(("127.0.0.1", number), timeout=30):
                held.settimeout(30)
                waited, _ = held.accept()  # it waited in the socket
                waited.close()


class SharedPorts(TestCase):
    """``ReusePort``: several gateways on one port."""

    timeout = 60

    async def gateway(self, **keys: Any) -> Gateway:
        gateway = await Gateway(FakeFront(), AppType="md", **keys).start()
        self.addCleanup(lambda: Deferred.fromCoroutine(gateway.stop()))
        return gateway

    async def test_connections_are_divided_among_those_that_listen(self) -> None:
        first = await self.gateway(ReusePort="true")
        second = await self.gateway(ReusePort="true", Port=str(first.port))
        self.assertEqual(first.port, second.port)
        for _ in range(256):  # all of them with one of the two: once in 2 ** 255
            await first.watcher()
            if all(clients(one) for one in (first, second)):
                break
        self.assertGreater(clients(first), 0)
        self.assertGreater(clients(second), 0)


def clients(gateway: Gateway) -> int:
    """How many market-data clients a gateway has."""
    services: Any = gateway.daemon.services
    return len(services.md._clients)
