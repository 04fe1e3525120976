"""Where logins pass one after another, so that an account is not locked by several at once.

A session asks before it sends an authentication or a login, says how that was answered, and when
nobody waits for its answer any more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from webctp.language.text import NOTHING, Text
from webctp.upstream.session.login import LoginState

ONCE: Final = ("OneTimePassword", "Captcha", "Text", "OTPPassword")
"""Fields of logins that hold what serves once."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login shows: the password, and what serves once beside it (OTP, captcha, text)."""

    password: str = field(repr=False)
    once: str = field(default="", repr=False)

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Credentials":
        """Read the credentials in a login's body."""
        return cls(body.get("Password") or "", "".join(body.get(name) or "" for name in ONCE))


class LoginGate(Protocol):
    """Let one session's logins pass one after another. Called in the reactor's thread."""

    def acquire(self, on_free: Callable[[], object], *, recovering: bool) -> Text | None:
        """Return whether the session may send a step of its login now.

        :param on_free: called, later, when it is worth asking again.
        :param recovering: whether it logs in by itself, with a password that was accepted before.
        :returns: nothing (``""``) if it may; None to wait for ``on_free``; else why it may not.
        """

    def answered(self, step: LoginState, code: int) -> None:
        """Take the ErrorID that a step was answered with; called before :meth:`release`."""

    def release(self) -> None:
        """Let the next login go: the step is answered or given up. Does no harm at any time."""


class _Open:
    """Let every login pass: the gate of sessions without credentials."""

    def acquire(self, on_free: Callable[[], object], *, recovering: bool) -> Text | None:
        """See :class:`LoginGate`."""
        return NOTHING

    def answered(self, step: LoginState, code: int) -> None:
        """See :class:`LoginGate`."""

    def release(self) -> None:
        """See :class:`LoginGate`."""


OPEN: Final[LoginGate] = _Open()
