"""What stands in a WebSocket's place over HTTP: a client of a service, its outbox, its bounds.

Requests are handed to the service's own :class:`~webctp.gateway.client.ServiceClient`, so that
checks, scopes, limits, audit, pace and order safety are those of a WebSocket.
"""

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Final

from twisted.internet.defer import Deferred

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.logindeadline import LoginDeadline, Presence, shorter
from webctp.gateway.access.principal import Principal
from webctp.gateway.access.rate import MessageRate
from webctp.gateway.access.usage import shared_rate
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.calls import Caller
from webctp.gateway.messages.schema import Schema
from webctp.gateway.rest import envelopes
from webctp.gateway.rest.envelopes import Fields
from webctp.gateway.rest.gathering import Gathering, decode
from webctp.gateway.rest.wires import MessageWire
from webctp.gateway.websocket.fanout import Outbox
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.language.text import Language, Text, english

POLICY: Final = 1008
"""The close code of a WebSocket that is closed for what its client does."""
TRY_AGAIN_LATER: Final = 1013
"""The close code of one that reads too slowly."""
_PUSH: Final = b'{"MsgType":"Rtn'
_CLIENT_ORDER: Final = b'{"MsgType":"RtnClientOrder"'
_MOST_ID: Final = 2**31 - 1
_ENDED: Final = english("the session has ended; log in again")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: from which address, as whom, and what is read of the gateway's own."""

    caller: Caller
    principal: Principal
    language: Language
    rate: MessageRate
    """What bounds the requests."""


class Asked:
    """A request that waits for its answers; whoever has asked says what to do with them."""

    def __init__(self, gathering: Gathering) -> None:
        self.gathering = gathering

    def grew(self) -> None:
        """Take note that more is held."""

    def answered(self) -> None:
        """Take note that the last answer has come."""

    def failed(self, code: int, detail: Text) -> None:
        """Take note that none will come."""


class HttpClient:
    """One client of a service over HTTP. Runs in the reactor's thread.

    An :class:`~webctp.gateway.websocket.openclient.OpenClient`: it is listed, told of the end and
    closed as WebSockets are.
    """

    def __init__(
        self, factory: GatewayFactory, visitor: Visitor, wire: MessageWire | None = None
    ) -> None:
        fanout = factory.fanout
        caller = visitor.caller
        self.principal, self.language = visitor.principal, visitor.language
        self.is_closed: Deferred[object] = Deferred()
        self.opened = fanout.clock.seconds()
        self.number = next(fanout.numbers)
        self.address = caller.address
        self._factory = factory
        self._rate = visitor.rate
        self._asked: dict[int, Asked] = {}
        self._waiting: deque[bytes] = deque()
        self._last_id = 0
        name = f"{caller.address} (HTTP {self.number})"
        wire = MessageWire(self.message) if wire is None else wire
        outbox = self.outbox = Outbox(fanout, wire, self._too_slow, caller.address, name)
        who, nesting = visitor.principal, factory.max_nesting
        made = factory.make_client(Peer(outbox, who, visitor.language, nesting))
        if not isinstance(made, ServiceClient):
            raise TypeError(f"{made} is no service's client")
        self.client: ServiceClient | None = made
        made.on_idle = self._idle
        made.rate = self._rate
        outbox.is_admitted = made.is_admitted
        seconds = shorter(factory.login_deadline, who.limits.login_seconds)
        end = partial(self._no_login, seconds)
        self._deadline = LoginDeadline(fanout.clock, seconds, made, end) if seconds > 0 else None
        self._coming = factory.comings.came(name, visitor.principal)
        factory.open.add(self)
        if self.principal.usage is not None:
            self.principal.usage.enter(self)

    @property
    def schema(self) -> Schema:
        """The requests of its service."""
        return self._open.schema

    @property
    def _open(self) -> ServiceClient:
        if self.client is None:
            raise Refusal(errors.NOT_LOGGED_IN, _ENDED)
        return self.client

    @property
    def is_kept(self) -> bool:
        """Whether something is to be kept for it: a login, or what comes before one."""
        client = self.client
        if client is None:
            return False
        return client.presence() is not Presence.STRANGER or bool(client.account())

    @property
    def is_busy(self) -> bool:
        """Whether a request of it waits for its answers."""
        return bool(self._asked)

    def limit_rate(self, limit: int) -> None:
        """Take another ``MessageRate``."""
        if shared_rate(self.principal.usage, limit) is None:
            self._rate.change(limit)

    def rated(self, rate: MessageRate) -> None:
        """Take requests by another bucket from now on."""
        self._rate = rate
        if self.client is not None:
            self.client.rate = rate

    def ask(self, name: str, fields: Fields, asked: Asked) -> None:
        """Send a request to the service; ``asked`` is told what becomes of it.

        :raises webctp.ctp.refusal.Refusal: if it cannot be sent at all.
        """
        message = envelopes.enveloped(self.schema, name, fields, self._next_id())
        self._asked[self._last_id] = asked
        if self._open.work is not None:
            self._waiting.append(message)
        else:
            self._send(message)
        self._factory.fanout.flush()

    def forget(self, asked: Asked) -> None:
        """Tell no more of a request: nobody waits for its answers."""
        self._asked = {key: one for key, one in self._asked.items() if one is not asked}

    def message(self, payload: bytes) -> None:
        """Take a message that a WebSocket would have been sent."""
        is_order = payload.startswith(_CLIENT_ORDER)
        if not self._asked or (payload.startswith(_PUSH) and not is_order):
            return
        message = decode(payload)
        number = message.get("RequestID")
        if number is not None:
            found = [int(bytes(number))]
        elif is_order:
            told = message["ClientOrder"]
            found = [k for k, one in self._asked.items() if one.gathering.tells_of(told)]
        else:
            return
        for key in found:
            asked = self._asked.get(key)
            if asked is None:
                continue
            asked.gathering.take(message)
            asked.grew()
            if asked.gathering.is_done:
                self._asked.pop(key, None)
                asked.answered()

    def close(self, code: int, reason: Text) -> None:
        """End it, whatever waits; as a WebSocket that is closed with this code."""
        client, self.client = self.client, None
        if client is None:
            return
        self._coming.closing(client, reason)
        if self._deadline is not None:
            self._deadline.cancel()
        self._factory.open.discard(self)
        if self.principal.usage is not None:
            self.principal.usage.leave(self)
        refusal = errors.TOO_MANY if code == POLICY else errors.NOT_READY
        asked, self._asked = self._asked, {}
        for one in asked.values():
            one.failed(refusal, english("the session has ended: {reason}", reason=reason))
        self._waiting.clear()
        self.closing(code, reason)
        self._coming.went(client, code)
        self.outbox.release()
        client.stop()
        client.gone()
        client.on_idle = _nothing
        self.is_closed.callback(None)
        self._factory.fanout.flush()  # others may have been told of that

    def closing(self, code: int, reason: Text) -> None:
        """Take leave of the client, where there is a way to."""

    def _next_id(self) -> int:
        """Return a RequestID that none of its requests has that wait."""
        self._last_id = self._last_id % _MOST_ID + 1
        while self._last_id in self._asked:
            self._last_id = self._last_id % _MOST_ID + 1
        return self._last_id

    def _send(self, message: bytes) -> None:
        """Hand a message to the service, within the rate."""
        client, rate = self._open, self._rate
        rate.left -= 1
        if rate.left >= 0 or rate.admit():
            client.received(message, False)
        elif rate.persists():
            self.close(POLICY, rate.beyond())
        else:
            client.too_fast(message, False, rate)

    def _idle(self) -> None:
        """Go on: the client's long work is done."""
        while self._waiting and self.client is not None and self.client.work is None:
            self._send(self._waiting.popleft())

    def _no_login(self, seconds: float) -> None:
        self.close(POLICY, english("no login within {seconds:g} s", seconds=seconds))

    def _too_slow(self, reason: Text) -> None:
        # The outbox is closed already; its caller may be in the midst of sending to many.
        later = self._factory.fanout.reactor.callLater
        later(0, self.close, TRY_AGAIN_LATER, english("too slow: {reason}", reason=reason))


def _nothing() -> None:
    pass
