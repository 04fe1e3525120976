"""The client in TypeScript in a real browser: a page that trades over a kill -9 of its gateway."""

import shutil
import tempfile
from pathlib import Path
from unittest import TestCase

from tests.browser.chromium import Pages, browsing, find
from tests.clients.python.gateways import RealGateway
from tests.clients.typescript.node import built

HERE = Path(__file__).parent


class Browser(TestCase):
    """The package's modules as they are built, without a bundler."""

    def setUp(self) -> None:
        find()
        self.folder = Path(tempfile.mkdtemp(prefix="page-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        shutil.copytree(built() / "dist", self.folder / "dist")
        for name in ("page.html", "page.js"):
            shutil.copy(HERE / name, self.folder)
        self.pages = Pages(self.folder)
        self.addCleanup(self.pages.close)
        self.gateway = RealGateway(apart=True)
        self.addCleanup(self.gateway.end)

    def test_a_page_trades_over_a_kill(self) -> None:
        url = f"http://127.0.0.1:{self.pages.port}/page.html?url={self.gateway.url}"
        with browsing(url, self.folder / "browser"):
            self.assertEqual(self.pages.heard("page"), "kill it")
            self.gateway.kill()
            self.assertEqual(self.pages.heard("page"), "start it")
            self.gateway.start()
            self.assertEqual(self.pages.heard("page"), "it is over")
