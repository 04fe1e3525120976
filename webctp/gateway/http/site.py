"""What a port serves: HTTP until a WebSocket is open, and the pages ``/healthz``, ``/readyz``.

Strangers come first through here, so that little is done for them: a request has no body, its head
is bounded, it must be whole within seconds, and what is refused is closed. A connection becomes a
WebSocket's when the head has been checked; what came behind the head is its first message.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IPushProducer,
    IReactorTime,
    ISSLTransport,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from webctp.config.serving import ConnectionLimits
from webctp.gateway.access.address import peer_address
from webctp.gateway.access.admission import Admission
from webctp.gateway.access.principal import Principal
from webctp.gateway.access.tokens.tickets import LIFETIME
from webctp.gateway.access.usage import Usage
from webctp.gateway.http.answer import JSON, Answer, asked_language, full, refusal_answer
from webctp.gateway.http.entrance import OPEN, Entrance, without_tokens
from webctp.gateway.http.head import TICKET, BadHead, Head, HeadReader, check_upgrade
from webctp.gateway.http.origins import Origins
from webctp.gateway.websocket.protocol import GatewayFactory, GatewayProtocol
from webctp.language.text import Language, english, said
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.turns import Turns

Readiness = Callable[[], Mapping[str, Any]]
"""Gives ``{"ready": bool, ...}`` for one service."""

HANDSHAKE: Final = 10.0
"""Seconds from the connection (TLS included) until a request is whole."""
KEEP_ALIVE: Final = 5.0
"""Seconds from an answer until the next request on the same connection is whole."""
FAREWELL: Final = 1.0
"""Seconds that a client has to read a last answer; what it still sends is thrown away."""
_MOST_IGNORED: Final = 256 * 1024
"""Bytes of a client's that are thrown away in that time."""
_REQUESTS_A_TURN: Final = 16
"""Requests that are answered in a turn as soon as they are read; the others of it wait."""
_MOST_TURNED_AWAY: Final = 64
"""Connections beyond the limits that are told so at a time; more are just dropped."""

_ANSWERS: Final = Metric(
    "webctp_http_answers_total",
    Kind.COUNTER,
    "Answers to HTTP requests by status; 101 is a WebSocket that was opened.",
    "HTTP 应答数，按状态码；101 为打开的 WebSocket。",
    ("status",),
)
_STATUSES: Final = (101, 200, 400, 401, 403, 404, 408, 426, 503)
"""Statuses that are told from the start on; others once they were answered."""
_CUT: Final = Metric(
    "webctp_http_cut_total",
    Kind.COUNTER,
    "Connections that the gateway dropped without an answer.",
    "网关未作应答即断开的连接数。",
)
_UNOPENED: Final = Metric(
    "webctp_http_connections",
    Kind.GAUGE,
    "Connections that are no WebSocket's, or not yet.",
    "不是（或尚未成为）WebSocket 的连接数。",
)


def _not_let_in() -> BadHead:
    """Make the refusal of a handshake that Autobahn has turned down, each time anew."""
    return BadHead(
        403, english("the WebSocket is not let in: look at its Origin, protocols and extensions")
    )


Page = Callable[[Head, str, Callable[[], Principal]], Answer]
"""Gives a page: of a request, its sender's address, and a function that finds out who it is.

:raises BadHead: if the caller may not have the page.
"""


class Site(Factory):
    """Makes the connections of a port, and says what is at each path."""

    noisy = False

    def __init__(
        self,
        services: Mapping[str, tuple[GatewayFactory, Readiness]],
        clock: IReactorTime,
        limits: ConnectionLimits,
        entrance: Entrance,
        pages: Mapping[str, Page],
    ) -> None:
        self.clock = clock
        self.entrance = entrance
        self.admission = Admission(clock, limits)
        self.answers: Counter[int] = Counter(dict.fromkeys(_STATUSES, 0))
        """Answers since the start, by status."""
        self.cut = 0
        """Connections dropped without an answer."""
        self.turned_away = 0
        """Connections beyond the limits that are being told so."""
        self.check_open: Callable[[], object] = lambda: None
        """Raises BadHead while no WebSocket is opened."""
        self.turns = Turns(clock)
        """Requests that wait for a later turn: a WebSocket takes near a millisecond to open."""
        self.endings = Turns(clock)
        """Connections that are to be cut: thousands may be overdue at once."""
        self.language: Language = next((one.language for one, _ in services.values()), "en")
        """What clients read who ask for no other."""
        self._left = 0
        self._turn: IDelayedCall | None = None
        self.open: set[HttpConnection] = set()
        """Connections that are no WebSocket's (yet)."""
        self._readiness = {name: readiness for name, (_, readiness) in services.items()}
        self._sockets = {
            path: factory
            for name, (factory, _) in services.items()
            for path in (f"/{name}", f"/{name}/")
        }
        if len(services) == 1:
            self._sockets["/"] = next(iter(self._sockets.values()))
        self.origins = Origins(entrance.origins, clock)
        """The web pages that may open a WebSocket, or have a ticket."""
        self._pages = pages
        where = " ".join(f"/{name}/" for name in services) or "none"
        own = " ".join(("/healthz", *(("/readyz",) if services else ()), *pages))
        self._where = f"WebSocket: {where}\nHTTP: {own}\n"

    def buildProtocol(self, addr: IAddress | None) -> "HttpConnection":
        """Twisted calls this for each connection it has accepted."""
        return HttpConnection(self)

    def stopFactory(self) -> None:
        """Twisted calls this when nothing listens any more: idle connections go."""
        for connection in list(self.open):
            connection.abort()
        self.admission.close()
        self.turns.close()
        self.endings.close()
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None

    def samples(self) -> Iterator[Sample]:
        """Read how HTTP requests were answered; called on a scrape."""
        for status, count in self.answers.items():
            yield _ANSWERS.sample(count, str(status))
        yield _CUT.sample(self.cut)
        yield _UNOPENED.sample(len(self.open))
        yield from self.admission.samples()

    def may_answer_now(self) -> bool:
        """Count a request; gives whether it may be answered in this turn of the reactor."""
        if self._turn is None:
            self._turn = self.clock.callLater(0, self._next_turn)
            self._left = _REQUESTS_A_TURN
        self._left -= 1
        return self._left >= 0

    def _next_turn(self) -> None:
        self._turn = None

    def language_of(self, head: Head) -> Language:
        """Return the language that a request asks for, or the gateway's; BadHead for none."""
        return asked_language(head, self.language)

    def socket(self, head: Head) -> GatewayFactory:
        """Give the service whose WebSocket a request asks for.

        :raises BadHead: if there is none at its path, or the request lacks something.
        """
        self.check_open()
        factory = self._sockets.get(head.path)
        if factory is None:
            detail = english(
                "there is no WebSocket at this path\n{where}", where=self._where.rstrip()
            )
            raise BadHead(404, detail)
        check_upgrade(head)
        self._check_origin(head)
        return factory

    def _check_origin(self, head: Head) -> None:
        self.origins.check(head.fields.get("origin"), head.fields.get("host"))

    def page(self, head: Head, transport: Any) -> Answer:
        """Give the page that a request asks for, or say why there is none.

        :raises BadHead: if the caller may not have it.
        """
        match head.path:
            case path if path == TICKET:
                self._check_origin(head)
                ticket = self.entrance.ticket(head, transport)
                told = {"Ticket": ticket.reveal(), "ExpiresIn": LIFETIME}
                return Answer(200, json.dumps(told) + "\n", content_type=JSON)
            case "/":
                return Answer(200, f"webctp\n{self._where}")
            case "/healthz":
                return Answer(200, "ok\n")
            case "/readyz" if self._readiness:
                return self._ready(self.language_of(head))
            case path if path in self._pages:
                address = peer_address(transport.getPeer())
                who = partial(self.entrance.principal, head, transport)
                return self._pages[path](head, address, who)
            case path if path in self._sockets:
                detail = english("a WebSocket is served here; ask for it by 'Upgrade: websocket'")
                upgrade = BadHead(426, detail, (("Upgrade", "websocket"),))
                return refusal_answer(upgrade, self.language_of(head))
            case _:
                detail = english(
                    "there is nothing at this path\n{where}", where=self._where.rstrip()
                )
                return refusal_answer(BadHead(404, detail), self.language_of(head))

    def _ready(self, language: Language) -> Answer:
        """200 when every service is ready, else 503; the states as JSON."""
        states = {name: dict(state()) for name, state in self._readiness.items()}
        ready = all(state["ready"] for state in states.values())
        told = {
            "ready": ready,
            "connections": self.admission.status(),
            **self.entrance.status(),
            **states,
        }
        return Answer(
            200 if ready else 503,
            json.dumps(said(told, language), ensure_ascii=False) + "\n",
            content_type=JSON,
        )


@implementer(IPushProducer)
class HttpConnection(Protocol):
    """A connection from its first byte until it is closed or a WebSocket's.

    One request is answered in each turn of the reactor, and none while the client does not read
    the answers to those before. Of many connections some are served in a turn.
    """

    transport: Any

    def __init__(self, site: Site) -> None:
        self._site = site
        self._reader = HeadReader()
        self._language = site.language
        self._address = ""
        self._admitted = self._turned_away = False
        self._deadline: IDelayedCall | None = None
        self._blocked = self._waiting = False
        self._head: Head | None = None
        """A request that waits for its turn."""
        self._closing = False
        self._ignored = 0
        self._socket: GatewayProtocol | None = None
        self._usage: Usage | None = None

    def connectionMade(self) -> None:
        """Twisted calls this when it has accepted the connection; with TLS, before a handshake."""
        self._site.open.add(self)
        self._address = peer_address(self.transport.getPeer())
        if not self._site.admission.enter(self._address):
            self._turn_away()
            return
        self._admitted = True
        self._set_deadline(HANDSHAKE, self._end_overdue)
        self.transport.registerProducer(self, True)

    def dataReceived(self, data: bytes) -> None:
        """Twisted calls this with bytes; once a WebSocket is open, it calls that instead."""
        if self._closing:
            before, self._ignored = self._ignored, self._ignored + len(data)
            if before <= _MOST_IGNORED < self._ignored:
                self._site.cut += 1
                self.abort()
            return
        self._reader.feed(data)
        if not self._blocked and not self._waiting:
            self._work()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Twisted calls this when the connection is closed."""
        self._closing = True
        self._cancel_deadline()
        self._site.open.discard(self)
        if self._turned_away:
            self._site.turned_away -= 1
        if self._admitted:
            self._site.admission.leave(self._address)
        if self._socket is not None:
            if self._usage is not None:
                self._usage.leave(self._socket)
            self._socket.connectionLost(reason)

    def pauseProducing(self) -> None:
        """Twisted calls this when the client does not read its answers."""
        self._blocked = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Twisted calls this when the client has read them."""
        self._blocked = False
        if not self._waiting:
            self._go_on()

    def stopProducing(self) -> None:
        """Twisted calls this when the connection is gone."""

    def abort(self) -> None:
        """Drop the connection without another word."""
        if not self._closing:
            self._site.cut += 1
        self._closing = True
        self._cancel_deadline()
        self.transport.abortConnection()

    def _work(self) -> None:
        """Answer the next request, if it is whole, now or in a later turn."""
        try:
            head = self._reader.take()
        except BadHead as problem:
            self._refuse(problem)
            return
        if head is None:
            return
        if self._site.may_answer_now():
            self._answer(head)
        else:
            self._head = head
            self._wait()

    def _recount(self) -> None:
        """Count by the address that a proxy has told of; BadHead where it has too many."""
        address = peer_address(self.transport.getPeer())
        if address != self._address:
            self._site.admission.leave(self._address)
            self._admitted = self._site.admission.enter(address)
            self._address = address
            if not self._admitted:
                raise full(self._site.admission.refusal)

    def _answer(self, head: Head) -> None:
        try:
            self._language = self._site.language_of(head)
            if head.wants_websocket:
                self._recount()
                self._open_socket(self._site.socket(head), head)
                return
            answer = self._site.page(head, self.transport)
        except BadHead as problem:
            self._refuse(problem)
            return
        last = not head.keeps_open
        self._site.answers[answer.status] += 1
        self.transport.write(answer.encode(with_body=head.method != "HEAD", last=last))
        if last:
            self._close()
            return
        self._set_deadline(KEEP_ALIVE, self._end_overdue)
        if self._reader.rest:
            self._wait()

    def _wait(self) -> None:
        """Read on in a later turn."""
        self._waiting = True
        self.transport.pauseProducing()
        self._site.turns.add(self._go_on, self._address)

    def _go_on(self) -> bool:
        """Do in this turn what was put off; nothing is left of it then."""
        self._waiting = False
        if not self._blocked and not self._closing:
            self.transport.resumeProducing()
            head, self._head = self._head, None
            if head is None:
                self._work()
            else:
                self._answer(head)
        return False

    def _open_socket(self, factory: GatewayFactory, head: Head) -> None:
        """Hand the connection over to a WebSocket, with what came behind the head."""
        principal: Principal = self._site.entrance.principal(head, self.transport)
        self.transport.unregisterProducer()
        socket: Any = factory.buildProtocol(self.transport.getPeer())
        socket.principal, socket.language = principal, self._language
        socket.makeConnection(self.transport)
        socket.dataReceived(without_tokens(head).encode())
        if socket.state != socket.STATE_OPEN:
            socket.connectionLost(Failure(ConnectionDone()))
            raise _not_let_in()
        self._cancel_deadline()
        self._site.answers[101] += 1
        self._site.open.discard(self)
        self._socket = socket
        self._usage = principal.usage
        if self._usage is not None:
            self._usage.enter(socket)
        # From now on what arrives goes there straight.
        self.dataReceived = socket.dataReceived  # type: ignore[method-assign]
        if self._reader.rest:
            socket.dataReceived(self._reader.rest)
        del self._reader

    def _refuse(self, problem: BadHead) -> None:
        if problem.delay:
            self._hold_back(problem)
            return
        with_body = self._reader.method != "HEAD"
        self._site.answers[problem.status] += 1
        answer = refusal_answer(problem, self._language)
        self.transport.write(answer.encode(with_body=with_body, last=True))
        self._close(unread=True)

    def _hold_back(self, problem: BadHead) -> None:
        """Refuse a request later, and read nothing meanwhile."""
        self._waiting = True
        self.transport.pauseProducing()
        self._set_deadline(problem.delay, lambda: self._refuse(problem.at_once()))

    def _turn_away(self) -> None:
        """There are too many connections: say so where it costs little."""
        if ISSLTransport.providedBy(self.transport) or (
            self._site.turned_away >= _MOST_TURNED_AWAY
        ):
            self.abort()
            return
        self._turned_away = True
        self._site.turned_away += 1
        answer = refusal_answer(full(self._site.admission.refusal), self._language)
        self._site.answers[answer.status] += 1
        self.transport.write(answer.encode(with_body=True, last=True))
        self._close(unread=True)

    def _end_overdue(self) -> None:
        """Refuse a request that took too long to come, as soon as there is time for it."""
        self._deadline = None
        self._site.endings.add(self._overdue, self._address)

    def _overdue(self) -> bool:
        if self._closing or self._socket is not None or self._deadline is not None:
            return False  # it went on meanwhile
        if self._blocked or not (self._head or self._reader.rest):
            self.abort()
        else:
            self._refuse(BadHead(408, english("the request took too long to come")))
        return False

    def _close(self, *, unread: bool = False) -> None:
        """Close when the client has read the last answer, or after a moment.

        :param unread: whether the client may still be sending. A socket that is closed on unread
            bytes is reset, and the answer lost with it: so only our own side is closed at first.
        """
        self._closing = True
        self._reader = HeadReader()
        self._set_deadline(FAREWELL, self.abort)
        self.transport.unregisterProducer()
        half = None if ISSLTransport.providedBy(self.transport) else "loseWriteConnection"
        if unread and half and hasattr(self.transport, half):
            self.transport.resumeProducing()
            self.transport.loseWriteConnection()
        else:
            self.transport.loseConnection()

    def _set_deadline(self, seconds: float, then: Callable[[], None]) -> None:
        self._cancel_deadline()
        self._deadline = self._site.clock.callLater(seconds, then)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None


def site(
    services: Mapping[str, tuple[GatewayFactory, Readiness]],
    clock: IReactorTime,
    limits: ConnectionLimits | None = None,
    entrance: Entrance = OPEN,
    pages: Mapping[str, Page] | None = None,
) -> Site:
    """Make what a port serves: each service at ``/<name>/``, and pages beside them by path."""
    return Site(services, clock, limits or ConnectionLimits(), entrance, pages or {})
