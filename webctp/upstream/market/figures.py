"""Name the figures that the market-data hub tells on a scrape."""

from typing import Final

from webctp.metrics import Kind, Metric

SUBSCRIPTIONS: Final = Metric(
    "webctp_market_subscriptions",
    Kind.GAUGE,
    "Instruments subscribed at the fronts, by kind.",
    "已向前置订阅的合约数，按种类。",
    ("kind",),
)
INSTRUMENTS: Final = Metric(
    "webctp_market_instruments_known",
    Kind.GAUGE,
    "Instruments that patterns are held against.",
    "可供通配符匹配的已知合约数。",
)
STATES: Final = Metric(
    "webctp_feed_states_total",
    Kind.COUNTER,
    "Times that a feed has entered a state.",
    "行情线路进入各状态的次数。",
    ("state",),
)
READY: Final = Metric(
    "webctp_feed_ready",
    Kind.GAUGE,
    "Whether a feed is logged in and serves ticks: 1 or 0.",
    "行情线路是否就绪：1 或 0。",
    ("feed",),
)
CONFLATED: Final = Metric(
    "webctp_feed_ticks_conflated_total",
    Kind.COUNTER,
    "Ticks passed over because the reactor was far behind the native thread.",
    "因反应器落后而被更新行情取代的行情数。",
    ("feed",),
)
