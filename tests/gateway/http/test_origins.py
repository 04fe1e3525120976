"""Web pages by their Origin: those of this machine, those that are listed, and all others."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.http.head import BadHead
from webctp.gateway.http.origins import Origins


def let_in(origin: str | None, host: str | None, *patterns: str) -> bool:
    """Whether a page may connect."""
    try:
        Origins(patterns, Clock()).check(origin, host)
    except BadHead as problem:
        assert "Origins" in problem.detail
        return False
    return True


class WithoutAWord(SynchronousTestCase):
    """What is let in where nothing is listed."""

    def test_programs_are(self) -> None:
        for host in (None, "localhost", "gateway.example.com", "10.0.0.1:8080"):
            self.assertTrue(let_in(None, host), host)

    def test_pages_of_this_machine_are(self) -> None:
        for origin, host in (
            ("http://localhost", "localhost:8080"),
            ("http://localhost:3000", "localhost:8080"),
            ("http://LOCALHOST:3000", "127.0.0.1:8080"),
            ("http://127.0.0.1:3000", "localhost:8080"),
            ("http://127.0.0.1", "[::1]:8080"),
            ("https://10.0.0.1", "10.0.0.1:8443"),
            ("https://10.0.0.1:8443", "10.0.0.1"),
            ("http://[2001:db8::1]:80", "[2001:DB8:0::1]:8080"),
            ("http://[::ffff:10.0.0.1]", "10.0.0.1"),
        ):
            self.assertTrue(let_in(origin, host), (origin, host))

    def test_all_others_are_not(self) -> None:
        for origin, host in (
            ("https://evil.example", "localhost:8080"),
            ("http://evil.example:8080", "127.0.0.1:8080"),
            # A name that leads here, with and without its port.
            ("http://evil.example:8080", "evil.example:8080"),
            ("http://evil.example", "evil.example"),
            ("http://localhost.evil.example", "localhost:8080"),
            ("http://127.0.0.1.evil.example", "127.0.0.1:8080"),
            ("http://evil.localhost", "localhost"),
            ("http://6.6.6.6", "127.0.0.1:8080"),
            ("http://10.0.0.1", "10.0.0.2:8080"),
            # A page of the user's own machine at a gateway of another one.
            ("http://localhost:3000", "10.0.0.1:8080"),
            ("http://localhost:3000", "gateway.example.com"),
            ("http://localhost", None),
            ("null", "localhost"),
            ("", "localhost"),
            ("localhost", "localhost"),
            ("http://localhost/", "localhost"),
            ("http://localhost@evil.example", "localhost"),
            ("http://evil.example@localhost", "localhost"),
            ("http://2130706433", "127.0.0.1"),
            ("http://0177.0.0.1", "127.0.0.1"),
            ("http://localhost localhost", "localhost"),
            ("chrome-extension://abcdefghijklmnop", "localhost"),
            ("file://", "localhost"),
        ):
            self.assertFalse(let_in(origin, host), (origin, host))


class Listed(SynchronousTestCase):
    """What the key adds."""

    def test_names_and_null(self) -> None:
        for patterns, origin, wanted in (
            (("https://a.cn",), "https://a.cn", True),
            (("https://a.cn",), "https://a.cn:8443", False),
            (("https://a.cn",), "https://a.cn.evil.example", False),
            (("https://*.a.cn:*",), "https://x.A.cn:8443", True),
            (("*",), "https://any.example", True),
            (("*",), "null", False),
            (("null",), "null", True),
            (("null",), "https://any.example", False),
            (("null",), "http://localhost:3000", True),
        ):
            self.assertEqual(let_in(origin, "localhost", *patterns), wanted, (patterns, origin))
