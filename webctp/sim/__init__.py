"""The simulated front: the API surface of openctp_ctp with an exchange behind it.

The exchange (``exchange.Exchange``) is a pure core: requests and time in, events out. ``host``
runs it on a thread, ``api`` gives it the native library's face.
"""

from webctp.sim.front import SimulatedFront
from webctp.sim.options import OptionError, SimOptions

__all__ = ["OptionError", "SimOptions", "SimulatedFront"]
