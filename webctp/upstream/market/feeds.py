"""See several feeds of market data as one upstream: the best one speaks for all.

Clients' logins wait here for the upstream's. Everything runs in the reactor's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import Layout
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.language.text import english, joined
from webctp.metrics import Sample
from webctp.upstream.market import figures
from webctp.upstream.market.arbitration import FeedArbiter
from webctp.upstream.market.source import FeedStatus, TickSource
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply
from webctp.upstream.session.status import LoginAnswer

_log = Logger()

_BEST_FIRST: Final = (
    LoginState.READY,
    LoginState.CONFIRMING,
    LoginState.AUTHENTICATING,
    LoginState.LOGGING_IN,
    LoginState.OPEN,
    LoginState.REFUSED,
    LoginState.LOST,
    LoginState.CONNECTING,
    LoginState.CLOSED,
)


class Feeds:
    """Keep the feeds of a hub, and tell where they stand as one.

    :param sources: the feeds, numbered from 0 in this order.
    :param layout: of ``CThostFtdcDepthMarketDataField``.
    :param login_timeout: how long, in seconds, a client's login waits for the upstream's.
    :param stall_seconds: see :class:`~webctp.upstream.market.arbitration.FeedArbiter`.
    :param on_stalled: called when a feed has stalled, or goes on.
    :raises ValueError: if a source has another number than its place.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        layout: Layout,
        sources: Sequence[TickSource],
        *,
        login_timeout: float,
        stall_seconds: float,
        on_stalled: Callable[[], object],
    ) -> None:
        numbers = [source.number for source in sources]
        if not numbers or numbers != list(range(len(sources))):
            raise ValueError(f"sources are numbered from 0 in their order, not {numbers}")
        self._clock = clock
        self._info = RspInfo(catalogue)
        self._sources = tuple(sources)
        self._login_timeout = login_timeout
        self._on_stalled = on_stalled
        self._waiting: set[Deferred[LoginAnswer]] = set()
        self._states: Counter[str] = Counter()
        self.ticks = [0] * len(self._sources)
        """Ticks that each feed has brought; the hub counts them."""
        self.arbiter: FeedArbiter | None = None
        """Finds the first copy of each tick; None where there is one feed."""
        if len(self._sources) > 1:
            self.arbiter = FeedArbiter(clock, layout, len(numbers), stall_seconds, self._stalled)

    def __iter__(self) -> Iterator[TickSource]:
        return iter(self._sources)

    def start(self) -> None:
        """Connect and keep connected."""
        for source in self._sources:
            source.start()

    def close(self) -> Deferred[Any]:
        """Release all feeds; fires when that is done."""
        return DeferredList([source.close() for source in self._sources])

    @property
    def best(self) -> TickSource:
        """The feed whose state is best, the first of several."""
        return min(self._sources, key=lambda source: _BEST_FIRST.index(source.state))

    @property
    def state(self) -> LoginState:
        """Where the upstream stands: where its best feed does."""
        return self.best.state

    @property
    def status(self) -> FeedStatus:
        """Where the upstream stands: as its best feed does."""
        return self.best.status

    @property
    def statuses(self) -> tuple[FeedStatus, ...]:
        """Where each of several feeds stands; empty where there is one."""
        if self.arbiter is None:
            return ()
        stalled = self.arbiter.stalled
        return tuple(
            replace(source.status, is_stalled=source.number in stalled) for source in self._sources
        )

    @property
    def login_body(self) -> bytes | None:
        """The body of the upstream's last RspUserLogin; None before the first."""
        accepted = self._accepted()
        return None if accepted is None else accepted.body

    def is_alone(self, source: TickSource) -> bool:
        """Return whether no other feed is connected: what this one loses, nobody else brings."""
        return not any(other.status.is_connected for other in self._sources if other is not source)

    def logged_in(self) -> Deferred[LoginAnswer]:
        """Wait for the upstream's RspUserLogin, or the front's refusal.

        Fires at once where there was one already. Fails with
        :class:`~webctp.ctp.refusal.Refusal` if there is neither within ``LoginTimeout``.
        """
        waiting: Deferred[LoginAnswer] = Deferred()
        answer = self._login_answer()
        if answer is not None:
            waiting.callback(answer)
        else:
            self._waiting.add(waiting)
            waiting.addTimeout(self._login_timeout, self._clock, self._no_login)
            waiting.addBoth(self._waited, waiting)
        return waiting

    def request(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Send another request of market data (``ReqQryMulticastInstrument``)."""
        return self.best.request(method, body, on_reply)

    def text(self, method: Method) -> str | None:
        """Return what a method without arguments returns (``GetTradingDay``)."""
        return self.best.text(method)

    def info(self, code: int) -> bytes:
        """Return a RspInfo of the gateway's own."""
        return self._info.of(code)

    def moved(self, source: TickSource) -> None:
        """Count that a feed has moved to another state; from then on it may serve, or not."""
        self._states[source.state.value] += 1
        if self.arbiter is not None:
            self.arbiter.serving(source.number, source.state is LoginState.READY)

    def answer_logins(self) -> None:
        """Answer the logins that wait, if there is an answer now."""
        answer = self._login_answer() if self._waiting else None
        if answer is not None:
            for one in list(self._waiting):
                one.callback(answer)

    def samples(self) -> Iterator[Sample]:
        """Read the feeds' figures; called on a scrape."""
        now = Counter(source.state for source in self._sources)
        for state in LoginState:
            yield figures.FEEDS.sample(now[state], state.value)
            yield figures.STATES.sample(self._states[state.value], state.value)
        for source in self._sources:
            yield figures.TICKS.sample(self.ticks[source.number], str(source.number))
            yield figures.READY.sample(source.state is LoginState.READY, str(source.number))
            yield figures.DROPPED.sample(source.dropped, str(source.number))
            yield from source.samples()
        if self.arbiter is not None:
            yield from self.arbiter.samples()

    def _stalled(self, number: int) -> None:
        """Log that a feed has stalled, or goes on."""
        stalled = self.arbiter is not None and number in self.arbiter.stalled
        _log.warn(
            "the feed to {front} {does}",
            front=self._sources[number].status.front,
            does=english("has stalled: others tell ticks that it does not")
            if stalled
            else english("goes on"),
        )
        self._on_stalled()

    def _accepted(self) -> LoginAnswer | None:
        """Return the last login that a front has accepted, the best feed's first."""
        logins = (source.status.login for source in (self.best, *self._sources))
        return next((one for one in logins if one is not None and one.body is not None), None)

    def _login_answer(self) -> LoginAnswer | None:
        """Return what a login is answered now; None while that is not known."""
        best = self.best
        return best.status.refusal if best.state is LoginState.REFUSED else self._accepted()

    def _no_login(self, _: object, timeout: float) -> LoginAnswer:
        """Answer after the time-out: the front may have said "not now", more than once."""
        for source in self._sources:
            refusal = source.status.refusal
            if refusal is not None:
                return refusal
        reasons = (
            english("no answer from the front within {timeout:g} s", timeout=timeout),
            self.status.reason,
        )
        raise Refusal(errors.NO_ANSWER, joined("; ", filter(None, reasons)))

    def _waited(self, result: Any, waiting: Deferred[LoginAnswer]) -> Any:
        self._waiting.discard(waiting)
        return result
