"""Split an order into closing and opening ones, by what is held and the exchange's rule. Pure.

SHFE and INE close today's lots (3) and older ones (4) apart, the others by Close (1), first in,
first out (CTP's page ONRSPQRYINVESTORPOSITION). The oldest lots are closed first; what is beyond
them opens.
"""

from typing import Final, NamedTuple

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.language.text import english

OPEN: Final = "0"
CLOSE: Final = "1"
CLOSE_TODAY: Final = "3"
CLOSE_YESTERDAY: Final = "4"
"""``TThostFtdcOffsetFlagType``."""
MOST_PARTS: Final = 3


class Part(NamedTuple):
    """One of the orders that an order is split into: its offset, and its lots."""

    offset: str
    volume: int


class Holding(NamedTuple):
    """What is held on the side that an order would close.

    ``today`` and ``older`` are lots that nothing closes yet, ``frozen`` those that working orders,
    or orders on their way, would close. ``by_date`` says that today's lots and older ones are
    closed apart; ``least_opening`` is the fewest lots that the exchange takes for an opening.
    """

    today: int
    older: int
    frozen: int
    by_date: bool
    least_opening: int = 1


def split(lots: int, holding: Holding) -> tuple[Part, ...]:
    """Return the orders that an order of ``lots`` becomes, in the order of their sending.

    :raises webctp.ctp.refusal.Refusal: where what to do with the rest cannot be known.
    """
    if lots <= 0:
        raise Refusal(errors.BAD_REQUEST, english("VolumeTotalOriginal must be above 0"))
    free = holding.today + holding.older
    if lots > free and holding.frozen:
        raise Refusal(
            errors.CONFLICT,
            english(
                "Offset auto: {free} lots can be closed now, and {frozen} are frozen by orders "
                "that have not ended: whether the rest closes or opens is not known; wait, cancel "
                "them, or give CombOffsetFlag",
                free=free,
                frozen=holding.frozen,
            ),
        )
    opening = max(lots - free, 0)
    if 0 < opening < holding.least_opening:
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "Offset auto: {opening} lots would be opened, and the exchange takes no fewer than "
                "{least}; change VolumeTotalOriginal",
                opening=opening,
                least=holding.least_opening,
            ),
        )
    if holding.by_date:
        older = min(lots, holding.older)
        wanted: tuple[Part, ...] = (
            Part(CLOSE_YESTERDAY, older),
            Part(CLOSE_TODAY, min(lots - older, holding.today)),
            Part(OPEN, opening),
        )
    else:
        wanted = (Part(CLOSE, min(lots, free)), Part(OPEN, opening))
    return tuple(part for part in wanted if part.volume)
