"""webctp.bus.publisher, webctp.bus.feed: tokens that a node revokes are taken by no edge."""

from pathlib import Path
from typing import Any

from tests.bus.redisserver import RedisServer
from tests.bus.test_feed import BusTest
from tests.gateway.access.tokens.test_record import token
from webctp.gateway.access.tokens.authentication import NO_LONGER_VALID
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.access.tokens.record import Token, hash_of, new_token
from webctp.secret import Secret
from webctp.testing import Gateway
from webctp.testing.client import GatewayClient


class Revoking(BusTest):
    """A node and edges, each with a file of tokens of its own."""

    def setUp(self) -> None:
        super().setUp()
        self.secret, self.other = new_token(), new_token()
        self.both = (
            token(sha256=hash_of(self.secret)),
            token("other", sha256=hash_of(self.other)),
        )
        self.files = {name: Path(self.mktemp()).absolute() for name in ("node", "edge")}
        for path in self.files.values():
            self.change(path, *self.both)

    def change(self, path: Path, *tokens: Token) -> None:
        """Put other tokens in a file."""
        with editing(path) as found:
            found[:] = tokens

    async def guarded_edge(self, redis: RedisServer) -> Gateway:
        return await self.edge(redis, Access={"Tokens": str(self.files["edge"])})

    async def guarded_node(self, redis: RedisServer) -> Gateway:
        bus = {"Url": redis.url, "Publish": "true"}
        access = {"Tokens": str(self.files["node"])}
        return await self.started(Gateway("sim://?seed=7&speed=60", Bus=bus, Access=access))

    async def connected(self, gateway: Gateway, secret: Secret) -> GatewayClient:
        return await gateway.connect("md", headers={"Authorization": f"Bearer {secret.reveal()}"})

    def publisher(self, node: Gateway) -> Any:
        services: Any = node.daemon.services
        return services._publisher

    def revoked_at(self, edge: Gateway) -> bool:
        """Return whether the edge holds any token for revoked."""
        daemon: Any = edge.daemon
        return bool(daemon._prepared.access._tokens.authentication._revoked)

    async def refused(self, gateway: Gateway) -> None:
        with self.assertRaises(ConnectionError) as caught:
            await self.connected(gateway, self.secret)
        self.assertIn("401", str(caught.exception))
        await self.connected(gateway, self.other)

    async def test_it_ends_at_each_edge_and_at_those_that_start_later(self) -> None:
        redis = await self.redis()
        await self.guarded_node(redis)
        edge = await self.guarded_edge(redis)
        client, stays = [await self.connected(edge, one) for one in (self.secret, self.other)]
        self.change(self.files["node"], self.both[1])
        self.assertEqual(await client.closed, NO_LONGER_VALID)
        self.assertFalse(stays.closed.called)
        await self.refused(edge)
        await self.refused(await self.guarded_edge(redis))
        # The edge's own file says otherwise, whatever else changes in it.
        self.change(self.files["edge"], self.both[0])
        self.assertEqual(await stays.closed, NO_LONGER_VALID)
        with self.assertRaises(ConnectionError):
            await self.connected(edge, self.secret)

    async def test_one_removed_by_mistake_is_taken_again_where_it_is_put_back(self) -> None:
        redis = await self.redis()
        await self.guarded_node(redis)
        edge = await self.guarded_edge(redis)
        client = await self.connected(edge, self.secret)
        self.change(self.files["node"], self.both[1])
        self.assertEqual(await client.closed, NO_LONGER_VALID)
        await self.refused(edge)
        self.change(self.files["node"], *self.both)
        await edge.until(lambda: not self.revoked_at(edge), "the edge to hear that it is back")
        await self.connected(edge, self.secret)
        await self.connected(await self.guarded_edge(redis), self.secret)

    async def test_one_put_back_while_redis_is_away_is_told_when_it_returns(self) -> None:
        redis = await self.redis()
        node = await self.guarded_node(redis)
        edge = await self.guarded_edge(redis)
        self.change(self.files["node"], self.both[1])
        await edge.until(lambda: self.revoked_at(edge), "the edge to hear that it is revoked")
        redis.kill()
        self.change(self.files["node"], *self.both)
        publisher = self.publisher(node)
        await node.until(lambda: not publisher._revocations.refused, "the node to read its file")
        await redis.start()
        await edge.until(lambda: not self.revoked_at(edge), "the edge to hear that it is back")
        await self.connected(edge, self.secret)

    async def test_a_redis_that_comes_back_empty_is_told_again(self) -> None:
        redis = await self.redis()
        node = await self.guarded_node(redis)
        self.change(self.files["node"], self.both[1])
        publisher = self.publisher(node)
        await node.until(lambda: bool(publisher._revocations.refused), "the node to read its file")
        redis.kill()
        await redis.start()
        await self.refused(await self.guarded_edge(redis))
