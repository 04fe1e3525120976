"""Bring market data from a CTP front: one connection, kept logged in whatever the front says.

Most fronts ask for no credentials, so a refused login locks nobody out: unlike a trader's it is
tried again, after 1 to 60 seconds. A broker that checks identities wants a UserID that has logged
in to trading on this day and from this machine (3 else). A password that may be wrong is not
repeated: after :data:`PASSWORD_TRIES` refusals in a row it is left out. Everything runs in the
reactor's thread.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from webctp.clock import Reactor, Wall
from webctp.config.market import MarketSettings
from webctp.ctp import addresses, errors
from webctp.ctp.bridge import CallbackEvent, TickBridge
from webctp.ctp.catalog import Method
from webctp.ctp.codec import codec_for
from webctp.ctp.front import MarketFront, NativeFront
from webctp.ctp.refusal import refusal_of
from webctp.language.text import NOTHING, Text, english
from webctp.metrics import Sample
from webctp.recording.recorder import Record, RecordingBridge
from webctp.upstream.market.instruments import instrument_slice
from webctp.upstream.market.reception import TimedBridge
from webctp.upstream.market.source import FeedListener, FeedStatus, Kind, TickSource
from webctp.upstream.session.api import NativeApi
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.breaks import SILENT
from webctp.upstream.session.chain import Step
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply
from webctp.upstream.session.session import LEAST_WAIT, MOST_WAIT, FrontSession
from webctp.upstream.session.status import SessionStatus

_log = Logger()

PASSWORD_TRIES: Final = 2
"""How often in a row ``MdPassword`` is sent with a login that is refused: CTP locks with 6."""
TICK: Final = "OnRtnDepthMarketData"
QUOTE_REQUEST: Final = "OnRtnForQuoteRsp"
_SUBSCRIBE: Final = {"tick": "SubscribeMarketData", "quote": "SubscribeForQuoteRsp"}
_UNSUBSCRIBE: Final = {"tick": "UnSubscribeMarketData", "quote": "UnSubscribeForQuoteRsp"}
_UNSUBSCRIBED: Final = ("OnRspUnSubMarketData", "OnRspUnSubForQuoteRsp")
"""Answers that nobody wants: the front was told of instruments that nobody wants any more."""
_CLOSED: Final = LoginState.CLOSED
_CHECKED: Final = 3
"""The refusal of a front that checks identities (HQLK)."""


def ctp_feeds(
    reactor: Reactor,
    apis: ApiQueue,
    front: MarketFront,
    settings: MarketSettings,
    record: Record | None,
    listener: FeedListener,
    *,
    wall: Wall = time.time,
) -> Sequence[TickSource]:
    """Make the feeds from a CTP front: one, or with ``MdRedundancy`` one for each address.

    :param record: takes the bytes of every tick, on the front's callback thread. Of several feeds
        nothing is recorded here: the hub records the copies that it passes on.
    """
    make = partial(CtpFeed, reactor, apis, front, settings, listener, wall=wall)
    if not settings.md_redundancy:
        return (make(number=0, addresses=settings.md_front_address, record=record),)
    return tuple(
        make(number=number, addresses=(address,), record=None)
        for number, address in enumerate(settings.md_front_address)
    )


class CtpFeed:
    """Keep one connection to a market-data front logged in, and hand on what it brings.

    A :class:`~webctp.upstream.market.source.TickSource`.

    :param number: its place among its owner's feeds.
    :param addresses: those of one front; the library picks among them.
    :param record: as of :func:`ctp_feeds`; None to record nothing here.
    :param wall: the time in seconds since 1970, for what is told of the feed.
    """

    def __init__(
        self,
        reactor: Reactor,
        apis: ApiQueue,
        front: MarketFront,
        settings: MarketSettings,
        listener: FeedListener,
        *,
        number: int,
        addresses: tuple[str, ...],
        record: Record | None,
        wall: Wall = time.time,
    ) -> None:
        self.number = number
        self.addresses = addresses
        self._clock = reactor
        self._listener = listener
        self._on_ticks = listener.on_ticks
        self._user = {"BrokerID": settings.broker_id, "UserID": settings.md_user_id}
        self._password = settings.md_password
        self._refusals = 0
        """Logins in a row that were refused in a way that may be due to the password."""
        self._catalogue = front.binding.market
        self._wait = LEAST_WAIT
        self._retry: IDelayedCall | None = None
        self._absent: IDelayedCall | None = None
        """Runs until the front is there for the first time; run out, its absence was logged."""
        self._patience = settings.login_timeout
        self._wall = wall
        self._since = self._wall()
        self._tick = self._catalogue.callbacks[TICK]
        self._front_instruments = front.instruments
        instrument = instrument_slice(
            codec_for(self._catalogue.module).layout(self._tick.body_struct)
        )
        self._gaps_told = 0
        """How many of the ticks that the bridge has passed over the listener knows of."""
        self._bridge = self._make_bridge(front, instrument, record)
        connection = NativeApi(
            apis=apis,
            create=front.create_market,
            prepare=self._prepare,
            catalogue=self._catalogue,
            bridge=self._bridge,
            flow_base=settings.con_file_path,
            flow_identity=("md", *addresses),
            production_mode=settings.production_mode,
        )
        self._session = FrontSession(
            reactor, self._catalogue, connection, self, step_timeout=settings.login_timeout
        )

    def start(self) -> None:
        """Connect and keep connected."""
        self._absent = self._clock.callLater(self._patience, self._not_there)
        self._session.start()
        self._log_in()

    def close(self) -> Deferred[None]:
        """Release the API."""
        return self._session.close(english("the daemon stops"))

    @property
    def state(self) -> LoginState:
        """Where the feed stands."""
        return self._session.state

    @property
    def status(self) -> FeedStatus:
        """Where the feed stands, and what to do about what the front refuses."""
        told = self._session.status
        reason = told.reason
        if not reason and told.state is LoginState.CONNECTING and self._is_absent:
            reason = SILENT
        return FeedStatus(
            self.addresses[0],
            told.state,
            reason,
            self._since,
            told.login,
            told.refusal,
            self._remedy,
        )

    @property
    def dropped(self) -> int:
        """How many ticks were passed over for newer ones, the reactor being far behind."""
        return self._bridge.dropped

    @property
    def _remedy(self) -> Text:
        """Return what to do about the front's present refusal; empty where nothing can be done."""
        refusal = self._session.refusal
        if refusal is None:
            return NOTHING
        if refusal.callback.name == "OnRspError":
            return errors.NO_LOGIN_HERE
        if self._session.error_of(refusal.info) != _CHECKED:
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

    def subscribe(self, kind: Kind, instruments: list[bytes]) -> int:
        """Ask the front for instruments; return the API's value."""
        return self._ask(_SUBSCRIBE[kind], instruments)

    def unsubscribe(self, kind: Kind, instruments: list[bytes]) -> int:
        """Tell the front that nobody wants instruments any more; return the API's value."""
        return self._ask(_UNSUBSCRIBE[kind], instruments)

    def request(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Send another request of market data; return the API's value (0 for sent)."""
        return self._session.request(method, body, on_reply)

    def text(self, method: Method) -> str | None:
        """Return what a method without arguments returns."""
        return self._session.connection.text(method)

    def samples(self) -> Iterator[Sample]:
        """Read the bridge's figures; called on a scrape."""
        return self._bridge.samples(f"md{self.number}")

    def _make_bridge(
        self, front: MarketFront, instrument: slice, record: Record | None
    ) -> TickBridge:
        if not isinstance(front, NativeFront):
            return TimedBridge(self._clock, self._delivered_timed, instrument, front, record)
        if record is not None:
            return RecordingBridge(self._clock, self._delivered, instrument, record)
        return TickBridge(self._clock, self._delivered, instrument)

    def _ask(self, method_name: str, instruments: list[bytes]) -> int:
        return self._session.connection.subscribe(self._catalogue.methods[method_name], instruments)

    def state_changed(self, status: SessionStatus) -> None:
        """Take the session's new state: log, try a refused login again, tell the hub."""
        state = status.state
        self._since = self._wall()
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
        if state is LoginState.READY:
            listed = self._front_instruments()
            self._listener.on_instruments(self, [name.encode() for name in listed])

    def _tell_of_the_front(self, state: LoginState) -> None:
        """Log that a front is there which was said not to be; else what else is logged tells it."""
        if state in (LoginState.CONNECTING, LoginState.LOST):
            return
        if self._absent is not None and self._absent.active():
            self._absent.cancel()
        elif self._is_absent and state is not LoginState.CLOSED:
            _log.info("connected to {front}", front=", ".join(self.addresses))
        self._absent = None

    @property
    def _is_absent(self) -> bool:
        """Whether the front's absence was logged, and it has not come since."""
        return self._absent is not None and not self._absent.active()

    def _not_there(self) -> None:
        """Log that there is no connection: of attempts in vain the library tells nothing."""
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
        tick, session, on_ticks = self._tick, self._session, self._on_ticks
        ticks: list[bytes] = []
        for event in events:
            callback, body, _, _, _ = event
            if callback is tick and body is not None:
                ticks.append(body)
                continue
            if ticks:
                if session.state is not _CLOSED:
                    on_ticks(self, ticks)
                ticks = []
            session.deliver((event,))
        if ticks and session.state is not _CLOSED:
            on_ticks(self, ticks)
        if self._bridge.dropped != self._gaps_told:
            self._tell_gaps()

    def _delivered_timed(self, events: Iterable[CallbackEvent]) -> None:
        """Deliver as :meth:`_delivered` does, each tick with its time of reception."""
        for event in events:
            callback, body, _, received, _ = event
            if callback is not self._tick or body is None:
                self._session.deliver((event,))
            elif self._session.state is not _CLOSED:
                self._on_ticks(self, (body,), received)
        if self._bridge.dropped != self._gaps_told:
            self._tell_gaps()

    def _tell_gaps(self) -> None:
        """Tell of ticks passed over, once the newer ones that took their place have come."""
        missed = self._bridge.take_missed()
        if missed:
            self._gaps_told += sum(missed.values())
            self._listener.on_gap(self, missed)

    def pushed(self, event: CallbackEvent) -> None:
        """Sort what no request of a client's waits for; the session calls this."""
        callback, body, info = event.callback, event.body, event.info
        if callback.name == QUOTE_REQUEST and body is not None:
            self._listener.on_quote_request(self, event)
        elif not callback.has_request:
            self._listener.on_connection(self, event)
        elif callback.name not in _UNSUBSCRIBED and self._session.error_of(info):
            self._listener.on_refused(self, event)

    def _refused(self) -> None:
        """Count refusals of the password, and say once what there is to do."""
        refusal = self._session.refusal
        code = 0 if refusal is None else self._session.error_of(refusal.info)
        if errors.is_wrong_password(code):
            self._refusals += 1
        if self._refusals == 1 and self._remedy:
            _log.warn("market data is refused: {remedy}", remedy=self._remedy)
        if self._refusals == PASSWORD_TRIES and self._password:
            _log.warn("MdPassword was refused and is left out from now on; is it right?")

    def _log_in(self) -> None:
        """Begin a login; without a connection it waits for one."""
        self._retry = None
        login = self._catalogue.methods["ReqUserLogin"]
        body = codec_for(self._catalogue.module).layout(login.request_struct)
        given = self._user
        if self._password and self._refusals < PASSWORD_TRIES:
            given = {**given, "Password": self._password.reveal()}
        step = Step(login, body.pack(given))
        # It fails only when the session is closed, and that is told as a change of state.
        self._session.login({LoginState.LOGGING_IN: step}, None).addErrback(refusal_of)

    def _prepare(self, api: Any) -> None:
        codec = codec_for(self._catalogue.module)
        broker_id, user_id = self._user["BrokerID"], self._user["UserID"]
        addresses.register(api, codec, self.addresses, broker_id=broker_id, user_id=user_id)
