"""Wrong tokens: how long their answers wait, how many sources and lines there are."""

from typing import Any

from twisted.internet.task import Clock
from twisted.logger import LogEvent, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.access.tokens.wrong import FORGOTTEN, FREE, LONGEST, MOST_SOURCES, WrongTokens
from webctp.language.text import verbatim

WRONG = verbatim("wrong")


class WrongCase(SynchronousTestCase):
    """Wrong tokens on a clock."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.wrong = WrongTokens(self.clock)
        self.lines: list[str] = []
        observer: Any = self._observe
        globalLogPublisher.addObserver(observer)
        self.addCleanup(globalLogPublisher.removeObserver, observer)

    def _observe(self, event: LogEvent) -> None:
        if event.get("log_namespace") == "webctp.gateway.access.tokens.wrong":
            self.lines.append(event["log_format"])

    def delays(self, address: str, count: int) -> list[float]:
        return [self.wrong.count(address, WRONG) for _ in range(count)]

    def test_the_first_are_answered_at_once_and_later_ones_ever_later(self) -> None:
        delays = self.delays("10.0.0.1", FREE + 20)
        self.assertEqual(delays[:FREE], [0.0] * FREE)
        self.assertEqual(delays, sorted(delays))
        self.assertEqual(delays[FREE], 0.25)
        self.assertEqual(delays[-1], LONGEST)

    def test_a_source_does_not_slow_another(self) -> None:
        self.delays("10.0.0.1", FREE + 5)
        self.assertEqual(self.delays("10.0.0.2", 1), [0.0])

    def test_they_are_forgotten(self) -> None:
        self.delays("10.0.0.1", FREE + 5)
        self.clock.advance(FORGOTTEN)
        self.assertEqual(self.delays("10.0.0.1", 1), [0.0])

    def test_the_sources_are_bounded(self) -> None:
        for number in range(MOST_SOURCES + 10):
            self.wrong.count(f"10.0.{number // 256}.{number % 256}", WRONG)
        self.assertEqual(len(self.wrong), MOST_SOURCES)
        self.assertEqual(self.wrong.total, MOST_SOURCES + 10)

    def test_a_flood_leaves_few_lines(self) -> None:
        self.delays("10.0.0.1", 1000)
        self.assertEqual(len(self.lines), 10)
        self.clock.advance(60)
        self.delays("10.0.0.1", 1)
        self.assertEqual(len(self.lines), 11)
