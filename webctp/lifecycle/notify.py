"""Tell systemd how the daemon stands: sd_notify's protocol, a datagram of NAME=VALUE lines.

The variables are those of sd_notify(3) and sd_watchdog_enabled(3). They are taken out of the
environment: processes that the daemon starts have nothing to say.
"""

import socket
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Final

from twisted.logger import Logger

_log = Logger()

_MICRO: Final = 1_000_000
_NAMES: Final = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


@dataclass(frozen=True, slots=True)
class Watched:
    """What the service manager has asked for.

    :ivar address: of its socket, as Python takes it; empty where there is none.
    :ivar watchdog: seconds within which it must hear of the daemon; 0 where it does not ask.
    """

    address: str
    watchdog: float


def taken(environment: MutableMapping[str, str], pid: int) -> Watched:
    """Read the variables and take them out.

    :param pid: of this process: the watchdog may be meant for another.
    """
    found = {name: environment.pop(name, "") for name in _NAMES}
    path = found["NOTIFY_SOCKET"]
    # "@" stands for the zero byte of an abstract socket.
    address = f"\0{path[1:]}" if path.startswith("@") else path
    usec, meant = found["WATCHDOG_USEC"], found["WATCHDOG_PID"]
    is_ours = not meant or meant == str(pid)
    watchdog = int(usec) / _MICRO if usec.isdecimal() and is_ours and address else 0.0
    return Watched(address, watchdog)


class NotifySocket:
    """The socket of the service manager. Used in the reactor's thread.

    Sending never blocks: a manager that does not read loses the word, and with it only a status.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._failed = False
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)

    def notify(self, **fields: object) -> None:
        """Send fields in one datagram, such as ``READY=1``; the first failure is logged."""
        try:
            self._socket.sendto(_lines(fields), self._address)
        except OSError as problem:
            if not self._failed:
                self._failed = True
                _log.warn("systemd cannot be told: {problem}", problem=problem)

    def close(self) -> None:
        """Send nothing more."""
        self._socket.close()


def _lines(fields: Mapping[str, object]) -> bytes:
    """Return fields as the protocol has them; a line break would begin another field."""
    lines = (f"{name}={' '.join(str(value).split())}" for name, value in fields.items())
    return "\n".join(lines).encode()


def microseconds(seconds: float) -> int:
    """Return seconds as systemd counts them."""
    return round(seconds * _MICRO)
