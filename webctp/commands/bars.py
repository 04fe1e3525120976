"""`python -m webctp bars`: fill a bar store from recordings or a simulated past, and show it.

`import` makes the bars of recordings as they would have been made live, and may be run again, also
while a daemon writes to the store: of two bars of the same time the one with more volume stands.
What cannot be read is said on standard error, row by row.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from time import monotonic
from typing import Final

from webctp.commands.terminal import printable, table
from webctp.config import ConfigError, load, revealed
from webctp.ctp import binding
from webctp.exchanges import calendar as calendars
from webctp.exchanges.tickdays import named_day
from webctp.language.environment import spoken
from webctp.language.text import english, reason_of
from webctp.recording.errors import TickFileError
from webctp.recording.rows import TICK, RowFormat, Tick
from webctp.recording.tickfile import files_of, read
from webctp.sim.options import OptionError
from webctp.storage.versions import DAMAGED
from webctp.upstream.barstore.file import BarFile, BarStoreError
from webctp.upstream.barstore.recorded import RecordedBars
from webctp.upstream.barstore.row import BarRow, SeriesKey, moment_of

_CHINA: Final = timezone(timedelta(hours=8))
_A_BATCH: Final = 5_000
"""Bars written in one transaction: a daemon that writes as well waits no longer than for one."""
_PROGRESS: Final = 2.0
"""Seconds between two lines of progress."""


def main(argv: Sequence[str]) -> int:
    """Do what the arguments ask; return 0, or 1 with one line where it cannot be done."""
    arguments = _parser().parse_args(argv)
    try:
        file = BarFile(_path(arguments))
        try:
            if arguments.what == "import":
                return _Import(file).run(_files(arguments.files), arguments.day)
            if arguments.what == "sim":
                return _simulate(file, arguments)
            _list(file)
        finally:
            file.close()
    except (ConfigError, BarStoreError, TickFileError, OptionError, *DAMAGED) as problem:
        reason = problem if isinstance(problem, DAMAGED) else reason_of(problem)
        print(f"webctp bars: {reason}", file=sys.stderr)
        return 1
    return 0


def _path(arguments: argparse.Namespace) -> Path:
    """Find the store.

    :raises ConfigError: if the configuration cannot be read, or names none.
    """
    if arguments.path is not None:
        return Path(arguments.path)
    kept = load(arguments.config).bar_store
    if kept is None:
        raise ConfigError(
            english("{config}: no BarStore is configured", config=arguments.config), ("BarStore",)
        )
    return Path(kept.path)


def _files(paths: Sequence[str]) -> list[Path]:
    """Return the recordings, those of a folder in the order of days.

    :raises TickFileError: if there are none at a path.
    """
    return [file for path in paths for file in files_of(Path(path))]


class _Import:
    """Make the bars of recordings, one file after the other as one record."""

    def __init__(self, file: BarFile) -> None:
        self._file = file
        layout = binding.load().market_codec.layout(TICK)
        self._rows = RowFormat(layout)
        self._bars = RecordedBars(layout)
        self._batch: list[tuple[SeriesKey, BarRow]] = []
        self._minutes = 0
        self._ticks = 0
        self._skipped = 0
        self._told = monotonic()

    def run(self, files: Sequence[Path], day: date | None) -> int:
        """Import the files; return 1 where some of them could not be read.

        :param day: the trading day of ticks that tell no date.
        """
        failed = 0
        for number, path in enumerate(files, 1):
            try:
                for tick in read(path, self._rows, self._report, day):
                    self._ticks += 1
                    self._put(self._bars.tick(tick))
                    self._progress(number, len(files), path)
            except TickFileError as problem:
                failed = 1
                print(f"webctp bars: {reason_of(problem)}", file=sys.stderr)
        self._close()
        print(
            english(
                "{ticks} ticks of {files} files: {bars} bars of a minute",
                ticks=self._ticks,
                files=len(files),
                bars=self._minutes,
            ).in_language(spoken())
        )
        return failed

    def take(self, ticks: Iterable[Tick]) -> None:
        """Make bars of ticks."""
        for tick in ticks:
            self._ticks += 1
            self._put(self._bars.tick(tick))

    def end(self, days: int, name: str) -> None:
        """Write the bars of simulated days, and say how many."""
        self._close()
        print(
            english(
                "{name}: {days} days, {bars} bars of a minute",
                name=name,
                days=days,
                bars=self._minutes,
            ).in_language(spoken())
        )

    def _close(self) -> None:
        self._put(self._bars.end())
        self._flush()
        for instrument_id, day, price in self._bars.settlements():
            self._file.settle(instrument_id, day, price)

    def _put(self, bars: Iterator[tuple[SeriesKey, BarRow]]) -> None:
        for key, row in bars:
            self._minutes += key.period == "1m"
            self._batch.append((key, row))
        if len(self._batch) >= _A_BATCH:
            self._flush()

    def _flush(self) -> None:
        self._file.put(self._batch)
        self._batch.clear()

    def _progress(self, number: int, count: int, path: Path) -> None:
        """Say now and then how far it is."""
        if self._ticks % 1000 or monotonic() - self._told < _PROGRESS:
            return
        self._told = monotonic()
        print(
            english(
                "{path} ({number} of {count}): {ticks} ticks, {bars} bars",
                path=path,
                number=number,
                count=count,
                ticks=self._ticks,
                bars=self._minutes,
            ).in_language(spoken()),
            file=sys.stderr,
        )

    def _report(self, line: str) -> None:
        print(f"webctp bars: {printable(line)}", file=sys.stderr)


def _simulate(file: BarFile, arguments: argparse.Namespace) -> int:
    """Fill in the past days of a simulated exchange; return 1 where an instrument is unknown."""
    # Imported only where it is asked for: its market is a good part of the memory.
    from webctp.sim import SimOptions
    from webctp.sim.past import PastDay

    base = {} if arguments.config is None else revealed(load(arguments.config).sim)
    options = SimOptions.from_address(arguments.address, base)
    start = options.start or datetime.now(_CHINA).replace(tzinfo=None)
    today = calendars.default().trading_day_of(start)
    days = [
        calendars.default().previous_trading_day(today, back)
        for back in range(arguments.days, 0, -1)
    ]
    failed = 0
    for name in arguments.instruments:
        imported = _Import(file)
        listed = 0
        for day in days:
            with suppress(KeyError):
                past = PastDay(options, name, day)
                listed += 1
                imported.take(Tick(*one) for one in past.ticks())
        imported.end(listed, name)
        failed |= not listed
    return failed


def _list(file: BarFile) -> None:
    """Show each series: how many bars, from when to when."""
    lines = [("InstrumentID", "Period", "Count", "BeginTime", "EndTime")]
    for key, count, begin, end in file.series():
        first, last = moment_of(begin), moment_of(end)
        lines.append((key.instrument_id, key.period, str(count), f"{first}", f"{last}"))
    for line in table(lines):
        print(printable(line))


def _day(text: str) -> date:
    try:
        return named_day(text)
    except ValueError:
        told = english("{text!r} is no trading day; write one as 20261123", text=text)
        raise argparse.ArgumentTypeError(told.in_language(spoken())) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webctp bars", description="fill and show a bar store · 导入、查看 K 线库"
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--path", help="the store's file · K 线库文件")
    where.add_argument("--config", help="a configuration with BarStore · 含 BarStore 的配置文件")
    what = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    importing = what.add_parser(
        "import", help="make the bars of recordings (csv, csv.gz, parquet) · 由录制文件生成 K 线"
    )
    importing.add_argument("files", nargs="+", metavar="FILE", help="files or folders · 文件或目录")
    importing.add_argument(
        "--day",
        type=_day,
        metavar="20261123",
        help="the trading day of ticks that tell no date · 未注明日期的行情所属的交易日",
    )
    simulating = what.add_parser(
        "sim", help="make the bars of a simulated exchange's past days · 生成模拟交易所往日的 K 线"
    )
    simulating.add_argument(
        "--address", default="sim://", help="as in MdFrontAddress · 同 MdFrontAddress"
    )
    simulating.add_argument("--days", type=int, default=5, help="trading days · 交易日数")
    simulating.add_argument("instruments", nargs="+", metavar="INSTRUMENT", help="合约")
    what.add_parser("list", help="show which bars there are · 查看已有的 K 线")
    return parser
