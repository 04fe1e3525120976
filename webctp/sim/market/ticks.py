"""Ticks: a market's present as the values of ``CThostFtdcDepthMarketDataField``."""

from datetime import datetime
from typing import Final

from webctp.ctp.codec import DBL_MAX
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.market import Market
from webctp.sim.money import UNITS_PER_YUAN

_SHOWN: Final = 5
_LEVELS: Final = tuple(
    f"{side}{kind}{level}"
    for level in range(1, _SHOWN + 1)
    for side in ("Bid", "Ask")
    for kind in ("Price", "Volume")
)

FIELDS: Final = (
    "TradingDay",
    "ActionDay",
    "UpdateTime",
    "UpdateMillisec",
    "ExchangeID",
    "InstrumentID",
    "ExchangeInstID",
    "LastPrice",
    "PreSettlementPrice",
    "PreClosePrice",
    "PreOpenInterest",
    "OpenPrice",
    "HighestPrice",
    "LowestPrice",
    "Volume",
    "Turnover",
    "OpenInterest",
    "ClosePrice",
    "SettlementPrice",
    "UpperLimitPrice",
    "LowerLimitPrice",
    "PreDelta",
    "CurrDelta",
    "AveragePrice",
    "BandingUpperPrice",
    "BandingLowerPrice",
    *_LEVELS,
)
"""The order of a tick's values; text stands as ASCII bytes, prices in yuan, unset as DBL_MAX."""

Stamp = tuple[bytes, bytes, bytes, int]
"""TradingDay, ActionDay, UpdateTime, UpdateMillisec."""

_NO_DEPTH: Final = (DBL_MAX, 0) * (2 * _SHOWN)


def stamp(trading_day: str, action_day: str, moment: datetime, millisecond: int) -> Stamp:
    """Return the times of a tick, as its exchange sends them."""
    return (
        trading_day.encode(),
        action_day.encode(),
        f"{moment:%H:%M:%S}".encode(),
        millisecond,
    )


def tick(
    market: Market,
    at: Stamp,
    *,
    settlement: int | None = None,
    deltas: tuple[float, float] | None = None,
) -> tuple[object, ...]:
    """Return the market's present in the order of FIELDS.

    :param settlement: today's settlement price in units, once it is known.
    :param deltas: of an option, yesterday's and now.
    """
    contract, day, tape = market.contract, market.day, market.tape
    name = contract.instrument.encode()
    volume = tape.volume
    turnover = tape.turnover / UNITS_PER_YUAN
    # CZCE sends the average price itself, the others turnover by volume.
    lots = volume * (contract.multiplier if contract.exchange == "CZCE" else 1)
    scale = UNITS_PER_YUAN
    closed = settlement is not None
    pre_delta, delta = deltas or (DBL_MAX, DBL_MAX)
    return (
        *at,
        contract.exchange.encode(),
        name,
        name,
        tape.last / scale,
        day.pre_settlement / scale,
        day.pre_close / scale,
        float(day.open_interest),
        tape.open / scale if volume else DBL_MAX,
        tape.high / scale if volume else DBL_MAX,
        tape.low / scale if volume else DBL_MAX,
        volume,
        turnover,
        float(max(0, tape.open_interest)),
        tape.last / scale if closed else DBL_MAX,
        settlement / scale if settlement is not None else DBL_MAX,
        day.upper / scale,
        day.lower / scale,
        pre_delta,
        delta,
        turnover / lots if lots else 0.0,
        0.0,
        0.0,
        *_depth(market, contract.levels),
    )


def _depth(market: Market, levels: int) -> list[float]:
    """Prices and volumes in the order of FIELDS: bid, ask, level by level."""
    values: list[float] = list(_NO_DEPTH)
    for start, side in ((0, BUY), (2, SELL)):
        place = start
        for price, volume in market.depth(side, levels):
            values[place] = price / UNITS_PER_YUAN
            values[place + 1] = volume
            place += 4
    return values
