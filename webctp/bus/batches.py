"""Gather ticks by partition, and number them: one frame at a time for each partition that has any.

Pure: whoever publishes adds ticks as they come, takes the frames when they are to leave, and now
and then what is to be kept for newcomers. A tick is added, divided and joined, and looked at no
further: it is the publisher's whole cost. Everything runs in one thread, the reactor's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, repeat
from operator import itemgetter
from typing import Final, NamedTuple

from webctp.bus.frame import MOST_PARTITIONS, FrameFormat, partition_of

_NAMES_KEPT: Final = 65_536


class Batch(NamedTuple):
    """A partition's frame, in pieces: to join them is for whoever sends, with what else leaves.

    ``size`` is how many bytes they have.
    """

    partition: int
    size: int
    pieces: list[bytes]

    @property
    def frame(self) -> bytes:
        """Return the whole of it."""
        return b"".join(self.pieces)


class Batches:
    """The ticks of a publisher that are still to be sent, by partition.

    A publisher takes all of it again and again. While it cannot, :meth:`conflate` bounds what
    waits.

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
        self._field: Callable[[bytes], bytes] = itemgetter(instrument)
        self._epoch = epoch
        self.waiting: list[bytes] = []
        """Ticks that are to be sent, in the front's order: whoever has some puts them behind."""
        self._divided: list[list[bytes]] = [[] for _ in range(partitions)]
        self._queues = _Queues(self._divided)
        self._next = [0] * partitions
        self._sent: list[dict[bytes, tuple[int, int, bytes]]] = [{} for _ in range(partitions)]
        """Number, time and bytes of the newest ticks that were sent and not yet looked through.

        Of others nothing stays: what lives longer than a turn is no more in the processor's cache
        when the next is written."""
        self._changed: list[dict[bytes, bytes]] = [{} for _ in range(partitions)]
        self._newest: list[dict[bytes, bytes]] = [{} for _ in range(partitions)]

    def begin(self, epoch: int) -> None:
        """Begin another epoch; what is still to be sent belongs to it.

        Whoever connects to Redis anew does so, after writing :meth:`newest`: a Redis that was
        restarted may have kept older ticks, and each reader is to read them again.

        :raises ValueError: if the epoch is not greater than the last.
        """
        if epoch <= self._epoch:
            raise ValueError(f"epoch: {epoch} is not greater than {self._epoch}")
        for partition in range(len(self._next)):
            self._look_through(partition)
        self._epoch = epoch
        self._next = [0] * len(self._next)

    def newest(self, partition: int) -> Mapping[bytes, bytes]:
        """Return the newest tick sent of each instrument of a partition, by name.

        They are frames of one tick. There are as many as the front has been asked for.
        """
        self._look_through(partition)
        return self._newest[partition]

    def keep(self, partition: int) -> Mapping[bytes, bytes]:
        """Return those of :meth:`newest` that were sent since the last call."""
        self._look_through(partition)
        changed, self._changed[partition] = self._changed[partition], {}
        return changed

    def _look_through(self, partition: int) -> None:
        """Make frames of the newest of what was sent since the last time."""
        sent, self._sent[partition] = self._sent[partition], {}
        encode, epoch, changed = self._frames.encode, self._epoch, self._changed[partition]
        for field, (number, time, tick) in sorted(sent.items(), key=itemgetter(1)):
            changed[_name(field)] = encode(partition, epoch, number, time, (tick,))
        self._newest[partition].update(changed)

    def take(self, time: int) -> Iterator[Batch]:
        """Give the frames of all ticks that wait.

        :param time: when they were received, in nanoseconds since 1970.
        """
        self._divide()
        header, epoch, following = self._frames.header, self._epoch, self._next
        for partition, ticks in enumerate(self._divided):
            if ticks:
                first = following[partition]
                following[partition] = first + len(ticks)
                places = zip(count(first), repeat(time), ticks, strict=False)
                self._sent[partition].update(zip(map(self._field, ticks), places, strict=True))
                pieces = [header(partition, epoch, first, time, len(ticks)), *ticks]
                ticks.clear()  # the list stays: names lead to it
                yield Batch(partition, sum(map(len, pieces)), pieces)

    def conflate(self) -> int:
        """Keep of what waits the newest tick of each instrument; return how many ticks are left.

        Those given up have had numbers: readers notice that they are missing.
        """
        self._divide()
        for partition, ticks in enumerate(self._divided):
            newest = dict(zip(map(self._field, ticks), ticks, strict=True))
            self._next[partition] += len(ticks) - len(newest)
            self.waiting += newest.values()
            ticks.clear()
        return len(self.waiting)

    def positions(self, time: int) -> Iterator[bytes]:
        """Give a frame without ticks for each partition: the number of its next tick.

        Sent after :meth:`take` and what :meth:`keep` gives, it lets readers notice that the last
        frame was lost, and tells them that what is kept is up to that place.
        """
        for partition, following in enumerate(self._next):
            yield self._frames.encode(partition, self._epoch, following, time, ())

    def _divide(self) -> None:
        """Put what waits into its partitions."""
        waiting = self.waiting
        if len(self._divided) == 1:
            self._divided[0] += waiting
        else:
            queues, where = self._queues, self._instrument
            for tick in waiting:
                queues[tick[where]](tick)
        waiting.clear()


class _Queues(dict[bytes, Callable[[bytes], None]]):
    """Puts a tick where those of its instrument wait, by its field; remembers names."""

    def __init__(self, queues: Sequence[list[bytes]]) -> None:
        super().__init__()
        self._all = queues

    def __missing__(self, field: bytes) -> Callable[[bytes], None]:
        if len(self) >= _NAMES_KEPT:
            self.clear()
        queue = self._all[partition_of(_name(field), len(self._all))]
        self[field] = queue.append
        return queue.append


def _name(field: bytes) -> bytes:
    """Return the name that a field of text holds; what lies behind its end may be anything."""
    return field.partition(b"\0")[0]
