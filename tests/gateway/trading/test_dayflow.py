"""The day's flow: the same for every login, whoever else is logged in."""

import gc
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.gateway.trading.test_resume import replays
from tests.gateway.trading.test_shared import DeskTest, answer, of_type, trades
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.gateway.trading.dayflow import DayFlow
from webctp.language.text import verbatim
from webctp.testing import WebSocketPeer
from webctp.upstream.trading.flowreplay import FIRST, QUIET

STATUS = {"ExchangeID": "SHFE", "InstrumentID": "rb", "InstrumentStatus": "2"}


class DayTest(DeskTest):
    """A front that plays the day after each login: :attr:`day` are its trades so far."""

    def begin(self, **settings: Any) -> None:
        self.start(flow_quiet=QUIET, **settings)
        self.day: list[int] = []
        self.plays = True

    def play(self) -> None:
        """Play the day to the newest API, as CTP does after a login."""
        for number in self.day:
            self.front.push("OnRtnTrade", {"TradeID": str(number), "InstrumentID": "rb2701"})

    def traded(self, *numbers: int) -> None:
        """Trades happen: the newest session is told, later ones will be."""
        for number in numbers:
            self.day.append(number)
            self.trade(number)

    def come(self, peer: WebSocketPeer, password: str = "p", **words: Any) -> list[dict[str, Any]]:
        """Log in; gives all that came with it."""
        before = len(self.front.apis)
        told = self.login(peer, password, **words)
        if len(self.front.apis) > before:
            self.assertFalse([one for one in told if "RequestID" in one], "answered too early")
            self.play()
            self.settle()
            self.reactor.advance(QUIET)
            self.settle()
        return told + peer.received()


class EndTests(DayTest):
    """What is left of a session that has ended."""

    def kept(self) -> int:
        """Count the trades that anything in this process holds."""
        return sum(
            (type(one) is tuple and one[:1] == ("OnRtnTrade",)) or type(one) is CallbackEvent
            for one in gc.get_objects()
        )

    def test_its_day_is_freed_at_once(self) -> None:
        """Its parts refer to each other: without that it would wait for a collection."""
        self.begin(linger=0)
        gc.collect()
        gc.disable()  # a collection would free the cycles, and lose sight of plain tuples
        self.addCleanup(gc.enable)
        before = self.kept()
        for number in range(3):
            peer = self.client()
            self.come(peer)
            self.front.push("OnRtnInstrumentStatus", STATUS)
            self.traded(*range(100 * number, 100 * number + 100))
            self.settle()
            self.assertGreaterEqual(self.kept() - before, 100)
            peer.drop()
            self.settle()
            self.reactor.advance(10)
            self.settle()
            self.assertLess(self.kept() - before, 10)
        self.assertEqual(self.desk.registry.released, 3)


class LoginTests(DayTest):
    """What a login is told of the day."""

    @holds("SUBSCRIBEPRIVATETOPIC-1", "SJLSM-2")
    def test_three_trades_while_a_program_is_away_are_told_whoever_else_is_logged_in(self) -> None:
        for other in (False, True):
            self.begin(linger=0)
            away = self.client()
            self.come(away)
            if other:
                self.come(self.client())
            away.drop()
            self.settle()
            self.day += [1, 2, 3]
            told = self.come(self.client())
            self.assertEqual(replays(told), ["1", "2", "3"], f"another logged in: {other}")

    def test_a_living_session_tells_the_same_as_a_new_one(self) -> None:
        self.begin(linger=60)
        first = self.client()
        self.day += [1, 2]
        self.assertEqual(replays(self.come(first)), ["1", "2"])
        self.traded(3)
        first.drop()
        self.traded(4)
        for _ in range(2):
            back = self.client()
            self.assertEqual(replays(self.come(back)), ["1", "2", "3", "4"])
            back.drop()
        self.assertEqual(len(self.front.apis), 1)

    def test_a_shared_session_tells_the_same_and_the_others_nothing(self) -> None:
        self.begin(sharing=True)
        first, second = self.client(), self.client()
        self.come(first)
        self.traded(1)
        first.received()
        self.assertEqual(replays(self.come(second)), ["1"])
        self.assertEqual(first.received(), [])
        self.traded(2)
        for peer in (first, second):
            self.assertEqual(trades(peer.received()), ["2"])

    def test_two_who_log_in_together_are_told_the_same(self) -> None:
        self.begin(sharing=True)
        first, second = self.client(), self.client()
        self.day += [1]
        self.login(first)
        self.play()
        self.settle()
        self.login(second)
        self.reactor.advance(QUIET)
        self.settle()
        for peer in (first, second):
            self.assertEqual(replays(peer.received()), ["1"])

    def test_it_is_told_once_on_a_connection(self) -> None:
        self.begin(linger=60)
        peer = self.client()
        self.day += [1]
        self.come(peer)
        self.assertEqual(trades(self.come(peer)), [])

    def test_a_login_without_a_day_is_answered_soon(self) -> None:
        self.begin()
        peer = self.client()
        self.login(peer)
        self.reactor.advance(FIRST)
        self.settle()
        self.assertEqual(answer(peer.received())["MsgType"], "RspUserLogin")

    def test_numbers_go_on_from_the_answers(self) -> None:
        self.begin()
        peer = self.client()
        self.day += [1, 2]
        told = self.come(peer)
        numbers = [one["Seq"] for one in told if "Seq" in one]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        self.assertEqual(answer(told)["Session"]["Seq"], numbers[-1])
        self.traded(3)
        (news,) = peer.received()
        self.assertEqual(news["Seq"], numbers[-1] + 1)
        self.assertNotIn("Replay", news)

    def test_the_word_that_it_is_ready_comes_after_the_replays(self) -> None:
        self.begin()
        self.day += [1]
        told = self.come(self.client())
        states = [one["SessionState"]["State"] for one in of_type(told, "RtnSessionState")]
        self.assertEqual(states[-1], "ready")
        at = [told.index(of_type(told, name)[-1]) for name in ("RtnTrade", "RtnSessionState")]
        self.assertEqual(at, sorted(at))

    def test_statuses_come_once_as_they_are_now(self) -> None:
        self.begin()
        peer = self.client()
        self.login(peer)
        for status in ("0", "2"):
            self.front.push("OnRtnInstrumentStatus", {**STATUS, "InstrumentStatus": status})
        self.settle()
        self.reactor.advance(QUIET)
        self.settle()
        told = peer.received()
        (now,) = of_type(told, "RtnInstrumentStatus")
        self.assertEqual(now["InstrumentStatus"]["InstrumentStatus"], "2")
        self.assertNotIn("Seq", now)

    def test_a_refused_login_is_told_nothing_of_the_day(self) -> None:
        self.begin()
        self.front.on("ReqSettlementInfoConfirm", silent=True)
        peer = self.client()
        self.login(peer)
        self.day += [1]
        self.play()
        self.settle()
        self.reactor.advance(60)
        self.settle()
        told = peer.received()
        self.assertEqual(answer(told)["RspInfo"]["ErrorID"], -408)
        self.assertEqual(trades(told), [])

    def test_who_was_refused_hears_nothing_of_others_until_it_is_in(self) -> None:
        self.begin(sharing=True)
        self.front.on("ReqUserLogin", error=3)
        first, second = self.client(), self.client()
        body = {"UserID": "u1", "Password": "wrong"}
        for peer in (first, second):
            peer.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body})
        self.settle()
        for peer in (first, second):
            self.assertEqual(answer(peer.received())["RspInfo"]["ErrorID"], 3)
        self.front.on("ReqUserLogin")
        told = self.login(first)
        self.reactor.advance(FIRST)
        self.settle()
        self.assertEqual(answer(told + first.received())["MsgType"], "RspUserLogin")
        self.traded(1)
        self.assertEqual(trades(first.received()), ["1"])
        self.assertEqual(second.received(), [])
        told = self.login(second)
        self.assertEqual(replays(told), ["1"])
        self.traded(2)
        (news,) = second.received()
        self.assertEqual(news["Seq"], answer(told)["Session"]["Seq"] + 1)

    def test_another_trading_day_is_another_flow(self) -> None:
        self.begin(sharing=True)
        first = self.client()
        self.day += [1]
        self.come(first)
        self.front.on("ReqUserLogin", answer={"TradingDay": "20240103", "MaxOrderRef": "1"})
        self.front.disconnect()
        self.settle()
        self.front.connect()
        self.settle()
        self.reactor.advance(QUIET)
        self.trade(2)
        self.assertEqual(replays(self.come(self.client())), ["2"])

    def test_a_day_that_began_while_connected_is_told_from_its_first(self) -> None:
        self.begin(sharing=True)
        self.come(self.client())
        for number, day in enumerate(("20240102", "20240103", "20240103")):
            self.front.push("OnRtnTrade", {"TradeID": str(number), "TradingDay": day})
        self.settle()
        self.front.on("ReqUserLogin", answer={"TradingDay": "20240103", "MaxOrderRef": "1"})
        self.front.disconnect()
        self.settle()
        self.front.connect()
        self.settle()
        for number in (1, 2, 3):
            trade = {"TradeID": str(number), "TradingDay": "20240103"}
            self.front.push("OnRtnTrade", trade)
        self.settle()
        self.reactor.advance(QUIET)
        self.settle()
        self.assertEqual(replays(self.come(self.client())), ["1", "2", "3"])

    def test_a_long_day_is_told_in_order_before_what_comes_meanwhile(self) -> None:
        self.begin(linger=60)
        first = self.client()
        self.come(first)
        for number in range(2_000):
            self.front.push("OnRtnTrade", {"TradeID": str(number)})
        self.settle()
        first.drop()
        self.desk.commons.fanout.turns.add(lambda: False)  # somebody else has work, too
        back = self.client()
        body = {"UserID": "u1", "Password": "p"}
        back.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body})
        self.front.push("OnRtnTrade", {"TradeID": "news"})
        for _ in range(2_000):
            self.reactor.turn()
        told = back.received()
        at = told.index(answer(told))
        self.assertEqual(trades(told[:at]), [str(number) for number in range(2_000)])
        (news,) = of_type(told[at:], "RtnTrade")
        self.assertEqual(news["Trade"]["TradeID"], "news")
        self.assertEqual(news["Seq"], told[at]["Session"]["Seq"] + 1)

    def test_who_reads_a_long_day_slowly_is_a_stranger_no_longer(self) -> None:
        self.begin(linger=60)
        first = self.client()
        self.come(first)
        for number in range(500):  # half a MiB, far beyond what a stranger may leave unread
            self.front.push("OnRtnTrade", {"TradeID": str(number)})
        self.settle()
        first.drop()
        back = self.client()
        producer: Any = back.transport.producer
        producer.pauseProducing()
        body = {"UserID": "u1", "Password": "p"}
        back.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body})
        for _ in range(500):
            self.reactor.turn()
        self.assertFalse(back.transport.disconnecting)
        producer.resumeProducing()
        self.settle()
        self.assertEqual(len(replays(back.received())), 500)


class BreakTests(DayTest):
    """Clients and lines that break off amid it."""

    def test_who_breaks_off_before_its_answer_is_told_all_when_it_is_back(self) -> None:
        self.begin(linger=60)
        first = self.client()
        self.day += [1, 2]
        seen = max(one["Seq"] for one in self.login(first) if "Seq" in one)
        self.play()
        self.settle()
        first.drop()
        self.reactor.advance(QUIET)
        self.settle()
        for number in (seen, seen - 1):
            back = self.client()
            told = self.come(back, Resume={"Seq": number})
            self.assertEqual(replays(told), ["1", "2"])
            self.assertTrue(answer(told)["Resume"]["Gap"])
            back.drop()
        self.assertEqual(len(self.front.apis), 1)

    def test_a_line_that_breaks_meanwhile_does_not_answer_too_early(self) -> None:
        self.begin()
        peer = self.client()
        self.day += [1, 2]
        self.login(peer)
        self.front.push("OnRtnTrade", {"TradeID": "1", "InstrumentID": "rb2701"})
        self.front.disconnect()
        self.settle()
        self.reactor.advance(5)
        self.settle()
        self.assertFalse([one for one in peer.received() if "RequestID" in one])
        self.front.connect()
        self.settle()
        self.play()
        self.settle()
        self.reactor.advance(QUIET)
        self.settle()
        self.assertEqual(replays(peer.received()), ["1", "2"])

    def test_a_session_that_ends_meanwhile_refuses_who_waits(self) -> None:
        self.begin()
        peer = self.client()
        self.login(peer)
        (shared,) = self.desk.registry
        shared.session.close(verbatim("it is over"))
        self.settle()
        refused = answer(peer.received())
        self.assertEqual(
            (refused["MsgType"], refused["RspInfo"]["ErrorID"]), ("ReqUserLogin", -503)
        )

    def test_one_that_the_front_lets_wait_for_ever_is_refused_in_time(self) -> None:
        self.begin()
        peer = self.client()
        self.login(peer)
        self.front.disconnect()
        self.settle()
        self.reactor.advance(60)
        self.settle()
        self.assertEqual(answer(peer.received())["RspInfo"]["ErrorID"], -408)

    @holds("SUBSCRIBEPRIVATETOPIC-2")
    def test_after_a_reconnect_only_news_is_told(self) -> None:
        self.begin()
        peer = self.client()
        self.day += [1, 2]
        seq = answer(self.come(peer))["Session"]["Seq"]
        self.front.disconnect()
        self.settle()
        self.day += [3]
        self.front.connect()
        self.settle()
        self.play()
        self.settle()
        told = peer.received()
        self.assertEqual(trades(told), ["3"])
        numbers = [one["Seq"] for one in told]
        self.assertEqual(numbers, list(range(seq + 1, seq + 1 + len(told))))

    def test_orders_are_possible_at_once_after_a_reconnect(self) -> None:
        self.begin()
        peer = self.client()
        self.come(peer)
        self.front.disconnect()
        self.front.connect()
        self.settle()
        peer.send({"MsgType": "ReqOrderInsert", "RequestID": 2, "InputOrder": {}})
        self.settle()
        self.assertIn("ReqOrderInsert", self.front.names)


class BoundTests(SynchronousTestCase):
    """What is kept of a day that is longer than there is room."""

    def event(self, name: str, body: dict[str, Any]) -> CallbackEvent:
        trading = catalog.trading()
        callback = trading.callbacks[name]
        packed = codec_for(trading.module).layout(callback.body_struct).pack(body)
        return CallbackEvent(callback, packed, None, 0, True)

    def order(self, ref: int, status: str) -> CallbackEvent:
        row = {"FrontID": 1, "SessionID": 1, "OrderRef": str(ref), "OrderStatus": status}
        return self.event("OnRtnOrder", row)

    def trade(self, number: int) -> CallbackEvent:
        return self.event("OnRtnTrade", {"TradeID": str(number)})

    def test_former_states_of_orders_go_first(self) -> None:
        one = len(self.order(1, "a")[1] or b"")
        flow = DayFlow(one * 10)
        flow.begin("20240102")
        for number in range(3):
            for status in "a30":
                flow.add(self.order(number, status))
            flow.add(self.trade(number))
        self.assertTrue(flow.is_whole)
        kept = [event.callback.name for event in flow.events]
        self.assertEqual(kept.count("OnRtnTrade"), 3)
        self.assertLess(kept.count("OnRtnOrder"), 9)
        self.assertEqual(flow.events[-2], self.order(2, "0"))
        self.assertIn(self.order(0, "0"), flow.events, "the latest state of the oldest order")

    def test_then_the_oldest_and_it_is_said(self) -> None:
        flow = DayFlow(len(self.trade(1)[1] or b"") * 10)
        flow.begin("20240102")
        for number in range(40):
            flow.add(self.trade(number))
            self.assertLessEqual(len(flow.events), 12)
        self.assertFalse(flow.is_whole)
        told = [event.body for event in flow.events]
        self.assertEqual(told, [self.trade(at)[1] for at in range(40 - len(told), 40)])
        flow.begin("20240103")
        self.assertTrue(flow.is_whole)
        self.assertEqual(list(flow.events), [])

    def test_no_push_waits_for_much_to_be_looked_through(self) -> None:
        looked: list[object] = []
        look_through = DayFlow._look_through

        def looking(flow: DayFlow, event: Any) -> None:
            looked.append(event)
            look_through(flow, event)

        self.patch(DayFlow, "_look_through", looking)
        flow = DayFlow(len(self.trade(1)[1] or b"") * 100)
        flow.begin("20240102")
        for number in range(150):
            before = len(looked)
            flow.add(self.trade(number))
            self.assertLessEqual(len(looked) - before, 8)
        self.assertGreater(len(looked), 50)


class BoundDayTests(DayTest):
    """The same on the wire."""

    def test_a_client_is_told_that_the_day_has_a_gap(self) -> None:
        self.begin(linger=60)
        first = self.client()
        self.assertNotIn("DayGap", answer(self.come(first))["Session"])
        (shared,) = self.desk.registry
        shared.day = DayFlow(4_000)
        shared.day.begin("20240102")
        self.traded(*range(20))
        first.drop()
        told = self.come(self.client())
        self.assertIs(answer(told)["Session"]["DayGap"], True)
        self.assertEqual(replays(told)[-1], "19")
