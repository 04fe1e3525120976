"""kill -9 of the daemon in the middle of a flow of orders: none is doubled, none is lost.

The exchange is a process of its own and lives on. Each order has a price of its own, so that the
exchange's list says how often it was executed, whatever gateway and client believe. `python -m
tests.clients.python.kills --moments 50 --seed 7` is the long form of the test.
"""

import asyncio
import sys
from collections import Counter
from random import Random
from typing import Final

from tests.clients.moments import Flow, run
from tests.clients.python.gateways import RealGateway
from webctp_client import errors, structs
from webctp_client.aio import Client, connect
from webctp_client.orders import SentOrder
from webctp_client.protocol.mirror import order_key, trade_key

_PATIENCE: Final = 120.0
"""Seconds until what does not come is taken for lost; a slow machine is no failure."""
_FLOW: Final = 0.01
"""Seconds between two orders, on average."""
_LONGEST: Final = 0.6
"""Seconds after which the daemon is killed, at most."""


class Story:
    """One flow of orders through a daemon that is killed at so many moments.

    ``orders`` are those that the client says it has sent, by their price; ``unsent`` the prices
    of those that it refused to send.
    """

    def __init__(self, gateway: RealGateway, seed: int, moments: int) -> None:
        self.orders: dict[float, SentOrder] = {}
        self.unsent: set[float] = set()
        self.kills = 0
        self._gateway = gateway
        self._random = Random(seed)
        self._moments = moments

    async def play(self) -> list[str]:
        """Play it; return what is wrong in the end."""
        async with connect(
            self._gateway.url, "flow", "pass", portfolio=True, order_patience=_PATIENCE
        ) as client:
            row = (await client.ReqQryInstrument(ProductID="rb"))[3]
            (tick,) = await client.ReqQryDepthMarketData(InstrumentID=row.InstrumentID)
            await client.exchange_of(row.InstrumentID)
            killer = asyncio.ensure_future(self._kill(client))
            lowest, step = tick.LowerLimitPrice or 0.0, row.PriceTick or 1.0
            number = 0
            while not killer.done():
                price = lowest + number * step
                number += 1
                await self._send(client, row.InstrumentID, price)
                await asyncio.sleep(self._random.expovariate(1 / _FLOW))
            await killer
            for order in self.orders.values():
                await self._settled(order)
            return [*await self._executed(client), *await self._mirrored(client)]

    async def _kill(self, client: Client) -> None:
        for _ in range(self._moments):
            link = client._link("td")
            await asyncio.wait_for(link.ready(), _PATIENCE)
            await asyncio.sleep(self._random.uniform(0, _LONGEST))
            self._gateway.kill()
            self.kills += 1
            await asyncio.get_running_loop().run_in_executor(None, self._gateway.start)
        await asyncio.wait_for(client._link("td").ready(), _PATIENCE)

    async def _send(self, client: Client, instrument: str, price: float) -> None:
        try:
            order = await client.limit_order(instrument, "0", "0", price, 1)
        except errors.Disconnected:
            self.unsent.add(price)
            await asyncio.sleep(0.1)
            return
        self.orders[price] = order

    async def _settled(self, order: SentOrder) -> None:
        try:
            await order.wait_known(_PATIENCE)
        except errors.WebctpError:
            return  # refused or unknown: the exchange must not have it

    async def _executed(self, client: Client) -> list[str]:
        """Hold what the client believes against the exchange's own list."""
        listed = Counter(one.LimitPrice for one in await client.ReqQryOrder())
        wrong = [f"{price} is there {count} times" for price, count in listed.items() if count > 1]
        wrong += [f"{price} was not sent, and is there" for price in self.unsent if listed[price]]
        for price, order in self.orders.items():
            # What the gateway calls unknown never reached the exchange, or it would know.
            if bool(order.order_status) != (listed[price] == 1):
                wrong.append(f"{order} ({order.error}) is there {listed[price]} times")
        return wrong

    async def _mirrored(self, client: Client) -> list[str]:
        """Hold the mirrors against queries, until a moment in which nothing has changed."""
        wrong = ["the account was never quiet"]
        for _ in range(40):
            before = _standing(client.orders)
            orders = {order_key(one): one for one in await client.ReqQryOrder()}
            trades = {trade_key(one): one for one in await client.ReqQryTrade()}
            held = await client.ReqQryInvestorPosition()
            if _standing(client.orders) == before:
                wrong = []
                if _standing(list(orders.values())) != before:
                    wrong.append("the orders differ from a query")
                if client.mirror.trades.keys() != trades.keys():
                    wrong.append("the trades differ from a query")
                lots = sum(one.Position for one in held)
                if sum(one.Position for one in client.positions) != lots:
                    wrong.append("the positions differ from a query")
                if not wrong:
                    break
            await asyncio.sleep(0.25)
        return wrong


def _standing(orders: list[structs.Order]) -> dict[tuple[str, ...], tuple[str, int]]:
    return {order_key(one): (one.OrderStatus, one.VolumeTraded) for one in orders}


def played(seed: int, moments: int) -> Flow:
    """Play a story at a gateway of its own; return what came of it."""
    gateway = RealGateway(apart=True)
    try:
        story = Story(gateway, seed, moments)
        wrong = asyncio.run(story.play())
        return Flow(story.kills, len(story.orders), wrong)
    finally:
        gateway.end()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], "orders of the client in Python over kill -9", played))
