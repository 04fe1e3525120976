"""A conditional order, as the journal keeps it and as the book knows it.

One leg is an order with a condition. Of two the first whose condition is met is sent, and the
other is cancelled by that: both are one row on disk (one-cancels-other). Where ``protect`` holds
legs, each lot that the order trades is protected by them: a conditional order of its own for what
has traded since the last, whose ``parent`` this is (bracket).
"""

from typing import Any, Final, Self

import msgspec

from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.conditional.table import FINAL, ConditionalState
from webctp.upstream.conditional.triggers import PRICED, Leg
from webctp.upstream.decoding import NOT_JSON
from webctp.upstream.journal.plans import CONDITIONAL, PlanRow
from webctp.upstream.orders.client_order import JournalBroken, Key

MOST_ID: Final = 40
"""Characters of a ConditionalID: the ClientOrderIDs of its orders are longer, 64 at most."""
_DISK: Final = {
    ConditionalState.RECORDING: ConditionalState.PAUSED,
    ConditionalState.WAITING: ConditionalState.PAUSED,
    ConditionalState.FIRING: ConditionalState.FIRED,
}
"""What is written in place of states that a restart ends, or that come about by being written."""


class Conditional(msgspec.Struct, frozen=True, kw_only=True):
    """A conditional order.

    ``digest`` is of the request as its client wrote it; ``trading_day`` the one it was entered on,
    ``until`` the last on which it lives; ``token`` the name of its sender's, ``address`` and
    ``entered`` where and when (China's time) it came from. ``fired`` is the place of the leg whose
    condition was met, -1 before. Of ``covered`` lots that its order has
    traded ``children`` others protect. ``code`` and ``reason`` say why it was refused or paused.
    """

    broker_id: str
    user_id: str
    conditional_id: str
    digest: str
    trading_day: str
    until: str
    legs: tuple[Leg, ...]
    protect: tuple[Leg, ...] = ()
    token: str = ""
    address: str = ""
    entered: str = ""
    parent: str = ""
    state: ConditionalState = ConditionalState.RECORDING
    fired: int = -1
    covered: int = 0
    children: int = 0
    code: int = 0
    reason: str = ""

    @classmethod
    def of(cls, value: bytes) -> Self:
        """Read one from the journal.

        :raises JournalBroken: if it is none.
        """
        try:
            return msgspec.json.decode(value, type=cls)
        except NOT_JSON as problem:
            raise JournalBroken(
                english("a conditional order is unreadable: {problem}", problem=problem)
            ) from problem

    @property
    def account(self) -> AccountKey:
        """Whose it is."""
        return AccountKey(self.broker_id, self.user_id)

    @property
    def is_final(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.state in FINAL

    @property
    def is_priced(self) -> bool:
        """Whether it needs prices: its own condition, or what protects what it trades."""
        return any(one.kind in PRICED for one in (*self.legs, *self.protect))

    @property
    def instruments(self) -> frozenset[str]:
        """Return the instruments whose prices it waits for."""
        return frozenset(one.instrument for one in self.legs if one.kind in PRICED)

    @property
    def order_id(self) -> str:
        """Return the ClientOrderID of its order; empty before its condition is met."""
        return f"{self.conditional_id}.{self.fired + 1}" if self.fired >= 0 else ""

    @property
    def order_key(self) -> Key:
        """Return what its order is known by."""
        return Key(self.broker_id, self.user_id, self.order_id)

    @property
    def order_body(self) -> dict[str, Any]:
        """Return a copy of the order that is to be sent."""
        return dict(self.legs[self.fired].body)

    def row(self) -> PlanRow:
        """Return it as the journal keeps it."""
        kept = msgspec.structs.replace(self, state=_DISK.get(self.state, self.state))
        value = msgspec.json.encode(kept).decode()
        return PlanRow(
            *self.account, CONDITIONAL, self.conditional_id, self.until, self.is_final, value
        )

    def child(self, lots: int) -> Self:
        """Return what protects so many lots more that its order has traded."""
        legs = tuple(
            msgspec.structs.replace(leg, body={**leg.body, "VolumeTotalOriginal": lots})
            for leg in self.protect
        )
        return msgspec.structs.replace(
            self,
            conditional_id=f"{self.conditional_id}#{self.children + 1}",
            digest="",
            legs=legs,
            protect=(),
            parent=self.conditional_id,
            state=ConditionalState.RECORDING,
            fired=-1,
            covered=0,
            children=0,
        )
