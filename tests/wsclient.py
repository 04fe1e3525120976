"""The WebSocket client of tests on real sockets, under the names that they know it by."""

from webctp.testing.client import GatewayClient as Client
from webctp.testing.client import Message, connect

__all__ = ["Client", "Message", "connect"]
