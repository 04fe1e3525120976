"""Bring market data from the bus: the side of an edge, one feed for each publisher it follows.

A :class:`~webctp.upstream.market.source.TickSource`. It is ready once its subscriptions are
confirmed, its publisher has spoken on this very link, and that one's front is ready. What is kept
in Redis is read only behind a publisher's word, which it gives after it has written what is kept:
so nothing older is ever passed on. Everything runs in the reactor's thread.
"""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from twisted.internet.defer import inlineCallbacks
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from webctp.bus import notes
from webctp.bus.edgefigures import EdgeFigures
from webctp.bus.frame import FrameError, FrameFormat
from webctp.bus.front import BusFront
from webctp.bus.kept import KeptTicks
from webctp.bus.lessee import Lessee
from webctp.bus.redis.address import Connector, address_of
from webctp.bus.redis.line import RedisLine
from webctp.bus.redis.link import Link
from webctp.bus.revocations import Refused
from webctp.bus.untold import Tallies
from webctp.clock import Reactor, Wall
from webctp.config.market import MarketSettings
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Method
from webctp.ctp.codec import codec_for
from webctp.ctp.front import MarketFront
from webctp.language.text import NOTHING, Text, english, verbatim
from webctp.metrics import Sample
from webctp.recording.recorder import Record
from webctp.upstream.market.instruments import instrument_slice
from webctp.upstream.market.source import FeedListener, FeedStatus, Kind, TickSource
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import OnReply
from webctp.upstream.session.status import LoginAnswer

_log = Logger()

SILENCE: Final = 3.0
"""Seconds without a publisher's word after which it is lost."""
_LOOK: Final = 0.5
_USUAL: Final = "1"
_NOT_SENT: Final = -1
_TRADING_DAY: Final = "GetTradingDay"
_DEPTH: Final = "CThostFtdcDepthMarketDataField"


def bus_feeds(
    reactor: Reactor,
    apis: ApiQueue,
    front: MarketFront,
    settings: MarketSettings,
    record: Record | None,
    listener: FeedListener,
    *,
    wall: Wall = time.time,
) -> Sequence[TickSource]:
    """Make the feeds from publishers: one, or with ``MdRedundancy`` one for each address.

    :param record: takes the bytes of every tick that is wanted; of several feeds the hub records.
    """
    addresses = settings.md_front_address
    several = settings.md_redundancy
    return tuple(
        BusFeed(
            *(reactor, cast(BusFront, front), listener, address),
            number=number,
            record=None if several else record,
            wall=wall,
        )
        for number, address in enumerate(addresses if several else addresses[:1])
    )


class BusFeed:
    """Follow one publisher.

    :param address: of Redis, with the publisher's name; see :mod:`webctp.bus.redis.address`.
    :param wall: the time in seconds since 1970, for what is told of the feed.
    :raises ValueError: if the address is none.
    """

    def __init__(
        self,
        reactor: Reactor,
        front: BusFront,
        listener: FeedListener,
        address: str,
        *,
        number: int,
        record: Record | None,
        wall: Wall,
    ) -> None:
        self.number = number
        self._clock = reactor
        self._front = front
        self._listener = listener
        self._record = record
        self._wall = wall
        self._catalogue = front.binding.market
        layout = codec_for(self._catalogue.module).layout(_DEPTH)
        self._login_size = (
            codec_for(self._catalogue.module)
            .layout(self._catalogue.callbacks["OnRspUserLogin"].body_struct)
            .size
        )
        self._frames = FrameFormat(layout)
        where = address_of(address)
        self._name = where.name or _USUAL
        self._is_named = bool(where.service)
        """Whether a Sentinel says where Redis is: the publisher may have been told of another."""
        self._names = notes.Names(front.settings.prefix, self._name)
        self._status = FeedStatus(address, LoginState.CONNECTING, NOTHING, wall())
        self._told: notes.State | None = None
        self._heard = 0.0
        self._refused = Refused(self._names, front.revoked)
        self._is_subscribed = False
        self._watching: IDelayedCall | None = None
        self._figures = EdgeFigures(number)
        edge = f"{os.getpid()}-{os.urandom(6).hex()}".encode()
        self._lessee = Lessee(reactor, self._names, edge, self._given_up)
        self._kept = KeptTicks(
            *(reactor, self._names, self._frames, instrument_slice(layout), self._deliver),
            self._lessee.ask_soon,
            self._gap,
        )
        self._tallies = Tallies(self._names, self._gap)
        self._line: RedisLine | None = None
        self._listener_line: RedisLine | None = None
        # What was read from Redis is no call of the reactor, after which clients' messages leave.
        flush = getattr(reactor, "flush", _nothing)
        self._link = Link(
            reactor,
            Connector(reactor, where, front.settings, front.password),
            lambda: RedisLine(reactor, on_read=flush),
            lambda: RedisLine(reactor, on_message=self._message, on_read=flush),
            self._greet,
            self._down,
        )

    @property
    def state(self) -> LoginState:
        """Where the feed stands."""
        return self._status.state

    @property
    def status(self) -> FeedStatus:
        """Where the feed stands, and why."""
        return self._status

    @property
    def dropped(self) -> int:
        """How many ticks are known never to have come."""
        return self._kept.missed

    def start(self) -> None:
        """Connect, and keep connected."""
        self._link.start()
        self._watching = self._clock.callLater(_LOOK, self._watch)

    @inlineCallbacks
    def close(self) -> Any:
        """Move to ``closed`` at once; give the lease up, and end the link."""
        self._move(LoginState.CLOSED, english("the daemon stops"))
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None
        self._told = None
        self._kept.end()
        yield self._lessee.close()
        yield self._link.close()

    def subscribe(self, kind: Kind, instruments: list[bytes]) -> int:
        """Ask for instruments: what is kept of them comes, and whatever is published."""
        if self.state is not LoginState.READY:
            return _NOT_SENT
        self._lessee.add(kind, instruments)
        if kind == "tick":
            self._kept.want(instruments)
            self._tallies.want(instruments, self._line)
        return 0

    def unsubscribe(self, kind: Kind, instruments: list[bytes]) -> int:
        """Give instruments up."""
        if self.state is not LoginState.READY:
            return _NOT_SENT
        self._lessee.remove(kind, instruments)
        if kind == "tick":
            self._given_up(instruments)
        return 0

    def request(self, method: Method, body: bytes, on_reply: OnReply) -> int:
        """Refuse: no request goes through the bus."""
        return _NOT_SENT

    def text(self, method: Method) -> str | None:
        """Return the trading day, as the publisher's front has told it."""
        if method.name != _TRADING_DAY or self._told is None:
            return None
        return self._told.day

    def samples(self) -> Iterable[Sample]:
        """Read the figures of the bus; called on a scrape."""
        return self._figures.samples(self._link.ups, self._kept)

    @inlineCallbacks
    def _greet(self, line: RedisLine, listener: RedisLine) -> Any:
        """Subscribe to the publisher's word; the rest follows when it has spoken."""
        self._is_subscribed, self._told = False, None
        self._heard = self._clock.seconds()
        self._line, self._listener_line = line, listener
        yield listener.subscribe([self._names.control])
        self._kept.begin(line, listener)
        yield self._lessee.begin(line)

    def _down(self, reason: Text) -> None:
        self._line = self._listener_line = None
        self._is_subscribed, self._told = False, None
        self._kept.end()
        self._tallies.end()
        self._lessee.end()
        self._lost(reason)

    def _message(self, channel: bytes, raw: bytes) -> None:
        """Take what is published: ticks, or a note. While the lease is given up it comes still."""
        if self.state is LoginState.CLOSED:
            return
        if channel == self._names.control:
            self._noted(raw)
            return
        try:
            frame = self._frames.decode(raw)
        except FrameError as problem:
            self._link.drop(problem.reason)
            return
        self._figures.frame(len(raw))
        ticks = self._kept.take(frame)
        if ticks and self.state is not LoginState.READY:
            # Of what nobody has asked for here yet no gap would be told.
            ticks = tuple(filter(self._kept.wants, ticks))
        if ticks:
            self._deliver(ticks, frame.time)

    def _deliver(self, ticks: Sequence[bytes], received: int) -> None:
        if self._record is not None:
            for tick in ticks:
                if self._kept.wants(tick):
                    self._record(tick)
        self._listener.on_ticks(self, ticks, received)

    def _gap(self, missed: dict[bytes, int]) -> None:
        """Tell of ticks that did not come, once the kept ones have come in their place."""
        if missed:
            self._listener.on_gap(self, missed)

    def _given_up(self, names: list[bytes]) -> None:
        """Take note of instruments that nobody wants any more."""
        self._kept.forget(names)
        self._tallies.forget(names)

    def _noted(self, raw: bytes) -> None:
        match notes.note_of(raw):
            case notes.State() as state:
                self._stands(state)
            case notes.Listed(names=names):
                self._listener.on_instruments(self, names)
            case notes.Revoked() as revoked:
                self._refused.take(revoked)
            case notes.Missed() as missed:
                self._tallies.take(missed)
            case notes.Pushed(callback=name, body=body, info=info):
                self._pushed(name, body, info)
            case None:
                pass  # a later release tells more

    def _pushed(self, name: str, body: bytes | None, info: bytes | None) -> None:
        callback = self._catalogue.callbacks.get(name)
        if callback is None:
            return
        event = CallbackEvent(callback, body, info, 0, True)
        if callback.has_request:
            self._listener.on_refused(self, event)
        else:
            self._listener.on_quote_request(self, event)

    def _stands(self, state: notes.State) -> None:
        """Take the publisher's word: it is there, and its front stands so."""
        self._heard = self._clock.seconds()
        self._front.tells_time(state)
        self._kept.begun = state.begun
        self._tallies.begins(state.begun)
        before, self._told = self._told, state
        if before is not None and before.partitions != state.partitions:
            self._link.drop(english("the publisher divides instruments in another way now"))
        elif before is None:
            self._follow(state).addErrback(self._not_followed)
        elif self._is_subscribed:
            self._heard_of(before.epoch, state)

    def _heard_of(self, before: int, state: notes.State) -> None:
        """Move to a state; in another epoch read anew what the publisher keeps.

        What it came to know while it had no link it has told nobody.
        """
        if before != state.epoch:
            self._learn().addErrback(self._not_followed)
        self._moved(state)

    @inlineCallbacks
    def _follow(self, state: notes.State) -> Any:
        """Read what the publisher keeps, and subscribe to the ticks that are wanted of it."""
        line = self._line
        if line is None:
            return
        yield self._learn()
        if self._line is not line or self._told is None:
            return  # another link was made, or none is wanted any more
        yield self._kept.divide(state.partitions)
        if self._line is not line or self._told is None:
            return
        # Asked where everything stands, the publisher tells it at once.
        yield self._lessee.ask_positions()
        if self._line is line and self._told is not None:
            self._is_subscribed = True
            self._heard_of(state.epoch, self._told)

    @inlineCallbacks
    def _learn(self) -> Any:
        """Read what the publisher has told once: tokens, ticks missed, instruments."""
        line = self._line
        if line is None:
            return
        yield self._refused.read(line)
        yield self._tallies.read(line)
        listed = yield line.ask(b"SMEMBERS", self._names.instruments)
        if listed and self._line is line and self._told is not None:
            self._listener.on_instruments(self, sorted(listed))

    def _not_followed(self, failure: Any) -> None:
        self._link.drop(english("the publisher could not be followed"))

    def _moved(self, state: notes.State) -> None:
        """Move to the state of the publisher's front."""
        if state.state != LoginState.READY.value:
            reason = verbatim(f": {state.reason}" if state.reason else "")
            told = english(
                "publisher {name} is {state}{reason}",
                name=self._name,
                state=state.state,
                reason=reason,
            )
            self._lost(told)
        elif state.login is not None and len(state.login) != self._login_size:
            self._lost(
                english(
                    "the publisher's binding lays out logins in another way than the one here; "
                    "install the same release of the binding at both"
                )
            )
        else:
            callback = self._catalogue.callbacks["OnRspUserLogin"]
            login = LoginAnswer(callback, state.login, None, True)
            if self._status.login is None or self._status.login.body != state.login:
                self._status = replace(self._status, login=login)
            self._move(LoginState.READY, NOTHING)

    def _lost(self, reason: Text) -> None:
        was_there = self.state is not LoginState.CONNECTING
        self._move(LoginState.LOST if was_there else LoginState.CONNECTING, reason)

    def _move(self, state: LoginState, reason: Text) -> None:
        if self.state is LoginState.CLOSED:
            return  # nothing leads out of there
        if state is self.state:
            if reason != self._status.reason:
                self._status = replace(self._status, reason=reason)
            return
        if state is LoginState.READY:
            self._lessee.hold()
        self._status = replace(self._status, state=state, reason=reason, since=self._wall())
        self._listener.on_status(self)

    def _watch(self) -> None:
        """Look whether the publisher still speaks."""
        self._watching = self._clock.callLater(_LOOK, self._watch)
        if self._line is not None and self._clock.seconds() - self._heard >= SILENCE:
            self._told = None
            silent = english("publisher {name} is silent", name=self._name)
            self._lost(silent)
            if self._is_named:
                self._heard = self._clock.seconds()
                self._link.drop(silent)


def _nothing() -> None:
    """Flush nothing: the reactor is one without clients."""
