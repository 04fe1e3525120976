"""Tell on a scrape what only the whole daemon knows: versions, readiness, whether it is time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import time_ns
from typing import Final

from webctp import __version__
from webctp.ctp.binding import Binding
from webctp.ctp.front import china_time
from webctp.exchanges import calendar
from webctp.exchanges.sessions import anything_open
from webctp.metrics import Kind, Metric, Sample
from webctp.serving.services import Services

_LIBRARY: Final = Metric(
    "webctp_library_info",
    Kind.GAUGE,
    "1; the labels name the CTP library of each service, its own version and its binding's.",
    "恒为 1；标签给出各服务所用的 CTP 库、其版本与绑定库的版本。",
    ("service", "binding", "version"),
)
_BUILD: Final = Metric(
    "webctp_build_info",
    Kind.GAUGE,
    "1; the label is the gateway's version.",
    "恒为 1；标签为网关的版本。",
    ("version",),
)
_READY: Final = Metric(
    "webctp_ready",
    Kind.GAUGE,
    "Whether a service can be used, as /readyz says: 1 or 0.",
    "服务是否可用（同 /readyz）：1 或 0。",
    ("service",),
)
_HOURS: Final = Metric(
    "webctp_exchanges_open",
    Kind.GAUGE,
    "Whether any product is in continuous trading now, by the machine's clock and the calendar of "
    "China's exchanges: 1 or 0.",
    "按本机时钟与交易日历，当前是否有品种处于连续交易时段：1 或 0。",
)
_CALENDAR: Final = Metric(
    "webctp_calendar_ends_timestamp_seconds",
    Kind.GAUGE,
    "Until when the holidays of the exchanges are known to this release, in seconds since 1970.",
    "本版本所知的交易所节假日到何时为止，自 1970 年起的秒数。",
)
_CHINA: Final = timedelta(hours=8)


class DaemonFigures:
    """Tell what no single room knows: versions, readiness, trading hours."""

    def __init__(self, binding: Binding, services: Services) -> None:
        self._binding = binding
        self._services = services

    def samples(self) -> Iterator[Sample]:
        """Read the services' states; called on a scrape."""
        yield _BUILD.sample(1, __version__)
        yield _HOURS.sample(anything_open(china_time(time_ns())))
        ends = datetime(max(calendar.default().known_years) + 1, 1, 1, tzinfo=UTC) - _CHINA
        yield _CALENDAR.sample(ends.timestamp())
        for name, service in self._services:
            library = self._binding.td_library if name == "td" else self._binding.md_library
            yield _LIBRARY.sample(1, name, str(self._binding), library.version)
            yield _READY.sample(bool(service.readiness()["ready"]), name)
