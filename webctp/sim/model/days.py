"""What an instrument's trade comes to on any day: its volume, its open interest at the close.

Both are functions of the seed, the instrument and the day alone, so that a day's open interest
begins with what the day before has ended with, whether that was simulated or not.
"""

from datetime import date
from typing import Final

from webctp.exchanges.instruments import Instrument
from webctp.sim.draws import draw, key, uniform
from webctp.sim.model.listing import activity_of

_HELD: Final = 20_000
"""Half seconds' worth of trade that is held open."""
_SLOW: Final = 8
"""Days in which the open interest changes its mind."""
_LEAST, _VARIES = 0.6, 0.8
"""A day's volume: from this share of the usual one on, and by how much more at most."""


def open_interest(seed: int, instrument: Instrument, day: date) -> int:
    """Return an instrument's open interest at the close of a trading day; 0 before its first."""
    if day < instrument.series.open_date:
        return 0
    of_instrument = key(seed, "interest", instrument.instrument_id)
    node, place = divmod(day.toordinal(), _SLOW)
    left, right = (uniform(draw(of_instrument, number)) for number in (node, node + 1))
    level = 0.9 + 0.2 * (left + (right - left) * place / _SLOW)
    return round(activity_of(instrument, day) * _HELD * level)


def volume(seed: int, instrument: Instrument, day: date, steps: int, interest: int) -> int:
    """Return the lots of a day: at least as many as its open interest changes by.

    :param steps: open half seconds of the day.
    :param interest: that change.
    """
    of_day = key(seed, "volume", day, instrument.instrument_id)
    usual = activity_of(instrument, day) * steps
    drawn = usual * (_LEAST + _VARIES * uniform(draw(of_day, 0)))
    return max(int(drawn + uniform(draw(of_day, 1))), abs(interest))
