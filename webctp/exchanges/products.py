"""The exchanges' products: what a contract is, when it trades, what it costs.

The data is `products.yaml`; `default` gives it, `load` reads a file of one's own. The codes in
these values are CTP's (THOST_FTDC_PC_…, THOST_FTDC_OPT_…), so that they fit its structs.
"""

from dataclasses import dataclass
from datetime import date

from webctp.exchanges.rules import DateRule, MonthRule

FUTURES = "1"
"""THOST_FTDC_PC_Futures."""
OPTIONS = "2"
"""THOST_FTDC_PC_Options: options on a future."""
SPOT_OPTION = "6"
"""THOST_FTDC_PC_SpotOption: options on an index."""

CALL = "1"
"""THOST_FTDC_CP_CallOptions."""
PUT = "2"
"""THOST_FTDC_CP_PutOptions."""

ANY_PRICE = "1"
"""THOST_FTDC_OPT_AnyPrice, the market order."""
LIMIT_PRICE = "2"
"""THOST_FTDC_OPT_LimitPrice."""
BEST_PRICE = "3"
"""THOST_FTDC_OPT_BestPrice."""
FIVE_LEVEL_PRICE = "G"
"""THOST_FTDC_OPT_FiveLevelPrice."""

USE_HISTORY = "1"
"""THOST_FTDC_PDT_UseHistory: today's and yesterday's positions are told apart."""
NO_USE_HISTORY = "2"
"""THOST_FTDC_PDT_NoUseHistory."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange: its CTP name, such as SHFE, and its Chinese one."""

    exchange_id: str
    name: str


@dataclass(frozen=True, slots=True)
class TradingHours:
    """Continuous trading of a day, in minutes: (540, 615) is 09:00 to 10:15.

    `day` is in order, counted from the midnight that begins the trading day; `night` from the
    midnight that begins the evening before, and so may end beyond 1440.
    """

    day: tuple[tuple[int, int], ...]
    night: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Margin:
    """Margin as a share of the contract's value, for each side (…MarginRatioByMoney)."""

    long: float
    short: float


@dataclass(frozen=True, slots=True)
class Commission:
    """Commission as CTP states it: a share of the turnover and yuan a lot, both added."""

    open_by_money: float = 0.0
    open_by_volume: float = 0.0
    close_by_money: float = 0.0
    close_by_volume: float = 0.0
    close_today_by_money: float = 0.0
    close_today_by_volume: float = 0.0
    strike_by_volume: float = 0.0


@dataclass(frozen=True, slots=True)
class OrderRules:
    """The orders the exchange takes: lots least and most, OrderPriceTypes, and FAK and FOK.

    `min_open_volume` is the least lots of an opening order. `price_types` holds
    THOST_FTDC_OPT_… codes; CTP's other price types are turned into limit prices before the
    exchange sees them.
    """

    min_limit_volume: int
    max_limit_volume: int
    min_market_volume: int
    max_market_volume: int
    price_types: frozenset[str]
    fak: bool
    fok: bool
    min_open_volume: int = 1


@dataclass(frozen=True, slots=True)
class StrikeRule:
    """The strike prices of an option product.

    `steps` is (up to this price, step) in rising order, the last up to infinity; `each_side` the
    strikes above and below the one at the money; options are on the contract months among the
    `months_ahead` nearest. On months after the consecutive ones steps are `far` times as wide.
    """

    steps: tuple[tuple[float, float], ...]
    each_side: int
    months_ahead: int
    far: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """A product (品种); compared by identity, as there is one object of each.

    Prices are yuan or index points, ratios shares of 1. `price_limit` is the share
    of the last settlement price a price may move in a day; for options it is the share of the
    *underlying's* settlement price. `margin` of options is the underlying's, the seller's margin
    being computed from it, never below `min_guarantee` of it (最低保障系数).
    `options_types` is empty for futures; CZCE has a product each for calls and puts. `european`
    options are exercised on their last day only.
    """

    product_id: str
    name: str
    exchange: Exchange
    product_class: str
    volume_multiple: int
    price_tick: float
    hours: TradingHours
    months: MonthRule
    last_trading_day: DateRule
    delivery_days: tuple[int, int]
    price_limit: float
    margin: Margin
    commission: Commission
    orders: OrderRules
    position_date_type: str
    max_margin_side: bool
    reference_price: float
    volatility: float
    daily_volume: int
    open_interest: int
    listed_since: date | None = None
    suffix: str = ""
    underlying: "Product | None" = None
    options_types: tuple[str, ...] = ()
    strikes: StrikeRule | None = None
    min_guarantee: float = 0.0
    european: bool = False

    @property
    def exchange_id(self) -> str:
        """The exchange's CTP name."""
        return self.exchange.exchange_id

    @property
    def is_option(self) -> bool:
        """Whether this is a product of options."""
        return self.product_class != FUTURES
