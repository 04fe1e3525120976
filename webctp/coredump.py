"""Memory that nobody else may read: it holds the AuthCode and every password in use."""

import ctypes
import os

from twisted.logger import Logger

_log = Logger()

_PR_SET_DUMPABLE = 4


def forbid() -> None:
    """Let the kernel write no core of this process, and let no debugger of its user attach.

    Call it after the last change of user, which undoes it. Where the kernel does not obey, the
    log says so.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        reason = os.strerror(ctypes.get_errno())
        _log.warn("core dumps cannot be forbidden: {reason}", reason=reason)
