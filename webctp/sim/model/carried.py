"""What users' trades leave for the next trading day."""

from typing import NamedTuple


class Carried(NamedTuple):
    """How an instrument's day has ended where users traded in it; prices in units."""

    settlement: int
    close: int
    open_interest: int
