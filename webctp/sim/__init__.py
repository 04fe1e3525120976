"""The simulated front: the API surface of openctp_ctp with an exchange behind it.

The exchange (``exchange.Exchange``) is a pure core: requests and time in, events out. ``host``
runs it on a thread, ``api`` gives it the native library's face; ``server`` and ``remote`` put a
socket between the two, so that a front can be a process of its own.
"""

from webctp.sim.front import SimulatedFront
from webctp.sim.host.state import StateError
from webctp.sim.options import OptionError, SimOptions
from webctp.sim.remote.front import RemoteFront

__all__ = ["OptionError", "RemoteFront", "SimOptions", "SimulatedFront", "StateError"]
