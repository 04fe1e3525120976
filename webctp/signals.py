"""Signals: what each does to the daemon. None that is sent from outside ends it at once.

SIGTERM and SIGINT are Twisted's: a stop in good order. What only a fault raises (SIGSEGV, SIGABRT,
SIGSYS ...) keeps its meaning, and so does job control (SIGTSTP, SIGCONT ...).
"""

import os
import signal
from collections.abc import Callable
from enum import Enum
from functools import partial
from types import FrameType
from typing import Any, Final

from twisted.logger import Logger

_log = Logger()


class Deed(Enum):
    """What a signal asks for."""

    RELOAD = "open the log anew, and take over what the configuration says by now"
    ROTATE = "put the log file aside and begin another"
    STOP = "stop in good order"
    NOTHING = "nothing, with a line in the log"
    SILENCE = "nothing"


_REAL_TIME = range(signal.SIGRTMIN, signal.SIGRTMAX + 1)

DEEDS: Final[dict[int, Deed]] = {
    signal.SIGHUP: Deed.RELOAD,
    signal.SIGUSR1: Deed.ROTATE,
    signal.SIGUSR2: Deed.NOTHING,
    # A key of the terminal; the container runtimes' other way to say SIGTERM.
    signal.SIGQUIT: Deed.STOP,
    # The power is failing; the processor time of a limit is used up.
    signal.SIGPWR: Deed.STOP,
    signal.SIGXCPU: Deed.STOP,
    # Each write tells these two by itself, as an error.
    signal.SIGPIPE: Deed.SILENCE,
    signal.SIGXFSZ: Deed.SILENCE,
    # Nothing here sets timers or asks to be signalled.
    signal.SIGALRM: Deed.NOTHING,
    signal.SIGVTALRM: Deed.NOTHING,
    signal.SIGPROF: Deed.NOTHING,
    signal.SIGIO: Deed.NOTHING,
    signal.SIGSTKFLT: Deed.NOTHING,
    **dict.fromkeys(_REAL_TIME, Deed.NOTHING),
}


class Signals:
    """Handlers for the signals of :data:`DEEDS`.

    :param reload: does what SIGHUP asks for.
    :param rotate: puts the log file aside; whether there is one.
    :param end: ends the daemon in good order, and then calls what it is given; told again, it
        hurries.
    """

    def __init__(
        self,
        reactor: Any,
        reload: Callable[[], object],
        rotate: Callable[[], bool],
        end: Callable[[Callable[[], object]], object],
    ) -> None:
        self._reactor = reactor
        self._reload = reload
        self._rotate = rotate
        self._end = end
        self._at_terminal = False
        self._outlives_terminal = False
        self._stopping = False
        self._pending: set[int] = set()
        """Signals that the reactor has yet to see: however often one comes, it is done once."""

    def install(self) -> None:
        """Take the signals over that nobody else handles; in the main thread, before the fork.

        They stay taken over to the end: a signal during the stop must not break it off.
        """
        # nohup's word.
        self._outlives_terminal = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        for number, deed in DEEDS.items():
            if signal.getsignal(number) not in (signal.SIG_DFL, signal.SIG_IGN):
                continue  # twistd --debug
            if deed is Deed.SILENCE:
                signal.signal(number, signal.SIG_IGN)
            else:
                signal.signal(number, self._arrived)
                # The native library's threads are not to find their calls broken off.
                signal.siginterrupt(number, False)

    def started(self) -> None:
        """Look for the terminal that we run at: in the background, after the fork, there is none.

        From now on SIGHUP is a stop when that terminal is gone.
        """
        self._at_terminal = _has_terminal()
        # When Twisted's own handlers are there.
        self._reactor.callWhenRunning(self._stop_once)

    def _stop_once(self) -> None:
        """Let Twisted have a SIGTERM or SIGINT at the end; it takes the second for a fault.

        A shell's background job is started with SIGINT ignored, which Twisted leaves so.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            stop = signal.getsignal(number)
            if callable(stop):
                signal.signal(number, partial(self._ask_to_stop, stop))

    def _ask_to_stop(self, stop: Any, number: int, frame: FrameType | None) -> None:
        """Leave the stop to the reactor; Twisted's handler is called when clients are closed."""
        self._stopping = True
        self._reactor.callFromThread(self._end, partial(stop, number, frame))

    def _arrived(self, number: int, frame: FrameType | None) -> None:
        """Leave a signal's work to the reactor: Python calls this between any two instructions."""
        if number not in self._pending:
            self._pending.add(number)
            self._reactor.callFromThread(self.act, number)

    def act(self, number: int) -> None:
        """Do what a signal asks for; nothing while the daemon stops."""
        self._pending.discard(number)
        if self._stopping and DEEDS[number] is not Deed.STOP:
            return
        name = signal.Signals(number).name if number not in _REAL_TIME else f"signal {number}"
        deed = DEEDS[number]
        if number == signal.SIGHUP and self._terminal_closed():
            deed = Deed.STOP
        match deed:
            case Deed.STOP:
                _log.info("received {name}: stopping", name=name)
                self._stopping = True
                self._end(self._reactor.stop)
            case Deed.RELOAD:
                _log.info("received {name}: reloading", name=name)
                self._reload()
            case Deed.ROTATE if self._rotate():
                _log.info("received {name}: a new log file", name=name)
            case _:
                _log.info("received {name}: it asks for nothing here", name=name)

    def _terminal_closed(self) -> bool:
        """Return whether SIGHUP came because the terminal that we were started at is gone."""
        return self._at_terminal and not self._outlives_terminal and not _has_terminal()


def _has_terminal() -> bool:
    """Return whether the process has a terminal, wherever its output goes."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError:
        return False
    return True
