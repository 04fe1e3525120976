"""webctp.bus.link, address and redisline, before a real Redis: passwords, Sentinel, silence."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.bus.redisserver import RedisServer
from tests.daemons import PATIENCE, sleep, until
from webctp.bus.address import BusAddress, Connector, address_of
from webctp.bus.link import Link
from webctp.bus.redisline import RedisLine, RedisTrouble
from webctp.config.bus import BusConfig
from webctp.language.text import Text
from webctp.secret import Secret


class Addresses(SynchronousTestCase):
    """What an address says."""

    def test_taken_apart(self) -> None:
        for text, wanted in (
            ("redis://h", BusAddress((("h", 6379),))),
            ("redis://h:7/3?name=b", BusAddress((("h", 7),), database=3, name="b")),
            ("rediss://[::1]:7", BusAddress((("::1", 7),), is_tls=True)),
            ("redis+unix:///run/r.sock", BusAddress(path="/run/r.sock")),
            ("redis+unix:///a%20b?database=2", BusAddress(path="/a b", database=2)),
            (
                "redis+sentinel://a,b:1/main/4",
                BusAddress((("a", 26379), ("b", 1)), service="main", database=4),
            ),
        ):
            self.assertEqual(address_of(text), wanted, text)

    def test_refused(self) -> None:
        for text in (
            "redis://user:word@h",
            "redis://h/x",
            "redis://h?colour=red",
            "redis://",
            "redis://a,b",
            "redis://h:port",
            "redis+unix://host/run/r.sock",
            "redis+unix:///",
            "redis+sentinel://a",
        ):
            self.assertRaises(ValueError, address_of, text)


class LinkTest(TestCase):
    """A Redis, and links to it."""

    timeout = 120

    async def redis(self, settings: str = "") -> RedisServer:
        server = RedisServer(settings)
        self.addCleanup(server.remove)
        return await server.start()

    async def linked(self, connector: Connector) -> tuple[Link, list[Text]]:
        """A link, once it was made; the reasons for which others were not."""
        made: Any = reactor
        reasons: list[Text] = []
        lines: list[RedisLine] = []

        async def greet(line: RedisLine, listener: RedisLine) -> None:
            await listener.subscribe([b"channel"])
            await line.ask(b"PING")
            lines.append(line)

        link = Link(
            made,
            connector,
            lambda: RedisLine(made),
            lambda: RedisLine(made),
            lambda *both: Deferred.fromCoroutine(greet(*both)),
            reasons.append,
        )
        link.start()
        self.addCleanup(link.close)
        await until(lambda: bool(link.ups or reasons), "a link, or a reason why there is none")
        return link, reasons


class Passwords(LinkTest):
    """``BusPassword`` and ``Bus.User``."""

    SETTINGS = "user default off\nuser bus on >s3cret ~* &* +@all\n"

    def connector(self, server: RedisServer, user: str, password: str) -> Connector:
        return Connector(
            reactor, BusAddress(path=server.path), BusConfig(user=user), Secret(password)
        )

    async def test_with_the_right_ones_there_is_a_link(self) -> None:
        server = await self.redis(self.SETTINGS)
        _, reasons = await self.linked(self.connector(server, "bus", "s3cret"))
        self.assertEqual(reasons, [])

    async def test_with_others_there_is_none_and_the_reason_tells_no_secret(self) -> None:
        server = await self.redis(self.SETTINGS)
        link, reasons = await self.linked(self.connector(server, "bus", "guessed"))
        self.assertEqual(link.ups, 0)
        self.assertIn("WRONGPASS", reasons[0])
        self.assertNotIn("guessed", reasons[0])

    async def test_without_any_there_is_none(self) -> None:
        server = await self.redis(self.SETTINGS)
        link, reasons = await self.linked(self.connector(server, "", ""))
        self.assertEqual(link.ups, 0)
        self.assertIn("NOAUTH", reasons[0])


class Lines(LinkTest):
    """One connection."""

    async def line(self, server: RedisServer) -> RedisLine:
        made: Any = reactor
        connector = Connector(made, BusAddress(path=server.path), BusConfig(), Secret())
        line: RedisLine = await connector.connect(lambda: RedisLine(made))
        return line

    async def test_an_error_fails_its_own_question_alone(self) -> None:
        line = await self.line(await self.redis())
        wrong, right = line.ask(b"NONSENSE"), line.ask(b"PING")
        self.assertEqual(await right, b"PONG")
        problem = await self.assertFailure(wrong, RedisTrouble)
        self.assertIn("NONSENSE", problem.reason)
        line.drop(Text("enough"))
        await line.lost

    async def test_questions_fail_when_redis_is_gone(self) -> None:
        server = await self.redis()
        line = await self.line(server)
        asked = line.ask(b"BLPOP", b"nothing", b"0")
        server.kill()
        await self.assertFailure(asked, RedisTrouble)
        await self.assertFailure(line.ask(b"PING"), RedisTrouble)


class Sentinels(LinkTest):
    """A master that fails, and the Sentinel that names another."""

    if shutil.which("redis-sentinel") is None and "CI" not in os.environ:
        skip = "redis-sentinel is not installed"

    async def start(
        self, name: str, program: str, settings: str, ready: str
    ) -> "tuple[subprocess.Popen[bytes], int]":
        """Start a server on a port that nobody else has; gives it once it is ready."""
        for _ in range(20):
            port = free_port()
            output = self.folder / f"{name}.output"
            (self.folder / f"{name}.conf").write_text(
                f'bind 127.0.0.1\nsave ""\ndir "{self.folder}"\nport {port}\n{settings}'
            )
            with output.open("wb") as told:
                process = subprocess.Popen(
                    [program, str(self.folder / f"{name}.conf")],
                    stdout=told,
                    stderr=subprocess.STDOUT,
                )
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            await until(
                lambda file=output, one=process: (
                    ready in file.read_text()  # type: ignore[misc]
                    or one.poll() is not None
                ),
                f"{name} to be ready",
            )
            if process.poll() is None:
                return process, port
        raise AssertionError(f"{name} found no port: {output.read_text()}")

    async def test_the_link_goes_to_the_new_master(self) -> None:
        self.folder = Path(self.mktemp()).resolve()
        self.folder.mkdir()
        ready = "Ready to accept connections"
        master, first = await self.start("first", "redis-server", "", ready)
        await self.start("second", "redis-server", f"replicaof 127.0.0.1 {first}\n", ready)
        _, sentinel = await self.start(
            "sentinel",
            "redis-sentinel",
            # It is told when to act: whatever a busy machine takes for dead, it does not.
            f"sentinel monitor bus 127.0.0.1 {first} 1\n"
            "sentinel down-after-milliseconds bus 600000\n",
            "+monitor master bus",
        )
        line = await self.asks(sentinel)
        await self.knows_a_replica(line)
        connector = Connector(
            reactor, BusAddress((("127.0.0.1", sentinel),), service="bus"), BusConfig(), Secret()
        )
        link, reasons = await self.linked(connector)
        self.assertEqual((link.ups, reasons), (1, []))
        master.kill()
        await line.ask(b"SENTINEL", b"FAILOVER", b"bus")
        await until(lambda: link.ups == 2, "a link to the new master")

    async def asks(self, port: int) -> RedisLine:
        """Connect to a Sentinel."""
        made: Any = reactor
        place = BusAddress((("127.0.0.1", port),))
        connector = Connector(made, place, BusConfig(), Secret())
        line: RedisLine = await connector.connect(lambda: RedisLine(made))

        def leave() -> Deferred[Text]:
            line.drop(Text("enough"))
            return line.lost

        self.addCleanup(leave)
        return line

    async def knows_a_replica(self, line: RedisLine) -> None:
        """Wait until a Sentinel could name another master: a replica that has what it has."""
        end = time.monotonic() + PATIENCE
        while True:
            replicas = await line.ask(b"SENTINEL", b"REPLICAS", b"bus")
            told = [dict(zip(one[::2], one[1::2], strict=True)) for one in replicas]
            if any(one.get(b"master-link-status") == b"ok" for one in told):
                break
            self.assertLess(time.monotonic(), end, f"no replica: {told}")
            await sleep(0.05)


def free_port() -> int:
    """Return a port that was free a moment ago; who wants it tries again if it is not."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
