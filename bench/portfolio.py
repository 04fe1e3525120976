"""What a portfolio costs: a trade, an order, a tick, a look, ``python -m bench.portfolio``.

In one process, the cases in turn, processor time, the least of several rounds. A trade and an
order are taken as a session's follower takes them: from the struct's bytes. A tick of a held
instrument costs the hub what one that nobody is sent costs; the portfolio reads the newest at its
interval.
"""

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

from twisted.internet.task import Clock

from bench import report
from webctp.ctp import binding
from webctp.ctp.bridge import CallbackEvent
from webctp.gateway.portfolio.prices import HubPrices
from webctp.testing import rows
from webctp.upstream.portfolio import reading
from webctp.upstream.portfolio.asking import Asking
from webctp.upstream.portfolio.context import PortfolioContext
from webctp.upstream.portfolio.facts import DEPTH, INSTRUMENT, MARGIN, Facts, Need
from webctp.upstream.portfolio.keeper import PortfolioKeeper

_DAY = "20240102"
_NAMES = [f"rb{number}" for number in range(2401, 2451)]
"""Fifty instruments that are held."""


class _Nobody:
    """A listener that does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


class _Ticked:
    """What a hub has of an instrument."""

    def __init__(self, last: bytes) -> None:
        self.last = last


class _Hub:
    """A hub whose ticks stand."""

    def __init__(self) -> None:
        self.ticks = {name.encode(): _Ticked(_tick(name)) for name in _NAMES}

    def subscribe(self, *_: object) -> list[bytes]:
        """See :class:`webctp.gateway.portfolio.prices.Ticks`."""
        return []

    def unsubscribe(self, *_: object) -> None:
        """See :class:`webctp.gateway.portfolio.prices.Ticks`."""

    def subscription_of(self, name: bytes) -> "_Ticked":
        """Return what there is of an instrument's ticks."""
        return self.ticks[name]


def _tick(name: str, price: float = 3500.0) -> bytes:
    fields = {"PreSettlementPrice": 3500.0, "UpperLimitPrice": 3700.0, "LastPrice": price}
    return rows.tick(name, **fields).raw()


def keeper() -> PortfolioKeeper:
    """Make a keeper whose portfolio knows all it needs, of fifty instruments."""
    catalogue = binding.load().trading
    context = PortfolioContext(Clock(), catalogue, 0.5, 0.0)
    nobody: Any = _Nobody()
    asking = Asking(context.clock, catalogue, nobody.ask, reading.ANSWERED, {}, context.counts)
    kept = PortfolioKeeper(context, asking, rows.USER, None, nobody)
    for _ in kept.begin(_DAY, (), is_whole=True):
        pass
    kept.pause()
    facts: Facts = kept.portfolio.facts
    for name in _NAMES:
        terms = {"ExchangeID": "SHFE", "ProductID": "rb", "ProductClass": "1"}
        terms |= {"PositionDateType": "1", "MaxMarginSideAlgorithm": "1"}
        row = {"InstrumentID": name, "VolumeMultiple": 10, **terms}
        facts.take(Need(INSTRUMENT, name), row)
        charge = {f"{kind}RatioByMoney": 0.0001 for kind in ("Open", "Close", "CloseToday")}
        charge |= {f"{kind}RatioByVolume": 0.0 for kind in ("Open", "Close", "CloseToday")}
        facts.take(Need("ReqQryInstrumentCommissionRate", name), charge)
        margin = {f"{side}MarginRatioByMoney": 0.1 for side in ("Long", "Short")}
        margin |= {f"{side}MarginRatioByVolume": 0.0 for side in ("Long", "Short")}
        facts.take(Need(MARGIN, name, "1"), margin)
        prices = {"PreSettlementPrice": 3500.0, "UpperLimitPrice": 3700.0, "LastPrice": 3500.0}
        facts.take(Need(DEPTH, name), {"InstrumentID": name, **prices})
    kept.portfolio.seed((), ())
    return kept


def event(callback: str, row: rows.Row) -> CallbackEvent:
    """Return a push as a session takes it."""
    return CallbackEvent(binding.load().trading.callbacks[callback], row.raw(), None, 0, True)


def trades(count: int) -> list[CallbackEvent]:
    """Return trades that open and close in turn."""
    found = []
    for number in range(count):
        opens = number % 2 == 0
        fields: dict[str, Any] = {
            "Direction": "0" if opens else "1",
            "OffsetFlag": "0" if opens else "3",
        }
        row = rows.trade(_NAMES[number // 2 % 50], TradeID=str(number), **fields)
        found.append(event("OnRtnTrade", row))
    return found


def orders(count: int) -> list[CallbackEvent]:
    """Return orders that are entered and cancelled in turn."""
    return [
        event(
            "OnRtnOrder",
            rows.order(
                _NAMES[number // 2 % 50],
                OrderRef=str(number // 2),
                OrderLocalID=str(number // 2),
                OrderStatus="35"[number % 2],
            ),
        )
        for number in range(count)
    ]


def measure(count: int) -> dict[str, float]:
    """Return microseconds of each case."""
    kept = keeper()
    found = {}
    for name, events in (("trade", trades(count)), ("order", orders(count))):
        begun = time.process_time()
        for one in events:
            kept.take(one)
        found[name] = (time.process_time() - begun) / count * 1e6
    for one in trades(count + 100)[count::2]:
        kept.take(one)
    hub = _Hub()
    prices = HubPrices(hub, binding.load().market_codec.layout("CThostFtdcDepthMarketDataField"))
    prices.watch(frozenset(_NAMES))
    portfolio, rounds = kept.portfolio, max(count // 500, 10)
    other = {name.encode(): _Ticked(_tick(name, 3501.0)) for name in _NAMES}
    ticks = [hub.ticks, other]
    portfolio.figures()
    looking = reckoning = 0.0
    for number in range(rounds):
        hub.ticks = ticks[number % 2]
        begun = time.process_time()
        for name in _NAMES:
            portfolio.take_price(name, prices.last(name))
        looked = time.process_time()
        portfolio.figures()
        looking += looked - begun
        reckoning += time.process_time() - looked
    found["look at a price"] = looking / rounds / len(_NAMES) * 1e6
    found["figures of 50 positions that have all changed"] = reckoning / rounds * 1e6
    return found


def main() -> None:
    """Measure; print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="pushes of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rounds = [measure(asked.count) for _ in range(asked.rounds)]
    found = {name: min(one[name] for one in rounds) for name in rounds[0]}
    if asked.json:
        print(json.dumps(found))
        return
    print(report.machine())
    for name, value in found.items():
        print(f"{name:50} {value:8.2f} µs")


if __name__ == "__main__":
    main()
