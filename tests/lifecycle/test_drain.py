"""A daemon that ends: what clients are told, what they may still do, when they are closed."""

import json
from typing import Any, ClassVar

from tests.gateway.support import USER, GatewayCase, Message, code
from webctp.gateway.http.head import BadHead
from webctp.lifecycle.drain import Drain, Farewell
from webctp.lifecycle.drainstate import DrainState
from webctp.testing import WebSocketPeer

TEXT, CLOSE = 0x1, 0x8


class DrainCase(GatewayCase):
    """Both services, and how they end."""

    seconds = 5.0
    restarts = False

    def setUp(self) -> None:
        super().setUp()
        self.ended = 0
        self.states: list[DrainState] = []
        self.drain = Drain(
            self.fanout,
            self.factories,
            self.td,
            Farewell(self.restarts),
            self.seconds,
            language="en",
            on_change=self.states.append,
            wall=self.wall,
        )
        self.site.check_open = self.drain.check_open

        self.messages: dict[WebSocketPeer, list[Message]] = {}
        self.codes: dict[WebSocketPeer, int] = {}

    def end(self) -> None:
        self.ended += 1

    def wait(self, seconds: float) -> None:
        """Let time pass, a little at a time: what is planned meanwhile has its turn."""
        self.reactor.pump([seconds / 64] * 64)

    def read(self, peer: WebSocketPeer) -> list[Message]:
        """Every message that a client has been sent since it was first looked at."""
        found = self.messages.setdefault(peer, [])
        for frame in peer.frames():
            if frame.opcode == TEXT:
                found.append(json.loads(frame.payload))
            elif frame.opcode == CLOSE:
                self.codes[peer] = int.from_bytes(frame.payload[:2], "big")
        return found

    def notices(self, peer: WebSocketPeer) -> list[Message]:
        """The notices of the end that a client has been sent."""
        return [one for one in self.read(peer) if one["MsgType"] == "RtnShutdown"]

    def closed_with(self, peer: WebSocketPeer) -> int | None:
        """The code that a client was closed with; None for one that is open."""
        self.read(peer)
        return self.codes.get(peer)

    def crowd(self, count: int) -> list[WebSocketPeer]:
        """So many clients of market data."""
        peers = []
        for _ in range(count):
            peers.append(self.connect("/md/"))
            self.settle()
        return peers

    def ask_to_end(self, seconds: float | None = None) -> None:
        self.drain.ask(self.end, seconds)
        self.settle()


class Telling(DrainCase):
    """RtnShutdown."""

    def test_a_traders_is_numbered_like_its_pushes(self) -> None:
        trader = self.trader()
        (session,) = self.td.registry
        last = session.log.seq
        self.ask_to_end()
        (told,) = self.notices(trader)
        self.assertEqual(told["Seq"], last + 1)
        shutdown = told["Shutdown"]
        self.assertEqual((shutdown["Seconds"], shutdown["Restarts"]), (5.0, False))
        self.assertIn("stops", shutdown["Reason"])
        self.assertIn("T", shutdown["ClosesAt"])

    def test_strangers_and_watchers_are_told_without_a_number(self) -> None:
        stranger, watcher = self.connect("/td/"), self.watcher()
        self.ask_to_end()
        for peer in (stranger, watcher):
            (told,) = self.notices(peer)
            self.assertNotIn("Seq", told)

    def test_each_client_once(self) -> None:
        trader = self.trader()
        self.ask_to_end()
        self.assertEqual(len(self.notices(trader)), 1)
        self.wait(6)
        self.assertEqual(len(self.notices(trader)), 1)


class Shared(DrainCase):
    """RtnShutdown in a session that several clients share."""

    trading_settings: ClassVar[dict[str, Any]] = {"session_sharing": "account"}

    def test_one_whose_login_waits_for_the_front_is_told_too(self) -> None:
        first = self.trader()
        self.front.push("OnFrontDisconnected", 0x1001)
        self.settle()
        later = self.connect("/td/")
        later.send({"MsgType": "ReqUserLogin", "ReqUserLogin": USER})
        self.ask_to_end()
        (session,) = self.td.registry
        self.assertEqual(len(session.clients), 2)
        for peer in (first, later):
            self.assertEqual(len(self.notices(peer)), 1)


class Figures(DrainCase):
    """What is scraped of the end: alerts leave out one that was asked for."""

    def figures(self) -> dict[str, float]:
        """The figures that are not 0."""
        found = {
            " ".join((one.metric.name, *one.labels)): one.value for one in self.drain.samples()
        }
        return {name: value for name, value in found.items() if value}

    def test_the_state_and_what_is_left(self) -> None:
        self.trader()
        self.assertEqual(self.figures(), {"webctp_drain_state serving": 1})
        self.ask_to_end()
        self.wait(2)
        told = {"webctp_drain_state draining": 1, "webctp_drain_left_seconds": 3.0}
        self.assertEqual(self.figures(), told)
        self.wait(9)
        self.assertEqual(self.figures(), {"webctp_drain_state ended": 1})

    def test_another_time_counts_where_the_end_has_not_begun(self) -> None:
        self.trader()
        self.drain.take(9.0)
        self.ask_to_end()
        self.assertEqual(self.drain.seconds_left, 9.0)
        self.drain.take(1.0)
        self.assertEqual(self.drain.seconds_left, 9.0)


class Meanwhile(DrainCase):
    """Between the notice and the close."""

    def test_orders_and_queries_go_on(self) -> None:
        trader = self.trader()
        self.ask_to_end()
        trader.send({"MsgType": "ReqOrderInsert", "InputOrder": {"InstrumentID": "cu"}})
        self.settle()
        self.assertIn("ReqOrderInsert", self.front.names)
        trader.send({"MsgType": "ReqQryInvestor", "QryInvestor": {}, "RequestID": 7})
        self.settle()
        self.assertIn("ReqQryInvestor", self.front.names)

    def test_logins_are_refused_on_connections_of_before_and_on_later_ones(self) -> None:
        stranger, watcher, trader = self.connect("/td/"), self.connect("/md/"), self.trader()
        self.ask_to_end()
        for peer in (stranger, trader):
            answer = self.login(peer)
            self.assertEqual((answer["MsgType"], code(answer)), ("ReqUserLogin", -503))
            self.assertIn("about to end", answer["Detail"])
        answer = self.ask(watcher, {"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
        self.assertEqual(code(answer), -503)

    def test_what_opens_a_session_before_a_login_is_refused_too(self) -> None:
        stranger = self.connect("/td/")
        self.ask_to_end()
        for name in ("ReqUserAuthMethod", "ReqGenUserCaptcha", "RegisterUserSystemInfo"):
            answer = self.ask(stranger, {"MsgType": name, "RequestID": 3})
            self.assertEqual((answer["MsgType"], code(answer)), (name, -503))
        self.assertEqual(self.td.registry.of(self.account()), ())

    def account(self) -> Any:
        """The account of a login without a user."""
        return ("9999", "")

    def test_a_login_that_is_under_way_is_answered(self) -> None:
        peer = self.connect("/td/")
        peer.send({"MsgType": "ReqUserLogin", "ReqUserLogin": {"UserID": "u", "Password": "p"}})
        self.drain.ask(self.end)
        (answer,) = self.answers(peer)
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0))

    def test_a_new_socket_is_turned_away_with_the_time_to_come_back(self) -> None:
        self.trader()
        self.ask_to_end()
        peer = WebSocketPeer(self.site, "/td/")
        self.assertEqual(peer.status, 503)
        with self.assertRaises(BadHead) as caught:
            self.drain.check_open()
        self.assertEqual(caught.exception.status, 503)
        (name, value) = caught.exception.headers[0]
        self.assertEqual(name, "Retry-After")
        self.assertGreater(int(value), self.seconds)

    def test_nothing_is_refused_before(self) -> None:
        self.drain.check_open()
        self.assertEqual(self.connect("/td/").status, 101)


class Closing(DrainCase):
    """When clients are closed, and with what."""

    def test_after_the_time_with_1001_and_the_reason(self) -> None:
        trader, watcher = self.trader(), self.watcher()
        self.ask_to_end()
        self.wait(4.9)
        self.assertEqual((self.closed_with(trader), self.closed_with(watcher)), (None, None))
        self.assertEqual(self.ended, 0)
        self.wait(0.2)
        self.assertEqual((self.closed_with(trader), self.closed_with(watcher)), (1001, 1001))
        self.assertEqual(self.ended, 1)
        states = [DrainState.DRAINING, DrainState.CLOSING, DrainState.ENDED]
        self.assertEqual(self.states, states)

    def test_many_are_closed_at_different_moments(self) -> None:
        peers = self.crowd(50)
        self.ask_to_end()
        self.wait(5)
        counts = []
        for _ in range(6):
            counts.append(sum(self.closed_with(peer) is not None for peer in peers))
            self.wait(0.1)
        self.assertLess(counts[0], 50)
        self.assertEqual(counts, sorted(counts))
        self.assertGreater(len(set(counts)), 2, "all were closed at one moment")
        self.assertEqual({self.closed_with(peer) for peer in peers}, {1001})
        self.assertEqual(self.ended, 1)

    def test_it_ends_before_when_no_client_is_left(self) -> None:
        trader = self.trader()
        self.ask_to_end()
        trader.drop()
        self.wait(0.5)
        self.assertEqual(self.ended, 1)

    def test_it_ends_at_once_without_a_client(self) -> None:
        self.ask_to_end()
        self.assertEqual(self.ended, 1)

    def test_asked_again_it_closes_all_at_once(self) -> None:
        peers = self.crowd(20)
        self.ask_to_end()
        self.wait(1)
        self.ask_to_end()
        self.assertEqual({self.closed_with(peer) for peer in peers}, {1001})
        self.assertEqual(self.ended, 1)

    def test_asked_again_while_it_closes_too(self) -> None:
        peers = self.crowd(50)
        self.ask_to_end()
        self.wait(5)
        self.ask_to_end()
        self.assertEqual({self.closed_with(peer) for peer in peers}, {1001})
        self.ask_to_end()
        self.assertEqual(self.ended, 1)

    def test_an_administrator_may_give_another_time(self) -> None:
        trader = self.trader()
        self.ask_to_end(20)
        self.assertEqual(self.notices(trader)[0]["Shutdown"]["Seconds"], 20)
        self.wait(19)
        self.assertEqual(self.drain.status()["seconds_left"], 1)
        self.assertIsNone(self.closed_with(trader))
        self.wait(2)
        self.assertEqual(self.closed_with(trader), 1001)

    def test_a_stop_of_the_process_leaves_nothing_planned(self) -> None:
        self.trader()
        self.ask_to_end()
        self.drain.stop()
        self.wait(60)
        self.assertEqual(self.ended, 0)


class AtOnce(DrainCase):
    """``DrainSeconds: 0``."""

    seconds = 0.0

    def test_clients_are_told_and_closed(self) -> None:
        trader = self.trader()
        self.ask_to_end()
        self.wait(0)
        self.assertEqual(self.notices(trader)[0]["Shutdown"]["Seconds"], 0)
        self.assertEqual((self.closed_with(trader), self.ended), (1001, 1))


class Restarting(DrainCase):
    """Where systemd holds the listening socket."""

    restarts = True

    def test_clients_are_told_to_come_back_at_once(self) -> None:
        trader = self.trader()
        self.ask_to_end()
        shutdown = self.notices(trader)[0]["Shutdown"]
        self.assertTrue(shutdown["Restarts"])
        self.assertIn("restarts", shutdown["Reason"])
        self.wait(6)
        self.assertEqual(self.closed_with(trader), 1012)
