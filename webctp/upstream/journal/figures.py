"""What the journal has brought to disk, counted in its own thread and read on a scrape."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from webctp.metrics import Kind, Metric, Sample

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
_COMMITS: Final = Metric(
    "webctp_journal_commits_total",
    Kind.COUNTER,
    "Transactions of the journal: in each what had gathered during the one before.",
    "日志的事务数；每个事务写入前一事务期间积累的记录。",
)
_COMMIT_SECONDS: Final = Metric(
    "webctp_journal_commit_seconds_total",
    Kind.COUNTER,
    "Seconds that the journal's transactions have taken, the disk's sync included.",
    "日志事务所用的秒数，含磁盘同步。",
)
_BYTES: Final = Metric(
    "webctp_journal_size_bytes",
    Kind.GAUGE,
    "Size of the journal's file and of its write-ahead log, after the last transaction.",
    "最近一次事务后日志文件与其预写日志的大小。",
)


class JournalFigures:
    """Count the journal's transactions. Written in the journal's thread, read in any."""

    def __init__(self, path: Path) -> None:
        self._files = path, path.with_name(f"{path.name}-wal")
        self._commits = self._records = self._bytes = 0
        self._seconds = 0.0

    def committed(self, records: int, seconds: float) -> None:
        """Count a transaction, in the journal's thread: the file is looked at, too."""
        self._commits += 1
        self._records += records
        self._seconds += seconds
        self._bytes = sum(map(_size, self._files))

    def samples(self) -> Iterator[Sample]:
        """Read the counts."""
        yield _COMMITS.sample(self._commits)
        yield _COMMIT_SECONDS.sample(self._seconds)
        yield _RECORDS.sample(self._records)
        yield _BYTES.sample(self._bytes)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # there is no write-ahead log yet, or the file was taken away
