"""What goes wrong, as exceptions: the gateway's codes and CTP's, with text and Detail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


class WebctpError(Exception):
    """A request was refused: by the gateway (a negative code) or by CTP.

    ``code`` is the ErrorID, ``text`` the ErrorMsg, ``detail`` what the gateway explains, and
    ``request`` the MsgType that was refused. The gateway puts no password into any of them.
    ``limit`` is the limit that was met, ``retry_after`` the seconds after which asking again may
    help; None where none was met, or where no time helps.
    """

    limit: int | None = None
    retry_after: float | None = None

    def __init__(self, code: int, text: str, detail: str = "", request: str = "") -> None:
        super().__init__(code, text, detail, request)
        self.code = code
        self.text = text
        self.detail = detail
        self.request = request

    def __str__(self) -> str:
        """Say all of it in a line."""
        told = f"{self.request or 'the gateway'}: {self.code} {self.text}"
        return f"{told}: {self.detail}" if self.detail else told


class BadRequest(WebctpError):
    """-400: the request is wrong; ``detail`` names the field."""


class NotLoggedIn(WebctpError):
    """-401: not logged in, or not yet."""


class Forbidden(WebctpError):
    """-403: this client may not do that."""


class NoSuchRequest(WebctpError):
    """-404: the gateway has no such request."""


class Unanswered(WebctpError):
    """-408: the front gave no answer in time; whether it did anything is not known."""


class Conflict(WebctpError):
    """-409: in conflict with an earlier request."""


class TooMany(WebctpError):
    """-429: too many requests, orders or logins."""


class NotReady(WebctpError):
    """-503: the front is not ready; nothing was sent, nor will be later."""


class CtpError(WebctpError):
    """CTP's own refusal: a positive code, or -1, -2, -3 of the API."""


class Disconnected(WebctpError):
    """The connection to the gateway broke, or there is none.

    Code 0. A request that was sent before may have been carried out: ``detail`` says so.
    """

    def __init__(self, detail: str, request: str = "") -> None:
        super().__init__(0, "no connection to the gateway", detail, request)

    def __reduce__(self) -> tuple[type[Disconnected], tuple[str, str]]:
        """Pickle it by what makes it."""
        return Disconnected, (self.detail, self.request)


class Ended(Disconnected):
    """The gateway wants this client no more, which does not connect again by itself.

    ``code`` is the WebSocket's (4401: the token is valid no longer, 4410: an administrator has
    ended it, 1009: a message was too long) or HTTP's (401: the token is wrong), ``detail`` says
    why, ``remedy`` what helps.
    """

    def __init__(self, code: int, detail: str, remedy: str = "", request: str = "") -> None:
        WebctpError.__init__(self, code, "the connection is over for good", detail, request)
        self.remedy = remedy

    def __str__(self) -> str:
        """Say all of it in a line, the remedy at its end."""
        told = super().__str__()
        return f"{told}; {self.remedy}" if self.remedy else told

    def __reduce__(self) -> tuple[type[Ended], tuple[int, str, str, str]]:  # type: ignore[override]
        """Pickle it by what makes it."""
        return Ended, (self.code, self.detail, self.remedy, self.request)


class OrderUnknown(WebctpError):
    """Nobody can say whether the order was sent: look at the account before sending another."""


class Overflow(Exception):
    """A program was too slow for what must not be dropped: its iterator ends with this."""


BY_CODE: Final[Mapping[int, type[WebctpError]]] = {
    -400: BadRequest,
    -401: NotLoggedIn,
    -403: Forbidden,
    -404: NoSuchRequest,
    -408: Unanswered,
    -409: Conflict,
    -429: TooMany,
    -503: NotReady,
}
"""The gateway's own codes."""
NOT_NOW: Final = (-408, -503, 7, 8, 60, 90)
"""Codes of what may succeed a little later; a login's -429 may stand for a refused password."""


def is_passing(problem: WebctpError | TimeoutError) -> bool:
    """Return whether asking again a little later may succeed."""
    return isinstance(problem, (TimeoutError, TooMany)) or problem.code in NOT_NOW


def error(code: int, text: str, detail: str = "", request: str = "") -> WebctpError:
    """Return the exception for a code."""
    return BY_CODE.get(code, CtpError)(code, text, detail, request)
