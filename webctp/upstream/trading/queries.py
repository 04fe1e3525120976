"""CTP's pace: queries one by one, one a second.

CTP allows one query of a session in flight and about one a second; beyond that the API returns -2
or -3, or the front answers 90 ("查询流控"; only ``ReqQry…`` counts, ``ReqQuery…`` does not), or 154
where its query core is busy. :class:`QueryQueue` keeps that pace for clients that do not know it.

All methods run in the reactor's thread.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.clock import GRAIN
from webctp.config.trading import TradingSettings
from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.refusal import Limited, Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.language.text import english
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.statetable import StateTable
from webctp.upstream.trading.figures import TradingFigures
from webctp.upstream.trading.staticanswers import STATIC, StaticAnswers

_log = Logger()

Send = Callable[[Method, bytes, OnReply], int]
"""As :meth:`webctp.upstream.session.session.FrontSession.request`."""

NOT_NOW: Final = frozenset({-2, -3})
"""Return values of the API that mean "later": too many under way, too many this second."""
IN_FLIGHT: Final = -2
"""The first of them: an earlier query has not been answered yet."""
_LEAST_RETRY: Final = 1.0
"""CTP counts by the second: trying again sooner is in vain, whatever the interval."""
_HELD_UP: Final = 3
"""How often in a row the API must say that a query is unanswered, after one that was, until the
answer counts as lost: an answer that is only slow frees the place by itself."""
_ROWS_A_TURN: Final = 125
"""Rows of a kept answer that are told in a turn: a millisecond's worth."""
_ROWS_A_LOOK: Final = 64
"""After so many rows an answer's size is looked at: it may be too large to be kept."""


class QueryState(Enum):
    """What a query queue is doing."""

    IDLE = "nothing waits, and a query may be sent at once"
    PAUSED = "the interval since the last query is not over"
    IN_FLIGHT = "a query is sent, its answer is not complete"
    RETRYING = "a query was refused for now and will be sent again"


class QueryEvent(Enum):
    """What can happen to a query queue."""

    ASKED = "a query has joined the queue"
    DUE = "the pause is over"
    REFUSED_NOW = "-2, -3, 90 or 154: the query may be sent again"
    ENDED = "the query has its answer, a refusal, or has waited too long for either"
    CLEARED = "the connection broke"


class QueryAction(Enum):
    """What the queue does on entering the new state."""

    NONE = "nothing"
    NEXT = "send the first that waits; if none does, be idle"
    AGAIN = "send the same query again"
    PAUSE = "wait out the interval"
    WAIT = "wait before the same query is sent again"
    FAIL_ALL = "answer all that wait, and stop the timers"


_ANY: Final = tuple(QueryState)
QUERY_TABLE: Final = StateTable[QueryState, QueryEvent, tuple[QueryState, QueryAction]](
    "a query queue",
    {
        (QueryState.IDLE, QueryEvent.ASKED): (QueryState.IN_FLIGHT, QueryAction.NEXT),
        (QueryState.PAUSED, QueryEvent.ASKED): (QueryState.PAUSED, QueryAction.NONE),
        (QueryState.IN_FLIGHT, QueryEvent.ASKED): (QueryState.IN_FLIGHT, QueryAction.NONE),
        (QueryState.RETRYING, QueryEvent.ASKED): (QueryState.RETRYING, QueryAction.NONE),
        (QueryState.PAUSED, QueryEvent.DUE): (QueryState.IN_FLIGHT, QueryAction.NEXT),
        (QueryState.RETRYING, QueryEvent.DUE): (QueryState.IN_FLIGHT, QueryAction.AGAIN),
        (QueryState.IN_FLIGHT, QueryEvent.REFUSED_NOW): (QueryState.RETRYING, QueryAction.WAIT),
        (QueryState.IN_FLIGHT, QueryEvent.ENDED): (QueryState.PAUSED, QueryAction.PAUSE),
        # All who asked have left: nobody is answered, and the next query may go.
        (QueryState.RETRYING, QueryEvent.ENDED): (QueryState.PAUSED, QueryAction.PAUSE),
        **{(state, QueryEvent.CLEARED): (QueryState.IDLE, QueryAction.FAIL_ALL) for state in _ANY},
    },
)
"""Every transition there is; what is absent cannot happen. NEXT with nothing to send ends IDLE."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a query waits: ``number`` 1 is the next to be sent, at the earliest in ``seconds``."""

    number: int
    seconds: float


@dataclass(eq=False, slots=True)
class _Query:
    """A query and those who share its answer; ``rows`` are kept for a static one only."""

    method: Method
    body: bytes
    askers: list[tuple[object, OnReply]] = field(default_factory=list)
    asked: float = 0.0
    attempts: int = 0
    begun: bool = False
    heard: float = 0.0
    sent: float = 0.0
    rows: list[Reply] = field(default_factory=list)
    is_odd: bool = False
    """Whether its answer is too large to be kept."""

    @property
    def key(self) -> tuple[str, bytes]:
        """What makes two queries the same: the request and the packed struct."""
        return self.method.name, self.body


class QueryQueue:
    """Send the queries of one session at CTP's pace.

    :param send: sends a query now; :meth:`FrontSession.request` of the session.
    :param interval: seconds between two sends (``QueryInterval``); 0 sends the next as soon as
        the one before is answered.
    :param timeout: seconds without any callback until a query counts as unanswered (-408).
    :param limit: how many queries may wait; identical ones count once.
    :param attempts: how often a query is sent at most while it is refused for now; the last
        refusal is the answer.
    :param static: where static answers are kept; None keeps none.
    :param figures: where sent, repeated and unanswered queries are counted.
    :param on_held_up: called when an answer is lost and the API takes no query any more: it keeps
        its one place until the connection is made anew.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        send: Send,
        *,
        interval: float = 1.0,
        timeout: float = 10.0,
        limit: int = 64,
        attempts: int = 6,
        static: StaticAnswers | None = None,
        figures: TradingFigures | None = None,
        on_held_up: Callable[[], object] = lambda: None,
        account: tuple[str, ...] = (),
    ) -> None:
        self._account = account
        self._clock = clock
        self._callbacks = catalogue.callbacks
        self._info = RspInfo(catalogue)
        self._send = send
        self._interval = self._least_interval = interval
        self._front_interval = 0.0
        self._timeout = timeout
        self._limit = limit
        self._attempts = attempts
        self._static = static
        self._figures = figures or TradingFigures()
        self._on_held_up = on_held_up
        self._unanswered = False
        self._refusals = 0
        self._waiting: deque[_Query] = deque()
        self._ending: set[_Query] = set()
        self._kept: deque[tuple[_Query, Iterator[Reply]]] = deque()
        self._current: _Query | None = None
        self._telling: _Query | None = None
        self._sent_at = -interval
        self._timer: IDelayedCall | None = None
        self.state = QueryState.IDLE

    def __len__(self) -> int:
        """Return how many queries wait, without the one in flight."""
        return len(self._waiting)

    def heed(self, a_second: int) -> None:
        """Keep to the front's own limit, too: so many queries a second (GetFrontInfo), 0 for none.

        The configured interval is kept to in any case.
        """
        self._front_interval = 1.0 / a_second if a_second > 0 else 0.0
        self._interval = max(self._least_interval, self._front_interval)

    def take_settings(self, settings: TradingSettings) -> None:
        """Take another pace and bound, from the next query on; those that wait stay."""
        self._least_interval = settings.query_interval
        self._interval = max(self._least_interval, self._front_interval)
        self._timeout = settings.query_timeout
        self._limit = settings.query_queue

    def ask(self, method: Method, body: bytes, on_reply: OnReply, asker: object = None) -> None:
        """Send a query as soon as the pace allows; on an idle queue that is now.

        ``on_reply`` is called with every reply, the last with IsLast true; just
        one ending comes, whatever happens: the front's, -1/-2/-3 of the API, -408 or -503.

        :param body: the packed struct; with the method's name it says which queries are the same.
        :param asker: whom :meth:`leave` names.
        :raises webctp.ctp.refusal.Refusal: if too many wait (-429).
        """
        if not method.is_query:
            raise ValueError(f"{method.name} is no query; it must not be delayed or repeated")
        kept = self._static.find(method, body) if self._static is not None else None
        if kept is not None:
            if len(self._kept) >= self._limit:
                raise self._too_many(len(self._kept))
            self._figures.shared += 1
            self._answer_kept(_Query(method, body, [(asker, on_reply)]), kept)
            return
        shared = self._sharable(method, body)
        if shared is not None:
            shared.askers.append((asker, on_reply))
            self._figures.shared += 1
            return
        if len(self._waiting) >= self._limit:
            raise self._too_many(len(self._waiting))
        asked = self._clock.seconds()
        self._waiting.append(_Query(method, body, [(asker, on_reply)], asked))
        self._advance(QueryEvent.ASKED)

    def place_of(self, method: Method, body: bytes) -> "Place | None":
        """Return where a query waits; None for one that has been sent, or whose answer is kept."""
        key = (method.name, body)
        current = self._current
        retrying = self.state is QueryState.RETRYING and current is not None
        if retrying and current is not None and current.key == key:
            return Place(1, max(self._interval, _LEAST_RETRY))
        for at, query in enumerate(self._waiting, 1 + retrying):
            if query.key == key:
                return Place(at, self._until_next() + (at - 1) * self._interval)
        return None

    def since_sent(self) -> float | None:
        """Return the seconds since the query that is being answered was sent; None if it was not.

        Call it from an ``on_reply``.
        """
        query = self._telling
        return None if query is None or not query.attempts else self._clock.seconds() - query.sent

    def _until_next(self) -> float:
        """Return the seconds until the next query may be sent; longer if an answer is late."""
        return max(0.0, self._sent_at + self._interval - self._clock.seconds())

    def leave(self, asker: object, code: int | None = None) -> None:
        """Send ``asker`` no more replies. Queries that nobody else waits for are not sent.

        :param code: what its queries are answered with before; None for one that is gone.
        """
        current = (self._current,) if self._current is not None else ()
        left: list[_Query] = []
        for query in (*current, *self._waiting, *self._ending):
            own = [one for one in query.askers if one[0] is asker]
            query.askers = [one for one in query.askers if one[0] is not asker]
            if code is not None and own:
                left.append(_Query(query.method, query.body, own))
        for query in left:
            self._notify(query, self._own(query.method, code or 0))
        self._waiting = deque(query for query in self._waiting if query.askers)
        if (
            self.state is QueryState.RETRYING
            and self._current is not None
            and not self._current.askers
        ):
            self._current = None
            self._advance(QueryEvent.ENDED)

    def clear(self, code: int) -> None:
        """Answer everything that waits or is in flight with ``code`` (-503): the connection broke.

        Call it before the session fails its own requests, and before it closes.
        """
        current = (self._current,) if self._current is not None else ()
        lost = (*current, *self._waiting)
        self._current = None
        self._waiting.clear()
        self._advance(QueryEvent.CLEARED)
        self._ending.update(lost)
        for query in lost:
            self._notify(query, self._own(query.method, code))
        self._ending.difference_update(lost)

    def _sharable(self, method: Method, body: bytes) -> _Query | None:
        """Return a waiting query with the same fields that the front has not taken; None for none.

        One in flight may have been answered before what its second asker wants to know of.
        """
        for query in self._waiting:
            if query.key == (method.name, body):
                return query
        current = self._current
        if self.state is QueryState.RETRYING and current is not None:
            return current if current.key == (method.name, body) else None
        return None

    def _advance(self, event: QueryEvent) -> None:
        self.state, action = QUERY_TABLE.next(self.state, event)
        match action:
            case QueryAction.NEXT:
                self._current = self._waiting.popleft() if self._waiting else None
                self._dispatch()
            case QueryAction.AGAIN:
                self._dispatch()
            case QueryAction.PAUSE:
                self._pause(self._sent_at + self._interval - self._clock.seconds())
            case QueryAction.WAIT:
                self._figures.put_off += 1
                self._pause(max(self._interval, _LEAST_RETRY))
            case QueryAction.FAIL_ALL:
                self._stop_timer()
                self._unanswered = False
                self._sent_at = self._clock.seconds() - self._interval

    def _pause(self, seconds: float) -> None:
        # Never at once, however long the answer took: queries that all fail would recurse.
        self._stop_timer()
        self._timer = self._clock.callLater(max(seconds, 0), self._due)

    def _due(self) -> None:
        self._timer = None
        self._advance(QueryEvent.DUE)

    def _dispatch(self) -> None:
        """Send the current query, or be idle if there is none."""
        query = self._current
        if query is None:
            self.state = QueryState.IDLE
            return
        query.attempts += 1
        query.heard = query.sent = self._sent_at = self._clock.seconds()
        if query.attempts == 1:
            self._figures.query_waits.observe(query.heard - query.asked)
        self._timer = self._clock.callLater(self._timeout, self._overdue)
        attempt = query.attempts

        def answered(reply: Reply) -> None:
            # A late or repeated answer belongs to an attempt that is over.
            flying = self.state is QueryState.IN_FLIGHT and self._current is query
            if flying and query.attempts == attempt:
                self._answered(query, reply)

        self._figures.queries += 1
        result = self._send(query.method, query.body, answered)
        if result == 0:
            self._unanswered = False
        elif self._current is query:
            self._refused(query, result)

    def _answered(self, query: _Query, row: Reply) -> None:
        # RspError has no struct, and ends the request whatever its IsLast is.
        last = row.is_last or row.callback.struct is None
        if (
            not query.begun
            and last
            and self._info.code(row.info) in errors.QUERY_BUSY
            and self._more(query)
        ):
            self._advance(QueryEvent.REFUSED_NOW)
            return
        query.begun = True
        query.heard = self._clock.seconds()
        if last and not row.is_last:
            row = row._replace(is_last=True)
        self._remember(query, row)
        if last:
            self._end(query, row)
        else:
            self._notify(query, row)

    def _refused(self, query: _Query, result: int) -> None:
        if self._unanswered and result == IN_FLIGHT:
            self._refusals += 1
            if self._refusals >= _HELD_UP:
                self._unanswered = False
                self._on_held_up()
                if self._current is not query:
                    return  # the connection is made anew, and all that waited is answered
        if result in NOT_NOW and self._more(query):
            self._advance(QueryEvent.REFUSED_NOW)
            return
        if result not in NOT_NOW:
            self._sent_at -= self._interval  # nothing was sent: the next need not wait for it
        self._end(query, self._own(query.method, result))

    def _more(self, query: _Query) -> bool:
        """Return whether to send a refused query again: attempts remain and somebody waits."""
        return query.attempts < self._attempts and bool(query.askers)

    def _end(self, query: _Query, ending: Reply) -> None:
        """Tell the ending, then go on: who asks again in reply comes after those who wait."""
        self._stop_timer()
        self._current = None
        self._ending.add(query)
        self._notify(query, ending)
        self._ending.discard(query)
        # An asker may have called clear(), which has put everything in order already.
        if self.state is QueryState.IN_FLIGHT and self._current is None:
            self._advance(QueryEvent.ENDED)

    def _overdue(self) -> None:
        self._timer = None
        query = self._current
        if query is None:
            raise RuntimeError("nothing is in flight")
        left = query.heard + self._timeout - self._clock.seconds()
        if left > GRAIN:
            self._timer = self._clock.callLater(left, self._overdue)
            return
        self._figures.unanswered += 1
        self._unanswered, self._refusals = True, 0
        self._end(query, self._own(query.method, errors.NO_ANSWER))

    def _remember(self, query: _Query, row: Reply) -> None:
        """Collect a static answer row by row; one with an error in it is not kept."""
        if self._static is None or query.method.name not in STATIC:
            return
        if query.is_odd:
            return
        rows = query.rows
        rows.append(row)
        if row.info is not None and self._info.code(row.info):
            query.is_odd = True
        elif len(rows) % _ROWS_A_LOOK == 0 or row.is_last:
            query.is_odd = not self._static.takes(query.method, query.body, rows)
        if query.is_odd:
            rows.clear()
        elif row.is_last:
            self._static.keep(query.method, query.body, tuple(rows))

    def _answer_kept(self, query: _Query, rows: tuple[Reply, ...]) -> None:
        """Tell a kept answer in pieces, a piece a turn: it may have 20,000 rows.

        One after the other: who asks for many at once must not make the turns long.
        """
        self._ending.add(query)
        self._kept.append((query, iter(rows)))
        if len(self._kept) == 1:
            self._clock.callLater(0, self._tell_kept)

    def _tell_kept(self) -> None:
        query, rows = self._kept[0]
        count = 0
        for row in islice(rows, _ROWS_A_TURN):
            self._notify(query, row)
            count += 1
        if count < _ROWS_A_TURN or not query.askers:
            self._ending.discard(query)
            self._kept.popleft()
        if self._kept:
            self._clock.callLater(0, self._tell_kept)

    def _notify(self, query: _Query, row: Reply) -> None:
        self._telling = query
        for one in tuple(query.askers):
            if one not in query.askers:
                continue  # it has left while another was told
            try:
                one[1](row)
            except Exception:  # noqa: BLE001 - the others who share the answer must have it
                name, account = query.method.name, self._account
                _log.failure("an answer to {method} was not taken", method=name, account=account)

    def _too_many(self, waiting: int) -> Refusal:
        self._figures.too_many += 1
        return Refusal(
            errors.TOO_MANY,
            Limited.of(
                english("{count} queries wait already", count=waiting),
                limit=self._limit,
                retry_after=self._until_next(),
            ),
        )

    def _own(self, method: Method, code: int) -> Reply:
        """Return a last reply of the gateway's own making."""
        callback = method.answer or self._callbacks["OnRspError"]
        return Reply(callback, None, self._info.of(code), True)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None
