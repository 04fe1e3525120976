"""A whole gateway on loopback, on the simulated exchange and on a fake front."""

import os
from pathlib import Path

from twisted.trial.unittest import TestCase

from webctp.config import ConfigError
from webctp.testing import FakeFront, Gateway, WaitedInVain, order, position, tick, trade

INSERT = {
    "MsgType": "ReqOrderInsert",
    "RequestID": 3,
    "InputOrder": {
        "InstrumentID": "rb2405",
        "ExchangeID": "SHFE",
        "Direction": "1",
        "CombOffsetFlag": "0",
        "CombHedgeFlag": "1",
        "OrderPriceType": "2",
        "LimitPrice": 3501,
        "VolumeTotalOriginal": 2,
        "TimeCondition": "3",
        "VolumeCondition": "1",
        "MinVolume": 1,
        "ContingentCondition": "1",
        "ForceCloseReason": "0",
    },
}


class OnAFakeFront(TestCase):
    """What the front answers is the test's to say."""

    timeout = 120

    async def test_an_order_and_its_trade(self) -> None:
        front = FakeFront()
        async with Gateway(front) as gateway:
            client = await gateway.trader()
            client.say(INSERT)
            await gateway.until(lambda: "ReqOrderInsert" in front.names, "the order at the front")
            asked = front.last("ReqOrderInsert").values
            self.assertEqual((asked["LimitPrice"], asked["VolumeTotalOriginal"]), (3501.0, 2))
            done = order(request=asked, OrderStatus="0", VolumeTraded=2, OrderSysID="42")
            front.push("OnRtnOrder", done)
            front.push("OnRtnTrade", trade(of=done))
            told = (await client.until("RtnOrder"))["Order"]
            self.assertEqual((told["OrderStatus"], told["VolumeTotal"]), ("0", 0))
            self.assertEqual((await client.until("RtnTrade"))["Trade"]["OrderSysID"], "42")

    async def test_answers_and_ticks_by_builders(self) -> None:
        front = FakeFront()
        held = [position("cu2405", Position=3), position("rb2405", PosiDirection="3")]
        front.on("ReqQryInvestorPosition", answer=held)
        async with Gateway(front) as gateway:
            client, watcher = await gateway.trader(), await gateway.watcher()
            query = {"MsgType": "ReqQryInvestorPosition", "QryInvestorPosition": {}, "RequestID": 4}
            found = [one["InvestorPosition"] for one in await client.answers(query)]
            self.assertEqual(
                [(one["InstrumentID"], one["Position"]) for one in found],
                [("cu2405", 3), ("rb2405", 1)],
            )
            await watcher.ask(
                {"MsgType": "SubscribeMarketData", "InstrumentID": ["rb2405"], "RequestID": 5}
            )
            front.push("OnRtnDepthMarketData", tick("rb2405", 3700.0))
            pushed = await watcher.until("RtnDepthMarketData")
            self.assertEqual(pushed["DepthMarketData"]["LastPrice"], 3700.0)

    async def test_waiting_in_vain_shows_what_the_front_has_got(self) -> None:
        async with Gateway(FakeFront()) as gateway:
            await gateway.trader()
            with self.assertRaises(WaitedInVain) as caught:
                await gateway.until(lambda: False, "an order", timeout=0.02)
        self.assertIn("in vain for an order; the front has got", str(caught.exception))
        self.assertIn("ReqUserLogin", str(caught.exception))

    async def test_clients_are_closed_and_nothing_is_left(self) -> None:
        front = FakeFront()
        gateway = await Gateway(front).start()
        client = await gateway.trader()
        folder = gateway.folder
        assert folder is not None
        await gateway.stop()
        self.assertEqual(await client.closed, 1001)
        self.assertTrue(all(api.released for api in front.apis))
        self.assertFalse(folder.exists())

    async def test_a_wrong_key_is_told_and_leaves_nothing(self) -> None:
        before = set(os.listdir(Path(self.mktemp()).parent))
        gateway = Gateway(FakeFront(), SesionLinger="3")
        with self.assertRaises(ConfigError) as caught:
            await gateway.start()
        self.assertIn("SessionLinger", str(caught.exception))
        self.assertIsNone(gateway.folder)
        self.assertEqual(set(os.listdir(Path(self.mktemp()).parent)), before)


class OnTheSimulatedExchange(TestCase):
    """One exchange for trading and market data."""

    timeout = 120

    async def test_two_gateways_at_once(self) -> None:
        async with Gateway("sim://?seed=7&balance=1000") as one, Gateway("sim://?seed=7") as other:
            self.assertNotEqual(one.port, other.port)
            money = []
            for gateway in (one, other):
                client = await gateway.trader()
                answer = await client.ask(
                    {"MsgType": "ReqQryTradingAccount", "QryTradingAccount": {}, "RequestID": 2}
                )
                money.append(answer["TradingAccount"]["Balance"])
            self.assertEqual(money, [1000, 10_000_000])

    async def test_its_exchange_does_what_the_test_says(self) -> None:
        gateway = Gateway("sim://?seed=7")
        with self.assertRaisesRegex(ValueError, "no simulated exchange that runs"):
            gateway.control("disconnect")
        async with gateway:
            client = await gateway.trader()
            with self.assertRaisesRegex(ValueError, "nonsense"):
                gateway.control("nonsense")
            gateway.control("disconnect", reason="0x2001")
            self.assertEqual((await client.until("FrontDisconnected"))["Reason"], 0x2001)
        async with Gateway(FakeFront()) as other:
            with self.assertRaisesRegex(ValueError, "use sim://"):
                other.control("disconnect")

    async def test_ticks_come(self) -> None:
        async with Gateway("sim://?seed=7", InstrumentsFile=None) as gateway:
            watcher = await gateway.watcher()
            answer = await watcher.ask(
                {"MsgType": "SubscribeMarketData", "InstrumentID": "rb????", "RequestID": 1}
            )
            self.assertEqual(answer["RspInfo"]["ErrorID"], 0)
            pushed = await watcher.until("RtnDepthMarketData")
            self.assertGreater(pushed["DepthMarketData"]["LastPrice"], 0)
