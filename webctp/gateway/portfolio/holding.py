"""What an order may close, by its account's portfolio; or why that is not sure."""

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.language.text import english
from webctp.upstream.market.ticks import product_of
from webctp.upstream.offset.split import Holding
from webctp.upstream.portfolio.facts import Key
from webctp.upstream.portfolio.portfolio import CAVEATS, Portfolio


def holding_of(portfolio: Portfolio, key: Key) -> Holding:
    """Return what can be closed of a position that may be none.

    :raises webctp.ctp.refusal.Refusal: where the portfolio is not sure of its lots.
    """
    doubt = portfolio.doubt(key)
    if doubt:
        raise Refusal(
            errors.NOT_READY,
            english(
                "Offset auto: the lots of {instrument!a} are not sure now ({caveat}: {meaning}); "
                "give CombOffsetFlag",
                instrument=key.instrument,
                caveat=doubt,
                meaning=CAVEATS[doubt],
            ),
        )
    by_date = portfolio.facts.terms[key.instrument].by_date
    product = product_of(key.instrument)
    least = 1 if product is None else product.orders.min_open_volume
    held = portfolio.figures()[1].get(key)
    if held is None:
        return Holding(0, 0, 0, by_date, least)
    return Holding(
        max(held.today - held.today_frozen, 0),
        max(held.older - held.older_frozen, 0),
        held.today_frozen + held.older_frozen,
        by_date,
        least,
    )
