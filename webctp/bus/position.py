"""Follow one partition's sequence: what is new in a frame, and what was missed before it.

Pure: one :class:`Follower` for each partition of each publisher, in one thread.
"""

from typing import NamedTuple

from webctp.bus.frame import Frame


class Position(NamedTuple):
    """A place in a partition's sequence: a publisher's ``epoch``, a tick's ``number`` in it.

    Positions are ordered, also from one epoch to a later one.
    """

    epoch: int
    number: int


START = Position(0, 0)
"""Before all epochs."""


class Gap(NamedTuple):
    """Ticks that did not come: from ``start`` on, up to ``end`` and without it."""

    start: Position
    end: Position

    @property
    def missed(self) -> int | None:
        """Return how many they are; None where the publisher began anew, for nobody can know."""
        if self.start.epoch != self.end.epoch:
            return None
        return self.end.number - self.start.number

    def is_healed_by(self, newest: Frame) -> bool:
        """Return whether an instrument's newest tick, as it is kept, lies in the gap.

        It is then later than each tick of its instrument that came before the gap was noticed: a
        reader passes over instruments of which one has come since. A tick behind the gap comes by
        itself, or has come already; one before the gap has been seen.
        """
        return self.start <= (newest.epoch, newest.first) < self.end


class Progress(NamedTuple):
    """What a frame brings: ``ticks`` that are new, in order, and the ``gap`` before them."""

    ticks: tuple[bytes, ...]
    gap: Gap | None


class Follower:
    """Where a reader stands in one partition of one publisher.

    It begins before everything: the first frame has a gap before it, which for a newcomer is no
    loss, but what it has to read of the ticks that are kept.
    """

    def __init__(self) -> None:
        self.position = START
        """Where the next new tick is awaited."""

    def take(self, frame: Frame) -> Progress:
        """Take a frame in the order of arrival.

        Ticks that came before are passed over, and all of an earlier epoch: a publisher that was
        halted while its successor began may still send some.
        """
        here = Position(frame.epoch, frame.first)
        after = Position(frame.epoch, frame.first + len(frame.ticks))
        awaited = self.position
        if here > awaited:
            self.position = after
            return Progress(frame.ticks, Gap(awaited, here))
        if after <= awaited:
            return Progress((), None)
        self.position = after
        return Progress(frame.ticks[awaited.number - frame.first :], None)
