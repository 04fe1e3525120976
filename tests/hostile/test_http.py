"""Arbitrary bytes before a WebSocket: bounded, answered or closed, and no fault in the log."""

import re
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.http.test_site import HEALTH, UPGRADE, Stranger
from tests.gateway.http.test_tls import NoRequests
from webctp.config.serving import ConnectionLimits, Limits, WebSocketOptions
from webctp.ctp import catalog
from webctp.gateway.http.connection import FAREWELL, HANDSHAKE, KEEP_ALIVE
from webctp.gateway.http.head import MAX_HEAD
from webctp.gateway.http.site import site
from webctp.gateway.messages.schema import Schema
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.testing import client_frame

READ: Final = 64 * 1024
"""The most bytes that a socket gives at a time."""
REFUSALS: Final = {400, 403, 405, 408, 413, 414, 417, 431, 505}
SECRET: Final = b"s3cret"

_ANSWER = re.compile(rb"HTTP/1\.1 ([0-9]{3}) [A-Za-z -]+\r\n((?:[A-Za-z-]+: [^\r\n]*\r\n)*)\r\n")
_LENGTH = re.compile(rb"^Content-Length: ([0-9]+)\r$", re.MULTILINE)

METHODS = st.sampled_from((b"GET", b"HEAD", b"POST", b"OPTIONS", b"get", b"G T", b"PRI", b""))
TARGETS = st.sampled_from(
    (
        *(b"/", b"/healthz", b"/readyz", b"/td/", b"/td", b"/td//", b"//td/", b"/%74d/", b"*"),
        *(b"/x?token=s3cret", b"http://localhost/td/", b"http://other/", b"/\x00", b"/#", b""),
        b"/" + b"x" * 5000,
    )
)
VERSIONS = st.sampled_from((b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.1 ", b""))
FIELDS = st.sampled_from(
    (
        *(b"Host: localhost", b"Host: localhost", b"Host: other", b"Host:", b"Connection: close"),
        *(b"Content-Length: 0", b"Content-Length: 10", b"Content-Length: 99999999999999999999"),
        *(b"Content-Length: -1", b"Content-Length : 0", b"Transfer-Encoding: chunked"),
        *(b"Expect: 100-continue", b"Upgrade: websocket", b"Connection: Upgrade", b"Upgrade: h2c"),
        *(b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
        *(b"Sec-WebSocket-Key: s3cret", b"Origin: http://[s3cret", b"Origin: null", b" folded"),
        *(b"Sec-WebSocket-Extensions: permessage-deflate; s3cret", b"Cookie: s3cret", b"X: \x85"),
        *(b"X: " + b"y" * 9000, b"X\x00: y", b"no colon", b": no name", b"X: \xff\xfe", b""),
    )
)
ENDS = st.sampled_from((b"\r\n", b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b""))


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A request that is more or less well made."""
    line = b" ".join((draw(METHODS), draw(TARGETS), draw(VERSIONS)))
    lines = [line, *draw(st.lists(FIELDS, max_size=8)), b""]
    return b"".join(one + draw(ENDS) for one in lines)


FLOODS = st.sampled_from(
    (
        b"x" * 100_000,
        b"GET /" + b"x" * 100_000,
        b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 15_000,
        HEALTH * 200,
    )
)
PARTS = st.one_of(
    requests(),
    FLOODS,
    st.just(HEALTH),
    st.just(UPGRADE + b"\r\n"),
    st.just(UPGRADE + b"\r\n" + client_frame(b'{"MsgType":"X"}')),
    st.binary(max_size=200),
    st.binary(min_size=1, max_size=20).map(lambda data: data * 2000),
)
STREAMS = st.lists(PARTS, min_size=1, max_size=4).map(b"".join)
PIECES = st.lists(st.integers(1, 3000) | st.integers(1, 10), max_size=30)


class Fuzz(SynchronousTestCase):
    """A site on a clock, and strangers without end."""

    def setUp(self) -> None:
        self.clock = Clock()
        fanout = Fanout(self.clock, Limits())
        schema = Schema(catalog.market_data())
        self.factory = GatewayFactory(
            self.clock,
            fanout,
            WebSocketOptions(0, 0, 1 << 20, login_deadline=0),
            lambda outbox: NoRequests(schema, fanout, outbox),
        )
        services = {"td": (self.factory, lambda: {"ready": True})}
        self.site = site(services, self.clock, ConnectionLimits())

    def feed(self, stranger: Stranger, data: bytes, pieces: list[int]) -> None:
        """Let bytes arrive in pieces, as far as the server reads."""
        connection: Any = stranger.transport.protocol
        at = 0
        for size in (*pieces, *([READ] * (len(data) // READ + 1))):
            if stranger.closed or at >= len(data):
                return
            connection.dataReceived(data[at : at + size])
            at += size
            reader = getattr(connection, "_reader", None)
            if reader is not None:
                self.assertLessEqual(len(reader.rest), MAX_HEAD + READ)
            self.clock.advance(0)

    def answers(self, told: bytes) -> list[int]:
        """The statuses of whole answers; a WebSocket's frames may come behind the last."""
        statuses: list[int] = []
        while told and 101 not in statuses:
            found = _ANSWER.match(told)
            assert found is not None, told[:200]
            statuses.append(int(found[1]))
            told = told[found.end() :]
            length = _LENGTH.search(found[2])
            if length is not None and not _ANSWER.match(told):  # not that of a HEAD
                told = told[int(length[1]) :]
        return statuses

    def outcome(self, data: bytes, pieces: list[int]) -> list[int]:
        """The statuses that a stream of bytes brings about, refusals as 400."""
        stranger = Stranger(self.site)
        self.feed(stranger, data, pieces)
        statuses = self.answers(stranger.told)
        self.assertNotIn(SECRET, stranger.told)
        self.assertNotIn(b"Twisted", stranger.told)
        if 101 in statuses:
            self.assertNotIn(stranger.transport.protocol, self.site.open)
            stranger.transport.loseConnection()
        elif any(status in REFUSALS for status in statuses):
            self.assertTrue(stranger.closed, statuses)
        self.clock.pump([max(HANDSHAKE, KEEP_ALIVE), FAREWELL])
        self.assertTrue(stranger.closed)
        self.assertEqual(self.site.open, set())
        self.assertEqual(self.site.admission.status()["open"], 0)
        self.assertEqual(self.factory.open, set())
        self.assertEqual(self.clock.getDelayedCalls(), [])
        return [400 if status in REFUSALS else status for status in statuses]

    def test_bytes_in_pieces(self) -> None:
        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(STREAMS, PIECES)
        def attempt(data: bytes, pieces: list[int]) -> None:
            whole, cut = self.outcome(data, []), self.outcome(data, pieces)
            self.assertEqual(whole, cut, "how the network cuts a request matters")

        attempt()
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_a_request_with_one_byte_changed(self) -> None:
        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.sampled_from((HEALTH, UPGRADE + b"\r\n")),
            st.integers(0, 200),
            st.integers(0, 255),
            st.sampled_from(("change", "insert", "delete")),
        )
        def attempt(request: bytes, at: int, byte: int, how: str) -> None:
            at %= len(request)
            behind = request[at:] if how == "insert" else request[at + 1 :]
            middle = b"" if how == "delete" else bytes((byte,))
            self.assertLessEqual(len(self.outcome(request[:at] + middle + behind, [])), 1)

        attempt()
        self.assertEqual(self.flushLoggedErrors(), [])
