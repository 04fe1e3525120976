"""Sessions that outlive sockets: lingering, resuming, taking over, sharing, the lockout guard."""

import tempfile
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.config.serving import Limits, WebSocketOptions
from webctp.config.trading import TradingSettings
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.secret import Secret
from webctp.testing import FakeFront, ThreadlessReactor, WebSocketPeer
from webctp.upstream.session.apiqueue import ApiQueue

TIMEOUT = 15.0


class DeskTest(SynchronousTestCase):
    """A desk before a fake front, with clients on in-memory transports."""

    wall_ahead = 0.0
    """Seconds that the wall clock is ahead of the reactor's."""

    def start(
        self,
        *,
        linger: float = 60.0,
        sharing: bool = False,
        flow_quiet: float = 0.0,
        kill_path: str = "",
        **settings: Any,
    ) -> None:
        self.reactor = ThreadlessReactor()
        self.reactor.advance(1_800_000_000)
        self.front = FakeFront()
        directory = tempfile.mkdtemp()
        trader = TradingSettings(
            td_front_address=("tcp://127.0.0.1:1",),
            broker_id="9999",
            app_id="app",
            auth_code=Secret("code"),
            user_product_info="test",
            con_file_path=directory,
            production_mode=False,
            login_timeout=TIMEOUT,
            session_linger=linger,
            session_sharing="account" if sharing else "none",
            **settings,
        )
        fanout = Fanout(self.reactor, Limits())
        self.directory = directory
        self.desk = TradingService(
            ApiQueue.on(fanout.reactor),
            self.front,
            trader,
            fanout,
            InvalidPrice.ZERO,
            wall=self.wall,
            flow_quiet=flow_quiet,
            kill_path=kill_path,
        )
        self.factory = GatewayFactory(
            self.reactor,
            fanout,
            WebSocketOptions(0, 0, 1 << 20, login_deadline=0),
            self.desk.client,
        )

    def wall(self) -> float:
        """The time of day, in seconds since 1970."""
        return self.reactor.seconds() + self.wall_ahead

    def client(self) -> WebSocketPeer:
        peer = WebSocketPeer(self.factory)
        self.assertEqual(peer.status, 101)
        return peer

    def login(self, peer: WebSocketPeer, password: str = "p", **words: Any) -> list[dict[str, Any]]:
        body = {"UserID": "u1", "Password": password}
        peer.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body, **words})
        self.settle()
        return peer.received()

    def settle(self) -> None:
        for _ in range(12):
            self.reactor.turn()

    def trade(self, number: int) -> None:
        self.front.push("OnRtnTrade", {"TradeID": str(number), "InstrumentID": "rb2701"})
        self.settle()

    def released(self) -> int:
        return self.front.names.count("Release")


def of_type(messages: list[dict[str, Any]], msg_type: str) -> list[dict[str, Any]]:
    return [message for message in messages if message["MsgType"] == msg_type]


def answer(messages: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = [message for message in messages if "RequestID" in message]
    return found


def trades(messages: list[dict[str, Any]]) -> list[str]:
    return [message["Trade"]["TradeID"] for message in of_type(messages, "RtnTrade")]


class LingerTests(DeskTest):
    """A client whose socket broke."""

    def test_finds_its_session_alive(self) -> None:
        self.start(linger=60)
        first = self.client()
        self.login(first)
        first.drop()
        self.reactor.advance(59)
        second = self.client()
        self.assertEqual(answer(self.login(second))["MsgType"], "RspUserLogin")
        self.assertEqual(len(self.front.apis), 1)
        self.reactor.advance(120)
        self.assertEqual(self.released(), 0)
        self.trade(1)
        self.assertEqual(trades(second.received()), ["1"])

    def test_loses_it_after_the_linger(self) -> None:
        self.start(linger=60)
        first = self.client()
        self.login(first)
        first.drop()
        self.reactor.advance(60)
        self.settle()
        self.assertEqual(self.released(), 1)
        self.login(self.client())
        self.assertEqual(len(self.front.apis), 2)

    def test_without_linger_the_session_ends_with_the_socket(self) -> None:
        self.start(linger=0)
        first = self.client()
        self.login(first)
        first.drop()
        self.settle()
        self.assertEqual(self.released(), 1)

    def test_a_wrong_password_does_not_attach_and_does_not_end_it(self) -> None:
        self.start(linger=60)
        first = self.client()
        self.login(first)
        first.drop()
        self.front.on("ReqUserLogin", error=3)
        refused = answer(self.login(self.client(), "wrong"))
        self.assertEqual(refused["RspInfo"]["ErrorID"], 3)
        self.assertEqual(self.released(), 0)
        again = self.client()
        self.assertEqual(answer(self.login(again))["RspInfo"]["ErrorID"], 0)

    def test_a_logout_leaves_nothing_behind(self) -> None:
        self.start(linger=60)
        peer = self.client()
        self.login(peer)
        peer.send({"MsgType": "ReqUserLogout", "RequestID": 2})
        self.settle()
        self.assertEqual(answer(peer.received())["MsgType"], "RspUserLogout")
        self.assertEqual(self.released(), 1)

    def test_a_session_that_is_being_logged_out_waits_for_nobody(self) -> None:
        self.start(linger=60)
        self.front.on("ReqUserLogout", silent=True)
        leaving = self.client()
        self.login(leaving)
        leaving.send({"MsgType": "ReqUserLogout", "RequestID": 2})
        self.settle()
        self.assertEqual(answer(self.login(self.client()))["MsgType"], "RspUserLogin")
        self.assertEqual(len(self.front.apis), 2)
        leaving.drop()
        self.settle()
        self.assertEqual(self.released(), 1)

    def test_a_logout_in_vain_changes_nothing(self) -> None:
        self.start(linger=60)
        for returns, error in ((-3, 0), (0, 9)):
            self.front.on("ReqUserLogout", returns=returns, error=error)
            peer = self.client()
            self.login(peer)
            peer.send({"MsgType": "ReqUserLogout", "RequestID": 2})
            self.settle()
            self.assertNotEqual(answer(peer.received())["RspInfo"]["ErrorID"], 0)
            peer.drop()
            self.settle()
        self.assertEqual((len(self.front.apis), self.released()), (1, 0))

    def test_a_logout_ends_a_login_under_way(self) -> None:
        self.start(linger=60)
        self.front.on("ReqUserLogin", silent=True)
        peer = self.client()
        self.login(peer)
        peer.send({"MsgType": "ReqUserLogout", "RequestID": 2})
        self.settle()
        ended = [message for message in peer.received() if "RequestID" in message]
        self.assertEqual([message["RequestID"] for message in ended], [1, 2])
        self.assertEqual([message["RspInfo"]["ErrorID"] for message in ended], [-401, 0])
        self.assertEqual(self.released(), 1)

    def test_a_refused_login_does_not_linger(self) -> None:
        self.start(linger=60)
        self.front.on("ReqUserLogin", error=3)
        peer = self.client()
        self.login(peer)
        peer.drop()
        self.settle()
        self.assertEqual(self.released(), 1)


class SharingTests(DeskTest):
    """``SessionSharing: account``."""

    @holds("SJLSM-4")
    def test_pushes_go_to_each_and_answers_to_who_asked(self) -> None:
        self.start(sharing=True)
        one, two = self.client(), self.client()
        self.login(one)
        self.assertEqual(answer(self.login(two))["RspInfo"]["ErrorID"], 0)
        self.assertEqual(len(self.front.apis), 1)
        self.trade(1)
        self.assertEqual(trades(one.received()), trades(two.received()))
        two.send({"MsgType": "ReqQryInvestor", "RequestID": 77})
        self.settle()
        self.assertEqual(answer(two.received())["RequestID"], 77)
        self.assertEqual(one.received(), [])

    def test_a_logout_touches_one_client_only(self) -> None:
        self.start(sharing=True)
        one, two = self.client(), self.client()
        self.login(one)
        self.login(two)
        one.send({"MsgType": "ReqUserLogout", "RequestID": 3})
        self.settle()
        self.assertEqual(answer(one.received())["RspInfo"]["ErrorID"], 0)
        self.assertEqual(self.released(), 0)
        self.trade(1)
        self.assertEqual(trades(two.received()), ["1"])
        two.send({"MsgType": "ReqUserLogout", "RequestID": 4})
        self.settle()
        self.assertEqual(self.released(), 1)
        self.assertEqual(self.front.names.count("ReqUserLogout"), 1)

    def test_a_login_that_joins_one_under_way_gets_the_same_answer(self) -> None:
        self.start(sharing=True)
        self.front.on("ReqUserLogin", silent=True, times=1)
        one, two = self.client(), self.client()
        self.assertEqual(of_type(self.login(one), "RspUserLogin"), [])
        self.login(two)
        self.front.disconnect()
        self.front.connect()
        self.settle()
        for peer in (one, two):
            self.assertEqual(answer(peer.received())["MsgType"], "RspUserLogin")
        self.assertEqual(len(self.front.apis), 1)

    def test_a_wrong_password_does_not_share(self) -> None:
        self.start(sharing=True)
        self.login(self.client())
        self.login(self.client(), "other")
        self.assertEqual(len(self.front.apis), 2)


class RecoveryTests(DeskTest):
    """What clients see of an outage."""

    def test_states_are_pushed_and_the_new_login_comes_with_ready(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        self.front.disconnect()
        self.settle()
        states = [m["SessionState"]["State"] for m in of_type(peer.received(), "RtnSessionState")]
        self.assertEqual(states, ["lost"])
        refused = peer.ask({"MsgType": "ReqOrderInsert", "RequestID": 5})
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.front.on("ReqUserLogin", answer={"FrontID": 3, "SessionID": 4, "MaxOrderRef": "9"})
        self.front.connect()
        self.settle()
        told = of_type(peer.received(), "RtnSessionState")
        self.assertEqual(told[-1]["SessionState"]["State"], "ready")
        self.assertEqual(told[-1]["RspUserLogin"]["SessionID"], 4)
        self.assertEqual(
            (self.desk.commons.states["ready"], self.desk.commons.states["lost"]), (2, 1)
        )
        self.assertNotIn("ReqOrderInsert", self.front.names)

    def test_a_night_of_attempts_is_one_line_with_a_count(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        for _ in range(500):
            self.front.disconnect()
            self.settle()
        self.front.connect()
        self.settle()
        messages = peer.received()
        self.assertEqual(len(of_type(messages, "FrontDisconnected")), 1)
        states = [m["SessionState"] for m in of_type(messages, "RtnSessionState")]
        self.assertEqual([s["State"] for s in states][:2], ["lost", "open"])
        self.assertEqual(states[0]["Reason"], "front disconnected (0x1001)")
        self.assertEqual(states[1]["Reason"], "after 499 attempts in vain")

    def test_readiness_says_what_holds_a_session_up_and_whose_it_is_to_nobody(self) -> None:
        self.start()
        self.login(self.client())
        self.assertEqual(self.desk.readiness()["not_ready"], [])
        self.front.disconnect()
        self.settle()
        readiness = self.desk.readiness()
        self.assertEqual(readiness["sessions"], {"lost": 1})
        (standing,) = readiness["not_ready"]
        self.assertEqual(standing["Reason"], "front disconnected (0x1001)")
        self.assertTrue(standing["Since"].startswith("2027-01-15T08:00:00"), standing)
        self.assertNotIn("u1", str(readiness))
        self.assertEqual(self.desk.commons.states["ready"], 1)

    def test_a_login_during_an_outage_waits_for_its_end(self) -> None:
        self.start()
        first = self.client()
        self.login(first)
        self.front.disconnect()
        self.settle()
        first.drop()
        second = self.client()
        self.assertEqual(self.login(second), [])
        self.front.connect()
        self.settle()
        self.assertEqual(answer(second.received())["MsgType"], "RspUserLogin")

    def test_or_is_told_that_it_lasts(self) -> None:
        self.start(linger=600)
        first = self.client()
        self.login(first)
        self.front.disconnect()
        self.settle()
        first.drop()
        second = self.client()
        self.login(second)
        self.reactor.advance(TIMEOUT)
        self.settle()
        late = answer(second.received())
        self.assertEqual(late["RspInfo"]["ErrorID"], -408)
        self.assertIn("lost", late["Detail"])
        self.assertEqual(self.released(), 0)
        self.front.connect()
        self.settle()
        self.assertEqual(answer(self.login(second))["MsgType"], "RspUserLogin")
        self.assertEqual(len(self.front.apis), 1)

    def test_a_changed_password_is_used_to_recover_and_to_attach(self) -> None:
        self.start()
        peer = self.client()
        self.login(peer)
        change = {"UserID": "u1", "OldPassword": "p", "NewPassword": "q"}
        peer.send(
            {"MsgType": "ReqUserPasswordUpdate", "RequestID": 2, "UserPasswordUpdate": change}
        )
        self.settle()
        self.front.disconnect()
        self.front.connect()
        self.settle()
        self.assertEqual(self.front.last("ReqUserLogin").values["Password"], "q")
        peer.drop()
        self.login(self.client(), "q")
        self.assertEqual(len(self.front.apis), 1)
