"""Clients whose login is not answered yet, who is told no pushes, and the timers of a session."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall

from webctp.gateway.messages.schema import Request
from webctp.gateway.trading.attached import Attached


@dataclass(frozen=True, slots=True)
class Waiting:
    """A client whose login is not answered yet."""

    client: Attached
    request: Request
    deadline: IDelayedCall | None


class Silence:
    """Who of a session's clients is sent no pushes, and who has not been told the day's flow."""

    def __init__(self) -> None:
        self._silent: set[Attached] = set()
        self._heard: dict[Attached, int] = {}
        """The last push that one of these was sent before it asked; it may not have read it."""
        self._newcomers: set[Attached] = set()

    def attached(self, client: Attached) -> None:
        """Take a client that has come; it has been told nothing."""
        self._newcomers.add(client)

    def gone(self, client: Attached) -> None:
        """Forget a client."""
        self._silent.discard(client)
        self._heard.pop(client, None)
        self._newcomers.discard(client)

    def resumes(self, client: Attached, seq: int, *, is_new: bool) -> None:
        """Hold pushes back for who will be sent those after its own last; ``seq`` is the newest."""
        if not is_new and client not in self._silent:
            self._heard[client] = seq
        self._silent.add(client)
        self._newcomers.discard(client)

    def opens(self, client: Attached) -> None:
        """Let a client whose login opens the session hear how that goes."""
        self._silent.discard(client)

    def begins(self, client: Attached) -> None:
        """Hold pushes back for who is to be told the day's flow first."""
        self._silent.add(client)

    def refused(self, client: Attached) -> None:
        """Hold pushes back from a client that was refused, and is not in from before.

        They are about an account whose password it has not shown; its next login tells the day.
        """
        if client in self._silent or client in self._newcomers:
            self._newcomers.add(client)
            self._silent.add(client)

    def is_new(self, client: Attached) -> bool:
        """Return whether a client has not been told the day's flow."""
        return client in self._newcomers

    def ends(self, client: Attached) -> int:
        """Let a client hear everything; gives the last push that it had been sent, 0 for none."""
        self._silent.discard(client)
        self._newcomers.discard(client)
        return self._heard.pop(client, 0)

    def hearing(
        self, clients: Iterable[Attached], but: Collection[Attached] = ()
    ) -> Iterable[Attached]:
        """Return who of ``clients`` is sent pushes, leaving out ``but``."""
        silent = self._silent
        if not silent and not but:
            return clients  # as nearly always: every order's return passes
        return [one for one in clients if one not in silent and one not in but]


def stop_timer(call: IDelayedCall | None) -> None:
    """Cancel a timer that has not gone off."""
    if call is not None and call.active():
        call.cancel()
