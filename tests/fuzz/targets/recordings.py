"""Files of recorded ticks: what is damaged is skipped and told, or the file is refused.

CSV as it is, or Parquet (the first byte says which); what is read is written and read again.
"""

import os
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import Final

from tests.fuzz.target import Finding, shown
from webctp.ctp import binding
from webctp.ctp.codec import codec_for
from webctp.recording.errors import TickFileError
from webctp.recording.rows import RowFormat, Tick
from webctp.recording.tickfile import instruments_of, read

_MOST_TICKS: Final = 200


class Target:
    """Of the module."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=os.environ.get("WEBCTP_FUZZ_PLACE")))
        layout = codec_for(binding.load().market.module).layout("CThostFtdcDepthMarketDataField")
        self.rows = RowFormat(layout)
        self.words = (
            *(f"{name}," for name in self.rows.columns),
            *("datetime,symbol\n", "2026-01-02 21:00:00.500", "20260102", "1.7976931348623157e308"),
            *("nan,", "-inf,", '"', "\r\n", "\xff\xfe", "PAR1", "合约代码,最新价\n", "1e400,"),
        )

    def run(self, data: bytes) -> None:
        """Read it."""
        suffix = "parquet" if data[:1] == b"P" and data.startswith(b"PAR1") else "csv"
        path = self.folder / f"TICKS-20260102.{suffix}"
        path.write_bytes(data)
        told: list[str] = []
        try:
            ticks = list(islice(read(path, self.rows, told.append), _MOST_TICKS))
        except TickFileError as problem:
            if str(path) not in str(problem):
                raise Finding(f"{shown(data)}: {problem} does not name the file") from None
            ticks = []
        for line in told:
            if str(path) not in line:
                raise Finding(f"{shown(data)}: {line} does not name the file")
        try:
            instruments_of(path, self.rows)
        except TickFileError:
            if ticks:
                raise Finding(f"{shown(data)}: ticks, but no instruments") from None
        self.again(ticks, data)

    def again(self, ticks: list[Tick], data: bytes) -> None:
        """Write the ticks, and hold that the same are read."""
        if not ticks:
            return
        path = self.folder / "TICKS-20260103.csv"
        path.write_bytes(self.rows.header + b"".join(map(self.rows.line, ticks)))
        told: list[str] = []
        copies = list(read(path, self.rows, told.append))
        if told or [tick.received for tick in copies] != [tick.received for tick in ticks]:
            raise Finding(f"{shown(data)} is not read back: {told}")
        for tick, copy in zip(ticks, copies, strict=True):
            if self.rows.values(tick) != self.rows.values(copy) and tick.raw != copy.raw:
                raise Finding(f"{shown(data)}: {self.rows.values(tick)} is not read back")

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder)
