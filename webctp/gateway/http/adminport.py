"""What administrators reach: HTTP with small bodies of JSON, a request for each connection.

A Unix socket asks the kernel whose process is at its other end, so that its file's mode decides
who may come. Everything else wants a token with the scope ``admin``.
"""

import socket
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.interfaces import IAddress, IDelayedCall, IReactorTime, ISSLTransport
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.gateway.access.address import LOCAL, peer_address
from webctp.gateway.access.audit import AuditLog
from webctp.gateway.access.principal import Scope
from webctp.gateway.http.answer import Answer, asked_language, full, refusal_answer
from webctp.gateway.http.entrance import Entrance
from webctp.gateway.http.head import BadHead, Head, HeadReader, Taken
from webctp.language.text import Language, english
from webctp.upstream.turns import Turns

_log = Logger()

MOST_BODY: Final = 4096
"""Bytes of a request's body."""
MOST_OPEN: Final = 32
"""Connections at one time."""
MOST_OF_ADDRESS: Final = 8
"""Of them, those from one address; processes of this machine, by a Unix socket, have all."""
_MOST_TOLD: Final = 16
"""Connections beyond these that are told so at a time; more are just dropped."""
PATIENCE: Final = 10.0
"""Seconds until a request is whole."""
FAREWELL: Final = 1.0
"""Seconds that a client has to read the answer."""
METHODS: Final = "GET, HEAD, POST"
_TAKEN: Final = Taken(METHODS, MOST_BODY)
_CREDENTIALS: Final = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who asks, and from where: a token's name, or ``uid:1000`` on a Unix socket."""

    who: str
    address: str


@dataclass(frozen=True, slots=True)
class AdminRequest:
    """A request of an administrator: its head, its whole body, who asks."""

    head: Head
    body: bytes
    by: Administrator
    language: Language


AdminActs = Callable[[AdminRequest], "Answer | Deferred[Answer]"]
"""Answers a request.

:raises BadHead: if there is no such act, or its body is wrong; a Deferred may fail with it, too.
"""


class AdminSite(Factory):
    """Make the connections of administrators.

    :param entrance: finds out who is calling, where there are tokens.
    :param language: what is read by who asks for no other.
    :param audit: where it is noted who lacks the scope.
    """

    noisy = False

    def __init__(
        self,
        clock: IReactorTime,
        entrance: Entrance,
        acts: AdminActs,
        language: Language,
        audit: AuditLog | None = None,
    ) -> None:
        self.audit = audit
        self.clock = clock
        self.entrance = entrance
        self.acts = acts
        self.language = language
        self.turns = Turns(clock)
        """TLS handshakes that wait for a later turn."""
        self.open: set[AdminConnection] = set()
        self._let_in: Counter[str] = Counter()
        """Connections by address, without those that are one too many."""

    def enter(self, address: str) -> None:
        """Count a connection.

        :raises BadHead: 503 where there are too many, in all or from its address.
        """
        if self._let_in.total() >= MOST_OPEN:
            raise full(english("{most} administrators are connected", most=MOST_OPEN))
        if address != LOCAL and self._let_in[address] >= MOST_OF_ADDRESS:
            raise full(
                english(
                    "{most} administrators are connected from {address}",
                    most=MOST_OF_ADDRESS,
                    address=address,
                )
            )
        self._let_in[address] += 1

    def leave(self, address: str) -> None:
        """Count a connection that was let in as closed."""
        self._let_in[address] -= 1
        if not self._let_in[address]:
            del self._let_in[address]

    @property
    def crowded(self) -> bool:
        """Whether so many are told that they are too many that others are not told."""
        return len(self.open) > self._let_in.total() + _MOST_TOLD

    def buildProtocol(self, addr: IAddress | None) -> "AdminConnection":
        """Twisted calls this for each connection it has accepted."""
        return AdminConnection(self)

    def stopFactory(self) -> None:
        """Twisted calls this when nothing listens any more."""
        for connection in list(self.open):
            connection.abort()
        self.turns.close()


def _taken(path: str) -> Taken:
    return _TAKEN


class AdminConnection(Protocol):
    """Answer one request, then close."""

    transport: Any

    def __init__(self, site: AdminSite) -> None:
        self._site = site
        self._reader = HeadReader(_taken)
        self._head: Head | None = None
        self._is_answering = False
        self._call: IDelayedCall | None = None
        self._language = site.language
        self._address: str | None = None
        """Where it comes from, while it counts."""

    def connectionMade(self) -> None:
        """Twisted calls this when the connection is there."""
        self._site.open.add(self)
        address = peer_address(self.transport.getPeer())
        try:
            self._site.enter(address)
        except BadHead as problem:
            if self._site.crowded or ISSLTransport.providedBy(self.transport):
                self.abort()  # over TLS the word would cost a handshake
            else:
                self._refuse(problem)
            return
        self._address = address
        self._wait(PATIENCE, self._overdue)

    def dataReceived(self, data: bytes) -> None:
        """Twisted calls this with bytes: what follows the request is thrown away."""
        if self._is_answering:
            return
        self._reader.feed(data)
        try:
            if self._head is None:
                self._head = self._reader.take()
            if self._head is None:
                return
            length = int(self._head.fields.get("content-length") or "0")
            if len(self._reader.rest) >= length:
                self._answer(self._head, self._reader.rest[:length])
        except BadHead as problem:
            self._refuse(problem)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Twisted calls this when the connection is closed."""
        self._is_answering = True
        self._site.open.discard(self)
        self._stop_waiting()
        if self._address is not None:
            self._site.leave(self._address)
            self._address = None

    def abort(self) -> None:
        """Drop the connection."""
        self._is_answering = True
        self._stop_waiting()
        self.transport.abortConnection()

    def _answer(self, head: Head, body: bytes) -> None:
        self._language = asked_language(head, self._site.language)
        if "origin" in head.fields:
            raise BadHead(403, english("web pages are not let in here; use a program"))
        request = AdminRequest(head, body, self._administrator(head), self._language)
        self._is_answering = True
        self._stop_waiting()
        acts: Callable[..., Any] = self._site.acts
        done: Deferred[Answer] = maybeDeferred(acts, request)
        done.addCallbacks(self._send, self._failed)

    def _administrator(self, head: Head) -> Administrator:
        """Return who asks.

        :raises BadHead: if it is no administrator.
        """
        handle = self.transport.getHandle()
        if isinstance(handle, socket.socket) and handle.family == socket.AF_UNIX:
            told = handle.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
            return Administrator(f"uid:{_CREDENTIALS.unpack(told)[1]}", LOCAL)
        principal = self._site.entrance.principal(head, self.transport)
        address = peer_address(self.transport.getPeer())
        if Scope.ADMIN not in principal.scopes:
            detail = english(
                "administrators need a token with scope admin (Access.Tokens; python -m webctp "
                "token add NAME --scope admin), or a Unix socket (AdminListen)"
            )
            audit, code = self._site.audit, errors.FORBIDDEN
            if audit is not None:
                audit.refused(principal.name, address, "", head.path, code, detail)
            raise BadHead(403, detail)
        return Administrator(principal.name, address)

    def _failed(self, failure: Failure) -> None:
        problem = failure.value
        if isinstance(problem, BadHead):
            self._refuse(problem)
            return
        _log.failure("an administrator's request failed", failure=failure)
        self._refuse(BadHead(500, english("the gateway has made a mistake; its log says which")))

    def _refuse(self, problem: BadHead) -> None:
        self._is_answering = True
        if problem.delay:
            self._wait(problem.delay, lambda: self._refuse(problem.at_once()))
            return
        self._send(refusal_answer(problem, self._language))

    def _send(self, answer: Answer) -> None:
        if self not in self._site.open:
            return
        self._is_answering = True
        with_body = self._reader.method != "HEAD"
        self.transport.write(answer.encode(with_body=with_body, last=True))
        self._wait(FAREWELL, self.abort)
        # A socket that is closed on unread bytes is reset, and the answer lost with it.
        if ISSLTransport.providedBy(self.transport):
            self.transport.loseConnection()
        else:
            self.transport.loseWriteConnection()

    def _overdue(self) -> None:
        self._refuse(BadHead(408, english("the request took too long to come")))

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting()
        self._call = self._site.clock.callLater(seconds, then)

    def _stop_waiting(self) -> None:
        if self._call is not None and self._call.active():
            self._call.cancel()
        self._call = None
