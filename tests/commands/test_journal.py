"""`python -m webctp journal`."""

import contextlib
import csv
import io
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.__main__ import COMMANDS, main
from webctp.commands import journal
from webctp.ctp import catalog
from webctp.upstream.journal.store import Record, Store, Type

ROOT = Path(__file__).resolve().parents[2]


def order(status: str, **values: Any) -> Record:
    body = {
        "TradingDay": "20240102",
        "InvestorID": "028742",
        "ExchangeID": "SHFE",
        "InstrumentID": "rb2405",
        "FrontID": 1,
        "SessionID": 7,
        "OrderRef": "12",
        "OrderSysID": "         131",
        "LimitPrice": 3800.5,
        "VolumeTotalOriginal": 2,
        "OrderStatus": status,
        "StatusMsg": "未成交" if status == "3" else "全部成交报单已提交",
    }
    return Record(
        type=Type.ORDER, name="RtnOrder", time=10**18, user_id="028742", body=body | values
    )


class JournalCase(SynchronousTestCase):
    """A journal of a few records."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "journal.sqlite"
        self.store = Store(self.path)
        self.addCleanup(self.store.close)
        request = {"InstrumentID": "rb2405", "OrderRef": "12", "VolumeTotalOriginal": 2}
        trade = {"TradingDay": "20240102", "InstrumentID": "rb2405", "TradeID": "5", "Price": 3800}
        self.write(
            Record(type=Type.SESSION, name="ready", time=10**18, user_id="028742"),
            Record(type=Type.REQUEST, name="ReqOrderInsert", time=10**18, user_id="028742",
                   trading_day="20240102", client_order_id="=1+1", body=request),
            Record(type=Type.RETURN, name="ReqOrderInsert", time=10**18, code=0),
            order("3"),
            order("0", VolumeTraded=2),
            order("3", OrderRef="13", InstrumentID="ag2406", TradingDay="20240103"),
            Record(type=Type.TRADE, name="RtnTrade", time=10**18, user_id="028742", body=trade),
        )  # fmt: skip

    def write(self, *records: Record) -> None:
        self.store.begin()
        for record in records:
            self.store.add(record)
        self.store.commit()

    def run_command(self, *arguments: str, code: int = 0) -> str:
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            self.assertEqual(journal.main(arguments), code)
        return out.getvalue() + errors.getvalue()


class JournalCommandTests(JournalCase):
    """The command."""

    def test_list_has_a_line_for_each_record(self) -> None:
        lines = self.run_command("list", "--path", str(self.path)).splitlines()
        self.assertEqual(len(lines), 7)
        self.assertIn("ReqOrderInsert", lines[1])
        self.assertIn("InstrumentID=rb2405 OrderRef=12", lines[1])

    def test_a_damaged_record_is_named_and_hides_no_other(self) -> None:
        """One body cut off, one time that is none, one text that is no UTF-8."""
        with contextlib.closing(sqlite3.connect(self.path)) as database:
            database.execute("UPDATE record SET body = '{\"OrderRef\": ' WHERE id = 2")
            database.execute("UPDATE record SET time = x'00ff' WHERE id = 4")
            database.execute("UPDATE record SET detail = CAST(x'ff41' AS TEXT) WHERE id = 5")
            database.commit()
        for command, whole in (("list", 5), ("export", 1 + 5), ("orders", 1 + 2)):
            lines = self.run_command(command, "--path", str(self.path), code=1).splitlines()
            told = [one for one in lines if one.startswith("webctp journal: record ")]
            damaged = ["2", "4"]
            self.assertEqual([one.split()[3] for one in told], damaged, command)
            self.assertEqual(len(lines), whole + len(told), command)
        self.assertIn("time is b'\\x00\\xff'", told[1])

    def test_list_takes_filters(self) -> None:
        lines = self.run_command(
            "list", "--path", str(self.path), "--type", "order", "--type", "trade",
            "--instrument", "rb2405", "--day", "20240102",
        ).splitlines()  # fmt: skip
        self.assertEqual(len(lines), 3)

    def test_orders_shows_the_last_state_of_each(self) -> None:
        lines = self.run_command("orders", "--path", str(self.path)).splitlines()
        self.assertEqual(len(lines), 3)
        self.assertEqual(lines[0].split()[:2], ["TradingDay", "InsertTime"])
        self.assertIn("全部成交报单已提交", lines[1])
        self.assertIn("3800.5", lines[1])
        self.assertIn("ag2406", lines[2])

    def test_columns_of_chinese_text_stand_straight(self) -> None:
        self.write(order("3", OrderRef="14", StatusMsg="中文", ExchangeID="大商所", Direction="1"))
        lines = self.run_command("orders", "--path", str(self.path)).splitlines()
        at = lines[0].index("InstrumentID")
        chinese = lines[-1].index("rb2405")
        self.assertEqual(chinese + len("大商所"), at)

    def test_what_a_client_wrote_commands_no_terminal(self) -> None:
        self.write(
            Record(type=Type.REQUEST, name="ReqOrderInsert", time=1, client_order_id="a\n\x1b[2J"),
            order("3", OrderRef="\x1b[31m", StatusMsg="a\rb"),
        )
        for command in ("list", "orders"):
            shown = self.run_command(command, "--path", str(self.path))
            self.assertTrue(shown.replace("\n", "").isprintable(), command)
        listed = self.run_command("list", "--path", str(self.path), "--type", "request")
        self.assertEqual(len(listed.splitlines()), 2)

    def test_trades(self) -> None:
        lines = self.run_command("trades", "--path", str(self.path)).splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn("3800", lines[1])

    def test_what_two_sessions_of_an_account_were_told_is_shown_once(self) -> None:
        trade = {"TradingDay": "20240103", "InstrumentID": "rb2405", "TradeID": "6"}
        told = Record(type=Type.TRADE, name="RtnTrade", time=10**18, user_id="u", body=trade)
        with_itself = Record(
            type=Type.TRADE, name="RtnTrade", time=10**18, body={**trade, "Direction": "1"}
        )
        self.write(told, told, with_itself)
        lines = self.run_command("trades", "--path", str(self.path), "--day", "20240103")
        self.assertEqual(len(lines.splitlines()), 3)

    def test_an_order_that_one_session_tells_late_stays_as_it_is(self) -> None:
        day = {"TradingDay": "20240104"}
        self.write(order("0", SequenceNo=9, **day), order("3", SequenceNo=8, **day))
        lines = self.run_command("orders", "--path", str(self.path), "--day", "20240104")
        self.assertIn("全部成交", lines)

    def test_orders_of_a_journal_without_any(self) -> None:
        lines = self.run_command("orders", "--path", str(self.path), "--day", "19990101")
        head, told = lines.splitlines()
        self.assertIn("OrderStatus", head)
        self.assertIn("no record matches", told)

    def test_export_is_csv(self) -> None:
        text = self.run_command("export", "--path", str(self.path))
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(len(rows), 7)
        self.assertEqual([row["type"] for row in rows][:3], ["session", "request", "return"])
        self.assertIn('"InstrumentID":"rb2405"', rows[1]["body"])

    def test_a_cell_of_an_export_is_no_formula(self) -> None:
        text = self.run_command("export", "--path", str(self.path), "--client-order-id", "=1+1")
        (row,) = csv.DictReader(io.StringIO(text))
        self.assertEqual(row["client_order_id"], "'=1+1")

    def test_an_export_of_nothing_is_empty(self) -> None:
        self.assertEqual(
            self.run_command("export", "--path", str(self.path), "--user", "x"),
            "webctp journal: no record matches; it has records of 20240102, 20240103\n",
        )

    def test_no_journal_is_one_line_and_makes_none(self) -> None:
        missing = self.path.parent / "missing"
        text = self.run_command("list", "--path", str(missing), code=1)
        self.assertEqual(text, f"webctp journal: there is no journal {missing}\n")
        self.assertFalse(missing.exists())

    def test_a_wrong_call_says_what_there_is(self) -> None:
        for arguments in ([], ["burn"], ["list"], ["list", "--path", "x", "--type", "y"]):
            with self.subTest(arguments), self.assertRaises(SystemExit) as caught:
                self.run_command(*arguments)
            self.assertEqual(caught.exception.code, 2)

    def test_help_speaks_both_languages(self) -> None:
        with self.assertRaises(SystemExit), contextlib.redirect_stdout(io.StringIO()) as out:
            journal.main(["orders", "--help"])
        for word in ("trading day", "交易日", "ClientOrderID", "可重复"):
            self.assertIn(word, out.getvalue())

    def test_it_is_a_command_of_the_package(self) -> None:
        self.assertEqual(COMMANDS["journal"].module, "webctp.commands.journal")
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(main(["journal", "trades", "--path", str(self.path)]), 0)
        self.assertIn("rb2405", out.getvalue())

    def test_as_a_process_cut_off_by_its_reader(self) -> None:
        self.write(*[order("3", OrderRef=str(number)) for number in range(2000)])
        with subprocess.Popen(
            [sys.executable, "-m", "webctp", "journal", "list", "--path", str(self.path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            self.assertIn(b"ready", process.stdout.readline())
            process.stdout.close()
            errors = process.stderr.read()
        self.assertEqual((process.returncode, errors), (0, b""))

    def test_it_does_not_load_the_ctp_library(self) -> None:
        script = (
            "import sys; from webctp.commands.journal import main; main(sys.argv[1:]);"
            "assert not any(name.startswith('openctp_ctp') for name in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "orders", "--path", str(self.path)],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        self.assertEqual((done.returncode, done.stderr), (0, b""))


class OrdersTests(JournalCase):
    """Orders with what was asked, also those that were refused."""

    def setUp(self) -> None:
        super().setUp()
        asked = {"InstrumentID": "cu2405", "OrderRef": "20", "VolumeTotalOriginal": 2,
                 "Direction": "0"}  # fmt: skip
        common: dict[str, Any] = {"time": 10**18, "user_id": "028742", "trading_day": "20240104"}
        insert = Record(type=Type.REQUEST, name="ReqOrderInsert", client_order_id="mine",
                        body=asked, **common)  # fmt: skip
        taken = order("3", **{**asked, "TradingDay": "20240104", "OrderRef": "          20"})
        refused = {**asked, "OrderRef": "21", "InstrumentID": "zz9999"}
        self.write(
            insert,
            taken,
            order("0", **{**asked, "TradingDay": "20240104", "OrderRef": "          20"}),
            Record(type=Type.ERROR, name="RspOrderInsert", code=16, detail="CTP:找不到合约",
                   client_order_id="other", body=refused, **common),
            Record(type=Type.ERROR, name="RspOrderAction", code=25, body=refused, **common),
        )  # fmt: skip

    def rows(self, *arguments: str) -> list[list[str]]:
        said = self.run_command("orders", "--path", str(self.path), *arguments)
        return [line.split() for line in said.splitlines()[1:]]

    def test_a_client_order_id_stands_beside_its_order(self) -> None:
        (row,) = self.rows("--client-order-id", "mine")
        self.assertIn("cu2405", row)
        self.assertEqual(row[-3:], ["mine", "AllTraded", "全部成交报单已提交"])

    def test_a_refused_order_is_one(self) -> None:
        (row,) = self.rows("--day", "2024-01-04", "--instrument", "zz9999")
        self.assertEqual(row[-4:], ["other", "refused", "16", "CTP:找不到合约"])

    def test_orders_by_number(self) -> None:
        self.assertEqual(len(self.rows("--order-sys-id", "131")), 3)
        self.assertEqual(self.rows("--order-sys-id", "132"), [])


class WordTests(JournalCase):
    """Values by their names."""

    def test_orders_and_trades(self) -> None:
        sold = {"Direction": "1", "CombOffsetFlag": "3", "OrderRef": "30"}
        self.write(
            order("5", **sold),
            order("3", Direction="0", CombOffsetFlag="01", OrderRef="31"),
            order("9", Direction="?", CombOffsetFlag="0?", OrderRef="32"),
            Record(type=Type.TRADE, name="RtnTrade", time=10**18,
                   body={"InstrumentID": "rb2405", "Direction": "0", "OffsetFlag": "4"}),
        )  # fmt: skip
        said = self.run_command("orders", "--path", str(self.path))
        for row in (
            r"30 +Sell +CloseToday .* Canceled ",
            r"31 +Buy +Open,Close .* NoTradeQueueing ",
            r"32 +\? +0\? .* 9 ",
        ):
            self.assertRegex(said, row)
        said = self.run_command("trades", "--path", str(self.path))
        self.assertRegex(said, r"Buy +CloseYesterday")
        listed = self.run_command("list", "--path", str(self.path))
        self.assertIn("Direction=Sell CombOffsetFlag=CloseToday", listed)

    def test_in_chinese_they_are_what_ctp_calls_them(self) -> None:
        self.write(order("5", Direction="1", CombOffsetFlag="03", OrderRef="30"))
        self.patch(journal, "spoken", lambda: "zh")
        said = self.run_command("orders", "--path", str(self.path))
        self.assertRegex(said, r"30 +卖 +开仓,平今 .* 撤单")
        told = {meaning for name in journal.WORDS for meaning in self.meanings(name).values()}
        self.assertEqual(set(journal.CHINESE.values()) - told, {"被拒绝"})
        named = {word for words in journal.WORDS.values() for word in words.values()}
        self.assertEqual(set(journal.CHINESE) - named, {"refused"})

    def meanings(self, name: str) -> dict[str, str]:
        kinds = {"CombOffsetFlag": "OffsetFlag"}
        values = catalog.trading().enumerations[f"TThostFtdc{kinds.get(name, name)}Type"]
        return {one.value: one.meaning for one in values}

    def test_they_are_those_of_ctp(self) -> None:
        kinds = {"CombOffsetFlag": "OffsetFlag"}
        for name, words in journal.WORDS.items():
            values = catalog.trading().enumerations[f"TThostFtdc{kinds.get(name, name)}Type"]
            told = {one.value: one.constant.rpartition("_")[2] for one in values}
            self.assertEqual(words, told, name)


class CallTests(JournalCase):
    """How it is called, and what it says of a wrong call."""

    def test_the_configuration_says_where_the_journal_is(self) -> None:
        config = Path(self.mktemp())
        config.write_text(f"TdFrontAddress: sim://\nJournal:\n  Path: {self.path}\n")
        for option in ("--config", "-c"):
            said = self.run_command("list", option, str(config))
            self.assertEqual(len(said.splitlines()), 7)
        config.write_text("TdFrontAddress: sim://\n")
        said = self.run_command("list", "--config", str(config), code=1)
        self.assertEqual(
            said, f"webctp journal: {config}: no Journal is configured（未配置 Journal）\n"
        )
        said = self.run_command("list", "--config", "none.yaml", code=1)
        self.assertIn("found no file that can be read", said)

    def test_nothing_found_is_told(self) -> None:
        said = self.run_command("trades", "--path", str(self.path), "--day", "20250101")
        self.assertIn("no record matches; it has records of 20240102, 20240103", said)

    def test_a_wrong_filter_is_told(self) -> None:
        for option, value, told in (
            ("--day", "tomorrow", "'tomorrow' is no trading day such as 20240102"),
            ("--day", "20241301", "is no trading day"),
            ("--type", "banana", "choose from 'request', 'return', 'order'"),
        ):
            with (
                self.assertRaises(SystemExit) as raised,
                contextlib.redirect_stderr(io.StringIO()) as errors,
            ):
                journal.main(["list", "--path", str(self.path), option, value])
            self.assertEqual(raised.exception.code, 2)
            self.assertIn(told, errors.getvalue())

    def test_times_are_beijings(self) -> None:
        said = self.run_command("list", "--path", str(self.path), "--type", "session")
        self.assertTrue(said.startswith("2001-09-09 09:46:40.000000  "), said)
