"""webctp.bus.redis, before a real Redis: passwords, Sentinel, silence."""

import signal
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.bus.redisserver import RedisServer
from tests.bus.sentinel import SentinelPair, Server
from tests.daemons import until
from tests.gateway.http.test_tls import Authority, Files, key_pem, pem
from webctp.bus.redis.address import BusAddress, Connector, address_of
from webctp.bus.redis.line import RedisLine, RedisTrouble, Unanswered
from webctp.bus.redis.link import Link
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


class Closing(LinkTest):
    """A link is closed at any moment."""

    async def test_while_it_logs_in_it_ends_without_a_fault(self) -> None:
        server = await self.redis()
        server.signal(signal.SIGSTOP)
        made: Any = reactor
        lines: list[RedisLine] = []

        def make() -> RedisLine:
            lines.append(RedisLine(made))
            return lines[-1]

        place = BusAddress(path=server.path, database=1)
        connector = Connector(made, place, BusConfig(), Secret())
        greeted = Deferred[None]()
        link = Link(made, connector, make, make, lambda *both: greeted, lambda reason: None)
        link.start()
        await until(lambda: bool(lines and lines[0].transport), "a connection")
        await link.close()  # what is logged as a fault fails the test
        self.assertEqual(link.ups, 0)


class Lines(LinkTest):
    """One connection."""

    async def line(self, server: RedisServer) -> RedisLine:
        made: Any = reactor
        self.path = server.path
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

    async def test_what_is_not_to_be_answered_arrives_and_owes_nothing(self) -> None:
        line = await self.line(await self.redis())
        heard: list[bytes] = []
        made: Any = reactor
        listener = RedisLine(made, on_message=lambda channel, body: heard.append(body))
        connector = Connector(made, BusAddress(path=self.path), BusConfig(), Secret())
        await connector.connect(lambda: listener)
        await listener.subscribe([b"channel"])
        publish = Unanswered(b"PUBLISH", b"channel")
        parts: list[bytes] = []
        publish.put(parts, 3, [b"one"])
        publish.put(parts, 4, [b"t\r", b"\no"])
        line.post_unanswered(parts)
        self.assertEqual(await line.ask(b"ECHO", b"next"), b"next")
        await until(lambda: heard == [b"one", b"t\r\no"], f"both messages: {heard}")
        for one in (line, listener):
            one.drop(Text("enough"))
            await one.lost

    async def test_questions_fail_when_redis_is_gone(self) -> None:
        server = await self.redis()
        line = await self.line(server)
        asked = line.ask(b"BLPOP", b"nothing", b"0")
        server.kill()
        await self.assertFailure(asked, RedisTrouble)
        await self.assertFailure(line.ask(b"PING"), RedisTrouble)


class Sentinels(LinkTest):
    """A master that fails, and the Sentinel that names another."""

    async def test_the_link_goes_to_the_new_master(self) -> None:
        pair = SentinelPair()
        self.addCleanup(pair.remove)
        await pair.start()
        connector = Connector(reactor, address_of(pair.url), BusConfig(), Secret())
        link, reasons = await self.linked(connector)
        self.assertEqual((link.ups, reasons), (1, []))
        await pair.fail_over(kill=True)
        await until(lambda: link.ups == 2, "a link to the new master")


class Encrypted(LinkTest):
    """``rediss://``."""

    async def test_over_tls_there_is_a_link_where_the_authority_is_named(self) -> None:
        files = Files(self.mktemp())
        authority = Authority("Redis's authority")
        certificate, key = authority.issue("localhost")
        shown = Path(files.write("cert.pem", pem(certificate))).resolve()
        secret = Path(files.write("key.pem", key_pem(key))).resolve()
        trusted = files.write("ca.pem", pem(authority.certificate))
        settings = f'tls-cert-file "{shown}"\ntls-key-file "{secret}"\ntls-auth-clients no\n'
        server = Server(shown.parent, "redis", settings, tls=True)
        self.addCleanup(server.kill)
        await server.start()
        address = address_of(f"rediss://localhost:{server.port}")
        trusting = BusConfig(ca_file=trusted)
        link, reasons = await self.linked(Connector(reactor, address, trusting, Secret()))
        self.assertEqual((link.ups, reasons), (1, []))
        other, reasons = await self.linked(Connector(reactor, address, BusConfig(), Secret()))
        self.assertEqual(other.ups, 0)
        self.assertIn("certificate verify failed", reasons[0])
