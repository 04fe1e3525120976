"""Whom a port lets in: each way of showing a token, and how it says no."""

import json
from typing import Any

from tests.gateway.access.tokens.test_record import token
from tests.gateway.http.test_site import HttpCase, Stranger
from webctp.gateway.access.principal import PrincipalLimits
from webctp.gateway.access.tokens.authentication import TokenAuthentication
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.gateway.access.tokens.tickets import LIFETIME
from webctp.gateway.access.tokens.wrong import FREE, LONGEST
from webctp.gateway.http.entrance import Entrance, without_tokens
from webctp.gateway.http.head import HeadReader
from webctp.testing import WebSocketPeer


class EntranceCase(HttpCase):
    """Both services behind the token of one bot."""

    in_query = False

    def setUp(self) -> None:
        super().setUp()
        self.token = new_token()
        self.known = TokenAuthentication(
            self.reactor,
            self.wall,
            [token(sha256=hash_of(self.token), limits=PrincipalLimits(connections=3))],
            in_query=self.in_query,
        )
        self.addCleanup(self.known.close)
        self.site = self.site_behind(
            Entrance(
                self.known.authenticate,
                self.known.ticket,
                lambda: {"access": self.known.status()},
            )
        )

    def ask_for(self, *headers: str, query: str = "") -> WebSocketPeer:
        peer = WebSocketPeer(self.site, f"/td/{query}", headers)
        self.assertNotIn(self.token.reveal(), "\n".join(peer.head) + peer.body.decode())
        return peer

    @property
    def bearer(self) -> str:
        return f"Authorization: Bearer {self.token.reveal()}"

    def post(self, *headers: str, path: str = "/ticket") -> Stranger:
        stranger = Stranger(self.site)
        lines = (f"POST {path} HTTP/1.1", "Host: localhost", "Content-Length: 0", *headers)
        stranger.send("\r\n".join((*lines, "", "")).encode())
        return stranger


class ShowingTokens(EntranceCase):
    """A WebSocket for a token."""

    def test_by_a_header(self) -> None:
        self.assertEqual(self.ask_for(self.bearer).status, 101)

    def test_by_a_subprotocol_of_which_only_webctp_is_answered(self) -> None:
        peer = self.ask_for(f"Sec-WebSocket-Protocol: bearer.{self.token.reveal()}, webctp")
        self.assertEqual(peer.status, 101)
        told = [line for line in peer.head if line.lower().startswith("sec-websocket-protocol")]
        self.assertEqual(told, ["Sec-WebSocket-Protocol: webctp"])

    def test_webctp_alone_is_answered_too(self) -> None:
        peer = self.ask_for("Sec-WebSocket-Protocol: chat, webctp", self.bearer)
        self.assertIn("Sec-WebSocket-Protocol: webctp", peer.head)

    def test_not_in_the_address(self) -> None:
        peer = self.ask_for(query=f"?token={self.token.reveal()}")
        self.assertEqual(peer.status, 400)
        self.assertIn(b"Access.TokenInQuery", peer.body)

    def test_without_one_401_says_how(self) -> None:
        peer = self.ask_for()
        self.assertEqual(peer.status, 401)
        self.assertIn('WWW-Authenticate: Bearer realm="webctp"', peer.head)
        self.assertIn(b"Authorization: Bearer TOKEN", peer.body)

    def test_autobahn_is_handed_no_token(self) -> None:
        self.ask_for(self.bearer)
        ticket = self.known._tickets.make("bot").reveal()
        self.ask_for(query=f"?ticket={ticket}")
        for one in self.factories["td"].open:
            socket: Any = one
            seen = f"{socket.http_headers} {socket.http_request_uri} {socket.http_request_params}"
            for secret in (self.token.reveal(), ticket):
                self.assertNotIn(secret, seen)

    def test_beyond_its_connections_503(self) -> None:
        peers = [self.ask_for(self.bearer) for _ in range(3)]
        refused = self.ask_for(self.bearer)
        self.assertEqual(refused.status, 503)
        self.assertIn(b"3 connections of bot are open", refused.body)
        self.assertIn("Retry-After: 10", refused.head)
        peers[0].drop()
        self.assertEqual(self.ask_for(self.bearer).status, 101)

    def test_a_socket_that_autobahn_refuses_does_not_count(self) -> None:
        for _ in range(5):
            self.assertEqual(self.ask_for(self.bearer, "Sec-WebSocket-Protocol: a, a").status, 403)
        self.assertEqual(self.ask_for(self.bearer).status, 101)

    def test_pages_need_none(self) -> None:
        self.assertEqual(self.http("/healthz")[0], 200)
        self.assertEqual(self.ready()[1]["access"], {"tokens": 1, "wrong": 0})

    def test_no_repr_of_a_request_shows_its_token(self) -> None:
        lines = ("GET /td/?ticket=s3cret HTTP/1.1", "Host: a", "Authorization: Bearer s3cret")
        reader = HeadReader()
        reader.feed("\r\n".join((*lines, "", "")).encode())
        head = reader.take()
        self.assertNotIn("s3cret", repr(head))
        assert head is not None
        self.assertNotIn("s3cret", repr(without_tokens(head).fields))

    def test_the_principal_reaches_the_client(self) -> None:
        self.ask_for(self.bearer)
        (socket,) = self.factories["td"].open
        assert socket.client is not None
        self.assertEqual(socket.principal.name, "bot")


class InTheAddress(EntranceCase):
    """``Access.TokenInQuery``."""

    in_query = True

    def test_a_token_is_taken_there(self) -> None:
        self.assertEqual(self.ask_for(query=f"?token={self.token.reveal()}").status, 101)
        self.assertEqual(self.ask_for(query="?token=x").status, 401)


class WrongTokens(EntranceCase):
    """Tokens that are not taken."""

    def test_their_answers_wait_ever_longer_and_the_request_ends(self) -> None:
        for _ in range(FREE):
            self.assertEqual(self.ask_for("Authorization: Bearer wrong").status, 401)
        for _ in range(10):
            late = self.ask_for("Authorization: Bearer wrong")
            self.assertEqual(late.status, 0)
        self.assertEqual(self.ask_for(self.bearer).status, 101)  # the right one does not wait
        self.reactor.advance(LONGEST)
        told = b"".join(late.transport.writes)
        self.assertTrue(told.startswith(b"HTTP/1.1 401 "), told)
        self.assertTrue(late.transport.disconnecting)
        self.assertEqual(self.ready()[1]["access"]["wrong"], FREE + 10)

    def test_who_leaves_meanwhile_leaves_nothing(self) -> None:
        for _ in range(FREE):
            self.ask_for("Authorization: Bearer wrong")
        self.reactor.advance(10)
        before = len(self.reactor.getDelayedCalls())
        late = self.ask_for("Authorization: Bearer wrong")
        late.drop()
        self.settle()
        self.assertEqual(len(self.reactor.getDelayedCalls()), before)


class TicketsByPost(EntranceCase):
    """``POST /ticket``."""

    def test_a_token_buys_one_that_opens_one_socket(self) -> None:
        answer = self.post(self.bearer)
        self.assertEqual(answer.statuses, [200])
        body = json.loads(answer.told.partition(b"\r\n\r\n")[2])
        self.assertEqual(body["ExpiresIn"], LIFETIME)
        self.assertEqual(self.ask_for(query=f"?ticket={body['Ticket']}").status, 101)
        again = self.ask_for(query=f"?ticket={body['Ticket']}")
        self.assertEqual(again.status, 401)
        self.assertIn(b"the ticket is wrong, was used, or is older than 30 s", again.body)

    def test_no_token_no_ticket(self) -> None:
        for headers in ((), ("Authorization: Bearer wrong",)):
            answer = self.post(*headers)
            self.assertEqual(answer.statuses, [401])
            self.assertIn(b"WWW-Authenticate: Bearer", answer.told)

    def test_it_is_had_by_post_alone_and_nothing_else_is(self) -> None:
        status, headers, _ = self.http("/ticket")
        self.assertEqual((status, headers["allow"]), (405, "POST"))
        for path in ("/td/", "/ticket/", "/healthz"):
            self.assertEqual(self.post(self.bearer, path=path).statuses, [405], path)


class WithoutTokens(HttpCase):
    """A gateway on which nobody has to say who is calling."""

    def test_there_are_no_tickets(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(b"POST /ticket HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(stranger.statuses, [404])
        self.assertIn(b"Access.Tokens", stranger.told)

    def test_a_token_that_is_shown_is_not_looked_at(self) -> None:
        peer = WebSocketPeer(self.site, "/td/", ["Authorization: Basic nonsense"])
        self.assertEqual(peer.status, 101)
