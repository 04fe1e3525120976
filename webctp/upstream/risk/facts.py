"""What order checks know of instruments: tick, multiplier, last price; and from whom.

Tick and multiplier are those of the newest answer to ReqQryInstrument that any session has seen;
without one, of the products that webctp ships, by the letters of the InstrumentID. The last price
is that of the newest tick of a subscribed instrument, of the newest answer to
ReqQryDepthMarketData, or of the account's newest trade. Runs in the reactor's thread.
"""

import re
from collections.abc import Mapping
from typing import Final, Protocol

from webctp.exchanges import productfile
from webctp.exchanges.products import Product
from webctp.upstream.risk.intent import Terms, in_grains

_MOST: Final = 100_000
"""Instruments whose facts are kept; China's exchanges list some 20,000. Beyond, none is added."""
_SPELLED: Final = re.compile(r"([A-Za-z]+)\d{3,4}(F?)(?:-?([CP])-?[\d.]+)?", re.ASCII)


class NewestTicks(Protocol):
    """The market-data service, as far as it knows prices."""

    def newest(self, instrument: str) -> bytes | None:
        """Return an instrument's newest tick, the same object until another comes."""

    def price_in(self, tick: bytes) -> float | None:
        """Return the last price in a tick; None where that says none."""


class _NoTicks:
    """Stands where no market data is served."""

    def newest(self, instrument: str) -> bytes | None:
        """See :class:`NewestTicks`."""
        return None

    def price_in(self, tick: bytes) -> float | None:
        """See :class:`NewestTicks`."""
        return None


class InstrumentFacts:
    """Hold what is known of instruments, for all accounts.

    :param ticks: the market-data service; None where there is none.
    """

    def __init__(self, ticks: NewestTicks | None = None) -> None:
        self._ticks = ticks or _NoTicks()
        self.newest_tick = self._ticks.newest
        """Gives an instrument's newest tick, None for none; bound once, for each order asks."""
        self._terms: dict[str, Terms | None] = {}
        self._prices: dict[str, int] = {}
        self.version = 0
        """Grows whenever an instrument's terms change."""

    def terms(self, instrument: str) -> Terms | None:
        """Return an instrument's tick and multiplier; None where they are not known."""
        try:
            return self._terms[instrument]
        except KeyError:
            found = _shipped(instrument)
            if len(self._terms) < _MOST:
                self._terms[instrument] = found
            return found

    def last_price(self, instrument: str) -> int | None:
        """Return an instrument's last price in 1e-4 yuan; None where it is not known."""
        tick = self.newest_tick(instrument)
        price = None if tick is None else self.price_in(tick)
        return self.asked_price(instrument) if price is None else price

    def price_in(self, tick: bytes) -> int | None:
        """Return the last price in a tick, in 1e-4 yuan; None where that says none."""
        price = self._ticks.price_in(tick)
        return None if price is None else in_grains(price)

    def asked_price(self, instrument: str) -> int | None:
        """Return what the newest answer or trade has said; see :meth:`last_price`."""
        return self._prices.get(instrument)

    def take_terms(self, instrument: str, tick: float, multiplier: int) -> None:
        """Take what CTP says of an instrument."""
        grains = in_grains(tick)
        if (
            grains > 0
            and multiplier > 0
            and (len(self._terms) < _MOST or instrument in self._terms)
        ):
            terms = Terms(grains, multiplier)
            if self._terms.get(instrument) != terms:
                self._terms[instrument] = terms
                self.version += 1

    def take_price(self, instrument: str, price: float) -> None:
        """Take a last price from an answer or a trade; unset ones are passed over."""
        grains = in_grains(price)
        known = instrument in self._prices or len(self._prices) < _MOST
        if 0 < grains < in_grains(float("inf")) and known:
            self._prices[instrument] = grains


def _shipped(instrument: str) -> Terms | None:
    """Return what the products that webctp ships say of an InstrumentID."""
    spelled = _SPELLED.fullmatch(instrument)
    if spelled is None:
        return None
    symbol, suffix, right = spelled.groups()
    products: Mapping[str, Product] = productfile.default()
    names = (
        (f"{symbol}_o", f"{symbol}{right}", symbol)
        if right
        else ((f"{symbol}_f",) if suffix else (symbol,))
    )
    for name in names:
        product = products.get(name)
        if product is not None and product.is_option == bool(right):
            return Terms(in_grains(product.price_tick), product.volume_multiple)
    return None
