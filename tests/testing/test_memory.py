"""A whole gateway in memory."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from webctp.config import ConfigError
from webctp.testing import FakeFront, MemoryGateway, WaitedInVain, order, tick, trade
from webctp.testing.gateway import PASSWORD
from webctp.testing.rows import USER

QUERY = {"MsgType": "ReqQryInvestor", "QryInvestor": {}, "RequestID": 9}


class Memory(SynchronousTestCase):
    """Trading and market data through the daemon itself, without a socket."""

    def start(self, front: FakeFront | None = None, **keys: object) -> MemoryGateway:
        gateway = MemoryGateway(front, **keys)
        self.addCleanup(gateway.stop)
        return gateway

    def test_trading(self) -> None:
        front = FakeFront()
        gateway = self.start(front)
        client = gateway.trader()
        self.assertEqual(front.last("ReqUserLogin").values["UserID"], USER)
        made = order(OrderSysID="42", OrderStatus="0")
        front.push("OnRtnOrder", made)
        front.push("OnRtnTrade", trade(of=made))
        told = gateway.pushes(client)
        self.assertEqual([one["MsgType"] for one in told], ["RtnOrder", "RtnTrade"])
        self.assertEqual([next(iter(one.values())) for one in told], ["RtnOrder", "RtnTrade"])
        self.assertEqual(
            {one["Order" if "Order" in one else "Trade"]["OrderSysID"] for one in told}, {"42"}
        )

    def test_market_data(self) -> None:
        front = FakeFront()
        gateway = self.start(front)
        watcher = gateway.watcher()
        gateway.trader()  # whose API is the newer one
        asked = {"MsgType": "SubscribeMarketData", "InstrumentID": ["rb2405"], "RequestID": 2}
        self.assertEqual(gateway.ask(watcher, asked)["RspInfo"]["ErrorID"], 0)
        front.push("OnRtnDepthMarketData", tick("rb2405", 3600.0))
        (pushed,) = gateway.pushes(watcher)
        self.assertEqual(pushed["DepthMarketData"]["LastPrice"], 3600.0)
        self.assertEqual(pushed["DepthMarketData"]["BidPrice2"], 0)

    def test_an_answer_that_does_not_come_shows_what_has_come(self) -> None:
        front = FakeFront()
        front.on("ReqQryInvestor", silent=True)
        gateway = self.start(front, QueryTimeout="3600")
        client = gateway.trader()
        client.send({"MsgType": "ReqQryOrder", "QryOrder": {}, "RequestID": 8})
        with self.assertRaises(WaitedInVain) as caught:
            gateway.ask(client, QUERY)
        self.assertIn("no answer to ReqQryInvestor", str(caught.exception))
        self.assertNotIn(PASSWORD, str(caught.exception))

    def test_a_refused_login_says_so(self) -> None:
        front = FakeFront()
        front.on("ReqUserLogin", error=3)
        with self.assertRaises(AssertionError) as caught:
            self.start(front).trader()
        self.assertIn("'ErrorID': 3", str(caught.exception))

    def test_keys_are_those_of_a_configuration(self) -> None:
        gateway = self.start(SessionLinger="30", QueryQueue="1")
        client = gateway.trader()
        client.drop()
        gateway.settle()
        front = gateway.front
        assert isinstance(front, FakeFront)
        gateway.reactor.advance(29)
        self.assertNotIn("Release", front.names[front.names.index("ReqUserLogin") :])
        gateway.reactor.advance(2)
        self.assertIn("Release", front.names[front.names.index("ReqUserLogin") :])
        with self.assertRaises(ConfigError) as caught:
            MemoryGateway(SesionLinger="30")
        self.assertIn("SessionLinger", str(caught.exception))

    def test_nothing_is_left_behind(self) -> None:
        gateway = MemoryGateway()
        gateway.trader()
        folder = gateway.folder
        self.assertTrue(folder.is_dir())
        gateway.stop()
        self.assertFalse(Path(folder).exists())
        self.assertEqual(gateway.reactor.getDelayedCalls(), [])
        front = gateway.front
        assert isinstance(front, FakeFront)
        self.assertTrue(all(api.released for api in front.apis))
        self.assertNotIn(str(folder), os.listdir(folder.parent))
