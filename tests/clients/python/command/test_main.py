"""The command line on a real gateway."""

import contextlib
import csv
import io
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from tests.clients.python.gateways import GatewayCase
from webctp_client.command import asked, main, quotes
from webctp_client.command.main import main as same

assert main is same


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
