"""Parked orders (预埋单): orders and cancellations that CTP keeps until the session opens."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from webctp.ctp.errors import message
from webctp.sim.events import AccountKey
from webctp.sim.refusals import NO_SUCH_PARKED, PARKED_DELETED, PARKED_SENT, Refused

NOT_SENT: Final = "1"
SENT: Final = "2"
DELETED: Final = "3"
"""ParkedOrderStatus."""


@dataclass(slots=True)
class Parked:
    """A parked order or cancellation: whose, from which session, its fields, what became of it."""

    number: str
    account: AccountKey
    session: int
    product: str
    values: Mapping[str, object]
    is_action: bool
    status: str = NOT_SENT
    error: int = 0

    @property
    def order_ref(self) -> str:
        """The OrderRef to send it with: an action's, an order's own, or empty for a new one."""
        return str(self.values.get("OrderRef", ""))

    def row(self) -> dict[str, object]:
        """Return a ``CThostFtdcParkedOrderField`` or ``CThostFtdcParkedOrderActionField``."""
        name = "ParkedOrderActionID" if self.is_action else "ParkedOrderID"
        return {
            **self.values,
            name: self.number,
            "UserType": "1",
            "Status": self.status,
            "ErrorID": self.error,
            "ErrorMsg": message(self.error) if self.error else "",
        }


class ParkedOrders:
    """The parked orders of a trading day."""

    def __init__(self) -> None:
        self._all: list[Parked] = []
        self._number = 0

    def add(
        self,
        account: AccountKey,
        session: int,
        product: str,
        values: Mapping[str, object],
        *,
        is_action: bool,
    ) -> Parked:
        """Keep an order or a cancellation until its product opens."""
        self._number += 1
        parked = Parked(f"{self._number:>12}", account, session, product, values, is_action)
        self._all.append(parked)
        return parked

    def of(self, account: AccountKey, *, is_action: bool) -> Iterator[Parked]:
        """Give an account's parked orders or cancellations."""
        return (
            parked
            for parked in self._all
            if parked.account == account and parked.is_action is is_action
        )

    def remove(self, account: AccountKey, number: str, *, is_action: bool) -> None:
        """Delete one that has not been sent.

        :raises Refused: where there is none (45), it was sent (46), or deleted before (47).
        """
        for parked in self.of(account, is_action=is_action):
            if parked.number.strip() == number.strip():
                if parked.status != NOT_SENT:
                    raise Refused(PARKED_SENT if parked.status == SENT else PARKED_DELETED)
                parked.status = DELETED
                return
        raise Refused(NO_SUCH_PARKED)

    def waiting(self, account: AccountKey) -> int:
        """Return how many of an account's orders and cancellations have not been sent."""
        return sum(one.account == account and one.status == NOT_SENT for one in self._all)

    def due(self, products: Collection[str]) -> list[Parked]:
        """Return what is to be sent now that some products have opened; it counts as sent."""
        found = [p for p in self._all if p.status == NOT_SENT and p.product in products]
        for parked in found:
            parked.status = SENT
        return found

    @property
    def all(self) -> list[Parked]:
        """Every one of the day, for the state file."""
        return list(self._all)

    def restore(self, parked: list[Parked]) -> None:
        """Go on with those of the state file."""
        self._all = parked
        self._number = max((int(one.number) for one in parked), default=0)

    def forget(self) -> None:
        """Begin a new day: what was sent or deleted is history."""
        self._all = [parked for parked in self._all if parked.status == NOT_SENT]
