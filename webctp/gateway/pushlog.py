"""The pushes of a session, numbered, so that a client that was away can be told what it missed.

``Seq`` grows by one with each push and starts at the session's birth in microseconds since 1970.
So a number from another session, or from before a restart of the daemon, lies below every number
given here, and a gap is told instead of filled with somebody else's pushes.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

KEPT_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Missed:
    """What a client missed: the frames after its ``Seq``, or the word that some are lost."""

    frames: tuple[bytes, ...]
    gap: bool


class PushLog:
    """The last pushes of one session, as frames.

    :param born: seconds since 1970.
    :param kept_bytes: how much is remembered; the oldest go first.
    """

    def __init__(self, born: float, kept_bytes: int = KEPT_BYTES) -> None:
        self.seq = int(born * 1_000_000)
        self._first = self.seq + 1
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._kept_bytes = kept_bytes

    def add(self, frame: bytes) -> None:
        """Remember the push numbered ``seq + 1``."""
        self.seq += 1
        self._frames.append(frame)
        self._bytes += len(frame)
        while self._bytes > self._kept_bytes:
            self._bytes -= len(self._frames.popleft())
            self._first += 1

    def knows(self, seq: int) -> bool:
        """Whether everything after ``seq`` is still here."""
        return self._first - 1 <= seq <= self.seq

    def after(self, seq: int) -> Missed:
        """What came after ``seq``; nothing but a gap if that is not known whole."""
        if not self.knows(seq):
            return Missed((), gap=True)
        skipped = seq + 1 - self._first
        return Missed(tuple(self._frames)[skipped:], gap=False)
