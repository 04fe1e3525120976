"""The exchanges' market data: who watches which instrument, and the ticks that each is sent."""

from collections.abc import Callable, Iterable, Set
from datetime import datetime
from typing import Final

from webctp.exchanges import sessions
from webctp.sim.accounts.sessions import Session
from webctp.sim.events import Event, TickEvent
from webctp.sim.exchange.phases import Phases
from webctp.sim.market import ticks
from webctp.sim.market.market import Market
from webctp.sim.market.markets import Markets
from webctp.sim.market.spreadfeed import SpreadFeed
from webctp.sim.market.watchers import Watchers
from webctp.sim.model.combinations import QUOTED, Spread

_NOON: Final = 12


class MarketData:
    """The ticks of every instrument and combination.

    :param tell: takes the ticks that are sent.
    """

    def __init__(self, markets: Markets, phases: Phases, tell: Callable[[Event], None]) -> None:
        self._markets = markets
        self._phases = phases
        self._tell = tell
        self.spreads = SpreadFeed(markets)
        self.watchers = Watchers()
        self._followed: tuple[str, ...] | None = None
        """What watchers let the exchange step, in order; None after a change of watchers."""
        self._stamps: dict[str, ticks.Stamp] = {}
        """The stamp of this step's ticks by exchange."""

    def __bool__(self) -> bool:
        """Return whether any session watches anything."""
        return bool(self.watchers or self.spreads)

    # Watching

    def watch(self, session: Session, instrument: str) -> None:
        """Send a session the ticks of an instrument from now on, and at once the last one."""
        session.subscribed.add(instrument)
        self._followed = None
        here = frozenset({session.session_id})
        spread = self._markets.spreads.get(instrument)
        if spread is None:
            self.watchers.add(session.session_id, instrument)
            self._tell(TickEvent(here, self.tick(instrument)))
            return
        self.spreads.watch(session.session_id, instrument)
        if spread.contract.exchange in QUOTED:
            self._tell(TickEvent(here, self.spread_tick(spread)))

    def unwatch(self, session: Session, instrument: str) -> None:
        """Send a session no more ticks of an instrument."""
        session.subscribed.discard(instrument)
        self.watchers.discard(session.session_id, instrument)
        self.spreads.unwatch(session.session_id, instrument)
        self._followed = None

    def drop_unlisted(self, of: Callable[[int], Session]) -> None:
        """End the subscriptions to what is listed no more: its last day is over.

        :param of: gives the session of a SessionID.
        """
        listed = self._markets.instruments
        gone = [(name, watching) for name, watching in self.watchers.items() if name not in listed]
        for name, watching in [*gone, *self.spreads.gone()]:
            for session_id in watching:
                self.unwatch(of(session_id), name)

    # Ticks as values

    def present(self, session: Session) -> list[tuple[object, ...]]:
        """Return the present ticks of what a session has subscribed."""
        names = sorted(session.subscribed)
        found = [(name, self._markets.spreads.get(name)) for name in names]
        return [
            self.tick(name) if spread is None else self.spread_tick(spread)
            for name, spread in found
            if spread is None or spread.contract.exchange in QUOTED
        ]

    def tick(self, instrument: str, moment: datetime | None = None) -> tuple[object, ...]:
        """Return an instrument's present, in the order of ``ticks.FIELDS``.

        :param moment: what the tick is stamped with; None for the exchange's last tick's.
        """
        market = self._markets.market(instrument)
        contract = market.contract
        closed = self._phases.is_closed(contract.product)
        at = moment or self._phases.last_tick_at(contract.product)
        return ticks.tick(
            market,
            self._stamp(contract.exchange, at),
            settlement=self._markets.settlement_price(contract) if closed else None,
            deltas=self._markets.deltas(contract),
        )

    def spread_tick(self, spread: Spread) -> tuple[object, ...]:
        """Return a combination's present, in the order of ``ticks.FIELDS``."""
        contract = spread.contract
        moment = self._phases.last_tick_at(contract.product)
        return self.spreads.tick(spread, self._stamp(contract.exchange, moment))

    # Steps

    def followed(self, live: set[str]) -> Iterable[str]:
        """Return the instruments to step, in order: those that are watched, and ``live`` ones."""
        if self._followed is None:
            watched = {*self.watchers, *self.spreads.followed()}
            self._followed = tuple(in_order(self._markets, watched))
        others = live.difference(self._followed)
        return in_order(self._markets, {*self._followed, *others}) if others else self._followed

    def begin_step(self) -> None:
        """Begin a step: its ticks get stamps of their own."""
        self._stamps = {}

    def send_step(self, instrument: str, market: Market, *, changed: bool) -> None:
        """Send the tick of an instrument that has been stepped, if its market has changed."""
        if "&" in instrument:
            if watching := self.spreads.changed(instrument):
                spread = self._markets.spreads.must(instrument)
                self._tell(TickEvent(watching, self.spread_tick(spread)))
        elif changed and (watchers := self.watchers.get(instrument)):
            exchange = market.contract.exchange
            at = self._stamps.get(exchange)
            if at is None:
                at = self._stamps[exchange] = self._stamp(exchange, self._markets.now)
            deltas = self._markets.deltas(market.contract)
            self._tell(TickEvent(watchers, ticks.tick(market, at, deltas=deltas)))

    # Ticks at the phases' ends

    def send_auction(self, instrument: str) -> None:
        """Send the tick that a call auction ends with."""
        watching = self.watchers.get(instrument)
        if watching:
            self._tell(TickEvent(watching, self.tick(instrument, self._markets.now)))

    def send_stale(self, products: Set[str]) -> None:
        """Send the night's closing tick once more, under today's date, as CZCE does at 8:59."""
        markets = self._markets
        for name in in_order(markets, self.watchers):
            product = markets.product_of(name)
            if product not in products or markets.products[product].exchange_id != "CZCE":
                continue
            closed = markets.timeline.last_close(markets.products[product], markets.now)
            if markets.now.hour < _NOON and closed >= markets.day.begins:
                self._tell(TickEvent(self.watchers[name], self.tick(name, closed)))

    def send_last(self, products: set[str]) -> None:
        """Send a last tick after the close, with close and settlement price."""
        for instrument, watching in self.watchers.items():
            if self._markets.product_of(instrument) in products:
                self._tell(TickEvent(watching, self.tick(instrument)))
        for spread, watching in self.spreads.of_products(products):
            self._tell(TickEvent(watching, self.spread_tick(spread)))

    def _stamp(self, exchange: str, moment: datetime) -> ticks.Stamp:
        """Return the times of a tick of ``moment``; CZCE dates by the clock what it sends now."""
        day = self._markets.day
        dated = self._markets.now if exchange == "CZCE" else moment
        trading_day = sessions.trading_day_of_tick(exchange, day.date, dated)
        action_day = sessions.action_day(exchange, day.date, dated)
        millisecond = sessions.update_millisec(exchange, moment)
        return ticks.stamp(f"{trading_day:%Y%m%d}", f"{action_day:%Y%m%d}", moment, millisecond)


def in_order(markets: Markets, names: Iterable[str]) -> list[str]:
    """Sort instruments for a step: futures, then options, whose deltas need the futures' prices.

    Combinations come last, after their legs.
    """
    listed = markets.instruments

    def place(name: str) -> tuple[int, str]:
        one = listed.get(name)
        return 2 if one is None else int(bool(one.options_type)), name

    return sorted(names, key=place)
