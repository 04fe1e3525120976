"""The two ends of a connection to the simulated front: the API's sink, the host's record."""

from typing import Protocol

from webctp.sim.events import AccountKey
from webctp.sim.host.flows import FlowPlace
from webctp.sim.host.packing import Delivery, Wire
from webctp.sim.options import FaultOptions


class CallbackSink(Protocol):
    """Where a session's callbacks go. `put` is called on the host's thread and must not block."""

    def put(self, deliveries: list[Delivery]) -> None:
        """Take callbacks, to be made in this order."""

    def stands(self, standing: bool) -> None:
        """Note whether the connection stands, so that requests may be sent."""

    def topics(self) -> tuple[FlowPlace, FlowPlace]:
        """Return how the private flow and the public one are to go on."""

    def faulty(self, options: FaultOptions) -> None:
        """Take the faults that happen from now on; some of them on the API's side."""


class Connection:
    """An API's end at the host.

    ``session`` is the exchange's while the connection stands, ``account`` the one logged in;
    ``due`` are the callbacks of this turn, lost if the connection is to be ``cut``. ``line``
    counts how often it has stood: a request belongs to the line that it was sent on, and is lost
    with it. Messages of the two flows are sent above ``above``. Touched on the host's thread only,
    but for ``line``, which other threads may read.
    """

    __slots__ = ("above", "account", "cut", "due", "line", "session", "sink", "trading", "wire")

    def __init__(self, sink: CallbackSink, trading: bool) -> None:
        self.sink = sink
        self.trading = trading
        self.wire: Wire | None = None
        self.session: int | None = None
        self.account: AccountKey | None = None
        self.due: list[Delivery] = []
        self.cut = False
        self.line = 0
        self.above = {False: 0, True: 0}
