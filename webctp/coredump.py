"""Memory that nobody else may read: it holds the AuthCode and every password in use."""

import ctypes
import os
import resource
from typing import Final

from twisted.logger import Logger

_log = Logger()

_PR_SET_DUMPABLE: Final = 4
_FILTER: Final = "/proc/self/coredump_filter"
"""Which memory goes into a core, see core(5). A machine's ``fs.suid_dumpable`` may have root's
handler take cores of what is not dumpable, and neither it nor the limit stops that."""


def forbid() -> None:
    """Let the kernel write no core of this process, and let no debugger of its user attach.

    What handler there may be is given no memory. Call it after the last change of user, which
    undoes it. Where the kernel does not obey, the log says so.
    """
    try:
        _set_dumpable(1)  # after a change of user it is not, and its files in /proc are root's
        with open(_FILTER, "w", encoding="ascii") as file:
            file.write("0")
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    except OSError as problem:
        _log.warn("core dumps cannot be forbidden: {reason}", reason=problem)
    try:
        _set_dumpable(0)
    except OSError as problem:
        _log.warn("core dumps cannot be forbidden: {reason}", reason=problem)


def _set_dumpable(value: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_DUMPABLE, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
