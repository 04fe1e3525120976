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
WATCHERS: Final = Metric(
    "webctp_market_subscribers",
    Kind.GAUGE,
    "Clients that subscribe to something, by kind.",
    "有订阅的客户端数，按种类。",
    ("kind",),
)
PATTERNS: Final = Metric(
    "webctp_market_patterns",
    Kind.GAUGE,
    "Different patterns that clients subscribe to, by kind.",
    "客户端订阅的不同通配数，按种类。",
    ("kind",),
)
STALE: Final = Metric(
    "webctp_market_stale_ticks_total",
    Kind.COUNTER,
    "Ticks that a front has told again, and that are no news.",
    "前置重复发来、并非新行情的行情数。",
)
BAR_SERIES: Final = Metric(
    "webctp_bar_series",
    Kind.GAUGE,
    "Instruments whose bars are made, by period.",
    "正在生成 K 线的合约数，按周期。",
    ("period",),
)
BARS_CLOSED: Final = Metric(
    "webctp_bars_closed_total",
    Kind.COUNTER,
    "Bars that are over, by period.",
    "已收盘的 K 线数，按周期。",
    ("period",),
)
STATES: Final = Metric(
    "webctp_feed_states_total",
    Kind.COUNTER,
    "Times that a feed has entered a state.",
    "行情线路进入各状态的次数。",
    ("state",),
)
FEEDS: Final = Metric(
    "webctp_feeds",
    Kind.GAUGE,
    "Feeds of market data, by state.",
    "行情线路数，按状态。",
    ("state",),
)
TICKS: Final = Metric(
    "webctp_feed_ticks_total",
    Kind.COUNTER,
    "Ticks that a feed has brought.",
    "一路行情带来的行情数。",
    ("feed",),
)
READY: Final = Metric(
    "webctp_feed_ready",
    Kind.GAUGE,
    "Whether a feed is logged in and serves ticks: 1 or 0.",
    "行情线路是否就绪：1 或 0。",
    ("feed",),
)
DROPPED: Final = Metric(
    "webctp_feed_ticks_dropped_total",
    Kind.COUNTER,
    "Ticks of a feed that no client was sent: passed over because the reactor was far behind the "
    "native thread, or lost on their way.",
    "行情线路上未发给任何客户端的行情数：因反应器落后而被更新行情取代，或在途中丢失。",
    ("feed",),
)
COPIES: Final = Metric(
    "webctp_feed_copies_total",
    Kind.COUNTER,
    "Ticks of subscribed instruments that a feed has brought, with MdRedundancy. What all first "
    "copies are more than a feed's copies it has left out.",
    "MdRedundancy 时一路行情带来的已订阅合约的行情数；各路首份之和减去它，即该路缺少的行情数。",
    ("feed",),
)
FIRST_COPIES: Final = Metric(
    "webctp_feed_first_copies_total",
    Kind.COUNTER,
    "Ticks that a feed was the first to bring, with MdRedundancy.",
    "MdRedundancy 时一路行情最先带来的行情数。",
    ("feed",),
)
STALLED: Final = Metric(
    "webctp_feed_stalled",
    Kind.GAUGE,
    "Whether a feed is ready and leaves out ticks that others bring, with MdRedundancy: 1 or 0.",
    "MdRedundancy 时一路行情是否停滞（已就绪却缺少其他各路已有的行情）：1 或 0。",
    ("feed",),
)
