"""The flows of a trading day: each account's private one, and the public one.

Both are numbered from 1, by account and in all; an API asks at its login how they go on, by the
numbers that its flow files hold (SUBSCRIBEPRIVATETOPIC, SUBSCRIBEPUBLICTOPIC).
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from webctp.sim.events import AccountKey
from webctp.sim.host.packing import Delivery

RESTART, RESUME, QUICK, NONE = 0, 1, 2, 3
"""``THOST_TERT_…``: from the day's start, from the last message received, from the login on, not
at all (the public flow only)."""

PUBLIC: Final[AccountKey] = ("", "")
"""The key of the public flow, which is no account's."""

_OF_ORDERS: Final = frozenset(
    {"OnRtnOrder", "OnRtnTrade", "OnErrRtnOrderInsert", "OnErrRtnOrderAction"}
)
"""Callbacks that CTP makes anew from the exchanges' returns when it begins its flow anew."""


class FlowPlace(NamedTuple):
    """How a flow is to go on: the mode, and the day and number last received."""

    mode: int
    day: str
    number: int


class Due(NamedTuple):
    """What a login is sent of a flow: messages of before, and only later ones above a number.

    The second is where RESUME fails: a client that has received more of a flow than there is, for
    CTP has begun it anew, gets nothing until it has come as far again.
    """

    messages: Sequence[Delivery]
    above: int


class Flows:
    """The flows of one front. Used by one thread.

    ``by_account`` holds the messages by account, the public flow under :data:`PUBLIC`.
    """

    def __init__(self, by_account: dict[AccountKey, list[Delivery]] | None = None) -> None:
        self.by_account = by_account or {}

    def add(self, whose: AccountKey, message: Delivery) -> Delivery:
        """Put a message at the end of a flow; return the message with its number."""
        flow = self.by_account.setdefault(whose, [])
        numbered = replace(message, flow=len(flow) + 1, public=whose == PUBLIC)
        flow.append(numbered)
        return numbered

    def due(self, whose: AccountKey, topic: FlowPlace, today: str) -> Due:
        """Return the messages of a flow that a login is sent."""
        flow = self.by_account.get(whose, [])
        if topic.mode == RESTART or (topic.mode == RESUME and topic.day != today):
            return Due(flow, 0)
        if topic.mode == RESUME:
            return Due(flow[topic.number :], topic.number)
        return Due((), sys.maxsize if topic.mode == NONE else 0)

    def end_day(self) -> None:
        """Forget the day's flows: the next day's begin with 1."""
        self.by_account.clear()

    def begin_anew(self) -> None:
        """Keep of each private flow the messages about no order, from 1 on; others come anew."""
        before = dict(self.by_account)
        self.by_account.clear()
        for whose, flow in before.items():
            for message in flow:
                if whose != PUBLIC and message.callback not in _OF_ORDERS:
                    self.add(whose, message)
