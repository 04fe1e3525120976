"""Compression as others speak it: a real browser, and the library ``websockets``."""

import importlib
import json
import os
import socket
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SkipTest, TestCase

from tests.browser.chromium import Pages, find, open_page
from webctp.testing import Gateway, client_frame, server_frames

TAKEN: Final = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
PATIENCE: Final = 60.0
INSTRUMENT: Final = "IF2612"
TICKS: Final = 5

_SCRIPT: Final = """<!doctype html><meta charset="utf-8"><title>a page</title><script>
const told = (word) => fetch("%(tell)s/told?case=%(case)s&said=" + encodeURIComponent(word),
                             {mode: "no-cors"});
const socket = new WebSocket("%(socket)s");
const send = (message) => socket.send(JSON.stringify(message));
let held = {}, ticks = 0;
socket.onerror = () => told("refused");
socket.onopen = () => send({MsgType: "ReqUserLogin", ReqUserLogin: {}, RequestID: 1});
socket.onmessage = (event) => {
  const message = JSON.parse(event.data);
  if (message.MsgType === "RspUserLogin")
    send({MsgType: "SubscribeMarketData", InstrumentID: ["*"], Changes: true, RequestID: 2});
  if (message.MsgType !== "RtnDepthMarketData") return;
  Object.assign(held, message.DepthMarketData);
  ticks += 1;
  if (ticks === 5) told(JSON.stringify([socket.extensions, Object.keys(held).length]));
};
</script>"""


class TickPages(Pages):
    """Serves a page that takes ticks with compression."""

    def page(self, case: str, socket: str) -> str:
        """Return a page that tells what was agreed on, and how many fields it holds."""
        return _SCRIPT % {"tell": f"http://127.0.0.1:{self.port}", "case": case, "socket": socket}


def library() -> Any:
    """Return the library's module of plain connections.

    :raises SkipTest: if it is not installed; in CI, which installs it, that is an AssertionError.
    """
    try:
        return importlib.import_module("websockets.sync.client")
    except ImportError:
        if os.environ.get("CI"):
            raise AssertionError("websockets is not installed") from None
        raise SkipTest("websockets is not installed: pip install websockets") from None


class Foreign(TestCase):
    """One gateway on 127.0.0.1 that compresses what has 128 bytes or more."""

    timeout = 300

    def gateway(self) -> Gateway:
        return Gateway("sim://", Compression="128")

    async def test_a_browser_agrees_and_reads(self) -> None:
        find()
        pages = TickPages()
        self.addCleanup(pages.close)
        async with self.gateway() as gateway:
            socket = f"ws://127.0.0.1:{gateway.port}/md/"
            page = f"http://localhost:{pages.port}/page?case=one&socket={socket}"
            folder = Path(self.mktemp()).absolute()
            said = await deferToThread(open_page, page, pages, "one", folder)
        extensions, fields = json.loads(unquote(said))
        self.assertIn("permessage-deflate", extensions)
        self.assertGreaterEqual(fields, 40)

    async def test_the_library_websockets_agrees_reads_and_writes(self) -> None:
        client = library()
        async with self.gateway() as gateway:
            uri = f"ws://127.0.0.1:{gateway.port}/md/"
            extensions, held = await deferToThread(self.talk, client, uri)
        (agreed,) = extensions
        self.assertEqual(agreed.name, "permessage-deflate")
        self.assertTrue(agreed.remote_no_context_takeover)
        self.assertTrue(agreed.local_no_context_takeover)
        self.assertEqual(held["InstrumentID"], INSTRUMENT)
        self.assertGreaterEqual(len(held), 40)

    def talk(self, client: Any, uri: str) -> tuple[list[Any], dict[str, Any]]:
        """Log in, subscribe in a fragmented message, take some ticks; blocks."""
        with client.connect(uri, compression="deflate", open_timeout=PATIENCE) as line:
            line.send(json.dumps({"MsgType": "ReqUserLogin", "ReqUserLogin": {}}))
            held: dict[str, Any] = {}
            ticks = 0
            while ticks < TICKS:
                message = json.loads(line.recv(PATIENCE))
                if message["MsgType"] == "RspUserLogin":
                    asked = {
                        "MsgType": "SubscribeMarketData",
                        "InstrumentID": [INSTRUMENT],
                        "Changes": True,
                    }
                    text = json.dumps(asked)
                    line.send([text[:10], text[10:30], text[30:]])
                elif message["MsgType"] == "RtnDepthMarketData":
                    held.update(message["DepthMarketData"])
                    ticks += 1
            return line.protocol.extensions, held

    async def test_an_answer_is_compressed_on_the_wire(self) -> None:
        async with self.gateway() as gateway:
            plain = await deferToThread(self.login_bytes, gateway.port, "")
            agreed = await deferToThread(
                self.login_bytes, gateway.port, "Sec-WebSocket-Extensions: permessage-deflate\r\n"
            )
        self.assertIn(TAKEN.encode(), agreed)
        self.assertNotIn(b"permessage-deflate", plain)
        self.assertIn(b"RspUserLogin", plain)
        self.assertNotIn(b"RspUserLogin", agreed)

    def answered(self, read: bytes) -> bool:
        """Whether the answer to a login is among what has come, compressed or not."""
        frames, _ = server_frames(read.partition(b"\r\n\r\n")[2])
        return any(b"RspUserLogin" in one.payload for one in frames)

    def login_bytes(self, port: int, header: str) -> bytes:
        """Shake hands and log in; gives all bytes up to the end of the answer; blocks."""
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
            line.sendall(
                (
                    "GET /md/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    f"{header}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                ).encode()
            )
            line.sendall(client_frame(b'{"MsgType": "ReqUserLogin", "ReqUserLogin": {}}'))
            read = b""
            while not self.answered(read):
                piece = line.recv(65_536)
                self.assertTrue(piece, read)
                read += piece
            return read
