"""What the journal has brought to disk, counted in its own thread and read on a scrape."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from webctp.metrics import Histogram, Kind, Metric, Sample

HEALTHY: Final = Metric(
    "webctp_journal_healthy",
    Kind.GAUGE,
    "Whether the disk takes what the journal writes: 1 or 0.",
    "磁盘是否接受日志的写入：1 或 0。",
)
ALARMS: Final = Metric(
    "webctp_journal_alarms_total",
    Kind.COUNTER,
    "Times that the journal's disk has failed or not answered.",
    "日志磁盘出错或未应答的次数。",
)
WAITING: Final = Metric(
    "webctp_journal_records_waiting",
    Kind.GAUGE,
    "Records that wait for the journal's disk.",
    "等待写入磁盘的日志记录数。",
)
WAITING_LIMIT: Final = Metric(
    "webctp_journal_records_waiting_limit",
    Kind.GAUGE,
    "Records that may wait for the journal's disk; beyond, the latest are lost.",
    "可等待写入磁盘的日志记录数上限；超出者丢失。",
)
LOST: Final = Metric(
    "webctp_journal_records_lost_total",
    Kind.COUNTER,
    "Records that are lost because the disk did not take them for too long.",
    "因磁盘长期不接受写入而丢失的日志记录数。",
)
_RECORDS: Final = Metric(
    "webctp_journal_records_total",
    Kind.COUNTER,
    "Records and changes that the journal has brought to disk.",
    "日志已写入磁盘的记录与变更数。",
)
_COMMIT_SECONDS: Final = Metric(
    "webctp_journal_commit_seconds",
    Kind.HISTOGRAM,
    "How long a transaction of the journal took, the disk's sync included; each has what gathered "
    "during the one before.",
    "日志每个事务的用时，含磁盘同步；每个事务写入前一事务期间积累的记录。",
)
_BYTES: Final = Metric(
    "webctp_journal_size_bytes",
    Kind.GAUGE,
    "Size of the journal's file and of its write-ahead log, after the last transaction.",
    "最近一次事务后日志文件与其预写日志的大小。",
)
_FREE: Final = Metric(
    "webctp_journal_free_bytes",
    Kind.GAUGE,
    "Bytes that are free on the journal's disk; looked at every second.",
    "日志所在磁盘的可用字节数，每秒更新。",
)
BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
"""Seconds: from a disk with a cache of its own to one that hardly answers."""


class JournalFigures:
    """Count the journal's transactions. Written in the journal's thread, read in any."""

    def __init__(self, path: Path) -> None:
        self._files = path, path.with_name(f"{path.name}-wal")
        self._records = self._bytes = 0
        self._free: int | None = None
        self._seconds = Histogram(BOUNDS)

    def look(self) -> None:
        """Note how much room the disk has, in the journal's thread; once a second at least."""
        self._free = _free(self._files[0])

    def committed(self, records: int, seconds: float) -> None:
        """Count a transaction, in the journal's thread: the file is looked at, too."""
        self._records += records
        self._seconds.observe(seconds)
        self._bytes = sum(map(_size, self._files))

    def samples(self) -> Iterator[Sample]:
        """Read the counts."""
        yield _COMMIT_SECONDS.sample(self._seconds.read())
        yield _RECORDS.sample(self._records)
        yield _BYTES.sample(self._bytes)
        if self._free is not None:
            yield _FREE.sample(self._free)


def _free(path: Path) -> int | None:
    """Return the bytes that this process may still write beside a file; None if nobody knows."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return None  # the directory was taken away
    return disk.f_bavail * disk.f_frsize


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # there is no write-ahead log yet, or the file was taken away
