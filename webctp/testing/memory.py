"""A whole gateway without sockets, threads or time; see :mod:`webctp.testing`."""

import gc
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from twisted.internet.address import IPv4Address
from twisted.internet.defer import succeed
from twisted.internet.interfaces import IProtocolFactory

from webctp.config import load
from webctp.ctp.front import MarketFront
from webctp.daemon import Daemon
from webctp.testing.client import Message, WaitedInVain
from webctp.testing.front import FakeFront
from webctp.testing.gateway import FAKE_ADDRESS, PASSWORD, configuration
from webctp.testing.reactor import ThreadlessReactor
from webctp.testing.rows import USER
from webctp.testing.websocket import MemoryTransport, WebSocketPeer

_CLOSING: Final = 30
"""Seconds on the clock in which clients that do not answer the close are dropped, and APIs that
still connect are released."""

_UNPINGED: Final = {"PingInterval": "86400"}
"""Peers in memory answer no pings: a test may let hours pass."""
_STEP: Final = 0.1
_STEPS: Final = 200
"""Seconds on the clock between two looks for an answer, and how many looks there are."""


class MemoryPort:
    """A port of a :class:`MemoryReactor`: it listens to nobody, its factory is for peers."""

    def __init__(self, factory: IProtocolFactory) -> None:
        self.factory = factory

    def getHost(self) -> IPv4Address:
        """Twisted's name for where a port listens."""
        return IPv4Address("TCP", "127.0.0.1", 80)

    def stopListening(self) -> Any:
        """Twisted's name for the end of a port."""
        self.factory.doStop()
        return succeed(None)


class MemoryReactor(ThreadlessReactor):
    """A :class:`ThreadlessReactor` that listens as well, to peers in memory."""

    running = True

    def callWhenRunning(self, function: Callable[..., object], *args: Any, **named: Any) -> None:
        """Run it at once: this reactor runs whenever a test lets it."""
        function(*args, **named)

    def stop(self) -> None:
        """Stop: nothing of this reactor runs by itself."""
        self.running = False

    def listenTCP(
        self, port: int, factory: IProtocolFactory, *more: Any, **named: Any
    ) -> MemoryPort:
        """Listen."""
        factory.doStart()
        return MemoryPort(factory)


class MemoryGateway:
    """A whole gateway before a fake front: the daemon itself, and nothing that takes time.

    ``reactor`` is its clock: nothing happens but in :meth:`settle` and ``reactor.advance``.

    :param keys: keys of a configuration, such as ``SessionLinger=5``.
    """

    def __init__(self, front: MarketFront | None = None, **keys: Any) -> None:
        self.front = FakeFront() if front is None else front
        self.reactor = MemoryReactor()
        self.folder = Path(tempfile.mkdtemp(prefix="webctp-test-"))
        try:
            config = load(configuration(self.folder, FAKE_ADDRESS, {**_UNPINGED, **keys}))
            self.daemon = Daemon(self.reactor, config, fronts=lambda key, addresses: self.front)
            self.daemon.startService()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        ports: list[Any] = list(self.daemon.ports)
        self._sites = [port.factory for port in ports]
        self._site = self._sites[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close every client, release every session, and remove all files."""
        stopped = self.daemon.stopService()
        for _ in range(_CLOSING):
            # In steps: what is dropped in one second sets timers of its own.
            self.reactor.advance(1)
        gc.unfreeze()
        shutil.rmtree(self.folder)
        if not stopped.called:
            raise AssertionError(f"the gateway has not stopped: {self.reactor.getDelayedCalls()}")

    def settle(self) -> None:
        """Let everything happen that waits for nothing but its turn."""
        for _ in range(4):
            self.reactor.turn()

    def connect(self, service: str = "td", query: str = "") -> WebSocketPeer:
        """Open a connection to a service (``td``, ``md``); ``query`` as ``?language=zh``."""
        peer = WebSocketPeer(self._site, f"/{service}/{query}")
        if peer.status != 101:
            raise AssertionError(f"{service}: {peer.status} {peer.body!r}")
        return peer

    def get(
        self, path: str, *headers: str, port: int = 0, host: str = "localhost"
    ) -> tuple[int, bytes]:
        """Ask for a page, such as ``/readyz``; return its status and body.

        :param headers: lines of the request, such as ``Accept: text/plain``.
        :param port: which of the gateway's ports; that of the services is 0.
        :param host: the header Host.
        """
        transport = MemoryTransport()
        transport.peerAddr = IPv4Address("TCP", "127.0.0.1", 4711)
        transport.protocol = self._sites[port].buildProtocol(transport.getPeer())
        transport.protocol.makeConnection(transport)
        lines = (f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", "")
        transport.protocol.dataReceived("\r\n".join(lines).encode())
        self.settle()
        head, _, body = b"".join(transport.writes).partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]), body

    def ask(self, peer: WebSocketPeer, message: Message) -> Message:
        """Send a request; return its last answer. What came before it is passed over.

        As much time passes on the clock as the answer takes.

        :raises WaitedInVain: if there is none within some time, with what was received.
        """
        peer.received()
        peer.send(message)
        number = message.get("RequestID", 0)
        received: list[Message] = []
        for _ in range(_STEPS):
            self.settle()
            received += peer.received()
            for one in received:
                if one.get("RequestID") == number and one.get("IsLast"):
                    return one
            self.reactor.advance(_STEP)
        seconds = _STEPS * _STEP
        shown = "".join(f"\n  {one}" for one in received) or " nothing"
        raise WaitedInVain(
            f"no answer to {message.get('MsgType')} in {seconds:g} s of the clock; received:{shown}"
        )

    def pushes(self, peer: WebSocketPeer) -> list[Message]:
        """Return the pushes that have come, those about the session left out."""
        self.settle()
        return [
            message
            for message in peer.received()
            if "RequestID" not in message and message["MsgType"] != "RtnSessionState"
        ]

    def trader(self, user: str = USER, password: str = PASSWORD) -> WebSocketPeer:
        """Open a connection that is logged in on td."""
        return self._login("td", {"UserID": user, "Password": password})

    def watcher(self) -> WebSocketPeer:
        """Open a connection that is logged in on md."""
        return self._login("md", {})

    def _login(self, service: str, body: Message) -> WebSocketPeer:
        peer = self.connect(service)
        answer = self.ask(peer, {"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body})
        if answer["MsgType"] != "RspUserLogin" or answer["RspInfo"]["ErrorID"]:
            raise AssertionError(f"the login was refused: {answer}")
        return peer
