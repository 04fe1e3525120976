"""Many stories, several at a time, each a process of its own: progress, failures, a summary."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, islice
from typing import IO, Final

import msgspec

from tests.chaos.stories.plan import KINDS, StoryPlan
from tests.chaos.stories.story import Outcome
from tests.daemons import ROOT

JOBS: Final = 2 * (os.cpu_count() or 1)
"""Stories at a time: they wait more than they compute."""
LONGEST: Final = 600.0
"""Seconds until a story is taken to be stuck, and ended."""
_POLL: Final = 0.1


class _Playing:
    """A story that is under way, with all its processes in a group of their own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._outcome = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed when it is read
        self._trace = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._since = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos", "--story", str(seed), "--json"],
            cwd=ROOT,
            stdout=self._outcome,
            stderr=self._trace,
            start_new_session=True,
        )

    @property
    def over(self) -> bool:
        """Whether it has ended, or is to be ended."""
        return self._process.poll() is not None or time.monotonic() - self._since > LONGEST

    def end(self) -> None:
        """End all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def outcome(self) -> tuple[Outcome, str]:
        """How it went, and its trace."""
        self.end()
        told, trace = (_all_of(file) for file in (self._outcome, self._trace))
        try:
            return msgspec.json.decode(told, type=Outcome), trace
        except msgspec.DecodeError:
            kind = StoryPlan.of(self.seed).kind
            return Outcome(self.seed, kind, f"no outcome within {LONGEST:g} s"), trace


def _all_of(file: IO[str]) -> str:
    with file:
        file.seek(0)
        return file.read()


@dataclass
class Summary:
    """What became of all stories."""

    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def failed(self) -> list[Outcome]:
        """Those in which a promise was not kept."""
        return [one for one in self.outcomes if one.violation]

    def lines(self) -> list[str]:
        """A table by kind, and a line in all."""
        by_kind: dict[str, list[Outcome]] = defaultdict(list)
        for one in self.outcomes:
            by_kind[one.kind].append(one)
        table = [_row(kind, by_kind[kind]) for kind in KINDS if by_kind[kind]]
        left_out = Counter(one.left_out for one in self.outcomes if one.left_out)
        notes = [f"left out {many} times: {what}" for what, many in left_out.items()]
        return [_HEADER, *table, _row("all", self.outcomes), *notes]


_HEADER: Final = (
    f"{'kind':<12} {'stories':>8} {'failed':>7} {'kills':>7} {'orders':>8} {'executed':>9}"
    f" {'pushes':>8}"
)


def _row(kind: str, outcomes: list[Outcome]) -> str:
    failed = sum(bool(one.violation) for one in outcomes)
    kills, orders, executed, pushes = (
        sum(getattr(one, name) for one in outcomes)
        for name in ("kills", "orders", "executed", "pushes")
    )
    return (
        f"{kind:<12} {len(outcomes):>8} {failed:>7} {kills:>7} {orders:>8} {executed:>9}"
        f" {pushes:>8}"
    )


def seeds(first: int, many: int, kinds: Iterable[str] = ()) -> Iterator[int]:
    """The seeds of so many stories from ``first`` on; of these kinds only, if there are some."""
    wanted = set(kinds)
    found = (seed for seed in count(first) if not wanted or StoryPlan.of(seed).kind in wanted)
    return islice(found, many)


def run(wanted: Iterable[int], jobs: int, on_outcome: Callable[[Outcome, str], None]) -> Summary:
    """Play stories.

    :param on_outcome: told of each as it ends, with its trace if it failed.
    """
    summary = Summary()
    waiting = iter(wanted)
    playing: list[_Playing] = []
    try:
        while True:
            for seed in islice(waiting, jobs - len(playing)):
                playing.append(_Playing(seed))
            if not playing:
                return summary
            time.sleep(_POLL)
            for one in [one for one in playing if one.over]:
                playing.remove(one)
                outcome, trace = one.outcome()
                summary.outcomes.append(outcome)
                on_outcome(outcome, trace)
    finally:
        for one in playing:
            one.end()
