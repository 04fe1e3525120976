"""The fake front: what it records, answers and refuses."""

import gc
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.ctp.bridge import Bridge, CallbackEvent, spi
from webctp.ctp.codec import Codec, codec_for
from webctp.testing import Answer, FakeApi, FakeFront, Fatal, ThreadlessReactor

TD = catalog.trading()
CODEC: Codec = codec_for(TD.module)


class FrontCase(SynchronousTestCase):
    """A front, an API of it, and what its SPI was told."""

    def setUp(self) -> None:
        self.front = FakeFront()
        self.reactor = ThreadlessReactor()
        self.events: list[CallbackEvent] = []
        self.api = self.create()

    def create(self) -> FakeApi:
        api = self.front.create_trader(".", True)
        self.spi: Any = spi(TD, CODEC, Bridge(self.reactor, self.events.extend))
        api.RegisterSpi(self.spi)
        return api

    def request(self, name: str, **values: Any) -> int:
        method = TD.methods[name]
        filled = CODEC.layout(method.request_struct).new(values)
        result: int = getattr(self.api, name)(filled, 7)
        return result

    def told(self) -> list[tuple[str, dict[str, Any], int, bool]]:
        """Name, text fields that are set, ErrorID and IsLast of each callback."""
        self.reactor.turn()
        rows = []
        for callback, body, info, _, is_last in self.events:
            values = CODEC.layout(callback.struct).unpack(body) if callback.struct and body else {}
            shown = {
                name: value for name, value in values.items() if value and isinstance(value, str)
            }
            error = (
                0 if info is None else CODEC.layout("CThostFtdcRspInfoField").value(info, "ErrorID")
            )
            rows.append((callback.name, shown, int(error), is_last))
        self.events.clear()
        return rows


class Answers(FrontCase):
    """The script."""

    def test_left_alone_it_repeats_what_it_is_asked(self) -> None:
        self.assertEqual(self.request("ReqQryInvestor", InvestorID="user"), 0)
        self.assertEqual(self.told(), [("OnRspQryInvestor", {"InvestorID": "user"}, 0, True)])

    def test_bodies(self) -> None:
        cases: list[tuple[Answer, list[tuple[dict[str, Any], bool]]]] = [
            ({"InvestorID": "a"}, [({"InvestorID": "a"}, True)]),
            (
                [{"InvestorID": "a"}, {"InvestorID": "b"}],
                [({"InvestorID": "a"}, False), ({"InvestorID": "b"}, True)],
            ),
            (None, [({}, True)]),
        ]
        for answer, expected in cases:
            self.front.on("ReqQryInvestor", answer=answer)
            self.request("ReqQryInvestor")
            self.assertEqual([(row[1], row[3]) for row in self.told()], expected)

    def test_a_function_of_the_request(self) -> None:
        self.front.on("ReqQryInvestor", answer=lambda asked: {"InvestorName": asked["InvestorID"]})
        self.request("ReqQryInvestor", InvestorID="user")
        self.assertEqual(self.told()[0][1], {"InvestorName": "user"})

    def test_refusals(self) -> None:
        self.front.on("ReqUserLogin", error=75)
        self.request("ReqUserLogin", UserID="user")
        ((name, _, error, is_last),) = self.told()
        self.assertEqual((name, error, is_last), ("OnRspUserLogin", 75, True))

    def test_silence_and_return_values(self) -> None:
        self.front.on("ReqQryOrder", silent=True)
        self.front.on("ReqQryTrade", returns=-3)
        self.assertEqual((self.request("ReqQryOrder"), self.request("ReqQryTrade")), (0, -3))
        self.assertEqual(self.request("ReqOrderInsert"), 0)
        self.assertEqual(self.told(), [])

    def test_another_callback(self) -> None:
        self.front.on("ReqOrderInsert", callback="OnRspError", error=15)
        self.request("ReqOrderInsert")
        self.assertEqual([(row[0], row[2]) for row in self.told()], [("OnRspError", 15)])

    def test_so_many_times(self) -> None:
        self.front.on("ReqUserLogin", error=7, times=2)
        for _ in range(3):
            self.request("ReqUserLogin")
        self.assertEqual([row[2] for row in self.told()], [7, 7, 0])

    def test_problems(self) -> None:
        self.front.fail("Init", OSError("no threads"))
        with self.assertRaises(OSError):
            self.api.Init()


class Records(FrontCase):
    """What was called, with what."""

    def test_requests(self) -> None:
        self.request("ReqQryInvestor", InvestorID="张三")
        call = self.front.last("ReqQryInvestor")
        self.assertEqual((call.values["InvestorID"], call.request_id), ("张三", 7))
        with self.assertRaises(AssertionError):
            self.front.last("ReqQryOrder")

    def test_what_comes_before_a_connection(self) -> None:
        self.api.SubscribePrivateTopic(1)
        self.api.RegisterFront("tcp://one:1")
        self.api.Init()
        names = ["create_trader", "RegisterSpi", "SubscribePrivateTopic", "RegisterFront", "Init"]
        self.assertEqual(self.front.names, names)
        self.assertEqual([row[0] for row in self.told()], ["OnFrontConnected"])

    def test_a_front_that_does_not_connect_by_itself(self) -> None:
        self.front.connects = False
        self.api.Init()
        self.assertEqual(self.told(), [])
        self.front.connect()
        self.front.disconnect()
        self.assertEqual(
            [row[0] for row in self.told()], ["OnFrontConnected", "OnFrontDisconnected"]
        )

    def test_a_push_goes_to_the_newest_api_that_has_it(self) -> None:
        market = self.front.create_market(".", True)
        self.front.push("OnRtnTrade", {"TradeID": "1"})
        self.assertEqual([row[0] for row in self.told()], ["OnRtnTrade"])
        self.assertIs(self.front.api, market)

    def test_no_method_that_the_api_does_not_have(self) -> None:
        with self.assertRaises(AttributeError):
            self.api.ReqNichts  # noqa: B018

    def test_memory_is_wiped_after_a_callback(self) -> None:
        kept: list[Any] = []

        def keep(_: Any, body: Any) -> None:
            kept.append(body)

        self.patch(type(self.spi), "OnRtnTrade", keep)
        self.front.push("OnRtnTrade", {"TradeID": "1"})
        raw = CODEC.layout("CThostFtdcTradeField").read(kept[0])
        self.assertEqual(set(raw), {0xDD})


class Fatalities(FrontCase):
    """What kills a process at the native library raises here."""

    def test_after_release(self) -> None:
        self.api.Release()
        with self.assertRaises(Fatal):
            self.request("ReqQryInvestor")
        with self.assertRaises(Fatal):
            self.api.Release()
        self.front.push("OnRtnTrade", {})
        self.assertEqual(self.told(), [])

    def test_no_spi_before_release(self) -> None:
        with self.assertRaises(Fatal):
            self.api.RegisterSpi(None)

    def test_an_spi_that_is_gone_before_release(self) -> None:
        del self.spi
        gc.collect()
        with self.assertRaises(Fatal):
            self.api.Release()

    def test_nothing_for_a_struct(self) -> None:
        with self.assertRaises(Fatal):
            self.api.ReqQryInvestor(None, 1)

    def test_the_wrong_struct(self) -> None:
        with self.assertRaises(Fatal):
            self.api.ReqQryInvestor(CODEC.layout("CThostFtdcQryOrderField").new(), 1)

    def test_a_flow_directory_that_is_missing(self) -> None:
        with self.assertRaises(Fatal):
            self.front.create_trader(self.mktemp(), True)

    def test_subscriptions(self) -> None:
        market = self.front.create_market(".", True)
        wrong: list[tuple[Any, int]] = [([b"a"], 2), ([b"a"], 0), (["a"], 1), (b"a", 1), ([], 0)]
        for instruments, count in wrong:
            with self.assertRaises(Fatal):
                market.SubscribeMarketData(instruments, count)
        self.assertEqual(market.SubscribeMarketData([b"a"], 1), 0)
