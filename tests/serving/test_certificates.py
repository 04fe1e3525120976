"""Certificates of a whole gateway on real TLS: renewed while it runs, and those of clients."""

import os
import shlex
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from cryptography import x509
from OpenSSL import SSL
from twisted.internet import reactor
from twisted.internet.endpoints import (
    TCP4ClientEndpoint,
    UNIXClientEndpoint,
    wrapClientTLS,
)
from twisted.internet.error import ConnectionDone
from twisted.internet.ssl import (
    Certificate,
    KeyPair,
    PrivateCertificate,
    optionsForClientTLS,
    trustRootFromCertificates,
)
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.daemons import ROOT, until
from tests.gateway.access.tokens.test_record import token
from tests.gateway.http.test_tls import Authority, Files, key_pem, pem
from webctp.config import ConfigError
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.serving import certificates
from webctp.testing import Gateway, GatewayClient
from webctp.testing.client import connect


class TlsCase(TestCase):
    """A gateway with a certificate, and an authority of its clients."""

    timeout = 180

    def setUp(self) -> None:
        self.files = Files(self.mktemp())
        self.authority = Authority("servers")
        self.people = Authority("clients")
        self.first = self.renew("cert.pem", "key.pem")
        self.ca = Path(self.files.write("people.pem", pem(self.people.certificate))).absolute()

    def renew(self, cert: str, key: str, *, expired: bool = False) -> int:
        """Write a new pair; give its serial number."""
        certificate, private = self.authority.issue("localhost", expired=expired)
        self.cert = Path(self.files.write(cert, pem(certificate))).absolute()
        self.key = Path(self.files.write(key, key_pem(private))).absolute()
        return int(certificate.serial_number)

    def gateway(self, *, clients: str = "", **keys: Any) -> Gateway:
        tls = {"CertFile": str(self.cert), "KeyFile": str(self.key)}
        if clients:
            tls |= {"ClientCAFile": str(self.ca), "ClientCertificates": clients}
        return Gateway(TLS=tls, **keys)

    async def shown(self, port: int) -> int:
        """The serial number of the certificate that a port shows."""
        found: int = await deferToThread(_shown, port)
        return found

    def endpoint(self, port: int, subject: str = "", issuer: Authority | None = None) -> Any:
        """Where a client connects to that trusts the servers' authority."""
        trusted = Certificate.loadPEM(pem(self.authority.certificate))
        shown = None
        if subject:
            certificate, key = (issuer or self.people).issue(subject)
            pair = KeyPair.load(key_pem(key), 1)
            shown = PrivateCertificate.fromCertificateAndKeyPair(
                Certificate.loadPEM(pem(certificate)), pair
            )
        options = optionsForClientTLS("localhost", trustRootFromCertificates([trusted]), shown)
        return wrapClientTLS(options, TCP4ClientEndpoint(reactor, "127.0.0.1", port))

    async def connected(
        self, gateway: Gateway, subject: str = "", issuer: Authority | None = None, **options: Any
    ) -> GatewayClient:
        endpoint = self.endpoint(gateway.port, subject, issuer)
        client = await connect(gateway.port, "/td/", endpoint=endpoint, **options)
        self.addCleanup(client.abort)
        return client


class Renewal(TlsCase):
    """Files that change under a gateway that runs."""

    async def test_a_pair_that_was_replaced_is_served_without_a_signal(self) -> None:
        async with self.gateway() as gateway:
            client = await self.connected(gateway)
            self.assertEqual(await self.shown(gateway.port), self.first)
            second = self.renew("cert.pem", "key.pem")
            while await self.shown(gateway.port) != second:
                await gateway.until(lambda: True, "the new certificate")
            answer = await client.ask({"MsgType": "ReqQryOrder", "RequestID": 1})
            self.assertEqual(answer["RspInfo"]["ErrorID"], -401, "nobody is dropped")

    async def test_a_bad_pair_is_refused_and_logged_without_a_signal(self) -> None:
        logged: list[str] = []
        self.patch(
            certificates._log, "error", lambda text, **told: logged.append(text.format(**told))
        )
        async with self.gateway() as gateway:
            client = await self.connected(gateway)
            for spoil, said in (
                (lambda: self.files.write("key.pem", key_pem(self.authority.issue("a")[1])), "key"),
                (lambda: self.renew("cert.pem", "key.pem", expired=True), "expired"),
                (lambda: self.cert.write_bytes(b"nothing"), "no certificate"),
                (self.key.unlink, "cannot be read"),
            ):
                logged.clear()
                spoil()
                await gateway.until(lambda: logged, f"a line of {said}")
                self.assertIn("the old certificate stays", logged[0])
                self.assertIn(said, logged[0])
                self.assertEqual(await self.shown(gateway.port), self.first, said)
                if said == "no certificate":
                    self.renew("cert.pem", "other.pem")
            answer = await client.ask({"MsgType": "ReqQryOrder", "RequestID": 1})
            self.assertEqual(answer["RspInfo"]["ErrorID"], -401, "nobody is dropped")

    async def test_a_bad_pair_is_refused_and_a_later_good_one_is_taken(self) -> None:
        async with self.gateway() as gateway:
            daemon: Any = gateway.daemon
            _, other = self.authority.issue("localhost")
            self.files.write("key.pem", key_pem(other))
            with self.assertRaises(ConfigError):
                await daemon.reload(daemon._config)
            self.assertEqual(await self.shown(gateway.port), self.first)
            self.renew("cert.pem", "key.pem", expired=True)
            with self.assertRaises(ConfigError):
                await daemon.reload(daemon._config)
            self.assertEqual(await self.shown(gateway.port), self.first)
            second = self.renew("cert.pem", "key.pem")
            await daemon.reload(daemon._config)
            self.assertEqual(await self.shown(gateway.port), second)

    async def test_readyz_says_until_when_and_warns_of_the_end(self) -> None:
        async with self.gateway() as gateway:
            told = gateway.daemon._prepared.access._status()
        (one,) = told["certificates"]
        ends = datetime.fromisoformat(one["ends"])
        self.assertLess(ends, datetime.now(UTC).replace(year=2999))
        (warning,) = told["warnings"]
        self.assertIn(f"{self.cert} ends at", warning)  # within 14 days: the test's lasts one

    async def test_only_tls_1_2_and_1_3(self) -> None:
        async with self.gateway() as gateway:
            found = await deferToThread(_versions, gateway.port)
        self.assertEqual(found, {"TLSv1.2", "TLSv1.3"})


class ClientsCertificates(TlsCase):
    """Certificates of clients, and the principals that they name."""

    async def test_a_required_one_names_the_principal_and_without_it_nobody_is_let_in(self) -> None:
        path = Path(self.mktemp()).absolute()
        with editing(path) as tokens:
            tokens.append(token("desk.example.com"))
        async with self.gateway(clients="required", Access={"Tokens": str(path)}) as gateway:
            await self.connected(gateway, "desk.example.com")
            (socket,) = gateway.daemon._factories["td"].open
            self.assertEqual(socket.principal.name, "desk.example.com")
            for subject, issuer in (
                ("", None),
                ("desk.example.com", Authority("strangers")),
                ("stranger.example.com", None),
            ):
                with self.assertRaises((ConnectionError, ConnectionDone, SSL.Error)):
                    await self.connected(gateway, subject, issuer)

    async def test_an_optional_one_stands_beside_tokens(self) -> None:
        path, secret = Path(self.mktemp()).absolute(), new_token()
        with editing(path) as tokens:
            tokens += [token("bot", sha256=hash_of(secret)), token("desk")]
        async with self.gateway(clients="optional", Access={"Tokens": str(path)}) as gateway:
            headers = {"Authorization": f"Bearer {secret.reveal()}"}
            await self.connected(gateway, headers=headers)
            await self.connected(gateway, "desk")
            with self.assertRaises(ConnectionError):
                await self.connected(gateway)
            names = {one.principal.name for one in gateway.daemon._factories["td"].open}
            self.assertEqual(names, {"bot", "desk"})

    async def test_without_tokens_it_is_a_name_only(self) -> None:
        async with self.gateway(clients="required") as gateway:
            await self.connected(gateway, "anybody.example.com")
            (socket,) = gateway.daemon._factories["td"].open
            self.assertEqual(socket.principal.name, "anybody.example.com")


class Endpoints(TlsCase):
    """Several endpoints of ``Listen``, each by a real connection."""

    async def test_each_kind(self) -> None:
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        path = os.path.relpath(folder / "td.sock")
        pair = f"privateKey={self.key}:certKey={self.cert}"
        listen = [
            "tcp:0:interface=127.0.0.1",
            f"ssl:0:{pair}:interface=127.0.0.1",
            f"unix:{path}",
            "haproxy:tcp:0:interface=127.0.0.1",
        ]
        async with Gateway(Listen=listen) as gateway:
            hosts: list[Any] = [port.getHost() for port in gateway.daemon.ports]
            plain, secure, _, proxied = hosts
            clients = [
                await connect(plain.port, "/td/"),
                await connect(secure.port, "/td/", endpoint=self.endpoint(secure.port)),
                await connect(1, "/td/", endpoint=UNIXClientEndpoint(reactor, path)),
            ]
            for client in clients:
                answer = await client.ask({"MsgType": "ReqQryOrder", "RequestID": 1})
                self.assertEqual(answer["RspInfo"]["ErrorID"], -401)
            proxy, said = await deferToThread(_proxied, proxied.port)
            self.addCleanup(proxy.close)
            self.assertIn(b" 101 ", said)
            readyz = await deferToThread(_readyz, plain.port)
            self.assertIn('"addresses": 3', readyz)
            sockets: list[Any] = list(gateway.daemon._factories["td"].open)
            peers = {one.outbox.peer for one in sockets}
            self.assertIn("203.0.113.7", peers)
            second = self.renew("cert.pem", "key.pem")
            await gateway.daemon.reload(gateway.daemon._config)
            self.assertEqual(await self.shown(secure.port), second)
            for client in clients:
                await client.leave()


class Inherited(TestCase):
    """A socket that systemd has opened."""

    timeout = 180

    async def test_it_is_listened_on(self) -> None:
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        (folder / "webctp.yaml").write_text(
            "AppType: td\nTdFrontAddress: sim://\nListen: systemd:domain=INET:index=0\n", "utf-8"
        )
        command = "export LISTEN_PID=$$; exec " + shlex.join(
            [
                *(sys.executable, "-c", "from twisted.scripts.twistd import run; run()"),
                *("-n", "webctp", "--config", "webctp.yaml"),
            ]
        )
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            daemon = subprocess.Popen(
                ["/bin/sh", "-c", command],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "LISTEN_FDS": "1",
                    "LISTEN_FDNAMES": "td",
                },
                preexec_fn=lambda: os.dup2(listening.fileno(), 3) and None,
                pass_fds=(3,),
                stdout=(folder / "output").open("wb"),
                stderr=subprocess.STDOUT,
            )
            self.addCleanup(daemon.wait)
            self.addCleanup(daemon.kill)
        output = folder / "output"
        await until(lambda: b"serving td on" in output.read_bytes(), "the daemon")
        client = await connect(port, "/td/")
        answer = await client.ask({"MsgType": "ReqQryOrder", "RequestID": 1})
        self.assertEqual(answer["RspInfo"]["ErrorID"], -401)
        await client.leave()


def _client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _shown(port: int) -> int:
    """Shake hands; give the serial number of the certificate that is shown. Blocks."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=60) as plain,
        _client_context().wrap_socket(plain) as secure,
    ):
        shown = secure.getpeercert(binary_form=True)
    assert shown is not None
    return int(x509.load_der_x509_certificate(shown).serial_number)


def _versions(port: int) -> set[str]:
    """Shake hands with each version of TLS; give those that are agreed to. Blocks."""
    found = set()
    for version in (
        ssl.TLSVersion.TLSv1,
        ssl.TLSVersion.TLSv1_1,
        ssl.TLSVersion.TLSv1_2,
        ssl.TLSVersion.TLSv1_3,
    ):
        context = _client_context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
            try:
                with context.wrap_socket(plain) as secure:
                    found.add(str(secure.version()))
            except (ssl.SSLError, ConnectionError):
                continue
    return found


def _readyz(port: int) -> str:
    """Return what ``/readyz`` says. Blocks."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def _proxied(port: int) -> tuple[socket.socket, bytes]:
    """Ask for a WebSocket behind a proxy that says who is calling. Blocks."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=60)
    plain.sendall(
        b"PROXY TCP4 203.0.113.7 127.0.0.1 4711 80\r\n"
        b"GET /td/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    return plain, plain.recv(4096)
