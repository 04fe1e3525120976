"""What clients of /md/ are told of the upstream: its states, its lines."""

from collections.abc import Mapping
from typing import Any, ClassVar

from twisted.logger import capturedLogs, formatEvent

from tests.gateway.market.test_service import LOGIN, MarketCase
from tests.gateway.support import LOGIN_TIMEOUT, GatewayCase, code
from webctp.metrics import Registry
from webctp.testing import WebSocketPeer


class Standing(MarketCase):
    """The upstream's states, told to who has logged in or waits for it."""

    front_connects = False

    def states(self, peer: WebSocketPeer) -> list[str]:
        """The states that have been told."""
        self.settle()
        told = [one for one in peer.received() if one["MsgType"] == "RtnSessionState"]
        self.assertTrue(all("RequestID" not in one and "Seq" not in one for one in told))
        return [one["SessionState"]["State"] for one in told]

    def test_every_change_is_told(self) -> None:
        peer, stranger = self.connect("/md/"), self.connect("/md/")
        peer.send(LOGIN)
        self.front.connect()
        self.assertEqual(self.states(peer), ["open", "logging-in", "ready"])
        self.front.disconnect()
        self.assertEqual(self.states(peer), ["lost"])
        for _ in range(5):
            self.front.disconnect()
        self.assertEqual(self.states(peer), [])
        self.front.connect()
        self.assertEqual(self.states(peer), ["open", "logging-in", "ready"])
        self.ask(peer, {"MsgType": "ReqUserLogout"})
        self.front.disconnect()
        self.assertEqual((self.states(peer), self.states(stranger)), ([], []))
        counted = {
            one.labels[0]: one.value
            for one in self.md.hub.samples()
            if one.name == "webctp_feed_states_total" and one.value
        }
        self.assertEqual(counted, {"open": 2, "logging-in": 2, "ready": 2, "lost": 2})

    def test_a_front_that_is_not_there_is_logged_once_and_so_is_its_coming(self) -> None:
        with capturedLogs() as logged:
            self.reactor.advance(LOGIN_TIMEOUT - 1)
            self.assertEqual((logged, self.md.hub.feeds.status.reason), ([], ""))
            self.reactor.advance(1)
            self.assertIn("nothing was heard of the front", self.md.hub.feeds.status.reason)
            for _ in range(100):
                self.front.disconnect()  # as the library does each second
                self.reactor.advance(1)
            self.front.connect()
            self.settle()
        lines = [formatEvent(event) for event in logged]
        about = [line for line in lines if "tcp://one:1" in line]
        self.assertEqual(len(about), 2, lines)
        self.assertIn("no connection to tcp://one:1 after 15 s", about[0])
        self.assertEqual(about[1], "connected to tcp://one:1")

    def test_the_message(self) -> None:
        self.wall_ahead = 86_400.0
        peer = self.connect("/md/")
        peer.send(LOGIN)
        self.reactor.advance(3)
        self.front.connect()
        self.settle()
        *_, ready = (one for one in peer.received() if one["MsgType"] == "RtnSessionState")
        self.assertEqual(list(ready), ["MsgType", "SessionState", "RspUserLogin"])
        self.assertEqual(
            ready["SessionState"],
            {"State": "ready", "Reason": "", "Since": "1970-01-02T00:00:03.000+00:00"},
        )
        self.assertEqual(ready["RspUserLogin"]["TradingDay"], "20240102")
        self.front.disconnect()
        self.settle()
        lost = peer.received()[-1]
        self.assertEqual(lost["SessionState"]["Reason"], "front disconnected (0x1001)")
        self.assertNotIn("RspUserLogin", lost)

    def test_a_refused_login_is_told_at_once_and_goes_on_by_itself(self) -> None:
        self.front.on("ReqUserLogin", error=3, times=2)
        peer = self.connect("/md/")
        peer.send(LOGIN)
        self.front.connect()
        self.settle()
        messages = peer.received()
        (answer,) = (one for one in messages if "RequestID" in one)
        self.assertEqual(
            (answer["MsgType"], answer["RequestID"], code(answer), answer["IsLast"]),
            ("RspUserLogin", 1, 3, True),
        )
        told = [one["SessionState"] for one in messages if one["MsgType"] == "RtnSessionState"]
        self.assertEqual([one["State"] for one in told], ["open", "logging-in", "refused"])
        self.assertRegex(told[-1]["Reason"], "^CTP:不合法的登录; .* wants MdUserID and BrokerID")
        self.assertEqual(code(self.ask(peer, LOGIN)), 3)
        self.assertEqual(code(self.subscribe(peer, "cu2401")[0]), -401)
        self.reactor.advance(1)
        self.assertEqual(self.states(peer), ["logging-in", "refused"])
        self.reactor.advance(2)
        self.assertEqual(self.states(peer), ["logging-in", "ready"])
        self.assertEqual(code(self.ask(peer, LOGIN)), 0)

    def test_clients_logged_in_stay_so_when_it_is_refused_later(self) -> None:
        self.front.connect()
        self.settle()
        peer = self.watcher()
        self.subscribe(peer, "cu2401")
        self.front.disconnect()
        self.settle()
        self.front.on("ReqUserLogin", error=3, times=1)
        self.front.connect()
        self.assertEqual(self.states(peer), ["lost", "open", "logging-in", "refused"])
        self.subscribe(peer, "au2406")
        self.reactor.advance(1)
        self.settle()
        asked = self.front.last("SubscribeMarketData").arguments
        self.assertEqual(asked, (b"cu2401", b"au2406"))


class HotSpare(MarketCase):
    """``MdRedundancy``: two lines, seen as one."""

    market_settings: ClassVar[Mapping[str, Any]] = {
        "md_front_address": ("tcp://one:1", "tcp://two:2"),
        "md_redundancy": True,
        "md_stall_seconds": 5.0,
    }

    def lines(self, peer: WebSocketPeer) -> list[list[tuple[str, str, bool]]]:
        """What has been told of the lines."""
        self.settle()
        return [
            [(line["Front"], line["State"], line["Stalled"]) for line in standing["Lines"]]
            for standing in (
                one["SessionState"]
                for one in peer.received()
                if one["MsgType"] == "RtnSessionState"
            )
        ]

    def test_one_line_lost_is_told_and_the_market_goes_on(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401")
        first, second = self.front.apis
        first.push("OnFrontDisconnected", 0x1001)
        self.assertEqual(
            self.lines(peer), [[("tcp://one:1", "lost", False), ("tcp://two:2", "ready", False)]]
        )
        readiness = self.md.readiness()
        self.assertEqual((readiness["ready"], readiness["state"]), (True, "ready"))
        self.assertEqual(
            [(line["State"], line["Reason"]) for line in readiness["lines"]],
            [("lost", "front disconnected (0x1001)"), ("ready", "")],
        )
        second.push("OnRtnDepthMarketData", {"InstrumentID": "cu2401"})
        self.assertEqual(self.ticks(peer), ["cu2401"])

    def test_one_that_stalls_is_told(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401")
        first, second = self.front.apis
        for volume in range(8):
            first.push("OnRtnDepthMarketData", {"InstrumentID": "cu2401", "Volume": volume})
            self.reactor.advance(1)
        self.assertEqual(
            self.lines(peer), [[("tcp://one:1", "ready", False), ("tcp://two:2", "ready", True)]]
        )
        self.assertTrue(self.md.readiness()["lines"][1]["Stalled"])
        second.push("OnRtnDepthMarketData", {"InstrumentID": "cu2401", "Volume": 7})
        self.reactor.advance(1)
        self.assertEqual(
            self.lines(peer), [[("tcp://one:1", "ready", False), ("tcp://two:2", "ready", False)]]
        )


class PassedOver(MarketCase):
    """Ticks that the gateway itself was too slow for."""

    def test_a_client_is_told_how_many_of_its_instruments_were(self) -> None:
        peer, other = self.watcher(), self.watcher()
        self.subscribe(peer, "cu2401", "au2406")
        self.subscribe(other, "au2406")
        burst = 4_096  # what waits for the reactor before the newest tick wins
        for volume in range(burst + 5):
            self.tick("cu2401", Volume=volume)
        self.settle()
        for _ in range(burst // 128):
            self.reactor.turn()
        self.assertEqual(len(self.ticks(other)), 0)
        self.tick("au2406")
        notes = [one for one in self.pushes(peer) if one["MsgType"] == "RtnTicksDropped"]
        self.assertEqual(
            [note["TicksDropped"] for note in notes], [{"Count": 4, "InstrumentID": ["cu2401"]}]
        )
        self.assertEqual(self.ticks(other), ["au2406"])


class Figures(GatewayCase):
    """What a scrape reads of the hub and the fan-out."""

    services = ("md",)

    def test_a_registry_reads_both(self) -> None:
        peer = self.watcher()
        peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": ["cu2401", "au2406"]})
        self.settle()
        found = {
            (metric.name, *sample.labels): sample.value
            for metric, samples in Registry([self.md.hub, self.fanout]).gather().items()
            for sample in samples
        }
        self.assertEqual(found["webctp_market_subscriptions", "tick"], 2)
        self.assertEqual(found["webctp_market_subscriptions", "quote"], 0)
        self.assertEqual(found["webctp_feed_ready", "0"], 1)
        self.assertEqual(found["webctp_feed_states_total", "ready"], 1)
        self.assertEqual(found["webctp_feed_ticks_dropped_total", "0"], 0)
        self.assertEqual(found["webctp_clients_held_bytes",], 0)
        self.assertEqual(found["webctp_clients_held_limit_bytes",], self.fanout.memory.limit)

    def figures(self) -> dict[tuple[str, ...], float]:
        """What a scrape reads."""
        return {
            (sample.name, *sample.labels): sample.value
            for source in (self.md.hub, self.fanout)
            for sample in source.samples()
        }

    def test_subscriptions_bars_and_ticks_are_told(self) -> None:
        peer = self.watcher()
        asked = {"MsgType": "SubscribeMarketData", "InstrumentID": ["cu2401", "au*"]}
        peer.send({**asked, "Bars": ["1m"]})
        self.settle()
        for time, volume in (("09:00:00", 1), ("09:00:01", 2), ("09:01:01", 3), ("09:00:30", 3)):
            self.front.push(
                "OnRtnDepthMarketData",
                {
                    "InstrumentID": "cu2401",
                    "TradingDay": "20240102",
                    "ActionDay": "20240102",
                    "UpdateTime": time,
                    "Volume": volume,
                    "LastPrice": 1.0,
                },
            )
            self.settle()
        found = self.figures()
        self.assertEqual(found["webctp_market_subscribers", "tick"], 1)
        self.assertEqual(found["webctp_market_patterns", "tick"], 1)
        self.assertGreater(found["webctp_callbacks_total", "md0"], 4)
        self.assertEqual(found["webctp_callbacks_waiting", "md0"], 0)
        self.assertEqual(found["webctp_market_stale_ticks_total",], 1)
        self.assertEqual(found["webctp_bar_series", "1m"], 1)
        self.assertEqual(found["webctp_bars_closed_total", "1m"], 1)

    def test_ticks_are_told_by_feed_and_those_that_an_interval_left_out(self) -> None:
        peer = self.watcher()
        asked = {"MsgType": "SubscribeMarketData", "InstrumentID": ["cu2401"], "IntervalMs": 1000}
        peer.send(asked)
        self.settle()
        for volume in range(5):
            tick = {"InstrumentID": "cu2401", "UpdateTime": "09:00:00", "Volume": volume}
            self.front.push("OnRtnDepthMarketData", tick)
            self.settle()
        found = self.figures()
        self.assertEqual(found["webctp_feed_ticks_total", "0"], 5)
        self.assertEqual(found["webctp_client_ticks_conflated_total",], 3, "one went, one waits")
        self.reactor.advance(1)
        self.assertEqual(self.figures()["webctp_client_ticks_total",], 2)

    def test_feeds_are_told_by_state(self) -> None:
        self.assertEqual(self.figures()["webctp_feeds", "ready"], 1)
        self.front.disconnect()
        self.settle()
        found = self.figures()
        self.assertEqual((found["webctp_feeds", "ready"], found["webctp_feeds", "lost"]), (0, 1))

    def test_refusals_of_any_request_are_counted_by_code(self) -> None:
        before = self.figures()
        peer = self.watcher()
        for message in ({"MsgType": "none such"}, "no object", {"MsgType": "ReqUserLogin", "x": 1}):
            peer.send(message)
        self.settle()
        grown = {
            labels[1]: int(value - before.get(labels, 0))
            for labels, value in self.figures().items()
            if labels[0] == "webctp_client_refusals_total" and value > before.get(labels, 0)
        }
        self.assertEqual(grown, {"-404": 1, "-400": 2})

    def test_messages_of_clients_are_counted_by_their_request(self) -> None:
        before = self.figures()
        peer = self.watcher()
        for message in ({"MsgType": "ReqUserLogin"}, {"MsgType": "none such"}, "no object", ""):
            peer.send(message)
        peer.send({"MsgType": "ReqQryBar", "QryBar": {"InstrumentID": "cu2401", "Period": "1m"}})
        self.settle()
        found = self.figures()
        requests = {
            labels[1]: int(value)
            for labels, value in found.items()
            if labels[0] == "webctp_client_requests_total"
        }
        self.assertEqual(requests, {"ReqUserLogin": 2, "ReqQryBar": 1, "other": 3})
        for name in ("webctp_client_received_bytes_total", "webctp_client_sent_bytes_total"):
            self.assertGreater(found[name,], before[name,])
        sent = {
            labels[1]: int(value)
            for labels, value in found.items()
            if labels[0] == "webctp_client_messages_total"
        }
        self.assertEqual(sent, {"RspUserLogin": 2, "ReqQryBar": 1, "other": 3})
        self.assertEqual(found["webctp_clients",], 1)
        peer.drop()
        self.assertEqual(self.figures()["webctp_clients",], 0)
