"""The Python state of native threads: kept while they live, freed by themselves at their end."""

import ctypes
import threading
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.ctp.support import Native, in_thread
from webctp.ctp import catalog

CALLBACK = "OnFrontConnected"

_libc = ctypes.CDLL(None)
_interpreter = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyInterpreterState_Get", ctypes.pythonapi))
_first = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(
    ("PyInterpreterState_ThreadHead", ctypes.pythonapi)
)
_next = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(
    ("PyThreadState_Next", ctypes.pythonapi)
)


def states() -> int:
    """How many thread states the interpreter has."""
    count, state = 0, _first(_interpreter())
    while state:
        count, state = count + 1, _next(state)
    return count


class Stream(ctypes.Structure):
    """The functions of a stdio stream of one's own; each is given the stream's cookie first."""

    _fields_ = [(name, ctypes.c_void_p) for name in ("read", "write", "seek", "close")]


_open = _libc.fopencookie
_open.argtypes, _open.restype = (ctypes.c_void_p, ctypes.c_char_p, Stream), ctypes.c_void_p
_put = _libc.fputc
_put.argtypes = (ctypes.c_int, ctypes.c_void_p)


class Thread:
    """A thread that Python has not made: it makes a callback twice and ends.

    It closes a stream whose last byte is still to be written: the C library then calls the
    stream's function for writing, and the one for closing.
    """

    def __init__(self, native: Native) -> None:
        entry = native.native.entry(CALLBACK)
        stream = _open(native.native.address, b"w", Stream(write=entry, close=entry))
        _put(0, stream)
        self._thread = ctypes.c_ulong()
        close = ctypes.cast(_libc.fclose, ctypes.c_void_p)
        failed = _libc.pthread_create(
            ctypes.byref(self._thread), None, close, ctypes.c_void_p(stream)
        )
        if failed:
            raise OSError(failed, "pthread_create")

    def join(self) -> None:
        """Wait until the thread has ended, its destructors included."""
        if _libc.pthread_join(self._thread, None):
            raise OSError("pthread_join")


class Threads(SynchronousTestCase):
    """Threads that end after two callbacks."""

    def setUp(self) -> None:
        self.setup = Native(catalog.trading())

    def raise_in_the_binding(self) -> None:
        """Let the binding raise an error; it asks for the thread's state while it has the GIL.

        Where the state was gone, that hung CPython 3.12 and ended 3.13.
        """
        module: Any = self.setup.catalogue.module
        with self.assertRaises(TypeError):
            module.CThostFtdcReqUserLoginField().ClientIPPort = "x"

    def test_the_second_callback_finds_the_state_of_the_first(self) -> None:
        local, found = threading.local(), list[bool]()
        put = self.setup.spi.put

        def looking(event: object) -> None:
            found.append(hasattr(local, "seen"))
            local.seen = True
            put(event)

        self.setup.spi.put = looking
        for _ in range(2):
            Thread(self.setup).join()
        self.assertEqual(found, [False, True, False, True])

    def test_an_ended_thread_leaves_no_state_behind(self) -> None:
        before = states()
        for _ in range(50):
            Thread(self.setup).join()
        self.assertEqual(states(), before)
        self.assertEqual(len(self.setup.events()), 100)

    def test_many_threads_at_once_leave_nothing_behind(self) -> None:
        before = states()
        for _ in range(5):
            running = [Thread(self.setup) for _ in range(20)]
            for thread in running:
                thread.join()
        self.assertEqual(states(), before)
        self.assertEqual(len(self.setup.events()), 200)

    def test_the_caller_keeps_its_own_state(self) -> None:
        Thread(self.setup).join()
        Native(catalog.trading())
        self.raise_in_the_binding()

    def test_threads_of_pythons_own_are_left_alone(self) -> None:
        before = states()
        in_thread(lambda: self.setup.native.call(CALLBACK))
        self.setup.native.call(CALLBACK)
        self.assertEqual(states(), before)
        self.assertEqual(len(self.setup.events()), 2)
        self.raise_in_the_binding()
