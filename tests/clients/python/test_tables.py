"""Rows as tables, for people and for other programs."""

import io
import json
import sys
from types import ModuleType
from typing import Any
from unittest import TestCase, mock

from webctp_client import structs, tables

ROWS = [
    structs.Instrument(InstrumentID="rb2701", InstrumentName="螺纹钢2701", PriceTick=1.0),
    structs.Instrument(InstrumentID="au2702", InstrumentName="黄金", PriceTick=None),
]


class Tables(TestCase):
    """Columns, CSV, tables."""

    def test_columns_are_by_field(self) -> None:
        found = tables.columns(ROWS)
        self.assertEqual(found["InstrumentID"], ["rb2701", "au2702"])
        self.assertEqual(found["PriceTick"], [1.0, None])
        self.assertEqual(tables.columns([]), {})
        with self.assertRaises(TypeError):
            tables.columns([ROWS[0], structs.Order()])

    def test_a_table_shows_what_is_said_and_lines_up_chinese(self) -> None:
        self.assertEqual(
            tables.as_table(ROWS),
            [
                "InstrumentID  InstrumentName  PriceTick",
                "rb2701        螺纹钢2701      1.0",
                "au2702        黄金",
            ],
        )
        self.assertEqual(tables.as_table(ROWS, ["PriceTick"])[1], "1.0")
        self.assertEqual(tables.as_table([]), [])

    def test_csv_leaves_what_is_not_set_empty(self) -> None:
        file = io.StringIO()
        tables.write_csv(ROWS, file)
        lines = file.getvalue().splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("rb2701", lines[1])
        self.assertNotIn("None", lines[2])
        told = json.loads(tables.json_line(ROWS[1]))
        self.assertEqual(told, {"InstrumentID": "au2702", "InstrumentName": "黄金"})
        with self.assertRaisesRegex(ValueError, "no column 'Price'"):
            tables.as_table(ROWS, ["Price"])

    def test_data_frames_are_of_what_is_installed(self) -> None:
        made: list[Any] = []
        fake = ModuleType("polars")
        fake.DataFrame = made.append  # type: ignore[attr-defined]
        with mock.patch.dict(sys.modules, {"pandas": None, "polars": fake}):
            tables.to_dataframe(ROWS)
            with self.assertRaisesRegex(ImportError, "pip install pandas"):
                tables.to_dataframe(ROWS, "pandas")
        self.assertEqual(made[0]["InstrumentID"], ["rb2701", "au2702"])
        with (
            mock.patch.dict(sys.modules, {"pandas": None, "polars": None}),
            self.assertRaisesRegex(ImportError, "pandas or polars"),
        ):
            tables.to_dataframe(ROWS)
