"""Floods beside honest clients, in short: every honest request is answered, in order.

How long that takes is measured by ``python -m tests.hostile``; no test asserts a time.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests.hostile.beside import beside, daemon
from tests.hostile.floods import FLOODS, Flood

SECONDS: Final = 0.5
SHORT: Final = ("unknown names", "pings", "* on and off", "incomplete messages")


class Beside(SynchronousTestCase):
    """One daemon, one flood after the other."""

    timeout = 300

    def test_the_honest_are_answered_beside_every_flood(self) -> None:
        with ExitStack() as stack:
            one = stack.enter_context(daemon(Path(self.mktemp()).absolute()))
            for flood in self.floods():
                outcome = beside(one, flood, SECONDS)
                self.assertGreater(len(outcome.td), 0, flood.name)
                self.assertGreater(outcome.sent, 0, flood.name)
            self.assertTrue(one.running)
            self.assertNotIn("Traceback", one.output)

    def floods(self) -> Iterator[Flood]:
        return (flood for flood in FLOODS if flood.name in SHORT)
