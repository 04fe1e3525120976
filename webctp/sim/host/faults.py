"""Faults on demand: what real fronts and networks do, seeded so that it can be had again.

Chances are drawn on the host's thread, but for the return values, which are drawn where a request
is called. Nothing here changes what the exchange does: only what of it comes through, and when.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from random import Random
from typing import Final

from webctp.ctp.codec import Layout
from webctp.sim.draws import key
from webctp.sim.host.packing import Delivery
from webctp.sim.options import FaultOptions

REASONS: Final = (0x1001, 0x1002, 0x2001, 0x2002, 0x2003)
"""OnFrontDisconnected's reasons: read, write, heartbeats in and out, bad packet."""
_RETURNS: Final = (-1, -2, -3)
_STRAY: Final = b"\xb0"
"""Half of a GBK character, as fronts leave it where they cut a text."""


class Fate(Enum):
    """The fates of a request that was sent."""

    HANDLED = "handled"
    SWALLOWED = "swallowed"
    DELAYED = "delayed"
    NOT_READY = "refused for now"
    CUT_OFF = "handled, and the connection lost"


class Faults:
    """Draws the faults of one front."""

    def __init__(self, options: FaultOptions, seed: int) -> None:
        self.options = options
        self._random = Random(key(seed, "faults"))
        self._returns = Random(key(seed, "returns"))
        self._lock = threading.Lock()

    def return_value(self) -> int:
        """Draw the value that a request returns, 0 if it may be sent. Safe on any thread."""
        if not self.options.return_error:
            return 0
        with self._lock:
            if self._returns.random() >= self.options.return_error:
                return 0
            return self._returns.choice(_RETURNS)

    def fate(self, name: str) -> Fate:
        """Draw the fate of a request."""
        options = self.options
        if self._happens(options.no_answer):
            return Fate.SWALLOWED
        if self._happens(options.slow_answer):
            return Fate.DELAYED
        waits = name.startswith("ReqQry") or name in ("ReqAuthenticate", "ReqUserLogin")
        if waits and self._happens(options.not_ready):
            return Fate.NOT_READY
        if name == "ReqOrderInsert" and self._happens(options.lost_ack):
            return Fate.CUT_OFF
        return Fate.HANDLED

    def disturb(
        self, deliveries: list[Delivery], layout: Callable[[str], Layout | None]
    ) -> list[Delivery]:
        """Return the messages as they come through: doubled, swapped, spoilt.

        :param layout: gives the layout of a callback's body.
        """
        options = self.options
        if not (options.duplicate or options.reorder or options.garbage):
            return deliveries
        disturbed: list[Delivery] = []
        for delivery in deliveries:
            if self._happens(options.garbage):
                delivery = self._spoil(delivery, layout(delivery.callback))
            disturbed.append(delivery)
            if delivery.flow and self._happens(options.duplicate):
                disturbed.append(delivery)
        for place in range(len(disturbed) - 1):
            if self._happens(options.reorder):
                pair = disturbed[place], disturbed[place + 1]
                disturbed[place + 1], disturbed[place] = pair
        return disturbed

    def seconds_to_next(self, mean: float) -> float | None:
        """Draw the seconds to the next fault of one every ``mean`` seconds; None for never."""
        return self._random.expovariate(1.0 / mean) if mean else None

    def reason(self) -> int:
        """Draw the reason of a lost connection."""
        return self._random.choice(REASONS)

    def choose(self, sessions: list[int]) -> int | None:
        """Draw the session whose connection is lost, None where there is none."""
        return self._random.choice(sessions) if sessions else None

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self._random.random() < chance

    def _spoil(self, delivery: Delivery, layout: Layout | None) -> Delivery:
        """Put a stray byte at the end of one text field."""
        if layout is None or delivery.body is None:
            return delivery
        texts = [field for field in layout.fields if field.kind == "text" and field.size > 8]
        if not texts:
            return delivery
        field = self._random.choice(texts)
        at = field.offset + field.size - 2
        body = delivery.body
        filled = body[field.offset : at].replace(b"\0", b"?")
        spoilt = body[: field.offset] + filled + _STRAY + body[at + 1 :]
        return replace(delivery, body=spoilt)
