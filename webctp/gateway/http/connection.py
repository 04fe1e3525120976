"""One connection of a port, from its first byte until it is closed or a WebSocket's.

Strangers come first through here, so that little is done for them: the head of a request is
bounded, it must be whole within seconds, a body is taken only where there is an API, and what is
refused is closed. A connection becomes a WebSocket's when the head has been checked; what came
behind the head is its first message.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final
from typing import Protocol as Shape

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import (
    IDelayedCall,
    IPushProducer,
    IReactorTime,
    ISSLTransport,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from webctp.gateway.access.address import peer_address
from webctp.gateway.access.admission import Admission
from webctp.gateway.access.principal import Principal
from webctp.gateway.access.rate import MessageRate
from webctp.gateway.access.usage import Usage
from webctp.gateway.http.answer import Answer, full, refusal_answer
from webctp.gateway.http.calls import Api, Call
from webctp.gateway.http.entrance import Entrance, without_tokens
from webctp.gateway.http.head import BadHead, Head, HeadReader, Taken
from webctp.gateway.websocket.protocol import GatewayFactory, GatewayProtocol
from webctp.language.text import Language, english
from webctp.upstream.turns import Turns

HANDSHAKE: Final = 10.0
"""Seconds from the connection (TLS included) until a request is whole, its body included."""
KEEP_ALIVE: Final = 5.0
"""Seconds from an answer until the next request on the same connection is whole."""
API_KEEP_ALIVE: Final = 60.0
"""Seconds from an answer of the API until the next request begins; it has :data:`HANDSHAKE`."""
READING: Final = 30.0
"""Seconds in which a client takes a portion of a long answer."""
FAREWELL: Final = 1.0
"""Seconds that a client has to read a last answer; what it still sends is thrown away."""
_PORTION: Final = 64 * 1024
"""Bytes of a long answer that the transport is given at a time."""
_MOST_AHEAD: Final = 64 * 1024
"""Bytes of further requests that are read while one is carried out."""
_MOST_IGNORED: Final = 256 * 1024
"""Bytes of a client's that are thrown away while it takes its last answer, or events."""
_MOST_TURNED_AWAY: Final = 64
"""Connections beyond the limits that are told so at a time; more are just dropped."""


def _not_let_in() -> BadHead:
    """Make the refusal of a handshake that Autobahn has turned down, each time anew."""
    return BadHead(
        403, english("the WebSocket is not let in: look at its Origin, protocols and extensions")
    )


class ServedPort(Shape):
    """What a connection needs of what its port serves."""

    clock: IReactorTime
    entrance: Entrance
    admission: Admission
    answers: Counter[int]
    cut: int
    turned_away: int
    turns: Turns
    endings: Turns
    language: Language
    open: "set[HttpConnection]"
    api: Api | None

    def rule(self, path: str) -> Taken:
        """Return what is taken at a path."""

    def may_answer_now(self) -> bool:
        """Count a request; gives whether it may be answered in this turn of the reactor."""

    def language_of(self, head: Head) -> Language:
        """Return the language that a request asks for; BadHead for none."""

    def socket(self, head: Head) -> GatewayFactory:
        """Give the service whose WebSocket a request asks for; BadHead for none."""

    def page(self, head: Head, transport: Any) -> Answer:
        """Give the page that a request asks for; BadHead for none."""


@implementer(IPushProducer)
class HttpConnection(Protocol):
    """A connection from its first byte until it is closed or a WebSocket's.

    One request is answered in each turn of the reactor, and none while the client does not read
    the answers to those before. Of many connections some are served in a turn.
    """

    transport: Any

    def __init__(self, site: ServedPort) -> None:
        self._site = site
        self._reader = HeadReader(site.rule)
        self._language = site.language
        self._address = ""
        self._admitted = self._turned_away = False
        self._deadline: IDelayedCall | None = None
        self._blocked = self._waiting = False
        self._head: Head | None = None
        """A request that waits for its turn."""
        self._call: Call | None = None
        """A request of the API that is under way, its body included."""
        self._wanted: int | None = None
        """Bytes of its body; None once that has come."""
        self.rate: MessageRate | None = None
        """What bounds requests of the API that belong to no session."""
        self._out: memoryview | None = None
        """What is left of its answer."""
        self._is_last = self._is_streaming = self._is_idle = False
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
        if self._closing or self._is_streaming:
            before, self._ignored = self._ignored, self._ignored + len(data)
            if before <= _MOST_IGNORED < self._ignored:
                self._site.cut += 1
                self.abort()
            return
        self._reader.feed(data)
        if self._is_idle:
            self._is_idle = False
            self._set_deadline(HANDSHAKE, self._end_overdue)
        if self._call is not None:
            self._read_on()
        elif not self._blocked and not self._waiting:
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
        call, self._call = self._call, None
        if call is not None:
            call.gone()
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
        if self._out is not None:
            self._write_on()
        elif not self._waiting:
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
            if self._site.api is not None and self._site.api.serves(head.path):
                self._recount()
                self._begin(self._site.api, head)
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

    def _begin(self, api: Api, head: Head) -> None:
        """Take a request of the API; BadHead where its head is refused."""
        self._is_last = not head.keeps_open
        self._call = api.call(head, self)
        self._wanted = int(head.fields.get("content-length") or "0")
        self._read_on()

    def _read_on(self) -> None:
        """Carry the request out when its body is whole; of what follows not much is read."""
        call = self._call
        if call is None:
            return
        if self._wanted is None:
            if len(self._reader.rest) > _MOST_AHEAD:
                self.transport.pauseProducing()
            return
        if len(self._reader.rest) < self._wanted:
            return
        body, self._wanted = self._reader.cut(self._wanted), None
        self._cancel_deadline()
        call.begin(body)

    @property
    def address(self) -> str:
        """The client's address as connections are counted."""
        return self._address

    def reply(self, answer: Answer) -> None:
        """Answer the request of the API that is under way."""
        self._site.answers[answer.status] += 1
        with_body = self._reader.method != "HEAD"
        self._out = memoryview(answer.encode(with_body=with_body, last=self._is_last))
        self._write_on()

    def stream(self, head: bytes) -> None:
        """Answer with what has no end: from now on its call writes to the transport itself.

        :param head: of the answer, which is of status 200.
        """
        self._site.answers[200] += 1
        self._is_streaming = True
        self._cancel_deadline()
        self.transport.unregisterProducer()
        self.transport.write(head)

    def end(self) -> None:
        """Close when the client has read what it was sent, or after a moment."""
        if not self._closing:
            self._close()

    def _write_on(self) -> None:
        """Write an answer by portions: the next when the client has taken the last."""
        while self._out and not self._blocked:
            portion, self._out = self._out[:_PORTION], self._out[_PORTION:]
            self._set_deadline(READING, self.abort)
            self.transport.write(bytes(portion))
        if self._out or self._closing:
            return
        self._out = None
        call, self._call = self._call, None
        if call is not None:
            call.written()
        if self._is_last:
            self._close()
            return
        self._is_idle = not self._reader.rest
        self._set_deadline(API_KEEP_ALIVE if self._is_idle else HANDSHAKE, self._end_overdue)
        if self._reader.rest:
            self._wait()
        elif not self._blocked:
            self.transport.resumeProducing()

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
        api = self._site.api
        if api is not None and api.serves(self._reader.path):
            answer = api.refusal(problem, self._language)
        else:
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
        begun = self._head or self._call or self._reader.rest
        if self._blocked or not begun:
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
        call, self._call = self._call, None
        if call is not None:
            call.gone()
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
