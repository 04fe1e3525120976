"""What random users trade, where their days begin, and the kinds of orders that they enter."""

from datetime import datetime
from typing import Final

Kind = dict[str, object]
"""Fields of an order that make its kind."""

NAMES: Final = (
    *("cu2701", "cu2702", "cu2612", "sc2703", "lu2702", "m2703", "m2705"),
    *("m2705-C-3000", "m2705-P-3000", "SR703", "SR705", "SR705C5300", "SR705P5300"),
    *("IF2612", "IF2701", "IO2612-P-4350", "IO2612-C-4750", "si2702", "si2703", "lc2703"),
)
COMBINATIONS: Final = (
    ("SP m2703&m2705", "01"),
    ("SP m2705&m2705", "0"),
    ("SPD SR703&SR705", "01"),
    ("SP si2702&si2703", "01"),
    ("STD m2705-C-3000&m2705-P-3000", "1"),
    ("PRT m2705-C-3000&m2705", "1"),
    ("PRT m2705-P-3000&m2705", "1"),
    ("BFO m2705-C-3000&m2705", "0"),
    ("OPL m2705-C-3000&m2705-C-3000", "0"),
)
SPREADS: Final = (
    *("SP m2703&m2705", "SPD SR703&SR705", "SP si2702&si2703"),
    "STD SR705C5300&SR705P5300",
)
STARTS: Final = (
    (False, datetime(2026, 11, 24, 9, 30)),
    (True, datetime(2026, 11, 23, 20, 40)),
    # Over the end of a month: its statement is made on the second day.
    (False, datetime(2026, 11, 30, 9, 30)),
    (True, datetime(2026, 11, 27, 20, 50)),
    # The second day is the last one of options: of aluminium, silicon, sugar, oil, meal, the index.
    (True, datetime(2026, 11, 23, 9, 5)),
    (True, datetime(2026, 12, 4, 9, 5)),
    (True, datetime(2026, 12, 10, 9, 5)),
    (True, datetime(2026, 12, 14, 9, 5)),
    (True, datetime(2026, 12, 15, 9, 5)),
    (True, datetime(2026, 12, 17, 9, 5)),
)
"""Whether days go by the exchanges' hours, and where they begin."""
_IN_TIME: Final[Kind] = {"TimeCondition": "3"}
_AT_ONCE: Final[Kind] = {"TimeCondition": "1", "VolumeCondition": "1"}
KINDS: Final[tuple[Kind, ...]] = (
    *(_IN_TIME,) * 5,
    *(_AT_ONCE,) * 2,
    {"TimeCondition": "1", "VolumeCondition": "3"},
    {"TimeCondition": "1", "VolumeCondition": "2", "MinVolume": 1},
    # At the market: the rest is cancelled, on CFFEX it rests where the order is good for the day.
    {"TimeCondition": "1", "OrderPriceType": "1", "LimitPrice": 0.0},
    {"TimeCondition": "1", "OrderPriceType": "1", "LimitPrice": 0.0, "VolumeCondition": "3"},
    {"TimeCondition": "3", "OrderPriceType": "1", "LimitPrice": 0.0, "VolumeCondition": "3"},
    {"TimeCondition": "3", "OrderPriceType": "1", "LimitPrice": 0.0},
    {"TimeCondition": "3", "OrderPriceType": "2", "VolumeCondition": "3"},
    {"TimeCondition": "1", "OrderPriceType": "3", "LimitPrice": 0.0},
    {"TimeCondition": "3", "OrderPriceType": "3", "LimitPrice": 0.0},
    {"TimeCondition": "1", "OrderPriceType": "G", "LimitPrice": 0.0},
    {"TimeCondition": "3", "OrderPriceType": "G", "LimitPrice": 0.0},
    # Made limit prices by CTP: the last price, the best ones, some ticks beside them.
    *(
        {"TimeCondition": condition, "OrderPriceType": price, "LimitPrice": 0.0}
        for condition, price in ("14", "35", "16", "38", "3C", "1E", "3F")
    ),
    # On a condition of CTP's, and stop and profit orders of the exchange's own.
    *(
        {"TimeCondition": "3", "ContingentCondition": condition, "StopPrice": 0.0}
        for condition in "5678AEH23"
    ),
)
"""Kinds of orders; what an exchange does not take is refused, and changes nothing."""
MADE: Final = {
    price: (source, place)
    for source, prices in (("LastPrice", "4567"), ("AskPrice1", "89AB"), ("BidPrice1", "CDEF"))
    for place, price in enumerate(prices)
}
"""Price types of which CTP makes a limit price: of which price, and ticks above it."""
