"""Prices of a portfolio from the hub of market data."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import binding, errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.portfolio.prices import HubPrices
from webctp.language.text import english
from webctp.testing import rows
from webctp.upstream.portfolio.facts import Quote

LAYOUT = binding.load().market_codec.layout("CThostFtdcDepthMarketDataField")


class Hub:
    """A hub that notes who subscribes to what."""

    def __init__(self) -> None:
        self.subscribed: set[bytes] = set()
        self.ticks: dict[bytes, Any] = {}
        self.is_full = False

    def subscribe(self, kind: str, client: HubPrices, instruments: Iterable[bytes]) -> list[bytes]:
        if self.is_full:
            raise Refusal(errors.TOO_MANY, english("the client is gone"))
        self.subscribed.update(instruments)
        return []

    def unsubscribe(self, kind: str, client: HubPrices, instruments: Iterable[bytes]) -> None:
        self.subscribed.difference_update(instruments)

    def subscription_of(self, name: bytes) -> Any:
        return self.ticks.get(name)


class FromTheHub(SynchronousTestCase):
    """What is held is watched, and no more."""

    def setUp(self) -> None:
        self.hub = Hub()
        self.prices = HubPrices(self.hub, LAYOUT)

    def test_it_follows_what_is_held(self) -> None:
        self.prices.watch(frozenset({"cu2405", "rb2405"}))
        self.prices.watch(frozenset({"rb2405", "m2405"}))
        self.assertEqual(self.hub.subscribed, {b"rb2405", b"m2405"})
        self.prices.watch(frozenset())
        self.assertEqual(self.hub.subscribed, set())

    def tick(self, **fields: Any) -> Quote | None:
        self.hub.ticks[b"rb2405"] = SimpleNamespace(last=rows.tick("rb2405", **fields).raw())
        return self.prices.quote("rb2405")

    def test_a_tick_gives_its_prices(self) -> None:
        found = self.tick(PreSettlementPrice=3500.0, LastPrice=3501.0, UpperLimitPrice=3700.0)
        self.assertEqual(found, Quote(35_000_000, 37_000_000, 35_010_000))
        self.prices.watch(frozenset({"rb2405", "cu2405"}))
        self.assertEqual([self.prices.last(name) for name in ("rb2405", "cu2405")], [35_010_000, 0])

    def test_a_tick_without_prices_gives_none(self) -> None:
        self.assertIsNone(self.prices.quote("cu2405"))
        self.assertIsNone(self.tick(PreSettlementPrice=3500.0, LastPrice=1.7976931348623157e308))

    def test_too_many_instruments_harm_nobody(self) -> None:
        self.hub.is_full = True
        self.prices.watch(frozenset({"rb2405"}))
        self.assertIsNone(self.prices.quote("rb2405"))
