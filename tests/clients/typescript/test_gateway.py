"""The client in TypeScript on Node.js, with real gateways."""

import contextlib
import io
import shutil
import tempfile
from pathlib import Path
from typing import Final
from unittest import TestCase

from tests.clients.python.gateways import RealGateway, shared
from tests.clients.typescript.node import built, node, run
from webctp.commands import token

_MORNING: Final = "sim://?seed=11&start=2026-11-23T09:30:00&speed=2"
"""An exchange where the market is open for long, whatever the hour is here."""
_ASKING: Final = """
import { connect } from "./dist/index.js";
const [url, token, patience] = process.argv.slice(2);
const client = await connect(url, { token, connectTimeoutMs: Number(patience) });
const told = await client.GetApiVersion().then(() => "let in", (problem) => problem.name);
console.log(told);
client.close();
"""


class Session(TestCase):
    """A session, step by step."""

    def test_ticks_orders_queries_and_mirrors(self) -> None:
        place = built()
        shutil.copy(Path(__file__).with_name("session.mjs"), place)
        told = run([str(node()), "session.mjs", shared(_MORNING).url, "typescript"], place)
        self.assertEqual(told, "the session is over\n")


class Tokens(TestCase):
    """Where a token is demanded."""

    def setUp(self) -> None:
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        path = folder / "tokens.json"
        aside = contextlib.redirect_stderr(io.StringIO())
        with contextlib.redirect_stdout(io.StringIO()) as told, aside:
            code = token.main(["add", "page", "--path", str(path), "--scope", "md"])
        self.assertEqual(code, 0, told.getvalue())
        self.token = next(one for one in told.getvalue().split() if one.startswith("webctp_"))
        self.gateway = RealGateway(more=f"Access: {{Tokens: {path}}}\n")
        self.addCleanup(self.gateway.end)

    def test_one_lets_in_and_without_one_nobody_comes_in(self) -> None:
        place = built()
        (place / "token.mjs").write_text(_ASKING, "utf-8")
        for shown, patience, wanted in (
            (self.token, 60_000, "let in"),
            (f"{self.token}x", 500, "Disconnected"),
        ):
            command = [str(node()), "token.mjs", self.gateway.url, shown, str(patience)]
            self.assertEqual(run(command, place), f"{wanted}\n")
