"""The Python state of native threads: kept while they live, freed when they have ended."""

import ctypes

from twisted.trial.unittest import SynchronousTestCase

from tests.ctp.support import Native, in_thread
from webctp.ctp import catalog, threads

CALLBACK = "OnFrontConnected"


class Threads(SynchronousTestCase):
    """Threads that end after one callback."""

    def setUp(self) -> None:
        threads.reap()
        self.setup = Native(catalog.trading())

    def on_native_thread(self) -> None:
        libc = ctypes.CDLL(None)
        thread = ctypes.c_ulong()
        entry = ctypes.c_void_p(self.setup.native.entry(CALLBACK))
        address = ctypes.c_void_p(self.setup.native.address)
        self.assertEqual(libc.pthread_create(ctypes.byref(thread), None, entry, address), 0)
        self.assertEqual(libc.pthread_join(thread, None), 0)

    def test_freed_once_when_the_thread_has_ended(self) -> None:
        self.on_native_thread()
        self.on_native_thread()
        # The second thread may have got the number of the first.
        self.assertIn(threads.reap(), (1, 2))
        self.assertEqual(threads.reap(), 0)

    def test_callbacks_go_on_after_freeing(self) -> None:
        for _ in range(20):
            self.on_native_thread()
            threads.reap()
        self.assertEqual(len(self.setup.events()), 20)

    def test_a_new_director_frees_what_has_ended(self) -> None:
        self.on_native_thread()
        Native(catalog.trading())
        self.assertEqual(threads.reap(), 0)

    def test_threads_of_pythons_own_are_left_alone(self) -> None:
        in_thread(lambda: self.setup.native.call(CALLBACK))
        self.setup.native.call(CALLBACK)
        self.assertEqual(threads.reap(), 0)
        self.assertEqual(len(self.setup.events()), 2)
