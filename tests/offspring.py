"""Ends whatever the checks have started, also what its parents have left behind.

Linux only: orphans are handed to the nearest ancestor that has asked for them.
"""

import ctypes
import os
import signal
import time
from pathlib import Path
from typing import Final

_PR_SET_CHILD_SUBREAPER: Final = 36
_POLL: Final = 0.05


def adopt() -> None:
    """Become the parent of every descendant whose own parent ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def descendants() -> list[int]:
    """Give the processes below this one that still run, children first."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text("ascii", "replace")
        except OSError:
            continue  # ended meanwhile
        state, parent = text.rpartition(")")[2].split()[:2]
        if state != "Z":
            children.setdefault(int(parent), []).append(int(path.parent.name))
    found = [os.getpid()]
    for process in found:
        found += children.get(process, [])
    return found[1:]


def end(patience: float) -> list[int]:
    """Let all descendants end; kill those that have not after ``patience`` seconds.

    Gives those that were killed.
    """
    for process in descendants():
        _send(process, signal.SIGINT)
    killed: list[int] = []
    deadline = time.monotonic() + patience
    while left := descendants():
        if time.monotonic() > deadline:
            killed += [process for process in left if process not in killed]
            for process in left:
                _send(process, signal.SIGKILL)
        _reap()
        time.sleep(_POLL)
    _reap()
    return killed


def _send(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return
