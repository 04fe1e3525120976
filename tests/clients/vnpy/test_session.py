"""What a session of vn.py's asks for by itself, and asks for again."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any
from unittest import TestCase, mock

from vnpy.trader.constant import Exchange, Product
from vnpy.trader.object import ContractData

from vnpy_webctp import convert
from vnpy_webctp.session import Session
from webctp_client import errors

CONTRACT = ContractData("WEBCTP", "rb2701", Exchange.SHFE, "rb2701", Product.FUTURES, 10, 1.0)


class Ticks:
    """An iterator over ticks that fails after some."""

    def __init__(self, ticks: list[str], problem: Exception) -> None:
        self._ticks = ticks
        self._problem = problem

    async def __aenter__(self) -> "Ticks":
        return self

    async def __aexit__(self, *problem: object) -> None:
        """Close nothing."""

    async def __aiter__(self) -> AsyncIterator[str]:
        for one in self._ticks:
            yield one
        raise self._problem


class Client:
    """Fails as it is told."""

    def __init__(self, problems: list[Exception]) -> None:
        self.problems = problems
        self.asked = 0

    def ticks(self, symbol: str) -> Ticks:
        """Give one tick, then fail."""
        self.asked += 1
        return Ticks([symbol], self.problems.pop(0))

    async def SubscribePortfolio(self) -> None:
        """Fail until nothing is left to fail with."""
        self.asked += 1
        if self.problems:
            raise self.problems.pop(0)


def refused(code: int) -> errors.WebctpError:
    """Return a refusal."""
    return errors.error(code, "why")


class Again(TestCase):
    """What is refused for the moment is asked for again, what is refused for good is not."""

    def setUp(self) -> None:
        self.told: list[Any] = []
        self.logged: list[str] = []
        gateway: Any = SimpleNamespace(
            gateway_name="WEBCTP", on_tick=self.told.append, write_log=self.logged.append
        )
        self.session = Session(gateway, lambda: None, "user")
        self.session.contracts["rb2701"] = CONTRACT
        for patch in (
            mock.patch("vnpy_webctp.session._FIRST_DELAY", 0.0),
            mock.patch.object(convert, "tick", lambda told, of: told),
        ):
            patch.start()
            self.addCleanup(patch.stop)

    def test_ticks(self) -> None:
        async def work() -> None:
            client: Any = Client([refused(-503), refused(-429), TimeoutError(), refused(-403)])
            self.session.client = client
            self.session.subscribe("rb2701")
            await asyncio.gather(*self.session._ticks.values())
            self.assertEqual(client.asked, 4)
            client.problems = [refused(-403)]
            self.session.subscribe("rb2701")
            await asyncio.gather(*self.session._ticks.values())
            self.assertEqual(client.asked, 5, "whoever subscribes again has it tried again")

        asyncio.run(work())
        self.assertEqual(self.told, ["rb2701"] * 5)
        self.assertEqual(len(self.logged), 5)

    def test_an_instrument_that_is_none(self) -> None:
        self.session.client = Client([])
        for _ in range(2):
            self.session.subscribe("rb9999")
        self.assertEqual(len(self.logged), 2)

    def test_the_portfolio(self) -> None:
        passing = [
            refused(-503),
            refused(90),
            refused(-429),
            TimeoutError(),
            errors.Disconnected(""),
        ]
        for problems, asked in (
            ([], 1),
            (passing, 6),
            ([refused(-403)], 1),
            ([errors.Ended(4401, "")], 1),
        ):
            client: Any = Client(list(problems))
            asyncio.run(self.session._follow_portfolio(client))
            self.assertEqual(client.asked, asked, problems)
