"""What the simulated front answers: a table from request names to handlers.

A handler stands in the module of its subject; importing this package fills the table. A request
that is not in it is answered with error 27 through its own callback.
"""

from webctp.sim.answers import (
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
from webctp.sim.answers.table import HANDLERS, Request

__all__ = [
    "HANDLERS",
    "Request",
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
