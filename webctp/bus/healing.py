"""Follow one publisher's partitions, and heal gaps from the newest ticks that are kept.

Pure: the reader of a bus hands over frames as they arrive, asks for the kept ticks of a partition
when told to, and hands those over. No tick is given on after a later one of its instrument.

It relies on this order: a publisher writes the kept ticks before it sends a position, and all of
them, under a new epoch, whenever it connects anew. So ticks that are read after a position has
come are not older than the last one before it. Everything runs in one thread.
"""

from collections.abc import Mapping
from typing import NamedTuple

from webctp.bus.frame import Frame
from webctp.bus.position import START, Follower, Gap, Position


class Arrival(NamedTuple):
    """What a frame brings.

    ``ticks`` are to be given on, in order. ``gap`` is what was missed just before them: it is to
    be told, and the kept ticks of the partition are to be asked for.
    """

    ticks: tuple[bytes, ...]
    gap: Gap | None


class Healing:
    """One publisher, as a reader follows it.

    :param instrument: where a tick's bytes hold its InstrumentID.
    """

    def __init__(self, instrument: slice) -> None:
        self._instrument = instrument
        self._partitions: dict[int, _Partition] = {}

    def take(self, frame: Frame) -> Arrival:
        """Take a frame in the order of arrival."""
        partition = self._partitions.get(frame.partition)
        if partition is None:
            partition = self._partitions[frame.partition] = _Partition(self._instrument)
        return partition.take(frame)

    def position(self, partition: int) -> Position:
        """Return where a partition stands."""
        found = self._partitions.get(partition)
        return START if found is None else found.follower.position

    def heal(
        self, partition: int, kept: Mapping[bytes, Frame], asked: Position
    ) -> tuple[bytes, ...]:
        """Return which of a partition's kept ticks are to be given on, in their order.

        :param kept: the newest tick of each instrument, by its field's bytes as in the tick.
        :param asked: the position that the publisher had told when they were asked for. A gap that
            ends behind it stays open, and waits for the answer to its own question.
        """
        found = self._partitions.get(partition)
        return () if found is None else found.heal(kept, asked)

    def forget(self, partition: int) -> None:
        """Forget a partition: its next frame is the first."""
        self._partitions.pop(partition, None)

    def is_healing(self, partition: int) -> bool:
        """Return whether a gap of a partition is still open."""
        found = self._partitions.get(partition)
        return found is not None and found.gap is not None


class _Partition:
    """One partition: its place, its open gap, and what has come since that was noticed."""

    def __init__(self, instrument: slice) -> None:
        self._instrument = instrument
        self.follower = Follower()
        self.gap: Gap | None = None
        self._seen: dict[bytes, Position] = {}

    def take(self, frame: Frame) -> Arrival:
        """Take a frame: several gaps are one, from the first one's start to the last one's end."""
        ticks, gap = self.follower.take(frame)
        if gap is not None:
            self.gap = gap if self.gap is None else Gap(self.gap.start, gap.end)
        if self.gap is not None:
            number = self.follower.position.number - len(ticks)
            for place, tick in enumerate(ticks, number):
                self._seen[tick[self._instrument]] = Position(frame.epoch, place)
        return Arrival(ticks, gap)

    def heal(self, kept: Mapping[bytes, Frame], asked: Position) -> tuple[bytes, ...]:
        """Choose from kept ticks; close the gap if they were asked for after it was noticed."""
        gap, seen = self.gap, self._seen
        if gap is None:
            return ()
        healing = []
        for name, frame in kept.items():
            at = Position(frame.epoch, frame.first)
            if gap.is_healed_by(frame) and at > seen.get(name, START):
                healing.append((at, frame.ticks[0]))
                seen[name] = at
        if asked >= gap.end:
            self.gap = None
            seen.clear()
        return tuple(tick for _, tick in sorted(healing))
