"""The gateway's SQLite files, damaged: refused by their own error and untouched, or read.

Journal, state of the simulated exchange, bar store: the first byte says which, the others damage a
good file: bytes of its pages, its end, cells of its tables.
"""

import contextlib
import io
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tests.fuzz.target import Choices, Finding, shown
from tests.sim.helpers import Bench
from webctp.commands import bars, journal
from webctp.exchanges import calendar, productfile
from webctp.sim import SimOptions, StateError
from webctp.sim.host.state import StateFile
from webctp.sim.model.timeline import ExchangeHours
from webctp.upstream.barstore.file import BarFile, BarStoreError
from webctp.upstream.barstore.row import SeriesKey
from webctp.upstream.barstore.store import past_of
from webctp.upstream.decoding import NOT_JSON
from webctp.upstream.journal.store import Store
from webctp.upstream.orders.client_order import JournalBroken

_KEPT: Final = Path(__file__).resolve().parents[2] / "kept"
_MOST: Final = 8
"""Damages of one file."""
_TOLD: Final = (sqlite3.Error, *NOT_JSON)
"""What a store's thread expects of a file that was good when it was opened."""


def made(folder: Path, name: str, source: Path) -> bytes:
    """Return a file that is kept, as its webctp left it: with a write-ahead log."""
    path = folder / name
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(source.read_text("utf-8"))
        database.execute("PRAGMA journal_mode = WAL")
    return path.read_bytes()


class Target:
    """Of the module."""

    words = ("SQLite format 3\0", "\x0d\x00\x00\x00", "20261124", '{"version":', "\xff\xff", "null")

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=os.environ.get("WEBCTP_FUZZ_PLACE")))
        self.kinds: tuple[tuple[bytes, Callable[[Path], None]], ...] = (
            (made(self.folder, "1", _KEPT / "journal-3" / "journal.sql"), self.journal),
            (made(self.folder, "2", _KEPT / "bars-1" / "bars.sql"), self.bars),
            (made(self.folder, "3", _KEPT / "1.0" / "state.sql"), self.state),
            (made(self.folder, "4", _KEPT / "1.0" / "journal.sql"), self.journal),
        )

    def run(self, data: bytes) -> None:
        """Damage a file and use it."""
        good, use = self.kinds[(data[0] if data else 0) % len(self.kinds)]
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        path = folder / "file.sqlite"
        path.write_bytes(good)
        try:
            self.damage(path, Choices(data[1:]))
            use(path)
        finally:
            shutil.rmtree(folder)

    def damage(self, path: Path, choices: Choices) -> None:
        """Do some of what a disk, or somebody with a tool, may do to it."""
        for _ in range(_MOST):
            if choices.is_empty:
                return
            match choices.randrange(4):
                case 0 | 1:
                    with path.open("r+b") as file:
                        file.seek(choices.randrange(max(1, path.stat().st_size)))
                        file.write(choices.take(choices.randrange(1, 9)))
                case 2:
                    os.truncate(path, choices.randrange(path.stat().st_size + 1))
                case _:
                    with contextlib.suppress(sqlite3.Error):
                        self.spoil(path, choices)

    def spoil(self, path: Path, choices: Choices) -> None:
        """Put something else into a column of a table, or take the table away."""
        with contextlib.closing(sqlite3.connect(path)) as database:
            query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            table = choices.choice([name for (name,) in database.execute(query)] or ["none"])
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            if not columns or choices.randrange(16) == 0:
                database.execute(f"DROP TABLE {table}")
            else:
                text = choices.take(choices.randrange(24))
                value: Any = choices.choice((text, text.decode("latin-1"), len(text), None, 1e300))
                # OR IGNORE: what the schema forbids is no damage.
                column = choices.choice(columns)
                database.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))
            database.commit()

    def refused(self, path: Path, before: bytes, problem: Exception) -> None:
        """Hold that an error names the file, and that the file is as it was."""
        if str(path) not in str(problem):
            raise Finding(f"{problem!r} does not name the file") from problem
        if path.read_bytes() != before:
            raise Finding(f"{problem!r}: the file that was refused is another by now") from problem

    def command(self, path: Path, main: Callable[[list[str]], int], *words: str) -> None:
        """Hold that a command comes to its end, and says why where it fails."""
        told, shows = io.StringIO(), io.StringIO()
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(shows):
            code = main([*words])
        if code and "webctp" not in told.getvalue():
            raise Finding(f"{words} ended with {code} and said {shown(told.getvalue())}")

    def journal(self, path: Path) -> None:
        """What the journal's thread does at a login, and the command."""
        self.command(path, journal.main, "list", "--path", str(path))
        self.command(path, journal.main, "orders", "--path", str(path))
        before = path.read_bytes()
        try:
            store = Store(path)
        except JournalBroken as problem:
            self.refused(path, before, problem)
            return
        account = "9999", "1001"
        uses: tuple[Callable[[], object], ...] = (
            lambda: store.client_orders(*account, "20261124", "", 100),
            lambda: store.returns((*account, "20261124"), 0, 100),
            lambda: store.last_days("9999"),
            lambda: store.dues.claim(*account, "run", "20261125"),
            lambda: store.plans.unsettled(*account, "offset"),
            lambda: store.prune(2**62, 2, 0, 100),
        )
        try:
            for use in uses:
                with contextlib.suppress(*_TOLD):
                    use()
        finally:
            with contextlib.suppress(sqlite3.Error):
                store.undo()
            store.close()

    def bars(self, path: Path) -> None:
        """What the bar store's thread does, and the command."""
        before = path.read_bytes()
        try:
            file = BarFile(path)
        except BarStoreError as problem:
            self.refused(path, before, problem)
        else:
            try:
                with contextlib.suppress(BarStoreError, *_TOLD):
                    for _, count, begin, end in file.series():
                        if not isinstance(count + begin + end, int):
                            raise Finding(f"a series of {count} bars from {begin} to {end}")
                with contextlib.suppress(BarStoreError, *_TOLD):
                    file.prune(10)
                for period in ("1m", "1d", "5m"):
                    with contextlib.suppress(BarStoreError, *_TOLD):
                        past_of(file, SeriesKey("rb2701", period), 100, None, None)
            finally:
                file.close()
        self.command(path, bars.main, "--path", str(path), "list")

    def state(self, path: Path) -> None:
        """A simulated exchange that begins where it ended."""
        before = path.read_bytes()
        try:
            file = StateFile(str(path), 7)
        except StateError as problem:
            self.refused(path, before, problem)
            return
        try:
            now = file.moment() or datetime(2026, 11, 25, 10)
            hours = ExchangeHours(calendar.default(), productfile.default().values())
            file.load(Bench(SimOptions(seed=7), hours, now).exchange)
        except StateError as problem:
            if str(path) not in str(problem):
                raise Finding(f"{problem!r} does not name the file") from problem
        finally:
            file.close()

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder)
