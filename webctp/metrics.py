"""Every figure that the daemon can tell of itself: its name, its help, and where it is read.

A room declares its figures once, as :class:`Metric` constants, counts in plain attributes, and
offers ``samples() -> Iterator[Sample]``. A :class:`Registry` holds such sources and reads them when
somebody scrapes: nothing is added to the paths that are counted. Names follow Prometheus. All of
it runs in the reactor's thread.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

_NAME: Final = re.compile(r"webctp_[a-z][a-z0-9_]*[a-z0-9]", re.ASCII)
_LABEL: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

_MOST_CODES: Final = 64
"""ErrorIDs that are told apart: CTP has some hundred, and a day has a few."""
_OTHER: Final = "other"


class Kind(StrEnum):
    """How a figure moves, in Prometheus's words."""

    COUNTER = "counter"
    """Only grows, until the daemon ends."""
    GAUGE = "gauge"
    """Goes up and down."""
    HISTOGRAM = "histogram"
    """How often a value lay below each of some bounds, since the start."""


@dataclass(frozen=True, slots=True)
class Metric:
    """What one figure is called and what it means; a constant of the room that counts it.

    :ivar name: ``webctp_…`` with its unit at the end (``_seconds``, ``_bytes``); a counter's ends
        in ``_total``, and what is 1 and tells by its labels in ``_info``.
    :ivar help: one sentence in English.
    :ivar chinese: the same in Chinese.
    :ivar labels: names of the labels that tell its samples apart.
    :raises ValueError: where the name does not follow these rules.
    """

    name: str
    kind: Kind
    help: str
    chinese: str
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a metric: webctp_ and a-z, 0-9, _")
        if self.name.endswith("_total") is not (self.kind is Kind.COUNTER):
            raise ValueError(f"{self.name}: counters, and they alone, end in _total")
        for label in self.labels:
            if not _LABEL.fullmatch(label):
                raise ValueError(f"{self.name}: {label!r} is no name of a label")
        if not self.help or not self.chinese:
            raise ValueError(f"{self.name} needs a help text in English and in Chinese")

    def sample(self, value: "float | Distribution", *labels: str) -> "Sample":
        """Return this figure's value now; a histogram's is a :class:`Distribution`.

        :param labels: the values of its labels, in the order of :attr:`labels`.
        :raises ValueError: if there are more or fewer of them.
        """
        if len(labels) != len(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}, not {len(labels)} values")
        if isinstance(value, Distribution):
            return Sample(self, sum(value.counts), labels, value)
        return Sample(self, value, labels)


class Distribution(NamedTuple):
    """What a histogram has counted, read at one moment.

    ``counts`` has one more entry than ``bounds``: how often a value was at most that bound and
    above the one before, and at last how often it was above all of them. ``sum`` adds up all
    values.
    """

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    sum: float


class Histogram:
    """Counts values by bounds; costs some 0.3 us a value. Used in one thread.

    :param bounds: upper bounds, each greater than the one before.
    :raises ValueError: if they are not.
    """

    __slots__ = ("_bounds", "_counts", "_sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        if not bounds or list(bounds) != sorted(set(bounds)):
            raise ValueError(f"bounds of a histogram must grow, found {bounds}")
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def read(self) -> Distribution:
        """Return what was counted so far."""
        return Distribution(self._bounds, tuple(self._counts), self._sum)


class Sample(NamedTuple):
    """One value of a figure, read at one moment; of a histogram, how many values it has counted."""

    metric: Metric
    value: float
    labels: tuple[str, ...] = ()
    """The values of :attr:`Metric.labels`, in their order."""
    distribution: Distribution | None = None
    """Of a histogram."""

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.metric.name

    @property
    def labelled(self) -> dict[str, str]:
        """The labels by their names."""
        return dict(zip(self.metric.labels, self.labels, strict=True))


class CodeCounts:
    """Count by code; what comes after the first :data:`_MOST_CODES` codes counts together.

    :param codes: those that are told from the start, with 0.
    """

    def __init__(self, codes: Iterable[int] = ()) -> None:
        self._counts: dict[int, int] = dict.fromkeys(codes, 0)
        self._other = 0

    def add(self, code: int) -> None:
        """Count one."""
        if code in self._counts or len(self._counts) < _MOST_CODES:
            self._counts[code] = self._counts.get(code, 0) + 1
        else:
            self._other += 1

    def samples(self, metric: Metric) -> Iterator[Sample]:
        """Read the counts."""
        for code, count in self._counts.items():
            yield metric.sample(count, str(code))
        yield metric.sample(self._other, _OTHER)


class Source(Protocol):
    """A room that tells its figures."""

    def samples(self) -> Iterator[Sample]:
        """Read each figure once; called on a scrape, in the reactor's thread."""


class Registry:
    """The rooms that tell figures; reads all of them on a scrape."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._sources = list(sources)

    def add(self, *sources: Source) -> None:
        """Read ``sources`` on each scrape from now on."""
        self._sources.extend(sources)

    def gather(self) -> dict[Metric, list[Sample]]:
        """Read every source; gives each metric's samples together, by name.

        :raises ValueError: if two metrics share a name, or two samples a metric and labels.
        """
        found: dict[Metric, list[Sample]] = {}
        for source in self._sources:
            for sample in source.samples():
                found.setdefault(sample.metric, []).append(sample)
        named: dict[str, Metric] = {}
        for metric, samples in found.items():
            if named.setdefault(metric.name, metric) is not metric:
                raise ValueError(f"two rooms call different metrics {metric.name}")
            if len({sample.labels for sample in samples}) < len(samples):
                raise ValueError(f"{metric.name} is told twice with the same labels")
        return {named[name]: found[named[name]] for name in sorted(named)}
