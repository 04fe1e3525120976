"""A contract as the simulation needs it: terms in units, rates as integers, market manners."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """A charge by money (rate of 1e-9 of the amount) and by volume (units a lot)."""

    by_money: int
    by_volume: int


@dataclass(frozen=True, slots=True)
class Commission:
    """Commission for opening, closing and closing what was opened today."""

    open: Rates
    close: Rates
    close_today: Rates


@dataclass(frozen=True, slots=True)
class OptionTerms:
    """What makes a contract an option: the future it is on, its strike, call or put.

    ``least_margin`` is the share of the underlying's margin that a seller pays at least;
    ``on_index`` tells CFFEX's options, whose margins are worked out in another way, ``european``
    those that are exercised on their last day only; ``fee`` is what exercise costs, units a lot.
    """

    underlying: str
    strike: int
    call: bool
    least_margin: int
    on_index: bool = False
    european: bool = False
    fee: int = 0


@dataclass(frozen=True, slots=True)
class Contract:
    """The terms of an instrument, with how its market behaves.

    Prices are in units, ``tick`` too. ``reference`` is a typical price, ``sigma`` the daily
    standard deviation as a fraction, ``volatility`` the yearly one that options are valued at,
    ``activity`` lots traded in half a second, ``depth`` lots at a price level, ``spread`` ticks
    between the best prices, ``levels`` how many levels the front shows (1 or 5). ``price_limit``
    and the margins are rates; ``by_date`` tells exchanges that keep yesterday's positions apart
    (SHFE, INE), ``larger_side`` those that charge the larger side of ``product`` only today.
    ``market_types`` are the OrderPriceTypes taken beside the limit price, volumes the least and
    the most lots of an order (``min_open_volume`` of one that opens), ``expiry`` the last trading
    day's ordinal.
    """

    instrument: str
    exchange: str
    product: str
    multiplier: int
    tick: int
    reference: float
    sigma: float
    volatility: float
    activity: float
    depth: int
    spread: int
    levels: int
    price_limit: int
    long_margin: Rates
    short_margin: Rates
    commission: Commission
    by_date: bool
    larger_side: bool
    market_types: frozenset[str]
    fill_and_kill: bool
    fill_or_kill: bool
    limit_volumes: tuple[int, int]
    market_volumes: tuple[int, int]
    expiry: int
    min_open_volume: int = 1
    option: OptionTerms | None = None
