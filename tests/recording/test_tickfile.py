"""Files of recorded ticks: written whole, read past whatever is damaged."""

import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.recording.test_rows import layout, raw_ticks, tick
from webctp.ctp.codec import text_of
from webctp.recording.cells import bytes_of
from webctp.recording.errors import TickFileError
from webctp.recording.parquet import pyarrow
from webctp.recording.rows import RowFormat, Tick
from webctp.recording.tickfile import CsvWriter, files_of, instruments_of, name_of, read, writer


class FileCase(SynchronousTestCase):
    """A folder of its own."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.rows = RowFormat(layout())
        self.told: list[str] = []
        self.day: date | None = None

    def write(self, ticks: list[Tick], day: str = "20261123", kind: str = "csv") -> Path:
        before = set(self.folder.iterdir())
        file = writer(self.folder, day, kind, self.rows)
        file.write(ticks)
        file.close()
        new = set(self.folder.iterdir()) - before
        return new.pop() if new else self.folder / name_of(day, 1, kind)

    def file(self, content: bytes, name: str = "foreign.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def read(self, path: Path) -> list[Tick]:
        self.told = []
        return list(read(path, self.rows, self.told.append, self.day))

    def names(self, path: Path) -> list[Any]:
        return [layout().text(one.raw, "InstrumentID") for one in self.read(path)]


def decodable(cells: Iterable[str]) -> list[str]:
    """The cells that can stand for a text."""
    found = []
    for cell in cells:
        try:
            bytes_of(cell)
        except ValueError:
            continue
        found.append(cell)
    return found


class CsvTests(FileCase):
    """Comma-separated values."""

    def test_what_is_written_is_read(self) -> None:
        ticks = [tick(number, InstrumentID=f"a{number}") for number in range(100)]
        self.assertEqual(self.read(self.write(ticks)), ticks)
        self.assertEqual(self.told, [])

    def test_a_second_writer_adds_to_the_file(self) -> None:
        path = self.write([tick(1)])
        self.assertEqual(self.write([tick(2)]), path)
        self.assertEqual(self.read(path), [tick(1), tick(2)])
        self.assertEqual(path.read_bytes().count(self.rows.header), 1)

    def test_a_torn_last_line_is_cut_off_wherever_it_was_torn(self) -> None:
        path = self.write([tick(1, InstrumentID="whole"), tick(2, InstrumentID="torn")])
        content = path.read_bytes()
        whole = content[: content.rindex(b"\n", 0, -1) + 1]
        for end in range(len(content)):
            path.write_bytes(content[:end])
            self.write([tick(3, InstrumentID="next")])
            kept = whole if end >= len(whole) else self.rows.header
            expected = kept + self.rows.line(tick(3, InstrumentID="next"))
            self.assertEqual(path.read_bytes(), expected, end)

    def test_the_zeros_of_a_power_cut_are_cut_off(self) -> None:
        path = self.write([tick(1)])
        with path.open("ab") as file:
            file.write(b"\0" * 100_000)
        self.assertEqual(self.read(path), [tick(1)])
        self.assertIn(f"{path}: line 3: skipped: not finished", self.told[0])
        self.write([tick(2)])
        self.assertEqual(self.read(path), [tick(1), tick(2)])

    def test_a_file_of_other_columns_is_left_alone(self) -> None:
        other = self.folder / "TICKS-20261123.csv"
        other.write_bytes(b"TradingDay,InstrumentID\n20261123,a\n")
        path = self.write([tick(1)])
        self.assertEqual(path.name, "TICKS-20261123-0002.csv")
        self.assertEqual(self.write([tick(2)]), other.with_name(name_of("20261123", 1, "csv")))
        self.assertEqual(self.read(path), [tick(1), tick(2)])
        self.assertEqual(other.read_bytes(), b"TradingDay,InstrumentID\n20261123,a\n")

    def test_a_failed_write_leaves_whole_lines(self) -> None:
        path = self.folder / "TICKS-20261123.csv"
        file = CsvWriter(path, self.rows)
        file.write([tick(1)])
        before = path.read_bytes()
        real = os.write
        calls: list[int] = []

        def half(descriptor: int, data: bytes) -> int:
            calls.append(len(data))
            if len(calls) > 1:
                raise OSError(28, "No space left on device")
            return real(descriptor, data[: len(data) // 2])

        self.patch(os, "write", half)
        self.assertRaises(OSError, file.write, [tick(2), tick(3)])
        self.assertEqual(path.read_bytes(), before)
        self.patch(os, "write", real)
        file.write([tick(4)])
        file.close()
        self.assertEqual(self.read(path), [tick(1), tick(4)])

    def test_damaged_rows_are_told_with_file_and_line_and_skipped(self) -> None:
        good = self.rows.line(tick(1, InstrumentID="good"))
        path = self.file(
            self.rows.header
            + good
            + b"rubbish\n"
            + self.rows.header
            + b"\xff\xfe" + good
            + b"\n"
            + good.replace(b"good", b'"good')
            + b"x" * 50_000 + b"\n"
            + good.replace(b",0,", b",zero,", 1)
            + good
            + good[:-1]
        )  # fmt: skip
        self.assertEqual(self.names(path), ["good", "good"])
        self.assertEqual(
            [line.removeprefix(f"{path}: ").partition(": skipped: ")[0] for line in self.told],
            ["line 3", "line 4", "line 5", "line 7", "line 8", "line 9", "line 11"],
        )

    def test_millions_of_damaged_rows_are_counted(self) -> None:
        path = self.file(self.rows.header + b"rubbish\n" * 500)
        self.assertEqual(self.read(path), [])
        self.assertEqual(len(self.told), 21)
        self.assertEqual(self.told[-1], f"{path}: 500 rows skipped in all")

    def test_files_of_other_tools(self) -> None:
        for content in (
            b"InstrumentID,UpdateTime\na,09:00:00\nb,09:00:01\n",
            b"\xef\xbb\xbfInstrumentID,UpdateTime\r\na,09:00:00\r\nb,09:00:01\r\n",
            b'"InstrumentID","UpdateTime"\n"a","09:00:00"\n"b","09:00:01"\n',
            b"UpdateTime, InstrumentID\n09:00:00,a\n09:00:01,b\n",
        ):
            path = self.file(content, "TICKS-20261123.csv")
            self.assertEqual(self.names(path), ["a", "b"], content)
            self.assertEqual(list(instruments_of(path, self.rows)), ["a", "b"], content)
            self.assertEqual(self.told, [])

    def test_a_whole_last_line_needs_no_newline_but_in_files_of_ours(self) -> None:
        path = self.file(b"InstrumentID,ReceivedTime\na,1795397700\nb,1795397701")
        self.assertEqual((self.names(path), self.told), (["a", "b"], self.told[:1]))
        path = self.file(b"InstrumentID,ReceivedTime\na,1795397700\nb")
        self.assertEqual(self.names(path), ["a"])
        self.assertIn("line 3: skipped: 1 cells found, wanted 2", self.told[-1])

    def test_gbk_files_with_chinese_columns(self) -> None:
        header = "交易日,合约代码,交易所代码,最新价,最后修改时间,最后修改毫秒,当日均价,业务日期"
        line = '20260623,ag2608,,15988.0000,9:00:00,500,"239717.0",20260623'
        path = self.file(f"{header}\r\n{line}\r\n{line}".encode("gbk"))
        self.assertEqual(self.names(path), ["ag2608", "ag2608"])
        self.assertEqual(list(instruments_of(path, self.rows)), ["ag2608"])
        self.assertEqual(
            self.told,
            [
                f"{path}: read as GBK text, which its first line is",
                f"{path}: UpdateTime: '9:00:00' is read as 09:00:00",
            ],
        )

    def test_gbk_text_in_another_file_is_named(self) -> None:
        path = self.file("InstrumentID,LastPrice\n沪铜,1.0\n".encode("gbk"))
        self.assertEqual(self.names(path), [])
        self.assertIn("GBK it seems; convert the file to UTF-8", self.told[0])

    def test_an_evening_of_czce_is_of_the_day_that_the_file_shows(self) -> None:
        """Three recorders: CTP's dates, the trading day only, and the stale morning tick."""
        night = 1_795_438_800 * 10**9  # 2026-11-23 21:00 in China
        for name, lines, first in (
            ("by the clock", ["SR701,20261123,21:00:00", "SR701,20261124,09:00:00"], night),
            ("the trading day", ["SR701,20261124,21:00:00", "SR701,20261124,09:00:00"], night),
            ("a stale tick", ["SR701,20261124,21:00:00", "rb2701,20261124,08:59:30"], night),
            ("SHFE's", ["rb2701,20261124,21:00:00", "SR701,20261123,21:00:00"], night),
        ):
            rows = "".join(f"{line}\n" for line in lines)
            path = self.file(f"InstrumentID,TradingDay,UpdateTime\n{rows}".encode())
            self.assertEqual(self.read(path)[0].received, first, name)

    def test_an_action_day_alone_may_be_the_trading_day(self) -> None:
        """DCE repeats the trading day there, SHFE tells the day by the clock."""
        lines = (
            "InstrumentID,ActionDay,UpdateTime",
            "m2701,20261123,21:00:00",  # a Monday: of Friday evening
            "rb2701,20261120,21:00:01",
            "m2701,20261123,22:59:59",
            "rb2701,20261123,09:00:00",
            "m2701,20261123,14:59:59",
            "rb2701,20261123,21:00:00",
            "m2701,20261124,21:00:00",
        )
        read = self.read(self.file("".join(f"{line}\n" for line in lines).encode()))
        friday = 1_795_179_600 * 10**9  # 2026-11-20 21:00 in China
        gone = [(one.received - friday) / 1e9 for one in read]
        self.assertEqual(gone, [0.0, 1.0, 7199.0, 216_000.0, 237_599.0, 259_200.0, 259_200.0])

    def test_a_file_without_any_date_is_refused(self) -> None:
        """Its ticks would be of 1970: bars of them, and a replay's trading day."""
        for content in (
            b"InstrumentID,UpdateTime\nrb2701,09:00:00\nrb2701,09:00:01\n",
            b"InstrumentID,TradingDay,ActionDay,UpdateTime\nrb2701,,,09:00:00\n",
            b"InstrumentID,TradingDay,UpdateTime\nrb2701,someday,09:00:00\n",
        ):
            path = self.file(content)
            error = self.assertRaises(TickFileError, self.read, path)
            self.assertIn(f"{path}: no row tells its date (TradingDay, ActionDay", str(error))
            self.assertIn("--day 20261123", str(error))
        path = self.file(b"InstrumentID,TradingDay\nrb2701,20261123\n")
        error = self.assertRaises(TickFileError, self.read, path)
        self.assertIn(f"{path}: no row tells when it was (UpdateTime or ", str(error))

    def test_the_day_that_is_named_is_that_of_ticks_without_one(self) -> None:
        lines = "InstrumentID,UpdateTime\nrb2701,21:00:00\nSR701,23:00:00\nrb2701,09:00:00\n"
        friday = 1_795_179_600  # 2026-11-20 21:00 in China: the evening before Monday's day
        wanted = [friday, friday + 7200, friday + 216_000]
        named = self.file(lines.encode(), "TICKS-20261123.csv")
        self.assertEqual([one.received // 10**9 for one in self.read(named)], wanted)
        self.day = date(2026, 11, 23)
        path = self.file(lines.encode())
        read = self.read(path)
        self.assertEqual([one.received // 10**9 for one in read], wanted)
        days = {layout().text(one.raw, "TradingDay") for one in read}
        self.assertEqual(days, {"20261123"})

    def test_the_day_that_is_named_changes_no_tick_that_tells_its_own(self) -> None:
        lines = b"InstrumentID,ActionDay,UpdateTime\nrb2701,20261124,09:00:00\n"
        before = self.read(self.file(lines))
        self.day = date(2026, 11, 23)
        self.assertEqual(self.read(self.file(lines)), before)

    def test_rows_before_the_first_date_are_of_its_day(self) -> None:
        lines = (
            b"InstrumentID,TradingDay,UpdateTime\n"
            b"rb2701,,08:59:00\nrb2701,,\nrb2701,20261124,09:00:00\n"
        )
        nine = 1_795_482_000  # 2026-11-24 09:00 in China
        found = [one.received // 10**9 - nine for one in self.read(self.file(lines))]
        self.assertEqual(found, [-60, -60, 0])

    def test_unknown_columns_are_told_once(self) -> None:
        path = self.file(b"InstrumentID,UpdateTime,Colour\na,09:00:00,red\nb,09:00:01,red\n")
        self.day = date(2026, 11, 23)
        self.assertEqual(self.names(path), ["a", "b"])
        self.assertEqual(self.told, [f"{path}: unknown columns passed over: Colour"])

    def test_what_is_no_recording(self) -> None:
        for content in (b"", b"\n", b"a,b\n1,2\n", b"\xff\xff\n", b"\0" * 100_000, b"InstrumentID"):
            path = self.file(content)
            error = self.assertRaises(TickFileError, self.read, path)
            self.assertTrue(str(error).startswith(f"{path}: line 1: "), content)
            self.assertRaises(TickFileError, instruments_of, path, self.rows)
        self.assertRaises(TickFileError, self.read, self.folder / "missing.csv")
        self.assertRaises(TickFileError, self.read, self.folder)

    @given(st.sampled_from(["", "ours", "InstrumentID,LastPrice\n"]), st.binary(max_size=300))
    def test_any_bytes_are_ticks_reports_or_one_error(self, header: str, content: bytes) -> None:
        first = self.rows.header if header == "ours" else header.encode()
        path = self.file(first + content)
        try:
            names = set(self.names(path))
            known = {text_of(bytes_of(cell)) for cell in decodable(instruments_of(path, self.rows))}
        except TickFileError as problem:
            first_line = str(problem).startswith(f"{path}: line 1: ")
            self.assertTrue(first_line or f"{path}: no row tells" in str(problem), problem)
        else:
            self.assertLessEqual(names, known)
            for line in self.told:
                self.assertNotIn("\n", line)

    def test_instruments_in_the_order_of_their_appearance(self) -> None:
        ticks = [tick(InstrumentID=name) for name in ("b", "a", "b", "c")]
        path = self.write(ticks)
        with path.open("ab") as file:
            file.write(b"rubbish\n")
        self.assertEqual(list(instruments_of(path, self.rows)), ["b", "a", "c"])

    @given(st.lists(raw_ticks(), max_size=3), st.data())
    def test_a_damaged_byte_costs_no_other_row(
        self, raws: list[bytes], data: st.DataObject
    ) -> None:
        ticks = [Tick(7, raw) for raw in raws]
        lines = [self.rows.line(one) for one in ticks]
        path = self.file(self.rows.header + b"".join(lines))
        content = bytearray(path.read_bytes())
        if not lines:
            return
        at = data.draw(st.integers(len(self.rows.header), len(content) - 1))
        content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != 10))
        path.write_bytes(content)
        back = [self.rows.line(one) for one in self.read(path)]
        struck = bytes(content[len(self.rows.header) :])
        untouched = [line for line in struck.splitlines(keepends=True) if line in lines]
        for line in untouched:
            self.assertIn(line, back)


class ParquetTests(FileCase):
    """Parquet, by pyarrow."""

    def setUp(self) -> None:
        super().setUp()
        pyarrow()

    def test_what_is_written_is_read(self) -> None:
        ticks = [tick(number, InstrumentID=f"a{number % 3}") for number in range(20_000)]
        path = self.write(ticks, kind="parquet")
        self.assertEqual(path.name, "TICKS-20261123-0001.parquet")
        self.assertEqual(self.read(path), ticks)
        self.assertEqual(list(instruments_of(path, self.rows)), ["a0", "a1", "a2"])
        self.assertEqual(self.told, [])

    @given(st.lists(raw_ticks(), max_size=5))
    def test_it_says_what_the_csv_says(self, raws: list[bytes]) -> None:
        ticks = [Tick(7, raw) for raw in raws]
        path = self.write(ticks, kind="parquet")
        lines = [self.rows.line(one) for one in self.read(path)]
        self.assertEqual(lines, [self.rows.line(one) for one in ticks])

    def test_each_part_is_a_file(self) -> None:
        self.write([tick(1)], kind="parquet")
        self.write([tick(2)], kind="parquet")
        self.assertEqual(
            [path.name for path in files_of(self.folder)],
            ["TICKS-20261123-0001.parquet", "TICKS-20261123-0002.parquet"],
        )

    def test_an_unfinished_part_is_no_recording(self) -> None:
        file = writer(self.folder, "20261123", "parquet", self.rows)
        file.write([tick(1), tick(2)])
        self.assertRaises(TickFileError, files_of, self.folder)
        self.assertEqual(file.abandon(), 2)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_is_no_recording(self) -> None:
        path = self.file(b"PAR1 rubbish PAR1", "a.parquet")
        self.assertRaises(TickFileError, self.read, path)
        self.assertRaises(TickFileError, instruments_of, path, self.rows)

    def test_a_file_without_any_date_is_refused(self) -> None:
        arrow, parquet = pyarrow()
        path = Path(self.mktemp()).with_suffix(".parquet")
        columns = {"InstrumentID": ["rb2701"], "UpdateTime": ["09:00:00"]}
        parquet.write_table(arrow.table(columns), path)
        problem = self.assertRaises(TickFileError, self.read, path)
        self.assertIn(f"{path}: no row tells its date", str(problem))
        self.day = date(2026, 11, 23)
        (tick,) = self.read(path)
        self.assertEqual(tick.received // 10**9, 1_795_395_600)

    def test_values_that_python_cannot_hold(self) -> None:
        arrow, parquet = pyarrow()
        path = Path(self.mktemp()).with_suffix(".parquet")
        no_text = arrow.array([b"rb\xff"], arrow.binary()).view(arrow.string())
        beyond = arrow.array([2**62], arrow.timestamp("us"))
        for columns in (
            {"InstrumentID": no_text},
            {"InstrumentID": ["rb2610"], "UpdateTime": beyond},
        ):
            parquet.write_table(arrow.table(columns), path)
            problem = self.assertRaises(TickFileError, self.read, path)
            self.assertIn(f"{path}: no Parquet file that can be read: ", str(problem))
        parquet.write_table(arrow.table({"InstrumentID": no_text}), path)
        self.assertRaises(TickFileError, instruments_of, path, self.rows)

    def test_without_pyarrow_its_installation_is_named(self) -> None:
        for name in ("pyarrow", "pyarrow.parquet"):
            self.addCleanup(sys.modules.__setitem__, name, sys.modules[name])
            sys.modules[name] = None  # type: ignore[assignment]
        error = self.assertRaises(TickFileError, writer, self.folder, "a", "parquet", self.rows)
        self.assertIn("-m pip install pyarrow", str(error))


class FolderTests(FileCase):
    """Several files as one recording."""

    def test_in_the_order_of_days_and_parts(self) -> None:
        names = [
            "TICKS-20261123.csv",
            "TICKS-20261123-0002.csv",
            "TICKS-20261123-0010.csv",
            "TICKS-20261124.csv",
            "TICKS-undated.csv",
        ]
        for name in (*reversed(names), "notes.txt", "TICKS-1.csv", "TICKS-20261124.parquet.part"):
            self.file(b"", name)
        self.assertEqual([path.name for path in files_of(self.folder)], names)

    def test_one_file_is_itself(self) -> None:
        path = self.file(b"")
        self.assertEqual(files_of(path), (path,))

    def test_nothing_to_read(self) -> None:
        self.assertRaises(TickFileError, files_of, self.folder)
        self.assertRaises(TickFileError, files_of, self.folder / "missing")
