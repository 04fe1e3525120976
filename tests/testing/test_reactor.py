"""The clock that stands for a reactor: threads and turns."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.testing import ThreadlessReactor


class Reactor(SynchronousTestCase):
    """Threads and turns."""

    def test_work_is_done_at_once_its_result_comes_in_a_turn(self) -> None:
        reactor = ThreadlessReactor()
        done: list[Any] = []
        reactor.getThreadPool().callInThreadWithCallback(
            lambda *result: reactor.callFromThread(done.append, result), lambda: 5
        )
        self.assertEqual(done, [])
        reactor.turn()
        self.assertEqual(done, [(True, 5)])

    def test_work_that_is_held(self) -> None:
        reactor = ThreadlessReactor()
        done: list[Any] = []
        reactor.hold_threads = True
        reactor.callInThread(done.append, 1)
        self.assertEqual(done, [])
        reactor.run_threads()
        self.assertEqual(done, [1])

    def test_work_that_fails(self) -> None:
        reactor = ThreadlessReactor()
        done: list[Any] = []
        reactor.callInThreadWithCallback(lambda *result: done.append(result), lambda: 1 // 0)
        ((succeeded, failure),) = done
        self.assertFalse(succeeded)
        failure.trap(ZeroDivisionError)
