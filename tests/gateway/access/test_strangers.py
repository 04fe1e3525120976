"""Strangers on real sockets: plain, TLS and Unix; slow, silent, with bodies, too many."""

from typing import Any, Final

from OpenSSL import SSL
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import (
    SSL4ServerEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    UNIXClientEndpoint,
    UNIXServerEndpoint,
    wrapClientTLS,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.ssl import CertificateOptions
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from tests.daemons import until
from tests.gateway.http.test_site import HEALTH, UPGRADE
from tests.gateway.http.test_tls import Authority, Files, NoRequests, key_pem, pem
from webctp.config.serving import ConnectionLimits, Limits, WebSocketOptions
from webctp.ctp import catalog
from webctp.gateway.http import connection as http
from webctp.gateway.http.site import Site, site
from webctp.gateway.http.tls import server_context
from webctp.gateway.messages.schema import Schema
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.testing import client_frame, server_frames

SHORT: Final = 0.3
"""Seconds in place of those that a stranger really has."""


class Raw(Protocol):
    """A client of bytes. ``closed`` fires with all that came, when the server has closed."""

    transport: Any

    def __init__(self) -> None:
        self.received = b""
        self.closed: Deferred[bytes] = Deferred()
        self._drip: LoopingCall | None = None

    def dataReceived(self, data: bytes) -> None:
        """Of ``Protocol``."""
        self.received += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Of ``Protocol``."""
        if self._drip is not None and self._drip.running:
            self._drip.stop()
        self.closed.callback(self.received)

    def drip(self, data: bytes, every: float) -> None:
        """Send a byte at a time for as long as the connection lasts."""
        pieces = iter(data)
        self._drip = LoopingCall(lambda: self.transport.write(bytes((next(pieces),))))
        self._drip.start(every)

    async def told(self, words: bytes) -> None:
        """Wait until something was received."""
        await until(lambda: words in self.received, f"{words!r}")

    def drop(self) -> None:
        """Break the connection, if there still is one."""
        if not self.closed.called:
            self.transport.abortConnection()


class SocketCase(TestCase):
    """A site on real sockets."""

    timeout = 60

    def setUp(self) -> None:
        self.site = self.make_site(ConnectionLimits())

    def make_site(self, limits: ConnectionLimits) -> Site:
        fanout = Fanout(reactor, Limits())
        schema = Schema(catalog.market_data())
        self.factory = GatewayFactory(
            reactor,
            fanout,
            WebSocketOptions(0, 0, 1 << 20, login_deadline=0),
            lambda outbox: NoRequests(schema, fanout, outbox),
        )
        return site({"td": (self.factory, lambda: {"ready": True})}, reactor, limits)

    async def listen(self, kind: str) -> Any:
        """Serve in one of three ways; gives the endpoint for clients."""
        if kind == "unix":
            path = self.mktemp()[-90:]
            port = await UNIXServerEndpoint(reactor, path).listen(self.site)
            self.addCleanup(port.stopListening)
            return UNIXClientEndpoint(reactor, path)
        endpoint: Any = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
        if kind == "tls":
            files = Files(self.mktemp())
            certificate, key = Authority("root").issue("localhost")
            context = server_context(
                files.write("cert.pem", pem(certificate)),
                files.write("key.pem", key_pem(key)),
                None,
            )
            endpoint = SSL4ServerEndpoint(reactor, 0, context, interface="127.0.0.1")
        port = await endpoint.listen(self.site)
        self.addCleanup(port.stopListening)
        return TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)

    async def connect(self, endpoint: Any, kind: str) -> Raw:
        if kind == "tls":
            endpoint = wrapClientTLS(Trusting(), endpoint)
        client: Raw = await endpoint.connect(_Clients())
        self.addCleanup(client.drop)
        return client

    async def all_gone(self) -> None:
        """Nothing is left of those who came, neither counted nor waiting."""
        await until(lambda: self.site.admission.status()["open"] == 0, "the end of all connections")
        self.assertEqual(self.site.open, set())


class _Clients:
    """A factory of raw clients."""

    noisy = False

    def doStart(self) -> None:
        """Of ``IProtocolFactory``."""

    def doStop(self) -> None:
        """Of ``IProtocolFactory``."""

    def buildProtocol(self, addr: object) -> Raw:
        """Of ``IProtocolFactory``."""
        return Raw()


class Trusting(CertificateOptions):
    """A client's TLS that trusts everyone and offers HTTP/2 first."""

    def __init__(self) -> None:
        super().__init__(acceptableProtocols=[b"h2", b"http/1.1"])

    def clientConnectionForTLS(self, tls: Any) -> SSL.Connection:
        """Of ``IOpenSSLClientConnectionCreator``."""
        return SSL.Connection(self.getContext(), None)


class Slow(SocketCase):
    """Deadlines hold on every kind of socket."""

    def setUp(self) -> None:
        super().setUp()
        self.patch(http, "HANDSHAKE", SHORT)
        self.patch(http, "KEEP_ALIVE", SHORT)
        self.patch(http, "FAREWELL", SHORT)

    async def silence(self, kind: str) -> None:
        endpoint = await self.listen(kind)
        clients = [await self.connect(endpoint, "plain") for _ in range(5)]
        self.assertEqual([await client.closed for client in clients], [b""] * 5)
        await self.all_gone()

    async def test_silence_on_plain_sockets(self) -> None:
        await self.silence("plain")

    async def test_silence_on_unix_sockets(self) -> None:
        await self.silence("unix")

    async def test_silence_before_a_tls_handshake(self) -> None:
        await self.silence("tls")

    async def test_half_a_tls_handshake(self) -> None:
        endpoint = await self.listen("tls")
        client = await self.connect(endpoint, "plain")
        client.drip(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 5000, SHORT / 20)
        await client.closed
        await self.all_gone()

    async def test_silence_after_a_tls_handshake(self) -> None:
        endpoint = await self.listen("tls")
        client = await self.connect(endpoint, "tls")
        self.assertEqual(await client.closed, b"")
        await self.all_gone()

    async def slowly(self, kind: str) -> None:
        endpoint = await self.listen(kind)
        client = await self.connect(endpoint, kind)
        client.drip(UPGRADE + b"X-" * 5000, SHORT / 20)
        self.assertIn(b" 408 ", await client.closed)
        await self.all_gone()

    async def test_a_byte_at_a_time_on_plain_sockets(self) -> None:
        await self.slowly("plain")

    async def test_a_byte_at_a_time_on_unix_sockets(self) -> None:
        await self.slowly("unix")

    async def test_a_byte_at_a_time_in_tls(self) -> None:
        await self.slowly("tls")

    async def test_a_kept_connection(self) -> None:
        for kind in ("plain", "tls", "unix"):
            client = await self.connect(await self.listen(kind), kind)
            client.transport.write(HEALTH)
            self.assertIn(b"200 OK", await client.closed)
        await self.all_gone()

    async def test_an_open_socket_stays(self) -> None:
        for kind in ("plain", "tls", "unix"):
            client = await self.connect(await self.listen(kind), kind)
            client.transport.write(UPGRADE + b"\r\n")
            await until(lambda: len(self.site.open) == 0, "the WebSocket")
            silent = await self.connect(await self.listen("plain"), "plain")
            await silent.closed
            client.transport.write(client_frame(b"{}"))
            await client.told(b"MsgType")


class Pushy(SocketCase):
    """Bodies and frames that come with the request."""

    async def test_a_refusal_can_be_read_while_a_body_is_sent(self) -> None:
        for kind in ("plain", "tls", "unix"):
            client = await self.connect(await self.listen(kind), kind)
            client.transport.write(
                b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 209715200\r\n\r\n"
            )
            client.transport.write(b"x" * 100_000)
            told = await client.closed
            self.assertIn(b" 413 ", told, kind)
            self.assertIn(b"a body is not taken here", told, kind)
        await self.all_gone()

    async def test_who_goes_on_sending_is_cut(self) -> None:
        client = await self.connect(await self.listen("plain"), "plain")
        client.transport.write(b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.transport.write(b"x" * (16 << 20))
        await client.closed
        await self.all_gone()

    async def test_a_message_in_the_segment_of_the_request(self) -> None:
        for kind in ("plain", "tls", "unix"):
            client = await self.connect(await self.listen(kind), kind)
            client.transport.write(UPGRADE + b"\r\n" + client_frame(b'{"MsgType":"X"}'))
            await client.told(b"MsgType")
            frames, rest = server_frames(client.received.partition(b"\r\n\r\n")[2])
            self.assertEqual((len(frames), rest), (1, b""))

    async def test_http_2_is_not_agreed_on(self) -> None:
        client = await self.connect(await self.listen("tls"), "tls")
        client.transport.write(HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        told = await client.closed
        self.assertIn(b"HTTP/1.1 200 OK", told)
        self.assertNotEqual(client.transport.negotiatedProtocol, b"h2")


class Many(SocketCase):
    """More connections than there may be."""

    def setUp(self) -> None:
        super().setUp()
        self.site = self.make_site(ConnectionLimits(max_connections=1))

    async def test_they_are_told_so(self) -> None:
        for kind in ("plain", "unix"):
            endpoint = await self.listen(kind)
            first = await self.connect(endpoint, kind)
            await until(lambda: self.site.admission.status()["open"] == 1, "the first")
            second = await self.connect(endpoint, kind)
            self.assertIn(b" 503 ", await second.closed)
            first.transport.write(HEALTH)
            await first.told(b"200 OK")
            first.transport.loseConnection()
            await self.all_gone()

    async def test_in_tls_they_are_dropped(self) -> None:
        endpoint = await self.listen("tls")
        first = await self.connect(endpoint, "tls")
        await until(lambda: self.site.admission.status()["open"] == 1, "the first")
        second = await self.connect(endpoint, "plain")
        self.assertEqual(await second.closed, b"")
        first.transport.loseConnection()
        await self.all_gone()

    async def test_a_flood_of_them_holds_few_sockets(self) -> None:
        self.patch(http, "FAREWELL", 30.0)
        endpoint = await self.listen("unix")
        first = await self.connect(endpoint, "unix")
        await until(lambda: self.site.admission.status()["open"] == 1, "the first")
        clients = [await self.connect(endpoint, "unix") for _ in range(200)]
        await until(lambda: self.site.admission.status()["refused"] == 200, "the refusals")
        self.assertLessEqual(len(self.site.open), 65)
        for client in (first, *clients):
            client.drop()
        await self.all_gone()
        await until(lambda: self.site.turned_away == 0, "those who were told so")
