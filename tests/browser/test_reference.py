"""The page that shows the WebSocket's messages, in a real browser."""

import os
import subprocess
from pathlib import Path

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.browser.chromium import PATIENCE, find
from webctp.gateway.rest.descriptions import REFERENCE
from webctp.testing import Gateway


def shown(address: str, folder: Path) -> str:
    """Return what a browser makes of a page. Blocks."""
    done = subprocess.run(
        [
            find(),
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *("--no-first-run", "--disable-background-networking", "--no-proxy-server"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            *("--virtual-time-budget=20000", "--dump-dom", f"--user-data-dir={folder}", address),
        ],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=True,
        env={**os.environ, "HOME": str(folder)},
    )
    return done.stdout


class Reference(TestCase):
    """Served by the gateway, which is all that it needs."""

    timeout = 240

    async def test_it_lists_and_shows_messages(self) -> None:
        gateway = Gateway()
        await gateway.start()
        self.addCleanup(gateway.stop)
        folder = Path(self.mktemp()).absolute()
        folder.mkdir(parents=True)
        address = f"http://127.0.0.1:{gateway.port}{REFERENCE}#td.sent.ReqOrderInsert"
        page = await deferToThread(shown, address, folder)
        for part in (
            "<h2>ReqOrderInsert</h2>",
            "<code>InstrumentID</code>",
            'href="#td.told.RspOrderInsert">RspOrderInsert</a>',
            'href="#md.told.RtnBar"',
            "<code>MsgType *</code>",
        ):
            self.assertIn(part, page)
        self.assertNotIn("cannot be read", page)
