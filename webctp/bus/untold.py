"""Keep what edges are to be told once until Redis has it: ticks missed, instruments refused.

It may be wished while there is no link, or be lost with one; told again it is told twice at the
worst. Everything runs in the reactor's thread.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from webctp.bus import notes
from webctp.bus.redis.line import RedisLine, RedisTrouble


class Untold:
    """What a publisher has not told its edges yet.

    :param channel: where it is told.
    """

    def __init__(self, channel: bytes) -> None:
        self._channel = channel
        self._missed: Counter[bytes] = Counter()
        self._refused: dict[tuple[str, bytes | None], notes.Pushed] = {}

    def missed(self, missed: Mapping[bytes, int]) -> None:
        """Note ticks that will never come: how many of each instrument."""
        self._missed.update(missed)

    def refused(self, note: notes.Pushed) -> None:
        """Note an instrument that the front refuses; of each the last refusal is kept."""
        self._refused[note.callback, note.body] = note

    def tell(self, line: RedisLine) -> None:
        """Tell all of it; what Redis does not confirm is untold again."""
        told: list[notes.Missed | notes.Pushed] = list(self._refused.values())
        self._refused.clear()
        if self._missed:
            told.append(notes.Missed(names=dict(self._missed)))
            self._missed.clear()
        for note in told:
            asked = line.ask(b"PUBLISH", self._channel, notes.encode(note))
            asked.addErrback(self._not_told, note)

    def _not_told(self, failure: Any, note: notes.Missed | notes.Pushed) -> None:
        failure.trap(RedisTrouble)
        if isinstance(note, notes.Missed):
            self.missed(note.names)
        elif (note.callback, note.body) not in self._refused:
            self.refused(note)
