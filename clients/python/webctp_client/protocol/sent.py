"""Orders and actions that were sent: what became of each, without sockets or time."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from webctp_client.errors import CtpError, OrderUnknown, WebctpError, error
from webctp_client.made.own import ClientOrderState
from webctp_client.made.structs import Order

ENDED: Final = frozenset("0245")
"""Values of OrderStatus after which nothing more can trade: traded, not queueing, cancelled."""
_INSERT_REJECTED: Final = "4"
"""The OrderSubmitStatus of an order that the exchange has refused."""
_TOLD_BY_STATUS: Final = "ReqOrderInsert"
_KNOWN: Final = "known"
_REFUSED: Final = "refused"
_UNKNOWN: Final = "unknown"

OnChange = Callable[["SentState"], None]


def new_prefix() -> str:
    """Return what begins the ClientOrderIDs of a client: another one in each run."""
    return f"{time.strftime('%y%m%d', time.gmtime())}-{secrets.token_hex(6)}"


class SentState:
    """An order or action that was sent, and what is known of it.

    ``state`` is the newest that the gateway has told of its ClientOrderID, ``order`` CTP's own
    newest word, ``instrument`` what it was sent for. ``error`` is why it was refused, or why its
    fate is not known.
    """

    def __init__(
        self, request: str, client_order_id: str, request_id: int, instrument: str = ""
    ) -> None:
        self.request = request
        self.client_order_id = client_order_id
        self.request_id = request_id
        self.instrument = instrument
        self.state: ClientOrderState | None = None
        self.order: Order | None = None
        self.error: WebctpError | None = None
        self._is_broken = False
        self._untold_since: float | None = None
        self._unknown_since: float | None = None
        self.on_change: OnChange | None = None

    @property
    def status(self) -> str:
        """The gateway's word for it: ``sent``, ``known``, ``refused``, ``unknown`` …"""
        if self.error is not None:
            return _UNKNOWN if isinstance(self.error, OrderUnknown) else _REFUSED
        if self.state is not None:
            return self.state.Status
        return "sent" if self.order is None else _KNOWN

    @property
    def is_known(self) -> bool:
        """Whether CTP has told of it, or it was refused."""
        return self.is_done or self.status == _KNOWN

    @property
    def is_done(self) -> bool:
        """Whether nothing more will become of it."""
        if self.error is not None:
            return True
        if self.request != _TOLD_BY_STATUS:
            return self.status == _KNOWN
        return self.order_status in ENDED and bool(self.order_status)

    @property
    def order_status(self) -> str:
        """CTP's OrderStatus, as it was told last; empty before."""
        told = self.state.OrderStatus if self.state is not None else ""
        # Both come from CTP; one that has ended stays so.
        mine = self.order.OrderStatus if self.order is not None else ""
        return mine if mine in ENDED and mine else told or mine

    @property
    def volume_traded(self) -> int:
        """Lots that have traded."""
        told = self.state.VolumeTraded if self.state is not None else 0
        return max(told, self.order.VolumeTraded if self.order is not None else 0)

    @property
    def is_doubtful(self) -> bool:
        """Whether its connection broke, or the gateway cannot know, and nothing newer was told."""
        return self._is_broken or self.status == _UNKNOWN

    def doubted(self, now: float) -> None:
        """Enter that the connection broke on which it was sent."""
        self._is_broken = True
        if self.state is None and self._untold_since is None:
            self._untold_since = now

    def untold_for(self, now: float) -> float:
        """Return for how long nobody has told of it since its connection broke."""
        return 0.0 if self._untold_since is None else now - self._untold_since

    def unknown_for(self, now: float) -> float:
        """Return for how long the gateway has said that it cannot know."""
        if self.state is None or self.state.Status != _UNKNOWN:
            self._unknown_since = None
            return 0.0
        if self._unknown_since is None:
            self._unknown_since = now
        return now - self._unknown_since

    def told(self, state: ClientOrderState) -> None:
        """Enter what the gateway tells of its ClientOrderID.

        What has ended stays so, but that nobody could tell may turn out otherwise.
        """
        if isinstance(self.error, OrderUnknown) and state.Status not in (_UNKNOWN, "sent"):
            self.error = None
        if self.is_done:
            return
        self.state = state
        self._is_broken = False
        self._untold_since = None
        if state.Status == _REFUSED:
            self.error = error(state.ErrorID, state.ErrorMsg, "", self.request)
        elif state.OrderSubmitStatus == _INSERT_REJECTED and state.OrderStatus in ENDED:
            # CTP's own push, which says why, comes next.
            told = state.ErrorMsg or "the exchange refused it"
            self.error = CtpError(state.ErrorID, told, "", self.request)
        self._changed()

    def told_order(self, order: Order) -> None:
        """Enter CTP's own word."""
        self.order = order
        if isinstance(self.error, OrderUnknown):
            self.error = None
        if order.OrderSubmitStatus == _INSERT_REJECTED and order.OrderStatus in ENDED:
            self.error = CtpError(0, order.StatusMsg, "", self.request)
        self._changed()

    def refused(self, problem: WebctpError) -> None:
        """Enter that it was refused, or that its fate cannot be known."""
        if not self.is_done:
            self.error = problem
            self._changed()

    def is_this(self, order: Order) -> bool:
        """Return whether a push is of this order."""
        if self.request != _TOLD_BY_STATUS:
            return False
        state = self.state
        if self.client_order_id:
            return state is not None and (
                (state.FrontID, state.SessionID, state.OrderRef.strip())
                == (order.FrontID, order.SessionID, order.OrderRef.strip())
            )
        return order.RequestID == self.request_id

    def _changed(self) -> None:
        if self.on_change is not None:
            self.on_change(self)

    def __repr__(self) -> str:
        named = self.client_order_id or self.request_id
        return f"SentState({self.request}, {named}, {self.status})"


def given(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a request that were given, as the wire has them.

    Bytes stand as ``{"base64": …}``, which msgspec makes of them.
    """
    return {
        name: {"base64": value} if isinstance(value, (bytes, bytearray)) else value
        for name, value in fields.items()
        if value is not None and name != "self"
    }
