"""How many messages a client may send (``MessageRate``).

A bucket that a second fills. It is looked into by the clock only when it is empty, so that a
client within its rate costs a subtraction.
"""

from math import inf
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.language.text import Text, english, verbatim

_OWN_SHARE: Final = 0.2
"""The share of the daemon's time that long work of one client may take for ever."""

_FORGOTTEN: Final = 0.1

_KEY: Final = verbatim("MessageRate")


class MessageRate:
    """One client's rate: ``limit`` messages a second, and as many at once; 0 for any number.

    :param key: what sets the limit, for those who go beyond it.
    """

    def __init__(self, clock: IReactorTime, limit: int, key: Text = _KEY) -> None:
        self.limit = limit
        self.key = key
        self.left: float = limit or inf
        """Messages that may come now. Whoever takes one counts it down himself; below zero
        :meth:`admit` says whether it may be taken all the same."""
        self._clock = clock
        self._since = clock.seconds()
        self._work = 0.0
        """What long work was counted as, as far as the bucket was not filled since."""
        self._refused = 0.0
        self._refused_at = self._since

    def change(self, limit: int) -> None:
        """Take another limit; what may come now is at most a second's worth of it."""
        self.limit = limit
        self.left = min(self.left, limit) if limit else inf

    def admit(self) -> bool:
        """Fill the bucket by the clock, and take a message from it if that is possible."""
        now = self._clock.seconds()
        refilled = (now - self._since) * self.limit
        self.left = min(self.limit, self.left + 1 + refilled)
        self._work = max(0.0, self._work - refilled)
        self._since = now
        if self.left < 1:
            return False
        self.left -= 1
        return True

    def wait(self) -> float:
        """Return the seconds until a message is admitted, right after one was refused."""
        return max(0.0, 1 - self.left) / self.limit if self.limit else 0.0

    def persists(self) -> bool:
        """Count a message beyond the rate; gives whether they have been too many.

        That is a second's worth of them, where those of earlier are forgotten at a tenth of the
        rate.
        """
        now = self._clock.seconds()
        forgotten = (now - self._refused_at) * self.limit * _FORGOTTEN
        self._refused = max(0.0, self._refused - forgotten) + 1
        self._refused_at = now
        return self._refused > self.limit

    def charge(self, seconds: float) -> None:
        """Count long work as the messages that might have been sent in its stead.

        :param seconds: of processor time; on a busy machine others' time passes as well.
        """
        if self.limit:
            before = self.left
            self.left = max(before - seconds / _OWN_SHARE * self.limit, -float(self.limit))
            self._work = min(self._work + before - self.left, 2.0 * self.limit)

    def beyond(self) -> Text:
        """Return what was too much, right after a message was refused: messages, or their work."""
        said = {"limit": self.limit, "key": self.key}
        if self._work:
            return english(
                "what takes long counts as messages: more than {limit} a second ({key})", **said
            )
        return english("more than {limit} messages a second ({key})", **said)
