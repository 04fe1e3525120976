"""The blocking face on a real gateway: the same names, without a loop."""

import threading

from tests.clients.python.gateways import GatewayCase
from webctp_client import BlockingClient, Handler, WebctpError, connect, structs
from webctp_client.blocking import client as blocking_client
from webctp_client.blocking.face import BlockingStream
from webctp_client.blocking.orders import BlockingSentOrder


class Blocking(GatewayCase):
    """What a script does."""

    def test_three_lines(self) -> None:
        shown = []
        for tick in connect(self.gateway.url).ticks("rb????"):
            shown.append((tick.UpdateTime, tick.LastPrice))
            if len(shown) == 3:
                break
        self.assertEqual(len(shown), 3)

    def test_an_order_and_the_account(self) -> None:
        with connect(self.gateway.url, "script", "pass", portfolio=True) as client:
            self.assertIsInstance(client, blocking_client.BlockingClient)
            name = client.ReqQryInstrument(ProductID="rb")[3].InstrumentID
            (tick,) = client.ReqQryDepthMarketData(InstrumentID=name)
            order = client.limit_order(name, "0", "0", tick.UpperLimitPrice or 0.0, 1)
            self.assertIsInstance(order, BlockingSentOrder)
            self.assertEqual(order.wait_done(30).order_status, "0")
            resting = client.limit_order(name, "0", "0", tick.LowerLimitPrice or 0.0, 1)
            client.cancel(resting.wait_known(30)).wait_done(30)
            self.assertEqual(resting.wait_done(30).order_status, "5")
            self.assertEqual(len(client.orders), 2)
            self.assertEqual(len(client.trades), 1)
            self.assertIsNotNone(client.account)
            self.assertEqual(client.exchange_of(name), "SHFE")

    def test_errors_are_raised_here(self) -> None:
        with connect(self.gateway.url) as client, self.assertRaises(WebctpError):
            client.ReqQryOrder()

    def test_a_handler_is_called_in_this_thread_until_it_is_closed(self) -> None:
        threads = []

        class Once(Handler):
            def on_tick(self, tick: structs.DepthMarketData) -> None:
                threads.append(threading.current_thread())
                client.close()

        client: BlockingClient = connect(self.gateway.url)
        client.run(Once(), "rb????")
        self.assertEqual(set(threads), {threading.current_thread()})

    def test_a_coroutine_is_no_handler_here(self) -> None:
        class Wrong(Handler):
            async def on_tick(self, tick: structs.DepthMarketData) -> None:
                """Take a tick."""

        with connect(self.gateway.url) as client, self.assertRaises(TypeError):
            client.run(Wrong(), "rb????")

    def test_iterators_end_with_the_client(self) -> None:
        client = connect(self.gateway.url)
        ticks = client.ticks("rb????")
        self.assertIsInstance(ticks, BlockingStream)
        next(ticks)
        client.close()
        self.assertLess(len(list(ticks)), 1000)
