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
AN_HOUR: Final = 1.0
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


@dataclass(frozen=True, slots=True)
class Trend:
    """How a figure has moved: medians of the first and the last hour, the most, the slope."""

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
    "| of the daemon | first hour | most | last hour | slope an hour | verdict |\n"
    "|---|---|---|---|---|---|"
)


def sample(daemon: DaemonProcess, flows: Path, hour: float) -> Sample:
    """Look at a daemon, and at its flow directories below ``flows``."""
    directories = sum(len(names) for _, names, _ in os.walk(flows))
    return Sample(hour, daemon.resident, daemon.threads, daemon.descriptors, directories)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the median of the slopes between all points: a few outliers do not move it."""
    found = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x2 > x1]
    return statistics.median(found) if found else 0.0


def trends(samples: Sequence[Sample]) -> list[Trend]:
    """Return how each figure has moved since the warm-up.

    Where all lasted no longer than that, all samples count, and a fifth of them is an hour.
    """
    end = samples[-1].hour
    begin, part = (WARM_UP, AN_HOUR) if end > WARM_UP + AN_HOUR else (0.0, end / 5)
    warm = [one for one in samples if one.hour >= begin]
    found = []
    for place, name in enumerate(MOST_GROWTH, start=1):
        values = [(one.hour, float(one[place])) for one in warm]
        first = statistics.median(value for hour, value in values if hour <= begin + part)
        last = statistics.median(value for hour, value in values if hour >= end - part)
        most = max(value for _, value in values)
        found.append(Trend(name, first, last, most, slope(values)))
    return found
