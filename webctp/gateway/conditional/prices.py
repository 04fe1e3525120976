"""Prices for conditional orders, from every tick of the daemon's own market data.

Runs in the reactor's thread.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, Protocol

from twisted.logger import Logger

from webctp.ctp.codec import Layout
from webctp.ctp.refusal import Refusal
from webctp.exchanges import calendar as calendars
from webctp.language.text import NOTHING, Text, english
from webctp.upstream.market.source import Kind
from webctp.upstream.market.staleticks import Unpublished
from webctp.upstream.market.subscriptions import Subscription
from webctp.upstream.market.ticks import Moment, Moments, exchange_of, reader
from webctp.upstream.portfolio.money import units
from webctp.upstream.session.login import LoginState

_log = Logger()

_TICK: Final[Kind] = "tick"

OnPrice = Callable[[str, int, Moment | None], object]
"""Takes an instrument's last price in units, and when that was."""
MakePrices = Callable[[OnPrice], "TickPrices"]
"""Makes what follows prices for one account."""


class Feeds(Protocol):
    """The hub's feeds."""

    @property
    def state(self) -> LoginState:
        """Where they stand, as one."""


class Hub(Protocol):
    """The hub of market data, as conditions are watched by it."""

    @property
    def feeds(self) -> Feeds:
        """Where ticks come from."""

    def now(self) -> datetime:
        """Return the time at the front."""

    def subscribe(self, kind: Kind, client: Any, instruments: Iterable[bytes]) -> list[bytes]:
        """Count a client in."""

    def unsubscribe(self, kind: Kind, client: Any, instruments: Iterable[bytes]) -> None:
        """Count a client out."""

    def subscription_of(self, name: bytes) -> Subscription[Any] | None:
        """Return what there is of an instrument's ticks; None where nobody wants them."""


class TickPrices:
    """Follow every tick of what one account waits for: a subscriber that is sent nothing.

    Stale ticks, and prices that are not set, are passed over. Instruments that nobody waits for
    cost nothing.
    """

    outbox = None

    def __init__(self, hub: Hub, layout: Layout, on_price: OnPrice) -> None:
        self._hub = hub
        self._read = reader(layout)
        self._moments = Moments(calendars.default())
        self._on_price = on_price
        self._names: dict[str, bytes] = {}
        self._refused = NOTHING

    def specs_of(self, name: bytes) -> tuple[()]:
        """Return no streams: nothing is sent."""
        return ()

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Take what the hub tells a client: it would have too many instruments."""
        self._refused = detail

    def trouble_of(self, instruments: frozenset[str]) -> Text:
        """Return why no price of these instruments is known now; empty where all are."""
        if self._hub.feeds.state is not LoginState.READY:
            return english("market data is not connected")
        for name in sorted(instruments):
            found = self._hub.subscription_of(self._names.get(name, b""))
            if found is None and self._refused:
                return self._refused
            if found is None or found.last is None:
                return english("no price of {instrument!a} has come yet", instrument=name)
        return NOTHING

    def watch(self, instruments: frozenset[str]) -> None:
        """Follow these instruments and no others."""
        if instruments == self._names.keys():
            return
        gone = [name for name in self._names if name not in instruments]
        new = {name: name.encode("gbk", "replace") for name in instruments - self._names.keys()}
        for name in gone:
            raw = self._names.pop(name)
            found = self._hub.subscription_of(raw)
            if found is not None:
                found.bar_makers = tuple(one for one in found.bar_makers if one is not self)
            self._hub.unsubscribe(_TICK, self, [raw])
        if not new:
            return
        try:
            self._hub.subscribe(_TICK, self, list(new.values()))
        except Refusal as problem:
            self._refused = problem.detail
            _log.warn("prices of conditional orders: {detail}", detail=problem.detail)
            return
        self._refused = NOTHING
        self._names |= new
        for raw in new.values():
            found = self._hub.subscription_of(raw)
            if found is not None:
                found.bar_makers += (self,)

    def again(self, instruments: Iterable[str]) -> None:
        """Take the newest price of instruments once more; not one from before an outage."""
        for name in instruments:
            found = self._hub.subscription_of(self._names.get(name, b""))
            last = None if found is None or found.awaited else found.last
            if last is not None and type(last) is not Unpublished:
                self._take(last)

    def tick(self, name: bytes, body: bytes) -> None:
        """Take a tick; the hub has judged by now whether it is stale."""
        found = self._hub.subscription_of(name)
        if found is not None and found.last is body:
            self._take(body)

    def _take(self, body: bytes) -> None:
        tick = self._read(body)
        if tick.last is None or tick.last <= 0:
            return
        moment = self._moments.of(tick, exchange_of(tick), self._hub.now())
        self._on_price(tick.instrument_id, units(tick.last), moment)
