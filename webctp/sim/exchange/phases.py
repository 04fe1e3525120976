"""The trading phases of products: what changes between two looks, and what CTP sends of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from webctp.exchanges.sessions import CLOSED, CONTINUOUS, Phase
from webctp.sim.events import Values
from webctp.sim.market.markets import Markets
from webctp.sim.model.timeline import STEP


@dataclass(frozen=True, slots=True)
class PhaseChange:
    """What has become of products since the update before.

    ``statuses``: the new InstrumentStatus of each product that has another. ``matched``: products
    whose call auction is to be matched. ``resumed``: products that come out of a phase in which
    only cancellations were taken.
    """

    statuses: dict[str, str]
    matched: set[str]
    resumed: set[str]

    @property
    def closed(self) -> set[str]:
        """The products whose day has ended."""
        return {name for name, status in self.statuses.items() if status == CLOSED}


class Phases:
    """The phase of every product, as of the last update.

    ``any_trades`` says whether some product was in continuous trading then.
    """

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._phases = self._now()
        self.any_trades = self._some_trade()

    def update(self) -> PhaseChange:
        """Go on to the phases of the present moment; return what is different."""
        before, self._phases = self._phases, self._now()
        self.any_trades = self._some_trade()
        statuses = {
            name: phase.status
            for name, phase in self._phases.items()
            if name not in before or before[name].status != phase.status
        }
        begun = {
            name: phase
            for name, phase in self._phases.items()
            if name not in before or before[name].start != phase.start
        }
        matched = {name for name, phase in begun.items() if phase.matches}
        resumed = {name for name in begun if name in before and before[name].cancels}
        return PhaseChange(statuses, matched, resumed)

    def forget(self) -> None:
        """Let every product count as changed at the next update, as on a new trading day."""
        self._phases.clear()

    def is_closed(self, product: str) -> bool:
        """Return whether the product's day has ended."""
        phase = self._phases.get(product)
        return phase is not None and phase.status == CLOSED

    def last_tick_at(self, product: str) -> datetime:
        """Return when the product's exchange has sent its last tick, by the sessions alone."""
        now, phase = self._markets.now, self._phases.get(product)
        if phase is None or phase.status == CONTINUOUS:
            day = self._markets.day
            return day.begins + day.step(now) * STEP
        if phase.matches:
            return phase.start
        return self._markets.timeline.last_close(self._markets.products[product], now)

    def rows(self) -> Iterator[Values]:
        """Give the status of every product, as ``CThostFtdcInstrumentStatusField``."""
        return map(self.row, self._phases)

    def row(self, product: str) -> Values:
        """Return the status of a product, as ``CThostFtdcInstrumentStatusField``."""
        phase = self._phases[product]
        return {
            "ExchangeID": self._markets.products[product].exchange_id,
            "SettlementGroupID": "00000001",
            "InstrumentID": product,
            "ExchangeInstID": product,
            "InstrumentStatus": phase.status,
            "TradingSegmentSN": 1,
            "EnterTime": f"{phase.start:%H:%M:%S}",
            "EnterReason": "1",
        }

    def _now(self) -> dict[str, Phase]:
        timeline, now = self._markets.timeline, self._markets.now
        return {
            name: timeline.phase(product, now) for name, product in self._markets.products.items()
        }

    def _some_trade(self) -> bool:
        return any(phase.status == CONTINUOUS for phase in self._phases.values())
