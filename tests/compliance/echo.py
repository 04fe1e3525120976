"""An echo server of the gateway's own site and options, for suites of the WebSocket protocol.

``python -m tests.compliance.echo [DIRECTORY]`` serves ``/md/`` at a free port of 127.0.0.1, prints
the port, and ends when its standard input does. With a directory it serves over TLS, with the
certificate ``cert.pem`` and the key ``key.pem`` that lie there.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from twisted.internet import reactor, stdio
from twisted.internet.endpoints import SSL4ServerEndpoint, TCP4ServerEndpoint
from twisted.internet.interfaces import IListeningPort
from twisted.internet.protocol import Protocol

from webctp.config.serving import ConnectionLimits, Limits, WebSocketOptions
from webctp.ctp import catalog
from webctp.gateway.access.logindeadline import Presence
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.site import Site, site
from webctp.gateway.http.tls import ServerCertificate, TlsFiles
from webctp.gateway.messages.encoder import frame
from webctp.gateway.messages.schema import Request, Schema
from webctp.gateway.websocket.fanout import MEBIBYTE, Fanout
from webctp.gateway.websocket.protocol import GatewayFactory

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PATH: Final = "/md/"
_TEXT: Final = 1
_BINARY: Final = 2
_PATIENCE: Final = 60.0


class Echo(ServiceClient):
    """Sends back what it receives, messages longer than a stranger's too."""

    def presence(self) -> Presence:
        """Of ``ServiceClient``."""
        return Presence.LOGGED_IN

    def received(self, payload: bytes, is_binary: bool) -> None:
        """Of ``ServiceClient``."""
        echoed = frame(payload)
        if is_binary:
            echoed = bytes((0x80 | _BINARY,)) + echoed[1:]
        self.outbox.message(echoed)
        self._fanout.flush()

    def gone(self) -> None:
        """Of ``ServiceClient``."""

    def handle(self, request: Request) -> None:
        """Of ``ServiceClient``."""
        raise AssertionError(f"{request} is never reached")


def echo_factory(clock: Any, message_rate: int = WebSocketOptions.message_rate) -> GatewayFactory:
    """Make the WebSocket factory of an echo server; messages may have 16 MiB."""
    fanout = Fanout(clock, Limits())
    schema = Schema(catalog.market_data())
    return GatewayFactory(
        clock,
        fanout,
        WebSocketOptions(
            ping_interval=0,
            ping_timeout=0,
            max_message_bytes=16 * MEBIBYTE,
            message_rate=message_rate,
            login_deadline=0,
            compression=64,
        ),
        lambda outbox: Echo(schema, fanout, outbox),
    )


def echo_site(clock: Any) -> Site:
    """Make the site that the daemon serves, with the echo at ``/md/``.

    A suite sends as fast as it can, so no rate is held against it.
    """
    factory = echo_factory(clock, message_rate=0)
    return site({"md": (factory, lambda: {"ready": True})}, clock, ConnectionLimits())


class Lifeline(Protocol):
    """Ends the process when its standard input ends."""

    def connectionLost(self, reason: object = None) -> None:
        """Twisted calls this when standard input has ended."""
        if reactor.running:
            reactor.stop()


def main(directory: str | None) -> None:
    """Serve until standard input ends."""
    endpoint: Any = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
    if directory is not None:
        files = TlsFiles(f"{directory}/cert.pem", f"{directory}/key.pem", None, None)
        certificate = ServerCertificate(files)
        endpoint = SSL4ServerEndpoint(reactor, 0, certificate, interface="127.0.0.1")

    def serving(port: IListeningPort) -> None:
        address: Any = port.getHost()
        print(address.port, flush=True)

    endpoint.listen(echo_site(reactor)).addCallback(serving)
    stdio.StandardIO(Lifeline())
    reactor.run()


@contextmanager
def served(directory: Path | None = None) -> Iterator[int]:
    """Serve in a process of its own; gives the port.

    :raises AssertionError: if the process ends instead.
    """
    command = [sys.executable, "-m", "tests.compliance.echo"]
    if directory is not None:
        command.append(str(directory))
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        told = process.stdout.readline()
        if not told.strip().isdigit():
            raise AssertionError(f"the echo server has ended: {told!r}")
        yield int(told)
    finally:
        process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
