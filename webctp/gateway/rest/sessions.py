"""Sessions over HTTP: a bearer for whoever has logged in, until the logout or an idle time."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IDelayedCall

from webctp.clock import GRAIN
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.admission import Admission
from webctp.gateway.access.usage import rate_of
from webctp.gateway.http.answer import full
from webctp.gateway.http.head import BadHead
from webctp.gateway.rest.httpclient import HttpClient, Visitor
from webctp.gateway.websocket.protocol import GOING_AWAY, GatewayFactory
from webctp.language.text import Text, english
from webctp.metrics import Kind, Metric
from webctp.secret import TOKEN_PREFIX, Secret

PREFIX: Final = f"{TOKEN_PREFIX}session_"
"""What every bearer begins with; the log hides whatever does."""
_BYTES: Final = 32
_HEADERS: Final = (("WWW-Authenticate", 'Bearer realm="webctp", error="invalid_token"'),)
SESSIONS: Final = Metric(
    "webctp_http_sessions",
    Kind.GAUGE,
    "Sessions over HTTP that have a bearer.",
    "持有 bearer 的 HTTP 会话数。",
)


class HttpSession(HttpClient):
    """A client over HTTP that may come again with its bearer.

    It counts as a connection (``MaxConnections``, ``MaxConnectionsPerAddress``, its token's).

    :raises webctp.ctp.refusal.Refusal: -503 where there are too many.
    """

    def __init__(
        self, service: str, factory: GatewayFactory, visitor: Visitor, admission: Admission
    ) -> None:
        if not admission.enter(visitor.caller.address):
            raise Refusal(errors.NOT_READY, full(admission.refusal).detail)
        self._admission = admission
        self.service = service
        self.has_bearer = False
        """Whether its client may come again."""
        self.on_end: Callable[[], object] = _nothing
        """Called when it has ended."""
        self._ends_with: dict[HttpClient, None] = {}
        self._used = factory.fanout.clock.seconds()
        self._look: IDelayedCall | None = None
        super().__init__(factory, visitor)

    @property
    def idle(self) -> float:
        """Seconds without a request after which it ends."""
        return self._factory.http_session_idle

    def used(self) -> None:
        """Take note that it makes a request."""
        self._used = self._factory.fanout.clock.seconds()

    def keep(self) -> None:
        """Wait for further requests, until it was idle for ``HttpSessionIdle``."""
        self.has_bearer = True
        factory, usage = self._factory, self.principal.usage
        self.rated(rate_of(factory.fanout.clock, usage, factory.message_rate))
        self._wait(self._factory.http_session_idle)

    def adopt(self, stream: HttpClient) -> None:
        """End a stream of events when this session ends; while it lasts this one is not idle."""
        self._ends_with[stream] = None
        stream.is_closed.addCallback(lambda _: self._ends_with.pop(stream, None))

    def closing(self, code: int, reason: Text) -> None:
        """See :class:`HttpClient`."""
        if self._look is not None and self._look.active():
            self._look.cancel()
        self._look = None
        self._admission.leave(self.address)
        for one in list(self._ends_with):
            one.close(code, reason)
        self.on_end()

    def _wait(self, seconds: float) -> None:
        self._look = self._factory.fanout.clock.callLater(seconds, self._look_again)

    def _look_again(self) -> None:
        """End it unless it was used meanwhile."""
        idle, now = self._factory.http_session_idle, self._factory.fanout.clock.seconds()
        if self.is_busy or self._ends_with:
            self._used = now
        left = self._used + idle - now
        if left > GRAIN:
            self._wait(left)
        else:
            self.close(GOING_AWAY, english("idle for {seconds:g} s", seconds=idle))


class Sessions:
    """Hold the sessions that have a bearer, by its hash. Runs in the reactor's thread."""

    def __init__(self) -> None:
        self._by_hash: dict[bytes, HttpSession] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._by_hash)

    def keep(self, session: HttpSession) -> Secret:
        """Keep a session; return its bearer, which is told once."""
        bearer = Secret(PREFIX + secrets.token_urlsafe(_BYTES))
        key = _hash(bearer)
        self._by_hash[key] = session
        session.on_end = lambda: self._by_hash.pop(key, None)
        session.keep()
        return bearer

    def find(self, bearer: Secret) -> HttpSession | None:
        """Return whose bearer this is; None for what has not the form of one.

        :raises BadHead: 401 for one that is none, or no longer.
        """
        if not bearer.reveal().startswith(PREFIX):
            return None
        session = self._by_hash.get(_hash(bearer))
        if session is None:
            detail = english("the bearer is wrong, or its session has ended; log in again")
            raise BadHead(-errors.NOT_LOGGED_IN, detail, _HEADERS)
        return session


def _hash(bearer: Secret) -> bytes:
    return hashlib.sha256(bearer.reveal().encode("utf-8", "surrogatepass")).digest()


def _nothing() -> None:
    pass
