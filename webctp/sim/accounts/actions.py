"""Actions on orders: what an exchange gets of one."""

from dataclasses import dataclass
from typing import Final

from webctp.sim.accounts.orders import Order
from webctp.sim.events import AccountKey, Values

ON_INSERT: Final = "OnErrRtnOrderInsert"
ON_ORDER: Final = "OnErrRtnOrderAction"
"""The pushes that report a refused order or action to every session of an account."""


@dataclass(frozen=True, slots=True)
class Action:
    """A cancellation on its way to an exchange.

    ``by`` is the user who has asked for it, ``values`` the request's fields.
    """

    order: Order
    account: AccountKey
    by: str
    values: Values
    callback: str = ON_ORDER

    @property
    def told(self) -> bool:
        """Whether a refusal comes by OnErrRtn…: not without a UserID (the vendor's FAQ)."""
        return bool(self.values.get("UserID"))
