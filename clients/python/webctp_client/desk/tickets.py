"""What the desk may send, as a trader confirms it: tickets, without a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from webctp_client.desk.words import Words
from webctp_client.made import enums, own, structs

BUY: Final = enums.Direction.Buy.value
SELL: Final = enums.Direction.Sell.value
OFFSETS: Final = (
    ("open", enums.OffsetFlag.Open),
    ("close", enums.OffsetFlag.Close),
    ("close today", enums.OffsetFlag.CloseToday),
    ("close yesterday", enums.OffsetFlag.CloseYesterday),
)
_TWO_KINDS: Final = ("SHFE", "INE")
"""Exchanges on which an order closes lots of today, or older ones, and must say which."""
_RESTING: Final = (
    enums.OrderStatus.PartTradedQueueing,
    enums.OrderStatus.NoTradeQueueing,
)


@dataclass(frozen=True)
class Ticket:
    """A limit order for the day."""

    instrument: str
    direction: str
    offset: str
    price: float
    volume: int

    def told(self, words: Words) -> str:
        """Return it as a trader reads it."""
        side = words("Buy" if self.direction == enums.Direction.Buy else "Sell")
        offset = offset_told(self.offset, words)
        return (
            f"{side} {offset} {self.instrument}  {self.volume} {words('lots')} "
            f"{words('at')} {number(self.price)}"
        )


def offset_told(flag: str, words: Words) -> str:
    """Return an offset in words; another flag as it is."""
    name = next((name for name, one in OFFSETS if one == flag[:1]), None)
    return flag if name is None else words(name)


def number(value: float | None, digits: int | None = None) -> str:
    """Return a number for people; ``-`` where it is not set."""
    if value is None or value == 0.0:
        return "-"
    return f"{value:,.{digits}f}" if digits is not None else f"{value:,.10g}"


def read(text: str, volume: str) -> tuple[float, int] | None:
    """Return price and lots as they were typed; None where they are no such things."""
    try:
        price, lots = float(text.replace(",", "")), int(volume)
    except ValueError:
        return None
    return (price, lots) if 0.0 < price < 1e12 and 0 < lots < 1_000_000 else None


def is_resting(order: structs.Order) -> bool:
    """Return whether an order waits at the exchange, so that it can be cancelled."""
    return order.OrderStatus in _RESTING


def best(position: own.PortfolioPosition, tick: structs.DepthMarketData) -> float | None:
    """Return the best price at which a position can be closed; None or 0 where nobody quotes."""
    is_long = position.PosiDirection == enums.PosiDirection.Long
    return tick.BidPrice1 if is_long else tick.AskPrice1


def closings(
    position: own.PortfolioPosition, tick: structs.DepthMarketData | None
) -> Iterator[Ticket]:
    """Yield what closes a position at the best price of the other side.

    On SHFE and INE lots of today and older ones are closed by an order each. Lots that orders
    are closing already are left to them. Nothing is yielded where nobody quotes a price.
    """
    is_long = position.PosiDirection == enums.PosiDirection.Long
    price = None if tick is None else best(position, tick)
    if not price:
        return
    direction = enums.Direction.Sell if is_long else enums.Direction.Buy
    lots = [(enums.OffsetFlag.Close, position.Available)]
    if position.ExchangeID in _TWO_KINDS:
        lots = [
            (enums.OffsetFlag.CloseToday, position.TodayPosition - position.TodayFrozen),
            (enums.OffsetFlag.CloseYesterday, position.YdPosition - position.YdFrozen),
        ]
    for offset, volume in lots:
        if volume > 0:
            yield Ticket(position.InstrumentID, direction, offset, price, volume)
