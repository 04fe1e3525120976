"""Serve every figure of the daemon at ``/metrics``, in the text formats of Prometheus.

The rooms are read in the reactor's thread, for that is where their figures change.
prometheus_client only writes the formats, and adds what it knows of the process (memory, processor,
descriptors, garbage) under its usual names.
"""

from collections.abc import Callable, Iterator
from itertools import accumulate, chain
from typing import Any, Final

from webctp.gateway.access.address import LOCAL, is_local
from webctp.gateway.access.principal import ANYBODY, Principal, Scope
from webctp.gateway.http.answer import Answer
from webctp.gateway.http.head import BadHead, Head
from webctp.gateway.http.origins import Origins
from webctp.language.text import english
from webctp.metrics import Distribution, Kind, Metric, Registry, Sample

PATH: Final = "/metrics"

_PLAIN: Final = "text/plain"
_OPENMETRICS: Final = "application/openmetrics-text"
_VERSIONS: Final = {_PLAIN: "0.0.4", _OPENMETRICS: "1.0.0"}
"""The version of each format that is told; asked for another, it is not told."""

_MAY_SCRAPE: Final = frozenset({Scope.ADMIN})


class MetricsPage:
    """Answer a scrape. Runs in the reactor's thread.

    Where nobody has to say who is calling, only this machine is answered; where tokens are asked
    for, whoever has the scope ``admin`` is. A browser of this machine may ask for a
    stranger's page whose name was made to lead here: without a token, Host must be no such name.

    :param origins: the names that Host may be.
    :param is_open: whether everybody is answered: on a listener of its own.
    """

    def __init__(self, registry: Registry, origins: Origins, *, is_open: bool = False) -> None:
        self._registry = registry
        self._origins = origins
        self._is_open = is_open
        self._formats: Any = None

    def __call__(self, head: Head, address: str, who: Callable[[], Principal]) -> Answer:
        """Give the page in the format that ``Accept`` asks for.

        :raises BadHead: if the caller may not have it.
        """
        if self._is_open or not _may_scrape(who(), address):
            self._check_host(head, address)
        encode, content_type = self._encoder(head.fields.get("accept", ""))
        return Answer(200, encode().decode("utf-8"), content_type=content_type)

    def _check_host(self, head: Head, address: str) -> None:
        """Refuse what a browser of this machine asks for by a stranger's name.

        No browser asks through a Unix socket. One of another machine reaches an open listener
        anyway.
        """
        if is_local(address) and address != LOCAL:
            self._origins.check_host(head.fields.get("host"))

    def _encoder(self, accept: str) -> tuple[Callable[[], bytes], str]:
        # Imported at the first scrape: a daemon that is not scraped does without.
        from prometheus_client import exposition
        from prometheus_client.openmetrics import exposition as openmetrics

        if self._formats is None:
            self._formats = _formats(self._registry)
        encode: Any = exposition.generate_latest
        form = _PLAIN
        if prefers_openmetrics(accept):
            encode, form = openmetrics.generate_latest, _OPENMETRICS
        content_type = f"{form}; version={_VERSIONS[form]}; charset=utf-8"
        return lambda: bytes(encode(self._formats)), content_type


def prefers_openmetrics(accept: str) -> bool:
    """Return whether a scraper takes OpenMetrics, and the plain format no more gladly.

    prometheus_client's own choice knows no ``q``, and fails on a version that is no number.
    """
    asked = dict.fromkeys(_VERSIONS, 0.0)
    for one in accept.lower().split(","):
        form, *parameters = (part.strip() for part in one.split(";"))
        words = {
            name.strip(): value.strip() for name, _, value in (p.partition("=") for p in parameters)
        }
        if form in asked and words.get("version", _VERSIONS[form]) == _VERSIONS[form]:
            try:
                asked[form] = max(asked[form], float(words.get("q", "1")))
            except ValueError:
                continue  # whoever writes it so has said nothing
    return asked[_OPENMETRICS] > 0 and asked[_OPENMETRICS] >= asked[_PLAIN]


def _word(parameter: str) -> tuple[str, str]:
    """Return name and value of a parameter, such as ``q=0.5``."""
    name, _, value = parameter.partition("=")
    return name.strip(), value.strip()


def _may_scrape(principal: Principal, address: str) -> bool:
    """Return whether a principal may scrape by its scopes; False where its address lets it.

    :raises BadHead: for all others.
    """
    if principal.scopes & _MAY_SCRAPE:
        return True
    if principal is not ANYBODY:
        raise BadHead(403, english("metrics need the scope admin; show a token that has it"))
    if not is_local(address):
        raise BadHead(
            403,
            english(
                "metrics are told to this machine only; scrape from here, or set MetricsListen"
            ),
        )
    return False


def _formats(registry: Registry) -> Any:
    """Return prometheus_client's registry of the daemon's figures and of the process."""
    from prometheus_client import (
        CollectorRegistry,
        GCCollector,
        PlatformCollector,
        ProcessCollector,
    )

    formats = CollectorRegistry(auto_describe=False)
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=formats)
    formats.register(_Collector(registry))  # type: ignore[arg-type, unused-ignore]
    return formats


class _Collector:
    """The daemon's figures as prometheus_client wants them; it calls this on each scrape."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Any]:
        """Give one family of samples for each metric."""
        for metric, samples in self._registry.gather().items():
            yield _family(metric, samples)


def _family(metric: Metric, samples: list[Sample]) -> Any:
    from prometheus_client import core

    words = f"{metric.help} {metric.chinese}"
    makers: dict[Kind, Any] = {
        Kind.COUNTER: core.CounterMetricFamily,
        Kind.GAUGE: core.GaugeMetricFamily,
        Kind.HISTOGRAM: core.HistogramMetricFamily,
    }
    family = makers[metric.kind](metric.name, words, labels=metric.labels)
    for sample in samples:
        found = sample.distribution
        if found is None:
            family.add_metric(sample.labels, float(sample.value))
        else:
            family.add_metric(sample.labels, buckets=_buckets(found), sum_value=found.sum)
    return family


def _buckets(found: Distribution) -> list[tuple[str, float]]:
    """Give each bound with how many values were at most that."""
    bounds = chain(map(str, found.bounds), ("+Inf",))
    return [
        (bound, float(count)) for bound, count in zip(bounds, accumulate(found.counts), strict=True)
    ]
