"""`python -m webctp bars`: recordings into a store, again and again."""

import gzip
import io
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.barstore.test_recorded import LAYOUT, a_day, as_tick, bars_of
from webctp.commands.bars import main
from webctp.recording.rows import RowFormat
from webctp.upstream.barstore.file import BarFile
from webctp.upstream.barstore.row import BarRow, SeriesKey, moment_of


class BarsCommand(SynchronousTestCase):
    """The command on a day of rb2701."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        self.store = self.folder / "bars.sqlite"
        self.ticks = [as_tick(one) for one in a_day(7)]
        rows = RowFormat(LAYOUT)
        lines = [rows.line(tick) for tick in self.ticks]
        self.text = rows.header + b"".join(lines)
        self.csv = self.folder / "TICKS-20261123.csv"
        self.csv.write_bytes(self.text)

    def run_command(self, *arguments: str, code: int = 0) -> str:
        """What the command prints; what it says beside that is in ``said``."""
        out, told = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(told):
            found = main(["--path", str(self.store), *arguments])
        self.said = told.getvalue()
        self.assertEqual(found, code, self.said)
        return out.getvalue()

    def minutes(self) -> list[BarRow]:
        """The bars of a minute that the ticks make."""
        return [row for key, row in bars_of(self.ticks) if key.period == "1m"]

    def kept(self, period: str = "1m") -> list[BarRow]:
        file = BarFile(self.store)
        self.addCleanup(file.close)
        return file.bars(SeriesKey("rb2701", period), 9999)

    def test_a_recording(self) -> None:
        shown = self.run_command("import", str(self.csv))
        wanted = self.minutes()
        self.assertEqual(self.kept(), wanted)
        self.assertIn(f"{len(self.ticks)} ticks of 1 files: {len(wanted)} bars", shown)
        self.assertEqual(self.kept("1d")[0].settlement, 3099.0)
        listed = self.run_command("list").splitlines()
        self.assertEqual(
            [line.split()[:3] for line in listed[1:]],
            [["rb2701", "1d", "1"], ["rb2701", "1m", str(len(wanted))]],
        )

    def test_again_changes_nothing(self) -> None:
        self.run_command("import", str(self.csv))
        before = self.kept()
        self.run_command("import", str(self.csv), str(self.csv))
        self.assertEqual(self.kept(), before)

    def test_a_folder_and_what_is_packed(self) -> None:
        self.csv.unlink()
        packed = self.folder / "TICKS-20261123.csv.gz"
        packed.write_bytes(gzip.compress(self.text))
        self.run_command("import", str(self.folder))
        self.assertEqual(
            self.kept(), [row for key, row in bars_of(self.ticks) if key.period == "1m"]
        )

    def test_rows_that_are_damaged_are_named(self) -> None:
        lines = self.text.splitlines(keepends=True)
        lines[9] = b"x," * 5 + b"\n"
        self.csv.write_bytes(b"".join(lines))
        self.run_command("import", str(self.csv))
        self.assertIn(f"{self.csv}: line 10: skipped", self.said)
        self.assertGreater(len(self.kept()), 300)

    def test_files_that_cannot_be_read(self) -> None:
        cut = self.folder / "cut.csv.gz"
        cut.write_bytes(gzip.compress(self.text)[:-2000])
        plain = self.folder / "plain.csv.gz"
        plain.write_bytes(self.text)
        self.run_command("import", str(cut), str(plain), str(self.csv), code=1)
        self.assertIn("cut.csv.gz", self.said)
        self.assertIn("plain.csv.gz", self.said)
        self.assertGreater(len(self.kept()), 300)
        self.run_command("import", str(self.folder / "none.csv"), code=1)
        self.assertIn("no such file", self.said)

    def test_a_recording_without_any_date(self) -> None:
        """It is refused unless the day is named; its bars would be of 1970."""
        clocks = ("09:00:00", "09:00:30", "09:01:00", "09:02:00")
        rows = "".join(f"rb2701,{one},{3000 + at},{at + 1}\n" for at, one in enumerate(clocks))
        path = self.folder / "bought.csv"
        path.write_text(f"InstrumentID,UpdateTime,LastPrice,Volume\n{rows}")
        self.run_command("import", str(path), code=1)
        self.assertIn(f"{path}: no row tells its date", self.said)
        self.assertEqual(self.kept(), [])
        self.run_command("import", "--day", "20261123", str(path))
        days = {moment_of(one.begin).date() for one in self.kept()}
        self.assertEqual(days, {date(2026, 11, 23)}, self.said)
        for day in ("20261122", "2026-11-23", "today"):
            with self.assertRaises(SystemExit):
                self.run_command("import", "--day", day, str(path))

    def test_the_past_of_a_simulated_exchange(self) -> None:
        words = ("sim", "--address", "sim://?Clock=calendar&Seed=7&Start=2026-11-24T09:00:00")
        shown = self.run_command(*words, "--days", "2", "AP701")
        self.assertIn("AP701: 2 days, ", shown)
        file = BarFile(self.store)
        self.addCleanup(file.close)
        days = file.bars(SeriesKey("AP701", "1d"), 9)
        self.assertEqual([row.trading_day for row in days], ["20261120", "20261123"])
        self.assertNotIn(None, [row.settlement for row in days])
        minutes = file.bars(SeriesKey("AP701", "1m"), 9999)
        self.assertEqual(sum(row.volume for row in minutes), sum(row.volume for row in days))
        shown = self.run_command(*words, "--days", "1", "AP999", code=1)
        self.assertIn("AP999: 0 days", shown)
        self.run_command("sim", "--address", "sim://?Sed=1", "AP701", code=1)
        self.assertIn("Sed", self.said)

    def test_a_store_that_is_none(self) -> None:
        self.store.write_bytes(b"no database " * 100)
        self.run_command("list", code=1)
        self.assertIn("cannot open the bar store", self.said)

    def test_a_configuration_without_one(self) -> None:
        config = self.folder / "md.yaml"
        config.write_text("MdFrontAddress: sim://\nAppType: md\n", "utf-8")
        out, told = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(told):
            self.assertEqual(main(["--config", str(config), "list"]), 1)
        self.assertIn("no BarStore is configured", told.getvalue())
