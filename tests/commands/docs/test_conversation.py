"""The examples of the documents, really sent to a gateway on the simulated front."""

import json
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from twisted.internet import reactor
from twisted.internet.address import IPv4Address
from twisted.trial.unittest import TestCase

from tests.commands.docs.support import DOCS, EXAMPLES, READMES, ROOT, python
from webctp.commands.docs.conversation import play
from webctp.commands.docs.examples import (
    SCRIPTS,
    Example,
    ExampleError,
    Message,
    differences,
    load,
    load_recorded,
)
from webctp.commands.docs.pages import made_from
from webctp.config import load as load_config
from webctp.ctp import runtime
from webctp.daemon import Daemon

CONFIG = EXAMPLES / "config.yaml"
LOGIN = {
    "MsgType": "ReqUserLogin",
    "ReqUserLogin": {"UserID": "demo", "Password": "secret"},
    "RequestID": 1,
}


def example(request: dict[str, Any], **more: Any) -> Example:
    words: dict[str, Any] = {"title": ("", ""), "text": ("", ""), "shows": (), "until": {}}
    return Example(request=request, **{**words, **more})


def head(message: Message) -> Message:
    """A message with its body's fields left out."""
    return {
        key: bool(value) if isinstance(value, dict) and key != "RspInfo" else value
        for key, value in message.items()
    }


class ExamplesTests(TestCase):
    """The scripts against what was recorded."""

    timeout = 120

    async def test_every_example_is_answered_as_documented(self) -> None:
        # Structs gain fields from version to version: of another than the documents were made
        # from, all but the fields of bodies is compared.
        page = (DOCS / "td_protocol.md").read_text("utf-8")
        same = made_from("td_protocol.md", page) == runtime.load().version
        scripts = {script: load(EXAMPLES, script) for script in SCRIPTS}
        played = await play(reactor, CONFIG, scripts)
        for script, examples in scripts.items():
            recorded = load_recorded(EXAMPLES, script)
            for shown, was, now in zip(examples, recorded, played[script], strict=True):
                where = f"{script}: {shown.title[1]}"
                self.assertEqual(differences(was.sent, now.sent), [], where)
                self.assertEqual(len(was.received), len(now.received), where)
                for before, after in zip(was.received, now.received, strict=True):
                    pair = (before, after) if same else (head(before), head(after))
                    self.assertEqual(differences(*pair), [], where)

    async def test_values_received_before_can_be_sent(self) -> None:
        actions = example(
            {
                "MsgType": "ReqQryTradingAccount",
                "QryTradingAccount": {"InvestorID": "$RspUserLogin.UserID"},
                "RequestID": 2,
            }
        )
        played = await play(reactor, CONFIG, {"td": (example(LOGIN), actions)})
        self.assertEqual(played["td"][1].sent["QryTradingAccount"], {"InvestorID": "demo"})

    async def test_a_value_that_was_not_received_is_named(self) -> None:
        body = {"InvestorID": "$RspUserLogin.Nothing"}
        request = {"MsgType": "ReqQryInvestor", "QryInvestor": body}
        scripts = {"td": (example(LOGIN), example(request))}
        try:
            await play(reactor, CONFIG, scripts)
        except ExampleError as problem:
            self.assertIn("no RspUserLogin with a Nothing", str(problem))
        else:
            self.fail("nothing was said of it")


class ReadmeTests(TestCase):
    """The client in the READMEs."""

    timeout = 120

    async def test_the_python_client_runs_as_it_stands(self) -> None:
        with tempfile.TemporaryDirectory() as flow:
            settings = replace(load_config(str(CONFIG)), port=0, con_file_path=flow)
            daemon = Daemon(reactor, settings)
            daemon.startService()
            try:
                port = cast(IPv4Address, daemon.ports[0].getHost()).port
                for readme in READMES:
                    found = re.search(r"```python\n(.*?)```", readme.read_text("utf-8"), re.S)
                    assert found is not None, readme
                    client = found[1].replace(":8080/", f":{port}/")
                    self.assertNotEqual(client, found[1])
                    code, said = await python("-c", client)
                    self.assertEqual((code, len(said.splitlines())), (0, 1), said)
                    self.assertIn(": 10000000.0", said)
            finally:
                await daemon.stopService()


class CommandTests(TestCase):
    """`python -m webctp docs`, in a copy of the checkout."""

    timeout = 120

    def setUp(self) -> None:
        self.root = Path(self.mktemp()).absolute()
        shutil.copytree(ROOT / "webctp", self.root / "webctp")
        shutil.copytree(ROOT / "docs", self.root / "docs")
        shutil.copytree(ROOT / "clients", self.root / "clients")

    async def command(self, *arguments: str) -> tuple[int, str]:
        """The command's exit code and output."""
        return await python("-m", "webctp", "docs", *arguments, path=str(self.root))

    async def test_check_says_what_differs_and_writes_nothing(self) -> None:
        page = self.root / "docs" / "configuration.md"
        self.assertEqual((await self.command())[0], 0)
        right = page.read_text("utf-8")
        self.assertEqual(await self.command("--check"), (0, ""))
        page.write_text(right.replace("`8080`", "`8081`"), "utf-8")
        code, said = await self.command("--check")
        self.assertEqual(code, 1)
        self.assertIn("docs/configuration.md", said)
        self.assertIn("`8081`", page.read_text("utf-8"))
        code, said = await self.command()
        self.assertEqual((code, page.read_text("utf-8")), (0, right))
        self.assertIn("docs/configuration.md", said)

    async def test_record_keeps_what_the_simulated_front_answers(self) -> None:
        recorded = self.root / "docs" / "examples" / "errors.recorded.json"
        before = json.loads(recorded.read_text("utf-8"))
        recorded.write_text("[]\n", "utf-8")
        code, said = await self.command("--record")
        self.assertEqual(code, 0, said)
        self.assertEqual(json.loads(recorded.read_text("utf-8")), before)

    async def test_a_mistake_in_a_page_is_named_in_one_line(self) -> None:
        page = self.root / "docs" / "configuration.md"
        page.write_text(page.read_text("utf-8") + "<!-- made: nonsense -->\n", "utf-8")
        code, said = await self.command("--check")
        self.assertEqual(code, 1)
        self.assertIn("docs/configuration.md", said)
        self.assertIn("nonsense", said)
        self.assertEqual(len(said.splitlines()), 1)

    async def test_without_pages_it_says_where_to_run(self) -> None:
        shutil.rmtree(self.root / "docs")
        code, said = await self.command()
        self.assertEqual(code, 1)
        self.assertIn("run this in a checkout", said)
