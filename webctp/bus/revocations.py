"""Tokens that edges are to refuse: as a node wishes, as Redis was told, as an edge has heard.

What is wished changes at any moment, also while no link stands or one is just being made. What
Redis keeps is read anew over each link; what differs is told then, and once the link stands at each
change. Everything runs in the reactor's thread.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from twisted.internet.defer import inlineCallbacks

from webctp.bus import notes
from webctp.bus.redis.line import RedisLine, command


class Revocations:
    """The tokens that a node has revoked, by their hashes, and those that are taken again."""

    def __init__(self, names: notes.Names) -> None:
        self._names = names
        self._wished: dict[str, bool] = {}
        """Whether a token is to be refused; of others this process knows nothing."""
        self._told: set[str] | None = None
        """What Redis keeps once all is carried out that was written; None without a link."""

    def wish(self, gone: Collection[str], come: Collection[str]) -> None:
        """Have tokens refused, or taken again.

        A token that Redis does not keep, and never was wished to, is no news: nothing is noted.
        """
        told = self._told
        for one in come:
            if told is None or one in told or one in self._wished:
                self._wished[one] = False
        self._wished.update(dict.fromkeys(gone, True))

    @property
    def refused(self) -> set[str]:
        """The tokens that are to be refused, as far as this process knows."""
        return {one for one, is_refused in self._wished.items() if is_refused}

    @inlineCallbacks
    def agree(self, line: RedisLine) -> Any:
        """Take over what Redis keeps of a process before, and tell it what is wished otherwise.

        When this fires, it has been told all; edges read it behind the epoch that begins then.
        """
        kept = yield line.ask(b"SMEMBERS", self._names.revoked)
        self._told = {one.decode() for one in kept}
        for one in self._told:
            self._wished.setdefault(one, True)
        while change := self._changes():
            for words in self._commands(change):
                yield line.ask(*words)

    def tell(self, line: RedisLine) -> None:
        """Tell Redis, and the edges that listen, what is wished otherwise."""
        change = self._changes()
        if change is not None:
            line.post(
                [
                    *(command(*words) for words in self._commands(change)),
                    command(b"PUBLISH", self._names.control, notes.encode(change)),
                ]
            )

    def forget(self) -> None:
        """Take note that there is no link: nobody knows what Redis keeps."""
        self._told = None

    def _changes(self) -> notes.Revoked | None:
        """Give what Redis is to be told, as told; None for nothing."""
        told = self._told
        if told is None:
            return None
        new = sorted(self.refused - told)
        again = sorted(one for one in told if not self._wished[one])
        if not new and not again:
            return None
        told.update(new)
        told.difference_update(again)
        return notes.Revoked(hashes=new, restored=again)

    def _commands(self, change: notes.Revoked) -> Iterator[list[bytes]]:
        """Give the commands that make Redis keep a change."""
        for verb, hashes in ((b"SADD", change.hashes), (b"SREM", change.restored)):
            if hashes:
                yield [verb, self._names.revoked, *(one.encode() for one in hashes)]


class Refused:
    """The tokens that one publisher has revoked, as far as an edge has heard.

    :param on_change: called with the hashes that are to be refused, and those taken again.
    """

    def __init__(
        self, names: notes.Names, on_change: Callable[[Collection[str], Collection[str]], object]
    ) -> None:
        self._names = names
        self._on_change = on_change
        self._refused: set[str] = set()
        self._reading = 0
        self._since: list[notes.Revoked] = []
        """What was told while Redis was being asked: its answer may be from before."""

    def take(self, note: notes.Revoked) -> None:
        """Take what the publisher tells."""
        if self._reading:
            self._since.append(note)
        self._refused = _changed(self._refused, note)
        self._on_change(note.hashes, note.restored)

    @inlineCallbacks
    def read(self, line: RedisLine) -> Any:
        """Read what Redis keeps; what the publisher tells meanwhile counts more."""
        self._reading += 1
        try:
            kept = yield line.ask(b"SMEMBERS", self._names.revoked)
        finally:
            self._reading -= 1
            since = self._since
            if not self._reading:
                self._since = []
        before, self._refused = self._refused, {one.decode() for one in kept}
        for note in since:
            self._refused = _changed(self._refused, note)
        self._on_change(self._refused, before - self._refused)


def _changed(refused: set[str], note: notes.Revoked) -> set[str]:
    return (refused | set(note.hashes)) - set(note.restored)
