"""TLS: clients that verify the certificate, clients that must refuse it, files that are wrong."""

import datetime
import socket
import ssl
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from OpenSSL import SSL
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import SSL4ServerEndpoint, TCP4ClientEndpoint, wrapClientTLS
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.ssl import Certificate, optionsForClientTLS, trustRootFromCertificates
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.fifos import fifo
from tests.wsclient import Client, connect
from webctp.config.serving import Limits, WebSocketOptions
from webctp.ctp import catalog
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.site import site
from webctp.gateway.http.tls import ServerCertificate, TlsError, TlsFiles, server_context
from webctp.gateway.messages.schema import Request, Schema
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.listening import server_endpoint

Key = ec.EllipticCurvePrivateKey
LONG = datetime.timedelta(days=1)


class Authority:
    """Issues certificates."""

    def __init__(self, name: str, issuer: "Authority | None" = None) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signer = issuer or self
        self.certificate = _signed(self.name, self.key, signer, ca=True)

    def issue(
        self, host: str, key: Any = None, *, expired: bool = False
    ) -> tuple[x509.Certificate, Any]:
        """A server's certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1()) if key is None else key
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        return _signed(name, key, self, host=host, expired=expired), key


def _signed(
    name: x509.Name,
    key: Any,
    issuer: Authority,
    *,
    host: str = "",
    ca: bool = False,
    expired: bool = False,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC) - (2 * LONG if expired else 0 * LONG)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LONG)
        .not_valid_after(now + LONG)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if host:
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def key_pem(key: Any, passphrase: bytes | None = None) -> bytes:
    encryption: Any = serialization.NoEncryption()
    if passphrase is not None:
        encryption = serialization.BestAvailableEncryption(passphrase)
    made: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )
    return made


class Files:
    """Writes files and gives their names."""

    def __init__(self, directory: str) -> None:
        self._directory = Path(directory)
        self._directory.mkdir()

    def write(self, name: str, content: bytes) -> str:
        path = self._directory / name
        path.write_bytes(content)
        return str(path)


class WrongFiles(SynchronousTestCase):
    """One line that names the file and what is wanted."""

    def setUp(self) -> None:
        self.files = Files(self.mktemp())
        certificate, key = Authority("test").issue("localhost")
        self.good = self.files.write("good.pem", pem(certificate))
        self.key = self.files.write("key.pem", key_pem(key))
        self.other_key = ec.generate_private_key(ec.SECP256R1())

    def refused(self, cert: str, key: str, chain: str | None = None) -> str:
        with self.assertRaises(TlsError) as raised:
            server_context(cert, key, chain)
        message = str(raised.exception)
        self.assertNotIn("\n", message)
        return message

    def test_a_key_of_another_certificate(self) -> None:
        other = self.files.write("other.pem", key_pem(self.other_key))
        message = self.refused(self.good, other)
        self.assertIn(f"{other} is not the key of {self.good}", message)

    def test_an_encrypted_key(self) -> None:
        locked = self.files.write("locked.pem", key_pem(self.other_key, b"secret"))
        message = self.refused(self.good, locked)
        self.assertIn(locked, message)
        self.assertIn("passphrase", message)

    def test_no_key(self) -> None:
        for content in (b"", b"rubbish", pem(Authority("x").certificate)):
            bad = self.files.write("bad.pem", content)
            self.assertIn(bad, self.refused(self.good, bad))

    def test_no_certificate(self) -> None:
        for content in (b"", b"rubbish", key_pem(self.other_key)):
            bad = self.files.write("bad.pem", content)
            self.assertIn(bad, self.refused(bad, self.key))
            self.assertIn(bad, self.refused(self.good, self.key, bad))

    def test_a_damaged_certificate(self) -> None:
        lines = Path(self.good).read_bytes().splitlines(keepends=True)
        bad = self.files.write("bad.pem", b"".join([lines[0], b"AAAA\n", *lines[2:]]))
        self.assertIn("damaged", self.refused(bad, self.key))

    def issued(self, key: Any) -> tuple[str, str]:
        """The files of a certificate for a key."""
        certificate, key = Authority("other").issue("localhost", key)
        names = [("small.pem", pem(certificate)), ("small.key", key_pem(key))]
        cert_file, key_file = (self.files.write(*one) for one in names)
        return cert_file, key_file

    def test_a_key_that_is_too_small(self) -> None:
        small: list[tuple[Any, str]] = [
            (rsa.generate_private_key(65537, 1024), "RSA key of 1024 bits is too small"),
            (ec.generate_private_key(ec.SECP192R1()), "EC key of 192 bits is too small"),
        ]
        for key, said in small:
            cert_file, key_file = self.issued(key)
            message = self.refused(cert_file, key_file)
            self.assertTrue(message.startswith(cert_file), message)
            self.assertIn(said, message)
            self.assertNotIn("is not the key", message)

    def test_a_chain_that_has_not_issued_it(self) -> None:
        root = Authority("root")
        middle = Authority("middle", root)
        certificate, key = middle.issue("localhost")
        key_file = self.files.write("own.key", key_pem(key))
        own = self.files.write("own.pem", pem(certificate))
        stray = self.files.write("stray.pem", pem(Authority("middle").certificate))
        said = f"{stray}: CN=middle has not issued the certificate of {own}, "
        message = self.refused(own, key_file, stray)
        self.assertTrue(message.startswith(said), message)
        self.assertIn("the next in the chain is CN=middle", message)
        both = self.files.write("both.pem", pem(middle.certificate, Authority("x").certificate))
        self.assertIn("the next in the chain is CN=root", self.refused(own, key_file, both))
        whole = self.files.write("whole.pem", pem(certificate, Authority("x").certificate))
        self.assertTrue(self.refused(whole, key_file).startswith(f"{whole}: CN=x has not issued"))

    def test_a_chain_is_sent_in_its_order(self) -> None:
        root = Authority("root")
        middle = Authority("middle", root)
        certificate, key = middle.issue("localhost")
        context = server_context(
            self.files.write("own.pem", pem(certificate)),
            self.files.write("own.key", key_pem(key)),
            self.files.write("chain.pem", pem(root.certificate, middle.certificate)),
        )
        sent = [one.get_subject().CN for one in context.extraCertChain]
        self.assertEqual(sent, ["middle", "root"])

    def test_files_that_cannot_be_read(self) -> None:
        message = self.refused(f"{self.good}.gone", self.key)
        self.assertEqual(message, f"{self.good}.gone cannot be read: No such file or directory")

    def test_a_fifo_is_not_waited_for(self) -> None:
        pipe = f"{self.good}.pipe"
        fifo(self, pipe)
        for cert, key in ((pipe, self.key), (self.good, pipe)):
            self.assertIn(f"{pipe} cannot be read: not a regular file", self.refused(cert, key))

    def test_the_right_ones(self) -> None:
        context = server_context(self.good, self.key, None).getContext()
        self.assertIsInstance(context, SSL.Context)


class NoRequests(ServiceClient):
    """A service that knows no request: every message is an error, which is enough here."""

    def __init__(self, schema: Schema, fanout: Fanout, peer: Peer) -> None:
        super().__init__(schema, fanout, peer)

    def gone(self) -> None:
        """Of ``ServiceClient``."""

    def handle(self, request: Request) -> None:
        """Of ``ServiceClient``."""
        raise AssertionError(f"{request} is never reached")


class Wss(TestCase):
    """Real sockets: ``wss://`` on the loopback interface."""

    timeout = 30

    def setUp(self) -> None:
        self.files = Files(self.mktemp())
        self.root = Authority("root")
        self.middle = Authority("middle", self.root)

    async def listen(self, cert: bytes, key: Key, chain: bytes | None = None) -> int:
        context = server_context(
            self.files.write("cert.pem", cert),
            self.files.write("key.pem", key_pem(key)),
            None if chain is None else self.files.write("chain.pem", chain),
        )
        fanout = Fanout(reactor, Limits())
        schema = Schema(catalog.market_data())
        self.factory = GatewayFactory(
            reactor,
            fanout,
            WebSocketOptions(0, 0, 1 << 20, login_deadline=0),
            lambda peer: NoRequests(schema, fanout, peer),
        )
        services = {"md": (self.factory, lambda: {"ready": True})}
        endpoint = SSL4ServerEndpoint(reactor, 0, context, interface="127.0.0.1")
        port: Any = await endpoint.listen(site(services, reactor))
        self.addCleanup(port.stopListening)
        number: int = port.getHost().port
        return number

    async def connect(self, port: int, trusted: Authority, host: str = "localhost") -> Client:
        """A client that trusts one authority and insists on the host's name."""
        root = trustRootFromCertificates([Certificate.loadPEM(pem(trusted.certificate))])
        endpoint = wrapClientTLS(
            optionsForClientTLS(host, trustRoot=root),
            TCP4ClientEndpoint(reactor, "127.0.0.1", port),
        )
        return await connect(port, "/md/", endpoint=endpoint)

    async def works(self, client: Client) -> None:
        answer = await client.ask({"MsgType": "ReqNichts", "RequestID": 7})
        self.assertEqual(answer["RspInfo"]["ErrorID"], -404)
        self.assertEqual(await client.leave(), 1000)

    async def test_a_client_that_verifies(self) -> None:
        certificate, key = self.root.issue("localhost")
        port = await self.listen(pem(certificate), key)
        await self.works(await self.connect(port, self.root))

    async def test_intermediate_certificates_behind_the_servers_own(self) -> None:
        certificate, key = self.middle.issue("localhost")
        port = await self.listen(pem(certificate, self.middle.certificate), key)
        await self.works(await self.connect(port, self.root))

    async def test_intermediate_certificates_in_a_file_of_their_own(self) -> None:
        certificate, key = self.middle.issue("localhost")
        port = await self.listen(pem(certificate), key, pem(self.middle.certificate))
        await self.works(await self.connect(port, self.root))

    async def refuses(self, connecting: "Deferred[Client]") -> None:
        problem = await self.assertFailure(connecting, Exception)
        self.assertRegex(repr(problem), "(?i)certificate|verif|ssl|tls|clean")
        self.assertEqual(self.factory.open, set())
        self.flushLoggedErrors()

    async def test_a_client_that_does_not_trust_the_authority(self) -> None:
        certificate, key = self.root.issue("localhost")
        port = await self.listen(pem(certificate), key)
        stranger = Authority("stranger")
        await self.refuses(Deferred.fromCoroutine(self.connect(port, stranger)))

    async def test_a_client_that_wants_another_host(self) -> None:
        certificate, key = self.root.issue("localhost")
        port = await self.listen(pem(certificate), key)
        other = self.connect(port, self.root, "example.com")
        await self.refuses(Deferred.fromCoroutine(other))

    async def test_without_its_intermediate_certificate(self) -> None:
        certificate, key = self.middle.issue("localhost")
        port = await self.listen(pem(certificate), key)
        await self.refuses(Deferred.fromCoroutine(self.connect(port, self.root)))

    async def test_the_daemons_close_reaches_the_client(self) -> None:
        certificate, key = self.root.issue("localhost")
        port = await self.listen(pem(certificate), key)
        client = await self.connect(port, self.root)
        await self.factory.close_all()
        self.assertEqual(await client.closed, 1001)


class Ciphers(TestCase):
    """Real handshakes: what a port agrees to, and what it does not."""

    timeout = 120

    def setUp(self) -> None:
        certificate, key = Authority("root").issue(
            "localhost", rsa.generate_private_key(65537, 2048)
        )
        files = Files(self.mktemp())
        self.cert = files.write("cert.pem", pem(certificate))
        self.key = files.write("key.pem", key_pem(key))

    async def agreed(self, endpoint: Any) -> set[str]:
        """The ciphers that a port agrees to, of all that a client may know."""
        factory = Factory.forProtocol(Protocol)
        factory.noisy = False
        port: Any = await endpoint.listen(factory)
        self.addCleanup(port.stopListening)
        found: set[str] = await deferToThread(_agreed, port.getHost().port)
        return found

    async def test_a_certificate_of_the_configuration(self) -> None:
        certificate = ServerCertificate(TlsFiles(self.cert, self.key))
        endpoint = SSL4ServerEndpoint(reactor, 0, certificate, interface="127.0.0.1")
        self.assertEqual(await self.agreed(endpoint), AGREED)

    async def test_clients_that_offer_protocols_are_served(self) -> None:
        certificate = ServerCertificate(TlsFiles(self.cert, self.key))
        pair = f"privateKey={self.key}:certKey={self.cert}"
        for endpoint in (
            SSL4ServerEndpoint(reactor, 0, certificate, interface="127.0.0.1"),
            server_endpoint(reactor, f"ssl:0:{pair}:interface=127.0.0.1"),
        ):
            factory = Factory.forProtocol(Protocol)
            factory.noisy = False
            port: Any = await endpoint.listen(factory)
            self.addCleanup(port.stopListening)
            for offered, chosen in (
                ([], None),
                (["http/1.1"], "http/1.1"),
                (["h2", "http/1.1"], "http/1.1"),
                (["h2"], None),
            ):
                found = await deferToThread(_chosen, port.getHost().port, offered)
                self.assertEqual(found, chosen, offered)

    async def test_an_endpoint_of_listen(self) -> None:
        pair = f"privateKey={self.key}:certKey={self.cert}"
        endpoint = server_endpoint(reactor, f"ssl:0:{pair}:interface=127.0.0.1")
        self.assertEqual(await self.agreed(endpoint), AGREED)


AGREED = {
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "TLS_AES_256_GCM_SHA384",
}
"""Of TLS 1.3 the one that OpenSSL likes best: a client cannot ask for one alone."""


def _chosen(port: int, offered: list[str]) -> str | None:
    """Shake hands, offering protocols; return the one that the port chooses. Blocks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if offered:
        context.set_alpn_protocols(offered)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=60) as plain,
        context.wrap_socket(plain) as secured,
    ):
        return secured.selected_alpn_protocol()


def _agreed(port: int) -> set[str]:
    """Shake hands with each cipher; blocks."""
    every = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    every.set_ciphers("ALL:@SECLEVEL=0")
    found = set()
    for cipher in every.get_ciphers():
        old = not cipher["name"].startswith("TLS_")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if old:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.set_ciphers(f"{cipher['name']}:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
            try:
                with context.wrap_socket(raw) as met:
                    name, version, _ = met.cipher() or ("", "", 0)
                    found.add(name if version in ("TLSv1.2", "TLSv1.3") else f"{name} {version}")
            except (ssl.SSLError, ConnectionError):
                continue
    return found
