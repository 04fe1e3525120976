"""HTTP beside the sockets: paths, health, readiness."""

import json
from typing import Any

from tests.gateway.support import GatewayCase
from webctp.testing import MemoryTransport, WebSocketPeer


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
        for path in ("/", "/x", "/td/x", "/TD/", "/td/../md/x", "/healthz", "/readyz"):
            self.assertNotEqual(WebSocketPeer(self.site, path).status, 101, path)

    def test_unknown_paths(self) -> None:
        for path in ("/x", "/td/x", "/%00", "/..", "/../etc/passwd", "/%2e%2e/x"):
            self.assertEqual(self.http(path)[0], 404, path)

    def test_a_service_without_an_upgrade(self) -> None:
        status, _, _ = self.http("/td/")
        self.assertGreaterEqual(status, 400)

    def test_the_root_says_where_to_go(self) -> None:
        status, _, body = self.http("/")
        self.assertEqual(status, 200)
        for word in (b"/td/", b"/md/", b"/healthz", b"/readyz"):
            self.assertIn(word, body)

    def test_healthz(self) -> None:
        self.assertEqual(self.http("/healthz")[::2], (200, b"ok\n"))
        self.assertEqual(self.http("/healthz", "HEAD")[::2], (200, b""))

    def test_nothing_can_be_sent_there(self) -> None:
        for path in ("/", "/healthz", "/readyz"):
            self.assertEqual(self.http(path, "POST")[0], 405, path)

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
