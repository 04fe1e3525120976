"""What nobody has expected while a portfolio is kept: logged, and gone on from.

A portfolio follows a session's pushes beside clients; nothing that goes wrong in it may end its
timer, or keep a push from anybody. Everything runs in the reactor's thread.
"""

from typing import Final

from twisted.logger import Logger

_log = Logger()

MOST_WAIT: Final = 60.0
"""Seconds between two attempts, and two lines of the log, however often it fails."""


class Mishaps:
    """Count failures in a row, and say how long to wait after each."""

    def __init__(self, least: float, account: str = "") -> None:
        self._least = least
        self._account = account
        self._wait = least
        self._quiet_until = 0.0

    def failed(self, now: float) -> float:
        """Log the exception at hand; return the seconds until the next attempt.

        :param now: seconds, by which lines of the log are spaced.
        """
        if now >= self._quiet_until:
            _log.failure(
                "a portfolio goes on after an error; it is held against CTP's answers",
                account=self._account,
            )
            self._quiet_until = now + MOST_WAIT
        self._wait = min(self._wait * 2, MOST_WAIT)
        return self._wait

    def went_well(self) -> None:
        """Begin to count anew."""
        self._wait = self._least
