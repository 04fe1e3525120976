"""What a daemon of a story runs with: a wall clock that can be stepped, threads that can be told.

It is what a daemon's process runs before anything else. ``STORY_CLOCK`` names a file
of 8 bytes, the seconds (a double) that the wall clock is wrong by; ``STORY_THREADS`` names the
file that SIGUSR1 writes the names of the living threads to.
"""

import itertools
import mmap
import os
import signal
import struct
import threading
import time
from pathlib import Path

_numbers = itertools.count()
_true_time = time.time
_true_time_ns = time.time_ns
_true_localtime = time.localtime
_true_gmtime = time.gmtime

with open(os.environ["STORY_CLOCK"], "rb") as _file:
    _error = mmap.mmap(_file.fileno(), 8, access=mmap.ACCESS_READ)
_read = struct.Struct("<d").unpack_from


def _time() -> float:
    return float(_true_time() + _read(_error)[0])


def _time_ns() -> int:
    return int(_true_time_ns() + _read(_error)[0] * 1e9)


def _localtime(seconds: float | None = None) -> time.struct_time:
    return _true_localtime(_time() if seconds is None else seconds)


def _gmtime(seconds: float | None = None) -> time.struct_time:
    return _true_gmtime(_time() if seconds is None else seconds)


def _tell_threads(number: int, frame: object) -> None:
    path = Path(os.environ["STORY_THREADS"])
    told = path.with_suffix(f".{next(_numbers)}")  # one signal may come while another is handled
    told.write_text("\n".join(sorted(thread.name for thread in threading.enumerate())))
    told.rename(path)


time.time = _time
time.time_ns = _time_ns
time.localtime = _localtime  # type: ignore[assignment]
time.gmtime = _gmtime  # type: ignore[assignment]
signal.signal(signal.SIGUSR1, _tell_threads)
