"""Bound the bytes that all clients together hold (``ClientMemory``): close the greediest first."""

from typing import Final, Protocol

STRANGER_BYTES: Final = 64 * 1024
"""Bytes that a client may send in one message, or leave unread, before its login."""


A_CLIENT: Final = 32 * 1024
"""Bytes that a closed connection is taken to free, beside what was held for it."""


class Holder(Protocol):
    """Hold bytes: those that a client has not read, and those of its unfinished message."""

    held: int

    def too_greedy(self, limit: int) -> None:
        """Drop everything, and close: all together hold more than ``limit``."""


class ClientMemory:
    """Add up the bytes held for all clients, and close whoever holds most beyond the limit.

    :param limit: bytes; beyond it whoever holds most is closed.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self.freed = 0
        """Bytes freed since the start, by open clients and by closed ones."""
        self._holders: set[Holder] = set()

    def change(self, holder: Holder, by: int) -> None:
        """Add ``by`` bytes, or take them off, of what a holder holds."""
        holder.held += by
        self.held += by
        if by <= 0:
            self.freed -= by
            if not holder.held:
                self._holders.discard(holder)
            return
        self._holders.add(holder)
        while self.held > self.limit and self._holders:
            max(self._holders, key=_held).too_greedy(self.limit)

    def gone(self) -> None:
        """Count the memory that a closed connection frees."""
        self.freed += A_CLIENT

    def drop(self, holder: Holder) -> None:
        """Take off all that a closed holder held."""
        self.freed += holder.held
        self.held -= holder.held
        holder.held = 0
        self._holders.discard(holder)


def _held(holder: Holder) -> int:
    return holder.held
