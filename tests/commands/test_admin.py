"""`python -m webctp admin`, and a gateway that it asks."""

import contextlib
import io
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from webctp.__main__ import main
from webctp.commands import admin
from webctp.serving.admin import ENDED
from webctp.testing import Gateway
from webctp.testing.rows import BROKER, USER


class AdminCommand(TestCase):
    """What it prints and returns."""

    timeout = 240

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="webctp-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.config = self.folder / "webctp.yaml"

    def gateway(self, listen: str = "") -> Gateway:
        """Make a gateway with a socket."""
        return Gateway("sim://", AdminListen=listen or f"unix:{self.folder}/a.sock")

    async def run_it(self, gateway: Gateway, *arguments: str) -> tuple[int, str, str]:
        """Run the command by the gateway's configuration; gives code, output and errors."""
        out, err = io.StringIO(), io.StringIO()
        words = ["admin", *arguments, "--config", f"{gateway.folder}/webctp.yaml"]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = await deferToThread(main, words)
        return code, out.getvalue(), err.getvalue()

    async def test_tables_and_json(self) -> None:
        async with self.gateway() as gateway:
            await gateway.trader()
            code, out, _ = await self.run_it(gateway, "clients")
            head, row = out.splitlines()
            self.assertEqual((code, head.split()[:3]), (0, ["id", "service", "address"]))
            self.assertIn(f"{BROKER}:{USER}", row)
            _, out, _ = await self.run_it(gateway, "sessions", "--json")
            (session,) = json.loads(out)["sessions"]
            self.assertEqual(session["state"], "ready")
            _, out, _ = await self.run_it(gateway, "limits")
            self.assertIn("MaxSessions", out)
            _, out, _ = await self.run_it(gateway, "tokens")
            self.assertEqual(out.strip(), "none")

    async def test_a_client_and_a_session_are_ended(self) -> None:
        async with self.gateway() as gateway:
            client = await gateway.trader()
            _, out, _ = await self.run_it(gateway, "clients", "--json")
            number = str(json.loads(out)["clients"][0]["id"])
            code, _, _ = await self.run_it(gateway, "end", "session", f"{BROKER}:{USER}")
            self.assertEqual(code, 0)
            code, out, _ = await self.run_it(gateway, "end", "client", number)
            self.assertEqual((code, out.strip()), (0, "ended: 1"))
            self.assertEqual(await client.closed, ENDED)
            for what in (("client", number), ("client", "../kill"), ("session", "a b/\u4e2d")):
                code, _, said = await self.run_it(gateway, "end", *what)
                self.assertEqual(code, admin.REFUSED, what)
                self.assertIn("GET /admin/", said)

    async def test_the_kill_switch(self) -> None:
        async with self.gateway() as gateway:
            words: Any = ("kill", "stop", "--account", "9999/0123", "--reason", "测试")
            code, out, _ = await self.run_it(gateway, *words)
            self.assertEqual(code, 0)
            self.assertIn("account:9999/0123", out)
            _, out, _ = await self.run_it(gateway, "kill")
            self.assertIn("测试", out)
            await self.run_it(gateway, "kill", "none", "--account", "9999/0123")
            _, out, _ = await self.run_it(gateway, "kill")
            self.assertEqual(out.strip(), "none")
            code, _, said = await self.run_it(gateway, "kill", "stop", "--account", "9999")
            self.assertEqual(code, admin.REFUSED)
            self.assertIn("InvestorID", said)

    async def test_nobody_answers(self) -> None:
        async with self.gateway("tcp:0:interface=127.0.0.1") as gateway:
            code, _, said = await self.run_it(gateway, "clients")
            self.assertEqual(code, admin.REFUSED)
            self.assertIn("AdminListen", said)
        async with self.gateway("off") as gateway:
            code, _, said = await self.run_it(gateway, "clients")
            self.assertEqual(code, admin.REFUSED)
            self.assertIn("AdminListen is off", said)
        with contextlib.redirect_stderr(io.StringIO()) as err:
            code = main(["admin", "clients", "--path", f"{self.folder}/none.sock"])
        self.assertEqual(code, admin.NOBODY)
        self.assertIn("no daemon answers", err.getvalue())
