"""Keep low file descriptors for the native library, and some free.

The library's sockets go into sets of 1,024 places, like select's: with a socket beyond them it
overwrites its own memory, and the process ends (seen from some 1,400 on). A library that finds no
descriptor for its flow files ends the process, too. So what grows in number and is ours (clients'
sockets, the locks of flow directories) is moved out of the way at once by :func:`lift`, and no
API is opened unless :data:`RESERVE` low descriptors are free.

SQLite's files, the recorder's, the log and the listening sockets stay low: they are few, whatever
the number of clients and sessions.
"""

import fcntl
import os
import resource
from dataclasses import dataclass
from typing import Final

from webctp.language.text import english

LIBRARY: Final = 1_024
"""Descriptors below this are safe in the library's sets."""
HIGH: Final = 4_096
"""Where ours are moved to, if the limit allows."""
RESERVE: Final = 64
"""Low descriptors that must be free for another API; it takes five, and its clients' nothing."""
ACCEPTING: Final = 128
"""Descriptors that must be free for another client."""
ENOUGH: Final = 65_536
"""The limit is raised to this at most: some libraries make tables as long as the limit."""


class NoDescriptors(Exception):
    """Too few descriptors are free for another API; the text says how many."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many descriptors this process may have, and what that is enough for.

    ``floor`` is the least descriptor of clients' sockets, 0 where nothing is moved.
    """

    limit: int
    floor: int

    @property
    def clients(self) -> int:
        """How many clients there is room for, at most."""
        return max(0, self.limit - self.floor - ACCEPTING)

    @property
    def is_small(self) -> bool:
        """Whether clients have to share the library's descriptors."""
        return not self.floor


def floor_of(limit: int) -> int:
    """Return where clients' sockets begin under a limit; 0 where they cannot be moved.

    A limit below twice :data:`LIBRARY` leaves no room above: all have to share.
    """
    return 0 if limit < 2 * LIBRARY else min(HIGH, limit // 2)


def prepare() -> Room:
    """Raise the limit of this process as far as useful, and return what there is room for.

    To be called once at the start. Where there is no room for clients above the library's
    descriptors, the limit is *lowered* to those: then none can be too high for the library.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    limit = most if soft == resource.RLIM_INFINITY else max(soft, most)
    if not floor_of(limit):
        limit = min(limit, LIBRARY)
    if limit != soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return Room(limit, floor_of(limit))


def current() -> Room:
    """Return what there is room for under the limit as it is."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = ENOUGH if soft == resource.RLIM_INFINITY else soft
    return Room(limit, floor_of(limit))


def lift(descriptor: int) -> int:
    """Move a descriptor of ours out of the library's way; returns the new one.

    The old one is closed. Where there is no room above, it stays where it is.
    """
    floor = current().floor
    if descriptor >= floor:
        return descriptor
    try:
        lifted = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, floor)
    except OSError:
        return descriptor
    os.close(descriptor)
    return lifted


def free_low() -> int:
    """Return how many of the library's descriptors are free."""
    most = min(current().limit, LIBRARY)
    return most - sum(1 for one in _open() if one < most)


def free_high(room: Room) -> int:
    """Return how many of the clients' descriptors are free."""
    return room.limit - room.floor - sum(1 for one in _open() if one >= room.floor)


def check_reserve() -> None:
    """Raise :class:`NoDescriptors` unless enough are free for another API."""
    free = free_low()
    if free < RESERVE:
        raise NoDescriptors(
            english(
                "{free} file descriptors are free for the CTP library, {reserve} must be; log out "
                "elsewhere or raise LimitNOFILE",
                free=free,
                reserve=RESERVE,
            )
        )


def _open() -> list[int]:
    """Return the descriptors of this process; the one that lists them is among them."""
    return [int(name) for name in os.listdir("/proc/self/fd")]
