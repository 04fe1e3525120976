"""The command line on a real gateway."""

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest import mock

from tests.clients import PYTHON
from tests.clients.python.gateways import GatewayCase
from tests.clients.test_windows import MODULES
from tests.daemons import PATIENCE
from webctp_client.command import asked, main, quotes
from webctp_client.command.main import main as same

assert main is same

_LIKE_WINDOWS: Final = """
import ast, asyncio, contextlib, sys
import msgspec, websockets.client
for name in ast.literal_eval(sys.argv[1]):
    sys.modules[name] = None

class Loop(asyncio.SelectorEventLoop):
    def refuse(self, *args, **kwargs):
        raise NotImplementedError
    add_reader = add_writer = add_signal_handler = remove_signal_handler = refuse
    create_unix_connection = connect_read_pipe = connect_write_pipe = subprocess_exec = refuse

asyncio.new_event_loop = asyncio.events.new_event_loop = Loop

from webctp_client import aio, connect, enums
from webctp_client.blocking import face
from webctp_client.command import main

face.SLICE = 0.05
url = sys.argv[2]
with contextlib.suppress(SystemExit):
    main(["--help"])
common = ["--url", url, "--user", "windows", "--password", "pass"]
assert main([*common, "call", "ReqQryInstrument", "ProductID=rb"]) == 0
assert main([*common, "watch", "rb????", "--count", "2"]) == 0
with connect(url, "windows", "pass", portfolio=True) as client:
    tick = next(client.ticks("rb????"))
    buy, first = enums.Direction.Buy, enums.OffsetFlag.Open
    order = client.limit_order(tick.InstrumentID, buy, first, tick.UpperLimitPrice, 1)
    order.wait_done(30)
    order = client.limit_order(tick.InstrumentID, buy, first, tick.LowerLimitPrice, 1)
    order.wait_known(30)
    client.cancel(order).wait_done(30)
assert main([*common, "export", "ReqQryTrade", "--output", "trades.csv"]) == 0

async def work():
    async with aio.connect(url, "windows", "pass") as client:
        assert (await client.ReqQryInvestor())[0].InvestorID == "windows"
        assert (await anext(client.ticks("rb????"))).InstrumentID

loop = Loop()
loop.run_until_complete(work())
loop.close()
print("all of it")
"""
"""Hides what POSIX alone has; its loop refuses what those of Windows refuse."""


class Commands(GatewayCase):
    """What a user types, and sees."""

    def said(self, *words: str, user: str = "") -> tuple[int, str, str]:
        """Run a command; return its exit code and what it said on both streams."""
        out, err = io.StringIO(), io.StringIO()
        argv = ["--url", self.gateway.url, *(["--user", user] if user else []), *words]
        environment = mock.patch.dict(os.environ, {"WEBCTP_PASSWORD": "pass"})
        with environment, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(argv)
        return code, out.getvalue(), err.getvalue()

    def test_call_shows_a_table_or_json(self) -> None:
        words = ("call", "ReqQryInstrument", "ProductID=rb", "ExchangeID=SHFE")
        code, out, err = self.said(*words, "--columns", "InstrumentID,PriceTick", user="typist")
        self.assertEqual(code, 0, err)
        lines = out.splitlines()
        self.assertEqual(lines[0].split(), ["InstrumentID", "PriceTick"])
        self.assertRegex(lines[1], r"^rb\d{4} +1\.0$")
        self.assertEqual(err, f"{len(lines) - 1} rows\n")
        _, out, _ = self.said(*words, "--json", user="typist")
        self.assertEqual({json.loads(line)["ProductID"] for line in out.splitlines()}, {"rb"})

    def test_call_sends_what_is_no_query_too(self) -> None:
        code, out, _ = self.said("call", "GetTradingDay", user="typist")
        self.assertRegex(out, r"^\d{8}\n$")
        code, out, err = self.said("call", "QryInstruments", "Text=lwg", "Count=2", "--json")
        self.assertEqual((code, len(out.splitlines())), (0, 2), err)

    def test_call_takes_json_where_a_field_holds_more_than_a_value(self) -> None:
        leg = {"Kind": "time", "At": "10:00:00", "InputOrder": {"InstrumentID": "no9999"}}
        words = ("ConditionalID=typed", f"Legs={json.dumps([leg])}")
        code, _, err = self.said("call", "InsertConditional", *words, user="typist")
        self.assertEqual(code, 1)
        self.assertRegex(err, "InsertConditional: -400 .*Legs", "the legs are read as legs")
        self.assertNotIn("expected `array`", err.lower())

    def test_mistakes_are_one_line_that_names_the_remedy(self) -> None:
        for words, told in (
            (("call", "ReqQryInstrumnt"), "did you mean ReqQryInstrument"),
            (("call", "ReqQryInstrument", "ProductId=rb"), "did you mean ProductID"),
            (("call", "ReqQryInstrument", "rb"), "'rb' is no FIELD=VALUE"),
            (("call", "ReqOrderInsert", "LimitPrice=x"), "LimitPrice is 'x'"),
            (("call", "ReqQryBar"), "needs InstrumentID=…, Period=…"),
            (("call", "ReqQryOrder"), "-401"),
            (("export", "GetTradingDay", "--output", "x.csv"), "is no query"),
            (("export", "ReqQryTrade", "--output", "x.xls"), ".csv or .jsonl"),
        ):
            user = "typist" if "GetTradingDay" in words else ""
            code, out, err = self.said(*words, user=user)
            self.assertEqual((code, out), (1, ""), words)
            self.assertIn(told, err)
            self.assertEqual(err.count("\n"), 1)
        for name in ("x.csv", "x.xls"):
            Path(name).unlink(missing_ok=True)

    def test_watch_shows_ticks(self) -> None:
        code, out, _ = self.said("watch", "rb????", "--count", "3")
        self.assertEqual((code, len(out.splitlines())), (0, 4))
        _, out, _ = self.said("watch", "rb????", "--count", "2", "--json")
        self.assertEqual(
            [json.loads(one)["InstrumentID"][:2] for one in out.splitlines()], ["rb"] * 2
        )

    def test_it_runs_where_there_is_neither_posix_nor_utf_8(self) -> None:
        hidden = repr(sorted(MODULES))
        with TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-c", _LIKE_WINDOWS, hidden, self.gateway.url],
                cwd=folder,
                env={"PYTHONPATH": str(PYTHON), "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
            self.assertEqual(done.returncode, 0, done.stderr.decode("cp1252"))
            table = Path(folder, "trades.csv").read_bytes()
        out = done.stdout.decode("cp1252")
        self.assertIn("\\u67e5\\u8be2", out, "the help's Chinese")
        self.assertIn("InstrumentName", out)
        self.assertIn(b"InvestorID", table.splitlines()[0])
        self.assertNotIn(b"\r", table)
        self.assertTrue(out.endswith("all of it\n"), out)

    def test_record_and_export_write_tables(self) -> None:
        with TemporaryDirectory() as folder:
            ticks = Path(folder, "ticks.csv")
            code, _, err = self.said("record", "rb????", "--output", str(ticks), "--count", "5")
            self.assertEqual(code, 0, err)
            with ticks.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            self.assertEqual(len(rows), 5)
            self.assertGreater(float(rows[0]["LastPrice"]), 0)
            lines = Path(folder, "ticks.jsonl")
            words = ("record", "none9999", "--output", str(lines), "--seconds", "0.3")
            self.assertEqual(self.said(*words)[0], 0)
            self.assertEqual(lines.read_text(), "")
            table = Path(folder, "products.csv")
            asking = ("export", "ReqQryExchange", "--output", str(table))
            code, _, err = self.said(*asking, user="typist")
            self.assertEqual(code, 0, err)
            self.assertIn("SHFE", table.read_text("utf-8"))
        self.assertTrue(asked.table_file("a.csv"))
        self.assertTrue(callable(quotes.ticks))
