"""The simulated front: makes APIs that share one exchange."""

from collections.abc import Sequence
from typing import Any

from webctp.ctp import binding
from webctp.sim.host.api import market_class, trader_class
from webctp.sim.host.state import StateFile
from webctp.sim.host.thread import SimThread
from webctp.sim.host.venue import SimVenue
from webctp.sim.options import SimOptions


class SimulatedFront:
    """What stands behind ``sim://``: a :class:`webctp.ctp.front.Front` without a network.

    Its exchange begins with the first API's Init and lives as long as the front; its threads
    end with the last Release.

    :raises StateError: if there is a StatePath, and its file cannot be used.
    """

    def __init__(self, options: SimOptions | None = None) -> None:
        options = options or SimOptions()
        self.binding = binding.load()
        if options.state_path:
            # The exchange opens it on its own thread: a wrong file is reported here.
            StateFile(options.state_path, options.seed).close()
        self._host = SimThread(SimVenue(options))

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """Make a trading API; ``production_mode`` makes no difference here."""
        return trader_class()(self._host, flow_path)

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """Make a market-data API."""
        return market_class()(self._host, flow_path)

    @property
    def speed(self) -> float:
        """Return the seconds at the exchange that pass in one of ours."""
        return self._host.speed

    def instruments(self) -> Sequence[str]:
        """Return today's instruments, once the exchange has begun."""
        return self._host.instruments()

    def clock(self) -> int:
        """Return the exchange's time in nanoseconds since 1970."""
        return self._host.clock()

    def control(self, command: str, **arguments: str) -> None:
        """Carry out a control request of :mod:`webctp.sim.host.control`.

        :raises OptionError: for one that is not understood.
        """
        self._host.control(command, arguments)
