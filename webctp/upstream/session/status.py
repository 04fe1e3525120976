"""What a session tells of itself: how its login was answered, and what nobody asked for."""

from dataclasses import dataclass
from typing import Protocol

from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Callback
from webctp.upstream.session.login import State


@dataclass(frozen=True, slots=True)
class LoginAnswer:
    """How the front answered a login: RspUserLogin once ready, or the refusal of a step."""

    callback: Callback
    body: bytes | None
    info: bytes | None
    ready: bool


class Listener(Protocol):
    """Who hears what nobody asked for. Called in the reactor's thread."""

    def state_changed(self, state: State, reason: str) -> None:
        """The session has moved to ``state``, or there is more to say of why it stays there."""

    def pushed(self, event: CallbackEvent) -> None:
        """A push, or an answer to a request that is no longer known."""

    def flush(self) -> None:
        """A batch of callbacks has been delivered: what they wrote may leave now."""
