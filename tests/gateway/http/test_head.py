"""The heads of HTTP requests: what is taken, what is refused, and with which status."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.http.head import (
    MAX_FIELDS,
    MAX_HEAD,
    MAX_TARGET,
    BadHead,
    Head,
    HeadReader,
    check_upgrade,
)

WEBSOCKET = (
    "GET /td/ HTTP/1.1",
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: keep-alive, Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


def head_of(*lines: str) -> bytes:
    """A head of these lines."""
    return "\r\n".join((*lines, "", "")).encode("latin-1")


def get(*fields: str, target: str = "/healthz", host: str = "localhost") -> bytes:
    """A request for a page, with these headers besides Host."""
    return head_of(f"GET {target} HTTP/1.1", f"Host: {host}", *fields)


class HeadCase(SynchronousTestCase):
    """Heads in one piece."""

    def head(self, data: bytes) -> Head:
        reader = HeadReader()
        reader.feed(data)
        head = reader.take()
        assert head is not None, f"{data!r} is no whole head"
        return head

    def assertRefused(self, data: bytes, status: int, word: str = "") -> None:
        """Held to be refused at once, without another byte."""
        reader = HeadReader()
        reader.feed(data)
        with self.assertRaises(BadHead, msg=repr(data[:200])) as caught:
            reader.take()
        problem = caught.exception
        self.assertEqual(problem.status, status, (data[:200], problem.detail))
        self.assertIn(word, problem.detail)


class Taken(HeadCase):
    """What is a good head."""

    def test_a_plain_request(self) -> None:
        head = self.head(get("Accept: */*", target="/readyz?a=b?c"))
        self.assertEqual((head.method, head.path, head.target), ("GET", "/readyz", "/readyz?a=b?c"))
        self.assertEqual(dict(head.fields), {"host": "localhost", "accept": "*/*"})
        self.assertTrue(head.keeps_open)
        self.assertFalse(head.wants_websocket)

    def test_headers_in_several_lines_are_joined(self) -> None:
        head = self.head(get("Accept: a", "ACCEPT:b", "Accept: \t c \t"))
        self.assertEqual(head.fields["accept"], "a, b, c")

    def test_an_end_asked_for(self) -> None:
        self.assertFalse(self.head(get("Connection: Close")).keeps_open)
        self.assertFalse(self.head(head_of("GET / HTTP/1.0")).keeps_open)

    def test_no_body_may_be_said(self) -> None:
        self.assertEqual(self.head(get("Content-Length: 0")).path, "/healthz")

    def test_hosts(self) -> None:
        for host in ("a", "A.b-c_d:8080", "127.0.0.1:1", "[::1]:8080", "[fe80::1%25eth0]"):
            self.assertEqual(self.head(get(host=host)).fields["host"], host)

    def test_the_address_may_stand_before_the_path(self) -> None:
        for target, path in (
            ("http://LOCALHOST/td/?x", "/td/"),
            ("ws://localhost", "/"),
            ("wss://localhost?x", "/"),
        ):
            self.assertEqual(self.head(get(target=target)).path, path)

    def test_one_empty_line_before_a_request(self) -> None:
        self.assertEqual(self.head(b"\r\n" + get()).path, "/healthz")

    def test_two_empty_lines_are_refused_however_they_are_cut(self) -> None:
        self.assertRefused(b"\r\n\r\n" + get(), 400, "request line")
        reader = HeadReader()
        for byte in b"\r\n\r":
            reader.feed(bytes((byte,)))
            self.assertIsNone(reader.take())
        reader.feed(b"\n")
        self.assertRaises(BadHead, reader.take)

    def test_the_longest(self) -> None:
        self.head(get(target="/" + "x" * (MAX_TARGET - 1)))
        self.head(get(*(f"X-{n}: y" for n in range(MAX_FIELDS - 1))))
        spare = MAX_HEAD - len(get("X: ")) + len(b"\r\n\r\n")
        self.head(get("X: " + "y" * spare))

    def test_bytes_behind_are_kept(self) -> None:
        reader = HeadReader()
        reader.feed(get() + get(target="/readyz") + b"GET")
        self.assertEqual([str(reader.take() and reader.method) for _ in range(2)], ["GET", "GET"])
        self.assertIsNone(reader.take())
        self.assertEqual(reader.rest, b"GET")

    def test_autobahn_is_given_no_line_of_its_own_making(self) -> None:
        head = self.head(get("X-Note: a\x85Origin: null", "User-Agent: é", "Cookie: a=b"))
        self.assertEqual(
            head.encode(), b"GET /healthz HTTP/1.1\r\nhost: localhost\r\ncookie: a=b\r\n\r\n"
        )

    @given(st.lists(st.integers(1, 40)))
    def test_pieces_do_not_matter(self, sizes: list[int]) -> None:
        data, reader, at = head_of(*WEBSOCKET) + b"\x81\x80mask", HeadReader(), 0
        found = None
        for size in (*sizes, len(data)):
            reader.feed(data[at : at + size])
            at += size
            found = found or reader.take()
        assert found is not None
        self.assertEqual(found, self.head(data))
        self.assertEqual(reader.rest, b"\x81\x80mask")


class Bodies(HeadCase):
    """Nothing with a body is read."""

    def test_a_length(self) -> None:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "NONSENSE"):
            line = f"{method} /healthz HTTP/1.1"
            self.assertRefused(head_of(line, "Host: a", "Content-Length: 1"), 413, "body")

    def test_chunks(self) -> None:
        for words in ("chunked", "Chunked", "identity", "gzip, chunked", "x"):
            self.assertRefused(get(f"Transfer-Encoding: {words}"), 413, "body")

    def test_a_body_that_waits_to_be_asked_for(self) -> None:
        self.assertRefused(get("Content-Length: 5", "Expect: 100-continue"), 413)
        self.assertRefused(get("Expect: 100-continue"), 417, "Expect")

    def test_lengths_that_could_be_read_in_two_ways(self) -> None:
        for lengths in (
            ("0", "0"),
            ("0", "5"),
            ("0, 0",),
            ("+0",),
            ("-1",),
            ("0x0",),
            ("",),
            ("²",),
        ):
            self.assertRefused(get(*(f"Content-Length: {one}" for one in lengths)), 400)
        self.assertRefused(get("Content-Length: 0", "Transfer-Encoding: chunked"), 400, "both")
        self.assertRefused(get("Transfer-Encoding: a", "Transfer-Encoding: chunked"), 400)

    def test_names_and_values_are_never_half_read(self) -> None:
        for field in ("Content-Length : 0", "Content-Length\t: 0", " Content-Length: 0", "NoColon"):
            self.assertRefused(get("Accept: a", field), 400)


class Refused(HeadCase):
    """What is a bad head."""

    def test_methods(self) -> None:
        for method in ("POST", "PUT", "OPTIONS", "TRACE", "CONNECT", "get", "Head", "X"):
            self.assertRefused(head_of(f"{method} / HTTP/1.1", "Host: a"), 405, "GET")

    def test_versions(self) -> None:
        self.assertRefused(b"GET /\r\n", 400)
        for version in ("HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/9.9"):
            self.assertRefused(head_of(f"GET / {version}", "Host: a"), 505)
        self.assertRefused(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505)

    def test_request_lines(self) -> None:
        for line in (
            "",
            "GET",
            "GET /",
            "GET  / HTTP/1.1",
            " GET / HTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET / http/1.1",
            "GET / HTTP/11",
            "GET /a b HTTP/1.1",
            "GET /\x00 HTTP/1.1",
            "GET /é HTTP/1.1",
            "GET\t/ HTTP/1.1",
            "G(T / HTTP/1.1",
            "\x16\x03\x01\x02\x00",
        ):
            self.assertRefused(head_of(line, "Host: a"), 400)

    def test_targets(self) -> None:
        for target in (
            "*",
            "td/",
            "localhost:8080",
            "/td/#x",
            "http://other/td/",
            "ftp://localhost/",
        ):
            self.assertRefused(get(target=target), 400)

    def test_hosts(self) -> None:
        self.assertRefused(head_of("GET / HTTP/1.1"), 400, "Host")
        self.assertRefused(get("Host: localhost"), 400, "host")
        self.assertRefused(get("hOST: other"), 400, "host")
        for host in ("", "a b", "a/b", "a@b", "a,b", "a:b", "a:123456", "[::1", "user:pw@a"):
            self.assertRefused(get(host=host), 400, "Host")

    def test_headers_that_go_on_in_the_next_line(self) -> None:
        self.assertRefused(get("X: a", " b"), 400, "next line")
        self.assertRefused(get("X: a", "\tHost: b"), 400, "next line")

    def test_control_characters(self) -> None:
        for character in ("\x00", "\x0b", "\x1b", "\x7f", "\n", "\r"):
            self.assertRefused(get(f"X: a{character}b"), 400)

    def test_bare_line_feeds_are_refused_at_once(self) -> None:
        self.assertRefused(b"GET / HTTP/1.1\nHost: a\n\n", 400, "CR LF")
        self.assertRefused(b"GET / HTTP/1.1\r\nHost: a\n", 400, "CR LF")

    def test_too_much(self) -> None:
        self.assertRefused(get(target="/" + "x" * MAX_TARGET), 414)
        self.assertRefused(b"GET /" + b"x" * (MAX_TARGET + 64), 414)
        self.assertRefused(get(*(f"X-{n}: y" for n in range(MAX_FIELDS))), 431)
        self.assertRefused(get("X: " + "y" * MAX_HEAD), 431)
        self.assertRefused(get("X: " + "y" * MAX_HEAD)[: MAX_HEAD + 4], 431)

    def test_nothing_of_the_request_is_repeated(self) -> None:
        for data in (get("s3cret"), get(host="s3cret!"), head_of("s3cret"), get("X: s3cret\x00")):
            with self.assertRaises(BadHead) as caught:
                self.head(data)
            self.assertNotIn("s3cret", caught.exception.detail)


class Upgrades(HeadCase):
    """What asks for a WebSocket."""

    def assertNoUpgrade(self, data: bytes, status: int, word: str = "") -> None:
        head = self.head(data)
        with self.assertRaises(BadHead, msg=repr(data)) as caught:
            check_upgrade(head)
        self.assertEqual(caught.exception.status, status)
        self.assertIn(word, caught.exception.detail)

    def without(self, name: str, *others: str) -> bytes:
        """The good request without a header, with others."""
        return head_of(*(line for line in WEBSOCKET if not line.startswith(name)), *others)

    def test_a_good_one(self) -> None:
        head = self.head(head_of(*WEBSOCKET))
        self.assertTrue(head.wants_websocket)
        check_upgrade(head)

    def test_words_among_others(self) -> None:
        head = self.head(self.without("Upgrade", "Upgrade: h2c, WebSocket"))
        self.assertTrue(head.wants_websocket)
        check_upgrade(head)

    def test_another_upgrade_is_none(self) -> None:
        self.assertFalse(self.head(self.without("Upgrade", "Upgrade: h2c")).wants_websocket)

    def test_http_1_0(self) -> None:
        self.assertNoUpgrade(head_of("GET /td/ HTTP/1.0", *WEBSOCKET[1:]), 400, "HTTP/1.1")

    def test_head(self) -> None:
        self.assertNoUpgrade(head_of("HEAD /td/ HTTP/1.1", *WEBSOCKET[1:]), 400, "GET")

    def test_no_connection(self) -> None:
        self.assertNoUpgrade(self.without("Connection"), 400, "Connection")
        self.assertNoUpgrade(self.without("Connection", "Connection: close"), 400, "Connection")

    def test_versions(self) -> None:
        self.assertNoUpgrade(self.without("Sec-WebSocket-Version"), 426)
        for version in ("0", "12", "14", "13, 8", "x", ""):
            field = f"Sec-WebSocket-Version: {version}"
            self.assertNoUpgrade(self.without("Sec-WebSocket-Version", field), 426)

    def test_keys(self) -> None:
        self.assertNoUpgrade(self.without("Sec-WebSocket-Key"), 400, "Key")
        for key in ("", "x", "dGhlIHNhbXBsZSBub25jZQ", "!" * 24, "dGhlIHNhbXBsZSBub25jZQ==, x"):
            field = f"Sec-WebSocket-Key: {key}"
            self.assertNoUpgrade(self.without("Sec-WebSocket-Key", field), 400, "Key")

    def test_what_is_there_twice(self) -> None:
        for line in (*WEBSOCKET[1:3], *WEBSOCKET[4:]):
            self.assertRefused(head_of(*WEBSOCKET, line), 400, "twice")
        self.assertRefused(head_of(*WEBSOCKET, "Origin: a", "Origin: b"), 400, "twice")

    def test_a_body(self) -> None:
        self.assertRefused(head_of(*WEBSOCKET, "Content-Length: 8"), 413)
        self.assertRefused(head_of(*WEBSOCKET, "Transfer-Encoding: chunked"), 413)

    def test_an_origin_that_autobahn_would_not_be_given(self) -> None:
        self.assertNoUpgrade(head_of(*WEBSOCKET, "Origin: http://é"), 400, "origin")
