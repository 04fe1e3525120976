"""Follow a publisher's ticks, and read those that Redis keeps where some have not come.

The newest tick of an instrument is asked for when the instrument is first wanted, and when a gap
in its partition was noticed: once its publisher has told a position since, up to which what is
kept reaches then. Partitions of which nothing is wanted are not followed. Everything runs in the
reactor's thread.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.bus.channels import Channels
from webctp.bus.frame import Frame, FrameError, FrameFormat, partition_of
from webctp.bus.healing import Healing
from webctp.bus.notes import Names
from webctp.bus.position import START, Gap, Position
from webctp.bus.redis.line import A_COMMAND, RedisLine, RedisTrouble
from webctp.language.text import english

_log = Logger()

_BROKEN: Final = english("what Redis keeps of the ticks is not as webctp writes it")


class KeptTicks:
    """The ticks of one publisher, as they come and as they are kept.

    :param where: where a tick's bytes hold its InstrumentID.
    :param deliver: takes kept ticks, each with its time of reception.
    :param on_due: called when a position is to be told soon, for something is to be read.
    :param on_gap: called with instruments of which ticks did not come: how many at the least.
    """

    def __init__(
        self,
        clock: IReactorTime,
        names: Names,
        frames: FrameFormat,
        where: slice,
        deliver: Callable[[Sequence[bytes], int], object],
        on_due: Callable[[], object],
        on_gap: Callable[[dict[bytes, int]], object],
    ) -> None:
        self._clock = clock
        self._names = names
        self._frames = frames
        self._where = where
        self._deliver = deliver
        self._on_due = on_due
        self._on_gap = on_gap
        self._healing = Healing(where)
        self._channels = Channels(names, on_due)
        self._partitions = 0
        self._wanted: dict[bytes, None] = {}
        self._divided: dict[int, dict[bytes, None]] = {}
        """What is wanted, by partition; one of which nothing is wanted is not there."""
        self._pending: dict[bytes, int] = {}
        """Wanted, and neither a tick nor what is kept has come since; which want it was."""
        self._wants = 0
        self._losses: dict[int, Position] = {}
        """Where gaps begin that are still to be told, by partition."""
        self._line: RedisLine | None = None
        self._due: dict[int, Position | None] = {}
        """What is to be read, by partition, and the position that was told since, if any."""
        self._asking: set[int] = set()
        self._timer: IDelayedCall | None = None
        self.begun = 0
        """The first epoch of the publisher's process."""
        self.gaps = self.missed = self.healed = 0

    def begin(self, line: RedisLine, listener: RedisLine) -> None:
        """Take a new link's connections."""
        self._line = line
        self._asking.clear()
        self._channels.begin(listener)

    def end(self) -> None:
        """Take note that there is no link."""
        self._line = None
        self._due.clear()
        self._channels.end()
        self.close()

    def close(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def divide(self, partitions: int) -> Deferred[Any]:
        """Take the number of partitions, once a link; ask again for what is still open.

        It fires when the partitions are followed of which something is wanted.
        """
        if self._partitions and self._partitions != partitions:
            self._healing = Healing(self._where)
            self._put_open(self._wanted)
            self._losses.clear()
            self._tell(dict.fromkeys(self._wanted, 1))
        self._partitions = partitions
        self._divided = self._by_partition(self._wanted)
        for partition in self._divided:
            if self._healing.is_healing(partition):
                self._ask(partition)
        for partition in self._by_partition(self._pending):
            self._ask(partition)
        return self._channels.follow(self._divided)

    def wants(self, tick: bytes) -> bool:
        """Return whether a tick's instrument is wanted."""
        return tick[self._where].partition(b"\0")[0] in self._wanted

    def want(self, names: Iterable[bytes]) -> None:
        """Want instruments, and what is kept of them."""
        new = dict.fromkeys(names)
        self._wanted.update(new)
        self._put_open(new)
        if self._partitions:
            wanted = self._by_partition(new)
            for partition, some in wanted.items():
                self._divided.setdefault(partition, {}).update(some)
                self._ask(partition)
            self._channels.follow_soon(wanted)

    def forget(self, names: Iterable[bytes]) -> None:
        """Want instruments no more, and leave the partitions of which nothing is wanted."""
        for name in names:
            self._wanted.pop(name, None)
            self._pending.pop(name, None)
            if self._partitions:
                partition = partition_of(name, self._partitions)
                wanted = self._divided.get(partition, {})
                wanted.pop(name, None)
                if not wanted:
                    self._leave(partition)

    def _leave(self, partition: int) -> None:
        """Forget a partition: whoever comes back to it begins anew."""
        self._divided.pop(partition, None)
        self._channels.leave(partition)
        self._healing.forget(partition)
        self._losses.pop(partition, None)
        self._due.pop(partition, None)
        self._asking.discard(partition)

    def take(self, frame: Frame) -> tuple[bytes, ...]:
        """Take a frame; return its ticks that are new."""
        if not self._channels.follows(frame.partition):
            return ()
        ticks, gap = self._healing.take(frame)
        if gap is not None:
            self._missing(frame.partition, gap)
            if frame.ticks:
                self._on_due()
        if not frame.ticks:
            self._reached(frame.partition, Position(frame.epoch, frame.first))
        elif self._pending:
            for tick in ticks:
                self._pending.pop(tick[self._where].partition(b"\0")[0], None)
        return ticks

    def _by_partition(self, names: Iterable[bytes]) -> dict[int, dict[bytes, None]]:
        found: dict[int, dict[bytes, None]] = {}
        for name in names:
            found.setdefault(partition_of(name, self._partitions), {})[name] = None
        return found

    def _missing(self, partition: int, gap: Gap) -> None:
        if gap.start != START:
            self.gaps += 1
            self._losses.setdefault(partition, gap.start)
        self._ask(partition)

    def _put_open(self, names: Iterable[bytes]) -> None:
        self._wants += 1
        self._pending.update(dict.fromkeys(names, self._wants))

    def _ask(self, partition: int) -> None:
        """Read what is kept once the publisher has told a position."""
        self._due[partition] = None

    def _reached(self, partition: int, position: Position) -> None:
        """Take a position: what is kept reaches up to there."""
        # A publisher that was halted while its successor began may tell an old one.
        if partition in self._due and position == self._healing.position(partition):
            self._due[partition] = position
            self._ask_soon()

    def _ask_soon(self) -> None:
        if self._timer is None and self._line is not None:
            self._timer = self._clock.callLater(0, self._ask_now)

    def _ask_now(self) -> None:
        self._timer = None
        line = self._line
        if line is not None:
            for partition, position in list(self._due.items()):
                if position is not None and partition not in self._asking:
                    del self._due[partition]
                    self._asking.add(partition)
                    asking = self._read(line, partition, position)
                    asking.addErrback(self._unread, line)

    def _unread(self, failure: Any, line: RedisLine) -> None:
        """Pass over what its connection's end has left open: the next link asks again."""
        if failure.check(RedisTrouble) is None:
            _log.failure("cannot read what the bus keeps", failure)
            line.drop(_BROKEN)
        else:
            line.drop(failure.value.reason)

    @inlineCallbacks
    def _read(self, line: RedisLine, partition: int, position: Position) -> Any:
        """Read what is kept of a partition's instruments, and pass on what is news.

        :param position: up to which what is kept reaches, at the least.
        """
        stay = self._channels.stay(partition)
        opened = self._open(partition)
        names = list(opened)
        kept: dict[bytes, Frame] = {}
        for at in range(0, len(names), A_COMMAND):
            some = names[at : at + A_COMMAND]
            found = yield line.ask(b"HMGET", self._names.newest(partition), *some)
            for name, raw in zip(some, found, strict=True):
                if raw is not None:
                    kept[name] = self._frame(raw)
        if line is not self._line or self._channels.stay(partition) is not stay:
            return
        self._asking.discard(partition)
        self._heal(partition, kept, position)
        if self._healing.is_healing(partition):
            self._ask(partition)  # another gap was noticed meanwhile
            self._on_due()
            return
        self._answer(partition, opened, kept)
        self._tell_losses(partition, kept)
        if partition in self._due:
            self._ask_soon()

    def _open(self, partition: int) -> dict[bytes, int | None]:
        """Return the instruments to ask for, in a gap all that are wanted, and which want it is."""
        wanted, pending = self._divided.get(partition, {}), self._pending
        is_whole = self._healing.is_healing(partition)
        return {name: pending.get(name) for name in wanted if is_whole or name in pending}

    def _frame(self, raw: bytes) -> Frame:
        try:
            frame = self._frames.decode(raw)
        except FrameError as problem:
            raise RedisTrouble(problem.reason) from None
        if len(frame.ticks) != 1:
            raise RedisTrouble(_BROKEN)
        return frame

    def _heal(self, partition: int, kept: dict[bytes, Frame], asked: Position) -> None:
        where = self._where
        by_field = {frame.ticks[0][where]: frame for frame in kept.values()}
        for tick in self._healing.heal(partition, by_field, asked):
            self.healed += 1
            self._pass_on(by_field[tick[where]])

    def _answer(
        self, partition: int, opened: dict[bytes, int | None], kept: dict[bytes, Frame]
    ) -> None:
        """Pass on what is kept of instruments of which nothing else has come."""
        reached = self._healing.position(partition)
        for name, want in opened.items():
            # Of one that was wanted anew meanwhile a later position is awaited.
            if want is not None and self._pending.get(name) == want:
                del self._pending[name]
                frame = kept.get(name)
                # What lies at or behind the place reached comes by itself.
                if frame is not None and (frame.epoch, frame.first) < reached:
                    self._pass_on(frame)

    def _pass_on(self, frame: Frame) -> None:
        tick = frame.ticks[0]
        self._pending.pop(tick[self._where].partition(b"\0")[0], None)
        self._deliver(frame.ticks, frame.time)

    def _tell_losses(self, partition: int, kept: dict[bytes, Frame]) -> None:
        """Tell of the instruments that have moved since a gap began.

        What another process of the publisher has sent before it ended is known to nobody: it may
        have been any of them.
        """
        start = self._losses.pop(partition, None)
        if start is not None and start.epoch < self.begun:
            self._tell(dict.fromkeys(self._divided.get(partition, ()), 1))
        elif start is not None:
            self._tell({name: 1 for name, one in kept.items() if (one.epoch, one.first) >= start})

    def _tell(self, missed: dict[bytes, int]) -> None:
        if missed:
            self.missed += len(missed)
            self._on_gap(missed)
