"""`python -m webctp kill`, and a real daemon that it stops."""

import contextlib
import getpass
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.daemons import ROOT, DaemonProcess, sleep, until
from webctp.__main__ import COMMANDS, main
from webctp.commands import kill
from webctp.gateway.access.tokens.record import new_token
from webctp.testing.client import GatewayClient, connect
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.acknowledging import Acknowledging
from webctp.upstream.kill.halts import Halt, KillFile, KillLevel
from webctp.upstream.orders.parkedorders import Parked, ParkedLeft


class CommandTests(SynchronousTestCase):
    """What it writes, says and returns."""

    def setUp(self) -> None:
        self.path = str(Path(self.mktemp()).absolute() / "kill.json")
        self.file = KillFile(self.path)
        self.patch(kill, "PATIENCE", 0.0)

    def run_it(self, *arguments: str) -> tuple[int, str, str]:
        """Run the command; gives its exit code, and what it prints."""
        with (
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.redirect_stderr(io.StringIO()) as err,
        ):
            code = main(["kill", *arguments, "--path", self.path])
        return code, out.getvalue(), err.getvalue()

    def gateway(self, place: str = "/var/td") -> Acknowledging:
        """A gateway that runs on the file."""
        one = Acknowledging(self.file.path, place)
        one.begin()
        self.addCleanup(one.end)
        return one

    def test_every_gateway_on_the_file_is_waited_for_and_named(self) -> None:
        first, second = self.gateway("/var/one"), self.gateway("/var/two")
        first.acknowledge(1)
        code, out, err = self.run_it("stop-and-cancel")
        self.assertEqual((code, out), (kill.NOBODY, ""))
        self.assertIn("but the gateway of /var/two (pid ", err)
        second.acknowledge(1)
        code, out, err = self.run_it("stop-and-cancel")
        self.assertEqual((code, out), (kill.NOBODY, ""))
        self.assertEqual(err.count("has not taken it"), 2)
        for one in (first, second):
            one.acknowledge(3)
        code, out, err = self.run_it("stop-and-cancel")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("/var/one (pid ", out)
        self.assertIn("/var/two (pid ", out)
        first.end()
        second.acknowledge(4)
        code, out, err = self.run_it("stop-and-cancel")
        self.assertEqual((code, err), (0, ""))
        self.assertNotIn("/var/one", out, "it runs no more")

    def test_without_a_daemon_it_is_on_disk_and_says_so(self) -> None:
        code, out, err = self.run_it("stop", "--reason", "fat finger")
        self.assertEqual((code, out), (kill.NOBODY, ""))
        self.assertIn("no daemon has taken it", err)
        halt = self.file.read(0).halts["all"]
        self.assertEqual((halt.level, halt.reason), (KillLevel.STOP, "fat finger"))

    def test_with_a_daemon_s_word_it_is_in_force(self) -> None:
        self.gateway().acknowledge(1)
        code, out, _ = self.run_it("stop-and-cancel", "--account", "9999/0123")
        self.assertEqual(code, 0)
        self.assertIn("stop-and-cancel for account:9999/0123: in force", out)

    def test_parked_orders_that_stay_at_the_front_are_named(self) -> None:
        gateway = self.gateway()
        gateway.acknowledge(9)
        left = ParkedLeft(
            (
                Parked(
                    BrokerID="9999",
                    InvestorID="0123",
                    ParkedOrderID="7",
                    InstrumentID="rb2701",
                    Direction="0",
                    CombOffsetFlag="0",
                    LimitPrice=3500.0,
                    VolumeTotalOriginal=2,
                ),
            ),
            (AccountKey("9999", "0456"),),
        )
        gateway.tell_left(0, msgspec.json.encode(left))
        self.patch(kill, "PATIENCE_FRONT", 0.0)
        code, out, err = self.run_it("stop")
        self.assertEqual(code, 0)
        self.assertIn("has not said which parked orders", err, "that was of another change")
        gateway.tell_left(2, msgspec.json.encode(left))
        code, out, err = self.run_it("reduce-only")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("parked order 7 of 9999/0123 stays at the front", out)
        self.assertIn("rb2701 0 0 3500 × 2", out)
        self.assertIn("9999/0456 has parked orders is not known", out)
        _, out, err = self.run_it("stop-and-cancel")
        self.assertNotIn("parked order", out + err)

    def test_targets_and_lifting(self) -> None:
        for more in ((), ("--token", "page"), ("--account", "9999/0123")):
            self.run_it("reduce-only", *more)
        self.assertEqual({*self.file.read(0).halts}, {"all", "token:page", "account:9999/0123"})
        _, out, _ = self.run_it("show")
        self.assertEqual(len(out.splitlines()), 3)
        self.run_it("none", "--token", "page")
        self.run_it("none")
        self.assertEqual({*self.file.read(0).halts}, {"account:9999/0123"})

    def test_what_was_forbidden_to_nobody_can_be_lifted(self) -> None:
        halt = Halt(target="account:9999/ 0123", level=KillLevel.STOP, since=0.0)
        self.file.change(lambda state: state.with_halt(halt), 0)
        self.run_it("none", "--account", "9999/ 0123")
        self.assertEqual(self.file.read(0).halts, {})

    def test_nothing_to_show(self) -> None:
        self.assertIn("nothing is forbidden", self.run_it("show")[1])

    def test_wrong_calls(self) -> None:
        for option, named, said in (
            ("--account", "0123", "write BROKERID/INVESTORID"),
            ("--account", "9999:0123", "write BROKERID/INVESTORID"),
            ("--account", "9999/", "write BROKERID/INVESTORID"),
            ("--account", "9999/ 0123", "InvestorID ' 0123' is no account of CTP's"),
            ("--account", "9999/01/23", "InvestorID '01/23' is no account"),
            ("--account", "９９９９/0123", "is no account of CTP's"),
            ("--token", "my page", "'my page' is the name of no token"),
            ("--token", "", "--token is empty"),
        ):
            code, _, err = self.run_it("stop", option, named)
            self.assertEqual(code, kill.NOT_ON_DISK, named)
            self.assertIn(said, err)
            self.assertEqual(self.file.read(0).halts, {})
        with self.assertRaises(SystemExit) as ended:
            self.run_it("halt")
        self.assertEqual(ended.exception.code, 2)

    def test_a_token_in_place_of_its_name_is_not_written_or_repeated(self) -> None:
        shown = new_token().reveal()
        for more in (("--token", shown), ("--reason", f"lost {shown}"), ("--account", shown)):
            code, out, err = self.run_it("stop", *more)
            self.assertEqual(code, kill.NOT_ON_DISK)
            self.assertIn("holds a token", err)
            self.assertNotIn(shown[7:], out + err)
        self.assertEqual(self.file.read(0).halts, {})

    def test_a_disk_that_takes_nothing(self) -> None:
        with patch.object(KillFile, "_write", side_effect=OSError(28, "No space left")):
            code, _, err = self.run_it("stop")
        self.assertEqual(code, kill.NOT_ON_DISK)
        self.assertIn("not on disk", err)

    def test_the_configuration_names_the_file(self) -> None:
        config = Path(self.mktemp()).absolute()
        config.write_text(f"TdFrontAddress: sim://\nAppType: td\nKillFile: {self.path}\n", "utf-8")
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(main(["kill", "stop", "-c", str(config)]), kill.NOBODY)
        self.assertIn("all", self.file.read(0).halts)

    def test_it_stands_among_the_commands(self) -> None:
        self.assertIn("kill", COMMANDS)


CONFIG = """
AppType: td
TdFrontAddress: sim+unix://{directory}/front
BrokerID: "9999"
Host: 127.0.0.1
Port: 0
QueryInterval: 0
Journal: {{Path: {directory}/journal.sqlite}}
ConFilePath: {directory}/con_file
AuditLog: {{Path: {directory}/audit.jsonl}}
"""
ORDER = {
    "InstrumentID": "cu2701",
    "ExchangeID": "SHFE",
    "OrderPriceType": "2",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "CombHedgeFlag": "1",
    "TimeCondition": "3",
    "VolumeCondition": "1",
    "ContingentCondition": "1",
    "ForceCloseReason": "0",
    "VolumeTotalOriginal": 1,
}


class DaemonTests(TestCase):
    """A real daemon before a real exchange process: stopped in a flow, killed, started again."""

    timeout = 240

    def setUp(self) -> None:
        # A socket's path is short.
        self.directory = Path(tempfile.mkdtemp(prefix="webctp-kill-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.processes: list[Any] = []
        self.addCleanup(self.end_all)

    def end_all(self) -> None:
        """End what was started, by itself."""
        for process in self.processes:
            process.kill()
            if isinstance(process, subprocess.Popen):
                process.wait()

    async def daemon(self, name: str) -> DaemonProcess:
        """Start a daemon on the same journal and kill file."""
        config = CONFIG.format(directory=self.directory)
        started = DaemonProcess(str(self.directory / name), config)
        self.processes.append(started)
        return await started.listening()

    def exchange(self) -> None:
        """Start the exchange, which outlives daemons."""
        command = [sys.executable, "-m", "webctp", "sim", f"{self.directory}/front"]
        command += ["--options", "balance=1000000000"]
        output = (self.directory / "exchange").open("wb")
        with output:
            self.processes.append(
                subprocess.Popen(
                    command,
                    cwd=self.directory,
                    env={**os.environ, "PYTHONPATH": str(ROOT)},
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )

    async def trader(self, daemon: DaemonProcess) -> GatewayClient:
        """A client that is logged in."""
        client = await connect(daemon.port, "/td/", patience=60)
        self.addCleanup(client.abort)
        body = {"UserID": "u1", "Password": "p"}
        answer = await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": body, "RequestID": 1})
        self.assertEqual(answer["RspInfo"]["ErrorID"], 0, answer)
        return client

    def say(self, client: GatewayClient, number: int, price: float) -> None:
        """Send an order with a ClientOrderID."""
        client.say(
            {
                "MsgType": "ReqOrderInsert",
                "InputOrder": {**ORDER, "LimitPrice": price},
                "RequestID": 1000 + number,
                "ClientOrderID": f"o{number}",
            }
        )

    def kill_word(self, level: str) -> int:
        """Run the command as a process of its own."""
        command = [sys.executable, "-m", "webctp", "kill", level]
        path = f"{self.directory}/con_file/kill.json"
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([*command, "--path", path], env=environment, check=False, timeout=60)
        return done.returncode

    def inserted(self) -> int:
        """How many inserts the journal has as sent."""
        with contextlib.closing(sqlite3.connect(self.directory / "journal.sqlite")) as database:
            query = "SELECT count(*) FROM record WHERE type = 'request' AND name = ?"
            (count,) = database.execute(query, ("ReqOrderInsert",)).fetchone()
        return int(count)

    async def price(self, client: GatewayClient) -> float:
        """A price at which a buyer's order rests."""
        body = {"InstrumentID": "cu2701"}
        found = await client.ask(
            {"MsgType": "ReqQryDepthMarketData", "QryDepthMarketData": body, "RequestID": 7}
        )
        return float(found["DepthMarketData"]["LowerLimitPrice"])

    async def working(self, client: GatewayClient) -> list[Any]:
        """The orders that the exchange lists as resting."""
        rows = await client.answers({"MsgType": "ReqQryOrder", "QryOrder": {}, "RequestID": 8})
        orders = [row["Order"] for row in rows if row.get("Order")]
        return [one for one in orders if one["OrderStatus"] not in ("0", "5")]

    def test_stopped_cancelled_and_still_in_force_after_kill_9(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self.story())

    async def story(self) -> None:
        self.exchange()
        daemon = await self.daemon("one")
        client = await self.trader(daemon)
        price = await self.price(client)
        word = deferToThread(self.kill_word, "stop-and-cancel")
        number = 0
        while not word.called:
            number += 1
            self.say(client, number, price)
            await sleep(0.01)
        self.assertEqual(await word, 0, "a daemon has it in force")
        await sleep(0.2)  # what the journal has of before is on disk by then
        before = self.inserted()
        self.assertGreater(before, 0)
        for _ in range(30):
            number += 1
            self.say(client, number, price)
        refused = await client.until(
            lambda one: one.get("RequestID") == 1000 + number, "the last refusal"
        )
        self.assertEqual(refused["RspInfo"]["ErrorID"], -403, refused)
        await sleep(0.2)
        self.assertEqual(self.inserted(), before, "nothing is inserted after the answer")
        while await self.working(client):
            await sleep(0.2)
        daemon.kill()
        second = await self.daemon("two")
        client = await self.trader(second)
        self.say(client, number + 1, price)
        refused = await client.until(lambda one: one.get("RequestID") == 1001 + number, "a refusal")
        self.assertEqual(refused["RspInfo"]["ErrorID"], -403, refused)
        self.assertEqual(self.inserted(), before)
        (halt,) = json.loads((self.directory / "con_file/kill.json").read_text("utf-8"))["halts"]
        self.assertEqual(halt["level"], "stop-and-cancel")
        self.assertEqual(await deferToThread(self.kill_word, "none"), 0)
        self.say(client, number + 2, price)
        await client.until("RtnOrder", "an order after the lifting")
        second.terminate()
        await until(lambda: not second.running, "the second daemon's end")
        lines = (self.directory / "audit.jsonl").read_text("utf-8").splitlines()
        kills = [one for one in map(json.loads, lines) if one["act"] == "kill"]
        told = [(one["who"], one["address"], one["Level"]) for one in kills]
        me = f"{getpass.getuser()} (command)"
        self.assertEqual(told, [(me, "file", "stop-and-cancel"), (me, "file", "none")])
