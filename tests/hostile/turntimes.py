"""How long a daemon's turns are: processor time of its reactor's thread, from within the daemon.

On a machine that has other things to do, what a clock says of a turn is not the daemon's doing.
:data:`FIRST` makes a daemon write a line for each turn beyond :data:`LONG`: the moment, the turn's
time, and what took most of it. :func:`longest` reads them.
"""

import gc
import json
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

FIRST: Final = """
from tests.hostile import turntimes
turntimes.install({path!r})
"""
"""Python that a daemon runs before anything else."""
LONG: Final = 0.003
"""Seconds from which on a turn is written down."""
_NAMED: Final = 4


class Recorder:
    """Takes the times of the reactor's turns."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._parts: list[tuple[float, str]] = []

    def part(self, name: Callable[[], str], work: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        """Do a part of a turn."""
        begun = time.thread_time()
        try:
            return work(*args, **kw)
        finally:
            taken = time.thread_time() - begun
            if taken > LONG / 10:
                self.note(name(), taken)

    def note(self, name: str, taken: float) -> None:
        """Note what was a part of this turn."""
        self._parts.append((taken, name))

    def turn(self, taken: float) -> None:
        """End a turn."""
        parts, self._parts = self._parts, []
        if taken >= LONG:
            most = sorted(parts, reverse=True)[:_NAMED]
            named = [f"{name} {seconds * 1000:.1f}" for seconds, name in most]
            line = {"at": time.monotonic(), "ms": taken * 1000, "parts": len(parts), "most": named}
            os.write(self._file, json.dumps(line).encode() + b"\n")


def install(path: str) -> None:
    """Take the times of whatever reactor this process will have."""
    from twisted.internet import base, epollreactor

    recorder = Recorder(path)
    collected = [0.0]

    def collecting(phase: str, info: dict[str, int]) -> None:
        """A collection is part of whatever it interrupts."""
        if phase == "start":
            collected[0] = time.thread_time()
        elif threading.current_thread() is threading.main_thread():
            generation = info["generation"]
            recorder.note(f"gc {generation}", time.thread_time() - collected[0])

    gc.callbacks.append(collecting)
    loop: Any = base.ReactorBase
    poll: Any = epollreactor.EPollReactor
    later, from_thread, io = loop.callLater, loop.callFromThread, poll._doReadOrWrite

    def call_later(self: Any, delay: float, work: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        return later(self, delay, partial(recorder.part, partial(_named, work), work), *args, **kw)

    def call_from_thread(self: Any, work: Callable[..., Any], *args: Any, **kw: Any) -> None:
        from_thread(self, partial(recorder.part, partial(_named, work), work), *args, **kw)

    def read_or_write(self: Any, selectable: Any, fd: int, event: int) -> None:
        name = partial(_served, selectable, event)
        recorder.part(name, partial(io, self), selectable, fd, event)

    def main_loop(self: Any) -> None:
        while self._started:
            begun = time.thread_time()
            self.runUntilCurrent()
            timeout = self.timeout()
            self.doIteration(self.running and timeout)
            recorder.turn(time.thread_time() - begun)

    loop.callLater, loop.callFromThread, loop.mainLoop = call_later, call_from_thread, main_loop
    poll._doReadOrWrite = read_or_write
    poll.doIteration = poll.doPoll


def longest(path: Path, begin: float, end: float) -> tuple[float, list[str]]:
    """The longest turn within a time (monotonic seconds): its ms, 0 for none, and what took it."""
    found: tuple[float, list[str]] = 0.0, []
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            turn = json.loads(line)
            if begin <= turn["at"] <= end:
                found = max(found, (turn["ms"], turn["most"]))
    return found


def _named(work: Any) -> str:
    while isinstance(work, partial):
        work = work.func
    return str(getattr(work, "__qualname__", type(work).__name__))


def _served(selectable: Any, event: int) -> str:
    protocol = type(getattr(selectable, "protocol", None)).__name__
    return f"{type(selectable).__name__}/{protocol} {event}"
