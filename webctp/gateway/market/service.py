"""Serve market data at ``/md/``: the hub, and one encoding of each tick for all clients."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from msgspec import UNSET, Raw, UnsetType
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from webctp.config.market import MarketSettings
from webctp.ctp import errors
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.ctp.encoder import InvalidPrice, json_encoder
from webctp.ctp.refusal import Limited
from webctp.ctp.rspinfo import RspInfo
from webctp.gateway.conditional.prices import OnPrice, TickPrices
from webctp.gateway.market.barkeeping import BarKeeper
from webctp.gateway.market.barstream import Bars
from webctp.gateway.market.changes import Form
from webctp.gateway.market.client import MarketClient
from webctp.gateway.market.history import BarHistory
from webctp.gateway.market.maincontracts import MainContracts
from webctp.gateway.market.pastbars import PastBars
from webctp.gateway.market.search import InstrumentSearch
from webctp.gateway.market.spec import market_options
from webctp.gateway.market.streams import InstrumentStreams, MakeFrame, StreamClient
from webctp.gateway.market.tickhistory import TickHistory
from webctp.gateway.messages import own
from webctp.gateway.messages.changes import MARK, TickChanges
from webctp.gateway.messages.encoder import Encoder, framer
from webctp.gateway.messages.encoder import frame as frame_of
from webctp.gateway.messages.schema import Schema
from webctp.gateway.messages.tradingday import TradingDayWatch
from webctp.gateway.portfolio.prices import HubPrices
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.language.text import NOTHING, Text, english, joined
from webctp.metrics import Sample
from webctp.recording.recorder import Record
from webctp.upstream.contracts.maincontract import MainContractRule
from webctp.upstream.market.bars import Bar
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.source import MakeSources, TickOrigin
from webctp.upstream.market.subscriptions import REMEDY, Clients, Subscription
from webctp.upstream.session.login import LoginState
from webctp.upstream.session.reply import Reply

_log = Logger()

_REQUESTS: Final = {"tick": "SubscribeMarketData", "quote": "SubscribeForQuoteRsp"}
_TICK: Final = "OnRtnDepthMarketData"
_INSTRUMENT: Final = "InstrumentID"


class MarketService:
    """Hold what all market-data clients share: the hub, and one encoding of each tick.

    The hub's :class:`~webctp.upstream.market.hub.Sink`.

    :param history: keeps bars in memory; None for nothing.
    :param keeper: gives bars to the store; None where there is no ``BarStore``.
    :param record: see :class:`~webctp.upstream.market.hub.MarketHub`.
    """

    def __init__(
        self,
        origin: TickOrigin,
        sources: MakeSources,
        settings: MarketSettings,
        fanout: Fanout,
        invalid: InvalidPrice,
        history: BarHistory | None = None,
        record: Record | None = None,
        keeper: BarKeeper | None = None,
    ) -> None:
        catalogue = origin.binding.market
        self.history = history
        self._keeper = keeper
        self.callbacks = catalogue.callbacks
        self.schema = Schema(catalogue, market_options, {"/td/": origin.binding.trading})
        self.encoder = Encoder(catalogue, invalid, keep_reserved=True)
        self.fanout = fanout
        fanout.traffic.sent.know((*own.names(catalogue), *MarketClient.own_names))
        self.hub = MarketHub[StreamClient](fanout.reactor, origin, sources, settings, self, record)
        self.feeds = self.hub.feeds
        self.search = InstrumentSearch(fanout.reactor, self.hub)
        self.ticks = TickHistory(self.hub, settings.tick_history)
        self.past = PastBars(self.hub, history, keeper)
        self.max_instruments = settings.max_instruments
        self._last_tick = settings.last_tick
        self._language = settings.language
        codec = codec_for(catalogue.module)
        self.info = RspInfo(catalogue).of(0)
        self.specific = codec.layout("CThostFtdcSpecificInstrumentField")
        self.login = codec.layout("CThostFtdcRspUserLoginField")
        self._clock = fanout.reactor
        self._invalid = invalid
        self._depth = codec.layout("CThostFtdcDepthMarketDataField")
        self.fields = tuple(field.name for field in self._depth.fields)
        tick = self.callbacks[_TICK]
        self._tick_head = f'{{"MsgType":"{tick.msg_type}","{tick.body_key}":'.encode()
        self.tick_json = json_encoder(self._depth, invalid, keep_reserved=True)
        rule = MainContractRule(self._depth, settings.main_contract)
        self.mains = MainContracts(fanout.reactor, self.hub, rule)
        self._day = catalogue.methods["GetTradingDay"]
        self._days = TradingDayWatch(fanout.reactor, self.trading_day, self._new_day)
        self._clients: set[MarketClient] = set()
        # Encoders are kept for as long as a stream uses them, and the most recent ones longer.
        self.frame_of = lru_cache(maxsize=64)(self._frame_of)
        self.form_of = lru_cache(maxsize=64)(self._form_of)
        self.epoch = 0
        """Counts the connections to the front: changes begin anew with each."""

    def client(self, peer: Peer) -> MarketClient:
        """Return what handles a new client's requests."""
        client = MarketClient(self, peer)
        self._clients.add(client)
        return client

    def forget(self, client: MarketClient) -> None:
        """Send nothing more to a client that is gone."""
        self._clients.discard(client)

    @property
    def bars(self) -> Bars:
        """Return the hub, which makes the bars."""
        return self.hub

    def trading_day(self) -> str | None:
        """Return what the front tells as its trading day."""
        return self.feeds.text(self._day)

    def prices(self) -> HubPrices:
        """Return what follows the ticks of one portfolio."""
        return HubPrices(self.hub, self._depth)

    def condition_prices(self, on_price: OnPrice) -> TickPrices:
        """Return what follows every tick of what one account's conditional orders wait for."""
        return TickPrices(self.hub, self._depth, on_price)

    def keepers(self, name: bytes) -> Mapping[str, Callable[[Bar], None]]:
        """Return what keeps an instrument's closed bars, by period."""
        kept = {} if self.history is None else self.history.keepers(name)
        if self._keeper is None:
            return kept
        stored = self._keeper.keepers(name)
        return {**kept, **{one: _both(kept.get(one), keep) for one, keep in stored.items()}}

    def take_settings(self, settings: MarketSettings) -> None:
        """Take another ``MaxInstruments``; what clients are subscribed to stays."""
        self.max_instruments = settings.max_instruments
        self.hub.take_settings(settings)

    def start(self) -> None:
        """Connect to the front."""
        if self.history is not None:
            self.hub.subscribe("tick", self.history, self.history.instruments)
        if self._keeper is not None:
            self._keeper.start(self.hub)
        self.hub.start()

    def stop(self) -> Deferred[Any]:
        """Release the upstream."""
        self._days.stop()
        self.mains.close()
        self.search.stop()
        if self._keeper is not None:
            self._keeper.stop()
        return self.hub.close()

    def samples(self) -> Iterator[Sample]:
        """Read the figures of market data; called on a scrape."""
        yield from self.hub.samples()
        if self._keeper is not None:
            yield from self._keeper.samples()

    def readiness(self) -> dict[str, Any]:
        """Read the upstream's state for ``/readyz``."""
        told = own.for_page(self._standing())
        return {
            "ready": self.feeds.state is LoginState.READY,
            "state": told["State"],
            "reason": told["Reason"],
            **({"lines": told["Lines"]} if "Lines" in told else {}),
        }

    def _standing(self) -> own.SessionState:
        return own.market_standing(self.feeds.status, self.feeds.statuses)

    def make_streams(self, subscription: Subscription[StreamClient]) -> InstrumentStreams:
        """Make what is sent of an instrument's ticks; the hub calls this at the first."""
        self.ticks.watch(subscription)
        return InstrumentStreams(self._clock, self, subscription)

    def quote_requested(self, event: CallbackEvent, clients: Clients[StreamClient]) -> None:
        """Send an exchange's request for quotes, encoded once."""
        callback, body, _, _, _ = event
        self._send(self.encoder.push(callback, body, None, 0), clients)

    def first(self, client: StreamClient, last: bytes) -> None:
        """Send a new client of an instrument what stands after its ``last`` tick.

        Where another tick has come meanwhile, the client was sent that.
        """
        found = self.hub.newest_tick(last)
        if found is None or client.outbox is None:
            return
        subscription, newest = found
        streams = subscription.streams
        if not isinstance(streams, InstrumentStreams):
            streams = subscription.streams = self.make_streams(subscription)
        for key, frame in streams.first(client, newest, ticks=self._last_tick):
            client.outbox.tick(key, frame)

    def _frame_of(
        self, fields: tuple[str, ...] | None, *, stale: bool = False, main: str = ""
    ) -> MakeFrame:
        encode = json_encoder(self._depth, self._invalid, keep_reserved=True, only=fields)
        tail = b',"Stale":true' if stale else b""
        return framer(self._tick_head, encode, tail + _main_tail(main))

    def _form_of(self, fields: tuple[str, ...] | None, *, main: str = "") -> Form[bytes]:
        told = TickChanges(
            self._depth, self._invalid, self._tick_head, MARK + _main_tail(main), fields
        )
        return Form(self.frame_of(fields, main=main), told.read, told.change)

    def state_changed(self, state: LoginState, reason: Text) -> None:
        """Tell every client that has asked to log in of the upstream's state, and log it."""
        why = joined("", (": ", reason)) if reason else NOTHING
        _log.info("market data is {state}{why}", state=state.value, why=why)
        login: Raw | UnsetType = UNSET
        if state is LoginState.READY:
            self.epoch += 1
            login = self.encoder.json(self.login.name, self.feeds.login_body)
        told = own.RtnSessionState(SessionState=self._standing(), RspUserLogin=login)
        frame = frame_of(own.encode(told, self._language))
        for client in self._clients:
            if client.follows:
                client.outbox.message(frame)
        body = self.feeds.login_body
        if state is LoginState.READY and body is not None:
            self._days.logged_in(str(self.login.value(body, "TradingDay")))
        else:
            self._days.stop()

    def _new_day(self, day: str, before: str) -> None:
        frame = frame_of(own.encode(own.RtnTradingDay(TradingDay=day, Before=before)))
        for client in self._clients:
            if client.logged_in:
                client.outbox.message(frame)

    def broadcast(self, event: CallbackEvent) -> None:
        """Send the connection's own events, and errors that nobody waits for."""
        callback, body, info, number, is_last = event
        if callback.has_request:
            message = self.encoder.response(Reply(callback, body, info, is_last), 0)
        else:
            message = self.encoder.push(callback, body, info, number)
        frame = frame_of(message)
        for client in self._clients:
            if client.logged_in:
                client.outbox.message(frame)

    def refused(self, event: CallbackEvent, clients: Clients[StreamClient]) -> None:
        """Send clients the front's refusal of an instrument that they want."""
        callback, body, info, _, _ = event
        self._send(self.encoder.response(Reply(callback, body, info, True), 0), clients)
        for key, keeper in (("History", self.history), ("BarStore", self._keeper)):
            if keeper in clients and body is not None:
                name = self.specific.unpack(body)[_INSTRUMENT]
                _log.warn("{key}: the front knows no instrument {name!r}", key=key, name=name)

    def _send(self, message: bytes, clients: Iterable[StreamClient]) -> None:
        frame = frame_of(message)
        for client in clients:
            if client.outbox is not None:
                client.outbox.message(frame)

    def ticks_missed(self, clients: Mapping[StreamClient, Mapping[bytes, int]]) -> None:
        """Tell clients how many ticks of which instruments will never come."""
        # Most clients have missed the same: a message for each of them would be long, too.
        made: dict[tuple[bytes, ...], Any] = {}
        for client, missed in clients.items():
            if client.outbox is not None:
                names = tuple(missed)
                if names not in made:
                    made[names] = frame_of(own.ticks_dropped(sum(missed.values()), names))
                client.outbox.message(made[names])

    def full(self, kind: str, client: StreamClient) -> None:
        """Tell a client that its patterns find more instruments than it may have."""
        detail = Limited.of(
            english(
                "its patterns find more than MaxInstruments, {most}; {remedy}",
                most=self.max_instruments,
                remedy=REMEDY,
            ),
            limit=self.max_instruments,
        )
        client.refuse(_REQUESTS[kind], errors.TOO_MANY, detail, 0)


def _main_tail(main: str) -> bytes:
    """Return the end of a message, which names the main contract that it was asked for as."""
    return f',"MainContract":"{main}"}}'.encode() if main else b"}"


def _both(
    first: Callable[[Bar], None] | None, second: Callable[[Bar], None]
) -> Callable[[Bar], None]:
    """Return what gives a bar to two keepers; one is enough where there is no other."""
    if first is None:
        return second

    def keep(bar: Bar) -> None:
        first(bar)
        second(bar)

    return keep
