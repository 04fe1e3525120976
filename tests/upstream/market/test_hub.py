"""The market-data hub: subscriptions counted, kept over outages; ticks to who wants them."""

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from unittest.mock import patch

from twisted.internet.defer import CancelledError
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.upstream.market.pace import AT_ONCE
from webctp.config.market import MarketSettings
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.secret import Secret
from webctp.testing import FakeFront, ThreadlessReactor
from webctp.upstream.market.ctpfeed import PASSWORD_TRIES, ctp_feeds
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.subscriptions import Subscription
from webctp.upstream.session.apiqueue import ApiQueue
from webctp.upstream.session.login import LoginState as State

LOGIN_TIMEOUT = 15.0
INFO = RspInfo(catalog.market_data())
TICK = "OnRtnDepthMarketData"
QUOTE = "OnRtnForQuoteRsp"


class Sink:
    """Writes down what the hub gives."""

    def __init__(self) -> None:
        self.published: list[tuple[str, str, list[Any]]] = []
        self.bodies: list[bytes] = []
        self.stale: list[bytes] = []
        self.closed: list[str] = []
        self.states: list[State] = []
        self.told: list[CallbackEvent] = []
        self.missed: list[dict[Any, dict[bytes, int]]] = []
        self.refusals: list[tuple[str, list[Any]]] = []

    def make_streams(self, subscription: Subscription[Any]) -> "Sink.Streams":
        """Of ``Sink``."""
        return self.Streams(self, subscription)

    class Streams:
        """Of ``Sink``: writes ticks down there."""

        def __init__(self, sink: "Sink", subscription: Subscription[Any]) -> None:
            self._sink = sink
            self._subscription = subscription

        def tick(self, body: bytes) -> None:
            """Of ``Streams``."""
            self._sink.bodies.append(body)
            name, clients = self._subscription.name.decode(), list(self._subscription.clients)
            self._sink.published.append((TICK, name, clients))

        def stale_tick(self, body: bytes) -> None:
            """Of ``Streams``."""
            self._sink.stale.append(body)

        def close(self) -> None:
            """Of ``Streams``."""
            self._sink.closed.append(self._subscription.name.decode())

    def quote_requested(self, event: CallbackEvent, clients: Iterable[Any]) -> None:
        """Of ``Sink``."""
        layout = codec_for(catalog.market_data().module).layout(event[0].body_struct)
        assert event[1] is not None
        name = layout.text(event[1], "InstrumentID")
        self.published.append((event[0].name, name, list(clients)))

    def state_changed(self, state: State, reason: str) -> None:
        """Of ``Sink``."""
        self.states.append(state)

    def broadcast(self, event: CallbackEvent) -> None:
        """Of ``Sink``."""
        self.told.append(event)

    def ticks_missed(self, clients: Mapping[Any, Mapping[bytes, int]]) -> None:
        """Of ``Sink``."""
        self.missed.append({client: dict(each) for client, each in clients.items()})

    def full(self, kind: str, client: Any) -> None:
        """Of ``Sink``."""
        raise AssertionError(f"{client} has too many, but there is no limit")

    def refused(self, event: CallbackEvent, clients: Iterable[Any]) -> None:
        """Of ``Sink``."""
        layout = codec_for(catalog.market_data().module).layout(event.callback.body_struct)
        assert event.body is not None
        self.refusals.append((layout.text(event.body, "InstrumentID"), list(clients)))


class HubCase(SynchronousTestCase):
    """A hub at a fake front."""

    front_connects = True
    credentials: Mapping[str, Any] = {}

    def setUp(self) -> None:
        self.reactor = ThreadlessReactor()
        self.front = FakeFront(connects=self.front_connects)
        self.sink = Sink()
        settings = MarketSettings(
            md_front_address=("tcp://one:1", "tcp://two:2"),
            broker_id="9999",
            con_file_path=self.mktemp(),
            production_mode=True,
            login_timeout=LOGIN_TIMEOUT,
            **self.credentials,
            **AT_ONCE,
        )
        apis = ApiQueue.on(self.reactor)
        sources = partial(ctp_feeds, self.reactor, apis, self.front, settings, None)
        self.hub = MarketHub[Any](self.reactor, self.front, sources, settings, self.sink)
        self.hub.start()
        self.reactor.turn()

    def tearDown(self) -> None:
        self.hub.close()
        self.reactor.turn()
        self.assertEqual(self.reactor.getDelayedCalls(), [])
        self.assertEqual(self.front.names.count("Release"), 1)

    def asked(self, name: str = "SubscribeMarketData") -> list[tuple[bytes, ...]]:
        """The batches of instruments that the front was asked for."""
        return [call.arguments for call in self.front.calls if call.name == name]

    def tick(self, instrument: str, callback: str = TICK) -> None:
        self.front.push(callback, {"InstrumentID": instrument})
        self.reactor.turn()

    def lose(self) -> None:
        self.front.disconnect()
        self.reactor.turn()

    def find(self) -> None:
        self.front.connect()
        self.reactor.turn()


class LoggingIn(HubCase):
    """The upstream's own login."""

    @holds("MD-REQUSERLOGIN-1")
    def test_without_credentials(self) -> None:
        self.assertIs(self.hub.feeds.state, State.READY)
        values = self.front.last("ReqUserLogin").values
        self.assertEqual(
            {name: value for name, value in values.items() if value}, {"BrokerID": "9999"}
        )
        self.assertNotIn("ReqAuthenticate", self.front.names)

    @holds("MD-REGISTERFRONT-1", "REGISTERFRONT-1")
    def test_every_address_is_registered(self) -> None:
        addresses = [call.arguments for call in self.front.calls if call.name == "RegisterFront"]
        self.assertEqual(addresses, [("tcp://one:1",), ("tcp://two:2",)])

    def test_the_body_of_the_login(self) -> None:
        body = self.successResultOf(self.hub.feeds.logged_in()).body
        assert body is not None
        layout = codec_for(catalog.market_data().module).layout("CThostFtdcRspUserLoginField")
        self.assertEqual(layout.text(body, "TradingDay"), "20240102")

    def test_a_silent_front_is_asked_again(self) -> None:
        self.front.on("ReqUserLogin", silent=True, times=1)
        self.lose()
        self.find()
        self.reactor.advance(LOGIN_TIMEOUT)
        self.reactor.advance(1)
        self.assertIs(self.hub.feeds.state, State.READY)

    def test_a_night_of_tries_is_told_once(self) -> None:
        self.sink.states.clear()
        self.sink.told.clear()
        with capturedLogs() as events:
            for _ in range(500):
                self.front.disconnect()
                self.reactor.advance(1)
        self.assertEqual(self.sink.states, [State.LOST])
        self.assertEqual(len(self.sink.told), 1)
        self.assertLessEqual(len(events), 2)


class WaitingForALogin(HubCase):
    """Clients that log in before the upstream has."""

    front_connects = False

    def test_they_wait(self) -> None:
        waiting = [self.hub.feeds.logged_in() for _ in range(3)]
        for one in waiting:
            self.assertNoResult(one)
        self.find()
        for one in waiting:
            self.successResultOf(one)

    def test_but_not_for_ever(self) -> None:
        waiting = self.hub.feeds.logged_in()
        self.reactor.advance(LOGIN_TIMEOUT)
        self.assertEqual(self.failureResultOf(waiting, Refusal).value.code, -408)
        self.find()

    def test_one_that_gives_up(self) -> None:
        waiting = self.hub.feeds.logged_in()
        waiting.cancel()
        self.failureResultOf(waiting, CancelledError)
        self.find()

    def test_a_refused_login_is_told_at_once(self) -> None:
        self.front.on("ReqUserLogin", error=3)
        waiting = self.hub.feeds.logged_in()
        self.find()
        for one in (waiting, self.hub.feeds.logged_in()):
            answer = self.successResultOf(one)
            self.assertEqual((answer.ready, answer.callback.name), (False, "OnRspUserLogin"))
            self.assertEqual(INFO.code(answer.info), 3)

    def test_not_now_is_told_in_time(self) -> None:
        self.front.on("ReqUserLogin", error=7)
        waiting = self.hub.feeds.logged_in()
        self.find()
        self.assertNoResult(waiting)
        self.reactor.advance(LOGIN_TIMEOUT)
        answer = self.successResultOf(waiting)
        self.assertEqual(INFO.code(answer.info), 7)

    def test_subscriptions_before_the_first_connection(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.subscribe("quote", "a", [b"IO2401"])
        self.assertEqual(self.asked(), [])
        self.find()
        self.assertEqual(self.asked(), [(b"cu2401",)])
        self.assertEqual(self.asked("SubscribeForQuoteRsp"), [(b"IO2401",)])


class Refused(HubCase):
    """A front that refuses the login: nobody's credentials are at stake."""

    front_connects = False

    def logins(self) -> int:
        return self.front.names.count("ReqUserLogin")

    @holds("HQLK-2")
    def test_it_is_asked_again_less_and_less_often(self) -> None:
        self.front.on("ReqUserLogin", error=3)
        self.find()
        self.assertIs(self.hub.feeds.state, State.REFUSED)
        waits = []
        for _ in range(9):
            before, waited = self.logins(), 0
            while self.logins() == before:
                self.reactor.advance(1)
                waited += 1
            waits.append(waited)
        self.assertEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60])

    @holds("MD-REQUSERLOGIN-2")
    def test_it_says_what_a_broker_that_checks_identities_wants(self) -> None:
        self.front.on("ReqUserLogin", error=3, times=1)
        with capturedLogs() as events:
            self.find()
        self.assertIn("MdUserID and BrokerID", self.hub.feeds.status.explanation)
        self.assertTrue([event for event in events if "MdUserID" in event.get("remedy", "")])
        self.reactor.advance(1)
        self.assertEqual(self.hub.feeds.status.explanation, "")

    @holds("REGISTERFRONT-3")
    def test_a_trading_port_is_told_as_such(self) -> None:
        self.front.on("ReqUserLogin", error=27, callback="OnRspError", times=1)
        self.find()
        reason = self.hub.feeds.status.explanation
        self.assertEqual(reason.count("trading and market-data ports mixed up"), 1)
        self.reactor.advance(1)

    def test_until_it_does_not_refuse(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.front.on("ReqUserLogin", error=3, times=2)
        self.find()
        self.reactor.advance(1)
        self.reactor.advance(2)
        self.assertIs(self.hub.feeds.state, State.READY)
        self.assertEqual(self.asked(), [(b"cu2401",)])
        steps = [State.OPEN, State.LOGGING_IN, State.REFUSED]
        self.assertEqual(
            self.sink.states,
            [*steps, State.LOGGING_IN, State.REFUSED, State.LOGGING_IN, State.READY],
        )

    def test_then_it_begins_with_a_short_wait_again(self) -> None:
        self.front.on("ReqUserLogin", error=3, times=3)
        self.find()
        for seconds in (1, 2, 4):
            self.reactor.advance(seconds)
        self.assertIs(self.hub.feeds.state, State.READY)
        self.lose()
        self.front.on("ReqUserLogin", error=3, times=1)
        self.find()
        self.reactor.advance(1)
        self.assertIs(self.hub.feeds.state, State.READY)

    def test_one_that_breaks_the_line_too_is_asked_no_sooner(self) -> None:
        self.front.on("ReqUserLogin", error=3)
        self.find()
        self.reactor.advance(1)
        self.reactor.advance(2)
        self.assertEqual(self.logins(), 3)
        for _ in range(3):
            self.lose()
            self.find()
        self.assertEqual(self.logins(), 3)
        self.reactor.advance(4)
        self.assertEqual(self.logins(), 4)

    def test_asked_again_while_it_is_away_it_logs_in_when_it_is_back(self) -> None:
        self.front.on("ReqUserLogin", error=3, times=1)
        self.find()
        self.lose()
        self.reactor.advance(1)
        self.assertIs(self.hub.feeds.state, State.LOST)
        self.find()
        self.assertIs(self.hub.feeds.state, State.READY)


class Identified(HubCase):
    """A front that checks identities (3) is told who logs in."""

    front_connects = False
    credentials: Mapping[str, Any] = {"md_user_id": "user", "md_password": Secret("geheim")}

    def passwords(self) -> list[str]:
        return [c.values["Password"] for c in self.front.calls if c.name == "ReqUserLogin"]

    @holds("MD-REQUSERLOGIN-2", "HQLK-1")
    def test_by_the_configured_user(self) -> None:
        self.find()
        values = self.front.last("ReqUserLogin").values
        told = tuple(values[name] for name in ("BrokerID", "UserID", "Password"))
        self.assertEqual(told, ("9999", "user", "geheim"))

    @holds("HQLK-6")
    def test_it_gets_in_once_its_user_has_logged_in_to_trading(self) -> None:
        self.front.on("ReqUserLogin", error=3, times=4)
        with capturedLogs() as events:
            self.find()
            self.assertIn(
                "user (MdUserID) must log in to trading", self.hub.feeds.status.explanation
            )
            for seconds in (1, 2, 4, 8):
                self.reactor.advance(seconds)
        self.assertIs(self.hub.feeds.state, State.READY)
        told = [event for event in events if "remedy" in event]
        self.assertEqual(len(told), 1, "it is said once")

    def test_a_password_that_is_refused_is_not_sent_for_ever(self) -> None:
        self.front.on("ReqUserLogin", error=3)
        self.find()
        for seconds in (1, 2, 4, 8):
            self.reactor.advance(seconds)
        sent = self.passwords()
        self.assertEqual(sent, ["geheim"] * PASSWORD_TRIES + [""] * (5 - PASSWORD_TRIES))

    def test_a_front_that_is_not_open_yet_does_not_cost_the_password(self) -> None:
        self.front.on("ReqUserLogin", error=8, times=4)
        self.find()
        for seconds in (1, 2, 4, 8):
            self.reactor.advance(seconds)
        self.assertEqual(self.passwords(), ["geheim"] * 5)


class Subscriptions(HubCase):
    """The front is asked once, and told when nobody wants an instrument any more."""

    def test_the_first_asks_the_last_tells(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401", b"au2406"])
        self.hub.subscribe("tick", "b", [b"cu2401"])
        self.assertEqual(self.asked(), [(b"cu2401", b"au2406")])
        self.hub.unsubscribe("tick", "a", [b"cu2401"])
        self.assertEqual(self.asked("UnSubscribeMarketData"), [])
        self.hub.unsubscribe("tick", "b", [b"cu2401"])
        self.assertEqual(self.asked("UnSubscribeMarketData"), [(b"cu2401",)])

    def test_twice_by_one_client_counts_once(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401", b"cu2401"])
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.assertEqual(self.asked(), [(b"cu2401",)])
        self.hub.unsubscribe("tick", "a", [b"cu2401"])
        self.assertEqual(self.asked("UnSubscribeMarketData"), [(b"cu2401",)])

    def test_what_was_never_subscribed(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.unsubscribe("tick", "b", [b"cu2401", b"zz9999"])
        self.assertEqual(self.asked("UnSubscribeMarketData"), [])

    @holds("MD-SUBSCRIBEMARKETDATA-3")
    def test_many_are_asked_for_in_batches(self) -> None:
        wanted = [b"zz%04d" % number for number in range(1234)]
        self.hub.subscribe("tick", "a", wanted)
        batches = self.asked()
        self.assertEqual([name for batch in batches for name in batch], wanted)
        self.assertLessEqual(max(len(batch) for batch in batches), 500)

    def test_ticks_and_quote_requests_are_apart(self) -> None:
        self.hub.subscribe("tick", "a", [b"IO2401"])
        self.hub.subscribe("quote", "b", [b"IO2401"])
        self.tick("IO2401")
        self.tick("IO2401", QUOTE)
        self.assertEqual(self.sink.published, [(TICK, "IO2401", ["a"]), (QUOTE, "IO2401", ["b"])])
        self.hub.unsubscribe("tick", "a", [b"IO2401"])
        self.assertEqual(self.asked("UnSubscribeMarketData"), [(b"IO2401",)])
        self.assertEqual(self.asked("UnSubscribeForQuoteRsp"), [])

    @holds("HQLK-5")
    def test_a_refused_subscription_is_told_to_who_wants_it(self) -> None:
        self.front.on("SubscribeMarketData", error=16)
        self.front.on("SubscribeForQuoteRsp", error=16)
        self.hub.subscribe("tick", "b", [b"yy9999"])
        self.hub.subscribe("tick", "a", [b"zz9999"])
        self.hub.subscribe("quote", "c", [b"zz9999"])
        self.reactor.turn()
        self.assertEqual(
            self.sink.refusals, [("yy9999", ["b"]), ("zz9999", ["a"]), ("zz9999", ["c"])]
        )

    def test_each_who_subscribes_what_is_refused_hears_it(self) -> None:
        self.front.on("SubscribeMarketData", error=16)
        self.hub.subscribe("tick", "a", [b"zz9999"])
        self.reactor.turn()
        self.assertTrue(self.hub.is_refused("tick", b"zz9999"))
        for client, told in (("b", ["a", "b"]), ("b", ["a", "b"])):
            del self.sink.refusals[:]
            self.hub.subscribe("tick", client, [b"zz9999"])
            self.reactor.turn()
            self.assertEqual(self.sink.refusals, [("zz9999", told)])
        self.front.on("SubscribeMarketData")
        self.hub.subscribe("tick", "c", [b"zz9999"])
        self.reactor.turn()
        self.assertFalse(self.hub.is_refused("tick", b"zz9999"))
        asked = len(self.asked("SubscribeMarketData"))
        self.hub.subscribe("tick", "d", [b"zz9999"])
        self.assertEqual(len(self.asked("SubscribeMarketData")), asked)

    def test_nobody_is_told_of_what_nobody_wants_any_more(self) -> None:
        self.front.on("SubscribeMarketData", error=16)
        self.front.on("UnSubscribeMarketData", error=16)
        self.sink.told.clear()
        self.hub.subscribe("tick", "a", [b"zz9999"])
        self.hub.unsubscribe("tick", "a", [b"zz9999"])
        self.reactor.turn()
        self.assertEqual((self.sink.refusals, self.sink.told), ([], []))

    @holds("MD-SUBSCRIBEMARKETDATA-2")
    def test_accepted_subscriptions_are_not(self) -> None:
        self.sink.told.clear()
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.reactor.turn()
        self.assertEqual(self.sink.told, [])


class Ticks(HubCase):
    """Who gets what."""

    def test_to_its_subscribers_only(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.subscribe("tick", "b", [b"cu2401", b"au2406"])
        self.tick("cu2401")
        self.tick("au2406")
        self.tick("ag2406")
        self.assertEqual(
            self.sink.published, [(TICK, "cu2401", ["a", "b"]), (TICK, "au2406", ["b"])]
        )

    def test_streams_are_made_at_the_first_tick_and_closed_when_the_last_client_leaves(
        self,
    ) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.subscribe("tick", "b", [b"cu2401"])
        with patch.object(self.sink, "make_streams", wraps=self.sink.make_streams) as made:
            self.tick("cu2401")
            self.tick("cu2401")
        self.assertEqual(made.call_count, 1)
        self.hub.leave("a")
        self.assertEqual(self.sink.closed, [])
        self.hub.leave("b")
        self.assertEqual(self.sink.closed, ["cu2401"])

    def test_ticks_after_the_end_reach_nobody(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.front.push(TICK, {"InstrumentID": "cu2401"})
        self.hub.close()
        self.reactor.turn()
        self.assertEqual(self.sink.published, [])

    def test_none_after_unsubscribing(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.unsubscribe("tick", "a", [b"cu2401"])
        self.tick("cu2401")
        self.assertEqual(self.sink.published, [])

    @holds("MD-SUBSCRIBEMARKETDATA-4")
    def test_a_newcomer_gets_the_last_tick(self) -> None:
        self.assertEqual(self.hub.subscribe("tick", "a", [b"cu2401"]), [])
        self.tick("cu2401")
        self.tick("cu2401")
        last = self.hub.subscribe("tick", "b", [b"cu2401"])
        self.assertEqual([len(last), last[0].count(b"cu2401")], [1, 1])
        self.assertEqual(self.hub.subscribe("tick", "b", [b"cu2401"]), [])

    def test_the_last_tick_is_forgotten_with_the_last_subscriber(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.tick("cu2401")
        self.hub.unsubscribe("tick", "a", [b"cu2401"])
        self.assertEqual(self.hub.subscribe("tick", "b", [b"cu2401"]), [])

    def test_it_says_the_last_price(self) -> None:
        self.assertIsNone(self.hub.newest("cu2401"))
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.assertIsNone(self.hub.newest("cu2401"))
        found = []
        for price in (68500.0, 0.0, sys.float_info.max):
            self.front.push(TICK, {"InstrumentID": "cu2401", "LastPrice": price})
            self.reactor.turn()
            newest = self.hub.newest("cu2401")
            assert newest is not None
            self.assertIs(newest, self.hub.newest("cu2401"))
            found.append(self.hub.price_in(newest))
        self.assertEqual(found, [68500.0, None, None])
        self.assertIsNone(self.hub.newest("no such 铜"))

    @holds("BJHXJ-4")
    def test_a_quote_request_is_an_event_not_a_state(self) -> None:
        self.hub.subscribe("quote", "a", [b"IO2401"])
        self.tick("IO2401", QUOTE)
        self.assertEqual(self.hub.subscribe("quote", "b", [b"IO2401"]), [])


class Outage(HubCase):
    """Subscriptions live here, not at the front."""

    @holds("MD-ONFRONTDISCONNECTED-1")
    def test_all_that_is_wanted_is_asked_for_again(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401"])
        self.hub.subscribe("tick", "b", [b"au2406"])
        self.hub.subscribe("quote", "b", [b"IO2401"])
        self.lose()
        self.find()
        self.assertEqual(self.asked()[-1], (b"cu2401", b"au2406"))
        self.assertEqual(self.asked("SubscribeForQuoteRsp"), [(b"IO2401",)] * 2)

    def test_changes_during_the_outage_take_effect_when_it_is_over(self) -> None:
        self.hub.subscribe("tick", "a", [b"cu2401", b"au2406"])
        self.lose()
        before = len(self.front.calls)
        self.hub.subscribe("tick", "a", [b"ag2406"])
        self.hub.unsubscribe("tick", "a", [b"cu2401"])
        self.assertEqual(len(self.front.calls), before)
        self.find()
        self.assertEqual(self.asked()[-1], (b"au2406", b"ag2406"))

    def test_clients_log_in_during_an_outage(self) -> None:
        self.lose()
        self.successResultOf(self.hub.feeds.logged_in())

    @holds("MD-SUBSCRIBEMARKETDATA-3")
    def test_many_wanted_are_asked_for_in_batches(self) -> None:
        self.hub.subscribe("tick", "a", [b"zz%04d" % number for number in range(1234)])
        self.lose()
        self.front.calls.clear()
        self.find()
        self.assertEqual(sum(len(batch) for batch in self.asked()), 1234)
        self.assertLessEqual(max(len(batch) for batch in self.asked()), 500)
