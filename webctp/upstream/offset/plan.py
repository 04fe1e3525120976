"""The split of an order as the journal keeps it: on disk before anything of it is sent."""

from typing import Self

import msgspec

from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.decoding import NOT_JSON
from webctp.upstream.journal.plans import OFFSET, PlanRow
from webctp.upstream.offset.split import Part
from webctp.upstream.orders.client_order import JournalBroken


class OffsetPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What an order with ``"Offset": "auto"`` became.

    ``digest`` is of the request as its client wrote it; the parts are (offset, lots).
    """

    client_order_id: str
    digest: str
    trading_day: str
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, value: bytes) -> Self:
        """Read a plan.

        :raises JournalBroken: if it is none.
        """
        try:
            return msgspec.json.decode(value, type=cls)
        except NOT_JSON as problem:
            raise JournalBroken(
                english("a split in the journal is unreadable: {problem}", problem=problem)
            ) from problem

    def row(self, account: AccountKey) -> PlanRow:
        """Return the plan as the journal keeps it; nothing is to be done of it by itself."""
        value = msgspec.json.encode(self).decode()
        return PlanRow(*account, OFFSET, self.client_order_id, self.trading_day, True, value)

    def id_of(self, number: int) -> str:
        """Return the ClientOrderID of a part, counted from 1."""
        return f"{self.client_order_id}.{number}"
