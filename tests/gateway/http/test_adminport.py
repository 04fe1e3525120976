"""The port of administrators: who is let in, and what hostile bytes come to."""

import json
from pathlib import Path
from typing import Any

from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.gateway.access.tokens.test_record import token
from tests.serving.administrators import ask, raw, request
from webctp.gateway.access.principal import Scope
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.gateway.http import adminport
from webctp.gateway.http.adminport import AdminConnection, AdminRequest, AdminSite
from webctp.gateway.http.answer import Answer
from webctp.gateway.http.entrance import OPEN
from webctp.testing import Gateway
from webctp.testing.websocket import MemoryTransport


class Bytes(SynchronousTestCase):
    """One connection in memory, let in by a patch."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.asked: list[AdminRequest] = []
        self.pending: Deferred[Answer] | None = None
        by = adminport.Administrator("boss", "10.0.0.1")
        self.patch(AdminConnection, "_administrator", lambda self, head: by)
        self.site = AdminSite(self.clock, OPEN, self.act, "en")

    def act(self, request: AdminRequest) -> Any:
        """Note a request."""
        self.asked.append(request)
        return Answer(200, "ok\n") if self.pending is None else self.pending

    def connect(self, host: str = "") -> tuple[Any, MemoryTransport]:
        """Open a connection: from a host, or by a Unix socket."""
        transport = MemoryTransport()
        peer = IPv4Address("TCP", host, 1) if host else UNIXAddress(None)
        transport.getPeer = lambda: peer  # type: ignore[method-assign]
        transport.loseWriteConnection = lambda: None  # type: ignore[attr-defined]
        connection = self.site.buildProtocol(None)
        transport.protocol = connection
        connection.makeConnection(transport)
        return connection, transport

    def answer(self, *pieces: bytes, host: str = "") -> str:
        """Send bytes; return what came back."""
        connection, transport = self.connect(host)
        for piece in pieces:
            connection.dataReceived(piece)
        connection.connectionLost()
        return b"".join(transport.writes).decode()

    def test_a_body_in_pieces_is_put_together_and_nothing_behind_it(self) -> None:
        whole = request("POST /admin/kill", b'{"Level": "stop"}')
        answer = self.answer(*(whole[at : at + 1] for at in range(len(whole))), b"GET / more")
        self.assertIn("200 OK", answer)
        self.assertEqual([one.body for one in self.asked], [b'{"Level": "stop"}'])

    def test_bodies_are_bounded_and_announced_plainly(self) -> None:
        for length, headers, status in (
            ("4097", (), "413"),
            ("9" * 5000, (), "413"),
            ("-1", (), "400"),
            ("1e3", (), "400"),
            ("0", ("Transfer-Encoding: chunked",), "411"),
            ("3", ("Transfer-Encoding: chunked",), "400"),
        ):
            answer = self.answer(request("POST /admin/kill", b"", *headers, length=length))
            self.assertIn(f" {status} ", answer.partition("\r\n")[0], length)
        self.assertEqual(self.asked, [])

    def test_a_web_page_is_refused(self) -> None:
        answer = self.answer(request("POST /admin/kill", b"{}", "Origin: http://localhost"))
        self.assertIn("403", answer.partition("\r\n")[0])
        self.assertEqual(self.asked, [])

    def test_a_request_that_does_not_end_is_cut(self) -> None:
        connection, transport = self.connect()
        connection.dataReceived(request("POST /admin/kill", b"", length="10"))
        self.clock.advance(adminport.PATIENCE)
        self.assertIn(b"408", b"".join(transport.writes))
        self.assertEqual(self.asked, [])
        connection.connectionLost()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_too_many_are_told_so(self) -> None:
        kept = [self.connect() for _ in range(adminport.MOST_OPEN)]
        self.assertIn("503", self.answer(request("GET /admin/clients")))
        kept[0][0].connectionLost()
        self.assertIn("200", self.answer(request("GET /admin/clients")))

    def test_one_address_leaves_room_for_others(self) -> None:
        many = [self.connect("203.0.113.1") for _ in range(adminport.MOST_OF_ADDRESS)]
        ask = request("GET /admin/clients")
        refused = self.answer(ask, host="203.0.113.1")
        self.assertIn("503", refused)
        self.assertIn("8 administrators are connected from 203.0.113.1", refused)
        self.assertIn("200", self.answer(ask, host="203.0.113.2"))
        self.assertIn("200", self.answer(ask), "by a Unix socket")
        many[0][0].connectionLost()
        self.assertIn("200", self.answer(ask, host="203.0.113.1"))

    def test_a_flood_is_dropped_without_a_word(self) -> None:
        told = [self.connect("203.0.113.1")[1] for _ in range(100)]
        answered = [one for one in told if one.writes]
        self.assertEqual(len([one for one in told if not one.disconnected]), 8 + len(answered))
        self.assertLessEqual(len(answered), 17)
        self.assertEqual(len(self.site.open), 8 + len(answered))

    def test_one_that_has_gone_is_not_answered(self) -> None:
        self.pending = Deferred()
        connection, transport = self.connect()
        connection.dataReceived(request("POST /admin/kill", b"{}"))
        connection.connectionLost()
        self.pending.callback(Answer(200, "late\n"))
        self.assertEqual(transport.writes, [])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_mistake_of_ours_is_logged_and_told_without_what_it_is(self) -> None:
        self.pending = Deferred()
        connection, transport = self.connect()
        connection.dataReceived(request("POST /admin/kill", b"{}"))
        self.pending.errback(ZeroDivisionError("inside"))
        answer = b"".join(transport.writes)
        self.assertIn(b"500", answer)
        self.assertNotIn(b"inside", answer)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class Callers(TestCase):
    """Who is let in on TCP."""

    timeout = 240
    listen = "tcp:0:interface=127.0.0.1"

    def port_of(self, gateway: Gateway) -> int:
        """Return the port of administrators."""
        listening: Any = gateway.daemon.ports[-1]
        return int(listening.getHost().port)

    async def test_without_tokens_nobody_is(self) -> None:
        async with Gateway("sim://", AdminListen=self.listen) as gateway:
            status, text = await ask(self.port_of(gateway), "GET /admin/clients")
        self.assertEqual(status, 403)
        self.assertIn("--scope admin", text)

    async def test_with_tokens_whoever_has_the_scope(self) -> None:
        path = Path(self.mktemp()).absolute()
        boss, trader = new_token(), new_token()
        with editing(path) as tokens:
            tokens.append(token(name="boss", sha256=hash_of(boss), scopes=(Scope.ADMIN,)))
            tokens.append(token(name="bot", sha256=hash_of(trader), scopes=(Scope.TRADE,)))
        keys: dict[str, Any] = {"AdminListen": self.listen, "Access": {"Tokens": str(path)}}
        audit = Path(self.mktemp()).absolute()
        keys["AuditLog"] = {"Path": str(audit)}
        async with Gateway("sim://", **keys) as gateway:
            port = self.port_of(gateway)
            for header, expected in (
                (f"Authorization: Bearer {boss.reveal()}", 200),
                (f"Authorization: Bearer {trader.reveal()}", 403),
                (f"Authorization: Bearer {new_token().reveal()}", 401),
                ("Accept: */*", 401),
            ):
                status, _ = await ask(port, "GET /admin/clients", b"", header)
                self.assertEqual(status, expected, header.partition(" ")[0])
            status, _ = await raw(port, b"\x16\x03\x01\x00\r\n\r\n")
            self.assertEqual(status, 400)
        lines = [json.loads(line) for line in audit.read_text("utf-8").splitlines()]
        self.assertEqual(lines[0]["who"], "bot")
        self.assertEqual([one["ErrorID"] for one in lines], [-403, -401, -401])
        self.assertEqual({one["act"] for one in lines}, {"refusal"})
