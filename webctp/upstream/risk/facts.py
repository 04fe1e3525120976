"""What order checks know of instruments: tick, multiplier, last price; and from whom.

Tick and multiplier are those of the newest answer to ReqQryInstrument that any session has seen;
without one, of the products that webctp ships, by the letters of the InstrumentID. The last price
is that of the newest tick of a subscribed instrument, of the newest answer to
ReqQryDepthMarketData, or of the account's newest trade. Runs in the reactor's thread.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from webctp.exchanges import productfile
from webctp.exchanges.products import Product
from webctp.upstream.risk.intent import Terms, in_grains

_MOST: Final = 100_000
"""Instruments whose facts are kept; China's exchanges list some 20,000. Beyond, none is added."""
_SPELLED: Final = re.compile(r"([A-Za-z]+)\d{3,4}(F?)(?:-?([CP])-?[\d.]+)?", re.ASCII)


LastPrice = Callable[[str], float | None]
"""Gives an instrument's last price from its newest tick; None where there is none."""


class InstrumentFacts:
    """Hold what is known of instruments, for all accounts.

    :param last_tick: asks the market-data service; None where there is none.
    """

    def __init__(self, last_tick: LastPrice | None = None) -> None:
        self._last_tick = last_tick
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
        if self._last_tick is not None:
            price = self._last_tick(instrument)
            if price is not None:
                return in_grains(price)
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
