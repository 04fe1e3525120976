"""What a daemon that was killed has left to cancel is done by the next one, and audited there."""

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import TestCase

from tests.chaos.test_restarts import ORDER, Exchange
from tests.daemons import DaemonProcess, until
from tests.gateway.access.tokens.test_record import token
from tests.wsclient import Client, Message, connect
from webctp.gateway.access.principal import Scope
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.secret import Secret

CONFIG: Final = """
AppType: td
TdFrontAddress: sim+unix://{directory}/front
BrokerID: "9999"
Host: 127.0.0.1
Port: 0
QueryInterval: 0
Journal: {{Path: {directory}/journal.sqlite}}
AuditLog: {{Path: {directory}/audit.jsonl}}
Access: {{Tokens: {directory}/tokens.json}}
ConFilePath: {directory}/con_file
"""
SECONDS: Final = 10
"""When the dead man's timer is due: the daemon is killed long before that."""


class LeftTests(TestCase):
    """``CancelAllAfter`` and ``CancelOnDisconnect`` over a ``kill -9``."""

    timeout = 180

    def setUp(self) -> None:
        # Not below the temporary directory of the tests: a socket's path has room for 107 bytes.
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name
        self.tokens = {"bot": new_token(), "boss": new_token()}
        with editing(Path(self.directory, "tokens.json")) as listed:
            for name, shown in self.tokens.items():
                listed.append(token(name, sha256=hash_of(shown), scopes=tuple(Scope)))

    def daemon(self, name: str) -> DaemonProcess:
        """A new process, with the files of the last."""
        config = CONFIG.format(directory=self.directory)
        daemon = DaemonProcess(f"{self.directory}/{name}", config)
        self.addCleanup(daemon.kill)
        return daemon

    async def trader(self, daemon: DaemonProcess, who: str, **options: object) -> Client:
        """A client that has logged in with a token."""
        shown: Secret = self.tokens[who]
        headers = {"Authorization": f"Bearer {shown.reveal()}"}
        client = await connect(daemon.port, "/td/", headers=headers)
        login = {"UserID": "u1", "Password": "p"}
        answer = await client.ask(
            {"MsgType": "ReqUserLogin", "ReqUserLogin": login, "RequestID": 1, **options}
        )
        self.assertEqual(answer["RspInfo"]["ErrorID"], 0, answer)
        return client

    async def rests(self, client: Client) -> Message:
        """Enter an order that rests; returns it."""
        asked = {"InstrumentID": ORDER["InstrumentID"]}
        query = "QryDepthMarketData"
        answer = await client.ask({"MsgType": f"Req{query}", query: asked, "RequestID": 2})
        price = answer["DepthMarketData"]["LowerLimitPrice"]
        order = {**ORDER, "LimitPrice": price, "VolumeTotalOriginal": 3}
        client.say({"MsgType": "ReqOrderInsert", "InputOrder": order, "RequestID": 3})
        pushed = await client.until(
            lambda one: one["MsgType"] == "RtnOrder" and one["Order"]["OrderStatus"] == "3",
            "the order to rest",
        )
        return dict(pushed["Order"])

    def lines(self, **wanted: str) -> list[dict[str, Any]]:
        """What the audit log says of cancellations for a run before."""
        path = Path(self.directory, "audit.jsonl")
        told = map(json.loads, path.read_text("utf-8").splitlines())
        return [one for one in told if one.get("Run") == "before" and wanted.items() <= one.items()]

    def test_the_next_run_cancels_and_says_for_whom_and_when_it_was_due(self) -> Deferred[None]:
        return ensureDeferred(self.over_a_restart())

    async def over_a_restart(self) -> None:
        exchange = Exchange(self.directory, 5, "")
        self.addCleanup(exchange.end)
        await exchange.serving()
        first = await self.daemon("first").listening()
        bot = await self.trader(first, "bot", CancelOnDisconnect=0)
        order = await self.rests(bot)
        timer = {"Milliseconds": SECONDS * 1000}
        armed = await bot.ask(
            {"MsgType": "CancelAllAfter", "CancelAllAfter": timer, "RequestID": 4}
        )
        self.assertEqual(armed["RspInfo"]["ErrorID"], 0, armed)
        first.kill()
        await bot.closed
        self.assertEqual(self.lines(), [])

        second = await self.daemon("second").listening()
        boss = await self.trader(second, "boss")
        await boss.until(
            lambda one: (
                one["MsgType"] == "RtnOrder"
                and one["Order"]["OrderSysID"] == order["OrderSysID"]
                and one["Order"]["OrderStatus"] == "5"
            ),
            "the order of the run before to be cancelled",
        )
        kinds = ("CancelOnDisconnect", "CancelAllAfter")
        await until(
            lambda: all(self.lines(Request=kind) for kind in kinds), "a line of each of the two"
        )
        for kind in kinds:
            (line,) = self.lines(Request=kind)
            self.assertEqual((line["who"], line["address"]), ("bot", "127.0.0.1"), kind)
            self.assertEqual((line["act"], line["account"]), ("cancel", "9999:u1"), kind)
            self.assertLessEqual(line["Due"], line["time"], kind)
        (line,) = self.lines(Request="CancelAllAfter")
        due, fires = map(datetime.fromisoformat, (line["Due"], armed["CancelAllAfter"]["FiresAt"]))
        self.assertLess(abs((due - fires).total_seconds()), 1)
        sent = self.lines(Request="ReqOrderAction")
        # Where the second run is slow to begin both are due, and each cancels what still rests.
        self.assertIn("CancelOnDisconnect", [one["For"] for one in sent])
        self.assertLessEqual(len(sent), len(kinds), sent)
        for one in sent:
            self.assertEqual(one["who"], "bot")
            self.assertEqual(one["OrderSysID"], order["OrderSysID"].strip())
            self.assertEqual(one["InstrumentID"], order["InstrumentID"])
        await boss.leave()
