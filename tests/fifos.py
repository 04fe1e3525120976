"""FIFOs that nobody writes to: whoever opens one as a file waits for ever."""

import os
import signal
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

_PATIENCE: Final = 30
"""Seconds after which an open that waits fails the test."""


def fifo(case: SynchronousTestCase, path: str | Path) -> None:
    """Make a FIFO for a test, which fails if it waits for the other end."""

    def waits(*_: object) -> None:
        raise AssertionError(f"still waits for the other end of {path}")

    os.mkfifo(path, 0o600)
    before = signal.signal(signal.SIGALRM, waits)
    case.addCleanup(signal.signal, signal.SIGALRM, before)
    case.addCleanup(signal.alarm, 0)
    signal.alarm(_PATIENCE)
