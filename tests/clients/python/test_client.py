"""The asyncio face on a real gateway: requests, streams, orders, the account."""

import asyncio
from typing import Any

from tests.clients.python.gateways import GatewayCase
from webctp_client import Handler, enums, errors, own, structs
from webctp_client.aio import Client, connect
from webctp_client.client import Healed
from webctp_client.feeds import Feeds
from webctp_client.orders import SentOrder
from webctp_client.protocol.mirror import order_key

RB = "rb????"


class ClientCase(GatewayCase):
    """What most tests begin with."""

    async def instrument(self, client: Client) -> structs.Instrument:
        """Return a rebar contract."""
        return (await client.ReqQryInstrument(ProductID="rb"))[3]

    async def limits(self, client: Client, name: str) -> tuple[float, float]:
        """Return an instrument's lowest and highest price."""
        (tick,) = await client.ReqQryDepthMarketData(InstrumentID=name)
        assert tick.LowerLimitPrice is not None and tick.UpperLimitPrice is not None
        return tick.LowerLimitPrice, tick.UpperLimitPrice


class Requests(ClientCase):
    """Typed requests."""

    def test_rows_are_typed_structs(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url, "reader", "pass") as client:
                rows = await client.ReqQryInstrument(ProductID="rb", ExchangeID="SHFE")
                self.assertGreater(len(rows), 5)
                self.assertIsInstance(rows[0], structs.Instrument)
                self.assertEqual({row.ProductID for row in rows}, {"rb"})
                self.assertEqual(rows[0].ProductClass, enums.ProductClass.Futures)
                self.assertEqual(await client.ReqQryInstrument(InstrumentID="zz9999"), [])
                self.assertRegex(await client.GetTradingDay(), r"\d{8}")
                (account,) = await client.ReqQryTradingAccount()
                self.assertGreater(account.Available or 0, 0)

        self.play(work())

    def test_a_refusal_is_an_exception_with_its_detail(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url, "reader", "pass") as client:
                with self.assertRaises(errors.BadRequest) as caught:
                    await client.ReqQryInstrument(InstrumentID="x" * 100)
                self.assertIn("InstrumentID", caught.exception.detail)
                self.assertEqual(caught.exception.request, "ReqQryInstrument")
                with self.assertRaises(ValueError):
                    client.ticks()

        self.play(work())

    def test_a_wrong_password_fails_the_connection_and_is_not_tried_again(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url, "locked", "right"):
                pass
            client = connect(self.gateway.url, "locked", "wrong")
            with self.assertRaises(errors.WebctpError) as caught:
                await client.start()
            self.assertNotIn("wrong", str(caught.exception))
            with self.assertRaises(errors.WebctpError):
                await client.ReqQryOrder()
            await client.close()

        self.play(work())

    def test_no_gateway_is_said_soon(self) -> None:
        async def work() -> None:
            client = connect("ws://127.0.0.1:9", "demo", "demo", connect_timeout=0.2)
            with self.assertRaises(errors.Disconnected):
                await client.start()
            await client.close()

        self.play(work())

    def test_market_data_needs_no_user_and_trading_says_so(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url) as client:
                found = await client.QryInstruments(Text="rb", Count=3)
                self.assertEqual(len(found), 3)
                with self.assertRaises(errors.NotLoggedIn):
                    await client.ReqQryOrder()

        self.play(work())


class Streams(ClientCase):
    """What is pushed."""

    def test_ticks_come_and_end_with_the_iterator(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url) as client:
                self.assertIsInstance(client._feeds, Feeds)
                async with client.ticks(RB) as ticks:
                    names = {(await anext(ticks)).InstrumentID for _ in range(20)}
                self.assertGreater(len(names), 1)
                self.assertEqual(len(client._hub.ticks._streams), 0)

        self.play(work())

    def test_ticks_and_bars_of_one_instrument_come_together(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url) as client:
                (found, *_) = await client.QryInstruments(ProductID="rb", ProductClass="1")
                name = found.InstrumentID
                async with client.bars(name, periods=["1m"]) as bars, client.ticks(name) as ticks:
                    bar, tick = await anext(bars), await anext(ticks)
                    again = await anext(ticks)
                self.assertEqual({bar.InstrumentID, tick.InstrumentID, again.InstrumentID}, {name})
                self.assertEqual(bar.Period, "1m")

        self.play(work())

    def test_a_handler_is_called_by_the_names_that_all_know(self) -> None:
        calls: list[str] = []
        clients: list[Client] = []

        class Robot(Handler):
            async def on_tick(self, tick: structs.DepthMarketData) -> None:
                if "on_tick" not in calls:
                    calls.append("on_tick")
                    price = tick.UpperLimitPrice or 0.0
                    await clients[0].limit_order(tick.InstrumentID, "0", "0", price, 1)

            def on_order(self, order: structs.Order) -> None:
                calls.append("on_order")

            def on_trade(self, trade: structs.Trade) -> None:
                calls.append("on_trade")

            async def on_position(self, position: own.PortfolioPosition) -> None:
                if position.Position:
                    calls.append("on_position")
                    await clients[0].close()

        async def work() -> None:
            async with connect(self.gateway.url, "robot", "pass", portfolio=True) as client:
                clients.append(client)
                name = (await self.instrument(client)).InstrumentID
                await client.run(Robot(), name)

        self.play(work())
        self.assertEqual(calls[0], "on_tick")
        self.assertLessEqual({"on_order", "on_trade", "on_position"}, set(calls))

    def test_what_a_handler_raises_ends_the_run(self) -> None:
        class Broken(Handler):
            def on_tick(self, tick: structs.DepthMarketData) -> None:
                raise ZeroDivisionError

        async def work() -> None:
            async with connect(self.gateway.url) as client:
                with self.assertRaises(ZeroDivisionError):
                    await client.run(Broken(), RB)

        self.play(work())


class Orders(ClientCase):
    """Orders, and the account as pushes tell it."""

    def test_an_order_trades_and_all_mirrors_agree_with_queries(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url, "trader", "pass", portfolio=True) as client:
                name = (await self.instrument(client)).InstrumentID
                low, high = await self.limits(client, name)
                trades = client.trade_pushes()
                order = await client.limit_order(name, "0", "0", high, 2)
                self.assertIsInstance(order, SentOrder)
                await order.wait_done(30)
                self.assertEqual((order.order_status, order.volume_traded), ("0", 2))
                self.assertEqual((await anext(trades)).InstrumentID, name)
                resting = await (await client.limit_order(name, "0", "0", low, 1)).wait_known(30)
                self.assertFalse(resting.is_done)
                await (await client.cancel(resting)).wait_done(30)
                await resting.wait_done(30)
                self.assertEqual(resting.order_status, enums.OrderStatus.Canceled)
                await self.agree(client)

        self.play(work())

    def test_an_order_of_which_only_the_gateway_has_told_can_be_cancelled(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url, "untold", "pass") as client:
                name = (await self.instrument(client)).InstrumentID
                low, _ = await self.limits(client, name)
                resting = await (await client.limit_order(name, "0", "0", low, 1)).wait_known(30)
                self.assertEqual(resting.instrument, name)
                resting._state.order = None  # as after a break, before CTP's own push
                await (await client.cancel(resting)).wait_done(30)
                await resting.wait_done(30)
                self.assertEqual(resting.order_status, enums.OrderStatus.Canceled)

        self.play(work())

    async def agree(self, client: Client) -> None:
        """Hold the mirrors against queries."""
        asked = {order_key(one): one for one in await client.ReqQryOrder()}
        self.assertEqual(
            {key: (one.OrderStatus, one.VolumeTraded) for key, one in client.mirror.orders.items()},
            {key: (one.OrderStatus, one.VolumeTraded) for key, one in asked.items()},
        )
        traded = await client.ReqQryTrade()
        self.assertEqual(
            sorted((one.TradeID, one.Price, one.Volume) for one in client.trades),
            sorted((one.TradeID, one.Price, one.Volume) for one in traded),
        )
        held = await client.ReqQryInvestorPosition()
        while sum(one.Position for one in client.positions) != sum(one.Position for one in held):
            await asyncio.sleep(0.05)
        self.assertEqual(
            sorted((one.InstrumentID, one.PosiDirection, one.Position) for one in client.positions),
            sorted((one.InstrumentID, one.PosiDirection, one.Position) for one in held),
        )
        assert client.account is not None
        (account,) = await client.ReqQryTradingAccount()
        self.assertEqual(client.account.Commission, account.Commission)

    def test_a_refusal_is_raised_by_the_one_who_waits(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url, "poor", "pass") as client:
                name = (await self.instrument(client)).InstrumentID
                _, high = await self.limits(client, name)
                order = await client.limit_order(name, "0", "0", high, 400)
                with self.assertRaises(errors.CtpError):
                    await (await client.limit_order(name, "1", "1", high, 1)).wait_done(30)
                with self.assertRaises(errors.BadRequest) as caught:
                    await (await client.ReqOrderInsert(InstrumentID="x" * 100)).wait_known(30)
                self.assertIn("InstrumentID", str(caught.exception))
                self.assertEqual(order.error is None, order.is_known and order.error is None)

        self.play(work())

    def test_the_day_is_known_after_the_login(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url, "again", "pass") as client:
                name = (await self.instrument(client)).InstrumentID
                _, high = await self.limits(client, name)
                await (await client.limit_order(name, "0", "0", high, 1)).wait_done(30)
            async with connect(self.gateway.url, "again", "pass") as client:
                self.assertEqual([one.InstrumentID for one in client.orders], [name])
                self.assertEqual(len(client.trades), 1)

        self.play(work())

    def test_a_gap_is_told_and_healed_by_queries(self) -> None:
        async def work() -> None:
            async with connect(self.gateway.url, "gap", "pass") as client:
                name = (await self.instrument(client)).InstrumentID
                _, high = await self.limits(client, name)
                await (await client.limit_order(name, "0", "0", high, 1)).wait_done(30)
                client.mirror.orders.clear()
                events = client.events()
                core = client._links["td"].core
                core.seq, core._token = None, "another session's"
                client._links["td"]._socket.abort("a test")  # type: ignore[union-attr]
                seen: list[Any] = []
                async for event in events:
                    seen.append(type(event).__name__)
                    if isinstance(event, Healed):
                        break
                self.assertIn("Gap", seen)
                self.assertEqual(len(client.orders), 1)
                self.assertTrue(client.mirror.is_whole)

        self.play(work())
