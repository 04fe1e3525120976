"""Requests as the exchange receives them."""

from collections.abc import Mapping
from dataclasses import dataclass

from webctp.sim.accounts.sessions import Session
from webctp.sim.events import Reply, Values


@dataclass(frozen=True, slots=True)
class Answering:
    """How a request is answered: its callback, and whether that carries the request's struct."""

    callback: str
    echoes: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A request with its session, name and values; ``callback`` is the name of its answer's.

    ``echoes``: whether the callback's body is the request's own struct.
    """

    session: Session
    name: str
    callback: str
    echoes: bool
    values: Mapping[str, object]
    request_id: int

    def text(self, name: str) -> str:
        """Return a text field, empty if the request leaves it out."""
        return str(self.values.get(name, ""))

    def answer(self, values: Values | None, error: int | None = 0, more: str = "") -> Reply:
        """Build the single, final answer; ``more`` ends its ErrorMsg."""
        session = self.session.session_id
        return Reply(session, self.callback, values, self.request_id, error, more=more)

    def refusal(self, code: int, more: str = "") -> Reply:
        """Build a refusal, with the request's own values where the callback takes them."""
        return self.answer(self.values if self.echoes else None, code, more)
