"""What a newcomer runs first: the lines of the READMEs, and etc/hello.py, right and wrong."""

import os
import re
import shutil
import sys
from pathlib import Path

from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import SkipTest

from tests.daemons import ROOT
from tests.gateway.http.test_tls import Authority, key_pem, pem
from tests.ports import free_port
from tests.test_end_to_end import EndToEnd, sample
from tests.wsclient import connect

_UNTIL_TOLD = """
setTimeout(() => process.exit(1), 60000);
const log = console.log;
console.log = (...words) => {
  log(...words);
  if (/RspUserLogin|RspQryTradingAccount|RspSubMarketData/.test(JSON.stringify(words)))
    setTimeout(() => process.exit(0), 1000);
};
"""
"""Ends a script a second after it was told something that its test waits for."""

READMES = ("README.md", "README.zh-CN.md")


def blocks(readme: str, language: str) -> list[str]:
    """Return the code of a language that a README shows."""
    text = (ROOT / readme).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


class FirstSteps(EndToEnd):
    """Programs of users', each a process of its own, before a daemon."""

    async def run_python(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Return the exit code and the output of a program; it must end by itself."""
        out, err, status = await getProcessOutputAndValue(
            sys.executable, arguments, {**os.environ, "PYTHONUTF8": "1", **environment}
        )
        return status, (out + err).decode()


class Readme(FirstSteps):
    """The Python of the READMEs."""

    async def client(self, port: int, password: str = "demo") -> str:
        (code,) = blocks("README.md", "python")
        changed = code.replace("127.0.0.1:8080", f"127.0.0.1:{port}").replace(
            '"Password": "demo"', f'"Password": "{password}"'
        )
        status, said = await self.run_python("-c", changed)
        self.assertEqual(status, 0, said)
        self.assertNotIn("Traceback", said)
        return said

    def test_both_languages_show_the_same(self) -> None:
        for language in ("python", "js"):
            english, chinese = (blocks(readme, language) for readme in READMES)
            self.assertEqual(english, chinese)
            self.assertEqual(len(english), 1)

    async def test_right_and_with_a_wrong_password(self) -> None:
        daemon = await self.start()
        self.assertRegex(await self.client(daemon.port), r"^available: \d")
        refused = await self.client(daemon.port, "wrong")
        self.assertTrue(refused.startswith("refused: {'ErrorID': 3"), refused)
        await self.stop(daemon)

    async def test_with_nobody_there(self) -> None:
        self.assertTrue((await self.client(free_port())).startswith("no connection: "))


class Console(FirstSteps):
    """The JavaScript of the pages, in Node; it needs a WebSocket, which Node has since 22."""

    if shutil.which("node") is None:
        skip = "node is not installed"

    async def console(self, page: str, port: int) -> str:
        """Return what a page's script prints within some answers."""
        (code,) = blocks(page, "js")
        script = code.replace("127.0.0.1:8080", f"127.0.0.1:{port}") + _UNTIL_TOLD
        out, err, _ = await getProcessOutputAndValue(
            str(shutil.which("node")), ("--experimental-websocket", "-e", script), os.environ
        )
        said: str = (out + err).decode()
        return said

    async def test_each_page(self) -> None:
        daemon = await self.start()
        for page, told in (
            ("README.md", "RspUserLogin"),
            ("docs/td_protocol.md", "RspQryTradingAccount"),
            ("docs/md_protocol.md", "RspSubMarketData"),
        ):
            said = await self.console(page, daemon.port)
            if "WebSocket is not defined" in said or "bad option" in said:
                raise SkipTest("this Node has no WebSocket")
            self.assertIn(told, said, page)
        await self.stop(daemon)


class Hello(FirstSteps):
    """etc/hello.py."""

    async def hello(self, *arguments: str, **environment: str) -> tuple[int, str]:
        status, said = await self.run_python(
            str(ROOT / "etc" / "hello.py"), *arguments, **environment
        )
        self.assertNotIn("Traceback", said)
        return status, said

    async def test_addresses_as_people_write_them(self) -> None:
        daemon = await self.start()
        for written in ("ws://127.0.0.1:{}/", "127.0.0.1:{}", "ws://127.0.0.1:{}/md/"):
            status, said = await self.hello(written.format(daemon.port))
            self.assertEqual(status, 0, said)
            self.assertIn("RtnDepthMarketData", said)
            self.assertNotIn('Password": "hello', said)
        await self.stop(daemon)

    async def test_an_order_that_was_refused_before_is_no_answer(self) -> None:
        """Its refusal is told again at each login of the day."""
        daemon = await self.start()
        user = {"UserID": "hello", "Password": "hello"}
        client = await connect(daemon.port, "/td/")
        await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": user, "RequestID": 1})
        client.say(
            {
                "MsgType": "ReqOrderInsert",
                "RequestID": 2,
                "InputOrder": {
                    "InstrumentID": "cu9999",
                    "ExchangeID": "SHFE",
                    "Direction": "0",
                    "CombOffsetFlag": "0",
                    "CombHedgeFlag": "1",
                    "OrderPriceType": "2",
                    "LimitPrice": 1.0,
                    "VolumeTotalOriginal": 1,
                    "TimeCondition": "3",
                    "VolumeCondition": "1",
                    "ContingentCondition": "1",
                    "ForceCloseReason": "0",
                },
            }
        )
        await client.until("ErrRtnOrderInsert")
        status, said = await self.hello(f"ws://127.0.0.1:{daemon.port}")
        self.assertEqual(status, 0, said)
        self.assertIn("RtnDepthMarketData", said)
        await client.leave()
        await self.stop(daemon)

    async def test_a_wrong_call_is_told(self) -> None:
        for arguments, told in (
            (("--help",), "usage: hello.py"),
            (("http://127.0.0.1:1",), "is no address such as ws://"),
            (("ws://127.0.0.1:port",), "is no address such as ws://"),
            (("a", "b", "c", "d", "e"), "unrecognized arguments: d e"),
            ((f"ws://127.0.0.1:{free_port()}",), "no connection to ws://"),
            (("wss://127.0.0.1:1", "--ca", "/none.pem"), "--ca /none.pem: "),
        ):
            status, said = await self.hello(*arguments)
            self.assertEqual(status == 0, arguments == ("--help",), said)
            self.assertIn(told, said)

    async def test_wrong_password_and_path(self) -> None:
        daemon = await self.start()
        url = f"ws://127.0.0.1:{daemon.port}"
        await self.hello(url, "someone", WEBCTP_PASSWORD="right")
        status, said = await self.hello(url, "someone", WEBCTP_PASSWORD="wr0ng")
        self.assertEqual(status, 1)
        self.assertIn("refused: {'ErrorID': 3", said)
        self.assertNotIn("wr0ng", said)
        status, said = await self.hello(f"{url}/nowhere")
        self.assertEqual(status, 1)
        self.assertIn("404", said)
        await self.stop(daemon)

    async def test_without_a_password_and_a_terminal(self) -> None:
        status, said = await self.hello(f"ws://127.0.0.1:{free_port()}", "someone")
        self.assertEqual(status, 1)
        self.assertIn("no password for someone and no terminal to ask at: set WEBCTP_PASS", said)

    async def test_a_terminal_without_chinese(self) -> None:
        daemon = await self.start()
        status, said = await self.hello(
            f"ws://127.0.0.1:{daemon.port}", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
        )
        self.assertEqual(status, 0, said)
        self.assertIn("CTP:??", said)
        await self.stop(daemon)

    async def test_a_server_is_verified(self) -> None:
        authority = Authority("an authority")
        certificate, key = authority.issue("localhost")
        files = Path(self.mktemp()).absolute()
        files.mkdir()
        for name, content in (
            ("cert.pem", pem(certificate)),
            ("key.pem", key_pem(key)),
            ("ca.pem", pem(authority.certificate)),
            ("other.pem", pem(Authority("another").certificate)),
        ):
            (files / name).write_bytes(content)
        tls = f"TLS:\n  CertFile: {files}/cert.pem\n  KeyFile: {files}/key.pem\n"
        daemon = await self.start(sample() + tls)
        url = f"wss://localhost:{daemon.port}"
        status, said = await self.hello(url, "--ca", f"{files}/ca.pem")
        self.assertEqual(status, 0, said)
        for arguments in ((url,), (url, "--ca", f"{files}/other.pem")):
            status, said = await self.hello(*arguments)
            self.assertEqual(status, 1, said)
            self.assertIn("certificate verify failed", said)
            self.assertNotIn("ReqUserLogin", said)
        await self.stop(daemon)
