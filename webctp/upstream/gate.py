"""Where logins pass one after another, so that an account is not locked by several at once.

A session asks before it sends an authentication or a login, and says when that has its answer.
"""

from collections.abc import Callable
from typing import Final, Protocol


class Gate(Protocol):
    """One session's place at the gate. Called in the reactor's thread."""

    def enter(self, again: Callable[[], object], *, recovering: bool) -> str | None:
        """Whether the session may send a step of its login now.

        :param again: called, later, when it is worth asking again.
        :param recovering: whether it logs in by itself, with a password that was accepted before.
        :returns: nothing (``""``) if it may; None to wait for ``again``; else why it may not.
        """

    def leave(self) -> None:
        """The step has its answer, or nobody waits for it any more; does no harm at any time."""


class _Open:
    """A gate through which everybody may go: where there are no credentials."""

    def enter(self, again: Callable[[], object], *, recovering: bool) -> str | None:
        """Of :class:`Gate`."""
        return ""

    def leave(self) -> None:
        """Of :class:`Gate`."""


OPEN: Final[Gate] = _Open()
