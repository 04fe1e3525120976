"""``webctp-client``: a gateway from the command line."""

from webctp_client.command.main import main

__all__ = ["main"]
