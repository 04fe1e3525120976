"""The past of a simulated exchange: the ticks of a trading day that is over.

Its market is a function of the seed, the instrument, the day and the step alone, so a past day can
be told as it would have been, had somebody watched it. What users did to it is not in it.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

from webctp.ctp import binding
from webctp.exchanges import instruments, sessions
from webctp.exchanges.sessions import AUCTION_MATCHING
from webctp.sim.host.packing import tick_packer
from webctp.sim.host.venue import nanoseconds_of, timeline_of
from webctp.sim.market import ticks
from webctp.sim.market.market import Market
from webctp.sim.market.markets import Markets
from webctp.sim.model.timeline import STEP
from webctp.sim.options import SimOptions

_NOON: Final = time(12)
_SETTLED: Final = time(15, 20)
"""When a day's settlement price is told."""


class PastDay:
    """One instrument on one trading day of a simulated exchange.

    :raises KeyError: if the instrument was not listed then.
    """

    def __init__(self, options: SimOptions, instrument: str, day: date) -> None:
        timeline = timeline_of(options)
        self._day = timeline.day_of(datetime.combine(day, _NOON))
        self._markets = Markets(options.seed, instruments.listed, timeline, self._day.begins)
        self._instrument = instrument
        self._product = self._markets.instruments[instrument].product
        self._contract = self._markets.must(instrument)
        self._opened = timeline.sessions(self._product, self._day.begins)
        self._pack = tick_packer(binding.load().market)

    def ticks(self) -> Iterator[tuple[int, bytes]]:
        """Give the day's ticks: when each came, in nanoseconds since 1970, and its struct."""
        for opened in self._opened:
            if opened.auction:
                yield self._tick(self._step(opened.start - AUCTION_MATCHING)[0])
            at = opened.start
            while at < opened.end:
                market, changed = self._step(at)
                if changed:
                    yield self._tick(market)
                at += STEP
        # After the close: the close and the settlement price.
        self._markets.go_to(max(self._markets.now, datetime.combine(self._day.date, _SETTLED)))
        market = self._markets.market(self._instrument)
        yield self._tick(
            market, self._markets.settlement_price(self._contract), self._opened[-1].end
        )

    def _step(self, at: datetime) -> tuple[Market, bool]:
        self._markets.go_to(at)
        self._markets.begin_step()
        market, changed, _ = self._markets.step(self._instrument)
        return market, changed

    def _tick(
        self, market: Market, settlement: int | None = None, moment: datetime | None = None
    ) -> tuple[int, bytes]:
        """Return a tick of now; stamped with another moment where that is given."""
        now, exchange = self._markets.now, self._contract.exchange
        at = moment or now
        stamp = ticks.stamp(
            f"{sessions.trading_day_of_tick(exchange, self._day.date, now):%Y%m%d}",
            f"{sessions.action_day(exchange, self._day.date, now):%Y%m%d}",
            at,
            sessions.update_millisec(exchange, at),
        )
        values = ticks.tick(market, stamp, settlement=settlement)
        return nanoseconds_of(now), self._pack(values)
