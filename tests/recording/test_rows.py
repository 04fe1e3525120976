"""Rows of recordings: every tick reads back as it was, whatever it holds."""

import math
import struct
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.ctp.codec import DBL_MAX, Layout, codec_for, format_of
from webctp.recording.cells import RowError, bytes_of, cell_of, date_of
from webctp.recording.rows import RECEIVED, TICK, RowFormat, Tick


def layout() -> Layout:
    return codec_for(catalog.market_data().module).layout(TICK)


def raw_ticks() -> st.SearchStrategy[bytes]:
    """Structs with anything at all in every field, the unset and the odd ones often."""
    odd = st.sampled_from(
        [DBL_MAX, -DBL_MAX, math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, 71230.0, 1e15 + 0.5]
    )
    texts = st.sampled_from(
        [b"cu2701", b"SR701C6000", b"", "沪铜".encode("gbk"), b"\xff\x81", b"a,b", b'"', b"\\x41"]
    )
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "double": odd | st.floats(allow_nan=True),
        "int32": st.integers(-(2**31), 2**31 - 1),
        "text": texts | st.binary(max_size=90),
    }
    fields = layout().fields
    pack = struct.Struct(format_of(fields, layout().size)).pack
    return st.tuples(*(kinds[field.kind] for field in fields)).map(lambda values: pack(*values))


def comparable(values: dict[str, Any]) -> dict[str, Any]:
    """Values of which equality says all: NaN equal to NaN, -0.0 not to 0.0."""
    return {
        name: repr(value) if isinstance(value, float) else value for name, value in values.items()
    }


def tick(received: int = 1, **values: object) -> Tick:
    """A tick with these fields, the rest zero."""
    return Tick(received, layout().pack(values))


class LineTests(SynchronousTestCase):
    """A tick as a line, and back."""

    def setUp(self) -> None:
        self.rows = RowFormat(layout())
        self.reader = self.rows.reader(self.rows.columns)

    def back(self, line: bytes) -> Tick:
        self.assertEqual((line[-1:], line.count(b"\n")), (b"\n", 1))
        return self.reader.tick(line[:-1].decode().split(","))

    @given(st.integers(0, 2**63 - 1), raw_ticks())
    def test_every_tick_reads_back_field_for_field(self, received: int, raw: bytes) -> None:
        back = self.back(self.rows.line(Tick(received, raw)))
        self.assertEqual(back.received, received)
        self.assertEqual(comparable(layout().unpack(back.raw)), comparable(layout().unpack(raw)))

    @given(raw_ticks())
    def test_a_line_of_what_was_read_is_the_same_line(self, raw: bytes) -> None:
        line = self.rows.line(Tick(7, raw))
        self.assertEqual(self.rows.line(self.back(line)), line)

    @given(raw_ticks())
    def test_typed_values_read_back_too(self, raw: bytes) -> None:
        back = self.reader.tick(self.rows.values(Tick(7, raw)))
        self.assertEqual(self.rows.line(back), self.rows.line(Tick(7, raw)))

    @given(st.binary(max_size=80))
    def test_every_text_is_a_plain_cell_and_comes_back(self, raw: bytes) -> None:
        cell = cell_of(raw)
        self.assertNotRegex(cell, r'[\x00-\x1f,"]')
        self.assertEqual(bytes_of(cell), raw.partition(b"\0")[0])

    def test_the_columns_are_ctps_in_the_structs_order(self) -> None:
        fields = [field.name for field in layout().fields]
        self.assertEqual(list(self.rows.columns), [RECEIVED, *fields])
        self.assertEqual(self.rows.header, ",".join(self.rows.columns).encode() + b"\n")

    def test_an_unset_price_is_an_empty_cell_and_zero_is_not(self) -> None:
        line = self.rows.line(tick(LastPrice=DBL_MAX, OpenPrice=0.0, Volume=0))
        cells = dict(zip(self.rows.columns, line.decode().split(","), strict=True))
        self.assertEqual(
            (cells["LastPrice"], cells["OpenPrice"], cells["Volume"]), ("", "0.0", "0")
        )

    def test_chinese_text_is_readable(self) -> None:
        self.assertIn(",沪铜,".encode(), self.rows.line(tick(InstrumentID="沪铜")))

    def test_a_text_that_looks_like_an_unset_number_stays_text(self) -> None:
        looks = str(DBL_MAX).replace("+", "")
        for name in (looks, looks + "1", "null", ",null", "nan"):
            back = self.back(self.rows.line(tick(InstrumentID=name)))
            self.assertEqual(layout().text(back.raw, "InstrumentID"), name)


class ForeignRowTests(SynchronousTestCase):
    """Rows of other recorders, and damaged ones."""

    def setUp(self) -> None:
        self.rows = RowFormat(layout())

    def read(self, header: str, *lines: str) -> list[Tick]:
        reader = self.rows.reader(header.split(","))
        return [reader.tick(line.split(",")) for line in lines]

    def refusal(self, header: str, line: str) -> str:
        return str(self.assertRaises(RowError, self.read, header, line))

    def values(self, tick: Tick) -> dict[str, Any]:
        return layout().unpack(tick.raw)

    def test_columns_in_another_order_and_missing_ones(self) -> None:
        [one] = self.read("LastPrice,InstrumentID,Volume", "5390.00,SR701,297788")
        values = self.values(one)
        self.assertEqual(
            (values["LastPrice"], values["InstrumentID"], values["Volume"]),
            (5390.0, "SR701", 297788),
        )
        self.assertEqual((values["BidPrice1"], values["BidVolume1"]), (DBL_MAX, 0))

    def test_what_others_write_for_unset(self) -> None:
        for word in ("", "N/A", "NULL", "None"):
            [one] = self.read("InstrumentID,OpenPrice,Volume", f"a,{word},{word}")
            self.assertEqual(
                (self.values(one)["OpenPrice"], self.values(one)["Volume"]), (DBL_MAX, 0)
            )

    def test_whole_numbers_as_floats(self) -> None:
        [one] = self.read("InstrumentID,Volume", "a,5.0")
        self.assertEqual(self.values(one)["Volume"], 5)

    def test_unknown_columns_are_named(self) -> None:
        self.assertEqual(self.rows.reader(["InstrumentID", "Colour"]).unknown, ("Colour",))

    def test_no_columns_of_ticks(self) -> None:
        for names in (["a", "b"], [""], [], ["InstrumentID", "InstrumentID"]):
            self.assertRaises(RowError, self.rows.reader, names)

    def test_damaged_cells_are_named(self) -> None:
        header = "InstrumentID,LastPrice,Volume,ReceivedTime"
        for line, said in (
            ("a,1.0,1", "3 cells found, wanted 4"),
            ("a,one,1,1", "LastPrice: 'one' found, wanted a number"),
            ("a,1.0,1.5,1", "Volume: '1.5' found, wanted a whole number"),
            ("a,1.0,99999999999,1", "Volume: '99999999999' found"),
            ("a,1.0,nan,1", "Volume: 'nan' found"),
            ("a" * 82 + ",1.0,1,1", "wanted text of at most 81 bytes"),
            ("a\0b,1.0,1,1", "InstrumentID: 'a\\x00b' found"),
            ("a,1.0,1,now", "ReceivedTime: 'now' found"),
            ("a,1.0,1,-1", "ReceivedTime: -1 found"),
            ("a,1.0,1,", "ReceivedTime: '' found"),
        ):
            self.assertIn(said, self.refusal(header, line), line)

    @given(st.lists(st.text(max_size=90) | st.integers() | st.floats() | st.none(), max_size=5))
    def test_any_cells_are_a_tick_or_a_reason(self, cells: list[Any]) -> None:
        reader = self.rows.reader(["InstrumentID", "LastPrice", "Volume", RECEIVED])
        try:
            self.assertEqual(len(reader.tick(cells).raw), layout().size)
        except RowError as problem:
            self.assertNotIn("\n", str(problem))

    def test_a_typed_time_that_is_none(self) -> None:
        reader = self.rows.reader(["InstrumentID", RECEIVED])
        for received in (math.inf, math.nan, None, 2**64):
            self.assertRaises(RowError, reader.tick, ["a", received])

    def test_the_time_of_rows_that_tell_none_of_reception(self) -> None:
        header = "InstrumentID,ActionDay,UpdateTime,UpdateMillisec"
        read = self.read(
            header,
            "a,20261123,21:00:00,500",
            "b,20261123,20:59:59,0",  # an older one behind a newer one
            "c,,,",
            "d,20261124,00:00:01,0",
            "e,20261123,00:00:01,500",  # older still
            "f,20261124,00:00:01,500.0",
        )
        start = read[0].received
        self.assertEqual(start, 1795438800_500_000_000)  # 2026-11-23 21:00:00.5 in China
        gone = [(one.received - start) / 1e9 for one in read]
        self.assertEqual(gone, [0.0, 0.0, 0.0, 10800.5, 10800.5, 10801.0])

    def test_the_first_row_may_be_the_fronts_own_of_the_evening_before(self) -> None:
        """Real files begin so; the day follows the next morning, at its own pace."""
        read = self.read(
            "InstrumentID,TradingDay,ActionDay,UpdateTime",
            "AP010,20200804,20200803,19:22:55",
            "AP010,20200804,20200804,08:59:00",
            "AP010,20200804,20200804,09:00:00",
        )
        start = datetime(2020, 8, 3, 19, 22, 55, tzinfo=timezone(timedelta(hours=8)))
        self.assertEqual(read[0].received, int(start.timestamp()) * 10**9)
        gone = [(one.received - read[0].received) / 1e9 for one in read]
        self.assertEqual(gone, [0.0, 48_965.0, 49_025.0])

    def test_other_recorders_spellings_are_read_and_told_once(self) -> None:
        told: list[str] = []
        columns = ["InstrumentID", "TradingDay", "UpdateTime", "UpdateMillisec", "LastPrice"]
        reader = self.rows.reader(columns, told.append)
        for day, time, milliseconds, price in (
            ("2025-03-03", "9:00:00", "500.0", "1.79769e+308"),
            ("2025/3/3", "09:00:01.250", "", "5390.0"),
            ("20250303.0", "09:00:02", "0", "1e301"),
            ("2025-03-04 00:00:00", "9:00:03.5", "", "nan"),
        ):
            values = self.values(reader.tick(["SR505", day, time, milliseconds, price]))
            self.assertIn(values["TradingDay"], ("20250303", "20250304"))
            self.assertTrue(values["UpdateTime"].startswith("09:00:0"))
            told.append(f"{values['UpdateMillisec']} {values['LastPrice'] == DBL_MAX}")
        self.assertEqual(
            told,
            [
                "TradingDay: '2025-03-03' is read as 20250303",
                "UpdateTime: '9:00:00' is read as 09:00:00",
                "500 True",
                "UpdateTime: '09:00:01.250' is read as 09:00:01",
                "250 False",
                "TradingDay: '20250303.0' is read as 20250303",
                "0 True",
                "500 False",
            ],
        )

    def test_times_of_reception_in_any_unit(self) -> None:
        told: list[str] = []
        reader = self.rows.reader(["InstrumentID", RECEIVED], told.append)
        china = timezone(timedelta(hours=8))
        for cell in (
            "1740963600",
            "1740963600.0",
            "1740963600000",
            "1740963600000000",
            "1740963600000000000",
            "1.7409636e9",
            "2025-03-03 09:00:00",
            "2025-03-03T01:00:00+00:00",
            datetime(2025, 3, 3, 9),
            datetime(2025, 3, 3, 9, tzinfo=china),
            1740963600.0,
        ):
            tick = reader.tick(["SR505", cell])
            self.assertEqual(tick.received, 1740963600 * 10**9, cell)
        self.assertEqual(len(told), 4)  # seconds, milliseconds, microseconds, dates
        for cell in ("2025", "09:00:00", "yesterday", "-1740963600", "9" * 40):
            with self.subTest(cell=cell):
                if cell != "2025":
                    self.assertRaises(RowError, reader.tick, ["SR505", cell])

    def test_what_cannot_be_read_names_the_cell(self) -> None:
        header = "InstrumentID,TradingDay,UpdateTime"
        for line, said in (
            ("a,2025-03-03-01,09:00:00", "TradingDay: '2025-03-03-01' found, wanted a date"),
            ("a,20250303,90000", "UpdateTime: '90000' found, wanted a time such as 09:00:00"),
            ("a,20250303,9:0:0", "UpdateTime: '9:0:0' found, wanted a time"),
            ("a,20250303,24:00:00", "UpdateTime: '24:00:00' found"),
        ):
            self.assertIn(said, self.refusal(header, line), line)

    def test_chinese_columns(self) -> None:
        reader = self.rows.reader(
            ["日期", "合约代码", "最新价", "数量", "最后修改时间", "申买价一"]
        )
        self.assertEqual(reader.unknown, ())
        values = self.values(
            reader.tick(["20260623", "ag2608", "15988.0", "1499", "09:00:00", "15980.0"])
        )
        self.assertEqual(
            [values[name] for name in ("TradingDay", "InstrumentID", "LastPrice", "Volume")],
            ["20260623", "ag2608", 15988.0, 1499],
        )
        self.assertEqual((values["UpdateTime"], values["BidPrice1"]), ("09:00:00", 15980.0))

    def test_ours_are_read_as_they_stand(self) -> None:
        """What a front sent is kept, even if it is none of what its field is for."""
        reader = self.rows.reader(self.rows.columns)
        odd = tick(TradingDay="2025/3/3", UpdateTime="9:00:00", LastPrice=1.7e308)
        back = reader.tick(self.rows.line(odd).decode().rstrip().split(","))
        self.assertEqual(back, odd)


class DateTests(SynchronousTestCase):
    """Dates as CTP writes them."""

    def test_dates(self) -> None:
        self.assertIsNotNone(date_of("20240229"))
        for text in ("", "20230229", "2026112", "2026-1-1", "../../..", "２０２６１１２３"):
            self.assertIsNone(date_of(text), text)
