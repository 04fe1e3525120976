"""One POST: from its body to its answer, and the bearer of whoever has logged in by it."""

from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.logindeadline import Presence
from webctp.gateway.http.answer import JSON, Answer
from webctp.gateway.http.calls import Caller
from webctp.gateway.rest import envelopes
from webctp.gateway.rest.gathering import Gathering
from webctp.gateway.rest.httpclient import Asked
from webctp.gateway.rest.problems import Headers
from webctp.gateway.rest.sessions import HttpSession, Sessions
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GOING_AWAY
from webctp.language.text import Language, Text, english

_log = Logger()

PATIENCE: Final = 120.0
"""Seconds in which a request is answered; a query may wait in line for a while."""
SETTLING: Final = 5.0
"""Seconds in which the front refuses what it does not answer otherwise, or tells of an order."""
_REFUSALS: Final = 400
_GOES_ON: Final = errors.PASSWORD_MUST_CHANGE
"""Refusals of a login after which the password can be changed."""
_GOES: Final = english("the request has been answered")
_LOGGED_OUT: Final = english("logged out")


class ApiCall(Asked):
    """Carry out one POST; a :class:`~webctp.gateway.http.calls.Call`.

    What it gathers counts in ``ClientMemory``, until the client has taken it.

    :param find: gives the session that carries it out: the one of its bearer, or a new one.
    :param headers: of the answer, beside the usual ones.
    """

    def __init__(
        self,
        name: str,
        caller: Caller,
        find: Callable[[], HttpSession],
        sessions: Sessions,
        fanout: Fanout,
        headers: Headers,
        language: Language,
    ) -> None:
        super().__init__(Gathering(name, is_ctp=False))
        self.held = 0
        self._name = name
        self._caller = caller
        self._find = find
        self._sessions = sessions
        self._fanout = fanout
        self._headers = headers
        self._language: Language = language
        self._session: HttpSession | None = None
        self._timer: IDelayedCall | None = None
        self._is_told = False

    def begin(self, body: bytes) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""
        try:
            self._ask(body)
        except Refusal as refusal:
            self.failed(refusal.code, refusal.detail)
        except Exception:  # noqa: BLE001 - a fault of ours must not leave the client waiting
            _log.failure("a request failed: {name}", Failure(), name=self._name)
            self._tell(self.gathering.broken(self._language))

    def _ask(self, body: bytes) -> None:
        session = self._session = self._find()
        session.used()
        method = session.schema.methods.get(self._name)
        fields = envelopes.fields_of(body)
        envelopes.check_served(method)
        number = envelopes.client_order_id(method, fields)
        self.gathering = Gathering(self._name, is_ctp=method is not None, client_order_id=number)
        is_answered = method is None or method.is_answered
        wait = self._overdue if is_answered else self._settled
        self._timer = self._fanout.reactor.callLater(PATIENCE if is_answered else SETTLING, wait)
        session.ask(self._name, fields, self)

    def grew(self) -> None:
        """Count what is held for it."""
        by = self.gathering.held - self.held
        if by > 0:
            self._fanout.memory.change(self, by)

    def too_greedy(self, limit: int) -> None:
        """Give up: of all clients this one holds most, and all together too much."""
        self._fanout.memory.drop(self)
        detail = english("its answer is too long now: all clients hold {limit} bytes", limit=limit)
        if self._is_told:
            self._caller.abort()
        else:
            self.failed(errors.NOT_READY, detail)

    def answered(self) -> None:
        """Answer the client; who has logged in is given a bearer."""
        self._tell(self.gathering.answer())

    def failed(self, code: int, detail: Text) -> None:
        """Answer with a refusal of the gateway's own."""
        self._tell(self.gathering.failed(code, detail, self._language))

    def written(self) -> None:
        """See :class:`~webctp.gateway.http.calls.Call`."""
        self._fanout.memory.drop(self)

    def gone(self) -> None:
        """Leave off: nobody waits for the answer any more."""
        self._fanout.memory.drop(self)
        if not self._is_told:
            self._is_told = True
            self._leave()
            self._fanout.flush()

    def _overdue(self) -> None:
        detail = english(
            "no answer within {seconds:g} s; what became of it is not known", seconds=PATIENCE
        )
        self.failed(errors.NO_ANSWER, detail)

    def _settled(self) -> None:
        self._tell(self.gathering.early(self._language))

    def _tell(self, answer: Answer) -> None:
        if self._is_told:
            return
        self._is_told = True
        session = self._session
        if session is not None and not session.has_bearer and self._keeps(session, answer):
            answer = _with_bearer(answer, self._sessions.keep(session).reveal(), session.idle)
        self._leave()
        headers = (*answer.headers, *self._headers)
        self._caller.reply(Answer(answer.status, answer.body, answer.content_type, headers))

    def _keeps(self, session: HttpSession, answer: Answer) -> bool:
        """Return whether the client is to come again: it is logged in, or on its way there."""
        if session.client is None or not session.is_kept:
            return False
        is_stranger = session.client.presence() is Presence.STRANGER
        return not is_stranger or answer.status < _REFUSALS or self.gathering.code in _GOES_ON

    def _leave(self) -> None:
        """Wait no more; a session that nobody can come back to ends, and one that is logged out."""
        timer, self._timer = self._timer, None
        if timer is not None and timer.active():
            timer.cancel()
        session, self._session = self._session, None
        if session is None:
            return
        session.forget(self)
        # Later, for the outbox may be in the midst of writing.
        if not session.has_bearer:
            self._fanout.when_written(partial(session.close, GOING_AWAY, _GOES))
        elif not session.is_kept and not session.is_busy:
            self._fanout.when_written(partial(session.close, GOING_AWAY, _LOGGED_OUT))


def _with_bearer(answer: Answer, bearer: str, idle: float) -> Answer:
    """Return an answer with the session's bearer in it."""
    told = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
    words = {"Token": bearer, "IdleSeconds": idle}
    told["Bearer"] = msgspec.Raw(msgspec.json.encode(words))
    body = msgspec.json.encode(told) + b"\n"
    return Answer(answer.status, body, answer.content_type or JSON, answer.headers)
