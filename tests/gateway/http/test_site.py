"""HTTP until a WebSocket is open: paths, pages, bodies, deadlines, bounds."""

import gc
import json
import weakref
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress

from tests.gateway.support import GatewayCase, code
from webctp.config.serving import ConnectionLimits
from webctp.gateway.http.connection import FAREWELL, HANDSHAKE, KEEP_ALIVE
from webctp.gateway.http.origins import Origins
from webctp.testing import Frame, MemoryTransport, WebSocketPeer, client_frame, server_frames

UPGRADE = (
    b"GET /td/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
"""The head of a request for a WebSocket, without its end."""
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Stranger:
    """A connection in memory, of which nothing is known yet."""

    def __init__(self, factory: Any, peer: Any = None) -> None:
        self.transport = MemoryTransport()
        self.transport.peerAddr = peer or IPv4Address("TCP", "192.0.2.1", 4711)
        protocol = factory.buildProtocol(self.transport.getPeer())
        self.transport.protocol = protocol
        protocol.makeConnection(self.transport)

    def send(self, data: bytes) -> None:
        """Let bytes arrive."""
        self.transport.protocol.dataReceived(data)

    @property
    def told(self) -> bytes:
        """All that was written to it."""
        return b"".join(self.transport.writes)

    @property
    def statuses(self) -> list[int]:
        """The statuses of the answers so far."""
        return [int(part[:3]) for part in self.told.split(b"HTTP/1.1 ")[1:]]

    @property
    def closed(self) -> bool:
        """Whether the server has let go of it."""
        return self.transport.disconnecting


class HttpCase(GatewayCase):
    """Plain HTTP requests to the site."""

    def http(self, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer."""
        transport = MemoryTransport()
        transport.protocol = self.site.buildProtocol(transport.getPeer())
        transport.protocol.makeConnection(transport)
        request = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        transport.protocol.dataReceived(request.encode())
        self.settle()
        head, _, body = b"".join(transport.writes).partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        return int(status.split()[1]), headers, body

    def ready(self) -> tuple[int, dict[str, Any]]:
        status, headers, body = self.http("/readyz")
        self.assertEqual(headers["content-type"], "application/json; charset=utf-8")
        return status, json.loads(body)


class Both(HttpCase):
    """Both services on one port."""

    def test_the_paths_of_the_services(self) -> None:
        for path in ("/td", "/td/", "/md", "/md/", "/td/?token=x"):
            self.assertEqual(WebSocketPeer(self.site, path).status, 101, path)

    def test_no_other_path_has_a_socket(self) -> None:
        for path in (
            *("/", "/x", "/td/x", "/TD/", "/td/../md/x", "/healthz", "/readyz"),
            *("//td/", "/td//", "/./td/", "/%74d/", "/td%2f", "/td/%00", "/td;a", "/tdx"),
        ):
            peer = WebSocketPeer(self.site, path)
            self.assertEqual(peer.status, 404, path)
            self.assertIn(b"/td/ /md/", peer.body)

    def test_unknown_paths(self) -> None:
        for path in ("/x", "/td/x", "/%00", "/..", "/../etc/passwd", "/%2e%2e/x", "/<b>", "/td//"):
            status, headers, body = self.http(path)
            self.assertEqual(status, 404, path)
            self.assertEqual(headers["content-type"], "text/plain; charset=utf-8")
            self.assertIn(b"/healthz", body)
            self.assertNotIn(path.encode() + b" ", body)

    def test_a_service_without_an_upgrade(self) -> None:
        for path in ("/td", "/md/"):
            status, headers, body = self.http(path)
            self.assertEqual((status, headers["upgrade"]), (426, "websocket"))
            self.assertEqual(headers["connection"], "Upgrade, close")
            self.assertIn(b"WebSocket", body)

    def test_nothing_tells_a_version(self) -> None:
        for told in (self.http("/")[1], self.http("/td/")[1], self.http("/x", "POST")[1]):
            self.assertEqual(told["server"], "webctp")
        stranger = Stranger(self.site)
        stranger.send(UPGRADE + b"\r\n")
        self.assertIn(b"\r\nServer: webctp\r\n", stranger.told)

    def test_head_has_the_headers_of_get(self) -> None:
        for path in ("/", "/healthz", "/readyz", "/td/", "/x"):
            got, head = self.http(path), self.http(path, "HEAD")
            got[1]["date"] = head[1]["date"] = ""
            self.assertEqual((head[0], head[1], head[2]), (got[0], got[1], b""), path)

    def test_the_root_says_where_to_go(self) -> None:
        status, _, body = self.http("/")
        self.assertEqual(status, 200)
        for word in (b"/td/", b"/md/", b"/healthz", b"/readyz"):
            self.assertIn(word, body)

    def test_healthz(self) -> None:
        self.assertEqual(self.http("/healthz")[::2], (200, b"ok\n"))
        self.assertEqual(self.http("/healthz", "HEAD")[::2], (200, b""))

    def test_nothing_can_be_sent_there(self) -> None:
        for path in ("/", "/healthz", "/readyz", "/td/", "/x"):
            for method in ("POST", "PUT", "OPTIONS", "TRACE", "get", "NONSENSE"):
                status, headers, _ = self.http(path, method)
                self.assertEqual((status, headers["allow"]), (405, "GET, HEAD"), (path, method))

    def test_readyz_when_all_is_well(self) -> None:
        status, states = self.ready()
        self.assertEqual((status, states["ready"]), (200, True))
        self.assertEqual(states["md"]["state"], "ready")
        self.assertEqual(states["td"]["sessions"], {})

    def test_readyz_counts_sessions_by_state(self) -> None:
        self.trader(UserID="a")
        self.trader(UserID="b")
        self.front.disconnect()
        self.settle()
        self.assertEqual(self.ready()[1]["td"]["sessions"], {"ready": 1, "lost": 1})

    def test_readyz_while_market_data_is_away(self) -> None:
        self.front.disconnect()
        self.settle()
        status, states = self.ready()
        self.assertEqual((status, states["ready"], states["md"]["state"]), (503, False, "lost"))
        self.assertIn("1001", states["md"]["reason"])

    def test_no_secret_is_shown(self) -> None:
        self.trader(Password="s3cret")
        for path in ("/", "/healthz", "/readyz"):
            self.assertNotIn(b"s3cret", self.http(path)[2])


class OnlyTrading(HttpCase):
    """One service: the root is its socket too."""

    services = ("td",)

    def test_the_paths(self) -> None:
        for path in ("/", "/td", "/td/", "/?x=y"):
            self.assertEqual(WebSocketPeer(self.site, path).status, 101, path)
        for path in ("/md", "/md/", "/x"):
            self.assertEqual(WebSocketPeer(self.site, path).status, 404, path)

    def test_the_root_is_still_a_page_for_a_browser(self) -> None:
        status, _, body = self.http("/")
        self.assertEqual((status, b"/td/" in body), (200, True))

    def test_it_serves(self) -> None:
        peer = WebSocketPeer(self.site, "/")
        self.assertEqual(self.login(peer)["MsgType"], "RspUserLogin")


class OnlyMarketData(HttpCase):
    """The same for market data."""

    services = ("md",)

    def test_it_serves_at_the_root(self) -> None:
        peer = WebSocketPeer(self.site, "/")
        answer = self.ask(peer, {"MsgType": "ReqUserLogin"})
        self.assertEqual(answer["MsgType"], "RspUserLogin")
        self.assertEqual(WebSocketPeer(self.site, "/td/").status, 404)


class Bodies(HttpCase):
    """No byte of a body is kept, and the connection ends."""

    def assertRefused(self, request: bytes, status: int) -> None:
        """Refused with one answer, however the body comes; nothing behind it is read."""
        stranger = Stranger(self.site)
        connection: Any = stranger.transport.protocol
        stranger.send(request)
        self.assertEqual(stranger.statuses, [status], request)
        self.assertIn(b"\r\nConnection: close\r\n", stranger.told)
        self.assertTrue(stranger.closed, request)
        for _ in range(100):
            connection.dataReceived(b"x" * 65536)
        self.assertEqual(connection._reader.rest, b"")
        connection.dataReceived(HEALTH)
        self.assertEqual(stranger.statuses, [status], request)

    def test_announced_bodies(self) -> None:
        for path in ("/", "/healthz", "/readyz", "/td/", "/md/", "/x"):
            for method in ("POST", "GET", "HEAD", "PUT"):
                head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n".encode()
                for announced in (
                    b"Content-Length: 209715200\r\n\r\n",
                    b"Content-Length: 5\r\n\r\nhello",
                    b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                    b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
                ):
                    self.assertRefused(head + announced, 413)

    def test_forms(self) -> None:
        head = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        for kind in (b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"):
            self.assertRefused(head + kind + b"\r\nContent-Length: 20000000\r\n\r\na=b&", 413)

    def test_on_a_connection_that_is_kept(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(HEALTH)
        stranger.send(b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
        self.assertEqual(stranger.statuses, [200, 413])
        self.assertTrue(stranger.closed)

    def test_behind_other_requests(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(
            HEALTH * 2 + b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n" + HEALTH
        )
        self.settle()
        self.assertEqual(stranger.statuses, [200, 200, 413])
        self.assertTrue(stranger.closed)

    def test_of_a_request_for_a_websocket(self) -> None:
        frame = client_frame(b'{"MsgType":"X"}')
        for announced in (
            b"Content-Length: %d\r\n" % len(frame),
            b"Transfer-Encoding: chunked\r\n",
        ):
            self.assertRefused(UPGRADE + announced + b"\r\n" + frame, 413)
        self.assertRefused(UPGRADE + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n", 400)

    def test_of_an_answered_request_nothing_is_kept_either(self) -> None:
        stranger = Stranger(self.site)
        connection: Any = stranger.transport.protocol
        stranger.send(
            b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + b"x" * 9000
        )
        self.assertEqual((stranger.statuses, connection._reader.rest), ([200], b""))


class Handover(HttpCase):
    """A WebSocket's first bytes."""

    def frames(self, stranger: Stranger) -> list[Frame]:
        return server_frames(stranger.told.partition(b"\r\n\r\n")[2])[0]

    def test_a_message_right_behind_the_request_is_answered(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(
            UPGRADE
            + b"\r\n"
            + client_frame(b'{"MsgType":"X","RequestID":1}')
            + client_frame(b'{"MsgType":"X","RequestID":2}')
        )
        told = [json.loads(frame.payload) for frame in self.frames(stranger)]
        self.assertEqual([(code(one), one["RequestID"]) for one in told], [(-404, 1), (-404, 2)])

    def test_half_a_message_behind_the_request(self) -> None:
        frame = client_frame(b'{"MsgType":"X","RequestID":1}')
        for cut in range(1, len(frame)):
            stranger = Stranger(self.site)
            stranger.send(UPGRADE + b"\r\n" + frame[:cut])
            self.assertEqual(self.frames(stranger), [])
            stranger.send(frame[cut:])
            self.assertEqual(len(self.frames(stranger)), 1, cut)
            self.settle()

    def test_a_byte_at_a_time(self) -> None:
        stranger = Stranger(self.site)
        for byte in UPGRADE + b"\r\n" + client_frame(b'{"MsgType":"X","RequestID":1}'):
            stranger.send(bytes((byte,)))
        self.assertEqual(len(self.frames(stranger)), 1)

    def test_a_bad_frame_behind_the_request_closes_it(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(UPGRADE + b"\r\n\xff\xff\xff\xff")
        self.assertEqual([frame.opcode for frame in self.frames(stranger)], [8])

    def test_after_a_page_on_the_same_connection(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(HEALTH + UPGRADE + b"\r\n" + client_frame(b"{}"))
        self.settle()
        self.assertEqual(stranger.statuses, [200, 101])
        self.assertIn(b"MsgType", stranger.told.rpartition(b"\r\n\r\n")[2])

    def test_what_autobahn_does_not_let_in(self) -> None:
        for field in (b"Origin: http://[s3cret", b"Sec-WebSocket-Protocol: s3cret, s3cret"):
            stranger = Stranger(self.site)
            stranger.send(UPGRADE + field + b"\r\n\r\n" + client_frame(b"{}"))
            self.assertEqual(stranger.statuses, [403], field)
            self.assertNotIn(b"s3cret", stranger.told)
            self.assertTrue(stranger.closed)
            self.assertEqual(self.factories["td"].open, set())

    def test_pages_from_disk_are_told_why_not(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(UPGRADE + b"Origin: null\r\n\r\n")
        self.assertEqual(stranger.statuses, [403])
        self.assertIn(b"add null to Origins", stranger.told)

    def test_pages_that_may_connect(self) -> None:
        for patterns, origin, status in (
            (("*",), b"https://any.cn", 101),
            (("*", "null"), b"null", 101),
            (("null",), b"https://any.cn", 403),
            (("https://a.cn",), b"https://a.cn", 101),
            (("https://a.cn",), b"https://a.cn.evil.com", 403),
            (("https://*.a.cn:*",), b"https://x.A.cn:8443", 101),
            (("https://*.a.cn",), b"http://x.a.cn", 403),
        ):
            self.site.origins = Origins(patterns, self.reactor)
            stranger = Stranger(self.site)
            stranger.send(UPGRADE + b"Origin: %b\r\n\r\n" % origin)
            self.assertEqual(stranger.statuses, [status], (patterns, origin))
        without = Stranger(self.site)
        without.send(UPGRADE + b"\r\n")
        self.assertEqual(without.statuses, [101], "a program that is no browser")

    def test_its_client_is_told_its_address(self) -> None:
        Stranger(self.site, IPv6Address("TCP", "2001:db8::1", 1)).send(UPGRADE + b"\r\n")
        (socket,) = self.factories["td"].open
        assert socket.outbox is not None
        self.assertEqual(socket.outbox.peer, "2001:db8::/64")


class Deadlines(HttpCase):
    """Time runs out for who says nothing, or says it slowly."""

    def assertGone(self, stranger: Stranger, statuses: list[int]) -> None:
        self.assertTrue(stranger.closed)
        self.assertEqual(stranger.statuses, statuses)
        self.assertEqual(self.site.open, set())
        self.assertEqual(self.site.admission.status()["open"], 0)

    def test_silence(self) -> None:
        stranger = Stranger(self.site)
        self.reactor.advance(HANDSHAKE - 0.1)
        self.assertFalse(stranger.closed)
        self.reactor.advance(0.1)
        self.assertGone(stranger, [])

    def test_a_byte_a_second(self) -> None:
        stranger = Stranger(self.site)
        sent = 0
        for byte in UPGRADE:
            if stranger.closed:
                break
            stranger.send(bytes((byte,)))
            sent += 1
            self.reactor.advance(1)
        self.assertEqual(sent, HANDSHAKE)
        self.reactor.advance(FAREWELL)
        self.assertGone(stranger, [408])

    def test_many_that_are_overdue_at_once_are_cut_in_turns(self) -> None:
        put_off: list[Any] = []
        self.patch(self.site.endings, "add", lambda work, source: put_off.append(work))
        strangers = [Stranger(self.site) for _ in range(3)]
        self.reactor.advance(HANDSHAKE)
        self.assertEqual([one.closed for one in strangers], [False] * 3)
        strangers[0].send(UPGRADE + b"\r\n")
        strangers[1].send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual([work() for work in put_off], [False] * 3)
        self.assertEqual([one.closed for one in strangers], [False, False, True])

    def test_an_open_socket_has_no_such_deadline(self) -> None:
        stranger = Stranger(self.site)
        self.reactor.advance(HANDSHAKE - 0.1)
        stranger.send(UPGRADE + b"\r\n")
        self.reactor.advance(2 * HANDSHAKE - 5)
        self.assertFalse(stranger.closed)
        self.assertEqual(self.site.open, set())

    def test_a_kept_connection_is_kept_for_seconds(self) -> None:
        stranger = Stranger(self.site)
        for _ in range(5):
            stranger.send(HEALTH)
            self.reactor.advance(KEEP_ALIVE - 0.1)
            self.assertFalse(stranger.closed)
        stranger.send(b"GET")
        self.reactor.advance(0.2)
        self.assertEqual(stranger.statuses, [200] * 5 + [408])
        self.reactor.advance(FAREWELL)
        self.assertGone(stranger, [200] * 5 + [408])

    def test_who_does_not_read_is_answered_no_further(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(HEALTH)
        assert stranger.transport.producer is not None
        stranger.transport.producer.pauseProducing()
        stranger.send(HEALTH * 3)
        self.reactor.advance(1)
        self.assertEqual(stranger.statuses, [200])
        stranger.transport.producer.resumeProducing()
        self.settle()
        self.assertEqual(stranger.statuses, [200] * 4)
        stranger.transport.producer.pauseProducing()
        self.reactor.advance(KEEP_ALIVE)
        self.assertTrue(stranger.transport.disconnecting)

    def test_pipelined_requests_take_turns(self) -> None:
        stranger = Stranger(self.site)
        stranger.send(HEALTH * 5)
        self.assertEqual(len(stranger.statuses), 1)
        self.settle()
        self.assertEqual(len(stranger.statuses), 5)
        self.assertFalse(stranger.closed)

    def test_many_connections_take_turns(self) -> None:
        strangers = [Stranger(self.site) for _ in range(50)]
        for stranger in strangers:
            stranger.send(UPGRADE + b"\r\n")
        answered = [stranger.statuses for stranger in strangers].count([101])
        self.assertGreater(answered, 0)
        self.assertLess(answered, 20)
        strangers[-1].transport.loseConnection()
        self.reactor.advance(0.1)
        self.assertEqual([one.statuses for one in strangers[:-1]], [[101]] * 49)
        self.assertEqual(strangers[-1].statuses, [])

    def test_the_end_of_listening_ends_them(self) -> None:
        strangers = [Stranger(self.site) for _ in range(3)]
        strangers[1].send(HEALTH)
        strangers[2].send(UPGRADE + b"\r\n")
        self.site.stopFactory()
        self.assertEqual([stranger.closed for stranger in strangers], [True, True, False])


class Limited(HttpCase):
    """Bounds on connections."""

    connection_limits = ConnectionLimits(max_connections=4, max_connections_per_address=2)

    def test_by_address(self) -> None:
        strangers = [Stranger(self.site) for _ in range(3)]
        self.assertEqual([one.statuses for one in strangers], [[], [], [503]])
        self.assertIn(b"MaxConnectionsPerAddress 2 open", strangers[2].told)
        self.assertTrue(strangers[2].closed)
        other = Stranger(self.site, IPv4Address("TCP", "192.0.2.2", 1))
        self.assertEqual(other.statuses, [])
        strangers[0].transport.loseConnection()
        self.assertEqual(Stranger(self.site).statuses, [])

    def test_by_a_64_of_ipv6(self) -> None:
        peers = [IPv6Address("TCP", f"2001:db8::{n}", 1) for n in range(1, 4)]
        self.assertEqual([Stranger(self.site, one).statuses for one in peers], [[], [], [503]])

    def test_in_all_whoever_it_is(self) -> None:
        peers = [UNIXAddress(None)] * 3 + [IPv4Address("TCP", "127.0.0.1", 1)] * 3
        statuses = [Stranger(self.site, one).statuses for one in peers]
        self.assertEqual(statuses, [[]] * 4 + [[503]] * 2)

    def test_open_sockets_count(self) -> None:
        strangers = [Stranger(self.site) for _ in range(2)]
        for stranger in strangers:
            stranger.send(UPGRADE + b"\r\n")
        self.assertEqual(Stranger(self.site).statuses, [503])
        strangers[0].transport.loseConnection()
        self.assertEqual(Stranger(self.site).statuses, [])

    def test_nothing_is_kept_of_those_who_are_not_let_in(self) -> None:
        gone = []
        for _ in range(3):
            one = Stranger(self.site)
            one.send(UPGRADE + b"Sec-WebSocket-Protocol: a, a\r\n\r\n")
            self.assertEqual(one.statuses, [403])
            gone.append(weakref.ref(one.transport.protocol))
            one.transport.loseConnection()
            del one
        self.reactor.advance(FAREWELL)
        gc.collect()
        self.assertEqual([one() for one in gone], [None] * 3)

    def test_readyz_counts_them(self) -> None:
        for _ in range(5):
            Stranger(self.site)
        local = Stranger(self.site, UNIXAddress(None))
        local.send(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        states = json.loads(local.told.partition(b"\r\n\r\n")[2])
        self.assertEqual(states["connections"], {"open": 3, "addresses": 2, "refused": 3})
