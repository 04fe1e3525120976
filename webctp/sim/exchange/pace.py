"""How an exchange's time goes on: by half seconds in which its markets take a step."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Protocol

from webctp.sim.broker.checks import OrderChecks
from webctp.sim.exchange.marketdata import MarketData
from webctp.sim.exchange.phases import Phases
from webctp.sim.exchange.risk import RiskDesk
from webctp.sim.market.markets import Markets
from webctp.sim.matching.engine import MatchingEngine
from webctp.sim.matching.transit import Transit
from webctp.sim.model.timeline import STEP

_CATCH_UP: Final = timedelta(seconds=10)
"""A pause longer than this (a sleeping machine) is caught up on in one step, not tick by tick: in
one for each stretch between two changes of status."""


class Pace(Protocol):
    """What lets the time of an exchange go on."""

    @property
    def is_amid_step(self) -> bool:
        """Whether `advance` has ended amid a step."""

    def advance(self, now: datetime, most: int = sys.maxsize) -> None:
        """Let everything happen that is due up to ``now``, or ``most`` instruments' steps of it.

        Where that ends amid a step, the exchange's time stands still until another call ends it.
        """

    def next_due(self) -> datetime:
        """Return when `advance` has something to do next, if no request comes before."""


class Paced(Protocol):
    """The exchange as its pace uses it."""

    markets: Markets
    market_data: MarketData
    engine: MatchingEngine
    checks: OrderChecks
    transit: Transit
    phases: Phases
    risk: RiskDesk
    next_change: datetime

    @property
    def now(self) -> datetime:
        """The exchange's time."""

    def go_to(self, moment: datetime) -> None:
        """Let time go on, with the messages that arrive meanwhile."""

    def change(self) -> None:
        """Let statuses change, the front open or close, a trading day end."""


class HalfSeconds:
    """The pace of a simulated market: each half second, what is followed takes a step."""

    def __init__(self, exchange: Paced) -> None:
        self._exchange = exchange
        self._next_step = self._step_after(exchange.now)
        self._to_step: Iterator[str] | None = None

    @property
    def is_amid_step(self) -> bool:
        """Whether `advance` has ended amid a step."""
        return self._to_step is not None

    def advance(self, now: datetime, most: int = sys.maxsize) -> None:
        """Let everything happen that is due up to ``now``, as `Pace` says."""
        exchange = self._exchange
        while True:
            most = self._step(most)
            if self._to_step is not None:
                return
            change = exchange.next_change
            if now - exchange.now > _CATCH_UP:
                self._next_step = self._catching_up(now, change)
            stepping = self._next_step <= now and self._stepping
            due = min(self._next_step, change) if stepping else change
            if due > now:
                break
            exchange.go_to(due)
            if due == change:
                exchange.change()
            if stepping and due == self._next_step:
                self._to_step = iter(exchange.market_data.followed(exchange.engine.live()))
                exchange.market_data.begin_step()
                exchange.markets.begin_step()
                self._next_step += STEP
        exchange.go_to(now)
        if self._next_step <= now:
            self._next_step = self._step_after(now)
        if exchange.phases.any_trades:
            exchange.risk.look()

    def _catching_up(self, now: datetime, change: datetime) -> datetime:
        """Return the next half second to step at: the last one, or the last before a change.

        What has traded before a close or a break is told before it, and orders end with the close
        as they would have if nobody had paused.
        """
        last = self._step_after(now) - STEP
        before = self._step_after(change) - 2 * STEP
        return min(last, before) if before > self._exchange.now else last

    def next_due(self) -> datetime:
        """Return when `advance` has something to do next, if no request comes before."""
        exchange = self._exchange
        change = exchange.next_change
        due = min(self._next_step, change) if self._stepping else change
        due = min(due, exchange.transit.due() or due)
        return min(due, exchange.risk.due()) if exchange.phases.any_trades else due

    @property
    def _stepping(self) -> bool:
        """Whether half seconds count: some product trades, and some market is followed."""
        exchange = self._exchange
        return exchange.phases.any_trades and bool(exchange.market_data or exchange.engine.live())

    def _step_after(self, moment: datetime) -> datetime:
        begins = self._exchange.markets.day.begins
        return begins + ((moment - begins) // STEP + 1) * STEP

    def _step(self, most: int) -> int:
        """Step the markets that this half second has left; return how many more may be stepped."""
        exchange = self._exchange
        while self._to_step is not None and most > 0:
            instrument = next(self._to_step, None)
            if instrument is None:
                self._to_step = None
                break
            most -= 1
            market, changed, fills = exchange.markets.step(instrument)
            if fills:
                exchange.engine.settle_fills(fills, exchange.now)
            exchange.checks.touch(instrument, exchange.now)
            exchange.market_data.send_step(instrument, market, changed=changed)
        return most
