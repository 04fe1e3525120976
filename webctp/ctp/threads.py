"""Keep the Python state of a native thread for the thread's life, not for one callback.

A native thread that enters Python is given a thread state, and when its callback returns, that
state is destroyed. Since CPython 3.11 this maps and unmaps memory each time: three quarters of
the time of a tick's callback. :func:`keep` holds the calling thread's state in the way that
``PyGILState_Ensure`` is documented to, and lets the thread itself free the state when it ends.

Only the thread itself may: since CPython 3.12 ``PyThreadState_Delete`` on another thread's state
clears the slot in which the *caller* finds its own, and the caller's next ``PyGILState_Ensure``
waits for ever (3.12) or ends the process (3.13).

A thread that ends calls the destructors of its POSIX thread-specific data. No Python function
can be one: the C library has emptied CPython's own slot by then, so the function would run on a
second state of the same thread. CPython's C functions can, and take what the slot holds: attach
the kept state, clear it, delete it. Each has a key; glibc calls them in the order of the keys.
"""

import atexit
import ctypes
import inspect
import threading
from typing import Final

_libc: Final = ctypes.CDLL(None)
_set: Final = _libc.pthread_setspecific
_set.argtypes = (ctypes.c_uint, ctypes.c_void_p)
_delete_key: Final = _libc.pthread_key_delete
_delete_key.argtypes = (ctypes.c_uint,)

_ensure: Final = ctypes.pythonapi.PyGILState_Ensure
_current: Final = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyThreadState_Get", ctypes.pythonapi))

_AT_THE_END: Final = (
    "PyEval_AcquireThread",
    "PyThreadState_Clear",
    "PyThreadState_DeleteCurrent",  # it takes no argument; the one it is given lies in a register
)
"""What an ending thread calls, in this order, with its kept state."""

_keys: list[int] = []
"""The keys, ascending; empty where states are not kept."""


class _Known(threading.local):
    here = False


known: Final = _Known()
"""``known.here``: whether :func:`keep` has seen the calling thread. Quick to ask."""


def keep() -> None:
    """Keep the calling thread's state. To be called by the function that native code calls.

    Threads of Python's own are left alone. Where there are no keys nothing is kept: callbacks
    take longer then, and no more.
    """
    if known.here:
        return
    known.here = True
    frame = inspect.currentframe()
    callback = frame.f_back if frame is not None else None
    # Where Python code stands below the callback, the thread is Python's, and so is its state.
    if _keys and callback is not None and callback.f_back is None:
        _ensure()
        state = _current()
        for key in _keys:
            _set(key, state)


def _make_keys() -> None:
    """Make the keys, unless the C library hands them out in another order than it calls them."""
    key = ctypes.c_uint()
    for name in _AT_THE_END:
        destructor = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p)
        if _libc.pthread_key_create(ctypes.byref(key), destructor) != 0:
            break
        _keys.append(key.value)
    if len(_keys) < len(_AT_THE_END) or _keys != sorted(_keys):
        _remove_keys()


def _remove_keys() -> None:
    """Threads that end from now on leave their states to the interpreter, which ends, too."""
    while _keys:
        _delete_key(_keys.pop())


_make_keys()
atexit.register(_remove_keys)
