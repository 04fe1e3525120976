"""The exchange's thread: whoever asks is answered between the instruments' steps."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, runtime
from webctp.ctp.codec import codec_for
from webctp.exchanges import instruments
from webctp.sim.host.flows import QUICK, FlowPlace
from webctp.sim.host.packing import TICK_CALLBACK, Delivery
from webctp.sim.host.sink import Connection
from webctp.sim.host.thread import SimThread
from webctp.sim.host.venue import SimVenue
from webctp.sim.options import FaultOptions, SimOptions

PATIENCE = 120.0
SUBSCRIBED = 2_000
"""Instruments whose markets are made and stepped."""
AT_MOST = 200
"""Ticks before an answer: some turns' worth, far from a step of all."""


class CallbackSink:
    """An API's end that counts what comes, on the exchange's thread."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.news = threading.Condition()
        self.on_put: Callable[[], None] = lambda: None

    def put(self, deliveries: list[Delivery]) -> None:
        with self.news:
            for one in deliveries:
                self.counts[one.callback] = self.counts.get(one.callback, 0) + 1
            self.news.notify_all()
        self.on_put()

    def stands(self, standing: bool) -> None:
        pass

    def topics(self) -> tuple[FlowPlace, FlowPlace]:
        return FlowPlace(QUICK, "", 0), FlowPlace(QUICK, "", 0)

    def faulty(self, options: FaultOptions) -> None:
        pass

    def count(self, callback: str) -> int:
        return self.counts.get(callback, 0)

    def wait(self, callback: str, least: int = 1) -> None:
        with self.news:
            if not self.news.wait_for(lambda: self.count(callback) >= least, PATIENCE):
                raise AssertionError(f"no {callback}; so far {self.counts}")


class Fairness(SynchronousTestCase):
    """One exchange, a watcher of much, an honest trader, a flooding one."""

    timeout = 300

    def setUp(self) -> None:
        self.host = SimThread(SimVenue(SimOptions(seed=7)))
        self.watcher, self.md = self.connect(trading=False)
        names = [one.instrument_id for one in instruments.listed(self.day())][:SUBSCRIBED]
        self.honest, self.td = self.logged_in("honest")
        self.flooding, self.flood = self.logged_in("flood")
        self.names = names

    def connect(self, *, trading: bool) -> tuple[CallbackSink, Connection]:
        sink = CallbackSink()
        connection = self.host.connect(sink, trading=trading)
        self.addCleanup(self.host.leave, connection)
        sink.wait("OnFrontConnected")
        return sink, connection

    def day(self) -> Any:
        return self.host._core.markets.day.date

    def logged_in(self, user: str) -> tuple[CallbackSink, Connection]:
        sink, connection = self.connect(trading=True)
        login = {"BrokerID": "9999", "UserID": user, "Password": user}
        self.ask(connection, "ReqUserLogin", login)
        sink.wait("OnRspUserLogin")
        return sink, connection

    def ask(self, connection: Connection, name: str, values: Mapping[str, object]) -> None:
        struct = catalog.trading().methods[name].request_struct
        raw = codec_for(runtime.load().td).layout(struct).pack(values)
        self.host.request(connection, name, raw, 1)

    def subscribe(self) -> None:
        callback = "OnRspSubMarketData"
        self.host.subscribe(self.md, "SubscribeMarketData", callback, self.names)

    def test_a_request_waits_for_no_step_of_all_instruments(self) -> None:
        self.subscribe()
        self.watcher.wait(TICK_CALLBACK, SUBSCRIBED)
        begun = self.watcher.count(TICK_CALLBACK)
        waited: list[int] = []

        def ticking() -> None:
            """Ask amid a step, and again when that is answered; on the exchange's thread."""
            if self.watcher.count(TICK_CALLBACK) > begun:
                asked, self.watcher.on_put = self.watcher.count(TICK_CALLBACK), lambda: None
                before = self.honest.count("OnRspQryTradingAccount")

                def answered() -> None:
                    if self.honest.count("OnRspQryTradingAccount") > before:
                        waited.append(self.watcher.count(TICK_CALLBACK) - asked)
                        self.honest.on_put = lambda: None
                        self.watcher.on_put = ticking if len(waited) < 20 else lambda: None

                self.honest.on_put = answered
                self.ask(self.td, "ReqQryTradingAccount", {})

        self.watcher.on_put = ticking
        self.honest.wait("OnRspQryTradingAccount", 20)
        self.assertLess(max(waited), AT_MOST, waited)

    def test_a_request_waits_for_no_subscription_of_all_instruments(self) -> None:
        self.subscribe()
        self.watcher.wait("OnRspSubMarketData")
        self.ask(self.td, "ReqQryTradingAccount", {})
        self.honest.wait("OnRspQryTradingAccount")
        self.assertLess(self.watcher.count("OnRspSubMarketData"), SUBSCRIBED)
        self.watcher.wait("OnRspSubMarketData", SUBSCRIBED)

    def test_a_request_waits_for_no_flood_of_another_session(self) -> None:
        order = {"InstrumentID": "no such", "LimitPrice": 1.0, "VolumeTotalOriginal": 1}
        for _ in range(5_000):
            self.ask(self.flood, "ReqOrderInsert", order)
        self.ask(self.td, "ReqQryTradingAccount", {})
        self.honest.wait("OnRspQryTradingAccount")
        self.assertLess(self.flooding.count("OnRspOrderInsert"), 5_000)
        self.flooding.wait("OnRspOrderInsert", 5_000)
