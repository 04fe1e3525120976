"""What waits for clients, and of clients, in all (``ClientMemory``): the greediest goes first."""

from typing import Final, Protocol

STRANGER_BYTES: Final = 64 * 1024
"""What a client that has not logged in may send in one message, and may leave unread."""


A_CLIENT: Final = 32 * 1024
"""What a client is taken to leave behind beside what was held for it."""


class Holder(Protocol):
    """Who holds bytes: what it has not read, and what it has not sent to the end."""

    held: int

    def too_greedy(self, limit: int) -> None:
        """Drop everything, and close: all together hold more than ``limit``."""


class ClientMemory:
    """The sum over all clients.

    :param limit: bytes; beyond it whoever holds most is closed.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self.freed = 0
        """Bytes that clients have let go of, ever, open and closed."""
        self._holders: set[Holder] = set()

    def change(self, holder: Holder, by: int) -> None:
        """Note that a holder holds so many bytes more (or fewer)."""
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
        """Note that a client's connection is no more."""
        self.freed += A_CLIENT

    def drop(self, holder: Holder) -> None:
        """Note that a holder is closed and has let go of everything."""
        self.freed += holder.held
        self.held -= holder.held
        holder.held = 0
        self._holders.discard(holder)


def _held(holder: Holder) -> int:
    return holder.held
