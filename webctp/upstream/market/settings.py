"""What market data takes from the configuration."""

import time
from dataclasses import dataclass
from typing import Final

from webctp.clock import Wall
from webctp.language.text import Language
from webctp.recording.recorder import Record
from webctp.secret import Secret
from webctp.upstream.market.frontsubscriber import AT_ONCE, Pace
from webctp.upstream.market.instruments import MOST_KNOWN

NO_SECRET: Final = Secret()


@dataclass(frozen=True, slots=True)
class MarketSettings:
    """What market data takes from the configuration. ``login_timeout`` in seconds.

    ``user_id`` and ``password`` are for fronts that check identities, empty for others.
    ``record`` gets the bytes of every tick the front sends, on the front's callback thread.
    ``known_limit`` bounds the instruments that patterns are read over; ``last_tick`` says whether
    a newcomer to an instrument is told its last tick at once; ``max_instruments`` bounds those of
    a client, 0 for any number. With ``redundancy`` each of the addresses has a feed of its own,
    of which the first to tell a tick wins; one that stays behind for ``stall_seconds`` has
    stalled. ``wall`` dates what clients are told.
    """

    addresses: tuple[str, ...]
    broker_id: str
    flow_base: str
    production_mode: bool
    login_timeout: float
    user_id: str = ""
    password: Secret = NO_SECRET
    record: Record | None = None
    pace: Pace = AT_ONCE
    known_limit: int = MOST_KNOWN
    last_tick: bool = True
    max_instruments: int = 0
    redundancy: bool = False
    stall_seconds: float = 10.0
    language: Language = "en"
    """What clients read of the gateway's own."""
    wall: Wall = time.time
