"""The console's files as they are served, and the page where they were not built."""

import gzip
from pathlib import Path

from tests.gateway.http.test_site import HttpCase, Stranger
from webctp.gateway.http.console import POLICY, console_pages
from webctp.gateway.http.site import site


class Served(HttpCase):
    """A console of three files."""

    def setUp(self) -> None:
        super().setUp()
        self.folder = Path(self.mktemp())
        (self.folder / "assets").mkdir(parents=True)
        (self.folder / "index.html").write_text("<!doctype html>", "utf-8")
        (self.folder / "assets" / "a.js").write_text("x" * 1000, "utf-8")
        (self.folder / ".sources").write_text("digest", "utf-8")
        self.serve()

    def serve(self) -> None:
        """Put a site with the folder's pages in the place of the usual one."""
        pages = console_pages(("td", "md"), "en", self.folder)
        self.site = site({}, self.reactor, pages=pages)
        self.addCleanup(self.site.stopFactory)

    def test_the_page_and_its_parts(self) -> None:
        status, headers, body = self.http("/")
        self.assertEqual((status, body), (200, b"<!doctype html>"))
        self.assertEqual(headers["content-type"], "text/html; charset=utf-8")
        status, headers, body = self.http("/assets/a.js")
        self.assertEqual((status, body), (200, b"x" * 1000))
        self.assertEqual(headers["content-type"], "text/javascript; charset=utf-8")

    def test_every_file_comes_with_the_policy(self) -> None:
        for path in ("/", "/assets/a.js"):
            self.assertEqual(self.http(path)[1]["content-security-policy"], POLICY)

    def test_the_policy_lets_nothing_in_from_elsewhere(self) -> None:
        self.assertIn("default-src 'none'", POLICY)
        for loose in ("unsafe", "http:", "https:", "*"):
            self.assertNotIn(loose, POLICY)

    def test_who_takes_gzip_is_given_it(self) -> None:
        request = b"GET /assets/a.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br, gzip\r\n"
        read = self.raw(request + b"Connection: close\r\n\r\n")
        head, _, body = read.partition(b"\r\n\r\n")
        self.assertIn(b"Content-Encoding: gzip", head)
        self.assertEqual(gzip.decompress(body), b"x" * 1000)
        self.assertNotIn("content-encoding", self.http("/assets/a.js")[1])

    def raw(self, request: bytes) -> bytes:
        """Send bytes; give all that came back."""
        stranger = Stranger(self.site)
        stranger.send(request)
        self.settle()
        return stranger.told

    def test_no_other_file_is_served(self) -> None:
        for path in ("/.sources", "/index.html", "/assets/", "/assets/../.sources", "/assets/b.js"):
            self.assertEqual(self.http(path)[0], 404, path)

    def test_its_parts_are_not_listed_where_nothing_is(self) -> None:
        self.assertNotIn(b"assets", self.http("/x")[2])

    def test_without_a_page_it_says_how_it_is_built(self) -> None:
        (self.folder / "index.html").unlink()
        self.serve()
        status, _, body = self.http("/")
        self.assertEqual(status, 200)
        self.assertIn(b"make console", body)
        self.assertIn(b"/td/ /md/", body)
        self.assertIn("尚未构建", self.http("/?language=zh")[2].decode())
