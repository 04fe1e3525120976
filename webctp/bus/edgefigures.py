"""Count what the bus brings to an edge, for a scrape."""

from collections.abc import Iterator
from typing import Final

from webctp.bus.kept import KeptTicks
from webctp.metrics import Kind, Metric, Sample

_FRAMES: Final = Metric(
    "webctp_bus_received_frames_total",
    Kind.COUNTER,
    "Messages with ticks, and positions, that a feed from the bus has brought.",
    "总线行情线路收到的消息数，包括位置消息。",
    ("feed",),
)
_BYTES: Final = Metric(
    "webctp_bus_received_bytes_total",
    Kind.COUNTER,
    "Bytes of such messages.",
    "此类消息的字节数。",
    ("feed",),
)
_LINKS: Final = Metric(
    "webctp_bus_links_total",
    Kind.COUNTER,
    "Links to Redis that a feed from the bus has made.",
    "总线行情线路建立 Redis 连接的次数。",
    ("feed",),
)
_GAPS: Final = Metric(
    "webctp_bus_gaps_total",
    Kind.COUNTER,
    "Gaps that were noticed in a publisher's sequence.",
    "在发布方序列中发现的缺口数。",
    ("feed",),
)
_HEALED: Final = Metric(
    "webctp_bus_healed_ticks_total",
    Kind.COUNTER,
    "Newest ticks that were read from Redis to heal gaps.",
    "为弥补缺口而从 Redis 读取的最新行情数。",
    ("feed",),
)


class EdgeFigures:
    """The figures of one feed from the bus."""

    def __init__(self, feed: int) -> None:
        self._feed = str(feed)
        self._frames = self._bytes = 0

    def frame(self, size: int) -> None:
        """Count a message."""
        self._frames += 1
        self._bytes += size

    def samples(self, links: int, kept: KeptTicks) -> Iterator[Sample]:
        """Read the figures; called on a scrape."""
        feed = self._feed
        yield _FRAMES.sample(self._frames, feed)
        yield _BYTES.sample(self._bytes, feed)
        yield _LINKS.sample(links, feed)
        yield _GAPS.sample(kept.gaps, feed)
        yield _HEALED.sample(kept.healed, feed)
