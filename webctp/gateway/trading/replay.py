"""The pushes of a session, numbered, so that a client that was away can be told what it missed.

A ``Seq`` belongs to one session for ever. Each session numbers its pushes in a block of its own:
:class:`SeqBlocks` begins at random and hands no block out twice, so neither the clock nor the
session's birth says which numbers it gets. A number of another session, of an earlier run or of
another daemon therefore means a gap, never somebody else's pushes.
"""

import secrets
from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

KEPT_BYTES: Final = 8 * 1024 * 1024

_BLOCK_BITS: Final = 26
"""67 million pushes to a block: weeks of the busiest session."""
_BLOCKS: Final = 1 << 26
"""A number of another run lies in a living session's block once in 67 million times."""
_STATUS: Final = b'{"MsgType":"RtnInstrumentStatus",'
_PORTFOLIO: Final = b'{"MsgType":"RtnPortfolio'
"""How pushes begin that not every client wants."""
_HEAD: Final = 48
"""Bytes of a frame within which its MsgType stands."""
_FIRST_BLOCK: Final = 1 << 26
"""Numbers from 2^52 to 2^53: exact in JavaScript, and above every number that earlier versions
gave (microseconds since 1970)."""


class SeqBlocks:
    """Hands out blocks of numbers, each to one session only."""

    def __init__(self) -> None:
        self._next = secrets.randbelow(_BLOCKS)

    def take(self) -> range:
        """Return the numbers of a block that nobody else has."""
        block = _FIRST_BLOCK + self._next
        self._next = (self._next + 1) % _BLOCKS
        return range(block << _BLOCK_BITS, (block + 1) << _BLOCK_BITS)


class Reader(Protocol):
    """Who is told what it missed."""

    wants_statuses: bool
    wants_portfolio: bool


class _Everything:
    """A reader that wants all."""

    wants_statuses = True
    wants_portfolio = True


EVERYTHING: Final = _Everything()


@dataclass(frozen=True, slots=True)
class Missed:
    """What a client missed: the frames after its ``Seq``, or the word that some are lost."""

    frames: tuple[bytes, ...]
    gap: bool


class ReplayBuffer:
    """The last pushes of one session, as frames.

    :param blocks: where the session's numbers come from.
    :param kept_bytes: how much is remembered; the oldest go first.
    """

    def __init__(self, blocks: SeqBlocks, kept_bytes: int = KEPT_BYTES) -> None:
        self._blocks = blocks
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._kept_bytes = kept_bytes
        self._begin()
        self._born = self.seq

    def _begin(self) -> None:
        """Go on in a new block; what was numbered in the old one is forgotten."""
        block = self._blocks.take()
        self.seq = block.start
        """The number of the last push; the block's first before any."""
        self._last = block.stop - 1
        self._first = self.seq + 1
        self._frames.clear()
        self._bytes = 0

    @property
    def has_pushed(self) -> bool:
        """Whether the session has ever pushed anything."""
        return self.seq != self._born

    def add(self, frame: bytes) -> None:
        """Remember the push numbered ``seq + 1``."""
        self.seq += 1
        self._frames.append(frame)
        self._bytes += len(frame)
        while self._bytes > self._kept_bytes:
            self._bytes -= len(self._frames.popleft())
            self._first += 1
        if self.seq == self._last:
            self._begin()

    def replace_last(self, frame: bytes) -> None:
        """Remember another frame in the place of the last push: what it said is told anew."""
        if self._frames:
            self._bytes += len(frame) - len(self._frames.pop())
            self._frames.append(frame)

    def forget(self) -> None:
        """Forget what was pushed so far: who has not seen its last has not seen the day's flow."""
        self._frames.clear()
        self._bytes = 0
        self._first = self.seq + 1

    def knows(self, seq: int) -> bool:
        """Return whether everything after ``seq`` is still here."""
        return self._first - 1 <= seq <= self.seq

    def after(self, seq: int, reader: Reader = EVERYTHING) -> Missed:
        """Return what came after ``seq``; nothing but a gap if that is not known whole.

        :param reader: says what it wants.
        """
        if not self.knows(seq):
            return Missed((), gap=True)
        skipped = seq + 1 - self._first
        frames = tuple(self._frames)[skipped:]
        if not reader.wants_statuses:
            frames = tuple(one for one in frames if _STATUS not in one[:_HEAD])
        if not reader.wants_portfolio:
            frames = tuple(one for one in frames if _PORTFOLIO not in one[:_HEAD])
        return Missed(frames, gap=False)
