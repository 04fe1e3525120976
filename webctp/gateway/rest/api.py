"""What stands at ``/td/REQUEST``, ``/md/REQUEST`` and ``/md/ticks``, and who may have it."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from webctp.gateway.access.admission import Admission
from webctp.gateway.access.principal import Principal
from webctp.gateway.access.rate import MessageRate
from webctp.gateway.access.tokens.presented import AUTHORIZATION
from webctp.gateway.access.usage import shared_rate
from webctp.gateway.http.answer import Answer, asked_language
from webctp.gateway.http.calls import Call, Caller
from webctp.gateway.http.entrance import Entrance
from webctp.gateway.http.head import BadHead, Head, Taken
from webctp.gateway.http.origins import Origins
from webctp.gateway.messages.schema import BadMessage
from webctp.gateway.rest import problems, ticks
from webctp.gateway.rest.calls import ApiCall
from webctp.gateway.rest.envelopes import NAME
from webctp.gateway.rest.httpclient import Visitor
from webctp.gateway.rest.problems import Headers
from webctp.gateway.rest.sessions import SESSIONS, HttpSession, Sessions
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.language.text import LANGUAGES, Language, english
from webctp.metrics import Sample
from webctp.secret import Secret

MOST_BODY: Final = 64 * 1024
"""Bytes of a request's body."""
STRANGER_BODY: Final = 8 * 1024
"""Bytes of a request's body that shows no bearer of a session."""
_POST: Final = Taken("POST, OPTIONS", MOST_BODY)
_GET: Final = Taken("GET, HEAD, OPTIONS")
_JSON: Final = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json", re.IGNORECASE)
_BEARER: Final = re.compile(r"bearer +(\S+)", re.IGNORECASE)
_FROM_PAGES: Final = (
    ("Access-Control-Allow-Headers", "Authorization, Content-Type"),
    ("Access-Control-Max-Age", "600"),
)


class RestApi:
    """Serve requests over HTTP; an :class:`~webctp.gateway.http.calls.Api`.

    Runs in the reactor's thread.

    :param services: by name, what makes the clients of each.
    :param admission: counts sessions, as connections.
    :param check_open: raises BadHead while no new client is taken.
    """

    def __init__(
        self,
        services: Mapping[str, GatewayFactory],
        entrance: Entrance,
        origins: Origins,
        admission: Admission,
        check_open: Callable[[], object],
    ) -> None:
        self._services = services
        self._entrance = entrance
        self._origins = origins
        self._admission = admission
        self._check_open = check_open
        self.sessions = Sessions()
        names = "|".join(services)
        self._path = re.compile(rf"/({names})/({NAME.pattern})") if names else re.compile("(?!)")
        self._usual: Language = next((one.language for one in services.values()), "en")

    def samples(self) -> Iterator[Sample]:
        """Read how many sessions there are; called on a scrape."""
        yield SESSIONS.sample(len(self.sessions))

    def serves(self, path: str) -> bool:
        """See :class:`~webctp.gateway.http.calls.Api`."""
        return self._path.fullmatch(path) is not None

    def taken(self, path: str) -> Taken:
        """See :class:`~webctp.gateway.http.calls.Api`."""
        return _GET if path == ticks.PATH else _POST

    def refusal(self, problem: BadHead, language: Language) -> Answer:
        """See :class:`~webctp.gateway.http.calls.Api`."""
        return problems.of_head(problem, language)

    def call(self, head: Head, caller: Caller) -> Call:
        """See :class:`~webctp.gateway.http.calls.Api`."""
        headers = self._cross_origin(head)
        found = self._path.fullmatch(head.path)
        if found is None:
            raise BadHead(404, english("there is nothing at this path"))
        if head.method == "OPTIONS":
            return _Preflight(caller, self.taken(head.path), headers)
        language = language_of(head, self._usual)
        service, name = found[1], found[2]
        if head.path == ticks.PATH:
            return self._ticks(head, caller, headers, language)
        return self._post(service, name, head, caller, headers, language)

    def _post(
        self,
        service: str,
        name: str,
        head: Head,
        caller: Caller,
        headers: Headers,
        language: Language,
    ) -> Call:
        length = int(head.fields.get("content-length") or "0")
        if length and not _JSON.fullmatch(head.fields.get("content-type", "").partition(";")[0]):
            raise BadHead(415, english("send the body as Content-Type: application/json"))
        session, factory = self._shown(head), self._services[service]
        if session is None and length > STRANGER_BODY:
            detail = english(
                "the body is too long; {most} bytes are the most before a login",
                most=STRANGER_BODY,
            )
            raise BadHead(413, detail)
        if session is not None and session.service == service:
            find: Callable[[], HttpSession] = partial(_itself, session)
            language = session.language
        else:
            self._check_open()
            principal = self._principal(head, caller, session)
            visitor = Visitor(caller, principal, language, self._rate(caller, factory, principal))
            find = partial(HttpSession, service, factory, visitor, self._admission)
        fanout = factory.fanout
        return ApiCall(name, caller, find, self.sessions, fanout, headers, language)

    def _ticks(self, head: Head, caller: Caller, headers: Headers, language: Language) -> Call:
        factory = self._services["md"]
        session = self._shown(head)
        if head.method == "GET" and AUTHORIZATION not in head.fields:
            # A page whose name was made to lead here asks without an Origin.
            self._origins.check_host(head.fields.get("host"))
        self._check_open()
        principal = self._principal(head, caller, session)
        try:
            wish = ticks.wish_of(head.query)
        except BadMessage as problem:
            raise BadHead(400, problem.detail) from None
        if head.method == "HEAD":
            return _EventsHead(caller, headers)
        visitor = Visitor(caller, principal, language, self._rate(caller, factory, principal))
        stream = ticks.TickStream(factory, visitor, wish, headers)
        if session is not None:
            session.adopt(stream)
        return ticks.TickCall(stream)

    def _shown(self, head: Head) -> HttpSession | None:
        """Return the session whose bearer a request shows; None where it shows none."""
        match = _BEARER.fullmatch(head.fields.get(AUTHORIZATION, "").strip())
        return None if match is None else self.sessions.find(Secret(match[1]))

    def _principal(self, head: Head, caller: Caller, session: HttpSession | None) -> Principal:
        """Return who asks: whose session it is, else by a token of the gateway's."""
        if session is not None:
            return session.principal
        return self._entrance.principal(head, caller.transport)

    def _rate(self, caller: Caller, factory: GatewayFactory, principal: Principal) -> MessageRate:
        """Return the bucket of a connection's requests that come with no session's bearer."""
        limit = factory.message_rate
        shared = shared_rate(principal.usage, limit)
        if shared is not None:
            return shared
        if caller.rate is None:
            caller.rate = MessageRate(factory.fanout.clock, limit)
        return caller.rate

    def _cross_origin(self, head: Head) -> Headers:
        """Check the page that asks, if one does; return what its browser is told.

        :raises BadHead: if it is not let in.
        """
        origin = head.fields.get("origin")
        if origin is None:
            return ()
        self._origins.check(origin, head.fields.get("host"))
        if not origin.isascii():
            return ()
        return (
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Expose-Headers", "Retry-After"),
            ("Vary", "Origin"),
        )


def _itself(session: HttpSession) -> HttpSession:
    return session


class _Preflight:
    """Say what is taken at a path; to web pages, what they may send."""

    def __init__(self, caller: Caller, taken: Taken, headers: Headers) -> None:
        self._caller = caller
        allowed: Headers = (("Allow", taken.methods),)
        if headers:
            allowed += (("Access-Control-Allow-Methods", taken.methods), *_FROM_PAGES)
        self._answer = Answer(200, "", headers=(*allowed, *headers))

    def begin(self, body: bytes) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""
        self._caller.reply(self._answer)

    def written(self) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""

    def gone(self) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""


class _EventsHead(_Preflight):
    """Answer HEAD as GET is, without events."""

    def __init__(self, caller: Caller, headers: Headers) -> None:
        super().__init__(caller, _GET, ())
        self._head = ticks.head(headers)

    def begin(self, body: bytes) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""
        self._caller.stream(self._head)
        self._caller.end()


def language_of(head: Head, usual: Language) -> Language:
    """Return what a request's sender reads: ``?language=``, else ``Accept-Language``, else usual.

    :raises BadHead: if the address names a language that there is not.
    """
    return asked_language(head, accepted(head.fields.get("accept-language", "")) or usual)


def accepted(header: str) -> Language | None:
    """Return the language of ours that a header likes best; None where it names none of them."""
    best: Language | None = None
    liking = 0.0
    for part in header.lower().split(","):
        tag, _, parameter = part.partition(";")
        word = tag.strip().partition("-")[0]
        name, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue  # whoever writes it so has said nothing
        found = next((one for one in LANGUAGES if one == word), None)
        if found is not None and weight > liking:
            best, liking = found, weight
    return best
