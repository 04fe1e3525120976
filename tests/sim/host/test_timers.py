"""Actions for later, on a clock by hand."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.sim.host.timers import Timers


class TimersTests(SynchronousTestCase):
    """In the order of their moments, each once."""

    def setUp(self) -> None:
        self.now = 100.0
        self.done: list[str] = []
        self.timers = Timers(lambda: self.now)

    def add(self, seconds: float, name: str) -> None:
        self.timers.later(seconds, lambda: self.done.append(name))

    def pass_by(self, seconds: float) -> list[str]:
        self.now += seconds
        for action in self.timers.due():
            action()
        done, self.done = self.done, []
        return done

    def test_order(self) -> None:
        self.add(5, "late")
        self.add(1, "soon")
        self.add(1, "next")
        self.assertEqual(self.pass_by(0.5), [])
        self.assertEqual(self.pass_by(0.5), ["soon", "next"])
        self.assertEqual(self.pass_by(100), ["late"])
        self.assertEqual(self.pass_by(100), [])

    def test_an_action_may_add_another(self) -> None:
        self.timers.later(1, lambda: self.add(0, "at once"))
        self.timers.later(1, lambda: self.add(1, "later"))
        self.assertEqual(self.pass_by(1), ["at once"])
        self.assertEqual(self.pass_by(1), ["later"])

    def test_the_wait(self) -> None:
        self.assertEqual(self.timers.wait(7.0), 7.0)
        self.add(5, "one")
        self.assertEqual((self.timers.wait(7.0), self.timers.wait(3.0)), (5.0, 3.0))
        self.now += 9
        self.assertEqual(self.timers.wait(7.0), 0.0)
