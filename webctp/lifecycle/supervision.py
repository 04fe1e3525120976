"""Keep the service manager informed: ready, status, watchdog, reloading, stopping.

The watchdog is fed by a timer of the reactor, so a reactor that stalls feeds nothing, and systemd
starts the daemon anew (``WatchdogSec`` of the unit).
"""

import os
import time
from collections.abc import Callable
from typing import Any, Final, Protocol, runtime_checkable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.language.text import NOTHING, Language, Text
from webctp.lifecycle.notify import NotifySocket, Watched, microseconds, taken

_STATUS: Final = 5.0
"""Seconds between two looks at the status; it is sent where it has changed."""
_HALF: Final = 0.5
"""The part of the watchdog's time after which it is fed."""
_MARGIN: Final = 30.0
"""Seconds that closing, cancelling and releasing may take beside the drain."""


@runtime_checkable
class Supervised(Protocol):
    """A service that systemd is told of, and that ends in good order."""

    def supervise(self, supervision: "Supervision") -> None:
        """Tell it how the service stands, from its start on."""

    def drain(self, then: Callable[[], object]) -> None:
        """End in good order, and call ``then``; asked again, at once."""


class Supervision:
    """Tell systemd how the daemon stands; nothing where it was not started by it.

    Runs in the reactor's thread.

    :param monotonic: seconds of CLOCK_MONOTONIC, by which systemd tells reloads apart.
    """

    def __init__(
        self,
        clock: IReactorTime,
        language: Language,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._language = language
        self._monotonic = monotonic
        self._watched = Watched("", 0.0)
        self._socket: NotifySocket | None = None
        self._status: Callable[[], Text] = lambda: NOTHING
        self._said = ""
        self._calls: dict[str, IDelayedCall] = {}

    def start(self) -> None:
        """Read what systemd asks for; after the fork, before any process is started."""
        self._watched = taken(os.environ, os.getpid())
        if self._watched.address:
            self._socket = NotifySocket(self._watched.address)

    def ready(self, status: Callable[[], Text]) -> None:
        """Say that clients are served, from now on feed the watchdog and tell the status.

        :param status: gives how the daemon stands, in a line.
        """
        self._status = status
        self._notify(READY=1, STATUS=self._fresh())
        if self._watched.watchdog:
            self._feed()
        if self._socket is not None:
            self._again("status", _STATUS, self._tell)

    def reloading(self) -> None:
        """Say that the configuration is being read again; :meth:`reloaded` must follow."""
        self._notify(RELOADING=1, MONOTONIC_USEC=microseconds(self._monotonic()))

    def reloaded(self) -> None:
        """Say that the reload is over, whatever came of it."""
        self._notify(READY=1, STATUS=self._fresh())

    def stopping(self, seconds: float) -> None:
        """Say that the daemon ends, and that it may take ``seconds``, and some more."""
        self._notify(
            STOPPING=1,
            EXTEND_TIMEOUT_USEC=microseconds(seconds + _MARGIN),
            STATUS=self._fresh(),
        )

    def stop(self) -> None:
        """Tell nothing more."""
        calls, self._calls = self._calls, {}
        for call in calls.values():
            call.cancel()
        found, self._socket = self._socket, None
        if found is not None:
            found.close()

    def _feed(self) -> None:
        self._notify(WATCHDOG=1)
        self._again("watchdog", self._watched.watchdog * _HALF, self._feed)

    def _tell(self) -> None:
        before = self._said
        if self._fresh() != before:
            self._notify(STATUS=self._said)
        self._again("status", _STATUS, self._tell)

    def _fresh(self) -> str:
        """Return the status as it is now, and note it as said."""
        self._said = self._status().in_language(self._language)
        return self._said

    def _notify(self, **fields: Any) -> None:
        if self._socket is not None:
            self._socket.notify(**fields)

    def _again(self, name: str, delay: float, function: Callable[[], object]) -> None:
        self._calls[name] = self._clock.callLater(delay, function)
