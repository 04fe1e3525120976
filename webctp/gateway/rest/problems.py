"""How HTTP says no: one status for each code, and ``application/problem+json`` (RFC 9457)."""

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from webctp.ctp import errors
from webctp.gateway.http.answer import Answer
from webctp.gateway.http.head import BadHead
from webctp.language.text import Language

PROBLEM: Final = "application/problem+json; charset=utf-8"
REFUSED: Final = 422
"""What the front has refused: CTP's ErrorID says why."""
STATUSES: Final[Mapping[int, int]] = {
    errors.BAD_REQUEST: 400,
    errors.NOT_LOGGED_IN: 401,
    errors.FORBIDDEN: 403,
    errors.NO_SUCH_REQUEST: 404,
    errors.NO_ANSWER: 504,
    errors.CONFLICT: 409,
    errors.TOO_MANY: 429,
    errors.NOT_READY: 503,
}
"""The status of each code of the gateway's own."""
NATIVE: Final[Mapping[int, int]] = {-1: 503, -2: 429, -3: 429}
"""Those of the values that the native API returns in place of an answer."""
_CODES: Final[Mapping[int, int]] = {
    **{status: code for code, status in STATUSES.items()},
    405: errors.NO_SUCH_REQUEST,
    408: errors.NO_ANSWER,
    411: errors.BAD_REQUEST,
    413: errors.BAD_REQUEST,
    414: errors.BAD_REQUEST,
    415: errors.BAD_REQUEST,
    417: errors.BAD_REQUEST,
    431: errors.BAD_REQUEST,
    505: errors.BAD_REQUEST,
}
"""The code that stands beside a status of HTTP's own."""
_HEADERS: Final[Mapping[int, tuple[tuple[str, str], ...]]] = {
    401: (("WWW-Authenticate", 'Bearer realm="webctp"'),),
    429: (("Retry-After", "1"),),
    503: (("Retry-After", "10"),),
}

Headers = tuple[tuple[str, str], ...]


def status_of(code: int, *, is_native: bool = False) -> int:
    """Return the HTTP status of an ErrorID; 200 for none.

    :param is_native: whether it may be a value of the native API: of an answer in CTP's name.
    """
    if code == 0:
        return 200
    native = NATIVE.get(code) if is_native else None
    return native or STATUSES.get(code, REFUSED)


def problem(
    status: int,
    code: int,
    message: str,
    detail: str,
    words: Mapping[str, Any] | None = None,
    headers: Headers | None = None,
) -> Answer:
    """Return a refusal.

    :param message: what the code means (``ErrorMsg``).
    :param words: further members, such as MsgType; those of JSON are :class:`msgspec.Raw`.
    :param headers: in place of what the status usually has.
    """
    told = {
        "type": "about:blank",
        "title": message,
        "status": status,
        "detail": detail or message,
        "ErrorID": code,
        "ErrorMsg": message,
        **(words or {}),
    }
    found = _HEADERS.get(status, ()) if headers is None else headers
    return Answer(status, msgspec.json.encode(told) + b"\n", content_type=PROBLEM, headers=found)


def of_head(refused: BadHead, language: Language) -> Answer:
    """Return the refusal of a request that was refused at its head."""
    code = _CODES.get(refused.status, errors.BAD_REQUEST)
    detail = refused.detail.in_language(language)
    headers = refused.headers or None
    return problem(refused.status, code, errors.message(code), detail, headers=headers)


def plain(value: msgspec.Raw) -> Any:
    """Return a value of a message that is JSON still."""
    return json.loads(bytes(value))
