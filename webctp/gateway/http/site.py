"""What a port serves: WebSockets, an API, and the pages ``/healthz``, ``/readyz``."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from twisted.internet.interfaces import IAddress, IDelayedCall, IReactorTime
from twisted.internet.protocol import Factory

from webctp.config.serving import ConnectionLimits
from webctp.gateway.access.address import peer_address
from webctp.gateway.access.admission import Admission
from webctp.gateway.access.principal import Principal
from webctp.gateway.access.tokens.tickets import LIFETIME
from webctp.gateway.http.answer import JSON, Answer, asked_language, refusal_answer
from webctp.gateway.http.calls import Api
from webctp.gateway.http.connection import HttpConnection
from webctp.gateway.http.entrance import OPEN, Entrance
from webctp.gateway.http.head import TICKET, BadHead, Head, Taken, check_upgrade
from webctp.gateway.http.head import pages as taken_by_pages
from webctp.gateway.http.origins import Origins
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.language.text import Language, english, said
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.turns import Turns

Readiness = Callable[[], Mapping[str, Any]]
"""Gives ``{"ready": bool, ...}`` for one service."""

_REQUESTS_A_TURN: Final = 16
"""Requests that are answered in a turn as soon as they are read; the others of it wait."""
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
        self.api: Api | None = None
        """What is served beside pages and WebSockets; whoever puts the daemon together sets it."""
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
        shown = (path for path in pages if path != "/" and path.count("/") == 1)
        own = " ".join(("/healthz", *(("/readyz",) if services else ()), *shown))
        self._where = f"WebSocket: {where}\nHTTP: {own}\n"

    def buildProtocol(self, addr: IAddress | None) -> HttpConnection:
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

    def rule(self, path: str) -> Taken:
        """Return what is taken at a path."""
        if self.api is not None and self.api.serves(path):
            return self.api.taken(path)
        return taken_by_pages(path)

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
            case "/" if "/" not in self._pages:
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


def site(
    services: Mapping[str, tuple[GatewayFactory, Readiness]],
    clock: IReactorTime,
    limits: ConnectionLimits | None = None,
    entrance: Entrance = OPEN,
    pages: Mapping[str, Page] | None = None,
) -> Site:
    """Make what a port serves: each service at ``/<name>/``, and pages beside them by path."""
    return Site(services, clock, limits or ConnectionLimits(), entrance, pages or {})
