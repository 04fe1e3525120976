"""What the tests of the gateway share: both services on one site, clients in memory."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.described import DescribedPeer
from tests.upstream.barstore.threadless import ThreadlessStore
from tests.upstream.market.pace import AT_ONCE
from webctp.config.market import MarketSettings
from webctp.config.sections import BarStoreConfig, HistoryConfig
from webctp.config.serving import ConnectionLimits, Limits, WebSocketOptions
from webctp.config.trading import TradingSettings
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.access.principal import (
    Authenticator,
    Principal,
    anybody_called,
    let_anybody_in,
)
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.entrance import Entrance
from webctp.gateway.http.site import Site, site
from webctp.gateway.market.barkeeping import BarKeeper
from webctp.gateway.market.history import BarHistory
from webctp.gateway.market.service import MarketService
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.recording.recorder import Record
from webctp.secret import Secret
from webctp.testing import FakeFront, ThreadlessReactor, WebSocketPeer
from webctp.upstream.market.ctpfeed import ctp_feeds
from webctp.upstream.session.api import SETTLING
from webctp.upstream.session.apiqueue import ApiQueue

LOGIN_TIMEOUT = 15.0
USER = {"UserID": "user", "Password": "first"}
Message = dict[str, Any]


def code(message: Message) -> int:
    """The ErrorID of a message."""
    return int(message["RspInfo"]["ErrorID"])


class GatewayCase(SynchronousTestCase):
    """Both services before a fake front, on a reactor without threads."""

    services: tuple[str, ...] = ("td", "md")
    front_connects = True
    invalid = InvalidPrice.ZERO
    options = WebSocketOptions(
        ping_interval=20, ping_timeout=10, max_message_bytes=2 * 1024 * 1024, login_deadline=0
    )
    trading_settings: ClassVar[Mapping[str, Any]] = {}
    limits = Limits()
    connection_limits = ConnectionLimits()
    market_settings: ClassVar[Mapping[str, Any]] = {}
    history: ClassVar[HistoryConfig | None] = None
    bar_store: ClassVar[BarStoreConfig | None] = None
    wall_ahead = 0.0
    """Seconds that the wall clock is ahead of the reactor's."""

    def setUp(self) -> None:
        self.reactor = ThreadlessReactor()
        self.front = FakeFront(connects=self.front_connects)
        self.fanout = self.make_fanout()
        apis = ApiQueue.on(self.fanout.reactor)
        common: dict[str, Any] = {
            "td_front_address": ("tcp://one:1",),
            "md_front_address": ("tcp://one:1",),
            "broker_id": "9999",
            "con_file_path": self.mktemp(),
            "production_mode": True,
            "login_timeout": LOGIN_TIMEOUT,
        }
        trader = TradingSettings(
            app_id="client_test_1.0",
            auth_code=Secret("0000000000000000"),
            user_product_info="webctp",
            session_linger=0.0,
            **common,
            **self.trading_settings,
        )
        market = MarketSettings(
            **{**common, **AT_ONCE, "max_instruments": 0, **self.market_settings}
        )
        history = None if self.history is None else BarHistory(self.history)
        sources = partial(
            ctp_feeds, self.fanout.reactor, apis, self.front, market, self.record(), wall=self.wall
        )
        self.md = MarketService(
            self.front,
            sources,
            market,
            self.fanout,
            self.invalid,
            history,
            self.record(),
            self.keeper(),
        )
        self.td = TradingService(
            apis,
            self.front,
            trader,
            self.fanout,
            self.invalid,
            on_instruments=self.md.hub.instruments.add,
            make_ticks=self.md.condition_prices,
            exchange_time=self.md.hub.now,
            principal_of=self.principal_of,
            wall=self.wall,
            flow_quiet=0.0,
        )
        desks: dict[str, Any] = {"td": self.td, "md": self.md}
        self.factories = {name: self.factory(desks[name].client) for name in self.services}
        self.readiness = {name: desks[name].readiness for name in self.services}
        self.site = self.site_for(let_anybody_in)
        if "md" in self.services:
            self.md.start()
            self.reactor.turn()

    def tearDown(self) -> None:
        for factory in self.factories.values():
            factory.close_all()
        self.reactor.advance(2)  # clients that do not answer the close are dropped
        self.td.stop()
        self.md.stop()
        self.reactor.advance(SETTLING)  # an API that still connects is released only then
        for api in self.front.apis:
            self.assertTrue(api.released, "an API was not released")

    def make_fanout(self) -> Fanout:
        """What writes to the clients."""
        return Fanout(self.reactor, self.limits)

    def site_for(self, authenticate: Authenticator) -> Site:
        """What a port serves to those whom ``authenticate`` lets in."""
        return self.site_behind(Entrance(authenticate))

    def site_behind(self, entrance: Entrance) -> Site:
        """What a port serves behind an entrance."""
        services = {name: (self.factories[name], self.readiness[name]) for name in self.services}
        return site(services, self.reactor, self.connection_limits, entrance)

    def keeper(self) -> BarKeeper | None:
        """What gives bars to a store, which works within the test's own thread."""
        if self.bar_store is None:
            return None
        self.store = ThreadlessStore(self.fanout.reactor, Path(self.mktemp()), 0)
        layout = self.front.binding.market_codec.layout("CThostFtdcDepthMarketDataField")
        return BarKeeper(self.bar_store, self.store, self.fanout.reactor, layout)

    def record(self) -> Record | None:
        """What takes the ticks that are to be recorded."""
        return None

    def principal_of(self, name: str) -> Principal | None:
        """Who is called so now; None for nobody."""
        return anybody_called(name)

    def wall(self) -> float:
        """The time of day, in seconds since 1970."""
        return self.reactor.seconds() + self.wall_ahead

    def factory(self, make_client: Callable[[Peer], ServiceClient]) -> GatewayFactory:
        """A WebSocket factory with this case's options."""
        return GatewayFactory(self.reactor, self.fanout, self.options, make_client)

    def connect(self, path: str = "/td/") -> WebSocketPeer:
        """An open connection."""
        peer = DescribedPeer(self.site, path)
        self.assertEqual(peer.status, 101)
        return peer

    def login(self, peer: WebSocketPeer, **body: Any) -> Message:
        """Log in on td; gives the answer."""
        return self.ask(
            peer, {"MsgType": "ReqUserLogin", "ReqUserLogin": {**USER, **body}, "RequestID": 1}
        )

    def trader(self, **body: Any) -> WebSocketPeer:
        """A client that is logged in on td."""
        peer = self.connect("/td/")
        answer = self.login(peer, **body)
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0), answer)
        return peer

    def watcher(self) -> WebSocketPeer:
        """A client that is logged in on md."""
        peer = self.connect("/md/")
        answer = self.ask(peer, {"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0), answer)
        return peer

    def settle(self) -> None:
        """Let everything happen that waits for nothing but its turn."""
        for _ in range(4):
            self.reactor.turn()

    def answers(self, peer: WebSocketPeer) -> list[Message]:
        """The answers that have come: messages with a RequestID, no pushes."""
        self.settle()
        return [message for message in peer.received() if "RequestID" in message]

    def pushes(self, peer: WebSocketPeer) -> list[Message]:
        """The pushes that have come, those about the session left out."""
        self.settle()
        return [
            message
            for message in peer.received()
            if "RequestID" not in message and message["MsgType"] != "RtnSessionState"
        ]

    def ask(self, peer: WebSocketPeer, message: object) -> Message:
        """Send a message; gives its one answer."""
        self.answers(peer)
        peer.send(message)
        answers = self.answers(peer)
        self.assertEqual(len(answers), 1, f"{message} -> {answers}")
        return answers[0]
