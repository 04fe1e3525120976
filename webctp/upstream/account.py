"""Whose session it is."""

from typing import NamedTuple


class AccountKey(NamedTuple):
    """A user at a broker."""

    broker_id: str
    user_id: str
