"""Name the figures that the bar store tells on a scrape."""

from typing import Final

from webctp.metrics import Kind, Metric

WRITTEN: Final = Metric(
    "webctp_barstore_bars_written_total",
    Kind.COUNTER,
    "Bars written to the bar store; a day's is written again with each of its minutes.",
    "已写入 K 线库的 K 线数；日线随其每一分钟重写。",
)
DROPPED: Final = Metric(
    "webctp_barstore_bars_dropped_total",
    Kind.COUNTER,
    "Bars that were not written: the disk took nothing for too long.",
    "因磁盘长时间无法写入而丢弃的 K 线数。",
)
WAITING: Final = Metric(
    "webctp_barstore_bars_waiting",
    Kind.GAUGE,
    "Bars that wait to be written.",
    "等待写入 K 线库的 K 线数。",
)
LIMIT: Final = Metric(
    "webctp_barstore_bars_waiting_limit",
    Kind.GAUGE,
    "Bars that may wait to be written; more are dropped.",
    "可等待写入的 K 线数上限；超出者丢弃。",
)
WORKS: Final = Metric(
    "webctp_barstore_up",
    Kind.GAUGE,
    "Whether the bar store works: 1 or 0; the log says why not.",
    "K 线库是否正常：1 或 0；原因见日志。",
)
