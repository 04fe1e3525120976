"""Whom a port lets in: asks who is calling, and says no in HTTP's way."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from twisted.internet.interfaces import ISSLTransport

from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.access.address import LOCAL, peer_address
from webctp.gateway.access.audit import AuditLog
from webctp.gateway.access.principal import Arrival, Authenticator, Principal, let_anybody_in
from webctp.gateway.access.tokens.presented import AUTHORIZATION, BEARER, SUBPROTOCOLS, offered
from webctp.gateway.http.head import BadHead, Head
from webctp.language.text import english
from webctp.secret import Secret

T = TypeVar("T")

_STATUSES: Final = {
    errors.BAD_REQUEST: 400,
    errors.NOT_LOGGED_IN: 401,
    errors.FORBIDDEN: 403,
    errors.TOO_MANY: 503,
}
_HEADERS: Final = {
    errors.NOT_LOGGED_IN: (("WWW-Authenticate", 'Bearer realm="webctp"'),),
    errors.TOO_MANY: (("Retry-After", "10"),),
}

TicketMaker = Callable[[Arrival], Secret]


def _nothing() -> Mapping[str, Any]:
    return {}


class Entrance:
    """Ask who is calling, before a WebSocket is open.

    :param authenticate: finds the caller out.
    :param make_ticket: changes a token for a ticket; None where there are no tokens.
    :param status: what ``/readyz`` says of access.
    :param audit: where refusals are noted.
    :param origins: web pages that are let in beside those of this machine; see
        :class:`~webctp.gateway.http.origins.Origins`.
    """

    def __init__(
        self,
        authenticate: Authenticator = let_anybody_in,
        make_ticket: TicketMaker | None = None,
        status: Callable[[], Mapping[str, Any]] = _nothing,
        origins: Iterable[str] = (),
        audit: AuditLog | None = None,
    ) -> None:
        self._audit = audit
        self.origins = tuple(origins)
        self.status = status
        self._authenticate = authenticate
        self._make_ticket = make_ticket

    def principal(self, head: Head, transport: Any) -> Principal:
        """Return who asks for a WebSocket.

        :raises BadHead: if the caller may not have one.
        """
        return self._asked(self._authenticate, _arrival(head, transport))

    def ticket(self, head: Head, transport: Any) -> Secret:
        """Return a ticket for whoever shows a token.

        :raises BadHead: if the caller may not have one.
        """
        if self._make_ticket is None:
            raise BadHead(
                404, english("no tokens are in use here (Access.Tokens), and so no tickets")
            )
        return self._asked(self._make_ticket, _arrival(head, transport))

    def _asked(self, ask: Callable[[Arrival], T], arrival: Arrival) -> T:
        try:
            return ask(arrival)
        except Refusal as refusal:
            if self._audit is not None:
                who, path = arrival.subject, arrival.path
                self._audit.refused(who, arrival.address, "", path, refusal.code, refusal.detail)
            raise BadHead(
                _STATUSES.get(refusal.code, 401),
                refusal.detail,
                _headers(refusal),
                getattr(refusal, "delay", 0.0),
            ) from refusal


def _headers(refusal: Refusal) -> tuple[tuple[str, str], ...]:
    """Return the headers of a refusal; one by a limit says when to come back."""
    detail = refusal.detail
    if isinstance(detail, Limited) and detail.retry_after is not None:
        return (("Retry-After", str(max(1, math.ceil(detail.retry_after)))),)
    return _HEADERS.get(refusal.code, ())


OPEN: Final = Entrance()
"""Through which everybody may come."""


def _arrival(head: Head, transport: Any) -> Arrival:
    peer = transport.getPeer()
    host = getattr(peer, "host", None)
    return Arrival(
        head.path,
        head.fields,
        peer_address(peer),
        host if isinstance(host, str) else LOCAL,
        head.query,
        _subject(transport),
    )


def _subject(transport: Any) -> str:
    """Return the common name of a client's certificate, which the handshake has verified."""
    if not ISSLTransport.providedBy(transport):
        return ""
    certificate: Any = transport.getPeerCertificate()
    if certificate is None:
        return ""
    return str(certificate.get_subject().CN or "")


def without_tokens(head: Head) -> Head:
    """Return a head without what was shown in it: it is handed on to Autobahn, which may log it."""
    fields = {name: value for name, value in head.fields.items() if name != AUTHORIZATION}
    if SUBPROTOCOLS in fields:
        left = [one for one in offered(fields[SUBPROTOCOLS]) if not one.lower().startswith(BEARER)]
        fields[SUBPROTOCOLS] = ", ".join(left)
        if not left:
            del fields[SUBPROTOCOLS]
    return replace(head, target=head.path, fields=fields)
