"""The two ends of a connection to the simulated front: where callbacks go, what the host knows."""

from typing import Protocol

from webctp.sim.events import AccountKey
from webctp.sim.options import FaultOptions
from webctp.sim.wire import Delivery, Wire

RESTART, RESUME, QUICK = 0, 1, 2
"""``THOST_TERT_…``: from the day's start, from the last message received, from the login on."""


class Outlet(Protocol):
    """Where a session's callbacks go. `put` is called on the host's thread and must not block."""

    def put(self, deliveries: list[Delivery]) -> None:
        """Take callbacks, to be made in this order."""

    def stands(self, standing: bool) -> None:
        """The connection stands, or is gone: whether requests may be sent."""

    def resume(self) -> tuple[int, str, int]:
        """How the private flow is to go on: mode, and trading day and place last received."""

    def faulty(self, options: FaultOptions) -> None:
        """Other faults happen from now on; some of them on the API's side."""


class Connection:
    """An API's end at the host.

    ``session`` is the exchange's while the connection stands, ``account`` the one logged in;
    ``due`` are the callbacks of this turn, lost if the connection is to be ``cut``. ``line``
    counts how often it has stood: a request belongs to the line that it was sent on, and is lost
    with it. Touched on the host's thread only, but for ``line``, which other threads may read.
    """

    __slots__ = ("account", "cut", "due", "line", "outlet", "session", "trading", "wire")

    def __init__(self, outlet: Outlet, trading: bool) -> None:
        self.outlet = outlet
        self.trading = trading
        self.wire: Wire | None = None
        self.session: int | None = None
        self.account: AccountKey | None = None
        self.due: list[Delivery] = []
        self.cut = False
        self.line = 0
