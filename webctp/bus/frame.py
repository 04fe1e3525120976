"""The format in which ticks travel between machines: a header, then the ticks as CTP's structs.

Numbers are little-endian. The header has 48 bytes::

    magic      4 bytes   b"WCTP"
    version    uint8     VERSION
    (unused)   1 byte    0
    partition  uint16    of the instruments, see partition_of
    count      uint32    how many ticks follow
    size       uint32    bytes of each
    layout     8 bytes   fingerprint of the struct's layout at the publisher's binding
    epoch      uint64    the publisher's; a greater one each time it connects, from 1
    first      uint64    number of the first tick in the partition since the epoch began, from 0
    time       int64     when the batch was received, in nanoseconds since 1970

A frame without ticks tells a position: that of the next tick. It is sent behind the newest ticks
of all before it, which Redis keeps: each as a frame of one tick, so that its place in the sequence
is known.

Structs travel as they are in memory: encoding copies, and decodes nothing. Both ends must have
the same layout of a tick, which the fingerprint tells; a new format has a new version. Readers
are to be upgraded before publishers. Everything here is pure and safe on any thread.
"""

import struct
import zlib
from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from webctp.ctp.codec import Layout
from webctp.language.text import Text, english

VERSION: Final = 1
MOST_PARTITIONS: Final = 1 << 16

_MAGIC: Final = b"WCTP"
_HEADER: Final = struct.Struct("<4sBxHII8sQQq")
_new: Final = tuple.__new__


class FrameError(ValueError):
    """Bytes that are no frame this process can read; ``reason`` says why, and the remedy."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


class Frame(NamedTuple):
    """A batch of one partition's ticks; its fields are those of the header."""

    partition: int
    epoch: int
    first: int
    time: int
    ticks: tuple[bytes, ...]


class FrameFormat:
    """Writes and reads frames of one struct.

    :param layout: that of a tick (``CThostFtdcDepthMarketDataField``) at this process's binding.
    """

    def __init__(self, layout: Layout) -> None:
        self._size = layout.size
        self._layout = _fingerprint(layout)

    def encode(
        self, partition: int, epoch: int, first: int, time: int, ticks: Sequence[bytes]
    ) -> bytes:
        """Return a frame's bytes.

        :raises ValueError: if a tick has not the struct's size.
        :raises struct.error: for a number that does not fit its field.
        """
        if not {self._size}.issuperset(map(len, ticks)):
            raise ValueError(f"a tick has not the {self._size} bytes of its struct")
        return b"".join((self.header(partition, epoch, first, time, len(ticks)), *ticks))

    def header(self, partition: int, epoch: int, first: int, time: int, count: int) -> bytes:
        """Return what stands before so many ticks.

        :raises struct.error: for a number that does not fit its field.
        """
        return _HEADER.pack(
            _MAGIC, VERSION, partition, count, self._size, self._layout, epoch, first, time
        )

    def decode(self, raw: bytes) -> Frame:
        """Return the frame that bytes are.

        :raises FrameError: if they are none, of another version, or of another layout.
        """
        if len(raw) < _HEADER.size or not raw.startswith(_MAGIC):
            raise FrameError(
                english(
                    "a frame of the bus is {size} bytes of something else; "
                    "keep the bus's channels and keys to webctp alone",
                    size=len(raw),
                )
            )
        _, version, partition, count, size, layout, epoch, first, time = _HEADER.unpack_from(raw)
        if version != VERSION:
            raise FrameError(
                english(
                    "a frame of the bus has version {theirs}, this webctp reads {ours}; "
                    "upgrade edges before CTP nodes",
                    theirs=version,
                    ours=VERSION,
                )
            )
        if size != self._size or layout != self._layout:
            raise FrameError(
                english(
                    "the publisher's binding lays out ticks in another way than the one here; "
                    "install the same release of the binding at both"
                )
            )
        if len(raw) != _HEADER.size + count * size:
            raise FrameError(
                english(
                    "a frame of the bus has {size} bytes where its header says {wanted}",
                    size=len(raw),
                    wanted=_HEADER.size + count * size,
                )
            )
        ticks = tuple(raw[at : at + size] for at in range(_HEADER.size, len(raw), size))
        return _new(Frame, (partition, epoch, first, time, ticks))


def partition_of(instrument: bytes, partitions: int) -> int:
    """Return the partition of an instrument, the same in every process and release.

    :param instrument: its name, without the zeros that fill its field.
    :param partitions: how many there are, at most :data:`MOST_PARTITIONS`.
    """
    return zlib.crc32(instrument) % partitions


def _fingerprint(layout: Layout) -> bytes:
    """Return 8 bytes that are alike for layouts which read the same bytes alike.

    They are told apart to prevent mistakes, not attacks.
    """
    fields = [(field.name, field.offset, field.size, field.kind) for field in layout.fields]
    return sha256(repr((layout.size, fields)).encode()).digest()[:8]
