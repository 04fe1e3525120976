"""A feed to a market-data front: one connection, kept logged in whatever the front says.

Most fronts ask for no credentials, so a refused login locks nobody out: unlike a trader's it is
tried again, after 1 to 60 seconds. A broker that checks identities wants a UserID that has logged
in to trading on this day and from this machine (3 else). A password that may be wrong is not
repeated: after :data:`PASSWORD_TRIES` refusals in a row it is left out. Everything runs in the
reactor's thread.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from webctp.clock import Wall
from webctp.ctp import addresses, errors
from webctp.ctp.bridge import CallbackEvent, TickBridge
from webctp.ctp.codec import codec_for
from webctp.ctp.front import MarketFront, NativeFront
from webctp.ctp.refusal import refusal_of
from webctp.language.text import NOTHING, Language, Text, english, joined
from webctp.recording.recorder import Record, RecordingBridge
from webctp.secret import Secret
from webctp.upstream.market.frontsubscriber import AT_ONCE, Pace
from webctp.upstream.market.instruments import MOST_KNOWN
from webctp.upstream.market.reception import Reception, TimedBridge
from webctp.upstream.session.api import NativeApi
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.chain import Step
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.session import LEAST_WAIT, MOST_WAIT, FrontSession
from webctp.upstream.session.status import SessionStatus

_log = Logger()

PASSWORD_TRIES: Final = 2
"""How often in a row ``MdPassword`` is sent with a login that is refused: CTP locks with 6."""
NO_SECRET: Final = Secret()
TICK: Final = "OnRtnDepthMarketData"
QUOTE_REQUEST: Final = "OnRtnForQuoteRsp"
_UNSUBSCRIBED: Final = ("OnRspUnSubMarketData", "OnRspUnSubForQuoteRsp")
"""Answers that nobody wants: the front was told of instruments that nobody wants any more."""
_CHECKED: Final = 3
"""The refusal of a front that checks identities (HQLK)."""


@dataclass(frozen=True, slots=True)
class MarketSettings:
    """What market data takes from the configuration. ``login_timeout`` in seconds.

    ``user_id`` and ``password`` are for fronts that check identities, empty for others.
    ``record`` gets the bytes of every tick the front sends, on the front's callback thread.
    ``known_limit`` bounds the instruments that patterns are read over; ``last_tick`` says whether
    a newcomer to an instrument is told its last tick at once; ``max_instruments`` bounds those of
    a client, 0 for any number. With ``redundancy`` each of the addresses has a feed of its own,
    of which the first to tell a tick wins; one that stays behind for ``stall_seconds`` has
    stalled. ``wall`` dates what clients are told.
    """

    addresses: tuple[str, ...]
    broker_id: str
    flow_base: str
    production_mode: bool
    login_timeout: float
    user_id: str = ""
    password: Secret = NO_SECRET
    record: Record | None = None
    pace: Pace = AT_ONCE
    known_limit: int = MOST_KNOWN
    last_tick: bool = True
    max_instruments: int = 0
    redundancy: bool = False
    stall_seconds: float = 10.0
    language: Language = "en"
    """What clients read of the gateway's own."""
    wall: Wall = time.time


class FeedListener(Protocol):
    """What a feed calls: the hub. All in the reactor's thread."""

    def on_ticks(self, feed: "MarketFeed", ticks: Iterable[bytes]) -> None:
        """Take ticks, in the front's order: bytes of ``CThostFtdcDepthMarketDataField``."""

    def on_quote_request(self, feed: "MarketFeed", event: CallbackEvent) -> None:
        """Take an exchange's request for quotes (``OnRtnForQuoteRsp``)."""

    def on_connection(self, feed: "MarketFeed", event: CallbackEvent) -> None:
        """Take news of the connection, and pushes of no instrument's."""

    def on_refused(self, feed: "MarketFeed", event: CallbackEvent) -> None:
        """Take an error that answers no client's request."""

    def on_status(self, feed: "MarketFeed") -> None:
        """Note that the feed has moved to another state."""

    def flush(self) -> None:
        """Let leave what a batch of callbacks brought about; called once for each."""


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """Where a feed stands: its front's address, its state, why, and since when.

    ``since`` is in seconds since 1970; ``is_stalled`` says that no tick comes though other feeds
    get some.
    """

    front: str
    state: LoginState
    reason: Text
    since: float
    is_stalled: bool = False


class MarketFeed:
    """Keep one connection to a market-data front logged in.

    :param number: its place among its owner's feeds.
    :param addresses: those of one front; the library picks among them.
    :param instrument: where a tick's bytes hold its InstrumentID.
    :param record: as in :class:`MarketSettings`; None to record nothing here.
    :param reception: is told when each tick was received.
    """

    def __init__(
        self,
        reactor: Any,
        apis: ApiQueue,
        front: MarketFront,
        settings: MarketSettings,
        listener: FeedListener,
        *,
        number: int,
        addresses: tuple[str, ...],
        instrument: slice,
        record: Record | None,
        reception: Reception,
    ) -> None:
        self.number = number
        self.addresses = addresses
        self._clock = reactor
        self._listener = listener
        self._user = {"BrokerID": settings.broker_id, "UserID": settings.user_id}
        self._password = settings.password
        self._refusals = 0
        """Logins in a row that were refused in a way that may be due to the password."""
        self._catalogue = front.binding.market
        self._wait = LEAST_WAIT
        self._retry: IDelayedCall | None = None
        self._absent: IDelayedCall | None = None
        """Runs until the front is there for the first time; run out, its absence was logged."""
        self._patience = settings.login_timeout
        self._wall = settings.wall
        self.since = self._wall()
        self._tick = self._catalogue.callbacks[TICK]
        self._reception = reception
        self.bridge = self._bridge(front, instrument, record)
        connection = NativeApi(
            apis=apis,
            create=front.create_market,
            prepare=self._prepare,
            catalogue=self._catalogue,
            bridge=self.bridge,
            flow_base=settings.flow_base,
            flow_identity=("md", *addresses),
            production_mode=settings.production_mode,
        )
        self.session = FrontSession(
            reactor, self._catalogue, connection, self, step_timeout=settings.login_timeout
        )

    def start(self) -> None:
        """Connect and keep connected."""
        self._absent = self._clock.callLater(self._patience, self._not_there)
        self.session.start()
        self._log_in()

    def close(self) -> Deferred[None]:
        """Release the API."""
        return self.session.close(english("the daemon stops"))

    @property
    def state(self) -> LoginState:
        """Where the feed stands."""
        return self.session.state

    @property
    def connected(self) -> bool:
        """Whether the front is there."""
        return self.state not in (LoginState.CONNECTING, LoginState.LOST, LoginState.CLOSED)

    @property
    def status(self) -> FeedStatus:
        """Where the feed stands, with the remedy for what the front refuses."""
        reason = self.session.status.reason
        if self.remedy not in reason:
            reason = joined("; ", filter(None, (reason, self.remedy)))
        return FeedStatus(self.addresses[0], self.state, reason, self.since)

    @property
    def remedy(self) -> Text:
        """What to do about the front's present refusal; empty where there is none to tell."""
        refusal = self.session.refusal
        if refusal is None:
            return NOTHING
        if refusal.callback.name == "OnRspError":
            return errors.NO_LOGIN_HERE
        if self.session.error_of(refusal.info) != _CHECKED:
            return NOTHING
        user = self._user["UserID"]
        if not user:
            return english(
                "a broker that checks identities on market data wants MdUserID and BrokerID in "
                "the gateway's configuration: a user who has logged in to trading today, from "
                "this machine"
            )
        return english(
            "{user} (MdUserID) must log in to trading on this day first, from this machine and "
            "with this BrokerID; market data follows by itself",
            user=user,
        )

    def ask(self, method_name: str, instruments: list[bytes]) -> int:
        """Call one of the four methods of subscription; gives the API's return value."""
        return self.session.connection.subscribe(self._catalogue.methods[method_name], instruments)

    def state_changed(self, status: SessionStatus) -> None:
        """Of :class:`~webctp.upstream.session.status.Listener`."""
        state = status.state
        self.since = self._wall()
        self._tell_of_the_front(state)
        if state is LoginState.READY:
            self._wait = LEAST_WAIT
            self._refusals = 0
        elif state is LoginState.REFUSED:
            self._refused()
            self._retry = self._clock.callLater(self._wait, self._log_in)
            self._wait = min(self._wait * 2, MOST_WAIT)
        elif state is LoginState.CLOSED and self._retry is not None:
            self._retry.cancel()
            self._retry = None
        self._listener.on_status(self)

    def _tell_of_the_front(self, state: LoginState) -> None:
        """Log that a front is there which was said not to be; else what else is logged tells it."""
        if not self.connected and state is not LoginState.CLOSED:
            return
        if self._absent is not None and self._absent.active():
            self._absent.cancel()
        elif self._absent is not None and state is not LoginState.CLOSED:
            _log.info("connected to {front}", front=", ".join(self.addresses))
        self._absent = None

    def _not_there(self) -> None:
        """The library tells nothing of connections that it tries to make in vain."""
        _log.warn(
            "no connection to {front} after {seconds:g} s: is the address right, and the front "
            "open? Trying on",
            front=", ".join(self.addresses),
            seconds=self._patience,
        )

    def _delivered(self, events: Iterable[CallbackEvent]) -> None:
        """Split a batch of callbacks, in its order: ticks to the hub, others to the session.

        Ticks that come while the API is released are dropped.
        """
        tick, ticks = self._tick, list[bytes]()
        for event in events:
            if event.callback is tick and event.body is not None:
                ticks.append(event.body)
                continue
            if ticks:
                self._pass_on(ticks)
                ticks = []
            self.session.deliver((event,))
        if ticks:
            self._pass_on(ticks)
        self._listener.flush()

    def _bridge(self, front: MarketFront, instrument: slice, record: Record | None) -> TickBridge:
        if not isinstance(front, NativeFront):
            return TimedBridge(self._clock, self._delivered_timed, instrument, front, record)
        if record is not None:
            return RecordingBridge(self._clock, self._delivered, instrument, record)
        return TickBridge(self._clock, self._delivered, instrument)

    def _delivered_timed(self, events: Iterable[CallbackEvent]) -> None:
        """Deliver as :meth:`_delivered` does, each tick with its time of reception."""
        for event in events:
            if event.callback is self._tick and event.body is not None:
                self._reception.received = event.number
                self._pass_on([event.body])
                self._reception.received = 0
            else:
                self.session.deliver((event,))
        self._listener.flush()

    def _pass_on(self, ticks: list[bytes]) -> None:
        if self.session.state is not LoginState.CLOSED:
            self._listener.on_ticks(self, ticks)

    def pushed(self, event: CallbackEvent) -> None:
        """Sort what no request of a client's waits for; the session calls this."""
        callback, body, info = event.callback, event.body, event.info
        if callback.name == QUOTE_REQUEST and body is not None:
            self._listener.on_quote_request(self, event)
        elif not callback.has_request:
            self._listener.on_connection(self, event)
        elif callback.name not in _UNSUBSCRIBED and self.session.error_of(info):
            self._listener.on_refused(self, event)

    def _refused(self) -> None:
        """Count refusals of the password, and say once what there is to do."""
        refusal = self.session.refusal
        code = 0 if refusal is None else self.session.error_of(refusal.info)
        if errors.is_wrong_password(code):
            self._refusals += 1
        if self._refusals == 1 and self.remedy:
            _log.warn("market data is refused: {remedy}", remedy=self.remedy)
        if self._refusals == PASSWORD_TRIES and self._password:
            _log.warn("MdPassword was refused and is left out from now on; is it right?")

    def _log_in(self) -> None:
        """Where there is no connection it waits for one."""
        self._retry = None
        login = self._catalogue.methods["ReqUserLogin"]
        body = codec_for(self._catalogue.module).layout(str(login.struct))
        given = self._user
        if self._password and self._refusals < PASSWORD_TRIES:
            given = {**given, "Password": self._password.reveal()}
        step = Step(login, body.pack(given))
        # It fails only when the session is closed, and that is told as a change of state.
        self.session.login({LoginState.LOGGING_IN: step}, None).addErrback(refusal_of)

    def _prepare(self, api: Any) -> None:
        codec = codec_for(self._catalogue.module)
        broker_id, user_id = self._user["BrokerID"], self._user["UserID"]
        addresses.register(api, codec, self.addresses, broker_id=broker_id, user_id=user_id)
