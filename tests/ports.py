"""Ports for those who must name one before it is listened on."""

import socket
from random import SystemRandom
from typing import Final

_FIRST: Final = 10_100
"""Browsers refuse 10080, and many below."""
_END: Final = 32_768
"""Where Linux begins to give ports to outgoing connections: it gives none of below."""
_random: Final = SystemRandom()


def free_port() -> int:
    """Return a port that nobody listens on, and that no connection will take by chance."""
    while True:
        port = _random.randrange(_FIRST, _END)
        with socket.socket() as trial:
            try:
                trial.bind(("", port))
            except OSError:
                continue  # somebody has it
        return port
