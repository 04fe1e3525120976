"""Markets that a recording drives: the recorded book, and users' orders against it.

The record goes its way whatever users do. What they take of a recorded level stays away as long
as that level is recorded unchanged; a recorded trade at the price of a user's order fills it once
what stood before it has traded; a quote or a trade beyond its price fills it at its own price, but
in a call auction, whose trades have one price, at that.
"""

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from webctp.ctp.codec import DBL_MAX, Layout, format_of
from webctp.exchanges.products import Product, TradingHours
from webctp.exchanges.sessions import CLOSED, CONTINUOUS
from webctp.exchanges.spelling import future_id
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.charges import option_margin
from webctp.sim.market.market import Market
from webctp.sim.market.markets import Listing, Markets
from webctp.sim.market.standing import Standing
from webctp.sim.model.contracts import Contract
from webctp.sim.model.tape import DayPrices, Fill, Traded
from webctp.sim.model.timeline import Day, Timeline
from webctp.sim.money import units

_LEVELS: Final = 5
_TIME: Final = "UpdateTime"
_MINUTES: Final = 1440
"""Of a day."""
_FAR: Final = 10**15
"""Units beyond every price: a limit where none is recorded."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What of a tick matters to a market: prices in units, None for those that are not set.

    ``bids`` and ``asks`` are (price, volume), best first. ``minute`` is the UpdateTime's, counted
    from midnight; -1 where there is none.
    """

    last: int | None
    pre_settlement: int | None
    pre_close: int | None
    settlement: int | None
    upper: int | None
    lower: int | None
    volume: int
    open_interest: int
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]
    minute: int


def quote_reader(layout: Layout) -> Callable[[bytes], Quote]:
    """Return a function from a tick's bytes to its quote."""
    single = (
        "LastPrice",
        "PreSettlementPrice",
        "PreClosePrice",
        "SettlementPrice",
        "UpperLimitPrice",
        "LowerLimitPrice",
        "Volume",
        "OpenInterest",
    )
    sides = tuple(
        tuple((f"{side}Price{level}", f"{side}Volume{level}") for level in range(1, _LEVELS + 1))
        for side in ("Bid", "Ask")
    )
    wanted = {*single, _TIME, *(name for side in sides for level in side for name in level)}
    fields = tuple(field for field in layout.fields if field.name in wanted)
    names = tuple(field.name for field in fields)
    unpack = struct.Struct(format_of(fields, layout.size)).unpack

    def read(raw: bytes) -> Quote:
        values = dict(zip(names, unpack(raw), strict=True))
        last, pre, close, settled, upper, lower = (_price(values[name]) for name in single[:6])
        bids, asks = (
            tuple(
                (price, values[volume])
                for name, volume in side
                if (price := _price(values[name])) is not None and values[volume] > 0
            )
            for side in sides
        )
        interest = values["OpenInterest"]
        shown = round(interest) if 0 <= interest < _FAR else 0
        return Quote(
            *(last, pre, close, settled, upper, lower, values["Volume"], shown, bids, asks),
            _minute(values[_TIME]),
        )

    return read


def _minute(time: bytes) -> int:
    """Return the minute of an UpdateTime; -1 for what is none."""
    hour, _, rest = time.partition(b":")
    minute = rest[:2]
    return 60 * int(hour) + int(minute) if hour.isdigit() and minute.isdigit() else -1


@cache
def _auctions(hours: TradingHours) -> frozenset[int]:
    """Return the minutes in which call auctions are matched: the last before each opening.

    Where a night session is held it has one; some exchanges have another in the morning then.
    """
    openings = (hours.day[0][0], *(() if hours.night is None else (hours.night[0],)))
    return frozenset((one - 1) % _MINUTES for one in openings)


def _price(value: float) -> int | None:
    """Return a price in units; 0 stands for none in recordings of other tools."""
    if value == DBL_MAX or not math.isfinite(value) or not 0 < abs(value) < 1e10:
        return None
    return units(value)


class _Silent:
    """A background that the record takes the place of."""

    next = 0
    printed = -1

    def advance(self, step: int) -> Traded | None:
        """Trade nothing."""
        return None

    def clear(self, step: int, upto: int, above: int, below: int) -> int:
        """Pass over nothing."""
        return step

    def quote(self, step: int) -> tuple[float, int]:
        """Quote at nothing."""
        return 0.0, 0

    def bits(self, step: int) -> int:
        """Draw nothing."""
        return 0


class _RecordedStanding(Standing):
    """The levels of the last tick, less what users took of them.

    What was taken stays away as long as the record has the level unchanged.
    """

    __slots__ = ("_quote",)

    def __init__(self, contract: Contract, lowest: int, highest: int) -> None:
        super().__init__(contract, lowest, highest)
        self._quote: Quote | None = None

    def show(self, quote: Quote) -> None:
        """Go on to another tick."""
        before, self._quote = self._quote, quote
        if not self._taken:
            return
        kept = set() if before is None else {*before.bids, *before.asks}
        kept &= {*quote.bids, *quote.asks}
        prices = {price for price, _ in kept}
        self._taken = {at: taken for at, taken in self._taken.items() if at in prices}

    def levels(self, direction: str) -> Iterator[tuple[int, int]]:
        """Give the recorded levels of a side, best first, less what users took."""
        quote = self._quote
        if quote is None:
            return
        for price, volume in quote.bids if direction == BUY else quote.asks:
            left = volume - self._taken.get(price, 0)
            if left > 0:
                yield price, left

    def plain_levels(self, direction: str, number: int) -> list[tuple[int, int]]:
        """Return the best of `levels`."""
        return list(self.levels(direction))[:number]


class ReplayMarket(Market):
    """One instrument on one trading day, as it was recorded; closed until its first tick."""

    __slots__ = ("_recorded", "quote")

    def __init__(self, contract: Contract, pre_settlement: int) -> None:
        day = DayPrices(pre_settlement, pre_settlement, _FAR, -_FAR, 0)
        super().__init__(contract, day, _Silent())
        self.quote: Quote | None = None
        self._standing = self._recorded = _RecordedStanding(contract, -_FAR, _FAR)

    def show(self, quote: Quote, *, in_auction: bool = False) -> list[Fill]:
        """Go on to another tick; return the fills of users' orders.

        :param in_auction: whether what has traded since the last one has traded at one price.
        """
        before, self.quote = self.quote, quote
        known = self.day
        pre = quote.pre_settlement or known.pre_settlement
        self.day = DayPrices(
            pre,
            quote.pre_close or pre,
            _FAR if quote.upper is None else quote.upper,
            -_FAR if quote.lower is None else quote.lower,
            known.open_interest,
        )
        self.tape.last = quote.last or pre
        self.tape.volume, self.tape.open_interest = quote.volume, quote.open_interest
        self._recorded.show(quote)
        if not self.book:
            return []
        traded = quote.volume - before.volume if before is not None else 0
        if quote.last is None or traded <= 0:
            return self._cross()
        return self._print_reached(quote, traded, in_auction=in_auction) + self._cross()

    def best(self, direction: str) -> int | None:
        """Return the best price of a side in units, None where nobody stands."""
        found = self.depth(direction, 1)
        return found[0][0] if found else None

    def _print_reached(self, quote: Quote, traded: int, *, in_auction: bool) -> list[Fill]:
        """Fill waiting orders by recorded trades of ``traded`` lots at the last price."""
        last = quote.last or 0
        fills: list[Fill] = []
        for direction in (BUY, SELL):
            sign, left = (1 if direction == BUY else -1), traded
            while left > 0 and (price := self.book.best(direction)) is not None:
                if sign * price < sign * last:
                    break
                # Who stood before an order has traded before the price went beyond it.
                before = (
                    dict(self._standing.levels(direction)).get(price, 0) if price == last else 0
                )
                for order_id, volume in self.book.take(direction, price, left, before):
                    left -= volume
                    if order_id is not None:
                        fills.append(Fill(order_id, last if in_auction else price, volume))
                if self.book.best(direction) == price:
                    break
        return fills

    def _print(self, price: int, volume: int, interest: int) -> None:
        """Users' trades are not on the tape: the recorded one goes on as it was."""


class ReplayMarkets(Markets):
    """The instruments of a recording; prices of the day are the recorded ones.

    :param read: from a tick's bytes to its quote.
    """

    def __init__(
        self,
        seed: int,
        listing: Listing,
        timeline: Timeline,
        now: datetime,
        read: Callable[[bytes], Quote],
    ) -> None:
        super().__init__(seed, listing, timeline, now)
        self._read = read
        self._latest: dict[str, bytes] = {}
        self._shown: dict[str, bytes] = {}
        self._marks: dict[str, int] = {}

    def begin(self, day: Day) -> None:
        """Begin a trading day: instruments open with their first tick."""
        marks = {
            name: self.settlement_price(self.must(name))
            for name in self._latest
            if name in self.instruments
        }
        self._marks.update(marks)
        self._latest.clear()
        self._shown.clear()
        super().begin(day)

    def _carry(self) -> None:
        """Carry nothing over: yesterday's close is a recorded one, too."""

    def note(self, instrument: str, raw: bytes) -> None:
        """Take a tick; its market goes on to the tick when it is looked at."""
        self._latest[instrument] = raw

    def latest(self, instrument: str) -> bytes | None:
        """Return the last tick of the trading day, None before the first."""
        return self._latest.get(instrument)

    def show(self, instrument: str) -> list[Fill]:
        """Let an instrument's market go on to its last tick; return the fills of users' orders."""
        market = self._known(instrument)
        raw = self._latest.get(instrument)
        if raw is None or raw is self._shown.get(instrument):
            return []
        self._shown[instrument] = raw
        if not isinstance(market, ReplayMarket):
            raise TypeError(f"{instrument} has a market that no recording drives")
        quote = self._read(raw)
        return market.show(quote, in_auction=quote.minute in self._auctions_of(instrument))

    def _auctions_of(self, instrument: str) -> frozenset[int]:
        product = self._products.get(self.must(instrument).product)
        return frozenset() if product is None else _auctions(product.hours)

    def market(self, instrument: str) -> Market:
        """Return an instrument's market, gone on to its last tick."""
        self.show(instrument)
        return self._known(instrument)

    def status(self, contract: Contract) -> str:
        """Return the InstrumentStatus: nobody trades before the first tick."""
        return CONTINUOUS if contract.instrument in self._latest else CLOSED

    def pre_settlement(self, contract: Contract) -> int:
        """Return yesterday's settlement price in units; before the first tick the best known."""
        quote = self._quote(contract)
        if quote is not None and quote.pre_settlement is not None:
            return quote.pre_settlement
        mark = self._marks.get(contract.instrument)
        return super().pre_settlement(contract) if mark is None else mark

    def settlement_price(self, contract: Contract) -> int:
        """Return today's settlement price as recorded, or the last price."""
        quote = self._quote(contract)
        if quote is None:
            return self.pre_settlement(contract)
        return quote.settlement or quote.last or self.pre_settlement(contract)

    def upper_limit(self, contract: Contract) -> int:
        """Return today's highest price in units."""
        quote = self._quote(contract)
        if quote is not None and quote.upper is not None:
            return quote.upper
        return super().upper_limit(contract)

    def margin(self, contract: Contract, side: str) -> int:
        """Return a lot's margin; an unrecorded underlying is taken to be at the option's strike."""
        option = contract.option
        if option is None or side == BUY or option.underlying in self._latest:
            return super().margin(contract, side)
        return option_margin(contract, option.strike)

    def _quote(self, contract: Contract) -> Quote | None:
        name = contract.instrument
        if name not in self._latest:
            return None
        market = self.market(name)
        return market.quote if isinstance(market, ReplayMarket) else None

    def _future_of(self, product: Product, month: int) -> str:
        """Return an option's future: the one of its month, whether it is recorded or not."""
        exact = future_id(product.exchange_id, product.product_id, month, product.suffix)
        return exact if exact in self.instruments else super()._future_of(product, month)

    def _make(self, contract: Contract) -> Market:
        mark = self._marks.get(contract.instrument)
        pre = super().pre_settlement(contract) if mark is None else mark
        return ReplayMarket(contract, pre)
