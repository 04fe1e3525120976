"""webctp.upstream.barstore.file: what is written is read back, whatever is written again."""

import contextlib
import sqlite3
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.barstore.test_row import begins, minute
from webctp.upstream.barstore.file import BarFile, BarStoreError
from webctp.upstream.barstore.row import BarRow, SeriesKey

RB = SeriesKey("rb2701", "1m")
DAY = SeriesKey("rb2701", "1d")
ROWS = [minute(f"09:{one:02}", 10.0 + one, 1 + one) for one in range(5)]


class FileCase(SynchronousTestCase):
    """A file, and what is put into it."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()) / "bars.sqlite"
        self.file = self.opened()

    def opened(self) -> BarFile:
        """Open the file, until the test is over."""
        file = BarFile(self.path)
        self.addCleanup(file.close)
        return file

    def put(self, *rows: BarRow, key: SeriesKey = RB) -> None:
        self.file.put([(key, row) for row in rows])


class Keeping(FileCase):
    """What is kept, and for how long."""

    def test_what_was_put_is_read_by_the_next(self) -> None:
        self.put(*ROWS)
        self.assertEqual(self.opened().bars(RB, 10), ROWS)

    def test_the_newest_between_two_moments(self) -> None:
        self.put(*ROWS)
        self.assertEqual(begins(self.file.bars(RB, 2)), ["09:03", "09:04"])
        begin, end = ROWS[1].begin, ROWS[3].end
        self.assertEqual(begins(self.file.bars(RB, 9, begin, end)), ["09:01", "09:02", "09:03"])
        self.assertEqual(begins(self.file.bars(RB, 2, begin, end)), ["09:02", "09:03"])
        self.assertEqual(begins(self.file.bars(RB, 9, None, end - 1)), ["09:00", "09:01", "09:02"])

    def test_series_are_apart(self) -> None:
        self.put(ROWS[0])
        self.assertEqual(self.file.bars(SeriesKey("rb2705", "1m"), 9), [])
        self.assertEqual(self.file.bars(DAY, 9), [])

    def test_of_two_the_one_with_more_volume_stands(self) -> None:
        more, less = ROWS[2], ROWS[2]._replace(volume=1, close=1.0)
        for first, second in ((more, less), (less, more), (more, more)):
            self.put(first)
            self.put(second)
            self.assertEqual(self.file.bars(RB, 9), [more])
        self.assertEqual(self.file.count(), 1)

    def test_a_settlement_price_stays_when_the_day_is_written_again(self) -> None:
        self.put(ROWS[0], key=DAY)
        self.file.settle("rb2701", "20261123", 11.5)
        self.put(ROWS[0]._replace(volume=9), key=DAY)
        (day,) = self.file.bars(DAY, 9)
        self.assertEqual((day.settlement, day.volume), (11.5, 9))

    def test_a_settlement_price_of_no_day_is_nothing(self) -> None:
        self.file.settle("rb2701", "20261123", 11.5)
        self.put(ROWS[0], key=DAY)
        self.file.settle("rb2701", "20261120", 11.5)
        self.assertIsNone(self.file.bars(DAY, 9)[0].settlement)

    def test_old_bars_are_removed(self) -> None:
        self.put(*ROWS)
        self.put(*ROWS, key=SeriesKey("cu2701", "1m"))
        self.assertEqual(self.file.prune(ROWS[3].begin + 1), 6)
        self.assertEqual(begins(self.file.bars(RB, 9)), ["09:03", "09:04"])

    def test_a_batch_that_fails_leaves_nothing(self) -> None:
        broken = ROWS[1]._replace(close=None)  # type: ignore[arg-type]
        with self.assertRaises(sqlite3.Error):
            self.put(ROWS[0], broken)
        self.assertEqual(self.file.bars(RB, 9), [])
        self.put(ROWS[0])
        self.assertEqual(self.opened().bars(RB, 9), [ROWS[0]])

    def test_only_minutes_and_days_are_kept(self) -> None:
        with self.assertRaises(ValueError):
            self.put(ROWS[0], key=SeriesKey("rb2701", "5m"))


class Refusing(FileCase):
    """Files that are refused, untouched."""

    def refused(self, path: Path) -> str:
        with self.assertRaises(BarStoreError) as caught:
            BarFile(path)
        return str(caught.exception)

    def test_another_database(self) -> None:
        path = self.path.with_name("other.sqlite")
        db = sqlite3.connect(path)
        db.execute("CREATE TABLE record (id INTEGER)")
        db.close()
        self.assertIn("database of something else", self.refused(path))

    def test_a_bar_that_is_none(self) -> None:
        """SQLite keeps whatever a tool puts into a column."""
        self.put(*ROWS)
        self.put(*ROWS, key=SeriesKey("cu2701", "1m"))
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            db.execute("UPDATE bar SET close = 'much' WHERE series = 1 AND begin = ?", ROWS[1][:1])
            db.execute("UPDATE series SET instrument_id = x'00' WHERE id = 2")
            db.commit()
        file = self.opened()
        with self.assertRaises(BarStoreError) as caught:
            file.bars(RB, 9)
        self.assertIn(f"{self.path} is damaged: bars of rb2701", str(caught.exception))
        self.assertEqual(begins(file.bars(RB, 2)), ["09:03", "09:04"])
        with self.assertRaises(BarStoreError):
            list(file.series())

    def test_no_database(self) -> None:
        path = self.path.with_name("text")
        path.write_text("no database at all, and longer than a header of a hundred bytes" * 9)
        self.assertIn("cannot open the bar store", self.refused(path))
        self.assertIn("cannot open the bar store", self.refused(path.parent))

    def test_the_file_is_its_owners(self) -> None:
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)
