"""webctp.bus in bad times: what an edge's clients receive while parts of the bus fail."""

import signal
from typing import Any

from twisted.internet.defer import Deferred

from tests.bus.market import DAY, NAMES, Market, Viewer
from tests.bus.redisserver import RedisServer
from tests.bus.test_feed import BusTest, subscribe
from tests.bus.wire import Wire
from tests.daemons import until
from webctp.testing import Gateway


class FailureTest(BusTest):
    """A market, a node that publishes it, an edge, a client of the edge."""

    market: Market
    server: RedisServer

    async def begin(self, settings: str = "", **bus: Any) -> tuple[Gateway, Viewer]:
        self.market = Market()
        self.server = await self.redis(settings)
        await self.node(self.server, self.market.front, **bus)
        edge = await self.edge(self.server)
        return edge, await self.viewer(edge)

    async def viewer(self, edge: Gateway) -> Viewer:
        """A client of an edge, subscribed, that has had a tick of each instrument."""
        client = await edge.watcher()
        await subscribe(client, *NAMES)
        await self.wanted(*NAMES)
        viewer = Viewer(client)
        self.market.tick(*NAMES)
        await viewer.until(lambda one: len(one.held) == len(NAMES), "a tick of each")
        return viewer

    async def wanted(self, *names: str, market: Market | None = None) -> None:
        """Wait until a front has been asked for instruments."""
        await until(lambda: set(names) <= self.asked(market), f"the front to be asked: {names}")

    async def until_state(self, edge: Gateway, state: str) -> None:
        """Wait until an edge's feed is in a state."""
        services: Any = edge.daemon.services
        feeds = services.md.feeds
        await until(lambda: feeds.state.value == state, f"an edge to be {state}: {feeds.status}")

    def asked(self, market: Market | None = None) -> set[str]:
        """What a front was asked for."""
        found: set[str] = set()
        for call in (market or self.market).front.calls:
            if call.name == "SubscribeMarketData":
                found.update(name.decode() for name in call.arguments)
        return found


class Links(FailureTest):
    """Redis goes, hangs, or cuts an edge off."""

    async def test_redis_is_killed_and_starts_anew_empty(self) -> None:
        _, viewer = await self.begin()
        self.server.kill()
        missed = self.market.tick(*NAMES)
        await self.server.start()
        await viewer.reaches(missed)
        await viewer.until(
            lambda one: min(one.held.values()) > missed - len(NAMES), "all instruments to heal"
        )
        await viewer.until(lambda one: one.dropped > 0, "the gap to be told")

    async def test_redis_hangs_and_goes_on(self) -> None:
        edge, viewer = await self.begin()
        self.server.signal(signal.SIGSTOP)
        await self.until_state(edge, "lost")
        missed = self.market.tick(*NAMES)
        self.server.signal(signal.SIGCONT)
        await viewer.reaches(missed)
        await self.ready(edge)
        after = self.market.tick(*NAMES)
        await viewer.reaches(after)

    async def test_an_edge_that_was_cut_off_heals_and_is_told(self) -> None:
        _, viewer = await self.begin()
        # What leaves while the edge is away is lost to it; the kept ticks are not.
        await self.server.ask(b"CLIENT", b"KILL", b"TYPE", b"pubsub")
        missed = self.market.tick(*NAMES, *NAMES)
        await viewer.reaches(missed)
        await viewer.until(
            lambda one: min(one.held.values()) > missed - len(NAMES), "all instruments to heal"
        )

    async def test_what_a_node_was_not_given_meanwhile_is_told_once_the_link_is_back(self) -> None:
        self.market, self.server = Market(), await self.redis()
        node = await self.node(self.server, self.market.front)
        wire = Wire(self.server.path, 0)
        self.addCleanup(lambda: Deferred.fromCoroutine(wire.close()))
        edge = await self.edge(self.server, MdFrontAddress=wire.url)
        viewer = await self.viewer(edge)
        there: Any = node.daemon.services
        here: Any = edge.daemon.services
        (feed,) = here.md.feeds
        await feed._line.ask(b"PING")  # it knows by now what was missed before
        wire.is_silent = True
        for end in list(wire.ends):
            end.cut()
        await self.until_state(edge, "lost")
        there.md.hub.on_gap(there.md.feeds, {b"rb2405": 2})
        await there.md.hub.relay._line.ask(b"PING")  # Redis has carried out what came before
        wire.speak()
        await viewer.until(lambda one: one.dropped > 0, "the gap to be told")
        self.assertEqual((viewer.named[-1][1], viewer.dropped), (("rb2405",), 2))

    async def test_redis_takes_no_commands_for_a_while(self) -> None:
        _, viewer = await self.begin()
        await self.server.ask(b"CLIENT", b"PAUSE", b"1000", b"ALL")
        last = self.market.tick(*NAMES)
        await viewer.reaches(last)


class Newcomers(FailureTest):
    """Who comes later, or while nothing moves."""

    async def test_an_edge_that_starts_later_is_sent_what_is_kept(self) -> None:
        await self.begin()
        newest = self.market.volume
        edge = await self.edge(self.server)
        client = await edge.watcher()
        await subscribe(client, *NAMES)
        viewer = Viewer(client)
        await viewer.until(lambda one: len(one.held) == len(NAMES), "what is kept of each")
        self.assertEqual(max(viewer.held.values()), newest)
        self.assertEqual(viewer.dropped, 0)

    async def test_a_client_that_wants_more_later_is_sent_what_is_kept(self) -> None:
        edge, _ = await self.begin()
        newest = self.market.volume
        client = await edge.watcher()
        await subscribe(client, *NAMES)
        viewer = Viewer(client)
        await viewer.until(lambda one: len(one.held) == len(NAMES), "what is kept of each")
        self.assertEqual(max(viewer.held.values()), newest)

    async def test_what_no_edge_wants_any_more_is_unsubscribed(self) -> None:
        self.market = Market()
        self.server = await self.redis()
        await self.started(
            Gateway(
                self.market.front,
                UnsubscribeGrace="0",
                Bus={"Url": self.server.url, "Publish": "true"},
            )
        )
        edge = await self.edge(self.server, UnsubscribeGrace="0")
        viewer = await self.viewer(edge)
        await viewer.leave()
        await edge.until(
            lambda: "UnSubscribeMarketData" in self.market.front.names, "instruments to be given up"
        )


class Nodes(FailureTest):
    """CTP nodes come and go."""

    async def test_a_node_ends_and_another_of_its_name_begins(self) -> None:
        self.market = Market()
        self.server = await self.redis()
        first = await self.node(self.server, self.market.front)
        edge = await self.edge(self.server)
        viewer = await self.viewer(edge)
        await first.stop()
        await self.until_state(edge, "lost")
        self.market = Market(self.market)
        await self.node(self.server, self.market.front)
        await self.ready(edge)
        # The lease has outlived the node: its successor asks for what is wanted by itself.
        await self.wanted(*NAMES)
        last = self.market.tick(*NAMES)
        await viewer.reaches(last)

    async def test_of_two_nodes_one_may_end_without_a_lost_tick(self) -> None:
        self.market, other = Market(), Market()
        self.server = await self.redis()
        first = await self.node(self.server, self.market.front, Name="1")
        await self.node(self.server, other.front, Name="2")
        edge = await self.edge(
            self.server,
            MdRedundancy="true",
            MdFrontAddress=[f"{self.server.url}?name={name}" for name in "12"],
        )
        services: Any = edge.daemon.services
        feeds = list(services.md.feeds)
        await edge.until(lambda: all(one.state.value == "ready" for one in feeds), "both feeds")
        viewer = await self.viewer(edge)
        await self.wanted(*NAMES, market=other)
        other.volume = self.market.volume
        for _ in range(20):
            self.market.tick(*NAMES)
            other.tick(*NAMES)
        await first.stop()
        for _ in range(20):
            other.tick(*NAMES)
        await viewer.reaches(other.volume)
        self.assertEqual(sorted(viewer.received), list(range(1, other.volume + 1)))
        self.assertEqual(viewer.dropped, 0)

    async def test_the_state_of_the_front_travels(self) -> None:
        edge, _ = await self.begin()
        self.market.front.disconnect()
        await self.until_state(edge, "lost")
        services: Any = edge.daemon.services
        self.assertIn("publisher 1 is lost", services.md.feeds.status.reason)

    async def test_requests_for_quotes_travel(self) -> None:
        edge, _ = await self.begin()
        client = await edge.watcher()
        await client.ask({"MsgType": "SubscribeForQuoteRsp", "InstrumentID": ["rb2405"]})
        front = self.market.front
        await edge.until(lambda: "SubscribeForQuoteRsp" in front.names, "the front to be asked")
        front.push("OnRtnForQuoteRsp", {"InstrumentID": "rb2405", "ForQuoteSysID": "7"})
        told = await client.until("RtnForQuoteRsp")
        self.assertEqual(told["ForQuoteRsp"]["ForQuoteSysID"], "7")

    async def test_instruments_and_the_trading_day_travel(self) -> None:
        self.market = Market()
        self.server = await self.redis()
        node = await self.node(self.server, self.market.front)
        services: Any = node.daemon.services
        services.md.hub.instruments.add([b"rb2405", b"cu2405"])
        edge = await self.edge(self.server)
        client = await edge.watcher()
        await client.ask({"MsgType": "SubscribeMarketData", "InstrumentID": ["r*"]})
        await self.wanted("rb2405")
        answer = await client.ask({"MsgType": "GetTradingDay"})
        self.assertEqual(answer["TradingDay"], DAY)
        services.md.hub.instruments.add([b"ru2405"])
        await self.wanted("ru2405")
        self.assertNotIn("cu2405", self.asked())


class Unasked(FailureTest):
    """Ticks of what an edge has not asked for, since it could not."""

    async def test_they_are_passed_on_once_it_has(self) -> None:
        edge, viewer = await self.begin()
        self.market.front.disconnect()
        await self.until_state(edge, "lost")
        await subscribe(viewer.client, "au2406")
        last = self.market.tick("au2406", "rb2405")
        await viewer.reaches(last)
        self.assertNotIn("au2406", viewer.held)
        self.market.front.connect()
        await self.until_state(edge, "ready")
        await viewer.until(lambda one: "au2406" in one.held, "what is kept")
        self.assertEqual(viewer.held["au2406"], last - 1)


class Slow(FailureTest):
    """An edge that does not read harms itself alone."""

    async def test_redis_cuts_it_off_and_another_edge_loses_nothing(self) -> None:
        self.market = Market()
        # Redis also bounds what waits in the kernel's buffers by nothing: many ticks fill them.
        self.server = await self.redis("client-output-buffer-limit pubsub 256kb 0 0\n")
        await self.node(self.server, self.market.front, Partitions="1")
        slow, quick = await self.edge(self.server), await self.edge(self.server)
        there, here = await self.viewer(slow), await self.viewer(quick)
        services: Any = slow.daemon.services
        (feed,) = services.md.feeds
        feed._listener_line.transport.pauseProducing()
        links = feed._link.ups
        while feed._link.ups == links:
            here_last = self.market.tick(*NAMES * 40)
            await here.reaches(here_last)
        self.assertEqual(here.dropped, 0)
        first = min(here.received)
        self.assertEqual(sorted(here.received), list(range(first, here_last + 1)))
        await there.reaches(here_last)
        await there.until(lambda one: one.dropped > 0, "the gap to be told")
        self.assertEqual(there.held, here.held)
