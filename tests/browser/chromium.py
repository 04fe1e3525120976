"""A real browser that opens pages of the tests, and what these pages tell."""

import contextlib
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from twisted.trial.unittest import SkipTest

PATIENCE: Final = 60.0
"""Seconds until a page that tells nothing is taken for lost."""

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_MISSING: Final = "no Chromium is installed: apt-get install chromium"

_SCRIPT: Final = """<!doctype html><meta charset="utf-8"><title>a page</title><script>
const told = (word) => fetch("%(tell)s/told?case=%(case)s&said=" + word, {mode: "no-cors"});
const socket = new WebSocket("%(socket)s");
socket.onopen = () => told("open");
socket.onerror = () => told("refused");
</script>"""


def find() -> str:
    """Return the browser's program.

    :raises twisted.trial.unittest.SkipTest: if there is none; in CI, which installs one, that is
        an AssertionError.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        if os.environ.get("CI"):
            raise AssertionError(_MISSING)
        raise SkipTest(_MISSING)
    return found


_TYPES: Final = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}


class Pages:
    """Serves a page that opens a WebSocket, at any name, and hears what became of it.

    :param folder: is served as well: pages and their scripts.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.told: queue.Queue[tuple[str, str]] = queue.Queue()
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                fields = {name: values[0] for name, values in parse_qs(asked.query).items()}
                if asked.path == "/told":
                    pages.told.put((fields["case"], fields["said"]))
                file = pages.file(folder, asked.path)
                if asked.path == "/favicon.ico":
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Type", _TYPES[file.suffix if file else ".html"])
                self.end_headers()
                if file is not None:
                    self.wfile.write(file.read_bytes())
                elif asked.path == "/page":
                    self.wfile.write(pages.page(fields["case"], fields["socket"]).encode())
                elif asked.path == "/sandbox":
                    inner = f"/page?case={fields['case']}&socket={fields['socket']}"
                    frame = (
                        f'<!doctype html><iframe sandbox="allow-scripts" src="{inner}"></iframe>'
                    )
                    self.wfile.write(frame.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the output is the tests'."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def page(self, case: str, socket: str) -> str:
        """Return a page that opens a WebSocket and tells whether it could."""
        return _SCRIPT % {"tell": f"http://127.0.0.1:{self.port}", "case": case, "socket": socket}

    @staticmethod
    def file(folder: Path | None, path: str) -> Path | None:
        """Return the file of a folder that has an address, None where there is none."""
        if folder is None:
            return None
        found = (folder / path.lstrip("/")).resolve()
        is_inside = found.is_relative_to(folder.resolve()) and found.suffix in _TYPES
        return found if is_inside and found.is_file() else None

    def heard(self, case: str) -> str:
        """Wait for what a page tells of ``case``; return it. Blocks.

        :raises AssertionError: if it tells nothing within :data:`PATIENCE`, or of another case.
        """
        try:
            found, said = self.told.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"{case}: no page told anything in {PATIENCE:g} s") from None
        if found != case:
            raise AssertionError(f"a page told of {found}, not of {case}")
        return said

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def open_page(url: str, pages: Pages, case: str, folder: Path) -> str:
    """Open a page in a browser of its own; return what the page told of ``case``. Blocks."""
    with browsing(url, folder):
        return pages.heard(case)


@contextlib.contextmanager
def browsing(url: str, folder: Path) -> Iterator[None]:
    """Hold a page open in a browser of its own, whose files are in a folder.

    Names that end in ``.example`` lead to this machine.
    """
    browser = subprocess.Popen(
        [
            find(),
            "--headless=new",
            "--no-sandbox",  # CI is root
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-proxy-server",
            "--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, "
            "EXCLUDE localhost",
            f"--user-data-dir={folder}",
            url,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(browser.pid, 9)
        browser.wait()
