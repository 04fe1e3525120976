"""Keep the bars of every instrument that is subscribed in the bar store (``BarStore``).

The minutes are the hub's bars, kept when each is over; a day is told by the tick that a minute
has ended with, so that nothing is done for it while ticks come. A settlement price is looked for
in the newest tick after the close, and told once more by the next day's PreSettlementPrice.
Everything runs in the reactor's thread.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.config.sections import BarStoreConfig
from webctp.ctp.codec import DBL_MAX, Layout
from webctp.language.text import Text
from webctp.metrics import Sample
from webctp.upstream.barstore.recorded import previous_day
from webctp.upstream.barstore.row import DAY, MINUTE, SeriesKey, day_of, row_of
from webctp.upstream.barstore.store import BarStore
from webctp.upstream.market.bars import Bar
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.turns import batched

_log = Logger()

_LOOK: Final = 60.0
"""Seconds between two looks for settlement prices after a close."""
_PRICES: Final = ("Volume", "PreSettlementPrice", "SettlementPrice")


class BarKeeper:
    """Give bars that are over to the store. To the hub it is a client that is sent nothing.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    """

    outbox = None

    def __init__(
        self, settings: BarStoreConfig, store: BarStore, clock: IReactorTime, layout: Layout
    ) -> None:
        self.store = store
        self._clock = clock
        self._prices = layout.part(_PRICES)
        self.instruments = [name.encode("gbk") for name in settings.instruments]
        """The instruments and patterns that the keeper subscribes to by itself."""
        self._days: dict[bytes, str] = {}
        """The trading day of each instrument's newest bar."""
        self._unsettled: dict[bytes, tuple[str, int]] = {}
        """Instruments whose day is over without a settlement price: the day and its volume."""
        self._hub: MarketHub[Any] | None = None
        self._look: IDelayedCall | None = None

    def specs_of(self, name: bytes) -> tuple[()]:
        """Return no streams: the keeper is sent nothing."""
        return ()

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Take what the hub tells a client: it would have too many instruments."""
        _log.warn("BarStore: {detail}", detail=detail)

    def keepers(self, name: bytes) -> Mapping[str, Callable[[Bar], None]]:
        """Return what takes the closed bars of an instrument, by period."""
        return {MINUTE: partial(self._keep, name)}

    def start(self, hub: MarketHub[Any]) -> None:
        """Start the store, and subscribe to what is listed."""
        self._hub = hub
        self.store.start()
        if self.instruments:
            hub.subscribe("tick", self, self.instruments)

    def stop(self) -> None:
        """Stop looking. The store is stopped by whoever may wait for the disk."""
        self._hub = None
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def samples(self) -> Iterator[Sample]:
        """Read the store's figures; called on a scrape."""
        yield from self.store.samples()

    def _keep(self, name: bytes, bar: Bar) -> None:
        """Keep a minute that is over, if all of it was seen, and the day so far."""
        if bar.whole:
            self.store.put(SeriesKey(bar.instrument_id, MINUTE), row_of(bar))
        tick = bar.tick
        day = None if tick is None else day_of(bar, tick)
        if tick is None or day is None:
            return
        self.store.put(SeriesKey(bar.instrument_id, DAY), day)
        if self._days.get(name) != bar.trading_day:
            self._days[name] = bar.trading_day
            self._unsettled.pop(name, None)
            before = self._told(name, "PreSettlementPrice", tick.volume)
            if before is not None:
                self.store.settle(bar.instrument_id, previous_day(bar.trading_day), before)
        if row_of(bar).end >= day.end:
            self._unsettled[name] = bar.trading_day, tick.volume
            if self._look is None:
                self._look = self._clock.callLater(_LOOK, self._look_for_prices)

    def _look_for_prices(self) -> None:
        self._look = None
        if self._hub is not None:
            self._hub.turns.run(self._looking(), self._look_again)

    def _looking(self) -> Iterator[None]:
        """Settle, in steps, the days whose newest tick tells a settlement price."""
        for names in batched(list(self._unsettled)):
            for name in names:
                day, volume = self._unsettled.get(name, ("", 0))
                price = self._told(name, "SettlementPrice", volume) if day else None
                if price is not None:
                    del self._unsettled[name]
                    self.store.settle(name.decode("gbk", "replace"), day, price)
            yield

    def _look_again(self) -> None:
        if self._unsettled and self._hub is not None and self._look is None:
            self._look = self._clock.callLater(_LOOK, self._look_for_prices)

    def _told(self, name: bytes, field: str, volume: int) -> float | None:
        """Return a price in an instrument's newest tick; None for one of another day.

        :param volume: what the day has come to: the next begins with less.
        """
        subscription = None if self._hub is None else self._hub.subscription_of(name)
        last = None if subscription is None else subscription.last
        if last is None:
            return None
        traded = self._prices.value(last, "Volume")
        if not isinstance(traded, int) or traded < volume:
            return None
        price = self._prices.value(last, field)
        return price if isinstance(price, float) and 0 < price < DBL_MAX else None
