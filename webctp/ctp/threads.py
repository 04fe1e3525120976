"""What Python keeps of a native thread: made once, not for each callback.

A native thread that enters Python is given a thread state, and when its callback returns, that
state is destroyed. Since CPython 3.11 this maps and unmaps memory each time: three quarters of
the time of a tick's callback. :func:`keep` holds the state of the calling thread, in the way that
``PyGILState_Ensure`` is documented to; :func:`reap` frees the states of threads that have ended.
"""

import ctypes
import inspect
import os
import threading
from typing import Final

_ensure = ctypes.pythonapi.PyGILState_Ensure
_current = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThreadState_Get", ctypes.pythonapi))
_clear = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(("PyThreadState_Clear", ctypes.pythonapi))
_delete = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(("PyThreadState_Delete", ctypes.pythonapi))

_kept: Final[dict[int, int]] = {}
"""The states kept, by the kernel's number of their thread."""


class _Known(threading.local):
    here = False


known: Final = _Known()
"""``known.here``: whether :func:`keep` has seen the calling thread. Quick to ask."""


def keep() -> None:
    """Keep the calling thread's state. To be called by the function that native code calls."""
    if known.here:
        return
    known.here = True
    frame = inspect.currentframe()
    callback = frame.f_back if frame is not None else None
    # Where Python code stands below the callback, the thread is Python's, and so is its state.
    if callback is not None and callback.f_back is None:
        _ensure()
        _kept[threading.get_native_id()] = _current()


def reap() -> int:
    """Free the states of threads that have ended; gives how many those were."""
    ended = [thread for thread in list(_kept) if not os.path.exists(f"/proc/self/task/{thread}")]
    for thread in ended:
        state = _kept.pop(thread)
        # Nobody else can use it any more: it was reached through its thread only.
        _clear(state)
        _delete(state)
    return len(ended)
