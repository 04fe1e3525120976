"""How each exchange reports orders and trades, and what it takes: CTP's table of callbacks.

Sequences are those of CTP's document 6.7.8, pages QTYWGZ/DBHB and QTYWGZ/TJDGZ; dates those of
ONRTNORDER and ONRTNTRADE; hedge flags those of REQORDERINSERT. What these pages leave open is
marked as inferred.
"""

from dataclasses import dataclass
from typing import Final

SPECULATION: Final = "1"
ARBITRAGE: Final = "2"
HEDGE: Final = "3"
"""``THOST_FTDC_HF_Speculation``, ``…_Arbitrage``, ``…_Hedge``."""


@dataclass(frozen=True, slots=True)
class Manners:
    """One exchange's manners.

    ``confirms_always``: an order that trades at once is sent as not traded (3) first.
    ``tells_ends``: the exchange itself reports "all traded" and "part traded", before which CTP
    sends the former state once more; where it does not, CTP makes that state up, unrepeated.
    ``cancels_first``: an immediate order that trades in part is sent as cancelled, with what it
    has traded, before its trades are sent.
    ``dates_orders``, ``dates_trades``: whether InsertDate (once the exchange has the order) and
    TradeDate are the trading day; elsewhere they are the natural day.
    ``stops``: whether the exchange has stop and profit orders (ContingentCondition 2, 3).
    ``cuts_prices``: whether a price off the tick is cut to it instead of refused.
    ``names_kinds``: whether it sends OrderType and TradeType, and the OrderSource of an order
    that it has taken (page ONRTNORDER; SHFE leaves them empty).
    ``names_traders``: whether ActiveTraderID is sent (not on DCE).
    ``tells_totals``: whether ZCETotalTradedVolume is.
    ``times_ends``: whether CancelTime is the exchange's, or when CTP heard of it.
    ``cancels_unknown``: whether an order is cancelled before the exchange has confirmed it.
    ``batches``: whether it takes batch actions. CTP's document has an error for those that do
    not (103) and names none of them; that DCE and GFEX do is inferred.
    ``cancels_quoted``: whether it cancels one order of a quote by itself (DJHDGZ 4, 5).
    ``marks_quoted``: whether OrderType 1 marks an order that a quote has entered (BJHXJ 3).
    ``opens``, ``closes``: hedge flags of opening and of closing orders.
    """

    confirms_always: bool
    tells_ends: bool
    cancels_first: bool
    dates_orders: bool = False
    dates_trades: bool = False
    stops: bool = False
    cuts_prices: bool = False
    names_kinds: bool = True
    names_traders: bool = True
    tells_totals: bool = False
    times_ends: bool = False
    cancels_unknown: bool = True
    batches: bool = False
    cancels_quoted: bool = False
    marks_quoted: bool = False
    opens: frozenset[str] = frozenset({SPECULATION, HEDGE})
    closes: frozenset[str] = frozenset({SPECULATION, HEDGE})


# That INE leaves empty what SHFE does is inferred: they share a system.
_SHANGHAI: Final = Manners(
    confirms_always=False, tells_ends=True, cancels_first=True, names_kinds=False
)
_DALIAN: Final = Manners(
    confirms_always=True,
    tells_ends=False,
    cancels_first=False,
    dates_orders=True,
    dates_trades=True,
    stops=True,
    cancels_quoted=True,
    names_traders=False,
    batches=True,
)
_ALL_CODES: Final = frozenset({SPECULATION, ARBITRAGE, HEDGE})

MANNERS: Final[dict[str, Manners]] = {
    "SHFE": _SHANGHAI,
    "INE": _SHANGHAI,
    "CFFEX": Manners(
        confirms_always=False,
        tells_ends=True,
        cancels_first=True,
        times_ends=True,
        opens=_ALL_CODES,
        closes=_ALL_CODES,
        marks_quoted=True,
    ),
    "DCE": _DALIAN,
    # DBHB 9 and GJYSTSZL 1.5 say that GFEX does as DCE; its dates are inferred from that.
    "GFEX": _DALIAN,
    # DBHB 10 has CZCE confirm an order that trades in part at once; that it does so where all of
    # it trades is inferred. It closes by "speculation" only, so that a position opened for
    # hedging could never be closed here: it takes none.
    "CZCE": Manners(
        confirms_always=True,
        tells_ends=True,
        cancels_first=False,
        dates_trades=True,
        cuts_prices=True,
        tells_totals=True,
        cancels_unknown=False,
        opens=frozenset({SPECULATION}),
        closes=frozenset({SPECULATION}),
        marks_quoted=True,
    ),
}
"""ExchangeID -> its manners."""


def manners_of(exchange: str) -> Manners:
    """Return an exchange's manners; those of SHFE for one that CTP's pages do not know."""
    return MANNERS.get(exchange, _SHANGHAI)
