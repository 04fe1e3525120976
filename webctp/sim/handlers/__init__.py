"""What the simulated front answers: a table from request names to handlers.

A handler stands in the module of its subject; importing this package fills the table. A request
that is not in it is answered with error 27 through its own callback.
"""

from webctp.sim.exchange.exchange import Handlers
from webctp.sim.handlers import (
    access,
    banks,
    batch,
    combactions,
    combinations,
    instructions,
    market,
    nothing,
    notices,
    parked,
    reference,
    settlement,
    trading,
)
from webctp.sim.handlers.table import BEFORE_LOGIN, BY_NAME

HANDLERS = Handlers(BY_NAME, BEFORE_LOGIN, parked.send_parked)
"""All of them."""

__all__ = [
    "HANDLERS",
    "access",
    "banks",
    "batch",
    "combactions",
    "combinations",
    "instructions",
    "market",
    "nothing",
    "notices",
    "parked",
    "reference",
    "settlement",
    "trading",
]
