"""The daemon on the real native library, before fronts that do not answer."""

import contextlib
import json
import os
import signal
import socket
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.trial.unittest import TestCase

from tests.conformance import holds
from tests.daemons import DaemonProcess, until
from tests.ports import free_port
from tests.wsclient import Client, connect
from webctp.ctp import binding

CONFIG = """
AppType: {app_type}
TdFrontAddress: tcp://127.0.0.1:{front}
MdFrontAddress: tcp://127.0.0.1:{front}
BrokerID: "9999"
AppID: client_test_1.0
AuthCode: "0000000000000000"
Host: 127.0.0.1
Port: {port}
LoginTimeout: {login_timeout}
SessionLinger: 0
ConFilePath: con_file
"""
LOGIN = {
    "MsgType": "ReqUserLogin",
    "ReqUserLogin": {"UserID": "user", "Password": "s3cret"},
    "RequestID": 7,
}
CYCLES = 50
POOL = 10
"""The most threads that Twisted's own pool has."""


class Silent(Protocol):
    """Accepts, and says nothing."""

    factory: "SilentFront"

    def connectionMade(self) -> None:
        """Of ``Protocol``."""
        self.factory.met.append(self)


class HangingUp(Silent):
    """Accepts, and hangs up."""

    def connectionMade(self) -> None:
        """Of ``Protocol``."""
        assert self.transport is not None
        self.transport.loseConnection()


class TalkingRubbish(Silent):
    """Speaks, but not as a front of CTP does."""

    def connectionMade(self) -> None:
        """Of ``Protocol``."""
        super().connectionMade()
        assert self.transport is not None
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


class SilentFront(ServerFactory):
    """A front that accepts connections and never answers."""

    noisy = False

    def __init__(self, kind: type[Silent] = Silent) -> None:
        self.met: list[Silent] = []
        self._kind = kind

    def buildProtocol(self, addr: Any) -> Any:
        """Of ``Factory``."""
        made = self._kind()
        made.factory = self
        return made


class DaemonCase(TestCase):
    """Daemons that end with their test."""

    timeout = 150

    async def start(
        self,
        front: int,
        *,
        app_type: str = "td",
        login_timeout: float = 1,
        port: int = 0,
        spare: int = 0,
    ) -> DaemonProcess:
        """A daemon before ``front`` (and for market data a ``spare``) that listens."""
        config = CONFIG.format(
            app_type=app_type, front=front, login_timeout=login_timeout, port=port
        )
        if spare:
            one, other = (f"tcp://127.0.0.1:{number}" for number in (front, spare))
            both = f"MdFrontAddress: [{one}, {other}]\nMdRedundancy: true"
            config = config.replace(f"MdFrontAddress: {one}", both)
        daemon = DaemonProcess(self.mktemp(), config)
        self.addCleanup(daemon.kill)
        return await daemon.listening()

    async def stop(self, daemon: DaemonProcess) -> None:
        daemon.terminate()
        # twistd shuts down in peace, and then ends by the signal that it was sent.
        self.assertEqual(await daemon.ended(), -signal.SIGTERM, daemon.output)
        self.assertIn("Server Shut Down", daemon.output)
        self.assertNotIn("Traceback", daemon.output)
        self.assertNotIn("s3cret", daemon.output)

    async def silent_front(self, kind: type[Silent] = Silent) -> tuple[SilentFront, int]:
        """A front on a port of its own, its connections closed after the test."""
        front = SilentFront(kind)
        listening: Any = reactor.listenTCP(0, front, interface="127.0.0.1")

        def closed() -> Deferred[None] | None:
            for protocol in front.met:
                if protocol.transport is not None:
                    protocol.transport.loseConnection()
            stopped: Deferred[None] | None = listening.stopListening()
            return stopped

        self.addCleanup(closed)
        number: int = listening.getHost().port
        return front, number


class Logins(DaemonCase):
    """A login is answered, whatever the front does not do."""

    async def refused_in_time(self, daemon: DaemonProcess) -> None:
        client = await connect(daemon.port, "/td/")
        for _ in range(2):
            answer = await client.ask(LOGIN)
            self.assertEqual(answer["MsgType"], "ReqUserLogin")
            self.assertEqual(answer["RspInfo"]["ErrorID"], -408)
        await client.leave()

    async def test_nobody_at_the_address(self) -> None:
        daemon = await self.start(free_port())
        await self.refused_in_time(daemon)
        await self.stop(daemon)

    async def test_somebody_who_says_nothing(self) -> None:
        front, port = await self.silent_front()
        daemon = await self.start(port)
        await self.refused_in_time(daemon)
        self.assertNotEqual(front.met, [])
        await self.stop(daemon)

    @holds("ONFRONTDISCONNECTED-4", "CJFAQ-1")
    async def test_somebody_who_is_no_front_is_told_as_such(self) -> None:
        for kind, told in ((HangingUp, "0x1001"), (TalkingRubbish, "0x2003")):
            _, port = await self.silent_front(kind)
            daemon = await self.start(port, login_timeout=4)
            client = await connect(daemon.port, "/td/")
            answer = await client.ask(LOGIN)
            self.assertEqual(answer["RspInfo"]["ErrorID"], -408)
            self.assertRegex(answer["Detail"], f"attempts? to connect in vain, last {told}; ")
            await client.leave()
            await self.stop(daemon)

    async def test_market_data(self) -> None:
        daemon = await self.start(free_port(), app_type="md")
        client = await connect(daemon.port, "/")
        answer = await client.ask({"MsgType": "ReqUserLogin", "RequestID": 3})
        self.assertEqual((answer["MsgType"], answer["RspInfo"]["ErrorID"]), ("ReqUserLogin", -408))
        await client.leave()
        await self.stop(daemon)

    async def test_a_hot_spare_is_connected_too(self) -> None:
        (one, port), (other, spare) = [await self.silent_front() for _ in range(2)]
        daemon = await self.start(port, app_type="md", spare=spare)
        await until(lambda: bool(one.met and other.met), "a connection to each front")
        await self.stop(daemon)


class Stopping(DaemonCase):
    """SIGTERM closes clients with 1001, releases sessions and ends."""

    async def closed_by_term(self, daemon: DaemonProcess, clients: list[Client]) -> None:
        await self.stop(daemon)
        self.assertEqual([await client.closed for client in clients], [1001] * len(clients))

    async def test_with_idle_clients(self) -> None:
        daemon = await self.start(free_port(), app_type="both")
        clients = [await connect(daemon.port, path) for path in ("/td/", "/md/", "/td/")]
        await self.closed_by_term(daemon, clients)

    async def test_in_the_midst_of_logins(self) -> None:
        for silent in (False, True):
            port = (await self.silent_front())[1] if silent else free_port()
            daemon = await self.start(port, app_type="both", login_timeout=60)
            clients = [await connect(daemon.port, path) for path in ("/td/", "/td/", "/md/")]
            for client in clients:
                client.say(LOGIN)
            answer = await clients[0].ask({"MsgType": "ReqQryInvestor", "RequestID": 1})
            self.assertEqual(answer["RspInfo"]["ErrorID"], -401)
            await self.closed_by_term(daemon, clients)

    async def test_at_once(self) -> None:
        await self.stop(await self.start(free_port(), app_type="both"))


class Leaks(DaemonCase):
    """Logins that come to nothing leave nothing behind."""

    async def cycle(self, daemon: DaemonProcess) -> None:
        client = await connect(daemon.port, "/td/")
        client.say(LOGIN)
        answer = await client.ask({"MsgType": "ReqQryInvestor", "RequestID": 1})
        self.assertEqual(answer["RspInfo"]["ErrorID"], -401)
        await client.leave()

    async def cycles(self, port: int) -> None:
        daemon = await self.start(port, login_timeout=60)
        await self.cycle(daemon)
        idle = DaemonCount(daemon)
        await idle.settled()
        for _ in range(CYCLES):
            await self.cycle(daemon)
        await until(
            lambda: daemon.descriptors <= idle.descriptors,
            f"{idle.descriptors} descriptors (there are {daemon.descriptors})",
        )
        await until(
            lambda: daemon.threads <= idle.threads + POOL,
            f"{idle.threads} threads and a pool (there are {daemon.threads})",
        )
        await self.stop(daemon)

    async def test_nobody_at_the_address(self) -> None:
        await self.cycles(free_port())

    async def test_somebody_who_says_nothing(self) -> None:
        await self.cycles((await self.silent_front())[1])


class DaemonCount:
    """How many descriptors and threads a daemon has when it is idle."""

    def __init__(self, daemon: DaemonProcess) -> None:
        self._daemon = daemon
        self.descriptors = self.threads = 0

    async def settled(self) -> None:
        """Wait until two looks find the same."""
        same = 0

        def steady() -> bool:
            nonlocal same
            now = (self._daemon.descriptors, self._daemon.threads)
            same = same + 1 if now == (self.descriptors, self.threads) else 0
            self.descriptors, self.threads = now
            return same > 20

        await until(steady, "the daemon to be idle")


class Strangers(DaemonCase):
    """Who has not logged in yet, and those who are too many, on a real daemon."""

    async def serve(self, *lines: str) -> DaemonProcess:
        """A daemon with more lines in its configuration."""
        config = CONFIG.format(app_type="td", front=free_port(), login_timeout=1, port=0)
        daemon = DaemonProcess(self.mktemp(), "\n".join((config, *lines, "")))
        self.addCleanup(daemon.kill)
        return await daemon.listening()

    def http(self, daemon: DaemonProcess, path: str = "/") -> bytes:
        """An answer to a request, until the daemon closes."""
        with socket.create_connection(("127.0.0.1", daemon.port), timeout=60) as client:
            with contextlib.suppress(ConnectionError):  # of a connection that was refused meanwhile
                client.sendall(b"GET %s HTTP/1.0\r\n\r\n" % path.encode())
            return b"".join(iter(lambda: client.recv(4096), b""))

    async def test_those_who_are_too_many_are_told_so(self) -> None:
        daemon = await self.serve("MaxConnections: 2", "LoginDeadline: 0", "LogLevel: DEBUG")
        clients = [await connect(daemon.port) for _ in range(2)]
        for _ in range(20):
            self.assertIn(b"HTTP/1.1 503 ", self.http(daemon))
        self.assertEqual(daemon.output.count("MaxConnections 2 are open"), 1, daemon.output)
        await clients[0].leave()
        await until(lambda: b" 503 " not in self.http(daemon, "/healthz"), "a place")
        told = self.http(daemon, "/readyz?token=s3cret")
        states = json.loads(told.partition(b"\r\n\r\n")[2])
        self.assertGreaterEqual(states["connections"]["refused"], 20)
        loaded = binding.load()
        library = loaded.td_library
        self.assertEqual(
            states["td"]["library"],
            {"binding": str(loaded), "path": library.path, "version": library.version},
        )
        await clients[1].leave()
        await self.stop(daemon)

    async def test_those_who_do_not_log_in_are_closed(self) -> None:
        daemon = await self.serve("LoginDeadline: 0.5")
        client = await connect(daemon.port)
        self.assertEqual(await client.closed, 1008)
        await self.stop(daemon)


class Ports(DaemonCase):
    """A daemon that cannot listen is of no use."""

    async def test_a_port_that_is_taken(self) -> None:
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            taken = holder.getsockname()[1]
            config = CONFIG.format(app_type="td", front=1, login_timeout=1, port=taken)
            daemon = DaemonProcess(self.mktemp(), config)
            self.addCleanup(daemon.kill)
            self.assertEqual(await daemon.ended(), 1)
        self.assertIn(f"webctp: 127.0.0.1:{taken} is taken by another program; ", daemon.output)
        self.assertNotIn("Traceback", daemon.output)

    async def test_two_side_by_side(self) -> None:
        front = free_port()
        daemons = [await self.start(front, app_type=app_type) for app_type in ("td", "md")]
        self.assertNotEqual(daemons[0].port, daemons[1].port)
        for daemon in daemons:
            await self.stop(daemon)


class Paths(DaemonCase):
    """The flow directories of a real session."""

    async def test_no_client_text_in_them(self) -> None:
        directory = self.mktemp()
        config = CONFIG.format(app_type="td", front=free_port(), login_timeout=1, port=0)
        daemon = DaemonProcess(directory, config)
        self.addCleanup(daemon.kill)
        await daemon.listening()
        client = await connect(daemon.port, "/td/")
        await client.ask(LOGIN)
        await client.leave()
        await self.stop(daemon)
        found = os.listdir(os.path.join(directory, "con_file"))
        made = [one for one in found if not one.startswith(("kill.json.gateway-", "admin"))]
        self.assertEqual(len(made), 1, found)
        self.assertRegex(made[0], r"\A[0-9a-f]{16}\Z")
