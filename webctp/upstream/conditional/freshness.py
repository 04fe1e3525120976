"""Which prices a condition may be met by: those of now and of this trading day. Pure.

Moments are naive in China Standard Time.
"""

from datetime import datetime, timedelta
from typing import Final

from webctp.exchanges.sessions import is_open
from webctp.upstream.market.ticks import Moment, product_of

LIVE: Final = timedelta(seconds=5)
"""A tick that young has come as it was made."""
OLD: Final = timedelta(minutes=10)
"""A tick older than this tells nothing of now; clocks may differ by less."""


def counts(instrument: str, moment: Moment | None, now: datetime, trading_day: str) -> bool:
    """Return whether a tick's price may meet a condition.

    Not one of another trading day, nor one that tells no moment, nor one from before a break that
    lasts still: the exchange would take no order.
    """
    if moment is None or moment.trading_day != trading_day:
        return False
    age = abs(now - moment.at)
    if age <= LIVE:
        return True
    product = product_of(instrument)
    return age <= OLD and (product is None or is_open(product, now))
