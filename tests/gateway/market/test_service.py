"""Clients of /md/: logins, subscriptions, ticks."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.conformance import holds
from tests.gateway.support import LOGIN_TIMEOUT, USER, GatewayCase, Message, code
from webctp.ctp import catalog
from webctp.ctp.codec import DBL_MAX
from webctp.ctp.encoder import InvalidPrice
from webctp.testing import WebSocketPeer

MD = catalog.market_data()
LOGIN: Message = {"MsgType": "ReqUserLogin", "ReqUserLogin": {}, "RequestID": 1}


class MarketCase(GatewayCase):
    """Helpers of this file."""

    def subscribe(
        self, peer: WebSocketPeer, *instruments: str, name: str = "SubscribeMarketData"
    ) -> list[Message]:
        """Send one of the four; gives the answers."""
        peer.send({"MsgType": name, "InstrumentID": list(instruments), "RequestID": 5})
        return self.answers(peer)

    def tick(self, instrument: str, **values: Any) -> None:
        self.front.push("OnRtnDepthMarketData", {"InstrumentID": instrument, **values})

    def ticks(self, peer: WebSocketPeer) -> list[str]:
        return [
            message["DepthMarketData"]["InstrumentID"]
            for message in self.pushes(peer)
            if message["MsgType"] == "RtnDepthMarketData"
        ]


class LoggingIn(MarketCase):
    """A login is the client's own affair."""

    @holds("MD-REQUSERLOGIN-1")
    def test_without_credentials(self) -> None:
        answer = self.ask(self.connect("/md/"), LOGIN)
        self.assertEqual(
            list(answer), ["MsgType", "RspInfo", "IsLast", "RequestID", "RspUserLogin"]
        )
        self.assertEqual(answer["RspUserLogin"]["TradingDay"], "20240102")

    def test_without_a_body(self) -> None:
        self.assertEqual(code(self.ask(self.connect("/md/"), {"MsgType": "ReqUserLogin"})), 0)

    def test_with_credentials_that_are_told_again_and_sent_nowhere(self) -> None:
        answer = self.ask(self.connect("/md/"), {**LOGIN, "ReqUserLogin": USER})
        self.assertEqual(answer["RspUserLogin"]["UserID"], "user")
        self.assertEqual(self.front.names.count("ReqUserLogin"), 1)
        self.assertEqual(self.front.last("ReqUserLogin").values["Password"], "")

    def test_again(self) -> None:
        peer = self.watcher()
        self.assertEqual(code(self.ask(peer, LOGIN)), 0)

    def test_during_an_outage(self) -> None:
        self.front.disconnect()
        self.settle()
        self.watcher()

    @holds("MD-REQUSERLOGOUT-1")
    def test_logging_out_ends_the_subscriptions(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401")
        answer = self.ask(peer, {"MsgType": "ReqUserLogout", "RequestID": 2})
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogout", 0))
        self.assertEqual(self.front.last("UnSubscribeMarketData").arguments, (b"cu2401",))
        self.assertEqual(
            code(self.ask(peer, {**LOGIN, "MsgType": "ReqUserLogout", "ReqUserLogin": None})), -400
        )
        self.assertEqual(code(self.subscribe(peer, "cu2401")[0]), -401)


class Waiting(MarketCase):
    """A front that is not there yet."""

    front_connects = False

    def test_the_login_is_answered_when_it_is(self) -> None:
        peer = self.connect("/md/")
        peer.send(LOGIN)
        self.assertEqual(self.answers(peer), [])
        self.front.connect()
        (answer,) = self.answers(peer)
        self.assertEqual((answer["MsgType"], answer["RequestID"]), ("RspUserLogin", 1))

    @holds("MD-REQUSERLOGIN-2")
    def test_or_told_what_a_front_that_checks_identities_wants(self) -> None:
        self.front.on("ReqUserLogin", error=3, times=1)
        peer = self.connect("/md/")
        peer.send(LOGIN)
        self.front.connect()
        answer = next(m for m in self.answers(peer) if m["MsgType"] == "RspUserLogin")
        self.assertEqual(code(answer), 3)
        self.assertIn("MdUserID", answer["Detail"])
        self.reactor.advance(1)

    def test_or_told_that_it_is_not(self) -> None:
        peer = self.connect("/md/")
        peer.send(LOGIN)
        self.settle()
        self.reactor.advance(LOGIN_TIMEOUT)
        (answer,) = self.answers(peer)
        self.assertEqual((answer["MsgType"], code(answer)), ("ReqUserLogin", -408))

    def test_a_second_login_meanwhile(self) -> None:
        peer = self.connect("/md/")
        peer.send(LOGIN)
        self.assertEqual(code(self.ask(peer, LOGIN)), -409)

    def test_a_client_that_leaves_meanwhile(self) -> None:
        peer = self.connect("/md/")
        peer.send(LOGIN)
        self.settle()
        peer.drop()
        self.front.connect()
        self.settle()
        self.watcher()


class Subscriptions(MarketCase):
    """Answered one by one, the last of them marked."""

    NAMES = (
        ("SubscribeMarketData", "RspSubMarketData"),
        ("UnSubscribeMarketData", "RspUnSubMarketData"),
        ("SubscribeForQuoteRsp", "RspSubForQuoteRsp"),
        ("UnSubscribeForQuoteRsp", "RspUnSubForQuoteRsp"),
    )

    @holds("MD-SUBSCRIBEMARKETDATA-2")
    def test_all_four(self) -> None:
        peer = self.watcher()
        for name, answered in self.NAMES:
            answers = self.subscribe(peer, "cu2401", "au2406", name=name)
            bodies = [answer.pop("SpecificInstrument")["InstrumentID"] for answer in answers]
            self.assertEqual(bodies, ["cu2401", "au2406"])
            self.assertEqual(
                answers,
                [
                    {
                        "MsgType": answered,
                        "RspInfo": {"ErrorID": 0, "ErrorMsg": "CTP:正确"},
                        "IsLast": last,
                        "RequestID": 5,
                    }
                    for last in (False, True)
                ],
            )
            self.assertEqual(self.front.last(name).arguments, (b"cu2401", b"au2406"))

    def test_a_bare_string(self) -> None:
        peer = self.watcher()
        answer = self.ask(peer, {"MsgType": "SubscribeMarketData", "InstrumentID": "cu2401"})
        self.assertEqual(answer["SpecificInstrument"]["InstrumentID"], "cu2401")
        self.assertTrue(answer["IsLast"])

    def test_subscribing_again_is_answered_again(self) -> None:
        peer = self.watcher()
        for _ in range(2):
            self.assertEqual(len(self.subscribe(peer, "cu2401")), 1)
        self.assertEqual(self.front.names.count("SubscribeMarketData"), 1)

    def test_an_instrument_twice_in_one_request(self) -> None:
        peer = self.watcher()
        answers = self.subscribe(peer, "cu2401", "cu2401")
        self.assertEqual([answer["IsLast"] for answer in answers], [False, True])
        self.tick("cu2401")
        self.assertEqual(self.ticks(peer), ["cu2401"])

    def test_during_an_outage_it_is_answered_and_takes_effect_later(self) -> None:
        peer = self.watcher()
        self.front.disconnect()
        self.settle()
        self.assertEqual(code(self.subscribe(peer, "cu2401")[0]), 0)
        self.assertNotIn("SubscribeMarketData", self.front.names)
        self.front.connect()
        self.settle()
        self.assertEqual(self.front.last("SubscribeMarketData").arguments, (b"cu2401",))

    @holds("HQLK-5")
    def test_a_refusal_of_the_fronts_is_told_to_who_wants_the_instrument(self) -> None:
        other, pattern, peer = self.watcher(), self.watcher(), self.watcher()
        self.subscribe(other, "cu2401")
        self.md.hub.instruments.add([b"zz9999"])
        self.front.on("SubscribeMarketData", silent=True)
        self.subscribe(pattern, "zz*")
        self.front.disconnect()
        self.settle()
        self.subscribe(peer, "zz9999")
        self.front.on("SubscribeMarketData", error=16)
        self.front.connect()
        for one in (pattern, peer):
            messages = self.answers(one)
            self.assertIn(
                "zz9999", [told["SpecificInstrument"]["InstrumentID"] for told in messages]
            )
            for message in messages:
                self.assertEqual(
                    (message["MsgType"], message["IsLast"], message["RequestID"], code(message)),
                    ("RspSubMarketData", True, 0, 16),
                )
        told = [told["SpecificInstrument"]["InstrumentID"] for told in self.answers(other)]
        self.assertEqual(told, ["cu2401"])

    def test_who_leaves_is_counted_out(self) -> None:
        first, second = self.watcher(), self.watcher()
        for peer in (first, second):
            self.subscribe(peer, "cu2401")
        first.drop()
        self.assertNotIn("UnSubscribeMarketData", self.front.names)
        second.drop()
        self.settle()
        self.assertEqual(self.front.last("UnSubscribeMarketData").arguments, (b"cu2401",))


class Patterns(MarketCase):
    """What is said of patterns that find nothing."""

    def test_of_many_known_and_of_none(self) -> None:
        peer = self.watcher()
        (answer,) = self.subscribe(peer, "rb*")
        self.assertIn("no instrument is known yet", answer["Detail"])
        self.md.hub.instruments.add([b"au24%02d" % number for number in range(1, 90)])
        self.md.hub.instruments.add([b"ag%04d" % number for number in range(600)])
        good, bad, name = self.subscribe(peer, "ag059?", "zz*", "zz2401")
        self.assertNotIn("Detail", good)
        self.assertIn("'zz*' finds none of the 689 instruments known; it takes in", bad["Detail"])
        self.assertNotIn("Detail", name)
        self.assertEqual([code(one) for one in (good, bad, name)], [0, 0, 0])

    def test_giving_one_up_is_no_search(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "rb*")
        (answer,) = self.subscribe(peer, "rb*", name="UnSubscribeMarketData")
        self.assertNotIn("Detail", answer)


class Limited(MarketCase):
    """``MaxInstruments``."""

    market_settings: ClassVar[Mapping[str, Any]] = {"max_instruments": 3}

    def ticking(self, peer: WebSocketPeer) -> set[str]:
        """The instruments whose ticks it gets."""
        for instrument in ("cu2401", "au2406", "ag2406", "rb2401", "rb2405"):
            self.tick(instrument)
        return set(self.ticks(peer))

    def test_beyond_it_nothing_is_taken_and_all_is_kept(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401", "au2406")
        self.subscribe(peer, "au2406", "cu2401")
        (answer,) = self.subscribe(peer, "ag2406", "rb2401")
        self.assertEqual((answer["MsgType"], code(answer)), ("SubscribeMarketData", -429))
        self.assertIn("it would have 4 instruments, and MaxInstruments is 3;", answer["Detail"])
        self.assertEqual(answer["Limit"], 3)
        self.assertNotIn("RetryAfter", answer, "no time helps")
        self.assertEqual(self.ticking(peer), {"cu2401", "au2406"})
        self.assertEqual(code(self.subscribe(peer, "ag2406")[0]), 0)
        self.subscribe(peer, "cu2401", name="UnSubscribeMarketData")
        self.assertEqual(code(self.subscribe(peer, "rb2401")[0]), 0)
        self.assertEqual(self.ticking(peer), {"au2406", "ag2406", "rb2401"})

    def test_each_client_has_its_own_and_quotes_are_apart(self) -> None:
        for peer in (self.watcher(), self.watcher()):
            for name in ("SubscribeMarketData", "SubscribeForQuoteRsp"):
                answers = self.subscribe(peer, "cu2401", "au2406", "ag2406", name=name)
                self.assertEqual([code(answer) for answer in answers], [0, 0, 0])

    def test_a_pattern_counts_what_it_finds(self) -> None:
        self.md.hub.instruments.add([b"rb2401", b"rb2405", b"cu2401", b"au2406"])
        peer = self.watcher()
        self.assertEqual(code(self.subscribe(peer, "*")[0]), -429)
        self.assertEqual(self.ticking(peer), set())
        answers = self.subscribe(peer, "rb*", "rb2401", "cu2401")
        self.assertEqual([code(answer) for answer in answers], [0, 0, 0])
        self.assertEqual(code(self.subscribe(peer, "au2406")[0]), -429)
        self.assertEqual(self.ticking(peer), {"rb2401", "rb2405", "cu2401"})

    def test_of_patterns_there_are_never_many(self) -> None:
        peer = self.watcher()
        patterns = [f"a{number}*" for number in range(100)]
        self.assertEqual(code(self.subscribe(peer, *patterns)[0]), 0)
        self.assertEqual(code(self.subscribe(peer, *patterns)[0]), 0)
        (answer,) = self.subscribe(peer, "b*")
        self.assertEqual(code(answer), -429)
        self.assertIn("101 patterns, and 100 are the most", answer["Detail"])
        self.assertEqual(answer["Limit"], 100)
        self.subscribe(peer, patterns[0], name="UnSubscribeMarketData")
        self.assertEqual(code(self.subscribe(peer, "b*")[0]), 0)

    def test_what_a_pattern_finds_later_is_taken_in_as_far_and_told_once(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401", "rb*")
        self.md.hub.instruments.add([b"rb2401", b"rb2405", b"rb2410"])
        for number in range(3):
            self.md.hub.instruments.add([b"rb270%d" % number])
        self.fanout.flush()
        (message,) = self.answers(peer)
        self.assertEqual(
            (message["MsgType"], code(message), message["RequestID"]),
            ("SubscribeMarketData", -429, 0),
        )
        self.assertIn("MaxInstruments, 3", message["Detail"])
        self.assertEqual(message["Limit"], 3)
        self.assertEqual(self.ticking(peer), {"cu2401", "rb2401", "rb2405"})


class Ticks(MarketCase):
    """Encoded once, sent to who wants them."""

    def test_to_subscribers_only(self) -> None:
        first, second = self.watcher(), self.watcher()
        self.subscribe(first, "cu2401")
        self.subscribe(second, "cu2401", "au2406")
        for instrument in ("cu2401", "au2406", "ag2406", "cu2401"):
            self.tick(instrument)
        self.assertEqual(self.ticks(first), ["cu2401", "cu2401"])
        self.assertEqual(self.ticks(second), ["cu2401", "au2406", "cu2401"])

    def test_a_batch_leaves_in_one_write(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401", "au2406")
        before = len(peer.transport.writes)
        for instrument in ("cu2401", "au2406", "cu2401"):
            self.tick(instrument)
        self.settle()
        self.assertEqual(len(peer.transport.writes), before + 1)

    def test_ticks_between_the_answers_to_a_subscription_leave_in_one_write(self) -> None:
        peer = self.watcher()
        names = ("cu2401", "au2406", "ag2406")
        self.front.on("SubscribeMarketData", silent=True)
        self.subscribe(peer, *names)
        before = len(peer.transport.writes)
        for name in names:
            self.front.push("OnRspSubMarketData", {"InstrumentID": name}, error=0)
            self.tick(name)
        self.assertEqual(self.ticks(peer), list(names))
        self.assertEqual(len(peer.transport.writes), before + 1)

    def test_the_message(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401")
        self.tick("cu2401", LastPrice=68000.5, Volume=3, BidPrice1=DBL_MAX)
        (message,) = self.pushes(peer)
        self.assertEqual(list(message), ["MsgType", "DepthMarketData"])
        body = message["DepthMarketData"]
        self.assertEqual((body["LastPrice"], body["Volume"], body["BidPrice1"]), (68000.5, 3, 0))
        fields = {field.name for field in MD.struct("CThostFtdcDepthMarketDataField").fields}
        self.assertEqual(set(body), fields)

    def test_a_newcomer_gets_the_last_tick_behind_its_answer(self) -> None:
        self.subscribe(self.watcher(), "cu2401")
        self.tick("cu2401", LastPrice=1.5)
        self.settle()
        peer = self.watcher()
        peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": "cu2401"})
        self.settle()
        answer, tick = peer.received()
        self.assertEqual(answer["MsgType"], "RspSubMarketData")
        self.assertEqual(tick["DepthMarketData"]["LastPrice"], 1.5)

    @holds("BJHXJ-4")
    def test_requests_for_quotes(self) -> None:
        first, second = self.watcher(), self.watcher()
        self.subscribe(first, "IO2401", name="SubscribeForQuoteRsp")
        self.front.push("OnRtnForQuoteRsp", {"InstrumentID": "IO2401", "ForQuoteSysID": "7"})
        (message,) = self.pushes(first)
        self.assertEqual(message["MsgType"], "RtnForQuoteRsp")
        self.assertEqual(message["ForQuoteRsp"]["ForQuoteSysID"], "7")
        self.subscribe(second, "IO2401", name="SubscribeForQuoteRsp")
        self.assertEqual(self.pushes(second), [])

    def test_who_does_not_read_gets_the_newest(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401", "au2406")
        producer = peer.transport.producer
        assert producer is not None
        producer.pauseProducing()
        for price in (1.0, 2.0, 3.0):
            self.tick("cu2401", LastPrice=price)
            self.tick("au2406", LastPrice=price)
        self.settle()
        self.assertEqual(self.ticks(peer), [])
        producer.resumeProducing()
        note, *ticks = self.pushes(peer)
        self.assertEqual(note, {"MsgType": "RtnTicksDropped", "TicksDropped": {"Count": 4}})
        prices = [message["DepthMarketData"]["LastPrice"] for message in ticks]
        self.assertEqual(prices, [3.0, 3.0])


class Newcomers(MarketCase):
    """``LastTick: false``."""

    market_settings: ClassVar[Mapping[str, Any]] = {"last_tick": False}

    def test_they_wait_for_the_next_tick(self) -> None:
        self.subscribe(self.watcher(), "cu2401")
        self.tick("cu2401", LastPrice=1.0)
        self.settle()
        peer = self.watcher()
        peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": "cu2401"})
        self.settle()
        self.assertEqual([one["MsgType"] for one in peer.received()], ["RspSubMarketData"])


class NullPrices(MarketCase):
    """``InvalidPrice: null``."""

    invalid = InvalidPrice.NULL

    @holds("MD-ONRTNDEPTHMARKETDATA-1")
    def test_unset_prices(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401")
        self.tick("cu2401", BidPrice1=DBL_MAX)
        (message,) = self.pushes(peer)
        self.assertIsNone(message["DepthMarketData"]["BidPrice1"])


class Others(MarketCase):
    """The rest of the API."""

    def test_every_method_has_an_answer(self) -> None:
        for name, method in MD.methods.items():
            peer = self.watcher()
            message: Message = {"MsgType": name, "RequestID": 6}
            if "Subscribe" in name:
                message["InstrumentID"] = "cu2401"
            answer = self.ask(peer, message)
            self.assertEqual((code(answer), answer["RequestID"]), (0, 6), name)
            expected = method.reply.msg_type if method.response else name
            self.assertEqual(answer["MsgType"], expected)

    def test_a_query(self) -> None:
        peer = self.watcher()
        self.front.on(
            "ReqQryMulticastInstrument", answer=[{"InstrumentNo": 1}, {"InstrumentNo": 2}]
        )
        peer.send({"MsgType": "ReqQryMulticastInstrument", "RequestID": 6})
        numbers = [answer["MulticastInstrument"]["InstrumentNo"] for answer in self.answers(peer)]
        self.assertEqual(numbers, [1, 2])

    def test_a_query_that_cannot_be_sent(self) -> None:
        peer = self.watcher()
        self.front.on("ReqQryMulticastInstrument", returns=-2)
        answer = self.ask(peer, {"MsgType": "ReqQryMulticastInstrument"})
        self.assertEqual((answer["MsgType"], code(answer)), ("RspQryMulticastInstrument", -2))
        self.front.disconnect()
        self.answers(peer)
        self.assertEqual(code(self.ask(peer, {"MsgType": "ReqQryMulticastInstrument"})), -503)

    def test_the_connection_is_told_once_to_who_is_logged_in(self) -> None:
        peer, stranger = self.watcher(), self.connect("/md/")
        self.pushes(peer)
        for _ in range(5):
            self.front.disconnect()
        self.front.connect()
        told = [json.dumps(message) for message in self.pushes(peer)]
        self.assertEqual(
            told,
            ['{"MsgType": "FrontDisconnected", "Reason": 4097}', '{"MsgType": "FrontConnected"}'],
        )
        self.assertEqual(self.pushes(stranger), [])
