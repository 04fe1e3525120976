"""Prices of portfolios from the daemon's own market data. Runs in the reactor's thread."""

from collections.abc import Callable, Iterable
from struct import Struct
from typing import Final, Protocol

from twisted.logger import Logger

from webctp.ctp.codec import Layout
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text
from webctp.upstream.market.source import Kind
from webctp.upstream.portfolio.context import Prices
from webctp.upstream.portfolio.facts import Quote
from webctp.upstream.portfolio.money import units

_log = Logger()

_TICK: Final[Kind] = "tick"
_price: Final = Struct("<d").unpack_from
FIELDS: Final = ("PreSettlementPrice", "UpperLimitPrice", "LastPrice")

MakePrices = Callable[[], Prices]
"""Makes the prices of one portfolio."""


class Ticked(Protocol):
    """What the hub has of an instrument."""

    @property
    def last(self) -> bytes | None:
        """The newest tick; None before any."""


class Ticks(Protocol):
    """The hub of market data, as portfolios use it."""

    def subscribe(
        self, kind: Kind, client: "HubPrices", instruments: Iterable[bytes]
    ) -> list[bytes]:
        """Count a client in."""

    def unsubscribe(self, kind: Kind, client: "HubPrices", instruments: Iterable[bytes]) -> None:
        """Count a client out."""

    def subscription_of(self, name: bytes) -> Ticked | None:
        """Return what there is of an instrument's ticks; None where nobody wants them."""


class HubPrices:
    """Follow the ticks of what one portfolio holds: a subscriber of the hub that is sent nothing.

    A tick costs nothing here: the newest is read when it is asked for.
    """

    outbox = None

    def __init__(self, hub: Ticks, layout: Layout) -> None:
        self._hub = hub
        self._layout = layout.part(FIELDS)
        self._at = layout.by_name["LastPrice"].offset
        self._watched: frozenset[str] = frozenset()
        self._names: dict[str, bytes] = {}

    def specs_of(self, name: bytes) -> tuple[()]:
        """Return no streams: nothing is sent."""
        return ()

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Take what the hub tells a client: it would have too many instruments."""
        _log.warn("prices of a portfolio: {detail}", detail=detail)

    def watch(self, instruments: frozenset[str]) -> None:
        """Follow these instruments and no others; those beyond MaxInstruments have no price."""
        if instruments == self._watched:
            return
        before, self._watched = self._watched, instruments
        self._names = {name: name.encode("gbk", "replace") for name in instruments}
        gone = sorted(before - instruments)
        new = sorted(instruments - before)
        if gone:
            self._hub.unsubscribe(_TICK, self, [name.encode("gbk", "replace") for name in gone])
        if new:
            try:
                self._hub.subscribe(_TICK, self, [name.encode("gbk", "replace") for name in new])
            except Refusal as problem:
                _log.warn("prices of a portfolio: {detail}", detail=problem.detail)

    def last(self, instrument: str) -> int:
        """Return the last price of a watched instrument in units; 0 where there is none."""
        # One field by its place: unpacking the three takes five times as long (bench.portfolio).
        found = self._hub.subscription_of(self._names[instrument])
        tick = None if found is None else found.last
        return 0 if tick is None else units(_price(tick, self._at)[0])

    def quote(self, instrument: str) -> Quote | None:
        """Return an instrument's prices by its newest tick; None where there is none."""
        subscription = self._hub.subscription_of(instrument.encode("gbk", "replace"))
        tick = None if subscription is None else subscription.last
        if tick is None:
            return None
        row = self._layout.unpack(tick)
        found = Quote(*(units(row[name]) for name in FIELDS))
        return found if found.last and found.pre_settlement else None
