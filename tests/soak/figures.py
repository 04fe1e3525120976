"""What a daemon holds over the hours, and whether it has more a day later."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

from tests.daemons import DaemonProcess

WARM_UP: Final = 0.5
"""Hours at the start that are left out: a daemon learns the instruments, and fills its caches."""
STEADY: Final = 0.9
"""And all before there are so many of the clients that there are mostly: they come one by one."""
AN_HOUR: Final = 1.0
A_DAY: Final = 24.0
MOST_GROWTH: Final = {"MiB": 0.25, "threads": 0.25, "descriptors": 0.25, "flow directories": 2.0}
"""Of the first hour's figure, how much may be added in the same hour a day later.

A flow directory is kept for each session that an account ever had at the same time: few come
later, but the first hour does not have them all.
"""
SLACK: Final = 8.0
"""What may be added in any case, for clients come and go at random."""


class Sample(NamedTuple):
    """A look at a daemon, ``hour`` hours of the exchange's clock after the start."""

    hour: float
    mebibytes: float
    threads: int
    descriptors: int
    flows: int
    clients: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """How a figure has moved: medians of the first hour and of that a day later, the most, the
    slope.
    """

    name: str
    first: float
    last: float
    most: float
    slope: float

    @property
    def grows(self) -> bool:
        """Whether the last hour has more than it may."""
        return self.last - self.first > max(MOST_GROWTH[self.name] * self.first, SLACK)

    def row(self) -> str:
        """A line of the table."""
        return (
            f"| {self.name} | {self.first:.0f} | {self.most:.0f} | {self.last:.0f} "
            f"| {self.slope:+.2f} | {'grows' if self.grows else 'stays'} |"
        )


HEAD: Final = (
    "| of the daemon | first hour | most | a day later | slope an hour | verdict |\n"
    "|---|---|---|---|---|---|"
)


def sample(daemon: DaemonProcess, flows: Path, hour: float, clients: int = 0) -> Sample:
    """Look at a daemon, and at its flow directories below ``flows``."""
    directories = sum(len(names) for _, names, _ in os.walk(flows))
    return Sample(hour, daemon.resident, daemon.threads, daemon.descriptors, directories, clients)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the median of the slopes between all points: a few outliers do not move it."""
    found = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x2 > x1]
    return statistics.median(found) if found else 0.0


def steady_since(samples: Sequence[Sample]) -> float:
    """Return the hour since which there are as many clients as mostly."""
    enough = STEADY * statistics.median(one.clients for one in samples)
    since = (one.hour for one in samples if one.clients >= enough and one.hour >= WARM_UP)
    return next(since, samples[-1].hour)


def trends(samples: Sequence[Sample]) -> list[Trend]:
    """Return how each figure has moved since there were as many clients as mostly.

    The first hour is held against the same hour of the next day, the last one where there is none.
    Where there are two days, the first is warm-up: it fills the caches of texts and orders, up to
    their bounds. Where all lasted no longer than the warm-up, all samples count, and a fifth of
    them is an hour.
    """
    begin = steady_since(samples)
    end, part = samples[-1].hour, AN_HOUR
    if end >= begin + 2 * A_DAY + part:
        begin += A_DAY
    if end <= begin + AN_HOUR:
        begin, part = 0.0, end / 5
    end = min(end, begin + A_DAY + part)
    warm = [one for one in samples if begin <= one.hour <= end]
    found = []
    for place, name in enumerate(MOST_GROWTH, start=1):
        values = [(one.hour, float(one[place])) for one in warm]
        first = statistics.median(value for hour, value in values if hour <= begin + part)
        last = statistics.median(value for hour, value in values if hour >= end - part)
        most = max(value for _, value in values)
        found.append(Trend(name, first, last, most, slope(values)))
    return found
