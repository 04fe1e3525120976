"""LoginDeadline: strangers go, clients that log in stay, logouts start the time anew."""

import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.support import USER, GatewayCase, code
from webctp.gateway.access.logindeadline import LoginDeadline, Presence
from webctp.testing import WebSocketPeer

SECONDS = 60.0
CLOSE = 8


class Someone:
    """A client whose presence a test sets."""

    def __init__(self) -> None:
        self.state = Presence.STRANGER
        self.stranger_since = 0.0

    def presence(self) -> Presence:
        """Of ``Client``."""
        return self.state


class Time(SynchronousTestCase):
    """When the time is over, to the second."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.someone = Someone()
        self.expired: list[float] = []
        self.deadline = LoginDeadline(
            self.clock, SECONDS, self.someone, lambda: self.expired.append(self.clock.seconds())
        )

    def test_a_stranger_has_exactly_that_time(self) -> None:
        self.clock.pump([59.9, 0.1])
        self.assertEqual(self.expired, [60.0])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_who_is_logged_in_stays(self) -> None:
        self.someone.state = Presence.LOGGED_IN
        self.clock.pump([60.0] * 100)
        self.assertEqual(self.expired, [])

    def test_a_logout_begins_the_time_anew(self) -> None:
        for moment in (0.0, 1.0, 30.0, 59.0):
            self.setUp()
            self.someone.state = Presence.LOGGED_IN
            self.clock.pump([60.0, 60.0, moment])
            self.someone.state, self.someone.stranger_since = Presence.STRANGER, 120.0 + moment
            self.clock.pump([0.5] * 200)
            self.assertEqual(self.expired, [180.0 + moment])

    def test_a_login_under_way_is_waited_for(self) -> None:
        self.clock.advance(59.0)
        self.someone.state = Presence.LOGGING_IN
        self.clock.pump([1.0] * 30)
        self.assertEqual(self.expired, [])
        self.someone.state = Presence.LOGGED_IN
        self.clock.pump([1.0] * 100)
        self.assertEqual(self.expired, [])

    def test_one_that_fails_gives_no_more_time(self) -> None:
        self.clock.advance(59.0)
        self.someone.state = Presence.LOGGING_IN
        self.clock.pump([1.0] * 10)
        self.someone.state = Presence.STRANGER
        self.clock.pump([1.0] * 2)
        self.assertEqual(self.expired, [70.0])

    def test_the_end_of_the_client_is_the_deadlines(self) -> None:
        self.deadline.cancel()
        self.assertEqual(self.clock.getDelayedCalls(), [])


class Clients(GatewayCase):
    """Clients of both services."""

    options = replace(GatewayCase.options, ping_interval=0, ping_timeout=0, login_deadline=SECONDS)
    trading_settings: ClassVar[Mapping[str, Any]] = {"login_refusals": 1000}

    def assertOpen(self, peer: WebSocketPeer) -> None:
        self.settle()
        self.assertNotIn(CLOSE, [frame.opcode for frame in peer.frames()])

    def assertClosed(self, peer: WebSocketPeer) -> None:
        """Held to be closed with 1008 and a reason that says what to do."""
        closing = [frame for frame in peer.frames() if frame.opcode == CLOSE]
        self.assertEqual(len(closing), 1)
        self.assertEqual(struct.unpack("!H", closing[0].payload[:2]), (1008,))
        self.assertEqual(closing[0].payload[2:], b"no login within 60 s: send ReqUserLogin")

    def test_strangers_go(self) -> None:
        for path in ("/td/", "/md/"):
            peer = self.connect(path)
            peer.ask({"MsgType": "X"})
            self.reactor.advance(SECONDS - 1)
            self.assertEqual(code(peer.ask({"MsgType": "ReqUserLogout"})), -401)
            self.reactor.advance(1)
            self.assertClosed(peer)
            self.reactor.advance(2)
            self.assertTrue(peer.transport.disconnecting)

    def test_clients_that_log_in_stay(self) -> None:
        peers = (self.trader(), self.watcher())
        for _ in range(10):
            self.reactor.advance(SECONDS)
        for peer in peers:
            self.assertOpen(peer)

    def test_after_a_logout_the_time_begins_anew(self) -> None:
        for peer in (self.trader(), self.watcher()):
            self.reactor.advance(2.5 * SECONDS)
            self.ask(peer, {"MsgType": "ReqUserLogout"})
            self.reactor.advance(SECONDS - 1)
            self.assertOpen(peer)
            self.reactor.advance(1)
            self.assertClosed(peer)

    def test_who_logs_in_again_stays(self) -> None:
        trader, watcher = self.trader(), self.watcher()
        for peer in (trader, watcher):
            self.ask(peer, {"MsgType": "ReqUserLogout"})
        self.reactor.advance(SECONDS - 1)
        self.login(trader)
        self.ask(watcher, {"MsgType": "ReqUserLogin"})
        self.reactor.advance(2 * SECONDS)
        for peer in (trader, watcher):
            self.assertOpen(peer)

    def test_a_login_under_way_is_not_cut(self) -> None:
        self.front.on("ReqUserLogin", silent=True)
        peer = self.connect()
        self.reactor.advance(SECONDS - 1)
        peer.send({"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "RequestID": 1})
        self.reactor.advance(10)
        self.assertOpen(peer)
        self.front.on("ReqUserLogin")
        self.front.disconnect()
        self.front.connect()
        self.reactor.advance(SECONDS)
        self.assertOpen(peer)

    def test_wrong_passwords_give_no_more_time(self) -> None:
        self.front.on("ReqUserLogin", error=3)
        peer = self.connect()
        for number in range(int(SECONDS) - 1):
            self.assertEqual(code(self.login(peer, UserID=f"user{number}")), 3)
            self.reactor.advance(1)
        self.reactor.advance(1)
        self.assertClosed(peer)

    def test_questions_before_a_login_are_no_login(self) -> None:
        peer = self.connect()
        for _ in range(int(SECONDS)):
            peer.send({"MsgType": "ReqUserAuthMethod", "ReqUserAuthMethod": {"UserID": "user"}})
            self.reactor.advance(1)
        self.assertClosed(peer)

    def test_a_front_that_is_away_is_no_logout(self) -> None:
        peers = (self.trader(), self.watcher())
        for api in list(self.front.apis):
            api.push("OnFrontDisconnected", 0x1001)
        for _ in range(10):
            self.reactor.advance(SECONDS)
        for peer in peers:
            self.assertOpen(peer)

    def test_who_is_taken_over_has_the_time_again(self) -> None:
        old = self.connect()
        seq = self.login(old)["Session"]["Seq"]
        self.reactor.advance(3 * SECONDS)
        resuming = {"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "Resume": {"Seq": seq}}
        self.assertEqual(code(self.ask(self.connect(), resuming)), 0)
        self.assertEqual(code(self.ask(old, {"MsgType": "ReqUserLogout"})), -401)
        self.reactor.advance(SECONDS - 1)
        self.assertOpen(old)
        self.reactor.advance(1)
        self.assertClosed(old)

    def test_no_timer_outlives_its_client(self) -> None:
        self.reactor.advance(1)
        before = len(self.reactor.getDelayedCalls())
        for path in ("/td/", "/md/"):
            self.connect(path).drop()
        self.settle()
        self.assertEqual(len(self.reactor.getDelayedCalls()), before)


class Unbounded(GatewayCase):
    """Without a LoginDeadline."""

    def test_strangers_stay(self) -> None:
        self.options = replace(self.options, ping_interval=0, ping_timeout=0, login_deadline=0)
        peer = WebSocketPeer(self.factory(self.td.client))
        self.reactor.advance(86400)
        self.assertEqual(code(peer.ask({"MsgType": "ReqUserLogout"})), -401)
        peer.drop()
