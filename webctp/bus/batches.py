"""Gather ticks by partition, and number them: one frame a turn for each partition that has any.

Pure: whoever publishes adds ticks as they come and takes the frames at the end of the turn.
Everything runs in one thread, the reactor's.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from webctp.bus.frame import MOST_PARTITIONS, FrameFormat, partition_of

_NAMES_KEPT: Final = 65_536


class Batch(NamedTuple):
    """A partition's frame, and what is to be kept for newcomers.

    ``newest`` are the newest ticks of the instruments in the frame, by name: frames of one tick.
    """

    partition: int
    frame: bytes
    newest: Mapping[bytes, bytes]


class Batches:
    """The ticks of a publisher that are still to be sent, by partition.

    A publisher takes all of it each turn. While it cannot, :meth:`conflate` bounds what waits.

    :param instrument: where a tick's bytes hold its InstrumentID.
    :param partitions: how many there are; publisher and readers must have the same number.
    :param epoch: greater than all that this publisher has had, also before it was started anew.
    :raises ValueError: if there is no such number of partitions, or no such epoch.
    """

    def __init__(
        self, frames: FrameFormat, instrument: slice, *, partitions: int, epoch: int
    ) -> None:
        if not 0 < partitions <= MOST_PARTITIONS:
            raise ValueError(f"partitions: {partitions} is not within 1 to {MOST_PARTITIONS}")
        if epoch < 1:
            raise ValueError(f"epoch: {epoch} is less than 1")
        self._frames = frames
        self._instrument = instrument
        self._epoch = epoch
        self._waiting: list[list[bytes]] = [[] for _ in range(partitions)]
        self._next = [0] * partitions
        self._queues: dict[bytes, list[bytes]] = {}
        self._newest: list[dict[bytes, bytes]] = [{} for _ in range(partitions)]

    def begin(self, epoch: int) -> None:
        """Begin another epoch; what is still to be sent belongs to it.

        Whoever connects to Redis anew does so, after writing :meth:`newest`: a Redis that was
        restarted may have kept older ticks, and each reader is to read them again.

        :raises ValueError: if the epoch is not greater than the last.
        """
        if epoch <= self._epoch:
            raise ValueError(f"epoch: {epoch} is not greater than {self._epoch}")
        self._epoch = epoch
        self._next = [0] * len(self._next)

    def newest(self, partition: int) -> Mapping[bytes, bytes]:
        """Return the newest tick taken of each instrument of a partition, as :class:`Batch` has it.

        There are as many as the front has been asked for.
        """
        return self._newest[partition]

    def add(self, ticks: Iterable[bytes]) -> None:
        """Add ticks, in the front's order."""
        queues, where = self._queues, self._instrument
        for tick in ticks:
            field = tick[where]
            queue = queues.get(field)
            (self._queue_of(field) if queue is None else queue).append(tick)

    def take(self, time: int) -> Iterator[Batch]:
        """Give the frames of all ticks added since the last call.

        :param time: when they were received, in nanoseconds since 1970.
        """
        for partition, ticks in enumerate(self._waiting):
            if ticks:
                yield self._batch(partition, ticks, time)
                ticks.clear()  # the list stays: names lead to it

    def conflate(self) -> int:
        """Keep of what waits the newest tick of each instrument; return how many ticks are left.

        Those given up have had numbers: readers notice that they are missing.
        """
        where = self._instrument
        for partition, ticks in enumerate(self._waiting):
            newest = {tick[where]: tick for tick in ticks}
            self._next[partition] += len(ticks) - len(newest)
            ticks[:] = newest.values()
        return sum(map(len, self._waiting))

    def positions(self, time: int) -> Iterator[bytes]:
        """Give a frame without ticks for each partition: the number of its next tick.

        Sent after :meth:`take`, it lets readers notice that the last frame was lost.
        """
        for partition, following in enumerate(self._next):
            yield self._frames.encode(partition, self._epoch, following, time, ())

    def _batch(self, partition: int, ticks: list[bytes], time: int) -> Batch:
        """Make a partition's frame, and give its ticks their numbers."""
        first, where = self._next[partition], self._instrument
        self._next[partition] = first + len(ticks)
        places = {tick[where]: place for place, tick in enumerate(ticks)}
        encode, epoch = self._frames.encode, self._epoch
        newest = {
            _name(field): encode(partition, epoch, first + place, time, (ticks[place],))
            for field, place in places.items()
        }
        self._newest[partition].update(newest)
        return Batch(partition, encode(partition, epoch, first, time, ticks), newest)

    def _queue_of(self, field: bytes) -> list[bytes]:
        """Return where an instrument's ticks wait, and remember it while there is room."""
        if len(self._queues) >= _NAMES_KEPT:
            self._queues.clear()
        queue = self._waiting[partition_of(_name(field), len(self._waiting))]
        self._queues[field] = queue
        return queue


def _name(field: bytes) -> bytes:
    """Return the name that a field of text holds; what lies behind its end may be anything."""
    return field.partition(b"\0")[0]
