"""Have edges told of what happens once: ticks that a node was not given, instruments refused.

What Redis has not confirmed is told again, over the next link. An edge whose own link is down at
that moment hears nothing of it; so a publisher also keeps in Redis how many ticks of each
instrument it was not given since its process began, and an edge, back again, tells its clients
the difference from what it has told before. Everything runs in the reactor's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Final

from twisted.internet.defer import inlineCallbacks

from webctp.bus import notes
from webctp.bus.redis.line import A_COMMAND, RedisLine, RedisTrouble, command, fields_of

_WHOSE: Final = b""
"""The field of the totals that says which process's they are; no instrument has that name."""


class Untold:
    """What a publisher has not told its edges yet, and the totals of what it was not given."""

    def __init__(self, names: notes.Names) -> None:
        self._names = names
        self._begun = 0
        self._totals: Counter[bytes] = Counter()
        self._missed: Counter[bytes] = Counter()
        self._refused: dict[tuple[str, bytes | None], notes.Pushed] = {}

    def missed(self, missed: Mapping[bytes, int]) -> None:
        """Note ticks that will never come: how many of each instrument."""
        self._totals.update(missed)
        self._missed.update(missed)

    def refused(self, note: notes.Pushed) -> None:
        """Note an instrument that the front refuses; of each the last refusal is kept."""
        self._refused[note.callback, note.body] = note

    @inlineCallbacks
    def write(self, line: RedisLine, begun: int) -> Any:
        """Write the totals in place of whatever Redis keeps; edges read none but whole ones.

        :param begun: the first epoch of this process.
        """
        self._begun = begun
        yield line.ask(b"DEL", self._names.missed)
        for some in fields_of(_written(self._totals)):
            yield line.ask(b"HSET", self._names.missed, *some)
        yield line.ask(b"HSET", self._names.missed, _WHOSE, b"%d" % begun)

    def tell(self, line: RedisLine) -> None:
        """Tell all of it; what Redis does not confirm is untold again."""
        told: list[notes.Missed | notes.Pushed] = list(self._refused.values())
        self._refused.clear()
        if self._missed:
            totals = {name: self._totals[name] for name in self._missed}
            kept = self._names.missed
            line.post([command(b"HSET", kept, *some) for some in fields_of(_written(totals))])
            told.append(notes.Missed(names=dict(self._missed), totals=totals, begun=self._begun))
            self._missed.clear()
        for note in told:
            asked = line.ask(b"PUBLISH", self._names.control, notes.encode(note))
            asked.addErrback(self._not_told, note)

    def _not_told(self, failure: Any, note: notes.Missed | notes.Pushed) -> None:
        failure.trap(RedisTrouble)
        if isinstance(note, notes.Missed):
            self._missed.update(note.names)
        elif (note.callback, note.body) not in self._refused:
            self.refused(note)


def _written(totals: Mapping[bytes, int]) -> dict[bytes, bytes]:
    return {name: b"%d" % total for name, total in totals.items()}


class _Stay:
    """The time for which an instrument is wanted, and the total that was told of or begun at."""

    __slots__ = ("is_unsure", "total")

    def __init__(self) -> None:
        self.total: int | None = None
        """None until it is known."""
        self.is_unsure = False
        """Whether a link was lost before it was known."""

    def reaches(self, total: int) -> int:
        """Take a total that was read; return how many ticks are to be told."""
        known = self.total
        if known is None:
            self.total = total
            # What was missed since it was wanted nobody can tell from what was missed before.
            return min(total, 1) if self.is_unsure else 0
        self.total = max(known, total)
        return self.total - known

    def noted(self, total: int, count: int) -> int:
        """Take a total that was just told, with how many are new; return what is to be told."""
        if self.total is None:
            self.total = total
            return count
        return self.reaches(total)


class Tallies:
    """How many ticks one publisher was not given, as far as an edge has told of it.

    Nothing is remembered, and nothing told, of instruments that are not wanted.

    :param on_gap: called with the instruments of which ticks did not come, and how many.
    """

    def __init__(self, names: notes.Names, on_gap: Callable[[dict[bytes, int]], object]) -> None:
        self._names = names
        self._on_gap = on_gap
        self._begun = 0
        self._wanted: dict[bytes, _Stay] = {}

    def begins(self, begun: int) -> None:
        """Take the first epoch of the publisher's process.

        Totals of another begin at nothing; what an earlier one says, which was halted, is old.
        """
        if begun > self._begun:
            if self._begun:
                for stay in self._wanted.values():
                    stay.total = 0
            self._begun = begun

    def want(self, names: Iterable[bytes], line: RedisLine | None) -> None:
        """Want instruments; what was missed of them before is no loss."""
        new = {name: _Stay() for name in names if name not in self._wanted}
        self._wanted.update(new)
        if line is not None:
            # The next link reads what this one has left open.
            self._read(line, new).addErrback(lambda failure: failure.trap(RedisTrouble))

    def forget(self, names: Iterable[bytes]) -> None:
        """Want instruments no more."""
        for name in names:
            self._wanted.pop(name, None)

    def end(self) -> None:
        """Take note that there is no link."""
        for stay in self._wanted.values():
            stay.is_unsure = stay.total is None

    def read(self, line: RedisLine) -> Any:
        """Read the totals of all that is wanted, and tell what is new; fires when it is done."""
        return self._read(line, self._wanted)

    def take(self, note: notes.Missed) -> None:
        """Tell what a note says, as far as it is new."""
        self.begins(note.begun)
        is_numbered = note.begun == self._begun
        missed = {}
        for name, count in note.names.items():
            stay = self._wanted.get(name)
            if stay is not None and is_numbered and name in note.totals:
                missed[name] = stay.noted(note.totals[name], count)
            elif stay is not None:
                missed[name] = count  # an older release keeps no totals
        self._tell(missed)

    @inlineCallbacks
    def _read(self, line: RedisLine, asked: Mapping[bytes, _Stay]) -> Any:
        stays = iter(list(asked.items()))
        while some := dict(islice(stays, A_COMMAND)):
            whose, *totals = yield line.ask(b"HMGET", self._names.missed, _WHOSE, *some)
            # Those of another process, or not whole yet, are read again behind its word.
            if whose == b"%d" % self._begun:
                self._told(some, totals)

    def _told(self, asked: Mapping[bytes, _Stay], totals: Iterable[bytes | None]) -> None:
        missed = {}
        for (name, stay), total in zip(asked.items(), totals, strict=True):
            # One that was given up meanwhile, and wanted anew perhaps, has begun elsewhere.
            if self._wanted.get(name) is stay:
                missed[name] = stay.reaches(int(total or 0))
        self._tell(missed)

    def _tell(self, missed: Mapping[bytes, int]) -> None:
        told = {name: count for name, count in missed.items() if count > 0}
        if told:
            self._on_gap(told)
