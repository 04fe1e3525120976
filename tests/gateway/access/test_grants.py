"""What a principal may do within its scopes: accounts, instruments, rates, sessions."""

from typing import Any, ClassVar

from tests.gateway.access.test_scopes import error_of
from tests.gateway.support import USER, GatewayCase, Message
from webctp.ctp import errors
from webctp.gateway.access.principal import ANYBODY, Principal, PrincipalLimits, Scope
from webctp.gateway.access.usage import Usage
from webctp.testing import WebSocketPeer
from webctp.upstream.session.api import SETTLING

ORDER: dict[str, Any] = {
    "InstrumentID": "rb2701",
    "ExchangeID": "SHFE",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "CombHedgeFlag": "1",
    "LimitPrice": 3500,
    "VolumeTotalOriginal": 1,
}
SUBSCRIBE = "SubscribeMarketData"


class GrantCase(GatewayCase):
    """A gateway to which the bot comes with what the test gives it."""

    grants: ClassVar[dict[str, Any]] = {}

    def setUp(self) -> None:
        super().setUp()
        self.limit()

    def limit(self, **limits: int) -> None:
        """Give the bot these limits, for connections that come from now on."""
        found = PrincipalLimits(**limits)
        usage = Usage(self.reactor, "bot", requests=found.requests, orders=found.orders)
        self.principal = Principal("bot", ANYBODY.scopes, limits=found, usage=usage, **self.grants)
        self.usage = usage
        self.site = self.site_for(lambda arrival: self.principal)

    def refused(self, answer: Message, code: int, *said: str) -> None:
        self.assertEqual(error_of(answer), code, answer)
        for word in said:
            self.assertIn(word, answer["Detail"])

    def order(self, peer: WebSocketPeer, **fields: Any) -> list[Message]:
        """Send an order; give its answers, none where it was passed on."""
        self.answers(peer)
        body = {**ORDER, **fields}
        peer.send({"MsgType": "ReqOrderInsert", "InputOrder": body, "RequestID": 5})
        return self.answers(peer)

    def calls(self, name: str) -> int:
        return self.front.names.count(name)


class Accounts(GrantCase):
    """Accounts that it may log in to."""

    grants: ClassVar[dict[str, Any]] = {"accounts": ("user", "1111:other*")}

    def test_another_account_never_reaches_the_front(self) -> None:
        peer = self.connect()
        before = len(self.front.apis)
        for body in (
            {"UserID": "other"},
            {"UserID": "USER"},
            {"UserID": "user2"},
            {"UserID": "other", "BrokerID": "2222"},
        ):
            answer = self.login(peer, **body)
            self.refused(answer, errors.FORBIDDEN, "accounts of bot: user, 1111:other*")
        for name in ("ReqUserAuthMethod", "ReqGenUserCaptcha", "ReqGenUserText"):
            self.refused(self.ask(peer, {"MsgType": name, name: {"UserID": "x"}}), errors.FORBIDDEN)
        self.assertEqual(len(self.front.apis), before)

    def test_its_own_do(self) -> None:
        self.assertEqual(error_of(self.login(self.connect(), UserID="user")), 0)
        answer = self.login(self.connect(), UserID="other1", BrokerID="1111")
        self.assertEqual(error_of(answer), 0)

    def test_no_request_speaks_for_another_account(self) -> None:
        peer = self.trader(UserID="user")
        change = {"UserID": "boss", "OldPassword": "a", "NewPassword": "b"}
        answer = self.ask(peer, {"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate": change})
        self.refused(answer, errors.FORBIDDEN, "UserID 'boss'")
        self.refused(self.order(peer, UserID="boss")[0], errors.FORBIDDEN, "UserID 'boss'")
        for name in ("ReqUserPasswordUpdate", "ReqOrderInsert"):
            self.assertEqual(self.calls(name), 0, name)


class Instruments(GrantCase):
    """Instruments that it may trade and watch."""

    grants: ClassVar[dict[str, Any]] = {"instruments": ("rb*",)}

    def test_orders_for_others_are_refused(self) -> None:
        peer = self.trader()
        self.assertEqual(self.order(peer), [])
        for name in ("IF2612", "RB2701", "SP rb2701&hc2701"):
            (answer,) = self.order(peer, InstrumentID=name)
            self.refused(answer, errors.FORBIDDEN, f"{name!a} is none of", "bot: rb*")
        self.assertEqual(self.order(peer, InstrumentID="SP rb2701&rb2705"), [])
        parked = {"MsgType": "ReqParkedOrderInsert", "ParkedOrder": {"InstrumentID": "IF2612"}}
        self.refused(self.ask(peer, parked), errors.FORBIDDEN)
        self.assertEqual(self.calls("ReqOrderInsert"), 2)

    def test_cancellations_and_queries_pass(self) -> None:
        peer = self.trader()
        peer.send({"MsgType": "ReqOrderAction", "InputOrderAction": {"InstrumentID": "IF2612"}})
        self.ask(peer, {"MsgType": "ReqQryInstrument", "QryInstrument": {"InstrumentID": "IF2612"}})
        self.assertEqual((self.calls("ReqOrderAction"), self.calls("ReqQryInstrument")), (1, 1))

    def test_subscriptions_to_others_are_refused_whole(self) -> None:
        peer = self.watcher()
        for names in (["IF2612"], ["rb2701", "IF2612"], ["*"], ["r*"]):
            answer = self.ask(peer, {"MsgType": SUBSCRIBE, "InstrumentID": names})
            self.refused(answer, errors.FORBIDDEN, "bot: rb*")
        self.assertEqual(self.calls(SUBSCRIBE), 0)
        for names in (["rb2701"], ["rb27??"]):
            self.assertEqual(
                error_of(self.ask(peer, {"MsgType": SUBSCRIBE, "InstrumentID": names})), 0
            )

    def test_past_bars_of_others_are_refused(self) -> None:
        asked = {"InstrumentID": "IF2612", "Period": "1m"}
        answer = self.ask(self.watcher(), {"MsgType": "ReqQryBar", "QryBar": asked})
        self.refused(answer, errors.FORBIDDEN, "'IF2612'")


class Limits(GrantCase):
    """How much all its connections together may take."""

    def test_inserts_a_second_over_all_connections_and_cancellations_pass(self) -> None:
        self.limit(orders=3)
        peers = [self.trader(UserID="a"), self.trader(UserID="b")]
        told = [self.order(peers[number % 2]) for number in range(5)]
        self.assertEqual([len(one) for one in told], [0, 0, 0, 1, 1])
        self.refused(told[4][0], errors.TOO_MANY, "more than 3 inserts a second by bot")
        self.assertEqual(told[4][0]["Limit"], 3)
        self.assertTrue(0 < told[4][0]["RetryAfter"] <= 0.334, told[4][0])
        peers[0].send({"MsgType": "ReqOrderAction", "InputOrderAction": {}})
        self.assertEqual((self.calls("ReqOrderInsert"), self.calls("ReqOrderAction")), (3, 1))
        self.reactor.advance(1)
        self.assertEqual(self.order(peers[1]), [])

    def test_messages_a_second_over_all_connections(self) -> None:
        self.limit(requests=4)
        peers = [self.connect(), self.connect()]
        for number in range(6):
            peers[number % 2].send({"MsgType": "ReqQryOrder", "RequestID": 1})
        codes = [error_of(one) for peer in peers for one in self.answers(peer)]
        self.assertEqual(sorted(codes), [errors.TOO_MANY] * 2 + [errors.NOT_LOGGED_IN] * 4)

    def test_the_time_without_a_login(self) -> None:
        self.limit(login_seconds=5)
        peer = self.connect()
        self.reactor.advance(4.9)
        self.assertEqual(peer.frames(), [])
        self.reactor.advance(0.2)
        (closing,) = peer.frames()
        self.assertIn(b"no login within 5 s", closing.payload)

    def test_the_bytes_that_wait_for_one_that_does_not_read(self) -> None:
        self.limit(held_bytes=64 * 1024)
        peer = self.trader()
        (socket,) = self.factories["td"].open
        assert socket.outbox is not None
        socket.outbox.pauseProducing()
        for number in range(500):
            peer.send({"MsgType": "ReqQryInvestor", "RequestID": number, "No": "x" * 100})
        closing = peer.frames()[-1]
        self.assertIn(b"more than 65536 bytes wait for it", closing.payload)

    def test_sessions_until_they_are_released(self) -> None:
        self.limit(sessions=1)
        first = self.trader(UserID="a")
        refused = self.login(self.connect(), UserID="b")
        self.refused(refused, errors.TOO_MANY, "1 sessions of bot are open")
        self.assertEqual(refused["Limit"], 1)
        self.assertNotIn("RetryAfter", refused, "no time helps")
        self.assertEqual(self.usage.sessions, 1)
        first.drop()
        self.reactor.advance(SETTLING)
        self.settle()
        self.assertEqual(self.usage.sessions, 0)
        self.trader(UserID="b")

    def test_subscriptions_over_all_connections(self) -> None:
        self.limit(subscriptions=3)
        one, other = self.watcher(), self.watcher()

        def subscribe(peer: WebSocketPeer, *names: str, un: str = "") -> int:
            peer.send({"MsgType": f"{un}{SUBSCRIBE}", "InstrumentID": list(names), "RequestID": 1})
            return error_of(self.answers(peer)[-1])

        self.assertEqual(subscribe(one, "a", "b"), 0)
        self.assertEqual(subscribe(one, "a", "b"), 0)  # again, and no more for that
        self.assertEqual(subscribe(other, "c", "d"), errors.TOO_MANY)
        self.assertEqual(subscribe(other, "c*"), 0)
        asked = {"MsgType": SUBSCRIBE, "InstrumentID": ["d"], "RequestID": 1}
        self.assertEqual(self.ask(one, asked)["Limit"], 3)
        self.assertEqual(subscribe(one, "a", un="Un"), 0)
        self.assertEqual(subscribe(one, "d"), 0)
        one.drop()
        self.assertEqual(self.usage.subscriptions, 1)
        self.ask(other, {"MsgType": "ReqUserLogout", "UserLogout": {}})
        self.assertEqual(self.usage.subscriptions, 0)


class LimitsOfTheHub(GrantCase):
    """A subscription that MaxInstruments refuses is not counted."""

    market_settings: ClassVar[dict[str, Any]] = {"max_instruments": 2}

    def test_it_is_counted_no_longer(self) -> None:
        self.limit(subscriptions=10)
        peer = self.watcher()
        answer = self.ask(peer, {"MsgType": SUBSCRIBE, "InstrumentID": ["a", "b", "c"]})
        self.refused(answer, errors.TOO_MANY)
        self.assertEqual(answer["Limit"], 2)
        self.assertEqual(self.usage.subscriptions, 0)


class ReadersDoNotCancel(GrantCase):
    """Who may only read has no hand in what others have ordered."""

    def test_cancel_on_disconnect_needs_td_trade(self) -> None:
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "CancelOnDisconnect": 1}
        self.assertEqual(error_of(self.ask(self.connect(), login)), 0)
        self.principal = Principal("reader", frozenset((Scope.READ,)))
        self.refused(
            self.ask(self.connect(), login), errors.FORBIDDEN, "CancelOnDisconnect needs", "reader"
        )


class WithoutBounds(GatewayCase):
    """Whoever has none."""

    def test_no_check_stands_in_the_way(self) -> None:
        peer = self.trader()
        (socket,) = self.factories["td"].open
        client: Any = socket.client
        self.assertEqual(client._checks, ())
        self.assertEqual(client._carry_out, client.handle)
        self.assertEqual(peer.status, 101)
