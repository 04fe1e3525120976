"""Tell on a scrape what only the whole daemon knows: versions, readiness."""

from collections.abc import Iterator
from typing import Final

from webctp import __version__
from webctp.ctp.binding import Binding
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


class DaemonFigures:
    """Tell what no single room knows: versions, readiness."""

    def __init__(self, binding: Binding, services: Services) -> None:
        self._binding = binding
        self._services = services

    def samples(self) -> Iterator[Sample]:
        """Read the services' states; called on a scrape."""
        yield _BUILD.sample(1, __version__)
        for name, service in self._services:
            library = self._binding.td_library if name == "td" else self._binding.md_library
            yield _LIBRARY.sample(1, name, str(self._binding), library.version)
            yield _READY.sample(bool(service.readiness()["ready"]), name)
