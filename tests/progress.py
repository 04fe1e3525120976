"""How far the checks have come, in a few lines that come while it happens.

trial's own output is a tree of some thousands of lines, in which two processes take turns. Of it
only what somebody waits for is passed on: how many tests are done, of how many, and each test that
does not pass, at once and by its whole name. What is no part of the tree stays as it is: the
tracebacks at the end, and what tests or tools print.
"""

import re
from collections.abc import Callable
from typing import Final

INTERVAL: Final = 5.0
"""Seconds between two lines of progress."""

_RUNNING: Final = re.compile(r"Running (\d+) tests?\.")
_HEADING: Final = re.compile(r"( *)([\w.]+)")
_TEST: Final = re.compile(r" +(\w+) \.\.\. +\[([A-Z!?]+)\]")
_END: Final = re.compile(r"[=-]{79}")
_GOOD: Final = ("OK", "TODO")


class Progress:
    """Reads what trial prints, line by line, and says how far it is.

    :param say: prints a line.
    :param seconds: the clock.
    """

    def __init__(self, say: Callable[[str], object], seconds: Callable[[], float]) -> None:
        self._say = say
        self._seconds = seconds
        self._begun = self._said = seconds()
        self._total = "?"
        self._headings: list[str] = []
        self._running = True
        self.done = self.bad = 0

    def line(self, line: str) -> None:
        """Take a line of trial's, without its end."""
        if not self._running:
            self._say(line)
        elif found := _RUNNING.fullmatch(line):
            self._total = found[1]
            self._say(f"{self._total} tests, a line each {INTERVAL:.0f} seconds")
        elif found := _TEST.fullmatch(line):
            self._count(found[1], found[2])
        elif _END.fullmatch(line):
            self._running = False
            self._say(self._standing())
            self._say(line)
        elif (found := _HEADING.fullmatch(line)) and self._total != "?":
            self._headings[len(found[1]) // 2 :] = [found[2]]
        else:
            self._say(line)

    def _count(self, name: str, outcome: str) -> None:
        self.done += 1
        if outcome not in _GOOD:
            self.bad += outcome != "SKIPPED"
            self._say(f"[{outcome}] {'.'.join((*self._headings, name))}")
        if self._seconds() - self._said >= INTERVAL:
            self._said = self._seconds()
            self._say(f"{self._standing()}  {self._headings[0] if self._headings else ''}")

    def _standing(self) -> str:
        minutes, seconds = divmod(int(self._seconds() - self._begun), 60)
        bad = f", {self.bad} failed" if self.bad else ""
        return f"{minutes}:{seconds:02}  {self.done} of {self._total}{bad}"
