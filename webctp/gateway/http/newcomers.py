"""Clients that have been accepted and wait to be served: their addresses take turns.

Whoever opens thousands of connections at once waits behind its own; others need not stand behind
them in the port's backlog, from which only the oldest can be taken.
"""

import socket
from typing import Any, Final, NamedTuple

from twisted.internet.address import IPv4Address, IPv6Address

from webctp.gateway.access.address import LOCAL, peer_address
from webctp.upstream.turns import BySource

_TCP6: Final = 4
"""Parts of an IPv6 socket's address."""


class Newcomer(NamedTuple):
    """An accepted socket, and the address that it came from, as ``accept`` gives them."""

    socket: socket.socket
    address: Any


class Newcomers:
    """Hold who waits; bounded by the descriptors that clients may have, of which each holds one."""

    def __init__(self) -> None:
        self._waiting: BySource[Newcomer] = BySource()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def add(self, one: Newcomer) -> None:
        """Let a client wait."""
        self._waiting.add(_source(one.address), one)

    def take(self) -> Newcomer:
        """Return who is next: the one that waits longest of the address whose turn it is.

        :raises KeyError: if nobody waits.
        """
        return self._waiting.take()[1]

    def close(self) -> None:
        """Close who waits."""
        while self._waiting:
            self.take().socket.close()


def _source(address: Any) -> str:
    if not isinstance(address, tuple):
        return LOCAL
    kind = IPv6Address if len(address) == _TCP6 else IPv4Address
    return peer_address(kind("TCP", *address[:2]))
