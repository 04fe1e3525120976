"""webctp.bus.feed, webctp.bus.publisher: a CTP node, a real Redis, edges, in one process."""

import gc
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from tests.bus.redisserver import RedisServer
from webctp.testing import Gateway
from webctp.testing.client import GatewayClient
from webctp.upstream.session.login import LoginState

SIM = "sim://?seed=7&speed=60"
Message = dict[str, Any]


class BusTest(TestCase):
    """A Redis for each test, and whatever is started before it."""

    timeout = 120

    def setUp(self) -> None:
        # Each daemon collects garbage more rarely than it has found it done: one in a process is
        # what it expects, and that they end in no other order than they began.
        self._garbage = gc.get_threshold()
        self.addCleanup(gc.set_threshold, *self._garbage)

    async def redis(self, settings: str = "") -> RedisServer:
        server = RedisServer(settings)
        self.addCleanup(server.remove)
        return await server.start()

    async def node(self, redis: RedisServer, front: Any = SIM, **bus: Any) -> Gateway:
        """A CTP node that publishes."""
        gateway = Gateway(front, Bus={"Url": redis.url, "Publish": "true", **bus})
        return await self.started(gateway)

    async def edge(self, redis: RedisServer, query: str = "", **keys: Any) -> Gateway:
        """An edge, once it is ready."""
        given = {
            "AppType": "md",
            "SubscribeInterval": "0",
            "MdFrontAddress": redis.url + query,
            **keys,
        }
        gateway = await self.started(Gateway("sim://", **given))
        await self.ready(gateway)
        return gateway

    async def started(self, gateway: Gateway) -> Gateway:
        await gateway.start()
        gc.set_threshold(*self._garbage)
        self.addCleanup(lambda: Deferred.fromCoroutine(gateway.stop()))
        return gateway

    async def ready(self, gateway: Gateway) -> None:
        services: Any = gateway.daemon.services
        feeds = services.md.feeds
        await gateway.until(
            lambda: feeds.state is LoginState.READY, f"an edge to be ready: {feeds.status}"
        )


def tick_of(message: Message) -> Message | None:
    """The tick in a message, None where there is none."""
    found: Message | None = message.get("DepthMarketData")
    return found


async def ticks(
    client: GatewayClient, enough: Callable[[dict[str, list[Message]]], bool]
) -> dict[str, list[Message]]:
    """The next ticks of a client, by instrument, until they are enough."""
    found: dict[str, list[Message]] = {}
    while not enough(found):
        tick = tick_of(await client.until(tick_of))
        if tick is not None:
            found.setdefault(tick["InstrumentID"], []).append(tick)
    return found


async def subscribe(client: GatewayClient, *names: str) -> None:
    """Subscribe a client to instruments."""
    await client.ask({"MsgType": "SubscribeMarketData", "InstrumentID": list(names)})


class EndToEnd(BusTest):
    """What a client of an edge receives."""

    async def test_it_receives_the_same_ticks_as_a_client_of_the_node(self) -> None:
        redis = await self.redis()
        node, edge = await self.node(redis), await self.edge(redis)
        near, far = await node.watcher(), await edge.watcher()
        for client in (near, far):
            await subscribe(client, "rb*")
        there = await ticks(far, lambda found: sum(map(len, found.values())) >= 400)
        # What the near one has received since it subscribed has waited to be read.
        here = await ticks(
            near, lambda found: all(each[-1] in found.get(name, ()) for name, each in there.items())
        )
        for name, each in there.items():
            whole = here[name]
            first = whole.index(each[0])
            self.assertEqual(each, whole[first : first + len(each)])
