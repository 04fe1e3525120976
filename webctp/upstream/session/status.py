"""What a session tells of itself: how its login was answered, and what nobody asked for."""

from dataclasses import dataclass
from typing import Protocol

from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Callback
from webctp.language.text import Text, english
from webctp.upstream.session.login import LoginState


@dataclass(frozen=True, slots=True)
class LoginAnswer:
    """How the front answered a login: RspUserLogin once ready, or the refusal of a step."""

    callback: Callback
    body: bytes | None
    info: bytes | None
    ready: bool


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """Where a session stands, as one value: what whoever shows or shares it needs to know.

    ``reason`` says why it is there, and what came of attempts to connect since; ``since`` is in
    seconds since 1970. ``stays_logged_in`` says that it is logged in, or will be as soon as the
    front lets it; ``is_logging_in`` that a login is under way, a client's or a recovery's.
    ``login`` is the last RspUserLogin that the front accepted, ``refusal`` what it last refused a
    login with, until the next is asked for.
    """

    state: LoginState
    reason: Text
    since: float
    has_been_ready: bool
    stays_logged_in: bool
    is_logging_in: bool
    login: LoginAnswer | None
    refusal: LoginAnswer | None

    @property
    def login_body(self) -> bytes | None:
        """The body of the last RspUserLogin (TradingDay, FrontID, SessionID, MaxOrderRef)."""
        return None if self.login is None else self.login.body

    def unusable(self) -> Text:
        """Return what a client is told who asks for something that has to wait."""
        return english(
            "the session is {state}: {reason}", state=self.state.value, reason=self.reason
        )


class Listener(Protocol):
    """Take a session's states and pushes. Called in the reactor's thread."""

    def state_changed(self, status: SessionStatus) -> None:
        """Take the session's move to another state, or more reason why it stays where it is."""

    def pushed(self, event: CallbackEvent) -> None:
        """Take a push, or an answer to a request that is no longer known."""
